"""What a cell means: a score, a number of tokens, an amount, a name; and what means nothing is a fault of its row."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest

from llmcost.evals.readers.values import amounts, counts, names, scores, shown, written

HUGE = 10**400


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["0", "1", "1"], [0.0, 1.0, 1.0]),
        ([0, 1, True, False, 1.0], [0.0, 1.0, 1.0, 0.0, 1.0]),
        (
            ["true", "FALSE", "Pass", "fail", "correct", "incorrect", "C", "I", "yes", "No"],
            [1, 0, 1, 0, 1, 0, 1, 0, 1, 0],
        ),
        ([" pAsS ", "passed", "failed"], [1.0, 1.0, 0.0]),
        (["0.25", "-3", "1e2", " 7 "], [0.25, -3.0, 100.0, 7.0]),
        (["yes", "0.5", 2, 0.75], [1.0, 0.5, 2.0, 0.75]),
    ],
)
def test_right_wrong_and_finite_numbers_are_scores(cells: list[Any], found: list[float]) -> None:
    assert scores(cells) == (found, {})


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("", "empty"),
        (None, "empty"),
        ("n/a", '"n/a"'),
        ("nan", '"nan"'),
        ("inf", '"inf"'),
        ("-Infinity", '"-Infinity"'),
        (math.nan, '"nan"'),
        (math.inf, '"inf"'),
        ("1_0", '"1_0"'),
        ("85%", '"85%"'),
        ([1], '"[1]"'),
        ({"a": 1}, '"{"a": 1}"'),
        (HUGE, f'"1{"0" * 56}..."'),
    ],
)
def test_anything_else_is_a_fault_of_its_row(cell: Any, said: str) -> None:
    for others in (["1", "0"], ["0.5", "0.25"], [0.5, 0.25]):
        found, faults = scores([others[0], cell, others[1]])
        assert faults == {1: f"is {said}, not a score (right or wrong, or a finite number)"}
        assert [found[0], found[2]] == [float(other) for other in others]


def test_counts_are_whole_or_averages_and_may_be_empty() -> None:
    assert counts(["1", "20"]) == ([1, 20], {})
    assert counts(["1", "", "2.5", "3.0"]) == ([1, None, Decimal("2.5"), 3], {})
    assert counts([1, None, 2.5]) == ([1, None, Decimal("2.5")], {})


@pytest.mark.parametrize("cell", ["-1", "x", "nan", "inf", "1e16", True, [1], HUGE, "9" * 20, "1e-50"])
def test_what_is_no_number_of_tokens_is_a_fault(cell: Any) -> None:
    found, faults = counts(["1", cell])
    assert (found, list(faults)) == ([1, None], [1])
    assert faults[1].endswith(", not a number of tokens")


def test_amounts_are_exact() -> None:
    assert amounts(["0.1", "0", "1e-7"]) == ([Decimal("0.1"), Decimal(0), Decimal("1e-7")], {})
    assert amounts([0.1, 3, None, " "]) == ([Decimal("0.1"), Decimal(3), None, None], {})


@pytest.mark.parametrize("cell", ["-1", "$1", "nan", "inf", "sNaN", "1e16", "1e-99", "1e999999999"])
def test_what_is_no_amount_is_a_fault(cell: str) -> None:
    found, faults = amounts(["1", cell])
    assert (found, faults) == ([Decimal(1), None], {1: f'is "{cell}", not an amount in USD'})


def test_names_are_texts_and_numbers() -> None:
    assert names(["a", "b"]) == (["a", "b"], {})
    assert names([1, "b", 2.5]) == (["1", "b", "2.5"], {})
    found, faults = names(["a", "", " ", None, True, [1]])
    assert found[0] == "a"
    assert sorted(faults) == [1, 2, 3, 4, 5]
    assert faults[4] == 'is "true", not a name'


def test_a_cell_is_written_as_in_a_file() -> None:
    assert [written(cell) for cell in (None, True, False, 1, 1.5, "x", [None, 0.5])] == [
        "",
        "true",
        "false",
        "1",
        "1.5",
        "x",
        "[null, 0.5]",
    ]
    assert shown("x" * 100) == f'"{"x" * 57}..."'
