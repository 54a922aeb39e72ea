"""Looks at a trial: together they err as often as one, 5% on each side."""

from __future__ import annotations

from itertools import accumulate
from math import sqrt

import numpy as np
import pytest
from scipy.stats import norm

from llmcost.evals.looks import CONFIDENCES, any_time, confidence_at, items_for, looks_of
from tests.perf.looks import Case, simulated

SIDED = 0.05


def crossed(z: list[float]) -> list[float]:
    """The probability, under no drift, that a walk is above the bounds for the first time at each of equal looks.

    By the recursive integration of P. Armitage, C. K. McPherson and B. C. Rowe, JRSS A 132 (1969) 235-244.
    """
    grid = np.linspace(-8, 8, 3201)
    step = grid[1] - grid[0]
    scale = sqrt(1 / len(z))  # of an increment, where the last look has variance 1
    density = norm.pdf(grid, scale=scale)
    found = []
    for look, bound in enumerate(z, 1):
        above = grid > bound * sqrt(look / len(z))
        found.append(float(density[above].sum() * step))
        density = np.where(above, 0, density)
        density = np.convolve(density, norm.pdf(grid, scale=scale), mode="same") * step
    return found


def test_the_confidences_are_those_of_lan_and_demets() -> None:
    """The spending function 2 - 2 Phi(z / sqrt(t)), z the normal quantile of 1 - 0.05 / 2; source: scipy."""
    z = [float(norm.ppf((1 + x) / 2)) for x in CONFIDENCES]
    spent = [2 - 2 * norm.cdf(norm.ppf(1 - SIDED / 2) / sqrt(look / 5)) for look in range(1, 6)]

    assert z[0] > 4.229  # rounded up to five digits
    assert z[1:] == pytest.approx([2.888, 2.298, 1.962, 1.740], abs=5e-4)
    assert list(accumulate(crossed(z))) == pytest.approx(spent, abs=3e-4)


def test_looks_are_equally_spaced_and_the_last_is_the_whole() -> None:
    assert looks_of(160) == [32, 64, 96, 128, 160]
    assert looks_of(11) == [3, 5, 7, 9, 11]
    assert looks_of(9) == []
    assert confidence_at([32, 64, 96, 128, 160], 64) == CONFIDENCES[1]
    assert confidence_at([32, 64, 96, 128, 160], 65) is None


def test_who_looks_all_the_time_errs_no_more_often_than_who_looks_once() -> None:
    """Ten looks are nearly as bad as looks without end, which take the whole 5%."""
    z = [float(norm.ppf((1 + (any_time(look / 10) or 1)) / 2)) for look in range(1, 11)]

    assert 0.03 < sum(crossed(z)) < SIDED
    assert any_time(1) == pytest.approx(0.95)
    assert any_time(0) is None
    assert any_time(0.05) is None


def test_half_the_margin_needs_four_times_the_items() -> None:
    """The figures of the guide: 10% of the items differ, and both models are equally good."""
    assert [items_for(x) for x in (0.01, 0.02, 0.03, 0.05, 0.1)] == [6183, 1546, 687, 248, 62]
    assert items_for(0) is None


@pytest.mark.parametrize("early_stop", [True, False])
def test_at_the_margin_itself_a_trial_rarely_decides_wrongly(early_stop: bool) -> None:
    """2,000 seeded runs; tests/perf/looks.py makes them of several margins, and shows the items that they take."""
    found = simulated(2_000, 200, Case(loss=0.05, discordance=0.15), early_stop=early_stop)

    assert found.safe <= 0.06
    assert found.unsafe <= 0.06
