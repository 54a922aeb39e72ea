"""The other way round: how many requests a day a budget pays for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext

from ..pricing.catalog import Catalog
from ..pricing.cost import Cost
from ..pricing.exact import EXACT
from ..pricing.model import Model
from .estimate import Estimate, estimate
from .lengths import Bound
from .model import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Affordable:
    """What a budget pays for on one model: whole requests a day, at each end of the workload's ranges.

    LOW is the fewest, where requests are dearest. `requests` is None where they cost nothing. `estimate` is of the
    expected number of them.
    """

    estimate: Estimate
    budget: Decimal
    requests: Mapping[Bound, Decimal] | None = field(hash=False)


def affordable(catalog: Catalog, model: str | Model, workload: Workload, budget: Decimal) -> Affordable:
    """The requests a day that a budget in USD for the workload's days pays for; the workload's own number is not asked.

    Raises what `estimate` raises.
    """
    one = estimate(catalog, model, replace(workload, requests_per_day=Decimal(1), requests=None))
    bills = {bound: bill.total for bound, bill in one.bills.items()}
    dearest, cheapest = (pick(bills.values(), key=lambda cost: cost.usd) for pick in (max, min))
    if not cheapest.usd:
        return Affordable(estimate=one, budget=budget, requests=None)
    costs = {Bound.LOW: dearest, Bound.EXPECTED: bills[Bound.EXPECTED], Bound.HIGH: cheapest}
    numbers = {bound: _within(cost, budget) for bound, cost in costs.items()}
    found = estimate(catalog, model, replace(one.workload, requests_per_day=numbers[Bound.EXPECTED]))
    return Affordable(estimate=found, budget=budget, requests=numbers)


def _within(cost: Cost, budget: Decimal) -> Decimal:
    """How many times a cost a budget pays for; a cost that has no end is not trusted to the last digit."""
    with localcontext(EXACT):
        number = budget // cost.usd
        return number + 1 if cost.scaled(number + 1).usd <= budget else number
