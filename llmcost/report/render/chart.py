"""A chart of points and lines in plain characters: the same chart and width always give the same lines, none wider."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from ...lazy import dataclass
from ..axes import AxisSpan, written
from ..chart import KEYS, Chart, ChartKind, Mark, Scale, Sign
from ..safe import safe

LEAST_WIDTH = 40
NATURAL_WIDTH = 78
MOST_WIDTH = 100
LEAST_HEIGHT, HEIGHT = 7, 16
"""Rows of the field that points are drawn in."""

_AROUND = 4
"""Lines of a chart around the field."""
_SIGNS = {Sign.DISC: "o", Sign.RING: "○", Sign.CROSS: "·", Sign.SQUARE: "X", Sign.UP: "^", Sign.DOWN: "v"}

Ticks = list[tuple[int, str]]
"""Places on an axis, in columns or rows from its low end, and what is written there."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """An axis of so many cells, from its low end; `turned`, from its high end."""

    span: AxisSpan
    cells: int
    turned: bool = False

    def place(self, value: Decimal) -> int:
        share = self.span.share(value)
        return round((1 - share if self.turned else share) * (self.cells - 1))


def draw(chart: Chart, width: int | None, room: int | None = None) -> list[str]:
    """The lines of a chart for a width in cells (None: one that fits most places), at least LEAST_WIDTH.

    With `room` it has that many lines, as far as LEAST_HEIGHT and HEIGHT allow.
    """
    height = HEIGHT if room is None else min(HEIGHT, max(LEAST_HEIGHT, room - _AROUND))
    rows = _Cells(AxisSpan.of(x.y for x in chart.marks), height, turned=chart.y.reversed)
    labels = {rows.place(x): written(x, chart.y.kind) for x in rows.span.ticks(chart.y.kind, 6)}
    margin = max(map(len, labels.values()))
    log = chart.x.scale is Scale.LOG
    wide = min(width or NATURAL_WIDTH, MOST_WIDTH) - margin - 2
    across = _Cells(AxisSpan.of((x.x for x in chart.marks), log=log), wide)
    field = _field(chart, across, rows)
    lines = [safe(chart.y.title)]
    for row in reversed(range(rows.cells)):
        label = labels.get(row, "")
        lines.append(f"{label.rjust(margin)} {'┤' if label else '│'}{''.join(field[row])}".rstrip())
    found = across.span.fitting(chart.x.kind, wide, len, 1)
    places = _apart([(across.place(x), written(x, chart.x.kind)) for x in found], wide)
    rule = ["─"] * wide
    for place, _ in places:
        rule[place] = "┴"
    lines.append(f"{' ' * margin} └{''.join(rule)}")
    lines.append(f"{' ' * margin}  {_written(places, wide)}".rstrip())
    return [*lines, safe(chart.x.title).rjust(margin + 2 + wide)]


def legend(chart: Chart) -> str:
    """What the characters stand for, and what is not drawn: `A nano, B large; · dominated`."""
    keyed = list(_keyed(chart))
    names = ", ".join(f"{key} {mark.label}" for key, mark in keyed)
    signs = ", ".join(f"{_SIGNS[x.sign]} {x.name}" for x in chart.series if x not in {mark.series for _, mark in keyed})
    return "; ".join(x for x in (names, signs, *chart.words[len(chart.caption) :]) if x)


def _keyed(chart: Chart) -> Iterator[tuple[str, Mark]]:
    """The marks of a scatter that have a letter, which stands for their label."""
    if chart.kind is ChartKind.SCATTER:
        yield from zip(KEYS, (x for x in chart.marks if x.label), strict=False)


def _field(chart: Chart, across: _Cells, rows: _Cells) -> list[list[str]]:
    """The rows of characters from the bottom up: lines (as steps, or their points), then marks, the first on top."""
    field = [[" "] * across.cells for _ in range(rows.cells)]
    for trace in chart.traces:
        places = [(across.place(x), rows.place(y)) for x, y in trace.points]
        if chart.kind is ChartKind.LINES:
            for column, row in places:
                field[row][column] = _SIGNS[trace.series.sign]
            continue
        for (column, row), (to_column, to_row) in pairwise(places):
            for between in range(column, to_column):
                field[row][between] = "╌"
            for between in range(*sorted((row, to_row))):
                field[between][to_column] = "┆"
    letters = {mark: key for key, mark in _keyed(chart)}
    for mark in reversed(chart.marks):
        field[rows.place(mark.y)][across.place(mark.x)] = letters.get(mark) or _SIGNS[mark.series.sign]
    return field


def _start(place: int, label: str, cells: int) -> int:
    """Where a label starts that stands in the middle under its place, and within the axis."""
    return min(max(0, place - len(label) // 2), cells - len(label))


def _apart(ticks: Ticks, cells: int) -> Ticks:
    """The ticks whose labels do not touch the one before them."""
    kept: Ticks = []
    end = -2
    for place, label in ticks:
        start = _start(place, label, cells)
        if start > end + 1:
            kept.append((place, label))
            end = start + len(label) - 1
    return kept


def _written(ticks: Ticks, cells: int) -> str:
    line = ""
    for place, label in ticks:
        line = line.ljust(_start(place, label, cells)) + label
    return line
