"""Which rate is in force: what stands in for a missing one, long context, tiers, peak hours, dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext

import pytest

from llmcost.errors import InvalidUsageError, NotSoldError
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.cost import Terms, price_usage
from llmcost.pricing.exact import EXACT
from llmcost.pricing.hours import Hours
from llmcost.pricing.key import Threshold
from llmcost.pricing.model import Card, LongStep, Model, Period, Window
from llmcost.pricing.rates import WeightedCards, peak_minutes, time_slices
from llmcost.pricing.units import Unit
from llmcost.pricing.usage import Usage

MakeCatalog = Callable[..., Catalog]
MONDAY = date(2026, 11, 23)

CHAINS = {
    Unit.INPUT: ["input"],
    Unit.OUTPUT: ["output"],
    Unit.CACHE_READ: ["cache_read", "input"],
    Unit.CACHE_WRITE: ["cache_write", "input"],
    Unit.CACHE_WRITE_1H: ["cache_write_1h", "cache_write", "input"],
    Unit.CACHE_WRITE_12H: ["cache_write_12h", "cache_write", "input"],
    Unit.REASONING: ["reasoning", "output"],
    Unit.AUDIO_INPUT: ["audio_input", "input"],
    Unit.AUDIO_OUTPUT: ["audio_output", "output"],
    Unit.AUDIO_CACHE_READ: ["audio_cache_read", "cache_read", "input"],
    Unit.IMAGE_INPUT: ["image_input", "input"],
    Unit.IMAGE_OUTPUT: ["image_output", "output"],
    Unit.IMAGE_CACHE_READ: ["image_cache_read", "cache_read", "input"],
    Unit.VIDEO_INPUT: ["video_input", "input"],
    Unit.VIDEO_OUTPUT: ["video_output", "output"],
}
"""Which rate each unit pays: the first of these that the model has."""

ONE = {
    Unit.INPUT: Usage(input_tokens=1),
    Unit.OUTPUT: Usage(output_tokens=1),
    Unit.CACHE_READ: Usage(input_tokens=1, cache_read_tokens=1),
    Unit.CACHE_WRITE: Usage(input_tokens=1, cache_write_tokens=1),
    Unit.CACHE_WRITE_1H: Usage(input_tokens=1, cache_write_tokens=1, cache_write_1h_tokens=1),
    Unit.CACHE_WRITE_12H: Usage(input_tokens=1, cache_write_tokens=1, cache_write_12h_tokens=1),
    Unit.REASONING: Usage(output_tokens=1, reasoning_tokens=1),
    Unit.AUDIO_INPUT: Usage(input_tokens=1, audio_input_tokens=1),
    Unit.AUDIO_OUTPUT: Usage(output_tokens=1, audio_output_tokens=1),
    Unit.AUDIO_CACHE_READ: Usage(input_tokens=1, cache_read_tokens=1, audio_input_tokens=1, audio_cache_read_tokens=1),
    Unit.IMAGE_INPUT: Usage(input_tokens=1, image_input_tokens=1),
    Unit.IMAGE_OUTPUT: Usage(output_tokens=1, image_output_tokens=1),
    Unit.IMAGE_CACHE_READ: Usage(input_tokens=1, cache_read_tokens=1, image_input_tokens=1, image_cache_read_tokens=1),
    Unit.VIDEO_INPUT: Usage(input_tokens=1, video_input_tokens=1),
    Unit.VIDEO_OUTPUT: Usage(output_tokens=1, video_output_tokens=1),
}
"""A request of one token of each unit."""


NAMES = [field.name for field in fields(Usage)]


def usage_of(unit: Unit, long: int = 0) -> Usage:
    """Return one token of a unit, in a request with `long` tokens of input (0: as many as the unit needs)."""
    one = ONE[unit]
    fields = {name: getattr(one, name) for name in NAMES}
    return Usage(**{**fields, "input_tokens": max(long, fields["input_tokens"])})


def rate_of(model: Model, unit: Unit, *, long: int = 0, tier: str | None = None, at: date = MONDAY) -> Decimal:
    """Return the rate of the line of a unit in a bill."""
    cost = price_usage(model, usage_of(unit, long), tier=tier, at=at)
    return next(line.rate for line in cost.lines if line.unit == unit)


def sold_at(**rates: int) -> Model:
    card = Card(rates={Unit(name): Decimal(rate) for name, rate in rates.items()})
    return Model(id="test/model", name="Model", periods=(Period(start=None, standard=card),))


def test_every_unit_has_its_case_below() -> None:
    assert set(Unit) == set(CHAINS) == set(ONE)


@pytest.mark.parametrize(
    ("unit", "first"), [(unit, first) for unit, chain in CHAINS.items() for first in range(len(chain))], ids=str
)
def test_a_unit_pays_the_first_rate_of_its_chain_that_the_model_has(unit: Unit, first: int) -> None:
    """Every other unit has a rate too, which must not be taken."""
    chain = CHAINS[unit]
    rates = {name.value: 1000 for name in Unit if name.value not in chain}
    rates |= {chain[index]: 10 + index for index in range(first, len(chain))}

    assert Decimal(10 + first) == rate_of(sold_at(**rates), unit)


@pytest.mark.parametrize("unit", Unit)
def test_a_unit_without_any_rate_of_its_chain_is_not_sold(unit: Unit) -> None:
    model = sold_at(**{name.value: 1 for name in Unit if name.value not in CHAINS[unit]})
    with pytest.raises(NotSoldError) as caught:
        Terms.of(model, at=MONDAY).rate(unit, Decimal(1))

    assert f"test/model has no rate for {unit} tokens" == caught.value.message
    assert ("test/model", f"no {unit} rate") == (caught.value.model, caught.value.reason)


@pytest.mark.parametrize("unit", [unit for unit, chain in CHAINS.items() if len(chain) > 1])
def test_a_rate_of_zero_is_a_price_and_not_a_missing_rate(unit: Unit) -> None:
    assert Decimal(0) == rate_of(sold_at(input=5, output=15, **{unit.value: 0}), unit)


STEPPED = """
test/above:
  prices:
    input: 5
    cache_read: 0.5
    output: 30
    long_context: [{above: 272000, input: 10, cache_read: 1, output: 45}]
