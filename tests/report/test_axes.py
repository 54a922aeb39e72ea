"""Axes: values between two ends, and round ticks that are few and fit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

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


@pytest.mark.parametrize(
    ("days", "many", "second"),
    [
        (7, 8, "2001-01-02"),
        (8, 5, "2001-01-03"),
        (15, 8, "2001-01-03"),
        (16, 3, "2001-01-08"),
        (56, 5, "2001-01-15"),
        (112, 4, "2001-02-01"),
        (300, 5, "2001-03-01"),
        (500, 6, "2001-04-01"),
        (1_400, 8, "2001-07-01"),
        (2_900, 8, "2002-01-01"),
        (5_800, 8, "2004-01-01"),
        (14_000, 7, "2010-01-01"),
        (29_500, 8, "2020-01-01"),
    ],
)
def test_the_steps_between_days_are_those_of_a_calendar(days: int, many: int, second: str) -> None:
    start = date(2001, 1, 1).toordinal()
    found = ticks(start, start + days, Kind.DATE)

    assert (len(found), found[1]) == (many, second)


@pytest.mark.parametrize(
    ("values", "terms", "span"),
    [
        ((1, 3), {}, (1, 3)),
        ((1, 3), {"pad": 0.5}, (0, 4)),
        ((5, 5), {}, (4.5, 5.5)),
        ((0, 0), {}, (-1, 1)),
        ((), {}, (-1, 1)),
        ((-10, 0, 1000), {"log": True}, (2.5, 3.5)),
        ((10, 1000), {"log": True, "pad": 0.5}, (0, 4)),
        ((2, 4), {"zero": True, "pad": 0.5}, (0, 6)),
        ((-4, 4), {"zero": True, "pad": 0.5}, (-8, 8)),
        ((-4, -2), {"zero": True}, (-4, 1)),
        ((0,), {"zero": True}, (0, 1)),
    ],
)
def test_a_span_has_all_values_and_room_at_its_ends(
    values: tuple[int, ...], terms: dict[str, Any], span: tuple[float, float]
) -> None:
    found = AxisSpan.of(map(Decimal, values), **terms)

    assert (found.low, found.high) == pytest.approx(span)


def test_a_value_beyond_an_end_is_at_it_and_not_held() -> None:
    span = AxisSpan(1, 3)
    log = AxisSpan(0, 2, log=True)

    assert [(span.share(x), span.holds(x)) for x in map(Decimal, (0, 1, 2, 3, 4))] == [
        (0, False),
        (0, True),
        (0.5, True),
        (1, True),
        (1, False),
    ]
    assert [(log.share(x), log.holds(x)) for x in map(Decimal, (0, 1, 10))] == [(0, False), (0, True), (0.5, True)]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (1000, Kind.NUMBER, "1,000"),
        (-1000, Kind.NUMBER, "-1,000"),
        (999, Kind.NUMBER, "999"),
        (1000, Kind.COUNT, "1,000"),
        (1000, Kind.PERCENT, "1000%"),
        (-5, Kind.USD_CHANGE, "-$5"),
    ],
)
def test_a_tick_says_its_value_by_its_kind(value: int, kind: Kind, text: str) -> None:
    assert written(Decimal(value), kind) == text


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


@pytest.mark.parametrize(
    ("high", "step"), [(7, 1), (8, 2), (15, 2), (23, 3), (39, 5), (79, 10), (159, 20), (399, 50), (799, 100)]
)
def test_of_many_powers_of_ten_every_so_many_is_a_tick(high: int, step: int) -> None:
    found = [x.adjusted() for x in AxisSpan(0, high, log=True).ticks(Kind.NUMBER)]

    assert found == list(range(0, high + 1, step))
    assert len(AxisSpan(0, high, log=True).ticks(Kind.NUMBER, 2)) <= 2
