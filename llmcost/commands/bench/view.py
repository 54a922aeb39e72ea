"""Benchmark scores as a report: models down, benchmarks across, each score with its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from ...lazy import dataclass
from ...notes import Note, NoteKind
from ...report.differences import (
    DELTA_WORDS,
    EFFORT_WORDS,
    counted,
    delta_table,
    difference_table,
    difference_values,
    in_words,
    tests,
    verdict_meanings,
    why_not,
)
from ...report.display import count, usd
from ...report.report import Cell, Column, Kind, Report, Row, Rows, RunForm, Table
from ...report.scores import (
    EFFORT_UNPRICED,
    HALF_WIDTH,
    ScoreMarks,
    benchmark_names,
    defined,
    disputed_notes,
    effort_words,
    in_line,
    label,
    prompt_notes,
    score_values,
    shown,
    unit_words,
)
from ...report.words import by_reason, price_words, some, workload_fact, workload_words
from ...scores.costs import CorrectCost, CostFrom, Costs
from ...scores.difference import ScoreDifference
from ...scores.effort import reasoned
from ...scores.model import Score, ScoreBook
from ...scores.table import BenchTable, Entry

if TYPE_CHECKING:
    from ...workload.estimate import Estimate

FORM = RunForm("llmcost.bench/1", ("differences", "scores"))

_EXPLAINED_MODELS = 3
"""So many models against a base are few enough to say of each why it cannot be compared."""
SHORT = 10
"""Models of a short answer, unless --top says how many."""
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


def bench_report(
    book: ScoreBook,
    table: BenchTable,
    *,
    ranked: str,
    found: Sequence[ScoreDifference] = (),
    costs: Costs | None = None,
    short: int | None = SHORT,
    order: str = "",
) -> Report:
    """The report on a table of scores; people see the ranks of the benchmark `ranked`.

    `found` are the differences of its models to its base, adjusted; a short answer has so many models. `order`
    says by what the rows are sorted.
    """
    costs = costs or Costs()
    priced = [x for model, x in costs.estimates.items() if model in table.models]
    workload = {"workload": workload_fact([priced[0].workload])} if costs.given and priced else {}
    others = len({x.other.model for x in found})
    scores, differences = _score_rows(book, table, costs), _difference_rows(book, found)
    unlike = {x.score for (model, _), x in table.entries.items() if not x.same and model in table.models}
    marks = ScoreMarks(table.scores(), () if found else unlike)
    seen = [x for x in table.scores() if x.model in table.models[:short]]
    efforts = _Efforts.of(table.scores(), ranked, seen)
    reading = _reading(book, table, found, marks, seen, efforts)
    return Report(
        schema=FORM.name,
        headline=_headline(book, table, found, order),
        data={
            **({"base": table.base} if table.base else {}),
            "benchmark_names": benchmark_names(book, table.benchmarks),
            **workload,
            "scores": scores,
            **({"differences": differences} if table.base else {}),
        },
        csv=differences if table.base else scores,
        tables=(
            *_differences(book, table.base, found, marks, short),
            _score_table(book, table, ranked, costs, marks, efforts, short=0 if found and not costs.given else short),
            *_correct_tables(book, table, costs, short=short),
        ),
        sentences=tuple(why_not(found, book)) if others == 1 else (),
        assumptions=(*reading, *_cost_words(book, table, costs, priced)),
        details=tuple(x for x in _details(book, table, ranked, found, marks) if x not in reading),
        notes=(
            *disputed_notes(book, table.scores(), seen),
            *prompt_notes(table.scores()),
            *_unpriced_efforts(table, costs),
            *_left_out(table),
            *_unpriced(table, costs),
        ),
    )


def _differences(
    book: ScoreBook, base: str | None, found: Sequence[ScoreDifference], marks: ScoreMarks, short: int | None
) -> list[Table]:
    """A table for each model against the base; of several models these are details of one table of all."""
    models = dict.fromkeys(x.other.model for x in found)
    of = {model: [x for x in found if x.other.model == model] for model in models}
    if len(models) == 1:
        return [difference_table(book, found, marks)]
    tables = [difference_table(book, x, marks, title=f"{model} against {base}", short=0) for model, x in of.items()]
    return [delta_table(found, title=f"Score minus the score of {base}", short=short), *tables] if found else []


def _headline(book: ScoreBook, table: BenchTable, found: Sequence[ScoreDifference], order: str) -> str:
    names = ", ".join(book.benchmarks[x].name for x in table.benchmarks)
    others = [model for model in table.models if model != table.base]
    if table.base is not None and len(others) == 1:
        return f"{others[0]} against {table.base}: {in_words(found) or f'no score in common on {names}'}"
    if table.base is not None:
        said = f": {counted(found)}" if found else ""
        return f"{len(others)} models against {table.base} on {names}{said}"
    total = len(table.models) + len(table.hidden)
    of = f"{count(len(table.models))} of " if table.hidden else ""
    return f"{of}{some(total, 'model')} on {names}{f': {order}' if order and total > 1 else ''}"


def _models(book: ScoreBook, table: BenchTable, found: Sequence[ScoreDifference]) -> list[str]:
    """The verdicts on several models, and why some cannot be compared."""
    lines = []
    models = [x for x in table.models if x != table.base] if table.base else []
    if 1 < len(models) <= _EXPLAINED_MODELS:
        for model in models:
            ours = [x for x in found if x.other.model == model]
            lines.append(f"{model}: {in_words(ours) or 'no score in common'}")
            lines += why_not(ours, book, named=True)
    return lines


def _reading(
    book: ScoreBook,
    table: BenchTable,
    found: Sequence[ScoreDifference],
    marks: ScoreMarks,
    seen: Sequence[Score],
    efforts: _Efforts,
) -> list[str]:
    """How to read the short answer, which has the scores `seen`: first the numbers, then the marks."""
    several = len({x.other.model for x in found}) > 1
    numbers = []
    if not several and any(book.interval(x) for x in seen):
        numbers.append(HALF_WIDTH)
    if not all(book.benchmarks[x].higher_is_better for x in table.benchmarks):
        numbers.append("↓ lower is better")
    if not found and any(x.effort for x in seen):
        numbers.append(
            "Effort: reasoning effort; another one is shown next to its score" if efforts.column else EFFORT_WORDS
        )
    numbers += verdict_meanings(found, several=several)
    signs = [] if several else marks.words(seen, _harness_words(book, table))
    return [*in_line(numbers), *(line for sign in signs for line in in_line([sign]))]


def _is_ranked(table: BenchTable, key: str) -> bool:
    return any(x.rank for (model, of), x in table.entries.items() if of == key and model in table.models)


def _harnesses(book: ScoreBook, table: BenchTable) -> dict[str, list[str]]:
    """The harnesses of the scores that are ranked, each with the names of its benchmarks."""
    of: dict[str, list[str]] = {}
    for key, harness in table.harnesses.items():
        of.setdefault(harness, []).append(book.benchmarks[key].name)
    return of


def _harness_words(book: ScoreBook, table: BenchTable) -> str:
    """What the ranked scores were run on: `simple-evals`."""
    of = _harnesses(book, table)
    return next(iter(of)) if len(of) == 1 else "the ranked scores"


def _details(
    book: ScoreBook, table: BenchTable, ranked: str, found: Sequence[ScoreDifference], marks: ScoreMarks
) -> tuple[str, ...]:
    """Everything else on how to read the scores."""
    scores = table.scores()
    missing = len(table.models) * len(table.benchmarks) - len(scores)
    lines = [*_models(book, table, found), *unit_words(book, scores)]
    lines += in_line(marks.words(scores, _harness_words(book, table)))
    ranks = "; ".join(f"{name} ({', '.join(names)})" for name, names in _harnesses(book, table).items())
    lines.append(f"Harness of the ranked scores: {ranks}")
    if _is_ranked(table, ranked):
        lines.append("Ranks: 5%, Holm over all pairs of a benchmark; models of one rank do not differ detectably")
    if any(x.effort for x in scores):
        lines.append("Scores without a reasoning effort: the source states none")
    if found:
        lines.append(DELTA_WORDS)
    if number := tests(found):
        lines.append(f"Holm: p adjusted for {some(number, 'test')}")
    lines += defined(book, table.benchmarks)
    if missing:
        lines.append(f"Shown as -: {missing} of {missing + len(scores)} scores are not in the table")
    return tuple(lines)


def _cost_words(book: ScoreBook, table: BenchTable, costs: Costs, priced: Sequence[Estimate]) -> tuple[str, ...]:
    lines: list[str] = []
    if costs.per_correct and not any(costs.of_correct(book, x) for x in table.scores()):
        way = "" if costs.given else "; --rpd, --in and --out price a request of your own"
        lines.append(f"USD per correct answer: not known of any of these scores{way}")
    elif costs.per_correct:
        of_workload = "; w: cost of a request of your workload / the score" if costs.given else ""
        lines.append(f"USD per correct answer: cost of an item in the scored run / the score{of_workload}")
    if priced and costs.given:
        lines += workload_words([priced[0].workload])
    if priced and (costs.price or costs.given):
        lines.append(price_words(priced))
    return tuple(lines)


def _left_out(table: BenchTable) -> tuple[Note, ...]:
    hidden = len(table.hidden)
    if not hidden:
        return ()
    text = f"{some(hidden, 'more model')} not shown: --top {len(table.models) + hidden} shows all"
    return (Note(NoteKind.LEFT_OUT, text),)


def _unpriced_efforts(table: BenchTable, costs: Costs) -> tuple[Note, ...]:
    """That the cost of the workload is without the hidden tokens of models that were scored with reasoning."""
    priced = {model for model, x in costs.estimates.items() if costs.given and not x.workload.reasons}
    return (EFFORT_UNPRICED,) if any(x.model in priced and reasoned(x) for x in table.scores()) else ()


def _unpriced(table: BenchTable, costs: Costs) -> tuple[Note, ...]:
    said = by_reason(costs.unpriced[model] for model in table.models if model in costs.unpriced)
    return (Note(NoteKind.MISSING, f"no price: {said}"),) if said else ()


def _score_rows(book: ScoreBook, table: BenchTable, costs: Costs) -> Rows:
    """The scores for machines, a row for each model and benchmark."""
    price = ("input_rate_usd_per_1m", "output_rate_usd_per_1m", "monthly_usd") if costs.price else ()
    correct = ("usd_per_correct", "usd_per_correct_from") if costs.per_correct else ()
    return Rows((_values(book, entry, costs) for entry in _entries(table)), (*_SCORES, *price, *correct))


def _entries(table: BenchTable) -> list[Entry]:
    found = (table.entries.get((model, key)) for model in table.models for key in table.benchmarks)
    return [entry for entry in found if entry]


def _values(book: ScoreBook, entry: Entry, costs: Costs) -> dict[str, Cell]:
    correct = costs.of_correct(book, entry.score)
    return {
        **score_values(book, entry.score),
        "rank": entry.rank,
        **_prices(costs, entry.score.model),
        "usd_per_correct": None if correct is None else correct.usd,
        "usd_per_correct_from": None if correct is None else correct.cost_from,
    }


def _prices(costs: Costs, model: str) -> dict[str, Cell]:
    x = costs.estimates.get(model)
    return {
        "input_rate_usd_per_1m": None if x is None else x.input_rate,
        "output_rate_usd_per_1m": None if x is None else x.output_rate,
        "monthly_usd": x.monthly_usd if x and costs.given else None,
    }


def _difference_rows(book: ScoreBook, found: Sequence[ScoreDifference]) -> Rows:
    """The differences for machines, a row for each model and benchmark."""
    rows = (
        {
            **score_values(book, x.other),
            "base": x.base.model,
            "base_score": x.base.score,
            **difference_values(x),
        }
        for x in found
    )
    return Rows(rows, _DIFFERENCES)


@dataclass(frozen=True, slots=True)
class _Efforts:
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


def _score_table(
    book: ScoreBook,
    table: BenchTable,
    ranked: str,
    costs: Costs,
    marks: ScoreMarks,
    efforts: _Efforts,
    *,
    short: int | None,
) -> Table:
    """The scores for people, models down; `ranked` is the benchmark whose ranks are shown."""
    seen = Counter(x.benchmark for x in table.scores() if x.model in table.models[:short])
    order = sorted(table.benchmarks, key=lambda x: (x != ranked, -seen[x]))
    before = len(order) if len(order) <= _BEFORE_RANK else 1
    columns = [Column("model", "Model")]
    if _is_ranked(table, ranked):
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
    book: ScoreBook, table: BenchTable, key: str, marks: ScoreMarks, efforts: _Efforts, short: int | None
) -> dict[str, Cell]:
    """The cells of a column by model, with the decimal points below each other, and in a short answer the ±."""
    found = {model: entry.score for model in table.models if (entry := table.entries.get((model, key)))}
    digits = max((len(f"{score.score:.1f}") for score in found.values()), default=0)
    signs = max((len(marks.of(found[model])) for model in table.models[:short] if model in found), default=0)
    return {
        model: shown(book, score, marks.of(score), digits=digits, signs=signs, effort=efforts.behind(score))
        for model, score in found.items()
    }


def _correct_tables(book: ScoreBook, table: BenchTable, costs: Costs, *, short: int | None) -> list[Table]:
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
