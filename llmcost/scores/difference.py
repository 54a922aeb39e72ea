"""Whether two published scores differ: the difference, its interval, its test, and when neither may be said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

from ..lazy import dataclass
from ..pricing.exact import rounded, total
from .intervals import Difference, holm, rating_difference, unpaired_difference, unpaired_p
from .model import Benchmark, IntervalKind, Score, ScoreBook

SIGNIFICANT = 0.05
"""A difference with a p value above this is not detectable."""


class Flag(StrEnum):
    """What was not the same when two scores were measured."""

    HARNESS = "harness"
    EFFORT = "effort"
    PROMPT = "prompt"


class ScoreVerdict(StrEnum):
    """What can be said of a model's score against the base's."""

    BETTER = "better"
    WORSE = "worse"
    NO_DETECTABLE_DIFFERENCE = "no_detectable_difference"
    NOT_COMPARABLE = "not_comparable"
    UNKNOWN = "unknown"


TESTED = (ScoreVerdict.BETTER, ScoreVerdict.WORSE, ScoreVerdict.NO_DETECTABLE_DIFFERENCE)
"""The verdicts of scores that could be compared and tested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreDifference:
    """One score less the base's, in the benchmark's unit, with its 95% interval and two-sided p value.

    `low`, `high` and `p_value` are None where no interval of the scores is known. `p_holm` is adjusted for the
    differences that are looked at together, None before `with_holm` and for scores that cannot be compared. A score
    measured by another harness is not comparable, however small its p value: the harness moves scores by points. The
    reasoning effort is the user's to choose, so on one harness two efforts are two configurations whose difference is
    as real as that of two models: it is tested, and flagged. So is another prompt.
    """

    benchmark: Benchmark
    base: Score
    other: Score
    delta: Decimal
    low: Decimal | None
    high: Decimal | None
    p_value: float | None
    flags: tuple[Flag, ...]
    p_holm: float | None = None

    @property
    def comparable(self) -> bool:
        """Tell whether both scores were measured by the same harness."""
        return Flag.HARNESS not in self.flags

    @property
    def verdict(self) -> ScoreVerdict:
        """What can be said: by the adjusted p value where there is one, else by the raw one."""
        if not self.comparable:
            return ScoreVerdict.NOT_COMPARABLE
        if self.p_value is None:
            return ScoreVerdict.UNKNOWN
        if (self.p_value if self.p_holm is None else self.p_holm) > SIGNIFICANT:
            return ScoreVerdict.NO_DETECTABLE_DIFFERENCE
        return ScoreVerdict.BETTER if (self.delta > 0) is self.benchmark.higher_is_better else ScoreVerdict.WORSE


def difference(book: ScoreBook, base: Score, other: Score) -> ScoreDifference:
    """Other - base of two scores on the same benchmark.

    Where both intervals come from counts, the difference has Newcombe's interval for unpaired shares; else the errors
    are read from the published intervals, as for ratings. The models answered the same items, but only totals are
    known: the interval is wider than it need be where the models tend to fail on the same items.
    """
    ours, theirs = with_interval(book, base), with_interval(book, other)
    found = subtract(theirs, ours) if ours and theirs else None
    scale = 100 if ours and theirs and ours.n and theirs.n else 1
    return ScoreDifference(
        benchmark=book.benchmarks[base.benchmark],
        base=base,
        other=other,
        delta=total((other.score, base.score.copy_negate())),
        low=rounded(found.low * scale, 6) if found else None,
        high=rounded(found.high * scale, 6) if found else None,
        p_value=found.p if found else None,
        flags=flags(book, base, other),
    )


def differs_significantly(book: ScoreBook, one: Score, other: Score) -> bool:
    """Tell whether two scores differ, two-sided at 5%, as if they were measured in the same way.

    Without an interval of both they differ where they are not equal.
    """
    p_value = difference(book, one, other).p_value
    return one.score != other.score if p_value is None else p_value <= SIGNIFICANT


def differences(
    book: ScoreBook, base: str, models: Iterable[str], benchmarks: Sequence[str]
) -> tuple[ScoreDifference, ...]:
    """The differences of models (canonical ids) to a base on the benchmarks that both have, unadjusted."""
    found = []
    for model in models:
        for key in benchmarks:
            ours, theirs = book.score(base, key), book.score(model, key)
            if model != base and ours is not None and theirs is not None:
                found.append(difference(book, ours, theirs))
    return tuple(found)


def with_holm(found: Sequence[ScoreDifference]) -> tuple[ScoreDifference, ...]:
    """Differences with p values adjusted for being looked at together; what cannot be compared is no test."""
    tests = {place: x.p_value for place, x in enumerate(found) if x.comparable and x.p_value is not None}
    adjusted = dict(zip(tests, holm(list(tests.values())), strict=True))
    return tuple(replace(x, p_holm=adjusted.get(place)) for place, x in enumerate(found))


def flags(book: ScoreBook, base: Score, other: Score) -> tuple[Flag, ...]:
    """What was not the same when two scores were measured; a prompt that is not stated differs from none."""
    prompts = {x.settings["prompt"] for x in (base, other) if "prompt" in x.settings}
    unlike = {
        Flag.HARNESS: book.harness(base) != book.harness(other),
        Flag.EFFORT: base.effort != other.effort,
        Flag.PROMPT: len(prompts) > 1,
    }
    return tuple(flag for flag, differs in unlike.items() if differs)


@dataclass(frozen=True, slots=True)
class ScoreInterval:
    """A score in the benchmark's unit with the ends of its 95% interval; `n` where these come from counts of items."""

    value: float
    low: float
    high: float
    n: int | None


def with_interval(book: ScoreBook, score: Score) -> ScoreInterval | None:
    """A score with its interval, or None where none is known."""
    interval = book.interval(score)
    if interval is None:
        return None
    published = score.low is not None and score.high is not None
    counted = book.benchmarks[score.benchmark].interval is IntervalKind.BINOMIAL and not published
    low, high = map(float, interval)
    return ScoreInterval(float(score.score), low, high, book.items(score) if counted else None)


def subtract(other: ScoreInterval, base: ScoreInterval) -> Difference:
    """Other - base: of shares where both have counts, else in the benchmark's unit."""
    if other.n and base.n:
        return unpaired_difference(other.value / 100, other.n, base.value / 100, base.n)
    return rating_difference(other.value, other.low, other.high, base.value, base.low, base.high)


def p_value(other: ScoreInterval, base: ScoreInterval) -> float:
    """The p value of `subtract` alone."""
    if other.n and base.n:
        return unpaired_p(other.value / 100, other.n, base.value / 100, base.n)
    return subtract(other, base).p
