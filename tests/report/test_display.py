"""Cells as people and as machines read them; the digits of numbers are in the tests of pricing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from llmcost.report import display
from llmcost.report.report import Cell, Kind


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Kind.USD, "0.9999994", "$0.999999"),
        (Kind.RATE, "1.005", "$1.005"),
        (Kind.COUNT, "1.994", "1.99"),
        (Kind.PERCENT, "94", "94.0%"),
        (Kind.RATIO, "0.0612", "0.061"),
        # A rise has a sign, and what is shown as nothing has none.
        (Kind.USD_CHANGE, "9165", "+$9,165.00"),
        (Kind.USD_CHANGE, "-12.09", "-$12.09"),
        (Kind.USD_CHANGE, "0", "$0.00"),
        (Kind.PERCENT_CHANGE, "34", "+34.0%"),
        (Kind.PERCENT_CHANGE, "-4.8", "-4.8%"),
        (Kind.PERCENT_CHANGE, "0.04", "0.0%"),
    ],
)
def test_a_number_is_shown_by_its_kind(kind: Kind, value: str, shown: str) -> None:
    assert display.cell(Decimal(value), kind) == shown


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_unknown_is_a_dash_and_never_0(kind: Kind) -> None:
    assert display.cell(None, kind) == "-"


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (True, Kind.TEXT, "yes"),
        (False, Kind.TEXT, "no"),
        (True, Kind.COUNT, "yes"),
        (date(2027, 1, 14), Kind.DATE, "2027-01-14"),
        ("openai/gpt-4o", Kind.TEXT, "openai/gpt-4o"),
        ("", Kind.USD, ""),
        (Decimal("88.70"), Kind.NUMBER, "88.7"),
        (1300, Kind.NUMBER, "1300"),
        (Decimal("1E+3"), Kind.TEXT, "1000"),
        (1_000_000, Kind.COUNT, "1,000,000"),
    ],
)
def test_a_cell_is_shown_by_its_kind(value: Cell, kind: Kind, shown: str) -> None:
    assert display.cell(value, kind) == shown


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (-7, "-7"),
        (Decimal("1.50"), "1.5"),
        (10**15, "1000000000000000"),
        (date(2027, 1, 14), "2027-01-14"),
        ("text, as it is", "text, as it is"),
        ("", ""),
    ],
)
def test_a_raw_value_is_for_machines(value: Cell, written: str) -> None:
    assert display.raw(value) == written
