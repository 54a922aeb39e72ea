"""A chart as values: what is drawn, in its own units, for every format that draws.

Rows stand from the top down, at 0, 1, 2. Days are their ordinals, so that all places are numbers.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from string import ascii_lowercase, ascii_uppercase

from ..lazy import dataclass
from .report import Kind

KEYS = (*ascii_uppercase, *ascii_lowercase, *("*" * 1000))
"""What stands for labelled marks in plain characters, in their order."""


class ChartKind(StrEnum):
    """How marks are drawn, and along which axis their intervals lie: up in scatter, lines and columns, else across."""

    SCATTER = "scatter"
    LINES = "lines"
    COLUMNS = "columns"
    BARS = "bars"
    DOTS = "dots"


class Scale(StrEnum):
    """How an axis places its values. A bar has no length on a logarithmic axis: draw dots."""

    LINEAR = "linear"
    LOG = "log"
    ROWS = "rows"


class Sign(StrEnum):
    """The shape of a mark, which tells its series from the others without color."""

    DISC = "disc"
    RING = "ring"
    CROSS = "cross"
    UP = "up"
    DOWN = "down"
    SQUARE = "square"


class Ink(StrEnum):
    """A color by its job; each format has its own values, in the light and in the dark."""

    MAIN = "main"
    SECOND = "second"
    THIRD = "third"
    ALERT = "alert"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Series:
    """What marks and lines have in common, as the legend names it."""

    name: str
    sign: Sign = Sign.DISC
    ink: Ink = Ink.MAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis: its title with the unit, how its values are shown, how they are placed.

    `rows` are the names on an axis of rows. `reversed`: less is better, so that the least is at the top.
    """

    title: str = ""
    kind: Kind = Kind.NUMBER
    scale: Scale = Scale.LINEAR
    rows: tuple[str, ...] = ()
    reversed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One row of the run: where it is, its interval, and all of it in words (`say`).

    `label` is drawn beside it. `slot` is its place among the bars of one row or day.
    """

    x: Decimal
    y: Decimal
    say: str
    low: Decimal | None = None
    high: Decimal | None = None
    label: str = ""
    series: Series
    slot: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A line through points; its label stands at its end."""

    points: tuple[tuple[Decimal, Decimal], ...]
    series: Series
    dashed: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A line across the x axis: a zero, a margin, a maximum, a date.

    The label stands at its right, `before` at its left. `row`: only within this row, without them.
    """

    at: Decimal
    label: str
    before: str = ""
    row: int | None = None
    ink: Ink = Ink.ALERT


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One drawing. The marks, and the rows that are `left_out` by the reason, add up to the rows of the run.

    `title` says what is drawn, `caption` how to read it. There are `slots` bars side by side in each row.
    """

    kind: ChartKind
    title: str
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    traces: tuple[Trace, ...] = ()
    limits: tuple[Limit, ...] = ()
    caption: tuple[str, ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()
    slots: int = 1

    @property
    def series(self) -> tuple[Series, ...]:
        """Those that are drawn, each once, in the order of the marks and then of the lines."""
        return tuple(dict.fromkeys([*(x.series for x in self.marks), *(x.series for x in self.traces)]))

    @property
    def words(self) -> tuple[str, ...]:
        """The caption, and what is not drawn: `Not drawn: 3 without a score, 1 at $0.00`."""
        missing = ", ".join(f"{number:,} {why}" for number, why in self.left_out)
        return (*self.caption, f"Not drawn: {missing}") if missing else self.caption
