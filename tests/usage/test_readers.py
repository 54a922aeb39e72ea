"""The other readers: what a row is, and what it is not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from importlib import import_module
from itertools import permutations
from typing import Any

import pytest

from llmcost.usage.readers import FORMATS, LogReader, detect, names, reader_of
from llmcost.usage.record import Doubt, Drop, Grain, UsageRecord
from tests.usage.conftest import cube_of

CHAT = {
    "object": "chat.completion",
    "id": "c",
    "model": "gpt-4o",
    "usage": {"prompt_tokens": 5, "completion_tokens": 2},
}
MESSAGE = {"type": "message", "id": "m", "model": "claude-opus-5", "usage": {"input_tokens": 5, "output_tokens": 2}}


def one(row: Mapping[str, Any]) -> UsageRecord:
    """Return the record of a row, by the reader that knows it."""
    found = reader_of(detect(row) or "").read(row)
    assert isinstance(found, UsageRecord)
    return found


@pytest.mark.parametrize("name", names())
def test_every_format_has_a_reader(name: str) -> None:
    assert isinstance(reader_of(name), LogReader)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_known_by_keys(name: str) -> None:
    assert all(mark.split() for mark in FORMATS[name].marks)


@pytest.mark.parametrize(
    "row",
    [
        CHAT,
        {"response": CHAT, "timestamp": "2026-01-01"},
        {"body": MESSAGE},
        {"model": "gpt-4o", "prompt_tokens": 5, "completion_tokens": 2, "latency_ms": 7},
        {"modelVersion": "gemini-2.5-pro", "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 2}},
    ],
)
def test_an_answer_is_known_alone_and_in_an_object_of_ones_own(row: Mapping[str, Any]) -> None:
    assert detect(row) == "api-responses"
    assert one(row).tokens == {"input_tokens": 5, "output_tokens": 2}
    assert one(row).unknown == ()


HELICONE = {"request_id": "h", "request_created_at": "2026-09-01", "response_status": 200, "prompt_tokens": 5}
LINE = {"generation_id": "g", "cost_total": "0", "model_permaslug": "a/b", "tokens_prompt": "5"}
GENERATION = {"id": "g", "total_cost": 1, "native_tokens_prompt": 5}
OBSERVATION = {"trace_id": "t", "type": "GENERATION"}
SPEND = {"request_id": "r", "spend": 0, "call_type": "acompletion", "prompt_tokens": "5"}
INVOCATION = {"schemaType": "ModelInvocationLog", "modelId": "m", "requestId": "r", "timestamp": "2026-09-01"}
ASSISTANT = {
    "role": "assistant",
    "modelID": "m",
    "providerID": "p",
    "sessionID": "s",
    "id": "i",
    "time": {"created": 1},
}


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"model": "gpt-4o", "prompt_tokens": 5, "completion_tokens": None}, "api-responses"),
        ({"model": "gpt-4o", "prompt_tokens": "5", "completion_tokens": ""}, "api-responses"),
        *(({**HELICONE, "completion_tokens": x}, "helicone-requests") for x in ("", None)),
        (HELICONE, "helicone-requests"),
        *(({**LINE, **x}, "openrouter-activity-csv") for x in ({}, {"tokens_completion": ""})),
        *(({**GENERATION, **x}, "openrouter-generation") for x in ({}, {"native_tokens_completion": None})),
        ({**OBSERVATION, "usage_details": {"input": 5, "output": None}}, "langfuse-observations"),
        *(({**SPEND, "completion_tokens": x}, "litellm-spendlogs") for x in ("", None)),
        (
            {**INVOCATION, "input": {"inputTokenCount": 5}, "output": {"outputTokenCount": None}},
            "bedrock-invocation-log",
        ),
        ({**INVOCATION, "input": {"inputTokenCount": 5}}, "bedrock-invocation-log"),
        *(({**ASSISTANT, "tokens": {"input": 5, **x}}, "opencode") for x in ({}, {"output": None})),
        ({**OBSERVATION, "usage_details": {"input": 5, "cache_creation": ""}}, "langfuse-observations"),
    ],
)
def test_an_output_that_is_empty_may_be_any_number(row: Mapping[str, Any], name: str) -> None:
    found = reader_of(name).read(row)

    assert isinstance(found, UsageRecord)
    assert (found.tokens, found.unknown) == ({"input_tokens": 5}, (Doubt.BLANK,))


@pytest.mark.parametrize(
    ("row", "drop"),
    [
        ({"candidates": [], "usageMetadata": None}, Drop.NO_USAGE),
        ({"candidates": [], "usageMetadata": "abc"}, Drop.NO_USAGE),
        ({"candidates": [{"finishReason": "STOP"}]}, Drop.NO_USAGE),
        ({"candidates": []}, Drop.OTHER),  # a part of a stream
        ({"ts": 1, "response": {"type": "message", "role": "assistant"}}, Drop.NO_USAGE),
        ({"ts": 1, "response": {"type": "message", "role": "user"}}, Drop.OTHER),
        ({"model": "whisper-1", "usage": {"type": "duration", "seconds": 12}}, Drop.UNRECOGNIZED),
        ({"model": "whisper-1", "usage": 5}, Drop.OTHER),
        ({**HELICONE, "response_status": 500}, Drop.ERROR),
    ],
)
def test_what_may_have_been_billed_is_no_row_to_pass_over(row: Mapping[str, Any], drop: Drop) -> None:
    assert reader_of("helicone-requests" if "request_id" in row else "api-responses").read(row) is drop


def test_what_was_answered_was_billed_whatever_stands_beside_it() -> None:
    batch = {"custom_id": "c", "response": {"status_code": 200, "body": CHAT}, "error": "zzz"}
    helicone = {**HELICONE, "completion_tokens": 2, "response_status": True}

    assert one(batch).tokens == one(helicone).tokens == {"input_tokens": 5, "output_tokens": 2}


@pytest.mark.parametrize("row", [{"a": 1}, {"usage": {"seats": 5}}, {"prompt_tokens": 5}, {"response": {"text": "x"}}])
def test_what_is_no_answer_is_of_no_format(row: Mapping[str, Any]) -> None:
    assert detect(row) is None


def test_a_format_that_is_named_must_be_met() -> None:
    span = {"context": {"trace_id": "t", "span_id": "s"}, "attributes": {"gen_ai.operation.name": "chat"}}

    assert [detect(CHAT, name) for name in ("openai-chat", "claude-code", "otel-genai")] == ["openai-chat", None, None]
    assert detect({"custom_id": "1", "result": {"type": "errored"}}, "anthropic-batch-results") is not None
    assert detect(span, "otel-genai") == "otel-genai"


@pytest.mark.parametrize(
    ("row", "drop"),
    [
        ({"error": {"code": 429}, "timestamp": "2026-01-01"}, Drop.ERROR),
        ({"response": {"object": "error", "error": {"code": 500}}}, Drop.ERROR),
        ({"response": {"error": {"code": 429}}, "timestamp": "2026-01-01"}, Drop.ERROR),
        ({"model": "gpt-4o", "prompt_tokens": "5", "completion_tokens": "many"}, Drop.IMPOSSIBLE),
        ({"model": "gpt-4o", "prompt_tokens": "", "completion_tokens": ""}, Drop.NO_USAGE),
        ({"object": "chat.completion", "usage": None}, Drop.NO_USAGE),  # a stream that was not asked for it
        ({"response": {"object": "chat.completion"}}, Drop.NO_USAGE),
        ({"event": "start"}, Drop.OTHER),
        ({"payload": CHAT}, Drop.UNRECOGNIZED),
        ({"type": "response.created", "response": {"object": "response", "status": "in_progress"}}, Drop.OTHER),
        ({**CHAT, "usage": {"prompt_tokens": -1, "completion_tokens": 1}}, Drop.IMPOSSIBLE),
    ],
)
def test_rows_of_a_log_of_answers_without_a_record(row: Mapping[str, Any], drop: Drop) -> None:
    assert reader_of("openai-chat").read(row) is drop


def test_counts_of_a_table_are_text() -> None:
    row = {"model": "gpt-4o", "prompt_tokens": "1000", "cached_tokens": "9.0", "completion_tokens": "", "user": "5"}

    assert one(row).tokens == {"input_tokens": 1000, "cache_read_tokens": 9}
    assert one({"model": "gemini-2.5-pro", "promptTokenCount": "7"}).tokens == {"input_tokens": 7}


def chunk(answered: int, kind: str = "chat.completion.chunk") -> dict[str, Any]:
    """Return a part of a stream whose vendor tells in each what was used so far."""
    return {**CHAT, "object": kind, "usage": {"prompt_tokens": 5, "completion_tokens": answered}}


def gemini(answered: int, reason: str | None = None) -> dict[str, Any]:
    usage = {"promptTokenCount": 5, "candidatesTokenCount": answered}
    ends = [{"finishReason": reason}]
    return {"responseId": "g", "modelVersion": "gemini-2.5-pro", "candidates": ends, "usageMetadata": usage}


@pytest.mark.parametrize(
    ("rows", "answered"),
    [
        ([chunk(1), chunk(7), chunk(4)], 7),
        ([chunk(1), chunk(9), chunk(7, "chat.completion")], 7),  # the whole answer decides
        ([{"response": chunk(1), "time": "2026-01-01"}, {"response": chunk(7), "time": "2026-01-01"}, chunk(4)], 7),
        ([gemini(1), gemini(4), gemini(7, "STOP")], 7),
        ([gemini(1), gemini(4), gemini(7)], 7),  # broken off
    ],
)
def test_parts_of_a_stream_are_one_answer_in_whatever_order(rows: list[dict[str, Any]], answered: int) -> None:
    """As ccusage#901: the first part has few of the tokens, and the sum of all has too many."""
    for order in permutations(rows):
        cube = cube_of(order)
        assert [x.tokens["output_tokens"] for x in cube.cells] == [answered]
        assert cube.counts == {"rows": 3, "records": 1, "duplicates": 2}


