"""A limit on what models may cost a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..workload.estimate import Estimate
from ..workload.forecast import Forecast
from ..workload.model import End


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One cost that a limit judges: the high end of an estimate, or the dearest month of a forecast (its number)."""

    estimate: Estimate
    usd: Decimal
    month: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was judged, and the limit, in USD for the workload's days. Exactly at the limit passes."""

    limit: Decimal
    judged: tuple[Judged, ...]

    @property
    def over(self) -> tuple[Judged, ...]:
        """What is above the limit."""
        return tuple(x for x in self.judged if x.usd > self.limit)

    @property
    def passed(self) -> bool:
        """Tell whether nothing is above the limit."""
        return not self.over


def judge_estimates(estimates: Sequence[Estimate], limit: Decimal) -> Verdict:
    """Judge estimates, those with a range by their high end."""
    return Verdict(limit=limit, judged=tuple(Judged(estimate=x, usd=x.monthly_at(End.HIGH)) for x in estimates))


def judge_forecasts(forecasts: Sequence[Forecast], limit: Decimal) -> Verdict:
    """Judge forecasts by their dearest month."""
    judged = []
    for x in forecasts:
        months = x.usd_by_month
        dearest = max(months, key=lambda month: months[month])
        judged.append(Judged(estimate=x.estimate, usd=months[dearest], month=dearest))
    return Verdict(limit=limit, judged=tuple(judged))