test/from:
  prices:
    input: 1.25
    output: 2.5
    long_context: [{from_tokens: 200000, input: 2.5, output: 5}]
test/steps:
  prices:
    input: 1
    cache_read: 0.1
    output: 10
    long_context:
      - {above: 200000, input: 4, output: 40}
      - {above: 100000, input: 2, cache_read: 0.2}
      - {above: 300000, output: 80}
"""


@pytest.mark.parametrize(
    ("model", "tokens", "expected"),
    [
        ("above", 1, "5"),
        ("above", 271_999, "5"),
        ("above", 272_000, "5"),
        ("above", 272_001, "10"),
        ("above", 1_000_000, "10"),
        ("from", 199_999, "1.25"),
        ("from", 200_000, "2.5"),
        ("from", 200_001, "2.5"),
    ],
)
def test_above_is_strictly_more_and_from_tokens_is_at_least(
    catalog: MakeCatalog, model: str, tokens: int, expected: str
) -> None:
    assert Decimal(expected) == rate_of(catalog(STEPPED).resolve(model), Unit.INPUT, long=tokens)


def test_a_fraction_of_a_token_above_the_threshold_is_above_it(catalog: MakeCatalog) -> None:
    model = catalog(STEPPED).resolve("above")
    lines = price_usage(model, Usage(input_tokens=Decimal("272000.5")), at=MONDAY).lines

    assert [Decimal(10)] == [line.rate for line in lines]


def test_a_long_request_pays_its_long_rates_for_every_token_not_for_those_above_the_threshold(
    catalog: MakeCatalog,
) -> None:
    """(272,001 - 100,000) x 10 + 100,000 x 1 + 1,000 x 45, per 1M."""
    usage = Usage(input_tokens=272_001, cache_read_tokens=100_000, output_tokens=1_000)

    assert Decimal("1.86501") == catalog(STEPPED).price("above", usage).usd


def test_the_cached_part_counts_towards_the_length(catalog: MakeCatalog) -> None:
    usage = Usage(input_tokens=272_001, cache_read_tokens=272_001)

    assert Decimal("0.272001") == catalog(STEPPED).price("above", usage).usd


def test_a_long_answer_to_a_short_request_pays_the_standard_rates(catalog: MakeCatalog) -> None:
    """1,000 x 5 + 500,000 x 30, per 1M."""
    assert Decimal("15.005") == catalog(STEPPED).price("above", Usage(input_tokens=1_000, output_tokens=500_000)).usd


@pytest.mark.parametrize(
    ("tokens", "unit", "expected"),
    [
        (100_000, Unit.INPUT, "1"),
        (100_001, Unit.INPUT, "2"),
        (200_001, Unit.INPUT, "4"),
        (300_001, Unit.INPUT, "4"),
        (100_000, Unit.CACHE_READ, "0.1"),
        (100_001, Unit.CACHE_READ, "0.2"),
        (300_001, Unit.CACHE_READ, "0.2"),
        (100_001, Unit.OUTPUT, "10"),
        (200_001, Unit.OUTPUT, "40"),
        (300_001, Unit.OUTPUT, "80"),
        (100_001, Unit.AUDIO_CACHE_READ, "0.2"),
        (200_001, Unit.REASONING, "40"),
    ],
)
def test_the_highest_crossed_step_that_sets_a_key_wins(
    catalog: MakeCatalog, tokens: int, unit: Unit, expected: str
) -> None:
    assert Decimal(expected) == rate_of(catalog(STEPPED).resolve("steps"), unit, long=tokens)


def test_a_step_may_set_a_key_that_the_base_leaves_out() -> None:
    step = LongStep(step=Threshold(100, inclusive=False), rates={Unit.CACHE_READ: Decimal(3)})
    card = Card(rates={Unit.INPUT: Decimal(5)}, long_context=(step,))

    assert None is card.rate(Unit.CACHE_READ, Decimal(100))
    assert Decimal(3) == card.rate(Unit.CACHE_READ, Decimal(101))


TIERED = """
test/tiers:
  prices:
    input: 5
    cache_read: 0.5
    output: 30
    long_context: [{above: 272000, input: 10, cache_read: 1, output: 45}]
    tiers:
      batch: {input: 2.5, output: 15}
      flex: {input: 2.5, long_context: [{above: 272000, input: 4}]}
      priority: {long_context: [{above: 272000, output: 90}]}
      fast: {cache_write: 7, audio_cache_read: 0.3}
