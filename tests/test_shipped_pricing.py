"""The shipped price table as data: complete, consistent, and right where the right answer is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from llmcost.errors import NotSoldError, UnknownModelError
from llmcost.load import load_catalog
from llmcost.notes import Note, NoteKind
from llmcost.pricing.capabilities import NEEDS
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.cost import Terms
from llmcost.pricing.model import STANDARD, Card, Model
from llmcost.pricing.providers import VENDORS
from llmcost.pricing.units import OUTPUT_SIDE, Unit
from llmcost.pricing.usage import Usage

from .conftest import ROOT, TODAY, updated

pytestmark = pytest.mark.untraced

DAY = date.fromisoformat(TODAY)
"""A day whose prices are known: later prices of the table start after it."""


def days(model: Model) -> list[date]:
    """Return a day of every price that the model has had or will have."""
    return [period.start or date(2000, 1, 1) for period in model.periods]


def cards(model: Model, day: date) -> dict[str, Card]:
    period = model.period(day)
    return {STANDARD: period.standard, **period.tiers}


def lengths(model: Model, day: date) -> list[Decimal]:
    """Return input lengths on both sides of every threshold and limit."""
    limits = {card.max_input for card in cards(model, day).values() if card.max_input is not None}
    steps = {x.step.tokens for card in cards(model, day).values() for x in card.long_context}
    return sorted({Decimal(1), *(Decimal(limit + near) for limit in limits | steps for near in (-1, 0, 1))})


def rate(model: Model, unit: Unit, length: Decimal, *, tier: str = STANDARD, day: date = DAY) -> Decimal:
    return Terms.of(model, tier=tier, at=day).rate(unit, length)


@dataclass(frozen=True)
class Offer:
    """What a model sells in a tier on a day to a request of an input length."""

    model: str
    day: date
    tier: str
    length: Decimal


Rates = dict[Unit, Decimal]


def offers(model: Model) -> Iterator[tuple[Offer, Rates]]:
    """Yield every offer of a model with its rates; a unit without a rate is left out."""
    for day in days(model):
        for tier, card in cards(model, day).items():
            terms = Terms.of(model, tier=tier, at=day)
            for length in lengths(model, day):
                if card.max_input is None or length <= card.max_input:
                    rates: Rates = {}
                    for unit in Unit:
                        with suppress(NotSoldError):
                            rates[unit] = terms.rate(unit, length)
                    yield Offer(model.id, day, tier, length), rates


@pytest.fixture(scope="module")
def sold(shipped: Catalog) -> dict[Offer, Rates]:
    """Return the rates of every offer of every model."""
    return {offer: rates for model in shipped.models() for offer, rates in offers(model)}


def test_every_model_names_its_source(shipped: Catalog) -> None:
    assert [x.id for x in shipped.models() if not (x.source or "").startswith("https://")] == []


def test_every_model_names_the_day_of_its_source_none_after_the_last_update(shipped: Catalog) -> None:
    last = updated("pricing.yaml")

    assert [x.id for x in shipped.models() if x.checked is None or not date(2026, 10, 26) <= x.checked <= last] == []


def test_every_model_says_how_many_sources_have_its_price(shipped: Catalog) -> None:
    single = [x for x in shipped.models() if x.sources == 1]

    assert [x.id for x in shipped.models() if x.sources is None] == []
    assert len(single) < len(shipped) / 6
    assert [x.id for x in single if x.featured] == []


def test_every_name_of_a_model_means_that_model(shipped: Catalog) -> None:
    wrong = []
    for model in shipped.models():
        names = [model.id, model.id.upper(), *(f"{model.provider}/{alias}" for alias in model.aliases)]
        if model.provider in VENDORS:  # what a host sells under its vendor's name is the vendor's by its bare name
            names += [model.bare_name, *model.aliases]
        wrong += [(name, model.id) for name in names if shipped.resolve(name).id != model.id]

    assert wrong == []


def test_a_moving_name_is_that_of_a_model_that_answers_or_of_its_own_snapshots(shipped: Catalog) -> None:
    gone = [(x, alias) for x in shipped.models() if not x.answers(DAY) for alias in x.aliases]

    assert [
        (x.id, alias)
        for x, alias in gone
        if alias.endswith("-latest") and not x.bare_name.startswith(alias.removesuffix("-latest"))
    ] == []


def test_what_replaces_a_model_is_in_the_table_and_lives_longer(shipped: Catalog) -> None:
    ids = set(shipped.ids())
    replaced = [(x, str(x.redirects_to or x.replacement)) for x in shipped.models() if x.redirects_to or x.replacement]

    assert [x.id for x, other in replaced if other not in ids or x.shutdown is None] == []
    assert [x.id for x, other in replaced if x.shutdown and shipped.resolve(other).retired(x.shutdown)] == []


def test_these_names_are_billed_at_another_models_rates_from_a_day_on(shipped: Catalog) -> None:
    assert {x.id: (str(x.shutdown), x.redirects_to) for x in shipped.models() if x.redirects_to} == {
        "google/gemini-2.5-pro": ("2026-12-01", "google/gemini-3.8-flash"),
        "google/gemini-2.5-flash": ("2026-12-01", "google/gemini-3.5-flash-lite"),
        "xai/grok-code-fast-1": ("2026-05-15", "xai/grok-build-0.1"),
        "deepseek/deepseek-v4-flash": ("2026-09-10", "deepseek/deepseek-flash"),
    }


def test_no_model_takes_more_than_its_siblings_in_and_out_together(shipped: Catalog) -> None:
    """`context` is the largest input: of OpenAI's 1,050,000 and 400,000 tokens 128,000 are the answer's."""
    openai = [x for x in shipped.models() if "gpt-5" in x.id or "gpt-6" in x.id]

    assert [x.id for x in openai if x.context in (1_050_000, 400_000)] == []
    assert {x.max_output for x in openai if x.context in (922_000, 272_000)} <= {128_000}


def test_every_unit_is_priced_in_every_tier_at_every_length_that_is_sold(
    shipped: Catalog, sold: dict[Offer, Rates]
) -> None:
    """An embedding has no output."""
    embeddings = {model.id for model in shipped.models() if model.mode == "embedding"}

    def missing(offer: Offer, rates: Rates) -> set[Unit]:
        return set(Unit) - set(rates) - (OUTPUT_SIDE if offer.model in embeddings else set())

    assert {offer.model for offer in sold} == set(shipped.ids())
    assert [offer for offer, rates in sold.items() if missing(offer, rates)] == []
    assert [offer for offer, rates in sold.items() if any(price < 0 for price in rates.values())] == []


def test_a_model_is_free_where_its_input_costs_nothing(shipped: Catalog, sold: dict[Offer, Rates]) -> None:
    free = {offer.model for offer, rates in sold.items() if rates[Unit.INPUT] == 0}

    assert free == {model.id for model in shipped.models() if model.free}


def test_above_the_longest_request_of_a_tier_nothing_is_sold(shipped: Catalog) -> None:
    """OpenAI sells no priority above 272k on the models that have long rates for standard alone."""
    limited = [
        (model.id, day, tier, card.max_input)
        for model in shipped.models()
        for day in days(model)
        for tier, card in cards(model, day).items()
        if card.max_input is not None
    ]

    hosts_and_names = [f"{host}/{name}" for host in ("openai", "azure") for name in ("gpt-5.4", "gpt-5.5")]
    assert {(model_id, limit) for model_id, _, _, limit in limited} == {(name, 272_000) for name in hosts_and_names}
    for model_id, day, tier, limit in limited:
        with pytest.raises(NotSoldError, match=f"{model_id} does not sell {tier} above {limit:,} input tokens"):
            shipped.price(model_id, Usage(input_tokens=limit + 1), tier=tier, at=day)


def test_an_embedding_has_no_answer_to_pay_for(shipped: Catalog, sold: dict[Offer, Rates]) -> None:
    """Missing is not zero."""
    embeddings = {model.id for model in shipped.models() if model.mode == "embedding"}

    assert embeddings
    assert [offer for offer, rates in sold.items() if offer.model in embeddings and OUTPUT_SIDE & set(rates)] == []
    for model_id in embeddings:
        with pytest.raises(NotSoldError, match=f"{model_id} has no rate for output tokens"):
            shipped.price(model_id, Usage(output_tokens=1))


def test_cached_input_is_no_dearer_than_input(sold: dict[Offer, Rates]) -> None:
    assert [offer for offer, rates in sold.items() if rates[Unit.CACHE_READ] > rates[Unit.INPUT]] == []


def test_an_answer_is_no_cheaper_than_cached_input(sold: dict[Offer, Rates]) -> None:
    answered = {offer: rates for offer, rates in sold.items() if Unit.OUTPUT in rates}

    assert [offer for offer, rates in answered.items() if rates[Unit.OUTPUT] < rates[Unit.CACHE_READ]] == []


def test_a_longer_request_is_no_cheaper_by_the_token(sold: dict[Offer, Rates]) -> None:
    shortest = {(x.model, x.day, x.tier): rates for x, rates in sold.items() if x.length == 1}

    assert [
        (offer, str(unit))
        for offer, rates in sold.items()
        for unit, price in rates.items()
        if price < shortest[offer.model, offer.day, offer.tier][unit]
    ] == []


def test_batch_and_flex_are_no_dearer_than_standard_and_the_fast_tiers_no_cheaper(
    shipped: Catalog, sold: dict[Offer, Rates]
) -> None:
    sign = {STANDARD: 0, "batch": -1, "flex": -1, "priority": 1, "fast": 1, "ultrafast": 1}
    wrong = [
        (offer, str(unit))
        for offer, rates in sold.items()
        for unit, price in rates.items()
        if (price - rate(shipped.resolve(offer.model), unit, offer.length, day=offer.day)) * sign[offer.tier] < 0
    ]

    assert wrong == []


def test_fast_is_another_name_of_openais_priority(shipped: Catalog) -> None:
    assert [
        (model.id, period.start)
        for model in shipped.models(provider="openai")
        for period in model.periods
        if period.tiers.get("priority") != period.tiers.get("fast")
    ] == []


def test_the_tokenizer_of_a_model_is_one_that_llmcost_carries(shipped: Catalog) -> None:
    carried = {None, "o200k_base", "cl100k_base", "o200k_harmony"}

    assert [model.id for model in shipped.models() if model.encoding not in carried] == []


def test_at_least_12_living_models_of_5_vendors_are_featured(shipped: Catalog) -> None:
    featured = [model for model in shipped.models(featured=True) if not model.retired(DAY)]

    assert len(featured) >= 12
    assert len({model.provider for model in featured}) >= 5
    assert {"openai/gpt-4o", "openai/gpt-4o-mini"} <= {model.id for model in featured}


def test_no_two_models_have_the_same_name(shipped: Catalog) -> None:
    names = [model.name for model in shipped.models()]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "name",
    [
        "gpt-4o-mini-foo",
        "gpt-4o-2024-99-99",
        "claude-opus-6",
        "claude-haiku-9-9",
        "gemini-2.5-pro-777",
        "gpt-4-turbo-9",
    ],
)
def test_a_name_that_no_vendor_sells_is_an_error_and_no_other_models_price(shipped: Catalog, name: str) -> None:
    with pytest.raises(UnknownModelError) as caught:
        shipped.price(name, Usage(input_tokens=1))

    assert f'unknown model "{name}"' == caught.value.message


MONTH = 100_000 * 30
"""Requests of the article's workload."""
SHORT = Usage(input_tokens=500, output_tokens=200)


