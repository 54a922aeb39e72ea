"""What people are shown, as a part of a run: with it a saved run has the sentences and tables that the live one had.

In the JSON it is the object `shown`: lines of text, tables whose notes are places in the list `notes` of the run, how
each of those notes is told, and which of them are about the whole. What has its default is not written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, fields, replace
from decimal import Decimal
from typing import Any, TypeVar

from ..notes import Note, NoteKind
from .report import Cell, Column, Kind, Report, Row, Table

T = TypeVar("T")

LINES = ("judged", "sentences", "brief", "changes", "assumptions", "details")
"""The lines of a Report, by their names there."""
_TYPES = {"str": str, "int": int, "int | None": int, "bool": bool}


class OneLine(dict[str, Any]):
    """An object that the JSON has on one line."""


def shown_fact(report: Report) -> dict[str, Any]:
    """What people are shown of a report, as the JSON has it; the lines of a check are made from its findings."""
    places = {note: place for place, note in enumerate(report.all_notes())}
    given = {key: getattr(report, key) for key in (LINES if report.findings is None else ())}
    lines = {key: list(found) for key, found in given.items() if found or (key == "brief" and found is not None)}
    tables = [_table_fact(table, places) for table in report.tables]
    notes = [OneLine(_given(note, "kind", "text")) for note in places]
    own = [places[note] for note in report.notes] if any(table.all_notes() for table in report.tables) else None
    parts = {"tables": tables, "notes": notes if any(notes) else [], "of_whole": own}
    lines |= {"change": [report.change]} if "changes" in lines and report.change != "change" else {}
    return {**lines, **{key: part for key, part in parts.items() if part or (key == "of_whole" and part is not None)}}


def _table_fact(table: Table, places: Mapping[Note, int]) -> dict[str, Any]:
    return {
        **_given(table, "columns", "rows", "notes"),
        **_noted("notes", table.notes, places),
        "columns": [OneLine(_given(column)) for column in table.columns],
        "rows": [_row_fact(row, table.columns, places) for row in table.rows],
    }


def _row_fact(row: Row, columns: Sequence[Column], places: Mapping[Note, int]) -> OneLine:
    of_cells = {key: [places[x] for x in notes] for key, notes in row.cell_notes.items() if notes}
    return OneLine(
        cells=[row.values[column.key] for column in columns],
        **_noted("notes", row.notes, places),
        **({"cell_notes": of_cells} if of_cells else {}),
        **_given(row, "values", "notes", "cell_notes"),
    )


def _noted(key: str, notes: Sequence[Note], places: Mapping[Note, int]) -> dict[str, list[int]]:
    return {key: [places[x] for x in notes]} if notes else {}


def _given(value: Any, *apart: str) -> dict[str, Any]:
    """The fields that are not their default, but for some."""
    found = {x.name: (getattr(value, x.name), x.default) for x in fields(value) if x.name not in apart}
    return {key: value for key, (value, default) in found.items() if value != default}


def with_shown(report: Report, shown: Any) -> Report:
    """A report with what people are shown of it; it has the text of its notes already.

    Raises AttributeError, KeyError, IndexError, TypeError or ValueError for what no `shown_fact` has written.
    """
    notes = report.notes
    if "notes" in shown:
        told = ({"kind": note.kind, "text": note.text, **x} for note, x in zip(notes, shown["notes"], strict=True))
        notes = tuple(_made(Note, x, kind=NoteKind) for x in told)
    lines: dict[str, Any] = {key: _texts(shown[key]) for key in LINES if key in shown}
    change = "".join(_texts(shown.get("change", [report.change])))
    tables = tuple(_table(table, notes) for table in shown.get("tables", ()))
    own = _chosen(shown["of_whole"], notes) if "of_whole" in shown else notes
    return replace(report, **lines, change=change, notes=own, tables=tables)


def _texts(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(x, str) for x in given):
        raise TypeError(given)
    return tuple(given)


def _table(given: Any, notes: Sequence[Note]) -> Table:
    plain = {key: value for key, value in given.items() if key not in ("columns", "rows", "notes")}
    columns = tuple(_made(Column, x, kind=Kind) for x in given["columns"])
    rows = tuple(_row(x, columns, notes) for x in given["rows"])
    if not columns:
        raise ValueError(given)
    made = _made(Table, {**plain, "columns": columns, "rows": rows}, columns=tuple, rows=tuple)
    return replace(made, notes=_chosen(given.get("notes", []), notes))


def _row(given: Any, columns: Sequence[Column], notes: Sequence[Note]) -> Row:
    plain = {key: value for key, value in given.items() if key not in ("cells", "notes", "cell_notes")}
    values = {column.key: _cell(x) for column, x in zip(columns, given["cells"], strict=True)}
    of_cells = {key: _chosen(places, notes) for key, places in given.get("cell_notes", {}).items()}
    made = _made(Row, {**plain, "values": values}, values=dict)
    return replace(made, notes=_chosen(given.get("notes", []), notes), cell_notes=of_cells)


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        return _texts(value)
    if not isinstance(value, Decimal | int | str | None):
        raise TypeError(value)
    return value


def _chosen(places: Any, notes: Sequence[Note]) -> tuple[Note, ...]:
    return tuple(notes[place] for place in places)


def _made(cls: Callable[..., T], given: Mapping[str, Any], **special: Callable[[Any], Any]) -> T:
    """A dataclass of these fields, each of the type that it says; the `special` ones are made of what is given."""
    known: dict[str, Field[Any]] = {x.name: x for x in fields(cls)}  # type: ignore[arg-type]
    for key, value in given.items():
        if key not in special and type(value) is not _TYPES[str(known[key].type)]:
            raise TypeError(value)
    return cls(**{key: special[key](value) if key in special else value for key, value in given.items()})
