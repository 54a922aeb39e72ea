"""A Plot in plain characters: the same points and width always give the same lines, none wider than asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, log10

from ..display import plain, usd
from ..report import Plot
from ..safe import safe

LEAST_WIDTH = 40
NATURAL_WIDTH = 78
MOST_WIDTH = 100
LEAST_HEIGHT, HEIGHT = 7, 16
"""Rows of the field that points are drawn in."""

_AROUND = 4
"""Lines of a chart around the field."""

Ticks = list[tuple[int, str]]
"""Places on an axis, in columns or rows from its low end, and what is written there."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """Values from `low` (at place 0) to `high` over so many places; the low one may be the greater number."""

    low: float
    high: float
    cells: int

    def place(self, value: float) -> int:
        return round((value - self.low) / (self.high - self.low) * (self.cells - 1))


def draw(chart: Plot, width: int | None, room: int | None = None) -> list[str]:
    """The lines of a chart for a width in cells (None: one that fits most places), at least LEAST_WIDTH.

    With `room` it has that many lines, as far as LEAST_HEIGHT and HEIGHT allow. What costs nothing, which a logarithmic
    scale has no place for, stands at the left edge.
    """
    rows = _rows(chart, HEIGHT if room is None else min(HEIGHT, max(LEAST_HEIGHT, room - _AROUND)))
    ticks = _score_ticks(rows)
    margin = max(len(label) for _, label in ticks)
    across = _across(chart, min(width or NATURAL_WIDTH, MOST_WIDTH) - margin - 2)
    field = _field(chart, across, rows)
    labels = dict(ticks)
    lines = [safe(chart.y_label)]
    for row in reversed(range(rows.cells)):
        label = labels.get(row, "")
        lines.append(f"{label.rjust(margin)} {'┤' if label else '│'}{''.join(field[row])}".rstrip())
    places = _cost_ticks(across)
    rule = ["─"] * across.cells
    for place, _ in places:
        rule[place] = "┴"
    lines.append(f"{' ' * margin} └{''.join(rule)}")
    lines.append(f"{' ' * margin}  {_written(places, across.cells)}".rstrip())
    return [*lines, safe(chart.x_label).rjust(margin + 2 + across.cells)]


def _rows(chart: Plot, cells: int) -> _Axis:
    values = [float(spot.y) for spot in chart.spots]
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 1, high + 1
    return _Axis(high, low, cells) if chart.downwards else _Axis(low, high, cells)


def _across(chart: Plot, cells: int) -> _Axis:
    values = [float(spot.x) for spot in chart.spots if spot.x > 0] or [1.0]
    low, high = log10(min(values)), log10(max(values))
    return _Axis(low - 0.5, high + 0.5, cells) if high - low < 1e-6 else _Axis(low, high, cells)


def _column(across: _Axis, x: Decimal) -> int:
    return across.place(log10(float(x))) if x > 0 else 0


def _field(chart: Plot, across: _Axis, rows: _Axis) -> list[list[str]]:
    """The rows of characters from the bottom up: the steps first, then the spots on them."""
    field = [[" "] * across.cells for _ in range(rows.cells)]
    spots = [(_column(across, spot.x), rows.place(float(spot.y)), spot) for spot in chart.spots]
    joined = [(column, row) for column, row, spot in spots if spot.joined]
    for (column, row), (to_column, to_row) in pairwise(joined):
        for between in range(column, to_column):
            field[row][between] = "╌"
        for between in range(row, to_row):
            field[between][to_column] = "┆"
    for column, row, spot in sorted(spots, key=lambda x: x[2].joined):
        field[row][column] = spot.mark
    return field


def _score_ticks(rows: _Axis) -> Ticks:
    low, high = sorted((rows.low, rows.high))
    step = _step((high - low) / 5)
    first, last = ceil(Decimal(repr(low)) / step), floor(Decimal(repr(high)) / step)
    return [(rows.place(float(step * count)), plain(step * count)) for count in range(first, last + 1)]


def _step(least: float) -> Decimal:
    """The least of 1, 2 or 5 times a power of ten that is no less."""
    power = floor(log10(least))
    return next(x for x in (Decimal(m).scaleb(power) for m in (1, 2, 5, 10)) if float(x) >= least * (1 - 1e-9))


def _cost_ticks(across: _Axis) -> Ticks:
    """The places of round costs: powers of ten, with 2 and 5 times these where they would be few."""
    powers = range(floor(across.low), ceil(across.high) + 1)
    chosen = _within(across, [Decimal(1).scaleb(power) for power in powers])
    if len(chosen) < 3:
        chosen = _within(across, [Decimal(m).scaleb(power) for power in powers for m in (1, 2, 5)])
    return _apart([(_column(across, x), _dollars(x)) for x in chosen], across.cells)


def _within(across: _Axis, values: Sequence[Decimal]) -> list[Decimal]:
    return [x for x in values if across.low <= log10(float(x)) <= across.high]


def _dollars(value: Decimal) -> str:
    return usd(value).removesuffix(".00")


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