@pytest.mark.parametrize(
    ("name", "tier", "at", "expected"),
    [
        # 1.5B x 0.50 + 0.6B x 1.50
        ("gpt-3.5-turbo", None, DAY, "1650"),
        # 1.5B x 4.25 + 0.6B x 17
        ("gpt-4o", "priority", DAY, "16575"),
        # 1.5B x 5 + 0.6B x 15, until the name moved
        ("gpt-4o", None, date(2024, 6, 1), "16500"),
        ("gpt-4o-2024-05-13", None, DAY, "16500"),
        ("gpt-4o-mini", None, date(2024, 7, 18), "585"),
        # 1.5B x 1.5 + 0.6B x 2
        ("gpt-3.5-turbo", None, date(2024, 2, 15), "3450"),
        ("gpt-3.5-turbo", None, date(2024, 2, 16), "1650"),
    ],
)
def test_100k_requests_a_day_of_500_and_200_tokens_cost_this_a_month(
    shipped: Catalog, name: str, tier: str | None, at: date, expected: str
) -> None:
    assert Decimal(expected) == shipped.price(name, SHORT, tier=tier, at=at).scaled(Decimal(MONTH)).usd


@pytest.mark.parametrize(
    ("name", "tier", "tokens", "expected"),
    [
        ("gpt-5.5", None, 272_000, "1.36"),
        ("gpt-5.5", None, 272_001, "2.72001"),
        ("gpt-5.5", "batch", 272_000, "0.68"),
        ("gpt-5.5", "batch", 272_001, "1.360005"),
        ("gpt-5.5", "priority", 272_000, "3.4"),
        ("grok-4.3", None, 199_999, "0.24999875"),
        ("grok-4.3", None, 200_000, "0.5"),
        ("grok-4.3", "batch", 200_000, "0.4"),
        ("gemini-2.5-pro", None, 200_000, "0.25"),
        ("gemini-2.5-pro", None, 200_001, "0.5000025"),
        ("claude-haiku-5-5", None, 100_000, "0.01"),
        ("claude-haiku-5-5", None, 100_001, "0.0500005"),
        # Claude Opus 5 is flat to 1M
        ("claude-opus-5", None, 1_000_000, "5"),
    ],
)
def test_a_request_of_this_length_costs_this(
    shipped: Catalog, name: str, tier: str | None, tokens: int, expected: str
) -> None:
    assert Decimal(expected) == shipped.price(name, Usage(input_tokens=tokens), tier=tier).usd