def test_the_events_of_a_stream_of_anthropics_are_one_message() -> None:
    def start(name: str) -> dict[str, Any]:
        usage = {"input_tokens": 30, "cache_read_input_tokens": 10, "output_tokens": 1}
        return {"type": "message_start", "message": {**MESSAGE, "id": name, "usage": usage}}

    def delta(answered: int, **more: Any) -> dict[str, Any]:
        return {"type": "message_delta", "usage": {"output_tokens": answered, "input_tokens": None, **more}}

    between = {"type": "content_block_delta", "index": 0, "delta": {"text": "x"}}
    cube = cube_of([start("a"), between, delta(5), delta(40), start("b"), delta(7, cache_read_input_tokens=20)])

    assert [(x.key.model, x.requests, x.tokens) for x in cube.cells] == [
        ("claude-opus-5", 2, {"input_tokens": 90, "cache_read_tokens": 30, "output_tokens": 47})
    ]
    assert cube.counts == {"rows": 6, "records": 2, "duplicates": 3, "other": 1}
    assert cube_of([MESSAGE, delta(5)]).counts == {"rows": 2, "records": 1, "parts_without_message": 1}


def part(stream: Any = "s", **more: Any) -> dict[str, Any]:
    """Return a part of a stream that has no usage."""
    return {"object": "chat.completion.chunk", "id": stream, "model": "gpt-4o", "usage": None, **more}


