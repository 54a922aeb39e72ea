"""A check as a report: what the workloads cost, what changed, and every finding with its place and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace

from ...document import Path
from ...gate.bars import bar_rows
from ...gate.bills import PricedWorkload
from ...gate.check import Checked
from ...gate.diff import CostChange, WorkloadChange, change_words
from ...gate.finding import Finding, Level, PlacedFinding
from ...gate.saved import CHECK_SCHEMA, model_rows, request_row
from ...gate.snapshot import WorkloadState
from ...gate.span import Span
from ...gate.spend import WINDOW, RecentSpend
from ...notes import Note, NoteKind
from ...report.display import usd
from ...report.findings import counted
from ...report.report import Cell, Report, Rows, RunForm
from ...report.words import named, price_words, some
from ...report.workloads import with_findings, workload_table
from ...workload.model import Bound

FORM = RunForm(CHECK_SCHEMA, ("workloads", "findings", "prices", "requests", "models", "rules"))

LineOf = Callable[[Path], int]
"""Returns the line of a place in the llmcost.yaml."""


def check_report(checked: Checked, line: LineOf, read: str = "", notes: Sequence[Note] = ()) -> Report:
    """The report on a check; `line` finds the line of a path in the file.

    `read` says what was read of logs, `notes` are on these.
    """
    changes = {} if checked.diff is None else {change.workload: change for change in checked.diff.changes}
    states = checked.now.workloads
    workloads = Rows(_workload_values(x, states[x.name], changes.get(x.name), line) for x in checked.workloads)
    findings = tuple(PlacedFinding.of(x, checked.name, line) for x in checked.findings)
    estimates = [part.estimate for workload in checked.workloads for part in workload.parts]
    removed = [change for change in changes.values() if change.after is None]
    data = {
        "verdict": checked.verdict,
        "config": checked.name,
        "baseline": None if checked.diff is None else checked.diff.base,
        "total": _cost_values(checked.total, checked.change),
        "removed": [change.workload for change in removed],
        "priced_with": price_words(estimates),
        "scored_with": checked.scored_with,
        "spend": None if checked.spend is None else _spend_values(checked.spend, read),
        "workloads": workloads,
        "findings": Rows(map(asdict, findings)),
        "prices": Rows(_price_values(checked.workloads)),
        "requests": Rows(map(request_row, states.values())),
        "models": Rows(row for state in states.values() for row in model_rows(state)),
        "rules": Rows(bar_rows(checked.bars)),
    }
    report = Report(
        schema=FORM.name,
        headline=f"{checked.verdict}: {_unjudged_words(findings)}{_amount_words(checked)}",
        data=data,
        csv=workloads,
        tables=(workload_table(data, {x.name: _notes(x, checked.findings) for x in checked.workloads}),),
        notes=(*map(_removed_note, removed), *notes),
    )
    return with_findings(report, findings)


def doubted(report: Report, doubts: Sequence[str]) -> Report:
    """A report with the doubts about its baseline as notes."""
    return replace(report, notes=(*report.notes, *(Note(NoteKind.BASELINE, said) for said in doubts)))


def _unjudged_words(found: Sequence[PlacedFinding]) -> str:
    """How many rules cannot be judged, and how many failed beside them; nothing where all can be judged."""
    unjudged, failed = counted(found, Level.UNJUDGED, "rule"), counted(found, Level.FAIL, "rule", " failed")
    if not unjudged:
        return ""
    return f"{unjudged} cannot be judged{f', {failed}' if failed else ''}; "


def _amount_words(checked: Checked) -> str:
    """The total, its change and what was spent: `$9,750.00 a month, +$9,165.00 (+1,566.7%) against main`."""
    cost = checked.total
    said = f"{usd(cost.expected)} a month"
    if len(checked.workloads) > 1:
        said += f" for {some(len(checked.workloads), 'workload')}"
    if cost.low != cost.high:
        ranged = [x.name for x in checked.workloads if x.monthly[Bound.LOW] != x.monthly[Bound.HIGH]]
        whose = f" depending on the range of {named(ranged)}" if len(ranged) < len(checked.workloads) else ""
        said += f" ({usd(cost.low)} to {usd(cost.high)}{whose})"
    if checked.diff is not None and checked.diff.total is not None:
        said += f", {checked.diff.total.words} against {checked.diff.base}"
    if checked.spend is not None and checked.spend.now.days:
        now = checked.spend.now
        said += f"; {'at least ' if now.unpriced else ''}{usd(now.usd)} spent in {WINDOW} days"
    return said


def verdict_words(checked: Checked, found: Sequence[PlacedFinding], *, amount: bool) -> str:
    """The last line of a check: `FAIL: 1 failed, 3 passed`; with its `amount`, `...; $9,750.00 a month`."""
    levels = Counter(finding.level for finding in checked.findings)
    said = [
        f"{levels[Level.UNJUDGED]} cannot be judged" if levels[Level.UNJUDGED] else "",
        f"{levels[Level.FAIL]} failed" if levels[Level.FAIL] else "",
        counted(found, Level.WARN, "warning"),
        f"{levels[Level.PASS]} passed" if levels[Level.PASS] else "",
        f"{levels[Level.OFF]} off" if levels[Level.OFF] else "",
    ]
    counts = ", ".join(filter(None, said))
    none = "" if checked.ruled else f"{checked.name} has no rule to judge"
    line = f"{checked.verdict}: {'; '.join(filter(None, (none, counts)))}"
    return f"{line}; {_amount_words(checked)}" if amount else line


def _workload_values(
    priced: PricedWorkload, now: WorkloadState, change: WorkloadChange | None, line: LineOf
) -> dict[str, Cell]:
    return {
        "workload": now.workload,
        "model": now.model_words,
        **_cost_values(now.monthly, None if change is None or change.before is None else change.cost),
        "per_1k_requests_usd": priced.per_1k_requests[Bound.EXPECTED],
        "volume": now.volume_words,
        "tokens": now.token_words,
        "terms": now.term_words,
        "line": line(priced.configured.path),
        "why": "; ".join(x.words() for x in change.reasons) or None if change is not None else None,
    }


def _notes(priced: PricedWorkload, findings: Sequence[Finding]) -> tuple[Note, ...]:
    """The notes on a workload; a shutdown that is a finding is a detail."""
    told = {x.model for x in findings if x.rule == "warn_shutdown_days" and x.level is not Level.PASS}
    return tuple(
        replace(note, detail=note.detail or (note.kind is NoteKind.SHUTDOWN and part.estimate.model.id in told))
        for part in priced.parts
        for note in dict.fromkeys(part.estimate.notes)
    )


def _cost_values(cost: Span, change: CostChange | None) -> dict[str, Cell]:
    return {
        "monthly_usd": cost.expected,
        "low": cost.low,
        "high": cost.high,
        "baseline_usd": None if change is None else change.before.expected,
        "delta_usd": None if change is None else change.delta_usd,
        "delta_pct": None if change is None else change.delta_pct,
    }


def _spend_values(spend: RecentSpend, read: str) -> dict[str, Cell]:
    return {
        "first": spend.now.first,
        "last": spend.now.last,
        "days_with_records": spend.now.days,
        "usd": spend.now.usd,
        "unpriced": spend.now.unpriced or None,
        "before_days_with_records": spend.before.days,
        "before_usd": spend.before.usd,
        "before_unpriced": spend.before.unpriced or None,
        "read": read,
    }


def _price_values(workloads: Sequence[PricedWorkload]) -> Iterator[dict[str, Cell]]:
    for workload in workloads:
        for (model, tier, unit), rate in workload.rates.items():
            yield {"workload": workload.name, "model": model, "tier": tier, "unit": unit, "rate_usd": rate}


def _removed_note(change: WorkloadChange) -> Note:
    cost = change_words(change.cost.delta_usd, None)
    return Note(NoteKind.LEFT_OUT, f"{change.workload} was removed since the baseline ({cost})")
