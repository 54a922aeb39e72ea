"""Intervals and tests of totals against SciPy and statsmodels, and against the figures of the research."""

from __future__ import annotations

from math import sqrt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, norm
from scipy.stats import t as student
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from llmcost.scores.intervals import (
    holm,
    items_to_decide,
    rating_difference,
    two_sided_t,
    unpaired_difference,
    wilson,
)

counts = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("n", [1, 2, 3, 10, 30, 164, 198, 500, 5000, 14042, 1_000_000])
def test_the_interval_is_scipys(n: int) -> None:
    for k in range(n + 1) if n < 200 else (0, 1, n // 7, n // 3, n // 2, n - n // 5, n - 1, n):
        expected = binomtest(k, n).proportion_ci(confidence_level=0.95, method="wilson")
        assert wilson(k / n, n) == pytest.approx((expected.low, expected.high), abs=1e-12), (k, n)


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.9, 0.99, 0.999])
def test_the_confidence_is_what_is_asked(confidence: float) -> None:
    expected = binomtest(148, 164).proportion_ci(confidence_level=confidence, method="wilson")
    assert wilson(148 / 164, 164, confidence) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize(
    ("score", "n", "low", "high"),
    [
        ("88.7", 14042, "88.2", "89.2"),
        ("76.6", 5000, "75.4", "77.8"),
        ("90.2", 164, "84.7", "93.9"),
        ("53.6", 198, "46.6", "60.4"),
        ("82.0", 14042, "81.4", "82.6"),
        ("70.2", 5000, "68.9", "71.5"),
        ("87.2", 164, "81.2", "91.5"),
        ("40.2", 198, "33.8", "47.4"),
        ("69.8", 14042, "69.0", "70.6"),
        ("43.1", 5000, "41.7", "44.5"),
        ("68.0", 164, "60.8", "74.9"),
        ("30.8", 198, "24.8", "37.6"),
    ],
)
def test_the_intervals_of_the_articles_numbers(score: str, n: int, low: str, high: str) -> None:
    """BENCHMARKS.md section 2, whose counts are whole."""
    k = round(float(score) / 100 * n)
    found = wilson(k / n, n)
    assert found == pytest.approx((float(low) / 100, float(high) / 100), abs=0.0006)


@settings(deadline=None)
@given(counts, st.floats(0.01, 0.999))
def test_wilsons_interval_holds_the_share_and_narrows_with_more_items(count: tuple[int, int], level: float) -> None:
    k, n = count
    low, high = wilson(k / n, n, level)
    assert 0 <= low <= k / n <= high <= 1
    again_low, again_high = wilson(k / n, 4 * n, level)
    assert again_high - again_low < high - low


@pytest.mark.parametrize(
    ("a", "n_a", "b", "n_b"),
    [(106, 198, 80, 198), (148, 164, 143, 164), (1, 1, 0, 1), (0, 7, 0, 9), (30, 30, 30, 31), (3, 4, 9000, 10000)],
)
def test_the_interval_of_two_totals_is_that_of_statsmodels(a: int, n_a: int, b: int, n_b: int) -> None:
    expected = confint_proportions_2indep(a, n_a, b, n_b, method="newcomb", compare="diff")
    found = unpaired_difference(a / n_a, n_a, b / n_b, n_b)
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)
    assert found.delta == pytest.approx(a / n_a - b / n_b, abs=1e-15)


@pytest.mark.parametrize(
    ("mini", "full", "n", "delta", "p"),
    [
        # BENCHMARKS.md: GPT-4o mini against GPT-4o
        (0.402, 0.536, 198, "-0.134", "0.007"),
        (0.872, 0.902, 164, "-0.030", "0.390"),
        (0.820, 0.887, 14042, "-0.067", "0.000"),
        (0.702, 0.766, 5000, "-0.064", "0.000"),
    ],
)
def test_the_differences_of_the_articles_models(mini: float, full: float, n: int, delta: str, p: str) -> None:
    found = unpaired_difference(mini, n, full, n)
    assert (f"{found.delta:.3f}", f"{found.p:.3f}") == (delta, p)
    assert (found.low <= 0 <= found.high) == (found.p > 0.05)
    se = sqrt(mini * (1 - mini) / n + full * (1 - full) / n)
    assert found.p == pytest.approx(2 * norm.sf(abs(mini - full) / se), rel=1e-9)


