"""The tables of `bench`: scores and differences for machines, scores and costs for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Self

from ...lazy import dataclass
from ...report.differences import difference_values
from ...report.display import usd
from ...report.report import Cell, Column, Kind, Row, Rows, Table
from ...report.scores import ScoreMarks, effort_words, label, shown
from ...scores.costs import CorrectCost, CostFrom, Costs
from ...scores.difference import ScoreDifference
from ...scores.model import Score, ScoreBook
from ...scores.table import BenchTable, Entry

_SCORES = (
    *("model", "benchmark", "score", "low", "high", "n", "source", "url", "date", "reported_by", "status"),
    *("sourced_score", "sourced_from", "effort", "harness", "measured_on", "rank", "unverified"),
)
_DIFFERENCES = (
    *("model", "base", "benchmark", "n", "score", "base_score", "delta", "delta_low", "delta_high", "p_value"),
    *("p_holm", "verdict", "flags"),
)
_BEFORE_RANK = 4
"""So many benchmarks are shown before the rank, where there is no room for all; of more only the first."""
_RATES = (
    Column("input_rate_usd_per_1m", "In/1M", Kind.RATE),
    Column("output_rate_usd_per_1m", "Out/1M", Kind.RATE),
)


def score_rows(book: ScoreBook, table: BenchTable, costs: Costs) -> Rows:
    """The scores for machines, a row for each model and benchmark."""
    price = ("input_rate_usd_per_1m", "output_rate_usd_per_1m", "monthly_usd") if costs.price else ()
    correct = ("usd_per_correct", "usd_per_correct_from") if costs.per_correct else ()
    return Rows((_values(book, entry, costs) for entry in _entries(table)), (*_SCORES, *price, *correct))


def _entries(table: BenchTable) -> list[Entry]:
    """The entries of the shown models, model by model."""
    found = (table.entries.get((model, key)) for model in table.models for key in table.benchmarks)
    return [entry for entry in found if entry]


def _values(book: ScoreBook, entry: Entry, costs: Costs) -> dict[str, Cell]:
    score = entry.score
    low, high = book.interval(score) or (None, None)
    correct = costs.of_correct(book, score)
    return {
        "model": score.model,
        "benchmark": score.benchmark,
        "score": score.score,
        "low": low,
        "high": high,
        "n": book.items(score),
        "source": book.source(score).title,
        "url": book.link(score),
        "date": score.date,
        "reported_by": score.reported_by,
        "status": score.status,
        "sourced_score": score.sourced_score,
        "sourced_from": score.sourced_from,
        "effort": score.effort,
        "harness": book.harness(score),
        "measured_on": score.settings.get("measured_on"),
        "rank": entry.rank,
        "unverified": score.unverified,
        **_prices(costs, score.model),
        "usd_per_correct": None if correct is None else correct.usd,
        "usd_per_correct_from": None if correct is None else correct.cost_from,
    }


def _prices(costs: Costs, model: str) -> dict[str, Cell]:
    x = costs.estimates.get(model)
    return {
        "input_rate_usd_per_1m": None if x is None else x.input_rate,
        "output_rate_usd_per_1m": None if x is None else x.output_rate,
        "monthly_usd": None if x is None or not costs.given else x.monthly_usd,
    }


def difference_rows(book: ScoreBook, found: Sequence[ScoreDifference]) -> Rows:
    """The differences for machines, a row for each model and benchmark."""
    rows = []
    for x in found:
        values = {
            "model": x.other.model,
            "base": x.base.model,
            "benchmark": x.benchmark.id,
            "n": book.items(x.other),
            "score": x.other.score,
            "base_score": x.base.score,
        }
        rows.append({**values, **difference_values(x)})
    return Rows(rows, _DIFFERENCES)


@dataclass(frozen=True, slots=True)
class Efforts:
    """Where people read the reasoning efforts of a table: behind each score, or in a column.

    The column has the effort of a model's score on the ranked benchmark, else of its first score; only another one then
    stands behind a score. It is for tables where that leaves at most half of the efforts behind the scores seen.
    """

    by_model: Mapping[str, str | None]
    column: bool

    @classmethod
    def of(cls, scores: Sequence[Score], ranked: str, seen: Iterable[Score]) -> Self:
        """The efforts of the scores of a table, of which a short answer has those `seen`."""
        first = {x.model: x.effort for x in [*reversed(scores), *(x for x in scores if x.benchmark == ranked)]}
        stated = [x for x in seen if x.effort]
        others = [x for x in seen if x.effort != first[x.model]]
        return cls(first, bool(stated) and 2 * len(others) <= len(stated))

    def behind(self, score: Score) -> str | None:
        """The effort that stands behind a score."""
        if not self.column:
            return effort_words(score.effort)
        return None if score.effort == self.by_model[score.model] else effort_words(score.effort) or "unstated"


def score_table(
    book: ScoreBook,
    table: BenchTable,
    ranked: str,
    costs: Costs,
    marks: ScoreMarks,
    efforts: Efforts,
    *,
    short: int | None,
) -> Table:
    """The scores for people, models down; `ranked` is the benchmark whose ranks are shown."""
    seen = Counter(x.benchmark for x in table.scores() if x.model in table.models[:short])
    order = sorted(table.benchmarks, key=lambda x: (x != ranked, -seen[x]))
    before = len(order) if len(order) <= _BEFORE_RANK else 1
    columns = [Column("model", "Model")]
    if any(entry.rank for (model, key), entry in table.entries.items() if key == ranked and model in table.models):
        means = f"Rank: 1 + the models significantly better on {book.benchmarks[ranked].name}"
        columns.insert(0, Column("rank", "Rank", Kind.COUNT, optional=before, means=means))
    if efforts.column:
        columns.append(Column("effort", "Effort"))
    places = {key: place + (place >= before) for place, key in enumerate(order)}
    columns += [Column(x, label(book.benchmarks[x]), optional=places[x], whole=True) for x in table.benchmarks]
    if costs.price and costs.given:
        columns.append(Column("monthly_usd", "Month", Kind.USD))
    elif costs.price:
        columns += _RATES
    cells = {key: _column(book, table, key, marks, efforts, short) for key in table.benchmarks}
    rows = []
    for model in table.models:
        values: dict[str, Cell] = {key: column.get(model) for key, column in cells.items()}
        first = table.entries.get((model, ranked))
        notes = costs.estimates[model].notes if costs.price and model in costs.estimates else ()
        known = {
            "rank": first.rank if first else None,
            "model": model,
            "effort": effort_words(efforts.by_model.get(model)),
        }
        rows.append(Row({**known, **values, **_prices(costs, model)}, notes=notes))
    return Table(columns=tuple(columns), rows=tuple(rows), short=short, things="models")


def _column(
    book: ScoreBook, table: BenchTable, key: str, marks: ScoreMarks, efforts: Efforts, short: int | None
) -> dict[str, Cell]:
    """The cells of a column by model, with the decimal points below each other, and in a short answer the ±."""
    found = {model: entry.score for model in table.models if (entry := table.entries.get((model, key)))}
    digits = max((len(f"{score.score:.1f}") for score in found.values()), default=0)
    signs = max((len(marks.of(found[model])) for model in table.models[:short] if model in found), default=0)
    return {
        model: shown(book, score, marks.of(score), digits=digits, signs=signs, effort=efforts.behind(score))
        for model, score in found.items()
    }


def correct_tables(book: ScoreBook, table: BenchTable, costs: Costs, *, short: int | None) -> list[Table]:
    """A table of the cost of a correct answer, models down, those with a known cost first; none where none has."""
    columns = (Column(x, book.benchmarks[x].name, Kind.NUMBER) for x in table.benchmarks)
    found = {(x.score.model, x.score.benchmark): costs.of_correct(book, x.score) for x in _entries(table)}
    known = {place: _correct_words(cost) for place, cost in found.items() if cost}
    if not costs.per_correct or not known:
        return []
    rows = [{"model": model, **{x: known.get((model, x)) for x in table.benchmarks}} for model in table.models]
    rows.sort(key=lambda row: not any(row[x] for x in table.benchmarks))
    title = "USD per correct answer"
    return [Table.of(rows, Column("model", "Model"), *columns, title=title, short=short, things="models")]


def _correct_words(cost: CorrectCost) -> str:
    """USD below 1 with three significant digits: they are only as sure as the score."""
    value = cost.usd if cost.usd >= 1 else Decimal(f"{cost.usd:.3g}")
    return usd(value) + ("" if cost.cost_from is CostFrom.RUN else " w")
