"""The forms of usage objects: how each vendor counts, as data, and what an object of any form says.

Vendors differ in what their totals include. Here a total is the sum of what is listed for it: Anthropic's input leaves
the cache out, Gemini's output the thoughts. Sources: openai-openapi `CompletionUsage` and `ResponseUsage`,
anthropic-sdk-python `types/usage.py` and `types/beta/beta_usage.py`, genai-prices' `google.yml`, AWS `TokenUsage`,
litellm `types/utils.py`, langchain `UsageMetadata`, docs.cohere.com; and recorded answers of each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from ..document import listing, mapping
from ..errors import UsageError
from ..pricing.usage import Usage
from .record import NOTHING, Doubt, text, tokens_of, usd


class UsageForm(NamedTuple):
    """A form: the keys by one of which it is known, what adds up to the totals, and where their parts are.

    `a + b` adds keys up; of several texts the first is taken of which a key is there. `hidden`: some who write it leave
    the cache out of the input, or hidden output out of the output, which the total shows.
    """

    marks: tuple[str, ...]
    input: str
    output: str
    parts: Mapping[str, tuple[str, ...]]
    fees: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    hidden: bool = False

    def keys(self) -> Iterator[str]:
        """Yield every key that is read, with its objects."""
        for given in ((self.input,), (self.output,), *self.parts.values(), *self.fees.values()):
            for alternative in given:
                yield from alternative.split(" + ")


_IN, _OUT = "prompt_tokens_details", "completion_tokens_details"
_IN2, _OUT2 = "input_tokens_details", "output_tokens_details"
_IN3, _OUT3 = "input_token_details", "output_token_details"
_5M, _1H = "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"

FORMS: Mapping[str, UsageForm] = {
    "gemini": UsageForm(
        marks=("promptTokenCount", "totalTokenCount", "prompt_token_count", "total_token_count"),
        input="prompt_token_count + tool_use_prompt_token_count",
        output="candidates_token_count + response_token_count + thoughts_token_count",
        parts={
            "cache_read_tokens": ("cached_content_token_count",),
            "audio_input_tokens": ("prompt_tokens_details.AUDIO + tool_use_prompt_tokens_details.AUDIO",),
            "audio_cache_read_tokens": ("cache_tokens_details.AUDIO",),
            "image_input_tokens": ("prompt_tokens_details.IMAGE + tool_use_prompt_tokens_details.IMAGE",),
            "image_cache_read_tokens": ("cache_tokens_details.IMAGE",),
            "reasoning_tokens": ("thoughts_token_count",),
            "audio_output_tokens": ("candidates_tokens_details.AUDIO + response_tokens_details.AUDIO",),
            "image_output_tokens": ("candidates_tokens_details.IMAGE + response_tokens_details.IMAGE",),
            "video_output_tokens": ("candidates_tokens_details.VIDEO",),
        },
    ),
    "openai.chat": UsageForm(  # also Azure, Groq, Mistral, DeepSeek, xAI, OpenRouter, litellm
        marks=("prompt_tokens", "completion_tokens"),
        input="prompt_tokens",
        output="completion_tokens",
        parts={
            "cache_read_tokens": (
                f"{_IN}.cached_tokens",
                "prompt_cache_hit_tokens",
                "cache_read_input_tokens",
                "cached_tokens",
            ),
            "cache_write_tokens": (
                f"{_IN}.cache_write_tokens",
                f"{_IN}.cache_creation_tokens",
                "cache_creation_input_tokens",
            ),
            "cache_write_1h_tokens": (f"{_IN}.cache_creation_token_details.{_1H}",),
            "audio_input_tokens": (f"{_IN}.audio_tokens",),
            "image_input_tokens": (f"{_IN}.image_tokens",),
            "reasoning_tokens": (f"{_OUT}.reasoning_tokens", "reasoning_tokens"),
            "audio_output_tokens": (f"{_OUT}.audio_tokens",),
            "image_output_tokens": (f"{_OUT}.image_tokens",),
        },
        hidden=True,
    ),
    "langchain": UsageForm(  # also OpenAI's speech to text
        marks=(_IN3, _OUT3),
        input="input_tokens",
        output="output_tokens",
        parts={
            "cache_read_tokens": (f"{_IN3}.cache_read", f"{_IN3}.cached_tokens"),
            "cache_write_tokens": (f"{_IN3}.cache_creation + {_IN3}.{_5M} + {_IN3}.{_1H}",),
            "cache_write_1h_tokens": (f"{_IN3}.{_1H}",),
            "audio_input_tokens": (f"{_IN3}.audio", f"{_IN3}.audio_tokens"),
            "reasoning_tokens": (f"{_OUT3}.reasoning",),
            "audio_output_tokens": (f"{_OUT3}.audio",),
        },
    ),
    "anthropic": UsageForm(
        marks=("cache_read_input_tokens", "cache_creation_input_tokens", "cache_creation", "server_tool_use"),
        input="input_tokens + cache_read_input_tokens + cache_creation_input_tokens",
        output="output_tokens",
        parts={
            "cache_read_tokens": ("cache_read_input_tokens",),
            "cache_write_tokens": ("cache_creation_input_tokens",),
            "cache_write_1h_tokens": (f"cache_creation.{_1H}",),
            "reasoning_tokens": (f"{_OUT2}.thinking_tokens",),
        },
        fees={"web_search": ("server_tool_use.web_search_requests",)},
    ),
    "openai.responses": UsageForm(
        marks=(_IN2, _OUT2, "total_tokens"),
        input="input_tokens",
        output="output_tokens",
        parts={
            "cache_read_tokens": (f"{_IN2}.cached_tokens",),
            "cache_write_tokens": (f"{_IN2}.cache_write_tokens",),
            "audio_input_tokens": (f"{_IN2}.audio_tokens",),
            "image_input_tokens": (f"{_IN2}.image_tokens",),
            "reasoning_tokens": (f"{_OUT2}.reasoning_tokens",),
            "audio_output_tokens": (f"{_OUT2}.audio_tokens",),
            "image_output_tokens": (f"{_OUT2}.image_tokens",),
        },
    ),
    "bedrock": UsageForm(
        marks=("inputTokens", "outputTokens"),
        input="inputTokens + cacheReadInputTokens + cacheWriteInputTokens",
        output="outputTokens",
        parts={
            "cache_read_tokens": ("cacheReadInputTokens",),
            "cache_write_tokens": ("cacheWriteInputTokens",),
            "cache_write_1h_tokens": ("cacheDetails.1h",),
        },
    ),
    "cohere": UsageForm(
        marks=("billed_units",),
        input="billed_units.input_tokens",
        output="billed_units.output_tokens",
        parts={},
    ),
}
"""The forms, each before those whose marks it may have too."""

_ANSWERED = ("choices", "candidates", "content", "output", "object")
"""What a vendor's answer has and a usage object has not."""
_PLAIN = ("input_tokens", "output_tokens")
"""What several vendors call their totals, with and without what was cached."""
_BESIDE = {"anthropic": "anthropic", "bedrock": "anthropic", "vertex": "anthropic"}
"""The form of plain totals where a provider's leave the cache out."""

