"""What is known of a mix's quality from two published scores: the random line, and bounds of what a router can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...errors import UsageError
from ...lazy import dataclass
from ...notes import Note, NoteKind
from ...scores.model import Benchmark, Score, ScoreBook, as_share
from .cascade import Checker
from .share import PHI, Totals

_ROUNDING = 1e-9


class Reached(NamedTuple):
    """A share of right answers: expected where the models' correlate by phi, and its bounds from the totals."""

    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A benchmark and two models' scores on it, both shares of right answers in percent."""

    benchmark: Benchmark
    weak: Score
    strong: Score
    notes: tuple[Note, ...]

    @property
    def totals(self) -> Totals:
        """Both scores as shares of right answers."""
        return Totals(weak=as_share(self.weak.score), strong=as_share(self.strong.score))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality(Scored):
    """What routing between two models can give on a benchmark. Shares are 0 to 1.

    `share` is that of the strong calls (None: none was chosen), `random` the quality of a random mix at it, `perfect`
    that of the perfect router, `oracle` the same with no limit on the share; `checked` is that of a cascade with a
    checker.
    """

    phi: float
    share: float | None
    random: float | None
    perfect: Reached | None
    oracle: Reached
    checked: Reached | None

    def gap_closed(self, quality: float) -> float | None:
        """The part of the gap that a quality closes; None where the strong model is not better."""
        gap = self.totals.strong - self.totals.weak
        return (quality - self.totals.weak) / gap if gap > 0 else None


def scored(book: ScoreBook, names: Sequence[str], weak: str, strong: str) -> list[Scored]:
    """The scores of two models (canonical ids) on benchmarks by id.

    Raises UsageError for a benchmark whose scores are no shares of right answers, and for a score that is missing.
    """
    return [_scored(book, book.benchmarks[name], weak, strong) for name in names]


def quality(found: Scored, share: float | None, *, phi: float = PHI, checker: Checker | None = None) -> Quality:
    """What a share of strong calls, or a cascade with this checker, gives on a benchmark."""
    totals = found.totals
    both, (fewest, most) = totals.both(phi), totals.both_bounds()
    if checker is not None:
        share = checker.escalated(totals.weak)
    return Quality(
        benchmark=found.benchmark,
        weak=found.weak,
        strong=found.strong,
        phi=phi,
        share=share,
        random=None if share is None else totals.random(share),
        perfect=None if share is None else Reached(totals.perfect(share, both), *totals.perfect_bounds(share)),
        oracle=Reached(totals.oracle(both), totals.oracle(most), totals.oracle(fewest)),
        checked=None if checker is None else Reached(checker.quality(totals, both), *checker.quality_bounds(totals)),
        notes=(*found.notes, *_phi_notes(found, phi)),
    )


def _phi_notes(found: Scored, phi: float) -> list[Note]:
    low, high = found.totals.phi_bounds()
    if low - _ROUNDING <= phi <= high + _ROUNDING:
        return []
    end, taken = ("most", high) if phi > high else ("least", low)
    text = (
        f"phi = {phi:g} is impossible on {found.benchmark.name}: these scores allow at {end} {taken:.2f}, which is used"
    )
    return [Note(NoteKind.STATUS, text)]


def _scored(book: ScoreBook, benchmark: Benchmark, weak: str, strong: str) -> Scored:
    if benchmark.unit != "percent" or not benchmark.higher_is_better:
        what = (
            "lower is better on it" if benchmark.unit == "percent" else f"its unit is the {benchmark.unit.rstrip('s')}"
        )
        raise UsageError(f"{benchmark.name} is not a share of right answers: {what}", "a mix needs such shares")
    found = [book.score(model, benchmark.id) for model in (weak, strong)]
    missing = [model for model, score in zip((weak, strong), found, strict=True) if score is None]
    cheap, dear = found
    if cheap is None or dear is None:
        raise UsageError(
            f"no {benchmark.name} score of {' and '.join(missing)}",
            f"see: llmcost bench {' '.join(missing)}; use your own table: --scores FILE",
        )
    return Scored(benchmark=benchmark, weak=cheap, strong=dear, notes=tuple(_notes(book, benchmark, cheap, dear)))


def _notes(book: ScoreBook, benchmark: Benchmark, weak: Score, strong: Score) -> list[Note]:
    notes = []
    if book.harness(weak) != book.harness(strong):
        both = f"{book.harness(weak)} and {book.harness(strong)}"
        notes.append(Note(NoteKind.HARNESS, f"{benchmark.name} was measured with different harnesses: {both}"))
    if strong.score <= weak.score:
        text = f"{strong.model} is not better than {weak.model} on {benchmark.name}: there is no gap to close"
        notes.append(Note(NoteKind.STATUS, text))
    return notes