"""


@pytest.mark.parametrize(
    ("tier", "tokens", "unit", "expected"),
    [
        ("standard", 1_000, Unit.INPUT, "5"),
        ("standard", 300_000, Unit.INPUT, "10"),
        # a key that the tier sets is replaced, its long steps with it
        ("batch", 1_000, Unit.INPUT, "2.5"),
        ("batch", 300_000, Unit.INPUT, "2.5"),
        ("batch", 300_000, Unit.OUTPUT, "15"),
        ("flex", 272_000, Unit.INPUT, "2.5"),
        ("flex", 272_001, Unit.INPUT, "4"),
        # a key that the tier does not set keeps the standard rate, its long steps with it
        ("batch", 1_000, Unit.CACHE_READ, "0.5"),
        ("batch", 300_000, Unit.CACHE_READ, "1"),
        ("flex", 1_000, Unit.OUTPUT, "30"),
        ("flex", 300_000, Unit.OUTPUT, "45"),
        # a tier may change the long steps alone
        ("priority", 1_000, Unit.OUTPUT, "30"),
        ("priority", 300_000, Unit.OUTPUT, "90"),
        ("priority", 300_000, Unit.INPUT, "10"),
        # what stands in for a missing rate is looked for in the tier first
        ("batch", 1_000, Unit.CACHE_WRITE, "2.5"),
        ("batch", 1_000, Unit.REASONING, "15"),
        ("batch", 1_000, Unit.AUDIO_CACHE_READ, "0.5"),
        ("fast", 1_000, Unit.CACHE_WRITE_1H, "7"),
        ("fast", 1_000, Unit.AUDIO_CACHE_READ, "0.3"),
        ("fast", 1_000, Unit.AUDIO_INPUT, "5"),
    ],
)
def test_a_tier_replaces_the_keys_it_sets_and_keeps_the_rest(
    catalog: MakeCatalog, tier: str, tokens: int, unit: Unit, expected: str
) -> None:
    assert Decimal(expected) == rate_of(catalog(TIERED).resolve("tiers"), unit, long=tokens, tier=tier)


PEAK = """
test/peak:
  prices:
    input: 0.15
    cache_read: 0.003
    output: 0.6
    schedule:
      - {days: [1, 2, 3, 4, 5], utc: ["01:00-04:00", "06:00-10:00"], input: 0.3, output: 1.2}
