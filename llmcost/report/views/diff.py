"""What changed between two files, runs or git refs as a report: each workload before and after, and why."""

from __future__ import annotations

from collections.abc import Sequence

from ...gate.diff import Diff, Least, Move, change_words
from ...gate.snapshot import increase, percent
from ...notes import Note, NoteKind
from ..display import usd
from ..report import Cell, Column, Kind, Report, Row, Rows, Table
from ..words import some

DIFF_SCHEMA = "llmcost.diff/1"

_KEYS = (
    *("workload", "before_usd", "after_usd", "delta_usd", "delta_pct", "why", "detail"),
    *("model_before", "model_after"),
)
_COLUMNS = (
    Column("workload", "Workload"),
    Column("before_usd", "Before", Kind.USD),
    Column("after_usd", "After", Kind.USD),
    Column("delta_usd", "Change", Kind.USD),
    Column("delta_pct", "%", Kind.PERCENT),
    Column("why", "Why"),
)


def diff_report(diff: Diff, least: Least) -> Report:
    """The report on a diff. People see the changes of at least `least`, the rest is counted; the JSON has all."""
    changed = [move for move in diff.moves if move.changed]
    workloads = Rows(map(_values, diff.moves), _KEYS)
    shown = [move for move in changed if not least.hides(move)]
    return Report(
        schema=DIFF_SCHEMA,
        headline=_headline(diff, changed),
        data={"base": diff.base, "head": diff.head, "total": _total_fact(diff), "workloads": workloads},
        csv=workloads,
        tables=(_table(diff, shown),),
        sentences=tuple(_sentence(move) for move in shown),
        assumptions=(f"Before: {diff.base}", f"After: {diff.head}"),
        notes=(
            *_counted(len(changed) - len(shown), "changed by less than --min-change"),
            *_counted(len(diff.moves) - len(changed), "did not change"),
        ),
    )


def _headline(diff: Diff, changed: Sequence[Move]) -> str:
    most = sorted(changed, key=lambda move: (-abs(move.delta_usd), move.workload))
    named = "; ".join(f"{move.workload} ({_whys(move)})" for move in most[:2])
    rest = f" and {some(len(most) - 2, 'other')}" if most[2:] else ""
    if diff.before is None or diff.after is None:
        return f"{len(most)} of {some(len(diff.moves), 'estimate')} changed{': ' if most else ''}{named}{rest}"
    rise = increase(diff.before, diff.after).expected
    after = f"{usd(diff.after.expected)} a month"
    if not most:
        return f"no change: {after}"
    change = change_words(rise, percent(rise, diff.before.expected))
    return f"{change} a month, from {usd(diff.before.expected)} to {usd(diff.after.expected)}: {named}{rest}"


def _whys(move: Move) -> str:
    return ", ".join(reason.why for reason in move.reasons)


def _values(move: Move) -> dict[str, Cell]:
    return {
        "workload": move.workload,
        "before_usd": None if move.before is None else move.before.monthly.expected,
        "after_usd": None if move.after is None else move.after.monthly.expected,
        "delta_usd": move.delta_usd,
        "delta_pct": move.delta_pct,
        "why": _whys(move) or None,
        "detail": "; ".join(reason.detail for reason in move.reasons if reason.detail) or None,
        "model_before": None if move.before is None else move.before.model,
        "model_after": None if move.after is None else move.after.model,
    }


def _table(diff: Diff, moves: Sequence[Move]) -> Table:
    rows = tuple(Row(_values(move)) for move in moves)
    if len(diff.moves) > 1 and moves and diff.before is not None:
        total: dict[str, Cell] = {**_total_fact(diff), "workload": "total", "why": ""}
        rows = (*rows, Row(total, total=True))
    return Table(columns=_COLUMNS, rows=rows)


def _sentence(move: Move) -> str:
    there = [x for x in (move.before, move.after) if x is not None]
    if len(there) == 1:
        return f"{move.workload}: {_whys(move)} ({there[0].model})"
    return f"{move.workload}: {'; '.join(reason.words() for reason in move.reasons)}"


def _total_fact(diff: Diff) -> dict[str, Cell]:
    if diff.before is None or diff.after is None:
        return {"before_usd": None, "after_usd": None, "delta_usd": None, "delta_pct": None}
    rise = increase(diff.before, diff.after).expected
    return {
        "before_usd": diff.before.expected,
        "after_usd": diff.after.expected,
        "delta_usd": rise,
        "delta_pct": percent(rise, diff.before.expected),
    }


def _counted(number: int, what: str) -> tuple[Note, ...]:
    return (Note(NoteKind.LEFT_OUT, f"{some(number, 'workload')} {what} (-f json has all)"),) if number else ()
