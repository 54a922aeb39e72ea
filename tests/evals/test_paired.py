"""Statistics of two models on the same items, against SciPy, statsmodels and published examples."""

from __future__ import annotations

from itertools import product
from math import sqrt
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, pearsonr, ttest_rel
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from llmcost.evals.paired import PairedValues, Table2x2, paired_values
from tests.evals.routing_data import mtbench

cells = st.integers(0, 400)
tables = st.builds(Table2x2, both=cells, weak_only=cells, strong_only=cells, neither=cells).filter(
    lambda table: table.n > 1
)
hundredths = st.integers(0, 100).map(lambda x: x / 100)
scores = st.lists(st.tuples(hundredths, hundredths), min_size=2, max_size=40)


def table(both: int, weak_only: int, strong_only: int, neither: int) -> Table2x2:
    return Table2x2(both=both, weak_only=weak_only, strong_only=strong_only, neither=neither)


def items(counts: Table2x2) -> tuple[list[int], list[int]]:
    """Return the scores that are counted so."""
    weak = [1] * counts.both + [1] * counts.weak_only + [0] * counts.strong_only + [0] * counts.neither
    strong = [1] * counts.both + [0] * counts.weak_only + [1] * counts.strong_only + [0] * counts.neither
    return weak, strong


def swapped(counts: Table2x2) -> Table2x2:
    return table(counts.both, counts.strong_only, counts.weak_only, counts.neither)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998) 2635-2650, method 10
        (table(36, 12, 2, 0), "0.0569", "0.3404"),
        (table(20, 12, 2, 16), "0.0562", "0.3292"),
        # Fagerland, Lydersen and Laake, Statistics in Medicine 33 (2014) 2850-2875: airway reactivity
        (table(1, 1, 7, 12), "-0.5069", "-0.0256"),
    ],
)
def test_newcombes_interval_of_published_examples(counts: Table2x2, low: str, high: str) -> None:
    assert tuple(f"{end:.4f}" for end in counts.interval(0.95)) == (low, high)


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95, 0.99])
def test_newcombes_interval_from_statsmodels_wilson_limits(level: float) -> None:
    """Every table of 12 items, so with phi of either sign, small enough to be corrected to 0, and without one."""
    for both, weak_only, strong_only in product(range(13), repeat=3):
        neither = 12 - both - weak_only - strong_only
        if neither < 0:
            continue
        weak, strong = both + weak_only, both + strong_only
        ends = [proportion_confint(x, 12, 1 - level, method="wilson") for x in (weak, strong)]
        cross = both * neither - weak_only * strong_only
        if cross > 0:
            cross = max(cross - 6, 0)
        margins = weak * (12 - weak) * strong * (12 - strong)
        phi = cross / sqrt(margins) if margins else 0.0
        down = (weak / 12 - ends[0][0], ends[1][1] - strong / 12)
        up = (ends[0][1] - weak / 12, strong / 12 - ends[1][0])
        shape = np.array([[1, -phi], [-phi, 1]])
        low, high = (
            (weak - strong) / 12 + sign * sqrt(x @ shape @ x) for sign, x in ((-1, np.array(down)), (1, np.array(up)))
        )
        found = table(both, weak_only, strong_only, neither).interval(level)
        assert found == pytest.approx((low, high), abs=1e-9), (both, weak_only, strong_only)


@settings(deadline=None)
@given(tables)
def test_newcombes_interval_holds_the_difference_and_lies_on_the_scale(counts: Table2x2) -> None:
    low, high = counts.interval(0.95)
    assert -1 <= low <= counts.difference <= high <= 1
    lower, upper = counts.interval(0.90)
    assert low < lower or lower == -1
    assert upper < high or upper == 1


@settings(deadline=None)
@given(tables)
def test_a_table_turns_its_sign_when_the_models_change_places(counts: Table2x2) -> None:
    other = swapped(counts)
    low, high = other.interval(0.95)
    assert counts.interval(0.95) == pytest.approx((-high, -low), abs=1e-12)
    assert counts.difference == -other.difference
    assert counts.se_paired == other.se_paired
    assert counts.mcnemar_exact_p == other.mcnemar_exact_p


