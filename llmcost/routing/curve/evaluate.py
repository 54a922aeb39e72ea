"""A router or a cascade on items whose results at both models are known: exactly, and paired.

Beside it stand the random router and the perfect one with as many strong calls.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal, localcontext
from math import fsum
from operator import sub
from typing import Any

from ...evals.outcomes import Outcomes
from ...evals.validate import Validation, hangs_on, validated
from ...lazy import dataclass
from ...pricing.exact import EXACT
from ...pricing.usage import Tokens
from ..mix.cascade import Checker, break_even, expected_quality
from .bootstrap import Interval, pgr_interval
from .choose import ChooseCalls
from .curve import (
    CPT,
    Curve,
    CurveCosts,
    HoldOut,
    Point,
    by_score,
    curve,
    hold_out,
    oracle,
    perfect_order,
    random_curve,
)
from .influence import apgr_interval


@dataclass(frozen=True, slots=True)
class PairCosts:
    """What each item costs at the weak model and at the strong one, as multiples of `unit` USD."""

    weak: Sequence[Tokens]
    strong: Sequence[Tokens]
    unit: Decimal = Decimal(1)

    @property
    def usd(self) -> tuple[Decimal, Decimal]:
        """USD of all items at the weak model, and at the strong one."""
        with localcontext(EXACT):
            return sum(self.weak) * self.unit, sum(self.strong) * self.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class RouterPlan:
    """How items are routed.

    `score` sends the highest to the strong model (None: no router, calls are made at random). `in_turn` is a cascade:
    every item is answered by the weak model first. `each_usd` is what the router or the checker costs for one item: the
    perfect one costs as much, a random one nothing. `fixed`: the threshold is given, so that there is none to choose on
    one half of the items.
    """

    score: Sequence[float | int | Decimal] | None = None
    in_turn: bool = False
    each_usd: Decimal = Decimal(0)
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Everything that is known of a plan. Accuracies are mean scores, 0 to 1; dollars are of all items.

    `mix` is the plan itself, at random where it has no router; `random` and `perfect` have as many strong calls as it.
    `curve` is the router's, None without one; `cpt` the least strong calls by percent of the gap. `interval` is of the
    PGR of `mix`, `apgr_interval` of `apgr` (95%), both None where a resample may have no gap to close. `same_score`
    tells that all items have one score, so that their order decides. `threshold` is the score of the last item that
    goes to the strong model; where not all items of that score go there, `tied` is how many do, of how many.
    `validation` compares the mix with the strong model alone, and `hangs` where it hangs on lost answers. `break_even`
    is of a cascade.
    """

    n: int
    weak: Point
    strong: Point
    mix: Point
    random: Point
    perfect: Point
    random_curve: Curve
    oracle_accuracy: float
    oracle_share: float
    curve: Curve | None = None
    apgr: float | None = None
    cpt: Mapping[int, Point | None] = field(default_factory=lambda: dict.fromkeys(CPT))
    threshold: float | None = None
    tied: tuple[int, int] | None = None
    interval: Interval | None = None
    apgr_interval: tuple[float, float] | None = None
    same_score: bool = False
    halves: HoldOut | None = None
    validation: Validation | None = None
    hangs: bool = False
    break_even: Decimal | None = None

    @property
    def better_than_random(self) -> bool | None:
        """Whether the APGR is above the 0.5 of chance, by more than noise; None where that cannot be told."""
        if self.apgr_interval is None or self.same_score:
            return None
        low, high = self.apgr_interval
        return True if low > 0.5 else False if high < 0.5 else None

    @property
    def lead(self) -> float:
        """The accuracy of the mix less that of the random router with as many strong calls."""
        return self.mix.accuracy - self.random.accuracy


