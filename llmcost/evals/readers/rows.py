"""Result files that are tables, from the lines of a CSV file or the records of a JSON Lines file.

A row is an item with the scores of both models (`item`, `weak`, `strong`, or the models' names), or of one (`item` and
`value`), or of the one that `model` names.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from ...document import closest, shortened
from ...errors import FileError
from ...lazy import dataclass
from ...notes import Note, NoteKind
from ..outcomes import (
    RUN,
    Asked,
    Measure,
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
from ..pairing import pair
from ..repeats import merged
from .delimited import csv_rows
from .reading import Reader, ReadOptions, Record, Shape
from .values import (
    CellFaults,
    amount,
    amounts,
    counts,
    done,
    grades,
    names,
    no_errors,
    not_failed,
    scores,
    tail,
    texts,
    unusable,
    written,
)

CellParser: TypeAlias = Callable[[Sequence[Any]], tuple[Sequence[Any], CellFaults]]


class Role(NamedTuple):
    """What a column of a table can be: how its cells are read, and the names it has where none is given."""

    parse: CellParser
    usual: tuple[str, ...] = ()


def _of_a_run(name: str) -> CellParser:
    return amounts if name == "cost" else counts


ROLES: Mapping[str, Role] = {
    "item": Role(names, ("item", "id", "item_id")),
    "weak": Role(scores),
    "strong": Role(scores),
    "score": Role(scores),
    "value": Role(scores, ("value", "correct", "score", "result", "passed", "success")),
    "model": Role(names, ("model", "model_id", "model_name")),
    "question": Role(texts, ("question", "input", "prompt", "query", "instruction", "problem", "text", "task")),
    "expected": Role(texts, ("expected", "target", "reference", "ideal", "gold", "answer", "label")),
    "cluster": Role(names, ()),
    "metric": Role(texts),
    "scorer": Role(texts),
    "error": Role(no_errors),
    "failed": Role(not_failed),
    "status": Role(done),
    **{f"{side}_error": Role(no_errors) for side in ("weak", "strong")},
    **{f"{side}{name}": Role(_of_a_run(name)) for name in RUN for side in ("", "weak_", "strong_")},
}
"""Every role, by its name, which is the usual name of its column too where no other is given."""
_FAULTS = ("error", "failed", "status")
"""Roles that tell that a row has no score, whatever stands in it."""
_MEASURES = ("metric", "scorer")
"""Roles that tell what a score is."""
_SPARE = ("question", "expected", *_MEASURES, *_FAULTS, "weak_error", "strong_error")
"""Roles that take no column by its usual name where another role has it."""
_OF_THE_MODEL = ("answer", "label")
"""Columns that may be what the model said: they are what was expected where another has that."""
_SAID = {"response", "output", "prediction", "predicted", "completion", "generation", "model_answer", "model_output"}
"""Columns of what the model said."""
_AT_ONCE = 256
"""Rows of CSV that are taken apart at a time: few enough to be still near when each column is taken of them."""
_OF_BOTH = (
    *("score", "cluster", "input_tokens", *(f"{side}_{name}" for name in RUN for side in ("weak", "strong"))),
    *(*_MEASURES, *_FAULTS, "weak_error", "strong_error"),
)
_OF_ONE = ("model", "question", "expected", "cluster", *RUN, *_MEASURES, *_FAULTS)
_MONEY = ("currency", "cost_currency", "cost_unit")
_USD = ("usd", "us$", "$", "dollar", "dollars")
_UNITS = ("unit", "units", "token_unit", "tokens_unit")
_BESIDE = {
    **dict.fromkeys(_MONEY, _USD),
    **dict.fromkeys(_UNITS, (*_USD, "token", "tokens")),
    **dict.fromkeys(
        ("scale", "score_scale", "max_score", "score_unit", "out_of"), ("0-1", "0..1", "1", "1.0", "share")
    ),
}
"""Columns that change what stands beside them, and the cells (in lower case) that leave it what it is."""
_RUNS = ("seed", "epoch", "run", "trial", "repeat", "attempt")
"""Columns that mostly number the runs of an item."""


@dataclass(slots=True, kw_only=True)
class ResultTable:
    """The columns of a file that are asked for, as they are written: cells by role, and the line of each row.

    `both` says that a row has both models; `repeated` that the rows of an item are its runs. `item` is the column of
    the items, `asked_in` that of their questions, `runs` one that may number runs, `models` those called as the models
    are, by side.
    """

    name: str
    reading: ReadOptions
    both: bool
    cells: Mapping[str, Sequence[Any]]
    where: list[tuple[str, str, Sequence[Any]]]
    beside: dict[str, Sequence[Any]]
    lines: list[int]
    item: str = "item"
    asked_in: str = ""
    models: Mapping[str, str] = field(default_factory=dict)
    repeated: bool
    runs: str | None = None
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Header:
    """What a table's columns are."""

    name: str
    columns: Sequence[str]
    reading: ReadOptions
    both: bool
    roles: Mapping[str, str]

    @property
    def wanted(self) -> list[str]:
        """The columns whose cells are needed: those of the roles, of `where`, and those that change a meaning."""
        return [*self.roles.values(), *(column for column, _ in self.reading.where), *self.beside]

    @property
    def beside(self) -> list[str]:
        return [column for column in self.columns if column in _BESIDE and column not in self.roles.values()]

    @property
    def named(self) -> list[str]:
        """The sides whose column is called as their model is."""
        own = self.reading.columns
        return [x for x in ("weak", "strong") if x not in own and self.roles.get(x, x) != x]

    def table(self, cells: Sequence[Sequence[Any]], lines: list[int], problems: list[Problem]) -> ResultTable:
        """The table of these cells, one column for each that is wanted."""
        at, where = len(self.roles), self.reading.where
        return ResultTable(
            name=self.name,
            reading=self.reading,
            both=self.both,
            cells=dict(zip(self.roles, cells, strict=False)),
            where=[(*pair, column) for pair, column in zip(where, cells[at:], strict=False)],
            beside=dict(zip(self.beside, cells[at + len(where) :], strict=True)),
            lines=lines,
            item=self.roles["item"],
            asked_in=self.roles.get("question", ""),
            models={x: self.roles[x] for x in self.named},
            repeated=self.roles.get("cluster") == self.roles["item"],
            runs=next((column for column in self.columns if column in _RUNS), None),
            problems=problems,
        )


