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
from llmcost.pricing.sources.common import Imported, Skipped, loads
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
    part = {name: n for name, n in tokens.items() if name in RULE}
    got = part.get
    usage = Usage(
        input_tokens=sum(n for name, n in part.items() if "output_mtok" not in RULE[name]),
        output_tokens=sum(n for name, n in part.items() if "output_mtok" in RULE[name]),
        cache_read_tokens=got("cache_read", 0) + got("audio_cache_read", 0) + got("image_cache_read", 0),
        cache_write_tokens=got("cache_write", 0) + got("cache_write_1h", 0),
        cache_write_1h_tokens=got("cache_write_1h", 0),
        audio_input_tokens=got("audio_input", 0) + got("audio_cache_read", 0),
        audio_cache_read_tokens=got("audio_cache_read", 0),
        image_input_tokens=got("image_input", 0) + got("image_cache_read", 0),
        image_cache_read_tokens=got("image_cache_read", 0),
        video_input_tokens=got("video_input", 0),
        reasoning_tokens=got("reasoning", 0),
        audio_output_tokens=got("audio_output", 0),
        image_output_tokens=got("image_output", 0),
        video_output_tokens=got("video_output", 0),
    )
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


def one(prices: Any, **entry: Any) -> Imported:
    """Import a single entry."""
    return read([{"id": "openai", "models": [{"id": "m", "prices": prices, **entry}]}])


def tree(prices: Any, **entry: Any) -> Any:
    """Return what becomes of a single entry, of which nothing is left out."""
    imported = one(prices, **entry)
    assert imported.skipped == ()
    assert check_pricing(imported.tree()) == []
    return imported.models["openai/m"]


def test_every_model_comes_through_and_passes_our_check() -> None:
    assert len(IMPORTED.models) == sum(len(provider["models"]) for provider in DATA) == 1466
    assert check_pricing(IMPORTED.tree()) == []


def test_what_is_left_out_is_counted() -> None:
    assert IMPORTED.reasons() == [
        ("prices: no price is given", 9),
        ("deprecated: it does not say from which day", 8),
        ("match: the vendor's own model has this name", 3),
        ("output_citation_mtok: no such unit here", 1),
    ]


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


def test_a_row_of_prices_is_a_row_of_rates() -> None:
    prices = {"input_mtok": 3, "output_mtok": "15", "cache_read_mtok": "0.30", "cache_write_5m_mtok": "3.75"}

    assert tree(prices)["prices"] == {"input": "3", "output": "15", "cache_read": "0.3", "cache_write": "3.75"}


def test_cached_audio_costs_what_audio_does_where_nothing_cached_has_a_price() -> None:
    batch = [{"when": {"processing": "batch"}, "prices": {"input_audio_mtok": 2}}]
    dear = {"base": 4, "tiers": [{"start": 9000, "price": 5}]}

    assert tree({"input_mtok": 1, "input_audio_mtok": dear}, price_variants=batch)["prices"] == {
        "input": "1",
        "audio_input": "4",
        "audio_cache_read": "4",
        "long_context": [{"above": "9000", "audio_input": "5", "audio_cache_read": "5"}],
        "tiers": {"batch": {"audio_input": "2", "audio_cache_read": "2"}},
    }
    cached = {"input_mtok": 1, "input_image_mtok": 4, "cache_read_mtok": "0.1"}
    assert tree(cached, price_variants=batch)["prices"] == {
        "input": "1",
        "image_input": "4",
        "cache_read": "0.1",
        "tiers": {"batch": {"audio_input": "2"}},
    }


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


def test_clauses_that_match_more_than_one_id_are_no_aliases() -> None:
    match = {"and": [{"equals": "a"}, {"contains": "a"}], "regex": "a"}

    assert "aliases" not in tree({"input_mtok": 1}, match=match)
    assert "aliases" not in tree({"input_mtok": 1}, match={"or": "a"})
    assert "aliases" not in tree({"input_mtok": 1}, match={"or": [{"equals": ""}, {"equals": 4}]})


