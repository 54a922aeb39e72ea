"""The weak model first, the strong one where a checker rejects the answer: what it costs and what quality it has.

Both models and the checker are paid for an escalated request: c = c_weak + c_check + e c_strong, where e is the share
that is escalated. It saves money only where e < 1 - (c_weak + c_check) / c_strong.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from math import fsum

from ...lazy import dataclass
from ...pricing.catalog import Catalog
from ...pricing.exact import EXACT, total
from ...pricing.model import Model
from ...pricing.usage import Share, Tokens, checked_share
from ...workload.estimate import Estimate, estimate
from ...workload.model import Workload
from .share import Totals, TrafficPlan, checked_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascade(TrafficPlan):
    """A cascade: all requests go to the weak model, this share (0 to 1) of them to the strong one too.

    `check_usd` is what checking all answers costs, for the workload's days.
    """

    all_weak: Estimate
    all_strong: Estimate
    escalated: Decimal
    check_usd: Decimal

    @property
    def monthly_usd(self) -> Decimal:
        """USD for the workload's days (30 unless it says otherwise), expected: weak + check + escalated x strong."""
        with localcontext(EXACT):
            return self.all_weak.monthly_usd + self.check_usd + self.escalated * self.all_strong.monthly_usd

    @property
    def break_even(self) -> Decimal | None:
        """The escalated share below which the cascade saves money; below 0 it never does.

        1 - (weak + check) / strong; None where the strong model costs nothing.
        """
        return break_even(total((self.all_weak.monthly_usd, self.check_usd)), self.all_strong.monthly_usd)


def cascade(
    catalog: Catalog,
    weak: str | Model,
    strong: str | Model,
    workload: Workload,
    escalated: Share,
    *,
    check_usd: Tokens = 0,
) -> Cascade:
    """Cost of a workload if this share (0 to 1) of the weak answers is escalated.

    `check_usd` is what checking one answer costs. Raises what `estimate` raises, InvalidUsageError for a share that is
    not from 0 to 1, and UsageError for a cost below 0.
    """
    part, check = checked_share("escalated", escalated), checked_usd("check_usd", check_usd)
    cheap, dear = estimate(catalog, weak, workload), estimate(catalog, strong, workload)
    with localcontext(EXACT):
        return Cascade(all_weak=cheap, all_strong=dear, escalated=part, check_usd=check * workload.total_requests())


def break_even(first: Decimal, strong: Decimal) -> Decimal | None:
    """The escalated share at which a cascade costs what the strong model alone does; None where that is free.

    `first` is what the weak answers and the checks cost, `strong` what the strong model costs for all requests.
    """
    with localcontext(EXACT):
        return 1 - first / strong if strong else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """What a checker of weak answers does: it rejects `catch` of the wrong ones and `false_alarm` of the right ones."""

    catch: float
    false_alarm: float

    def escalated(self, weak: float) -> float:
        """The share that is escalated, where `weak` is the weak model's share of right answers."""
        return self.false_alarm * weak + self.catch * (1 - weak)

    def quality(self, totals: Totals, both: float) -> float:
        """The share of right answers after the cascade, where `both` is the share both models have right.

        What the weak model has right and the checker lets pass, and what the strong model has right of the rest:
        weak (1 - false alarm) + false alarm x both + catch x strong only.
        """
        only_strong = totals.strong - both
        return totals.weak * (1 - self.false_alarm) + self.false_alarm * both + self.catch * only_strong

    def quality_bounds(self, totals: Totals) -> tuple[float, float]:
        """The least and greatest quality that there can be, from totals alone."""
        ends = [self.quality(totals, both) for both in totals.both_bounds()]
        return min(ends), max(ends)

    def chances(self, weak: Sequence[float]) -> list[float]:
        """The chance that each item is escalated; half a right answer is half right and half wrong."""
        return [self.escalated(score) for score in weak]


def expected_quality(weak: Sequence[float], strong: Sequence[float], chances: Sequence[float]) -> float:
    """The mean score where each item is escalated by its chance."""
    return fsum(w + p * (s - w) for w, s, p in zip(weak, strong, chances, strict=True)) / len(weak)
