"""What a command has to say, as typed values; every renderer shows the same Report.

Machine formats take the raw values of the tables meant for them; human formats take the rest through `display.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from ..notes import Note


class Kind(StrEnum):
    """What a column holds, and so how it is shown."""

    TEXT = "text"
    USD = "usd"
    RATE = "rate"
    COUNT = "count"
    PERCENT = "percent"
    RATIO = "ratio"
    NUMBER = "number"
    DATE = "date"

    @property
    def numeric(self) -> bool:
        """Tell whether cells stand at the right of their column."""
        return self not in (Kind.TEXT, Kind.DATE)


class Format(StrEnum):
    """The formats of a report."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MD = "md"
    GITHUB = "github"
    JUNIT = "junit"
    SARIF = "sarif"


Cell: TypeAlias = Decimal | int | str | date | bool | tuple[str, ...] | None
"""A raw value: money in USD, rates in USD per 1M tokens, percentages as numbers of percent; None is unknown.

A tuple of texts is a list in JSON and one text elsewhere.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in machine formats, its label for people.

    Where a terminal is narrow, the `optional` columns of the highest number go first, all of that number together; 0
    never goes.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    optional: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a value for every column's key, the doubts about it, and those about single cells by column key.

    A `total` row is for people only.
    """

    values: Mapping[str, Cell]
    notes: tuple[Note, ...] = ()
    cell_notes: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)
    total: bool = False

    def all_notes(self) -> tuple[Note, ...]:
        """Return the notes of the row, then those of its cells in their order."""
        return (*self.notes, *(note for notes in self.cell_notes.values() for note in notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under typed columns. `name` is the key of the rows in JSON; `title` stands above the table.

    `human` and `machine` say which family of formats shows it. Where a terminal is narrow, a table that can be `split`
    breaks long names and goes on in further tables below, each with the names again, before its rows are stacked.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    human: bool = True
    machine: bool = True
    split: bool = False

    def machine_rows(self) -> list[dict[str, Cell]]:
        """Return the rows as machine formats have them: the columns in order, without totals."""
        return [{column.key: row.values[column.key] for column in self.columns} for row in self.rows if not row.total]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A point of a chart, drawn as one character; steps join those that are `joined`, from left to right."""

    x: Decimal
    y: Decimal
    mark: str
    joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A scatter for people: USD to the right on a logarithmic scale, a score up; machines have its points as rows.

    `legend` explains the marks. Where spots fall together the last is drawn, a joined one before all others.
    `downwards`: less is better, so that the least is at the top.
    """

    x_label: str
    y_label: str
    legend: str
    spots: tuple[Spot, ...]
    downwards: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that one run of a command has to say.

    `schema` names the form of the JSON, `headline` is the answer in one sentence, `facts` are objects of the JSON such
    as the workload, `sentences` say in words what the tables show, `assumptions` say what was taken for granted,
    `notes` are doubts about the whole; doubts about a row stand with the row. `main` is the name of the table that
    CSV, which holds only one, has, be it for no other format; by itself the first for machines. `chart` stands under
    the tables.
    """

    schema: str
    headline: str
    tables: tuple[Table, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    main: str | None = None
    chart: Chart | None = None

    @property
    def marker(self) -> str:
        """The hidden first line by which a comment made of a check or a diff is found again; else nothing."""
        name = self.schema.removeprefix("llmcost.").partition("/")[0]
        if name not in ("check", "diff"):
            return ""
        config = self.facts.get("config")
        about = f" {config}" if isinstance(config, str) else ""
        return f"<!-- llmcost:{name}{re.sub(r'-{2,}|[<>]|[^ -~]', '-', about)} -->"

    def table(self, name: str) -> Table | None:
        """Return the table of a name, None where there is none."""
        return next((table for table in self.tables if table.name == name), None)

    def main_table(self) -> Table:
        """Return the table that stands for the whole where there is room for one only."""
        named = None if self.main is None else self.table(self.main)
        return named or next(table for table in self.tables if table.machine)

    def all_notes(self) -> list[Note]:
        """Return every note once, those of the rows first, in the order in which they are met."""
        of_rows = [note for table in self.tables for row in table.rows for note in row.all_notes()]
        return list(dict.fromkeys([*of_rows, *self.notes]))
