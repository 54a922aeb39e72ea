"""What a mix of two models costs, and what two scores tell of its quality."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.errors import InvalidUsageError, NotSoldError, UsageError
from llmcost.pricing.catalog import Catalog
from llmcost.routing.mix.share import PHI, Mix, Totals, diverted, mix, share_for_budget
from llmcost.workload.estimate import estimate
from llmcost.workload.model import Workload

JOB = Workload(requests_per_day=100_000, input_tokens=500, output_tokens=200)
unit = st.floats(0, 1)
totals = st.builds(Totals, weak=unit, strong=unit)


def made(shipped: Catalog, share: Any, **more: Any) -> Mix:
    return mix(shipped, "gpt-4o-mini", "gpt-4o", JOB, share, **more)


@pytest.mark.parametrize(
    ("share", "monthly", "pct"),
    [
        (Decimal(0), 585, 94),
        (Decimal("0.2"), 2418, "75.2"),
        (0.2, 2418, "75.2"),
        (1, 9750, 0),
        (Decimal("0.5"), "5167.5", 47),
    ],
)
def test_the_articles_job(shipped: Catalog, share: Any, monthly: Any, pct: Any) -> None:
    found = made(shipped, share)

    assert found.monthly_usd == Decimal(monthly)
    assert found.saving_usd == 9750 - Decimal(monthly)
    assert found.saving_pct == Decimal(pct)


def test_a_share_may_go_to_another_model(shipped: Catalog) -> None:
    strong, weak = (estimate(shipped, model, JOB) for model in ("gpt-4o", "gpt-4o-mini"))

    assert diverted(strong, weak, Decimal("0.2")).monthly_usd == Decimal(9750) * 8 / 10 + Decimal(585) * 2 / 10


def test_the_router_costs_what_it_costs_for_every_request(shipped: Catalog) -> None:
    found = made(shipped, 0, overhead_usd=Decimal("0.0001"))

    assert found.router_usd == 300
    assert found.monthly_usd == 885


@given(share=st.decimals(0, 1, allow_nan=False, allow_infinity=False, places=6))
def test_share_0_is_weak_share_1_is_strong_and_between_is_between(shipped: Catalog, share: Decimal) -> None:
    found = made(shipped, share).monthly_usd

    assert made(shipped, 0).monthly_usd <= found <= made(shipped, 1).monthly_usd
    assert found == 585 + share * (9750 - 585)


@pytest.mark.parametrize("share", [-1, Decimal("1.01"), 2, -0.1])
def test_a_share_is_from_0_to_1(shipped: Catalog, share: Any) -> None:
    with pytest.raises(InvalidUsageError, match="share must be from 0 to 1"):
        made(shipped, share)


def test_a_share_is_a_number(shipped: Catalog) -> None:
    with pytest.raises(InvalidUsageError):
        made(shipped, float("nan"))
    with pytest.raises(InvalidUsageError):
        made(shipped, "20%")


def test_an_overhead_is_not_negative(shipped: Catalog) -> None:
    with pytest.raises(UsageError, match="overhead_usd cannot be negative, found -1"):
        made(shipped, 0, overhead_usd=-1)


def test_what_a_model_does_not_sell_is_an_error(shipped: Catalog) -> None:
    with pytest.raises(NotSoldError):
        mix(shipped, "gpt-4o-mini", "gpt-4o", Workload(requests=1, input_tokens=200_000, output_tokens=1), 0)


def test_a_free_strong_model_leaves_no_percentage(catalog: Any) -> None:
    found = mix(
        catalog("a/free: {prices: [{input: 0, output: 0}], free: true}\na/b: {prices: [{input: 1, output: 1}]}"),
        "a/b",
        "a/free",
        JOB,
        0,
    )

    assert found.saving_pct is None
    assert found.saving_usd < 0


@pytest.mark.parametrize(
    ("budget", "base", "whole", "share"),
    [
        (2000, 585, 9165, Decimal(1415) / 9165),
        (585, 585, 9165, 0),
        (584, 585, 9165, None),
        (9750, 585, 9165, 1),
        (20_000, 585, 9165, 1),
        (100, 200, -150, 1),
        (40, 200, -150, None),
        (200, 200, -150, 1),
        (5, 5, 0, 1),
        (4, 5, 0, None),
    ],
)
def test_the_share_that_a_budget_pays_for(budget: int, base: int, whole: int, share: Any) -> None:
    found = share_for_budget(Decimal(budget), Decimal(base), Decimal(whole))

    assert found == share if share is None else round(found or 0, 20) == round(Decimal(share), 20)


@given(known=totals, phi=st.floats(-1, 1), share=unit)
def test_what_two_scores_allow_holds_what_is_expected(known: Totals, phi: float, share: float) -> None:
    both = known.both(phi)
    low, high = known.perfect_bounds(share)
    least, most = known.both_bounds()
    near = 1e-9

    assert least - near <= both <= most + near
    assert low - near <= known.perfect(share, both) <= high + near
    assert max(known.weak, known.strong) - near <= known.oracle(both) <= min(1.0, known.weak + known.strong) + near
    assert known.perfect(share, both) >= known.random(share) - near, "no router is worse than random if it is perfect"


@given(known=totals, phi=st.floats(-1, 1))
def test_at_the_ends_every_router_is_one_model(known: Totals, phi: float) -> None:
    both = known.both(phi)

    assert [known.random(0), known.perfect(0, both)] == pytest.approx([known.weak] * 2)
    assert [known.random(1), known.perfect(1, both)] == pytest.approx([known.strong] * 2)


def test_the_oracle_of_two_scores() -> None:
    """MMLU of gpt-4o-mini and gpt-4o; independent answers would give 0.98."""
    known = Totals(weak=0.82, strong=0.887)

    assert known.oracle(known.both(0)) == pytest.approx(0.82 + 0.887 - 0.82 * 0.887)
    assert known.oracle(known.both(PHI)) == pytest.approx(0.9249, abs=1e-4)
    assert list(known.both_bounds()) == pytest.approx([0.707, 0.82])


@pytest.mark.parametrize(("quality", "share"), [(0.5, 0), (0.6, 0), (0.7, 0.5), (0.8, 1), (0.81, None)])
def test_the_share_whose_random_mix_has_a_quality(quality: float, share: float | None) -> None:
    found = Totals(weak=0.6, strong=0.8).share_for(quality)

    assert found == share if share is None else found == pytest.approx(share)


def test_a_float_of_money_is_told_how_to_be_written(shipped: Catalog) -> None:
    with pytest.raises(InvalidUsageError, match=r'not a float: Decimal\("0.0001"\)'):
        made(shipped, 0, overhead_usd=0.0001)


def test_the_correlation_that_totals_allow() -> None:
    assert Totals(weak=0.5, strong=0.5).phi_bounds() == pytest.approx((-1, 1))
    low, high = Totals(weak=0.3, strong=0.95).phi_bounds()
    assert high == pytest.approx((0.3 - 0.285) / (0.3 * 0.7 * 0.95 * 0.05) ** 0.5)
    assert low == pytest.approx((0.25 - 0.285) / (0.3 * 0.7 * 0.95 * 0.05) ** 0.5)
    assert Totals(weak=0.3, strong=1.0).phi_bounds() == (-1, 1)
