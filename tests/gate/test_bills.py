"""A workload costs the weighted sum of its models, at each end of its ranges and in the months to come."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from llmcost.document import Fault
from llmcost.gate.bills import MONTHS, price_config, total_months
from llmcost.gate.span import Span
from llmcost.pricing.catalog import Catalog
from llmcost.workload.model import Bound

from .conftest import Bills, config_of, job

MILLION = "rpd: 1000, in: 1000, out: 0, days: 1"


def test_a_route_costs_the_weighted_sum_of_its_models(bills: Bills) -> None:
    """1M tokens in: $1 on the cheap one; $10 and 1,000 fees of $0.001 on the dear one: 0.8 x 1 + 0.2 x 11 = 3."""
    (found,) = bills(job(f"route: {{cheap: 80%, dear: 20%}}, {MILLION}"))

    assert found.monthly == dict.fromkeys(Bound, Decimal(3))
    assert found.per_1k_requests == dict.fromkeys(Bound, Decimal(3))
    assert [(part.name, part.share) for part in found.parts] == [("cheap", Decimal("0.8")), ("dear", Decimal("0.2"))]


def test_a_share_of_nothing_costs_nothing(bills: Bills) -> None:
    (found,) = bills(job(f"route: {{cheap: 100%, dear: 0%}}, {MILLION}"))

    assert found.monthly[Bound.EXPECTED] == 1


def test_a_range_has_three_ends(bills: Bills) -> None:
    """In thousands of requests of 100 to 300 tokens at $1 per 1M: $0.10, $0.20, $0.30 for 1,000."""
    (found,) = bills(job("model: cheap, rpd: 1000..3000, in: 100..300, out: 0, days: 1"))

    assert Span.of(found.monthly) == Span(low=Decimal("0.1"), expected=Decimal("0.4"), high=Decimal("0.9"))
    assert Span.of(found.per_1k_requests) == Span(low=Decimal("0.1"), expected=Decimal("0.2"), high=Decimal("0.3"))


def test_a_longer_request_that_is_cheaper_is_the_low_end() -> None:
    ends = {Bound.LOW: Decimal(5), Bound.EXPECTED: Decimal(3), Bound.HIGH: Decimal(4)}

    assert Span.of(ends) == Span(low=Decimal(3), expected=Decimal(3), high=Decimal(5))


def test_growth_gives_a_year_of_months(bills: Bills) -> None:
    (found,) = bills(job(f"route: {{cheap: 50%, dear: 50%}}, {MILLION}, growth: 100%"))

    assert found.months == tuple(Decimal(6) * 2**month for month in range(MONTHS))


def test_the_months_of_all_take_those_that_do_not_grow_as_they_are(bills: Bills) -> None:
    grows, stays = f"  a: {{model: cheap, {MILLION}, growth: 100%}}\n", f"  b: {{model: cheap, {MILLION}}}"

    assert total_months(bills(job(grows + stays))) == tuple(Decimal(1) + 2**month for month in range(MONTHS))
    assert total_months(bills(job(stays))) == ()


def test_the_rates_behind_a_bill_are_those_of_the_list(bills: Bills) -> None:
    """Not those of a long request in a region, which the terms and tokens of a workload explain."""
    (found,) = bills(job("model: dear, rpd: 1, in: 2000, out: 1, region: eu"))

    assert found.rates == {
        ("acme/dear", "standard", "input"): Decimal(10),
        ("acme/dear", "standard", "output"): Decimal(20),
        ("acme/dear", "standard", "request"): Decimal("0.001"),
    }


def test_the_rates_of_a_batch_share_are_of_two_tiers(bills: Bills) -> None:
    (found,) = bills(job("model: little, rpd: 1, in: 1, out: 0, batch_share: 40%"))

    assert found.rates == {
        ("acme/cheap", "standard", "input"): Decimal(1),
        ("acme/cheap", "batch", "input"): Decimal("0.5"),
    }


def test_a_rate_that_only_long_requests_have_is_taken_as_it_is(bills: Bills) -> None:
    (found,) = bills(job("model: late, rpd: 1, in: 200, out: 1"))

    assert found.rates["acme/late", "standard", "output"] == 5


def test_every_model_at_fault_is_told_at_its_place(prices: Catalog) -> None:
    text = job(
        "  a: {model: cheep, rpd: 1, in: 1, out: 1}\n"
        "  b: {route: {cheap: 50%, both: 50%}, rpd: 1, in: 1, out: 1}\n"
        "  c: {model: cheap, rpd: 1, in: 1, out: 1, tier: flex}"
    )

    _, faults = price_config(config_of(text), prices)

    assert faults == [
        Fault(
            ("workloads", "a", "model"),
            'unknown model "cheep" (did you mean: acme/cheap?; see: llmcost models che)',
        ),
        Fault(
            ("workloads", "b", "route", "both"),
            '"both" is sold by several providers (choose one: host/both, rack/both)',
            on_key=True,
        ),
        Fault(("workloads", "c", "model"), 'acme/cheap has no tier "flex" (available: standard, batch)'),
    ]


def test_a_forecast_that_cannot_be_made_is_a_fault(catalog: Callable[..., Catalog]) -> None:
    """The batch tier is no longer sold from the next month on."""
    made = catalog("a/b: {prices: [{input: 1, tiers: {batch: {input: 1}}}, {from: 2026-12-23, input: 1}]}")
    text = job("model: a/b, rpd: 1, in: 1, out: 0, tier: batch, growth: 1%")

    _, (fault,) = price_config(config_of(text), made)

    assert fault.message == 'a/b has no tier "batch" (available: standard)'
