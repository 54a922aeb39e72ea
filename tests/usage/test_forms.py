"""Usage objects of every vendor: totals are ours, whatever theirs leave out."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from llmcost import read_usage
from llmcost.errors import InvalidUsageError, UsageError
from llmcost.usage.forms import FORMS, holds_usage, read_object, snake, unclear
from llmcost.usage.record import Doubt
from tests.conftest import ROOT

DATA = ROOT / "tests/data/usage"

CASES: dict[str, tuple[dict[str, Any], dict[str, int]]] = {
    "OpenAI chat: the input has what was cached": (
        {
            "prompt_tokens": 4020,
            "completion_tokens": 14,
            "total_tokens": 4034,
            "prompt_tokens_details": {"cached_tokens": 4012, "cache_write_tokens": 5, "audio_tokens": 2},
            "completion_tokens_details": {
                "reasoning_tokens": 3,
                "audio_tokens": 1,
                "accepted_prediction_tokens": 2,
                "rejected_prediction_tokens": 4,
            },
        },
        {
            "input_tokens": 4020,
            "output_tokens": 14,
            "cache_read_tokens": 4012,
            "cache_write_tokens": 5,
            "audio_input_tokens": 2,
            "reasoning_tokens": 3,
            "audio_output_tokens": 1,
        },
    ),
    "OpenAI responses": (
        {
            "input_tokens": 86,
            "input_tokens_details": {"cached_tokens": 17},
            "output_tokens": 9,
            "output_tokens_details": {"reasoning_tokens": 4},
            "total_tokens": 95,
        },
        {"input_tokens": 86, "output_tokens": 9, "cache_read_tokens": 17, "reasoning_tokens": 4},
    ),
    "DeepSeek: hits and misses make the prompt": (
        {
            "prompt_tokens": 563,
            "completion_tokens": 116,
            "total_tokens": 679,
            "prompt_cache_hit_tokens": 512,
            "prompt_cache_miss_tokens": 51,
        },
        {"input_tokens": 563, "output_tokens": 116, "cache_read_tokens": 512},
    ),
    "litellm of Anthropic: included, an hour's writes told apart": (
        {
            "prompt_tokens": 160,
            "completion_tokens": 7,
            "total_tokens": 167,
            "cache_read_input_tokens": 100,
            "cache_creation_input_tokens": 50,
            "prompt_tokens_details": {
                "cached_tokens": 100,
                "cache_creation_tokens": 50,
                "cache_creation_token_details": {"ephemeral_1h_input_tokens": 20},
            },
        },
        {
            "input_tokens": 160,
            "output_tokens": 7,
            "cache_read_tokens": 100,
            "cache_write_tokens": 50,
            "cache_write_1h_tokens": 20,
        },
    ),
    "Anthropic: the input leaves the cache out": (
        {
            "input_tokens": 10,
            "cache_read_input_tokens": 100,
            "cache_creation_input_tokens": 50,
            "cache_creation": {"ephemeral_5m_input_tokens": 30, "ephemeral_1h_input_tokens": 20},
            "output_tokens": 7,
            "output_tokens_details": {"thinking_tokens": 2},
        },
        {
            "input_tokens": 160,
            "output_tokens": 7,
            "cache_read_tokens": 100,
            "cache_write_tokens": 50,
            "cache_write_1h_tokens": 20,
            "reasoning_tokens": 2,
        },
    ),
    "Gemini: thoughts are beside the candidates, tool use beside the prompt (llm-gemini#75)": (
        {
            "promptTokenCount": 100,
            "toolUsePromptTokenCount": 30,
            "cachedContentTokenCount": 60,
            "candidatesTokenCount": 104,
            "thoughtsTokenCount": 989,
            "totalTokenCount": 1223,
            "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 40}, {"modality": "TEXT", "tokenCount": 60}],
            "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 25}],
        },
        {
            "input_tokens": 130,
            "output_tokens": 1093,
            "cache_read_tokens": 60,
            "audio_input_tokens": 40,
            "audio_cache_read_tokens": 25,
            "reasoning_tokens": 989,
        },
    ),
    "Gemini as its SDK dumps it": (
        {"prompt_token_count": 5, "candidates_token_count": 6, "thoughts_token_count": None, "total_token_count": 11},
        {"input_tokens": 5, "output_tokens": 6},
    ),
    "Gemini's OpenAI endpoint: thoughts are in the total only": (
        {"prompt_tokens": 35, "completion_tokens": 12, "total_tokens": 109},
        {"input_tokens": 35, "output_tokens": 74, "reasoning_tokens": 62},
    ),
    "xAI: reasoning is beside the answer": (
        {
            "prompt_tokens": 32,
            "completion_tokens": 9,
            "total_tokens": 135,
            "completion_tokens_details": {"reasoning_tokens": 94},
        },
        {"input_tokens": 32, "output_tokens": 103, "reasoning_tokens": 94},
    ),
    "Bedrock Converse: the input leaves the cache out, twins count once": (
        {
            "inputTokens": 3,
            "outputTokens": 121,
            "totalTokens": 2072,
            "cacheReadInputTokens": 1712,
            "cacheReadInputTokenCount": 1712,
            "cacheWriteInputTokens": 236,
            "cacheWriteInputTokenCount": 236,
            "cacheDetails": [{"ttl": "5m", "inputTokens": 200}, {"ttl": "1h", "inputTokens": 36}],
        },
        {
            "input_tokens": 1951,
            "output_tokens": 121,
            "cache_read_tokens": 1712,
            "cache_write_tokens": 236,
            "cache_write_1h_tokens": 36,
        },
    ),
    "LangChain": (
        {
            "input_tokens": 350,
            "output_tokens": 240,
            "total_tokens": 590,
            "input_token_details": {"audio": 10, "cache_creation": 200, "cache_read": 100},
            "output_token_details": {"audio": 10, "reasoning": 200},
        },
        {
            "input_tokens": 350,
            "output_tokens": 240,
            "cache_read_tokens": 100,
            "cache_write_tokens": 200,
            "audio_input_tokens": 10,
            "reasoning_tokens": 200,
            "audio_output_tokens": 10,
        },
    ),
    "Cohere": (
        {
            "billed_units": {"input_tokens": 17, "output_tokens": 12},
            "tokens": {"input_tokens": 215, "output_tokens": 12},
        },
        {"input_tokens": 17, "output_tokens": 12},
    ),
    "a writer that says the cache is beside the prompt, in the names of one that includes it": (
        {"prompt_tokens": 18, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 2284}},
        {"input_tokens": 2302, "output_tokens": 3, "cache_read_tokens": 2284},
    ),
    "the same writer, whose total tells it": (
        {"prompt_tokens": 100, "completion_tokens": 3, "cache_read_input_tokens": 50, "total_tokens": 153},
        {"input_tokens": 150, "output_tokens": 3, "cache_read_tokens": 50},
    ),
    "xAI: what was cached has images and sounds, which is not told (litellm#37407)": (
        {
            "prompt_tokens": 100,
            "completion_tokens": 10,
            "prompt_tokens_details": {"cached_tokens": 90, "image_tokens": 80, "audio_tokens": 11},
        },
        {
            "input_tokens": 100,
            "output_tokens": 10,
            "cache_read_tokens": 90,
            "image_input_tokens": 80,
            "image_cache_read_tokens": 80,
            "audio_input_tokens": 11,
            "audio_cache_read_tokens": 1,
        },
    ),
    "embeddings have no output": ({"prompt_tokens": 8, "total_tokens": 8}, {"input_tokens": 8}),
}


UNCLEAR = {
    "Gemini's OpenAI endpoint: thoughts are in the total only": (Doubt.HIDDEN,),
    "a writer that says the cache is beside the prompt, in the names of one that includes it": (Doubt.BESIDE,),
    "the same writer, whose total tells it": (Doubt.BESIDE,),
    "Cohere": ("tokens.input_tokens", "tokens.output_tokens"),
}


@pytest.mark.parametrize("name", CASES)
def test_tokens_are_totals_and_their_parts(name: str) -> None:
    usage, expected = CASES[name]

    assert dict(read_object(usage).tokens) == expected
    assert read_object(usage).unknown == UNCLEAR.get(name, ())
    read_usage(usage)


def test_every_form_is_known_by_its_example() -> None:
    assert {read_object(usage).form for usage, _ in CASES.values()} == set(FORMS)


@pytest.mark.parametrize(("provider", "form"), [("anthropic", "anthropic"), ("openai", "openai.responses")])
def test_a_form_of_several_vendors_needs_the_provider(provider: str, form: str) -> None:
    usage = {"input_tokens": 10, "output_tokens": 5}

    assert read_object(usage, provider).form == form
    with pytest.raises(UsageError, match="depends on the vendor: the keys are input_tokens, output_tokens"):
        read_usage(usage)


def test_an_object_of_no_known_form_is_refused_with_its_keys() -> None:
    with pytest.raises(UsageError, match="its keys are tokens, words"):
        read_usage({"tokens": 1, "words": 2})
    with pytest.raises(UsageError, match="its keys are none"):
        read_usage({})
    with pytest.raises(UsageError, match="a stream has it in its last part"):
        read_usage({"id": "chatcmpl-1", "usage": None})


def test_counts_that_are_not_known_are_named_unless_they_are_zero() -> None:
    usage = {"prompt_tokens": 5, "completion_tokens": 5, "details": {"citation_tokens": 7, "other_tokens": 0}}

    assert read_object(usage).unknown == ("details.citation_tokens",)


NO_COUNTS = [1.5, Decimal("0.5"), -3, Decimal("1e500"), float("inf"), True, "-3", "1.5", "x", "", [1], [], {}, {"a": 1}]


@pytest.mark.parametrize("count", NO_COUNTS)
def test_a_count_that_cannot_be_is_refused(count: Any) -> None:
    """Never read as 0, in any form: a gate would pass by accident."""
    with pytest.raises(InvalidUsageError, match=r"prompt_tokens must be a whole number from 0 to 10\^15"):
        read_usage({"prompt_tokens": count, "completion_tokens": 1})
    for usage in (
        {"input_tokens": 5, "input_tokens_details": {"cached_tokens": count}},
        {"inputTokens": count, "outputTokens": 1},
        {"promptTokenCount": 5, "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": count}]},
        {"prompt_tokens": 5, "completion_tokens": 1, "total_tokens": count},
    ):
        with pytest.raises(InvalidUsageError, match="must be a whole number"):
            read_usage(usage)


@pytest.mark.parametrize("count", [2, 2.0, Decimal(2), "2"])
def test_a_count_may_be_text_as_in_csv(count: Any) -> None:
    given = {"prompt_tokens": count, "completion_tokens": count, "total_tokens": count}
    sounds = {"promptTokenCount": count, "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": count}]}

    assert dict(read_object(given).tokens) == {"input_tokens": 2, "output_tokens": 2}
    assert dict(read_object(sounds).tokens) == {"input_tokens": 2, "audio_input_tokens": 2}


@pytest.mark.parametrize(
    "usage", [{"input_tokens": None, "output_tokens": None}, {"total_tokens": 0}, {"billed_units": {"search_units": 1}}]
)
def test_counts_of_null_are_no_counts(usage: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="the usage has no counts"):
        read_object(usage, "openai")


@pytest.mark.parametrize(
    ("usage", "provider", "doubts"),
    [
        ({"prompt_tokens": 5, "completion_tokens": None}, None, (Doubt.BLANK,)),
        ({"prompt_tokens": None, "completion_tokens": 5}, None, (Doubt.BLANK,)),
        ({"prompt_tokens": 5, "total_tokens": 5}, None, ()),  # of an embedding
        ({"input_tokens": 5, "output_tokens": None}, "openai", (Doubt.BLANK,)),
        ({"input_tokens": None, "output_tokens": 5, "cache_read_input_tokens": 9}, None, (Doubt.BLANK,)),
        ({"input_tokens": 5, "output_tokens": 5, "cache_read_input_tokens": None}, "anthropic", ()),
        ({"inputTokens": 5, "outputTokens": None}, None, (Doubt.BLANK,)),
        ({"prompt_token_count": 5, "candidates_token_count": None}, None, ()),  # nothing was answered
        ({"prompt_token_count": 5, "candidates_token_count": None, "total_token_count": 5}, None, ()),
        ({"prompt_token_count": 5, "candidates_token_count": None, "total_token_count": 6}, None, (Doubt.BLANK,)),
        (
            {"prompt_token_count": 5, "prompt_tokens_details": [{"modality": [1], "token_count": 5}]},
            None,
            ("prompt_tokens_details.?",),
        ),
    ],
)
def test_an_input_or_an_output_of_null_may_be_any_number(
    usage: dict[str, Any], provider: str | None, doubts: tuple[Doubt, ...]
) -> None:
    assert read_object(usage, provider).unknown == doubts


@pytest.mark.parametrize(
    ("row", "holds"),
    [
        ({"payload": {"usage": {"prompt_tokens": 5}}}, True),
        ({"events": [{"data": [{"promptTokenCount": 5}]}]}, True),
        ({"usage": {"include": True}, "max_tokens": 5, "messages": [{"content": "input_tokens"}]}, False),
        ({"a": {"a": {"a": {"a": {"a": {"a": {"a": {"input_tokens": 5}}}}}}}}, False),
    ],
)
def test_usage_is_found_wherever_it_is(row: dict[str, Any], holds: bool) -> None:
    assert holds_usage(row) is holds


@pytest.mark.parametrize(
    "usage",
    [
        {"input_tokens": 5, "output_tokens": 1, "input_tokens_details": {"cached_tokens": 6}},
        # the total has no room for a cache beside the input
        {"prompt_tokens": 1000, "completion_tokens": 100, "cached_tokens": 2000, "total_tokens": 1100},
        {"prompt_tokens": 1000, "completion_tokens": 100, "cached_tokens": 2000, "total_tokens": 3000},
    ],
)
def test_a_part_larger_than_its_whole_is_refused(usage: dict[str, Any]) -> None:
    with pytest.raises(InvalidUsageError, match="cannot be more than"):
        read_usage(usage)


def test_a_total_above_its_parts_is_not_clear_unless_the_vendor_writes_it_so() -> None:
    found = read_object({"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 5000, "seats": 1})

    assert found.tokens["output_tokens"] == 4000
    assert unclear(found, "gpt-4o") == ("seats", Doubt.HIDDEN)
    assert unclear(found, "google/gemini-2.5-pro") == ("seats",)


@pytest.mark.parametrize(
    ("told", "tier"),
    [
        ({"service_tier": "standard"}, None),
        ({"service_tier": "priority"}, "priority"),
        ({"service_tier": "batch"}, "batch"),
        ({"speed": "fast", "service_tier": "standard"}, "fast"),
        ({"speed": "standard"}, None),
    ],
)
def test_the_tier_is_the_one_that_was_served(told: dict[str, Any], tier: str | None) -> None:
    assert read_usage({"input_tokens": 1, "cache_read_input_tokens": 0, "output_tokens": 1, **told}).tier == tier


@pytest.mark.parametrize(
    ("traffic", "tier"),
    [("ON_DEMAND", None), ("ON_DEMAND_FLEX", "flex"), ("PROVISIONED_THROUGHPUT", "provisioned"), (None, None)],
)
def test_the_tier_of_vertex_is_its_traffic(traffic: str | None, tier: str | None) -> None:
    assert read_usage({"promptTokenCount": 1, "trafficType": traffic}).tier == tier


def test_the_region_and_the_searches_of_anthropic() -> None:
    usage = {
        "input_tokens": 1,
        "output_tokens": 1,
        "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 1},
    }

    assert read_object({**usage, "inference_geo": "us"}).region == "us"
    assert read_object({**usage, "inference_geo": "global"}).region is None
    assert read_usage(usage).fees == {"web_search": 2}
    assert read_object(usage).unknown == ()


@pytest.mark.parametrize(
    ("told", "logged"),
    [
        ({"cost": 0.025}, Decimal("0.025")),
        ({"cost": 0, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.02}}, Decimal("0.02")),
        ({"cost": 0}, None),
        ({}, None),
    ],
)
def test_the_cost_of_openrouter(told: dict[str, Any], logged: Decimal | None) -> None:
    """0 for tokens is not known; with a key of one's own it is what the provider takes."""
    assert read_object({"prompt_tokens": 5, "completion_tokens": 5, **told}).logged_usd == logged


