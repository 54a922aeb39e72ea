"""The interval of an APGR: it is what a bootstrap finds, and what can be worked out by hand."""

from __future__ import annotations

from random import Random

import pytest

from llmcost.routing.curve.curve import by_score, curve
from llmcost.routing.curve.influence import apgr_interval


def interval(gains: list[float], order: list[int], clusters: list[str] | None = None) -> tuple[float, float]:
    found = apgr_interval(gains, order, clusters=clusters)
    assert found is not None
    return found


def bootstrap(weak: list[float], strong: list[float], score: list[float], resamples: int) -> tuple[float, float]:
    """Return the 95% percentile interval of the APGR of items drawn with replacement."""
    draw, n, found = Random(11), len(weak), []
    for _ in range(resamples):
        items = [draw.randrange(n) for _ in range(n)]
        w, s, x = ([column[i] for i in items] for column in (weak, strong, score))
        found.append(curve(w, s, by_score(x)).apgr or 0.0)
    found.sort()
    return found[resamples // 40], found[-1 - resamples // 40]


@pytest.mark.untraced
def test_it_is_the_interval_of_a_bootstrap_over_items() -> None:
    draw = Random(5)
    weak = [float(draw.random() < 0.6) for _ in range(800)]
    strong = [float(draw.random() < 0.85) for _ in range(800)]
    score = [draw.random() - w / 4 for w in weak]
    gains = [s - w for w, s in zip(weak, strong, strict=True)]

    found = interval(gains, by_score(score))

    assert found == pytest.approx(bootstrap(weak, strong, score, 600), abs=0.012)
    assert sum(found) / 2 == pytest.approx(curve(weak, strong, by_score(score)).apgr)


def test_two_items_by_hand() -> None:
    """Gains of 3 and 1 have an area of 1.25 and an APGR of 0.625.

    They add (3 x 2/2 + 0 - 0.625 x 5) / 2 = -1/16 and (1 x 1/2 + 3/2 - 0.625 x 3) / 2 = 1/16 to it.
    """
    low, high = interval([3.0, 1.0], [0, 1])

    assert (low, high) == pytest.approx((0.625 - 1.959964 / 16, 0.625 + 1.959964 / 16))


def test_gains_that_are_all_alike_leave_no_doubt() -> None:
    assert interval([1.0] * 9, list(range(9))) == pytest.approx((0.5, 0.5))


def test_items_of_a_cluster_count_together() -> None:
    gains = [1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0] * 5
    single = interval(gains, list(range(40)))
    pairs = interval(gains, list(range(40)), [str(n // 2) for n in range(40)])

    assert pairs[1] - pairs[0] > 1.2 * (single[1] - single[0])
    assert sum(pairs) == pytest.approx(sum(single))
    assert interval(gains, list(range(40)), [str(n) for n in range(40)]) == pytest.approx(single)


def test_one_item_or_one_cluster_has_no_interval() -> None:
    assert apgr_interval([1.0], [0]) is None
    assert apgr_interval([1.0, 0.0], [0, 1], clusters=["x", "x"]) is None


def test_clusters_by_hand() -> None:
    """Gains of 3, 1, 3 and 1 have an APGR of 9/16 and add 3/32, -3/32, -5/32 and 5/32: together -1/16 and 1/16."""
    low, high = interval([3.0, 1.0, 3.0, 1.0], [0, 1, 2, 3], ["a", "b", "a", "b"])

    assert (low + high) / 2 == pytest.approx(9 / 16)
    assert (high - low) / 2 == pytest.approx(1.959964 / 32)