def test_a_stream_of_which_no_part_has_usage_is_one_answer_without_usage() -> None:
    end = part(usage={"prompt_tokens": 5, "completion_tokens": 2})
    cubes = [cube_of(x) for x in ([part(), part(), end, part()], [part(), part("t"), part()], [{"response": part()}])]

    assert cubes[0].counts == {"rows": 4, "records": 1, "other": 3}
    assert cubes[1].counts == {"rows": 3, "no_usage": 2, "other": 1}
    assert cubes[2].counts == {"rows": 1, "no_usage": 1}
    assert reader_of("api-responses").read(part()) is Drop.PART  # without the others


def test_a_stream_of_anthropics_that_was_cut_off_has_an_output_that_is_not_known() -> None:
    start = {"type": "message_start", "message": {**MESSAGE, "usage": {"input_tokens": 5, "output_tokens": 2}}}
    delta = {"type": "message_delta", "usage": {"output_tokens": 2}}

    assert cube_of([start]).unknown == {"empty_counts": 1}
    assert cube_of([start, delta]).unknown == {}
    assert cube_of([{"response": start, "ts": 1}, {"response": delta, "ts": 2}]).counts == {
        "rows": 2,
        "records": 1,
        "duplicates": 1,
    }


def test_an_answer_may_stand_as_text() -> None:
    texts: list[dict[str, Any]] = [{"response": json.dumps(CHAT)}, {**CHAT, "usage": json.dumps(CHAT["usage"])}]

    assert [one(x).tokens for x in texts] == [{"input_tokens": 5, "output_tokens": 2}] * 2
    assert detect({"response": "{no JSON", "usage": "x"}) is None


