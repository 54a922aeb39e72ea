"""What the items of results cost at one model: exact decimals, long-context steps, what is unknown."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.errors import InvalidUsageError, NotSoldError, UsageError
from llmcost.pricing.catalog import Catalog
from llmcost.workload.estimate import estimate
from llmcost.workload.items import CostSource, ItemCosts, from_costs, from_tokens, from_workload
from llmcost.workload.model import Workload

MILLION = 10**6

STEPS = """
a/long:
  max_output: 50
  prices:
    input: 1
    output: 2
    long_context:
      - {above: 1000, input: 10, output: 20}
      - {from_tokens: 3000, input: 30}
    tiers:
      batch: {input: 0.5, output: 1, max_input: 1500}
    fees: {request: 0.25}
a/flat: {prices: {input: 1, output: 3}}
a/embedding: {prices: {input: 1}}
a/cached: {prices: {input: 10, output: 20, cache_read: 1, cache_write: 12, reasoning: 30}}
a/small: {context: 100, prices: {input: 1, output: 1}}
"""


@pytest.fixture
def priced(catalog: Callable[..., Catalog]) -> Callable[..., ItemCosts | None]:
    """Return a function that prices columns of tokens on a model of STEPS."""
    known = catalog(STEPS)

    def price(model: str, inputs: Any, outputs: Any, parts: Any = None, **terms: Any) -> ItemCosts | None:
        return from_tokens(known, known.resolve(model), inputs, outputs, terms, parts)

    return price


def each_usd(found: ItemCosts) -> list[Decimal]:
    return [amount * found.unit for amount in found.amounts]


def test_the_costs_of_a_file_are_those_of_the_items_that_have_one() -> None:
    found = from_costs([Decimal("0.1"), None, Decimal("0.2")])
    assert found == ItemCosts(source=CostSource.COSTS, amounts=[Decimal("0.1"), Decimal("0.2")])
    assert found.mean_usd == Decimal("0.15")
    assert from_costs([None, None]) is None
    assert from_costs(None) is None


def test_a_cache_is_not_computed_for_items(priced: Callable[..., ItemCosts | None]) -> None:
    with pytest.raises(UsageError, match="--caching auto cannot compute cache reads from items"):
        priced("a/flat", [10], [1], caching="auto")


def test_a_mean_keeps_its_digits() -> None:
    found = ItemCosts(source=CostSource.COSTS, amounts=[Decimal(10) ** 20, Decimal("1e-20")])
    assert found.mean_usd == Decimal("50000000000000000000.000000000000000000005")


def test_amounts_are_multiples_of_their_unit() -> None:
    found = ItemCosts(source=CostSource.TOKENS, amounts=[3, 5], unit=Decimal("0.01"))
    assert found.mean_usd == Decimal("0.04")
    assert [found.in_units(Decimal(x)) for x in ("0.01", "0.005", "0.001")] == [[3, 5], [6, 10], [30, 50]]


def test_each_item_pays_the_rates_of_its_own_length(priced: Callable[..., ItemCosts | None]) -> None:
    found = priced("long", [1000, 1001, 400, 2999, 3000], [10, 10, 0, 0, 50])  # 50 is its largest output

    assert found is not None
    assert [(usd - Decimal("0.25")) * MILLION for usd in each_usd(found)] == [1020, 10210, 400, 29990, 91000]
    assert found.source is CostSource.TOKENS


@pytest.mark.untraced
@given(
    pairs=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 50)), min_size=1, max_size=12),
    cached=st.sampled_from([Decimal(0), Decimal("0.3")]),
)
def test_items_cost_what_requests_of_their_tokens_do(
    shipped: Catalog, pairs: list[tuple[int, int]], cached: Decimal
) -> None:
    """For models with long-context steps, peak hours and neither: three requests a step are enough."""
    for name in ("gemini-3-pro-preview", "deepseek/deepseek-v4-flash", "gpt-4o-mini"):
        model = shipped.resolve(name)
        lengths = [tokens * 80 for tokens, _ in pairs] if "gemini" in name else [tokens for tokens, _ in pairs]
        answers = [answer for _, answer in pairs]
        found = from_tokens(shipped, model, lengths, answers, {"cached": cached})

        assert found is not None
        for usd, length, answer in zip(each_usd(found), lengths, answers, strict=True):
            job = Workload(requests=1, input_tokens=length, output_tokens=answer, cached=cached)
            assert abs(usd - estimate(shipped, model, job).monthly_usd) < Decimal("1e-40")


def test_only_items_with_both_counts_are_priced(priced: Callable[..., ItemCosts | None]) -> None:
    found = priced("flat", [Decimal("10.5"), None, 20], [Decimal("0.5"), 1, None])

    assert found is not None
    assert each_usd(found) == [Decimal("0.000012")]
    assert priced("flat", [None], [1]) is None
    assert priced("flat", None, [1]) is None
    assert priced("flat", [1], None) is None


def test_a_model_without_a_rate_for_output_prices_items_without_any(priced: Callable[..., ItemCosts | None]) -> None:
    found = priced("embedding", [1, 3], [0, 0])

    assert found is not None
    assert each_usd(found) == [Decimal("0.000001"), Decimal("0.000003")]
    with pytest.raises(NotSoldError):
        priced("embedding", [1, 3], [0, 1])


@pytest.mark.parametrize(
    ("model", "item", "terms", "said"),
    [
        ("long", (1501, 1), {"tier": "batch"}, "does not sell batch above 1,500 input tokens"),
        ("long", (1, 51), {}, "an answer of 51 tokens does not fit a/long"),
        ("small", (101, 1), {}, "a request with 101 input tokens does not fit a/small"),
    ],
)
def test_one_item_that_the_model_does_not_sell_is_an_error(
    priced: Callable[..., ItemCosts | None], model: str, item: tuple[int, int], terms: dict[str, Any], said: str
) -> None:
    with pytest.raises(NotSoldError, match=said):
        priced(model, [10, item[0]], [1, item[1]], **terms)


def test_the_prices_are_those_of_an_estimate_on_the_mean_item(priced: Callable[..., ItemCosts | None]) -> None:
    found = priced("flat", [10, 20], [1, 2], days=7)

    assert found is not None
    assert found.estimate is not None
    usage = found.estimate.workload.usage()
    assert (usage.input_tokens, usage.output_tokens, found.estimate.workload.days) == (15, Decimal("1.5"), 7)
    assert found.estimate.monthly_usd == sum(each_usd(found))


def test_a_workload_s_request_is_what_each_item_costs(catalog: Callable[..., Catalog]) -> None:
    found = estimate(catalog(STEPS), "flat", Workload(requests=9, input_tokens=1, output_tokens=1))

    assert from_workload(found, 3) == ItemCosts(
        source=CostSource.WORKLOAD, amounts=[Decimal("0.000004")] * 3, estimate=found
    )


def test_what_came_from_the_cache_or_went_to_it_is_billed_so(priced: Callable[..., ItemCosts | None]) -> None:
    parts = {"cache_read_tokens": [50, None, 0], "cache_write_tokens": [20, 0, 0], "reasoning_tokens": [0, 4, 0]}
    found = priced("cached", [100, 100, 100], [10, 10, 0], parts)

    assert found is not None
    assert [usd * MILLION for usd in each_usd(found)] == [30 * 10 + 50 + 20 * 12 + 200, 1000 + 6 * 20 + 4 * 30, 1000]
    assert found.estimate is not None
    assert found.estimate.workload.cached == pytest.approx(Decimal(50) / 300)
    said = priced("cached", [100], [10], {"cache_read_tokens": [50]}, cached=Decimal("0.1"))
    assert said is not None
    assert each_usd(said)[0] * MILLION == 90 * 10 + 10 + 200
    read = priced("cached", [0, 100], [0, 0], {"cache_read_tokens": [0, 100]})
    assert read is not None
    assert [usd * MILLION for usd in each_usd(read)] == [0, 100]
    least = priced("cached", [1], [0], {"cache_read_tokens": [1]})
    assert least is not None
    assert each_usd(least)[0] * MILLION == 1


@pytest.mark.parametrize("part", ["cache_read_tokens", "reasoning_tokens"])
def test_a_part_larger_than_its_whole_is_refused(priced: Callable[..., ItemCosts | None], part: str) -> None:
    with pytest.raises(InvalidUsageError, match="an item has more"):
        priced("cached", [100], [10], {part: [101]})
