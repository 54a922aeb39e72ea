"""What two models cost on results: where an answer's cost comes from, a correct answer, a month, a saving."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from llmcost.evals.money import Money, Spending, item_costs, right_shares, spending
from llmcost.evals.outcomes import Side
from llmcost.evals.validate import validate
from llmcost.pricing.catalog import Catalog
from llmcost.workload.items import CostSource, ItemCosts

SIDES = {
    "weak": Side(values=[1, 0], input_tokens=[10, 20], output_tokens=[1, 2], cost=[Decimal("0.5"), None]),
    "strong": Side(values=[1, 1], input_tokens=[10, None], output_tokens=[1, 2]),
}


def costs(*usd: str) -> ItemCosts:
    return ItemCosts(source=CostSource.COSTS, amounts=[Decimal(x) for x in usd])


def test_costs_go_before_tokens_and_gaps_count_where_every_item_is_asked_for(
    catalog: Callable[..., Catalog],
) -> None:
    known = catalog("a/flat: {prices: {input: 1, output: 1}}")

    def found(side: str, *, priced: bool = True, every: bool = False) -> tuple[CostSource, int] | None:
        model = known.resolve("flat") if priced else None
        x = item_costs(known, SIDES[side], model, {}, every=every)
        return None if x is None else (x.source, len(x.amounts))

    assert found("weak") == found("weak", priced=False) == (CostSource.COSTS, 1)
    assert found("weak", every=True) == (CostSource.TOKENS, 2)
    assert found("weak", every=True, priced=False) is None
    assert found("strong") == (CostSource.TOKENS, 1)
    assert found("strong", every=True) is None


def test_a_correct_answer_costs_an_answer_divided_by_their_share() -> None:
    answers = costs("0.1", "0.5")

    found = spending(answers, Decimal("0.75"), requests=Decimal(100))

    assert (found.per_correct_usd, found.monthly_usd) == (Decimal("0.4"), Decimal(30))
    assert spending(answers, Decimal(0)).per_correct_usd is None
    assert spending(None, Decimal(1)) == Spending()


def test_the_shares_of_correct_answers_are_counted_exactly() -> None:
    counted = validate([1.0, 0, 0, 0, 0, 1], [1.0, 1, 1, 1, 1, 0], margin=0.1)
    scored = validate([0.5, 0.75], [1.0, 0.5], margin=0.1)

    assert [round(x, 28) for x in right_shares(counted)] == [round(Decimal(x) / 6, 28) for x in (2, 5)]
    assert right_shares(scored) == (Decimal("0.625"), Decimal("0.75"))
    assert not any(right_shares(scored, graded=True))


def test_a_saving_is_known_where_both_sides_are() -> None:
    cheap = spending(costs("1"), Decimal(1))
    dear = spending(costs("4"), Decimal(1))

    assert Money(weak=cheap, strong=dear).saving_usd is None
    assert Money(weak=cheap, strong=dear).saving_pct == 75
    assert Money(weak=dear, strong=cheap).saving_pct == -300
    assert Money(weak=cheap).saving_pct is None
    assert Money().saving_usd is None