def evaluate(
    outcomes: Outcomes,
    plan: RouterPlan,
    choose: ChooseCalls,
    *,
    costs: PairCosts | None = None,
    margin: float | None = None,
) -> Evaluation:
    """What a plan does on the items; `choose` takes its number of strong calls.

    Raises what `validated` raises, for a `margin` (0 to 1) by which the mix may be worse than the strong model.
    """
    weak, strong = outcomes.weak.values, outcomes.strong.values
    free = None if costs is None else CurveCosts.of(costs.weak, costs.strong, costs.unit, in_turn=plan.in_turn)
    paid = None if free is None else free.plus(plan.each_usd)
    by_gain = perfect_order(weak, strong)
    perfect = curve(weak, strong, by_gain)
    by_chance = random_curve(weak, strong, free)
    order = None if plan.score is None else by_score(plan.score)
    router = None if order is None else curve(weak, strong, order, paid)
    line = router or by_chance
    calls = choose(line)
    best, needed = oracle(weak, strong)
    found = Evaluation(
        n=len(weak),
        **_alone(perfect, costs),
        mix=line.at(calls),
        random=by_chance.at(calls),
        perfect=replace(perfect.at(calls), usd=None if paid is None else paid.after(by_gain[:calls])),
        random_curve=by_chance,
        oracle_accuracy=best,
        oracle_share=needed,
        break_even=_break_even(plan, costs, len(weak)),
    )
    if router is None or order is None or plan.score is None:
        return found
    sent = [False] * len(order)
    for item in order[:calls]:
        sent[item] = True
    halves = None if plan.fixed else hold_out(weak, strong, plan.score, order, choose)
    judge = _judge(sent)
    validation = None if margin is None else judge(outcomes, margin)
    return replace(
        found,
        curve=router,
        apgr=router.apgr,
        cpt={percent: None if (least := router.cpt(percent)) is None else router.at(least) for percent in CPT},
        **_threshold(plan.score, order, calls),
        **_intervals(outcomes, order, sent),
        same_score=plan.score[order[0]] == plan.score[order[-1]],
        halves=halves,
        validation=validation,
        hangs=validation is not None and hangs_on(validation, outcomes, judge),
    )


def evaluate_checker(
    outcomes: Outcomes, checker: Checker, *, costs: PairCosts | None = None, each_usd: Decimal = Decimal(0)
) -> Evaluation:
    """What a cascade does, on average, whose checker rejects by chance; weak scores count as shares of right."""
    weak, strong = outcomes.weak.values, outcomes.strong.values
    plan = RouterPlan(in_turn=True, each_usd=each_usd)
    chances = checker.chances(weak)
    share = fsum(chances) / len(weak)
    found = evaluate(outcomes, plan, lambda line: line.calls_at(Decimal(share)), costs=costs)
    line, accuracy = found.random_curve, expected_quality(weak, strong, chances)
    usd = None
    if costs is not None:
        with localcontext(EXACT):
            called = sum((Decimal(p) * amount for p, amount in zip(chances, costs.strong, strict=True)), Decimal(0))
            usd = costs.usd[0] + each_usd * len(weak) + called * costs.unit
    mix = Point(
        calls=found.mix.calls,
        share=share,
        accuracy=accuracy,
        gap_closed=(accuracy * found.n - line.scores[0]) / line.gap if line.has_gap else None,
        usd=usd,
    )
    return replace(found, mix=mix)


def _alone(perfect: Curve, costs: PairCosts | None) -> dict[str, Any]:
    """Both models alone, without what a router or a checker costs."""
    usd: tuple[Decimal | None, Decimal | None] = (None, None)
    if costs is not None:
        usd = costs.usd
    closed = (0.0, 1.0) if perfect.has_gap else (None, None)
    calls = (0, perfect.n)
    return {
        name: Point(
            calls=calls[end],
            share=float(end),
            accuracy=perfect.scores[-end] / perfect.n,
            gap_closed=closed[end],
            usd=usd[end],
        )
        for end, name in enumerate(("weak", "strong"))
    }


def _threshold(score: Sequence[float | int | Decimal], order: Sequence[int], calls: int) -> dict[str, Any]:
    """The score of the last item that is sent, and how many items of that score are, where not all of them are."""
    if not calls:
        return {}
    last = score[order[calls - 1]]
    first, after = (find(order, -last, key=lambda item: -score[item]) for find in (bisect_left, bisect_right))
    return {"threshold": float(last), "tied": (calls - first, after - first) if calls < after else None}


def _intervals(outcomes: Outcomes, order: Sequence[int], sent: Sequence[bool]) -> dict[str, Any]:
    if len(sent) < 2:
        return {}
    gains, clusters = list(map(sub, outcomes.strong.values, outcomes.weak.values)), outcomes.cluster
    of_mix = pgr_interval(gains, sent, clusters=clusters)
    of_curve = None if of_mix is None else apgr_interval(gains, order, clusters=clusters)
    return {"interval": of_mix, "apgr_interval": of_curve}


def _judge(sent: Sequence[bool]) -> Callable[[Outcomes, float], Validation]:
    """A judge of the mix, with the items `sent` at the strong model, against the strong model alone."""

    def judge(outcomes: Outcomes, margin: float) -> Validation:
        weak, strong = outcomes.weak.values, outcomes.strong.values
        mixed = [s if up else w for w, s, up in zip(weak, strong, sent, strict=True)]
        return validated(replace(outcomes, weak=replace(outcomes.weak, values=mixed)), margin)

    return judge


def _break_even(plan: RouterPlan, costs: PairCosts | None, n: int) -> Decimal | None:
    if not plan.in_turn or costs is None:
        return None
    weak, strong = costs.usd
    with localcontext(EXACT):
        return break_even(weak + plan.each_usd * n, strong)
