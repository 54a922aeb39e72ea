"""What a command has to say, as typed values; every renderer shows the same Report.

Machine formats take the plain data; human formats take the rest, through `display.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from ..lazy import dataclass
from ..notes import Note

if TYPE_CHECKING:
    from ..gate.finding import PlacedFinding


class Kind(StrEnum):
    """What a column holds, and so how it is shown."""

    TEXT = "text"
    USD = "usd"
    RATE = "rate"
    COUNT = "count"
    PERCENT = "percent"
    RATIO = "ratio"
    USD_CHANGE = "usd_change"
    PERCENT_CHANGE = "percent_change"
    NUMBER = "number"
    DATE = "date"

    @property
    def numeric(self) -> bool:
        """Tell whether cells stand at the right of their column."""
        return self not in (Kind.TEXT, Kind.DATE)


class Format(StrEnum):
    """The formats of a report: the ending of their files, None for no file; whether machines read them.

    Those `of_findings` show only what a check found.
    """

    ending: str | None
    for_machines: bool
    of_findings: bool

    def __new__(cls, name: str, ending: str | None, for_machines: bool = False, of_findings: bool = False) -> Self:
        """Make a member of its name."""
        made = str.__new__(cls, name)
        made._value_, made.ending, made.for_machines, made.of_findings = name, ending, for_machines, of_findings
        return made

    TABLE = "table", "txt"
    JSON = "json", "json", True
    CSV = "csv", "csv", True
    MD = "md", "md"
    SVG = "svg", "svg"
    HTML = "html", "html"
    GITHUB = "github", None
    JUNIT = "junit", "xml", True, True
    SARIF = "sarif", "sarif", True, True


class Depth(StrEnum):
    """How much people are shown.

    The headline and the tables; with what was assumed and the notes that matter most; or everything.
    """

    ANSWER = "answer"
    SHORT = "short"
    WHOLE = "whole"


Cell: TypeAlias = Decimal | int | str | date | bool | tuple[str, ...] | None
"""A raw value: money in USD, rates in USD per 1M tokens, percentages as numbers of percent; None is unknown.