_MARKS = frozenset(_PLAIN).union(*(x.marks for x in FORMS.values()))
"""The keys by which a usage object is known."""
_TOTALS = ("total_tokens", "total_token_count", "totalTokens")
_LEAVES = frozenset(_TOTALS).union(*(x.keys() for x in FORMS.values()))
"""The keys of counts."""
_COUNTED = ("tokens", "token_count", "tokencount")
"""How the key of a count in a list ends."""
_IGNORED = frozenset(
    (
        *(*_TOTALS, "text_tokens", "text", "TEXT", "DOCUMENT", "VIDEO"),
        *("accepted_prediction_tokens", "rejected_prediction_tokens", "video_tokens", "prompt_cache_miss_tokens"),
        *("completion_time", "prompt_time", "queue_time", "total_time", "cost", "cost_in_usd_ticks"),
        *("upstream_inference_cost", "upstream_inference_prompt_cost", "upstream_inference_completions_cost"),
        *("upstream_inference_input_cost", "upstream_inference_output_cost", "web_fetch_requests"),
        *("tool_calls_executed", "tool_calls_requested", "web_search_requests", _5M, "5m"),
        *("cacheReadInputTokenCount", "cacheWriteInputTokenCount"),
    )
)
"""The last words of keys that are known and have no price of their own, or have it told elsewhere."""

