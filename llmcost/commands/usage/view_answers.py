"""The questions of `usage` as parts of its report: what if, the forecast, the workloads, logged beside repriced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...gate.finding import Level
from ...lazy import dataclass
from ...notes import Note, NoteKind
from ...pricing.exact import percent_of, total
from ...report.display import cell, usd
from ...report.gates import GateResult, against_limit
from ...report.report import Column, Kind, Report, Row, Rows, Table
from ...report.words import named, some, verdict_line
from ...usage.explain import ComparedCost, Explanation
from ...usage.forecast import SpendForecast
from ...usage.lacking import lacking, row_ways
from ...usage.price import Spend
from ...usage.whatif import OtherwiseCell, WhatIf, requests_in
from ...usage.workload import LoggedWorkloads

_SAID = 3
"""So many lines of assumptions has a short answer."""
_RARE = Decimal("0.1")
"""Of fewer requests a day two decimals are not enough."""
_WORKLOAD = (
    *("workload", "model", "tier", "region", "requests", "days", "requests_per_day", "input_tokens", "output_tokens"),
    *("reasoning_tokens", "cached_pct", "cache_write_pct", "cache_write_1h_pct", "prices_on", "usd"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageAnswer:
    """The answer to one question: a sentence, what JSON has, a table, and what there is to say of it.

    `first`: it is what was asked for, and stands before the sums. `brief` is the sentence of a short answer.
    """

    sentence: str
    data: Mapping[str, Any]
    table: Table
    assumptions: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    first: bool = True
    brief: str = ""


def with_answers(report: Report, answers: Sequence[UsageAnswer]) -> Report:
    """The report on what was used with the answers.

    What was asked for comes first, of several questions one sentence each, and the sums are a detail then.
    """
    asked = [x for x in answers if x.first]
    if asked:
        headline, *others = (x.sentence for x in asked)
        tables = tuple(replace(x, short=0) for x in report.tables)
        sentences = (*others, report.headline)
    else:
        headline, tables, sentences = report.headline, report.tables, ()
    found = {key: value for x in answers for key, value in x.data.items()}
    rows = {key: value for key, value in found.items() if isinstance(value, Rows)}
    base = {key: value for key, value in report.data.items() if not isinstance(value, Rows)}
    objects = {key: value for key, value in found.items() if key not in rows}
    beside = [x for x in answers if not x.first]
    said = [line for x in answers for line in x.assumptions]
    brief = (*sentences, *(x.brief or x.sentence for x in beside), *report.sentences) if beside else None
    base_said = report.assumptions[: max(0, _SAID - len(said))] if asked else report.assumptions
    return replace(
        report,
        headline=headline,
        data={**base, **objects, **rows, **report.data},
        csv=next(iter(x for y in asked for x in y.data.values() if isinstance(x, Rows)), report.csv),
        tables=(
            *(x.table if x is asked[0] else replace(x.table, short=0) for x in asked),
            *tables,
            *(x.table for x in beside),
        ),
        sentences=(*sentences, *(x.sentence for x in beside), *report.sentences),
        brief=sentences if len(asked) > 1 else brief,
        assumptions=(*said, *base_said),
        details=(*report.assumptions[len(base_said) :], *report.details),
        notes=(*(note for x in answers for note in x.notes), *report.notes),
    )


def what_if_answer(found: WhatIf, changes: Sequence[str]) -> UsageAnswer:
    """What the same requests would have cost otherwise."""
    rows = Rows(
        (_otherwise_row(name, cells) for name, cells in _by_model(found.cells).items()),
        ("model", "otherwise", "requests", "base_usd", "usd", "difference_usd", "difference_pct", "kept_requests"),
    )
    base, then = found.base_usd or Decimal(0), found.usd or Decimal(0)
    kept = {why: requests_in(cells) for why, cells in found.kept().items()}
    unsure = requests_in(x.was.cell for x in found.cells if x.unsure)
    whole = {"base_usd": base, "usd": then, **_difference(base, then)}
    columns = (
        Column("model", "Model"),
        *([Column("otherwise", "Otherwise", optional=2)] if found.otherwise.models else []),
        Column("requests", "Requests", Kind.COUNT, optional=1),
        Column("base_usd", "Cost", Kind.USD),
        Column("usd", "Would be", Kind.USD),
        Column("difference_pct", "Change", Kind.PERCENT, good=-1),
        *([Column("kept_requests", "Kept", Kind.COUNT, optional=1)] if kept else []),
    )
    listed = [*map(Row, rows)]
    if len(rows) > 1:
        sums = {x: sum(row[x] for row in rows) for x in ("requests", "kept_requests")}
        listed.append(Row({**whole, **sums, "model": "total", "otherwise": ""}, total=True))
    change = whole["difference_pct"]
    share = "" if change is None else f" ({cell(change, Kind.PERCENT_CHANGE)})"
    notes = [Note(NoteKind.LEFT_OUT, f"not changed: {some(x, 'request')}, {why}") for why, x in kept.items()]
    if unsure:
        notes.append(Note(NoteKind.CONTEXT, f"{some(unsure, 'request')} may not fit: their lengths are not known"))
    return UsageAnswer(
        sentence=f"{usd(then)} instead of {usd(base)}{share} with {', '.join(changes)}",
        data={
            "what_if": {
                "changes": tuple(changes),
                **whole,
                "kept": kept,
                "unsure_requests": unsure,
                "unpriced_records": found.unpriced,
            },
            "what_if_models": rows,
        },
        table=Table(columns=columns, rows=tuple(listed), short=8, things="models"),
        assumptions=("What if: the same tokens; other models count the same text differently",),
        notes=tuple(notes),
    )


def _by_model(cells: Iterable[OtherwiseCell]) -> dict[str, list[OtherwiseCell]]:
    """Cells by the model as logged, the dearest first."""
    found: dict[str, list[OtherwiseCell]] = {}
    for x in cells:
        found.setdefault(x.was.cell.key.model, []).append(x)
    return dict(sorted(found.items(), key=lambda item: -total(x.was.usd for x in item[1])))


def _otherwise_row(name: str, cells: Sequence[OtherwiseCell]) -> dict[str, Any]:
    base, then = total(x.was.usd for x in cells), total(x.usd for x in cells)
    models = dict.fromkeys(x.model.id for x in cells if x.kept is None)
    return {
        "model": name,
        "otherwise": ", ".join(models) or None,
        "requests": requests_in(x.was.cell for x in cells),
        "base_usd": base,
        "usd": then,
        **_difference(base, then),
        "kept_requests": requests_in(x.was.cell for x in cells if x.kept is not None),
    }


def _difference(base: Decimal, then: Decimal) -> dict[str, Decimal | None]:
    difference = total((then, -base))
    return {"difference_usd": difference, "difference_pct": percent_of(difference, base)}


def forecast_answer(found: SpendForecast, *, beside: bool = False) -> UsageAnswer:
    """What the days to come will cost; `beside` a what-if, it says that it is of what was used."""
    days = sum(x.days for x in found.parts)
    rows = Rows(
        {"from": x.start, "to": x.end, "days": x.days, "requests": x.requests, "usd": x.usd} for x in found.parts
    )
    columns = (
        Column("from", "From", Kind.DATE),
        Column("to", "To", Kind.DATE),
        Column("days", "Days", Kind.COUNT, optional=1),
        Column("requests", "Requests", Kind.COUNT, optional=1),
        Column("usd", "Cost", Kind.USD),
    )
    whole = tuple(Row({**x, "requests": x["requests"].quantize(Decimal(1))}) for x in rows)
    looked = (found.last - found.first).days + 1
    how = "each weekday at its average" if found.by_weekday else "a run rate: less than a week is known"
    how += ", as it was used" if beside else ""
    low, high = found.low_usd, found.high_usd
    band = "" if low is None or high is None or low == high else f" ({usd(low)} to {usd(high)} as the weeks differ)"
    notes = [Note(NoteKind.PRICE_CHANGE, text) for texts in found.changes.values() for text in texts]
    if found.not_sold:
        number = some(found.not_sold.quantize(Decimal(1)), "request")
        text = f"not in the forecast: {number} whose model or tier is no longer sold then"
        notes.append(Note(NoteKind.MISSING, text))
    if found.after_today:
        text = f"not in the forecast: {some(found.after_today, 'record')} dated after today"
        notes.append(Note(NoteKind.LEFT_OUT, text))
    return UsageAnswer(
        sentence=f"{usd(found.usd)}{band} in {some(days, 'day')} from {found.parts[0].start} on, {how}",
        data={
            "forecast": {
                "days": days,
                "usd": found.usd,
                "low_usd": low,
                "high_usd": high,
                "by_weekday": found.by_weekday,
                "looked_at_from": found.first,
                "looked_at_to": found.last,
                "not_sold_requests": found.not_sold,
            },
            "forecast_parts": rows,
        },
        table=Table(columns=columns, rows=whole, title="Forecast", short=8, things="parts"),
        assumptions=(f"Forecast: from {some(looked, 'whole day')}, {found.first} to {found.last}",),
        notes=tuple(notes),
    )


def workload_answer(found: LoggedWorkloads) -> UsageAnswer:
    """The workloads whose estimates are what the requests did cost."""
    told = Rows(
        (
            {
                "workload": x.name,
                "model": x.model.id,
                "tier": x.tier,
                "region": x.region,
                "requests": x.requests,
                "days": x.days,
                "prices_on": x.at,
                "usd": x.usd,
                **x.numbers(),
            }
            for x in found.workloads
        ),
        _WORKLOAD,
    )
    rare = any(x["requests_per_day"] < _RARE for x in told)
    columns = (
        Column("workload", "Workload"),
        Column("requests_per_day", "Per day", Kind.RATIO if rare else Kind.COUNT, optional=1),
        Column("input_tokens", "In", Kind.COUNT),
        Column("output_tokens", "Out", Kind.COUNT),
        Column("cached_pct", "Cached", Kind.PERCENT, optional=2),
        Column("usd", "Cost", Kind.USD),
    )
    left_out = [f"not in a workload: {some(x, 'record')}, {why}" for why, x in found.left_out.items()]
    cost = total(x.usd for x in found.workloads)
    return UsageAnswer(
        sentence=f"{some(len(told), 'workload')} in the logs, which cost {usd(cost)}",
        data={"workloads_left_out": dict(found.left_out), "workloads": told},
        table=Table.of(told, *columns, title="Workloads", short=8, things="workloads"),
        notes=tuple(Note(NoteKind.LEFT_OUT, text) for text in left_out),
    )


def logged_answer(found: Explanation) -> UsageAnswer:
    """What was logged beside what it costs, and why these differ."""
    rows = Rows(map(_compared_row, found.models))
    columns = (
        Column("model", "Model"),
        Column("records", "Records", Kind.COUNT, optional=1),
        Column("logged_usd", "Logged", Kind.USD),
        Column("repriced_usd", "List prices", Kind.USD),
        Column("difference_usd", "Difference", Kind.USD),
        Column("cause", "Cause"),
    )
    brief, causes = _compared_words(found)
    said = [f"{brief}{causes}"]
    if found.not_logged:
        has = "has" if found.not_logged == 1 else "have"
        cost = usd(found.not_logged_usd or Decimal(0))
        said.append(f"{some(found.not_logged, 'record')} of {cost} {has} no logged cost")
    if found.not_priced_usd is not None:
        said.append(f"{usd(found.not_priced_usd)} more is logged for unpriced records")
    one = found.whole.cause or found.whole.agrees or len(found.models) == 1
    whole = {key: x for key, x in _compared_row(found.whole).items() if key != "model"}
    return UsageAnswer(
        sentence=". ".join(said),
        brief=f"{brief}{causes}" if one else f"{brief.partition(' (')[0]}; --details has more",
        data={
            "logged": {**whole, "not_logged_records": found.not_logged, "not_logged_usd": found.not_logged_usd},
            "logged_models": rows,
        },
        table=Table(
            columns=columns,
            rows=tuple(Row({**x, "difference_usd": Decimal(0)} if x["agrees"] else x) for x in rows),
            title="Logged cost beside list prices",
            short=0,
            things="models",
        ),
        first=False,
    )


def _compared_row(x: ComparedCost) -> dict[str, Any]:
    return {
        "model": x.model,
        "records": x.records,
        "logged_usd": x.logged_usd,
        "repriced_usd": x.repriced_usd,
        "difference_usd": x.difference_usd,
        "agrees": x.agrees,
        "cause": x.cause,
    }


def _compared_words(found: Explanation) -> tuple[str, str]:
    x = found.whole
    if x.agrees:
        return f"Logged cost: {usd(x.logged_usd)}, as at list prices", ""
    causes = dict.fromkeys(y.cause for y in found.models if y.cause)
    why = [f"{_of(found, cause)}: {cause}" for cause in causes]
    if any(y.cause is None and not y.agrees for y in found.models):
        why.append(f"no known mistake explains {_of(found, None)}")
    more = "more" if x.difference_usd > 0 else "less"
    said = (
        f"Logged cost: {usd(x.logged_usd)}, {usd(abs(x.difference_usd))} {more} than at list prices "
        f"({usd(x.repriced_usd)})"
    )
    if len(why) > 2:
        why[2:] = ["--details has all"]
    return said, f": {x.cause or '; '.join(why)}"


def _of(found: Explanation, cause: str | None) -> str:
    """The models whose costs differ for a cause: the first two of them."""
    return named((x.model or "" for x in found.models if x.cause == cause and not x.agrees), 2)


def spend_gate(spend: Spend, limit: Decimal, missing: Sequence[str] = (), *, beside: bool = False) -> GateResult:
    """The gate of a limit on what was spent.

    What is within the limit cannot be judged where anything has no known cost, or nothing has one. `missing` is what
    the logs may lack, in words: it is a warning. `beside` a what-if, the line says that it is of what was used.
    """
    what = "the cost as it was used" if beside else "the cost"
    cost, lacks = spend.spent_usd, lacking(spend.counted, spend.cube.rows, spend.undated)
    if spend.charged_usd is not None and cost != spend.usd:
        what = f"{what} with the bills among the files"
    if cost is None:
        level, said = Level.UNJUDGED, f"{what} is unknown: {lacks.words or 'no record of a request'}"
    else:
        shown, within = against_limit(cost, limit)
        doubts = [lacks.words] if lacks.words else list(missing)
        level = Level.FAIL if cost > limit else Level.UNJUDGED if lacks.words else Level.WARN if missing else Level.PASS
        least = "at least " if doubts else ""
        said = ", but ".join([f"{what} is {least}{shown}, {within}", *filter(None, [" and ".join(doubts)])])
    ways = row_ways(spend.cube.rows) if level is Level.UNJUDGED else []
    return GateResult(
        verdict=level,
        lines=(verdict_line("; ".join([said, *ways]), level),),
        fact={"limit_usd": limit, "passed": level.passes, "verdict": level, "cost_usd": cost},
    )
