"""Spans: which count, and what their input and output include. Comments name the mistakes that others make."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from llmcost.usage.readers import detect
from llmcost.usage.readers.traces import READER, read, rows
from llmcost.usage.record import Drop, UsageRecord
from tests.usage.conftest import cube_of

U, T, A = "gen_ai.usage.", "llm.token_count.", "ai.usage."
CHAT = {"gen_ai.operation.name": "chat", "gen_ai.response.model": "claude-sonnet-4-5", "gen_ai.system": "anthropic"}
LLM = {"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.provider": "openai"}
CALL = {
    "ai.operationId": "ai.generateText.doGenerate",
    "ai.model.id": "claude-x",
    "ai.model.provider": "anthropic.messages",
}


def otlp(attributes: dict[str, Any], *, scope: str = "x", **span: Any) -> dict[str, Any]:
    """Return a page of OTLP with one span."""
    of_type = {int: "intValue", float: "doubleValue", str: "stringValue"}
    listed = [
        {"key": key, "value": {of_type[type(x)]: str(x) if isinstance(x, int) else x}} for key, x in attributes.items()
    ]
    made = {"traceId": "t", "spanId": "s", "startTimeUnixNano": "1788256800000000000", "attributes": listed, **span}
    about = [{"key": "service.name", "value": {"stringValue": "web"}}]
    scopes = [{"scope": {"name": scope}, "spans": [made]}]
    return {"resourceSpans": [{"resource": {"attributes": about}, "scopeSpans": scopes}]}


def outcome(attributes: dict[str, Any], **more: Any) -> Any:
    """Return what the one span of a page gives."""
    (span,) = rows(otlp(attributes, **more))
    return read(span)


def tokens(attributes: dict[str, Any], **more: Any) -> dict[str, int]:
    """Return its tokens."""
    found = outcome(attributes, **more)
    assert isinstance(found, UsageRecord)
    return dict(found.tokens)


@pytest.mark.parametrize(
    ("attributes", "scope", "into"),
    [
        ({f"{U}input_tokens": 1012, f"{U}cache_read.input_tokens": 1000}, "x", 1012),  # by the conventions
        ({f"{U}input_tokens": 12, f"{U}cache_read.input_tokens": 1000}, "x", 1012),  # what was cached is more
        ({f"{U}prompt_tokens": 1012, f"{U}cache_read_input_tokens": 1000}, "x", 1012),
        ({f"{U}input_tokens": 1200, f"{U}cache_read.input_tokens": 1000, f"{U}total_tokens": 2240}, "x", 2200),
        ({f"{U}input_tokens": 1200, f"{U}cache_read.input_tokens": 1000}, "y.instrumentation.bedrock", 2200),
    ],
)
def test_the_input_has_what_was_cached_whoever_wrote_it(attributes: dict[str, Any], scope: str, into: int) -> None:
    found = tokens({**CHAT, **attributes, f"{U}output_tokens": 40}, scope=scope)

    assert found == {"input_tokens": into, "cache_read_tokens": 1000, "output_tokens": 40}


@pytest.mark.parametrize(
    "attributes",
    [
        {f"{U}output_tokens": 104, f"{U}reasoning.output_tokens": 989},  # thoughts were left out
        {f"{U}output_tokens": 104, f"{U}total_tokens": 1193},  # only the total has them
        {f"{U}output_tokens": 1093, f"{U}details.reasoning_tokens": 989},  # a part of the output
    ],
)
def test_the_output_has_what_was_thought(attributes: dict[str, Any]) -> None:
    found = tokens({**CHAT, f"{U}input_tokens": 100, **attributes})

    assert found == {"input_tokens": 100, "output_tokens": 1093, "reasoning_tokens": 989}


def test_an_output_may_be_thoughts_alone() -> None:
    found = tokens({**CHAT, f"{U}input_tokens": 100, f"{U}output_tokens": 9, f"{U}reasoning.output_tokens": 9})

    assert found == {"input_tokens": 100, "output_tokens": 9, "reasoning_tokens": 9}


@pytest.mark.parametrize(
    ("attributes", "why"),
    [  # a parent repeats its children
        ({"gen_ai.operation.name": "invoke_agent", f"{U}input_tokens": 29_899}, Drop.NOT_A_MODEL_CALL),
        ({"gen_ai.operation.name": "execute_tool"}, Drop.NOT_A_MODEL_CALL),
        ({"model_name": "gpt-4o", "agent_name": "a", f"{U}input_tokens": 29_899}, Drop.NOT_A_MODEL_CALL),
        ({"traceloop.span.kind": "workflow", f"{U}input_tokens": 29_899}, Drop.NOT_A_MODEL_CALL),
        ({"openinference.span.kind": "AGENT", f"{T}prompt": 29_899}, Drop.NOT_A_MODEL_CALL),
        ({"ai.operationId": "ai.streamText", f"{A}inputTokens": 29_899}, Drop.OUTER_SPAN),
        ({"ai.operationId": "ai.toolCall"}, Drop.NOT_A_MODEL_CALL),
        ({"http.request.method": "GET"}, Drop.OTHER),
        (CHAT, Drop.NO_USAGE),  # a stream that did not tell
        ({**LLM, f"{T}prompt": -1}, Drop.IMPOSSIBLE),
        ({**LLM, f"{T}prompt": "many"}, Drop.IMPOSSIBLE),
        ({**LLM, f"{T}prompt": 1.5}, Drop.IMPOSSIBLE),
    ],
)
def test_only_model_calls_with_counts_are_records(attributes: dict[str, Any], why: Drop) -> None:
    assert outcome(attributes) is why


@pytest.mark.parametrize("count", [1.5, -1.0, 1e300, Decimal("1e400"), float("nan")])
def test_what_is_no_count_of_tokens_is_impossible(count: float | Decimal) -> None:
    (span,) = rows(otlp({**CHAT, f"{U}input_tokens": 5}))
    span["attributes"][f"{U}input_tokens"] = count
    assert read(span) is Drop.IMPOSSIBLE


@pytest.mark.parametrize("status", [{"code": 2}, {"code": "STATUS_CODE_ERROR"}, {"status_code": "StatusCode.ERROR"}])
def test_a_failed_call_without_counts_is_an_error(status: dict[str, Any]) -> None:
    assert outcome(CHAT, status=status) is Drop.ERROR
    assert isinstance(outcome({**CHAT, f"{U}input_tokens": 9}, status=status), UsageRecord)


def test_a_page_says_when_by_whom_and_for_whom() -> None:
    told = {"session.id": "c1", "user.id": "a@b.example", f"{U}input_tokens": 9, f"{U}cost": 0.5}

    found = outcome({**CHAT, "gen_ai.response.id": "msg_1", "openai.response.service_tier": "flex", **told})

    assert found.at == 1_788_256_800_000_000
    assert (found.record_id, found.model, found.provider, found.tier) == (
        "msg_1",
        "claude-sonnet-4-5",
        "anthropic",
        "flex",
    )
    assert (found.session, found.user, found.project, found.logged_usd) == ("c1", None, "web", Decimal("0.5"))
    assert outcome({**CHAT, "user.id": "u1", f"{U}input_tokens": 9})[:4] == (
        "traces",
        {"input_tokens": 9},
        CHAT["gen_ai.response.model"],
        "t/s",
    )


def test_openinference_has_a_cost_and_no_lifetime_of_what_was_written() -> None:
    counts = {f"{T}prompt": 12_145, f"{T}completion": 300, f"{T}prompt_details.cache_write": 2000}

    found = outcome({**LLM, **counts, "llm.cost.total": 0.01496})  # 38, 43

    assert found.logged_usd == Decimal("0.01496")
    assert found.tokens == {"input_tokens": 12_145, "cache_write_tokens": 2000, "output_tokens": 300}
    assert outcome({**LLM, f"{T}prompt": 1, "llm.cost.total": 0}).logged_usd is None  # 36
    assert outcome({f"{T}prompt": 1, "embedding.model_name": "e"}).model == "e"


def metadata(**of: Any) -> dict[str, str]:
    """Return what the vendor's metadata of a call are, as text."""
    return {"ai.response.providerMetadata": json.dumps(of)}


