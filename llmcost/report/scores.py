"""Scores as people read them: `88.7 ±0.5*`, and what the marks behind them mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from ..notes import Note, NoteKind
from ..scores.model import Benchmark, IntervalKind, Score, ScoreBook, Status

VENDOR, OTHERWISE, UNVERIFIED, UNSOURCED = "*", "†", "?", "‡"

MEANINGS = {
    VENDOR: "reported by the model's vendor",
    UNVERIFIED: "second-hand or copied by hand, not verified",
    UNSOURCED: "differs from the sourced score: see the notes",
}
"""Marks with the same meaning in every table; `†` is explained by each table."""

REASONED = Note(
    NoteKind.EFFORT,
    "measured with a reasoning effort, whose hidden tokens are billed as output and are not in the price: with them"
    " (--reasoning N) it costs more",
)
UNVERIFIED_SCORE = Note(NoteKind.UNVERIFIED, "the score is second-hand or copied by hand")

_FOUND = {
    Status.CLOSE: "close to the sourced score",
    Status.DIFFERS: "not the sourced score",
    Status.CONTRADICTED: "contradicted by the sourced score",
}


def label(benchmark: Benchmark) -> str:
    """The name of a benchmark, with an arrow where lower is better."""
    return benchmark.name if benchmark.higher_is_better else f"{benchmark.name} ↓"


def marks(score: Score, *, same: bool = True) -> str:
    """The marks of a score; `same`: measured like the score beside it."""
    told = {
        VENDOR: score.reported_by == "vendor",
        OTHERWISE: not same,
        UNVERIFIED: score.unverified,
        UNSOURCED: score.status in _FOUND,
    }
    return "".join(mark for mark, holds in told.items() if holds)


def shown(book: ScoreBook, score: Score, *, same: bool = True, digits: int = 0) -> str:
    """`88.7 ±0.5` with its marks, without ± if no interval is known; `digits` pads the score."""
    return f"{score_words(book, score, digits=digits)}{marks(score, same=same)}"


def score_words(book: ScoreBook, score: Score, *, digits: int = 0) -> str:
    """`82.0 ±0.6`, or the score alone if no interval is known; `digits` pads the score."""
    interval = book.interval(score)
    width = "" if interval is None else f" ±{half_width(interval):.1f}"
    return f"{f'{score.score:.1f}'.rjust(digits)}{width}"


def half_width(interval: tuple[Decimal, Decimal]) -> Decimal:
    """Half the width of an interval."""
    return (interval[1] - interval[0]) / 2


def meanings(scores: Iterable[Score]) -> list[str]:
    """The meanings of the marks on these scores, in the order of the marks."""
    used = {mark for score in scores for mark in marks(score)}
    return [f"{mark} {meaning}" for mark, meaning in MEANINGS.items() if mark in used]


def unit_words(book: ScoreBook, scores: Sequence[Score]) -> list[str]:
    """The unit of the scores and the source of the ±."""
    benchmarks = {score.benchmark: book.benchmarks[score.benchmark] for score in scores}.values()
    with_interval = [score for score in scores if book.interval(score) is not None]
    published = any(score.low is not None for score in with_interval)
    counted = any(score.low is None for score in with_interval)
    percent = [x for x in benchmarks if x.unit == "percent"]
    right = all(x.interval is IntervalKind.BINOMIAL and x.higher_is_better for x in percent)
    units = ["percent of answers that are right" if right else "percentages"] if percent else []
    if any(x.unit == "rating" for x in benchmarks):
        units.append("ratings")
    said = " and ".join(units) or "in the units of their benchmarks"
    widths = []
    if counted:
        widths.append("of the 95% Wilson interval for the number of items")
    if published:
        widths.append("of the published 95% interval")
    half = f", ± half the width {' or '.join(widths)}" if widths else ""
    lines = [f"Scores are {said}{half}"]
    if len(with_interval) < len(scores):
        lines.append("Without ±: interval unknown")
    if not all(x.higher_is_better for x in benchmarks):
        lines.append("↓ lower is better")
    return lines


def defined(book: ScoreBook, benchmarks: Sequence[str]) -> tuple[str, ...]:
    """A line on what each benchmark measures."""
    lines = []
    for x in map(book.benchmarks.__getitem__, benchmarks):
        version = f" {x.version}" if x.version and x.version not in x.name else ""
        items = f"; {x.items:,} items" if x.items else ""
        lines.append(f"{x.name}{version}: {x.measures}{items}")
    return tuple(lines)


def status_notes(book: ScoreBook, score: Score) -> tuple[Note, ...]:
    """A note on a score of the article not confirmed by its sources."""
    if score.status is None or score.status is Status.CONFIRMED:
        return ()
    name = book.benchmarks[score.benchmark].name
    found = f" ({score.sourced_score} in {score.sourced_from})" if score.sourced_score is not None else ""
    remark = f": {score.remark}" if score.remark else ""
    text = f"{score.model} on {name}: the article's {score.score} is {_FOUND[score.status]}{found}{remark}"
    return (Note(NoteKind.STATUS, text),)


def prompt_notes(scores: Iterable[Score]) -> tuple[Note, ...]:
    """Say so where scores side by side were measured with different prompts."""
    prompts = dict.fromkeys((x.model, x.settings["prompt"]) for x in scores if "prompt" in x.settings)
    if len({prompt for _, prompt in prompts}) < 2:
        return ()
    said = ", ".join(f"{model} with the {prompt}" for model, prompt in prompts)
    return (Note(NoteKind.HARNESS, f"measured with different prompts: {said}"),)
