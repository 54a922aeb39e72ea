"""Benchmark scores as a report: models down, benchmarks across, each score with its interval."""

from __future__ import annotations

from collections.abc import Sequence

from ...notes import Note, NoteKind
from ...report.differences import DAGGER, counted, difference_table, difference_words, in_words, tests, why_not
from ...report.display import count
from ...report.report import Report, RunForm, Table
from ...report.scores import OTHERWISE, defined, meanings, prompt_notes, unit_words
from ...report.words import by_reason, price_words, some, workload_fact, workload_words
from ...scores.costs import Costs
from ...scores.difference import ScoreDifference
from ...scores.model import ScoreBook
from ...scores.table import BenchTable
from ...workload.estimate import Estimate
from .view_tables import correct_table, difference_rows, score_rows, score_table

FORM = RunForm("llmcost.bench/1", ("differences", "scores"))

_EXPLAINED_MODELS = 3
"""So many models against a base are few enough to say of each why it cannot be compared."""


def bench_report(
    book: ScoreBook,
    table: BenchTable,
    *,
    ranked: str,
    found: Sequence[ScoreDifference] = (),
    costs: Costs | None = None,
) -> Report:
    """The report on a table of scores; people see the ranks of the benchmark `ranked`.

    `found` are the differences of its models to its base, adjusted.
    """
    costs = costs or Costs()
    priced = [x for model, x in costs.estimates.items() if model in table.models]
    workload = {"workload": workload_fact([priced[0].workload])} if costs.given and priced else {}
    scores, differences = score_rows(book, table, costs), difference_rows(book, found)
    return Report(
        schema=FORM.name,
        headline=_headline(book, table, found),
        data={
            **({"base": table.base} if table.base else {}),
            **workload,
            "scores": scores,
            **({"differences": differences} if table.base else {}),
        },
        csv=differences if table.base else scores,
        tables=(
            score_table(book, table, ranked, costs),
            *([correct_table(book, table, costs)] if costs.per_correct else []),
            *(_differences(book, table.base, found) if table.base else ()),
        ),
        sentences=_sentences(book, table, found),
        assumptions=(*_explained(book, table, ranked, found), *_cost_words(costs, priced)),
        notes=(*prompt_notes(table.scores()), *_left_out(table), *_unpriced(table, costs)),
    )


def _differences(book: ScoreBook, base: str, found: Sequence[ScoreDifference]) -> list[Table]:
    """A table for each model against the base."""
    models = dict.fromkeys(x.other.model for x in found)
    return [
        difference_table(book, [x for x in found if x.other.model == model], title=f"{model} against {base}")
        for model in models
    ]


def _headline(book: ScoreBook, table: BenchTable, found: Sequence[ScoreDifference]) -> str:
    names = ", ".join(book.benchmarks[x].name for x in table.benchmarks)
    others = [model for model in table.models if model != table.base]
    if table.base is not None and len(others) == 1:
        return f"{others[0]} against {table.base}: {in_words(found) or f'no score in common on {names}'}"
    if table.base is not None:
        said = f": {counted(found)}" if found else ""
        return f"{len(others)} models against {table.base} on {names}{said}"
    total = len(table.models) + len(table.hidden)
    of = f"{count(len(table.models))} of " if table.hidden else ""
    return f"{of}{some(total, 'model')} on {names}"


def _sentences(book: ScoreBook, table: BenchTable, found: Sequence[ScoreDifference]) -> tuple[str, ...]:
    others = [model for model in table.models if model != table.base]
    if table.base is None or len(others) > _EXPLAINED_MODELS:
        return ()
    lines = []
    for model in others:
        ours = [x for x in found if x.other.model == model]
        if len(others) > 1:
            lines.append(f"{model}: {in_words(ours) or 'no score in common'}")
        lines += why_not(ours, book, named=len(others) > 1)
    return tuple(lines)


def _explained(book: ScoreBook, table: BenchTable, ranked: str, found: Sequence[ScoreDifference]) -> tuple[str, ...]:
    scores = table.scores()
    missing = len(table.models) * len(table.benchmarks) - len(scores)
    lines = [*unit_words(book, scores), *meanings(scores)]
    lines += _rank_words(book, table, ranked)
    if found:
        lines += [words for words in difference_words(found) if words != DAGGER]
        number = tests(found)
        lines += [f"Holm: p adjusted for {some(number, 'test')}"] if number else []
    lines += defined(book, table.benchmarks)
    if missing:
        lines.append(f"Shown as -: {missing} of {missing + len(scores)} scores, which are not in the table")
    return tuple(lines)


def _rank_words(book: ScoreBook, table: BenchTable, ranked: str) -> list[str]:
    """The meaning of the rank, and the harness that scores with a dagger differ from."""
    shown_entries = [x for key, x in table.entries.items() if key[0] in table.models]
    lines = []
    unlike = {x.score.benchmark for x in shown_entries if not x.same}
    if unlike:
        of: dict[str, list[str]] = {}
        for key in (x for x in table.benchmarks if x in unlike):
            measured = table.measured[key]
            effort = f" at effort {measured.effort}" if measured.effort else ""
            of.setdefault(f"{measured.harness}{effort}", []).append(book.benchmarks[key].name)
        said = "; ".join(f"{way} ({', '.join(names)})" if len(of) > 1 else way for way, names in of.items())
        lines.append(
            f"{OTHERWISE} another harness or reasoning effort than {said}: not ranked, and no difference is called "
            "significant"
        )
    if any(x.rank for x in shown_entries if x.score.benchmark == ranked):
        lines.append(
            f"Rank: on {book.benchmarks[ranked].name}, 1 + the models that are significantly better (5%, Holm over all "
            "pairs); models of one rank cannot be told apart"
        )
    return lines


def _cost_words(costs: Costs, priced: Sequence[Estimate]) -> tuple[str, ...]:
    lines: list[str] = []
    if costs.per_correct:
        of_workload = "; w: a request of the workload / the score" if costs.given else ""
        lines.append(
            f"USD for each correct answer: the cost of an item in the run that was scored / the score{of_workload}"
        )
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


def _unpriced(table: BenchTable, costs: Costs) -> tuple[Note, ...]:
    said = by_reason(costs.unpriced[model] for model in table.models if model in costs.unpriced)
    return (Note(NoteKind.MISSING, f"no price: {said}"),) if said else ()
