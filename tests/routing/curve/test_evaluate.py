"""A router on items whose results are known: the mix beside the random router, the perfect one and both models."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from llmcost.evals.outcomes import Outcomes, Side
from llmcost.evals.validate import Verdict
from llmcost.routing.curve.curve import Curve
from llmcost.routing.curve.evaluate import Evaluation, PairCosts, RouterPlan, evaluate, evaluate_checker
from llmcost.routing.mix.cascade import Checker

WEAK = [1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0]
STRONG = [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0]
GOOD = [0, 9, 8, 1, 7, 2, 3, 6]
N = len(WEAK)
COSTS = PairCosts([Decimal(1)] * N, [Decimal(10)] * N)


def outcomes(**more: Any) -> Outcomes:
    return Outcomes(items=[str(i) for i in range(N)], weak=Side(values=WEAK), strong=Side(values=STRONG), **more)


def two(line: Curve) -> int:
    return 2 if line.n == N else 1


def run(score: Any = GOOD, **more: Any) -> Evaluation:
    plan = RouterPlan(score=score, **{key: more.pop(key) for key in ("in_turn", "each_usd", "fixed") if key in more})
    return evaluate(outcomes(**more.pop("columns", {})), plan, two, **{"costs": COSTS, **more})


def test_a_good_router_is_as_good_as_the_perfect_one() -> None:
    found = run()

    assert (found.n, found.weak.accuracy, found.strong.accuracy) == (8, 3 / 8, 6 / 8)
    assert (found.mix.share, found.mix.accuracy, found.perfect.accuracy) == (0.25, 5 / 8, 5 / 8)
    assert found.random.accuracy == pytest.approx(3 / 8 + 0.25 * 3 / 8)
    assert found.lead == pytest.approx(5 / 8 - found.random.accuracy)
    assert (found.oracle_accuracy, found.oracle_share) == (7 / 8, 0.5)
    assert found.mix.gap_closed == pytest.approx(2 / 3)
    assert found.apgr is not None
    assert found.apgr > 0.9
    assert [point.calls if point else None for point in found.cpt.values()] == [1, 2, 3, 3]
    assert found.threshold == 8
    assert found.halves is not None


def test_dollars_are_of_all_items() -> None:
    found = run(each_usd=Decimal("0.5"))

    assert [x.usd for x in (found.weak, found.strong)] == [Decimal(8), Decimal(80)]
    assert [x.usd for x in (found.mix, found.perfect)] == [Decimal(6 + 20 + 4)] * 2
    assert found.random.usd == 6 + 20, "a random router costs nothing itself"
    assert found.break_even is None


def test_costs_may_be_multiples_of_a_unit() -> None:
    """The same with 100 and 1,000 cents an item."""
    cents = PairCosts([100] * N, [1000] * N, Decimal("0.01"))
    assert cents.usd == COSTS.usd
    for more in ({}, {"in_turn": True, "each_usd": Decimal("0.5")}):
        one, other = (run(costs=x, **more) for x in (COSTS, cents))
        assert [x.usd for x in (one.mix, one.random)] == [x.usd for x in (other.mix, other.random)]
    one, other = (
        evaluate_checker(outcomes(), Checker(catch=0.9, false_alarm=0.1), costs=x, each_usd=Decimal(1))
        for x in (COSTS, cents)
    )
    assert one.mix.usd == pytest.approx(other.mix.usd)


@pytest.mark.parametrize(
    ("score", "calls", "tied"),
    [([5, 5, 5, 4, 4, 9, 1, 1], 2, (1, 3)), ([5, 5, 5, 4, 4, 9, 1, 1], 4, None), ([9, 5, 5, 1, 1, 1, 1, 1], 2, (1, 2))],
)
def test_items_of_the_last_score_that_are_not_all_sent_are_told(
    score: list[int], calls: int, tied: tuple[int, int] | None
) -> None:
    """How many of them are sent, and how many there are."""
    assert evaluate(outcomes(), RouterPlan(score=score), lambda _: calls).tied == tied


def test_a_cascade_pays_both_models_for_what_is_escalated() -> None:
    found = run(in_turn=True, each_usd=Decimal("0.5"))

    assert found.mix.usd == 8 + 4 + 20
    assert found.random.usd == 8 + 20
    assert found.break_even == 1 - Decimal(12) / 80


def test_without_costs_there_are_no_dollars() -> None:
    found = run(costs=None, in_turn=True)

    assert [x.usd for x in (found.weak, found.mix, found.random, found.perfect)] == [None] * 4
    assert found.break_even is None


def test_without_a_score_the_mix_is_random() -> None:
    found = run(score=None, margin=0.1)

    assert found.mix == found.random
    assert (found.curve, found.apgr, found.threshold, found.interval) == (None, None, None, None)
    assert (found.halves, found.validation, found.same_score, found.hangs) == (None, None, False, False)
    assert list(found.cpt.values()) == [None] * 4


def test_a_backward_score_is_worse_than_random() -> None:
    found = run(score=[-x for x in GOOD])

    assert found.apgr is not None
    assert found.apgr < 0.5
    assert found.lead < 0


def test_a_threshold_that_is_given_is_not_chosen_on_a_half() -> None:
    assert run(fixed=True).halves is None


def test_no_strong_call_has_no_threshold() -> None:
    found = evaluate(outcomes(), RouterPlan(score=GOOD), lambda _: 0)

    assert (found.threshold, found.mix.accuracy) == (None, 3 / 8)


def test_items_left_out_count_against_the_mix() -> None:
    plan = RouterPlan(score=GOOD)
    found, without = (evaluate(outcomes(left_out=n), plan, lambda line: line.n, margin=0.5).validation for n in (9, 0))

    assert without is not None
    assert found is not None
    assert (without.verdict, found.verdict) == (Verdict.SAFE, Verdict.NOT_ENOUGH_DATA)


def test_the_mix_is_validated_against_the_strong_model() -> None:
    found = run(margin=0.3)

    assert found.validation is not None
    assert found.validation.data.difference == pytest.approx(-1 / 8)
    assert found.validation.verdict is Verdict.NOT_ENOUGH_DATA
    assert not found.hangs


@pytest.mark.parametrize(
    ("margin", "weak", "strong", "hangs"),
    [(0.5, [], [], False), (0.5, [], [6], True), (0.3, [1, 4, 6, 7], [], True), (0.3, [0, 1], [0], False)],
)
def test_a_verdict_on_the_mix_hangs_on_lost_answers_of_either_model(
    margin: float, weak: list[int], strong: list[int], hangs: bool
) -> None:
    """The mix has the answers of both."""
    lost = {"weak": [x in weak for x in range(N)], "strong": [x in strong for x in range(N)]}

    assert run(margin=margin, columns={"lost": lost}).hangs is hangs


@pytest.mark.parametrize(
    ("interval", "same", "better"),
    [
        ((0.6, 0.9), False, True),
        ((0.1, 0.4), False, False),
        ((0.4, 0.6), False, None),
        ((0.6, 0.9), True, None),
        (None, False, None),
    ],
)
def test_only_an_interval_beside_chance_tells(interval: Any, same: bool, better: bool | None) -> None:
    assert replace(run(), apgr_interval=interval, same_score=same).better_than_random is better


def test_one_item_has_no_interval() -> None:
    one = Outcomes(items=["a"], weak=Side(values=[0.0]), strong=Side(values=[1.0]))

    assert evaluate(one, RouterPlan(score=[1]), lambda _: 1).interval is None
    two_items = Outcomes(items=["a", "b"], weak=Side(values=[0.0, 0.0]), strong=Side(values=[1.0, 1.0]))
    assert evaluate(two_items, RouterPlan(score=[1, 2]), lambda _: 1).interval is not None


def test_a_checker_that_rejects_by_chance() -> None:
    found = evaluate_checker(outcomes(), Checker(catch=0.9, false_alarm=0.1), costs=COSTS, each_usd=Decimal("0.5"))
    escalated = 0.9 * 5 + 0.1 * 3

    assert found.mix.share == pytest.approx(escalated / 8)
    assert found.mix.accuracy == pytest.approx((3 * 0.9 + 2 * 0.1 + 4 * 0.9) / 8)
    assert float(found.mix.usd or 0) == pytest.approx(8 + 4 + 10 * escalated)
    assert found.mix.gap_closed == pytest.approx((found.mix.accuracy - 3 / 8) / (3 / 8))
    assert found.break_even == 1 - Decimal(8 + 4) / 80


def test_a_checker_without_costs_and_without_a_gap() -> None:
    same = Outcomes(items=["a", "b"], weak=Side(values=[1.0, 0.0]), strong=Side(values=[0.0, 1.0]))

    found = evaluate_checker(same, Checker(catch=1.0, false_alarm=0.0))

    assert (found.mix.usd, found.mix.gap_closed, found.mix.accuracy) == (None, None, 1.0)
