"""Axes: values between two ends, and round ticks that are few and fit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.report.axes import MOST_TICKS, AxisSpan, written
from llmcost.report.report import Kind


def ticks(low: float, high: float, kind: Kind = Kind.NUMBER, most: int = MOST_TICKS, *, log: bool = False) -> list[str]:
    return [written(x, kind) for x in AxisSpan(low, high, log).ticks(kind, most)]


@pytest.mark.parametrize(
    ("low", "high", "kind", "found"),
    [
        (30, 92, Kind.NUMBER, ["30", "40", "50", "60", "70", "80", "90"]),
        (0, 9750, Kind.USD, ["$0", "$2,000", "$4,000", "$6,000", "$8,000"]),
        (-0.5, 0.5, Kind.NUMBER, ["-0.4", "-0.2", "0", "0.2", "0.4"]),
        (0, 1, Kind.COUNT, ["0", "1"]),
        (0, 100, Kind.PERCENT, ["0%", "20%", "40%", "60%", "80%", "100%"]),
        (1200, 1550, Kind.NUMBER, ["1,200", "1,250", "1,300", "1,350", "1,400", "1,450", "1,500", "1,550"]),
    ],
)
def test_ticks_are_round(low: float, high: float, kind: Kind, found: list[str]) -> None:
    assert ticks(low, high, kind) == found


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (1, 3, ["$10", "$20", "$50", "$100", "$200", "$500", "$1,000"]),
        (0, 3.5, ["$1", "$3", "$10", "$30", "$100", "$300", "$1,000", "$3,000"]),
        (-3, 3.5, ["$0.001", "$0.01", "$0.10", "$1", "$10", "$100", "$1,000"]),
        (2.05, 2.3, ["$120", "$130", "$140", "$150", "$160", "$170", "$180", "$190"]),
    ],
)
def test_logarithmic_ticks_are_powers_of_ten_and_what_is_between(low: float, high: float, found: list[str]) -> None:
    assert ticks(low, high, Kind.USD, log=True) == found


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2026-11-27", "2026-11-29", ["2026-11-27", "2026-11-28", "2026-11-29"]),
        ("2026-11-01", "2026-11-20", ["2026-11-01", "2026-11-08", "2026-11-15"]),
        ("2026-11-27", "2027-06-20", ["2026-12-01", *(f"2027-0{n}-01" for n in range(1, 7))]),
        ("2020-01-15", "2030-06-20", ["2022-01-01", "2024-01-01", "2026-01-01", "2028-01-01", "2030-01-01"]),
    ],
)
def test_many_days_have_the_firsts_of_months(first: str, last: str, found: list[str]) -> None:
    low, high = (date.fromisoformat(x).toordinal() for x in (first, last))

    assert ticks(low, high, Kind.DATE) == found


def test_centuries_have_their_ends() -> None:
    assert ticks(1, date.max.toordinal(), Kind.DATE) == ["0001-01-01", "9999-12-31"]


VALUES = st.decimals(
    allow_nan=False, allow_infinity=False, places=None, min_value=Decimal("-1e60"), max_value=Decimal("1e60")
)


@settings(max_examples=60, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=6), st.booleans(), st.booleans())
def test_every_value_has_a_place_and_ticks_are_few_and_within(values: list[Decimal], log: bool, zero: bool) -> None:
    span = AxisSpan.of(values, log=log, zero=zero and not log, pad=0.05)

    assert span.low < span.high
    assert all(0 <= span.share(x) <= 1 for x in values)
    found = span.ticks(Kind.NUMBER)
    assert len(found) <= MOST_TICKS
    assert found == sorted(found)
    assert all(0 <= span.share(x) <= 1 for x in found)


def test_where_there_is_little_room_ticks_are_fewer() -> None:
    span = AxisSpan(0, 10000)

    assert [len(span.fitting(Kind.USD, room, len, 1)) for room in (20, 30, 60)] == [3, 3, 6]
