"""Result files that are tables: a row an item, from the lines of a CSV file or the records of a JSON Lines file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import islice
from operator import itemgetter
from typing import Any, TypeAlias

from ...document import closest
from ...errors import FileError
from ...notes import Note, NoteKind
from ..outcomes import (
    RUN,
    Outcomes,
    Problem,
    Scores,
    Side,
    first_lines,
    kept,
    note_or_raise,
    outcome_notes,
    refuse_duplicates,
)
from .delimited import csv_rows
from .values import CellFaults, amounts, counts, names, scores, written

Record: TypeAlias = Any
"""A parsed line of JSON, or the ValueError that its parsing ended in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column of a table is what, where it is not named as we name it.

    `value` is the score in a table of one model. `input_tokens` of a table of both models are those of either.
    `where` keeps only the rows that have this text in this column; all must hold.
    """

    item: str | None = None
    weak: str | None = None
    strong: str | None = None
    value: str | None = None
    score: str | None = None
    cluster: str | None = None
    input_tokens: str | None = None
    output_tokens: str | None = None
    weak_input_tokens: str | None = None
    weak_output_tokens: str | None = None
    strong_input_tokens: str | None = None
    strong_output_tokens: str | None = None
    cost: str | None = None
    weak_cost: str | None = None
    strong_cost: str | None = None
    where: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class ResultTable:
    """The columns of a file that are asked for, as they are written: cells by role, and the line of each row."""

    name: str
    cells: dict[str, Sequence[Any]]
    where: list[tuple[str, str, Sequence[Any]]]
    lines: list[int]
    problems: list[Problem] = field(default_factory=list)


_PARSERS: Mapping[str, Callable[[Sequence[Any]], tuple[Sequence[Any], CellFaults]]] = {
    "item": names,
    **dict.fromkeys(("weak", "strong", "value", "score"), scores),
    "cluster": names,
    **dict.fromkeys((f.name for f in fields(Columns) if f.name.endswith("_tokens")), counts),
    **dict.fromkeys((f.name for f in fields(Columns) if f.name.endswith("cost")), amounts),
}
_AT_ONCE = 256
"""Rows of CSV that are taken apart at a time: few enough to be still near when each column is taken of them."""
_BOTH = ("item", "weak", "strong")
_ONE = ("item", "value")
_OPTIONAL_OF_ONE = ("input_tokens", "output_tokens", "cost")
_OPTIONAL_OF_BOTH = ("score", "input_tokens", *(x for x in _PARSERS if x.startswith(("weak_", "strong_"))))
_OTHER_NAMES: dict[str, tuple[str, ...]] = {"item": ("item", "id", "item_id"), "value": ("value", "correct", "score")}


def csv_table(lines: Iterable[str], name: str, columns: Columns, *, both: bool = True) -> ResultTable:
    """The asked columns of a CSV file, whose first line names them; the delimiter is `,`, `;` or a tab.

    A row with more or fewer cells than the first is a problem. Raises FileError when a column is missing, when a
    quote is not closed, and when there is no row.
    """
    reader = csv_rows(lines)
    table = ResultTable(name=name, cells={}, where=[], lines=[])
    try:
        header = [cell.strip() for cell in next((row for row in reader if row), [])]
        roles, where = _roles(name, header, columns, both=both)
        wanted = [header.index(column) for column in (*roles.values(), *(column for column, _ in where))]
        cells: list[list[str]] = [[] for _ in wanted]
        start = reader.line_num + 1
        while rows := list(islice(reader, _AT_ONCE)):
            rows = _numbered(rows, start, reader.line_num, len(header), table)
            for index, column in zip(wanted, cells, strict=True):
                column.extend(map(itemgetter(index), rows))
            start = reader.line_num + 1
    except csv.Error as error:
        raise FileError(f"{name}: line {reader.line_num}: {error}", "is a quote not closed?") from None
    table.cells = dict(zip(roles, cells, strict=False))
    table.where = [(*pair, column) for pair, column in zip(where, cells[len(roles) :], strict=True)]
    return table


def record_table(
    records: Iterable[tuple[int, Record]], name: str, columns: Columns, *, both: bool = True
) -> ResultTable:
    """The asked columns of JSON Lines, as (line number, record); a column may be missing in some records.

    A record that is no mapping is a problem. Raises FileError when no record has a column.
    """
    rows: list[dict[str, Any]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    known: dict[str, Any] = {}
    for line, record in records:
        if type(record) is dict:
            rows.append(record)
            lines.append(line)
            if record.keys() != known.keys():
                known |= record
        else:
            problems.append(unusable(line, record))
    if not rows and problems:
        raise FileError(f"{name} has no row that can be used", *first_lines([str(problem) for problem in problems]))
    roles, where = _roles(name, list(known), columns, both=both)
    return ResultTable(
        name=name,
        cells={role: _column(rows, column) for role, column in roles.items()},
        where=[(column, text, _column(rows, column)) for column, text in where],
        lines=lines,
        problems=problems,
    )


def unusable(line: int, record: Record) -> Problem:
    """The problem of a line that is no mapping."""
    what = f"not JSON: {record}" if isinstance(record, ValueError) else "expected a JSON object"
    return Problem(f"line {line}", None, what)


def outcomes(table: ResultTable, *, skip_bad: bool = False) -> Outcomes:
    """The outcomes of a table of both models.

    Raises FileError naming the rows that cannot be used; with `skip_bad` they are left out, counted and named in a
    note. Items that stand twice, a `where` that keeps nothing and a file without rows are always a FileError.
    """
    filtered, notes = _filter(table)
    total = len(table.lines) + len(table.problems)
    columns, problems = _parsed(table)
    notes += note_or_raise(table.name, len(problems), total, problems, skip_bad=skip_bad)
    found = Outcomes(
        items=columns["items"],
        weak=_side(columns, "weak"),
        strong=_side(columns, "strong"),
        score=columns.get("score"),
        cluster=columns.get("cluster"),
        left_out=len(problems),
        filtered=filtered,
    )
    return replace(found, notes=(*notes, *outcome_notes(found)))


def _side(columns: Mapping[str, Any], role: str) -> Side:
    """One model of a table of both; tokens in without a role are those of either."""
    own = {name: columns.get(f"{role}_{name}", columns.get(name)) for name in RUN}
    return Side(values=columns[role], **own)


def one_model(table: ResultTable) -> Scores:
    """The scores of a table of one model, with the rows that cannot be used as its problems.

    Raises FileError when an item stands twice, when `where` keeps nothing, and when there is no row.
    """
    _, notes = _filter(table)
    columns, problems = _parsed(table)
    columns["values"] = columns.pop("value")
    return Scores(name=table.name, **columns, problems=problems, notes=tuple(notes))


def _numbered(rows: list[list[str]], start: int, end: int, width: int, table: ResultTable) -> list[list[str]]:
    """The rows that have a cell for each column; add their lines and the problems of the others to the table.

    The rows are those of the lines from `start` to `end`; a cell in quotes may have several lines.
    """
    if set(map(len, rows)) == {width} and end - start + 1 == len(rows):
        table.lines.extend(range(start, end + 1))
        return rows
    good = []
    for row in rows:
        if len(row) == width:
            good.append(row)
            table.lines.append(start)
        elif row:
            what = f"{len(row)} cells, and the first line has {width}"
            table.problems.append(Problem(f"line {start}", None, what))
        start += 1 + sum(cell.count("\n") + cell.count("\r") - cell.count("\r\n") for cell in row)
    return good


def _column(rows: Sequence[Mapping[str, Any]], column: str) -> list[Any]:
    try:
        return list(map(itemgetter(column), rows))
    except KeyError:
        return [row.get(column) for row in rows]


def _roles(
    name: str, header: Sequence[str], columns: Columns, *, both: bool
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """The column of each role that the table has, and what `where` asks for."""
    required, optional = (_BOTH, _OPTIONAL_OF_BOTH) if both else (_ONE, _OPTIONAL_OF_ONE)
    if not any(header):
        raise FileError(f"{name} is empty")
    roles: dict[str, str] = {}
    for role in (*required, *optional, "cluster"):
        asked = getattr(columns, role)
        usual = () if role == "cluster" else _OTHER_NAMES.get(role, (role,))
        found = [known for known in ((asked,) if asked else usual) if known in header]
        if found:
            roles[role] = found[0]
        elif asked or role in required:
            _refuse(name, asked or role, usual, header)
    _refuse_one_for_both(name, roles)
    for column, _ in columns.where:
        if column not in header:
            _refuse(name, column, (), header)
    if both and "output_tokens" in {*header} - {*roles.values()}:
        raise FileError(
            f'{name}: the column "output_tokens" does not say which model wrote them',
            "call it weak_output_tokens or strong_output_tokens, or say --column weak_output_tokens=output_tokens",
        )
    for column in {*roles.values(), *(column for column, _ in columns.where)}:
        if header.count(column) > 1:
            raise FileError(f'{name}: the column "{column}" stands twice')
    return roles, columns.where


def _refuse_one_for_both(name: str, roles: Mapping[str, str]) -> None:
    weak = roles.get("weak")
    if weak is not None and weak == roles["strong"]:
        raise FileError(f'{name}: weak and strong are the same column, "{weak}"', "name two with --column")


def _refuse(name: str, column: str, usual: Sequence[str], header: Sequence[str]) -> None:
    """Raise FileError on a missing column, with what there is and what may be meant."""
    or_else = f" (nor {', '.join(x for x in usual if x != column)})" if len(usual) > 1 else ""
    near = closest(column, header)
    has = [f'"{x}"' for x in header[:40]] + (["..."] if len(header) > 40 else [])
    hints = [f"it has: {', '.join(has)}", *([f'did you mean "{near}"?'] if near else [])]
    raise FileError(f'{name} has no column "{column}"{or_else}', *hints)


def _filter(table: ResultTable) -> tuple[int, list[Note]]:
    """Keep the rows that `where` asks for; return the number of the others, and a note on them."""
    total = len(table.lines)
    if not total:
        what = "has no row that can be used" if table.problems else "has no rows"
        raise FileError(f"{table.name} {what}", *first_lines([str(problem) for problem in table.problems]))
    if not table.where:
        return 0, []
    keep = [True] * total
    for _, text, cells in table.where:
        keep = [k and (cell == text or written(cell) == text) for k, cell in zip(keep, cells, strict=True)]
    asked = ", ".join(f"{column}={text}" for column, text, _ in table.where)
    if not any(keep):
        found = [f"{column} is one of: {', '.join(_distinct(cells))}" for column, _, cells in table.where]
        raise FileError(f"{table.name}: no row has {asked}", *found)
    table.cells = {role: kept(cells, keep) for role, cells in table.cells.items()}
    table.lines = kept(table.lines, keep)
    left = total - len(table.lines)
    text = f"{table.name}: {left:,} of {total:,} rows do not have {asked}"
    return left, [Note(NoteKind.LEFT_OUT, text)] if left else []


def _distinct(cells: Sequence[Any]) -> list[str]:
    return first_lines(list(dict.fromkeys(written(cell) for cell in cells)))


def _parsed(table: ResultTable) -> tuple[dict[str, Any], list[Problem]]:
    """The columns of the rows that can be used, and the problems of the others, in the order of the file."""
    columns: dict[str, Any] = {}
    faults: dict[int, list[str]] = {}
    for role, cells in table.cells.items():
        columns[role], found = _PARSERS[role](cells)
        for row, what in found.items():
            faults.setdefault(row, []).append(f"{role} {what}")
    items = columns["item"]
    if len(set(items)) < len(items):
        named = [row for row, item in enumerate(items) if item is not None]
        refuse_duplicates(table.name, [items[row] for row in named], [f"line {table.lines[row]}" for row in named])
    problems = [(table.lines[row], items[row], "; ".join(what)) for row, what in faults.items()]
    if faults:
        keep = [row not in faults for row in range(len(items))]
        columns = {role: kept(column, keep) for role, column in columns.items()}
    columns["items"] = columns.pop("item")
    listed = [*table.problems, *(Problem(f"line {line}", item, what) for line, item, what in problems)]
    return columns, sorted(listed, key=lambda problem: int(problem.place.split()[1]))