def test_all_right_against_all_wrong_is_tested_with_the_pooled_share() -> None:
    """One item proves nothing, though both errors are 0."""
    assert unpaired_difference(1.0, 1, 0.0, 1).p == pytest.approx(2 * norm.sf(sqrt(2)), rel=1e-9)
    assert unpaired_difference(1.0, 50, 0.0, 50).p < 1e-20
    assert unpaired_difference(1.0, 4, 0.0, 1).p == pytest.approx(2 * norm.sf(sqrt(5)), rel=1e-9)
    assert unpaired_difference(1.0, 1, 0.0, 4).p == pytest.approx(2 * norm.sf(sqrt(5)), rel=1e-9)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_two_that_are_both_all_right_or_all_wrong_do_not_differ(share: float) -> None:
    found = unpaired_difference(share, 10, share, 20)
    assert (found.delta, found.p) == (0.0, 1.0)
    assert found.low < 0 < found.high


@settings(deadline=None)
@given(counts, counts)
def test_the_difference_turns_its_sign_when_the_models_change_places(a: tuple[int, int], b: tuple[int, int]) -> None:
    one = unpaired_difference(a[0] / a[1], a[1], b[0] / b[1], b[1])
    other = unpaired_difference(b[0] / b[1], b[1], a[0] / a[1], a[1])
    assert (one.delta, one.low, one.high, one.p) == pytest.approx((-other.delta, -other.high, -other.low, other.p))
    assert -1 <= one.low <= one.delta <= one.high <= 1
    assert 0 <= one.p <= 1


def test_ratings_differ_by_the_errors_of_their_published_intervals() -> None:
    found = rating_difference(1500, 1494, 1506, 1490, 1482, 1498)
    assert (found.delta, found.low, found.high) == pytest.approx((10, 0, 20))
    assert found.p == pytest.approx(0.05, rel=1e-9)


@pytest.mark.parametrize(("b", "p"), [(1500, 1.0), (1490, 0.0)])
def test_ratings_published_without_any_width_differ_or_do_not(b: float, p: float) -> None:
    found = rating_difference(1500, 1500, 1500, b, b, b)
    assert (found.p, found.low, found.high) == (p, 1500 - b, 1500 - b)


@pytest.mark.untraced
@pytest.mark.parametrize("size", [1, 2, 5, 40])
@pytest.mark.parametrize("largest", [0.05, 1.0])
def test_holms_p_values_are_those_of_statsmodels(size: int, largest: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gc.collect", int)  # statsmodels calls it each time, which takes half a second here
    random = Random(size)
    p_values = [largest * random.random() ** 3 for _ in range(size)]
    assert holm(p_values) == pytest.approx(list(multipletests(p_values, method="holm")[1]), abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), max_size=12))
def test_holms_p_values_are_no_smaller_and_in_the_same_order(p_values: list[float]) -> None:
    found = holm(p_values)
    assert all(p <= adjusted <= 1 for p, adjusted in zip(p_values, found, strict=True))
    assert sorted(found) == [found[place] for place in sorted(range(len(found)), key=p_values.__getitem__)]


@pytest.mark.parametrize(
    ("discordant", "margin", "items"),
    [
        (0.15, 0.05, 371),
        (0.15, 0.03, 1031),
        (0.15, 0.02, 2319),
        (0.3, 0.05, 742),
        (0.3, 0.03, 2061),
        (0.3, 0.02, 4637),
        (0.0, 0.05, 1),
    ],
)
def test_the_items_that_a_margin_needs(discordant: float, margin: float, items: int) -> None:
    """BENCHMARKS.md 3.7, for models that are equally good; models that never disagree need one item."""
    assert items_to_decide(discordant, margin) == items


def test_a_difference_towards_the_margin_needs_more_items() -> None:
    expected = (norm.ppf(0.95) + norm.ppf(0.8)) ** 2 * (0.15 - 0.02**2) / 0.03**2
    assert items_to_decide(0.15 - 0.02**2, 0.05 - 0.02) == -(-expected // 1)
    assert items_to_decide(0.15 - 0.08**2, 0.05 - 0.08) == pytest.approx(expected * (0.15 - 0.0064) / 0.1496, abs=1)


def test_no_number_of_items_tells_a_difference_from_the_margin_that_it_is() -> None:
    assert items_to_decide(0.15, 0.3 + 0.1 - 0.4) is None
    assert items_to_decide(0.15, 0.0) is None


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
def test_students_quantile_is_scipys(level: float) -> None:
    for df in (*range(1, 12), 79, 80, 198, 199, 200, 201, 500, 1318, 99_999, 10**9):
        assert two_sided_t(level, df) == pytest.approx(student.ppf((1 + level) / 2, df), abs=1e-9, rel=1e-9), df


def test_the_expansion_of_students_quantile_has_four_terms() -> None:
    assert two_sided_t(0.95, 500) == pytest.approx(student.ppf(0.975, 500), abs=1e-13, rel=0)