A tuple of texts is a list in JSON and one text elsewhere.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key of its values in the rows, its label for people.

    Where a terminal is narrow, the `optional` columns of the highest number go first, all of that number together; 0
    never goes. A `whole` report has the column even so, and a short answer counts it; names are broken to make room for
    it. A short answer leaves out a `detail`, and counts it. `good` is the sign of a value that is good news, such as 1
    for a saving; `means` explains the column where it is shown.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    optional: int = 0
    good: int = 0
    whole: bool = False
    means: str = ""
    detail: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a value for every column's key, the doubts about it, and those about single cells by column key.

    A `total` adds up the others; the `best` is what was looked for, such as the cheapest. A short answer leaves out a
    `detail`, and counts it.
    """

    values: Mapping[str, Cell]
    notes: tuple[Note, ...] = ()
    cell_notes: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)
    total: bool = False
    best: bool = False
    detail: bool = False

    def all_notes(self) -> tuple[Note, ...]:
        """The notes of the row, then those of its cells in their order."""
        return (*self.notes, *(note for notes in self.cell_notes.values() for note in notes))

    def shown_notes(self, columns: Iterable[Column]) -> tuple[Note, ...]:
        """The notes of the row, then those of its cells in these columns."""
        return (*self.notes, *(note for column in columns for note in self.cell_notes.get(column.key, ())))


class Rows(list[dict[str, Any]]):
    """Flat objects with the same keys: rows of the JSON, or of CSV, which has the keys as its header.

    Takes only the `keys` of each item, by default those of the first. Rows that may be none need them for that header.
    Raises KeyError for an item without one of them.
    """

    def __init__(self, items: Iterable[Mapping[str, Any]], keys: Iterable[str] = ()) -> None:
        found = list(items)
        self.keys = tuple(keys) or tuple(found[0] if found else ())
        super().__init__({key: item[key] for key in self.keys} for item in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under typed columns, for people. `title` stands above them; `notes` are doubts about all of them.

    Where a terminal is narrow, long names are broken, optional columns go, and then the columns go on in further tables
    below, each with the names again. A short answer has the first `short` of the rows (`newest`: the last; None: all)
    and the totals, and counts the other `things`; where there is no room it keeps at least `least`. `in_all` counts the
    rows that the report does not have too, and `how` says how to see them.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    notes: tuple[Note, ...] = ()
    short: int | None = None
    things: str = "rows"
    least: int = 5
    in_all: int = 0
    how: str = ""
    newest: bool = False

    @property
    def heading(self) -> str:
        """The title, and how many rows there are beyond those of the table: `Models (40 more: --top)`."""
        more = self.in_all - len(self.rows)
        return f"{self.title} ({more} more: {self.how})" if more > 0 else self.title

    @classmethod
    def of(
        cls,
        rows: Iterable[Mapping[str, Cell]],
        *columns: Column,
        title: str = "",
        short: int | None = None,
        things: str = "rows",
    ) -> Table:
        """Rows for machines as they are, under these columns."""
        return cls(title=title, columns=columns, rows=tuple(map(Row, rows)), short=short, things=things)

    def all_notes(self) -> tuple[Note, ...]:
        """The notes of the table, then those of its rows."""
        return (*self.notes, *(note for row in self.rows for note in row.all_notes()))


def naming(columns: Sequence[Column]) -> Column:
    """The column of the names: the first of text, else the first."""
    return next((x for x in columns if not x.kind.numeric), columns[0])


def known(rows: Iterable[Mapping[str, Cell]], column: Column) -> list[Column]:
    """A column if any row has a value for it."""
    return [column] if any(row[column.key] is not None for row in rows) else []


@dataclass(frozen=True, slots=True)
class RunForm:
    """The form of a command's JSON: its name, which `schema` has, and the names of the rows that it may have.

    CSV holds the first of them that are not empty; with `columns` always the first, which has these keys also where it
    is empty. A form whose CSV is none of its rows says how it is made of the data (`flat`).
    """

    name: str
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    flat: Callable[[Mapping[str, Any]], Rows] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that one run of a command has to say.

    `schema` names the form of the JSON, `headline` is the answer in one sentence. Machines get `data`: objects such as
    the workload, then rows; `csv` is the rows that CSV holds. People get the rest: `tables`, a chart of the data in
    `plot` under them, `sentences` that say what both show (a short answer has `brief` instead, where it is given, and
    the first of the `changes`, the last to give way where there is no room; `change` is what one is called where they
    are counted), `assumptions` that say what was taken for granted, and where they ask for everything the `details`
    that explain it. Both get the notes: `notes` are doubts about the whole, those about a table or a row stand with it.
    `judged` is how a limit came out, for a page, where standard error is not seen. `findings` are those of a check, for
    the formats of CI systems; None for all else.
    """

    schema: str
    headline: str
    data: Mapping[str, Any] = field(default_factory=dict)
    csv: Rows | None = None
    tables: tuple[Table, ...] = ()
    plot: Mapping[str, Any] | None = None
    judged: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    brief: tuple[str, ...] | None = None
    changes: tuple[str, ...] = ()
    change: str = "change"
    assumptions: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    findings: tuple[PlacedFinding, ...] | None = None

    @property
    def marker(self) -> str:
        """The hidden first line by which a comment made of a check or a diff is found again; else nothing."""
        name = self.schema.removeprefix("llmcost.").partition("/")[0]
        if name not in ("check", "diff"):
            return ""
        config = self.data.get("config")
        about = f" {config}" if isinstance(config, str) else ""
        return f"<!-- llmcost:{name}{re.sub(r'-{2,}|[<>]|[^ -~]', '-', about)} -->"

    def with_object(self, key: str, value: Mapping[str, Any]) -> Report:
        """The report with one more object in its data, before the rows."""
        rows = {name: x for name, x in self.data.items() if isinstance(x, Rows)}
        objects = {name: x for name, x in self.data.items() if name not in rows}
        return replace(self, data={**objects, key: value, **rows})

    def all_notes(self) -> list[Note]:
        """Every note once, those of the tables first, in the order in which they are met."""
        return list(dict.fromkeys([*(note for table in self.tables for note in table.all_notes()), *self.notes]))
