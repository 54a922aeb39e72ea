"""The verdict on a cheaper model: against the figures of RouteLLM's results, and its rules on results of any kind."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.errors import UsageError
from llmcost.evals.paired import paired_values
from llmcost.evals.validate import Verdict, validate
from llmcost.scores.intervals import items_to_decide, wilson
from tests.evals.routing_data import SETS, expected, gsm8k, mtbench

binary = st.lists(st.tuples(st.sampled_from([0, 1]), st.sampled_from([0, 1])), min_size=2, max_size=60)
graded = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=30)
margins = st.floats(0, 1)


def counted(both: int, weak_only: int, strong_only: int, neither: int) -> tuple[list[int], list[int]]:
    """Return the scores of so many items of each kind."""
    weak = [1] * (both + weak_only) + [0] * (strong_only + neither)
    return weak, [1] * both + [0] * weak_only + [1] * strong_only + [0] * neither


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("margin", [2, 5, 10, 15])
def test_the_weak_model_of_gsm8k_is_unsafe_at_every_margin_of_the_figures(name: str, margin: int) -> None:
    found = validate(*gsm8k(name), margin=margin / 100)
    assert expected(name)["non_inferior_at_margin"][str(margin)] is False
    assert (found.verdict, found.items_needed, found.items_needed_for) == (Verdict.UNSAFE, None, None)


@pytest.mark.parametrize(
    ("margin", "verdict"),
    [
        (0.192, Verdict.UNSAFE),
        (0.193, Verdict.NOT_ENOUGH_DATA),
        (0.243, Verdict.NOT_ENOUGH_DATA),
        (0.244, Verdict.SAFE),
    ],
)
def test_the_one_sided_bounds_decide(margin: float, verdict: Verdict) -> None:
    """The bounds of the GSM8K results are -0.2436 and -0.1927, inside the 95% interval of -0.2484 to -0.1878."""
    found = validate(*gsm8k("gsm8k_all"), margin=margin)
    assert found.verdict is verdict
    assert (f"{found.lower_bound:.4f}", f"{found.upper_bound:.4f}") == ("-0.2436", "-0.1927")
    assert (f"{found.low:.4f}", f"{found.high:.4f}") == ("-0.2484", "-0.1878")


def test_a_bound_that_is_just_the_margin_is_not_safe() -> None:
    found = validate(*gsm8k("gsm8k_all"), margin=0.2)
    assert validate(*gsm8k("gsm8k_all"), margin=-found.lower_bound).verdict is Verdict.NOT_ENOUGH_DATA
    assert validate(*gsm8k("gsm8k_all"), margin=-found.upper_bound).verdict is Verdict.NOT_ENOUGH_DATA


@pytest.mark.parametrize(
    ("counts", "safe_at", "not_at"), [((339, 29, 40, 92), 0.05, 0.02), ((271, 28, 54, 147), 0.10, 0.05)]
)
def test_cheaper_models_on_500_tasks(counts: tuple[int, int, int, int], safe_at: float, not_at: float) -> None:
    """BENCHMARKS.md 3.7: -2.2 points with a bound of -4.96 is safe at 5 and not at 2, -5.2 points at 10 and not at 5."""
    assert validate(*counted(*counts), margin=safe_at).verdict is Verdict.SAFE
    assert validate(*counted(*counts), margin=not_at).verdict is not Verdict.SAFE


def test_equally_good_models_need_as_many_items_as_the_formula_says() -> None:
    """742 items at 5 points where the models disagree on 30%; the sample's variance adds one of 200."""
    found = validate(*counted(100, 30, 30, 40), margin=0.05)
    assert found.verdict is Verdict.NOT_ENOUGH_DATA
    assert items_to_decide(0.3, 0.05) == 742
    assert found.items_needed == pytest.approx(742 * 200 / 199, abs=1)
    assert found.items_needed_for is Verdict.SAFE


def test_a_difference_beyond_the_margin_points_to_unsafe() -> None:
    found = validate(*counted(100, 10, 20, 70), margin=0.02)
    assert (found.verdict, found.items_needed_for) == (Verdict.NOT_ENOUGH_DATA, Verdict.UNSAFE)
    needed = items_to_decide(0.15 - 0.05**2, 0.02 - 0.05)
    assert needed is not None
    assert found.items_needed == pytest.approx(needed * 200 / 199, abs=1)


