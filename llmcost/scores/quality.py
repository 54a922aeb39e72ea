"""What models lose or gain in quality against a base: the benchmarks that both have, in two families."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from ..lazy import dataclass
from .difference import TESTED, ScoreDifference, ScoreVerdict, differences, with_holm
from .model import Score, ScoreBook

FIRST_SUITE = "article"
"""The benchmarks of this suite are judged by themselves, so that further ones do not change what is said of them."""


class Loss(StrEnum):
    """What all benchmarks together say of a model against a base; the word stands in JSON.

    `worse`: it is on one at least. `not_worse`: it is on none, and one at least can tell. `unknown`: none can.
    """

    NOT_WORSE = "not_worse"
    WORSE = "worse"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityComparison:
    """Models against a base, by canonical id.

    `first` are the differences on the benchmarks of the article's suite, `others` those on all that remain; the p
    values of each family are adjusted within it.
    """

    book: ScoreBook
    base: str
    models: tuple[str, ...]
    first: tuple[ScoreDifference, ...]
    others: tuple[ScoreDifference, ...]

    @property
    def found(self) -> tuple[ScoreDifference, ...]:
        """All differences, the article's suite first."""
        return (*self.first, *self.others)

    def of(self, model: str) -> tuple[Sequence[ScoreDifference], Sequence[ScoreDifference]]:
        """The differences shown for a model, and the rest.

        Those of the article's suite are shown where any of them can be judged, else all are, first those that can be.
        """
        first = [x for x in self.first if x.other.model == model]
        others = [x for x in self.others if x.other.model == model]
        if any(map(_judged, first)):
            return first, others
        return sorted([*first, *others], key=lambda x: not _judged(x)), []

    def told(self, model: str) -> dict[ScoreVerdict, int]:
        """On how many benchmarks a model is better, not detectably different, and worse."""
        found = [x.verdict for x in self.found if x.other.model == model]
        return {verdict: found.count(verdict) for verdict in TESTED}

    def loss(self, model: str) -> Loss:
        """What all benchmarks together say of a model."""
        told = self.told(model)
        if told[ScoreVerdict.WORSE]:
            return Loss.WORSE
        return Loss.NOT_WORSE if any(told.values()) else Loss.UNKNOWN

    def scores(self) -> list[Score]:
        """Every score that is compared, once: benchmark by benchmark, the base's first."""
        return scores_of(self.found)


def _judged(x: ScoreDifference) -> bool:
    return x.verdict in TESTED


def scores_of(found: Sequence[ScoreDifference]) -> list[Score]:
    """Every score of some differences, once: benchmark by benchmark, the base's first."""
    order = list(dict.fromkeys(x.benchmark.id for x in found))
    ordered = sorted(found, key=lambda x: order.index(x.benchmark.id))
    return list({(x.benchmark, x.model): x for one in ordered for x in (one.base, one.other)}.values())


def quality(book: ScoreBook, base: str, models: Iterable[str]) -> QualityComparison:
    """What models (canonical ids) lose or gain against a base on every benchmark that both have."""
    named = tuple(dict.fromkeys(models))
    suite = book.suites.get(FIRST_SUITE)
    first = suite.benchmarks if suite else ()
    others = [key for key in book.benchmarks if key not in first]
    return QualityComparison(
        book=book,
        base=base,
        models=named,
        first=with_holm(differences(book, base, named, first)),
        others=with_holm(differences(book, base, named, others)),
    )
