"""Spans of traces: OpenTelemetry's GenAI conventions, OpenInference and the Vercel AI SDK, mixed in a file or not.

A file has pages of OTLP in JSON (`resourceSpans`), or spans as the SDKs of JavaScript and Python write them. Only model
calls count: spans of agents, chains, tools and workflows repeat what is below them. A call that two instrumentations
tell counts once, by the id of its answer.

The conventions say that the input has what was cached. Who does not keep to it is known by a cache larger than the
input, by a total, or by name: OpenLLMetry's Bedrock, and Vercel's SDK up to 5 with Anthropic. Sources:
semantic-conventions `docs/registry/attributes/gen-ai.md`, openllmetry `semconv_ai/__init__.py` and its issue 4449,
openinference `spec/semantic_conventions.md`, ai `packages/ai/src/generate-text`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from ...document import listing, mapping
from ...pricing.providers import HOSTS, OTHER_NAMES, VENDORS
from ..forms import read_object, tier_named, unclear
from ..record import NOTHING, Drop, Outcome, UsageRecord, micros, reading, text, tokens_of, usd
from . import LogReader, LogRow

_CALLS = (
    *("chat", "text_completion", "completion", "generate_content", "embeddings", "embedding"),
    *("response", "responses", "messages"),
)
"""The operations that are model calls; those of agents, tools and workflows are not."""
_KINDS = ("LLM", "EMBEDDING")
_GROUPS = ("workflow", "task", "agent", "tool")
_PROVIDERS = {
    "aws": "bedrock",
    "az": "azure",
    "azure": "azure",
    "bedrock": "bedrock",
    "gcp": "google",
    "mistral_ai": "mistral",
    "vertex": "vertex",
    "x_ai": "xai",
}
_BESIDE_BEFORE_6 = ("anthropic", "bedrock", "vertex")
"""Whose input left out what was cached, up to version 5 of Vercel's SDK."""


class _Counts(NamedTuple):
    """Where a convention keeps its counts: of each, the attributes of which the first that is there is taken."""

    input: tuple[str, ...]
    output: tuple[str, ...]
    read: tuple[str, ...]
    written: tuple[str, ...]
    reasoning: tuple[str, ...]
    total: tuple[str, ...]
    audio_in: tuple[str, ...] = ()
    audio_out: tuple[str, ...] = ()


_U = "gen_ai.usage."
_GEN_AI = _Counts(
    input=(f"{_U}input_tokens", f"{_U}prompt_tokens", "llm.usage.prompt_tokens"),
    output=(f"{_U}output_tokens", f"{_U}completion_tokens", "llm.usage.completion_tokens"),
    read=(
        f"{_U}cache_read.input_tokens",
        f"{_U}cache_read_input_tokens",
        f"{_U}details.cache_read_input_tokens",
        f"{_U}details.cache_read_tokens",
        "llm.usage.cache_read_input_tokens",
    ),
    written=(
        f"{_U}cache_creation.input_tokens",
        f"{_U}cache_creation_input_tokens",
        f"{_U}details.cache_creation_input_tokens",
        f"{_U}details.cache_write_tokens",
        "llm.usage.cache_creation_input_tokens",
    ),
    reasoning=(
        f"{_U}reasoning.output_tokens",
        f"{_U}reasoning_tokens",
        f"{_U}details.reasoning_tokens",
        "llm.usage.reasoning_tokens",
    ),
    total=(f"{_U}total_tokens", "llm.usage.total_tokens"),
    audio_in=(f"{_U}details.input_audio_tokens",),
    audio_out=(f"{_U}details.output_audio_tokens",),
)
_T = "llm.token_count."
_OPENINFERENCE = _Counts(
    input=(f"{_T}prompt",),
    output=(f"{_T}completion",),
    read=(f"{_T}prompt_details.cache_read", f"{_T}prompt_details.cache_input"),
    written=(f"{_T}prompt_details.cache_write",),
    reasoning=(f"{_T}completion_details.reasoning",),
    total=(f"{_T}total",),
    audio_in=(f"{_T}prompt_details.audio",),
    audio_out=(f"{_T}completion_details.audio",),
)
_A, _DETAILS = "ai.usage.", "ai.usage.inputTokenDetails."
_VERCEL = _Counts(
    input=(f"{_A}inputTokens", f"{_A}promptTokens", f"{_A}tokens", f"{_U}input_tokens", f"{_U}prompt_tokens"),
    output=(f"{_A}outputTokens", f"{_A}completionTokens", f"{_U}output_tokens", f"{_U}completion_tokens"),
    read=(f"{_DETAILS}cacheReadTokens", f"{_A}cachedInputTokens", "cacheReadInputTokens", "cachedPromptTokens"),
    written=(f"{_DETAILS}cacheWriteTokens", "cacheCreationInputTokens", "usage.cacheWriteInputTokens"),
    reasoning=(f"{_A}outputTokenDetails.reasoningTokens", f"{_A}reasoningTokens", "reasoningTokens"),
    total=(f"{_A}totalTokens",),
)


