"""Differences of scores as a report: a table for each model, rows for machines, and a verdict in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..scores.difference import Flag, ScoreDifference, ScoreVerdict
from ..scores.model import ScoreBook
from .display import exact
from .report import Cell, Column, Kind, Row, Table
from .scores import OTHERWISE, label, shown

_MOST_NAMES = 6
"""A sentence names at most so many benchmarks and counts the rest."""

_COLUMNS = (
    Column("benchmark", "Benchmark"),
    Column("n", "Items", Kind.COUNT, optional=3),
    Column("base", "Base"),
    Column("model", "Model"),
    Column("delta", "Delta", Kind.NUMBER),
    Column("interval", "95% interval", Kind.NUMBER, optional=1),
    Column("p_value", "p", Kind.NUMBER, optional=2),
    Column("p_holm", "Holm", Kind.NUMBER),
    Column("verdict", ""),
)

_SHORT = {
    ScoreVerdict.BETTER: "better",
    ScoreVerdict.WORSE: "worse",
    ScoreVerdict.NO_DETECTABLE_DIFFERENCE: "~",
    ScoreVerdict.NOT_COMPARABLE: OTHERWISE,
    ScoreVerdict.UNKNOWN: "unknown",
}
_WORDS = {
    ScoreVerdict.BETTER: "better on",
    ScoreVerdict.WORSE: "worse on",
    ScoreVerdict.NO_DETECTABLE_DIFFERENCE: "no detectable difference on",
    ScoreVerdict.NOT_COMPARABLE: "not comparable on",
    ScoreVerdict.UNKNOWN: "no interval on",
}
DAGGER = f"{OTHERWISE} measured with another harness or reasoning effort, so not called significant"
_MEANINGS = {
    ScoreVerdict.NO_DETECTABLE_DIFFERENCE: "~ no detectable difference: Holm's p value is above 0.05",
    ScoreVerdict.NOT_COMPARABLE: DAGGER,
    ScoreVerdict.UNKNOWN: "unknown: the scores have no known interval",
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
    book: ScoreBook, found: Sequence[ScoreDifference], *, title: str = "", short: int | None = None
) -> Table:
    """The differences of one model for people, its benchmarks down, `short` of them in a short answer."""
    digits = max(len(f"{score.score:.1f}") for x in found for score in (x.base, x.other))
    rows = tuple(Row(_shown_values(book, x, digits)) for x in found)
    return Table(title=title, columns=_COLUMNS, rows=rows, short=short, things="benchmarks")


def _shown_values(book: ScoreBook, x: ScoreDifference, digits: int) -> dict[str, Cell]:
    return {
        "benchmark": label(x.benchmark),
        "n": book.items(x.other),
        "base": shown(book, x.base, digits=digits),
        "model": shown(book, x.other, digits=digits),
        "delta": f"{x.delta:+.1f}",
        "interval": None if x.low is None or x.high is None else f"{x.low:+.1f} to {x.high:+.1f}",
        "p_value": probability(x.p_value),
        "p_holm": probability(x.p_holm),
        "verdict": _SHORT[x.verdict],
    }


def probability(p: float | None) -> str | None:
    """A p value with three decimals, `<0.001` below that."""
    if p is None:
        return None
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def difference_words(found: Sequence[ScoreDifference]) -> list[str]:
    """The meaning of the differences and of their marks."""
    verdicts = {x.verdict for x in found}
    return [
        "Delta: model - base. Its 95% interval and two-sided p treat the scores as independent samples",
        *(meaning for verdict, meaning in _MEANINGS.items() if verdict in verdicts),
    ]


def tests(found: Iterable[ScoreDifference]) -> int:
    """The number of tested differences."""
    return len([x for x in found if x.p_holm is not None])


def in_words(found: Iterable[ScoreDifference]) -> str:
    """The verdicts in words: `worse on MMLU, MATH; no detectable difference on HumanEval`."""
    names = _by_verdict(found)
    return "; ".join(f"{_WORDS[verdict]} {_listed(names[verdict])}" for verdict in ScoreVerdict if verdict in names)


def counted(found: Iterable[ScoreDifference]) -> str:
    """The verdicts as counts: `worse on 14, no detectable difference on 6`."""
    names = _by_verdict(found)
    return ", ".join(f"{_WORDS[verdict]} {len(names[verdict])}" for verdict in ScoreVerdict if verdict in names)


def why_not(found: Iterable[ScoreDifference], book: ScoreBook, *, named: bool = False) -> list[str]:
    """Reasons why scores cannot be compared, one line each with its benchmarks; `named` adds the model."""
    reasons: dict[str, list[str]] = {}
    for x in found:
        if x.verdict is ScoreVerdict.NOT_COMPARABLE:
            model = f"{x.other.model}: " if named else ""
            reasons.setdefault(model + _reason(x, book), []).append(x.benchmark.name)
    return [f"{OTHERWISE} {reason} ({', '.join(names)})" for reason, names in reasons.items()]


def _reason(x: ScoreDifference, book: ScoreBook) -> str:
    if Flag.HARNESS in x.flags:
        return f"measured with {book.harness(x.other)}, the base with {book.harness(x.base)}"
    ours, theirs = (score.settings.get("effort", "not stated") for score in (x.base, x.other))
    return f"reasoning effort {theirs}, the base's {ours}"


def _by_verdict(found: Iterable[ScoreDifference]) -> Mapping[ScoreVerdict, list[str]]:
    names: dict[ScoreVerdict, list[str]] = {}
    for x in found:
        names.setdefault(x.verdict, []).append(x.benchmark.name)
    return names


def _listed(names: Sequence[str]) -> str:
    if len(names) <= _MOST_NAMES:
        return ", ".join(names)
    return f"{', '.join(names[: _MOST_NAMES - 1])} and {len(names) - _MOST_NAMES + 1} more"
