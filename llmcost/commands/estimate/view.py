"""Estimates as a report: one model with its breakdown, several models, a list of volumes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any

from ...notes import Note, NoteKind
from ...pricing.exact import EXACT, percent_of
from ...report.display import count, ratio, usd
from ...report.estimates import (
    amount,
    estimate_values,
    is_silent,
    lasting_name,
    silent_notes,
    silent_words,
    talk_rows,
    talk_words,
)
from ...report.report import Cell, Column, Kind, Report, Row, Rows, RunForm, Table
from ...report.words import (
    left_out_notes,
    left_out_rows,
    month_label,
    named,
    period,
    price_words,
    volume_words,
    workload_fact,
    workload_words,
)
from ...workload.estimate import Estimate, LeftOut, cheapest_first
from ...workload.model import Bound

FORM = RunForm("llmcost.estimate/1", ("forecast", "estimates", "lines", "totals", "conversations", "left_out"))


def estimate_report(
    estimates: Sequence[Estimate], *, left_out: Sequence[LeftOut] = (), chosen: bool = False, featured: bool = False
) -> Report:
    """The report on one estimate or several; the same model may stand in it for several volumes.

    `chosen`: the user named the models; `featured`: they are those that are listed where nobody asks for others.
    """
    workloads = list({id(x.workload): x.workload for x in estimates}.values())
    bills = Rows(map(estimate_values, estimates))
    data: dict[str, Any] = {"workload": workload_fact(workloads), "estimates": bills}
    silent = silent_notes(estimates)
    tables: tuple[Table, ...]
    if len(estimates) > 1:
        tables = (_table(estimates, bills, silent, several=len(workloads) > 1, chosen=chosen),)
    else:
        data["lines"] = Rows(_line_values(estimates[0]))
        tables = (_breakdown(estimates[0], data["lines"]), _periods(estimates[0]))
    if talks := talk_rows(estimates):
        data["conversations"] = talks
    if left_out:
        data["left_out"] = left_out_rows(left_out)
    return Report(
        schema=FORM.name,
        headline=_headline(estimates, chosen=chosen, featured=featured),
        data=data,
        csv=bills,
        tables=tables,
        assumptions=(*workload_words(workloads), *talk_words(estimates), price_words(estimates)),
        details=volume_words(workloads),
        notes=(*(note for x in estimates for note in x.notes), *silent, *left_out_notes(left_out)),
    )


def _headline(estimates: Sequence[Estimate], *, chosen: bool, featured: bool) -> str:
    if len(estimates) == 1:
        return f"{estimates[0].model.id} costs {amount(estimates[0])}{silent_words(estimates)}"
    cheap, *_, dear = cheapest_first(estimates)
    models, workloads = {x.model.id for x in estimates}, {id(x.workload) for x in estimates}
    if len(workloads) > 1:
        names = cheap.model.id if len(models) == 1 else f"{len(models)} models"
        both = f"{usd(cheap.monthly_usd)} to {usd(dear.monthly_usd)} {period(cheap.workload)}"
        verb, expected = "costs" if len(models) == 1 else "cost", ", expected" if cheap.workload.ranged else ""
        return f"{names} {verb} {both} over {len(workloads)} workloads{expected}"
    tied = [x for x in estimates if x.monthly_usd == cheap.monthly_usd]
    least, names = f"{amount(cheap)}{silent_words(tied)}", named(x.model.id for x in tied)
    verb = "is" if len(tied) == 1 else "are"
    if len(tied) == len(estimates):
        return f"{names} cost the same: {least}"
    if not chosen:
        which = f"{len(models)} featured models (--all: all models)" if featured else f"{len(models)} models"
        return f"{names} {verb} the cheapest of {which}: {least}"
    said = f"{names} {verb} cheapest at {least}"
    if not cheap.monthly_usd:
        return said
    return f"{said}; {dear.model.id} costs {ratio(dear.monthly_usd / cheap.monthly_usd)} times as much"


def _table(estimates: Sequence[Estimate], bills: Rows, silent: Sequence[Note], *, several: bool, chosen: bool) -> Table:
    """A row an estimate; `silent` are the notes on hidden reasoning, `several`: there are several workloads."""
    ranged = any(x.workload.ranged for x in estimates)
    columns = [Column("model", "Model")]
    if several:
        given = {"requests_per_day": "Requests/day", "input_tokens": "Tokens in", "output_tokens": "Tokens out"}
        for key, label in given.items():
            if len({bill[key] for bill in bills}) > 1:
                columns.append(Column(key, label, Kind.COUNT))
    fees = [Column("fees_usd", "Fees", Kind.USD, optional=3)] if any(bill["fees_usd"] for bill in bills) else []
    if ranged:
        columns += [
            Column("monthly_low_usd", "Low", Kind.USD),
            Column("monthly_usd", "Expected", Kind.USD),
            Column("monthly_high_usd", "High", Kind.USD),
        ]
    else:
        columns += [
            Column("input_rate_usd_per_1m", "In/1M", Kind.RATE, optional=1),
            Column("output_rate_usd_per_1m", "Out/1M", Kind.RATE, optional=1),
            Column("input_usd", "Input", Kind.USD, optional=3),
            Column("output_usd", "Output", Kind.USD, optional=3),
            *fees,
            Column("monthly_usd", month_label(estimates[0].workload.days), Kind.USD),
            Column("yearly_usd", "365 days", Kind.USD, optional=2),
        ]
    least = min(x.monthly_usd for x in estimates)
    rows = []
    for bill, x in zip(bills, estimates, strict=True):
        notes = (*x.notes, *(y for y in silent if y.kind is NoteKind.EFFORT and is_silent(x)))
        name = x.model.id if chosen else lasting_name(x)
        rows.append(Row({**bill, "model": name}, notes=notes, best=x.monthly_usd == least))
    things = "rows" if several else "models"
    return Table(columns=tuple(columns), rows=tuple(rows), short=None if chosen else 14, things=things)


_LINE_COLUMNS = (
    Column("unit", "Item"),
    Column("tier", "Tier", optional=1),
    Column("quantity", "Quantity", Kind.COUNT),
    Column("rate_usd", "Rate", Kind.RATE),
    Column("per", "Per", Kind.COUNT),
    Column("usd", "Amount", Kind.USD),
    Column("share_pct", "Share", Kind.PERCENT),
)


def _line_values(x: Estimate) -> list[dict[str, Cell]]:
    bill = x.bills[Bound.EXPECTED].total
    return [
        {
            "unit": line.unit,
            "tier": line.tier,
            "quantity": line.quantity,
            "rate_usd": line.rate,
            "per": line.per,
            "usd": line.usd,
            "share_pct": percent_of(line.usd, bill.usd),
        }
        for line in bill.lines
    ]


def _breakdown(x: Estimate, lines: Rows) -> Table:
    tiers = {line["tier"] for line in lines}
    columns = tuple(c for c in _LINE_COLUMNS if c.key != "tier" or len(tiers) > 1)
    shown = (line for line in lines if count(line["quantity"]) != "0")  # of a cache that is nearly always found
    rows = [Row({**line, "unit": line["unit"].replace("_", " ")}) for line in shown]
    blank: dict[str, Cell] = dict.fromkeys((c.key for c in _LINE_COLUMNS), "")
    rows.append(Row({**blank, "unit": "total", "usd": x.monthly_usd, "share_pct": Decimal(100)}, total=True))
    return Table(title="Expected" if x.workload.ranged else "", columns=columns, rows=tuple(rows))


def _periods(x: Estimate) -> Table:
    """The cost per request, day, month and year; a range has a row for each end."""
    columns = [
        Column("per_request", "Per request", Kind.USD),
        Column("day", "Day", Kind.USD),
        Column("month", month_label(x.workload.days), Kind.USD),
        Column("year", "365 days", Kind.USD),
    ]
    rows = []
    for end in Bound if x.workload.ranged else (Bound.EXPECTED,):
        bill = x.bills[end]
        with localcontext(EXACT):
            daily = bill.total.usd / x.workload.days
            values: dict[str, Cell] = {
                "end": end,
                "per_request": bill.per_request.usd,
                "day": daily,
                "month": bill.total.usd,
                "year": daily * 365,
            }
        rows.append(Row(values))
    if x.workload.ranged:
        columns.insert(0, Column("end", ""))
    return Table(columns=tuple(columns), rows=tuple(rows))
