"""Benchmarks, published scores, their sources, and tasks with bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ..lazy import dataclass
from ..pricing.exact import rounded, share_of
from .intervals import wilson

MAX_SCORE = 10**9
"""No rating or number of points is near it, on either side of 0."""


class IntervalKind(StrEnum):
    """Source of the interval for scores without a published one."""

    BINOMIAL = "binomial"
    PUBLISHED = "published"
    NONE = "none"


class Status(StrEnum):
    """Result of a check of a score against public sources."""

    CONFIRMED = "confirmed"
    CLOSE = "close"
    DIFFERS = "differs"
    CONTRADICTED = "contradicted"


class CostBasis(StrEnum):
    """Unit of a score's cost: one item of the benchmark, on average, or the whole run."""

    ITEM = "item"
    RUN = "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A test that models are scored on; `items` is its number of questions, `guess` the score of guessing.

    `saturated`: it no longer separates the best models. Versions are different benchmarks with ids of their own.
    """

    id: str
    name: str
    measures: str
    unit: str
    higher_is_better: bool
    interval: IntervalKind
    items: int | None = None
    guess: Decimal | None = None
    version: str | None = None
    saturated: bool = False
    url: str | None = None

    def reaches(self, value: Decimal, bar: Decimal) -> bool:
        """Whether a score meets a bar: at least the bar, or at most if lower is better."""
        return value >= bar if self.higher_is_better else value <= bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Source of scores; `credit` is the attribution that its license requires.

    `harness` is what ran the tests where it is not the title. A `collection` holds what vendors or papers said of their
    own models, each measured in its own way.
    """

    id: str
    title: str
    url: str | None = None
    licence: str | None = None
    credit: str | None = None
    harness: str | None = None
    collection: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Benchmarks that are shown together, by id."""

    id: str
    name: str
    benchmarks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Benchmarks (by id) and their bars, the least score or the most allowed.

    A model needs a score on one of them, and every score that it has must reach its bar.
    """

    bars: Mapping[str, Decimal] = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A kind of task; a model is good enough if it meets every need. `reason` explains the bars.

    `article` says which list of the article has it: `cheap` (the small model does it well), `strong` (keep the strong
    one), or None.
    """

    id: str
    name: str
    needs: tuple[Need, ...]
    reason: str
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One published score of one model, in the benchmark's unit.

    `low` and `high` are the ends of a published 95% interval. `n` is the number of items where it is not the
    benchmark's own, or of votes behind a rating; `trials` the number of answers of a whole run where items were tried
    more than once. `source` is the id of a Source or a free text; `url` is where the row itself can be read.
    `sourced_score` is what `sourced_from` has where the score is not confirmed. `unpriced`: the price table does not
    have the model. `unverified`: taken at second hand, or copied by hand.
    """

    model: str
    benchmark: str
    score: Decimal
    source: str
    date: date
    reported_by: str
    low: Decimal | None = None
    high: Decimal | None = None
    n: int | None = None
    trials: int | None = None
    url: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict, hash=False)
    cost_usd: Decimal | None = None
    cost_basis: CostBasis | None = None
    status: Status | None = None
    sourced_score: Decimal | None = None
    sourced_from: str | None = None
    remark: str | None = None
    unpriced: bool = False
    unverified: bool = False

    @property
    def effort(self) -> str | None:
        """The reasoning effort of the measurement; None if the source states none."""
        return self.settings.get("effort")


class ScoreBook:
    """All benchmarks, scores, sources, suites and tasks of a table.

    `scores` may be a mapping by (model, benchmark) that makes each Score when it is first asked for; `updated` is the
    day of the table, where it says so.
    """

    def __init__(
        self,
        benchmarks: Sequence[Benchmark],
        scores: Iterable[Score] | Mapping[tuple[str, str], Score],
        *,
        sources: Sequence[Source] = (),
        suites: Sequence[Suite] = (),
        tasks: Sequence[Task] = (),
        updated: date | None = None,
    ) -> None:
        self.updated = updated
        self.benchmarks = {benchmark.id: benchmark for benchmark in benchmarks}
        self.sources = {source.id: source for source in sources}
        self.suites = {suite.id: suite for suite in suites}
        self.tasks = {task.id: task for task in tasks}
        self._scores = scores if isinstance(scores, Mapping) else {(x.model, x.benchmark): x for x in scores}
        self._models = dict.fromkeys(model for model, _ in self._scores)

    def score(self, model: str, benchmark: str) -> Score | None:
        """The score of a model (canonical id) on a benchmark; None if missing."""
        return self._scores.get((model, benchmark))

    def models(self) -> list[str]:
        """The canonical ids of the models that have a score, in the order of the table."""
        return list(self._models)

    def __iter__(self) -> Iterator[Score]:
        return iter(self._scores.values())

    def __len__(self) -> int:
        return len(self._scores)

    def items(self, score: Score) -> int | None:
        """The number of items that a score was measured on, or of votes behind a rating."""
        return score.n or self.benchmarks[score.benchmark].items

    def interval(self, score: Score) -> tuple[Decimal, Decimal] | None:
        """The 95% interval of a score in the benchmark's unit; None if unknown.

        A published one is as given; else a binomial benchmark's is Wilson's, from the share of right answers and the
        number of items.
        """
        if score.low is not None and score.high is not None:
            return score.low, score.high
        items = self.items(score)
        if self.benchmarks[score.benchmark].interval is not IntervalKind.BINOMIAL or items is None:
            return None
        low, high = wilson(as_share(score.score), items)
        return as_percent(low), as_percent(high)

    def place(self, score: Score | None) -> tuple[bool, Decimal]:
        """A key that sorts the scores of a benchmark, the best first, a missing one last."""
        if score is None:
            return True, Decimal(0)
        higher = self.benchmarks[score.benchmark].higher_is_better
        return False, score.score.copy_negate() if higher else score.score

    def source(self, score: Score) -> Source:
        """Where a score came from; a source that the table does not define is its own title."""
        known = self.sources.get(score.source)
        if known is not None:
            return known
        url = score.source if score.source.startswith(("https://", "http://")) else None
        return Source(id=score.source, title=score.source, url=url)

    def link(self, score: Score) -> str | None:
        """The address of a score; None if unknown."""
        return score.url or self.source(score).url

    def harness(self, score: Score) -> str:
        """What ran the test, as a name: only scores of the same name were measured in the same way.

        In a collection each provider measured its own models.
        """
        named = score.settings.get("harness")
        if named is not None:
            return named
        source = self.source(score)
        name = source.harness or source.title
        return f"{name}: {score.model.partition('/')[0]}" if source.collection else name

    def usd_per_item(self, score: Score) -> Decimal | None:
        """The cost of one item in the scored run in USD; None if unknown."""
        if score.cost_usd is None or score.cost_basis is CostBasis.ITEM:
            return score.cost_usd
        answers = score.trials or self.items(score)
        return share_of(score.cost_usd, answers or 0)


def as_share(percent: Decimal) -> float:
    """A score in percent as a share, 0 to 1."""
    return float(percent) / 100


def as_percent(share: float) -> Decimal:
    """A share as percent with six decimals, far finer than any interval means."""
    return rounded(share * 100, 6)
