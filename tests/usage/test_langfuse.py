"""Langfuse's observations: buckets that share no token, and those of writers who break that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from llmcost.usage.readers import detect
from llmcost.usage.readers.langfuse import read
from llmcost.usage.record import Drop, UsageRecord

NAMES = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens")


def observation(usage: Mapping[str, Any] | str, **more: Any) -> dict[str, Any]:
    """Return a generation."""
    known = {"id": "o", "trace_id": "t", "type": "GENERATION", "start_time": "2026-05-29 23:46:19.963000"}
    return {**known, "provided_model_name": "gpt-4.1-2025-04-14", "usage_details": usage, **more}


def found(usage: Mapping[str, Any] | str, **more: Any) -> UsageRecord:
    """Return the record of a generation."""
    record = read(observation(usage, **more))
    assert isinstance(record, UsageRecord)
    return record


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"input": 86, "input_cached_tokens": 17817, "output": 120, "total": 18023}, (17903, 17817, 0, 120, 0)),
        ({"input": 86, "input_cached_tokens": 17817, "output": 120}, (17903, 17817, 0, 120, 0)),
        # The writer left what was cached in the input: 35,720 by the sum (langfuse 10592, 5568).
        ({"input": 17903, "input_cached_tokens": 17817, "output": 120, "total": 18023}, (17903, 17817, 0, 120, 0)),
        ({"input": 100, "output": 50, "output_reasoning_tokens": 30, "total": 150}, (100, 0, 0, 50, 30)),
        ({"input": 10, "input_cached": 90, "output": 50, "output_reasoning": 30, "total": 150}, (100, 90, 0, 50, 30)),
        ({"input": 10, "output": 50, "reasoning_tokens": 30, "total": 90}, (10, 0, 0, 80, 30)),
        ({"input": 1, "cache_read_input_tokens": 2, "cache_creation_input_tokens": 3, "output": 4}, (6, 2, 3, 4, 0)),
        ({"prompt_tokens": 10, "completion_tokens": 5, "total": 99}, (10, 0, 0, 5, 0)),
        # One side alone, which the total counts as its parts or without them.
        ({"output": 5}, (0, 0, 0, 5, 0)),
        ({"output": 5, "total": 5}, (0, 0, 0, 5, 0)),
        ({"output": 5, "output_reasoning": 3, "total": 5}, (0, 0, 0, 5, 3)),
        ({"input_cached": 7, "total": 7}, (7, 7, 0, 0, 0)),
    ],
)
def test_the_input_is_the_sum_of_its_buckets_unless_the_total_says_that_they_overlap(
    usage: dict[str, int], tokens: tuple[int, ...]
) -> None:
    assert tuple(found(usage).tokens.get(x, 0) for x in NAMES) == tokens


def test_writes_that_last_an_hour_and_audio_are_parts() -> None:
    usage = {"input": 1, "input_ephemeral_1h_input_tokens": 5, "input_ephemeral_5m_input_tokens": 7, "output": 2}

    record = found({**usage, "input_audio_tokens": 3})

    wanted = {"input_tokens": 16, "cache_write_tokens": 12, "cache_write_1h_tokens": 5, "audio_input_tokens": 3}
    assert record.tokens == {**wanted, "output_tokens": 2}


def test_a_bucket_of_neither_side_is_told() -> None:
    record = found({"search_units": 2, "input": 1})
    assert (record.unknown, record.tokens) == (("search_units",), found({"input": 1}).tokens)


@pytest.mark.parametrize(
    ("row", "drop"),
    [
        (observation({"input": 1}, type="AGENT"), Drop.NOT_A_GENERATION),
        *((observation({"input": 1}, type=x), Drop.UNRECOGNIZED) for x in (5, None, "zzz")),
        (observation({}, type="zzz"), Drop.NOT_A_GENERATION),
        (observation({}), Drop.NO_USAGE),
        (observation({"total": 15}), Drop.NO_USAGE),
        (observation({}, level="ERROR"), Drop.ERROR),
        (observation({"input": -1}), Drop.IMPOSSIBLE),
    ],
)
def test_what_is_no_record(row: dict[str, Any], drop: Drop) -> None:
    assert read(row) is drop


def test_every_field_of_a_record_in_either_spelling() -> None:
    names = ("start_time", "session_id", "user_id", "project_id", "total_cost", "usage_details", "provided_model_name")
    api = ("startTime", "sessionId", "userId", "projectId", "calculatedTotalCost", "usageDetails", "model")
    values = ("1970-01-01T00:00:01Z", "s", "u", "p", 0.5, {"input": 2}, "m")
    wanted = UsageRecord(
        source="langfuse-observations",
        tokens={"input_tokens": 2},
        model="m",
        record_id="o",
        at=1_000_000,
        logged_usd=Decimal("0.5"),
        session="s",
        user="u",
        project="p",
        tag="prod",
    )
    for spelling in (names, api):
        row = {"id": "o", "type": "GENERATION", "environment": "prod", **dict(zip(spelling, values, strict=True))}
        assert read(row) == wanted


def test_csv_and_the_api_are_read_too() -> None:
    exported = found(json.dumps({"input": "86", "output": "120"}), total_cost="0.5", user_id="u", environment="prod")
    names = {"id": "o", "traceId": "t", "type": "EMBEDDING", "startTime": "2026-05-29T23:46:19.963Z"}
    row = {**names, "model": "m", "usageDetails": {"input": 86}, "calculatedTotalCost": 0, "sessionId": "s"}

    asked = read(row)

    assert (exported.tokens["input_tokens"], exported.logged_usd, exported.user) == (86, Decimal("0.5"), "u")
    assert isinstance(asked, UsageRecord)
    assert (asked.at, asked.model, asked.session, asked.logged_usd) == (exported.at, "m", "s", None)
    assert detect(row) == detect(observation({})) == "langfuse-observations"