test/night:
  prices:
    input: 1
    schedule: [{days: [5], utc: ["22:00-02:00"], input: 3}]
test/first:
  prices:
    input: 1
    output: 10
    schedule:
      - {days: [1], utc: ["08:00-12:00"], input: 2}
      - {utc: ["10:00-14:00"], input: 3, output: 30}
test/always:
  prices:
    input: 1
    schedule: [{utc: ["00:00-24:00"], input: 2}]
test/around:
  prices:
    input: 1
    schedule: [{days: [7], utc: ["06:00-06:00"], input: 2}]
test/half:
  prices:
    input: 1
    schedule: [{utc: ["16:30-18:45"], input: 2}]
test/tiered:
  prices:
    input: 1
    output: 10
    long_context: [{above: 1000, input: 4}]
    schedule: [{utc: ["00:00-06:00"], input: 2, output: 20}]
    tiers:
      batch: {cache_read: 0.1}
      flex: {input: 0.5, schedule: [{utc: ["00:00-12:00"], input: 0.8}]}
"""


@pytest.mark.parametrize(
    ("model", "moment", "expected"),
    [
        # Monday 2026-11-23: the start of a window is in it, its end is not
        ("peak", "2026-11-23T00:59", "0.15"),
        ("peak", "2026-11-23T01:00", "0.3"),
        ("peak", "2026-11-23T03:59", "0.3"),
        ("peak", "2026-11-23T04:00", "0.15"),
        ("peak", "2026-11-23T05:59", "0.15"),
        ("peak", "2026-11-23T06:00", "0.3"),
        ("peak", "2026-11-23T09:59", "0.3"),
        ("peak", "2026-11-23T10:00", "0.15"),
        ("peak", "2026-11-27T09:59", "0.3"),
        ("peak", "2026-11-28T02:00", "0.15"),
        ("peak", "2026-11-29T02:00", "0.15"),
        # a window over midnight belongs to the day on which it starts: Friday 2026-11-27
        ("night", "2026-11-27T21:59", "1"),
        ("night", "2026-11-27T22:00", "3"),
        ("night", "2026-11-28T00:00", "3"),
        ("night", "2026-11-28T01:59", "3"),
        ("night", "2026-11-28T02:00", "1"),
        ("night", "2026-11-28T22:00", "1"),
        ("night", "2026-11-27T01:00", "1"),
        # of two windows that match, the first
        ("first", "2026-11-23T09:00", "2"),
        ("first", "2026-11-23T11:00", "2"),
        ("first", "2026-11-23T12:00", "3"),
        ("first", "2026-11-24T11:00", "3"),
        ("first", "2026-11-29T13:59", "3"),
        ("first", "2026-11-29T14:00", "1"),
        ("always", "2026-11-23T00:00", "2"),
        ("always", "2026-11-29T23:59", "2"),
        ("half", "2026-11-23T16:29", "1"),
        ("half", "2026-11-23T16:30", "2"),
        ("half", "2026-11-23T18:44", "2"),
        ("half", "2026-11-23T18:45", "1"),
        # Sunday 06:00 to Monday 06:00
        ("around", "2026-11-29T05:59", "1"),
        ("around", "2026-11-29T06:00", "2"),
        ("around", "2026-11-30T05:59", "2"),
        ("around", "2026-11-30T06:00", "1"),
    ],
)
def test_at_a_moment_the_window_it_lies_in_is_in_force(
    catalog: MakeCatalog, model: str, moment: str, expected: str
) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    assert Decimal(expected) == rate_of(catalog(PEAK).resolve(model), Unit.INPUT, at=at)


def test_the_first_matching_window_alone_replaces_keys(catalog: MakeCatalog) -> None:
    """The second window sets the output too, but the first one matches: the output keeps its own rate."""
    at = datetime(2026, 11, 23, 11, tzinfo=UTC)

    assert Decimal(10) == rate_of(catalog(PEAK).resolve("first"), Unit.OUTPUT, at=at)


def test_keys_that_a_window_does_not_set_keep_their_rate(catalog: MakeCatalog) -> None:
    at = datetime(2026, 11, 23, 2, tzinfo=UTC)

    assert Decimal("0.003") == rate_of(catalog(PEAK).resolve("peak"), Unit.CACHE_READ, at=at)


def test_the_last_second_of_a_window_is_in_it(catalog: MakeCatalog) -> None:
    at = datetime(2026, 11, 23, 3, 59, 59, 999_999, tzinfo=UTC)

    assert Decimal("0.3") == rate_of(catalog(PEAK).resolve("peak"), Unit.INPUT, at=at)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # Tuesday 09:00 in Shanghai is Tuesday 01:00 UTC
        (datetime(2026, 11, 24, 9, tzinfo=timezone(timedelta(hours=8))), "0.3"),
        # Monday 07:00 in Shanghai is Sunday 23:00 UTC
        (datetime(2026, 11, 23, 7, tzinfo=timezone(timedelta(hours=8))), "0.15"),
        # Sunday 20:30 in New York is Monday 01:30 UTC
        (datetime(2026, 11, 22, 20, 30, tzinfo=timezone(timedelta(hours=-5))), "0.3"),
    ],
)
def test_the_hour_and_the_weekday_of_a_moment_are_those_of_utc(
    catalog: MakeCatalog, at: datetime, expected: str
) -> None:
    assert Decimal(expected) == rate_of(catalog(PEAK).resolve("peak"), Unit.INPUT, at=at)


@pytest.mark.parametrize(
    ("model", "unit", "expected"),
    [
        # 35 of 168 hours: (35 x 0.3 + 133 x 0.15) / 168
        ("peak", Unit.INPUT, Decimal("0.18125")),
        ("peak", Unit.OUTPUT, Decimal("0.725")),
        ("peak", Unit.CACHE_READ, Decimal("0.003")),
        # 4 of 168 hours at 3, 164 at 1: 176 / 168
        ("night", Unit.INPUT, Decimal(176) / 168),
        # Monday: 4 hours at 2, 2 at 3; on six days 4 hours at 3: (4 x 2 + 26 x 3 + 138) / 168
        ("first", Unit.INPUT, Decimal(224) / 168),
        ("always", Unit.INPUT, Decimal(2)),
        # 2.25 of 24 hours
        ("half", Unit.INPUT, Decimal("1.09375")),
        # 24 of 168 hours
        ("around", Unit.INPUT, Decimal(192) / 168),
    ],
)
@pytest.mark.parametrize("at", [MONDAY, date(2026, 11, 28)])
def test_a_date_means_the_weeks_mix_of_hours(
    catalog: MakeCatalog, model: str, unit: Unit, expected: Decimal, at: date
) -> None:
    """Whatever the date's own weekday is."""
    assert round(expected, 20) == round(rate_of(catalog(PEAK).resolve(model), unit, at=at), 20)


