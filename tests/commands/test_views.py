"""What whole commands cannot easily show: views of models that cost nothing, and of workloads made in Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from llmcost.commands.compare.view import compare_report
from llmcost.commands.estimate.view import estimate_report
from llmcost.commands.estimate.view_forecast import forecast_report
from llmcost.commands.models.view import show_report
from llmcost.pricing.catalog import Catalog
from llmcost.workload.compare import compare, default_workload
from llmcost.workload.estimate import estimate
from llmcost.workload.forecast import forecast
from llmcost.workload.lengths import Range
from llmcost.workload.model import Workload

MODELS = """
a/free: {free: true, prices: {input: 0, output: 0}}
a/paid: {prices: {input: 1, output: 2}}
b/same: {prices: {input: 1, output: 2}}
"""
JOB = Workload(requests_per_day=1000, input_tokens=1000, output_tokens=0)

Make = Callable[[str], Catalog]


def test_a_ratio_to_nothing_is_left_unsaid(catalog: Make) -> None:
    made = catalog(MODELS)

    down = compare_report(compare(made, "paid", ["free"], JOB))
    up = compare_report(compare(made, "free", ["paid"], JOB))

    assert down.headline == "a/free costs 100.0% less than a/paid: $0.00 instead of $30.00 a month"
    assert up.headline == "a/paid costs $30.00 more than a/free: $30.00 instead of $0.00 a month"
    assert [row["ratio"] for row in down.data["models"]] == [1, None]
    assert [row["saving_pct"] for row in up.data["models"]] == [None, None]


def test_two_that_cost_nothing_have_no_ratio_either(catalog: Make) -> None:
    made = catalog(MODELS)

    report = compare_report(compare(made, "free", ["free"], JOB))

    assert report.headline == "a/free costs the same as a/free a month: $0.00"
    assert [row["ratio"] for row in report.data["models"]] == [None, None]


def test_estimates_that_are_all_the_same_have_no_dearest(catalog: Make) -> None:
    made = catalog(MODELS)

    report = estimate_report([estimate(made, name, JOB) for name in ("paid", "same")])

    assert report.headline == "a/paid and b/same cost the same: $30.00 a month"


def test_several_workloads_have_a_column_for_each_number_that_differs(catalog: Make) -> None:
    made, large = catalog(MODELS), replace(JOB, requests_per_day=2000)

    one = estimate_report([estimate(made, "paid", job) for job in (JOB, large)])
    two = estimate_report([estimate(made, name, JOB if name == "paid" else large) for name in ("paid", "same")])

    assert one.headline == "a/paid costs $30.00 to $60.00 a month over 2 workloads"
    assert two.headline == "2 models cost $30.00 to $60.00 a month over 2 workloads"
    assert [x.label for x in one.tables[0].columns][:3] == ["Model", "Requests/day", "In/1M"]


def test_the_cost_of_a_range_has_its_ends_beside_the_expected_one(catalog: Make) -> None:
    made, job = catalog(MODELS), replace(JOB, input_tokens=Range(Decimal(500), Decimal(1500)))

    reports = (
        compare_report(compare(made, "free", ["paid"], job)),
        estimate_report([estimate(made, x, job) for x in ("free", "paid")]),
    )

    ends = ["monthly_low_usd", "monthly_usd", "monthly_high_usd"]
    for report in reports:
        assert [column.key for column in report.tables[0].columns if column.key in ends] == ends


def test_a_workload_of_so_many_requests_says_so(catalog: Make) -> None:
    job = Workload(requests=1_000_000, input_tokens=1000, output_tokens=0, days=Decimal(7))
    report = estimate_report([estimate(catalog(MODELS), "paid", job)])

    assert report.assumptions[0] == "Workload: 1,000,000 requests in 7 days x (1,000 tokens in + 0 out)"
    assert report.headline == "a/paid costs $1,000.00 for 7 days"


def test_the_default_job_says_what_it_is_and_its_terms(catalog: Make) -> None:
    report = estimate_report(
        [estimate(catalog(MODELS), "paid", default_workload(days=Decimal(7), cached=Decimal("0.6")))]
    )

    assert report.assumptions[:2] == (
        "Workload: 1B input tokens for 7 days, no output (set yours: --rpd, --in, --out)",
        "Terms: 60% of the input read from cache",
    )


MOVES = "a/old: {shutdown: 2026-12-01, redirects_to: a/new, prices: {input: 2}}\na/new: {prices: {input: 4}}"


def test_a_forecast_says_who_bills_in_place_of_whether_the_model_answers(catalog: Make) -> None:
    made, job = catalog(MOVES), Workload(requests_per_day=1_000_000, input_tokens=1, output_tokens=0)
    old, new = (forecast(estimate(made, x, job), growth=Decimal(0), months=1) for x in ("a/old", "a/new"))
    alone, both = forecast_report([old]), forecast_report([old, new])

    assert alone.headline == "a/old costs $104.00 over 1 month from 2026-11-23 ($16.00 as a/old, then $88.00 as a/new)"
    assert [row["billed_as"] for row in alone.data["forecast"]] == ["a/old", "a/new"]
    assert [x.key for x in alone.tables[0].columns][-2:] == ["usd", "billed_as"]
    assert [x.key for x in both.tables[0].columns][-2:] == ["after_shutdown", "billed_as"]


def test_a_fee_by_the_hour_says_its_unit(catalog: Make) -> None:
    made = catalog("acme/one: {prices: {input: 1, fees: {cache_storage: 4.5, web_search: 1}}}")
    fees = show_report(made, made.entry("acme/one"), made.as_of).tables[-1]

    assert [(x.values["fee"], x.values["per"]) for x in fees.rows] == [
        ("cache storage", "1M tokens and hour"),
        ("web search", None),
    ]


def test_a_tier_says_up_to_which_length_it_is_sold(catalog: Make) -> None:
    made = catalog("acme/one: {prices: {input: 2, tiers: {batch: {input: 1, max_input: 500}}}}")
    rows = show_report(made, made.entry("acme/one"), made.as_of).data["prices"]

    assert [(row["tier"], row["applies"]) for row in rows] == [
        ("standard", "always"),
        ("batch", "sold up to 500 tokens in"),
    ]


def test_the_dearest_is_no_multiple_of_nothing(catalog: Make) -> None:
    made = catalog(MODELS)

    report = estimate_report([estimate(made, name, JOB) for name in ("free", "paid")], chosen=True)

    assert report.headline == "a/free is cheapest at $0.00 a month"
