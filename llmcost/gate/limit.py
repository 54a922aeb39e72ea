"""A limit on what models may cost a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..workload.estimate import Estimate
from ..workload.model import End


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether every estimate is within the limit (USD for the workload's days), and which are not."""

    limit: Decimal
    estimates: tuple[Estimate, ...]
    over: tuple[Estimate, ...]

    @property
    def passed(self) -> bool:
        """Tell whether none is above the limit."""
        return not self.over


def within_limit(estimates: Sequence[Estimate], limit: Decimal) -> Verdict:
    """Judge estimates by their high end; exactly at the limit passes."""
    over = tuple(x for x in estimates if x.monthly(End.HIGH) > limit)
    return Verdict(limit=limit, estimates=tuple(estimates), over=over)