@settings(deadline=None)
@given(tables, st.integers(2, 50))
def test_more_items_of_the_same_shares_make_the_interval_that_is_foretold(counts: Table2x2, times: int) -> None:
    more = table(*(times * x for x in (counts.both, counts.weak_only, counts.strong_only, counts.neither)))
    low, high = counts.interval(0.95)
    more_low, more_high = more.interval(0.95)
    assert counts.interval(0.95, times * counts.n) == pytest.approx((more_low, more_high), abs=1e-9)
    assert more_high - more_low < high - low


@settings(deadline=None)
@given(tables)
def test_the_errors_of_a_table_are_those_of_its_items(counts: Table2x2) -> None:
    weak, strong = items(counts)
    found = paired_values(weak, strong)
    for name in ("n", "weak_mean", "strong_mean", "difference", "se_weak", "se_strong", "se_unpaired", "se_paired"):
        assert getattr(counts, name) == pytest.approx(getattr(found, name), abs=1e-12), name
    assert (counts.correlation is None) == (found.correlation is None)
    assert counts.correlation == pytest.approx(found.correlation, abs=1e-9)


@settings(deadline=None)
@given(st.one_of(tables, scores.map(lambda pairs: paired_values(*zip(*pairs, strict=True)))))
def test_pairing_helps_where_answers_correlate(found: Table2x2 | PairedValues) -> None:
    """se_paired² = se_weak² + se_strong² - 2 correlation se_weak se_strong, without clusters."""
    correlation = found.correlation or 0.0
    shared = 2 * correlation * found.se_weak * found.se_strong
    assert found.se_paired**2 == pytest.approx(found.se_unpaired**2 - shared, abs=1e-12)
    assert correlation < 0 or found.se_paired <= found.se_unpaired + 1e-9
    assert correlation > 0 or found.se_paired >= found.se_unpaired - 1e-9


def test_mcnemars_p_of_every_small_table_is_scipys() -> None:
    for weak_only, strong_only in product(range(25), repeat=2):
        counts = table(3, weak_only, strong_only, 4)
        expected = mcnemar([[3, weak_only], [strong_only, 4]], exact=True).pvalue if weak_only + strong_only else 1.0
        assert counts.mcnemar_exact_p == pytest.approx(expected, rel=1e-9), (weak_only, strong_only)


@pytest.mark.parametrize(
    ("weak_only", "strong_only"),
    [(95, 383), (0, 900), (500, 501), (49_000, 51_000), (50_000, 50_000), (30_000, 30_500), (42_000, 58_000)],
)
def test_mcnemars_p_of_large_tables_is_scipys(weak_only: int, strong_only: int) -> None:
    expected = binomtest(weak_only, weak_only + strong_only).pvalue
    assert table(0, weak_only, strong_only, 0).mcnemar_exact_p == pytest.approx(expected, rel=1e-9)


def test_mcnemars_p_may_be_smaller_than_any_float() -> None:
    assert table(0, 0, 100_000, 0).mcnemar_exact_p == 0.0


@settings(deadline=None)
@given(tables)
def test_mcnemars_p_is_a_probability(counts: Table2x2) -> None:
    assert 0 < counts.mcnemar_exact_p <= 1


@pytest.mark.parametrize(
    ("counts", "p", "lower"),
    [
        # BENCHMARKS.md 3.7, 500 tasks: -2.2 points, p 0.23, bound -4.96; the discordant counts follow from these
        (table(339, 29, 40, 92), "0.23", "-0.0496"),
        # -5.2 points, p 0.005; counts from 59.8, 65.0 and the 70.6 that one of the two solves
        (table(271, 28, 54, 147), "0.01", "-0.0816"),
    ],
)
def test_two_pairs_of_models_on_500_tasks(counts: Table2x2, p: str, lower: str) -> None:
    assert counts.n == 500
    assert f"{counts.mcnemar_exact_p:.2f}" == p
    assert f"{counts.interval(0.90)[0]:.4f}" == lower


def graded(n: int) -> tuple[list[float], list[float], list[str]]:
    """Return scores of two models in tenths, and clusters of unlike size."""
    random = Random(n)
    weak = [random.randrange(11) / 10 for _ in range(n)]
    strong = [min(1.0, x + random.randrange(3) / 10) for x in weak]
    return weak, strong, [f"text-{random.randrange(1 + n // 4) ** 2}" for _ in range(n)]