def test_an_alias_that_is_another_models_id_is_left_out() -> None:
    models = [
        {"id": "a", "match": {"or": [{"equals": "B"}, {"equals": "c"}]}, "prices": {"input_mtok": 1}},
        {"id": "b", "match": {"equals": "C"}, "prices": {"input_mtok": 2}},
    ]
    imported = read([{"id": "openai", "models": models}])

    assert imported.models["openai/a"]["aliases"] == ["c"]
    assert "aliases" not in imported.models["openai/b"]
    assert imported.reasons() == [("match: another model has this id", 2)]


def test_a_tier_holds_strictly_above_its_start() -> None:
    tiered = {"base": "1.25", "tiers": [{"start": 200000, "price": "2.50"}]}
    prices = {"input_mtok": tiered, "cache_read_mtok": "0.125", "output_mtok": {**tiered, "base": 10}}

    assert tree(prices)["prices"] == {
        "input": "1.25",
        "cache_read": "0.125",
        "output": "10",
        "long_context": [{"above": "200000", "input": "2.5", "output": "2.5"}],
    }


def test_a_start_of_199_999_is_from_200_000() -> None:
    tiered = {"base": 2, "tiers": [{"start": 199999, "price": 4}, {"start": 0, "price": 3}]}

    assert tree({"input_mtok": tiered})["prices"] == {
        "input": "2",
        "long_context": [{"from_tokens": "1", "input": "3"}, {"from_tokens": "200000", "input": "4"}],
    }


def test_a_day_starts_a_dated_price_and_one_that_changes_nothing_starts_none() -> None:
    rows = [
        {"prices": {"input_mtok": 10, "output_mtok": 40}},
        {"constraint": {"start_date": "2025-06-10"}, "prices": {"input_mtok": 2, "output_mtok": 8}},
        {"constraint": {"start_date": "2025-08-01"}, "prices": {"input_mtok": 2, "output_mtok": 8}},
    ]

    assert tree(rows)["prices"] == [
        {"input": "10", "output": "40"},
        {"from": "2025-06-10", "input": "2", "output": "8"},
    ]


def test_of_two_active_rows_the_later_in_the_list_wins() -> None:
    rows = [
        {"constraint": {"start_date": "2026-01-01"}, "prices": {"input_mtok": 1}},
        {"prices": {"input_mtok": 2}},
        {"constraint": {"start_date": "2025-01-01"}, "prices": {"input_mtok": 3}},
    ]

    assert tree(rows)["prices"] == [{"input": "2"}, {"from": "2025-01-01", "input": "3"}]


def test_where_no_row_is_active_the_first_one_holds() -> None:
    rows = [{"constraint": {"start_date": "2026-01-01"}, "prices": {"input_mtok": 1}}]

    assert tree(rows)["prices"] == {"input": "1"}


def test_hours_are_peak_hours_and_those_with_one_price_stand_together() -> None:
    peak = {"input_mtok": "0.3", "cache_read_mtok": "0.006", "output_mtok": "1.2"}
    rows = [
        {"prices": {"input_mtok": "0.15", "cache_read_mtok": "0.003", "output_mtok": "0.6"}},
        {"constraint": {"start_time": "01:00:00Z", "end_time": "04:00:00Z"}, "prices": peak},
        {"constraint": {"start_time": "08:00:00+02:00", "end_time": "10:00"}, "prices": peak},
    ]

    assert tree(rows)["prices"] == {
        "input": "0.15",
        "cache_read": "0.003",
        "output": "0.6",
        "schedule": [
            {"utc": ["01:00-04:00", "06:00-10:00"], "input": "0.3", "cache_read": "0.006", "output": "1.2"},
        ],
    }