@pytest.mark.parametrize(
    ("share", "expected"),
    [("0", "0.15"), ("1", "0.3"), ("0.5", "0.225"), ("0.2", "0.18"), ("0.001", "0.15015")],
)
def test_the_peak_share_is_the_traffic_in_the_peak_hours(catalog: MakeCatalog, share: str, expected: str) -> None:
    cost = catalog(PEAK).price("peak", Usage(input_tokens=1_000_000), peak_share=Decimal(share))

    assert Decimal(expected) == cost.usd


def test_a_peak_share_of_35_in_168_is_the_weeks_mix(catalog: MakeCatalog) -> None:
    prices = catalog(PEAK)
    usage = Usage(input_tokens=1_000_000, output_tokens=1_000_000)
    share = Decimal(35) / 168

    assert round(prices.price("peak", usage).usd, 20) == round(prices.price("peak", usage, peak_share=share).usd, 20)
    assert prices.price("peak", usage).usd > prices.price("peak", usage, peak_share=0).usd


@pytest.mark.parametrize(("share", "expected"), [("0", "1"), ("1", "2"), ("0.25", "1.25")])
def test_a_peak_share_splits_the_traffic_even_where_every_hour_is_peak(
    catalog: MakeCatalog, share: str, expected: str
) -> None:
    cost = catalog(PEAK).price("always", Usage(input_tokens=1_000_000), peak_share=Decimal(share))

    assert Decimal(expected) == cost.usd