def test_what_stands_beside_an_answer_goes_before_what_it_says() -> None:
    found = one({"response": {**CHAT, "created": 5}, "timestamp": "1970-01-02T00:00:00Z", "user_id": "u", "tag": "t"})

    assert (found.at, found.user, found.tag, found.session) == (86_400_000_000, "u", "t", None)
    assert one({"body": MESSAGE, "time": "never", "model": "x"}).model == "claude-opus-5"
    assert one({**CHAT, "created": 5}).at == 5_000_000


def test_an_id_of_ones_own_may_be_of_something_else() -> None:
    """A row without a vendor's answer is repeated where its time and its numbers are the same too."""
    row = {"id": "user-7", "model": "gpt-4o", "prompt_tokens": 5, "completion_tokens": 2, "time": "2026-01-01"}
    cube = cube_of([row, row, {**row, "prompt_tokens": 6}, {**row, "time": "2026-01-02"}])

    assert cube.counts == {"rows": 4, "records": 3, "duplicates": 1}


def test_the_steps_of_a_message_are_parts_of_one_request() -> None:
    def step(given: int, answered: int) -> dict[str, Any]:
        return {"type": "message", "input_tokens": given, "output_tokens": answered}

    usage = {
        "input_tokens": 30,
        "cache_read_input_tokens": 0,
        "output_tokens": 12,
        "output_tokens_details": {"thinking_tokens": 6},
        "iterations": [step(10, 5), step(20, 7)],
    }
    cube = cube_of([{**MESSAGE, "usage": usage}, {**MESSAGE, "id": None, "usage": usage}], edges=(15,))

    assert [(x.key.above, x.records, x.requests) for x in cube.cells] == [(0, 2, 2), (15, 2, 0)]
    assert [x.tokens["reasoning_tokens"] for x in cube.cells] == [10, 2]
    other = cube_of([{**MESSAGE, "usage": {**usage, "output_tokens": 13}}], edges=(15,))
    assert [(x.key.above, x.records) for x in other.cells] == [(15, 1)]  # the steps do not add up: one request


@pytest.mark.parametrize(
    ("row", "drop"),
    [
        ({"custom_id": "1", "response": {"body": {**CHAT, "usage": None}}, "error": None}, Drop.NO_USAGE),
        ({"custom_id": "1", "response": {"body": {**CHAT, "usage": {"seats": 5}}}, "error": None}, Drop.NO_USAGE),
        ({"custom_id": "1", "response": {"body": {"error": {"code": 400}}}}, Drop.ERROR),
        ({"custom_id": "1", "response": None, "error": {"code": "batch_expired"}}, Drop.ERROR),
        ({"custom_id": "1", "result": {"type": "succeeded", "message": {}}}, Drop.NO_USAGE),
        ({"custom_id": "1", "result": {"type": "succeeded", "message": {"usage": {}}}}, Drop.NO_USAGE),
        ({"custom_id": "1", "result": {"type": "canceled"}}, Drop.ERROR),
        ({"request_id": "r", "spend": 0, "call_type": "x", "status": "failure"}, Drop.ERROR),
        ({"request_id": "r", "spend": 0, "call_type": "x", "cache_hit": "True"}, Drop.CACHE_HIT),  # langfuse#2112
        ({"request_id": "r", "spend": 0, "call_type": "x", "metadata": "{"}, Drop.NO_USAGE),
        ({"request_id": "r", "spend": 0, "call_type": "x", "prompt_tokens": -5}, Drop.IMPOSSIBLE),
        ({"object": "bucket", "results": [], "amount": {}}, Drop.EMPTY),
        ({"object": "bucket", "results": [], "model": "x"}, Drop.NO_USAGE),
    ],
)
def test_rows_of_exports_without_a_record(row: Mapping[str, Any], drop: Drop) -> None:
    assert reader_of(detect(row) or "").read(row) is drop


def test_the_tier_of_a_batch_is_batch_whatever_the_answer_says() -> None:
    body = {**CHAT, "service_tier": "default"}

    assert one({"custom_id": "1", "response": {"body": body}}).tier == "batch"
    assert one({"custom_id": "1", "result": {"type": "succeeded", "message": MESSAGE}}).tier == "batch"