def test_the_calls_that_anthropics_totals_leave_out_and_the_steps_that_they_add_up() -> None:
    usage = {
        "input_tokens": 30,
        "cache_read_input_tokens": 0,
        "output_tokens": 12,
        "iterations": [
            {"type": "message", "input_tokens": 10, "output_tokens": 5},
            {"type": "advisor_message", "model": "claude-opus-4-8", "input_tokens": 7, "output_tokens": 2},
            {"type": "compaction", "input_tokens": 3, "output_tokens": 1},
            {"type": "compaction", "input_tokens": 0, "output_tokens": 0},
            {"type": "message", "input_tokens": 20, "output_tokens": 7},
        ],
    }

    found = read_object(usage)

    assert found.tokens == {"input_tokens": 30, "output_tokens": 12}
    assert found.steps == ({"input_tokens": 10, "output_tokens": 5}, {"input_tokens": 20, "output_tokens": 7})
    assert found.calls == (
        ("claude-opus-4-8", {"input_tokens": 7, "output_tokens": 2}),
        (None, {"input_tokens": 3, "output_tokens": 1}),
    )
    assert read_object({**usage, "iterations": usage["iterations"][:1]}).steps == ()  # type: ignore[index]


class Dumped:
    """An object of an SDK that dumps itself, as pydantic's models do."""

    def model_dump(self) -> dict[str, Any]:
        return {"model": "gpt-4o", "usage": {"prompt_tokens": 5, "completion_tokens": 2}, "choices": ["x", None]}


