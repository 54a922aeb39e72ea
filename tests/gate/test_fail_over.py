"""A limit is kept by what every estimate expects, and by every month of a forecast; its high end and a known rise warn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from llmcost.gate.fail_over import judge_estimates, judge_forecasts
from llmcost.gate.finding import Level
from llmcost.pricing.catalog import Catalog
from llmcost.workload.estimate import estimate, later_costs
from llmcost.workload.forecast import Forecast, forecast
from llmcost.workload.model import Bound, Range, Workload

Catalogs = Callable[..., Catalog]

JOB = Workload(requests_per_day=100_000, input_tokens=500, output_tokens=200)


@pytest.mark.parametrize(
    ("limit", "over"),
    [
        ("9750.0000000000000001", []),
        ("9750", []),
        ("9749.9999999999999999", ["openai/gpt-4o"]),
        ("585", ["openai/gpt-4o"]),
        ("584.99", ["openai/gpt-4o", "openai/gpt-4o-mini"]),
        ("0", ["openai/gpt-4o", "openai/gpt-4o-mini"]),
    ],
)
def test_exactly_at_the_limit_passes(shipped: Catalog, limit: str, over: list[str]) -> None:
    estimates = [estimate(shipped, name, JOB) for name in ("gpt-4o", "gpt-4o-mini")]
    verdict = judge_estimates(estimates, Decimal(limit))
    assert [x.estimate.model.id for x in verdict.over] == over
    assert verdict.verdict is (Level.FAIL if over else Level.PASS)
    assert verdict.limit == Decimal(limit)
    assert [(x.estimate, x.usd, x.month) for x in verdict.judged] == [(x, x.monthly_usd, None) for x in estimates]


def test_of_a_range_what_is_expected_fails_and_the_high_end_warns(shipped: Catalog) -> None:
    """$750 to $1,200, expected $975."""
    job = Workload(requests_per_day=20_000, input_tokens=Range(Decimal(300), Decimal(600)), output_tokens=50)
    found = estimate(shipped, "gpt-4o", job)
    assert found.monthly_usd == 975
    assert found.monthly_at(Bound.HIGH) == 1200
    levels = {"974.99": Level.FAIL, "975": Level.WARN, "1199.99": Level.WARN, "1200": Level.PASS}
    for limit, level in levels.items():
        result = judge_estimates([found], Decimal(limit))
        assert result.verdict is level
        assert [result.judged[0].usd, result.judged[0].high] == [975, 1200]
        assert bool(result.over) is (level is Level.FAIL)


def test_nothing_costs_nothing(shipped: Catalog) -> None:
    job = Workload(requests=0, input_tokens=500, output_tokens=200)
    assert judge_estimates([estimate(shipped, "gpt-4o", job)], Decimal(0)).verdict is Level.PASS


def months(made: Catalog, growth: str) -> Forecast:
    """Return three months of one request a day of 1M tokens."""
    job = Workload(requests_per_day=1, input_tokens=10**6, output_tokens=0)
    return forecast(estimate(made, "acme/one", job), growth=Decimal(growth), months=3)


@pytest.mark.parametrize(("growth", "month", "usd"), [("0.1", 3, "363"), ("-0.5", 1, "300"), ("0", 1, "300")])
def test_the_dearest_month_of_a_forecast_judges(catalog: Catalogs, growth: str, month: int, usd: str) -> None:
    found = months(catalog("acme/one: {prices: {input: 10}}"), growth)
    verdict = judge_forecasts([found], Decimal(usd))
    assert verdict.verdict is Level.PASS
    assert [(x.estimate, x.usd, x.month) for x in verdict.judged] == [(found.estimate, Decimal(usd), month)]
    tight = judge_forecasts([found], Decimal(usd) - Decimal("0.01"))
    assert tight.verdict is Level.FAIL
    assert tight.over == tight.judged


def test_a_month_is_judged_whole_where_its_price_changes(catalog: Catalogs) -> None:
    """2026-12-23 to 2027-01-21: 9 days at $10 and 21 at $20 are $510; the next month is $600."""
    made = catalog("acme/one: {prices: [{input: 10}, {from: 2027-01-01, input: 20}, {from: 2027-01-22, input: 1}]}")
    (judged,) = judge_forecasts([months(made, "0")], Decimal(500)).over
    assert (judged.usd, judged.month) == (Decimal(510), 2)


def test_a_month_after_the_shutdown_is_judged_at_the_last_rates(catalog: Catalogs) -> None:
    made = catalog("acme/one: {shutdown: 2027-01-22, prices: {input: 10}}")
    (judged,) = judge_forecasts([months(made, "1")], Decimal(1199)).over
    assert (judged.usd, judged.month) == (Decimal(1200), 3)


@pytest.mark.parametrize(
    ("starts", "limit", "level"),
    [
        ("2026-12-23", "300", Level.WARN),
        ("2026-12-23", "600", Level.PASS),
        ("2026-12-24", "300", Level.PASS),
        ("2026-12-23", "299", Level.FAIL),
    ],
)
def test_a_rise_that_the_table_knows_within_30_days_warns(
    catalog: Catalogs, starts: str, limit: str, level: Level
) -> None:
    """$300 a month on 2026-11-23, and twice that from a day on."""
    made = catalog(f"acme/one: {{prices: [{{input: 10}}, {{from: {starts}, input: 20}}]}}")
    job = Workload(requests_per_day=1, input_tokens=10**6, output_tokens=0)

    (judged,) = judge_estimates([estimate(made, "acme/one", job)], Decimal(limit)).judged

    assert judged.level is level
    assert judged.later == ({date(2026, 12, 23): Decimal(600)} if limit != "600" and starts == "2026-12-23" else {})


def test_a_price_to_come_that_is_not_sold_is_no_rise(catalog: Catalogs) -> None:
    made = catalog("acme/one: {prices: [{input: 1, tiers: {batch: {input: 1}}}, {from: 2026-11-24, input: 9}]}")
    job = Workload(requests_per_day=1, input_tokens=1, output_tokens=0, tier="batch")
    found = estimate(made, "acme/one", job)

    assert later_costs(found, 30) == {date(2026, 11, 24): None}
    assert judge_estimates([found], Decimal(1)).verdict is Level.PASS
