"""Find the models that meet the needs of a job, how sure that is, the best within a budget, and near misses.

A score that is not known never meets a need, and a known one below its bar fails it whatever the others say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import timedelta
from decimal import Decimal, localcontext
from enum import StrEnum
from functools import cached_property

from ..lazy import dataclass
from ..pricing.exact import EXACT, total
from ..workload.estimate import Estimate
from ..workload.model import Bound
from .difference import ScoreVerdict, difference, with_holm
from .effort import reasoned
from .model import Need, Score, ScoreBook, Task

LASTS = timedelta(days=90)
"""A model that shuts down sooner is not one to move to."""


class BarStatus(StrEnum):
    """Verdict on a model's score against a bar; the word is used in JSON.

    `unsure`: confidence was asked for, and the score reaches the bar but the end of its interval does not.
    `no_interval`: confidence was asked for, and the score has no interval.
    """

    MET = "met"
    SHORT = "short"
    UNSURE = "unsure"
    NO_INTERVAL = "no_interval"
    NO_SCORE = "no_score"


class Evidence(StrEnum):
    """How sure a model meets the needs, surest first; the word is used in JSON.

    `no_interval`: scores meet their bars, and how sure that is cannot be told. `borderline`: the 95% interval of one
    that does reaches below its bar. `unknown`: a needed score or fact is missing. `short`: one is known to fall short.
    """

    SURE = "sure"
    NO_INTERVAL = "no_interval"
    BORDERLINE = "borderline"
    UNKNOWN = "unknown"
    SHORT = "short"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskNeed:
    """One need, and the task that asks for it (None: a bar of the user's own)."""

    need: Need
    task: Task | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The needs of a job.

    `context` is the least context window in tokens, `budget_usd` the most that the workload may cost, at its high end.
    `able` is what a model must be known to do, words of `capabilities.NEEDS`: who is priced at all can. `confident`:
    the worse end of the 95% interval must reach the bar. `ranked_by`: the benchmark by which the best within the budget
    is chosen; a model must have a score on it.
    """

    asked: tuple[TaskNeed, ...] = ()
    context: Decimal | None = None
    able: tuple[str, ...] = ()
    confident: bool = False
    budget_usd: Decimal | None = None
    ranked_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarResult:
    """A model's score against one bar of a need.

    `gap` is how much is lacking as a share of the bar: 0 where it is met, None where it is not known. `sure`: the worse
    end of the interval reaches the bar too; False where there is no interval.
    """

    benchmark: str
    bar: Decimal
    found: BarStatus
    score: Score | None = None
    interval: tuple[Decimal, Decimal] | None = None
    gap: Decimal | None = None
    sure: bool = False

    @property
    def met(self) -> bool:
        """Tell whether the bar is met."""
        return self.found is BarStatus.MET

    @property
    def borderline(self) -> bool:
        """Tell whether the score meets the bar and its interval reaches below it."""
        return self.met and self.interval is not None and not self.sure

    @property
    def reasoned(self) -> bool:
        """Tell whether the score was measured with a reasoning effort, whose tokens are billed as output."""
        return self.score is not None and reasoned(self.score)


@dataclass(frozen=True, kw_only=True)  # without slots, for what is looked up once
class NeedResult:
    """A model's scores against one need: a reading for each bar.

    A bar stands in for another only where that one's score is missing: every score that is known has to reach its bar.
    """

    asked: TaskNeed
    readings: tuple[BarResult, ...]

    @cached_property
    def failing(self) -> tuple[BarResult, ...]:
        """The readings below their bars."""
        return tuple(x for x in self.readings if x.found in (BarStatus.SHORT, BarStatus.UNSURE))

    @cached_property
    def evidence(self) -> Evidence:
        """How well the need is known to be met."""
        if self.failing:
            return Evidence.SHORT
        if not any(x.met for x in self.readings):
            return Evidence.UNKNOWN
        if any(x.borderline for x in self.readings):
            return Evidence.BORDERLINE
        return Evidence.SURE if any(x.sure for x in self.readings) else Evidence.NO_INTERVAL

    @property
    def met(self) -> bool:
        """Tell whether the need is met."""
        return self.evidence not in (Evidence.SHORT, Evidence.UNKNOWN)

    @cached_property
    def decided(self) -> BarResult:
        """The reading that decides: the furthest below its bar, else a borderline one, else one that meets its bar.

        Of several that do it is one measured without reasoning effort and not at second hand, if there is one. Where
        none is known to reach or miss its bar, it is one that has a score at least.
        """
        if self.failing:
            return max(self.failing, key=lambda x: x.gap or 0)
        met = [x for x in self.readings if x.met]
        if met:
            return min(met, key=lambda x: (not x.borderline, x.reasoned, x.score is not None and x.score.unverified))
        return min(self.readings, key=lambda x: x.score is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A number of a model against a minimum (`at_most`: a maximum); `has` is None if unknown."""

    asked: Decimal
    has: Decimal | None
    at_most: bool = False

    @property
    def gap(self) -> Decimal | None:
        """How far it is from what is asked for, as a share of that: 0 where it is met, None where it is not known."""
        return None if self.has is None else _lacking(self.has, self.asked, at_most=self.at_most)

    @property
    def met(self) -> bool:
        """Tell whether the number is known and large (small) enough."""
        return self.gap == 0


@dataclass(frozen=True, kw_only=True)  # without slots, for what is looked up once
class Candidate:
    """A priced model and its result for every need.

    `room` is its context window in tokens, `spend` its cost in USD, each against what is asked for, None where nothing
    is. `unranked_by` is the benchmark that `ranked_by` names where the model has no score on it.
    """

    estimate: Estimate
    answers: tuple[NeedResult, ...]
    room: Fact | None = None
    spend: Fact | None = None
    unranked_by: str | None = None

    @cached_property
    def gaps(self) -> list[Decimal | None]:
        """The gaps of the needs that are not met, as shares of what is asked for; None where one is not known."""
        failed = [x.decided.gap for x in self.answers if not x.met]
        facts = [x.gap for x in (self.room, self.spend) if x is not None and not x.met]
        return [*failed, *facts, *([] if self.unranked_by is None else [None])]

    @cached_property
    def evidence(self) -> Evidence:
        """How well the model is known to meet the needs: as the need of which the least is known."""
        gaps = self.gaps
        if gaps:
            return Evidence.UNKNOWN if all(gap is None for gap in gaps) else Evidence.SHORT
        return max((x.evidence for x in self.answers), key=list(Evidence).index, default=Evidence.SURE)

    @property
    def meets(self) -> bool:
        """Tell whether every need is met."""
        return not self.gaps

    @property
    def lasts(self) -> bool:
        """Tell whether no shutdown within 90 days is announced."""
        end = self.estimate.model.shutdown
        return end is None or end - self.estimate.day > LASTS

    @property
    def only_dear(self) -> bool:
        """Tell whether the budget alone rules the model out."""
        return self.spend is not None and not self.spend.met and len(self.gaps) == 1

    @property
    def borderline(self) -> tuple[BarResult, ...]:
        """The readings that meet their bars and whose intervals reach below them."""
        return tuple(reading for x in self.answers for reading in x.readings if reading.borderline)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The models within a budget, ranked on one benchmark: the best, and those that may be as good.

    `scores` are those of the models that have one, by id, the best first. `tied` are the others whose scores do not
    differ significantly from the best, two-sided at 5% by p values adjusted for their number after Holm; for those
    `untested` no interval is known; those `not_comparable` were measured on a different harness than the best. `better`
    are models that meet all but the budget and score significantly better on the harness of the best, the cheapest
    first.
    """

    benchmark: str
    best: Candidate
    scores: Mapping[str, Score] = field(hash=False)
    tied: tuple[Candidate, ...]
    untested: tuple[Candidate, ...]
    not_comparable: tuple[Candidate, ...]
    better: tuple[Candidate, ...]

    @property
    def cheapest(self) -> Candidate:
        """The cheapest of the models that may be best, preferably a lasting one; of equally cheap ones the best."""
        return min((self.best, *self.tied), key=lambda x: (not x.lasts, x.estimate.monthly_usd))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """Models that meet the needs, best first, and the others, nearest first.

    Those that meet them stand by cost; with a budget by their scores on the benchmark of the `ranking`, then by cost.
    Nearest is what fails the fewest needs, then what has the fewest that are not known, then the least gap in all, then
    the cheapest.
    """

    needs: Needs
    meeting: tuple[Candidate, ...]
    missing: tuple[Candidate, ...]
    ranking: Ranking | None = None

    @property
    def sure(self) -> tuple[Candidate, ...]:
        """The models that meet every need beyond its interval."""
        return tuple(x for x in self.meeting if x.evidence is Evidence.SURE)

    @property
    def surest(self) -> Candidate | None:
        """The first that meets every need beyond its interval, if possible one that lasts; None where no model does."""
        return min(self.sure, key=lambda x: not x.lasts, default=None)


def needs_of(bars: Mapping[str, Decimal], tasks: Iterable[Task]) -> tuple[TaskNeed, ...]:
    """The user's own `bars`, then the needs of tasks, in which a bar of the user's own replaces that of the task."""
    own = (TaskNeed(need=Need(bars={key: bar})) for key, bar in bars.items())
    theirs = (
        TaskNeed(need=Need(bars={key: bars.get(key, bar) for key, bar in need.bars.items()}), task=task)
        for task in tasks
        for need in task.needs
    )
    return (*own, *theirs)


def recommend(book: ScoreBook, estimates: Iterable[Estimate], needs: Needs) -> Recommendation:
    """Find the models that meet the needs, the recommended one, and how far the others fall short."""
    found = [_candidate(book, x, needs) for x in estimates]
    meeting = sorted((x for x in found if x.meets), key=_by_cost)
    missing = sorted((x for x in found if not x.meets), key=_by_distance)
    ranking = None
    if meeting and needs.budget_usd is not None:
        key = needs.ranked_by or _deciding(book, meeting, needs)
        meeting = sorted(meeting, key=lambda x: book.place(book.score(x.estimate.model.id, key)))
        ranking = _ranking(book, meeting, missing, key)
    return Recommendation(needs=needs, meeting=tuple(meeting), missing=tuple(missing), ranking=ranking)


def _deciding(book: ScoreBook, meeting: Sequence[Candidate], needs: Needs) -> str:
    """The benchmark that ranks: the first of a bar of the user's own, else of the tasks.

    Of a task it is the first that can tell the models apart: it is not saturated, and two of them have a score with an
    interval. Where there is none, it is the one on which most have a score. `needs` ask for at least one benchmark.
    """
    for x in needs.asked:
        if x.task is None:
            return next(iter(x.need.bars))
    keys = [key for x in needs.asked for key in x.need.bars]
    scores = {key: [score for _, score in _scored(book, meeting, key)] for key in keys}
    for key, found in scores.items():
        if not book.benchmarks[key].saturated and sum(book.interval(x) is not None for x in found) > 1:
            return key
    return max(keys, key=lambda key: len(scores[key]))


def _ranking(book: ScoreBook, meeting: Sequence[Candidate], missing: Iterable[Candidate], key: str) -> Ranking:
    """The ranking of models that stand best first, of which one at least has a score; `missing` may be too dear."""
    (best, top), *others = _scored(book, meeting, key)
    above = _scored(book, sorted((x for x in missing if x.only_dear), key=_by_cost), key)
    dearer = [(x, score) for x, score in above if book.place(score) < book.place(top)]
    verdicts = _verdicts(book, top, others)
    return Ranking(
        benchmark=key,
        best=best,
        scores={x.estimate.model.id: score for x, score in [(best, top), *others]},
        tied=_those(others, verdicts, ScoreVerdict.NO_DETECTABLE_DIFFERENCE),
        untested=_those(others, verdicts, ScoreVerdict.UNKNOWN),
        not_comparable=_those(others, verdicts, ScoreVerdict.NOT_COMPARABLE),
        better=_those(dearer, _verdicts(book, top, dearer), ScoreVerdict.BETTER),
    )


def _scored(book: ScoreBook, found: Iterable[Candidate], key: str) -> list[tuple[Candidate, Score]]:
    return [(x, score) for x in found if (score := book.score(x.estimate.model.id, key)) is not None]


def _verdicts(book: ScoreBook, top: Score, others: Sequence[tuple[Candidate, Score]]) -> list[ScoreVerdict]:
    """What can be said of each score against the top one, by p values adjusted after Holm."""
    return [x.verdict for x in with_holm([difference(book, top, score) for _, score in others])]


def _those(
    found: Sequence[tuple[Candidate, Score]], verdicts: Sequence[ScoreVerdict], wanted: ScoreVerdict
) -> tuple[Candidate, ...]:
    return tuple(x for (x, _), verdict in zip(found, verdicts, strict=True) if verdict is wanted)


def _by_cost(x: Candidate) -> tuple[Decimal, str]:
    return x.estimate.monthly_usd, x.estimate.model.id


def _by_distance(x: Candidate) -> tuple[int, int, Decimal, tuple[Decimal, str]]:
    gaps = x.gaps
    known = [gap for gap in gaps if gap is not None]
    return len(gaps), len(gaps) - len(known), total(known), _by_cost(x)


def _candidate(book: ScoreBook, estimate: Estimate, needs: Needs) -> Candidate:
    model = estimate.model
    answers = tuple(
        NeedResult(
            asked=asked,
            readings=tuple(
                check_bar(book, book.score(model.id, key), key, bar, confident=needs.confident)
                for key, bar in asked.need.bars.items()
            ),
        )
        for asked in needs.asked
    )
    window = None if model.context is None else Decimal(model.context)
    room = None if needs.context is None else Fact(asked=needs.context, has=window)
    budget = needs.budget_usd
    spend = None if budget is None else Fact(asked=budget, has=estimate.monthly_at(Bound.HIGH), at_most=True)
    key = needs.ranked_by
    unranked = None if key is None or book.score(model.id, key) is not None else key
    return Candidate(estimate=estimate, answers=answers, room=room, spend=spend, unranked_by=unranked)


def check_bar(book: ScoreBook, score: Score | None, key: str, bar: Decimal, *, confident: bool = False) -> BarResult:
    """What a score (None: there is none) says about a bar of a benchmark (by id)."""
    if score is None:
        return BarResult(benchmark=key, bar=bar, found=BarStatus.NO_SCORE)
    benchmark, interval = book.benchmarks[key], book.interval(score)
    worst = None if interval is None else interval[0] if benchmark.higher_is_better else interval[1]
    sure = worst is not None and benchmark.reaches(worst, bar)
    value = score.score if worst is None or not confident else worst
    gap: Decimal | None = _lacking(value, bar, at_most=not benchmark.higher_is_better)
    if not benchmark.reaches(score.score, bar):
        found = BarStatus.SHORT
    elif confident and worst is None:
        found, gap = BarStatus.NO_INTERVAL, None
    else:
        found = BarStatus.MET if sure or not confident else BarStatus.UNSURE
    return BarResult(benchmark=key, bar=bar, found=found, score=score, interval=interval, gap=gap, sure=sure)


def _lacking(has: Decimal, asked: Decimal, *, at_most: bool = False) -> Decimal:
    """How far a number is from the least (`at_most`: most) asked for, as a share of that; 0 if it is met."""
    with localcontext(EXACT):
        short = has - asked if at_most else asked - has
        return max(Decimal(0), short) / (abs(asked) or 1)
