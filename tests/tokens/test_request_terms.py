"""What a request asks for beside its content: rates, what costs nothing, and what is unknown, which never is free."""

from __future__ import annotations

from typing import Any

import pytest

from llmcost.tokens.endpoints import CHAT, EMBEDDINGS, MESSAGES, RESPONSES
from llmcost.tokens.request_terms import NO_ASKS, Asks, Thinking, request_terms, thinking_of


def unknown(body: dict[str, Any], endpoint: str = CHAT) -> list[str]:
    """The keys whose cost is unknown."""
    asks, found = request_terms(body, endpoint)
    assert asks == NO_ASKS
    return [text.split('"')[1] for text in found]


@pytest.mark.parametrize(
    ("endpoint", "body"),
    [
        (CHAT, {"model": "m", "messages": [], "max_tokens": 5, "n": 2, "tools": [], "functions": []}),
        (CHAT, {"temperature": 1, "top_p": 1, "seed": 1, "stop": "x", "logprobs": True, "top_logprobs": 3}),
        (CHAT, {"reasoning_effort": "low", "verbosity": "low", "metadata": {}, "store": True, "user": "u"}),
        (CHAT, {"response_format": {"type": "json_schema", "json_schema": {}}, "modalities": ["text"]}),
        (CHAT, {"service_tier": "auto", "prompt_cache_options": {"mode": "explicit", "ttl": "30m"}}),
        (CHAT, {"audio": None, "web_search_options": None, "reasoning": None}),
        (RESPONSES, {"reasoning": {"effort": "high", "summary": "auto"}, "text": {"format": {}}, "include": []}),
        (EMBEDDINGS, {"model": "m", "input": "x", "dimensions": 5, "encoding_format": "float"}),
        (MESSAGES, {"thinking": {"type": "enabled", "budget_tokens": 1024}, "top_k": 1, "stop_sequences": []}),
        (MESSAGES, {"service_tier": "standard_only", "speed": "standard", "inference_geo": "global"}),
    ],
)
def test_what_is_known_to_cost_nothing_or_is_counted_is_not_told(endpoint: str, body: dict[str, Any]) -> None:
    assert request_terms(body, endpoint) == (NO_ASKS, ())


@pytest.mark.parametrize(
    ("endpoint", "body", "keys"),
    [
        (CHAT, {"web_search_options": {}}, ["web_search_options"]),
        (CHAT, {"audio": {"voice": "x"}, "modalities": ["text", "audio"]}, ["audio", "modalities"]),
        (CHAT, {"prediction": {"type": "content", "content": "x"}}, ["prediction"]),
        (CHAT, {"service_tier": 1}, ["service_tier"]),
        (CHAT, {"response_format": {"type": "grammar"}}, ["response_format.type"]),
        (CHAT, {"prompt_cache_options": {"ttl": "12h"}}, ["prompt_cache_options.ttl"]),
        (CHAT, {"prompt_cache_options": "x", "response_format": []}, ["prompt_cache_options", "response_format"]),
        (CHAT, {"of_tomorrow": 1}, ["of_tomorrow"]),
        (RESPONSES, {"reasoning": {"effort": "high", "mode": "pro"}}, ["reasoning.mode"]),
        (RESPONSES, {"context_management": []}, ["context_management"]),
        (EMBEDDINGS, {"temperature": 1}, ["temperature"]),
        (MESSAGES, {"mcp_servers": [], "container": "x"}, ["mcp_servers", "container"]),
        (MESSAGES, {"cache_control": {"type": "ephemeral", "ttl": "7d"}}, ["cache_control"]),
        (MESSAGES, {"cache_control": True}, ["cache_control"]),
    ],
)
def test_what_is_not_known_is_told(endpoint: str, body: dict[str, Any], keys: list[str]) -> None:
    assert unknown(body, endpoint) == keys


@pytest.mark.parametrize(
    ("body", "asks"),
    [
        ({"inference_geo": "us"}, Asks(region="us")),
        ({"service_tier": "priority"}, Asks(tier="priority")),
        ({"speed": "fast", "inference_geo": "us"}, Asks(tier="fast", region="us")),
    ],
)
def test_what_chooses_the_rates_is_asked_for(body: dict[str, Any], asks: Asks) -> None:
    assert request_terms(body, MESSAGES) == (asks, ())


MARK = {"cache_control": {"type": "ephemeral"}}
HOUR = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}


@pytest.mark.parametrize(
    ("body", "lifetime"),
    [
        (MARK, "5m"),
        (HOUR, "1h"),
        ({"system": [{"type": "text", "text": "x", **MARK}]}, "5m"),
        ({"tools": [{"name": "f", **HOUR}]}, "1h"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "x", **HOUR}]}]}, "1h"),
        ({"messages": [{"content": [{"type": "tool_result", "content": [{"text": "x", **HOUR}]}]}]}, "1h"),
        ({**MARK, "tools": [HOUR]}, "1h"),
        ({**HOUR, "tools": [MARK]}, "1h"),
        ({"messages": [{"role": "user", "content": "cache_control"}], "cache_control": None}, None),
    ],
)
def test_what_is_written_to_a_cache_is_found_wherever_it_is_marked(body: dict[str, Any], lifetime: str | None) -> None:
    assert request_terms(body, MESSAGES) == (Asks(cache_write=lifetime), ())


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, Thinking()),
        ({"reasoning_effort": "high"}, Thinking(asked=True)),
        ({"reasoning_effort": "none"}, Thinking(asked=False)),
        ({"reasoning": {"effort": "minimal"}}, Thinking(asked=True)),
        ({"reasoning": {"summary": "auto"}}, Thinking()),
        ({"thinking": {"type": "enabled", "budget_tokens": 16_000}}, Thinking(asked=True, budget=16_000)),
        ({"thinking": {"type": "enabled", "budget_tokens": "many"}}, Thinking(asked=True)),
        ({"thinking": {"type": "adaptive"}}, Thinking(asked=True)),
        ({"thinking": {"type": "disabled", "budget_tokens": 5}}, Thinking(asked=False)),
        ({"thinking": {"type": "of_tomorrow"}}, Thinking()),
        ({"thinking": True}, Thinking()),
    ],
)
def test_a_request_says_whether_it_reasons(body: dict[str, Any], said: Thinking) -> None:
    assert thinking_of(body) == said
