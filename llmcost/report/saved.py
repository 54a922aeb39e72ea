"""A saved run, the JSON of any command, back into a Report.

A run holds the data, the headline, the notes and what people are shown, with every digit: every format comes out as it
was. What a check says is made from its findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..document import shortened
from ..errors import FileError
from ..gate.saved import CHECK_SCHEMA, disagreement
from ..notes import Note, NoteKind
from .findings import finding_of
from .report import Cell, Report, Rows, RunForm
from .shown import with_shown
from .workloads import with_findings, workload_table

# fmt: off
_TEXTS = frozenset((
    "action", "benchmark", "checked", "date", "encoding", "family", "fee", "file", "found", "from", "level",
    "message", "model", "model_after", "model_before", "name", "path", "plan", "price_table", "provider", "reason",
    "rule", "shutdown", "source", "status", "terms", "tier", "to", "unit", "url", "verdict", "volume", "what",
    "workload",
))
# fmt: on
"""Keys of cells that are texts, in every form."""
_UNITS = ("_usd", "_pct", "_tokens", "_per_1m")
"""The ends of the keys of cells that are numbers."""
_OWN = ("schema", "headline", "notes", "shown")


def saved_report(run: Mapping[str, Any], name: str, forms: Iterable[RunForm]) -> Report:
    """The Report of a saved run of one of the `forms`; messages call its file `name`.

    Raises FileError for a run of a form that is not known, or not of the form that it says.
    """
    schema = run.get("schema")
    form = next((x for x in forms if x.name == schema), None)
    if form is None:
        found = f'has the schema "{schema}"' if isinstance(schema, str) else "does not name its schema"
        raise FileError(f"{name} {found}, which this version cannot read", "save it again with -f json")
    headline, notes = run.get("headline"), run.get("notes")
    if not isinstance(headline, str) or not isinstance(notes, list):
        raise FileError(f'{name} does not match {schema}: "headline" or "notes" is missing')
    body = {key: value for key, value in run.items() if key not in _OWN}
    wrong = f"{name} does not match {schema}"
    rows = {key: _rows(key, body[key], wrong) for key in form.rows if key in body}
    report = Report(
        schema=form.name,
        headline=headline,
        data={**body, **rows},
        csv=_csv(form, body, rows, wrong),
        notes=tuple(_note(note, name) for note in notes),
    )
    check = form.name == CHECK_SCHEMA
    if not check or "shown" in run:
        try:
            report = with_shown(report, run["shown"])
        except (AttributeError, KeyError, IndexError, TypeError, ValueError):
            raise FileError(f'{wrong}: "shown" is missing or of another form', "save it again with -f json") from None
    return _checked(report, name) if check else report


def _checked(report: Report, name: str) -> Report:
    """The report of a check, whose sentences are its findings."""
    try:
        findings = tuple(map(finding_of, report.data["findings"]))
        if wrong := disagreement({**report.data, "headline": report.headline}):
            raise FileError(f"{name} contradicts itself: {wrong}", "save it again with -f json")
        tables = report.tables or (workload_table(report.data),)
        return with_findings(replace(report, tables=tables), findings)
    except (KeyError, TypeError, ValueError):
        said = f"{name} does not match {report.schema}: its workloads or findings are not those of a check"
        raise FileError(said) from None


def _csv(form: RunForm, body: Mapping[str, Any], rows: Mapping[str, Rows], wrong: str) -> Rows | None:
    """The rows of the CSV, as the command that made the run chose them."""
    if form.flat is not None:
        try:
            made = form.flat(body)
        except (TypeError, ValueError):
            raise FileError(f"{wrong}: it has no rows for CSV") from None
        return Rows({key: _cell(key, value, wrong) for key, value in row.items()} for row in made)
    if form.columns and form.rows[0] in rows:
        first = rows[form.rows[0]]
        return first or Rows((), form.columns)
    return next(filter(None, rows.values()), None)


def _rows(key: str, found: Any, wrong: str) -> Rows:
    if not isinstance(found, list) or not all(isinstance(row, dict) and row.keys() == found[0].keys() for row in found):
        raise FileError(f'{wrong}: "{key}" is not a table')
    return Rows({name: _cell(name, value, f'{wrong}: "{key}"') for name, value in row.items()} for row in found)


def _cell(name: str, value: Any, wrong: str) -> Cell:
    """A cell; its key tells whether it is a text or a number of a unit (the `tokens` of a check are words)."""
    if isinstance(value, list) and all(isinstance(text, str) for text in value):
        value = tuple(value)
    number = isinstance(value, Decimal | int) and not isinstance(value, bool)
    if name in _TEXTS and not isinstance(value, str | None):
        raise FileError(f'{wrong} has a "{name}" that is not a text')
    if name != "tokens" and f"_{name}".endswith(_UNITS) and not (number or value is None):
        raise FileError(f'{wrong} has a "{name}" that is not a number')
    if not isinstance(value, Decimal | int | str | tuple | None):
        raise FileError(f'{wrong} has a "{name}" that is not a value')
    return value


def _note(note: Any, name: str) -> Note:
    kind, text = (note.get("kind"), note.get("text")) if isinstance(note, dict) else (None, None)
    if not isinstance(kind, str) or not isinstance(text, str):
        raise FileError(f"{name} has a note without a kind and a text")
    try:
        return Note(NoteKind(kind), text)
    except ValueError:
        raise FileError(f'{name} has a note of unknown kind: "{shortened(kind)}"') from None
