"""Requests of many lengths: each is priced at its own step, and the whole is the sum."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.errors import InvalidUsageError, NotSoldError
from llmcost.notes import NoteKind
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.exact import EXACT
from llmcost.pricing.key import Threshold
from llmcost.pricing.table import ModelTable
from llmcost.workload.compare import compare
from llmcost.workload.estimate import estimate, later_costs
from llmcost.workload.forecast import forecast
from llmcost.workload.lengths import Length, Lengths, Range, Times, multiplied, paired
from llmcost.workload.model import Bound, Workload
from tests.workload.test_properties import CALM, DAY

EIGHT_SHORT_TWO_LONG = Lengths.of({20_000: 8, 400_000: 2})
LATER = date(2026, 12, 3)


def spread(low: int, high: int) -> Range:
    return Range(Decimal(low), Decimal(high))


def sent(model: str, read: Length, answered: Length, rpd: int = 1000, **terms: Any) -> tuple[str, Workload]:
    return model, Workload(requests_per_day=rpd, input_tokens=read, output_tokens=answered, **terms)


@pytest.mark.parametrize(
    ("job", "usd"),
    [
        # 30,000 x (0.8 x (20,000 x $1.25 + 1,000 x $10) + 0.2 x (400,000 x $2.50 + 1,000 x $15)) / 1M
        (sent("gemini-2.5-pro", EIGHT_SHORT_TWO_LONG, 1000), "6930"),
        (sent("gemini-2.5-pro", Lengths.of({400_000: Decimal("0.2"), 20_000: Decimal("0.8")}), 1000), "6930"),
        # one length more or less changes the step of half of them
        (sent("gemini-2.5-pro", Lengths.of({10_000: 1, 200_000: 1}), 1000), "4237.5"),
        (sent("gemini-2.5-pro", Lengths.of({10_000: 1, 200_001: 1}), 1000), "8062.5375"),
        (sent("grok-4.7", Lengths.of({10_000: 1, 199_999: 1}), 0), "6299.97"),
        (sent("grok-4.7", Lengths.of({10_000: 1, 200_000: 1}), 0), "12300"),
        # half of them at $1.25 and $10, of 150,000 in; half at $2.50 and $15, of 250,000
        (sent("gemini-2.5-pro", spread(100_000, 300_000), 1000), "12562.5"),
        (sent("grok-4.7", spread(195_000, 205_000), 100, rpd=10_000), "181020"),
        (sent("gemini-2.5-pro", spread(100_000, 200_000), 1000), "5925"),
        (sent("gemini-2.5-pro", 200_000, 1000), "7800"),
        (sent("gemini-2.5-pro", 200_001, 1000), "15450.075"),
        # 30,000 x 3,000 hidden tokens more: $30 of the short ones, $45 of the long: $720 + $270
        (sent("gemini-2.5-pro", EIGHT_SHORT_TWO_LONG, 1000, reasoning_tokens=Times(Decimal(3))), "7920"),
    ],
)
def test_each_length_is_priced_at_its_own_step(shipped: Catalog, job: tuple[str, Workload], usd: str) -> None:
    assert estimate(shipped, *job).monthly_usd == Decimal(usd)


def test_a_saving_is_that_of_each_length(shipped: Catalog) -> None:
    """30,000 x (96,000 x $0.30 + 1,000 x $2.50) / 1M is $939 of $6,930; of the mean, at $3,900, it seemed 75.9%."""
    (other,) = compare(shipped, "gemini-2.5-pro", ["gemini-2.5-flash"], sent("", EIGHT_SHORT_TWO_LONG, 1000)[1]).others
    assert other.estimate.monthly_usd == 939
    assert other.saving_pct is not None
    assert round(other.saving_pct, 1) == Decimal("86.5")


def test_what_is_known_of_lengths_has_no_spread_of_the_bill(shipped: Catalog) -> None:
    """How often each occurs is known, so there is one bill; a range has its ends."""
    known = estimate(shipped, *sent("gemini-2.5-pro", EIGHT_SHORT_TWO_LONG, 1000))
    assert not known.workload.ranged
    assert {known.monthly_at(end) for end in Bound} == {Decimal(6930)}
    bill = known.bills[Bound.EXPECTED]
    assert (bill.usage.input_tokens, bill.per_request.usd) == (96_000, Decimal("0.231"))
    assert [(x.unit, int(x.quantity), x.rate) for x in bill.total.lines] == [
        ("input", 480_000_000, Decimal("1.25")),
        ("input", 2_400_000_000, Decimal("2.5")),
        ("output", 24_000_000, Decimal(10)),
        ("output", 6_000_000, Decimal(15)),
    ]
    both = estimate(shipped, *sent("gemini-2.5-pro", EIGHT_SHORT_TWO_LONG, spread(0, 2000)))
    assert [both.monthly_at(end) for end in Bound] == [Decimal(6600), Decimal(6930), Decimal(7260)]


@pytest.mark.parametrize(
    ("read", "told"),
    [
        (99_999, False),
        (100_000, True),
        (400_000, True),
        (400_001, False),
        (spread(100_000, 300_000), False),
        (EIGHT_SHORT_TWO_LONG, False),
    ],
)
def test_a_mean_within_a_factor_of_two_of_a_step_is_told(shipped: Catalog, read: Length, *, told: bool) -> None:
    notes = estimate(shipped, *sent("gemini-2.5-pro", read, 1000)).notes
    said = "google/gemini-2.5-pro has other rates from 200,000 tokens in on"
    assert any(x.kind is NoteKind.CONTEXT and x.text.startswith(said) for x in notes) is told


def test_a_mean_of_turns_is_of_many_lengths(shipped: Catalog) -> None:
    for turns in (1, 2):
        notes = estimate(shipped, *sent("gemini-2.5-pro", 150_000, 1000, turns=turns)).notes
        assert any(x.kind is NoteKind.CONTEXT for x in notes) is (turns == 1)


def test_a_range_is_divided_between_its_ends_alone() -> None:
    steps = [Threshold(tokens, inclusive=True) for tokens in (100, 300, 400)]
    found: list[Any] = [(x.number, x.tokens, x.length) for x in spread(100, 400).parts(steps)]
    assert found == [(200, 200 * 200, 200), (100, 100 * 350, 350)]


def test_the_rates_of_an_estimate_are_means_over_the_tokens(shipped: Catalog) -> None:
    """480M tokens in at $1.25 and 2,400M at $2.50; of the answers 8 in 10 at $10, 2 at $15."""
    found = estimate(shipped, *sent("gemini-2.5-pro", EIGHT_SHORT_TWO_LONG, 1000))
    with localcontext(EXACT):
        assert found.input_rate == (480 * Decimal("1.25") + 2400 * Decimal("2.5")) / 2880
    assert found.output_rate == 11


def test_answers_go_with_their_inputs(shipped: Catalog) -> None:
    """Long requests with short answers: 500 tokens each, the short ones 1,125; the mean is 1,000 as above."""
    answers = Lengths((500, 1125), (2, 8), (9000, 1000))
    with localcontext(EXACT):
        assert estimate(shipped, *sent("gemini-2.5-pro", EIGHT_SHORT_TWO_LONG, answers)).monthly_usd == Decimal(
            6930
        ) + (3000 * (1000 - 2000) * 15 + 3000 * (9000 - 8000) * 10) / Decimal(10**6)


def test_a_request_that_does_not_fit_is_not_averaged_away(shipped: Catalog) -> None:
    job = sent("gpt-4o", Lengths.of({500: 999, 200_000: 1}), Lengths.of({10: 1, 20: 1}))
    with pytest.raises(NotSoldError, match="a request with 200,000 input tokens does not fit openai/gpt-4o"):
        estimate(shipped, *job)
    with pytest.raises(NotSoldError, match="a request with 20,000 output tokens does not fit openai/gpt-4o"):
        estimate(shipped, *sent("gpt-4o", 1, Lengths.of({10: 99, 20_000: 1})))
    with pytest.raises(NotSoldError, match="a request with 128,004 output tokens does not fit"):
        estimate(shipped, *sent("gpt-5", 1, spread(1, 32_001), reasoning_tokens=Times(Decimal(3))))


@pytest.mark.parametrize(
    ("tokens", "numbers", "message"),
    [
        ((), (), "at least one length is needed, each with its frequency"),
        ((1, 2), (1,), "at least one length is needed, each with its frequency"),
        ((2, 1), (1, 1), "lengths must ascend from 0, each with a frequency above 0"),
        ((1, 1), (1, 1), "lengths must ascend from 0, each with a frequency above 0"),
        ((-1, 1), (1, 1), "lengths must ascend from 0, each with a frequency above 0"),
        ((1,), (0,), "lengths must ascend from 0, each with a frequency above 0"),
        ((1.5,), (1,), "tokens of lengths must be ints or Decimals, not float"),
        ((1,), (Decimal("NaN"),), "numbers of lengths must be a finite number of at least 0, not NaN"),
    ],
)
def test_lengths_are_numbers_that_ascend(tokens: Any, numbers: Any, message: str) -> None:
    with pytest.raises(InvalidUsageError) as caught:
        Lengths(tokens, numbers)
    assert caught.value.message == message


def test_answers_are_those_of_these_inputs() -> None:
    with pytest.raises(InvalidUsageError, match="there are answers for 2 input lengths, but the input has 0"):
        sent("a", 20_000, Lengths((500,), (10,), (4000, 1000)))
    with pytest.raises(InvalidUsageError, match="a factor must be a finite number of at least 0, not -1"):
        Times(Decimal(-1))


def test_a_length_that_does_not_occur_is_none() -> None:
    found = Lengths.of({7: 0, 5: 3, 1: 1})
    assert (found.tokens, *map(int, (found.number, found.total, found.mean))) == ((1, 5), 4, 16, 4)
    assert [found.percentile(x) for x in (1, 25, 26, 100)] == [1, 1, 5, 5]


lengths = st.integers(0, 6000)
rates = st.decimals(min_value=Decimal("0.01"), max_value=100, places=2)


@st.composite
def tables(draw: st.DrawFn) -> Catalog:
    """Draw two models with steps of either kind, in any order of price, in both tiers, and a change to come."""

    def card() -> dict[str, Any]:
        steps = [
            {draw(st.sampled_from(["above", "from_tokens"])): str(length), **{x: str(draw(rates)) for x in units}}
            for length in draw(st.lists(st.integers(1, 5000), max_size=3, unique=True))
            for units in [draw(st.sampled_from([("input",), ("output",), ("input", "output", "cache_read")]))]
        ]
        return {"input": str(draw(rates)), "output": str(draw(rates)), "long_context": steps}

    def period(**start: str) -> dict[str, Any]:
        fees = {"request": "0.125", "page": {"price": "0.25", "per": "prompt"}}
        return {**start, **card(), "fees": fees, "tiers": {"batch": card()}}

    models = {f"acme/{name}": {"prices": [period(), period(**{"from": str(LATER)})]} for name in "ab"}
    return Catalog([ModelTable(models, "drawn")], as_of=DAY)


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[tuple[int, int]], dict[str, Any]]:
    """Draw the tokens in and out of requests, and the terms that they are sent under."""
    terms = {
        "cached": draw(st.sampled_from([Decimal(0), Decimal("0.3")])),
        "batch_share": draw(st.sampled_from([Decimal(0), Decimal("0.4"), Decimal(1)])),
        "reasoning_tokens": draw(st.sampled_from([0, 70, Times(Decimal("1.5"))])),
        "fees": draw(st.sampled_from([{}, {"page": 2}])),
    }
    return draw(st.lists(st.tuples(lengths, st.integers(0, 900)), min_size=1, max_size=12)), terms


def calls(lines: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Return the tokens of a workload of these lines."""
    read, answers = paired(*zip(*lines, strict=True))
    return {"input_tokens": read, "output_tokens": answers}


