"""A router's quality and dollars at every share of strong calls, from two models' results of the same items.

Items are sent to the strong model by a score, the highest first, items of one score in the order of the file. Terms and
figures are those of RouteLLM (I. Ong et al., arXiv 2406.18665): the performance gap recovered PGR = (quality - weak) /
(strong - weak), its mean over all shares APGR, and CPT(x), the least share whose PGR is x.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import accumulate, compress, count, repeat
from math import fsum, inf
from operator import ge, gt, not_, sub
from random import Random

from ...evals.outcomes import at_indices
from ...lazy import dataclass
from ...pricing.exact import EXACT
from ...pricing.usage import Tokens

CPT = (20, 50, 80, 90)
"""The percentages of the gap whose shares are reported."""
SEED = 20_240_718
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What `calls` strong calls give: their share, the mean score, and the dollars of all items (None: not known).

    `gap_closed` is the PGR, None where the strong model is not better than the weak one.
    """

    calls: int
    share: float
    accuracy: float
    gap_closed: float | None
    usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The sums of scores with the first 0, 1 ... n items at the strong model.

    `usd` gives the dollars of all items by the number of these calls; None where they are not known.
    """

    scores: Sequence[float]
    usd: Callable[[int], Decimal] | None

    @property
    def n(self) -> int:
        """The number of items."""
        return len(self.scores) - 1

    @property
    def gap(self) -> float:
        """The sum by which the strong model is better than the weak one."""
        return self.scores[-1] - self.scores[0]

    @property
    def has_gap(self) -> bool:
        """Tell whether the strong model is better, by more than rounding."""
        return self.gap > _ROUNDING

    def at(self, calls: int) -> Point:
        """What so many strong calls give."""
        score, gap = self.scores[calls], self.gap if self.has_gap else None
        return Point(
            calls=calls,
            share=calls / self.n,
            accuracy=score / self.n,
            gap_closed=None if gap is None else (score - self.scores[0]) / gap,
            usd=None if self.usd is None else self.usd(calls),
        )

    def calls_at(self, share: Decimal) -> int:
        """The whole number of items that is nearest to a share of them, 0 to 1; a half goes up."""
        return int((share * self.n).to_integral_value(ROUND_HALF_UP))

    @property
    def apgr(self) -> float | None:
        """The mean PGR over all shares, by the trapezoid rule: 0.5 is what chance gives; None without a gap."""
        if not self.has_gap:
            return None
        area = fsum(self.scores) - (self.scores[0] + self.scores[-1]) / 2
        return (area / self.n - self.scores[0]) / self.gap

    def cpt(self, percent: float) -> int | None:
        """The least number of strong calls that closes so many percent of the gap; None without a gap."""
        return self.first(self.scores[0] + percent / 100 * self.gap) if self.has_gap else None

    def first(self, total: float) -> int | None:
        """The least number of strong calls whose scores sum up to at least a total; None where none does."""
        return next(compress(count(), map(ge, self.scores, repeat(total - _ROUNDING))), None)

    def affordable(self, budget: Decimal) -> int | None:
        """The largest number of strong calls that costs at most a budget; None where none does, or not known."""
        known = range(self.n, -1, -1) if self.usd else ()
        return next((calls for calls in known if self.usd and self.usd(calls) <= budget), None)


@dataclass(frozen=True, slots=True)
class CurveCosts:
    """What all items cost at the weak model, and what a strong call adds for each, as multiples of `unit` USD."""

    base: Tokens
    added: Sequence[Tokens]
    unit: Decimal

    @classmethod
    def of(
        cls, weak: Sequence[Tokens], strong: Sequence[Tokens], unit: Decimal = Decimal(1), *, in_turn: bool = False
    ) -> CurveCosts:
        """The costs of one call an item, or of a weak call and then, `in_turn`, perhaps a strong one."""
        with localcontext(EXACT):
            return cls(sum(weak), strong if in_turn else list(map(sub, strong, weak)), unit)

    def plus(self, each_usd: Decimal) -> CurveCosts:
        """The same where each item costs so much more: a router, or a cascade's checker."""
        with localcontext(EXACT):
            return replace(self, base=self.base + each_usd * len(self.added) / self.unit)

    def after(self, calls: Sequence[int]) -> Decimal:
        """USD of all items with these at the strong model."""
        with localcontext(EXACT):
            return sum(map(self.added.__getitem__, calls), self.base) * self.unit


