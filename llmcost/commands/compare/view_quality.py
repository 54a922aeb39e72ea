"""The second half of a comparison: how the models score against the base, and in words whether it is worse."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from ...notes import Note, NoteKind
from ...report.differences import (
    DELTA_WORDS,
    delta_table,
    difference_table,
    difference_values,
    of_all,
    tests,
    verdict_meanings,
    why_not,
)
from ...report.report import Cell, Rows, Table
from ...report.scores import HALF_WIDTH, ScoreMarks, benchmark_names, disputed_notes, in_line, prompt_notes, unit_words
from ...report.words import REASONING_ADDS, named
from ...scores.difference import ScoreDifference
from ...scores.model import Score
from ...scores.quality import FIRST_SUITE, QualityComparison, scores_of
from ...scores.recommend import reasoned
from ...workload.estimate import Estimate

_KEYS = (
    *("benchmark", "n", "model", "score", "low", "high", "delta", "delta_low", "delta_high", "p_value", "p_holm"),
    *("verdict", "flags", "family", "source", "url", "reported_by"),
)
_SHORT = 5
"""Benchmarks of a model in a short answer."""
_NO_DIFFERENCE: dict[str, Cell] = dict.fromkeys(
    ("delta", "delta_low", "delta_high", "p_value", "p_holm", "verdict", "flags")
)


def quality_words(x: QualityComparison, model: str) -> str:
    """The verdict on a model in words; nothing for the base itself."""
    if model == x.base:
        return ""
    return of_all(*x.of(model)) or "no benchmark in common"


def quality_sentences(x: QualityComparison) -> tuple[str, ...]:
    """Why scores of the benchmarks that speak cannot be compared."""
    several = len(x.models) > 1
    lines = (why_not(x.of(model)[0][:_SHORT], x.book, named=several) for model in x.models)
    return tuple(dict.fromkeys(chain.from_iterable(lines)))


def quality_assumptions(x: QualityComparison) -> tuple[str, ...]:
    """How to read the marks of a short answer, in one line."""
    several = len(x.models) > 1
    speaking = _across(x, _SHORT) if several else _speaking(x)[:_SHORT]
    scores = scores_of(speaking)
    signs = [] if several else ScoreMarks(scores).words(scores)
    widths = [HALF_WIDTH] if not several and any(x.book.interval(score) for score in scores) else []
    return tuple(in_line([*widths, *verdict_meanings(speaking, several=several), *signs]))


def quality_details(x: QualityComparison) -> tuple[str, ...]:
    """Lines on how to read the scores and their differences, and why further ones cannot be compared."""
    several = len(x.models) > 1
    lines = []
    speaking, rest = _speaking(x), _speaking(x, rest=True)
    for which, found in (("", speaking if several else speaking[_SHORT:]), ("Further benchmarks: ", rest)):
        lines += list(dict.fromkeys(why_not(found, x.book, named=several)))
        scores = scores_of(found)
        signs = [*verdict_meanings(found, several=False), *ScoreMarks(scores).words(scores)]
        lines += [which + line for line in in_line(signs)]
    return (*lines, *_explained(x))


def _speaking(x: QualityComparison, *, rest: bool = False) -> list[ScoreDifference]:
    """The differences that are shown, or the rest."""
    return [difference for model in x.models for difference in x.of(model)[rest]]


def quality_tables(x: QualityComparison) -> tuple[Table, ...]:
    """The tables for people: for each model one on the benchmarks that decide, one on the others.

    Those of several models are details of one table of all.
    """
    tables: list[Table] = []
    several = len(x.models) > 1
    speaking, further = (ScoreMarks(scores_of(_speaking(x, rest=rest))) for rest in (False, True))
    if several and x.found:
        tables.append(delta_table(_across(x), short=_SHORT, across=True))
    for model in x.models:
        first, rest = x.of(model)
        title = f"{model} against {x.base}"
        if first:
            short = 0 if several else _SHORT
            tables.append(difference_table(x.book, first, speaking, title=title if several else "", short=short))
        if rest:
            tables.append(difference_table(x.book, rest, further, title=f"{title}, further benchmarks", short=0))
    return tuple(tables)


def _across(x: QualityComparison, most: int | None = None) -> list[ScoreDifference]:
    """The differences of all models on the benchmarks that speak of any, on the first `most` of them."""
    speaking = {y.benchmark.id for y in _speaking(x)}
    shown = list(dict.fromkeys(y.benchmark.id for y in x.found if y.benchmark.id in speaking))[:most]
    return [y for y in x.found if y.benchmark.id in shown]


def _explained(x: QualityComparison) -> tuple[str, ...]:
    if not x.found:
        return ()
    both = tests(x.first) and tests(x.others)
    sizes = [
        f"{number} on {which}" if both else str(number)
        for found, which in ((x.first, "the benchmarks of the article's suite"), (x.others, "all others"))
        if (number := tests(found))
    ]
    holm = [f"Holm: p adjusted for the number of tests, {' and '.join(sizes)}"] if sizes else []
    return (*unit_words(x.book, x.scores()), DELTA_WORDS, *holm)


def quality_notes(x: QualityComparison) -> tuple[Note, ...]:
    """Doubts about the compared scores."""
    return (*disputed_notes(x.book, x.scores(), x.scores()), *prompt_notes(x.scores()))


def effort_notes(x: QualityComparison, estimates: Sequence[Estimate]) -> list[Note]:
    """That the costs are without the hidden tokens of models that were scored with reasoning.

    Not of models whose costs say so already, see `silent_notes`.
    """
    scored = {score.model for score in x.scores() if reasoned(score)}
    said = {y.model.id for y in estimates if y.workload.reasons or (y.model.reasons and not y.workload.default_job)}
    models = [y.model.id for y in estimates if y.model.id in scored - said]
    if not models:
        return []
    was = "was" if len(models) == 1 else "were"
    text = (
        f"{was} scored with reasoning: the hidden tokens are billed as output and not counted here ({REASONING_ADDS})"
    )
    return [Note(NoteKind.EFFORT, f"{named(models)} {text}")]


def quality_data(x: QualityComparison) -> dict[str, Any]:
    """The names of the benchmarks, and their rows."""
    names = benchmark_names(x.book, (score.benchmark for score in x.scores()))
    return {"benchmark_names": names, "benchmarks": quality_rows(x)}


def quality_rows(x: QualityComparison) -> Rows:
    """The scores and differences, a row for each benchmark and model, the base's without one."""
    found = {(y.benchmark.id, y.other.model): difference_values(y) for y in x.found}
    first = {y.benchmark.id for y in x.first}
    rows = []
    for score in x.scores():
        differs = found.get((score.benchmark, score.model), _NO_DIFFERENCE)
        family = FIRST_SUITE if score.benchmark in first else "other"
        rows.append({**_score_values(x, score), **differs, "family": family})
    return Rows(rows, _KEYS)


def _score_values(x: QualityComparison, score: Score) -> dict[str, Cell]:
    low, high = x.book.interval(score) or (None, None)
    return {
        "benchmark": score.benchmark,
        "n": x.book.items(score),
        "model": score.model,
        "score": score.score,
        "low": low,
        "high": high,
        "source": x.book.source(score).title,
        "url": x.book.link(score),
        "reported_by": score.reported_by,
    }
