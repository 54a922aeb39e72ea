"""The rows of a benchmark table: which models, in which order, and which of them tie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ..errors import UsageError
from ..lazy import dataclass
from .costs import Costs
from .difference import with_interval
from .model import Score, ScoreBook
from .ranks import beaten

FIRST = ("openai/gpt-4o", "openai/gpt-4o-mini", "openai/gpt-3.5-turbo")
"""The models of the article, which lead the table of its suite."""
COST, MODEL = "cost", "model"
"""What a table may be sorted by beside its benchmarks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One score in a table; `same`: measured by the harness of its column.

    `rank` is None where it was not, or where the score has no interval. It is 1 + the number of ranked models that are
    significantly better.
    """

    score: Score
    same: bool
    rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchTable:
    """Models down, benchmarks across.

    `hidden` are models that would follow, `harnesses` what the ranked scores of each column were measured by, `base`
    the model that the others are compared with, if any.
    """

    benchmarks: tuple[str, ...]
    models: tuple[str, ...]
    entries: Mapping[tuple[str, str], Entry]
    harnesses: Mapping[str, str]
    hidden: tuple[str, ...] = ()
    base: str | None = None

    def scores(self) -> list[Score]:
        """The scores in the order of the table, model by model."""
        found = [self.entries.get((model, key)) for model in self.models for key in self.benchmarks]
        return [entry.score for entry in found if entry is not None]


def candidates(book: ScoreBook, benchmarks: Sequence[str], least: int) -> list[str]:
    """The models that have a score on at least so many of the benchmarks, in the order of the table."""
    return [model for model in book.models() if sum(book.score(model, x) is not None for x in benchmarks) >= least]


def widest(book: ScoreBook, models: Sequence[str], benchmarks: Sequence[str]) -> str:
    """The benchmark that most of the models have a score on, the first of those."""
    return max(benchmarks, key=lambda x: sum(book.score(model, x) is not None for model in models))


def best_first(book: ScoreBook, models: Sequence[str], benchmarks: Sequence[str]) -> list[str]:
    """Models by their score on the first of the benchmarks, then on the next; without a score last."""

    def key(model: str) -> tuple[tuple[bool, Decimal], ...]:
        return tuple(book.place(book.score(model, x)) for x in benchmarks)

    return sorted(models, key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOrder:
    """What decides the order of the rows: a key to sort by, the article's suite, or the models given."""

    sort: str | None
    article: bool
    given: bool

    def listed(self, book: ScoreBook, benchmarks: Sequence[str]) -> list[str]:
        """The models where none are given: of the article's suite those with all scores, else with a third.

        Raises UsageError where no model has so many.
        """
        found = candidates(book, benchmarks, len(benchmarks)) if self.article else []
        found = found or candidates(book, benchmarks, -(-len(benchmarks) // 3))
        if not found:
            said = f"no model has enough scores on {', '.join(benchmarks)}"
            raise UsageError(said, "see: llmcost bench --suite article")
        return found

    def of(self, book: ScoreBook, models: Sequence[str], benchmarks: Sequence[str], costs: Costs) -> list[str]:
        """The models as they were given, unless a key is asked for; else best first on the first of the benchmarks."""
        if self.sort == MODEL:
            return sorted(models)
        if self.sort == COST:
            return sorted(models, key=costs.sort_key)
        if self.sort is None and self.given:
            return list(models)
        best = best_first(book, models, benchmarks)
        first = [model for model in FIRST if self.sort is None and self.article and model in best]
        return [*first, *(model for model in best if model not in first)]

    def words(self, book: ScoreBook, lead: str) -> str:
        """The order in words, `by GPQA`, where the benchmark `lead` is the first; nothing for models as given."""
        if self.sort in (COST, MODEL):
            return f"by {self.sort}"
        if self.sort is None and self.given:
            return ""
        first = "the article's first, then " if self.sort is None and self.article else ""
        return f"{first}by {book.benchmarks[lead].name}"


def bench_table(
    book: ScoreBook,
    models: Sequence[str],
    benchmarks: Sequence[str],
    *,
    top: int | None = None,
    base: str | None = None,
    reference: str | None = None,
) -> BenchTable:
    """The table of models (canonical ids) on benchmarks (ids), in the orders given.

    Ranks are among all the models; `top` cuts the table after so many rows. The `base` is in it even so, first where it
    is not among the rows. The scores of a column that are of the harness of `reference` (by default the base) are
    ranked; where it has no score, or there is none, those of the harness of most models, shown or not: scores that
    vendors measured each in its own way only count where there are no others.
    """
    listed = list(models) if base is None or base in models else [base, *models]
    shown = listed[: top or len(listed)]
    if base is not None and base not in shown:
        shown = [base, *shown]
    entries: dict[tuple[str, str], Entry] = {}
    harnesses: dict[str, str] = {}
    for key in benchmarks:
        scores = [score for model in listed if (score := book.score(model, key)) is not None]
        if scores:
            harnesses[key] = _reference(book, scores, reference or base)
            entries |= {(x.score.model, key): x for x in _ranked(book, scores, harnesses[key])}
    return BenchTable(
        benchmarks=tuple(benchmarks),
        models=tuple(shown),
        entries=entries,
        harnesses=harnesses,
        hidden=tuple(model for model in listed if model not in shown),
        base=base,
    )


def _reference(book: ScoreBook, scores: Sequence[Score], model: str | None) -> str:
    """The harness whose scores are ranked."""
    for score in scores:
        if score.model == model:
            return book.harness(score)
    shared = [score for score in scores if "harness" in score.settings or not book.source(score).collection]
    return Counter(map(book.harness, shared or scores)).most_common(1)[0][0]


def _ranked(book: ScoreBook, scores: Sequence[Score], harness: str) -> list[Entry]:
    """The entries of a column."""
    same = {score.model for score in scores if book.harness(score) == harness}
    ordered = sorted((x for x in scores if x.model in same), key=book.place)
    known = {score.model: found for score in ordered if (found := with_interval(book, score))}
    ranks = {model: 1 + number for model, number in zip(known, beaten(list(known.values())), strict=True)}
    return [Entry(score=x, same=x.model in same, rank=ranks.get(x.model)) for x in scores]
