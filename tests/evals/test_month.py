"""What both models cost in a month: what is not known is told, and terms that change nothing are refused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import UsageError
from llmcost.evals.contenders import contender
from llmcost.evals.month import Month, both_costs
from llmcost.evals.outcomes import Outcomes, Side
from llmcost.pricing.catalog import Catalog

MODELS = "a/small: {prices: {input: 1, output: 1}}\nb/both: {prices: {input: 1}}\nc/both: {prices: {input: 1}}"
TOKENS: dict[str, Any] = {"input_tokens": [9], "output_tokens": [1]}
COSTS: dict[str, Any] = {"cost": [Decimal(1)]}
HALF = Decimal("0.5"), Decimal("0.5")


def told(models: Catalog, weak: str | None, found: dict[str, Any], **job: Any) -> list[str]:
    """The notes on a weak model that has these results; the strong one has its costs."""
    sides = [contender(models, role, name) for role, name in (("weak", weak), ("strong", None))]
    outcomes = Outcomes(items=["x"], weak=Side(values=[1.0], **found), strong=Side(values=[1.0], **COSTS))
    month = Month(**{"terms": {"days": 30}, "asked": False, **job})
    return [note.text for note in both_costs(models, sides, outcomes, month, HALF)[1]]


@pytest.mark.parametrize(
    ("weak", "found", "said"),
    [
        (None, TOKENS, ["the tokens of the weak model are not priced: name its model with --weak"]),
        (None, {}, []),
        (None, {"input_tokens": [9]}, []),
        (None, COSTS, []),
        ("small", TOKENS, []),
        ("smal", {}, ["smal is not in the price table (did you mean a/small?): no costs"]),
        ("elsewhere", {}, ["elsewhere is not in the price table: no costs"]),
        ("both", {}, ["both is sold by several providers: no costs"]),
    ],
)
def test_a_cost_that_is_not_known_is_told(
    catalog: Callable[..., Catalog], weak: str | None, found: dict[str, Any], said: list[str]
) -> None:
    assert told(catalog(MODELS), weak, found) == said


@pytest.mark.parametrize(
    ("found", "days", "job"),
    [(COSTS, 30, {}), (COSTS, 7, {"requests": Decimal(9)}), (TOKENS, 7, {}), (TOKENS, 30, {"asked": True})],
)
def test_terms_that_change_what_is_told_are_taken(
    catalog: Callable[..., Catalog], found: dict[str, Any], days: int, job: dict[str, Any]
) -> None:
    assert told(catalog(MODELS), "small", found, terms={"days": days}, **job) == []


@pytest.mark.parametrize(("days", "asked"), [(7, False), (30, True)])
def test_terms_without_tokens_to_price_are_refused(catalog: Callable[..., Catalog], days: int, *, asked: bool) -> None:
    with pytest.raises(UsageError, match="price terms have no effect: nothing is priced by tokens"):
        told(catalog(MODELS), None, COSTS, terms={"days": days}, asked=asked)