_TIERS = {
    **dict.fromkeys(("", "standard", "default", "auto", "on_demand", "traffic_type_unspecified", "unspecified")),
    "on_demand_flex": "flex",
    "on_demand_priority": "priority",
    "provisioned_throughput": "provisioned",
}
_EVERYWHERE = {"", "global", "not_available"}


def tier_named(value: Any) -> str | None:
    """Our name of the tier that an answer says it was served in; None for the standard one."""
    if value is None:
        return None
    said = (text(value) or "").lower()
    return _TIERS.get(said, said)


def region_named(value: Any) -> str | None:
    """The region that an answer says it was served in; None for everywhere."""
    region = text(value)
    return None if region in _EVERYWHERE else region


class FoundUsage(NamedTuple):
    """What a usage object says: tokens by the names of `Usage`, fees, tier, region, what it cost, what is not clear.

    `calls` are the model calls that the totals leave out, each with its own model, or None for the same one: they are
    billed on top. `steps` are what the totals add up, where each step is priced by its own length.
    """

    form: str
    tokens: Mapping[str, int]
    fees: Mapping[str, int] = NOTHING
    tier: str | None = None
    region: str | None = None
    logged_usd: Decimal | None = None
    unknown: tuple[str, ...] = ()
    calls: tuple[tuple[str | None, Mapping[str, int]], ...] = ()
    steps: tuple[Mapping[str, int], ...] = ()


def read_object(usage: Mapping[str, Any], provider: str | None = None, form: str | None = None) -> FoundUsage:
    """What a usage object says. `provider` decides where several vendors have the form; `form` is it where it is known.

    Raises UsageError for a form that is not known or is several vendors', and for a total alone; InvalidUsageError for
    counts that cannot be.
    """
    name = form or form_of(usage, provider)
    if name == "gemini":
        usage = _snaked(usage)
    flat: dict[str, Any] = {}
    _flatten(usage, "", flat)
    plan = _plan(name, tuple(flat))
    tokens = _tokens(plan, flat)
    if not tokens and (total := next((flat[x] for x in _TOTALS if flat.get(x)), 0)):
        raise UsageError(f"the usage has only a total, {total}, and input and output have different prices")
    if not plan.fields and not plan.fees:
        raise UsageError("the usage has no counts")
    if "image_input_tokens" in tokens or "audio_input_tokens" in tokens:
        _overlap(tokens)
    fees = {fee: number for fee, paths in plan.fees if (number := _sum(flat, paths))} if plan.fees else NOTHING
    unknown = tuple([x for x in plan.unknown if flat[x]]) if plan.unknown else ()
    if FORMS[name].hidden:
        unknown += _uncover(tokens, tokens_of(flat.get("total_tokens", 0), "total_tokens"))
    if None in usage.values() and None in [usage.get(key, 0) for key in _WHOLE[name]]:
        told = Counter(tokens)
        total = tokens_of(flat.get("total_token_count", 0), "total_token_count")
        more = name != "gemini" or total > told["input_tokens"] + told["output_tokens"]
        unknown += (Doubt.BLANK,) if more else ()
    if usage.keys().isdisjoint(_BESIDE_TOKENS):
        return FoundUsage(name, tokens, fees, unknown=unknown)
    tier = (
        "fast" if usage.get("speed") == "fast" else tier_named(usage.get("service_tier") or usage.get("traffic_type"))
    )
    calls, steps = _iterations(name, usage["iterations"]) if usage.get("iterations") else ((), ())
    return FoundUsage(
        form=name,
        tokens=tokens,
        fees=fees,
        tier=tier,
        region=region_named(usage.get("inference_geo")),
        logged_usd=_logged(usage, tokens),
        unknown=unknown,
        calls=calls,
        steps=steps,
    )


