"""A forecast as a report: a row for each month, split where a price changes or a model is shut down."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ...report.display import count, usd
from ...report.estimates import estimate_values, silent_notes, silent_words
from ...report.report import Cell, Column, Kind, Report, Row, Rows, Table
from ...report.words import exact_percent, price_words, some, workload_fact, workload_words
from ...workload.forecast import Forecast, Segment
from .view import FORM

_COLUMNS = (
    Column("model", "Model"),
    Column("month", "Month", Kind.COUNT),
    Column("from", "From", Kind.DATE),
    Column("to", "To", Kind.DATE, optional=1),
    Column("requests", "Requests", Kind.COUNT, optional=2),
    Column("usd", "Cost", Kind.USD),
    Column("after_shutdown", "After shutdown"),
)
_SHORT = 8
"""Up to so many segments a short answer has all, of more each model's first, last and those around its changes."""
_BILLED_AS = Column("billed_as", "Billed as")


def forecast_report(forecasts: Sequence[Forecast]) -> Report:
    """The report on the forecasts of one model or several."""
    first = forecasts[0]
    growth = f"Forecast: {_span(first)}, requests change by {exact_percent(first.growth)} each month"
    data: dict[str, Any] = {
        "workload": workload_fact([first.estimate.workload]),
        "growth": first.growth,
        "months": first.months,
        "estimates": Rows(estimate_values(x.estimate) for x in forecasts),
        "forecast": Rows(_values(x, segment) for x in forecasts for segment in x.segments),
        "totals": Rows(map(_totals, forecasts)),
    }
    return Report(
        schema=FORM.name,
        headline="; ".join(map(_headline, forecasts)),
        data=data,
        csv=data["forecast"],
        tables=(_table(forecasts),),
        assumptions=(
            *workload_words([first.estimate.workload]),
            growth,
            price_words([x.estimate for x in forecasts]),
        ),
        notes=(*(note for x in forecasts for note in x.notes), *silent_notes([x.estimate for x in forecasts])),
    )


def _headline(x: Forecast) -> str:
    text = f"{x.estimate.model.id} costs {usd(x.total_usd)} over {_span(x)} from {x.estimate.day}"
    billed = x.usd_by_biller
    if len(billed) > 1:
        text += f" ({', then '.join(f'{usd(amount)} as {model}' for model, amount in billed.items())})"
    if x.after_shutdown_usd and x.before_shutdown_usd:
        text += f" ({usd(x.before_shutdown_usd)} until its shutdown, {usd(x.after_shutdown_usd)} after it)"
    return f"{text}{silent_words([x.estimate])}"


def _span(x: Forecast) -> str:
    days = x.estimate.workload.days
    return some(x.months, "month") + ("" if days == 30 else f" of {count(days)} days")


def _table(forecasts: Sequence[Forecast]) -> Table:
    """The segments with their sums; one model needs no column of its own.

    Where a model redirects, who bills is told, and whether it still answers only where another one may not.
    """
    columns = _COLUMNS if len(forecasts) > 1 else _COLUMNS[1:]
    if any(segment.billed_as != x.estimate.model.id for x in forecasts for segment in x.segments):
        kept = columns if any(not x.estimate.model.target for x in forecasts) else columns[:-1]
        columns = (*kept, _BILLED_AS)
    blank: dict[str, Cell] = dict.fromkeys((column.key for column in columns), "")
    many = sum(len(x.segments) for x in forecasts) > _SHORT
    rows = []
    for x in forecasts:
        rows += [Row(_values(x, y), detail=many and not told) for y, told in zip(x.segments, _weighty(x), strict=True)]
        parts = {"until shutdown": x.before_shutdown_usd, "after shutdown": x.after_shutdown_usd}
        sums = {**(parts if all(parts.values()) else {}), "total": x.total_usd}
        for name, amount in sums.items():
            rows.append(Row({**blank, "model": x.estimate.model.id, "month": name, "usd": amount}, total=True))
    return Table(columns=columns, rows=tuple(rows), things="months")


def _weighty(x: Forecast) -> list[bool]:
    """Which segments are the first, the last, or beside one of another biller or of the same month."""
    split = [
        a.month == b.month or a.billed_as != b.billed_as or a.after_shutdown != b.after_shutdown
        for a, b in pairwise(x.segments)
    ]
    return [before or after for before, after in zip([True, *split], [*split, True], strict=True)]


def _values(x: Forecast, segment: Segment) -> dict[str, Cell]:
    return {
        "model": x.estimate.model.id,
        "month": segment.month,
        "from": segment.start,
        "to": segment.end,
        "requests": segment.requests,
        "usd": segment.usd,
        "after_shutdown": segment.after_shutdown,
        "billed_as": segment.billed_as,
    }


def _totals(x: Forecast) -> dict[str, Cell]:
    sums = ("total_usd", "before_shutdown_usd", "after_shutdown_usd")
    return {"model": x.estimate.model.id, **{name: getattr(x, name) for name in sums}}