@pytest.mark.parametrize(
    ("name", "asked", "hint"),
    [
        ("gpt-4o", {"tier": "flex"}, "available: standard, batch, priority, fast"),
        ("gpt-3.5-turbo", {"tier": "priority"}, "available: standard, batch"),
        ("gpt-5.5", {"tier": "priority"}, "this request has 272,001"),
        ("gpt-5.5", {"tier": "fast"}, "this request has 272,001"),
        ("gpt-4o", {"region": "eu"}, "no regional price of it is known"),
        ("claude-opus-5", {"region": "eu"}, "available: us"),
    ],
)
def test_what_a_vendor_does_not_sell_is_refused_and_never_at_the_standard_price(
    shipped: Catalog, name: str, asked: dict[str, str], hint: str
) -> None:
    with pytest.raises(NotSoldError) as caught:
        shipped.price(name, Usage(input_tokens=272_001), tier=asked.get("tier"), region=asked.get("region"))

    assert (hint,) == caught.value.hints


CACHED = Usage(input_tokens=1_000_000, cache_read_tokens=800_000)


@pytest.mark.parametrize(
    ("name", "usage", "tier", "expected"),
    [
        # 0.2M x 2.5 + 0.8M x 1.25
        ("gpt-4o", CACHED, None, "1.5"),
        # OpenAI's batch has no cached rate: cached input keeps the standard one
        ("gpt-4o", CACHED, "batch", "1.25"),
        # Anthropic's batch halves everything: 0.2M x 2.5 + 0.8M x 0.25
        ("claude-opus-5", CACHED, "batch", "0.7"),
        ("claude-opus-5", CACHED, "fast", "2.8"),
        # 0.4M x 5 + 0.4M x 6.25 + 0.2M x 10
        (
            "claude-opus-5",
            Usage(input_tokens=1_000_000, cache_write_tokens=600_000, cache_write_1h_tokens=200_000),
            None,
            "6.5",
        ),
        # 0.5M x 0.3 + 0.3M x 1 + 0.1M x 0.03 + 0.1M x 0.1
        (
            "gemini-2.5-flash",
            Usage(
                input_tokens=1_000_000,
                audio_input_tokens=400_000,
                cache_read_tokens=200_000,
                audio_cache_read_tokens=100_000,
            ),
            None,
            "0.463",
        ),
        # thinking makes all of the answer dearer, at each length
        ("qwen-plus", Usage(output_tokens=1_000_000, reasoning_tokens=100_000), None, "4"),
        ("qwen-plus", Usage(input_tokens=300_000, output_tokens=1_000_000, reasoning_tokens=100_000), None, "12.36"),
        # reasoning is part of the output, never added to it
        ("gpt-5", Usage(output_tokens=1_000_000, reasoning_tokens=700_000), None, "10"),
        ("text-embedding-3-small", Usage(input_tokens=1_000_000), None, "0.02"),
        ("text-embedding-3-small", Usage(input_tokens=1_000_000), "batch", "0.01"),
    ],
)
def test_a_million_tokens_of_these_kinds_cost_this(
    shipped: Catalog, name: str, usage: Usage, tier: str | None, expected: str
) -> None:
    assert Decimal(expected) == shipped.price(name, usage, tier=tier).usd


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # 35 of 168 hours at 0.3, the rest at 0.15
        (DAY, "0.18125"),
        (datetime(2026, 11, 23, 1, tzinfo=UTC), "0.3"),
        (datetime(2026, 11, 23, 4, tzinfo=UTC), "0.15"),
        (datetime(2026, 11, 22, 2, tzinfo=UTC), "0.15"),
        (date(2026, 8, 16), "0.14"),
        # 35 of 168 hours at 0.44, the rest at 0.22: 0.22 + 0.22 x 35 / 168
        (datetime(2026, 8, 17, 0, 59, tzinfo=UTC), "0.22"),
        (datetime(2026, 8, 17, 1, tzinfo=UTC), "0.44"),
    ],
)
def test_a_million_tokens_on_deepseek_cost_this_at_this_hour(shipped: Catalog, at: date, expected: str) -> None:
    assert Decimal(expected) == shipped.price("deepseek-v4-flash", Usage(input_tokens=1_000_000), at=at).usd