def is_trace(row: LogRow) -> bool:
    """Whether a row is a page of spans, or a span."""
    return isinstance(row.get("resourceSpans"), list) or (
        isinstance(row.get("attributes"), dict | list)
        and any(key in row for key in ("spanContext", "context", "spanId"))
    )


def convention(row: LogRow) -> str:
    """The name of the convention that the first span which has one keeps to."""
    for span in rows(row):
        for key in span["attributes"] if isinstance(span, dict) else ():
            if key.startswith("ai."):
                return "vercel-ai-sdk"
            if key.startswith(("openinference.", "llm.token_count.")):
                return "openinference"
    return "otel-genai"


def rows(page: LogRow) -> Iterator[Any]:
    """Yield the spans of a page, or the row as one, each with its attributes as plain values."""
    if "resourceSpans" not in page:
        yield _span(page, mapping(page.get("resource")), _attributes(mapping(page.get("resource")).get("attributes")))
        return
    for resource in listing(page["resourceSpans"]):
        if not isinstance(resource, dict):
            yield resource
        about = _attributes(mapping(mapping(resource).get("resource")).get("attributes"))
        for scope in listing(
            mapping(resource).get("scopeSpans") or mapping(resource).get("instrumentationLibrarySpans")
        ):
            if not isinstance(scope, dict):
                yield scope
            for span in listing(mapping(scope).get("spans")):
                yield _span(span, mapping(mapping(scope).get("scope")), about) if isinstance(span, dict) else span


def _span(span: LogRow, scope: LogRow, about: Mapping[str, Any]) -> dict[str, Any]:
    """A span of any writer: its attributes, its id, when it began, whether it failed, who wrote it."""
    context = mapping(span.get("spanContext") or span.get("context")) or span
    names = [context.get(x) or context.get(y) for x, y in (("traceId", "trace_id"), ("spanId", "span_id"))]
    began = span.get("startTimeUnixNano") or span.get("startTime") or span.get("start_time")
    if isinstance(began, list) and len(began) == 2 and all(isinstance(x, int) for x in began):
        began = began[0] * 1_000_000_000 + began[1]
    scope = mapping(span.get("instrumentationScope") or span.get("instrumentationLibrary")) or scope
    status = mapping(span.get("status"))
    return {
        "attributes": _attributes(span.get("attributes")),
        "id": "/".join(map(str, names)) if all(names) else None,
        "began": began,
        "failed": "ERROR" in str(status.get("status_code")) or status.get("code") in (2, "STATUS_CODE_ERROR"),
        "scope": text(scope.get("name")) or "",
        "about": about,
    }


def read(span: LogRow) -> Outcome:
    """The record of a model call."""
    attributes = span["attributes"]
    if "ai.operationId" in attributes:
        return _read_vercel(span, attributes)
    kind = text(attributes.get("openinference.span.kind"))
    if kind is not None or f"{_T}prompt" in attributes:
        return _read_openinference(span, attributes, kind)
    return _read_gen_ai(span, attributes)


def _read_gen_ai(span: LogRow, attributes: LogRow) -> Outcome:
    operation, group = text(attributes.get("gen_ai.operation.name")), text(attributes.get("traceloop.span.kind"))
    model = text(attributes.get("gen_ai.response.model")) or text(attributes.get("gen_ai.request.model"))
    if operation is None and group is None and model is None:
        return Drop.NOT_A_MODEL_CALL if any(key in attributes for key in _GEN_AI.input) else Drop.OTHER
    if group in _GROUPS or (operation or _CALLS[0]).lower() not in _CALLS:
        return Drop.NOT_A_MODEL_CALL
    told = attributes.get
    return _record(
        span,
        attributes,
        _GEN_AI,
        model=model,
        provider=_provider(told("gen_ai.provider.name") or told("gen_ai.system")),
        answer=told("gen_ai.response.id"),
        tier=told("gen_ai.openai.response.service_tier") or told("openai.response.service_tier"),
        cost=told(f"{_U}cost") or told("operation.cost"),
        beside=span["scope"].endswith("instrumentation.bedrock"),
    )


def _read_openinference(span: LogRow, attributes: LogRow, kind: str | None) -> Outcome:
    if (kind or _KINDS[0]).upper() not in _KINDS:
        return Drop.NOT_A_MODEL_CALL
    told = attributes.get
    return _record(
        span,
        attributes,
        _OPENINFERENCE,
        model=text(told("llm.model_name")) or text(told("embedding.model_name")),
        provider=_provider(told("llm.provider") or told("llm.system")),
        answer=told("gen_ai.response.id"),
        cost=told("llm.cost.total"),
    )