def test_a_peak_share_is_spread_over_several_windows_by_their_hours(catalog: MakeCatalog) -> None:
    """4 hours at 2 and 26 at 3 share the half in peak hours: 0.5 x 86 / 30 + 0.5."""
    cost = catalog(PEAK).price("first", Usage(input_tokens=1_000_000), peak_share=Decimal("0.5"))

    assert round(Decimal(43) / 30 + Decimal("0.5"), 20) == round(cost.usd, 20)


def test_a_peak_share_changes_nothing_without_peak_hours(catalog: MakeCatalog) -> None:
    cost = catalog(STEPPED).price("above", Usage(input_tokens=1_000_000), peak_share=Decimal(1))

    assert Decimal(10) == cost.usd


def test_at_a_moment_the_peak_share_says_nothing(catalog: MakeCatalog) -> None:
    cost = catalog(PEAK).price(
        "peak", Usage(input_tokens=1_000_000), at=datetime(2026, 11, 28, tzinfo=UTC), peak_share=Decimal(1)
    )

    assert Decimal("0.15") == cost.usd


@pytest.mark.parametrize(
    ("tier", "hour", "unit", "long", "expected"),
    [
        # a tier without a schedule keeps the standard peak hours of the keys that it does not set
        ("batch", 3, Unit.INPUT, 0, "2"),
        ("batch", 3, Unit.CACHE_READ, 0, "0.1"),
        ("batch", 9, Unit.INPUT, 0, "1"),
        # a tier's own schedule replaces its keys; the standard schedule still sets the others
        ("flex", 3, Unit.INPUT, 0, "0.8"),
        ("flex", 9, Unit.INPUT, 0, "0.8"),
        ("flex", 15, Unit.INPUT, 0, "0.5"),
        ("flex", 3, Unit.OUTPUT, 0, "20"),
        ("flex", 9, Unit.OUTPUT, 0, "10"),
        # a window replaces a key including its long steps
        ("standard", 3, Unit.INPUT, 1_001, "2"),
        ("standard", 9, Unit.INPUT, 1_001, "4"),
    ],
)
def test_peak_hours_and_tiers_replace_key_by_key(
    catalog: MakeCatalog, tier: str, hour: int, unit: Unit, long: int, expected: str
) -> None:
    at = datetime(2026, 11, 24, hour, tzinfo=UTC)

    assert Decimal(expected) == rate_of(catalog(PEAK).resolve("tiered"), unit, long=long, tier=tier, at=at)


@pytest.mark.parametrize(("share", "expected"), [("0", "0.5"), ("1", "0.8")])
def test_the_peak_share_of_a_tier_is_of_its_own_peak_hours(catalog: MakeCatalog, share: str, expected: str) -> None:
    """The tier's hours 00-12 hold all of the standard ones, 00-06."""
    cost = catalog(PEAK).price("tiered", Usage(input_tokens=1_000_000), tier="flex", peak_share=Decimal(share))

    assert Decimal(expected) == cost.usd


@pytest.mark.parametrize("share", ["-0.1", "1.1", "NaN", "Infinity"])
def test_a_peak_share_is_from_0_to_1(catalog: MakeCatalog, share: str) -> None:
    with pytest.raises(InvalidUsageError):
        catalog(PEAK).price("peak", Usage(input_tokens=1_000_000), peak_share=Decimal(share))


def test_the_peak_hours_of_a_week_are_35_of_168() -> None:
    window = Window(
        hours=Hours(frozenset(range(1, 6)), ((60, 240), (360, 600))), card=Card(rates={Unit.INPUT: Decimal(2)})
    )
    cards = (Card(rates={Unit.INPUT: Decimal(1)}, schedule=(window,)),)
    with localcontext(prec=1):
        slices = time_slices(cards, MONDAY)

    assert Decimal(35 * 60) == peak_minutes(slices, cards)
    assert Decimal(168 * 60) == sum(part.weight for part in slices)
    assert Decimal(0) == peak_minutes((WeightedCards(Decimal(1), cards),), cards)