def curve(
    weak: Sequence[float], strong: Sequence[float], order: Sequence[int], costs: CurveCosts | None = None
) -> Curve:
    """The curve of a router that sends the items to the strong model in this order, which may be of some of them."""
    before, after = (at_indices(side, order) for side in (weak, strong))
    scores = list(accumulate(map(sub, after, before), initial=fsum(before)))
    scores[-1] = fsum(after)
    if costs is None:
        return Curve(scores, None)
    with localcontext(EXACT):
        sums = list(accumulate(at_indices(costs.added, order), initial=costs.base))
    unit = costs.unit
    return Curve(scores, lambda calls: EXACT.multiply(sums[calls], unit))


def random_curve(weak: Sequence[float], strong: Sequence[float], costs: CurveCosts | None = None) -> Curve:
    """The curve of a router without a clue, on average: straight lines between the ends of any curve."""
    n, first, last = len(weak), fsum(weak), fsum(strong)
    scores = [first + (last - first) * calls / n for calls in range(n)] + [last]
    if costs is None:
        return Curve(scores, None)
    with localcontext(EXACT):
        base, whole = costs.base * costs.unit, sum(costs.added) * costs.unit
    return Curve(scores, lambda calls: EXACT.add(base, EXACT.divide(EXACT.multiply(whole, calls), n)))


def by_score(score: Sequence[float | int | Decimal]) -> list[int]:
    """The items by a router's score, the highest first, those of one score in their order."""
    return sorted(range(len(score)), key=score.__getitem__, reverse=True)


def perfect_order(weak: Sequence[float], strong: Sequence[float]) -> list[int]:
    """The items by what the strong model gains on them: the order of a router that knows all answers."""
    return by_score(list(map(sub, strong, weak)))


def oracle(weak: Sequence[float], strong: Sequence[float]) -> tuple[float, float]:
    """The mean score of the perfect router with no limit on its share, and the share that it needs."""
    n = len(weak)
    return fsum(map(max, weak, strong)) / n, sum(map(gt, strong, weak)) / n


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOut:
    """A threshold that was chosen on one half of the items, and what it does on the other.

    Scores of at least `threshold` go to the strong model (None: none does). `share`, `accuracy`, `gap_closed` and
    `random_accuracy` (a random router's at that share) are of the other half; `chosen_` of the first.
    """

    threshold: float | None
    chosen_on: int
    reported_on: int
    chosen_share: float
    chosen_accuracy: float
    share: float
    accuracy: float
    gap_closed: float | None
    random_accuracy: float


def hold_out(
    weak: Sequence[float],
    strong: Sequence[float],
    score: Sequence[float | int | Decimal],
    order: Sequence[int],
    choose: Callable[[Curve], int],
    *,
    seed: int = SEED,
) -> HoldOut | None:
    """The threshold that `choose` (a number of strong calls from a curve) takes on a random half of the items.

    `order` are the items by score. None where there are fewer than four. The same seed makes the same halves.
    """
    n = len(order)
    if n < 4:
        return None
    shuffled = list(range(n))
    Random(seed).shuffle(shuffled)  # noqa: S311 - a fixed seed is the point
    chosen = [False] * n
    for item in shuffled[: n // 2]:
        chosen[item] = True
    ours = at_indices(chosen, order)
    first, second = list(compress(order, ours)), list(compress(order, map(not_, ours)))
    line, other = (curve(weak, strong, half) for half in (first, second))
    calls = choose(line)
    threshold = float(score[first[calls - 1]]) if calls else None
    least = inf if threshold is None else threshold
    here, there = (
        found.at(bisect_right(half, -least, key=lambda item: -float(score[item])))
        for found, half in ((line, first), (other, second))
    )
    by_chance = random_curve([weak[item] for item in second], [strong[item] for item in second])
    return HoldOut(
        threshold=threshold,
        chosen_on=len(first),
        reported_on=len(second),
        chosen_share=here.share,
        chosen_accuracy=here.accuracy,
        share=there.share,
        accuracy=there.accuracy,
        gap_closed=there.gap_closed,
        random_accuracy=by_chance.at(there.calls).accuracy,
    )
