"""A workload refuses what cannot be, and says how many requests of how many tokens it is."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from typing import Any

import pytest

from llmcost.errors import InvalidUsageError
from llmcost.pricing.exact import EXACT
from llmcost.workload.lengths import Times
from llmcost.workload.model import Bound, Range, Workload


def workload(**terms: Any) -> Workload:
    """Return a small workload with these terms."""
    return Workload(**{"requests": 1, "input_tokens": 100, "output_tokens": 10, **terms})


def test_the_fees_are_those_it_was_made_with() -> None:
    fees = {"web_search": 1}
    made = workload(fees=fees)
    fees["web_search"] = 2
    assert hash(made) == hash(workload())
    assert made.fees == {"web_search": 1}
    with pytest.raises(TypeError, match="this value is frozen"):
        made.fees["web_search"] = 2  # type: ignore[index]


@pytest.mark.parametrize("terms", [{}, {"requests_per_day": 1, "requests": 1}])
def test_requests_are_given_a_day_or_in_all_and_not_both(terms: dict[str, int]) -> None:
    with pytest.raises(InvalidUsageError, match="a workload has either requests_per_day or requests"):
        Workload(input_tokens=1, output_tokens=1, **terms)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["requests", "requests_per_day", "input_tokens", "output_tokens", "reasoning_tokens"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-1, "must be a finite number of at least 0, not -1"),
        (Decimal("-0.5"), "must be a finite number of at least 0, not -0.5"),
        (Decimal("NaN"), "must be a finite number of at least 0, not NaN"),
        (Decimal("Infinity"), "must be a finite number of at least 0, not Infinity"),
        (1.5, "must be an int or a Decimal, not float"),
        ("1", "must be an int or a Decimal, not str"),
        (True, "must be an int or a Decimal, not bool"),
        (Range(Decimal(-1), Decimal(1)), "must be a finite number of at least 0, not -1"),
        (Range(Decimal(1), Decimal("Infinity")), "must be a finite number of at least 0, not Infinity"),
    ],
)
def test_a_quantity_is_a_finite_exact_number_of_at_least_0(name: str, value: object, message: str) -> None:
    with pytest.raises(InvalidUsageError) as caught:
        workload(**{"requests": None if name == "requests_per_day" else 1, name: value})
    assert caught.value.message == f"{name} {message}"


@pytest.mark.parametrize("name", ["cached", "cache_write", "batch_share", "peak_share"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        (Decimal("1.0001"), "must be from 0 to 1, not 1.0001"),
        (2, "must be from 0 to 1, not 2"),
        (Decimal("-0.1"), "must be from 0 to 1, not -0.1"),
        (Decimal("NaN"), "must be a finite number of at least 0, not NaN"),
        (float("nan"), "must be a finite number of at least 0, not NaN"),
        (1.01, "must be from 0 to 1, not 1.01"),
        ("60%", "must be an int or a Decimal, not str"),
    ],
)
def test_a_share_is_from_0_to_1(name: str, value: object, message: str) -> None:
    with pytest.raises(InvalidUsageError) as caught:
        workload(**{"requests": None if name == "requests_per_day" else 1, name: value})
    assert caught.value.message == f"{name} {message}"


@pytest.mark.parametrize("name", ["cached", "cache_write", "batch_share", "peak_share"])
@pytest.mark.parametrize("value", [0, 1, Decimal(0), Decimal("0.5"), 0.5, 1.0, Decimal("1.0")])
def test_the_ends_of_a_share_are_in_it(name: str, value: object) -> None:
    assert getattr(workload(**{name: value}), name) == value


def test_a_float_counts_as_it_is_written() -> None:
    """0.6 is six tenths, not the binary fraction next to it; so it is for `mix` and `forecast`."""
    assert workload(cached=0.6) == workload(cached=Decimal("0.6"))
    assert workload(cached=0.1).usage().cache_read_tokens == workload().usage().input_tokens / 10


def test_a_moment_means_its_day_in_utc() -> None:
    """A datetime is a date for Python, and compares with none."""
    late = datetime(2026, 11, 22, 23, 30, tzinfo=timezone(timedelta(hours=-1)))
    assert workload(at=late).at == date(2026, 11, 23)
    assert type(workload(at=late).at) is date
    with pytest.raises(InvalidUsageError, match="needs a time zone"):
        workload(at=datetime(2026, 11, 22))  # noqa: DTZ001 - that is the fault


def test_no_more_than_the_whole_input_is_cached() -> None:
    assert workload(cached=Decimal("0.6"), cache_write=Decimal("0.4")).usage().cache_write_tokens == 40
    with pytest.raises(InvalidUsageError) as caught:
        workload(cached=Decimal("0.6"), cache_write=Decimal("0.41"))
    assert caught.value.message == "101% of the input is read from or written to the cache, more than 100%"


def test_what_is_just_above_the_whole_input_is_not_called_100_percent() -> None:
    with pytest.raises(InvalidUsageError, match="more than 100%") as caught:
        workload(cached=Decimal("0.6"), cache_write=Decimal("0.404"))
    assert not caught.value.message.startswith("100% ")


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (0, "days must be more than 0"),
        (Decimal("0.0"), "days must be more than 0"),
        (-1, "days must be a finite number of at least 0, not -1"),
        (Decimal("NaN"), "days must be a finite number of at least 0, not NaN"),
        (30.0, "days must be an int or a Decimal, not float"),
    ],
)
def test_days_are_more_than_0(days: object, message: str) -> None:
    with pytest.raises(InvalidUsageError) as caught:
        workload(days=days)
    assert caught.value.message == message


def test_a_batch_share_of_the_batch_tier_is_refused() -> None:
    with pytest.raises(InvalidUsageError, match="a batch share needs another tier than batch for the other requests"):
        workload(batch_share=Decimal("0.4"), tier="batch")


@pytest.mark.parametrize(("share", "tier"), [(0, "batch"), (Decimal("0.4"), "priority"), (Decimal("0.4"), None)])
def test_a_batch_share_divides_any_other_tier(share: Decimal, tier: str | None) -> None:
    assert workload(batch_share=share, tier=tier).tier == tier


class TestRange:
    def test_does_not_go_down(self) -> None:
        with pytest.raises(InvalidUsageError, match=re.escape("a range goes from low to high, not 600..300")):
            Range(Decimal(600), Decimal(300))

    def test_of_one_value_is_that_value_at_every_end(self) -> None:
        one = Range(Decimal(5), Decimal(5))
        assert [one.at(end) for end in Bound] == [5, 5, 5]

    def test_is_expected_in_the_middle(self) -> None:
        found = Range(Decimal(300), Decimal(601))
        assert {end: found.at(end) for end in Bound} == {
            Bound.LOW: Decimal(300),
            Bound.EXPECTED: Decimal("450.5"),
            Bound.HIGH: Decimal(601),
        }

    @pytest.mark.parametrize("bounds", [("NaN", "1"), ("1", "NaN"), ("sNaN", "1")])
    def test_of_no_number_is_an_error_of_the_user(self, bounds: tuple[str, str]) -> None:
        with pytest.raises(InvalidUsageError):
            workload(input_tokens=Range(Decimal(bounds[0]), Decimal(bounds[1])))

    def test_of_ints_stays_exact(self) -> None:
        """`Quantity` takes ints everywhere else; a float in the middle would be refused by `Usage`."""
        usage = workload(input_tokens=Range(1, 2)).usage()  # type: ignore[arg-type, unused-ignore]
        assert usage.input_tokens == Decimal("1.5")

    def test_keeps_all_digits_in_the_middle(self) -> None:
        assert Range(Decimal(10**30), Decimal(10**30 + 2)).at(Bound.EXPECTED) == Decimal(10**30 + 1)


@pytest.mark.parametrize(
    ("terms", "ranged"),
    [
        ({}, False),
        ({"requests": Range(Decimal(1), Decimal(2))}, True),
        ({"requests": None, "requests_per_day": Range(Decimal(1), Decimal(2))}, True),
        ({"input_tokens": Range(Decimal(1), Decimal(2))}, True),
        ({"output_tokens": Range(Decimal(1), Decimal(2))}, True),
        ({"reasoning_tokens": Range(Decimal(1), Decimal(2))}, True),
    ],
)
def test_a_workload_is_ranged_when_any_quantity_is(terms: dict[str, object], ranged: bool) -> None:
    assert workload(**terms).ranged is ranged


@pytest.mark.parametrize(
    ("terms", "totals", "daily"),
    [
        ({"requests": 900}, (900, 900, 900), (30, 30, 30)),
        ({"requests": 900, "days": 9}, (900, 900, 900), (100, 100, 100)),
        ({"requests": None, "requests_per_day": 100}, (3000, 3000, 3000), (100, 100, 100)),
        ({"requests": None, "requests_per_day": 100, "days": Decimal("0.5")}, (50, 50, 50), (100, 100, 100)),
        (
            {"requests": None, "requests_per_day": Range(Decimal(10), Decimal(20)), "days": 7},
            (70, 105, 140),
            (10, 15, 20),
        ),
        ({"requests": Range(Decimal(30), Decimal(90))}, (30, 60, 90), (1, 2, 3)),
        ({"requests": 0}, (0, 0, 0), (0, 0, 0)),
    ],
)
def test_requests_in_all_and_of_a_day(
    terms: dict[str, object], totals: tuple[int, ...], daily: tuple[int, ...]
) -> None:
    found = workload(**terms)
    assert tuple(found.total_requests(end) for end in (Bound.LOW, Bound.EXPECTED, Bound.HIGH)) == totals
    assert tuple(found.daily_requests(end) for end in (Bound.LOW, Bound.EXPECTED, Bound.HIGH)) == daily


def test_shares_of_the_cache_are_of_the_input() -> None:
    usage = workload(input_tokens=1000, cached=Decimal("0.6"), cache_write=Decimal("0.25")).usage()
    assert (usage.input_tokens, usage.cache_read_tokens, usage.cache_write_tokens) == (1000, 600, 250)


def test_reasoning_comes_on_top_of_the_output() -> None:
    usage = workload(output_tokens=200, reasoning_tokens=300).usage()
    assert (usage.output_tokens, usage.reasoning_tokens) == (500, 300)
    usage = workload(output_tokens=200, reasoning_tokens=Times(Decimal(3))).usage()
    assert (usage.output_tokens, usage.reasoning_tokens) == (800, 600)


def test_usage_follows_the_ends_of_every_range() -> None:
    found = workload(
        input_tokens=Range(Decimal(100), Decimal(300)),
        output_tokens=Range(Decimal(10), Decimal(20)),
        reasoning_tokens=Range(Decimal(0), Decimal(8)),
        cached=Decimal("0.5"),
    )
    usages = [found.usage(end) for end in (Bound.LOW, Bound.EXPECTED, Bound.HIGH)]
    assert [x.input_tokens for x in usages] == [100, 200, 300]
    assert [x.cache_read_tokens for x in usages] == [50, 100, 150]
    assert [x.output_tokens for x in usages] == [10, 19, 28]
    assert [x.reasoning_tokens for x in usages] == [0, 4, 8]


@pytest.mark.parametrize(
    ("turn", "ends"),
    [(1, [(11, 15), (23, 27), (23, 27)]), (None, [(23, 15), (47, 27), (47, 27)])],
)
def test_the_longest_request_is_that_of_the_last_turn_and_of_the_high_ends(
    turn: int | None, ends: list[tuple[int, int]]
) -> None:
    """Of three turns the last sends two answers and three inputs; what is expected has the longest of all, too."""
    found = workload(
        turns=3,
        prefix_tokens=Range(Decimal(10), Decimal(20)),
        input_tokens=Range(Decimal(1), Decimal(3)),
        output_tokens=Range(Decimal(5), Decimal(9)),
        reasoning_tokens=Times(Decimal(2)),
    )
    lengths: list[Any] = [found.longest(end, turn=turn) for end in (Bound.LOW, Bound.EXPECTED, Bound.HIGH)]
    assert lengths == ends


@pytest.mark.parametrize(
    ("terms", "talks"),
    [
        ({}, False),
        ({"turns": 2}, True),
        ({"prefix_tokens": 1}, True),
        ({"caching": "auto"}, True),
        ({"caching": "off"}, False),
    ],
)
def test_a_workload_talks_where_requests_share_what_they_send(terms: dict[str, Any], talks: bool) -> None:
    assert workload(**terms).talks is talks


def test_the_largest_counts_are_not_rounded() -> None:
    found = Workload(requests_per_day=10**15 - 1, input_tokens=10**15 - 1, output_tokens=0, days=10**15 - 1)
    assert found.total_requests() == (10**15 - 1) ** 2


def test_a_share_that_does_not_end_is_exact_to_its_last_digits() -> None:
    with localcontext(EXACT):
        share, third = Decimal(1) / 48, Decimal(1) / 3
        usage = workload(input_tokens=16, cache_write_1h=share).usage()

        assert abs(usage.cache_write_1h_tokens - third) < Decimal("1e-55")
        assert usage.cache_write_tokens <= usage.input_tokens
