"""How sure a router's share of the gap is: the bootstrap over items, with a fixed seed.

Items are drawn with their whole results (paired). Only how often each pair of gains is drawn counts, and these counts
are multinomial; each is drawn as a binomial: 100,000 items 2,000 times take 20 ms without any numeric library. The sums
of thousands of graded items are normal, and are drawn as that: the items themselves would take minutes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import floor, fsum, lgamma, log, sqrt
from operator import mul
from random import Random

from ...lazy import dataclass
from .curve import SEED

RESAMPLES = 2_000
_DISTINCT = 64
"""Pairs of gains up to which their counts are drawn; above it (graded scores) the items or their sums are."""
_NORMAL = 2_000
"""Items of graded scores up to which they are drawn themselves; above it their sums are."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The 95% interval of a PGR."""

    low: float
    high: float


def pgr_interval(
    gains: Sequence[float],
    routed: Sequence[bool],
    *,
    clusters: Sequence[str] | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval | None:
    """The percentile interval of (mix - weak) / (strong - weak); None where a resample has no gap to close.

    `gains` are strong - weak of each item, `routed` says which went to the strong model. Items of one of `clusters` are
    drawn together.
    """
    units = _units(gains, routed, clusters)
    random = Random(seed)  # noqa: S311 - a fixed seed is the point
    counted = Counter(units)
    draw: Callable[[], tuple[float, float]]
    if len(counted) <= _DISTINCT:
        draw = _by_count(counted, random)
    else:
        draw = (_by_item if len(units) <= _NORMAL else _by_sum)(units, random)
    found = []
    for _ in range(resamples):
        taken, whole = draw()
        if whole <= 0:
            return None
        found.append(taken / whole)
    found.sort()
    tail = resamples // 40
    return Interval(found[tail], found[resamples - 1 - tail])


def _units(gains: Sequence[float], routed: Sequence[bool], clusters: Sequence[str] | None) -> list[tuple[float, float]]:
    """(gain of the router, gain of the strong model) of each item, or of each cluster."""
    pairs = [(gain if sent else 0.0, gain) for gain, sent in zip(gains, routed, strict=True)]
    if clusters is None:
        return pairs
    sums: dict[str, tuple[float, float]] = {}
    for name, (taken, whole) in zip(clusters, pairs, strict=True):
        before = sums.get(name, (0.0, 0.0))
        sums[name] = (before[0] + taken, before[1] + whole)
    return list(sums.values())


class _by_item:  # noqa: N801 - it is called as the function that it is
    """Draw as many units as there are, and add them up."""

    def __init__(self, units: Sequence[tuple[float, float]], random: Random) -> None:
        self.units, self.random = units, random

    def __call__(self) -> tuple[float, float]:
        drawn = self.random.choices(self.units, k=len(self.units))
        taken, whole = zip(*drawn, strict=True)
        return fsum(taken), fsum(whole)


class _by_sum:  # noqa: N801
    """Draw both sums of as many units as there are, which are normal with the spread and covariance of the units."""

    def __init__(self, units: Sequence[tuple[float, float]], random: Random) -> None:
        taken, whole = zip(*units, strict=True)
        self.gauss, self.means = random.gauss, (fsum(taken), fsum(whole))
        off, of_whole = (
            [x - mean / len(units) for x in side] for side, mean in zip((taken, whole), self.means, strict=True)
        )
        self.spread = sqrt(fsum(map(mul, of_whole, of_whole)))
        self.shared = fsum(map(mul, off, of_whole)) / self.spread
        self.own = sqrt(max(0.0, fsum(map(mul, off, off)) - self.shared**2))

    def __call__(self) -> tuple[float, float]:
        common, own = self.gauss(0, 1), self.gauss(0, 1)
        return self.means[0] + self.shared * common + self.own * own, self.means[1] + self.spread * common


class _by_count:  # noqa: N801
    """Draw how often each distinct unit comes, and add them up; the last takes what is left."""

    def __init__(self, counted: Counter[tuple[float, float]], random: Random) -> None:
        self.random, self.n = random, sum(counted.values())
        self.last, *first = (pair for pair, _ in counted.most_common())
        left = self.n
        self.rest = []
        for pair in first:
            self.rest.append((*pair, counted[pair] / left))
            left -= counted[pair]

    def __call__(self) -> tuple[float, float]:
        left, taken, whole = self.n, 0.0, 0.0
        for gain, strong, chance in self.rest:
            count = binomial(left, chance, self.random)
            taken, whole, left = taken + count * gain, whole + count * strong, left - count
        return taken + left * self.last[0], whole + left * self.last[1]


def binomial(n: int, chance: float, random: Random) -> int:
    """How many of `n` trials succeed, each with this chance, in a time that hardly depends on `n`.

    Few expected successes are found one after another (L. Devroye, Non-Uniform Random Variate Generation, 1986, X.4),
    many by BTRS (W. Hörmann, J. Stat. Comput. Simul. 46, 1993). Python has it from 3.12 on only.
    """
    if chance >= 1:
        return n
    if chance > 0.5:
        return n - binomial(n, 1 - chance, random)
    return _few(n, chance, random) if n * chance < 10 else _many(n, chance, random)


def _few(n: int, chance: float, random: Random) -> int:
    """By the number of trials up to each further success."""
    scale = log(1 - chance)
    if not scale:
        return 0
    found = -1
    while n >= 0:
        n -= int(log(1 - random.random()) / scale) + 1
        found += 1
    return found


def _many(n: int, chance: float, random: Random) -> int:
    """By rejection from a curve above the binomial, below which most are taken at once."""
    spread = sqrt(n * chance * (1 - chance))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * chance
    at_once = 0.92 - 4.2 / b
    peak = int((n + 1) * chance)
    while True:
        u = random.random() - 0.5
        room = 0.5 - abs(u)
        found = floor((2 * a / room + b) * u + n * chance + 0.5) if room else -1
        if not 0 <= found <= n:
            continue
        v = 1 - random.random()
        if room >= 0.07 and v <= at_once:
            return found
        height = log(v * (2.83 + 5.1 / b) * spread / (a / room**2 + b))
        odds = (found - peak) * log(chance / (1 - chance)) + lgamma(peak + 1) + lgamma(n - peak + 1)
        if height <= odds - lgamma(found + 1) - lgamma(n - found + 1):
            return found