def test_no_number_of_items_decides_a_difference_that_is_the_margin() -> None:
    found = validate(*counted(100, 12, 16, 72), margin=0.02)
    assert found.data.difference == -0.02
    assert (found.verdict, found.items_needed, found.items_needed_for) == (Verdict.NOT_ENOUGH_DATA, None, None)


@pytest.mark.parametrize("counts", [(10, 0, 0, 0), (0, 0, 0, 10), (5, 0, 0, 5), (9, 1, 0, 0), (20, 1, 1, 8)])
@pytest.mark.parametrize("margin", [0.01, 0.02, 0.05])
def test_the_items_that_are_needed_do_decide(counts: tuple[int, int, int, int], margin: float) -> None:
    """Where hardly any difference was seen: ten of ten is no proof, and a few more would not be either."""
    found = validate(*counted(*counts), margin=margin)
    assert found.verdict is Verdict.NOT_ENOUGH_DATA
    assert found.items_needed is not None
    times = -(-found.items_needed // sum(counts))
    more = validate(*counted(*(times * x for x in counts)), margin=margin)
    assert more.verdict is found.items_needed_for is Verdict.SAFE


def test_all_right_needs_133_items_at_two_points() -> None:
    """The Wilson bound 1 / (1 + z²/n) is above 0.98 from n = 49 z², with z = 1.645."""
    assert validate([1] * 10, [1] * 10, margin=0.02).items_needed == 133
    assert validate([1] * 132, [1] * 132, margin=0.02).verdict is Verdict.NOT_ENOUGH_DATA
    assert validate([1] * 133, [1] * 133, margin=0.02).verdict is Verdict.SAFE


def test_a_model_that_is_better_is_safe_without_any_margin() -> None:
    found = validate(*counted(50, 40, 10, 0), margin=0.0)
    assert found.verdict is Verdict.SAFE
    assert found.lower_bound > 0


def test_scores_of_a_model_that_is_always_right_have_no_correlation() -> None:
    found = validate(*counted(8, 0, 2, 0), margin=0.02)
    assert found.data.correlation is None
    assert found.paired_z == pytest.approx(found.data.difference / found.data.se_paired)
    assert found.wald_lower_bound < found.data.difference


def test_results_may_be_true_and_false() -> None:
    weak, strong = gsm8k("gsm8k_all")
    found = validate([x == 1 for x in weak], [float(x) for x in strong], margin=0.02)
    assert found == validate(weak, strong, margin=0.02)


def tenths(pairs: int) -> tuple[list[float], list[float], list[str]]:
    """Return graded scores of two equally good models, and three items to a cluster."""
    random = Random(pairs)
    weak = [random.randrange(11) / 10 for _ in range(pairs)]
    strong = [random.randrange(11) / 10 for _ in range(pairs)]
    return weak, strong, [f"text {x // 3}" for x in range(pairs)]


def test_graded_scores_go_by_students_t() -> None:
    weak, strong, _ = tenths(300)
    found, values = validate(weak, strong, margin=0.2), paired_values(weak, strong)
    assert (found.low, found.high) == values.interval(0.95)
    assert (found.lower_bound, found.upper_bound) == values.interval(0.90)
    assert found.method == "Student's t on paired differences, 299 degrees of freedom"
    assert found.verdict is Verdict.SAFE
    assert (found.n, found.clusters, found.table) == (300, None, None)
    assert found.independent is None


def test_clusters_widen_the_interval_of_answers_that_go_together() -> None:
    """Three copies of an answer are one answer."""
    weak, strong = counted(40, 12, 15, 33)
    free = validate(weak, strong, margin=0.1)
    thrice = validate(weak * 3, strong * 3, margin=0.1)
    clustered = validate(weak * 3, strong * 3, margin=0.1, clusters=[f"question {x}" for x in range(100)] * 3)
    assert clustered.data.se_paired == pytest.approx(free.data.se_paired)
    assert clustered.lower_bound < thrice.lower_bound
    assert (clustered.n, clustered.clusters) == (300, 100)
    assert clustered.table == thrice.table
    assert clustered.method == "Student's t on paired differences, 99 degrees of freedom, errors robust to 100 clusters"
    assert clustered.independent is None
    assert thrice.independent is thrice.table


def test_the_items_that_clusters_need_count_their_dependence() -> None:
    weak, strong, clusters = tenths(90)
    found, values = validate(weak, strong, margin=0.06, clusters=clusters), paired_values(weak, strong, clusters)
    assert found.verdict is Verdict.NOT_ENOUGH_DATA
    expected_items = 2.486475**2 * values.se_paired**2 * 90 / (0.06 + values.difference) ** 2
    assert found.items_needed == pytest.approx(expected_items, abs=2)


def test_the_judges_scores_of_mt_bench() -> None:
    weak, strong, questions = mtbench()
    on_scale = ([(x - 1) / 9 for x in scores] for scores in (weak, strong))
    found = validate(*on_scale, margin=0.05, clusters=questions)
    assert f"{9 * found.data.difference:.4f}" == "-0.8875"
    assert f"{9 * found.data.se_paired:.3f}" == "0.202"
    assert (found.verdict, found.clusters) == (Verdict.UNSAFE, 80)


@pytest.mark.parametrize("clusters", [None, [f"c{x}" for x in range(10)]])
def test_scores_that_hardly_vary_are_no_proof(clusters: list[str] | None) -> None:
    """Ten items alike are as good as ten that both models got right: a bound of -z²/(10 + z²)."""
    same, right = [0.5] * 10, [1] * 10
    found, binary = validate(same, same, margin=0.2, clusters=clusters), validate(right, right, margin=0.2)
    assert found.verdict is binary.verdict is Verdict.NOT_ENOUGH_DATA
    assert found.lower_bound == pytest.approx(binary.lower_bound) == pytest.approx(-2.705543 / 12.705543)
    assert found.upper_bound == -found.lower_bound
    assert (found.paired_z, found.items_needed) == (None, binary.items_needed)
    assert found.method.endswith("widened because fewer than 20 differ from the rest")
    assert validate([0.5] * 11, [0.5] * 11, margin=0.2).verdict is Verdict.SAFE


def test_few_items_that_differ_are_widened_towards_the_ends_of_the_scale() -> None:
    """5 of 200: the upper Wilson limit of 2.5% is 5.05%, and what was not seen may be as bad as -1."""
    weak, strong = [0.5] * 195 + [0.0] * 5, [0.5] * 195 + [1.0] * 5
    found, by_t = validate(weak, strong, margin=0.05), paired_values(weak, strong).interval(0.90)
    unseen = wilson(0.025, 200, 0.90)[1] - 0.025
    assert (found.lower_bound, found.upper_bound) == pytest.approx((-0.025 - unseen * 0.975, -0.025 + unseen * 1.025))
    assert found.lower_bound < by_t[0] < by_t[1] < found.upper_bound


def test_enough_items_that_differ_go_by_students_t_alone() -> None:
    def results(differ: int) -> tuple[list[float], list[float]]:
        return [0.5] * (200 - differ) + [0.0] * differ, [0.5] * (200 - differ) + [1.0] * differ

    few, enough = (validate(*results(differ), margin=0.05) for differ in (19, 20))
    assert "widened" in few.method
    assert "widened" not in enough.method
    assert enough.lower_bound == paired_values(*results(20)).interval(0.90)[0]


def test_few_clusters_that_agree_are_not_safe() -> None:
    found = validate([1] * 400, [1] * 400, margin=0.05, clusters=["a", "b"] * 200)
    assert found.verdict is Verdict.NOT_ENOUGH_DATA
    assert found.lower_bound == pytest.approx(-2.705543 / 4.705543)


@settings(deadline=None)
@given(st.one_of(binary, graded), margins, margins)
def test_a_wider_margin_is_never_less_safe(pairs: list[tuple[float, float]], one: float, other: float) -> None:
    order = [Verdict.UNSAFE, Verdict.NOT_ENOUGH_DATA, Verdict.SAFE]
    weak, strong = zip(*pairs, strict=True)
    narrow, wide = (validate(weak, strong, margin=margin) for margin in sorted((one, other)))
    assert order.index(narrow.verdict) <= order.index(wide.verdict)
    alone = [replace(x, margin=0, items_needed=None, items_needed_for=None) for x in (narrow, wide)]
    assert alone[0] == alone[1]


@settings(deadline=None)
@given(st.one_of(binary, graded), margins, st.booleans())
def test_the_bounds_lie_in_order_and_agree_with_the_verdict(
    pairs: list[tuple[float, float]], margin: float, clustered: bool
) -> None:
    weak, strong = zip(*pairs, strict=True)
    clusters = [str(x % (1 + len(weak) // 2)) for x in range(len(weak))] if clustered else None
    found = validate(weak, strong, margin=margin, clusters=clusters)
    assert found.low <= found.lower_bound <= found.data.difference <= found.upper_bound <= found.high
    assert (found.verdict is Verdict.SAFE) == (found.lower_bound > -margin)
    assert (found.verdict is Verdict.UNSAFE) == (found.upper_bound < -margin)
    assert -1 <= found.low <= found.high <= 1
    assert (found.items_needed is None) == (found.items_needed_for is None)
    if found.items_needed is not None:
        assert found.verdict is Verdict.NOT_ENOUGH_DATA
        assert found.items_needed > found.n


@pytest.mark.parametrize(
    ("weak", "strong", "clusters", "message"),
    [
        ([1, 0], [1], None, "2 scores of the weak model and 1 of the strong do not pair"),
        ([1, 0], [1, 0], ["a"], "1 clusters were given for 2 items"),
        ([1], [1], None, "a comparison needs at least two items, found 1"),
        ([], [], None, "a comparison needs at least two items, found 0"),
        ([1, 0], [1, 0], ["a", "a"], "at least two clusters are needed, but all items are in one"),
        ([0.5, 7], [1, 0], None, "a score of the weak model is 7, not from 0 to 1"),
        ([1, 0], [1, -0.5], None, "a score of the strong model is -0.5, not from 0 to 1"),
        ([0.5, nan], [1, 0], None, "a score of the weak model is nan, not from 0 to 1"),
        ([1, 0], [nan, 0.5], None, "a score of the strong model is nan, not from 0 to 1"),
        ([0.5, nan, float("inf")], [0, 0, 0], None, "a score of the weak model is nan, not from 0 to 1"),
    ],
)
def test_results_that_cannot_be_compared_are_refused(
    weak: list[float], strong: list[float], clusters: list[str] | None, message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        validate(weak, strong, margin=0.02, clusters=clusters)
    assert caught.value.message == message


@pytest.mark.parametrize("margin", [-0.01, 2, nan, float("inf")])
def test_a_margin_is_a_fraction(margin: float) -> None:
    with pytest.raises(UsageError, match=f"a margin of {margin} is not from 0 to 1"):
        validate([1, 0], [1, 0], margin=margin)


# --- items that were left out ---------------------------------------------------------------------------------------


def test_safe_is_safe_only_with_every_item_left_out_counted_against_the_weak_model() -> None:
    """527 of 1,000 answers of the weak model are blank, each a failure: the 473 at hand tell nothing of them."""
    found = validate([1] * 473, [1] * 473, margin=0.02, left_out=527)
    assert found.lower_bound > -0.02
    assert (found.verdict, found.withheld) == (Verdict.NOT_ENOUGH_DATA, True)
    assert found.worst_bound == validate(*counted(473, 0, 527, 0), margin=0.02).lower_bound
    assert (found.items_needed, found.items_needed_for) == (None, None)


def test_a_few_that_were_left_out_leave_a_verdict_that_they_cannot_change() -> None:
    found = validate([1] * 1000, [1] * 1000, margin=0.02, left_out=5)
    assert (found.verdict, found.withheld) == (Verdict.SAFE, False)
    assert found.worst_bound is not None
    assert -0.02 < found.worst_bound < found.lower_bound


@pytest.mark.parametrize("more", [{}, {"clusters": [str(i // 5) for i in range(200)]}])
def test_scores_and_clusters_are_counted_so_too(more: dict[str, Any]) -> None:
    """Those that were left out may all belong together, which is the least that they can tell."""
    scores = [0.5 + i % 2 / 2 for i in range(200)]
    assert validate(scores, scores, margin=0.1, **more).verdict is Verdict.SAFE
    found = validate(scores, scores, margin=0.1, left_out=50, **more)
    assert (found.verdict, found.withheld) == (Verdict.NOT_ENOUGH_DATA, True)


@pytest.mark.parametrize("table", [(500, 0, 300, 200), (30, 5, 5, 10)])
def test_another_verdict_stays(table: tuple[int, int, int, int]) -> None:
    found, without = (validate(*counted(*table), margin=0.02, left_out=n) for n in (9, 0))
    assert (found.verdict, found.withheld, found.items_needed) == (without.verdict, False, without.items_needed)