_WHOLE = {name: (x.input.partition(" ")[0], x.output.partition(" ")[0]) for name, x in FORMS.items()}
"""The counts of each form that are never null, but for Gemini's where nothing was answered."""
_BESIDE_TOKENS = ("speed", "service_tier", "traffic_type", "inference_geo", "iterations", "cost", "cost_details")
"""What a usage object may tell beside its counts."""


def form_of(usage: Mapping[str, Any], provider: str | None = None) -> str:
    """The name of the form of a usage object. Raises UsageError where it is not known, or needs the provider."""
    for name, form in FORMS.items():
        for mark in form.marks:
            if usage.get(mark) is not None:
                return name
    keys = ", ".join(map(str, usage)) or "none"
    if usage.keys().isdisjoint(_PLAIN) and not usage.keys().isdisjoint(_ANSWERED):
        raise UsageError("the response has no usage: a stream has it in its last part, if requested")
    if usage.keys().isdisjoint(_PLAIN):
        raise UsageError(
            f"unknown usage object: its keys are {keys}",
            "give a vendor's response, or the usage object in it",
        )
    if provider is None:
        raise UsageError(
            f"whether input_tokens includes cached tokens depends on the vendor: the keys are {keys}",
            'name the vendor: provider="anthropic", provider="openai"',
        )
    return _BESIDE.get(provider, "openai.responses")


def holds_usage(value: Any, deep: int = 6) -> bool:
    """Whether a usage object of a known form is somewhere in a value, so many objects and lists down."""
    if isinstance(value, dict):
        if not value.keys().isdisjoint(_MARKS):
            return True
        value = list(value.values())
    return isinstance(value, list) and deep > 0 and any(holds_usage(x, deep - 1) for x in value)


def _tokens(plan: _Plan, flat: Mapping[str, Any]) -> dict[str, int]:
    """The tokens by field, without zeros."""
    tokens: dict[str, int] = {}
    for name, paths in plan.fields:
        if number := _sum(flat, paths):
            tokens[name] = number
    return tokens


def _uncover(tokens: dict[str, int], whole: int) -> tuple[Doubt, ...]:
    """Add what the totals leave out, and say what it is taken for.

    A cache is beside the input where the `whole` (0: not told) is the sum of both, and where it is larger than the
    input; a whole without room for both leaves such counts as they are, which cannot be. What the whole has beyond
    input and output is output that is not split further; no doubt where it is the reasoning.
    """
    given, answered = tokens.get("input_tokens", 0), tokens.get("output_tokens", 0)
    cached = tokens.get("cache_read_tokens", 0) + tokens.get("cache_write_tokens", 0)
    doubts: tuple[Doubt, ...] = ()
    apart = given + cached + answered
    if (cached > given and (not whole or whole > apart)) or (cached and whole == apart):
        given = tokens["input_tokens"] = given + cached
        doubts = (Doubt.BESIDE,)
    more = whole - given - answered
    if more <= 0:
        return doubts
    thought = tokens.get("reasoning_tokens", 0)
    tokens["output_tokens"] = answered + more
    tokens["reasoning_tokens"] = max(thought, more)
    return doubts if more == thought else (*doubts, Doubt.HIDDEN)


_HIDING = ("gemini", "grok")
"""The models whose vendors leave reasoning out of the output of this form, and have it in the total."""


def unclear(found: FoundUsage, model: str | None) -> tuple[str, ...]:
    """What is not clear in a usage object of a `model`: the keys that are not understood, and each Doubt."""
    name = (model or "").lower()
    known = [Doubt.HIDDEN] * any(x in name for x in _HIDING) + [Doubt.BLANK] * ("embed" in name)
    return tuple(x for x in found.unknown if x not in known) if known and found.unknown else found.unknown


def _overlap(tokens: dict[str, int]) -> None:
    """Take images and sounds as cached as far as the input has no room for both, where it is not told how many were."""
    counts = Counter(tokens)
    cached = counts["cache_read_tokens"] - counts["image_cache_read_tokens"] - counts["audio_cache_read_tokens"]
    media = counts["image_input_tokens"] + counts["audio_input_tokens"]
    over = cached + media + counts["cache_write_tokens"] - counts["input_tokens"]
    for kind in ("image", "audio"):
        both = f"{kind}_cache_read_tokens"
        more = min(over, cached, counts[f"{kind}_input_tokens"] - counts[both])
        if more > 0:
            tokens[both] = counts[both] + more
            over, cached = over - more, cached - more