def test_a_rate_that_peak_hours_lack_falls_back_within_them() -> None:
    rows = [
        {"prices": {"input_mtok": 1, "cache_read_mtok": "0.1", "requests_kcount": 5}},
        {"constraint": {"start_time": "22:00", "end_time": "02:00"}, "prices": {"input_mtok": 2, "requests_kcount": 5}},
        {"constraint": {"start_time": "23:00", "end_time": "00:00"}, "prices": {"input_mtok": 4, "requests_kcount": 5}},
    ]

    assert tree(rows)["prices"]["schedule"] == [
        {"utc": ["23:00-00:00"], "input": "4", "cache_read": "4"},
        {"utc": ["22:00-02:00"], "input": "2", "cache_read": "2"},
    ]


def test_hours_hold_in_every_period_that_starts_before_them_in_the_list() -> None:
    hours = {"constraint": {"start_time": "01:00", "end_time": "02:00"}, "prices": {"input_mtok": 9}}
    rows = [
        {"prices": {"input_mtok": 1}},
        hours,
        {"constraint": {"start_date": "2026-08-17"}, "prices": {"input_mtok": 2}},
    ]
    window = [{"utc": ["01:00-02:00"], "input": "9"}]

    assert tree(rows)["prices"] == [{"input": "1", "schedule": window}, {"from": "2026-08-17", "input": "2"}]


@pytest.mark.parametrize(
    ("when", "tier"),
    [
        ({"processing": "batch"}, "batch"),
        ({"service_tier": "flex"}, "flex"),
        ({"service_tier": "priority"}, "priority"),
        ({"service_tier": "fast"}, "fast"),
        ({"speed": "fast"}, "fast"),
    ],
)
def test_a_variant_is_a_service_tier(when: dict[str, str], tier: str) -> None:
    tiered = {"base": 1, "tiers": [{"start": 272000, "price": 2}]}
    variants = [
        {"when": {"service_tier": "default"}, "prices": {}},
        {"when": when, "prices": {"input_mtok": tiered, "web_searches_kcount": 5}},
    ]

    found = tree({"input_mtok": 2, "output_mtok": 8}, price_variants=variants)["prices"]

    assert found["tiers"] == {
        tier: {"input": "1", "long_context": [{"above": "272000", "input": "2"}], "fees": {"web_search": "0.005"}}
    }


def test_a_variant_with_a_day_starts_a_period_and_the_first_that_sets_a_price_wins() -> None:
    variants = [
        {"when": {"processing": "batch"}, "prices": {"input_mtok": 1}, "constraint": {"start_date": "2026-10-14"}},
        {"when": {"processing": "batch"}, "prices": {"input_mtok": "1.2", "output_mtok": 4}},
    ]

    assert tree({"input_mtok": 2, "output_mtok": 8}, price_variants=variants)["prices"] == [
        {"input": "2", "output": "8", "tiers": {"batch": {"input": "1.2", "output": "4"}}},
        {"from": "2026-10-14", "input": "2", "output": "8", "tiers": {"batch": {"input": "1", "output": "4"}}},
    ]


def test_a_tier_keeps_its_rates_in_the_standard_tiers_peak_hours() -> None:
    rows = [
        {"prices": {"input_mtok": 1, "output_mtok": 2}},
        {"constraint": {"start_time": "01:00", "end_time": "02:00"}, "prices": {"input_mtok": 3, "output_mtok": 4}},
    ]
    batch = [{"when": {"processing": "batch"}, "prices": {"input_mtok": "0.5"}}]

    assert tree(rows, price_variants=batch)["prices"]["tiers"] == {
        "batch": {"input": "0.5", "schedule": [{"utc": ["01:00-02:00"], "input": "0.5"}]}
    }


def test_a_tier_of_units_without_peak_rates_needs_no_hours() -> None:
    rows = [
        {"prices": {"input_mtok": 1}},
        {"constraint": {"start_time": "01:00", "end_time": "02:00"}, "prices": {"input_mtok": 3}},
    ]
    batch = [{"when": {"processing": "batch"}, "prices": {"output_mtok": "0.5"}}]

    assert tree(rows, price_variants=batch)["prices"]["tiers"] == {"batch": {"output": "0.5"}}