@pytest.mark.parametrize(
    "attributes",
    [  # 2,302 = 18 + 2,284
        {f"{A}inputTokens": 18, f"{A}cachedInputTokens": 2284},
        {f"{A}inputTokens": 2302, f"{A}inputTokenDetails.cacheReadTokens": 2284},
        {f"{A}promptTokens": 18, **metadata(anthropic={"cacheReadInputTokens": 2284})},
        {
            f"{A}promptTokens": 2302,
            **metadata(anthropic={"usage": {"input_tokens": 18, "cache_read_input_tokens": 2284}}),
        },
    ],
)
def test_vercel_means_another_input_in_every_version(attributes: dict[str, Any]) -> None:
    assert tokens({**CALL, **attributes}) == {"input_tokens": 2302, "cache_read_tokens": 2284}


def test_vercel_5_leaves_out_what_anthropic_cached_however_little() -> None:
    told = {
        f"{A}inputTokens": 3000,
        f"{A}cachedInputTokens": 1000,
        **metadata(anthropic={"cacheCreationInputTokens": 7}),
    }

    assert tokens({**CALL, **told})["input_tokens"] == 4007
    assert tokens({**CALL, **told, "ai.model.provider": "openai.responses"})["input_tokens"] == 3000


def test_vercel_keeps_what_gemini_thought() -> None:  # 923 for 1,708
    counts = {"promptTokenCount": 10, "candidatesTokenCount": 923, "thoughtsTokenCount": 785, "totalTokenCount": 1718}
    told = {f"{A}inputTokens": 10, f"{A}outputTokens": 923, **metadata(google={"usageMetadata": counts})}

    found = outcome({**CALL, "ai.model.provider": "google.generative-ai", **told})

    assert (found.provider, found.tokens["output_tokens"]) == ("google", 1708)


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        *(("openai.responses", "openai"), ("amazon-bedrock", "bedrock"), ("aws.bedrock", "bedrock")),
        *(("az.ai.openai", "azure"), ("azure-openai.chat", "azure"), ("gcp.gemini", "google"), ("x_ai", "xai")),
        *(
            ("gcp.vertex_ai", "vertex"),
            ("google.vertex.chat", "vertex"),
            ("mistral_ai", "mistral"),
            ("OpenAI", "openai"),
        ),
        *(("gateway", None), ("", None)),
    ],
)
def test_providers_by_our_names(said: str, ours: str | None) -> None:
    assert outcome({**CALL, "ai.model.provider": said, f"{A}tokens": 3}).provider == ours