def test_litellm_as_json_and_as_csv() -> None:
    """The usage object decides (litellm#16341), a spend of 0 is not known (litellm#35691)."""
    told = {"prompt_tokens": 10, "completion_tokens": 20, "prompt_tokens_details": {"cached_tokens": 4}}
    row = {"request_id": "r", "call_type": "acompletion", "model": "gpt-4o", "prompt_tokens": "10", "spend": "0"}
    more = {"additional_usage_values": {"cache_read_input_tokens": 3}}

    full = one({**row, "metadata": json.dumps({"usage_object": told}), "spend": Decimal("0.1"), "team_id": "t"})
    assert (full.tokens["cache_read_tokens"], full.logged_usd, full.project) == (4, Decimal("0.1"), "t")
    plain = one({**row, "completion_tokens": 20, "metadata": more, "end_user": "e"})
    assert plain.tokens == {"input_tokens": 10, "output_tokens": 20, "cache_read_tokens": 3}
    assert (plain.logged_usd, plain.user) == (None, "e")


def test_a_page_of_buckets_is_its_results() -> None:
    result = {"model": "gpt-5.4", "input_tokens": 10, "input_cached_tokens": 4, "num_model_requests": 2, "batch": True}
    page = {"object": "page", "data": [{"start_time": 1_700_000_000, "results": [result, result]}]}
    cube = cube_of([page, page])  # fetched twice

    (cell,) = cube.cells
    assert (cell.key.tier, cell.key.grain, cell.requests, cell.tokens["cache_read_tokens"]) == (
        "batch",
        Grain.BUCKET,
        2,
        4,
    )
    assert cube.counts == {"rows": 4, "records": 1, "duplicates": 3}
    assert list(reader_of("openai-usage-api").rows({"data": [{"results": ["x"]}, 5]})) == ["x", None]  # type: ignore[misc]


def test_audio_of_a_bucket_has_what_was_cached_of_it() -> None:
    row = {"object": "bucket", "results": [], "input_tokens": 10, "input_cached_tokens": 4, "service_tier": "priority"}
    found = one({**row, "input_audio_tokens": 2, "input_cached_audio_tokens": 3})

    assert (found.tokens["audio_input_tokens"], found.tokens["audio_cache_read_tokens"]) == (5, 3)
    assert found.tier == "priority"


COUNT = "the count"
COUNTED: dict[str, dict[str, Any]] = {
    "helicone": {"response_status": 200, "prompt_tokens": COUNT, "completion_tokens": 1},
    "langfuse": {"type": "GENERATION", "usage_details": {"input": COUNT, "output": 1}},
    "litellm": {"prompt_tokens": COUNT, "completion_tokens": 1},
    "openrouter": {"native_tokens_prompt": COUNT, "native_tokens_completion": 1},
    "llm_logs": {"input_tokens": COUNT, "output_tokens": 1},
    "claude_code": {"message": {"usage": {"cache_read_input_tokens": COUNT, "output_tokens": 1}}},
    "gemini_cli": {"type": "gemini", "tokens": {"input": COUNT, "output": 1}},
    "bedrock_log": {"schemaType": "ModelInvocationLog", "input": {"inputTokenCount": COUNT}, "output": {}},
    "answers": {"response": {"model": "gpt-4o", "usage": {"prompt_tokens": COUNT, "completion_tokens": 1}}},
}


@pytest.mark.parametrize("name", COUNTED)
def test_a_count_may_be_text_and_what_is_none_is_never_read_as_zero(name: str) -> None:
    reader = import_module(f"llmcost.usage.readers.{name}").READER

    def outcome(count: Any) -> Any:
        row = json.loads(json.dumps(COUNTED[name]).replace(json.dumps(COUNT), json.dumps(count)))
        return next(reader.read_files([("a", [row])])) if reader.read_files else reader.read(row)

    assert outcome("12") == outcome(12)
    assert outcome(12).tokens["input_tokens"] == 12
    assert {outcome(x) for x in ("x", "-1", [1], True, {"a": 1})} == {Drop.IMPOSSIBLE}


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("litellm", {"metadata": {"usage_object": {"total_tokens": 9}}}),
        ("llm_logs", {"input_tokens": 0, "token_details": {"cache_creation": None}}),
    ],
)
def test_a_usage_that_is_not_understood_is_none(name: str, row: dict[str, Any]) -> None:
    assert import_module(f"llmcost.usage.readers.{name}").READER.read(row) is Drop.NO_USAGE