def test_a_price_that_is_announced_is_in_force_from_its_day(shipped: Catalog) -> None:
    usage = Usage(input_tokens=1_000_000, output_tokens=1_000_000)

    assert Decimal("4.5") == shipped.price("gemini-3.6-flash", usage, at=date(2026, 12, 31)).usd
    assert Decimal(9) == shipped.price("gemini-3.6-flash", usage, at=date(2027, 1, 1)).usd


def test_a_region_costs_a_tenth_more_for_tokens_and_not_for_searches(shipped: Catalog) -> None:
    cost = shipped.price("gpt-5.5", Usage(input_tokens=100_000), region="eu", fees={"web_search": 10})

    assert (Decimal("0.55"), Decimal("0.1")) == (cost.input_usd, cost.fees_usd)


def test_azure_and_openai_have_these_regions(shipped: Catalog) -> None:
    found = {x.id: dict(x.regions) for x in shipped.models()}
    tenth, fifth = Decimal("1.1"), Decimal("1.2")

    assert [
        x for x in found if x.startswith("azure/gpt-6.1-") and found[x] != {"eu": fifth, "us": tenth, "apac": fifth}
    ] == []
    assert [x for x in found if x.startswith("azure/gpt-6-") and found[x] != {"eu": fifth, "us": tenth}] == []
    assert [x for x in found if x.startswith("openai/gpt-6.") and found[x] != {"eu": tenth, "us": tenth}] == []
    assert found["azure/gpt-4o-mini"] == found["azure/gpt-4.1-nano"] == {"eu": tenth, "us": tenth}