def test_a_datetime_without_a_time_zone_is_refused(catalog: MakeCatalog) -> None:
    naive = datetime(2026, 11, 23, 12)  # noqa: DTZ001 - what is refused
    with pytest.raises(InvalidUsageError) as caught:
        catalog(STEPPED).price("above", Usage(input_tokens=1), at=naive)

    assert caught.value.message == "a datetime needs a time zone, for example datetime.now(timezone.utc)"


DATED = """
test/dated:
  prices:
    - {input: 5}
    - {from: 2026-07-30, input: 4}
    - {from: 2027-01-01, input: 3}
test/new:
  prices:
    - {from: 2026-07-30, input: 4}
    - {from: 2027-01-01, input: 3}
"""


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (date(2000, 1, 1), "5"),
        (date(2026, 7, 29), "5"),
        (date(2026, 7, 30), "4"),
        (date(2026, 12, 31), "4"),
        (date(2027, 1, 1), "3"),
        (date(2099, 1, 1), "3"),
        (datetime(2026, 7, 29, 23, 59, 59, tzinfo=UTC), "5"),
        (datetime(2026, 7, 30, tzinfo=UTC), "4"),
        # 01:00 in India is still the day before in UTC; 20:00 in New York is the day after
        (datetime(2026, 7, 30, 1, tzinfo=timezone(timedelta(hours=5, minutes=30))), "5"),
        (datetime(2026, 7, 30, 5, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))), "4"),
        (datetime(2026, 7, 29, 20, tzinfo=timezone(timedelta(hours=-4))), "4"),
    ],
)
def test_a_price_holds_from_its_utc_day_until_the_next_one(
    catalog: MakeCatalog, at: date | datetime, expected: str
) -> None:
    assert Decimal(expected) == rate_of(catalog(DATED).resolve("dated"), Unit.INPUT, at=at)


@pytest.mark.parametrize(
    "at",
    [date(2026, 7, 29), datetime(2026, 7, 30, 1, tzinfo=timezone(timedelta(hours=5, minutes=30)))],
)
def test_a_day_before_the_first_price_has_none(catalog: MakeCatalog, at: date | datetime) -> None:
    with pytest.raises(NotSoldError) as caught:
        catalog(DATED).price("new", Usage(input_tokens=1), at=at)

    assert caught.value.message == "test/new has no price on 2026-07-29"
    assert caught.value.hints == ("its first price starts on 2026-07-30",)
    assert caught.value.reason == "no price before 2026-07-30"


@pytest.mark.parametrize(
    ("after", "until", "expected"),
    [
        (date(2026, 7, 29), date(2027, 1, 1), [date(2026, 7, 30), date(2027, 1, 1)]),
        (date(2026, 7, 30), date(2026, 12, 31), []),
        (date(2026, 7, 29), date(2026, 7, 30), [date(2026, 7, 30)]),
        (date(2000, 1, 1), date(2026, 7, 29), []),
    ],
)
def test_changes_are_the_days_after_one_and_until_another(
    catalog: MakeCatalog, after: date, until: date, expected: list[date]
) -> None:
    assert expected == catalog(DATED).resolve("dated").changes(after, until)


@pytest.mark.parametrize(("requests", "expected"), [(168, "192"), (7, "8"), (1, None)])
def test_an_amount_that_ends_is_exact_however_many_requests_it_is_of(
    catalog: MakeCatalog, requests: int, expected: str | None
) -> None:
    """192 / 168 USD a request, which has no end: a bill of seven is 8, not 7.99..., by a factor and by its lines."""
    bill = catalog(PEAK).price("around", Usage(input_tokens=400_000, output_tokens=0))
    other = catalog(PEAK).price("around", Usage(input_tokens=600_000, output_tokens=0))
    scaled = (bill + other).scaled(Decimal(requests))

    assert scaled.usd == (EXACT.divide(Decimal(192), Decimal(168)) if expected is None else Decimal(expected))
    assert scaled.usd == scaled.input_usd
