"""Which models meet the needs of a job, and how far the others are from them.

What is not known never meets a need: a missing score fails it as a low one does, and is told apart from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum

from ..pricing.exact import EXACT, total
from ..workload.estimate import Estimate
from .model import Need, Score, ScoreBook, Task

WITHOUT_EFFORT = frozenset({"none", "no-thinking", "instant"})
"""Values of the setting `effort` that say that a model did not reason before it answered."""


class BarStatus(StrEnum):
    """What a model's score says about a bar; the word stands in JSON.

    `unsure`: the score reaches it and the end of its interval does not. `no_interval`: confidence was asked for, and
    the score has no interval.
    """

    MET = "met"
    SHORT = "short"
    UNSURE = "unsure"
    NO_INTERVAL = "no_interval"
    NO_SCORE = "no_score"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskNeed:
    """One need, and the task that asks for it (None: a bar of the user's own)."""

    need: Need
    task: Task | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """All that is asked of a model.

    `context` is the least context window in tokens. `able` is what a model must be known to do, words of
    `capabilities.NEEDS`: who is priced at all can. `confident`: the worse end of the 95% interval must reach the bar.
    """

    asked: tuple[TaskNeed, ...] = ()
    context: Decimal | None = None
    able: tuple[str, ...] = ()
    confident: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BarResult:
    """One bar of a need against a model's score.

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
    def reasoned(self) -> bool:
        """Tell whether the score was measured with a reasoning effort, whose tokens are billed as output."""
        return self.score is not None and reasoned(self.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedResult:
    """What a model's scores say about one need: a reading for each of its bars, of which one has to be met."""

    asked: TaskNeed
    readings: tuple[BarResult, ...]

    @property
    def decided(self) -> BarResult:
        """The reading that decides: one that meets its bar, else the nearest to its bar, else one that has a score.

        Of several that meet theirs it is one measured without reasoning effort and not at second hand, if there is one.
        """
        met = [x for x in self.readings if x.met]
        if met:
            return min(met, key=lambda x: (x.reasoned, x.score is not None and x.score.unverified))
        return min(self.readings, key=lambda x: (x.gap is None, x.gap or 0, x.found is BarStatus.NO_SCORE))

    @property
    def met(self) -> bool:
        """Tell whether the need is met."""
        return self.decided.met


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextFit:
    """A context window against the one that is asked for, both in tokens; `has` is None where it is not known."""

    asked: Decimal
    has: int | None

    @property
    def met(self) -> bool:
        """Tell whether the window is known and large enough."""
        return self.has is not None and self.has >= self.asked

    @property
    def gap(self) -> Decimal | None:
        """How much is lacking as a share of what is asked for; None where it is not known."""
        return None if self.has is None else _lacking(Decimal(self.has), self.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A priced model and what is known of it for every need."""

    estimate: Estimate
    answers: tuple[NeedResult, ...]
    room: ContextFit | None = None

    @property
    def gaps(self) -> list[Decimal | None]:
        """The gaps of the needs that are not met."""
        failed = [x.decided.gap for x in self.answers if not x.met]
        return failed if self.room is None or self.room.met else [*failed, self.room.gap]

    @property
    def meets(self) -> bool:
        """Tell whether every need is met."""
        return not self.gaps

    @property
    def short(self) -> bool:
        """Tell whether a need is known not to be met, not only unknown."""
        return any(gap is not None for gap in self.gaps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """Models that meet the needs, cheapest first, and the others, the nearest to them first.

    Nearest is what fails the fewest needs, then what has the fewest that are not known, then the least gap in all, then
    the cheapest.
    """

    needs: Needs
    meeting: tuple[Candidate, ...]
    missing: tuple[Candidate, ...]


def reasoned(score: Score) -> bool:
    """Tell whether a score is known to be measured with a reasoning effort."""
    return score.settings.get("effort", "none") not in WITHOUT_EFFORT


def recommend(book: ScoreBook, estimates: Iterable[Estimate], needs: Needs) -> Recommendation:
    """Which of the priced models meet the needs, and how far the others are from them."""
    found = [_candidate(book, x, needs) for x in estimates]
    return Recommendation(
        needs=needs,
        meeting=tuple(sorted((x for x in found if x.meets), key=_by_cost)),
        missing=tuple(sorted((x for x in found if not x.meets), key=_by_distance)),
    )


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
    room = None if needs.context is None else ContextFit(asked=needs.context, has=model.context)
    return Candidate(estimate=estimate, answers=answers, room=room)


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
