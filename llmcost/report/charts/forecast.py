"""The chart of a forecast: the cost a day in steps, a line a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise
from typing import TypeAlias

from ..chart import Axis, Chart, ChartKind, Ink, Limit, Mark, Series, Sign, Trace
from ..report import Kind
from ..words import bare, named
from .reading import ChartData, counted, day, name_of, number, said, usd_of

_INKS = (Ink.MAIN, Ink.SECOND, Ink.THIRD, Ink.QUIET)
_MOST = 12
"""Models that are drawn; of more the rest is counted."""
_Part: TypeAlias = tuple[ChartData, Decimal]
"""A row of a forecast, and what it costs a day."""


def forecast_chart(data: ChartData) -> Chart:
    """The cost a day of each model; dashed after its shutdown, with the days on which something changes."""
    marks: list[Mark] = []
    traces: list[Trace] = []
    changes: dict[tuple[Decimal, str], list[str]] = {}
    models = [(model, list(rows)) for model, rows in groupby(data["forecast"], lambda row: name_of(row["model"]))]
    for place, (model, rows) in enumerate(models[:_MOST]):
        series = Series(model, tuple(Sign)[place % len(Sign)], _INKS[place % len(_INKS)])
        parts = [(row, number(row, "usd") / _days(row)) for row in rows]
        marks += [_mark(row, daily, series) for row, daily in parts]
        traces += _traces(parts, series)
        for (row, _), (to, _) in pairwise(parts):
            if change := _change(row, to):
                changes.setdefault((day(to["from"]), change), []).append(bare(model))
    limits = (
        Limit(at=at, label=f"{change} {date.fromordinal(int(at))}: {named(who)}", ink=Ink.QUIET)
        for (at, change), who in sorted(changes.items())
    )
    return Chart(
        kind=ChartKind.LINES,
        title=f"Cost a day over {number(data, 'months')} months",
        x=Axis(kind=Kind.DATE),
        y=Axis(title="USD a day", kind=Kind.USD),
        marks=tuple(marks),
        traces=tuple(traces),
        limits=tuple(limits),
        caption=("Dashed: after the shutdown, at the last rates",) if any(x.dashed for x in traces) else (),
        left_out=counted({"months of further models": sum(len(rows) for _, rows in models[_MOST:])}),
    )


def _days(row: ChartData) -> Decimal:
    """The days of a part; raises ValueError where it ends before it begins."""
    days = day(row["to"]) - day(row["from"]) + 1
    if days <= 0:
        raise ValueError(f'"to" ({row["to"]}) is before "from" ({row["from"]})')
    return days


def _mark(row: ChartData, daily: Decimal, series: Series) -> Mark:
    after = "after its shutdown" if row["after_shutdown"] else ""
    money = usd_of(number(row, "usd"))
    say = said(series.name, f"{row['from']} to {row['to']}", money, f"{usd_of(daily)} a day", after)
    return Mark(x=day(row["from"]), y=daily, say=say, series=series)


def _traces(parts: Sequence[_Part], series: Series) -> Iterator[Trace]:
    """The steps of a model, whole until its shutdown and dashed after it; the last has its name."""
    end: tuple[tuple[Decimal, Decimal], ...] = ()
    for after, found in groupby(parts, lambda x: bool(x[0]["after_shutdown"])):
        rows = list(found)
        steps = tuple((at, daily) for row, daily in rows for at in (day(row["from"]), day(row["to"]) + 1))
        label = series.name if rows[-1] is parts[-1] else ""
        yield Trace(points=(*end, *steps), series=series, dashed=after, label=label)
        end = steps[-1:]


def _change(row: ChartData, to: ChartData) -> str:
    """What changes between two parts beside the number of requests; nothing where nothing does."""
    if to["after_shutdown"] and not row["after_shutdown"]:
        return "shutdown"
    if to["billed_as"] != row["billed_as"]:
        return "redirect"
    one, other = (number(x, "usd") * number(y, "requests") for x, y in ((row, to), (to, row)))
    return "" if abs(one - other) <= abs(one) / 10**9 else "price change"
