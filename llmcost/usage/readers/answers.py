"""Vendors' answers as they were logged: alone, or in the user's own object next to date and user.

OpenAI (chat, responses, Azure), Anthropic, Gemini, Vertex, Bedrock Converse, Groq, Mistral, DeepSeek, OpenRouter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...document import listing, mapping
from ...errors import UsageError
from ..forms import FORMS, AnswerBody, FoundUsage, body_of, form_of, holds_usage, read_object, snake, unclear
from ..record import NOTHING, Doubt, Drop, Outcome, UsageRecord, json_mapping, micros, reading, text
from . import RESPONSES, LogReader, LogRow
from .exports import count

WRAPPERS = ("response", "body", "result", "output", "completion", "message")
"""The keys under which logs keep an answer."""
TIMES = ("timestamp", "time", "created_at", "createdAt", "start_time", "startTime", "ts", "date")
NAMES = {
    "session_id": "session",
    "session": "session",
    "conversation_id": "session",
    "user_id": "user",
    "user": "user",
    "project_id": "project",
    "project": "project",
    "api_key_id": "key",
    "key_name": "key",
    "tag": "tag",
}
"""What stands beside an answer and is a column of ours; the first that is there."""
_PART: Mapping[str, Any] = {"requests": 0, "fees": NOTHING, "logged_usd": None, "unknown": ()}
"""What a part of a request has that is told of the whole once."""
_COUNTS = {key for form in FORMS.values() for key in (*form.keys(), *form.marks)}
_METADATA = ("usageMetadata", "usage_metadata")
"""What an answer of Gemini calls its usage."""
_START, _DELTA = "message_start", "message_delta"
"""The events of Anthropic's streams that have usage: the input with the message, then the output alone."""
_OBJECTS = ("chat.completion", "response", "message", "text_completion")
UNENDED: LogRow = {"object": "chat.completion"}
"""What stands for a stream of which no part has usage."""


def is_answer(row: LogRow) -> bool:
    """Whether a row is a vendor's answer, or has one."""
    inner, found = _answer(row)
    return found is not None or _answers(inner) or _is_chunk(inner)


def read(row: LogRow) -> Outcome:
    """The record of an answer, with what stands beside it."""
    inner, found = _answer(row)
    if inner.get("type") == _DELTA:
        return Drop.PART
    if found is not None:
        outcome = of_answer(inner, *found, beside=row)
        if isinstance(outcome, UsageRecord) and row.get("type") == _START:  # its output comes with the end
            return outcome._replace(unknown=(*outcome.unknown, Doubt.BLANK))
        return outcome
    if row.get("error") or inner.get("error"):
        return Drop.ERROR
    if _answers(inner):
        return Drop.NO_USAGE
    strange = "model" in inner and isinstance(inner.get("usage"), dict)
    return Drop.PART if _is_chunk(inner) else Drop.UNRECOGNIZED if strange or holds_usage(row) else Drop.OTHER


@reading
def of_answer(
    answer: LogRow,
    body: AnswerBody,
    form: str | None = None,
    *,
    beside: LogRow,
    source: str = RESPONSES,
    tier: str | None = None,
) -> Outcome:
    """The record of a vendor's answer; what stands `beside` it, and a `tier`, go before what it says."""
    flat = body.usage is answer
    usage = _numbers(answer) if flat else body.usage
    found = read_object(usage, body.provider or "openai", None if flat else form)
    at = None
    if not beside.keys().isdisjoint(TIMES):
        at = next((x for key in TIMES if (x := micros(beside.get(key))) is not None), None)
    named: dict[str, Any] = {}
    if not beside.keys().isdisjoint(NAMES):
        for key, name in NAMES.items():
            if beside.get(key) is not None:
                named.setdefault(name, text(beside[key]))
    call = text(answer.get("id") or answer.get("responseId") or answer.get("response_id"))
    if call and flat:  # an id of one's own may be that of a user: rows are the same where their numbers are
        call = f"{call} {at} {sorted(found.tokens.items())}"
    model = body.model or text(beside.get("model")) or ""
    unknown = unclear(found, model) if found.unknown else ()
    record = UsageRecord(
        source=source,
        tokens=found.tokens,
        model=model,
        record_id=call,
        at=micros(body.at) if at is None else at,
        tier=tier or found.tier or body.tier,
        region=found.region,
        fees=found.fees,
        logged_usd=found.logged_usd,
        unknown=tuple([x for x in unknown if isinstance(x, Doubt)]) if flat else unknown,
        **named,
    )
    return divided(record, found) if found.calls or found.steps else record


def divided(record: UsageRecord, found: FoundUsage) -> Outcome:
    """A record by the steps that its totals add up, with the calls that they leave out; each has its own length."""
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


