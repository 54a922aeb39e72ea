"""Scores on a scale of their own, a judge's 1 to 10 say, as shares from 0 to 1."""

from __future__ import annotations

from dataclasses import replace

from ..errors import FileError
from ..notes import Note, NoteKind
from .outcomes import Outcomes, Side, first_lines


def rescaled(outcomes: Outcomes, low: float = 0.0, high: float = 1.0, *, skip_bad: bool = False) -> Outcomes:
    """The outcomes with `low` as 0 and `high` as 1; `low` is below `high`.

    Raises FileError naming the items whose score is outside; with `skip_bad` they are left out and counted, unless none
    is left.
    """
    weak, strong = outcomes.weak.values, outcomes.strong.values
    if not all(low <= min(values, default=low) <= max(values, default=low) <= high for values in (weak, strong)):
        pairs = enumerate(zip(weak, strong, strict=True))
        inside = [index for index, pair in pairs if low <= min(pair) <= max(pair) <= high]
        if not skip_bad or not inside:
            _refuse(outcomes, low, high)
        out = len(weak) - len(inside)
        words = f"{out:,} item{'' if out == 1 else 's'} left out: score not from {low:g} to {high:g}"
        notes = (*outcomes.notes, Note(NoteKind.LEFT_OUT, words))
        outcomes = replace(outcomes.at(inside), left_out=outcomes.left_out + out, notes=notes)
    if (low, high) == (0, 1):
        return outcomes
    return replace(outcomes, weak=_shares(outcomes.weak, low, high), strong=_shares(outcomes.strong, low, high))


def _shares(side: Side, low: float, high: float) -> Side:
    width = high - low
    return replace(side, values=[(score - low) / width for score in side.values])


def _refuse(outcomes: Outcomes, low: float, high: float) -> None:
    faults = [
        f"item {item}: {side} is {score:g}"
        for item, *pair in zip(outcomes.items, outcomes.weak.values, outcomes.strong.values, strict=True)
        for side, score in zip(("weak", "strong"), pair, strict=True)
        if not low <= score <= high
    ]
    scores = "1 score is" if len(faults) == 1 else f"{len(faults):,} scores are"
    hints = ["--score-range 1..10 rescales scores from 1 to 10 to 0 to 1"] if (low, high) == (0, 1) else []
    raise FileError(f"{scores} not from {low:g} to {high:g}", *first_lines(faults), *hints)
