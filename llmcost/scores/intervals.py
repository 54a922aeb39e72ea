"""Intervals and tests of benchmark scores that are known as totals. Scores are shares, 0 to 1, at full precision."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, ceil, cos, erfc, exp, fsum, lgamma, log1p, pi, sin, sqrt

from ..lazy import dataclass

try:  # NormalDist's own, without the 2 ms of loading it: 0.98 of `bench` and `compare`
    from _statistics import _normal_dist_inv_cdf as _inverse  # type: ignore[import-not-found]
except ImportError:  # pragma: no cover - every CPython has it
    from statistics import NormalDist

    def _inverse(p: float, mean: float, deviation: float) -> float:
        return NormalDist(mean, deviation).inv_cdf(p)


_SERIES_BELOW = 200
"""Degrees of freedom from which the expansion of Student's t is right to 1e-9, and the series is not needed."""
_ROUNDING = 1e-12
"""A difference of shares below this is an error of rounding."""
_STEPS = 30
"""Newton steps: from below the root of a concave function each comes nearer and none goes beyond it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Score a minus score b, with its 95% interval and the two-sided p value of no difference."""

    delta: float
    low: float
    high: float
    p: float


def wilson(share: float, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The Wilson score interval of a share (0 to 1) of right answers among `n` items.

    Source: E. B. Wilson, JASA 22 (1927) 209-212: centre (p + z²/2n) / (1 + z²/n), half width
    z √(p(1-p)/n + z²/4n²) / (1 + z²/n).
    """
    z = two_sided_z(confidence)
    scale = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / scale
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale
    return min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))


def unpaired_difference(share_a: float, n_a: int, share_b: float, n_b: int) -> Difference:
    """Share a - share b of two models of which only the totals are known.

    The interval is of R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10: the distances to the Wilson
    limits, squared and added. The test is z = delta / √(a(1-a)/n_a + b(1-b)/n_b); where that error is 0 and the shares
    differ (all right against all wrong), the error of the pooled share stands for it. Where both models answered the
    same items the interval is wider than it need be unless their answers are negatively correlated.
    """
    delta = share_a - share_b
    low_a, high_a = wilson(share_a, n_a)
    low_b, high_b = wilson(share_b, n_b)
    return Difference(
        delta=delta,
        low=max(-1.0, delta - sqrt((share_a - low_a) ** 2 + (high_b - share_b) ** 2)),
        high=min(1.0, delta + sqrt((high_a - share_a) ** 2 + (share_b - low_b) ** 2)),
        p=unpaired_p(share_a, n_a, share_b, n_b),
    )


def unpaired_p(share_a: float, n_a: int, share_b: float, n_b: int) -> float:
    """The p value of `unpaired_difference` alone, in a quarter of the time."""
    se = sqrt(share_a * (1 - share_a) / n_a + share_b * (1 - share_b) / n_b)
    if not se:
        pooled = (share_a * n_a + share_b * n_b) / (n_a + n_b)
        se = sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b))
    return _p(share_a - share_b, se)


def rating_difference(a: float, low_a: float, high_a: float, b: float, low_b: float, high_b: float) -> Difference:
    """A - b of two ratings with published 95% intervals, in the ratings' own unit.

    Each standard error is half the width of the interval / 1.96; the errors of the two are taken as independent.
    """
    z = two_sided_z(0.95)
    se = sqrt((high_a - low_a) ** 2 + (high_b - low_b) ** 2) / (2 * z)
    return Difference(delta=a - b, low=a - b - z * se, high=a - b + z * se, p=_p(a - b, se))


def _p(delta: float, se: float) -> float:
    return erfc(abs(delta) / se / sqrt(2)) if se else 0.0 if delta else 1.0


def holm(p_values: Sequence[float]) -> list[float]:
    """The p values adjusted for being several, in their order.

    Source: S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70: the smallest of m times m, the next times m - 1,
    none below the one before it, none above 1.
    """
    adjusted = [0.0] * len(p_values)
    least = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        least = max(least, min(1.0, p_values[place] * (len(p_values) - rank)))
        adjusted[place] = least
    return adjusted


def items_to_decide(variance: float, distance: float) -> int | None:
    """About how many items tell a mean difference of this variance per item from a limit at this distance.

    That is for a one-sided test at 5% with a power of 80%: n = (z95 + z80)² variance / distance². None where the
    distance is 0, but for rounding.
    """
    if abs(distance) < _ROUNDING:
        return None
    z = two_sided_z(0.90) + two_sided_z(0.60)
    return max(1, ceil(z * z * variance / distance**2))


def two_sided_z(confidence: float) -> float:
    """The normal quantile of a two-sided interval: 1.96 at 0.95."""
    return float(_inverse((1 + confidence) / 2, 0.0, 1.0))


def two_sided_t(confidence: float, df: int) -> float:
    """Student's quantile of a two-sided interval with `df` degrees of freedom: 2.26 at 0.95 and 9.

    Below 200 degrees Newton's method solves the series of Abramowitz and Stegun, Handbook of Mathematical Functions,
    26.7.3 and 26.7.4; from there on it is their expansion in 1/df, 26.7.5.
    """
    z = two_sided_z(confidence)
    if df >= _SERIES_BELOW:
        return _expanded_t(z, df)
    t = z
    for _ in range(_STEPS):
        t += (confidence - _within(t, df)) / (2 * _density(t, df))
    return t


def _within(t: float, df: int) -> float:
    """The probability that Student's t is between -t and t."""
    angle = atan2(t, sqrt(df))
    sine, cosine = sin(angle), cos(angle)
    term = total = float(df > 1)  # of one degree it is the angle alone
    for k in range(2 + df % 2, df, 2):
        term *= cosine * cosine * (k - 1) / k
        total += term
    if df % 2 == 0:
        return sine * total
    return 2 / pi * (angle + sine * cosine * total)


def _density(t: float, df: int) -> float:
    return exp(lgamma((df + 1) / 2) - lgamma(df / 2) - (df + 1) / 2 * log1p(t * t / df)) / sqrt(df * pi)


def _expanded_t(z: float, df: int) -> float:
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + fsum(term / float(df) ** power for power, term in enumerate(terms, 1))
