"""A limit on what models may cost a month: --fail-over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal

from ..lazy import dataclass
from ..workload.estimate import Estimate, later_costs
from ..workload.forecast import Forecast
from ..workload.model import Bound
from .finding import Level, worst

WARN_DAYS = 30
"""So far ahead a rise that the price table already knows is looked for, unless a policy says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCost:
    """One cost that a limit judges, in USD for the workload's days.

    `usd` is what an estimate expects, or the dearest month of a forecast (its number); `high` is the high end. `later`
    is what the price table already knows to cost more within WARN_DAYS, by the day from which on it does.
    """

    estimate: Estimate
    usd: Decimal
    high: Decimal
    level: Level
    month: int | None = None
    later: Mapping[date, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitResult:
    """What was judged, and the limit. Exactly at the limit passes; a warning passes too."""

    limit: Decimal
    judged: tuple[JudgedCost, ...]

    @property
    def over(self) -> tuple[JudgedCost, ...]:
        """What fails: it is above the limit."""
        return tuple(x for x in self.judged if x.level is Level.FAIL)

    @property
    def verdict(self) -> Level:
        """The worst of all."""
        return worst(x.level for x in self.judged)


def judge_estimates(estimates: Sequence[Estimate], limit: Decimal) -> LimitResult:
    """Judge estimates as `check` judges a budget: what is expected fails, the high end and a known rise warn."""
    return LimitResult(limit=limit, judged=tuple(_judged(x, limit) for x in estimates))


def judge_forecasts(forecasts: Sequence[Forecast], limit: Decimal) -> LimitResult:
    """Judge forecasts by their dearest month: the months were asked for, and each must keep the limit."""
    judged = []
    for x in forecasts:
        months = x.usd_by_month
        dearest = max(months, key=lambda month: months[month])
        usd = months[dearest]
        level = Level.of(usd, usd, limit)
        judged.append(JudgedCost(estimate=x.estimate, usd=usd, high=usd, level=level, month=dearest))
    return LimitResult(limit=limit, judged=tuple(judged))


def _judged(x: Estimate, limit: Decimal) -> JudgedCost:
    usd, high = x.monthly_usd, x.monthly_at(Bound.HIGH)
    costs = later_costs(x, WARN_DAYS)
    later = {day: cost for day, cost in costs.items() if cost is not None and cost > limit}
    level = Level.of(usd, max((high, *later.values())), limit)
    return JudgedCost(estimate=x, usd=usd, high=high, level=level, later=later)
