"""What holds for every workload and every price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext

from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.pricing.catalog import Catalog
from llmcost.pricing.exact import EXACT
from llmcost.pricing.table import ModelTable
from llmcost.report.display import plain
from llmcost.workload.compare import saving
from llmcost.workload.estimate import estimate
from llmcost.workload.forecast import forecast
from llmcost.workload.model import Bound, Range, Workload

DAY = date(2026, 11, 23)

CALM = settings(deadline=None)
"""A busy machine is no fault."""

rates = st.decimals(min_value=Decimal("0.0001"), max_value=Decimal(300_000), places=4)
tokens = st.decimals(min_value=0, max_value=10**9, places=2)
requests = st.decimals(min_value=0, max_value=10**12, places=2)
shares = st.decimals(min_value=0, max_value=1, places=3)


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    """Draw two models with a batch tier, a region, cached rates and long context (never cheaper) each."""

    def prices() -> dict[str, object]:
        output = draw(rates)
        return {
            "input": str(draw(rates)),
            "output": str(output),
            "cache_read": str(draw(rates)),
            "tiers": {"batch": {"input": str(draw(rates))}},
            "long_context": [{"above": "1000", "output": str(output * draw(st.integers(1, 3)))}],
        }

    models = {f"acme/{name}": {"prices": prices(), "regions": {"eu": "1.1"}} for name in "ab"}
    return Catalog([ModelTable(models, "drawn")], as_of=DAY)


@st.composite
def workloads(draw: st.DrawFn) -> Workload:
    """Draw a workload without ranges."""
    cached = draw(shares)
    return Workload(
        requests_per_day=draw(requests),
        input_tokens=draw(tokens),
        output_tokens=draw(tokens),
        reasoning_tokens=draw(tokens),
        days=draw(st.integers(1, 365)),
        cached=cached,
        cache_write=draw(st.sampled_from([Decimal(0), (1 - cached) / 2, 1 - cached])),
        batch_share=draw(shares),
        region=draw(st.sampled_from([None, "eu"])),
    )


def multiplied(job: Workload, factor: int) -> Workload:
    """Return the same workload with `factor` times the requests."""
    assert isinstance(job.requests_per_day, Decimal)
    return Workload(
        requests_per_day=job.requests_per_day * factor,
        input_tokens=job.input_tokens,
        output_tokens=job.output_tokens,
        reasoning_tokens=job.reasoning_tokens,
        days=job.days,
        cached=job.cached,
        cache_write=job.cache_write,
        batch_share=job.batch_share,
        region=job.region,
    )


@CALM
@given(catalogs(), workloads(), st.integers(2, 9))
def test_double_the_requests_double_the_cost(made: Catalog, job: Workload, factor: int) -> None:
    once, more = (estimate(made, "a", multiplied(job, x)).monthly_usd for x in (1, factor))
    with localcontext(EXACT):
        assert more == once * factor


@CALM
@given(catalogs(), workloads())
def test_the_lines_of_a_bill_add_up_to_its_total(made: Catalog, job: Workload) -> None:
    for bill in (estimate(made, "a", job).bills[Bound.EXPECTED].total, estimate(made, "a", job).bills[Bound.LOW].total):
        with localcontext(EXACT):
            assert sum((line.usd for line in bill.lines), Decimal(0)) == bill.usd
            assert bill.input_usd + bill.output_usd + bill.fees_usd == bill.usd


@CALM
@given(catalogs(), workloads())
def test_the_lines_of_a_bill_have_every_token_once(made: Catalog, job: Workload) -> None:
    bill = estimate(made, "a", job).bills[Bound.EXPECTED]
    usage = job.usage()
    with localcontext(EXACT):
        quantity = sum((line.quantity for line in bill.total.lines), Decimal(0))
        assert quantity == (usage.input_tokens + usage.output_tokens) * bill.requests


@CALM
@given(catalogs(), st.lists(st.tuples(tokens, tokens), min_size=3, max_size=3))
def test_what_is_expected_lies_between_low_and_high(made: Catalog, bounds: list[tuple[Decimal, Decimal]]) -> None:
    asked, read, written = (Range(min(pair), max(pair)) for pair in bounds)
    found = estimate(made, "b", Workload(requests_per_day=asked, input_tokens=read, output_tokens=written))
    low, expected, high = (found.monthly_at(end) for end in (Bound.LOW, Bound.EXPECTED, Bound.HIGH))
    assert low <= expected <= high


@CALM
@given(catalogs(), workloads())
def test_savings_are_each_others_opposite(made: Catalog, job: Workload) -> None:
    a, b = (estimate(made, name, job) for name in "ab")
    there, back = saving(a, b), saving(b, a)
    with localcontext(EXACT):
        assert there.saving_usd == -back.saving_usd
        assert there.saving_usd == a.monthly_usd - b.monthly_usd
        assert there.yearly_saving_usd == -back.yearly_saving_usd


@CALM
@given(catalogs(), workloads(), st.integers(1, 24))
def test_a_forecast_without_growth_is_so_many_months(made: Catalog, job: Workload, months: int) -> None:
    found = estimate(made, "a", job)
    with localcontext(EXACT):
        assert forecast(found, growth=Decimal(0), months=months).total_usd == found.monthly_usd * months


@CALM
@given(catalogs(), st.integers(0, 10**15), st.integers(1, 24))
def test_a_forecast_of_requests_in_all_is_so_many_months(made: Catalog, count: int, months: int) -> None:
    """A day's share of the requests may have no end: what is shown is the same, to 28 digits."""
    found = estimate(made, "a", Workload(requests=count, input_tokens=100, output_tokens=10, days=30))
    with localcontext(EXACT):
        expected = found.monthly_usd * months
    assert plain(forecast(found, growth=Decimal(0), months=months).total_usd) == plain(expected)


@CALM
@given(catalogs(), workloads(), shares)
def test_a_batch_share_costs_between_its_two_tiers(made: Catalog, job: Workload, share: Decimal) -> None:
    def at(tier: str | None, part: Decimal) -> Decimal:
        read, written = job.input_tokens, job.output_tokens
        once = Workload(requests=1, input_tokens=read, output_tokens=written, tier=tier, batch_share=part)
        return estimate(made, "a", once).monthly_usd

    standard, batch, mixed = at(None, Decimal(0)), at("batch", Decimal(0)), at(None, share)
    assert at(None, Decimal(1)) == batch
    with localcontext(EXACT):
        assert mixed == standard * (1 - share) + batch * share
    assert min(standard, batch) <= mixed <= max(standard, batch)
