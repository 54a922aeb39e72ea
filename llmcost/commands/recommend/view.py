"""A recommendation as a report: the cheapest model that meets the needs, the next ones, and what others failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...notes import Note, NoteKind
from ...report.display import count, percent, usd
from ...report.estimates import amount, estimate_values
from ...report.report import Cell, Column, Kind, Report, Row, Rows, RunForm, Table
from ...report.scores import REASONED, UNVERIFIED_SCORE, score_words
from ...report.words import (
    in_brackets,
    left_out_notes,
    left_out_rows,
    month_label,
    period,
    price_words,
    saving_words,
    workload_fact,
    workload_words,
)
from ...scores.model import ScoreBook, Status
from ...scores.recommend import BarStatus, Candidate, NeedResult, Recommendation, TaskNeed
from ...workload.compare import saving
from ...workload.estimate import Estimate, LeftOut
from .view_needs import asked_words, bar_words, failed_words, met_words, reading_words

FORM = RunForm("llmcost.recommend/1", ("candidates", "scores", "left_out"))

_SCORES = (
    *("model", "task", "benchmark", "bar", "found", "score", "low", "high", "effort", "measured_on", "unverified"),
    *("source", "date", "reported_by"),
)
_UNSURE = Note(NoteKind.INTERVAL, "the score meets the bar and the end of its 95% interval does not: see --confident")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a report on a recommendation has besides it.

    `against` is what the saving is measured against (None: nothing). `top` is how
    many runners-up and near misses people see.
    """

    top: int
    against: Estimate | None = None
    left_out: Sequence[LeftOut] = ()


def recommend_report(book: ScoreBook, found: Recommendation, shown: Shown) -> Report:
    """The report on a recommendation; at least one model must be priced."""
    candidates = (*found.meeting, *found.missing)
    estimates = [x.estimate for x in candidates]
    rows = Rows(_values(book, x, shown, confident=found.needs.confident) for x in candidates)
    return Report(
        schema=FORM.name,
        headline=_headline(book, found, shown),
        data={
            **_facts(found, shown),
            "workload": workload_fact([estimates[0].workload]),
            "candidates": rows,
            "scores": Rows(_score_values(candidates), _SCORES),
            "left_out": left_out_rows(shown.left_out),
        },
        csv=rows,
        tables=(_meeting_table(book, found, shown), _missing_table(book, found, shown)),
        sentences=(*_next_words(found), *asked_words(book, found.needs), *_unknown_words(found)),
        assumptions=(*_job_words(estimates[0]), price_words(estimates)),
        notes=left_out_notes(shown.left_out),
    )


def _headline(book: ScoreBook, found: Recommendation, shown: Shown) -> str:
    models = len(found.meeting) + len(found.missing)
    if not found.meeting:
        near = found.missing[0]
        misses = "; ".join(failed_words(book, near, confident=found.needs.confident))
        nearest = f"the nearest is {near.estimate.model.id} at {amount(near.estimate)}"
        return f"none of {models} models meets the needs; {nearest}: {misses}"
    best = found.meeting[0]
    reasons = "; ".join(met_words(book, best, confident=found.needs.confident))
    of = (
        f"the cheapest of {len(found.meeting)} models that meet the needs"
        if len(found.meeting) > 1
        else "the one that meets the needs"
    )
    said = f"{_named(best.estimate)} at {amount(best.estimate)} is {of}: {reasons}"
    if shown.against is None or shown.against.model.id == best.estimate.model.id:
        return said
    saved = saving(shown.against, best.estimate)
    base = f"{shown.against.model.id} at {usd(shown.against.monthly_usd)}"
    return f"{said}; it {saving_words(saved.saving_usd)}{in_brackets(saved.saving_pct)} against {base}"


def _named(x: Estimate) -> str:
    """The model, and when it shuts down or did."""
    if x.model.shutdown is None:
        return x.model.id
    return f"{x.model.id} ({'shut down' if x.model.retired(x.day) else 'shuts down'} on {x.model.shutdown})"


def _values(book: ScoreBook, x: Candidate, shown: Shown, *, confident: bool) -> dict[str, Cell]:
    saved = None if shown.against is None else saving(shown.against, x.estimate)
    of_estimate = estimate_values(x.estimate)
    return {
        "model": of_estimate.pop("model"),
        "monthly_usd": of_estimate.pop("monthly_usd"),
        "meets": x.meets,
        "failed": failed_words(book, x, confident=confident),
        "met_by": met_words(book, x, confident=confident),
        "context": x.estimate.model.context,
        "saving_usd": None if saved is None else saved.saving_usd,
        "saving_pct": None if saved is None else saved.saving_pct,
        **of_estimate,
    }


def _score_values(candidates: Sequence[Candidate]) -> Iterator[dict[str, Cell]]:
    for model, answer, x in ((c.estimate.model.id, a, x) for c in candidates for a in c.answers for x in a.readings):
        if x.score is None:
            continue
        yield {
            "model": model,
            "task": None if answer.asked.task is None else answer.asked.task.id,
            "benchmark": x.benchmark,
            "bar": x.bar,
            "found": x.found,
            "score": x.score.score,
            "low": None if x.interval is None else x.interval[0],
            "high": None if x.interval is None else x.interval[1],
            "effort": x.score.settings.get("effort"),
            "measured_on": x.score.settings.get("measured_on"),
            "unverified": x.score.unverified,
            "source": x.score.source,
            "date": x.score.date,
            "reported_by": x.score.reported_by,
        }


def _meeting_table(book: ScoreBook, found: Recommendation, shown: Shown) -> Table:
    rows = [_row(book, x) for x in found.meeting[: shown.top + 1]]
    rest = len(found.meeting) - len(rows)
    title = f"Meet it, cheapest first{f' ({rest} more: --top, or -f json)' if rest else ''}"
    return Table(title=title, columns=_columns(book, found), rows=tuple(rows))


