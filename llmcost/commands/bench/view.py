"""Benchmark scores as a report: models down, benchmarks across, each score with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...notes import Note, NoteKind
from ...report.differences import (
    DELTA_WORDS,
    EFFORT_WORDS,
    counted,
    delta_table,
    difference_table,
    in_words,
    tests,
    verdict_meanings,
    why_not,
)
from ...report.display import count
from ...report.report import Report, RunForm, Table
from ...report.scores import (
    EFFORT_UNPRICED,
    HALF_WIDTH,
    ScoreMarks,
    benchmark_names,
    defined,
    disputed_notes,
    in_line,
    prompt_notes,
    unit_words,
)
from ...report.words import by_reason, price_words, some, workload_fact, workload_words
from ...scores.costs import Costs
from ...scores.difference import ScoreDifference
from ...scores.model import Score, ScoreBook, reasoned
from ...scores.table import BenchTable
from .view_tables import Efforts, correct_tables, difference_rows, score_rows, score_table

if TYPE_CHECKING:
    from ...workload.estimate import Estimate

FORM = RunForm("llmcost.bench/1", ("differences", "scores"))

_EXPLAINED_MODELS = 3
_GIVE_WORKLOAD = "; --rpd, --in and --out price a request of your own"
"""So many models against a base are few enough to say of each why it cannot be compared."""


SHORT = 10
"""Models of a short answer, unless --top says how many."""


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
    scores, differences = score_rows(book, table, costs), difference_rows(book, found)
    unlike = {x.score for (model, _), x in table.entries.items() if not x.same and model in table.models}
    marks = ScoreMarks(table.scores(), () if found else unlike)
    seen = [x for x in table.scores() if x.model in table.models[:short]]
    efforts = Efforts.of(table.scores(), ranked, seen)
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
            score_table(book, table, ranked, costs, marks, efforts, short=0 if found and not costs.given else short),
            *correct_tables(book, table, costs, short=short),
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
    efforts: Efforts,
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


def _harness_words(book: ScoreBook, table: BenchTable) -> str:
    """The harness of the scores that are ranked: `simple-evals`, or with its benchmarks where there are several."""
    of: dict[str, list[str]] = {}
    for key, harness in table.harnesses.items():
        of.setdefault(harness, []).append(book.benchmarks[key].name)
    if len(of) == 1:
        return next(iter(of))
    return "the ranked scores"


def _details(
    book: ScoreBook,
    table: BenchTable,
    ranked: str,
    found: Sequence[ScoreDifference],
    marks: ScoreMarks,
) -> tuple[str, ...]:
    """Everything else on how to read the scores."""
    scores = table.scores()
    missing = len(table.models) * len(table.benchmarks) - len(scores)
    lines = [*_models(book, table, found), *unit_words(book, scores)]
    lines += in_line(marks.words(scores, _harness_words(book, table)))
    of: dict[str, list[str]] = {}
    for key, name in table.harnesses.items():
        of.setdefault(name, []).append(book.benchmarks[key].name)
    ranks = "; ".join(f"{name} ({', '.join(names)})" for name, names in of.items())
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
        lines.append(f"USD per correct answer: not known of any of these scores{'' if costs.given else _GIVE_WORKLOAD}")
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
