"""Scores as people read them: `88.7* ±0.5`, and the meaning of their marks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal

from ..notes import Note, NoteKind
from ..scores.model import Benchmark, IntervalKind, Score, ScoreBook, Status
from .report import Cell
from .words import REASONING_ADDS

VENDOR, OTHERWISE, UNVERIFIED, DISPUTED = "*", "†", "?", "‡"
HALF_WIDTH = "± half the 95% interval"

_MEANINGS = {
    VENDOR: ("reported by the vendor", "not reported by the vendor; without {mark}: reported by the vendor"),
    OTHERWISE: (
        "run on a different harness than {harness}: not comparable",
        "run on {harness}: comparable; without {mark}: other harness, not comparable",
    ),
    UNVERIFIED: ("secondhand or copied by hand", "from its source; without {mark}: secondhand or copied by hand"),
    DISPUTED: ("the article's figure, disputed", "undisputed; without {mark}: the article's figure, disputed"),
}
"""The meaning of a mark on a score of its kind, and on one that is not, where most are."""

REASONED = Note(
    NoteKind.EFFORT,
    f"scored with reasoning; its hidden tokens are billed as output but not in this price ({REASONING_ADDS})",
)
EFFORT_UNPRICED = Note(
    NoteKind.EFFORT,
    "the words behind scores are their reasoning effort: its hidden tokens are billed as output and not in the cost"
    f" ({REASONING_ADDS})",
)
UNVERIFIED_SCORE = Note(NoteKind.UNVERIFIED, "the score is secondhand or copied by hand")

_FOUND: dict[Status | None, str] = {
    Status.CLOSE: "close to its source",
    Status.DIFFERS: "different from its source",
    Status.CONTRADICTED: "contradicted by its source",
}


def label(benchmark: Benchmark) -> str:
    """The name of a benchmark, with an arrow where lower is better."""
    return benchmark.name if benchmark.higher_is_better else f"{benchmark.name} ↓"


def benchmark_names(book: ScoreBook, ids: Iterable[str]) -> dict[str, str]:
    """The names of benchmarks by id."""
    return {x: book.benchmarks[x].name for x in ids}


def score_values(book: ScoreBook, x: Score) -> dict[str, Cell]:
    """A score as the flat values that machine formats choose from."""
    low, high = book.interval(x) or (None, None)
    same = ("model", "benchmark", "score", "date", "reported_by", "status", "sourced_score", "sourced_from", "effort")
    return {
        **{name: getattr(x, name) for name in (*same, "unverified")},
        "low": low,
        "high": high,
        "n": book.items(x),
        "source": book.source(x).title,
        "url": book.link(x),
        "harness": book.harness(x),
        "measured_on": x.settings.get("measured_on"),
    }


class ScoreMarks:
    """The marks behind the scores of a table.

    A mark stands on the exception: where more than half of the scores are of its kind, it stands on the others, and on
    none if there are no others. Of a disputed score only that is told, and not who reported it. `unlike` are the scores
    of another harness than that of their column.
    """

    def __init__(self, scores: Iterable[Score], unlike: Collection[Score] = ()) -> None:
        found = list(scores)
        kinds: dict[str, Callable[[Score], bool]] = {
            VENDOR: lambda x: x.reported_by == "vendor" or x.status in _FOUND,
            OTHERWISE: lambda x: x in unlike,
            UNVERIFIED: lambda x: x.unverified,
            DISPUTED: lambda x: x.status in _FOUND,
        }
        held = [(x, {mark for mark, holds in kinds.items() if holds(x)}) for x in found]
        self._rules = {mark for mark in kinds if 2 * sum(mark in marks for _, marks in held) > len(found)}
        self._of: dict[Score, str] = {
            x: "".join(mark for mark in kinds if (mark in marks) is not (mark in self._rules)) for x, marks in held
        }

    def of(self, score: Score) -> str:
        """The marks of one score of the table."""
        return self._of[score]

    def words(self, among: Iterable[Score], harness: str = "") -> list[str]:
        """Lines on the marks of some scores: each of those that stand on exceptions, then all the others in one.

        `harness` is what the scores without another one were run on.
        """
        used = {mark for score in among for mark in self._of[score]}
        rules: list[str] = []
        lines: list[str] = []
        marks: list[str] = []
        for mark, (kind, other) in _MEANINGS.items():
            if mark in self._rules:
                found, said = (lines, f"{mark} {other}") if mark in used else (rules, kind)
                found.append(said.format(harness=harness, mark=mark))
            elif mark in used:
                marks.append(f"{mark} {kind.format(harness=harness)}")
        rest = [*([f"scores are {', '.join(rules)}"] if rules else []), *marks]
        return [*lines, *(["; ".join(rest)] if rest else [])]


def in_line(words: Sequence[str]) -> list[str]:
    """Phrases as one line; no line without any."""
    line = "; ".join(words)
    return [line[0].upper() + line[1:]] if line else []


def shown(
    book: ScoreBook, score: Score, marks: str = "", *, digits: int = 0, signs: int = 0, effort: str | None = None
) -> str:
    """`88.7* ±0.5 high`, without ± if no interval is known; `digits` pads the score, `signs` its marks."""
    words = score_words(book, score, marks.ljust(signs), digits=digits)
    return f"{words}{f' {effort}' if effort else ''}"


def effort_words(effort: str | None) -> str | None:
    """A reasoning effort without a needless `thinking`: `auto-high`."""
    return effort and effort.removeprefix("thinking-")


def score_words(book: ScoreBook, score: Score, marks: str = "", *, digits: int = 0) -> str:
    """`82.0* ±0.6`, or the score and its marks alone if no interval is known; `digits` pads the score."""
    interval = book.interval(score)
    width = "" if interval is None else f" ±{half_width(interval):.1f}"
    return f"{f'{score.score:.1f}'.rjust(digits)}{marks}{width}".rstrip()


def half_width(interval: tuple[Decimal, Decimal]) -> Decimal:
    """Half the width of an interval."""
    return (interval[1] - interval[0]) / 2


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


def disputed_notes(book: ScoreBook, scores: Iterable[Score], seen: Collection[Score]) -> tuple[Note, ...]:
    """The scores of the article that their sources do not confirm: a short note of those seen, and each as a detail."""
    found = [x for x in scores if x.status in _FOUND]
    of: dict[str, list[str]] = {}
    for x in (x for x in found if x in seen):
        has = "another score" if x.sourced_score is None else str(x.sourced_score)
        of.setdefault(x.model, []).append(f"{book.benchmarks[x.benchmark].name} {has}")
    said = "; ".join(f"{model}, whose sources have {', '.join(scores)}" for model, scores in of.items())
    details = (Note(NoteKind.STATUS, _dispute(book, x), detail=True) for x in found)
    return (*([Note(NoteKind.STATUS, f"disputed: {said}")] if said else []), *details)


def _dispute(book: ScoreBook, score: Score) -> str:
    place = f" in {score.sourced_from}" if score.sourced_from else ""
    found = f" ({score.sourced_score}{place})" if score.sourced_score is not None else ""
    remark = f": {score.remark}" if score.remark else ""
    name = book.benchmarks[score.benchmark].name
    return f"{score.model} on {name}: the article's {score.score} is {_FOUND[score.status]}{found}{remark}"


def prompt_words(scores: Iterable[Score]) -> list[str]:
    """What a legend says of scores side by side that were measured with different prompts."""
    return ["prompts differ"] if prompt_notes(scores) else []


def prompt_notes(scores: Iterable[Score]) -> tuple[Note, ...]:
    """Say so where scores side by side were measured with different prompts."""
    prompts = dict.fromkeys((x.model, x.settings["prompt"]) for x in scores if "prompt" in x.settings)
    if len({prompt for _, prompt in prompts}) < 2:
        return ()
    said = ", ".join(f"{model} with the {prompt}" for model, prompt in prompts)
    return (Note(NoteKind.HARNESS, f"measured with different prompts: {said}"),)