def _answer(row: LogRow) -> tuple[LogRow, tuple[AnswerBody, str] | None]:
    """The answer in a row, the row itself or an object in it, and its body where it has usage."""
    found = _body(row)
    if found is None and _kind(row) not in _OBJECTS:
        for key in WRAPPERS:
            inner = _object(row.get(key))
            if inner and ((found := _body(inner)) or _answers(inner) or "object" in inner or "error" in inner):
                return inner, found
    return row, found


def _object(value: Any) -> LogRow:
    """An object, or one that stands there as JSON text; empty for what is neither."""
    return json_mapping(value) if isinstance(value, str) and value[:1] == "{" else mapping(value)


def _answers(row: LogRow) -> bool:
    """Whether an object is a whole answer of a vendor, whatever it has of usage."""
    if _kind(row) in _OBJECTS:  # an event of a stream is none: the last one has the usage
        return row.get("role", "assistant") == "assistant" and row.get("status") not in ("queued", "in_progress")
    return not row.keys().isdisjoint(_METADATA) or _ended(row)


def _ended(row: LogRow) -> bool:
    """Whether an answer of Gemini says why it ended."""
    ends = [mapping(x) for x in listing(row.get("candidates"))]
    return any(x.get("finishReason") or x.get("finish_reason") for x in ends)


def _is_chunk(row: LogRow) -> bool:
    """Whether an object is a part of a stream of OpenAI's form."""
    return str(row.get("object")).endswith(".chunk")


def _event(row: LogRow) -> LogRow:
    """What a row says of a stream, itself or in an object."""
    if row.keys().isdisjoint(("object", "candidates", "type")):
        return next((x for key in WRAPPERS if isinstance(x := row.get(key), dict)), row)
    return row


def _body(row: LogRow) -> tuple[AnswerBody, str] | None:
    """What an object has of usage, and its form, or is where it names its model too; None where it has none."""
    if isinstance(row.get("usage"), str):
        row = {**row, "usage": _object(row["usage"])}
    try:
        body = body_of(row)
        form = form_of(body.usage, body.provider or "openai")
    except UsageError:
        return None
    return (body, form) if body.usage is not row or "model" in row else None


def _kind(row: LogRow) -> str:
    return str(row.get("object") or row.get("type") or "")


def _numbers(row: LogRow) -> LogRow:
    """A row of a table with its counts as numbers, None for empty ones. Raises InvalidUsageError; see `count`."""
    given = {key for key, x in row.items() if isinstance(x, str) and snake(key) in _COUNTS}
    return {key: (count(x) if x else None) if key in given else x for key, x in row.items()}


def joined(rows: Iterable[LogRow]) -> Iterator[LogRow]:
    """Yield rows, with what other parts of a stream say of them.

    The end of a stream of Anthropic's, which has the output, gets the message that began before it. Of parts of a
    stream of OpenAI's one has the usage; where none has, `UNENDED` stands for the first one at the end.
    """
    begun: LogRow = {}
    waiting: set[str | None] = set()
    used: set[str | None] = set()
    for row in rows:
        event = _event(row)
        if event is not row and event.get("type") in (_START, _DELTA):
            row = {**{key: x for key, x in row.items() if x is not event}, **event}  # noqa: PLW2901 - as it came
        if row.get("type") == _START:
            begun = mapping(row.get("message"))
        elif row.get("type") == _DELTA and begun and isinstance(usage := row.get("usage"), dict):
            told = {key: x for key, x in usage.items() if x is not None}
            whole = {**begun, "usage": {**mapping(begun.get("usage")), **told}}
            yield {**{key: x for key, x in row.items() if key != "usage"}, "message": whole}
            continue
        elif _is_chunk(event):
            stream = text(event.get("id"))
            if _answer(row)[1] is not None:
                used.add(stream)
                if stream in waiting:
                    waiting.remove(stream)
                    yield {}
            elif stream in used or stream in waiting:
                row = {}  # noqa: PLW2901 - one of a stream is enough
            else:
                waiting.add(stream)
                continue
        yield row
    yield from [UNENDED] * len(waiting)


def is_part(row: LogRow) -> bool:
    """Whether a row is a part of a stream; some vendors tell what was used so far in each."""
    row = _event(row)
    return row.get("type") in (_START, _DELTA) or ("candidates" in row and not _ended(row)) or _is_chunk(row)


def prefer(one: UsageRecord, other: UsageRecord) -> UsageRecord:
    """The part of a stream that tells of more output, which is the later one."""

    def told(x: UsageRecord) -> tuple[Any, ...]:
        return x.tokens.get("output_tokens", 0), Doubt.BLANK not in x.unknown, sorted(x.tokens.items()), -(x.at or 0)

    return max(one, other, key=told)


READER = LogReader(read=read, joined=joined, prefer=prefer, part=is_part)
