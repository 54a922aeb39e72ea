"""Claude Code's sessions: `~/.claude/projects/FOLDER/SESSION.jsonl` and `SESSION/subagents/agent-*.jsonl`.

One answer is several rows, one a block of it or a step of the stream, and sessions that fork, resume or ask aside copy
rows of others: the id of the message is what makes rows one. Rules and cases: ccusage `adapter/claude/README.md`,
codeburn `docs/providers/claude.md`.
"""

from __future__ import annotations

from typing import Any

from ...document import mapping
from ..forms import read_object
from ..record import Drop, Outcome, UsageRecord, micros, reading, text, usd
from . import LogReader, LogRow
from .answers import divided


@reading
def read(row: LogRow) -> Outcome:
    """The record of a row that has an answer of the model, its own or that of an agent whose progress it tells."""
    if row.get("type") == "progress":
        row = mapping(mapping(row.get("data")).get("message"))
    message = mapping(row.get("message"))
    usage = message.get("usage")
    if not isinstance(usage, dict):
        return Drop.NO_USAGE if "assistant" in (row.get("type"), message.get("role")) else Drop.OTHER
    if message.get("model") == "<synthetic>" or row.get("isApiErrorMessage"):
        return Drop.SYNTHETIC
    found = read_object(usage, "anthropic")
    cost: Any = usd(row.get("costUSD"))
    record = UsageRecord(
        source="claude-code",
        tokens=found.tokens,
        model=text(message.get("model")) or "",
        record_id=text(message.get("id") or row.get("uuid")),
        at=micros(row.get("timestamp")),
        tier=found.tier,
        region=found.region,
        fees=found.fees,
        logged_usd=cost if cost or not found.tokens else None,
        session=text(row.get("sessionId")),
        project=(text(row.get("cwd")) or "").replace("\\", "/").rstrip("/").rpartition("/")[2] or None,
        tag="sidechain" if row.get("isSidechain") else None,
        unknown=found.unknown,
    )
    return divided(record, found) if found.calls or found.steps else record


def prefer(one: UsageRecord, other: UsageRecord) -> UsageRecord:
    """Of two rows on one message the one that is not aside, then the one with most output, at the earliest time."""
    better = max(one, other, key=_completeness)
    times = (x.at for x in (one, other) if x.at is not None)
    costs = (x.logged_usd for x in (one, other) if x.logged_usd is not None)
    return better._replace(at=min(times, default=None), logged_usd=max(costs, default=None))


def _completeness(record: UsageRecord) -> tuple[Any, ...]:
    tokens = record.tokens
    return (
        record.tag is None,
        tokens.get("output_tokens", 0),
        len(tokens),
        tokens.get("input_tokens", 0),
        tokens.get("cache_write_1h_tokens", 0),
        record.logged_usd or 0,
        -(record.at or 0),
        record.model,
    )


READER = LogReader(read=read, prefer=prefer, needle=b'"assistant"')
