"""How sure an APGR is: its interval by the delta method, from what each item adds to it.

An APGR is a mean over pairs of items, as the area under a ROC curve is, and its interval is found as that one's is
(E. DeLong et al., Biometrics 44, 1988): what each item adds to the statistic is worked out once, and the spread of
these gives the standard error. A bootstrap would rank 100,000 items 2,000 times to find the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, count
from math import fsum, sqrt
from operator import mul

from ...scores.intervals import two_sided_z


def apgr_interval(
    gains: Sequence[float], order: Sequence[int], *, clusters: Sequence[str] | None = None
) -> tuple[float, float] | None:
    """The 95% interval of the APGR of a router that sends the items to the strong model in this order.

    `gains` are strong - weak of each item, and their sum is above 0. Items of one of `clusters` count together. None
    of fewer than two items, or clusters.
    """
    n, ranked, mean = len(gains), list(map(gains.__getitem__, order)), fsum(gains) / len(gains)
    apgr = _area(ranked) / mean
    parts = _influences(ranked, mean, apgr)
    if clusters is not None:
        sums: dict[str, float] = {}
        for item, part in zip(order, parts, strict=True):
            sums[clusters[item]] = sums.get(clusters[item], 0.0) + part
        parts = list(sums.values())
    units = len(parts)
    if units < 2:
        return None
    half = two_sided_z(0.95) * sqrt(fsum(map(mul, parts, parts)) * units / (units - 1)) / n
    return apgr - half, apgr + half


def _area(ranked: Sequence[float]) -> float:
    """The mean over all shares of what is gained: each gain counts at the shares from its place on."""
    n = len(ranked)
    return fsum(map(mul, ranked, count(n - 0.5, -1))) / n**2


def _influences(ranked: Sequence[float], mean: float, apgr: float) -> list[float]:
    """What each item adds to the APGR, in this order; the sum is 0.

    With the mean gain G, an item of gain g, r items after it and gains P before it adds
    (g (r + 1/2) / n + (P + g/2) / n - APGR (g + G)) / G.
    """
    n = len(ranked)
    return [
        (gain * after / n + earlier / n - apgr * (gain + mean)) / mean
        for gain, after, earlier in zip(ranked, count(n, -1), accumulate(ranked, initial=0.0), strict=False)
    ]
