"""The second half of a comparison: how the models score against the base, and in words whether it is worse."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from ...notes import Note
from ...report.differences import (
    DELTA_WORDS,
    delta_table,
    difference_table,
    difference_values,
    named_first,
    of_all,
    tests,
    verdict_meanings,
    why_not,
)
from ...report.estimates import is_silent
from ...report.report import Cell, Rows, Table
from ...report.scores import (
    HALF_WIDTH,
    ScoreMarks,
    benchmark_names,
    disputed_notes,
    in_line,
    prompt_notes,
    prompt_words,
    unit_words,
)
from ...scores.difference import TESTED, ScoreDifference
from ...scores.model import Score, reasoned
from ...scores.quality import FIRST_SUITE, QualityComparison, scores_of
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


def quality_sentences(x: QualityComparison, headed: str) -> tuple[str, ...]:
    """Why scores of the benchmarks that speak cannot be compared."""
    if len(x.models) == 1:
        return tuple(why_not(_in_short(x, headed), x.book))
    lines = (why_not(x.of(model)[0][:_SHORT], x.book, named=True) for model in x.models)
    return tuple(dict.fromkeys(chain.from_iterable(lines)))


def quality_assumptions(x: QualityComparison, headed: str) -> tuple[str, ...]:
    """How to read the marks of a short answer whose headline is about the model `headed`, in one line."""
    several = len(x.models) > 1
    speaking = _in_short(x, headed)
    scores = scores_of(speaking)
    signs = [] if several else ScoreMarks(scores).words(scores)
    widths = [HALF_WIDTH] if not several and any(x.book.interval(score) for score in scores) else []
    untested = sum(y.verdict not in TESTED for y in x.of(headed)[1])
    beyond = [f"{untested} more not comparable"] if untested else []
    meanings = verdict_meanings(speaking, several=several)
    return tuple(in_line([*widths, *meanings, *signs, *prompt_words(scores), *beyond]))


def quality_details(x: QualityComparison, headed: str) -> tuple[str, ...]:
    """Lines on how to read the scores and their differences, and why further ones cannot be compared."""
    several = len(x.models) > 1
    lines = []
    short = [] if several else _in_short(x, headed)
    speaking, rest = ([y for y in _speaking(x, rest=rest) if y not in short] for rest in (False, True))
    for which, found in (("", speaking), ("Further benchmarks: ", rest)):
        lines += list(dict.fromkeys(why_not(found, x.book, named=several)))
        scores = scores_of(found)
        signs = [*verdict_meanings(found, several=False), *ScoreMarks(scores).words(scores)]
        lines += [which + line for line in in_line(signs)]
    return (*lines, *_explained(x))


def _speaking(x: QualityComparison, *, rest: bool = False) -> list[ScoreDifference]:
    """The differences that are shown, or the rest."""
    return [difference for model in x.models for difference in x.of(model)[rest]]


def _in_short(x: QualityComparison, headed: str) -> list[ScoreDifference]:
    """The differences of a short answer, first those on the benchmarks that the headline, about one model, names."""
    first, named_ = named_first(x.of(headed)[0])
    if len(x.models) == 1:
        return first[: max(_SHORT, named_)]
    keys = [y.benchmark.id for y in first[:named_]]
    keys += [y.benchmark.id for y in _across(x)]
    shown = list(dict.fromkeys(keys))[: max(_SHORT, named_)]
    return [y for key in shown for y in x.found if y.benchmark.id == key]


def quality_tables(x: QualityComparison, headed: str) -> tuple[Table, ...]:
    """The tables for people: for each model one on the benchmarks that decide, one on the others.

    Those of several models are details of one table of all. Rows that the headline, about the model `headed`, names are
    the first.
    """
    tables: list[Table] = []
    several = len(x.models) > 1
    speaking, further = (ScoreMarks(scores_of(_speaking(x, rest=rest))) for rest in (False, True))
    if several and x.found:
        seen = _in_short(x, headed)
        short = len({y.benchmark.id for y in seen})
        tables.append(delta_table(list(dict.fromkeys([*seen, *_across(x)])), short=short, across=True, least=3))
    for model in x.models:
        first, rest = x.of(model)
        title = f"{model} against {x.base}"
        if first:
            short = 0 if several else len(_in_short(x, headed))
            first = first if several else named_first(first)[0]
            tables.append(difference_table(x.book, first, speaking, title=title if several else "", short=short))
        if rest:
            tables.append(difference_table(x.book, rest, further, title=f"{title}, further benchmarks", short=0))
    return tuple(tables)


def _across(x: QualityComparison) -> list[ScoreDifference]:
    """The differences of all models on the benchmarks that speak of any."""
    speaking = {y.benchmark.id for y in _speaking(x)}
    return [y for y in x.found if y.benchmark.id in speaking]


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


def scored_unpriced(x: QualityComparison, estimates: Sequence[Estimate]) -> list[str]:
    """The models that were scored with reasoning and whose costs are without it, though they reason only if asked."""
    scored = {score.model for score in x.scores() if reasoned(score)}
    return [y.model.id for y in estimates if y.model.id in scored and not (y.workload.reasons or is_silent(y))]


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