def test_gpt_3_5_turbo_is_priced_with_the_note_that_it_is_gone(shipped: Catalog) -> None:
    replaced = "priced at the last rates; openai/gpt-5.6-terra replaces it"
    text = f"openai/gpt-3.5-turbo was shut down on 2026-10-23: {replaced}"

    assert (Note(NoteKind.SHUTDOWN, text),) == shipped.price("gpt-3.5-turbo", SHORT).notes
    assert shipped.price("gpt-4o", SHORT).notes == ()


@pytest.mark.parametrize(
    ("name", "shutdown", "replacement"),
    [
        ("gpt-4o", date(2027, 1, 14), "openai/gpt-6-luna"),
        ("gpt-4o-mini", date(2027, 1, 14), "openai/gpt-6-luna"),
        ("gpt-4.1", date(2027, 1, 14), "openai/gpt-6-luna"),
        ("gpt-4.1-mini", date(2027, 1, 14), "openai/gpt-6-luna"),
        ("gpt-3.5-turbo", date(2026, 10, 23), "openai/gpt-5.6-terra"),
        ("gpt-5-mini", date(2026, 12, 11), "openai/gpt-6.1-terra"),
        ("gpt-5-nano", date(2026, 12, 11), "openai/gpt-6-luna"),
    ],
)
def test_the_announced_shutdowns_are_in_the_table(
    shipped: Catalog, name: str, shutdown: date, replacement: str | None
) -> None:
    model = shipped.resolve(name)

    assert (shutdown, replacement) == (model.shutdown, model.replacement)


@pytest.fixture(scope="module")
def examples() -> Catalog:
    """Return the prices that two peers agree on."""
    return load_catalog(ROOT / "tests" / "data" / "pricing-examples.yaml", as_of=DAY)


DIFFERENT = {
    # litellm has no long-context step for flex; Google's page has the one of batch
    ("google/gemini-2.5-pro", "flex", "long"): set(Unit),
    # the example leaves out the cached audio of priority, which then keeps the standard rate
    ("google/gemini-2.5-flash", "priority", "short"): {Unit.AUDIO_CACHE_READ},
}
"""(model, tier, whether the request crosses a threshold) -> units, where the shipped table differs on purpose."""


def rate_or_reason(model: Model, unit: Unit, length: Decimal, tier: str) -> Decimal | str:
    try:
        return rate(model, unit, length, tier=tier)
    except NotSoldError as error:
        return error.reason


