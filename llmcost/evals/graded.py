"""Scores on a scale of their own, a judge's 1 to 10 say, as shares from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..errors import FileError
from ..notes import Note, NoteKind
from .outcomes import COLUMNS, Outcomes, first_lines, kept


def rescaled(outcomes: Outcomes, low: float = 0.0, high: float = 1.0, *, skip_bad: bool = False) -> Outcomes:
    """The outcomes with `low` as 0 and `high` as 1; `low` is below `high`.

    Raises FileError naming the items whose score is outside; with `skip_bad` they are left out and counted, unless none
    is left.
    """
    known = {*outcomes.weak, *outcomes.strong}
    if not low <= min(known) <= max(known) <= high:
        inside = [
            low <= weak <= high and low <= strong <= high
            for weak, strong in zip(outcomes.weak, outcomes.strong, strict=True)
        ]
        if not skip_bad or not any(inside):
            _refuse(outcomes, low, high)
        outcomes = _only(outcomes, inside, f"whose score is not from {low:g} to {high:g}")
    if (low, high) == (0, 1):
        return outcomes
    return replace(outcomes, weak=_shares(outcomes.weak, low, high), strong=_shares(outcomes.strong, low, high))


def _only(outcomes: Outcomes, keep: Sequence[bool], why: str) -> Outcomes:
    """The outcomes of some of the items, the others counted in a note."""
    columns = {name: getattr(outcomes, name) for name in COLUMNS}
    some: dict[str, Any] = {name: kept(column, keep) for name, column in columns.items() if column is not None}
    out = len(keep) - sum(keep)
    note = Note(NoteKind.LEFT_OUT, f"{out:,} item{'' if out == 1 else 's'} left out, {why}")
    return replace(outcomes, **some, left_out=outcomes.left_out + out, notes=(*outcomes.notes, note))


def _shares(scores: Sequence[float], low: float, high: float) -> list[float]:
    width = high - low
    return [(score - low) / width for score in scores]


def _refuse(outcomes: Outcomes, low: float, high: float) -> None:
    faults = [
        f"item {item}: {side} is {score:g}"
        for item, *pair in zip(outcomes.items, outcomes.weak, outcomes.strong, strict=True)
        for side, score in zip(("weak", "strong"), pair, strict=True)
        if not low <= score <= high
    ]
    scores = "1 score is" if len(faults) == 1 else f"{len(faults):,} scores are"
    hints = ["--score-range 1..10 takes scores from 1 to 10 as 0 to 1"] if (low, high) == (0, 1) else []
    raise FileError(f"{scores} not from {low:g} to {high:g}", *first_lines(faults), *hints)
