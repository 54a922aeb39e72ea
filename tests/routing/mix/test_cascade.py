"""The weak model first: its cost, its break-even, and its quality with a checker."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.errors import InvalidUsageError, UsageError
from llmcost.pricing.catalog import Catalog
from llmcost.routing.mix.cascade import Checker, cascade, expected_quality
from llmcost.routing.mix.share import Totals
from llmcost.workload.model import Workload

JOB = Workload(requests_per_day=100_000, input_tokens=500, output_tokens=200)
unit = st.floats(0, 1)


def test_a_cascade_of_the_articles_job(shipped: Catalog) -> None:
    found = cascade(shipped, "gpt-4o-mini", "gpt-4o", JOB, Decimal("0.2"), check_usd=Decimal("0.0001"))

    assert found.check_usd == 300
    assert found.monthly_usd == 585 + 300 + 1950
    assert found.saving_usd == 6915
    assert found.saving_pct == pytest.approx(Decimal(6915) * 100 / 9750)
    assert found.break_even == pytest.approx(1 - Decimal(885) / 9750)


def test_gpt_4o_mini_before_gpt_4o_breaks_even_at_94_percent(shipped: Catalog) -> None:
    found = cascade(shipped, "gpt-4o-mini", "gpt-4o", JOB, Decimal("0.94"))

    assert found.break_even == Decimal("0.94")
    assert found.saving_usd == 0


@given(share=st.decimals(0, 1, allow_nan=False, allow_infinity=False, places=6))
def test_a_cascade_saves_just_below_its_break_even(shipped: Catalog, share: Decimal) -> None:
    found = cascade(shipped, "gpt-4o-mini", "gpt-4o", JOB, share)

    assert (found.saving_usd > 0) == (share < Decimal("0.94"))


def test_before_a_free_model_nothing_breaks_even(catalog: Any) -> None:
    models = catalog("a/free: {prices: [{input: 0, output: 0}], free: true}\na/b: {prices: [{input: 1, output: 1}]}")
    found = cascade(models, "a/b", "a/free", JOB, 0)

    assert (found.break_even, found.saving_pct) == (None, None)


@pytest.mark.parametrize(("wrong", "error"), [({"escalated": 2}, InvalidUsageError), ({"check_usd": -1}, UsageError)])
def test_shares_and_costs_are_checked(shipped: Catalog, wrong: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        cascade(shipped, "gpt-4o-mini", "gpt-4o", JOB, **{"escalated": 0, **wrong})


def test_a_perfect_checker_keeps_all_that_either_model_has_right() -> None:
    known, checker = Totals(weak=0.6, strong=0.8), Checker(catch=1.0, false_alarm=0.0)

    assert checker.escalated(0.6) == pytest.approx(0.4)
    assert checker.quality(known, 0.5) == pytest.approx(0.9) == known.oracle(0.5)


@given(weak=unit, strong=unit, part=unit)
def test_a_checker_that_rejects_at_random_is_the_random_mix(weak: float, strong: float, part: float) -> None:
    known = Totals(weak=weak, strong=strong)
    both = known.both(0.3)
    checker = Checker(catch=part, false_alarm=part)

    assert checker.escalated(weak) == pytest.approx(part)
    assert checker.quality(known, both) == pytest.approx(known.random(part))


@given(weak=unit, strong=unit, catch=unit, alarm=unit)
def test_a_cascades_quality_lies_in_its_bounds(weak: float, strong: float, catch: float, alarm: float) -> None:
    known, checker = Totals(weak=weak, strong=strong), Checker(catch=catch, false_alarm=alarm)
    low, high = checker.quality_bounds(known)

    assert low - 1e-9 <= checker.quality(known, known.both(0.45)) <= high + 1e-9


def test_quality_item_by_item_is_that_of_the_counts() -> None:
    weak, strong = [1.0] * 6 + [0.0] * 4, [1.0] * 5 + [0.0] + [1.0] * 3 + [0.0]
    checker = Checker(catch=0.9, false_alarm=0.05)

    found = expected_quality(weak, strong, checker.chances(weak))

    assert found == pytest.approx(checker.quality(Totals(weak=0.6, strong=0.8), 0.5))
    assert sum(checker.chances(weak)) / 10 == pytest.approx(checker.escalated(0.6))
