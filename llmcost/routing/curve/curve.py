"""A router's quality and dollars at every share of strong calls, from two models' results of the same items.

Items are sent to the strong model by a score, the highest first, items of one score in the order of the file. Terms and
figures are those of RouteLLM (I. Ong et al., arXiv 2406.18665): the performance gap recovered PGR = (quality - weak) /
(strong - weak), its mean over all shares APGR, and CPT(x), the least share whose PGR is x.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import accumulate, repeat
from math import fsum, inf
from operator import gt, le, sub
from random import Random

from ...lazy import dataclass
from ...pricing.exact import EXACT

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
    """The sums of scores and of dollars with the first 0, 1 ... n items at the strong model.

    `usd` is None where it is not known.
    """

    scores: Sequence[float]
    usd: Sequence[Decimal] | None

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
        usd = None if self.usd is None else self.usd[calls]
        return self._point(calls, self.scores[calls], usd)

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
        least = total - _ROUNDING
        return next((calls for calls, score in enumerate(self.scores) if score >= least), None)

    def affordable(self, budget: Decimal) -> int | None:
        """The largest number of strong calls that costs at most a budget; None where none does, or not known."""
        costs = self.usd or ()
        return next((calls for calls in range(len(costs) - 1, -1, -1) if costs[calls] <= budget), None)

    def _point(self, calls: int, score: float, usd: Decimal | None) -> Point:
        closed = (score - self.scores[0]) / self.gap if self.has_gap else None
        return Point(calls=calls, share=calls / self.n, accuracy=score / self.n, gap_closed=closed, usd=usd)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveCosts:
    """USD of each item: what it costs at the weak model, and what a strong call for it adds to that.

    `fixed` is what all items cost besides: the router, or a cascade's checker.
    """

    weak: Sequence[Decimal]
    added: Sequence[Decimal]
    fixed: Decimal = Decimal(0)

    @classmethod
    def of(
        cls,
        weak: Sequence[Decimal],
        strong: Sequence[Decimal],
        *,
        in_turn: bool = False,
        fixed: Decimal = Decimal(0),
    ) -> CurveCosts:
        """The costs of one call an item, or of a weak call and then, `in_turn`, perhaps a strong one."""
        with localcontext(EXACT):
            added = list(strong) if in_turn else list(map(sub, strong, weak))
        return cls(weak=weak, added=added, fixed=fixed)


def curve(
    weak: Sequence[float], strong: Sequence[float], order: Sequence[int], costs: CurveCosts | None = None
) -> Curve:
    """The curve of a router that sends the items to the strong model in this order."""
    gains = list(map(sub, strong, weak))
    scores = list(accumulate(map(gains.__getitem__, order), initial=fsum(weak)))
    scores[-1] = fsum(strong)
    if costs is None:
        return Curve(scores, None)
    with localcontext(EXACT):
        base = sum(costs.weak, costs.fixed)
        return Curve(scores, list(accumulate(map(costs.added.__getitem__, order), initial=base)))


def random_curve(weak: Sequence[float], strong: Sequence[float], costs: CurveCosts | None = None) -> Curve:
    """The curve of a router without a clue, on average: straight lines between the ends of any curve."""
    n, first, last = len(weak), fsum(weak), fsum(strong)
    scores = [first + (last - first) * calls / n for calls in range(n)] + [last]
    if costs is None:
        return Curve(scores, None)
    with localcontext(EXACT):
        base, whole = sum(costs.weak, costs.fixed), sum(costs.added, Decimal(0))
        return Curve(scores, [base + whole * calls / n for calls in range(n)] + [base + whole])


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
    score: Sequence[float],
    choose: Callable[[Curve], int],
    *,
    seed: int = SEED,
) -> HoldOut | None:
    """The threshold that `choose` (a number of strong calls from a curve) takes on a random half of the items.

    None where there are fewer than four items. The same seed makes the same halves.
    """
    n = len(weak)
    if n < 4:
        return None
    shuffled = list(range(n))
    Random(seed).shuffle(shuffled)  # noqa: S311 - a fixed seed is the point
    first, second = sorted(shuffled[: n // 2]), sorted(shuffled[n // 2 :])
    line, other = (_half(weak, strong, score, half) for half in (first, second))
    calls = choose(line)
    ranked = sorted((score[i] for i in first), reverse=True)
    threshold = ranked[calls - 1] if calls else None
    least = inf if threshold is None else threshold
    above = (sum(map(le, repeat(least), map(score.__getitem__, half))) for half in (first, second))
    here, there = map(Curve.at, (line, other), above)
    return HoldOut(
        threshold=threshold,
        chosen_on=len(first),
        reported_on=len(second),
        chosen_share=here.share,
        chosen_accuracy=here.accuracy,
        share=there.share,
        accuracy=there.accuracy,
        gap_closed=there.gap_closed,
        random_accuracy=random_curve([weak[i] for i in second], [strong[i] for i in second]).at(there.calls).accuracy,
    )


def _half(weak: Sequence[float], strong: Sequence[float], score: Sequence[float], items: Sequence[int]) -> Curve:
    chosen = [score[i] for i in items]
    return curve([weak[i] for i in items], [strong[i] for i in items], by_score(chosen))
