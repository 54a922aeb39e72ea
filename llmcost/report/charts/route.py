"""The chart of a route: quality against cost at every share of the strong model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

from ..chart import Axis, Chart, ChartKind, Ink, Mark, Series, Sign, Trace
from ..display import cell
from ..report import Kind
from .costs import cost_chart
from .reading import (
    ChartData,
    LowHigh,
    benchmark_name,
    counted,
    ends,
    interval,
    known,
    name_of,
    number,
    paid,
    said,
    usd_of,
)

_ROUTER, _RANDOM = Series("router"), Series("random mix", Sign.RING, Ink.QUIET)
_CHOSEN, _PERFECT = Series("chosen share", Sign.SQUARE, Ink.SECOND), Series("perfect router", Sign.UP, Ink.THIRD)
_SHARE = "Share of requests to the strong model"
_Placing: TypeAlias = Callable[[ChartData], Decimal | None]


def route_charts(data: ChartData) -> Iterator[Chart]:
    """Quality against cost; without a curve of quality what each way to serve the requests costs."""
    curve = data.get("curve", ())
    if all(known(row, "quality") is None for row in curve):
        yield _plans(data)
        return
    money = next((x for x in ("monthly_usd", "usd") if any(known(row, x) is not None for row in curve)), "")
    unit = f"USD {paid(data)}" if money == "monthly_usd" else "USD for these items" if money else _SHARE

    def place(row: ChartData) -> Decimal | None:
        share = known(row, "strong_share")
        return known(row, money) if money else share and share * 100

    routed = any(row["quality"] != row["random_quality"] for row in curve)
    shares, lacking = _shares(curve, place, money, _ROUTER if routed else _RANDOM)
    lines = [(_RANDOM, "random_quality"), *([(_ROUTER, "quality")] if routed else [])]
    yield Chart(
        kind=ChartKind.LINES,
        title="Quality against cost, by the share of the strong model" if money else "Quality by share",
        x=Axis(title=unit, kind=Kind.USD if money else Kind.PERCENT),
        y=Axis(title=_measure(data), kind=Kind.PERCENT),
        marks=(*_reached(data, place, money), *shares),
        traces=tuple(
            Trace(points=_through(curve, place, key), series=x, dashed=x is _RANDOM, label=x.name) for x, key in lines
        ),
        left_out=counted({"shares of unknown cost or quality": lacking}),
    )


def _plans(data: ChartData) -> Chart:
    """What each way to serve the requests costs."""
    plans = data.get("plans", ())
    key = "monthly_usd" if any(known(x, "monthly_usd") is not None for x in plans) else "usd"
    rows = [{**row, "model": f"{name_of(row['model'])} alone" if row["model"] else row["plan"]} for row in plans]
    unit = f"USD {paid(data)}" if key == "monthly_usd" else "USD for these items"
    return cost_chart(rows, title="Cost of each way to serve the requests", unit=unit, keys=(key, "", ""))


def _measure(data: ChartData) -> str:
    """What quality is: right answers on your items, else the score on the first benchmark."""
    return "Accuracy" if "n" in data else benchmark_name(data, data["benchmarks"][0]["benchmark"])


def _through(curve: Sequence[ChartData], place: _Placing, key: str) -> tuple[tuple[Decimal, Decimal], ...]:
    found = ((place(row), known(row, key)) for row in curve)
    return tuple((x, y * 100) for x, y in found if x is not None and y is not None)


def _shares(curve: Sequence[ChartData], place: _Placing, money: str, series: Series) -> tuple[list[Mark], int]:
    """The shares of the curve, and how many have no place."""
    marks = []
    for row in curve:
        x, quality = place(row), known(row, "quality")
        if x is not None and quality is not None:
            share = f"{cell(number(row, 'strong_share') * 100, Kind.PERCENT)} to the strong model"
            say = said(share, usd_of(x) if money else "", cell(quality * 100, Kind.PERCENT))
            marks.append(Mark(x=x, y=quality * 100, say=say, series=series))
    return marks, len(curve) - len(marks)


def _reached(data: ChartData, place: _Placing, money: str) -> Iterator[Mark]:
    """The chosen share, and what a perfect router would reach at it."""
    for plan, series, quality, (low, high) in _qualities(data):
        x = place(plan)
        if x is not None:
            shown = cell(quality, Kind.PERCENT)
            say = said(series.name, usd_of(x) if money else "", shown, interval(low, high, Kind.PERCENT))
            yield Mark(x=x, y=quality, low=low, high=high, say=say, label=series.name, series=series)


def _qualities(data: ChartData) -> Iterator[tuple[ChartData, Series, Decimal, LowHigh]]:
    """Plans with their quality in percent: as measured on items, or as a benchmark lets expect it."""
    plans = {row["plan"]: row for row in data["plans"]}
    chosen = plans.get("cascade") or plans.get("mix") or plans.get("random")
    for plan, series in ((chosen, _CHOSEN), (plans.get("perfect"), _PERFECT)):
        if plan is not None and (accuracy := known(plan, "accuracy")) is not None:
            yield plan, series, accuracy * 100, (None, None)
    if chosen is not None and data.get("benchmarks"):
        row = data["benchmarks"][0]
        cascade = known(row, "cascade_score") is not None
        for name, series in (("cascade" if cascade else "random", _CHOSEN), ("perfect", _PERFECT)):
            if (score := known(row, f"{name}_score")) is not None:
                yield chosen, series, score, ends(row, f"{name}_score", f"{name}_low", f"{name}_high")