def route(*prices: dict[str, Any]) -> list[dict[str, Any]]:
    days: list[dict[str, Any]] = [{}, {"constraint": {"start_date": "2026-11-03"}}]
    listed = zip(prices, days, strict=False)
    return [{"when": {"route": "mistral/eu"}, "prices": row, **day} for row, day in listed][::-1]


def test_a_route_that_is_one_multiple_of_every_rate_is_a_region() -> None:
    tiered = {"base": "0.7", "tiers": [{"start": 9, "price": "1"}]}
    rows = [
        {"prices": {"input_mtok": "0.68", "output_mtok": "2.09"}},
        {"constraint": {"start_date": "2026-11-03"}, "prices": {"input_mtok": tiered, "output_mtok": "2.1"}},
    ]
    dearer = {"base": "0.77", "tiers": [{"start": 9, "price": "1.1"}]}
    variants = route(
        {"input_mtok": "0.748", "output_mtok": "2.299"},
        {"input_mtok": dearer, "output_mtok": "2.31"},
    )

    assert tree(rows, price_variants=variants)["regions"] == {"eu": "1.1"}


@pytest.mark.parametrize(
    ("prices", "variants"),
    [
        ({"input_mtok": 1, "output_mtok": 2}, route({"input_mtok": "1.1", "output_mtok": "2.4"})),
        ({"input_mtok": 1, "output_mtok": 2}, route({"input_mtok": "1.1"})),
        ({"input_mtok": 1}, route({"input_mtok": 1, "requests_kcount": 1})),
        ({"input_mtok": 1}, route({"input_mtok": 0})),
        ({"input_mtok": 1}, route({"input_mtok": 101})),
        ({"input_mtok": 1}, route({"input_mtok": 2}, {"input_mtok": 3})),
        ({"input_mtok": 0}, route({"input_mtok": 1})),
        ({"input_mtok": 1}, route({}, {"input_mtok": 2})[:1]),
        (
            [
                {"prices": {"input_mtok": 1}},
                {"constraint": {"start_time": "01:00", "end_time": "02:00"}, "prices": {"input_mtok": 2}},
            ],
            route({"input_mtok": 2}),
        ),
    ],
)
def test_a_route_that_is_not_one_multiple_is_left_out(prices: Any, variants: Any) -> None:
    imported = one(prices, price_variants=variants)

    assert "regions" not in imported.models["openai/m"]
    assert ("price_variants.route: not one multiple of the standard rates", 1) in imported.reasons()


def test_kilo_counts_hours_and_characters_are_fees_for_one() -> None:
    prices = {
        "requests_kcount": 12,
        "web_searches_kcount": "2.5",
        "storage_searches_kcount": "2.5",
        "rerank_searches_kcount": 2,
        "input_document_kpages": 1,
        "input_mchars": 22,
        "audio_hours": "3.6",
        "input_audio_hours": "3.6",
    }

    assert tree({"input_mtok": 1, **prices})["prices"]["fees"] == {
        "request": "0.012",
        "web_search": "0.0025",
        "file_search": "0.0025",
        "query": "0.002",
        "page": "0.001",
        "char_in": "0.000022",
        "second": "0.001",
    }


@pytest.mark.parametrize(
    ("model_id", "prices", "mode"),
    [
        ("text-embedding-9", {"input_mtok": 1}, "embedding"),
        ("rerank-9", {"input_mtok": 1}, "rerank"),
        ("davinci", {"input_mtok": 1}, None),
        ("embed-chat", {"input_mtok": 1, "output_mtok": 1}, None),
        ("whisper", {"audio_hours": 1}, "audio"),
        ("scan", {"input_document_kpages": 1}, "ocr"),
        ("search", {"web_searches_kcount": 1}, None),
    ],
)
def test_an_entry_without_a_price_for_output_is_no_chat_where_that_is_clear(
    model_id: str, prices: dict[str, Any], mode: str | None
) -> None:
    imported = one(prices, id=model_id)

    assert imported.models[f"openai/{model_id}"].get("mode") == mode
    assert check_pricing(imported.tree()) == []


