"""The log of `llm` by Simon Willison: the table `responses` of its `logs.db`, where plugins count as their vendors do.

`token_details` is what the vendor's usage object had beside the totals, as text. The one for Gemini left the thoughts
out of the output before its version 0.20; since then the details have the output without them. What tools were asked
with is in its input. Sources: llm `docs/logging.md`, llm-gemini 75 and `llm_gemini.py` (`set_usage`).
"""

from __future__ import annotations

from ..forms import read_object, unclear
from ..record import Drop, Outcome, UsageRecord, json_mapping, micros, reading, text
from . import LogReader, LogRow

_CAMEL = ("TokenCount", "TokensDetails")
_PLAIN = ("input_tokens_details", "output_tokens_details", "cache_", "server_tool_use")


@reading
def read(row: LogRow) -> Outcome:
    """The record of a response."""
    if row.get("table", "responses") != "responses":
        return Drop.OTHER
    given, answered = row.get("input_tokens"), row.get("output_tokens")
    if given is None and answered is None:
        return Drop.NO_USAGE
    details = json_mapping(row.get("token_details"))
    if any(key.endswith(_CAMEL) for key in details):
        details.pop("toolUsePromptTokenCount", None)
        usage = {"candidatesTokenCount": answered, **details, "promptTokenCount": given or 0}
    elif any(key.startswith(_PLAIN) for key in details):
        usage = {**details, "input_tokens": given, "output_tokens": answered}
    else:
        usage = {**details, "prompt_tokens": given, "completion_tokens": answered}
    found = read_object(usage)
    model = text(row.get("resolved_model")) or text(row.get("model")) or ""
    return UsageRecord(
        source="llm-logs-sqlite",
        tokens=found.tokens,
        model=model,
        record_id=text(row.get("id")),
        at=micros(row.get("datetime_utc")),
        tier=found.tier,
        region=found.region,
        fees=found.fees,
        session=text(row.get("conversation_id")),
        unknown=unclear(found, model),
    )


READER = LogReader(read=read)
