"""genai-prices' file of August 2026, against a calculator of the rules that reads the JSON itself."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.pricing.catalog import Catalog
from llmcost.pricing.cost import price_usage
from llmcost.pricing.model import Model
from llmcost.pricing.parse import check_pricing
from llmcost.pricing.sources.common import loads
from llmcost.pricing.sources.genai_prices import read
from llmcost.pricing.usage import Usage

from ..test_properties import usages
from . import laws

FILE = Path(__file__).parents[2] / "data" / "genai-prices-data-v2.json.xz"
DATA = loads(lzma.decompress(FILE.read_bytes()).decode(), FILE.name)
IMPORTED = read(DATA)
DAY = date(2026, 11, 22)

RULE = {
    "input": "input_mtok",
    "cache_read": "cache_read_mtok input_mtok",
    "cache_write": "cache_write_mtok input_mtok",
    "cache_write_1h": "cache_write_1h_mtok cache_write_mtok input_mtok",
    "audio_input": "input_audio_mtok input_mtok",
    "audio_cache_read": "cache_audio_read_mtok cache_read_mtok input_audio_mtok input_mtok",
    "image_input": "input_image_mtok input_mtok",
    "image_cache_read": "cache_image_read_mtok cache_read_mtok input_image_mtok input_mtok",
    "video_input": "input_video_mtok input_mtok",
    "output": "output_mtok",
    "reasoning": "output_reasoning_mtok output_mtok",
    "audio_output": "output_audio_mtok output_mtok",
    "image_output": "output_image_mtok output_mtok",
    "video_output": "output_video_mtok output_mtok",
}
"""Which price a kind of token has: the first of these that is set (PRICING.md 2.3, and the source's code for audio)."""
FEES = {
    "request": ("requests_kcount", 1000),
    "web_search": ("web_searches_kcount", 1000),
    "file_search": ("storage_searches_kcount", 1000),
    "page": ("input_document_kpages", 1000),
    "char_in": ("input_mchars", 1_000_000),
    "second": ("audio_hours", 3600),
}
CONTEXTS: tuple[tuple[str | None, dict[str, str]], ...] = (
    (None, {}),
    ("batch", {"processing": "batch"}),
    *((name, {"service_tier": name}) for name in ("flex", "priority", "fast")),
    ("fast", {"speed": "fast"}),
)


def active(rule: dict[str, str] | None, at: datetime) -> bool:
    """Tell whether a constraint of the source holds at a moment."""
    if not rule:
        return True
    if "start_date" in rule:
        return at.date() >= date.fromisoformat(rule["start_date"])
    start, end = (time.fromisoformat(rule[key]).replace(tzinfo=None) for key in ("start_time", "end_time"))
    return start <= at.time() < end if start <= end else at.time() >= start or at.time() < end


def prices_at(entry: dict[str, Any], at: datetime, context: dict[str, str]) -> dict[str, Any]:
    """Return the source's prices: the last active row, and over it of the variants asked for the first."""
    listed = entry["prices"]
    rows = listed if isinstance(listed, list) else [{"prices": listed}]
    found = dict(
        next((row["prices"] for row in reversed(rows) if active(row.get("constraint"), at)), rows[0]["prices"])
    )
    asked = [v for v in entry.get("price_variants", []) if v["when"].items() <= context.items()]
    for variant in reversed(asked):
        found.update(variant["prices"] if active(variant.get("constraint"), at) else {})
    return found


def dollars(entry: dict[str, Any], tokens: dict[str, int], at: datetime, context: dict[str, str]) -> Decimal:
    """Return what a request costs by the source's own file; `tokens` are disjoint, with fees counted by name."""
    prices = prices_at(entry, at, context)
    total_input = sum(n for name, n in tokens.items() if name in RULE and "output_mtok" not in RULE[name])
    cost = Decimal(0)
    for name, count in tokens.items():
        if name in FEES:
            key, per = FEES[name]
            cost += count * Decimal(prices[key]) / per
        else:
            price = next(prices[key] for key in RULE[name].split() if key in prices)
            if isinstance(price, dict):
                crossed = [t for t in price["tiers"] if total_input > t["start"]]
                price = max(crossed, key=lambda t: int(t["start"]))["price"] if crossed else price["base"]
            cost += count * Decimal(price) / 1_000_000
    return cost


def ours(model: Model, tokens: dict[str, int], at: date, tier: str | None) -> Decimal:
    """Return what our calculator says of the same tokens."""
    usage = laws.usage_of({name: n for name, n in tokens.items() if name in RULE})
    fees = {name: n for name, n in tokens.items() if name in FEES}
    return price_usage(model, usage, tier=tier, at=at, fees=fees).usd


def moments(entry: dict[str, Any]) -> list[datetime]:
    """Return a moment in every part of time in which an entry's prices differ, and at its borders."""
    found = [datetime(2026, 11, 22, 12, tzinfo=UTC)]
    listed = entry["prices"] if isinstance(entry["prices"], list) else []
    rules = [row.get("constraint") or {} for row in (*listed, *entry.get("price_variants", []))]
    for day in {date.fromisoformat(rule["start_date"]) for rule in rules if "start_date" in rule}:
        found += [datetime.combine(day, time(), UTC) - timedelta(minutes=1), datetime.combine(day, time(), UTC)]
    days = {moment.date() for moment in found}
    for rule in [rule for rule in rules if "start_time" in rule]:
        for day, key in product(days, ("start_time", "end_time")):
            border = datetime.combine(day, time.fromisoformat(rule[key]).replace(tzinfo=None), UTC)
            found += [border - timedelta(minutes=1), border]
    return found


def requests(prices: dict[str, Any]) -> Iterator[dict[str, int]]:
    """Yield requests that reach every price: each kind of token alone and all together, on both sides of a tier."""
    kinds = [name for name, keys in RULE.items() if any(key in prices for key in keys.split())]
    fees = {name: 7 for name, (key, _) in FEES.items() if key in prices and name != "request"}
    always = {"request": 1} if "requests_kcount" in prices else {}
    starts = {t["start"] for price in prices.values() if isinstance(price, dict) for t in price["tiers"]}
    others = {name: 100 + 10 * i for i, name in enumerate(kinds) if name != "input"}
    inputs = sum(n for name, n in others.items() if "output_mtok" not in RULE[name])
    for total in sorted({50_000, *starts, *(start + 1 for start in starts)}):
        yield {"input": total - inputs, **others, **fees, **always} if "input" in kinds else {**fees, **always}
    for kind in kinds:
        yield {kind: 1_000_003, **always}


def entries(data: Any) -> Iterator[tuple[str, dict[str, Any], Model]]:
    """Yield (id there, entry, our model); the order of the two is the same."""
    imported = read(data)
    table = imported.table("genai-prices")
    listed = data["providers"] if isinstance(data, dict) else data
    models = [(f"{provider['id']}/{entry['id']}", entry) for provider in listed for entry in provider["models"]]
    for (name, entry), model_id in zip(models, imported.models, strict=True):
        yield name, entry, table[model_id]


def cases(data: Any) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Yield (what, by the source, by us) over models with a price, moments, tiers and requests."""
    for name, entry, model in entries(data):
        if not model.priced:
            continue
        for at, (tier, context) in product(moments(entry), CONTEXTS):
            if tier is not None and tier not in model.period(at.date()).tiers:
                continue
            if tier is not None and not any(v["when"] == context for v in entry["price_variants"]):
                continue
            for tokens in requests(prices_at(entry, at, context)):
                yield f"{name} {at} {tier} {tokens}", dollars(entry, tokens, at, context), ours(model, tokens, at, tier)


def test_every_model_comes_through_and_passes_our_check() -> None:
    assert len(IMPORTED.models) == sum(len(provider["models"]) for provider in DATA) == 1466
    assert check_pricing(IMPORTED.tree()) == []


def test_what_is_left_out_is_counted() -> None:
    assert IMPORTED.reasons() == [
        ("prices: no price is given", 9),
        ("deprecated: it has no date", 8),
        ("match: the vendor's own model has this name", 3),
        ("output_citation_mtok: no such unit here", 1),
    ]


@pytest.mark.untraced
def test_every_model_costs_what_the_source_says() -> None:
    found = list(cases(DATA))

    assert [case for case in found if abs(case[1] - case[2]) > Decimal("1e-9")] == []
    assert len(found) > 7_000
    assert sum(1 for case in found if case[1] > 0) > 0.9 * len(found)


def test_every_listed_id_and_alias_means_its_own_model() -> None:
    catalog = Catalog([IMPORTED.table("genai-prices")], as_of=DAY)

    for model in catalog.models():
        assert catalog.resolve(model.id) is model
        for alias in model.aliases:
            assert catalog.resolve(f"{model.provider}/{alias}") is model


def test_providers_are_called_as_here() -> None:
    providers = {model_id.partition("/")[0] for model_id in IMPORTED.models}

    assert {"bedrock", "moonshot", "voyage", "xai", "vertex", "google", "openrouter"} <= providers
    assert not {"aws", "moonshotai", "voyageai", "x-ai"} & providers
    assert "vertex/claude-opus-5" in IMPORTED.models
    assert "google/gemini-2.5-pro" in IMPORTED.models


def test_what_goes_with_a_price_comes_along() -> None:
    provider = {"id": "x-ai", "pricing_urls": ["https://docs.x.ai/a", "https://docs.x.ai/b"]}
    match = {"or": [{"equals": "grok-M"}, {"equals": "grok"}, {"or": [{"equals": "xai-m"}]}, {"starts_with": "grok-"}]}
    entry = {"id": "Grok-M", "name": "Grok", "match": match, "context_window": 256000, "prices": {"input_mtok": 1}}

    assert read([{**provider, "models": [entry]}], checked=DAY).models == {
        "xai/grok-m": {
            "name": "Grok",
            "aliases": ["grok", "xai-m"],
            "context": "256000",
            "source": "https://docs.x.ai/a",
            "checked": "2026-11-22",
            "prices": {"input": "1"},
        }
    }


def test_an_alias_that_is_another_models_id_is_left_out() -> None:
    models = [
        {"id": "a", "match": {"or": [{"equals": "B"}, {"equals": "c"}]}, "prices": {"input_mtok": 1}},
        {"id": "b", "match": {"equals": "C"}, "prices": {"input_mtok": 2}},
    ]
    imported = read([{"id": "openai", "models": models}])

    assert imported.models["openai/a"]["aliases"] == ["c"]
    assert "aliases" not in imported.models["openai/b"]
    assert imported.reasons() == [("match: another model has this id", 2)]


def route(*prices: dict[str, Any]) -> list[dict[str, Any]]:
    days: list[dict[str, Any]] = [{}, {"constraint": {"start_date": "2026-11-03"}}]
    listed = zip(prices, days, strict=False)
    return [{"when": {"route": "mistral/eu"}, "prices": row, **day} for row, day in listed][::-1]


def test_the_form_with_units_beside_providers_reads_the_same() -> None:
    assert read({"units": {"input_tokens": {"per": 1000000}}, "providers": DATA}) == IMPORTED


def constraint(**rule: Any) -> list[Any]:
    return [{"prices": {"input_mtok": 1}}, {"constraint": rule, "prices": {"input_mtok": 2}}]


NIGHT = {"start_time": "01:00", "end_time": "02:00"}


def test_an_entry_without_an_id_and_a_second_one_with_the_same_are_listed() -> None:
    models = [{"id": "m", "prices": {"input_mtok": 1}}, {"id": "M", "prices": {"input_mtok": 2}}, {"id": 4}, "x"]
    imported = read([{"id": "openai", "models": models}])

    assert imported.models == {"openai/m": {"prices": {"input": "1"}}}
    assert imported.reasons() == [("id: another entry has this id", 1), ("models: an entry without an id", 1)]


numbers = st.one_of(
    st.decimals(min_value=0, max_value=1000, places=4).map(str), st.integers(0, 100), st.sampled_from(["x", -1, None])
)
tiered = st.fixed_dictionaries(
    {
        "base": numbers,
        "tiers": st.lists(
            st.fixed_dictionaries({"start": st.sampled_from([0, 9_999, 50_000]), "price": numbers}), max_size=3
        ),
    }
)
price_rows = st.dictionaries(
    st.sampled_from(["input_mtok", "output_mtok", "cache_read_mtok", "input_audio_mtok", "audio_hours", "other"]),
    numbers | tiered,
)
constraints = st.sampled_from(
    [
        None,
        {"start_date": "2026-01-01"},
        {"start_date": "2026-12-01"},
        NIGHT,
        {"start_time": "22:30", "end_time": "01:30"},
    ]
)
rows = st.fixed_dictionaries({"prices": price_rows, "constraint": constraints})
variants = st.fixed_dictionaries(
    {
        "when": st.sampled_from([{"processing": "batch"}, {"speed": "fast"}, {"route": "a/eu"}, {"x": "y"}]),
        "prices": price_rows,
        "constraint": constraints,
    }
)
documents = st.fixed_dictionaries(
    {
        "id": st.text(min_size=1, max_size=5),
        "match": st.sampled_from([{"equals": "m"}, {"or": [{"equals": "a"}, {"equals": "b"}]}]),
        "prices": price_rows | st.lists(rows, max_size=4),
        "price_variants": st.lists(variants, max_size=3),
    }
)
sold_rows = st.builds(
    lambda row, rest: {**rest, **row},
    st.fixed_dictionaries({"input_mtok": st.integers(0, 9), "output_mtok": tiered}),
    price_rows,
)


@given(st.lists(documents, min_size=1, max_size=3))
def test_whatever_the_file_says_the_models_pass_our_check(listed: list[Any]) -> None:
    imported = read([{"id": "openai", "models": listed}])

    assert not imported.models or check_pricing(imported.tree()) == []


SOLD = laws.sold(IMPORTED)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(SOLD), usages(), st.sampled_from([DAY, datetime(2026, 11, 23, 2, tzinfo=UTC)]))
def test_the_laws_of_bills_hold_for_every_model(model: Model, usage: Usage, at: date) -> None:
    laws.hold(model, usage, None, at)


@settings(deadline=None, max_examples=60)
@given(documents, st.data(), st.sampled_from([DAY, datetime(2026, 11, 23, 1, 30, tzinfo=UTC)]))
def test_the_laws_of_bills_hold_for_models_of_any_file(document: Any, data: st.DataObject, at: date) -> None:
    document = {
        **document,
        "id": "m",
        "prices": data.draw(
            sold_rows
            | st.lists(st.fixed_dictionaries({"prices": sold_rows, "constraint": constraints}), min_size=1, max_size=3)
        ),
    }
    for model in laws.sold(read([{"id": "openai", "models": [document]}])):
        laws.hold(model, data.draw(usages()), data.draw(st.sampled_from(laws.tiers(model))), at)
