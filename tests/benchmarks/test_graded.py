"""Scores on a scale of their own become shares."""

from __future__ import annotations

import pytest

from llmcost.benchmarks.graded import rescaled
from llmcost.benchmarks.outcomes import Outcomes
from llmcost.errors import FileError


def test_the_ends_of_a_scale_are_0_and_1() -> None:
    found = rescaled(Outcomes(items=["a", "b"], weak=[1.0, 5.5], strong=[10.0, 10.0]), 1, 10)

    assert (found.weak, found.strong, found.items) == ([0.0, 0.5], [1.0, 1.0], ["a", "b"])


def test_shares_stay_as_they_are() -> None:
    outcomes = Outcomes(items=["a", "b"], weak=[0.0, 0.3], strong=[1.0, 1.0])

    assert rescaled(outcomes) is outcomes


def test_scores_outside_are_counted_and_named() -> None:
    outcomes = Outcomes(items=[f"q{n}" for n in range(12)], weak=[0.5] * 12, strong=[7.0] * 12)

    with pytest.raises(FileError) as raised:
        rescaled(outcomes)

    assert raised.value.message == "12 scores are not from 0 to 1"
    assert raised.value.hints[0] == "item q0: strong is 7"
    assert raised.value.hints[10:] == ("and 2 more", "--score-range 1..10 takes scores from 1 to 10 as 0 to 1")
