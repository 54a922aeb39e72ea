"""Differences of scores as a report: tables for people, rows for machines, and a verdict in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..scores.difference import TESTED, Flag, ScoreDifference, ScoreVerdict
from ..scores.model import ScoreBook
from .display import exact
from .report import Cell, Column, Kind, Row, Table
from .scores import OTHERWISE, ScoreMarks, effort_words, label, shown
from .words import bare

_MOST_NAMES = 4
"""A sentence names at most so many benchmarks and counts the rest."""

_FIRST = (Column("benchmark", "Benchmark"), Column("n", "Items", Kind.COUNT, optional=3))
_LAST = (
    Column("delta", "Delta", Kind.NUMBER),
    Column("interval", "95% interval", Kind.NUMBER, optional=1),
    Column("p_value", "p", Kind.NUMBER, optional=2, detail=True),
    Column("p_holm", "Holm's p", Kind.NUMBER),
    Column("verdict", ""),
)

_SHORT = {
    ScoreVerdict.BETTER: "better",
    ScoreVerdict.WORSE: "worse",
    ScoreVerdict.NO_DETECTABLE_DIFFERENCE: "~",
    ScoreVerdict.NOT_COMPARABLE: OTHERWISE,
    ScoreVerdict.UNKNOWN: "no ±",
}
_WORDS = {
    ScoreVerdict.BETTER: "better on",
    ScoreVerdict.WORSE: "worse on",
    ScoreVerdict.NO_DETECTABLE_DIFFERENCE: "no detectable difference on",
    ScoreVerdict.NOT_COMPARABLE: "not comparable on",
    ScoreVerdict.UNKNOWN: "no interval on",
}
_MEANINGS = {
    ScoreVerdict.NO_DETECTABLE_DIFFERENCE: "~ no detectable difference (Holm's p > 0.05)",
    ScoreVerdict.NOT_COMPARABLE: f"{OTHERWISE} run on a different harness: not tested",
    ScoreVerdict.UNKNOWN: "no ±: interval unknown, not tested",
}


def difference_values(x: ScoreDifference) -> dict[str, Cell]:
    """A difference for machines, without the scores."""
    return {
        "delta": x.delta,
        "delta_low": x.low,
        "delta_high": x.high,
        "p_value": exact(x.p_value),
        "p_holm": exact(x.p_holm),
        "verdict": x.verdict,
        "flags": " ".join(x.flags) or None,
    }


def difference_table(
    book: ScoreBook, found: Sequence[ScoreDifference], marks: ScoreMarks, *, title: str = "", short: int | None = None
) -> Table:
    """The differences of one model for people, its benchmarks down, `short` of them in a short answer."""
    digits = max(len(f"{score.score:.1f}") for x in found for score in (x.base, x.other))
    rows = tuple(Row(_shown_values(book, x, marks, digits)) for x in found)
    base, model = _names(found[0])
    columns = (*_FIRST, Column("base", base), Column("model", model), *_LAST)
    return Table(title=title, columns=columns, rows=rows, short=short, things="benchmarks")


def _names(x: ScoreDifference) -> tuple[str, str]:
    """The two models as labels of columns, without their providers where that tells them apart."""
    names = (x.base.model, x.other.model)
    base, model = (bare(name) for name in names)
    return (base, model) if base != model else names


def _shown_values(book: ScoreBook, x: ScoreDifference, marks: ScoreMarks, digits: int) -> dict[str, Cell]:
    base, model = (
        shown(
            book,
            score,
            marks.of(score),
            digits=digits,
            effort=effort_words(score.effort) if Flag.EFFORT in x.flags else None,
        )
        for score in (x.base, x.other)
    )
    return {
        "benchmark": label(x.benchmark),
        "n": book.items(x.other),
        "base": base,
        "model": model,
        "delta": f"{x.delta:+.1f}",
        "interval": None if x.low is None or x.high is None else f"{x.low:+.1f} to {x.high:+.1f}",
        "p_value": probability(x.p_value),
        "p_holm": probability(x.p_holm),
        "verdict": _SHORT[x.verdict],
    }


def delta_table(
    found: Sequence[ScoreDifference],
    *,
    title: str = "",
    short: int | None = None,
    across: bool = False,
    least: int = 5,
) -> Table:
    """The differences of several models for people: `-6.7 worse`, models down, or with `across` benchmarks down."""
    models = {x.other.model: x.other.model for x in found}
    benchmarks = {x.benchmark.id: label(x.benchmark) for x in found}
    cells = {(x.other.model, x.benchmark.id): f"{x.delta:+.1f} {_SHORT[x.verdict]}" for x in found}
    names = {model: bare(model) for model in models}
    first, down, right = (
        (Column("name", "Benchmark"), benchmarks, names) if across else (Column("name", "Model"), models, benchmarks)
    )
    columns = (Column(x, name, whole=True, optional=place) for place, (x, name) in enumerate(right.items()))
    rows = ({"name": name, **{y: cells.get((y, x) if across else (x, y)) for y in right}} for x, name in down.items())
    things = "benchmarks" if across else "models"
    return replace(Table.of(rows, first, *columns, title=title, short=short, things=things), least=least)


def probability(p: float | None) -> str | None:
    """A p value with three decimals, `<0.001` below that."""
    if p is None:
        return None
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def verdict_meanings(found: Sequence[ScoreDifference], *, several: bool) -> list[str]:
    """The meanings of the marks in the place of a verdict, and of efforts behind scores.

    `several`: the models stand in one table without their scores, and nothing says why scores cannot be compared.
    """
    verdicts = {x.verdict for x in found if several or x.comparable}
    said = [meaning for verdict, meaning in _MEANINGS.items() if verdict in verdicts]
    if any(x.comparable and Flag.EFFORT in x.flags for x in found):
        said.append("some reasoning efforts differ" if several else EFFORT_WORDS)
    return said


EFFORT_WORDS = "after a score: its reasoning effort"
DELTA_WORDS = "Delta: model - base; its 95% interval and two-sided p treat the two scores as independent samples"


def tests(found: Iterable[ScoreDifference]) -> int:
    """The number of tested differences."""
    return len([x for x in found if x.p_holm is not None])


def of_all(speaking: Sequence[ScoreDifference], rest: Sequence[ScoreDifference]) -> str:
    """The verdicts on all benchmarks, naming those that speak: `worse on 13 of 24 comparable benchmarks, including X`.

    Benchmarks without a test are told only where none has one.
    """
    named, names = _by_verdict(speaking), _by_verdict((*speaking, *rest))
    tested = [x for x in ScoreVerdict if x in TESTED and x in names]
    if not rest:
        return in_words(speaking)
    if not tested:
        return counted((*speaking, *rest))
    said, of = [], f" of {sum(len(names[x]) for x in tested)} comparable benchmarks"
    for verdict in tested:
        including = f", including {_listed(named[verdict])}" if verdict in named else ""
        said.append(f"{_WORDS[verdict]} {len(names[verdict])}{of}{including}")
        of = ""
    return "; ".join(said)


def named_first(found: Sequence[ScoreDifference]) -> tuple[list[ScoreDifference], int]:
    """The differences, those whose benchmarks a sentence names before the others, and how many it names."""
    names = _by_verdict(found)
    tested = [x for x in names if x in TESTED]
    told = {name for verdict in tested or names for name in _told(names[verdict])}
    return sorted(found, key=lambda x: x.benchmark.name not in told), len(told)


def in_words(found: Iterable[ScoreDifference]) -> str:
    """The verdicts in words: `worse on MMLU, MATH; no detectable difference on HumanEval; 2 not tested`.

    Benchmarks without a test are only counted where others have one.
    """
    names = _by_verdict(found)
    tested = [x for x in names if x in TESTED]
    untested = sum(len(names[x]) for x in names if x not in TESTED)
    said = [f"{_WORDS[x]} {_listed(names[x])}" for x in ScoreVerdict if x in (tested or names)]
    return "; ".join([*said, *([f"{untested} not tested"] if tested and untested else [])])


def counted(found: Iterable[ScoreDifference]) -> str:
    """The verdicts as counts: `worse on 14, no detectable difference on 6`."""
    names = _by_verdict(found)
    return ", ".join(f"{_WORDS[verdict]} {len(names[verdict])}" for verdict in ScoreVerdict if verdict in names)


def why_not(found: Iterable[ScoreDifference], book: ScoreBook, *, named: bool = False) -> list[str]:
    """Reasons why scores cannot be compared, one line each with its benchmarks; `named` adds the model."""
    reasons: dict[str, list[str]] = {}
    for x in found:
        if not x.comparable:
            model = f"{x.other.model}: " if named else ""
            reason = f"{model}measured with {book.harness(x.other)}, the base with {book.harness(x.base)}"
            reasons.setdefault(reason, []).append(x.benchmark.name)
    return [f"{OTHERWISE} {reason} ({', '.join(names)})" for reason, names in reasons.items()]


def _by_verdict(found: Iterable[ScoreDifference]) -> Mapping[ScoreVerdict, list[str]]:
    names: dict[ScoreVerdict, list[str]] = {}
    for x in found:
        names.setdefault(x.verdict, []).append(x.benchmark.name)
    return names


def _listed(names: Sequence[str]) -> str:
    told = _told(names)
    more = len(names) - len(told)
    return f"{', '.join(told)} and {more} more" if more else ", ".join(names)


def _told(names: Sequence[str]) -> Sequence[str]:
    """The names that a sentence has."""
    return names if len(names) <= _MOST_NAMES else names[: _MOST_NAMES - 1]
