"""Charts of what models, levers and workloads cost: a bar each, from zero."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..chart import Axis, Chart, ChartKind, Ink, Limit, Mark, Scale, Series, Sign
from ..display import cell
from ..report import Kind
from .forecast import forecast_chart
from .reading import (
    MOST_ROWS,
    ZERO,
    ChartData,
    counted,
    ends,
    known,
    name_of,
    names,
    number,
    paid,
    said,
    span,
    usd_of,
    with_known,
)
from .scores import forest_charts

_FAR = 100
"""Values of which the largest is so many times the least are drawn as dots on a logarithmic axis."""
_MONTH = ("monthly_usd", "monthly_low_usd", "monthly_high_usd")
_COST = Series("cost", Sign.SQUARE)


def cost_chart(
    rows: Sequence[ChartData],
    *,
    title: str,
    unit: str,
    keys: tuple[str, str, str] = _MONTH,
    kind: Kind = Kind.USD,
    series: Callable[[ChartData], Series] = lambda _: _COST,
    words: Callable[[ChartData], str] = lambda _: "",
    limits: tuple[Limit, ...] = (),
    left_out: Mapping[str, int] | None = None,
) -> Chart:
    """A bar a row, called by its `model`, the range as a line; dots where values are far apart.

    `keys` are those of the value and of the ends of its range (empty: none). `words` is said of a row beside them.
    """
    found, lacking = with_known(rows, keys[0])
    drawn = found[:MOST_ROWS]
    lacking |= {"further down": len(found) - len(drawn), **(left_out or {})}
    above = [x for x in (number(row, keys[0]) for row in drawn) if x > 0]
    log = bool(above) and max(above) > _FAR * min(above) and all(number(row, keys[0]) >= 0 for row in drawn)
    if log:
        drawn = [row for row in drawn if number(row, keys[0])]
        lacking[f"at {cell(ZERO, kind)}"] = len(found[:MOST_ROWS]) - len(drawn)
    marks = []
    for place, row in enumerate(drawn):
        value, (low, high) = number(row, keys[0]), ends(row, *keys)
        shown, ranged = cell(value, kind), span(low, high, kind)
        say = said(row["model"], shown, ranged and f"range {ranged}", words(row))
        y = Decimal(place)
        marks.append(Mark(x=value, y=y, low=low, high=high, say=say, label=shown, series=series(row)))
    ranges = any(span(x.low, x.high, kind) for x in marks)
    return Chart(
        kind=ChartKind.DOTS if log else ChartKind.BARS,
        title=title,
        x=Axis(title=f"{unit}, logarithmic" if log else unit, kind=kind, scale=Scale.LOG if log else Scale.LINEAR),
        y=names(row["model"] for row in drawn),
        marks=tuple(marks),
        limits=limits,
        caption=("Lines are ranges, from the low end of the workload to the high end",) if ranges else (),
        left_out=counted(lacking),
    )


def estimate_charts(data: ChartData) -> Iterator[Chart]:
    """The cost of each model; over months where it is a forecast, in its parts where it is one cost."""
    rows, limit = data["estimates"], known(data.get("gate", {}), "limit_usd")
    unit = f"USD {paid(data)}"
    if "forecast" in data:
        yield forecast_chart(data)
    elif "budget_usd" in data:
        yield cost_chart(
            _told_apart(rows),
            title=f"Requests a day for {usd_of(number(data, 'budget_usd'))} {paid(data)}",
            unit="Requests a day",
            keys=("affordable_requests_per_day", "affordable_low", "affordable_high"),
            kind=Kind.COUNT,
        )
    elif len(rows) == 1 and limit is None:
        parts = [{**row, "model": row["unit"].replace("_", " ")} for row in data["lines"]]
        title = f"Cost {paid(data)} of {name_of(rows[0]['model'])}"
        yield cost_chart(parts, title=title, unit=unit, keys=("usd", "", ""))
    else:
        limits = () if limit is None else (Limit(at=limit, label=f"limit {usd_of(limit)}"),)
        yield cost_chart(_told_apart(rows), title=f"Cost {paid(data)}", unit=unit, limits=limits)


def _told_apart(rows: Sequence[ChartData]) -> list[ChartData]:
    """The rows; where models repeat, their names have what differs: `gpt-4o, 10,000 requests/day`."""
    if len({row["model"] for row in rows}) == len(rows):
        return list(rows)
    units = {"requests_per_day": "requests/day", "input_tokens": "in", "output_tokens": "out"}
    told = {key: unit for key, unit in units.items() if len({row[key] for row in rows}) > 1}
    return [
        {**row, "model": ", ".join([row["model"], *(f"{cell(row[key], Kind.COUNT)} {told[key]}" for key in told)])}
        for row in rows
    ]


def compare_charts(data: ChartData) -> Iterator[Chart]:
    """What each model costs, then its scores against the base."""
    base, other = Series("base", Sign.SQUARE, Ink.QUIET), Series("compared with it", Sign.SQUARE)
    yield cost_chart(
        data["models"],
        title=f"Cost {paid(data)}",
        unit=f"USD {paid(data)}",
        series=lambda row: base if row["model"] == data["base"] else other,
        words=lambda row: "the base" if row["model"] == data["base"] else _saved(row),
    )
    yield from forest_charts(data)


def _saved(row: ChartData) -> str:
    percent = known(row, "saving_pct")
    return "" if percent is None else f"{cell(percent, Kind.PERCENT)} saved"


def save_charts(data: ChartData) -> Iterator[Chart]:
    """What the bill would be with each lever."""
    kinds = {
        "now": Series("today", Sign.SQUARE, Ink.QUIET),
        "not_worse": Series("no measured loss of quality", Sign.SQUARE),
        "worse": Series("worse", Sign.SQUARE, Ink.ALERT),
        "unknown": Series("quality unknown", Sign.RING, Ink.SECOND),
        None: Series("same model", Sign.SQUARE, Ink.THIRD),
    }
    moved = ("model", "route")
    parts = [(row, name_of(row["lever"])) for row in data["levers"]]
    levers = [
        {**row, "model": f"{lever}: {name_of((lever not in moved and row['asks']) or row['model'])}"}
        for row, lever in parts
    ]
    today = {"model": data["model"], "monthly_usd": data["monthly_usd"], "quality": "now", "asks": "today"}
    yield cost_chart(
        [today, *levers],
        title=f"Cost {paid(data)} with each lever",
        unit=f"USD {paid(data)}",
        keys=("monthly_usd", "", ""),
        series=lambda row: kinds[row["quality"]],
        words=lambda row: row["asks"] or "",
    )


def recommend_charts(data: ChartData) -> Iterator[Chart]:
    """What the models cost that meet the needs."""
    kinds = {False: Series("sure to qualify", Sign.SQUARE), True: Series("borderline", Sign.RING, Ink.SECOND)}
    meeting = [row for row in data["candidates"] if row["meets"]]
    yield cost_chart(
        meeting,
        title=f"Cost {paid(data)} of the models that qualify",
        unit=f"USD {paid(data)}",
        series=lambda row: kinds[row["evidence"] == "borderline"],
        words=lambda row: "borderline" if row["evidence"] == "borderline" else "",
        left_out={"that do not qualify": len(data["candidates"]) - len(meeting)},
    )


_BEFORE, _NOW = Series("before", Sign.RING, Ink.QUIET), Series("now", Sign.SQUARE)
_OVER = Series("now, above the limit", Sign.SQUARE, Ink.ALERT)


def workload_charts(data: ChartData) -> Iterator[Chart]:
    """What each workload of a check or a diff costs, before and now, against its limit."""
    keys = ("baseline_usd", "monthly_usd") if "verdict" in data else ("before_usd", "after_usd")
    rules = [x for x in data.get("rules", ()) if x["rule"] == "max_monthly_usd"]
    limits = {x["workload"]: -number(x, "strictness") for x in rules}
    rows = [*data["workloads"], {"monthly_usd": None, **data["total"], "workload": None}]
    used = [row for row in rows if any(known(row, key) is not None for key in keys)]
    drawn = used if len(used) <= MOST_ROWS else [*used[: MOST_ROWS - 1], used[-1]]
    compared = any(known(row, keys[0]) is not None for row in drawn)
    found = (
        Limit(at=limits[row["workload"]], label="", row=place)
        for place, row in enumerate(drawn)
        if row["workload"] in limits
    )
    what = "a month by workload"
    yield Chart(
        kind=ChartKind.BARS,
        title=f"{name_of(data['verdict'])}: cost {what}" if "verdict" in data else f"Cost {what}",
        x=Axis(title="USD a month", kind=Kind.USD),
        y=names(row["workload"] or "total" for row in drawn),
        marks=tuple(mark for place, row in enumerate(drawn) for mark in _pair(row, place, keys, limits, compared)),
        limits=tuple(found),
        slots=2 if compared else 1,
        caption=("Upright lines are limits (max_monthly_usd)",) if limits else (),
        left_out=counted({"without a cost": len(rows) - len(used), "further down": len(used) - len(drawn)}),
    )


def _pair(
    row: ChartData, place: int, keys: tuple[str, str], limits: Mapping[Any, Decimal], compared: bool
) -> Iterator[Mark]:
    """The bars of a workload, or of the total: hollow before and full now."""
    name, limit = row["workload"] or "total", limits.get(row["workload"])
    y = Decimal(place)
    if (before := known(row, keys[0])) is not None:
        shown = usd_of(before)
        yield Mark(x=before, y=y, say=said(f"{name}, before", shown), label=shown, series=_BEFORE)
    if (now := known(row, keys[1])) is not None:
        low, high = ends(row, keys[1], "low", "high")
        shown = usd_of(now) + ("" if limit is None else f", limit {usd_of(limit)}")
        ranged = span(low, high, Kind.USD)
        say = said(f"{name}, now", shown, ranged and f"range {ranged}")
        series = _NOW if limit is None or now <= limit else _OVER
        yield Mark(x=now, y=y, low=low, high=high, say=say, label=shown, series=series, slot=1 if compared else 0)
