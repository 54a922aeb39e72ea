"""Gemini CLI's sessions: `~/.gemini/tmp/PROJECT/chats/session-*.jsonl`, before that one JSON document each.

A message is written again whenever more of it is known, its tokens late: the last line that has them counts. The input
leaves out what tools were asked with, the output the thoughts. Source: gemini-cli `services/chatRecordingTypes.ts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...document import listing, mapping
from ..forms import read_object
from ..record import Drop, Outcome, UsageRecord, micros, reading, text
from . import LogReader, LogRow

_NAMES = {
    "input": "prompt_token_count",
    "output": "candidates_token_count",
    "cached": "cached_content_token_count",
    "thoughts": "thoughts_token_count",
    "tool": "tool_use_prompt_token_count",
    "total": "total_token_count",
}
_KEPT = ("type", "id", "timestamp", "model", "tokens")


def rows(line: LogRow) -> Iterator[LogRow]:
    """Yield what is kept of a line, and of the messages in it where it is a whole session or changes one."""
    yield {key: line[key] for key in ("sessionId", *_KEPT) if key in line}
    for message in listing(mapping(line.get("$set", line)).get("messages")):
        yield {key: x for key in _KEPT if (x := mapping(message).get(key)) is not None}


def read_files(files: Iterable[tuple[str, Iterable[LogRow]]]) -> Iterator[Outcome]:
    """Yield what each row of the sessions is."""
    for _, found in files:
        session = None
        messages = list(found)
        counting: dict[str, int] = {}
        for place, message in enumerate(messages):
            name = text(message.get("id"))
            if name and message.get("type") == "gemini" and (name not in counting or message.get("tokens")):
                counting[name] = place
        for place, message in enumerate(messages):
            session = text(message.get("sessionId")) or session
            if counting.get(text(message.get("id")) or "", place) == place:
                yield _record(message, session)
            else:
                yield Drop.DUPLICATE if message.get("tokens") else Drop.OTHER


@reading
def _record(message: LogRow, session: str | None) -> Outcome:
    """What the line of a message is that counts."""
    if message.get("type") != "gemini":
        return Drop.OTHER
    tokens = mapping(message.get("tokens"))
    found = read_object({new: tokens[old] for old, new in _NAMES.items() if old in tokens})
    return UsageRecord(
        source="gemini-cli",
        tokens=found.tokens,
        model=text(message.get("model")) or "",
        record_id=text(message.get("id")),
        at=micros(message.get("timestamp")),
        session=session,
    )


READER = LogReader(read=lambda _: Drop.OTHER, rows=rows, read_files=read_files)