def differences(example: Model, model: Model) -> Iterator[tuple[tuple[str, str, str], Unit]]:
    """Yield where a model is not priced as its example: every tier of it, every length around a threshold of either."""
    thresholds = {s.step.tokens for m in (example, model) for c in cards(m, DAY).values() for s in c.long_context}
    for tier in cards(example, DAY):
        for length in sorted({*lengths(example, DAY), *lengths(model, DAY)}):
            size = "long" if any(length > threshold for threshold in thresholds) else "short"
            for unit in Unit:
                if rate_or_reason(example, unit, length, tier) != rate_or_reason(model, unit, length, tier):
                    yield (model.id, tier, size), unit


def test_the_shipped_prices_are_those_that_two_peers_agree_on(shipped: Catalog, examples: Catalog) -> None:
    different: dict[tuple[str, str, str], set[Unit]] = {}
    for example in examples.models():
        for place, unit in differences(example, shipped.resolve(example.id)):
            different.setdefault(place, set()).add(unit)

    assert different == DIFFERENT


def test_the_shipped_facts_are_those_of_the_examples(shipped: Catalog, examples: Catalog) -> None:
    pairs = [(example, shipped.resolve(example.id)) for example in examples.models()]

    assert [x.id for x, y in pairs if not set(x.aliases) <= set(y.aliases)] == []
    assert [x.id for x, y in pairs if x.mode != y.mode] == []
    assert [x.id for x, y in pairs if x.shutdown not in {None, y.shutdown}] == []
    assert [x.id for x, y in pairs if x.replacement not in {None, y.replacement}] == []
    assert [x.id for x, y in pairs if x.context not in {None, y.context}] == []
    assert [x.id for x, y in pairs if x.max_output not in {None, y.max_output}] == []
    assert [x.id for x, y in pairs if not x.regions.items() <= y.regions.items()] == []


def test_the_shipped_fees_are_those_of_the_examples(shipped: Catalog, examples: Catalog) -> None:
    """Google gives 1,500 free searches a day to gemini-2.5-pro; litellm's 10,000 were those of an older page."""
    free = {"google/gemini-2.5-pro": "1500/day"}
    different = []
    for example in examples.models():
        fees = shipped.resolve(example.id).period(DAY).standard.fees
        for name, fee in example.period(DAY).standard.fees.items():
            if (fee.usd, fee.per, free.get(example.id, fee.free)) != (fees[name].usd, fees[name].per, fees[name].free):
                different.append((example.id, name))

    assert different == []


@pytest.mark.parametrize(
    ("model_id", "day"),
    [
        ("openai/gpt-4o", date(2024, 5, 13)),
        ("openai/gpt-3.5-turbo", date(2023, 3, 1)),
        ("openai/gpt-3.5-turbo", date(2023, 6, 12)),
        ("openai/gpt-3.5-turbo", date(2023, 6, 13)),
    ],
)
def test_the_shipped_history_is_that_of_the_examples(
    shipped: Catalog, examples: Catalog, model_id: str, day: date
) -> None:
    assert examples.price(model_id, SHORT, at=day).usd == shipped.price(model_id, SHORT, at=day).usd


def test_no_model_has_a_price_before_it_was_sold(shipped: Catalog) -> None:
    with pytest.raises(NotSoldError, match="openai/gpt-4o has no price on 2024-05-12"):
        shipped.price("gpt-4o", SHORT, at=date(2024, 5, 12))


def test_the_vendor_and_azure_say_no_contrary_of_what_a_model_can_do(shipped: Catalog) -> None:
    vendor = {x.bare_name: x.capabilities for x in shipped.models(provider="openai")}
    pairs = [(x, vendor[x.bare_name]) for x in shipped.models(provider="azure") if x.bare_name in vendor]

    assert len(pairs) > 40
    assert [
        (x.id, need)
        for x, own in pairs
        for need in NEEDS
        if {x.capabilities.meets(need), own.meets(need)} >= {True, False}
    ] == []


def test_what_vendors_say_of_known_models_stands_in_the_table(shipped: Catalog) -> None:
    found = {x: shipped.resolve(x).capabilities for x in ("gpt-4o", "o3", "claude-haiku-4-5", "gemini-2.5-pro")}

    assert all(x.meets(need) for x in found.values() for need in ("vision", "pdf", "tools", "json_schema"))
    assert found["gemini-2.5-pro"].meets("audio")
    assert found["o3"].meets("audio") is False
    assert [x.reasoning for x in found.values()] == ["never", "always", "possible", "possible"]
