"""What is true of every price, whatever the numbers."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal, Inexact, localcontext
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.pricing.cost import Cost, price_usage
from llmcost.pricing.exact import EXACT
from llmcost.pricing.hours import Hours
from llmcost.pricing.key import Threshold
from llmcost.pricing.model import Card, Fee, LongStep, Model, Period, Window
from llmcost.pricing.units import OUTPUT_SIDE, Unit
from llmcost.pricing.usage import Usage

MONDAY = date(2026, 11, 23)
THRESHOLD = 200_000

QUICK = settings(deadline=None, max_examples=60)

counts = st.integers(min_value=0, max_value=20_000)
fractions = st.decimals(min_value=0, max_value=20_000, places=3)
rates = st.decimals(min_value=0, max_value=1000, places=6)


@st.composite
def usages(draw: st.DrawFn, tokens: st.SearchStrategy[Any] = counts) -> Usage:
    """Draw a usage that can be: the totals are the sums of disjoint parts, 7 of the input and 5 of the output."""
    plain, read, write, write_1h, audio, audio_read, image, image_read, video = (draw(tokens) for _ in range(9))
    answer, reasoning, audio_out, image_out, video_out = (draw(tokens) for _ in range(5))
    return Usage(
        input_tokens=plain + read + write + write_1h + audio + audio_read + image + image_read + video,
        output_tokens=answer + reasoning + audio_out + image_out + video_out,
        cache_read_tokens=read + audio_read + image_read,
        cache_write_tokens=write + write_1h,
        cache_write_1h_tokens=write_1h,
        audio_input_tokens=audio + audio_read,
        audio_output_tokens=audio_out,
        audio_cache_read_tokens=audio_read,
        image_input_tokens=image + image_read,
        image_output_tokens=image_out,
        image_cache_read_tokens=image_read,
        video_input_tokens=video,
        video_output_tokens=video_out,
        reasoning_tokens=reasoning,
    )


@st.composite
def cards(draw: st.DrawFn, *, base: bool) -> Card:
    """Draw a card with some rates; a base card has at least the two that every other falls back to."""
    found = draw(st.dictionaries(st.sampled_from(Unit), rates))
    if base:
        found = {Unit.INPUT: draw(rates), Unit.OUTPUT: draw(rates), **found}
    return Card(rates=found)


@st.composite
def models(draw: st.DrawFn, *, stepped: bool = True) -> Model:
    """Draw a model with a batch tier, regions, peak hours and a fee, and with long context where `stepped`."""
    base = draw(cards(base=True))
    step = LongStep(step=Threshold(THRESHOLD, draw(st.booleans())), rates=draw(cards(base=False)).rates)
    window = Window(hours=Hours(frozenset({1, 2}), ((60, 240),)), card=draw(cards(base=False)))
    standard = Card(
        rates=base.rates,
        long_context=(step,) if stepped else (),
        schedule=(window,) if draw(st.booleans()) else (),
        fees={"web_search": Fee(usd=draw(rates))},
    )
    period = Period(start=None, standard=standard, tiers={"batch": draw(cards(base=False))})
    return Model(id="test/model", name="Model", periods=(period,), regions={"eu": Decimal("1.1")})


tiers = st.sampled_from([None, "batch"])
regions = st.sampled_from([None, "eu"])
moments = st.sampled_from([MONDAY, datetime(2026, 11, 23, 2, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)])
fees = st.dictionaries(st.just("web_search"), counts)


def multiplied(usage: Usage, factor: int) -> Usage:
    return Usage(**{x.name: getattr(usage, x.name) * factor for x in fields(usage)})


def exact(cost: Cost) -> Decimal:
    """Return the total to 40 digits behind the point: a mean over the week has no end."""
    with localcontext(EXACT):
        return round(cost.usd, 40)


def same(one: Decimal, other: Decimal, cost: Cost) -> bool:
    """Tell whether amounts are equal; to 40 digits behind the point where a line is a mean over the week."""
    if all(line.divisor == 1 for line in cost.lines):
        return one == other
    return round(one, 40) == round(other, 40)


@QUICK
@given(usages())
def test_the_parts_of_a_usage_add_up_to_its_input_and_output(usage: Usage) -> None:
    parts = list(usage.parts())

    assert sum(tokens for _, tokens in parts) == usage.input_tokens + usage.output_tokens
    assert sum(tokens for unit, tokens in parts if unit in OUTPUT_SIDE) == usage.output_tokens
    assert len({unit for unit, _ in parts}) == len(parts)
    assert all(tokens > 0 for _, tokens in parts)


@QUICK
@given(models(stepped=False), usages(), tiers, regions, moments)
def test_twice_the_tokens_cost_twice_as_much(
    model: Model, usage: Usage, tier: str | None, region: str | None, at: date
) -> None:
    once = price_usage(model, usage, tier=tier, region=region, at=at)
    twice = price_usage(model, multiplied(usage, 2), tier=tier, region=region, at=at)

    assert exact(once.scaled(Decimal(2))) == exact(twice)


@QUICK
@given(models(), usages(st.integers(min_value=0, max_value=THRESHOLD // 20)), moments)
def test_below_the_threshold_long_context_does_not_matter(model: Model, usage: Usage, at: date) -> None:
    twice = multiplied(usage, 2)
    assert twice.input_tokens < THRESHOLD

    assert exact(price_usage(model, usage, at=at).scaled(Decimal(2))) == exact(price_usage(model, twice, at=at))


@QUICK
@given(models(), usages(st.integers(min_value=0, max_value=100_000)), tiers, regions, moments, fees)
def test_the_lines_add_up_to_the_total_and_the_sums_split_it(
    model: Model, usage: Usage, tier: str | None, region: str | None, at: date, counted: dict[str, int]
) -> None:
    cost = price_usage(model, usage, tier=tier, region=region, at=at, fees=counted)

    with localcontext(EXACT):
        assert same(sum((line.usd for line in cost.lines), Decimal(0)), cost.usd, cost)
        assert exact(cost) == round(cost.input_usd + cost.output_usd + cost.fees_usd, 40)
        assert all(same(line.quantity * line.rate / line.per, line.usd, cost) for line in cost.lines)
    assert len(list(usage.parts())) + len(counted) == len(cost.lines)


@QUICK
@given(models(), usages(), st.sampled_from(Unit), rates, tiers, moments)
def test_a_dearer_rate_never_lowers_a_bill(
    model: Model, usage: Usage, unit: Unit, more: Decimal, tier: str | None, at: date
) -> None:
    """Of the rates that the standard card has: one that is added may be below what stood in for it."""
    standard = model.periods[0].standard
    dearer = {known: rate + more if known is unit else rate for known, rate in standard.rates.items()}
    card = Card(rates=dearer, long_context=standard.long_context, schedule=standard.schedule, fees=standard.fees)
    period = Period(start=None, standard=card, tiers=model.periods[0].tiers)
    other = Model(id=model.id, name=model.name, periods=(period,), regions=model.regions)

    assert price_usage(model, usage, tier=tier, at=at).usd <= price_usage(other, usage, tier=tier, at=at).usd


@QUICK
@given(models(), usages(), tiers, moments, st.integers(min_value=1, max_value=5_000))
def test_more_tokens_never_cost_less_below_the_threshold(
    model: Model, usage: Usage, tier: str | None, at: date, more: int
) -> None:
    longer = Usage(
        **{x.name: getattr(usage, x.name) for x in fields(usage) if x.name != "output_tokens"},
        output_tokens=usage.output_tokens + more,
    )

    assert price_usage(model, usage, tier=tier, at=at).usd <= price_usage(model, longer, tier=tier, at=at).usd


@QUICK
@given(models(), usages(), regions, moments, st.integers(min_value=1, max_value=100))
def test_a_price_does_not_depend_on_the_callers_decimal_context(
    model: Model, usage: Usage, region: str | None, at: date, precision: int
) -> None:
    expected = price_usage(model, usage, region=region, at=at)
    with localcontext(prec=precision, rounding="ROUND_UP") as context:
        context.traps[Inexact] = True
        found = price_usage(model, usage, region=region, at=at)

    assert expected == found


@QUICK
@given(models(stepped=False), usages(fractions), moments)
def test_a_usage_with_fractions_made_in_a_narrow_decimal_context_costs_the_same(
    model: Model, usage: Usage, at: date
) -> None:
    expected = price_usage(model, usage, at=at)
    with localcontext(prec=6):
        again = Usage(**{x.name: getattr(usage, x.name) for x in fields(usage)})
        found = price_usage(model, again, at=at)

    assert expected == found


@QUICK
@given(models(), usages(), st.decimals(min_value=0, max_value=1, places=3))
def test_a_price_with_a_peak_share_lies_between_those_of_none_and_all(
    model: Model, usage: Usage, share: Decimal
) -> None:
    none, some, every = (price_usage(model, usage, at=MONDAY, peak_share=x) for x in (Decimal(0), share, Decimal(1)))

    assert min(exact(none), exact(every)) <= exact(some) <= max(exact(none), exact(every))


@QUICK
@given(models(), usages(), st.decimals(min_value=0, max_value=10**6, places=2))
def test_a_scaled_bill_still_adds_up(model: Model, usage: Usage, factor: Decimal) -> None:
    cost = price_usage(model, usage, at=MONDAY).scaled(factor)

    with localcontext(EXACT):
        assert round(sum((line.usd for line in cost.lines), Decimal(0)), 30) == round(cost.usd, 30)


@QUICK
@given(models(), usages(), usages())
def test_the_bill_of_two_requests_is_the_sum_of_their_bills(model: Model, one: Usage, two: Usage) -> None:
    first, second = price_usage(model, one, at=MONDAY), price_usage(model, two, at=MONDAY)
    total = first + second

    with localcontext(EXACT):
        assert same(first.usd + second.usd, total.usd, total)
    assert (*first.lines, *second.lines) == total.lines
    assert total == first + second + Cost(usd=Decimal(0), lines=())
