"""A saved run, the JSON of any command, back into a Report.

A run holds the data, the headline and the notes, with every digit: its JSON and its CSV come out as they were. What was
only for people (the layout of tables, sentences, assumptions, charts) is not in it. A check is rebuilt in full; of
other runs people are shown the rows as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..errors import FileError
from ..gate.saved import CHECK_SCHEMA, disagreement
from ..notes import Note, NoteKind
from .findings import finding_of, sentences
from .report import Column, Kind, Report, Rows, Table
from .workloads import change_sentences, workload_table, workload_terms

FORMS: Mapping[str, tuple[str, ...]] = {
    "llmcost.batch/1": ("models",),
    "llmcost.bench/1": ("differences", "scores"),
    "llmcost.bench-frontier/1": ("models", "left_out"),
    "llmcost.check/1": ("workloads", "findings", "prices", "requests", "models", "rules"),
    "llmcost.compare/1": ("models", "benchmarks"),
    "llmcost.diff/1": ("workloads", "findings"),
    "llmcost.estimate/1": ("forecast", "estimates", "lines", "totals", "left_out"),
    "llmcost.model/1": ("prices", "history", "fees"),
    "llmcost.models/1": ("models",),
    "llmcost.prices-diff/1": ("changes",),
    "llmcost.prices-history/1": ("history",),
    "llmcost.prices-import/1": ("skipped", "reasons"),
    "llmcost.prices-lint/1": ("findings",),
    "llmcost.prices-update/1": ("changes", "held_back", "shutdowns"),
    "llmcost.recommend/1": ("candidates", "scores", "left_out"),
    "llmcost.route/1": ("curve", "plans", "rules", "sides", "examples", "benchmarks", "cpt"),
    "llmcost.tokens/1": ("counts", "totals"),
    "llmcost.validate/1": (),
}
"""The forms of the runs that this version writes, and so can read, each with the names of its rows.

CSV holds the first of them that are not empty.
"""

_KEPT = 3
_UNITS = {"usd": Kind.USD, "pct": Kind.PERCENT, "tokens": Kind.COUNT, "per_1m": Kind.RATE}
"""Units by the ends of the keys that have them."""


def saved_report(run: Mapping[str, Any], name: str) -> Report:
    """The Report of a saved run; messages call its file `name`.

    Raises FileError for a run of a form that is not known, or not of the form that it says.
    """
    schema = run.get("schema")
    if not isinstance(schema, str) or schema not in FORMS:
        found = f'has the form "{schema}"' if isinstance(schema, str) else "does not say which form it has"
        raise FileError(f"{name} {found}, which this version does not know", "make it again with -f json")
    headline, notes = run.get("headline"), run.get("notes")
    if not isinstance(headline, str) or not isinstance(notes, list):
        raise FileError(f'{name} is not what {schema} says: "headline" or "notes" is missing')
    body = {key: value for key, value in run.items() if key not in ("schema", "headline", "notes")}
    rows = {key: _rows(key, body[key], f"{name} is not what {schema} says") for key in FORMS[schema] if key in body}
    report = Report(
        schema=schema,
        headline=headline,
        data={**body, **rows},
        csv=next(filter(None, rows.values()), None),
        notes=tuple(_note(note, name) for note in notes),
    )
    if schema == CHECK_SCHEMA:
        return _checked(report, name)
    return replace(report, tables=tuple(_table(key, rows[key]) for key in body if key in rows))


def _checked(report: Report, name: str) -> Report:
    """The report of a check as a check shows it: its findings as sentences, its workloads in their columns."""
    try:
        findings = tuple(map(finding_of, report.data["findings"]))
        if wrong := disagreement({**report.data, "headline": report.headline}):
            raise FileError(f"{name} does not agree with itself: {wrong}", "make it again with -f json")
        return replace(
            report,
            findings=findings,
            tables=(workload_table(report.data),),
            sentences=(*sentences(findings), *change_sentences(report.data)),
            assumptions=tuple(workload_terms(report.data)),
        )
    except (KeyError, TypeError, ValueError):
        said = f"{name} is not what {report.schema} says: its workloads or findings are not those of a check"
        raise FileError(said) from None


def _rows(key: str, found: Any, wrong: str) -> Rows:
    if not isinstance(found, list) or not all(isinstance(row, dict) and row.keys() == found[0].keys() for row in found):
        raise FileError(f'{wrong}: "{key}" is no table')
    if any(not isinstance(value, Decimal | int | str | None) for row in found for value in row.values()):
        raise FileError(f'{wrong}: "{key}" has a cell that is no value')
    return Rows(found)


def _table(name: str, rows: Rows) -> Table:
    """Rows as a table: keys without any value are dropped, the first three columns always stay."""
    used = [key for key in rows.keys if any(row[key] is not None for row in rows)]
    columns = (
        Column(key, key.replace("_", " "), _kind(key, rows), optional=max(0, place - _KEPT + 1))
        for place, key in enumerate(used)
    )
    return Table.of(rows, *columns, title=name.replace("_", " "))


def _kind(key: str, rows: Rows) -> Kind:
    if any(isinstance(row[key], str | bool) for row in rows):
        return Kind.TEXT
    return next((kind for end, kind in _UNITS.items() if f"_{key}".endswith(f"_{end}")), Kind.NUMBER)


def _note(note: Any, name: str) -> Note:
    try:
        return Note(NoteKind(note["kind"]), str(note["text"]))
    except (TypeError, KeyError, ValueError):
        raise FileError(f'{name}: a note is not of a kind that this version knows: "{note}"') from None
