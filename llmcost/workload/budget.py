"""The other way round: how many requests a day a budget pays for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from decimal import Decimal, localcontext

from ..lazy import dataclass
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

    def at(number: Decimal) -> Estimate:
        return estimate(catalog, model, replace(workload, requests_per_day=number, requests=None))

    one = at(Decimal(1))
    if not one.monthly_at(Bound.LOW):
        return Affordable(estimate=one, budget=budget, requests=None)
    numbers = {}
    for end, pick in ((Bound.LOW, _dearest), (Bound.EXPECTED, _expected), (Bound.HIGH, _cheapest)):
        number, found = Decimal(-1), Decimal(0)
        while found > number:  # the more requests, the more of them find a cache: they may become cheaper
            number = found
            with localcontext(EXACT):
                found = _within(pick(at(number + 1)).scaled(Decimal(workload.days)), budget)
        numbers[end] = number
    return Affordable(estimate=at(numbers[Bound.EXPECTED]), budget=budget, requests=numbers)


def _expected(x: Estimate) -> Cost:
    return x.bills[Bound.EXPECTED].per_request


def _dearest(x: Estimate) -> Cost:
    return max((bill.per_request for bill in x.bills.values()), key=lambda cost: cost.usd)


def _cheapest(x: Estimate) -> Cost:
    return min((bill.per_request for bill in x.bills.values()), key=lambda cost: cost.usd)


def _within(cost: Cost, budget: Decimal) -> Decimal:
    """How many times a budget pays a cost, which is not trusted to its last digit: it may be a rounded quotient."""
    with localcontext(EXACT):
        number = budget // cost.usd
        return number + 1 if cost.scaled(number + 1).usd <= budget else number
