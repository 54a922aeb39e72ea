"""The workloads of a check, from its data: of this run, or of a saved one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..notes import Note
from .report import Column, Kind, Row, Table


def workload_table(data: Mapping[str, Any], notes: Mapping[str, tuple[Note, ...]] | None = None) -> Table:
    """The workloads of a check's data as a table; `notes` are those on each, by its name.

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


def change_sentences(data: Mapping[str, Any]) -> list[str]:
    """What changed of each workload since the baseline, be it worth nothing: `bot: model a/b -> a/c`."""
    return [f"{x['workload']}: {x['why']}" for x in data["workloads"] if x.get("why") is not None]


def workload_terms(data: Mapping[str, Any]) -> list[str]:
    """The terms of each workload, the baseline, the prices and the scores of a check's data.

    Raises KeyError or TypeError for the data of anything else.
    """
    said = [f"{x['workload']}: {x['volume']}; {x['tokens']}; terms: {x['terms']}" for x in data["workloads"]]
    before = None if data["baseline"] is None else f"Before: {data['baseline']}"
    scored = None if data.get("scored_with") is None else f"Scores: {data['scored_with']}"
    return [*said, *(line for line in (before, data.get("priced_with"), scored) if line is not None)]
