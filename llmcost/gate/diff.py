"""What changed between two snapshots: each workload before and after, and why."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from ..lazy import dataclass
from ..pricing.exact import digits, percent_of
from ..pricing.shown import percent as shown_percent
from ..pricing.shown import usd
from .snapshot import Snapshot, WorkloadState
from .span import NOTHING, Span, increase, total


class Cause(StrEnum):
    """What a change comes from."""

    MODEL = "model"
    VOLUME = "volume"
    TOKENS = "tokens"
    TERMS = "terms"
    PRICES = "price table"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of a change, and what it was and is, in words."""

    cause: Cause
    detail: str = ""

    def words(self) -> str:
        """Both: `model openai/gpt-4o-mini -> openai/gpt-4o`."""
        return f"{self.cause} {self.detail}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class CostChange:
    """USD a month before and after, and the expected change; no percentage where it cost nothing or was not there."""

    before: Span
    after: Span
    delta_usd: Decimal
    delta_pct: Decimal | None

    @classmethod
    def of(cls, before: Span | None, after: Span | None) -> CostChange:
        """The change between two costs; what is not there (None) costs nothing."""
        was, now = before or NOTHING, after or NOTHING
        delta = increase(was, now).expected
        pct = None if before is None else percent_of(delta, was.expected)
        return cls(before=was, after=now, delta_usd=delta, delta_pct=pct)

    @property
    def words(self) -> str:
        """The change in words."""
        return change_words(self.delta_usd, self.delta_pct)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadChange:
    """One workload before and after; None where it is not there. A change of nothing may have reasons all the same."""

    workload: str
    before: WorkloadState | None
    after: WorkloadState | None
    cost: CostChange
    reasons: tuple[Reason, ...]

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What the change comes from."""
        return tuple(reason.cause for reason in self.reasons)

    @property
    def changed(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.cost.delta_usd or self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """The workloads of two snapshots, those of the second first, in its order; then those that it lacks.

    `total` is the change of all together; None where they are alternatives that do not add up.
    """

    base: str
    head: str
    changes: tuple[WorkloadChange, ...]
    total: CostChange | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowThreshold:
    """The least change that is worth showing: in USD a month, or in percent of what it was."""

    usd: Decimal | None = None
    pct: Decimal | None = None

    def hides(self, cost: CostChange) -> bool:
        """Tell whether a change is below this; one that has no percentage is never below one."""
        if self.usd is not None:
            return abs(cost.delta_usd) < self.usd
        return self.pct is not None and cost.delta_pct is not None and abs(cost.delta_pct) < self.pct


def diff(base: Snapshot, head: Snapshot) -> Diff:
    """Compare two snapshots, workload by workload."""
    base, head = base.aligned(head), head.aligned(base)
    names = dict.fromkeys((*head.workloads, *base.workloads))
    totals = [total(x.monthly for x in side.workloads.values()) for side in (base, head)]
    return Diff(
        base=base.name,
        head=head.name,
        changes=tuple(_change(name, base.workloads.get(name), head.workloads.get(name)) for name in names),
        total=None if base.alternatives or head.alternatives else CostChange.of(*totals),
    )


def _change(workload: str, before: WorkloadState | None, after: WorkloadState | None) -> WorkloadChange:
    cost = CostChange.of(before.monthly if before else None, after.monthly if after else None)
    if before is None:
        reasons: tuple[Reason, ...] = (Reason(Cause.ADDED),)
    elif after is None:
        reasons = (Reason(Cause.REMOVED),)
    else:
        reasons = _reasons(before, after, cost)
    return WorkloadChange(workload=workload, before=before, after=after, cost=cost, reasons=reasons)


def _reasons(before: WorkloadState, after: WorkloadState, cost: CostChange) -> tuple[Reason, ...]:
    """What differs; a change of money that nothing else explains is the price table's."""
    found = []
    if before.models != after.models:
        found.append(Reason(Cause.MODEL, f"{before.model_words} -> {after.model_words}"))
    if (before.requests_per_day, before.days) != (after.requests_per_day, after.days):
        found.append(Reason(Cause.VOLUME, f"{before.volume_words} -> {after.volume_words}"))
    lengths = [x.lengths or "one length" for x in (before, after)]
    if None in (before.lengths, after.lengths) or lengths[0] == lengths[1]:
        lengths = []
    if (before.input_tokens, before.output_tokens) != (after.input_tokens, after.output_tokens):
        more = f" ({' -> '.join(lengths)})" if lengths else ""
        found.append(Reason(Cause.TOKENS, f"{before.token_words} -> {after.token_words}{more}"))
    elif lengths:
        found.append(Reason(Cause.TOKENS, " -> ".join(lengths)))
    if before.terms != after.terms:
        found.append(Reason(Cause.TERMS, f"{before.term_words} -> {after.term_words}"))
    rates = [
        f"{model} {unit} {digits(before.rates[model, tier, unit])} -> {digits(rate)}"
        for (model, tier, unit), rate in after.rates.items()
        if before.rates.get((model, tier, unit), rate) != rate
    ]
    if rates:
        found.append(Reason(Cause.PRICES, ", ".join(rates)))
    elif not found and cost.delta_usd:
        found.append(Reason(Cause.PRICES))
    return tuple(found)


def change_words(delta: Decimal, pct: Decimal | None) -> str:
    """A change of USD: `+$9,165.00 (+1,566.7%)`, `-$5.00` where it has no percentage, `no change`."""
    if not delta:
        return "no change"
    sign = "+" if delta > 0 else ""
    share = "" if pct is None else f" ({sign}{shown_percent(pct)})"
    return f"{sign}{usd(delta)}{share}"
