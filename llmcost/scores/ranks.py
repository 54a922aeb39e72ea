"""How many models are significantly better than each of a column, without testing every pair of them.

Of 1,340 models that is 897,000 tests. Scores far apart differ whatever Holm's method makes of it, scores close together
do not; of the 130,000 pairs in between all but 3,600 are told by bounds, and only these are tested and sorted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import sqrt

from .difference import SIGNIFICANT, ScoreInterval, p_value
from .intervals import two_sided_z

_ROUNDING = 1e-6
_PASSES = 3
"""How often the pairs in between are bounded: those known to differ lower Holm's factor for the others."""


def beaten(known: Sequence[ScoreInterval]) -> list[int]:
    """By how many of the scores before it each is beaten; the best one is the first.

    The p values of all pairs are adjusted together, by Holm (see `holm`): an adjusted one of at most 5% is significant.
    """
    tests = len(known) * (len(known) - 1) // 2
    if not tests:
        return [0] * len(known)
    places = [abs(known[0].value - x.value) for x in known]
    errors = list(map(_errors, known))
    least, most = min(x for x, _ in errors), max(x for _, x in errors)
    possible, sure = tests, 0
    for _ in range(_PASSES):
        near, far = (two_sided_z(1 - SIGNIFICANT / (tests - pairs + 1)) for pairs in (possible, sure))
        near, far = near * (1 - _ROUNDING), far * (1 + _ROUNDING)
        columns = list(enumerate(zip(places, errors, strict=True), 1))
        firsts = [bisect_left(places, x + near * sqrt(low + least), after) for after, (x, (low, _)) in columns]
        lasts = [bisect_left(places, x + far * sqrt(high + most), after) for after, (x, (_, high)) in columns]
        possible, sure = (sum(len(known) - place for place in ends) for ends in (firsts, lasts))
    certain = [0] * (len(known) + 1)
    for last in lasts:
        certain[last] += 1
    counts = list(accumulate(certain[:-1]))
    between: list[tuple[float, int]] = []
    for better, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        low, high = errors[better]
        for worse in range(first, last):
            square, (low_2, high_2) = (places[worse] - places[better]) ** 2, errors[worse]
            if square > far * far * (high + high_2):
                counts[worse] += 1
            elif square >= near * near * (low + low_2):
                between.append((p_value(known[better], known[worse]), worse))
    for smaller, (p, worse) in enumerate(sorted(between), sum(counts)):
        if p * (tests - smaller) > SIGNIFICANT:
            break
        counts[worse] += 1
    return counts


def _errors(x: ScoreInterval) -> tuple[float, float]:
    """The least and the largest squared error that a test takes a score to have, in the benchmark's unit."""
    published = ((x.high - x.low) / (2 * two_sided_z(0.95))) ** 2
    if not x.n:
        return published, published
    share = x.value / 100
    counted = 10_000 * share * (1 - share) / x.n
    return min(published, counted), max(published, counted or 2_500 / x.n)
