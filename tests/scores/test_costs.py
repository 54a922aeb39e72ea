"""What a right answer costs, and by what models are sorted cheapest first."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.scores.costs import CorrectCost, CostFrom, Costs, per_correct
from llmcost.scores.model import CostBasis
from llmcost.workload.compare import default_workload
from llmcost.workload.estimate import estimate
from llmcost.workload.model import Workload

from .scores import book, score

RUN: dict[str, Any] = {"cost_usd": Decimal(50), "cost_basis": CostBasis.RUN}
ITEM: dict[str, Any] = {"cost_usd": Decimal("0.5"), "cost_basis": CostBasis.ITEM}


@pytest.mark.parametrize(
    ("key", "value", "terms", "request_usd", "expected"),
    [
        ("exam", "50", RUN, None, ("0.5", CostFrom.RUN)),
        ("exam", "50", ITEM, "9", ("1", CostFrom.RUN)),
        ("exam", "80", {}, "0.002", ("0.0025", CostFrom.WORKLOAD)),
        ("exam", "80", {}, "0", ("0", CostFrom.WORKLOAD)),
        ("exam", "80", {}, None, None),
        ("exam", "1", ITEM, None, ("50", CostFrom.RUN)),
        ("exam", "0", ITEM, None, None),
        ("errors", "50", ITEM, None, None),
        ("board", "1500", ITEM, None, None),
    ],
)
def test_a_right_answer_costs_an_item_over_the_share_of_right_answers(
    key: str, value: str, terms: dict[str, Any], request_usd: str | None, expected: tuple[str, CostFrom] | None
) -> None:
    found = score("a/one", key, value, **terms)

    cost = per_correct(book(found), found, None if request_usd is None else Decimal(request_usd))
    assert cost == (None if expected is None else CorrectCost(usd=Decimal(expected[0]), cost_from=expected[1]))


MODELS = """
a/one: {prices: {input: 1, output: 10}}
a/two: {prices: {input: 2, output: 3}}
a/embed: {mode: embedding, prices: {input: 1}}
"""


def test_a_workload_given_costs_an_answer_what_a_request_costs(catalog: Callable[[str], Catalog]) -> None:
    job = Workload(requests_per_day=10, input_tokens=1000, output_tokens=100)
    one, other = score("a/one", "exam", "50"), score("b/two", "exam", "50")
    costs = Costs(estimates={"a/one": estimate(catalog(MODELS), "a/one", job)})

    found = costs.of_correct(book(one, other), one)
    assert found == CorrectCost(usd=Decimal("0.004"), cost_from=CostFrom.WORKLOAD)
    assert costs.of_correct(book(one, other), other) is None
    default = Costs(estimates={"a/one": estimate(catalog(MODELS), "a/one", default_workload())})
    assert default.of_correct(book(one), one) is None


def test_the_cheapest_come_first_by_their_rates_or_by_the_workload(catalog: Callable[[str], Catalog]) -> None:
    made = catalog(MODELS)
    inputs = Workload(requests_per_day=10, input_tokens=1000, output_tokens=0)
    rates = Costs(estimates={x: estimate(made, x, default_workload()) for x in ("a/one", "a/two", "a/embed")})
    given = Costs(estimates={x: estimate(made, x, inputs) for x in ("a/one", "a/two")})

    names = ["b/none", "a/one", "a/two"]
    assert sorted([*names, "a/embed"], key=rates.sort_key) == ["a/embed", "a/two", "a/one", "b/none"]
    assert sorted(names, key=given.sort_key) == ["a/one", "a/two", "b/none"]