def test_free_is_what_is_called_free_without_a_price_or_costs_zero() -> None:
    free = one({}, id="m:free")

    assert free.models["openai/m:free"] == {"free": "true", "prices": {"input": "0", "output": "0"}}
    assert tree({"input_mtok": 0, "output_mtok": 0})["free"] == "true"
    assert one({"input_mtok": "gratis"}, id="m:free").models["openai/m:free"] == {"prices": {}}


def test_a_free_variant_has_no_alias_that_does_not_say_free() -> None:
    match = {"or": [{"equals": "m"}, {"equals": "m-2026:FREE"}]}

    assert one({}, id="m:free", match=match).models["openai/m:free"]["aliases"] == ["m-2026:free"]


def test_a_model_without_a_price_has_none_here() -> None:
    imported = one({})

    assert imported.models["openai/m"] == {"prices": {}}
    assert imported.skipped == (Skipped(model="openai/m", key="prices", why="no price is given"),)
    assert check_pricing(imported.tree()) == []


def test_the_form_with_units_beside_providers_reads_the_same() -> None:
    assert read({"units": {"input_tokens": {"per": 1000000}}, "providers": DATA}) == IMPORTED


@pytest.mark.parametrize(
    ("model_id", "ours_is"),
    [("~anthropic/claude-latest", "anthropic/claude-latest"), ("@cf/meta/Llama 3", "cf/meta/llama-3")],
)
def test_an_id_that_is_none_here_becomes_one_and_stays_as_an_alias(model_id: str, ours_is: str) -> None:
    imported = one({"input_mtok": 1}, id=model_id, match={"equals": model_id})

    assert imported.models == {f"openai/{ours_is}": {"aliases": [model_id.lower()], "prices": {"input": "1"}}}
    assert check_pricing(imported.tree()) == []


def constraint(**rule: Any) -> list[Any]:
    return [{"prices": {"input_mtok": 1}}, {"constraint": rule, "prices": {"input_mtok": 2}}]


TIERED = {"base": 1, "tiers": [{"start": 10, "price": 2}]}
NIGHT = {"start_time": "01:00", "end_time": "02:00"}


