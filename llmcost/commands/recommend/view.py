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
from ...workload.compare import Saving, saving
from ...workload.estimate import Estimate, LeftOut
from .view_needs import asked_words, bar_words, failed_words, met_words, reading_words

FORM = RunForm("llmcost.recommend/1", ("candidates", "scores", "left_out"))

_SCORES = (
    *("model", "task", "benchmark", "bar", "found", "score", "low", "high", "effort", "measured_on", "unverified"),
    *("source", "date", "reported_by"),
)
_UNSURE = Note(NoteKind.INTERVAL, "the score meets the bar and the end of its 95% interval does not: see --confident")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendCase:
    """What a report is on: a recommendation by the scores of a book; at least one model must be priced.

    `against` is what the saving is measured against (None: nothing). `top` is how many runners-up and near misses
    people see.
    """

    book: ScoreBook
    found: Recommendation
    top: int
    against: Estimate | None = None
    left_out: Sequence[LeftOut] = ()

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Every model that is priced: those that meet the needs, then the others, nearest first."""
        return (*self.found.meeting, *self.found.missing)

    def met(self, x: Candidate) -> tuple[str, ...]:
        """The readings by which a model meets the needs, and what it had to be able to do."""
        able = self.found.needs.able
        readings = met_words(self.book, x, confident=self.found.needs.confident)
        return (*readings, f"can {', '.join(able)}") if able else readings

    def failed(self, x: Candidate) -> tuple[str, ...]:
        """The needs that a model does not meet."""
        return failed_words(self.book, x, confident=self.found.needs.confident)

    def saved(self, x: Estimate) -> Saving | None:
        """What a model saves; None where there is nothing to measure it against."""
        return None if self.against is None else saving(self.against, x)


def recommend_report(case: RecommendCase) -> Report:
    """The report on a recommendation."""
    book, found = case.book, case.found
    estimates = [x.estimate for x in case.candidates]
    rows = Rows(_values(case, x) for x in case.candidates)
    return Report(
        schema=FORM.name,
        headline=_headline(case),
        data={
            **_facts(case),
            "workload": workload_fact([estimates[0].workload]),
            "candidates": rows,
            "scores": Rows(_score_values(case.candidates), _SCORES),
            "left_out": left_out_rows(case.left_out),
        },
        csv=rows,
        tables=_tables(case),
        sentences=(*_next_words(found), *asked_words(book, found.needs), *_unknown_words(found)),
        assumptions=(*_job_words(estimates[0]), price_words(estimates)),
        notes=(*(case.against.model.notes if case.against else ()), *left_out_notes(case.left_out)),
    )


def _headline(case: RecommendCase) -> str:
    first, meeting = case.candidates[0], len(case.found.meeting)
    if not meeting:
        nearest = f"the nearest is {first.estimate.model.id} at {amount(first.estimate)}"
        return f"none of {len(case.candidates)} models meets the needs; {nearest}: {'; '.join(case.failed(first))}"
    of = f"the cheapest of {meeting} models that meet the needs" if meeting > 1 else "the one that meets the needs"
    said = f"{_named(first.estimate)} at {amount(first.estimate)} is {of}: {'; '.join(case.met(first))}"
    against, saved = case.against, case.saved(first.estimate)
    if against is None or saved is None or against.model.id == first.estimate.model.id:
        return said
    base = f"{against.model.id} at {usd(against.monthly_usd)}"
    return f"{said}; it {saving_words(saved.saving_usd)}{in_brackets(saved.saving_pct)} against {base}"


def _named(x: Estimate) -> str:
    """The model, and when it shuts down or did."""
    if x.model.shutdown is None:
        return x.model.id
    return f"{x.model.id} ({'shut down' if x.model.retired(x.day) else 'shuts down'} on {x.model.shutdown})"


def _values(case: RecommendCase, x: Candidate) -> dict[str, Cell]:
    saved, of_estimate = case.saved(x.estimate), estimate_values(x.estimate)
    return {
        "model": of_estimate.pop("model"),
        "monthly_usd": of_estimate.pop("monthly_usd"),
        "meets": x.meets,
        "failed": case.failed(x),
        "met_by": case.met(x),
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


def _tables(case: RecommendCase) -> tuple[Table, ...]:
    """Who meets the needs, and the nearest misses: where one meets them only cheaper ones known to fall short."""
    meeting, near = case.found.meeting, case.found.missing
    misses = "Nearest misses"
    if meeting:
        price = meeting[0].estimate.monthly_usd
        near = tuple(x for x in near if x.short and x.estimate.monthly_usd < price)
        misses = "Cheaper, but short of it, nearest first"
    return (
        _table(case, "Meet it, cheapest first", meeting, case.top + 1),
        _table(case, misses, near, case.top),
    )


def _table(case: RecommendCase, title: str, candidates: Sequence[Candidate], most: int) -> Table:
    rows = tuple(_row(case.book, x) for x in candidates[:most])
    rest = f" ({len(candidates) - most} more: --top, or -f json)" if len(candidates) > most else ""
    return Table(title=f"{title}{rest}", columns=_columns(case), rows=rows)


def _columns(case: RecommendCase) -> tuple[Column, ...]:
    found, first = case.found, case.candidates[0].estimate.workload
    label = "Expected" if first.ranged else month_label(first.days)
    room = [Column("room", f"Context >= {count(found.needs.context)}")] if found.needs.context is not None else []
    return (
        Column("model", "Model"),
        Column("monthly_usd", label, Kind.USD),
        *(Column(f"need{i}", _label(case.book, x)) for i, x in enumerate(found.needs.asked)),
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
    if decided.reasoned and not x.estimate.workload.reasons:
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
    priced = workload.default_job or workload.reasons
    reasoning = () if priced else ("Reasoning tokens: none are priced (--reasoning N adds them)",)
    return (*workload_words([workload]), *reasoning)


def _facts(case: RecommendCase) -> dict[str, Any]:
    """The needs and the answer as objects of the JSON."""
    found, needs = case.found, case.found.needs
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
        "able": needs.able,
        "confident": needs.confident,
        "saving_against": None if case.against is None else case.against.model.id,
    }
