"""Estimates as a report: one model with its breakdown, several models, a list of volumes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from ...pricing.exact import EXACT
from ...workload.estimate import Estimate, LeftOut, cheapest_first
from ...workload.model import End
from ..display import ratio, usd
from ..report import Cell, Column, Kind, Report, Row, Table
from .words import left_out_notes, period, price_words, workload_fact, workload_words

if TYPE_CHECKING:
    from ...gate.limit import Verdict

SCHEMA = "llmcost.estimate/1"

MACHINE_COLUMNS = (
    Column("model", "Model"),
    Column("monthly_usd", "Month", Kind.USD),
    Column("per_request_usd", "Per request", Kind.USD),
    Column("input_usd", "Input", Kind.USD),
    Column("output_usd", "Output", Kind.USD),
    Column("fees_usd", "Fees", Kind.USD),
    Column("daily_usd", "Day", Kind.USD),
    Column("yearly_usd", "Year", Kind.USD),
    Column("monthly_low_usd", "Low", Kind.USD),
    Column("monthly_high_usd", "High", Kind.USD),
    Column("requests_per_day", "Requests/day", Kind.COUNT),
    Column("input_tokens", "Tokens in", Kind.COUNT),
    Column("output_tokens", "Tokens out", Kind.COUNT),
    Column("input_rate_usd_per_1m", "In/1M", Kind.RATE),
    Column("output_rate_usd_per_1m", "Out/1M", Kind.RATE),
    Column("shutdown", "Shutdown", Kind.DATE),
    Column("checked", "Checked", Kind.DATE),
    Column("source", "Source"),
    Column("price_table", "Price table"),
)


def estimate_values(x: Estimate) -> dict[str, Cell]:
    """Return one estimate as the flat values that every format chooses from."""
    bill = x.bills[End.EXPECTED]
    return {
        "model": x.model.id,
        "monthly_usd": bill.total.usd,
        "per_request_usd": bill.per_request.usd,
        "input_usd": bill.total.input_usd,
        "output_usd": bill.total.output_usd,
        "fees_usd": bill.total.fees_usd,
        "daily_usd": x.daily_usd,
        "yearly_usd": x.yearly_usd,
        "monthly_low_usd": x.monthly_at(End.LOW),
        "monthly_high_usd": x.monthly_at(End.HIGH),
        "requests_per_day": x.workload.daily_requests(),
        "input_tokens": bill.usage.input_tokens,
        "output_tokens": bill.usage.output_tokens,
        "input_rate_usd_per_1m": x.input_rate,
        "output_rate_usd_per_1m": x.output_rate,
        "shutdown": x.model.shutdown,
        "checked": x.model.checked,
        "source": x.model.source,
        "price_table": x.origin,
    }


def estimate_report(
    estimates: Sequence[Estimate], *, left_out: Sequence[LeftOut] = (), verdict: Verdict | None = None
) -> Report:
    """Return the report on one estimate or several; the same model may stand in it for several volumes."""
    workloads = list({id(x.workload): x.workload for x in estimates}.values())
    several = len(estimates) > 1
    tables = [machine_table(estimates)]
    if several:
        tables.append(_table(estimates, tables[0].rows, listed=len(workloads) > 1))
    else:
        tables += [_lines(estimates[0], human=False), _breakdown(estimates[0]), _periods(estimates[0])]
    facts = {"workload": workload_fact(workloads)}
    return Report(
        schema=SCHEMA,
        headline=_headline(estimates),
        facts={**facts, "gate": gate_fact(verdict)} if verdict else facts,
        tables=tuple(tables),
        assumptions=(*workload_words(workloads), price_words(estimates)),
        notes=left_out_notes(left_out),
    )


def gate_fact(verdict: Verdict) -> dict[str, object]:
    """Return a verdict as the `gate` object of the JSON."""
    over = list(dict.fromkeys(x.estimate.model.id for x in verdict.over))
    return {"limit_usd": verdict.limit, "passed": verdict.passed, "over": over}


def amount(x: Estimate) -> str:
    """Return the cost in words: `$585.00 a month`, or its range and its middle."""
    if not x.workload.ranged:
        return f"{usd(x.monthly_usd)} {period(x.workload)}"
    low, high = usd(x.monthly_at(End.LOW)), usd(x.monthly_at(End.HIGH))
    return f"{low} to {high} {period(x.workload)} (expected {usd(x.monthly_usd)})"


def _headline(estimates: Sequence[Estimate]) -> str:
    if len(estimates) == 1:
        return f"{estimates[0].model.id} costs {amount(estimates[0])}"
    cheap, *_, dear = cheapest_first(estimates)
    models, workloads = {x.model.id for x in estimates}, {id(x.workload) for x in estimates}
    if len(workloads) > 1:
        names = cheap.model.id if len(models) == 1 else f"{len(models)} models"
        both = f"{usd(cheap.monthly_usd)} to {usd(dear.monthly_usd)} {period(cheap.workload)}"
        verb, expected = "costs" if len(models) == 1 else "cost", ", expected" if cheap.workload.ranged else ""
        return f"{names} {verb} {both} over {len(workloads)} workloads{expected}"
    tied = [x.model.id for x in estimates if x.monthly_usd == cheap.monthly_usd]
    names = f"{' and '.join(tied)} are" if len(tied) > 1 else f"{tied[0]} is"
    headline = f"{names} the cheapest of {len(estimates)} at {amount(cheap)}"
    if not cheap.monthly_usd or len(tied) == len(estimates):
        return headline
    return f"{headline}; {dear.model.id} costs {ratio(dear.monthly_usd / cheap.monthly_usd)} times that"


def machine_table(estimates: Sequence[Estimate], *, noted: bool = True) -> Table:
    """Return the estimates as machine formats have them, with their notes or without."""
    rows = tuple(Row(estimate_values(x), notes=x.notes if noted else ()) for x in estimates)
    return Table(name="estimates", columns=MACHINE_COLUMNS, rows=rows, human=False)


def _table(estimates: Sequence[Estimate], rows: tuple[Row, ...], *, listed: bool) -> Table:
    ranged = any(x.workload.ranged for x in estimates)
    columns = [Column("model", "Model")]
    if listed:
        given = {"requests_per_day": "Requests/day", "input_tokens": "Tokens in", "output_tokens": "Tokens out"}
        for key, label in given.items():
            if len({row.values[key] for row in rows}) > 1:
                columns.append(Column(key, label, Kind.COUNT))
    fees = [Column("fees_usd", "Fees", Kind.USD, optional=2)] if any(row.values["fees_usd"] for row in rows) else []
    if ranged:
        columns += [
            Column("monthly_low_usd", "Low", Kind.USD),
            Column("monthly_usd", "Expected", Kind.USD),
            Column("monthly_high_usd", "High", Kind.USD),
        ]
    else:
        columns += [
            Column("input_rate_usd_per_1m", "In/1M", Kind.RATE, optional=3),
            Column("output_rate_usd_per_1m", "Out/1M", Kind.RATE, optional=3),
            Column("input_usd", "Input", Kind.USD, optional=2),
            Column("output_usd", "Output", Kind.USD, optional=2),
            *fees,
            Column("monthly_usd", "Month" if estimates[0].workload.days == 30 else "Total", Kind.USD),
            Column("yearly_usd", "Year", Kind.USD, optional=1),
        ]
    return Table(name="estimates_shown", columns=tuple(columns), rows=rows, machine=False)


_LINE_COLUMNS = (
    Column("unit", "Item"),
    Column("tier", "Tier", optional=1),
    Column("quantity", "Quantity", Kind.COUNT),
    Column("rate_usd", "Rate", Kind.RATE),
    Column("per", "Per", Kind.COUNT),
    Column("usd", "Amount", Kind.USD),
    Column("share_pct", "Share", Kind.PERCENT),
)


def _lines(x: Estimate, *, human: bool) -> Table:
    bill = x.bills[End.EXPECTED].total
    rows = []
    for line in bill.lines:
        values: dict[str, Cell] = {
            "unit": line.unit.replace("_", " ") if human else line.unit,
            "tier": line.tier,
            "quantity": line.quantity,
            "rate_usd": line.rate,
            "per": line.per,
            "usd": line.usd,
            "share_pct": line.usd * 100 / bill.usd if bill.usd else None,
        }
        rows.append(Row(values))
    return Table(name="lines", columns=_LINE_COLUMNS, rows=tuple(rows), human=human, machine=not human)


def _breakdown(x: Estimate) -> Table:
    table = _lines(x, human=True)
    tiers = {row.values["tier"] for row in table.rows}
    columns = tuple(c for c in table.columns if c.key != "tier" or len(tiers) > 1)
    blank: dict[str, Cell] = dict.fromkeys((c.key for c in _LINE_COLUMNS), "")
    total = Row({**blank, "unit": "total", "usd": x.monthly_usd, "share_pct": Decimal(100)}, total=True)
    title = "Expected" if x.workload.ranged else ""
    return Table(name="breakdown", title=title, columns=columns, rows=(*table.rows, total), machine=False)


def _periods(x: Estimate) -> Table:
    """Return the cost per request, day, month and year; a range has a row for each end."""
    columns = [
        Column("per_request", "Per request", Kind.USD),
        Column("day", "Day", Kind.USD),
        Column("month", "Month" if x.workload.days == 30 else "Total", Kind.USD),
        Column("year", "Year", Kind.USD),
    ]
    rows = []
    for end in End if x.workload.ranged else (End.EXPECTED,):
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
    return Table(name="periods", columns=tuple(columns), rows=tuple(rows), machine=False)