def csv_table(lines: Iterable[str], name: str, reading: ReadOptions, *, side: str = "") -> ResultTable:
    """The asked columns of a CSV file, whose first line names them; the delimiter is `,`, `;` or a tab.

    It is of one model where `side` says which one's. A row with more or fewer cells than the first is a problem. Raises
    FileError when a column is missing, when a quote is not closed, and when there is no row.
    """
    reader = csv_rows(lines)
    numbers: list[int] = []
    problems: list[Problem] = []
    try:
        header = [cell.strip() for cell in next((row for row in reader if row), [])]
        found = _header(name, header, reading, side)
        wanted = [header.index(column) for column in found.wanted]
        cells: list[list[str]] = [[] for _ in wanted]
        start = reader.line_num + 1
        while rows := list(islice(reader, _AT_ONCE)):
            rows = _numbered(rows, start, reader.line_num, len(header), numbers, problems)
            by_column = list(zip(*rows, strict=True)) or [()] * len(header)
            for index, column in zip(wanted, cells, strict=True):
                column.extend(by_column[index])
            start = reader.line_num + 1
    except csv.Error as error:
        raise FileError(f"{name}:{reader.line_num}: {error}", "is a quote not closed?") from None
    return found.table(cells, numbers, problems)


def record_table(
    records: Iterable[tuple[int, Record]], name: str, reading: ReadOptions, *, side: str = ""
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
            problems.append(Problem(f"line {line}", None, unusable(record)))
    if not rows and problems:
        raise FileError(f"{name} has no usable row", *first_lines([str(problem) for problem in problems]))
    found = _header(name, list(known), reading, side)
    return found.table([_column(rows, column) for column in found.wanted], lines, problems)


def both_models(table: ResultTable) -> Outcomes:
    """The outcomes of a table of both models, in a row or in a row each."""
    return (
        outcomes(table)
        if table.both
        else pair(one_model(table, "weak"), one_model(table, "strong"), skip_bad=table.reading.skip_bad)
    )


def outcomes(table: ResultTable) -> Outcomes:
    """The outcomes of a table whose rows have both models.

    Raises FileError naming the rows that cannot be used; with `skip_bad` they are left out, counted and named in a
    note. Items that stand twice, a `where` that keeps nothing and a file without rows are always a FileError.
    """
    filtered, notes = _filter(table)
    total = len(table.lines) + len(table.problems)
    columns, problems = _parsed(table)
    notes += note_or_raise(table.name, len(problems), total, problems, skip_bad=table.reading.skip_bad)
    found = Outcomes(
        items=columns["items"],
        weak=_side(columns, "weak", table),
        strong=_side(columns, "strong", table),
        score=columns.get("score"),
        cluster=columns.get("cluster"),
        measure=_measure(columns),
        left_out=len(problems),
        filtered=filtered,
    )
    return replace(found, notes=(*notes, *outcome_notes(found)))


def _side(columns: Mapping[str, Any], role: str, table: ResultTable) -> Side:
    """One model of a table of both; tokens in without a role are those of either."""
    own = {key: columns.get(f"{role}_{key}", columns.get(key)) for key in RUN}
    return Side(values=columns[role], file=table.name, model=table.models.get(role), **own)


def one_model(table: ResultTable, side: str) -> Scores:
    """The scores of one model, the only one of a table or the one that `side` names, with its bad rows as problems.

    Raises FileError when the table has several models and this one is not among them, when an item stands twice, when
    `where` keeps nothing, and when there is no row.
    """
    _, notes = _filter(table)
    model, rows = _of_model(table, side)
    columns, problems = _parsed(rows)
    columns["values"] = columns.pop("value")
    measure = _measure(columns)
    for role in ("model", *_MEASURES, *_FAULTS):
        columns.pop(role, None)
    if rows.repeated:
        columns.pop("cluster")
    asked = _asked(columns.pop("question", None), columns.pop("expected", None))
    found = Scores(
        name=table.name,
        model=model,
        asked=asked,
        asked_in=table.asked_in,
        measure=measure,
        **columns,
        problems=problems,
        notes=tuple(notes),
    )
    return merged(found, found.items, "row") if rows.repeated else found


def _of_model(table: ResultTable, side: str) -> tuple[str | None, ResultTable]:
    """The model of a side that the table names, and its rows; all of them where it names none."""
    named = [written(cell) for cell in table.cells.get("model", ())]
    there, wanted = list(dict.fromkeys(named)), getattr(table.reading, side)
    if len(there) < 2:
        return (there[0] or None if there else None), table
    if wanted is None:
        listed = first_lines(there)
        raise FileError(f"{table.name} has {len(there)} models: name the {side} one", *listed, f"--{side} MODEL")
    found = _alike(wanted, there)
    if len(found) != 1:
        what = f'"{wanted}" matches several models' if found else f'no row has the model "{wanted}"'
        raise FileError(f"{table.name}: {what}", f"it has: {', '.join(first_lines(found or there))}")
    keep = [cell == found[0] for cell in named]
    cells = {role: kept(column, keep) for role, column in table.cells.items()}
    return found[0], replace(table, cells=cells, lines=kept(table.lines, keep), where=[])


def _alike(name: str, there: Iterable[str]) -> list[str]:
    """The names that are this one, in any case; else those that end as it does behind a slash or colon."""
    wanted = name.strip().lower()
    exact = [other for other in there if other.strip().lower() == wanted]
    return exact or [other for other in there if tail(other.strip().lower()) == tail(wanted)]


def _measure(columns: Mapping[str, Sequence[str]]) -> Measure | None:
    """What the rows say that their scores are: each metric or scorer that they name; a number is no name."""
    cells = {role: {*map(str.strip, columns.get(role, ()))} - {""} for role in _MEASURES}
    named = {role: sorted(text for text in there if amount(text) is None) for role, there in cells.items()}
    told = [(role, ", ".join(first_lines(found, 3))) for role, found in named.items() if found]
    if not told:
        return None
    (kind, name), *more = told
    return Measure(kind=kind, name="".join((name, *(f", {role} {text}" for role, text in more))))


def _asked(questions: Sequence[str] | None, expected: Sequence[str] | None) -> list[Asked] | None:
    some = questions or expected
    if not some:
        return None
    blank = [""] * len(some)
    pairs = zip(questions or blank, expected or blank, strict=True)
    return [Asked(question, answer, question) for question, answer in pairs]


def _numbered(
    rows: list[list[str]], start: int, end: int, width: int, lines: list[int], problems: list[Problem]
) -> list[list[str]]:
    """The rows that have a cell for each column; add their lines to `lines`, and the problems of the others.

    The rows are those of the lines from `start` to `end`; a cell in quotes may have several lines.
    """
    if set(map(len, rows)) == {width} and end - start + 1 == len(rows):
        lines.extend(range(start, end + 1))
        return rows
    good = []
    for row in rows:
        if len(row) == width:
            good.append(row)
            lines.append(start)
        elif row:
            what = f"{len(row)} cells, but the first line has {width}"
            problems.append(Problem(f"line {start}", None, what))
        start += 1 + sum(cell.count("\n") + cell.count("\r") - cell.count("\r\n") for cell in row)
    return good


def _column(rows: Sequence[Mapping[str, Any]], column: str) -> list[Any]:
    try:
        return list(map(itemgetter(column), rows))
    except KeyError:
        return [row.get(column) for row in rows]


def _header(name: str, header: Sequence[str], reading: ReadOptions, side: str) -> _Header:
    """What the columns of a table are: of one model where `side` says whose, else of both.

    Raises FileError where one that is needed or asked for is missing or stands twice.
    """
    if not any(header):
        raise FileError(f"{name} is empty")
    named = {role: _names_of(role, header, reading) for role in ("weak", "strong")}
    asked = _of_side(reading.columns, side)
    models = asked.get("model", next((column for column in ROLES["model"].usual if column in header), None))
    both = not side and not (models and not any(named.values()))
    roles: dict[str, str] = {}
    required = ("item", "weak", "strong") if both else ("item", "value")
    allowed = (*required, *(_OF_BOTH if both else _OF_ONE))
    for role in allowed:
        given = asked.get(role)
        usual = named[role] if role in named else () if role == "cluster" else ROLES[role].usual or (role,)
        if role in _SPARE:
            usual = _unused(usual, header, {*roles.values(), *asked.values()})
        found = [known for known in ((given,) if given else usual) if known in header]
        if found:
            roles[role] = found[0]
        elif given or role in required:
            _refuse(
                name, given or role, usual, header, *(() if given or side or any(named.values()) else _ways(header))
            )
    _check_columns(name, header, reading, roles, [] if side else [role for role in asked if role not in allowed])
    return _Header(name, header, reading, both, roles)


def _check_columns(
    name: str, header: Sequence[str], reading: ReadOptions, roles: Mapping[str, str], idle: Sequence[str]
) -> None:
    """Refuse columns that are not there, that stand twice or for both models, and roles without a use."""
    if idle:
        rows_are = "has both models in one row" if "weak" in roles else "has one row per model"
        raise FileError(f'{name} {rows_are}, so the role "{idle[0]}" does not apply')
    for column, _ in reading.where:
        if column not in header:
            _refuse(name, column, (), header)
    if "weak" in roles and "output_tokens" in {*header} - {*roles.values()}:
        raise FileError(
            f'{name}: the column "output_tokens" does not say which model wrote them',
            "rename it to weak_output_tokens or strong_output_tokens, or --column weak_output_tokens=output_tokens",
        )
    for column in {*roles.values(), *(column for column, _ in reading.where)}:
        if header.count(column) > 1:
            raise FileError(f'{name}: the column "{column}" appears twice')
    if "weak" in roles and roles["weak"] == roles["strong"]:
        raise FileError(f'{name}: weak and strong are the same column, "{roles["weak"]}"', "name two with --column")


def _of_side(columns: Mapping[str, str], side: str) -> Mapping[str, str]:
    """The columns of a table of one model: what is named for this model is what its file is asked for."""
    own = {name: columns[f"{side}_{name}"] for name in RUN if f"{side}_{name}" in columns}
    return {**columns, **own, **({"value": columns[side]} if side in columns else {})}


def _names_of(side: str, header: Sequence[str], reading: ReadOptions) -> tuple[str, ...]:
    """The columns that may have the scores of a side: called so, or as its model is."""
    model = getattr(reading, side)
    found = [side] if side in header or side in reading.columns else []
    return (*found, *(_alike(model, header) if model and not found else ()))


def _unused(usual: Sequence[str], header: Sequence[str], used: set[str]) -> tuple[str, ...]:
    """The names of a role that no other has, without those of what the model said."""
    said = () if _SAID & {*header} else _OF_THE_MODEL
    return tuple(column for column in usual if column not in used and column not in said)


def _ways(header: Sequence[str]) -> list[str]:
    """What to type where no column is called weak or strong."""
    free = [column for column in header if column not in ROLES["item"].usual]
    if len(free) != 2:
        return ["name the columns of both: --column weak=NAME --column strong=NAME"]
    return [f'name the columns of both: --column "weak={free[0]}" --column "strong={free[1]}", or the other way round']


def _refuse(name: str, column: str, usual: Sequence[str], header: Sequence[str], *ways: str) -> None:
    """Raise FileError on a missing column, with what there is and what may be meant."""
    others = ", ".join(x for x in usual if x != column)
    or_else = f" (nor {others})" if others else ""
    near = closest(column, header)
    has = [f'"{shortened(x)}"' for x in header[:40]] + (["..."] if header[40:] else [])
    hints = [f"it has: {', '.join(has)}", *([f'did you mean "{near}"?'] if near else []), *ways]
    raise FileError(f'{name} has no column "{column}"{or_else}', *hints)


def _filter(table: ResultTable) -> tuple[int, list[Note]]:
    """Keep the rows that `where` asks for; return the number of the others, and a note on them."""
    total = len(table.lines)
    if not total:
        what = "has no usable row" if table.problems else "has no rows"
        raise FileError(f"{table.name} {what}", *first_lines([str(problem) for problem in table.problems]))
    _check_meaning(table)
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
    table.lines, table.where = kept(table.lines, keep), []
    left = total - len(table.lines)
    text = f"{table.name}: {left:,} of {total:,} rows do not have {asked}"
    return left, [Note(NoteKind.LEFT_OUT, text)] if left else []


def _distinct(cells: Sequence[Any]) -> list[str]:
    return first_lines(list(dict.fromkeys(written(cell) for cell in cells)))


def _check_meaning(table: ResultTable) -> None:
    """Refuse what a column says of the costs or scores beside it, where they would be taken for something else."""
    priced = any(role.endswith("cost") for role in table.cells)
    used = priced or any(role.endswith("_tokens") for role in table.cells)
    for column, cells in table.beside.items():
        said = sorted({written(cell).strip() for cell in cells} - {""})
        said = [text for text in said if text.lower() not in _BESIDE[column]]
        what = f'{table.name}: the column "{column}" has {", ".join(first_lines(said, 3))}'
        if said and priced and column in _MONEY:
            raise FileError(f"{what}, but costs must be in USD", "convert the costs to USD and remove the column")
        if said and used and column in _UNITS:
            raise FileError(
                f"{what}, but costs must be in USD and tokens in single tokens", "convert them and remove the column"
            )
        if said and column not in (*_MONEY, *_UNITS) and not table.reading.graded:
            raise FileError(f"{what}, but scores must be from 0 to 1", "give their scale: --score-range 0..10")


def _parsed(table: ResultTable) -> tuple[dict[str, Any], list[Problem]]:
    """The columns of the rows that can be used, and the problems of the others, in the order of the file."""
    columns: dict[str, Any] = {}
    faults: dict[int, list[str]] = {}
    for role, cells in table.cells.items():
        parse = ROLES[role].parse
        columns[role], found = (grades if parse is scores and table.reading.graded and role != "score" else parse)(
            cells
        )
        for row, what in found.items():
            faults.setdefault(row, []).append(f"{role} {what}")
    items = columns["item"]
    if len(set(items)) < len(items) and not table.repeated:
        named = [row for row, item in enumerate(items) if item is not None]
        places = [f"line {table.lines[row]}" for row in named]
        refuse_duplicates(table.name, [items[row] for row in named], places, *_repeat_ways(table))
    problems = [(table.lines[row], items[row], "; ".join(what)) for row, what in faults.items()]
    if faults:
        keep = [row not in faults for row in range(len(items))]
        columns = {role: kept(column, keep) for role, column in columns.items()}
    columns["items"] = columns.pop("item")
    listed = [*table.problems, *(Problem(f"line {line}", item, what) for line, item, what in problems)]
    return columns, sorted(listed, key=lambda problem: int(problem.place.split()[1]))


def _repeat_ways(table: ResultTable) -> list[str]:
    """What to type where the rows of an item are its runs."""
    one = [f"or use one run: --where {table.runs}=1"] if table.runs else []
    return [f"repeated runs of one item? group them: --cluster {table.item}", *one]


def _of_lines(lines: Iterable[str], name: str, reading: ReadOptions, side: str) -> Scores:
    return one_model(csv_table(lines, name, reading, side=side), side)


def _of_records(records: Iterable[tuple[int, Record]], name: str, reading: ReadOptions, side: str) -> Scores:
    return one_model(record_table(records, name, reading, side=side), side)


READERS = (
    Reader(
        words="JSON Lines",
        shape=Shape.RECORDS,
        matches=lambda record: isinstance(record, dict),
        one=_of_records,
        both=lambda records, name, reading: both_models(record_table(records, name, reading)),
        uses=frozenset({"columns"}),
    ),
    Reader(
        words="CSV",
        shape=Shape.LINES,
        matches=lambda _: True,
        one=_of_lines,
        both=lambda lines, name, reading: both_models(csv_table(lines, name, reading)),
        uses=frozenset({"columns"}),
    ),
)
