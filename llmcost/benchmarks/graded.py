"""Scores on a scale of their own, a judge's 1 to 10 say, as shares from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..errors import FileError
from .outcomes import Outcomes, first


def rescaled(outcomes: Outcomes, low: float = 0.0, high: float = 1.0) -> Outcomes:
    """Return the outcomes with `low` as 0 and `high` as 1; `low` is below `high`.

    Raises FileError naming the items whose score is outside.
    """
    known = {*outcomes.weak, *outcomes.strong}
    if not low <= min(known) <= max(known) <= high:
        _refuse(outcomes, low, high)
    if (low, high) == (0, 1):
        return outcomes
    return replace(outcomes, weak=_shares(outcomes.weak, low, high), strong=_shares(outcomes.strong, low, high))


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
    raise FileError(f"{scores} not from {low:g} to {high:g}", *first(faults), *hints)
