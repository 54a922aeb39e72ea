"""A limit on what models may cost a month: --fail-over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..workload.estimate import Estimate
from ..workload.forecast import Forecast
from ..workload.model import Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCost:
    """One cost that a limit judges: the high end of an estimate, or the dearest month of a forecast (its number)."""

    estimate: Estimate
    usd: Decimal
    month: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitResult:
    """What was judged, and the limit, in USD for the workload's days. Exactly at the limit passes."""

    limit: Decimal
    judged: tuple[JudgedCost, ...]

    @property
    def over(self) -> tuple[JudgedCost, ...]:
        """What is above the limit."""
        return tuple(x for x in self.judged if x.usd > self.limit)

    @property
    def passed(self) -> bool:
        """Tell whether nothing is above the limit."""
        return not self.over


def judge_estimates(estimates: Sequence[Estimate], limit: Decimal) -> LimitResult:
    """Judge estimates, those with a range by their high end."""
    return LimitResult(
        limit=limit, judged=tuple(JudgedCost(estimate=x, usd=x.monthly_at(Bound.HIGH)) for x in estimates)
    )


def judge_forecasts(forecasts: Sequence[Forecast], limit: Decimal) -> LimitResult:
    """Judge forecasts by their dearest month."""
    judged = []
    for x in forecasts:
        months = x.usd_by_month
        dearest = max(months, key=lambda month: months[month])
        judged.append(JudgedCost(estimate=x.estimate, usd=months[dearest], month=dearest))
    return LimitResult(limit=limit, judged=tuple(judged))
