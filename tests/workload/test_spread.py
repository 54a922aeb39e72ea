"""Conversations of many lengths: the whole is the sum of the conversations, each priced alone."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

import pytest

from llmcost.errors import InvalidUsageError
from llmcost.pricing.catalog import Catalog
from llmcost.workload.estimate import estimate
from llmcost.workload.lengths import Length, Lengths, Quantity, Range, paired
from llmcost.workload.model import Bound, Workload

HALF = Decimal("0.5")


def job(rpd: int, **terms: Any) -> Workload:
    return Workload(**{"requests_per_day": rpd, "input_tokens": 200, "output_tokens": 10, **terms})


def spread(low: int, high: int) -> Range:
    return Range(Decimal(low), Decimal(high))


def halves(one: int, two: int) -> Lengths:
    return Lengths.of({one: HALF, two: HALF})


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("model", "name", "ends", "terms"),
    [
        ("grok-4.7", "input_tokens", (100, 40_000), {"turns": 8, "output_tokens": 2000}),
        ("grok-4.7", "output_tokens", (100, 40_000), {"turns": 8}),
        ("grok-4.7", "output_tokens", (100, 400_000), {"turns": 2}),
        ("grok-4.7", "prefix_tokens", (100, 210_000), {}),
        ("gpt-4o", "input_tokens", (1474, 1583), {"turns": 2, "output_tokens": 500, "caching": "auto"}),
        ("gpt-4o", "output_tokens", (300, 900), {"turns": 4, "caching": "auto"}),
        ("claude-haiku-4-5", "output_tokens", (300, 900), {"turns": 8, "prefix_tokens": 500, "caching": "auto"}),
        ("claude-sonnet-5-5", "input_tokens", (60, 900), {"turns": 3, "prefix_tokens": 500, "caching": "auto"}),
    ],
)
def test_the_whole_is_the_sum_of_the_conversations(
    shipped: Catalog, model: str, name: str, ends: tuple[int, int], terms: dict[str, Any]
) -> None:
    """Of two lengths to the last digit; of a range as near as a hundred lengths of it come."""
    low, high = ends

    def alone(length: Decimal) -> Decimal:
        return estimate(shipped, model, job(800, **{**terms, name: length})).monthly_usd

    if name != "prefix_tokens":
        both = estimate(shipped, model, job(800, **{**terms, name: halves(low, high)}))
        assert both.monthly_usd == (alone(Decimal(low)) + alone(Decimal(high))) / 2
    ranged = estimate(shipped, model, job(800, **{**terms, name: spread(low, high)}))
    points = [alone(low + (high - low) * (n + HALF) / 100) for n in range(100)]
    assert ranged.monthly_usd == pytest.approx(sum(points) / 100, rel=Decimal("0.005"))
    assert ranged.monthly_at(Bound.LOW) <= min(points)
    assert ranged.monthly_at(Bound.HIGH) >= max(points)


def test_lengths_by_hand(shipped: Catalog) -> None:
    """$30,817.50 for 1,474 tokens, $31,803.75 for 1,583: 1,528.5 on average is of another step of the cache."""
    terms: dict[str, Any] = {"turns": 2, "output_tokens": 500, "caching": "auto"}
    found = estimate(shipped, "gpt-4o", job(100_000, input_tokens=halves(1474, 1583), **terms))
    assert found.monthly_usd == Decimal("31310.625")


def test_the_bills_of_a_range_are_in_order_though_a_cache_makes_long_prompts_cheaper(shipped: Catalog) -> None:
    """A prefix of 511 tokens is not cached: it is dearer than 600, and than 400."""
    auto: dict[str, Any] = {"caching": "auto", "input_tokens": 10}
    found = estimate(shipped, "claude-sonnet-5-5", job(100_000, prefix_tokens=spread(400, 600), **auto))
    at = {
        n: estimate(shipped, "claude-sonnet-5-5", job(100_000, prefix_tokens=n, **auto)).monthly_usd for n in (511, 512)
    }
    assert at[512] < found.monthly_usd < at[511]
    assert [found.monthly_at(Bound.LOW), found.monthly_at(Bound.HIGH)] == [at[512], at[511]]
    assert [found.bills[x].total.usd for x in Bound] == [found.monthly_at(x) for x in Bound]


@pytest.mark.untraced
def test_ranges_are_spread_together_and_beside_lengths(shipped: Catalog) -> None:
    terms: dict[str, Any] = {"turns": 3, "prefix_tokens": spread(100, 1900), "output_tokens": spread(10, 910)}
    both = job(300, input_tokens=halves(500, 900), caching="auto", **terms)
    ends = [
        estimate(
            shipped,
            "gpt-5.6-luna",
            job(300, input_tokens=own, caching="auto", turns=3, prefix_tokens=100 + 2 * x, output_tokens=10 + x),
        ).monthly_usd
        for own in (500, 900)
        for x in range(2, 900, 5)
    ]
    assert estimate(shipped, "gpt-5.6-luna", both).monthly_usd == pytest.approx(
        sum(ends) / len(ends), rel=Decimal("0.002")
    )


def test_a_cache_that_is_not_known_changes_nothing(shipped: Catalog) -> None:
    for terms in ({}, {"output_tokens": spread(1, 9)}, {"output_tokens": halves(1, 9)}):
        work = job(10, turns=4, input_tokens=halves(30_000, 60_000), **terms)
        auto = job(10, turns=4, input_tokens=halves(30_000, 60_000), caching="auto", **terms)
        prices = [estimate(shipped, "grok-4.7", x).monthly_usd for x in (work, auto)]
        assert prices[0] == prices[1]


def test_answers_of_their_inputs_are_in_the_history_on_average(shipped: Catalog) -> None:
    read, answered = paired([2000, 3000], [100, 300])
    found = estimate(shipped, "gpt-4o", job(10, turns=2, input_tokens=read, output_tokens=answered, caching="auto"))
    even = estimate(shipped, "gpt-4o", job(10, turns=2, input_tokens=read, output_tokens=200, caching="auto"))
    assert found.monthly_usd == even.monthly_usd


def test_each_answer_is_paid_at_the_rates_of_its_input(shipped: Catalog) -> None:
    """Also where a caching rule is asked: the long request with the short answer alone pays more for it."""
    pairs = ([100_000, 300_000], [1000, 100])
    read, answered = paired(*pairs)
    found = estimate(shipped, "gemini-2.5-pro", job(30, input_tokens=read, output_tokens=answered, caching="auto"))
    alone = [
        estimate(shipped, "gemini-2.5-pro", job(15, input_tokens=own, output_tokens=answer, caching="auto"))
        for own, answer in zip(*pairs, strict=True)
    ]
    assert found.monthly_usd == sum(x.monthly_usd for x in alone)


@pytest.mark.parametrize("prefix", [spread(100, 1300), 1200])
def test_lengths_of_inputs_answers_and_reasoning_meet_as_often_as_they_occur(
    shipped: Catalog, prefix: Quantity
) -> None:
    lengths = {"input_tokens": {500: 3, 900: 1}, "output_tokens": {10: 1, 500: 4}, "reasoning_tokens": {0: 1, 70: 2}}

    def usd(**tokens: Any) -> Decimal:
        work = job(60, turns=2, prefix_tokens=prefix, caching="auto", **tokens)
        return estimate(shipped, "gpt-6-luna", work).monthly_usd

    alone = [
        prod(numbers) * usd(**dict(zip(lengths, tokens, strict=True)))
        for each in product(*(x.items() for x in lengths.values()))
        for tokens, numbers in [zip(*each, strict=True)]
    ]
    found = usd(**{name: Lengths.of(x) for name, x in lengths.items()})
    assert found == pytest.approx(sum(alone) / (4 * 5 * 3), rel=Decimal("1e-20"))


def test_a_range_of_one_length_is_that_length(shipped: Catalog) -> None:
    both = [estimate(shipped, "gpt-4o", job(60, turns=2, input_tokens=x)).monthly_usd for x in (spread(50, 50), 50)]
    assert both[0] == both[1]


def test_means_without_a_last_digit_add_up(shipped: Catalog) -> None:
    lengths = Lengths.of({2000: Decimal(1) / 3, 3001: Decimal(1) / 7})
    work = job(7, turns=3, input_tokens=lengths, prefix_tokens=spread(1000, 1007), caching="auto")
    usage = estimate(shipped, "gpt-6-luna", work).bills[Bound.EXPECTED].total.lines
    assert {x.unit for x in usage} == {"cache_read", "cache_write", "output"}
    third = Decimal(1) / 3
    lengths = Lengths.of({785: 5, 1683: 3, 2889: 9})
    work = job(9, input_tokens=lengths, prefix_tokens=spread(736, 2182), cached=third, cache_write=1 - third)
    usage = estimate(shipped, "gpt-6-luna", work).bills[Bound.EXPECTED].total.lines
    assert {x.unit for x in usage} == {"cache_read", "cache_write", "output"}


@pytest.mark.parametrize("answer", [spread(400, 600), halves(400, 600)])
def test_given_shares_of_the_cache_hold_for_answers_of_many_lengths(shipped: Catalog, answer: Length) -> None:
    """The model has other rates for long requests."""
    terms: dict[str, Any] = {"turns": 2, "cached": HALF, "cache_write": HALF / 2}
    many, one = (
        estimate(shipped, "gemini-2.5-pro", job(100, output_tokens=x, **terms)).bills[Bound.EXPECTED]
        for x in (answer, 500)
    )
    assert (many.total.usd, many.usage) == (one.total.usd, one.usage)


def test_too_many_kinds_of_conversations_are_refused(shipped: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    many = Lengths.of(dict.fromkeys(range(1, 10_002), 1))
    with pytest.raises(InvalidUsageError, match="conversations of more than 10,000 different lengths are not priced"):
        estimate(shipped, "gpt-4o", job(1, turns=2, output_tokens=many, caching="auto"))
    monkeypatch.setattr("llmcost.workload.model.MOST_CONVERSATIONS", 2)
    assert estimate(shipped, "gpt-4o", job(1, turns=2, output_tokens=halves(1, 2), caching="auto")).monthly_usd


def test_of_very_many_turns_the_first_and_the_last_tell_the_dearest_length(shipped: Catalog) -> None:
    work = job(1000, turns=20, input_tokens=spread(80, 120), caching="auto")
    found = estimate(shipped, "gpt-4o", work)
    assert found.monthly_at(Bound.LOW) < found.monthly_usd < found.monthly_at(Bound.HIGH)
