"""What answers cost: exact decimals, long-context steps, what is not known."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from llmcost.benchmarks.money import Answers, Basis, Money, Spending, priced, recorded, spending
from llmcost.errors import NotSoldError
from llmcost.pricing.catalog import Catalog

STEPS = """
a/long:
  prices:
    input: 1
    output: 2
    long_context:
      - {above: 1000, input: 10, output: 20}
    tiers:
      batch: {input: 0.5, output: 1, max_input: 1500}
"""


def test_the_mean_of_recorded_costs_is_over_the_items_that_have_one() -> None:
    assert recorded([Decimal("0.1"), None, Decimal("0.2")]) == Answers(basis=Basis.COSTS, usd=Decimal("0.15"), items=2)
    assert recorded([None, None]) is None
    assert recorded(None) is None


def test_each_item_pays_the_rates_of_its_own_length(catalog: Callable[..., Catalog]) -> None:
    known = catalog(STEPS)

    found = priced(known, known.resolve("a/long"), [1000, 1001, 400, 3000], [10, 10, 0, 0], {})

    assert found is not None
    total = (1000 + 400) * 1 + 10 * 2 + (1001 + 3000) * 10 + 10 * 20
    assert found.usd * 4 * 1_000_000 == total
    assert found.items == 4


def test_one_item_longer_than_a_tier_sells_is_an_error(catalog: Callable[..., Catalog]) -> None:
    known = catalog(STEPS)

    with pytest.raises(NotSoldError, match="does not sell batch above 1,500 input tokens"):
        priced(known, known.resolve("a/long"), [10, 10, 1501], [1, 1, 1], {"tier": "batch"})


def test_averages_of_tokens_are_priced_exactly(catalog: Callable[..., Catalog]) -> None:
    known = catalog("a/flat: {prices: {input: 1, output: 3}}")

    found = priced(known, known.resolve("a/flat"), [Decimal("10.5"), None, 20], [Decimal("0.5"), 1, None], {})

    assert found is not None
    assert (found.usd, found.items) == (Decimal("0.000012"), 1)
    assert priced(known, known.resolve("a/flat"), [None], [1], {}) is None
    assert priced(known, known.resolve("a/flat"), None, [1], {}) is None


def test_a_correct_answer_costs_an_answer_divided_by_their_share() -> None:
    answers = Answers(basis=Basis.COSTS, usd=Decimal("0.3"), items=9)

    found = spending(answers, Decimal("0.75"), requests=Decimal(100))

    assert (found.per_correct_usd, found.monthly_usd) == (Decimal("0.4"), Decimal(30))
    assert spending(answers, Decimal(0)).per_correct_usd is None
    assert spending(None, Decimal(1)) == Spending()


def test_a_saving_is_known_where_both_sides_are() -> None:
    cheap = spending(Answers(basis=Basis.COSTS, usd=Decimal(1)), Decimal(1))
    dear = spending(Answers(basis=Basis.COSTS, usd=Decimal(4)), Decimal(1))

    assert Money(weak=cheap, strong=dear).saving_usd is None
    assert Money(weak=cheap, strong=dear).saving_pct == 75
    assert Money(weak=dear, strong=cheap).saving_pct == -300
    assert Money(weak=cheap).saving_pct is None
    assert Money().saving_usd is None