def alone(made: Catalog, model: str, tokens: tuple[int, int], **terms: Any) -> Decimal:
    """Return the USD of one request."""
    job = Workload(requests=1, input_tokens=tokens[0], output_tokens=tokens[1], **terms)
    return estimate(made, model, job).monthly_usd


@settings(CALM, max_examples=30)
@given(tables(), logs())
def test_the_whole_is_the_sum_of_its_requests_priced_alone(
    made: Catalog, log: tuple[list[tuple[int, int]], dict[str, Any]]
) -> None:
    """To the last digit: in an estimate, a comparison, at a later price, and in every part of a forecast."""
    lines, terms = log
    job = Workload(requests_per_day=7, days=30, **calls(lines), **terms)
    with localcontext(EXACT):
        now, then = (
            {name: sum(alone(made, name, x, **terms, at=day) for x in lines) for name in "ab"} for day in (DAY, LATER)
        )
        a = estimate(made, "a", job)
        assert a.monthly_usd == now["a"] * 210 / len(lines)
        (other,) = compare(made, "a", ["b"], job).others
        assert other.estimate.monthly_usd == now["b"] * 210 / len(lines)
        assert later_costs(a, 30) == {LATER: then["a"] / len(lines) * 210}
        parts = forecast(a, growth=0, months=1).segments
        assert [x.usd for x in parts] == [now["a"] * 70 / len(lines), then["a"] * 140 / len(lines)]


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (10, Decimal(9)),
        (spread(10, 20), Range(Decimal(9), Decimal(18))),
        (Lengths.of({10: 2, 20: 3}), Lengths((Decimal(9), Decimal(18)), (2, 3))),
        (Lengths((10, 20), (2, 3), (30, 40, 50)), Lengths((Decimal(9), Decimal(18)), (2, 3), (27, 36, 45))),
    ],
)
def test_a_length_a_tenth_shorter_is_that_at_every_end_and_of_every_request(length: Length, expected: Length) -> None:
    assert multiplied(length, Decimal("0.9")) == expected
