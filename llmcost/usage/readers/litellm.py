"""LiteLLM's spend logs (`LiteLLM_SpendLogs`, `/spend/logs`): a row a request, the usage object as text in `metadata`.

The input has what was cached, for Anthropic's models too; times are UTC; a cost of 0 for tokens is not known.
Source: litellm `tests/logging_callback_tests/gcs_pub_sub_body/spend_logs_payload.json`.
"""

from __future__ import annotations

from typing import Any

from ..forms import read_object, unclear
from ..record import Drop, Outcome, UsageRecord, json_mapping, micros, reading, text, usd
from . import LogReader, LogRow

_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")
_CACHED = ("cache_read_input_tokens", "cache_creation_input_tokens")


@reading
def read(row: LogRow) -> Outcome:
    """The record of a request."""
    if row.get("status") == "failure":
        return Drop.ERROR
    if row.get("cache_hit") in ("True", "true", True):
        return Drop.CACHE_HIT
    metadata = json_mapping(row.get("metadata"))
    more = json_mapping(metadata.get("additional_usage_values"))
    counts = {key: None if row[key] == "" else row[key] for key in _COUNTS if key in row}
    cached = {key: more[key] for key in _CACHED if key in more}
    usage = {**cached, **counts, **json_mapping(metadata.get("usage_object"))}
    if not usage:
        return Drop.NO_USAGE
    found = read_object(usage, "openai")
    spend = usd(row.get("spend"))
    provider = text(row.get("custom_llm_provider"))
    model = text(row.get("model")) or ""
    return UsageRecord(
        source="litellm-spendlogs",
        tokens=found.tokens,
        model=model,
        record_id=text(row.get("request_id")),
        at=micros(row.get("startTime")),
        provider=provider,
        tier=found.tier,
        logged_usd=spend if spend or not found.tokens else None,
        session=text(row.get("session_id")),
        user=text(row.get("user")) or text(row.get("end_user")),
        project=text(row.get("team_id")),
        key=text(row.get("api_key")),
        tag=_tag(row.get("request_tags")),
        unknown=unclear(found, model),
    )


def _tag(value: Any) -> str | None:
    """Tags, a list or its JSON text: `a, b`; None for the empty list. Any other text as it is."""
    tags = json_mapping(f'{{"tags": {value}}}').get("tags") if isinstance(value, str) else value
    if not isinstance(tags, list):
        return text(value)
    return ", ".join(filter(None, map(text, tags))) or None


READER = LogReader(read=read)
