"""The second half of a comparison: how the models score against the base, and in words whether it is worse."""

from __future__ import annotations

from ...notes import Note
from ...report.differences import (
    counted,
    difference_table,
    difference_values,
    difference_words,
    in_words,
    tests,
    why_not,
)
from ...report.report import Cell, Rows, Table
from ...report.scores import meanings, prompt_notes, status_notes, unit_words
from ...report.words import some
from ...scores.model import Score
from ...scores.quality import FIRST_SUITE, QualityComparison

_KEYS = (
    *("benchmark", "n", "model", "score", "low", "high", "delta", "delta_low", "delta_high", "p_value", "p_holm"),
    *("verdict", "flags", "family", "source", "url", "reported_by"),
)
_SHORT = 6
"""Benchmarks of a model in a short answer."""
_NO_DIFFERENCE: dict[str, Cell] = dict.fromkeys(
    ("delta", "delta_low", "delta_high", "p_value", "p_holm", "verdict", "flags")
)


def quality_words(x: QualityComparison, model: str) -> str:
    """The verdict on a model in words; nothing for the base itself."""
    if model == x.base:
        return ""
    return in_words(x.of(model)[0]) or "no benchmark in common"


def quality_sentences(x: QualityComparison) -> tuple[str, ...]:
    """Sentences below the tables: verdicts on further benchmarks, and why scores of the first cannot be compared."""
    lines = []
    several = len(x.models) > 1
    for model in x.models:
        speaking, rest = x.of(model)
        if rest:
            who = f"{model} on " if several else ""
            lines.append(f"{who}{some(len(rest), 'more benchmark')}: {counted(rest)}")
        lines += why_not(speaking, x.book, named=several)
    return tuple(dict.fromkeys(lines))


def quality_details(x: QualityComparison) -> tuple[str, ...]:
    """Lines on how to read the scores and their differences, and why further ones cannot be compared."""
    several = len(x.models) > 1
    reasons = [line for model in x.models for line in why_not(x.of(model)[1], x.book, named=several)]
    return (*dict.fromkeys(reasons), *_explained(x))


def quality_tables(x: QualityComparison) -> tuple[Table, ...]:
    """The tables for people: for each model one on the benchmarks that decide, one on the others."""
    tables: list[Table] = []
    several = len(x.models) > 1
    for model in x.models:
        speaking, rest = x.of(model)
        title = f"{model} against {x.base}"
        if speaking:
            tables.append(difference_table(x.book, speaking, title=title if several else "", short=_SHORT))
        if rest:
            tables.append(difference_table(x.book, rest, title=f"{title}, further benchmarks", short=0))
    return tuple(tables)


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
    return (*unit_words(x.book, x.scores()), *meanings(x.scores()), *difference_words(x.found), *holm)


def quality_notes(x: QualityComparison) -> tuple[Note, ...]:
    """Doubts about the compared scores."""
    of_status = (note for score in x.scores() for note in status_notes(x.book, score))
    return (*of_status, *prompt_notes(x.scores()))


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
