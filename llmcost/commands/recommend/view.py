"""A recommendation as a report: the cheapest model that meets the needs, the next ones, and what others failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...lazy import dataclass
from ...notes import Note, NoteKind
from ...report.display import count, percent, usd
from ...report.estimates import amount, estimate_values, lasting_name
from ...report.report import Cell, Column, Kind, Report, Row, Rows, RunForm, Table
from ...report.scores import HALF_WIDTH, REASONED, UNVERIFIED_SCORE, effort_words, score_words, shown
from ...report.words import (
    REASONING_ADDS,
    in_brackets,
    left_out_notes,
    left_out_rows,
    month_label,
    named,
    period,
    price_words,
    saving_words,
    some,
    volume_words,
    workload_fact,
    workload_words,
)
from ...scores.effort import reasoned
from ...scores.model import Score, ScoreBook, Status
from ...scores.recommend import (
    LASTS,
    BarStatus,
    Candidate,
    Evidence,
    NeedResult,
    Needs,
    Ranking,
    Recommendation,
    TaskNeed,
)
from ...workload.compare import Saving, saving
from ...workload.estimate import Estimate, LeftOut
from .view_needs import asked_words, bar_words, borderline_words, brief_words, failed_words, met_words, reason_words

FORM = RunForm("llmcost.recommend/1", ("candidates", "scores", "left_out"))

_SCORES = (
    *("model", "task", "benchmark", "bar", "found", "score", "low", "high", "effort", "measured_on", "unverified"),
    *("source", "date", "reported_by"),
)
_MISSES = "rejected models"
TOP = 5
"""Runners-up that are shown where no number is asked for; more that are asked for are shown however little room."""
_NO_INTERVAL = Note(NoteKind.INTERVAL, "no 95% interval is known, so the true score may be below the bar")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendCase:
    """What a report is on: a recommendation by the scores of a book; at least one model must be priced.

    `against` is what the saving is measured against (None: nothing), `default_base` says that nobody named it. `top` is
    how many runners-up and near misses people see.
    """

    book: ScoreBook
    found: Recommendation
    top: int
    against: Estimate | None = None
    default_base: bool = False
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
        sentences=(
            *asked_words(book, found.needs, case.left_out),
            *_mark_words(case),
            *_unranked_words(found),
            *_unknown_words(found),
        ),
        brief=(
            *brief_words(book, found.needs, case.left_out),
            *_unranked_words(found),
            *_unknown_words(found, most=1),
        ),
        assumptions=(*_job_words(case, estimates[0]), price_words(estimates)),
        details=(*_next_words(found), *reason_words(found.needs), *volume_words([estimates[0].workload])),
        notes=(*(case.against.model.notes if case.against else ()), *left_out_notes(case.left_out)),
    )


def _headline(case: RecommendCase) -> str:
    if not case.found.meeting:
        return _none_words(case)
    first = case.found.meeting[0].estimate
    said = [f"{_named(first)} at {amount(first)} {_standing(case)}"]
    against, saved = case.against, case.saved(first)
    if against is not None and saved is not None and against.model.id != first.model.id:
        base = f"{against.model.id} at {usd(against.monthly_usd)}{' (default --vs)' if case.default_base else ''}"
        said.append(f"it {saving_words(saved.saving_usd)}{in_brackets(saved.saving_pct)} against {base}")
    return "; ".join([*said, *_others(case)])


def none_line(case: RecommendCase) -> str:
    """That no model meets the needs, in few words."""
    return f"none of {len(case.candidates)} models qualifies"


def _none_words(case: RecommendCase) -> str:
    """That no model meets the needs, and which comes nearest: the cheapest of those that only the budget rules out."""
    nearest = case.found.missing[0]
    said = none_line(case)
    dear = min((x.estimate for x in case.found.missing if x.only_dear), key=lambda x: x.monthly_usd, default=None)
    if dear is not None:
        within = f" within {_budget(case.found.needs)}"
        return f"{said}{within}; without the budget, the cheapest is {_named(dear)} at {amount(dear)}"
    at = amount(nearest.estimate)
    return f"{said}; the nearest is {nearest.estimate.model.id} at {at}: {'; '.join(case.failed(nearest))}"


def _standing(case: RecommendCase) -> str:
    """What the first choice is among those that meet the needs, and by which scores."""
    found, first = case.found, case.found.meeting[0]
    doubts = _doubt_words(case, first)
    if found.ranking is not None:
        key = found.ranking.benchmark
        score = score_words(case.book, found.ranking.scores[first.estimate.model.id])
        said = f"is the only qualifying model within {_budget(found.needs)} with a score on {key}: {score}"
        if len(found.ranking.scores) > 1:
            of = f"the {len(found.meeting)} qualifying models within {_budget(found.needs)}"
            said = f"scores best on {key} of {of}: {score}"
        return f"{said}, but borderline ({doubts})" if doubts else said
    number = len(found.meeting)
    said = f"is the cheapest of {number} models that qualify" if number > 1 else "is the only one that qualifies"
    return f"{said}, but borderline ({doubts})" if doubts else f"{said}: {'; '.join(case.met(first))}"


def _others(case: RecommendCase) -> Iterator[str]:
    """What the cost leaves out, and who else to look at: who may be as good as the best, the next that is sure."""
    first, ranking, sure = case.found.meeting[0], case.found.ranking, case.found.surest
    by = [] if ranking is None else [ranking.scores[first.estimate.model.id]]
    by += [x.decided.score for x in first.answers if x.decided.score is not None]
    if any(map(reasoned, by)) and not first.estimate.workload.reasoning_tokens:
        yield f"reasoning tokens are not included ({REASONING_ADDS})"
    if ranking is not None and ranking.tied:
        verb = "is" if len(ranking.tied) == 1 else "are"
        said = f"{some(len(ranking.tied), 'other')} {verb} not detectably worse"
        cheap = ranking.cheapest
        doubts = _doubt_words(case, cheap)
        may = f" (borderline: {doubts})" if doubts else ""
        yield said if cheap is first else f"{said}, the cheapest {_priced(cheap)}{may}"
    if ranking is not None and ranking.untested:
        yield f"{some(len(ranking.untested), 'other')} without a known interval may be as good"
    if ranking is not None and ranking.not_comparable:
        on = "a different harness" if len(ranking.not_comparable) == 1 else "different harnesses"
        yield f"{some(len(ranking.not_comparable), 'other')} measured on {on}: not compared"
    if first.lasts and not first.borderline:
        return
    if sure is None or sure is first or not (first.borderline or sure.lasts):
        yield "no other is sure to qualify" if first.borderline else f"no other stays available for {LASTS.days} days"
    elif first.borderline:
        which = "sure to qualify" if sure is case.found.sure[0] else "sure one that stays available"
        yield f"the {'cheapest' if ranking is None else 'best'} {which} is {_priced(sure)}"
    else:
        free = sure.estimate.model.shutdown is None
        stays = "without a shutdown date" if free else f"that stays available for {LASTS.days} days"
        yield f"the {'next' if ranking is None else 'best'} one {stays} is {_priced(sure)}"


def _doubt_words(case: RecommendCase, x: Candidate) -> str:
    """The scores of a model that may be on the wrong side of their bars; empty without one."""
    return " and ".join(dict.fromkeys(borderline_words(case.book, reading) for reading in x.borderline))


def _priced(x: Candidate) -> str:
    return f"{_named(x.estimate)} at {usd(x.estimate.monthly_usd)}"


def _budget(needs: Needs) -> str:
    """The budget in words; empty without one."""
    return "" if needs.budget_usd is None else usd(needs.budget_usd)


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
        "evidence": x.evidence,
        **_ranked(case, x),
        "context": x.estimate.model.context,
        "saving_usd": None if saved is None else saved.saving_usd,
        "saving_pct": None if saved is None else saved.saving_pct,
        **of_estimate,
    }


def _ranked(case: RecommendCase, x: Candidate) -> dict[str, Cell]:
    """The score by which the best within a budget is chosen, and whether it may be as good as the best."""
    ranking, model = case.found.ranking, x.estimate.model.id
    score = None if ranking is None else ranking.scores.get(model)
    low, high = (None if score is None else case.book.interval(score)) or (None, None)
    unknown = ranking is None or score is None or any(x is y for y in (*ranking.untested, *ranking.not_comparable))
    tied = None if ranking is None or unknown else any(x is y for y in (ranking.best, *ranking.tied))
    return {
        "ranking_score": None if score is None else score.score,
        "ranking_low": low,
        "ranking_high": high,
        "tied_with_best": tied,
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
    """Who meets the needs, and who comes near: where one meets them those that a changed need would put before it."""
    found = case.found
    first, of = "cheapest", ""
    misses, near = "Nearest misses", found.missing
    if found.ranking is not None:
        first, of = "best", f" within {_budget(found.needs)}"
        misses = f"Better by {found.ranking.benchmark}, but above {_budget(found.needs)}, cheapest first"
        near = found.ranking.better
    elif found.meeting:
        price = found.meeting[0].estimate.monthly_usd
        misses = "Cheaper models that fall short, nearest first"
        near = tuple(x for x in near if x.evidence is Evidence.SHORT and x.estimate.monthly_usd < price)
    short = None if case.top > TOP else case.top + 1
    return (
        _table(case, f"Qualifying models{of}, {first} first", found.meeting[: case.top + 1], len(found.meeting), short),
        _table(case, misses, near[: case.top], len(near), 0 if found.meeting else short, _MISSES),
    )


def _table(
    case: RecommendCase, title: str, shown: Sequence[Candidate], of: int, short: int | None, things: str = "models"
) -> Table:
    same = [_same(need, place, shown) for place, need in enumerate(case.found.needs.asked)]
    return Table(
        title=title,
        columns=_columns(case, shown, same),
        rows=tuple(_row(case, x, same) for x in shown),
        short=short,
        things=things,
        least=3,
        in_all=of,
        how="--top, or -f json",
    )


def _columns(case: RecommendCase, shown: Sequence[Candidate], same: Sequence[str]) -> tuple[Column, ...]:
    """The columns of these models: a column a need; beside a ranking, as details, the needs that one meets barely.

    A task's need that an own bar on the same benchmark decides for all has no second column.
    """
    found, first = case.found, case.candidates[0].estimate.workload
    label = "Expected" if first.ranged else month_label(first.days)
    asked = found.needs.asked
    own = {key for x in asked if x.task is None for key in x.need.bars}
    needs = {
        i: Column(
            f"need{i}",
            _label(case.book, x, same[i], alone=len(asked) == 1),
            optional=max(0, i - 1),
            detail=found.ranking is not None,
        )
        for i, x in enumerate(asked)
        if same[i] not in own
    }
    room = [Column("room", "Context", optional=9)] if found.needs.context is not None else []
    if found.ranking is not None:
        doubted = {i: x for i, x in needs.items() if any(y.answers[i].decided.borderline for y in shown)}
        needs = {-1: Column("ranked", found.ranking.benchmark), **doubted}
    return (Column("model", "Model"), Column("monthly_usd", label, Kind.USD), *needs.values(), *room)


def _same(need: TaskNeed, place: int, shown: Sequence[Candidate]) -> str:
    """The benchmark that decides the need in that place for each of these models of a task; empty where several do."""
    used = {x.answers[place].decided.benchmark for x in shown}
    return used.pop() if need.task is not None and len(used) == 1 else ""


def _label(book: ScoreBook, x: TaskNeed, same: str, *, alone: bool) -> str:
    if x.task is not None:
        return same or "Score used" if alone else f"{x.task.name}: {same or 'score used'}"
    ((key, bar),) = x.need.bars.items()
    return bar_words(book.benchmarks[key], bar)


_VERDICTS = {BarStatus.SHORT: " (short)", BarStatus.UNSURE: " (unsure)", BarStatus.NO_INTERVAL: " (no interval)"}


def _row(case: RecommendCase, x: Candidate, same: Sequence[str]) -> Row:
    book = case.book
    values: dict[str, Cell] = {**estimate_values(x.estimate)}
    values["model"] = lasting_name(x.estimate)
    if not case.found.meeting and x.spend is not None and not x.spend.met:
        values["monthly_usd"] = f"{usd(x.estimate.monthly_usd)} (over budget)"
    notes: dict[str, tuple[Note, ...]] = {}
    for i, answer in enumerate(x.answers):
        key, y = f"need{i}", answer.decided
        name = "" if answer.asked.task is None or same[i] else f"{y.benchmark} "
        verdict = " (borderline)" if y.borderline else _VERDICTS.get(y.found, "")
        values[key] = None if y.score is None else f"{name}{_shown(book, y.score)}{verdict}"
        notes[key] = _doubts(x, answer)
    if case.found.ranking is not None:
        values["ranked"], notes["ranked"] = _rank_cell(case, case.found.ranking, x)
    if x.room is not None:
        size = None if x.room.has is None else count(x.room.has)
        values["room"] = size if size is None or x.room.met else f"{size} (short)"
    return Row(values, notes=x.estimate.notes, cell_notes=notes)


def _rank_cell(case: RecommendCase, ranking: Ranking, x: Candidate) -> tuple[str | None, tuple[Note, ...]]:
    """The score by which the best is chosen, what it says beside the best one, and doubts."""
    score = case.book.score(x.estimate.model.id, ranking.benchmark)
    if score is None:
        return None, ()
    doubts = {
        REASONED: reasoned(score, x.estimate.model) and not x.estimate.workload.reasoning_tokens,
        UNVERIFIED_SCORE: score.unverified,
    }
    verdicts = {
        "tied": ranking.tied,
        "not comparable": ranking.not_comparable,
        "borderline": [x] if x.borderline else [],
    }
    said = ", ".join(word for word, those in verdicts.items() if any(x is y for y in those))
    text = f"{_shown(case.book, score)} ({said})" if said else _shown(case.book, score)
    return text, tuple(note for note, holds in doubts.items() if holds)


def _shown(book: ScoreBook, score: Score) -> str:
    """A score with the reasoning effort that it was measured with."""
    return shown(book, score, effort=effort_words(score.effort))


def _doubts(x: Candidate, answer: NeedResult) -> tuple[Note, ...]:
    """Why the reading that decides is to be taken with care."""
    decided, notes = answer.decided, []
    if decided.score is None:
        return ()
    if decided.met and decided.interval is None:
        notes.append(_NO_INTERVAL)
    if reasoned(decided.score, x.estimate.model) and not x.estimate.workload.reasons:
        notes.append(REASONED)
    if decided.score.unverified:
        notes.append(UNVERIFIED_SCORE)
    model, score = x.estimate.model.id, decided.score
    if score.status in (Status.DIFFERS, Status.CONTRADICTED):
        text = f"{model}: {decided.benchmark} {score.score} differs from the sourced score, {score.sourced_score}"
        notes.append(Note(NoteKind.STATUS, text))
    return tuple(notes)


def _next_words(found: Recommendation) -> tuple[str, ...]:
    if len(found.meeting) < 2 or found.ranking is not None:
        return ()
    best, after = (x.estimate for x in found.meeting[:2])
    saved = saving(after, best)
    if not saved.saving_usd:
        return (f"{after.model.id}, the next, costs the same",)
    share = "" if saved.saving_pct is None else f", {percent(saved.saving_pct)}"
    return (f"{after.model.id}, the next, costs {usd(saved.saving_usd)} more {period(after.workload)}{share}",)


def _mark_words(case: RecommendCase) -> Iterator[str]:
    """What the words in brackets in the tables mean."""
    found, ranking = case.found, case.found.ranking
    if any(x.borderline for x in found.meeting[: case.top + 1]):
        yield f"{HALF_WIDTH}; borderline: it reaches below the bar (see --confident)"
    elif found.needs.asked or ranking is not None:
        yield HALF_WIDTH
    if ranking is None:
        return
    if ranking.not_comparable:
        yield "Not comparable: measured on a different harness than the best, so not tested"
    if ranking.tied:
        yield f"Tied: no detectable difference from the best on {ranking.benchmark} (p > 0.05 after Holm)"


def _unranked_words(found: Recommendation) -> Iterator[str]:
    """How many that meet the needs are not in the ranking."""
    ranking = found.ranking
    unranked = 0 if ranking is None else len(found.meeting) - len(ranking.scores)
    if ranking is not None and unranked:
        who = f"{unranked} of the {len(found.meeting)} {'has' if unranked == 1 else 'have'}"
        yield f"{who} no {ranking.benchmark} score (-b ranks by another)"


def _unknown(found: Recommendation) -> list[Candidate]:
    """The models that may meet the needs and lack evidence, cheapest first."""
    return sorted((x for x in found.missing if x.evidence is Evidence.UNKNOWN), key=lambda x: x.estimate.monthly_usd)


def _unknown_words(found: Recommendation, most: int = 4) -> tuple[str, ...]:
    """How many models lack evidence, and `most` of them that would be chosen first, with their costs."""
    unknown, needs = _unknown(found), found.needs
    if not unknown:
        return ()
    lacking = ["needed score"] if needs.asked or needs.ranked_by else []
    lacking += ["context window"] if needs.context is not None else []
    total = sum(x.spend is None or x.spend.met for x in (*found.meeting, *found.missing))
    within = "" if needs.budget_usd is None else f" within {_budget(needs)}"
    good = len(found.meeting)
    short = total - good - len(unknown)
    borderline = sum(x.evidence is Evidence.BORDERLINE for x in found.meeting)
    barely = f" ({borderline} borderline)" if borderline else ""
    said = ", ".join(
        [
            f"Of {some(total, 'model')}{within}, {good} qualif{'ies' if good == 1 else 'y'}{barely}",
            *([f"{short} {'falls' if short == 1 else 'fall'} short"] if short else []),
            f"{len(unknown)} {'lacks' if len(unknown) == 1 else 'lack'} a {' or '.join(lacking)}",
        ]
    )
    ask = found.meeting[0].estimate.monthly_usd if found.meeting and not within else None
    first = [x for x in unknown if ask is None or x.estimate.monthly_usd < ask]
    if not first:
        return (said,)
    if ask is not None:
        said = f"{said}, {len(first)} of them cheaper"
    return (f"{said}: {named((f'{x.estimate.model.id} ({usd(x.estimate.monthly_usd)})' for x in first), most)}",)


def _job_words(case: RecommendCase, first: Estimate) -> tuple[str, ...]:
    workload, ranking = first.workload, case.found.ranking
    shown = case.found.meeting[: case.top + 1]
    used = [y.decided.score for x in shown for y in x.answers]
    if ranking is not None:
        used = [ranking.scores.get(x.estimate.model.id) for x in shown]
    efforts = ", ".join(dict.fromkeys(filter(None, (effort_words(x.effort) for x in used if x is not None))))
    which = f" (effort: {efforts})" if efforts else ""
    priced = workload.default_job or workload.reasons
    reasoning = () if priced else (f"Reasoning tokens{which}: not included (--reasoning N a request)",)
    return (*workload_words([workload]), *reasoning)


def _facts(case: RecommendCase) -> dict[str, Any]:
    """The needs and the answer as objects of the JSON."""
    found, needs = case.found, case.found.needs
    return {
        "recommended": found.meeting[0].estimate.model.id if found.meeting else None,
        "recommended_if_sure": None if found.surest is None else found.surest.estimate.model.id,
        "meeting": len(found.meeting),
        "not_considered": len(_unknown(found)),
        "budget_usd": needs.budget_usd,
        "ranked_by": needs.ranked_by if found.ranking is None else found.ranking.benchmark,
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