def _sum(flat: Mapping[str, Any], paths: tuple[str, ...]) -> int:
    return sum([tokens_of(flat[path], path) for path in paths])


class _Plan(NamedTuple):
    """How objects with the same keys are read: the keys to add up for each field and fee, and those not understood."""

    fields: tuple[tuple[str, tuple[str, ...]], ...]
    fees: tuple[tuple[str, tuple[str, ...]], ...]
    unknown: tuple[str, ...]


@lru_cache(maxsize=1024)  # a log in 0.6 of the time
def _plan(name: str, keys: tuple[str, ...]) -> _Plan:
    """The plan for an object of a form that has these keys."""
    form = FORMS[name]
    known = frozenset(form.keys())
    there = frozenset(keys)

    def first(given: tuple[str, ...]) -> tuple[str, ...]:
        split = (alternative.split(" + ") for alternative in given)
        return next((tuple(x for x in paths if x in there) for paths in split if not there.isdisjoint(paths)), ())

    wanted = {"input_tokens": (form.input,), "output_tokens": (form.output,), **form.parts}
    return _Plan(
        fields=tuple((field, paths) for field, given in wanted.items() if (paths := first(given))),
        fees=tuple((fee, paths) for fee, given in form.fees.items() if (paths := first(given))),
        unknown=tuple(x for x in keys if x not in known and x.rpartition(".")[2] not in _IGNORED),
    )


def _flatten(value: Mapping[str, Any], path: str, flat: dict[str, Any]) -> None:
    """Collect the numbers of an object by their dotted keys; a list of counts is keyed by what each is of.

    Where a count is expected, what stands there is collected whatever it is, but for null.
    """
    for key, found in value.items():
        kind, name = type(found), f"{path}{key}"
        if kind is int or kind is float or kind is Decimal or (name in _LEAVES and found is not None):
            flat[name] = found
        elif kind is dict:
            _flatten(found, f"{name}.", flat)
        elif kind is list and key != "iterations":
            for item in found:
                of, number = _counted(item)
                if of is not None:
                    flat[f"{name}.{of}"] = flat.get(f"{name}.{of}", 0) + tokens_of(number, f"{name}.{of}")


def _counted(item: Any) -> tuple[str | None, Any]:
    """What an item of a list counts: `{"modality": "AUDIO", "tokenCount": 5}`, `{"ttl": "1h", "inputTokens": 5}`."""
    item = mapping(item)
    kind = item.get("modality") or item.get("ttl")
    kind = getattr(kind, "value", kind)
    number = next((x for key, x in item.items() if key.lower().endswith(_COUNTED) and x is not None), 0)
    return (text(kind) or "?", number) if kind is not None else (None, 0)


