"""What the workloads of llmcost.yaml cost: each a mix of models by share, priced as the weighted sum of their bills."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, localcontext

from ..document import Fault
from ..errors import LLMCostError, NotSoldError
from ..lazy import dataclass
from ..pricing.catalog import Catalog
from ..pricing.cost import CostLine, Terms
from ..pricing.exact import EXACT
from ..pricing.units import PER_RATE, Unit
from ..workload.estimate import Bill, Estimate, estimate
from ..workload.forecast import forecast
from ..workload.model import Bound
from .config import Config, ConfiguredWorkload
from .span import Ends

MONTHS = 12
"""So far ahead a growing workload is looked at."""

ListRates = Mapping[tuple[str, str, str], Decimal]
"""The list rates behind a bill by model, tier and unit: USD per 1M tokens, or for one of a fee."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One model of a workload: its name as written, its share of the requests, and what all of them would cost."""

    name: str
    share: Decimal
    estimate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedWorkload:
    """A workload with its bills. `months` is the USD of each of the next MONTHS months where it grows, else empty."""

    configured: ConfiguredWorkload
    parts: tuple[Part, ...]
    months: tuple[Decimal, ...] = ()

    @property
    def name(self) -> str:
        """The name of the workload."""
        return self.configured.name

    @property
    def monthly(self) -> Ends:
        """USD a month at each end of the workload's ranges."""
        return self._weighted(lambda bill: bill.total.usd)

    @property
    def per_1k_requests(self) -> Ends:
        """USD for 1,000 requests at each end."""
        return self._weighted(lambda bill: bill.per_request.usd * 1000)

    @property
    def rates(self) -> ListRates:
        """The list rates of what is billed: those of the tier, whatever the region and the length of the requests."""
        found: dict[tuple[str, str, str], Decimal] = {}
        for part in self.parts:
            x = part.estimate
            for line in x.bills[Bound.EXPECTED].total.lines:
                key = (x.model.id, line.tier, str(line.unit))
                found[key] = line.rate if line.per != PER_RATE else _list_rate(x, line)
        return found

    def _weighted(self, amount: Callable[[Bill], Decimal]) -> Ends:
        with localcontext(EXACT):
            return {
                end: sum((part.share * amount(part.estimate.bills[end]) for part in self.parts), Decimal(0))
                for end in Bound
            }


def total_months(workloads: Sequence[PricedWorkload]) -> tuple[Decimal, ...]:
    """USD of each of the next MONTHS months of all workloads; empty where none grows."""
    if not any(x.months for x in workloads):
        return ()
    with localcontext(EXACT):
        each = [x.months or (x.monthly[Bound.EXPECTED],) * MONTHS for x in workloads]
        return tuple(sum(month, Decimal(0)) for month in zip(*each, strict=True))


def price_config(config: Config, catalog: Catalog) -> tuple[tuple[PricedWorkload, ...], list[Fault]]:
    """Every workload with its bills, and a fault for each model that is unknown or does not sell what is asked.

    What is at fault is left out of the bills: there are no bills to use where there is a fault.
    """
    priced: list[PricedWorkload] = []
    faults: list[Fault] = []
    for configured in config.workloads:
        parts: list[Part] = []
        months: list[tuple[Decimal, ...]] = []
        for name, share in configured.models.items():
            try:
                found = estimate(catalog, name, configured.workload)
                months.append(_months(found, configured, share))
            except LLMCostError as error:
                faults.append(Fault(configured.path_of(name), error.sentence, on_key=configured.routed))
            else:
                parts.append(Part(name=name, share=share, estimate=found))
        with localcontext(EXACT):
            sums = tuple(sum(month, Decimal(0)) for month in zip(*months, strict=True))
        priced.append(PricedWorkload(configured=configured, parts=tuple(parts), months=sums))
    return tuple(priced), faults


def _months(found: Estimate, configured: ConfiguredWorkload, share: Decimal) -> tuple[Decimal, ...]:
    if not configured.growth:
        return ()
    months = forecast(found, growth=configured.growth, months=MONTHS).usd_by_month
    with localcontext(EXACT):
        return tuple(usd * share for usd in months.values())


def _list_rate(x: Estimate, line: CostLine) -> Decimal:
    """The rate of a short request in no region; of a unit that only long requests have, that of this one."""
    terms = Terms.of(x.model, tier=line.tier, at=x.day)
    try:
        with localcontext(EXACT):
            return terms.rate(Unit(line.unit), Decimal(0))
    except NotSoldError:
        return line.rate
