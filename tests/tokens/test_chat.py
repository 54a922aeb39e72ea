"""Chats have the tokens that OpenAI documents, and a note where it documents nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tiktoken import Encoding

from llmcost.errors import UsageError
from llmcost.notes import Note, NoteKind
from llmcost.tokens.chat import CountImage, count_chat
from llmcost.tokens.images import ImageCount

Get = Callable[[str], Encoding]

HI = {"role": "user", "content": "Hi"}

# The example of the OpenAI Cookbook, section 7; the API itself counted 101 and 105.
WEATHER = [
    {"role": "system", "content": "You are a helpful assistant that can answer to questions about the weather."},
    {"role": "user", "content": "What's the weather like in San Francisco?"},
]
LOCATION = {"type": "string", "description": "The city and state, e.g. San Francisco, CA"}
UNIT = {"type": "string", "description": "The unit of temperature to return", "enum": ["celsius", "fahrenheit"]}
FUNCTION: dict[str, Any] = {
    "name": "get_current_weather",
    "description": "Get the current weather in a given location",
    "parameters": {"type": "object", "properties": {"location": LOCATION, "unit": UNIT}, "required": ["location"]},
}


@pytest.mark.parametrize(("name", "tokens"), [("o200k_base", 101), ("cl100k_base", 105)])
def test_tools_are_counted_as_the_api_counted_the_documented_example(name: str, tokens: int, ours: Get) -> None:
    found = count_chat(WEATHER, ours(name), tools=[{"type": "function", "function": FUNCTION}])

    assert (found.tokens, found.notes) == (tokens, ())
    assert count_chat(WEATHER, ours(name), functions=[FUNCTION]) == found
    assert count_chat(WEATHER, ours(name), tools=[{"type": "function", **FUNCTION}]) == found
    assert count_chat(WEATHER, ours(name), functions=[{"type": "function", "function": FUNCTION}]) == found


@pytest.mark.parametrize(
    ("messages", "tokens"),
    [
        ([], 3),
        ([HI], 3 + 3 + 1 + 1),
        ([{**HI, "name": "Bob"}], 3 + 3 + 1 + 1 + 1 + 1),
        ([HI, HI], 3 + 2 * (3 + 1 + 1)),
        ([{"role": "assistant", "content": None}], 3 + 3 + 1),
        (
            [{"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "refusal", "refusal": "Hi"}]}],
            3 + 3 + 1 + 2,
        ),
    ],
)
def test_a_message_has_its_texts_and_the_documented_overhead(messages: list[Any], tokens: int, ours: Get) -> None:
    found = count_chat(messages, ours("o200k_base"))

    assert (found.tokens, found.notes) == (tokens, ())


CALL = [{"id": "x", "type": "function", "function": {"name": "f", "arguments": "{}"}}]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"role": "tool", "content": "1", "tool_call_id": "x"}, '"tool_call_id"'),
        ({"role": "assistant", "content": None, "tool_calls": CALL}, '"tool_calls"'),
        ({"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}, '"input_audio" are not counted'),
        ({"role": "user", "content": [{"x": 1}]}, "parts without a type are not counted"),
        ({"role": "user", "content": [{"type": ["x"]}]}, 'of type "["x"]" are not counted'),
        ({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://x"}}]}, "without a model"),
    ],
)
def test_what_is_not_documented_is_counted_with_a_note_or_named(message: dict[str, Any], said: str, ours: Get) -> None:
    found = count_chat([message, message], ours("o200k_base"))

    assert found.notes
    assert len(found.notes) == 1
    assert said in found.notes[0].text
    assert (found.notes[0].kind == "left_out") == ("are not counted" in found.notes[0].text)
    assert found.tokens >= 3 + 2 * (3 + 1)


def always(image: ImageCount) -> CountImage:
    return lambda _: image


def test_an_image_has_the_tokens_that_the_caller_knows(ours: Get) -> None:
    message = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:..."}}]}

    for notes in ((), (Note(NoteKind.TOKENIZER, "counted as for another"),)):
        image = ImageCount(tokens=765, notes=notes)
        found = count_chat([message], ours("o200k_base"), count_image=always(image))

        assert (found.tokens, found.notes) == (3 + 3 + 1 + 765, notes)


def with_property(**about: Any) -> dict[str, Any]:
    properties = {"a": {"type": "string", "description": "d", **about}}
    return {"name": "f", "description": "d", "parameters": {"type": "object", "properties": properties}}


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        ({"type": "custom", "name": "f", "format": {"type": "text"}}, 'tools of type "custom"'),
        (with_property(type="array", items={"type": "string"}), "nested"),
        ({"name": "f", "description": "d", "parameters": {"$defs": {}, "properties": {}}}, "nested"),
        ({"name": "f", "parameters": None}, "without a description"),
        (with_property(description=None), "without a description"),
        (with_property(type=["string", "null"]), "with no type or several types"),
        (with_property(type=None), "with no type or several types"),
        ({"type": "function", "function": {"description": "d"}}, 'tools of type "function"'),
    ],
)
def test_tools_beyond_the_recipe_are_counted_as_json_with_a_note(tool: dict[str, Any], said: str, ours: Get) -> None:
    found = count_chat([HI], ours("o200k_base"), tools=[tool])

    assert found.tokens > 8
    assert [said in note.text for note in found.notes] == [True]


def test_a_tool_that_the_vendor_runs_is_counted_as_json_and_what_it_reads_is_left_out(ours: Get) -> None:
    for kind, tool in (
        ("web_search", {"type": "web_search", "name": "web_search"}),
        ("web_search_20250305", {"type": "web_search_20250305", "name": "web_search"}),
        ("web_search_20250305", {"type": "web_search_20250305", "name": "web_search", "input_schema": {}}),
        ("tools without a name", {"description": "d"}),
        ("tools without a name", {"google_search": {}}),
    ):
        found = count_chat([HI], ours("o200k_base"), tools=[tool])

        assert found.tokens > 8
        assert [(note.kind, kind in note.text) for note in found.notes] == [("tokenizer", True), ("left_out", True)]


@pytest.mark.parametrize(
    ("message", "kinds"),
    [
        ({"role": "function", "name": "f", "content": "x"}, ["tokenizer"]),
        ({"role": "critic", "content": "x"}, ["tokenizer"]),
        ({"role": "developer", "content": "x"}, []),
        ({"role": "assistant", "content": "x", "audio": {"id": "a"}}, ["left_out"]),
        ({"role": "user", "content": "x", "prefix": True}, ["left_out"]),
        ({"role": "user", "content": "x", "cache_control": {"type": "ephemeral"}}, []),
        ({"role": "user", "content": [{"type": "text", "text": "x", "cache_control": {}}]}, []),
        ({"role": "user", "content": [{"type": "text", "text": "x", "file_id": "f"}]}, ["left_out"]),
        ({"role": "user", "content": [{"type": "input_file", "text": "x"}]}, ["left_out"]),
        ({"role": "user", "content": [{"text": "x"}]}, ["left_out"]),
    ],
)
def test_only_what_is_known_to_add_nothing_passes_without_a_note(
    message: dict[str, Any], kinds: list[str], ours: Get
) -> None:
    assert [note.kind for note in count_chat([message], ours("o200k_base")).notes] == kinds


def test_a_tool_without_parameters_is_counted(ours: Get) -> None:
    cases: list[dict[str, Any]] = [{}, {"parameters": None}, {"parameters": {"properties": {}}}]
    for parameters in cases:
        found = count_chat([HI], ours("o200k_base"), tools=[{"function": {"name": "f", **parameters}}])

        assert found.tokens == 8 + 7 + 2 + 12


def test_words_of_an_enum_that_are_no_text_are_counted_as_json(ours: Get) -> None:
    about = {"type": ["string", "null"], "enum": [1, None]}

    assert (
        count_chat([HI], ours("o200k_base"), tools=[{"name": "f", "parameters": {"properties": {"a": about}}}]).tokens
        > 30
    )


@pytest.mark.parametrize(
    ("messages", "tools", "said"),
    [
        (["Hi"], [], "message 1 is not an object"),
        ([HI, {"content": "Hi"}], [], "message 2 has no role"),
        ([{"role": "user", "content": 1}], [], "message 1: content is neither text nor a list"),
        ([{"role": "user", "content": ["Hi"]}], [], "message 1: a part of its content is not an object"),
        (
            [{"role": "user", "content": [{"type": "text", "text": 5}]}],
            [],
            'message 1: a part of type "text" has no text',
        ),
        ([{"role": "user", "content": [{"type": "refusal"}]}], [], 'message 1: a part of type "refusal" has no text'),
        ([HI], ["f"], "a tool is not an object"),
        ([HI], [{"name": "f", "parameters": {"properties": {"a": 1}}}], 'the parameter "a" of a tool is not an object'),
        ([HI], [{"name": "f", "parameters": 5}], 'the parameters of the tool "f" are not an object'),
        ([HI], [{"name": "f", "parameters": {"properties": 5}}], 'the parameters of the tool "f" are not an object'),
    ],
)
def test_messages_that_cannot_be_are_an_error(messages: list[Any], tools: list[Any], said: str, ours: Get) -> None:
    with pytest.raises(UsageError, match=said):
        count_chat(messages, ours("o200k_base"), tools=tools)


def test_what_is_nested_too_deeply_to_be_written_as_json_is_an_error(ours: Get) -> None:
    deep: list[Any] = []
    for _ in range(200_000):
        deep = [deep]

    with pytest.raises(UsageError, match="the JSON is nested too deeply"):
        count_chat([{**HI, "more": deep}], ours("o200k_base"))
