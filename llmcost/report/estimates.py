"""One estimate as flat values, and its cost in words."""

from __future__ import annotations

from ..workload.estimate import Estimate
from ..workload.model import Bound
from .display import usd
from .report import Cell
from .words import period


def estimate_values(x: Estimate) -> dict[str, Cell]:
    """One estimate as the flat values that every format chooses from."""
    bill = x.bills[Bound.EXPECTED]
    return {
        "model": x.model.id,
        "monthly_usd": bill.total.usd,
        "per_request_usd": bill.per_request.usd,
        "input_usd": bill.total.input_usd,
        "output_usd": bill.total.output_usd,
        "fees_usd": bill.total.fees_usd,
        "daily_usd": x.daily_usd,
        "yearly_usd": x.yearly_usd,
        "monthly_low_usd": x.monthly_at(Bound.LOW),
        "monthly_high_usd": x.monthly_at(Bound.HIGH),
        "requests_per_day": x.workload.daily_requests(),
        "input_tokens": bill.usage.input_tokens,
        "output_tokens": bill.usage.output_tokens,
        "input_rate_usd_per_1m": x.input_rate,
        "output_rate_usd_per_1m": x.output_rate,
        "shutdown": x.model.shutdown,
        "checked": x.model.checked,
        "source": x.model.source,
        "price_table": x.origin,
    }


def amount(x: Estimate) -> str:
    """The cost in words: `$585.00 a month`, or its range and its middle."""
    if not x.workload.ranged:
        return f"{usd(x.monthly_usd)} {period(x.workload)}"
    low, high = usd(x.monthly_at(Bound.LOW)), usd(x.monthly_at(Bound.HIGH))
    return f"{low} to {high} {period(x.workload)} (expected {usd(x.monthly_usd)})"