def test_spans_as_the_sdks_write_them() -> None:
    counted = {**CHAT, f"{U}input_tokens": 9}
    javascript = {
        "spanContext": {"traceId": "t", "spanId": "s"},
        "startTime": [1_788_256_800, 5000],
        "attributes": counted,
    }
    python = {
        "context": {"trace_id": "t", "span_id": "s"},
        "start_time": "2026-09-01T10:00:00.000005Z",
        "attributes": counted,
        "resource": {"attributes": {"service.name": "web"}},
    }

    found: list[Any] = [read(span) for row in (javascript, python) for span in rows(row)]

    assert [(x.record_id, x.at) for x in found] == [("t/s", 1_788_256_800_000_005)] * 2
    assert found[1].project == "web"
    assert {detect(javascript), detect(python), detect(otlp(counted))} == {"otel-genai"}
    assert detect({"attributes": {}}) is None


def test_what_is_no_span_is_not_read() -> None:
    page = {
        "resourceSpans": [
            1,
            {"scopeSpans": [2]},
            {"scopeSpans": [{"spans": [3, {"attributes": [{"key": "a"}, 4, {"key": "b", "value": {}}]}]}]},
        ]
    }

    *odd, span = rows(page)

    assert odd == [1, 2, 3]
    assert read(span) is Drop.OTHER
    assert READER.rows is rows
    assert detect(page) == "otel-genai"
    assert read(next(rows({"attributes": {**CALL, "ai.response.providerMetadata": "no JSON"}}))) is Drop.NO_USAGE


def test_a_call_that_two_instrumentations_tell_counts_once() -> None:
    told = {**CHAT, "gen_ai.response.id": "msg_1", f"{U}input_tokens": 9}
    pages = [otlp(told), otlp(told, spanId="outer"), otlp({**told, "gen_ai.response.id": "msg_2"}, spanId="next")]

    for shuffled in (pages, pages[::-1], pages + pages):
        cube = cube_of(shuffled)
        assert sum(x.tokens["input_tokens"] for x in cube.cells) == 18
        assert cube.counts["duplicates"] == len(shuffled) - 2
