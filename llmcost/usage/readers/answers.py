"""Vendors' answers as they were logged: alone, or in an object of one's own beside when and for whom.

OpenAI (chat, responses, Azure), Anthropic, Gemini, Vertex, Bedrock Converse, Groq, Mistral, DeepSeek, OpenRouter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...errors import InvalidUsageError, UsageError
from ..forms import FoundUsage, body_of, form_of, read_object
from ..record import NOTHING, Drop, Outcome, UsageRecord, mapping, micros, text
from . import LogReader, LogRow

_WRAPPERS = ("response", "body", "result", "output", "completion")
"""The keys under which logs keep an answer."""
_TIMES = ("timestamp", "time", "created_at", "createdAt", "start_time", "startTime", "ts", "date")
_NAMES = {
    "session": ("session_id", "session", "conversation_id"),
    "user": ("user_id", "user"),
    "project": ("project_id", "project"),
    "key": ("api_key_id", "key_name"),
    "tag": ("tag", "tags"),
}
_PART: Mapping[str, Any] = {"requests": 0, "fees": NOTHING, "logged_usd": None, "unknown": ()}
"""What a part of a request has that is told of the whole once."""
_OBJECTS = ("chat.completion", "response", "message", "text_completion")


def is_answer(row: LogRow) -> bool:
    """Whether a row is a vendor's answer, or has one."""
    inner = _inner(row)
    return _has_usage(inner) or _kind(inner) in _OBJECTS


def read(row: LogRow) -> Outcome:
    """The record of an answer, with what stands beside it."""
    inner = _inner(row)
    if _has_usage(inner):
        return of_answer(inner, beside=row if inner is not row else {})
    if row.get("error") or inner.get("error"):
        return Drop.ERROR
    return Drop.NO_USAGE if _kind(inner) in _OBJECTS else Drop.OTHER


def of_answer(answer: LogRow, *, beside: LogRow, source: str = "answers", tier: str | None = None) -> Outcome:
    """The record of a vendor's answer that has usage; what stands `beside` it, and a `tier`, go before what it says."""
    body = body_of(answer)
    try:
        found = read_object(body.usage, body.provider or "openai")
    except InvalidUsageError:
        return Drop.IMPOSSIBLE
    said = next((x for key in _TIMES if (x := micros(beside.get(key))) is not None), None)
    record = UsageRecord(
        source=source,
        tokens=found.tokens,
        model=body.model or text(beside.get("model")) or "",
        record_id=text(answer.get("id") or answer.get("responseId") or answer.get("response_id")),
        at=micros(body.at) if said is None else said,
        tier=tier or found.tier or body.tier,
        region=found.region,
        fees=found.fees,
        logged_usd=found.logged_usd,
        unknown=() if body.usage is answer else found.unknown,
    )
    named: dict[str, Any] = {name: _named(beside or answer, keys) for name, keys in _NAMES.items()}
    return divided(record._replace(**named), found)


def divided(record: UsageRecord, found: FoundUsage) -> Outcome:
    """A record by the steps that its totals add up, with the calls that they leave out; each has its own length."""
    if not found.calls and not found.steps:
        return record
    records = _by_steps(record, found.steps)
    for model, tokens in found.calls:
        records.append(record._replace(tokens=tokens, model=model or record.model, **_PART))
    if record.record_id:
        records[1:] = [x._replace(record_id=f"{x.record_id}/{place}") for place, x in enumerate(records[1:], 1)]
    return tuple(records)


def _by_steps(record: UsageRecord, steps: Iterable[Mapping[str, int]]) -> list[UsageRecord]:
    """The parts of a record, the first of which counts as the request; the whole where steps do not add up."""
    left, reasoning = dict(record.tokens), record.tokens.get("reasoning_tokens", 0)
    parts: list[UsageRecord] = []
    for step in steps:
        tokens = dict(step)
        for name, number in step.items():
            left[name] = left.get(name, 0) - number
        thought = min(reasoning, step.get("output_tokens", 0))
        if thought:
            tokens["reasoning_tokens"] = thought
            reasoning -= thought
        parts.append(record._replace(tokens=tokens, **(_PART if parts else {})))
    left.pop("reasoning_tokens", None)
    return [record] if any(left.values()) or reasoning else parts


def _inner(row: LogRow) -> LogRow:
    """The answer in a row: the row itself, or an object in it."""
    if _has_usage(row) or _kind(row) in _OBJECTS:
        return row
    return next((x for key in _WRAPPERS if (x := mapping(row.get(key))) and (_has_usage(x) or "object" in x)), row)


def _has_usage(row: LogRow) -> bool:
    """Whether an object has a usage object of a known form, or is one with the name of its model."""
    try:
        usage = body_of(row).usage
        return (usage is not row or "model" in row) and bool(form_of(usage, "openai"))
    except UsageError:
        return False


def _kind(row: LogRow) -> str:
    return str(row.get("object") or row.get("type") or "")


def _named(row: LogRow, keys: Iterable[str]) -> str | None:
    return next((x for key in keys if (x := text(row.get(key)))), None)


READER = LogReader(read=read)