def _missing_table(book: ScoreBook, found: Recommendation, shown: Shown) -> Table:
    """The nearest misses; if a model meets the needs, only cheaper ones known to fall short."""
    near = found.missing
    title = "Nearest misses"
    if found.meeting:
        price = found.meeting[0].estimate.monthly_usd
        near = tuple(x for x in near if x.short and x.estimate.monthly_usd < price)
        title = "Cheaper, but short of it, nearest first"
    rows = [_row(book, x) for x in near[: shown.top]]
    rest = len(near) - len(rows)
    title = f"{title}{f' ({rest} more: --top, or -f json)' if rest else ''}"
    return Table(title=title, columns=_columns(book, found), rows=tuple(rows))


def _columns(book: ScoreBook, found: Recommendation) -> tuple[Column, ...]:
    first = (*found.meeting, *found.missing)[0].estimate.workload
    label = "Expected" if first.ranged else month_label(first.days)
    room = [Column("room", f"Context >= {count(found.needs.context)}")] if found.needs.context is not None else []
    return (
        Column("model", "Model"),
        Column("monthly_usd", label, Kind.USD),
        *(Column(f"need{i}", _label(book, x)) for i, x in enumerate(found.needs.asked)),
        *room,
    )


def _label(book: ScoreBook, x: TaskNeed) -> str:
    if x.task is not None:
        return x.task.name
    ((key, bar),) = x.need.bars.items()
    return bar_words(book.benchmarks[key], bar)


_VERDICTS = {BarStatus.SHORT: " (short)", BarStatus.UNSURE: " (unsure)", BarStatus.NO_INTERVAL: " (no interval)"}


def _row(book: ScoreBook, x: Candidate) -> Row:
    values: dict[str, Cell] = {**estimate_values(x.estimate)}
    notes: dict[str, tuple[Note, ...]] = {}
    for i, answer in enumerate(x.answers):
        key, y = f"need{i}", answer.decided
        name = "" if answer.asked.task is None else f"{y.benchmark} "
        values[key] = None if y.score is None else f"{name}{score_words(book, y.score)}{_VERDICTS.get(y.found, '')}"
        notes[key] = _doubts(book, x, answer)
    if x.room is not None:
        size = None if x.room.has is None else count(x.room.has)
        values["room"] = size if size is None or x.room.met else f"{size} (short)"
    return Row(values, notes=x.estimate.notes, cell_notes=notes)


def _doubts(book: ScoreBook, x: Candidate, answer: NeedResult) -> tuple[Note, ...]:
    """Why the reading that decides is to be taken with care."""
    decided, notes = answer.decided, []
    if decided.score is None:
        return ()
    if decided.met and not decided.sure and decided.interval is not None:
        notes.append(_UNSURE)
    if decided.reasoned and not x.estimate.workload.reasoning_tokens:
        notes.append(REASONED)
    if decided.score.unverified:
        notes.append(UNVERIFIED_SCORE)
    model, score = x.estimate.model.id, decided.score
    if score.status in (Status.DIFFERS, Status.CONTRADICTED):
        text = f"{model}: {decided.benchmark} {score.score} is not the sourced score, {score.sourced_score}"
        notes.append(Note(NoteKind.STATUS, text))
    short = [y for y in answer.readings if y.found is BarStatus.SHORT]
    if answer.met and short:
        words = " and ".join(reading_words(book, y, confident=False) for y in short)
        notes.append(Note(NoteKind.STATUS, f"{model} meets it by {decided.benchmark} alone: {words}"))
    return tuple(notes)


def _next_words(found: Recommendation) -> tuple[str, ...]:
    if len(found.meeting) < 2:
        return ()
    best, after = (x.estimate for x in found.meeting[:2])
    saved = saving(after, best)
    if not saved.saving_usd:
        return (f"{after.model.id}, the next, costs the same",)
    share = "" if saved.saving_pct is None else f", {percent(saved.saving_pct)}"
    return (f"{after.model.id}, the next, costs {usd(saved.saving_usd)} more {period(after.workload)}{share}",)


def _unknown_words(found: Recommendation) -> tuple[str, ...]:
    unknown = [x for x in found.missing if not x.short]
    if not unknown:
        return ()
    total, verb = len(found.meeting) + len(found.missing), "has" if len(unknown) == 1 else "have"
    said = f"{len(unknown)} of {total} models {verb} no score or context window to tell: not known is never met"
    if found.meeting:
        price = found.meeting[0].estimate.monthly_usd
        cheaper = sum(x.estimate.monthly_usd < price for x in unknown)
        said = f"{said}; {cheaper} of them are cheaper" if cheaper else said
    return (said,)


def _job_words(first: Estimate) -> tuple[str, ...]:
    workload = first.workload
    priced = workload.default_job or workload.reasoning_tokens
    reasoning = () if priced else ("Reasoning tokens: none are priced (--reasoning N adds them)",)
    return (*workload_words([workload]), *reasoning)


def _facts(found: Recommendation, shown: Shown) -> dict[str, Any]:
    """The needs and the answer as objects of the JSON."""
    needs = found.needs
    return {
        "recommended": found.meeting[0].estimate.model.id if found.meeting else None,
        "meeting": len(found.meeting),
        "needs": [
            {
                "task": None if x.task is None else x.task.id,
                "any": [{"benchmark": key, "bar": bar} for key, bar in x.need.bars.items()],
                "reason": None if x.task is None else x.task.reason,
            }
            for x in needs.asked
        ],
        "context": needs.context,
        "confident": needs.confident,
        "saving_against": None if shown.against is None else shown.against.model.id,
    }
