"""Scores on a scale of their own become shares."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.errors import FileError
from llmcost.evals.graded import rescaled
from llmcost.evals.outcomes import Outcomes, Side


def test_the_ends_of_a_scale_are_0_and_1() -> None:
    found = rescaled(Outcomes(items=["a", "b"], weak=Side(values=[1.0, 5.5]), strong=Side(values=[10.0, 10.0])), 1, 10)

    assert (found.weak.values, found.strong.values, found.items) == ([0.0, 0.5], [1.0, 1.0], ["a", "b"])


def test_shares_stay_as_they_are() -> None:
    outcomes = Outcomes(items=["a", "b"], weak=Side(values=[0.0, 0.3]), strong=Side(values=[1.0, 1.0]))

    assert rescaled(outcomes) is outcomes


def test_scores_outside_are_counted_and_named() -> None:
    outcomes = Outcomes(
        items=[f"q{n}" for n in range(12)], weak=Side(values=[0.5] * 12), strong=Side(values=[7.0] * 12)
    )

    with pytest.raises(FileError) as raised:
        rescaled(outcomes)

    assert raised.value.message == "12 scores are not from 0 to 1"
    assert raised.value.hints[0] == "item q0: strong is 7"
    assert raised.value.hints[10:] == ("and 2 more", "--score-range 1..10 rescales scores from 1 to 10 to 0 to 1")


def test_scores_outside_are_left_out_and_counted_where_bad_ones_may_be() -> None:
    given = Outcomes(
        items=["a", "b", "c"],
        weak=Side(values=[0.5, 2, 1], cost=[Decimal(1), None, None]),
        strong=Side(values=[1, 1, -1]),
    )
    found = rescaled(given, skip_bad=True)
    assert (found.items, found.weak.values, found.strong.values, found.weak.cost) == (["a"], [0.5], [1], [Decimal(1)])
    assert found.left_out == 2
    assert [x.text for x in found.notes] == ["2 items left out: score not from 0 to 1"]


def test_no_items_are_none_outside() -> None:
    none = Outcomes(items=[], weak=Side(values=[]), strong=Side(values=[]))

    assert rescaled(none, skip_bad=True) == none


def test_of_one_it_says_item_and_of_all_it_is_an_error() -> None:
    one = rescaled(Outcomes(items=["a", "b"], weak=Side(values=[0, 2]), strong=Side(values=[1, 1])), skip_bad=True)
    assert [x.text for x in one.notes] == ["1 item left out: score not from 0 to 1"]
    with pytest.raises(FileError, match="1 score is not from 0 to 1"):
        rescaled(Outcomes(items=["a"], weak=Side(values=[3]), strong=Side(values=[1])), skip_bad=True)
