"""Rows of a run as numbers and as words, for every chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from ..chart import Axis, Mark, Scale
from ..display import cell, exact
from ..report import Kind
from ..words import for_days

MOST_ROWS = 30
"""Rows of one chart; of more the first are drawn, the rest is counted."""
ZERO = Decimal(0)
_LARGEST = 10**60

ChartData: TypeAlias = Mapping[str, Any]
"""The data of a run, or one of its rows."""
Omitted: TypeAlias = tuple[tuple[int, str], ...]
"""How many rows are not drawn, and why."""
LowHigh: TypeAlias = tuple[Decimal | None, Decimal | None]


def known(row: ChartData, key: str) -> Decimal | None:
    """A number of a row, as it is written; raises TypeError for anything else, ValueError for what no axis can hold."""
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise TypeError(f'"{key}" is not a number')
    found = exact(value) if isinstance(value, float) else Decimal(value)
    if found is not None and not -_LARGEST <= found <= _LARGEST:
        raise ValueError(f'"{key}" is too large to draw')
    return found


def name_of(value: Any) -> str:
    """A name of a row; raises TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError("a name is missing")
    return value


def number(row: ChartData, key: str) -> Decimal:
    """A number of a row that must be there."""
    value = known(row, key)
    if value is None:
        raise TypeError(f'"{key}" is not a number')
    return value


def ends(row: ChartData, key: str, low: str, high: str) -> LowHigh:
    """The interval around a value, both ends or none; raises ValueError where the value is not in it."""
    value, a, b = number(row, key), known(row, low), known(row, high)
    if a is None or b is None:
        return None, None
    noise = max(abs(value), Decimal(1)) / 10**6
    if not a - noise <= value <= b + noise:
        raise ValueError(f'"{key}" ({value}) is not between "{low}" ({a}) and "{high}" ({b})')
    return a, b


def day(value: Any) -> Decimal:
    """A day as its ordinal; raises ValueError for what is no date."""
    return Decimal((value if isinstance(value, date) else date.fromisoformat(value)).toordinal())


def with_known(rows: Iterable[ChartData], *keys: str) -> tuple[list[ChartData], dict[str, int]]:
    """The rows that have these numbers, and how many lack which."""
    left, lacking = list(rows), {}
    for key in keys:
        before = len(left)
        left = [row for row in left if known(row, key) is not None]
        lacking[_without(key)] = before - len(left)
    return left, lacking


def _without(key: str) -> str:
    return "without a cost" if key.endswith("usd") else f"without a {key.replace('_', ' ')}"


def counted(lacking: Mapping[str, int]) -> Omitted:
    """Those that there are of what is not drawn."""
    return tuple((many, why) for why, many in lacking.items() if many)


def names(rows: Iterable[str]) -> Axis:
    """An axis of names, from the top down."""
    return Axis(kind=Kind.TEXT, scale=Scale.ROWS, rows=tuple(map(name_of, rows)))


def said(name: str, *parts: str) -> str:
    """A row in words: `openai/gpt-5.1: $1,250.00, 87.6, 95% interval 83.7 to 91.5`."""
    return f"{name}: {', '.join(x for x in parts if x)}"


def usd_of(value: Decimal) -> str:
    """An amount as in every table."""
    return cell(value, Kind.USD)


def tenths(value: Decimal) -> str:
    """A score with one decimal."""
    return f"{round(value, 1):,f}"


def points(value: Decimal) -> str:
    """A difference with its sign and one decimal: `-6.7`."""
    rounded = round(value, 1)
    return f"{rounded:+,f}" if rounded else "0.0"


def span(low: Decimal | None, high: Decimal | None, kind: Kind) -> str:
    """An interval in words, nothing where it is unknown or a point: `83.7 to 91.5`."""
    if low is None or high is None or low == high:
        return ""
    a, b = (tenths(x) if kind is Kind.NUMBER else cell(x, kind) for x in (low, high))
    return f"{a} to {b}"


def interval(low: Decimal | None, high: Decimal | None, kind: Kind = Kind.NUMBER) -> str:
    """`95% interval 83.7 to 91.5`."""
    shown = span(low, high, kind)
    return shown and f"95% interval {shown}"


def interval_words(marks: Sequence[Mark]) -> tuple[str, ...]:
    """How to read the lines of intervals, if there are any."""
    without = sum(x.low is None for x in marks)
    if without == len(marks):
        return ()
    return (f"Lines are 95% intervals{f'; {without} of {len(marks)} without one' if without else ''}",)


def paid(data: ChartData) -> str:
    """What the dollars of a workload are for: `a month`."""
    return for_days(number(data.get("workload", data), "days"))


def benchmark_name(data: ChartData, key: str) -> str:
    """The name of a benchmark; its id in a run without names."""
    return name_of(data.get("benchmark_names", {}).get(key, key))