@pytest.mark.parametrize("n", [2, 3, 17, 400])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_graded_scores_have_scipys_paired_t_interval(n: int, level: float) -> None:
    weak, strong, _ = graded(n)
    found = paired_values(weak, strong)
    expected = ttest_rel(weak, strong)
    ends = expected.confidence_interval(level)
    assert found.interval(level) == pytest.approx((ends.low, ends.high), abs=1e-9)
    assert found.difference / found.se_paired == pytest.approx(expected.statistic, rel=1e-9)
    assert found.correlation == pytest.approx(pearsonr(weak, strong).statistic, abs=1e-9)
    assert (found.units, found.clustered) == (n, False)


@pytest.mark.parametrize("n", [17, 400])
def test_errors_with_clusters_are_those_of_statsmodels(n: int) -> None:
    weak, strong, clusters = graded(n)
    found = paired_values(weak, strong, clusters)
    groups = np.unique(clusters, return_inverse=True)[1]
    for values, se in (
        (weak, found.se_weak),
        (strong, found.se_strong),
        (np.subtract(weak, strong), found.se_paired),
    ):
        model = OLS(np.asarray(values), np.ones(n)).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
        assert se == pytest.approx(model.bse[0], abs=1e-12)
    assert found.interval(0.95) == pytest.approx(tuple(model.conf_int(0.05)[0]), abs=1e-9)
    assert (found.units, found.clustered) == (len(set(clusters)), True)


def test_a_cluster_for_each_item_changes_nothing() -> None:
    weak, strong, _ = graded(50)
    alone = paired_values(weak, strong, range(50))
    free = paired_values(weak, strong)
    assert alone.clustered
    for name in ("se_weak", "se_strong", "se_paired", "correlation", "units", "varied"):
        assert getattr(alone, name) == pytest.approx(getattr(free, name), rel=1e-12), name
    assert alone.interval(0.9) == pytest.approx(free.interval(0.9))


def test_the_turns_of_mt_bench_are_clustered_in_questions() -> None:
    """BENCHMARKS.md 3.3 has 0.176 and 0.201; the second is without its C/(C-1), which makes it 0.202."""
    weak, strong, questions = mtbench()
    free, clustered = paired_values(weak, strong), paired_values(weak, strong, questions)
    assert (free.n, clustered.units) == (160, 80)
    assert f"{free.se_paired:.3f}" == "0.176"
    assert f"{clustered.se_paired:.3f}" == "0.202"
    assert f"{clustered.se_paired * sqrt(79 / 80):.3f}" == "0.201"


def test_more_items_of_the_same_spread_narrow_the_interval() -> None:
    found = paired_values(*graded(50))
    for n in (51, 100, 10_000):
        low, high = found.interval(0.95, n)
        assert (low + high) / 2 == pytest.approx(found.difference)
        assert high - low < 2 * (found.interval(0.95)[1] - found.difference)
    assert high - low == pytest.approx(2 * 1.96 * found.se_paired * sqrt(50 / 10_000), rel=1e-2)


def test_scores_that_are_all_the_same_have_no_error_and_no_correlation() -> None:
    found = paired_values([0.1] * 7, [0.3] * 7)
    assert (found.se_weak, found.se_strong, found.se_paired) == (0.0, 0.0, 0.0)
    assert (found.correlation, found.varied) == (None, 0)
    assert found.interval(0.95) == (found.difference, found.difference)


def test_items_or_clusters_that_differ_from_the_commonest_difference_are_counted() -> None:
    weak, strong = [1, 1, 1, 0, 0.5, 1], [1, 1, 1, 1, 0.5, 0.5]
    assert paired_values(weak, strong).varied == 2
    assert paired_values(weak, strong, ["a", "a", "b", "b", "c", "b"]).varied == 1


@settings(deadline=None)
@given(scores)
def test_the_interval_of_scores_holds_the_difference_and_turns_its_sign(pairs: list[tuple[float, float]]) -> None:
    weak, strong = zip(*pairs, strict=True)
    found, other = paired_values(weak, strong), paired_values(strong, weak)
    low, high = found.interval(0.95)
    lower, upper = found.interval(0.90)
    assert low <= lower <= found.difference <= upper <= high
    assert other.interval(0.95) == pytest.approx((-high, -low), abs=1e-12)
    assert -1 <= (found.correlation or 0) <= 1
