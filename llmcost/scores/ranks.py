"""How many models are significantly better than each of a column, without testing every pair of them.

Of 1,300 models that is 850,000 tests. Scores far apart differ whatever Holm's method makes of it, scores close together
do not; only the pairs in between are tested and sorted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import sqrt

from .difference import SIGNIFICANT, ScoreInterval, p_value
from .intervals import two_sided_z

_ROUNDING = 1e-6


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
    near, far = (two_sided_z(1 - SIGNIFICANT / number) for number in (1, tests))
    certain = [0] * (len(known) + 1)
    between: list[tuple[float, int]] = []
    for better, (low, high) in enumerate(errors):
        start = places[better] + near * sqrt(low + least) * (1 - _ROUNDING)
        end = places[better] + far * sqrt(high + most) * (1 + _ROUNDING)
        first = bisect_left(places, start, better + 1)
        last = bisect_left(places, end, first)
        certain[last] += 1
        between += [(p_value(known[better], known[worse]), worse) for worse in range(first, last)]
    counts = list(accumulate(certain[:-1]))
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
