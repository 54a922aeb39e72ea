"""Cost against score: which models no other one beats on both, and which a mixture of two others beats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

from ..lazy import dataclass
from ..pricing.exact import EXACT
from .model import Score

Differs: TypeAlias = Callable[[Score, Score], bool]
"""Tells whether two scores on one benchmark are significantly different."""


class Standing(StrEnum):
    """Where a model stands; the word stands in JSON.

    `within_noise`: a model that costs no more has a better score, but the difference is not significant.
    """

    FRONTIER = "frontier"
    WITHIN_NOISE = "within_noise"
    DOMINATED = "dominated"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPoint:
    """A model's score on one benchmark, and its cost in USD, on whatever basis all of the points share."""

    model: str
    cost: Decimal
    score: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A point and where it stands; `beside` is the best of the frontier at its cost or below (None: it is itself)."""

    point: FrontierPoint
    standing: Standing
    beside: FrontierPoint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """Two models between which requests are divided at random: `share` (0 to 1) goes to the second.

    At the cost of the model that it beats it has this mean `score`.
    """

    first: FrontierPoint
    second: FrontierPoint
    share: Decimal
    score: Decimal


def frontier(points: Iterable[FrontierPoint], differs: Differs, *, higher_is_better: bool) -> tuple[Placed, ...]:
    """Where each point stands, by cost, then the best score first, then model.

    A dominates B when it costs no more and scores no worse, and one of the two is strict. Points with the same cost and
    score do not dominate each other. A dominated point is set against the best of the frontier that costs no more.
    """
    sign = 1 if higher_is_better else -1
    placed: list[Placed] = []
    best: FrontierPoint | None = None
    for point in sorted(points, key=lambda x: (x.cost, -sign * x.score.score, x.model)):
        if best is None or sign * point.score.score > sign * best.score.score:
            best = point
            placed.append(Placed(point=point, standing=Standing.FRONTIER))
        elif (point.cost, point.score.score) == (best.cost, best.score.score):
            placed.append(Placed(point=point, standing=Standing.FRONTIER))
        else:
            apart = differs(best.score, point.score)
            standing = Standing.DOMINATED if apart else Standing.WITHIN_NOISE
            placed.append(Placed(point=point, standing=standing, beside=best))
    return tuple(placed)


def mixtures(placed: Sequence[Placed], *, higher_is_better: bool) -> Mapping[str, Mixture]:
    """Return, by model, the mixture that beats a model of the frontier at its own cost; most have none.

    These lie under the upper convex hull of the frontier. It is for scores that are means over items, as shares of
    right answers are: the mean of a mixture lies on the straight line between those of its parts. A rating's does not.
    """
    sign = 1 if higher_is_better else -1
    line = [x.point for x in placed if x.standing is Standing.FRONTIER]
    hull: list[FrontierPoint] = []
    for point in {_place(x): x for x in reversed(line)}.values():
        hull.insert(0, point)
        while len(hull) > 2 and _under(hull[1], hull[0], hull[2], sign):
            hull.pop(1)
    kept = set(map(_place, hull))
    return {x.model: _mixture(hull, x) for x in line if _place(x) not in kept}


def _place(point: FrontierPoint) -> tuple[Decimal, Decimal]:
    return point.cost, point.score.score


def _under(point: FrontierPoint, first: FrontierPoint, second: FrontierPoint, sign: int) -> bool:
    """Tell whether a point lies under the straight line between a cheaper and a dearer one."""
    with localcontext(EXACT):
        up, on = sign * (point.score.score - first.score.score), point.cost - first.cost
        return sign * (second.score.score - first.score.score) * on > up * (second.cost - first.cost)


def _mixture(hull: Sequence[FrontierPoint], point: FrontierPoint) -> Mixture:
    """The mixture of the two neighbours on the hull that costs what the point costs."""
    first, second = next((a, b) for a, b in pairwise(hull) if point.cost < b.cost)
    with localcontext(EXACT):
        share = (point.cost - first.cost) / (second.cost - first.cost)
        score = first.score.score + share * (second.score.score - first.score.score)
    return Mixture(first=first, second=second, share=share, score=score)
