"""The log of `llm`: each plugin counts as its vendor does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from llmcost.usage.readers.llm_logs import read
from llmcost.usage.record import Drop, UsageRecord


def response(given: int | None, answered: int | None, details: Any = None, **more: Any) -> dict[str, Any]:
    """Return a row."""
    known = {"table": "responses", "id": "r", "model": "m", "datetime_utc": "2026-09-01T10:00:00+00:00"}
    told = {"input_tokens": given, "output_tokens": answered, "token_details": details and json.dumps(details)}
    return {**known, **told, **more}


@pytest.mark.parametrize(
    ("row", "tokens"),
    [
        (response(264, 104, {"thoughtsTokenCount": 989}), (264, 0, 1093, 989)),  # llm-gemini 75
        (response(264, 1093, {"candidatesTokenCount": 104, "thoughtsTokenCount": 989}), (264, 0, 1093, 989)),
        (response(271, 104, {"candidatesTokenCount": 104, "toolUsePromptTokenCount": 7}), (271, 0, 104, 0)),
        (response(20, 5, {"cache_read_input_tokens": 900}), (920, 900, 5, 0)),
        (response(2006, 300, {"prompt_tokens_details": {"cached_tokens": 1920}}), (2006, 1920, 300, 0)),
        (response(2006, 300, {"input_tokens_details": {"cached_tokens": 1920}}), (2006, 1920, 300, 0)),
        (response(10, None), (10, 0, 0, 0)),
        (response(None, 104, {"thoughtsTokenCount": 989}), (0, 0, 1093, 989)),
    ],
)
def test_totals_are_ours_whichever_plugin_wrote_them(row: dict[str, Any], tokens: tuple[int, ...]) -> None:
    found = read(row)

    assert isinstance(found, UsageRecord)
    names = ("input_tokens", "cache_read_tokens", "output_tokens", "reasoning_tokens")
    assert tuple(found.tokens.get(x, 0) for x in names) == tokens


@pytest.mark.parametrize(
    ("row", "drop"),
    [
        ({"table": "message"}, Drop.OTHER),
        (response(None, None), Drop.NO_USAGE),
        (response(-1, 1), Drop.IMPOSSIBLE),
    ],
)
def test_what_is_no_record(row: dict[str, Any], drop: Drop) -> None:
    assert read(row) is drop


def test_the_model_is_the_one_that_answered() -> None:
    row = response(1, 1, resolved_model="gpt-4o-mini-2024-07-18", token_details="{broken", conversation_id="c")

    found = read(row)

    assert isinstance(found, UsageRecord)
    assert (found.model, found.session) == ("gpt-4o-mini-2024-07-18", "c")
