"""The results of two models are paired item by item, and what does not pair is counted and named."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.errors import FileError
from llmcost.evals.outcomes import Outcomes, Side, first_lines, outcome_notes, refuse_duplicates


def test_the_first_ten_are_named_and_the_others_counted() -> None:
    assert first_lines([str(n) for n in range(10)]) == [str(n) for n in range(10)]
    assert first_lines([str(n) for n in range(1500)]) == [*(str(n) for n in range(10)), "and 1,490 more"]


def test_every_id_that_stands_twice_is_named_with_its_places() -> None:
    with pytest.raises(FileError) as raised:
        refuse_duplicates("f", ["a", "b", "a", "b", "c"], ["line 2", "line 3", "line 4", "line 5", "line 6"])
    assert raised.value.message == "f: 2 item ids appear more than once"
    assert raised.value.hints == ("item a: line 2, line 4", "item b: line 3, line 5")

    with pytest.raises(FileError, match="1 item id appears more than once"):
        refuse_duplicates("f", ["a", "a"], ["1", "2"])
    refuse_duplicates("f", ["a", "b"], ["1", "2"])


def test_a_full_column_is_not_told_of() -> None:
    assert (
        outcome_notes(Outcomes(items=["a"], weak=Side(values=[1.0], cost=[Decimal(0)]), strong=Side(values=[1.0])))
        == []
    )


@pytest.mark.parametrize(("strong", "told"), [([1.0, 0.0, 0.5], True), ([1.0, 0.0, 1.0], False)])
def test_results_that_are_the_same_on_every_item_are_doubted(strong: list[float], told: bool) -> None:
    """One model twice is always safe: a copy of a file, or two columns with one model's answers."""
    outcomes = Outcomes(items=["a", "b", "c"], weak=Side(values=[1.0, 0.0, 0.5]), strong=Side(values=strong))

    notes = [note.text for note in outcome_notes(outcomes)]

    said = "both models have the same score on all 3 items: are these the results of two models?"
    assert notes == ([said] if told else [])
