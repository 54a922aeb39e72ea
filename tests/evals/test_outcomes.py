"""The results of two models are paired item by item, and what does not pair is counted and named."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.errors import FileError
from llmcost.evals.outcomes import Outcomes, Side, first_lines, missing_notes, refuse_duplicates


def test_the_first_ten_are_named_and_the_others_counted() -> None:
    assert first_lines([str(n) for n in range(10)]) == [str(n) for n in range(10)]
    assert first_lines([str(n) for n in range(1500)]) == [*(str(n) for n in range(10)), "and 1,490 more"]


def test_every_id_that_stands_twice_is_named_with_its_places() -> None:
    with pytest.raises(FileError) as raised:
        refuse_duplicates("f", ["a", "b", "a", "b", "c"], ["line 2", "line 3", "line 4", "line 5", "line 6"])
    assert raised.value.message == "f: 2 item ids stand more than once"
    assert raised.value.hints == ("item a: line 2, line 4", "item b: line 3, line 5")

    with pytest.raises(FileError, match="1 item id stands more than once"):
        refuse_duplicates("f", ["a", "a"], ["1", "2"])
    refuse_duplicates("f", ["a", "b"], ["1", "2"])


def test_a_full_column_is_not_told_of() -> None:
    assert (
        missing_notes(Outcomes(items=["a"], weak=Side(values=[1.0], cost=[Decimal(0)]), strong=Side(values=[1.0])))
        == []
    )
