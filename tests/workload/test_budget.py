"""The requests a day that a budget pays for: not one more, whatever the table and the lengths."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.pricing.catalog import Catalog
from llmcost.pricing.exact import EXACT
from llmcost.workload.budget import affordable
from llmcost.workload.estimate import estimate
from llmcost.workload.lengths import Bound, Lengths, Range
from llmcost.workload.model import Workload
from tests.workload.test_lengths import calls, tables
from tests.workload.test_properties import CALM


def request(**terms: object) -> Workload:
    return Workload(**{"requests": 1, "input_tokens": 500, "output_tokens": 200, **terms})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("model", "job", "budget", "numbers"),
    [
        # $0.00325 a request, $0.0975 a month of one a day: 10,256.4 of them
        ("gpt-4o", request(), "1000", (10_256, 10_256, 10_256)),
        ("gpt-4o", request(), "975", (10_000, 10_000, 10_000)),
        ("gpt-4o", request(), "974.99", (9_999, 9_999, 9_999)),
        ("gpt-4o", request(), "0.01", (0, 0, 0)),
        # 400 tokens in: $0.003; 600: $0.0035
        ("gpt-4o", request(input_tokens=Range(Decimal(400), Decimal(600))), "1000", (9_523, 10_256, 11_111)),
        # $0.231 a request on average
        (
            "gemini-2.5-pro",
            request(input_tokens=Lengths.of({20_000: 8, 400_000: 2}), output_tokens=1000),
            "1000",
            (144, 144, 144),
        ),
    ],
)
def test_a_budget_pays_for_whole_requests(
    shipped: Catalog, model: str, job: Workload, budget: str, numbers: tuple[int, int, int]
) -> None:
    found = affordable(shipped, model, job, Decimal(budget))
    assert found.requests is not None
    assert tuple(int(found.requests[end]) for end in Bound) == numbers
    assert found.estimate.monthly_usd <= Decimal(budget)
    assert found.estimate.workload.requests_per_day == numbers[1]
    assert {found: 1}[found] == 1


def test_requests_that_find_a_cache_are_more_for_the_same_budget(shipped: Catalog) -> None:
    """Within a budget of $100 one more request a day would cost more, at its own share of hits."""
    job = request(prefix_tokens=5000, caching="auto")
    found = affordable(shipped, "gpt-4o", job, Decimal(100))
    number = found.estimate.workload.daily_requests()
    assert found.requests is not None
    assert number == found.requests[Bound.EXPECTED] > 3_333_333 // 15_750  # at the full rate of 5,500 tokens in
    more = estimate(
        shipped, "gpt-4o", request(requests=None, requests_per_day=number + 1, prefix_tokens=5000, caching="auto")
    )
    assert found.estimate.monthly_usd <= 100 < more.monthly_usd


def test_requests_that_cost_nothing_have_no_number(shipped: Catalog) -> None:
    found = affordable(shipped, "gpt-4o", request(input_tokens=0, output_tokens=0), Decimal(5))
    assert (found.requests, found.estimate.workload.requests_per_day) == (None, 1)


@settings(CALM, max_examples=30)
@given(
    tables(),
    st.lists(st.tuples(st.integers(1, 6000), st.integers(1, 900)), min_size=1, max_size=7),
    st.integers(1, 10**6),
    st.integers(1, 10**6),
)
def test_one_request_a_day_more_is_above_the_budget(
    made: Catalog, lines: list[tuple[int, int]], cents: int, number: int
) -> None:
    """That of the most that they cost, too: a mean that has no end is not rounded away."""
    job = Workload(requests_per_day=number, **calls(lines))
    with localcontext(EXACT):
        for budget in (Decimal(cents) / 100, estimate(made, "a", job).monthly_usd):
            found = affordable(made, "a", job, budget).estimate
            each = found.bills[Bound.EXPECTED].per_request
            assert found.workload.requests_per_day is not None
            assert found.monthly_usd <= budget < each.scaled((found.workload.daily_requests() + 1) * 30).usd
    assert found.workload.requests_per_day == number
