"""OpenRouter's list of models; the samples are made by hand after the documented form (its OpenAPI file, August 2026)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.pricing.catalog import Catalog
from llmcost.pricing.cost import price_usage
from llmcost.pricing.parse import check_pricing
from llmcost.pricing.sources.common import Imported, loads
from llmcost.pricing.sources.openrouter import read
from llmcost.pricing.table import ModelTable
from llmcost.pricing.usage import Usage

from ..test_properties import usages
from . import laws

DAY = date(2026, 11, 22)
SAMPLE = """{"data": [
  {"id": "openai/gpt-4o", "canonical_slug": "openai/gpt-4o", "name": "OpenAI: GPT-4o", "created": 1715558400,
   "context_length": 128000, "architecture": {"modality": "text+image->text"},
   "pricing": {"prompt": "0.0000025", "completion": "0.00001", "request": "0", "image": "0.003613", "web_search": "0",
               "internal_reasoning": "0", "input_cache_read": "0.00000125"},
   "top_provider": {"context_length": 128000, "max_completion_tokens": 16384, "is_moderated": true},
   "per_request_limits": null, "expiration_date": "2027-01-14"},
  {"id": "google/gemini-2.5-pro", "canonical_slug": "google/gemini-2.5-pro-20260617", "name": "Google: Gemini 2.5 Pro",
   "context_length": 1048576,
   "pricing": {"prompt": "0.00000125", "completion": "0.00001", "input_cache_read": "0.000000125",
               "input_cache_write": "0.000000375", "input_cache_write_1h": "0.0000025", "audio": "0.00000125",
               "input_audio_cache": "0.0000002", "audio_output": "0.00002", "image_token": "0.00000125",
               "web_search": "0.014", "request": "0.001", "image_output": "0.04", "discount": 0,
               "overrides": [{"min_prompt_tokens": 200000, "prompt": "0.0000025", "completion": "0.000015",
                              "input_cache_read": "0.00000025"}]},
   "top_provider": {"context_length": 1048576, "max_completion_tokens": null}},
  {"id": "openrouter/auto", "canonical_slug": "openrouter/auto", "name": "Auto Router", "context_length": 2000000,
   "pricing": {"prompt": "-1", "completion": "-1"}, "top_provider": {}},
  {"id": "deepseek/deepseek-r1:free", "canonical_slug": "deepseek/deepseek-r1", "name": "DeepSeek: R1 (free)",
   "context_length": 163840, "pricing": {"prompt": "0", "completion": "0", "request": "0", "image": "0"}},
  {"id": "~anthropic/claude-opus-latest", "canonical_slug": "~anthropic/claude-opus-latest", "name": "Claude Opus Latest",
   "context_length": 1000000, "pricing": {"prompt": "0.000005", "completion": "0.000025"}}
]}"""


def one(pricing: Any, **item: Any) -> Imported:
    """Import a single model."""
    return read({"data": [{"id": "vendor/m", "pricing": pricing, **item}]})


def test_the_documented_form_becomes_ours() -> None:
    imported = read(loads(SAMPLE, "OpenRouter"), checked=DAY)

    assert check_pricing(imported.tree()) == []
    assert imported.models == {
        "openrouter/openai/gpt-4o": {
            "name": "OpenAI: GPT-4o",
            "context": "128000",
            "max_output": "16384",
            "shutdown": "2027-01-14",
            "source": "https://openrouter.ai/openai/gpt-4o",
            "checked": "2026-11-22",
            "prices": {"input": "2.5", "output": "10", "cache_read": "1.25", "fees": {"image_in": "0.003613"}},
        },
        "openrouter/google/gemini-2.5-pro": {
            "name": "Google: Gemini 2.5 Pro",
            "aliases": ["google/gemini-2.5-pro-20260617"],
            "context": "1048576",
            "source": "https://openrouter.ai/google/gemini-2.5-pro",
            "checked": "2026-11-22",
            "prices": {
                "input": "1.25",
                "output": "10",
                "cache_read": "0.125",
                "cache_write": "0.375",
                "cache_write_1h": "2.5",
                "audio_input": "1.25",
                "audio_cache_read": "0.2",
                "audio_output": "20",
                "image_input": "1.25",
                "fees": {"request": "0.001", "web_search": "0.014", "image_out": "0.04"},
                "long_context": [{"above": "200000", "input": "2.5", "output": "15", "cache_read": "0.25"}],
            },
        },
        "openrouter/openrouter/auto": {
            "name": "Auto Router",
            "context": "2000000",
            "source": "https://openrouter.ai/openrouter/auto",
            "checked": "2026-11-22",
            "prices": {},
        },
        "openrouter/deepseek/deepseek-r1:free": {
            "name": "DeepSeek: R1 (free)",
            "context": "163840",
            "free": "true",
            "source": "https://openrouter.ai/deepseek/deepseek-r1:free",
            "checked": "2026-11-22",
            "prices": {"input": "0", "output": "0"},
        },
        "openrouter/anthropic/claude-opus-latest": {
            "name": "Claude Opus Latest",
            "aliases": ["~anthropic/claude-opus-latest"],
            "context": "1000000",
            "source": "https://openrouter.ai/~anthropic/claude-opus-latest",
            "checked": "2026-11-22",
            "prices": {"input": "5", "output": "25"},
        },
    }
    assert [(x.model, x.key, x.why) for x in imported.skipped] == [
        ("openrouter/openai/gpt-4o", "internal_reasoning", "0 next to other prices: taken as not charged separately"),
        ("openrouter/openrouter/auto", "pricing", "it depends on the request (-1)"),
    ]


def test_a_request_costs_what_the_documented_prices_say() -> None:
    table = read(loads(SAMPLE, "OpenRouter")).table("openrouter")
    gemini = table["openrouter/google/gemini-2.5-pro"]
    usage = Usage(input_tokens=200_000, cache_read_tokens=100_000, output_tokens=1_000)
    longer = Usage(input_tokens=200_001, cache_read_tokens=100_000, output_tokens=1_000)

    assert price_usage(gemini, usage, at=DAY).usd == Decimal("0.125") + Decimal("0.0125") + Decimal("0.01") + Decimal(
        "0.001"
    )
    assert price_usage(gemini, longer, at=DAY).usd == Decimal("0.2500025") + Decimal("0.025") + Decimal(
        "0.015"
    ) + Decimal("0.001")


def test_the_id_at_openrouter_means_openrouters_model_only_where_nobody_else_has_it() -> None:
    imported = read(loads(SAMPLE, "OpenRouter")).table("openrouter")
    vendor = ModelTable({"openai/gpt-4o": {"prices": {"input": "1"}}}, "vendor")
    own = {"openai/gpt-5": {"aliases": ["google/gemini-2.5-pro-20260617"], "prices": {"input": "1"}}}
    alone = Catalog([imported], as_of=DAY)
    beside = Catalog([vendor, ModelTable(own, "own"), imported], as_of=DAY)

    assert alone.resolve("openai/gpt-4o").id == "openrouter/openai/gpt-4o"
    assert alone.resolve("~anthropic/claude-opus-latest").id == "openrouter/anthropic/claude-opus-latest"
    assert beside.resolve("openai/gpt-4o").id == "openai/gpt-4o"
    assert beside.resolve("google/gemini-2.5-pro-20260617").id == "openai/gpt-5"
    assert beside.resolve("google/gemini-2.5-pro").id == "openrouter/google/gemini-2.5-pro"


def test_a_slug_that_is_another_models_id_is_no_alias() -> None:
    models = [
        {"id": "a/m", "canonical_slug": "a/m-2026", "pricing": {"prompt": "1e-6"}},
        {"id": "a/b", "canonical_slug": "a/m", "pricing": {"prompt": "1e-6"}},
        {"id": "a/m-fast", "canonical_slug": "a/m-2026", "pricing": {"prompt": "2e-6"}},
    ]
    imported = read({"data": models})

    assert {key: tree.get("aliases") for key, tree in imported.models.items()} == {
        "openrouter/a/m": ["a/m-2026"],
        "openrouter/a/b": None,
        "openrouter/a/m-fast": None,
    }
    assert imported.reasons() == [("canonical_slug: another model has this id", 2)]
    assert check_pricing(imported.tree()) == []


@pytest.mark.parametrize("variant", ["free", "thinking"])
def test_the_name_of_the_model_never_means_a_variant_of_it(variant: str) -> None:
    imported = one(BASE, id=f"a/m:{variant}", canonical_slug="a/m")

    assert "aliases" not in imported.models[f"openrouter/a/m:{variant}"]
    assert "a/m" not in Catalog([imported.table("openrouter")], as_of=DAY)


BASE = {"prompt": "0.000001", "completion": "0.000002"}


def test_an_entry_without_an_id_and_a_second_one_with_the_same_are_listed() -> None:
    imported = read({"data": [{"id": "a/m", "pricing": BASE}, {"id": "A/M", "pricing": {}}, {"id": 4}, "x"]})

    assert list(imported.models) == ["openrouter/a/m"]
    assert imported.reasons() == [("id: another entry has this id", 1), ("data: an entry without an id", 1)]


amounts = st.decimals(min_value=0, max_value=Decimal("0.001"), places=9).map(str)
KEYS = [
    "input_cache_read",
    "input_cache_write",
    "internal_reasoning",
    "audio",
    "image_token",
    "image",
    "request",
    "discount",
]
conditions = st.sampled_from(
    [
        {"min_prompt_tokens": 10_000},
        {"min_prompt_tokens": 50_000},
        {"utc_start": 100, "utc_end": 400},
        {"utc_start": 2300, "utc_end": 200},
        {},
    ]
)
overrides = st.builds(
    lambda condition, rates: {**condition, **rates},
    conditions,
    st.dictionaries(st.sampled_from(["prompt", "completion", "input_cache_read"]), amounts),
)
pricings = st.builds(
    lambda main, rest, extra: {**main, **rest, **extra},
    st.fixed_dictionaries({"prompt": amounts, "completion": amounts}),
    st.dictionaries(st.sampled_from(KEYS), amounts | st.sampled_from(["-1", "0", "x", None])),
    st.fixed_dictionaries({"overrides": st.lists(overrides, max_size=4)}),
)


@given(st.lists(st.tuples(st.text(max_size=8), pricings), min_size=1, max_size=4))
def test_whatever_the_answer_says_the_models_pass_our_check(listed: list[tuple[str, Any]]) -> None:
    imported = read({"data": [{"id": f"vendor/x{name}y", "pricing": pricing} for name, pricing in listed]})

    assert check_pricing(imported.tree()) == []


@settings(deadline=None, max_examples=60)
@given(pricings, usages(), st.sampled_from([DAY, datetime(2026, 11, 23, 1, 30, tzinfo=UTC)]))
def test_the_laws_of_bills_hold_for_any_answer(pricing: Any, usage: Usage, at: date) -> None:
    for model in laws.sold(one(pricing)):
        laws.hold(model, usage, None, at)


@settings(deadline=None, max_examples=60)
@given(st.lists(overrides, max_size=4), st.sampled_from([9_999, 10_000, 10_001, 60_000]), st.integers(0, 23))
def test_overrides_are_applied_as_documented(listed: list[dict[str, Any]], tokens: int, hour: int) -> None:
    """An entry applies when all its conditions match; among those that apply the later one wins, key by key."""
    at = datetime(2026, 11, 23, hour, 15, tzinfo=UTC)
    imported = one({**BASE, "overrides": listed})
    expected = dict(BASE)
    for item in listed if not imported.skipped else []:
        if "min_prompt_tokens" in item:
            applies = tokens > item["min_prompt_tokens"]
        else:
            start, end = item["utc_start"], item["utc_end"]
            now = hour * 100 + 15
            applies = start <= now < end if start < end else now >= start or now < end
        expected.update({key: item[key] for key in ("prompt", "completion") if applies and key in item})

    model = imported.table("openrouter")["openrouter/vendor/m"]
    usd = price_usage(model, Usage(input_tokens=tokens, output_tokens=10), at=at).usd
    if not imported.skipped:
        assert usd == tokens * Decimal(expected["prompt"]) + 10 * Decimal(expected["completion"])
