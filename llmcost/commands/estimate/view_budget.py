"""What a budget pays for as a report: requests a day on one model or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...report.display import count, usd
from ...report.estimates import estimate_values, silent_notes
from ...report.report import Cell, Column, Kind, Report, Row, Rows, Table
from ...report.words import (
    left_out_notes,
    left_out_rows,
    month_label,
    period,
    price_words,
    request_words,
    some,
    workload_fact,
)
from ...workload.budget import Affordable
from ...workload.estimate import LeftOut
from ...workload.lengths import Bound
from .view import FORM


def budget_report(found: Sequence[Affordable], *, left_out: Sequence[LeftOut] = ()) -> Report:
    """The report on what a budget pays for, the most requests first."""
    estimates = [x.estimate for x in found]
    first = estimates[0].workload
    rows = Rows(map(_values, found))
    data: dict[str, Any] = {
        "budget_usd": found[0].budget,
        "workload": workload_fact([x.workload for x in estimates]),
        "estimates": rows,
    }
    if left_out:
        data["left_out"] = left_out_rows(left_out)
    return Report(
        schema=FORM.name,
        headline=_headline(found),
        data=data,
        csv=rows,
        tables=(_table(found, rows),),
        assumptions=(
            f"Budget: {usd(found[0].budget)} {period(first)}, rounded down to whole requests a day",
            *request_words(first),
            price_words(estimates),
        ),
        notes=(*(note for x in estimates for note in x.notes), *silent_notes(estimates), *left_out_notes(left_out)),
    )


def _headline(found: Sequence[Affordable]) -> str:
    first, last = found[0], found[-1]
    head = f"{usd(first.budget)} {period(first.estimate.workload)} pays for {_requests(first)}"
    head += f" on {first.estimate.model.id}"
    if len(found) == 1:
        return head
    return f"{head}, the most of {len(found)}; for {_requests(last)} on {last.estimate.model.id}"


def _requests(x: Affordable) -> str:
    """`10,256 requests a day`, or their range and what is expected."""
    if x.requests is None:
        return "any number of requests"
    if not x.estimate.workload.ranged:
        return f"{some(x.requests[Bound.EXPECTED], 'request')} a day"
    low, expected, high = (count(x.requests[end]) for end in Bound)
    return f"{low} to {high} requests a day (expected {expected})"


def _values(x: Affordable) -> dict[str, Cell]:
    numbers = x.requests or dict.fromkeys(Bound)
    return {
        **estimate_values(x.estimate),
        "affordable_requests_per_day": numbers[Bound.EXPECTED],
        "affordable_low": numbers[Bound.LOW],
        "affordable_high": numbers[Bound.HIGH],
    }


def _table(found: Sequence[Affordable], rows: Rows) -> Table:
    first = found[0].estimate.workload
    ends = (Column("affordable_low", "Low", Kind.COUNT), Column("affordable_high", "High", Kind.COUNT))
    expected = Column("affordable_requests_per_day", "Expected" if first.ranged else "Requests/day", Kind.COUNT)
    columns = (
        Column("model", "Model"),
        *((ends[0], expected, ends[1]) if first.ranged else (expected,)),
        Column("per_request_usd", "Per request", Kind.USD, optional=1),
        Column("monthly_usd", month_label(first.days), Kind.USD, optional=2),
    )
    pairs = zip(rows, found, strict=True)
    return Table(columns=columns, rows=tuple(Row(values, notes=x.estimate.notes) for values, x in pairs))