@pytest.mark.parametrize(
    ("prices", "entry", "reason"),
    [
        ({"input_mtok": 1, "input_gpixels": 1}, {}, "input_gpixels: no such unit here"),
        ({"input_mtok": 1, "tool_use_kcount": {"web_search": 1}}, {}, "tool_use_kcount: no such unit here"),
        ({"input_mtok": 1, "output_mtok": "NaN"}, {}, "output_mtok: not a price in range"),
        ({"input_mtok": 1, "output_mtok": -1}, {}, "output_mtok: not a price in range"),
        ({"input_mtok": 1, "output_mtok": "1e99"}, {}, "output_mtok: not a price in range"),
        ({"input_mtok": 1, "output_mtok": True}, {}, "output_mtok: not a price in range"),
        ({"input_mtok": 1, "output_mtok": {}}, {}, "output_mtok: not a price in range"),
        ({"input_mtok": 1, "requests_kcount": TIERED}, {}, "requests_kcount: not a price in range"),
        (
            {"input_mtok": 1, "cache_write_mtok": 1, "cache_write_5m_mtok": 2},
            {},
            "cache_write_5m_mtok: another price of cache_write is there",
        ),
        (
            {"input_mtok": 1, "audio_hours": 1, "input_audio_hours": 2},
            {},
            "input_audio_hours: another price of second is there",
        ),
        ({"input_mtok": {"base": 1, "tiers": None}}, {}, "input_mtok: a tier without a start and a price"),
        (
            {"input_mtok": {"base": 1, "tiers": [{"start": -1, "price": 1}]}},
            {},
            "input_mtok: a tier without a start and a price",
        ),
        ({"input_mtok": {"base": 1, "tiers": [{"start": 1}]}}, {}, "input_mtok: a tier without a start and a price"),
        ([4, {"prices": {"input_mtok": 1}}], {}, "prices: not a mapping of prices"),
        (constraint(start_date="soon"), {}, "constraint: neither a day nor some whole minutes of the day"),
        (constraint(start_date=4), {}, "constraint: neither a day nor some whole minutes of the day"),
        (constraint(start_time="01:00"), {}, "constraint: neither a day nor some whole minutes of the day"),
        (
            constraint(start_time="01:00:30", end_time="02:00"),
            {},
            "constraint: neither a day nor some whole minutes of the day",
        ),
        (
            constraint(start_time="01:00", end_time="01:00"),
            {},
            "constraint: neither a day nor some whole minutes of the day",
        ),
        (
            [{"prices": {"input_mtok": 1}}, {"constraint": NIGHT, "prices": {"input_mtok": TIERED}}],
            {},
            "schedule: long-context rates in peak hours",
        ),
        (
            [{"prices": {"input_mtok": 1}}, {"constraint": NIGHT, "prices": {"input_mtok": 2, "requests_kcount": 1}}],
            {},
            "schedule: fees that differ in peak hours",
        ),
        (
            [{"prices": {"input_mtok": 1}}, {"constraint": NIGHT, "prices": {"input_mtok": 2}}],
            {"price_variants": [{"when": {"speed": "fast"}, "prices": {"input_mtok": TIERED}}]},
            "schedule: long-context rates of a tier in peak hours",
        ),
        *(
            ({"input_mtok": 1}, {"price_variants": [variant]}, reason)
            for variant, reason in (
                (4, "prices: not a mapping of prices"),
                (
                    {"when": {"search_type": "fast"}, "prices": {"input_mtok": 1}},
                    "price_variants.search_type: not one service tier or region at all hours",
                ),
                (
                    {"when": {"service_tier": "default"}, "prices": {"input_mtok": 1}},
                    "price_variants.service_tier: not one service tier or region at all hours",
                ),
                (
                    {"when": {"service_tier": 1}, "prices": {"input_mtok": 1}},
                    "price_variants.service_tier: not one service tier or region at all hours",
                ),
                (
                    {"when": {"speed": "fast", "processing": "batch"}, "prices": {"input_mtok": 1}},
                    "price_variants.: not one service tier or region at all hours",
                ),
                (
                    {"when": {"speed": "fast"}, "constraint": NIGHT, "prices": {"input_mtok": 1}},
                    "price_variants.speed: not one service tier or region at all hours",
                ),
            )
        ),
        ({"input_mtok": 1}, {"deprecated": True}, "deprecated: it does not say from which day"),
    ],
)
def test_what_our_form_cannot_say_is_listed_and_the_rest_comes_through(
    prices: Any, entry: dict[str, Any], reason: str
) -> None:
    imported = one(prices, **entry)

    assert imported.reasons() == [(reason, 1)]
    assert check_pricing(imported.tree()) == []
    listed = imported.models["openai/m"]["prices"]
    assert (listed[0] if isinstance(listed, list) else listed)["input"] == "1"


def test_an_entry_without_an_id_and_a_second_one_with_the_same_are_listed() -> None:
    models = [{"id": "m", "prices": {"input_mtok": 1}}, {"id": "M", "prices": {"input_mtok": 2}}, {"id": 4}, "x"]
    imported = read([{"id": "openai", "models": models}])

    assert imported.models == {"openai/m": {"prices": {"input": "1"}}}
    assert imported.reasons() == [("id: another entry has this id", 1), ("models: an entry without an id", 1)]


@pytest.mark.parametrize(
    "broken", [{"prices": None}, {"prices": []}, {"prices": {"input_mtok": 1}, "name": " ", "context_window": 0}]
)
def test_a_broken_entry_breaks_no_table(broken: dict[str, Any]) -> None:
    imported = one(**broken)

    assert imported.models.keys() == {"openai/m"}
    assert check_pricing(imported.tree()) == []


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


@settings(deadline=None, max_examples=100)
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
