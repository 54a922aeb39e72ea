"""The workloads of a check, from its data: of this run, or of a saved one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..gate.finding import PlacedFinding
from ..gate.spend import WINDOW
from ..notes import Note
from .display import usd
from .findings import brief, sentences
from .report import Column, Kind, Report, Row, Table

CHANGES = (
    Column("delta_usd", "Change", Kind.USD_CHANGE, good=-1),
    Column("delta_pct", "%", Kind.PERCENT_CHANGE, good=-1),
)
_SHOWN = 10
"""Workloads in a short answer."""


def workload_table(data: Mapping[str, Any], notes: Mapping[str, tuple[Note, ...]] | None = None) -> Table:
    """The workloads of a check's data as a table; `notes` are those on each, by its name.

    Raises KeyError or TypeError for the data of anything else.
    """
    jobs = data["workloads"]
    rows = [Row({**job, **_ends(job)}, notes=(notes or {}).get(job["workload"], ())) for job in jobs]
    ranged = any(job["low"] != job["high"] for job in jobs)
    changed = data["baseline"] is not None
    columns = [
        Column("workload", "Workload"),
        Column("model", "Model", optional=1),
        *([Column("baseline_usd", "Before", Kind.USD)] if changed else []),
        *([Column("low", "Low", Kind.USD, optional=2)] if ranged else []),
        Column("monthly_usd", "Expected" if ranged else "Month", Kind.USD),
        *([Column("high", "High", Kind.USD, optional=2)] if ranged else []),
        *(CHANGES if changed else ()),
    ]
    if len(rows) + len(data["removed"]) > 1:
        rows.append(Row({"workload": "total", "model": "", **data["total"]}, total=True))
    return Table(columns=tuple(columns), rows=tuple(rows), short=_SHOWN, things="workloads")


def _ends(job: Mapping[str, Any]) -> dict[str, Any]:
    """The ends of a workload's cost where it is a range; None where both are what is expected."""
    return {"low": job["low"], "high": job["high"]} if job["low"] != job["high"] else {"low": None, "high": None}


def with_findings(report: Report, findings: tuple[PlacedFinding, ...]) -> Report:
    """A report on a check with what was found, what changed, and on which terms, by its data.

    Raises KeyError or TypeError for the data of anything else.
    """
    data = report.data
    changes = [f"{x['workload']}: {x['why']}" for x in data["workloads"] if x.get("why") is not None]
    terms = [
        "; ".join((x["workload"] + ": " + x["volume"], x["tokens"], "terms: " + x["terms"])) for x in data["workloads"]
    ]
    if data["baseline"] is not None:
        terms.append(f"Before: {data['baseline']}")
    resting = [] if data.get("priced_with") is None else [data["priced_with"]]
    if (spend := data.get("spend")) is not None:
        resting.append(_spend_words(spend))
    if data.get("scored_with") is not None:
        scored = f"Scores: {data['scored_with']}"
        (terms if scored.startswith("Scores: packaged ") else resting).append(scored)
    return replace(
        report,
        findings=findings,
        sentences=(*sentences(findings), *changes),
        brief=tuple(brief(findings)),
        changes=tuple(changes),
        assumptions=tuple(resting),
        details=tuple(terms),
    )


def _spend_words(spend: Mapping[str, Any]) -> str:
    """What was spent: `Spend: $9.00 from 2026-10-27 to 2026-11-25, records on 28 of 30 days; 1 file`."""
    least = "" if spend["unpriced"] is None else "at least "
    days = f"from {spend['first']} to {spend['last']}, records on {spend['days_with_records']} of {WINDOW} days"
    return f"Spend: {least}{usd(spend['usd'] + Decimal(0))} {days}; {spend['read']}"