def _iterations(name: str, given: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The calls that Anthropic's totals leave out (advisors, compaction), and the steps that they add up."""
    calls, steps = [], []
    for step in listing(given):
        flat: dict[str, Any] = {}
        _flatten(mapping(step), "", flat)
        tokens = _tokens(_plan(name, tuple(flat)), flat)
        if mapping(step).get("type") == "message":
            steps.append(tokens)
        elif tokens:
            calls.append((text(step.get("model")), tokens))
    return tuple(calls), tuple(steps) if len(steps) > 1 else ()


def _logged(usage: Mapping[str, Any], tokens: Mapping[str, int]) -> Decimal | None:
    """USD that OpenRouter says it took; for the user's own key what the provider takes. 0 for tokens is unknown."""
    if "cost" not in usage and "cost_details" not in usage:
        return None
    found = usd(usage.get("cost"))
    if usage.get("is_byok") or not found:
        found = usd(mapping(usage.get("cost_details")).get("upstream_inference_cost")) or found
    return None if not found and tokens else found


def _snaked(value: Any) -> Any:
    """Gemini's answer as its Python SDK has it: the keys with underscores."""
    if isinstance(value, dict):
        return {snake(key): _snaked(x) for key, x in value.items()}
    return list(map(_snaked, value)) if isinstance(value, list) else value


@lru_cache(maxsize=256)  # a log of Gemini in half the time
def snake(key: str) -> str:
    """A key as Python's SDKs write it: `prompt_token_count` for `promptTokenCount`."""
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", key).lower()


class AnswerBody(NamedTuple):
    """A vendor's answer: its usage object, the model, and the tier and provider that it tells outside of it."""

    usage: Mapping[str, Any]
    model: str | None = None
    tier: str | None = None
    provider: str | None = None
    at: Any = None


_USAGE = ("usage", "usageMetadata", "usage_metadata")


def body_of(raw: Mapping[str, Any]) -> AnswerBody:
    """A vendor's answer, or a usage object alone. Raises UsageError for an answer without usage."""
    for key in _USAGE:
        if isinstance(usage := raw.get(key), dict):
            break
    else:
        if not raw.keys().isdisjoint(_USAGE):
            raise UsageError("the answer has no usage: a stream has it in its last part, if requested")
        return AnswerBody(raw, model=text(raw.get("model")))
    return AnswerBody(
        usage=usage,
        model=text(raw.get("model") or raw.get("modelVersion") or raw.get("model_version")),
        tier=tier_named(raw.get("service_tier")),
        provider="anthropic" if raw.get("type") == "message" else "openai" if raw.get("object") else None,
        at=raw.get("created") or raw.get("created_at") or raw.get("createTime") or raw.get("create_time"),
    )


def read_answer(raw: Any, provider: str | None = None) -> tuple[AnswerBody, FoundUsage]:
    """A vendor's answer or usage object, as a dict or an object of an SDK, and what it says."""
    body = body_of(keyed(raw))
    found = read_object(body.usage, provider or body.provider)
    return body, found._replace(tier=found.tier or body.tier)


_ATTRIBUTES = frozenset(
    (*_USAGE, "model", "model_version", "service_tier", "created", "created_at", "create_time", *_PLAIN)
) | {path.partition(".")[0] for form in FORMS.values() for path in (*form.keys(), *form.marks)}


def plain(raw: Any) -> Any:
    """What an SDK returns, as dicts and lists: by `model_dump`, `to_dict`, its fields, or its attributes."""
    if raw is None or isinstance(raw, str | int | float | Decimal):
        return raw
    if isinstance(raw, Mapping):
        return {str(key): plain(x) for key, x in raw.items()}
    if isinstance(raw, list | tuple):
        return list(map(plain, raw))
    for name in ("model_dump", "to_dict"):
        if callable(dump := getattr(raw, name, None)) and isinstance(found := dump(), Mapping):
            return plain(found)
    found = getattr(raw, "__dict__", None) or {x: getattr(raw, x) for x in _ATTRIBUTES if hasattr(raw, x)}
    return {key: plain(x) for key, x in found.items() if not key.startswith("_")}


def keyed(raw: Any) -> Mapping[str, Any]:
    """The same of what has keys. Raises UsageError for anything else."""
    found = plain(raw)
    if not isinstance(found, Mapping):
        raise UsageError(
            f"a response must be a dict or an object of an SDK, not {type(raw).__name__}",
            "pass a vendor's response, or the usage object in it",
        )
    return found


class UsageRead(NamedTuple):
    """What `read_usage` returns."""

    usage: Usage
    fees: Mapping[str, int]
    tier: str | None


def read_usage(raw: Any, provider: str | None = None) -> UsageRead:
    """The tokens, fees and service tier of a vendor's response or usage object.

    `raw` is a dict or an object of an SDK: OpenAI, Anthropic, Gemini, Bedrock, DeepSeek, Mistral, OpenRouter, litellm
    and what has their form. Totals are ours: the input includes what was cached, the output the reasoning.

    Raises UsageError where the form is not known, or is that of several vendors and no `provider` says which;
    InvalidUsageError for counts that cannot be.
    """
    _, found = read_answer(raw, provider)
    return UsageRead(Usage(**found.tokens), found.fees, found.tier)
