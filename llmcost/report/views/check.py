"""A check as a report: what the workloads cost, what changed, and every finding with its place and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...document import Path
from ...gate.bills import Priced, Span
from ...gate.check import Checked
from ...gate.config import FILE
from ...gate.diff import Move, change_words
from ...gate.finding import Level
from ...gate.snapshot import CHECK_SCHEMA, Entry, increase, percent, total
from ...notes import Note, NoteKind
from ...workload.model import End
from ..display import usd
from ..findings import PlacedFinding, sentences
from ..report import Cell, Column, Kind, Report, Row, Rows, Table
from ..words import price_words

Line = Callable[[Path], int]
"""Returns the line of a place in the llmcost.yaml."""


def check_report(checked: Checked, line: Line) -> Report:
    """The report on a check; `line` finds the line of a path in the file."""
    moves = {} if checked.changes is None else {move.workload: move for move in checked.changes.moves}
    entries = checked.now.entries
    jobs = Rows(_job_values(x, entries[x.job.name], moves.get(x.job.name), line) for x in checked.jobs)
    findings = Rows(_finding_values(checked, line))
    estimates = [part.estimate for job in checked.jobs for part in job.parts]
    removed = [move for move in moves.values() if move.after is None]
    data = {
        "verdict": checked.verdict,
        "config": checked.name,
        "baseline": None if checked.changes is None else checked.changes.base,
        "total": _total_fact(checked),
        "removed": [move.workload for move in removed],
        "priced_with": price_words(estimates),
        "workloads": jobs,
        "findings": findings,
        "prices": Rows(_price_values(checked.jobs)),
    }
    return Report(
        schema=CHECK_SCHEMA,
        headline=f"{checked.verdict}: {amount_words(checked)}",
        data=data,
        csv=jobs,
        tables=(job_table(data, {x.job.name: _job_notes(x) for x in checked.jobs}),),
        sentences=tuple(sentences(map(PlacedFinding.of, findings))),
        assumptions=tuple(job_terms(data)),
        notes=tuple(_removed_note(move) for move in removed),
    )


def against_itself(report: Report, ref: str) -> Report:
    """Return a report with a note that its baseline, the commit checked out, has the llmcost.yaml that is checked."""
    said = f"the baseline is what is checked: {ref} is the commit checked out, and the {FILE} is as it has it"
    note = Note(NoteKind.BASELINE, f"{said}; only a price table can make a difference")
    return replace(report, notes=(*report.notes, note))


def amount_words(checked: Checked) -> str:
    """The total and its change: `$9,750.00 a month, +$9,165.00 (+1,566.7%) against main`."""
    cost = total(Span.of(job.monthly) for job in checked.jobs)
    said = f"{usd(cost.expected)} a month"
    if cost.low != cost.high:
        said = f"{usd(cost.low)} to {usd(cost.high)} a month (expected {usd(cost.expected)})"
    if len(checked.jobs) > 1:
        said += f" for {len(checked.jobs)} workloads"
    if checked.changes is None or checked.changes.before is None:
        return said
    rise = increase(checked.changes.before, cost).expected
    change = change_words(rise, percent(rise, checked.changes.before.expected))
    return f"{said}, {change} against {checked.changes.base}"


def verdict_words(checked: Checked) -> str:
    """Return the last line of a check: `FAIL: 1 failed, 3 passed; $9,750.00 a month`."""
    said = {
        Level.UNJUDGED: "cannot be judged",
        Level.FAIL: "failed",
        Level.WARN: "with a warning",
        Level.PASS: "passed",
        Level.OFF: "off",
    }
    levels = [finding.level for finding in checked.findings]
    counted = ", ".join(f"{levels.count(level)} {word}" for level, word in said.items() if level in levels)
    return f"{checked.verdict}: {counted or f'{checked.name} has no rule to judge'}; {amount_words(checked)}"


def _job_values(job: Priced, now: Entry, move: Move | None, line: Line) -> dict[str, Cell]:
    span, before = now.monthly, None if move is None else move.before
    return {
        "workload": now.workload,
        "model": now.model,
        "monthly_usd": span.expected,
        "low": span.low,
        "high": span.high,
        "baseline_usd": None if before is None else before.monthly.expected,
        "delta_usd": None if before is None or move is None else move.delta_usd,
        "delta_pct": None if before is None or move is None else move.delta_pct,
        "per_1k_requests_usd": job.per_1k_requests[End.EXPECTED],
        "volume": now.volume,
        "tokens": now.tokens,
        "terms": now.terms,
        "line": line(job.job.path),
    }


def _job_notes(job: Priced) -> tuple[Note, ...]:
    return tuple(dict.fromkeys(note for part in job.parts for note in part.estimate.notes))


def job_table(data: Mapping[str, Any], notes: Mapping[str, tuple[Note, ...]] | None = None) -> Table:
    """Return the workloads of a check's data as a table; `notes` are those on each, by its name.

    Raises KeyError or TypeError for the data of anything else.
    """
    jobs = data["workloads"]
    rows = [Row(job, notes=(notes or {}).get(job["workload"], ())) for job in jobs]
    ranged = any(job["low"] != job["high"] for job in jobs)
    changed = data["baseline"] is not None
    columns = [
        Column("workload", "Workload"),
        Column("model", "Model", optional=1),
        *([Column("low", "Low", Kind.USD, optional=2)] if ranged else []),
        Column("monthly_usd", "Expected" if ranged else "Month", Kind.USD),
        *([Column("high", "High", Kind.USD, optional=2)] if ranged else []),
        *([Column("baseline_usd", "Before", Kind.USD, optional=3)] if changed else []),
        *([Column("delta_usd", "Change", Kind.USD), Column("delta_pct", "%", Kind.PERCENT)] if changed else []),
    ]
    if len(rows) + len(data["removed"]) > 1:
        rows.append(Row({"workload": "total", "model": "", **data["total"]}, total=True))
    return Table(columns=tuple(columns), rows=tuple(rows))


def job_terms(data: Mapping[str, Any]) -> list[str]:
    """Return the terms of each workload, the baseline, and the prices of a check's data.

    Raises KeyError or TypeError for the data of anything else.
    """
    said = [f"{x['workload']}: {x['volume']}; {x['tokens']}; terms: {x['terms']}" for x in data["workloads"]]
    before = None if data["baseline"] is None else f"Before: {data['baseline']}"
    return [*said, *(line for line in (before, data.get("priced_with")) if line is not None)]


def _total_fact(checked: Checked) -> dict[str, Any]:
    cost = total(Span.of(job.monthly) for job in checked.jobs)
    before = None if checked.changes is None else checked.changes.before
    rise = None if before is None else increase(before, cost).expected
    return {
        "monthly_usd": cost.expected,
        "low": cost.low,
        "high": cost.high,
        "baseline_usd": None if before is None else before.expected,
        "delta_usd": rise,
        "delta_pct": None if before is None or rise is None else percent(rise, before.expected),
    }


def _finding_values(checked: Checked, line: Line) -> Iterator[dict[str, Cell]]:
    for x in checked.findings:
        yield {
            "rule": x.rule,
            "level": x.level,
            "workload": x.workload,
            "message": x.message,
            "action": x.action,
            "file": checked.name,
            "line": line(x.path),
            "rule_line": line(x.rule_path),
        }


def _price_values(jobs: Sequence[Priced]) -> Iterator[dict[str, Cell]]:
    for job in jobs:
        for (model, tier, unit), rate in job.rates.items():
            yield {"workload": job.job.name, "model": model, "tier": tier, "unit": unit, "rate_usd": rate}


def _removed_note(move: Move) -> Note:
    return Note(NoteKind.LEFT_OUT, f"{move.workload} is gone since the baseline ({change_words(move.delta_usd, None)})")
