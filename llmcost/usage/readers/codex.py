"""Codex's sessions: `~/.codex/sessions/Y/M/D/rollout-*.jsonl` and `~/.codex/archived_sessions`.

After each call a session tells what it has used so far and what the last call used, often more than once. The input has
what was cached, the output the reasoning. A fork or a subagent's session begins with a copy of what its parent told,
under new times: such sessions are a family, in which each count is of the session that began first. The service tier is
not in it. Sources: ccusage `adapter/codex/README.md`, CodexBar's fixtures of issue 2037, tokscale 1146.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Any, TypeAlias

from ...document import mapping
from ...lazy import dataclass
from ..record import Drop, Outcome, UsageRecord, micros, text
from . import LogReader, LogRow

_COUNTS = {
    "input_tokens": "input_tokens",
    "cached_input_tokens": "cache_read_tokens",
    "output_tokens": "output_tokens",
    "reasoning_output_tokens": "reasoning_tokens",
}
_OTHER: LogRow = {"drop": Drop.OTHER}
_Tally: TypeAlias = tuple[int, ...]


def rows(line: LogRow) -> Iterator[LogRow]:
    """Yield what is kept of a line: a session may have gigabytes of them, and its family is read together."""
    payload = mapping(line.get("payload"))
    kind = payload.get("type") if line.get("type") == "event_msg" else line.get("type")
    if kind == "session_meta":
        yield {
            "ids": [x for key in ("id", "forked_from_id", "parent_thread_id") if (x := text(payload.get(key)))],
            "at": micros(payload.get("timestamp")) or micros(line.get("timestamp")),
            "project": (text(payload.get("cwd")) or "").replace("\\", "/").rstrip("/").rpartition("/")[2] or None,
            "provider": text(payload.get("model_provider")),
        }
    elif kind == "turn_context":
        yield {"model": text(payload.get("model"))}
    elif kind == "token_count" and isinstance(info := payload.get("info"), dict):
        yield _count(info, line)
    else:
        yield _OTHER


def _count(info: LogRow, line: LogRow) -> LogRow:
    """A count of tokens: `total` of the session so far, `last` of the last call; either may be missing."""
    found: dict[str, Any] = {"at": micros(line.get("timestamp")), "model": text(info.get("model"))}
    for name in ("total", "last"):
        usage = info.get(f"{name}_token_usage")
        if isinstance(usage, dict):
            counts = tuple(usage.get(key) or 0 for key in _COUNTS)
            if any(type(x) is not int for x in counts):
                return {"drop": Drop.UNREADABLE}
            if min(counts) < 0:
                return {"drop": Drop.IMPOSSIBLE}
            found[name] = counts
    return found if "total" in found or "last" in found else _OTHER


@dataclass(slots=True)
class _Session:
    """A file: its rows, the sessions that it names (its own first), and when it began."""

    path: str
    rows: list[LogRow]
    ids: list[str] = field(default_factory=list)
    project: str | None = None
    provider: str | None = None
    at: int = 0

    def __post_init__(self) -> None:
        metas = [x for x in self.rows if "ids" in x]
        self.ids = [x for meta in metas for x in meta["ids"]] or [self.path]
        if metas:
            self.project, self.provider, self.at = metas[0]["project"], metas[0]["provider"], metas[0]["at"] or 0


def read_files(files: Iterable[tuple[str, Iterable[LogRow]]]) -> Iterator[Outcome]:
    """Yield what each row of the sessions is, parents before those that copied them."""
    sessions = sorted(
        (_Session(path, list(found)) for path, found in files),
        key=lambda x: (x.at, x.ids[0], -len(x.rows), x.path),
    )
    family = _families(sessions)
    seen: dict[str, set[tuple[_Tally, _Tally | None]]] = {}
    for session in sessions:
        yield from _read(session, seen.setdefault(family[session.ids[0]], set()))


def _families(sessions: Iterable[_Session]) -> dict[str, str]:
    """The family of each session: those that name one another, whoever's file is missing."""
    of: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    for session in sessions:
        name = session.ids[0]
        joined = {of.get(x, x) for x in session.ids}
        members[name] = [x for other in sorted(joined) for x in members.pop(other, [other])]
        of.update(dict.fromkeys(members[name], name))
    return of


def _read(session: _Session, seen: set[tuple[_Tally, _Tally | None]]) -> Iterator[Outcome]:
    """Yield the outcome of each row of a session; `seen` are the counts of its family's earlier ones."""
    before: _Tally | None = None
    model = ""
    told: set[tuple[_Tally, _Tally | None]] = set()
    for row in session.rows:
        if "drop" in row:
            yield row["drop"]
            continue
        model = row.get("model") or model
        total, last = row.get("total"), row.get("last")
        used = last or total
        if used is None:
            yield Drop.OTHER
            continue
        if total is not None:
            again = total == before or (total, last) in seen
            told.add((total, last))
            if before is not None and all(new >= old for new, old in zip(total, before, strict=True)):
                used = tuple(new - old for new, old in zip(total, before, strict=True))
            before = total
            if again:
                yield Drop.DUPLICATE
                continue
        tokens = {name: number for name, number in zip(_COUNTS.values(), used, strict=True) if number}
        if not tokens:
            yield Drop.OTHER
            continue
        yield UsageRecord(
            source="codex",
            tokens=tokens,
            model=model,
            at=row["at"],
            provider=session.provider,
            session=session.ids[0],
            project=session.project,
        )
    seen |= told


READER = LogReader(read=lambda _: Drop.OTHER, rows=rows, read_files=read_files)
