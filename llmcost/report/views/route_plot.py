"""A plot of quality against cost in plain characters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

WIDTH, HEIGHT = 56, 14
Place = tuple[float, float]
"""A cost and a quality."""


def plot(layers: Mapping[str, Iterable[Place]]) -> list[tuple[float | None, str]]:
    """Return the lines of a plot from the top, each with the quality at its left, or None.

    `layers` are places by the character that marks them; of two marks in one place the later stands.
    """
    marks = {character: list(places) for character, places in layers.items()}
    costs = [cost for places in marks.values() for cost, _ in places]
    scores = [score for places in marks.values() for _, score in places]
    rows = [[" "] * WIDTH for _ in range(HEIGHT)]
    for character, places in marks.items():
        for cost, score in places:
            column = _place(cost, costs, WIDTH)
            rows[HEIGHT - 1 - _place(score, scores, HEIGHT)][column] = character
    low, high = min(scores), max(scores)
    labels = {0: high, HEIGHT // 2: high - (high - low) * (HEIGHT // 2) / (HEIGHT - 1), HEIGHT - 1: low}
    return [(labels.get(number), "|" + "".join(row).rstrip()) for number, row in enumerate(rows)]


def _place(value: float, known: Sequence[float], steps: int) -> int:
    low, high = min(known), max(known)
    return 0 if high == low else round((value - low) / (high - low) * (steps - 1))
