"""Intervals of benchmark scores."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist


def wilson(share: float, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the Wilson score interval of a share (0 to 1) of right answers among `n` items.

    Source: E. B. Wilson, JASA 22 (1927) 209-212: centre (p + z²/2n) / (1 + z²/n), half width
    z √(p(1-p)/n + z²/4n²) / (1 + z²/n).
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    scale = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / scale
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale
    return max(0.0, centre - half), min(1.0, centre + half)