def _read_vercel(span: LogRow, attributes: LogRow) -> Outcome:
    operation = str(attributes["ai.operationId"])
    if ".do" not in operation:
        return Drop.NOT_A_MODEL_CALL if operation == "ai.toolCall" else Drop.OUTER_SPAN
    told = attributes.get
    provider = _provider(told("ai.model.provider"))
    by_vendor = _object(told("ai.response.providerMetadata"))
    metadata = next((x for x in by_vendor.values() if isinstance(x, dict)), {})
    version_6 = any(key.startswith(_DETAILS) for key in attributes)
    return _record(
        span,
        {**_flat(metadata), **attributes},
        _VERCEL,
        model=text(told("ai.response.model")) or text(told("ai.model.id")),
        provider=provider,
        answer=told("ai.response.id"),
        tier=metadata.get("serviceTier"),
        beside=not version_6 and provider in _BESIDE_BEFORE_6 and bool(by_vendor.keys() & _BESIDE_BEFORE_6),
        exact=_exact(metadata),
    )


def _exact(metadata: LogRow) -> tuple[LogRow, str] | None:
    """The usage object of the vendor's answer and whose form it has, where the SDK keeps it whole."""
    theirs, google = mapping(metadata.get("usage")), mapping(metadata.get("usageMetadata"))
    if "input_tokens" in theirs:
        return theirs, "anthropic"
    return (google, "google") if "promptTokenCount" in google else None


@reading
def _record(
    span: LogRow,
    attributes: LogRow,
    counts: _Counts,
    *,
    model: str | None,
    provider: str | None,
    answer: Any,
    tier: Any = None,
    cost: Any = None,
    beside: bool = False,
    exact: tuple[LogRow, str] | None = None,
) -> Outcome:
    """The record of a call; `beside`: what was cached is not in its input."""
    found = None if exact is None else read_object(*exact)
    tokens = _tokens(attributes, counts, beside=beside) if found is None else found.tokens
    if tokens is None:
        return Drop.ERROR if span["failed"] else Drop.NO_USAGE
    told, about = attributes.get, span["about"]
    logged, user = usd(cost), text(told("user.id"))
    return UsageRecord(
        source="traces",
        tokens=tokens,
        model=model or "",
        record_id=text(answer) or span["id"],
        at=micros(span["began"]),
        provider=provider,
        tier=tier_named(tier) if found is None else found.tier or tier_named(tier),
        fees=NOTHING if found is None else found.fees,
        logged_usd=logged if logged or not tokens else None,
        session=text(told("session.id")) or text(told("gen_ai.conversation.id")),
        user=None if user is None or "@" in user else user,
        project=text(about.get("openinference.project.name")) or text(about.get("service.name")),
        tag=text(told("ai.telemetry.functionId")),
        unknown=() if found is None else unclear(found, model),
    )


def _tokens(attributes: LogRow, counts: _Counts, *, beside: bool) -> dict[str, int] | None:
    """The tokens by field, without zeros; None where there are none. Raises InvalidUsageError for what is no count."""
    given, answered, read, written, reasoning, total, heard, spoken = (_first(attributes, x) for x in counts)
    if given is None and answered is None:
        return None
    into, out, thought = given or 0, answered or 0, reasoning or 0
    cached = (read or 0) + (written or 0)
    if beside or cached > into or (cached and total == into + out + cached):
        into += cached
    if thought > out:  # the answer was counted without
        out += thought
    elif answered is not None and total is not None and total > into + out:
        thought = max(thought, total - into - out)
        out = total - into
    named = {
        "input_tokens": into,
        "cache_read_tokens": read,
        "cache_write_tokens": written,
        "audio_input_tokens": heard,
        "output_tokens": out,
        "reasoning_tokens": thought,
        "audio_output_tokens": spoken,
    }
    return {name: number for name, number in named.items() if number}


def _first(attributes: LogRow, keys: tuple[str, ...]) -> int | None:
    """The first count that is there."""
    for key in keys:
        value = attributes.get(key)
        if value is not None:
            return tokens_of(value, key)
    return None


def _provider(said: Any) -> str | None:
    """Our name of who sold the call; None where it is not known, as behind a gateway."""
    return _provider_named((text(said) or "").lower())


@lru_cache(maxsize=256)  # 6% of the time of a log
def _provider_named(name: str) -> str | None:
    if "vertex" in name:
        return "vertex"
    if "bedrock" in name:
        return "bedrock"
    first = name.partition(".")[0]
    found = _PROVIDERS.get(first) or OTHER_NAMES.get(first, first)
    return found if found in VENDORS | HOSTS | {*_PROVIDERS.values()} else None


def _attributes(given: Any) -> dict[str, Any]:
    """Attributes as plain values: OTLP has a list of keys, each with a value of one type."""
    if isinstance(given, dict):
        return {str(key): value for key, value in given.items()}
    found = {}
    for item in listing(given):
        try:
            (found[str(item["key"])],) = item["value"].values()
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
    return found


def _object(value: Any) -> dict[str, Any]:
    """An object, or the text of one."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return dict(mapping(value))


def _flat(metadata: LogRow) -> dict[str, Any]:
    """What a vendor's metadata has, what is in its `usage` by a dotted key."""
    return {**metadata, **{f"usage.{key}": value for key, value in mapping(metadata.get("usage")).items()}}


READER = LogReader(read=read, rows=rows)
