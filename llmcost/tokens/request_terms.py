"""What a request of a batch says besides its content: what costs nothing, what changes its rates, what is not known.

The lists are of what costs nothing, so that a key that vendors add later is not taken for free: its cost is not known.
Sources: the references of the endpoints, https://developers.openai.com/api/docs/api-reference (chat, responses,
embeddings) and https://platform.claude.com/docs/en/api/messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .endpoints import CHAT, EMBEDDINGS, MESSAGES, RESPONSES


class Asks(NamedTuple):
    """What of a request changes its rates: how long the caches live that it writes, its service tier, its region."""

    cache_write: str | None = None
    tier: str | None = None
    region: str | None = None


NO_ASKS = Asks()


class Thinking(NamedTuple):
    """Whether a request asks to reason before the answer (None: it does not say), and with how many tokens at most."""

    asked: bool | None = None
    budget: int | None = None


UNSAID = Thinking()
LIFETIMES = ("5m", "1h")
"""How long a cache that a request writes can live, the dearest last."""

_SAMPLING = frozenset({"temperature", "top_p", "metadata", "stream", "tool_choice"})
_OPENAI = _SAMPLING | {
    *("store", "user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "parallel_tool_calls"),
    *("stream_options", "top_logprobs"),
}
_FREE = {
    CHAT: _OPENAI
    | {
        *("frequency_penalty", "presence_penalty", "seed", "stop", "logit_bias", "logprobs", "function_call"),
        *("reasoning_effort", "verbosity"),
    },
    RESPONSES: _OPENAI | {"include", "truncation", "max_tool_calls"},
    EMBEDDINGS: frozenset({"user", "dimensions", "encoding_format"}),
    MESSAGES: _SAMPLING | {"top_k", "stop_sequences"},
}
"""Keys that cost nothing, whatever they say."""

_COUNTED = {
    CHAT: {"model", "messages", "tools", "functions", "response_format", "n", "max_tokens", "max_completion_tokens"},
    RESPONSES: {
        *("model", "input", "instructions", "tools", "text", "max_output_tokens"),
        *("previous_response_id", "conversation", "prompt"),
    },
    EMBEDDINGS: {"model", "input"},
    MESSAGES: {"model", "messages", "system", "tools", "max_tokens", "output_format", "output_config"},
}
"""Keys whose content is counted, or said to be left out, by `batch_forms`."""

_KNOWN = {endpoint: _FREE[endpoint] | counted for endpoint, counted in _COUNTED.items()}

_VALUES: Mapping[str, tuple[Any, ...]] = {
    "modalities": (["text"],),
    "service_tier": ("auto", "default", "batch", "standard_only"),
    "speed": ("standard",),
    "inference_geo": ("global",),
}
"""Keys that cost nothing with these values: the batch tier replaces what a vendor would choose."""

_RATES = {"service_tier": "tier", "speed": "tier", "inference_geo": "region"}
"""Keys that choose the rates where they say something else."""

_WITHIN = {
    "reasoning": {"effort", "summary", "generate_summary"},
    "thinking": {"type", "budget_tokens", "display"},
    "text": {"format", "verbosity"},
    "output_config": {"effort", "format"},
    "response_format": {"type", "json_schema"},
    "prompt_cache_options": {"mode", "ttl"},
}
"""Keys that cost nothing beyond what is counted as long as they have these within."""

_INNER_VALUES: Mapping[tuple[str, str], tuple[Any, ...]] = {
    ("prompt_cache_options", "ttl"): ("30m",),
    ("response_format", "type"): ("text", "json_object", "json_schema"),
}
"""Keys within others that have one of these values."""


def request_terms(body: Mapping[str, Any], endpoint: str) -> tuple[Asks, tuple[str, ...]]:
    """What a request asks for that changes its rates, and what of it has a cost that is not known, each in words."""
    asks: dict[str, str] = {}
    unknown: list[str] = []
    if not body.keys() <= _KNOWN[endpoint] or not body.keys().isdisjoint(_WITHIN):
        for key, found in body.items():
            if key in _FREE[endpoint] or found is None or key == "cache_control" or found in _VALUES.get(key, ()):
                continue
            if key in _RATES and isinstance(found, str):
                asks[_RATES[key]] = found
            elif key in _WITHIN:
                unknown += _unknown_within(key, found) if isinstance(found, dict) else [unknown_cost(key)]
            elif key not in _COUNTED[endpoint]:
                unknown.append(unknown_cost(key))
    for found in _cache_controls(body):
        lifetime = found.get("ttl", LIFETIMES[0]) if isinstance(found, dict) else None
        if lifetime not in LIFETIMES:
            unknown.append(unknown_cost("cache_control"))
        elif lifetime != LIFETIMES[0] or "cache_write" not in asks:
            asks["cache_write"] = lifetime
    return (Asks(**asks) if asks else NO_ASKS), tuple(dict.fromkeys(unknown))


def thinking_of(body: Mapping[str, Any]) -> Thinking:
    """How much a request asks to reason: by `reasoning_effort`, `reasoning.effort`, or `thinking`."""
    effort = body.get("reasoning_effort")
    if isinstance(inner := body.get("reasoning"), dict):
        effort = inner.get("effort", effort)
    if isinstance(effort, str):
        return Thinking(asked=effort != "none")
    thinking = body.get("thinking")
    if not isinstance(thinking, dict):
        return UNSAID
    kind = thinking.get("type")
    if kind not in ("enabled", "adaptive", "disabled"):
        return UNSAID
    budget = thinking.get("budget_tokens") if kind == "enabled" else None
    return Thinking(asked=kind != "disabled", budget=budget if type(budget) is int and budget >= 0 else None)


def unknown_cost(key: str) -> str:
    """What is said of a key whose cost is not known."""
    return f'the cost of "{key}" in a request is unknown'


def _unknown_within(key: str, value: Mapping[str, Any]) -> Iterator[str]:
    for inner, found in value.items():
        values = _INNER_VALUES.get((key, inner))
        if found is not None and (inner not in _WITHIN[key] or (values is not None and found not in values)):
            yield unknown_cost(f"{key}.{inner}")


def _cache_controls(value: Any) -> Iterator[Any]:
    """Yield every `cache_control` that is set in a request, however deep: of itself, of its system, tools and parts."""
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict):
            if inner.get("cache_control") is not None:
                yield inner["cache_control"]
            waiting += [x for x in inner.values() if isinstance(x, dict | list)]
        else:
            waiting += [x for x in inner if isinstance(x, dict | list)]
