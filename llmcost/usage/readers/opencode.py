"""OpenCode's messages: `storage/message/SESSION/msg_*.json`, later the table `message` of `opencode*.db`.

The input leaves out what was cached and written. The output leaves out the reasoning, except in versions that billed it
twice: `total` tells, and where there is none the version is one of those, whose output has it but for Gemini's models.
A cost of 0 for tokens is not known. Sources: opencode `session.sql.ts` and `session.ts` (`getUsage`) in both versions,
tokscale's fixture, t3code 10926.
"""

from __future__ import annotations

from ...document import mapping
from ..record import Drop, Outcome, UsageRecord, json_mapping, micros, provider_named, text, usd
from . import LogReader, LogRow
from .exports import blank


def read(row: LogRow) -> Outcome:
    """The record of an answer: a file is one, and so is a row of the table, whose `data` leaves out the ids."""
    if "table" in row:
        data = json_mapping(row.get("data"))
        if not data:
            return Drop.UNREADABLE
        row = {**data, "id": row.get("id"), "sessionID": row.get("session_id")}
    if row.get("role") != "assistant":
        return Drop.OTHER
    counts, cache = mapping(row.get("tokens")), mapping(mapping(row.get("tokens")).get("cache"))
    named = [*((counts, x) for x in ("input", "output", "reasoning", "total")), (cache, "read"), (cache, "write")]
    fresh, output, reasoning, total, read, write = (0 if of.get(x) is None else of[x] for of, x in named)
    found = (fresh, output, reasoning, total, read, write)
    if any(type(x) is not int for x in found):
        return Drop.UNREADABLE
    given = fresh + read + write
    if min(found) < 0 or total > given + output + reasoning:  # counts below 0, or a part of the total is lost
        return Drop.IMPOSSIBLE
    if not given + output + reasoning:
        return Drop.ERROR if row.get("error") else Drop.NO_USAGE
    gemini = "gemini" in (text(row.get("modelID")) or "").lower()
    inside = total == given + output if total else reasoning <= output and not gemini
    tokens = {
        "input_tokens": given,
        "cache_read_tokens": read,
        "cache_write_tokens": write,
        "output_tokens": output if inside else output + reasoning,
        "reasoning_tokens": reasoning,
    }
    session, name = text(row.get("sessionID")), text(row.get("id"))
    return UsageRecord(
        source="opencode",
        tokens={key: number for key, number in tokens.items() if number},
        model=text(row.get("modelID")) or "",
        record_id=f"{session}:{name}" if name else None,
        at=micros(mapping(row.get("time")).get("created")),
        provider=provider_named(row.get("providerID")),
        logged_usd=usd(row.get("cost")) or None,
        session=session,
        project=(text(mapping(row.get("path")).get("root")) or "").replace("\\", "/").rpartition("/")[2] or None,
        unknown=blank(counts, "input", "output"),
    )


READER = LogReader(read=read)
