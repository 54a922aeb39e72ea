"""A saved run, the JSON of any command, back into a Report.

A run holds the machine tables, the facts, the headline and the notes, with every digit: its JSON and its CSV come out
as they were. What was only for people (the layout of their tables, sentences, assumptions) is not in it. Of a check it
is made again; of other runs they are shown the machine tables, where the screen is narrow only the first columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..errors import FileError
from ..gate.saved import CHECK_SCHEMA
from ..notes import Note, NoteKind
from .findings import TABLE, Found, sentences
from .report import Column, Kind, Report, Row, Table
from .views.check import shown_table, shown_terms

SCHEMAS = frozenset(
    f"llmcost.{name}/1"
    for name in (
        "batch",
        "bench",
        "bench-frontier",
        "check",
        "compare",
        "diff",
        "estimate",
        "model",
        "models",
        "prices-diff",
        "prices-history",
        "prices-import",
        "prices-lint",
        "prices-update",
        "recommend",
        "route",
        "tokens",
        "validate",
    )
)
"""The forms of the runs that this version writes, and so can read."""

MAIN = {"llmcost.model/1": "prices"}
"""The table that CSV has where it is not the first."""

FOR_MACHINES = {CHECK_SCHEMA: ("workloads", TABLE, "prices", "requests", "models")}
"""The tables that people are not shown as they are."""

_KEPT = 3
_KINDS = (
    (re.compile(r"(_pct|^%)$"), Kind.PERCENT),
    (re.compile(r"rate_usd|_per_1m$"), Kind.RATE),
    (re.compile(r"(^|_)usd$"), Kind.USD),
    (re.compile(r"^ratio$"), Kind.RATIO),
    (re.compile(r"tokens$|^n$|_per_day$|^(line|count|quantity|per|requests|context|max_output)$"), Kind.COUNT),
)


def saved_report(run: Mapping[str, Any], name: str) -> Report:
    """Return the Report of a run; `name` is what messages call its file.

    Raises FileError when the run is of a form that is not known, or not of the form that it says.
    """
    schema = run.get("schema")
    if schema not in SCHEMAS:
        found = f'has the form "{schema}"' if isinstance(schema, str) else "does not say which form it has"
        raise FileError(f"{name} {found}, which this version does not know", "make it again with -f json")
    headline, notes = run.get("headline"), run.get("notes")
    if not isinstance(headline, str) or not isinstance(notes, list):
        raise FileError(f'{name} is not what {schema} says: "headline" or "notes" is missing')
    body = {key: value for key, value in run.items() if key not in ("schema", "headline", "notes")}
    keys = list(body)
    filled = [index for index, key in enumerate(keys) if body[key] and _is_rows(body[key])]
    empty = [index for index, key in enumerate(keys) if body[key] == []]
    first = next(iter([*filled, *empty]), len(keys))
    tables = tuple(_table(key, body[key], schema, name) for key in keys[first:])
    report = Report(
        schema=schema,
        headline=headline,
        facts={key: body[key] for key in keys[:first]},
        tables=tables,
        notes=tuple(_note(note, name) for note in notes),
        main=_main(schema, tables),
    )
    return _checked(report, name) if schema == CHECK_SCHEMA else report


def _checked(report: Report, name: str) -> Report:
    """Return the report of a check as a check shows it: its findings as sentences, its workloads in their columns."""
    rows = {table.name: table.rows for table in report.tables}
    try:
        jobs = rows["workloads"]
        return replace(
            report,
            tables=(*report.tables, shown_table(jobs, report.facts)),
            sentences=tuple(sentences([Found.of(row.values) for row in rows[TABLE]])),
            assumptions=tuple(shown_terms(jobs, report.facts)),
        )
    except (KeyError, TypeError, ValueError):
        said = f"{name} is not what {report.schema} says: its workloads or findings are not those of a check"
        raise FileError(said) from None


def _main(schema: str, tables: Sequence[Table]) -> str | None:
    named = MAIN.get(schema) or ("forecast" if any(table.name == "forecast" for table in tables) else None)
    return named if any(table.name == named for table in tables) else None


def _is_rows(value: Any) -> bool:
    """Tell whether a value is a table: a list of flat objects, or a list of nothing."""
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _table(key: str, rows: Any, schema: str, name: str) -> Table:
    if not _is_rows(rows) or any(row.keys() != rows[0].keys() for row in rows):
        raise FileError(f'{name} is not what {schema} says: "{key}" is no table')
    if any(not isinstance(value, Decimal | int | str | None) for row in rows for value in row.values()):
        raise FileError(f'{name} is not what {schema} says: "{key}" has a cell that is no value')
    used = [k for k in (rows[0] if rows else ()) if any(row[k] is not None for row in rows)]
    columns = tuple(_column(k, rows, used) for k in (rows[0] if rows else ()))
    human = key not in FOR_MACHINES.get(schema, ())
    return Table(name=key, title=key.replace("_", " "), columns=columns, rows=tuple(map(Row, rows)), human=human)


def _column(key: str, rows: Sequence[Mapping[str, Any]], used: Sequence[str]) -> Column:
    numbers = all(not isinstance(row[key], str | bool) for row in rows)
    kind = next((kind for form, kind in _KINDS if form.search(key)), Kind.NUMBER) if numbers else Kind.TEXT
    if key in ("low", "high") and "monthly_usd" in used:
        kind = Kind.USD
    place = used.index(key) if key in used else len(used)
    return Column(key, key.replace("_", " "), kind, optional=max(0, place - _KEPT + 1))


def _note(note: Any, name: str) -> Note:
    try:
        return Note(NoteKind(note["kind"]), str(note["text"]))
    except (TypeError, KeyError, ValueError):
        raise FileError(f'{name}: a note is not of a kind that this version knows: "{note}"') from None
