"""What was used and what it cost as a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ...notes import Note, NoteKind
from ...pricing.exact import percent_of
from ...report.display import count, percent, usd
from ...report.logs import LEFT_OUT, formats_words, left_out_words, log_notes, read_words
from ...report.report import Column, Kind, Report, Row, Rows, RunForm, Table, known
from ...report.words import some
from ...usage.cube import PERIODS
from ...usage.lacking import uncounted_words
from ...usage.price import NO_DATE, PricedCell, Spend, requests_of
from ...usage.record import Grain
from ...usage.saved import SCHEMA, cell_rows, grouped, made_of, sums, totals
from ...usage.sources import Sources

FORM = RunForm(SCHEMA, ("what_if_models", "forecast_parts", "workloads", "groups", "logged_models", "cells"))

_TOKEN_COLUMNS = (
    Column("input_tokens", "Tokens in", Kind.COUNT, optional=2),
    Column("cache_read_tokens", "Cached", Kind.COUNT, optional=4),
    Column("output_tokens", "Tokens out", Kind.COUNT, optional=2),
)


def usage_report(spend: Spend, by: str, sources: Sources, own: Sequence[str] = ()) -> Report:
    """The report on what logs have, a row for each value `by`; `own` are prices and discounts beside the tables."""
    whole = totals(spend)
    groups = _groups(spend, by, whole)
    unpriced = _unpriced_notes(spend, by)
    billed = all(x.cell.key.grain is Grain.CHARGE for x in spend.counted)
    columns = (
        Column(by, by.capitalize()),
        *known(groups, Column("requests", "Requests", Kind.COUNT, optional=1)),
        *(_TOKEN_COLUMNS if not billed or whole["input_tokens"] or whole["output_tokens"] else ()),
        *known(groups, Column("logged_usd", "Logged", Kind.USD, optional=1)),
        *([] if billed else [Column("repriced_usd", "Cost", Kind.USD)]),
        *known(groups, Column("share_pct", "Share", Kind.PERCENT, optional=3)),
    )
    standard = "standard" if by == "tier" else None
    rows = [Row({**x, by: x[by] or standard}, notes=unpriced.get(x[by], ())) for x in groups]
    if len(rows) > 1:
        rows.append(
            Row({**whole, by: "total", "share_pct": Decimal(100) if whole["repriced_usd"] else None}, total=True)
        )
    return Report(
        schema=FORM.name,
        headline=_headline(spend, whole),
        data={
            "totals": whole,
            "read": {
                "files": sources.files,
                "formats": sources.formats,
                "files_not_read": sources.not_read,
                "not_read": [*sources.strange, *sources.special],
                "files_unfinished": len(sources.unfinished),
                "records_without_a_date": spend.undated + sources.undated,
            },
            "made": made_of(spend.cube),
            "groups": groups,
            "cells": Rows(cell_rows(spend)),
        },
        csv=groups,
        tables=(Table(columns=columns, rows=tuple(rows), short=14, things=f"{by}s", newest=by in PERIODS),),
        assumptions=tuple(_assumptions(spend, whole, sources, own)),
        details=(*formats_words(sources), _rows_words(spend)),
        notes=(*_notes(spend, sources), *_unnamed(groups, by), *spend.notes),
    )


def _groups(spend: Spend, by: str, whole: Mapping[str, Any]) -> Rows:
    """A row for each value, models and names by what they cost, times in their order."""
    rows = []
    for value, cells in grouped(spend.counted, lambda x: spend.value(x, by)).items():
        found = sums(cells)
        cost = found["repriced_usd"]
        share = None if cost is None else percent_of(cost, whole["repriced_usd"])
        unpriced = sum(x.cell.records for x in cells if x.reason is not None)
        rows.append({by: value, **found, "share_pct": share, "unpriced_records": unpriced})
    if by not in PERIODS:
        rows.sort(key=lambda x: (-(x["repriced_usd"] or 0), -x["input_tokens"], x[by] or ""))
    keys = dict.fromkeys(key for row in rows for key in row)
    return Rows({key: row.get(key, 0) for key in keys} for row in rows)


def _headline(spend: Spend, whole: Mapping[str, Any]) -> str:
    cells = spend.counted
    requests = whole["requests"]
    what = some(requests, "request") if requests is not None else some(sum(x.cell.records for x in cells), "record")
    days = sorted(day for x in cells if (day := x.cell.key.shown) is not None)
    when = "" if not days else f" on {days[0]}" if days[0] == days[-1] else f" from {days[0]} to {days[-1]}"
    cost, logged = whole["repriced_usd"], whole["logged_usd"]
    undated = f"{some(spend.undated, 'record')} without a date left out" if spend.undated else ""
    words = (_unpriced_words(spend) if spend.unpriced else "", undated, uncounted_words(spend.cube.rows))
    lacks = [*filter(None, words)]
    least = "at least " if lacks else ""
    if cost or (cost is not None and not lacks):
        said = f"{least}{usd(cost)} for {what}{when}"
    else:
        said = f"{what}{when}: " + (f"{least}{usd(logged)} as logged" if logged is not None else "cost unknown")
    return "; ".join([said, *lacks])


def _unpriced_words(spend: Spend) -> str:
    models = {x.cell.key.model for x in spend.counted}
    lacking = {x.cell.key.model for x in spend.unpriced}
    records = sum(x.cell.records for x in spend.counted)
    unpriced = sum(x.cell.records for x in spend.unpriced)
    share = percent(percent_of(Decimal(unpriced), Decimal(records)) or Decimal(0))
    if any(x.reason is None and x.cell.key.model in lacking for x in spend.counted):  # of a model some are priced
        return f"{count(unpriced)} of {some(records, 'record')} unpriced ({share})"
    return f"{len(lacking)} of {some(len(models), 'model')} unpriced ({share} of the records)"


def _assumptions(spend: Spend, whole: Mapping[str, Any], sources: Sources, own: Sequence[str]) -> list[str]:
    """Where the numbers are from, what was left out, and at which prices."""
    lines = [f"Read: {read_words(spend.cube, sources)}"]
    if left := left_out_words(spend.cube, 3):
        lines.append(f"Left out: {left}")
    if whole["repriced_usd"] is not None:
        days = "" if spend.cube.zone is None else f"; days of {spend.cube.zone}"
        less = f", with {' and '.join(own)}" if own else ""
        lines.append(f"List prices of each UTC day{less}, by tier and request length{days}")
    return lines


def _notes(spend: Spend, sources: Sources) -> list[Note]:
    notes = []
    if spend.cube.zone and any(x.cell.key.grain is not Grain.REQUEST for x in spend.cells):
        text = f"sums of a UTC day stay on that day: --tz {spend.cube.zone} cannot divide them"
        notes.append(Note(NoteKind.CONTEXT, text))
    if any(x.cell.key.grain is Grain.BUCKET for x in spend.cells):
        notes.append(
            Note(NoteKind.CONTEXT, "sums of many requests are priced as short requests: their lengths are unknown")
        )
    if spend.charged_usd is not None:
        notes.append(Note(NoteKind.FEE, f"the cost report among the files adds up to {usd(spend.charged_usd)}"))
    if any("cache_write_tokens" in x.cell.tokens and "cache_write_1h_tokens" not in x.cell.tokens for x in spend.cells):
        text = "cache writes whose lifetime is not logged are priced at the 5-minute rate"
        notes.append(Note(NoteKind.CACHING, text, detail=True))
    if "claude-code" in sources.formats:
        text = "Claude Code shortens and deletes old sessions, so totals can shrink: keep them with -o usage.json"
        notes.append(Note(NoteKind.HISTORY, text, detail=True))
    return [*notes, *log_notes(spend.cube, sources)]


def _unnamed(groups: Rows, by: str) -> list[Note]:
    """A note where the one group is what no log names."""
    if by == "tier" or [x[by] for x in groups] != [None]:
        return []
    return [Note(NoteKind.LEFT_OUT, f"the logs do not say the {by} of a request")]


def _rows_words(spend: Spend) -> str:
    """What became of every row, as a sum."""
    counts = spend.cube.counts
    parts = counts.get("parts", 0)
    found = [some(counts["records"], "record")] if counts.get("records") else []
    kinds = {**LEFT_OUT, "other": "not calls"}
    found += [f"{count(counts[name])} {words}" for name, words in kinds.items() if counts.get(name)]
    more = f" and {some(parts, 'further part')} of them" if parts else ""
    return f"Rows: {count(counts.get('rows', 0))}{more} = {' + '.join(found) or '0 records'}"


def _unpriced_notes(spend: Spend, by: str) -> dict[str | None, tuple[Note, ...]]:
    """Why cells have no price, by the row that they are in."""
    found: dict[str | None, tuple[Note, ...]] = {}
    for reason, cells in grouped(spend.unpriced, lambda x: x.reason).items():
        note = Note(NoteKind.MISSING, f"not priced, {reason}: {_volume(cells)}{_way_out(str(reason), cells)}")
        for value in dict.fromkeys(spend.value(x, by) for x in cells):
            found[value] = (*found.get(value, ()), note)
    return found


def _volume(cells: Sequence[PricedCell]) -> str:
    inner = [x.cell for x in cells]
    requests = requests_of(inner)
    number = some(sum(x.records for x in inner), "record") if requests is None else some(requests, "request")
    tokens = sum(x.tokens.get("input_tokens", 0) + x.tokens.get("output_tokens", 0) for x in inner)
    return f"{number}, {count(tokens)} tokens"


def _way_out(reason: str, cells: Sequence[PricedCell]) -> str:
    if reason == NO_DATE:
        return " (to price it: --on DATE)"
    if reason.endswith("by several providers"):
        return " (to price it: --provider PROVIDER)"
    name = cells[0].cell.key.model
    return f" (to price it: --map {name}=MODEL)" if reason.startswith("unknown model") else ""
