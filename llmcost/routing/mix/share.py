"""Part of the traffic to the strong model: what the mix costs, and what is known of its quality from two scores alone.

The formulas of quality take scores as shares, 0 to 1; money is in USD for the days of the workload.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from decimal import Decimal, localcontext
from math import sqrt

from ...errors import InvalidUsageError, UsageError
from ...lazy import dataclass
from ...pricing.catalog import Catalog
from ...pricing.exact import EXACT, percent_of
from ...pricing.model import Model
from ...pricing.usage import Share, Tokens, checked_share, exact_number
from ...workload.estimate import Estimate, estimate
from ...workload.model import Workload

PHI = 0.45
"""The correlation of two models' right answers where only their totals are known: measured from 0.11 to 0.73."""


class TrafficPlan(ABC):
    """A routing plan, compared with sending all requests to the strong model."""

    __slots__ = ()
    all_strong: Estimate

    @property
    @abstractmethod
    def monthly_usd(self) -> Decimal:
        """USD for the workload's days (30 unless it says otherwise), expected."""

    @property
    def saving_usd(self) -> Decimal:
        """USD saved against the strong model alone; negative where it costs more."""
        with localcontext(EXACT):
            return self.all_strong.monthly_usd - self.monthly_usd

    @property
    def saving_pct(self) -> Decimal | None:
        """The saving in percent of what the strong model alone costs; None where that costs nothing."""
        return percent_of(self.saving_usd, self.all_strong.monthly_usd)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix(TrafficPlan):
    """A mix: this share (0 to 1) of the requests goes to the strong model, the rest to the weak one.

    `all_weak` and `all_strong` are the whole traffic on one model; `weak_part` and `strong_part` are what the whole
    traffic would cost if all requests were like those that the model gets, which are others where prompts are routed
    by their kind. `router_usd` is what deciding costs, for all requests.
    """

    all_weak: Estimate
    all_strong: Estimate
    weak_part: Estimate
    strong_part: Estimate
    share: Decimal
    router_usd: Decimal

    @property
    def monthly_usd(self) -> Decimal:
        """USD for the workload's days (30 unless it says otherwise), expected, the router's own cost included.

        (1 - share) x weak + share x strong + router.
        """
        with localcontext(EXACT):
            return (
                (1 - self.share) * self.weak_part.monthly_usd
                + self.share * self.strong_part.monthly_usd
                + self.router_usd
            )


def mix(
    catalog: Catalog,
    weak: str | Model,
    strong: str | Model,
    workload: Workload,
    share: Share,
    *,
    overhead_usd: Tokens = 0,
) -> Mix:
    """Cost of a workload with this share (0 to 1) of its requests on the strong model.

    `overhead_usd` is what the router costs for one request. Raises what `estimate` raises, InvalidUsageError for a
    share that is not from 0 to 1, and UsageError for an overhead below 0.
    """
    part, overhead = checked_share("share", share), checked_usd("overhead_usd", overhead_usd)
    cheap, dear = estimate(catalog, weak, workload), estimate(catalog, strong, workload)
    with localcontext(EXACT):
        router = overhead * workload.total_requests()
    return Mix(all_weak=cheap, all_strong=dear, weak_part=cheap, strong_part=dear, share=part, router_usd=router)


def diverted(found: Estimate, other: Estimate, share: Decimal) -> Estimate:
    """An estimate with this share (0 to 1) of the requests at another model, which alone can take them."""
    bills = {}
    with localcontext(EXACT):
        for end, bill in found.bills.items():
            each = bill.per_request.scaled(1 - share) + other.bills[end].per_request.scaled(share)
            bills[end] = replace(bill, per_request=each, total=each.scaled(bill.requests))
    return replace(found, bills=bills)


def checked_usd(name: str, usd: Tokens) -> Decimal:
    """An amount as a Decimal; one below 0 is a UsageError, a float an InvalidUsageError."""
    if isinstance(usd, float):
        raise InvalidUsageError(f'{name} must be an int or a Decimal, not a float: Decimal("{usd}")')
    value = exact_number(name, usd)
    if value < 0:
        raise UsageError(f"{name} cannot be negative, found {usd}")
    return value


def share_for_budget(budget: Decimal, base: Decimal, whole: Decimal) -> Decimal | None:
    """The largest share of strong calls that a budget pays for, at most 1; None where it pays not even for none.

    `base` is what no strong call costs, `whole` what a strong call for every request adds to it (it may be negative).
    """
    with localcontext(EXACT):
        if base + max(whole, Decimal(0)) <= budget:
            return Decimal(1)
        if whole > 0:
            return (budget - base) / whole if base <= budget else None
        return Decimal(1) if base + whole <= budget else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Two models' shares of right answers on the same questions, 0 to 1, where nothing is known item by item."""

    weak: float
    strong: float

    def random(self, share: float) -> float:
        """The expected quality of a router that sends this share to the strong model at random."""
        return self.weak + share * (self.strong - self.weak)

    def both_bounds(self) -> tuple[float, float]:
        """The least and greatest share that both can have right (Fréchet's bounds)."""
        return max(0.0, self.weak + self.strong - 1), min(self.weak, self.strong)

    def both(self, phi: float) -> float:
        """The share that both have right where their answers correlate by `phi`, within the bounds.

        both = w s + phi √(w (1-w) s (1-s)).
        """
        low, high = self.both_bounds()
        return min(high, max(low, self.weak * self.strong + phi * self._spread))

    def phi_bounds(self) -> tuple[float, float]:
        """The least and greatest correlation that answers with these totals can have; no limit for 0 and 1."""
        if not self._spread:
            return -1.0, 1.0
        low, high = ((both - self.weak * self.strong) / self._spread for both in self.both_bounds())
        return low, high

    @property
    def _spread(self) -> float:
        return sqrt(self.weak * (1 - self.weak) * self.strong * (1 - self.strong))

    def oracle(self, both: float) -> float:
        """The quality of the perfect router with no limit on its share: right where either model is."""
        return self.weak + self.strong - both

    def perfect(self, share: float, both: float) -> float:
        """The quality of the perfect router that sends just this share.

        First what only the strong model has right, then what is the same with either, at last what it loses.
        """
        gained, lost = self.strong - both, self.weak - both
        return self.weak + min(share, gained) - max(0.0, share - (1 - lost))

    def perfect_bounds(self, share: float) -> tuple[float, float]:
        """The least and greatest quality that the perfect router can have at this share, from totals alone."""
        low, high = self.both_bounds()
        return self.perfect(share, high), self.perfect(share, low)

    def share_for(self, quality: float) -> float | None:
        """The least share at which the random mix has this quality; None where even the strong model has not."""
        if quality <= self.weak:
            return 0.0
        return (quality - self.weak) / (self.strong - self.weak) if quality <= self.strong else None
