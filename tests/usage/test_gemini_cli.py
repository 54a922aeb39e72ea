"""Gemini CLI's sessions: messages that are written more than once, and what their tokens are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmcost.usage.readers import detect, gemini_cli
from llmcost.usage.record import Drop, Outcome, UsageRecord

HEAD = {"sessionId": "s", "projectHash": "p", "startTime": "2026-05-17T11:07:00.000Z"}


def said(name: str, tokens: Mapping[str, Any] | None, **more: Any) -> dict[str, Any]:
    """Return the line of an answer."""
    at = "2026-05-17T11:07:32.000Z"
    return {"id": name, "timestamp": at, "type": "gemini", "model": "gemini-2.5-pro", "tokens": tokens, **more}


def outcomes(*lines: Mapping[str, Any]) -> list[Outcome]:
    """Return what the lines of a session are."""
    return list(gemini_cli.read_files([("a", [x for line in lines for x in gemini_cli.rows(line)])]))


def test_thoughts_are_output_and_what_tools_were_asked_with_is_input() -> None:
    tokens = {"input": 264, "output": 104, "cached": 100, "thoughts": 989, "tool": 7, "total": 1364}

    _, found = outcomes(HEAD, said("a", tokens))

    assert isinstance(found, UsageRecord)
    assert found.tokens == {
        "input_tokens": 271,
        "cache_read_tokens": 100,
        "output_tokens": 1093,
        "reasoning_tokens": 989,
    }
    assert (found.session, found.record_id, found.model) == ("s", "a", "gemini-2.5-pro")


def test_a_message_counts_with_the_last_line_that_has_its_tokens() -> None:
    begun, first, last = said("a", None), said("a", {"input": 5}), said("a", {"input": 9, "output": 1})

    *left, found, after = outcomes(begun, first, last, said("a", None, toolCalls=[]))

    assert isinstance(found, UsageRecord)
    assert (found.tokens["input_tokens"], left, after) == (9, [Drop.OTHER, Drop.DUPLICATE], Drop.OTHER)


def test_a_message_that_never_had_tokens_is_without_usage() -> None:
    assert outcomes(said("a", None), said("a", None)) == [Drop.NO_USAGE, Drop.OTHER]
    assert outcomes(said("a", {})) == [Drop.NO_USAGE]


def test_a_session_may_be_one_document_or_be_set_anew() -> None:
    messages = [said("a", {"input": 5}), {"type": "user", "id": "u"}, "no message"]

    whole = outcomes({**HEAD, "messages": messages})
    again = outcomes(HEAD, said("a", {"input": 5}), {"$set": {"messages": messages}}, {"$rewindTo": "a"})

    assert [x.tokens for x in whole if isinstance(x, UsageRecord)] == [{"input_tokens": 5}]
    assert [x.tokens for x in again if isinstance(x, UsageRecord)] == [{"input_tokens": 5}]
    assert again.count(Drop.DUPLICATE) == 1


def test_counts_that_cannot_be_are_refused() -> None:
    assert outcomes(said("a", {"input": -5})) == [Drop.IMPOSSIBLE]


def test_a_session_is_known_by_its_head_or_its_messages() -> None:
    assert detect(HEAD) == detect(said("a", {"input": 5})) == "gemini-cli"
    assert gemini_cli.READER.read(HEAD) is Drop.OTHER
