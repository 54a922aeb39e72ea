"""Batch files: what each line asks for, counted, and every line that is none, named."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import tiktoken

from llmcost.errors import UnknownModelError
from llmcost.notes import Note, NoteKind
from llmcost.tokens import batch as room
from llmcost.tokens.batch import BadLine, BatchModel, BatchRequest, read_batch
from llmcost.tokens.chat import count_chat

Ours = Callable[[str], tiktoken.Encoding]
Read = Callable[..., list[BatchRequest | BadLine]]

CHAT = {"model": "m", "messages": [{"role": "user", "content": "hello world"}]}


IDS = count(1)


def line(body: Any, url: str = "/v1/chat/completions", **more: Any) -> dict[str, Any]:
    return {"custom_id": f"request {next(IDS):06}", "method": "POST", "url": url, "body": body, **more}


def anthropic(**params: Any) -> dict[str, Any]:
    given = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hello world"}]}
    return {"custom_id": f"request {next(IDS):06}", "params": {**given, **params}}


@pytest.fixture
def read(ours: Ours) -> Read:
    def find(name: str) -> BatchModel:
        if name == "no":
            raise UnknownModelError(name)
        refused = {"/v1/chat/completions": "acme/none takes no chats"} if name == "none" else {}
        encoding = ours("cl100k_base" if name == "old" else "o200k_base")
        return BatchModel(model=f"acme/{name}", encoding=encoding, refused=refused)

    def call(*lines: Any, workers: int = 1) -> list[BatchRequest | BadLine]:
        data = b"\n".join(x if isinstance(x, bytes) else json.dumps(x).encode() for x in lines)
        return list(read_batch(io.BytesIO(data), find, workers=workers))

    return call


def one(found: list[BatchRequest | BadLine]) -> BatchRequest:
    (request,) = found
    assert isinstance(request, BatchRequest)
    return request


def test_a_chat_completion_has_the_tokens_of_its_chat(read: Read, ours: Ours) -> None:
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why is the sky blue?"}]
    request = one(read(line({"model": "m", "messages": messages, "max_completion_tokens": 50, "n": 3})))

    assert request == BatchRequest(
        line=1,
        model="acme/m",
        input_tokens=count_chat(messages, ours("o200k_base")).tokens,
        max_output=50,
        answers=3,
    )


def test_each_request_has_the_count_of_its_own_encoding_in_any_order(read: Read, ours: Ours) -> None:
    texts = ["Grüße", "漢字かな交じり文", "", "x" * 300_000, "<|endoftext|> in a text", "tail", "\ud800 alone"]
    lines = [
        line({"model": name, "messages": [{"role": "user", "content": x}]}) for x in texts for name in ("m", "old")
    ]
    counts = [
        count_chat([{"role": "user", "content": x}], ours(name)).tokens
        for x in texts
        for name in ("o200k_base", "cl100k_base")
    ]

    for workers in (1, 3):
        assert [x.input_tokens for x in read(*lines, workers=workers) if isinstance(x, BatchRequest)] == counts


def test_what_every_chat_for_a_model_has_to_say_stands_before_the_rest(ours: Ours) -> None:
    form, encoding = Note(NoteKind.TOKENIZER, "of every chat"), ours("o200k_base")
    odd = line({**CHAT, "messages": [{"role": "user", "content": "x", "audio": {}}]})
    lines = [line(CHAT), odd, line({"model": "m", "input": "x"}, "/v1/embeddings")]
    data = io.BytesIO(b"\n".join(json.dumps(x).encode() for x in lines))
    plain, more, embed = read_batch(data, lambda name: BatchModel(model=name, encoding=encoding, chat_notes=(form,)))

    assert isinstance(plain, BatchRequest)
    assert isinstance(more, BatchRequest)
    assert isinstance(embed, BatchRequest)
    assert (plain.notes, embed.notes) == ((form,), ())
    assert (more.notes[0], len(more.notes)) == (form, 2)


def test_max_tokens_is_the_limit_where_max_completion_tokens_is_not_given(read: Read) -> None:
    assert one(read(line({**CHAT, "max_tokens": 7}))).max_output == 7
    assert one(read(line(CHAT))).max_output is None


def test_the_schema_of_an_answer_is_counted_as_its_json(read: Read) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}
    plain, formed = one(read(line(CHAT))), one(read(line({**CHAT, "response_format": form})))

    assert formed.input_tokens > plain.input_tokens
    assert "response_format" in formed.notes[0].text


def test_a_response_has_instructions_and_input(read: Read, ours: Ours) -> None:
    body = {"model": "m", "input": "hello world", "instructions": "Be kind.", "max_output_tokens": 5}
    chat = [{"role": "developer", "content": "Be kind."}, {"role": "user", "content": "hello world"}]
    request = one(read(line(body, "/v1/responses")))

    assert (request.input_tokens, request.max_output) == (count_chat(chat, ours("o200k_base")).tokens, 5)


def test_items_of_a_response_without_a_role_are_counted_as_their_json_and_say_so(read: Read) -> None:
    items = [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]},
        {"type": "function_call_output", "call_id": "1", "output": "42"},
    ]
    body = {
        "model": "m",
        "input": items,
        "text": {"format": {"type": "json_schema", "schema": {}}},
        "prompt": {"id": "p"},
    }
    texts = [note.text for note in one(read(line(body, "/v1/responses"))).notes]

    assert any('"item" in a message' in text for text in texts)
    assert any("added by prompt" in text for text in texts)
    assert sum(note.kind == "left_out" for note in one(read(line(body, "/v1/responses"))).notes) == 1
    assert any("response_format" in text for text in texts)


@pytest.mark.parametrize("key", ["prompt", "previous_response_id", "conversation"])
def test_what_the_vendor_keeps_may_stand_without_an_input_and_is_not_counted(read: Read, key: str) -> None:
    tool = {"type": "function", "name": "f", "description": "d"}
    request = one(read(line({"model": "m", "input": None, key: {"id": "p"}, "tools": [tool]}, "/v1/responses")))

    assert request.input_tokens == 3 + 7 + 2 + 12
    assert [(note.kind, f"tokens added by {key} are" in note.text) for note in request.notes] == [("left_out", True)]


@pytest.mark.parametrize(
    ("request_", "endpoint"),
    [
        (line(CHAT), "/v1/chat/completions"),
        (line({"model": "m", "input": "x"}, "/v1/responses"), "/v1/responses"),
        (line({"model": "m", "input": "x"}, "/v1/embeddings"), "/v1/embeddings"),
        (anthropic(), "/v1/messages"),
    ],
)
def test_a_request_tells_its_endpoint(read: Read, request_: Any, endpoint: str) -> None:
    assert one(read(request_)).endpoint == endpoint


@pytest.mark.parametrize(
    ("given", "tokens"), [("hello world", 2), (["hello world", "hello"], 3), ([1, 2, 3], 3), ([[1, 2], "hello"], 3)]
)
def test_embeddings_are_texts_or_tokens_and_have_no_output(read: Read, given: object, tokens: int) -> None:
    request = one(read(line({"model": "m", "input": given}, "/v1/embeddings")))

    assert (request.input_tokens, request.max_output) == (tokens, 0)


def test_an_anthropic_message_has_system_tools_and_blocks(read: Read) -> None:
    plain = one(read(anthropic()))
    blocks = [{"type": "text", "text": "hello world"}, {"type": "tool_result", "tool_use_id": "1", "content": "42"}]
    tools = [{"name": "f", "description": "d", "input_schema": {"properties": {"x": {"type": "string"}}}}]
    whole = one(read(anthropic(system="Be brief.", tools=tools, messages=[{"role": "user", "content": blocks}])))

    assert plain.max_output == 9
    assert whole.input_tokens > plain.input_tokens + 20
    assert (whole.notes[-1].kind, "that Anthropic adds" in whole.notes[-1].text) == ("left_out", True)


def test_what_is_not_public_of_an_anthropic_message_is_not_said_of_openai(read: Read) -> None:
    nested = {"properties": {"x": {"items": {}}, "y": {"type": "string"}}}
    messages = [{"role": "critic", "content": "x", "title": "y", "tool_calls": []}]
    request = one(read(anthropic(tools=[{"name": "f", "input_schema": nested}], messages=messages)))

    assert sum("are not public" in note.text for note in request.notes) == 6
    assert not any("OpenAI" in note.text for note in request.notes)


@pytest.mark.parametrize(
    ("block", "counted"),
    [
        ({"type": "tool_use", "id": "1", "name": "f", "input": {}}, True),
        ({"type": "tool_result", "content": [{"type": "text", "text": "42"}]}, True),
        ({"type": "tool_result", "content": [{"type": "image", "source": {"type": "url", "url": "x"}}]}, False),
        ({"type": "tool_result", "content": ["42"]}, False),
        ({"type": "server_tool_use", "name": "web_search"}, False),
        ({"type": "container_upload", "file_id": "f"}, False),
    ],
)
def test_blocks_of_anthropic_are_counted_where_they_hold_all_that_they_add(
    read: Read, block: dict[str, Any], counted: bool
) -> None:
    request = one(read(anthropic(messages=[{"role": "user", "content": [block]}])))

    assert [note.kind for note in request.notes] == ([] if counted else ["left_out"])


@pytest.mark.parametrize(
    ("item", "counted"),
    [
        ({"type": "function_call", "name": "f", "arguments": "{}"}, True),
        ({"type": "function_call_output", "output": [{"type": "input_image"}]}, False),
        ({"type": "item_reference", "id": "x"}, False),
        ({"type": "reasoning", "id": "x", "summary": []}, False),
        ({"type": ["x"]}, False),
    ],
)
def test_items_of_a_response_are_counted_where_they_hold_all_that_they_add(
    read: Read, item: dict[str, Any], counted: bool
) -> None:
    request = one(read(line({"model": "m", "input": [item]}, "/v1/responses")))

    assert ("left_out" in [note.kind for note in request.notes]) is not counted


def test_the_form_of_an_anthropic_answer_is_counted(read: Read) -> None:
    form = {"type": "json_schema", "schema": {"type": "object"}}
    plain, *formed = (
        one(read(anthropic(**x))) for x in ({}, {"output_config": {"format": form}}, {"output_format": form})
    )

    assert all(x.input_tokens > plain.input_tokens + 5 for x in formed)


def test_a_request_tells_what_its_margin_depends_on(ours: Ours) -> None:
    texts = ["plain 2026", "Grüße", "\ud800"]
    lines = [line({"model": "m", "messages": [{"role": "user", "content": x}]}) for x in texts]
    data = b"\n".join(json.dumps(x, ensure_ascii=x is lines[2]).encode() for x in lines)
    found = read_batch(
        io.BytesIO(data), lambda name: BatchModel(model=name, encoding=ours("o200k_base"), digit_by_digit=True)
    )

    requests = [x for x in found if isinstance(x, BatchRequest)]
    assert [x.ascii_only for x in requests] == [True, False, False]
    assert requests[0].digits == 4 + 1 + 6  # of the text, /v1/ and the custom_id


def test_the_larger_of_two_limits_counts(read: Read) -> None:
    assert one(read(line({**CHAT, "max_tokens": 7, "max_completion_tokens": 5}))).max_output == 7


NOT_WHOLE = "max_tokens is not a whole number of at least 1"
ONLY = "only requests for /v1/chat/completions, /v1/responses, /v1/embeddings are priced"
REFUSED: list[tuple[Any, str]] = [
    (b'{"custom_id"', "not JSON: Expecting ':' delimiter (character 13)"),
    ([], "not an object"),
    ("x", "not an object: a batch file has one request per line"),
    ({"url": "/v1/responses"}, "it has no custom_id"),
    ({"url": "/v1/chat/completions", "body": CHAT}, "it has no custom_id"),
    ({"params": {}}, "it has no custom_id"),
    ({"role": "user"}, "it has no custom_id"),
    (CHAT, "a bare request"),
    ({"messages": CHAT["messages"]}, "a fine-tuning example"),
    ({"prompt": "a", "completion": "b"}, "a fine-tuning example"),
    ({"input": {}, "preferred_output": []}, "a fine-tuning example"),
    ({"id": "b", "custom_id": "a", "response": {}}, "an answer of a batch"),
    ({"custom_id": "a", "result": {}}, "an answer of a batch"),
    ({"custom_id": "a", "url": "/v1/responses"}, "it has no body"),
    (line({"messages": CHAT["messages"]}), "it has no model"),
    (line({"model": "m"}), "it has no messages"),
    (line({"model": "m", "messages": []}), "it has no messages"),
    (line({"model": "m"}, "/v1/responses"), "it has no input"),
    (anthropic(max_tokens=None), "its params have no max_tokens"),
]
DOUBTFUL: list[tuple[Any, str]] = [
    (b'{"a": 1}\r{"a": 1}', "not JSON: Extra data"),
    (b'{"a": "\t"}', "not JSON: Invalid control character"),
    (b"\xff\xfe\xfd", "not UTF-8 text"),
    (b'{"a": [{"b": 1, "c": 2, "c": 1}]}', 'one object has the key "c" twice'),
    (b"[" * 200_000, "unreadable JSON: it is nested too deeply"),
    (b"9" * 5_000, "unreadable JSON"),
    ([{"custom_id": "a"}], "a list of requests: write each on its own line"),
    ({**line(CHAT), "custom_id": 7}, "custom_id is not a text"),
    ({"body": CHAT}, "it has no custom_id"),
    ({"custom_id": "a", "params": 1}, "it has no params"),
    ({**line(CHAT), "body": json.dumps(CHAT)}, "it has no body"),
    (line(CHAT, method="GET"), 'the method is "GET", not POST'),
    (line(CHAT, method=None), "the method is null, not POST"),
    ({"custom_id": "a", "body": CHAT}, "no url: only Mistral takes batches without one"),
    ({**line(CHAT), "url": None}, "no url: only Mistral takes batches without one"),
    (line(CHAT, "/v1/moderations"), f"it is for /v1/moderations: {ONLY}"),
    (line(CHAT, "/v1/nothing"), f'its url is "/v1/nothing": {ONLY}'),
    ({**line(CHAT), "url": ["x"]}, f'its url is ["x"]: {ONLY}'),
    ({"recordId": "a", "modelInput": {}}, "a record for batch inference at Amazon Bedrock"),
    ({"key": "a", "request": {"contents": []}}, "a batch request of the Gemini API"),
    ({"request": {"contents": []}}, "a batch request of Vertex AI"),
    ({"batch_request_id": "a", "batch_request": {}}, "a batch request of xAI"),
    ({"requests": [anthropic()]}, "the body of a whole batch (requests)"),
    ({"contents": []}, "a single request of the Gemini API"),
    (line({**CHAT, "model": "none"}), "acme/none takes no chats"),
    (line({**CHAT, "model": "no"}), 'unknown model "no"'),
    (line({"model": "m", "messages": "x"}), "messages is not a list"),
    (line({"model": "m", "messages": [1]}), "message 1 is not an object"),
    (line({"model": "m", "messages": [{"role": 1}]}), "message 1 has no role"),
    (line({**CHAT, "tools": {}}), "it has no tools"),
    (line({**CHAT, "tools": 1}), "tools is not a list"),
    (line({**CHAT, "max_tokens": 0}), NOT_WHOLE),
    (line({**CHAT, "max_tokens": 7.0}), NOT_WHOLE),
    (line({**CHAT, "max_tokens": True}), NOT_WHOLE),
    (line({"model": "m", "prompt": {}}, "/v1/responses"), "it has no input"),
    (line({"model": "m", "input": []}, "/v1/responses"), "it has no input"),
    (line({"prompt": {"id": "p"}}, "/v1/responses"), "no model: it is named in a stored prompt"),
    (line({"model": "m", "input": [7]}, "/v1/responses"), "message 1 is not an object"),
    (line({"model": "m", "input": "x", "instructions": 7}, "/v1/responses"), "message 1: content is neither"),
    (line({"model": "m", "input": [1, None]}, "/v1/embeddings"), "its input is neither text nor tokens"),
    (anthropic(messages=[1]), "message 1 is not an object"),
    (anthropic(tools=[1]), "a tool is not an object"),
]
BAD = [(*x, False) for x in REFUSED] + [(*x, True) for x in DOUBTFUL]


@pytest.mark.parametrize(("given", "why", "billed"), BAD, ids=[why for _, why, _ in BAD])
def test_a_line_that_is_no_request_says_why_and_is_billed_unless_its_vendor_is_sure_to_refuse_it(
    read: Read, given: Any, why: str, billed: bool
) -> None:
    (bad,) = read(given)

    assert isinstance(bad, BadLine)
    assert bad.fault.startswith(why)
    assert bad.billed is billed


def test_a_custom_id_that_a_request_before_had_is_a_broken_line(read: Read) -> None:
    first, second = line(CHAT), anthropic()
    again = {**second, "custom_id": first["custom_id"]}
    broken = {**first, "custom_id": second["custom_id"], "method": "GET"}

    for workers in (1, 2):
        found = read(first, broken, again, second, first, workers=workers)
        assert [x.line for x in found if isinstance(x, BadLine)] == [2, 3, 5]
        assert isinstance(found[2], BadLine)
        assert found[2].fault == "custom_id is used by an earlier line"


def test_lines_keep_their_numbers_past_empty_and_broken_ones(read: Read) -> None:
    found = read(line(CHAT), b"", b"oops", b"  ", line(CHAT))

    assert [(x.line, isinstance(x, BadLine)) for x in found] == [(1, False), (3, True), (5, False)]


def test_a_line_that_is_too_long_is_passed_over_in_parts(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    short = json.dumps(line(CHAT)).encode()
    monkeypatch.setattr(room, "MAX_LINE", len(short) + 1)
    found = read(short, b"x" * 1000, line(CHAT), b"y" * 1000)

    assert [(x.line, isinstance(x, BadLine)) for x in found] == [(1, False), (2, True), (3, False), (4, True)]


def test_many_requests_come_in_their_order_and_tell_what_was_read(ours: Ours) -> None:
    lines = [line({"model": "m", "messages": [{"role": "user", "content": "word " * (n % 700)}]}) for n in range(900)]
    data = b"".join(json.dumps(x).encode() + b"\n" for x in lines)
    told: list[int] = []
    encoding = ours("o200k_base")
    found = list(
        read_batch(
            io.BytesIO(data), lambda name: BatchModel(model=name, encoding=encoding), workers=2, on_read=told.append
        )
    )

    assert [x.line for x in found] == list(range(1, 901))
    assert [x.input_tokens for x in found if isinstance(x, BatchRequest)] == [
        count_chat(x["body"]["messages"], encoding).tokens for x in lines
    ]
    assert sum(told) == len(data)


def test_a_line_without_an_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_LINE", 1 << 10)
    with Path("/dev/zero").open("rb") as endless, pytest.raises(OSError, match="line 1 does not end"):
        list(read_batch(endless, lambda _: pytest.fail("no model is looked up")))
