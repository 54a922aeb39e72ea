"""models.dev's api.json; the samples are made by hand after the documented form (its schema.ts, July 2026)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.pricing.cost import price_usage
from llmcost.pricing.parse import check_pricing
from llmcost.pricing.sources.common import Imported, loads
from llmcost.pricing.sources.models_dev import read
from llmcost.pricing.usage import Usage

from ..test_properties import usages
from . import laws

DAY = date(2026, 11, 22)
SAMPLE = """{
  "openai": {"id": "openai", "name": "OpenAI", "env": ["OPENAI_API_KEY"], "npm": "@ai-sdk/openai",
    "doc": "https://platform.openai.com/docs/models", "models": {
      "gpt-5.4": {"id": "gpt-5.4", "name": "GPT-5.4", "release_date": "2026-03-05", "last_updated": "2026-03-05",
        "cost": {"input": 2.5, "output": 15, "cache_read": 0.25,
                 "tiers": [{"input": 5, "output": 22.5, "cache_read": 0.5, "tier": {"type": "context", "size": 272000}}],
                 "context_over_200k": {"input": 5, "output": 22.5, "cache_read": 0.5}},
        "limit": {"context": 1050000, "input": 922000, "output": 128000},
        "experimental": {"modes": {
          "fast": {"cost": {"input": 5, "output": 30, "cache_read": 0.5},
                   "provider": {"body": {"service_tier": "priority"}}},
          "quiet": {"provider": {"body": {"verbosity": "low"}}}}}}}},
  "google": {"id": "google", "name": "Google", "doc": "https://ai.google.dev", "models": {
      "gemini-live": {"id": "gemini-live", "name": "Gemini Live",
        "cost": {"input": 0.5, "output": 2, "reasoning": 3, "cache_write": 0.6, "input_audio": 3, "output_audio": 12,
                 "context_over_200k": {"input": 1, "output": 3}},
        "limit": {"context": 131072, "output": 8192}}}},
  "amazon-bedrock": {"id": "amazon-bedrock", "name": "Amazon Bedrock", "models": {
      "Anthropic.Claude-v2:1": {"id": "anthropic.claude-v2:1", "name": "Claude 2.1", "limit": {"context": 0}}}}
}"""


def one(model: Any, provider: str = "openai") -> Imported:
    """Import a single model."""
    return read({provider: {"id": provider, "models": {"m": model}}})


def test_the_documented_form_becomes_ours() -> None:
    imported = read(loads(SAMPLE, "models.dev"), checked=DAY)
    fast = {"input": "5", "output": "30", "cache_read": "0.5"}

    assert check_pricing(imported.tree()) == []
    assert imported.models == {
        "openai/gpt-5.4": {
            "name": "GPT-5.4",
            "context": "922000",
            "max_output": "128000",
            "source": "https://platform.openai.com/docs/models",
            "checked": "2026-11-22",
            "prices": {
                "input": "2.5",
                "output": "15",
                "cache_read": "0.25",
                "long_context": [{"above": "272000", "input": "5", "output": "22.5", "cache_read": "0.5"}],
                "tiers": {"fast": fast, "priority": fast},
            },
        },
        "google/gemini-live": {
            "name": "Gemini Live",
            "context": "131072",
            "max_output": "8192",
            "source": "https://ai.google.dev",
            "checked": "2026-11-22",
            "prices": {
                "input": "0.5",
                "output": "2",
                "reasoning": "3",
                "cache_write": "0.6",
                "audio_input": "3",
                "audio_output": "12",
                "long_context": [{"above": "200000", "input": "1", "output": "3"}],
            },
        },
        "bedrock/anthropic.claude-v2:1": {"name": "Claude 2.1", "checked": "2026-11-22", "prices": {}},
    }
    assert [(x.model, x.key, x.why) for x in imported.skipped] == [
        ("bedrock/anthropic.claude-v2:1", "cost", "no price is given")
    ]


def test_a_request_costs_what_the_documented_prices_say() -> None:
    model = read(loads(SAMPLE, "models.dev")).table("models.dev")["openai/gpt-5.4"]
    short = Usage(input_tokens=272_000, cache_read_tokens=72_000, output_tokens=1_000)
    longer = Usage(input_tokens=272_001, cache_read_tokens=72_001, output_tokens=1_000)

    assert price_usage(model, short, at=DAY).usd == Decimal("0.5") + Decimal("0.018") + Decimal("0.015")
    assert price_usage(model, longer, at=DAY).usd == Decimal(1) + Decimal("0.0360005") + Decimal("0.0225")
    assert price_usage(model, short, tier="fast", at=DAY).usd == Decimal(1) + Decimal("0.036") + Decimal("0.03")


@pytest.mark.parametrize(
    ("theirs", "here"),
    [
        ("alibaba", "qwen"),
        ("alibaba-cn", "alibaba-cn"),
        ("amazon-bedrock", "bedrock"),
        ("fireworks-ai", "fireworks"),
        ("github-copilot", "github_copilot"),
        ("google-vertex", "vertex"),
        ("google-vertex-anthropic", "vertex"),
        ("moonshotai", "moonshot"),
        ("togetherai", "together"),
        ("xai", "xai"),
    ],
)
def test_providers_are_called_as_here(theirs: str, here: str) -> None:
    assert list(one({"cost": {"input": 1}}, theirs).models) == [f"{here}/m"]


def test_every_rate_zero_is_free_only_where_the_id_says_so() -> None:
    zero = {"cost": {"input": 0, "output": "0.00"}}
    imported = read({"a": {"models": {"m": zero, "m:free": zero, "m-free": zero}}})

    assert check_pricing(imported.tree()) == []
    assert imported.models == {
        "a/m": {"prices": {}},
        "a/m:free": {"free": "true", "prices": {"input": "0", "output": "0"}},
        "a/m-free": {"free": "true", "prices": {"input": "0", "output": "0"}},
    }
    why = "every rate is 0, but it is not called free: a subscription or an unknown price"
    assert imported.reasons() == [(f"cost: {why}", 1)]


def test_entries_that_are_none_and_a_second_one_with_the_same_id_are_listed() -> None:
    models = {"m": {"cost": {"input": 1}}, "M": {"cost": {"input": 2}}, "x": 4, "": {}}
    imported = read({"openai": {"models": models}})

    assert imported.models == {"openai/m": {"prices": {"input": "1"}}}
    assert imported.reasons() == [("models: not an entry with an id", 2), ("id: another entry has this id", 1)]


numbers = st.one_of(
    st.decimals(min_value=0, max_value=1000, places=4).map(str), st.integers(0, 100), st.sampled_from(["x", -1, None])
)
UNITS = ["cache_read", "cache_write", "reasoning", "input_audio", "output_audio", "other"]
rests = st.dictionaries(st.sampled_from([*UNITS, "input", "output"]), numbers)
steps = st.builds(lambda rest, size: {**rest, "tier": {"size": size}}, rests, st.sampled_from([0, 10_000, 50_000, "x"]))
costs = st.builds(
    lambda rest, more, main: {**rest, **more, **main},
    rests,
    st.fixed_dictionaries(
        {}, optional={"tiers": st.lists(steps, max_size=3), "context_over_200k": rests, "per_minute": numbers}
    ),
    st.fixed_dictionaries({"input": st.integers(0, 9), "output": st.integers(0, 9)}),
)
modes = st.dictionaries(st.sampled_from(["fast", "slow", "standard"]), st.fixed_dictionaries({"cost": rests}))
entries = st.builds(lambda cost, mode: {"cost": cost, "experimental": {"modes": mode}}, costs | rests, modes)


@given(st.dictionaries(st.text(min_size=1, max_size=8).map("x{}".format), entries, min_size=1, max_size=4))
def test_whatever_the_answer_says_the_models_pass_our_check(models: dict[str, Any]) -> None:
    assert check_pricing(read({"some provider!": {"models": models}}).tree()) == []


@settings(deadline=None, max_examples=60)
@given(costs, modes, usages(), st.data(), st.sampled_from([DAY, datetime(2026, 11, 23, 1, 30, tzinfo=UTC)]))
def test_the_laws_of_bills_hold_for_any_answer(
    cost: Any, mode: Any, usage: Usage, data: st.DataObject, at: date
) -> None:
    for model in laws.sold(one({"cost": cost, "experimental": {"modes": mode}})):
        laws.hold(model, usage, data.draw(st.sampled_from(laws.tiers(model))), at)
