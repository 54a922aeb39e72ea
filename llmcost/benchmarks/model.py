"""Benchmarks and the scores published on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .intervals import wilson


class IntervalKind(StrEnum):
    """How the uncertainty of a benchmark's scores is known."""

    BINOMIAL = "binomial"
    PUBLISHED = "published"
    NONE = "none"


class Status(StrEnum):
    """What a check of a score against public sources found."""

    CONFIRMED = "confirmed"
    CLOSE = "close"
    DIFFERS = "differs"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A test that models are scored on; `items` is its number of questions, `guess` the score of guessing."""

    id: str
    name: str
    measures: str
    unit: str
    higher_is_better: bool
    items: int | None
    guess: Decimal | None
    interval: IntervalKind
    version: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One published score of one model, in the benchmark's unit.

    `n` is the number of items where it is not the benchmark's own; `sourced_score` is what `sourced_from` has where
    the score is not confirmed.
    """

    model: str
    benchmark: str
    score: Decimal
    source: str
    date: date
    reported_by: str
    n: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    status: Status | None = None
    sourced_score: Decimal | None = None
    sourced_from: str | None = None
    remark: str | None = None


class ScoreBook:
    """All benchmarks and scores of the tables."""

    def __init__(self, benchmarks: Sequence[Benchmark], scores: Sequence[Score]) -> None:
        self.benchmarks = {benchmark.id: benchmark for benchmark in benchmarks}
        self._scores = {(score.model, score.benchmark): score for score in scores}

    def score(self, model: str, benchmark: str) -> Score | None:
        """Return the score of a model (canonical id) on a benchmark, or None where there is none."""
        return self._scores.get((model, benchmark))

    def models(self) -> list[str]:
        """Return the canonical ids of the models that have a score, in the order of the table."""
        return list(dict.fromkeys(model for model, _ in self._scores))

    def __iter__(self) -> Iterator[Score]:
        return iter(self._scores.values())

    def items(self, score: Score) -> int | None:
        """Return the number of items that a score was measured on."""
        return score.n or self.benchmarks[score.benchmark].items

    def interval(self, score: Score) -> tuple[Decimal, Decimal] | None:
        """Return the 95% interval of a score in the benchmark's unit, or None where none is known.

        A binomial benchmark's is Wilson's, from the share of right answers and the number of items.
        """
        items = self.items(score)
        if self.benchmarks[score.benchmark].interval is not IntervalKind.BINOMIAL or items is None:
            return None
        low, high = wilson(float(score.score) / 100, items)
        return _percent(low), _percent(high)


def _percent(share: float) -> Decimal:
    """Return a share as percent with six decimals, far finer than any interval means."""
    return round(Decimal(share * 100), 6)
