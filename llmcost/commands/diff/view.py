"""What changed between two files, runs or git refs as a report: each workload before and after, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

from ...gate.diff import Diff, ShowThreshold, WorkloadChange
from ...gate.finding import PlacedFinding
from ...notes import Note, NoteKind
from ...report.display import usd
from ...report.findings import brief, sentences
from ...report.report import Cell, Column, Kind, Report, Row, Rows, RunForm, Table
from ...report.words import some
from ...report.workloads import CHANGES

FORM = RunForm("llmcost.diff/1", ("workloads", "findings"))

_KEYS = (
    *("workload", "before_usd", "after_usd", "delta_usd", "delta_pct", "why", "detail"),
    *("model_before", "model_after"),
)
_COLUMNS = (
    Column("workload", "Workload"),
    Column("before_usd", "Before", Kind.USD),
    Column("after_usd", "After", Kind.USD),
    *CHANGES,
    Column("why", "Why"),
)


def diff_report(
    diff: Diff, least: ShowThreshold, found: Sequence[PlacedFinding] = (), notes: Sequence[Note] = ()
) -> Report:
    """The report on a diff, with what was `found` about rules and tables, and `notes` on models.

    People see the changes of at least `least`, the rest is counted; the JSON has all.
    """
    changed = [change for change in diff.changes if change.changed]
    workloads = Rows(map(_values, diff.changes), _KEYS)
    shown = [change for change in changed if not least.hides(change.cost)]
    return Report(
        schema=FORM.name,
        headline=_headline(diff, changed),
        data={
            "base": diff.base,
            "head": diff.head,
            "total": _total_fact(diff),
            "workloads": workloads,
            "findings": Rows(map(asdict, found), [x.name for x in fields(PlacedFinding)]),
        },
        csv=workloads,
        tables=(_table(diff, shown),),
        sentences=(*sentences(found), *map(_sentence, shown)),
        brief=tuple(brief(found)),
        changes=tuple(map(_sentence, shown)),
        assumptions=(f"Before: {diff.base}; after: {diff.head}",),
        notes=(
            *notes,
            *_counted(len(changed) - len(shown), "changed by less than --min-change"),
            *_counted(len(diff.changes) - len(changed), "did not change"),
        ),
    )


def _headline(diff: Diff, changed: Sequence[WorkloadChange]) -> str:
    most = sorted(changed, key=lambda change: (-abs(change.cost.delta_usd), change.workload))
    named = "; ".join(f"{change.workload} ({_causes(change)})" for change in most[:2])
    rest = f" and {some(len(most) - 2, 'other')}" if most[2:] else ""
    if diff.total is None:
        return f"{len(most)} of {some(len(diff.changes), 'estimate')} changed{': ' if most else ''}{named}{rest}"
    before, after = usd(diff.total.before.expected), usd(diff.total.after.expected)
    if not most:
        return f"no change: {after} a month"
    return f"{diff.total.words} a month, from {before} to {after}: {named}{rest}"


def _causes(change: WorkloadChange) -> str:
    return ", ".join(change.causes)


def _values(change: WorkloadChange) -> dict[str, Cell]:
    return {
        "workload": change.workload,
        "before_usd": None if change.before is None else change.before.monthly.expected,
        "after_usd": None if change.after is None else change.after.monthly.expected,
        "delta_usd": change.cost.delta_usd,
        "delta_pct": change.cost.delta_pct,
        "why": _causes(change) or None,
        "detail": "; ".join(reason.detail for reason in change.reasons if reason.detail) or None,
        "model_before": None if change.before is None else change.before.model_words,
        "model_after": None if change.after is None else change.after.model_words,
    }


def _table(diff: Diff, changes: Sequence[WorkloadChange]) -> Table:
    rows = tuple(Row(_values(change)) for change in changes)
    if len(diff.changes) > 1 and changes and diff.total is not None:
        total: dict[str, Cell] = {**_total_fact(diff), "workload": "total", "why": ""}
        rows = (*rows, Row(total, total=True))
    return Table(columns=_COLUMNS, rows=rows, short=10, things="workloads")


def _sentence(change: WorkloadChange) -> str:
    there = [x for x in (change.before, change.after) if x is not None]
    if len(there) == 1:
        return f"{change.workload}: {_causes(change)} ({there[0].model_words})"
    return f"{change.workload}: {'; '.join(reason.words() for reason in change.reasons)}"


def _total_fact(diff: Diff) -> dict[str, Cell]:
    x = diff.total
    return {
        "before_usd": None if x is None else x.before.expected,
        "after_usd": None if x is None else x.after.expected,
        "delta_usd": None if x is None else x.delta_usd,
        "delta_pct": None if x is None else x.delta_pct,
    }


def _counted(number: int, what: str) -> tuple[Note, ...]:
    return (Note(NoteKind.LEFT_OUT, f"{some(number, 'workload')} {what} (-f json has all)"),) if number else ()
