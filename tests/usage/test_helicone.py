"""Helicone's requests: what was cached stands beside the prompt."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from llmcost.usage.readers.helicone import read
from llmcost.usage.record import Drop, UsageRecord


def request(**more: Any) -> dict[str, Any]:
    """Return a request."""
    known = {"request_id": "h", "request_created_at": "2026-09-01T10:00:00.000Z", "response_status": 200}
    return {**known, "model": "gpt-4o-2024-08-06", "provider": "OPENAI", "prompt_tokens": 80, **more}


def found(**more: Any) -> UsageRecord:
    """Return the record of a request."""
    record = read(request(**more))
    assert isinstance(record, UsageRecord)
    return record


def test_what_was_cached_written_or_is_audio_is_beside_the_prompt() -> None:
    cached = {"prompt_cache_read_tokens": 1920, "prompt_cache_write_tokens": 7, "prompt_audio_tokens": 3}

    assert found(**cached, completion_tokens=300, completion_audio_tokens=20).tokens == {
        "input_tokens": 2010,
        "cache_read_tokens": 1920,
        "cache_write_tokens": 7,
        "audio_input_tokens": 3,
        "output_tokens": 320,
        "audio_output_tokens": 20,
    }


def test_a_cost_of_0_for_tokens_is_not_known() -> None:
    assert found(cost=0).logged_usd is None
    assert found(costUSD=Decimal("0.25"), cost=0).logged_usd == Decimal("0.25")


def test_who_asked_what_of_whom() -> None:
    record = found(request_properties={"Helicone-Session-Id": "s"}, request_user_id="u", model=None, request_model="m")

    assert (record.session, record.user, record.model, record.provider) == ("s", "u", "m", "openai")
    assert found(provider="CUSTOM").provider is None


@pytest.mark.parametrize(
    ("row", "drop"),
    [
        (request(response_status=429), Drop.ERROR),
        (request(response_status=-3), Drop.ERROR),
        (request(cache_reference_id="0b1c"), Drop.CACHE_HIT),
        (request(prompt_tokens=0), Drop.NO_USAGE),
        (request(prompt_tokens=-1), Drop.IMPOSSIBLE),
    ],
)
def test_what_is_no_record(row: dict[str, Any], drop: Drop) -> None:
    assert read(row) is drop


def test_no_cache_of_helicone_has_an_id_of_zeros() -> None:
    assert found(cache_reference_id="00000000-0000-0000-0000-000000000000").record_id == "h"
