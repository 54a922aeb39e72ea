"""Wilson's interval against SciPy, and against the figures of the research."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from llmcost.benchmarks.intervals import wilson


@pytest.mark.parametrize("n", [1, 2, 3, 10, 30, 164, 198, 500, 5000, 14042, 1_000_000])
def test_the_interval_is_scipys(n: int) -> None:
    for k in sorted({0, 1, n // 7, n // 3, n // 2, n - n // 5, n - 1, n}):
        expected = binomtest(k, n).proportion_ci(confidence_level=0.95, method="wilson")
        assert wilson(k / n, n) == pytest.approx((expected.low, expected.high), abs=1e-12), (k, n)


def test_the_interval_of_every_count_of_a_small_test_is_scipys() -> None:
    for k in range(199):
        expected = binomtest(k, 198).proportion_ci(confidence_level=0.95, method="wilson")
        assert wilson(k / 198, 198) == pytest.approx((expected.low, expected.high), abs=1e-12), k


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.9, 0.99, 0.999])
def test_the_confidence_is_what_is_asked(confidence: float) -> None:
    expected = binomtest(148, 164).proportion_ci(confidence_level=confidence, method="wilson")
    assert wilson(148 / 164, 164, confidence) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize("n", [1, 164, 14042])
def test_nothing_is_below_0_or_above_1(n: int) -> None:
    low, high = wilson(0.0, n)
    assert low == pytest.approx(0.0, abs=1e-15)
    assert 0.0 <= low < high < 1.0
    low, high = wilson(1.0, n)
    assert high == pytest.approx(1.0, abs=1e-15)
    assert 0.0 < low < high <= 1.0


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