class Slotted:
    """An object whose fields are attributes alone, as those of protocol buffers are."""

    __slots__ = ()
    prompt_token_count = 5
    candidates_token_count = 2


@pytest.mark.parametrize(
    "raw",
    [
        Dumped(),
        SimpleNamespace(to_dict=lambda: {"usage": {"prompt_tokens": 5, "completion_tokens": 2}}),
        SimpleNamespace(usage=SimpleNamespace(prompt_tokens=5, completion_tokens=2), _private=object()),
        SimpleNamespace(usage_metadata=Slotted()),
        {"usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 2}},
    ],
)
def test_objects_of_sdks_are_read_as_dicts_are(raw: Any) -> None:
    usage, fees, tier = read_usage(raw)

    assert (usage.input_tokens, usage.output_tokens, fees, tier) == (5, 2, {}, None)


def attributes(value: Any, name: Callable[[str], str] = str) -> Any:
    """Return objects with attributes in place of dicts, as SDKs have them; Google's has other names than its API."""
    if isinstance(value, dict):
        return SimpleNamespace(**{name(key): attributes(x, name) for key, x in value.items()})
    return [attributes(x, name) for x in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("sample", "provider"),
    [
        *(("openai-chat/responses-logged", None), ("openai-responses/responses-logged", None)),
        *(("azure-openai/responses-logged", "azure"), ("anthropic-messages/responses-logged", "anthropic")),
        *(("gemini/generate-content", "google"), ("vertex/generate-content", "vertex"), ("groq-chat/chat", "groq")),
        *(("deepseek-chat/chat", "deepseek"), ("mistral-chat/chat", "mistral"), ("openrouter-chat/with-cost", None)),
    ],
)
def test_recorded_answers_are_the_same_as_objects_of_sdks(sample: str, provider: str | None) -> None:
    """As attributes, with Python's names, and as what dumps itself; checked by hand with the SDKs themselves too."""
    for line in (DATA / sample / "log.jsonl").read_bytes().splitlines()[:8]:
        row = json.loads(line)
        wanted = read_usage(row, provider)

        assert wanted.usage.input_tokens
        assert read_usage(attributes(row), provider) == wanted
        assert read_usage(SimpleNamespace(model_dump=lambda row=row: row), provider) == wanted
        assert read_usage(attributes(row, snake), provider) == wanted


def test_a_list_of_counts_may_have_other_things() -> None:
    usage = {"promptTokenCount": 5, "promptTokensDetails": [{"tokenCount": 5}, None, {"modality": "AUDIO"}]}

    assert read_object(usage).tokens == {"input_tokens": 5}
