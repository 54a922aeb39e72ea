"""What changed between two snapshots: each workload before and after, and why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum

from ..pricing.exact import EXACT, digits
from ..pricing.shown import percent as shown_percent
from ..pricing.shown import usd
from .bills import NOTHING, Span
from .snapshot import Entry, Snapshot, increase, percent, total


class Why(StrEnum):
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

    why: Why
    detail: str = ""

    def words(self) -> str:
        """Return both: `model openai/gpt-4o-mini -> openai/gpt-4o`."""
        return f"{self.why} {self.detail}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One workload before and after; None where it is not there. A change of nothing may have reasons all the same."""

    workload: str
    before: Entry | None
    after: Entry | None
    reasons: tuple[Reason, ...]

    @property
    def delta_usd(self) -> Decimal:
        """USD a month more than before, expected; what is not there costs nothing."""
        before, after = (NOTHING if x is None else x.monthly for x in (self.before, self.after))
        return increase(before, after).expected

    @property
    def delta_pct(self) -> Decimal | None:
        """The change in percent of what it was; None where it was not there or cost nothing."""
        return None if self.before is None else percent(self.delta_usd, self.before.monthly.expected)

    @property
    def changed(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.delta_usd or self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """The workloads of two snapshots, those of the second first, in its order; then those that it lacks.

    `before` and `after` are the totals; None where the entries are alternatives that do not add up.
    """

    base: str
    head: str
    moves: tuple[Move, ...]
    before: Span | None
    after: Span | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """The least change that is worth showing: in USD a month, or in percent of what it was."""

    usd: Decimal | None = None
    pct: Decimal | None = None

    def hides(self, move: Move) -> bool:
        """Tell whether a change is below this; one that has no percentage is never below one."""
        if self.usd is not None:
            return abs(move.delta_usd) < self.usd
        return self.pct is not None and move.delta_pct is not None and abs(move.delta_pct) < self.pct


def diff(base: Snapshot, head: Snapshot) -> Diff:
    """Compare two snapshots, workload by workload."""
    base, head = base.aligned(head), head.aligned(base)
    names = dict.fromkeys((*head.entries, *base.entries))
    both = not (base.alternatives or head.alternatives)
    return Diff(
        base=base.name,
        head=head.name,
        moves=tuple(move(name, base.entries.get(name), head.entries.get(name)) for name in names),
        before=total(x.monthly for x in base.entries.values()) if both else None,
        after=total(x.monthly for x in head.entries.values()) if both else None,
    )


def move(workload: str, before: Entry | None, after: Entry | None) -> Move:
    """Compare one workload."""
    if before is None:
        reasons: tuple[Reason, ...] = (Reason(Why.ADDED),)
    elif after is None:
        reasons = (Reason(Why.REMOVED),)
    else:
        reasons = _reasons(before, after)
    return Move(workload=workload, before=before, after=after, reasons=reasons)


def without(cost: Span, move: Move) -> Span:
    """Return what a cost would be, end by end, if one of the workloads in it had not changed."""
    before, after = (NOTHING if x is None else x.monthly for x in (move.before, move.after))
    with localcontext(EXACT):
        return Span(
            low=cost.low - after.low + before.low,
            expected=cost.expected - after.expected + before.expected,
            high=cost.high - after.high + before.high,
        )


def _reasons(before: Entry, after: Entry) -> tuple[Reason, ...]:
    """Return what differs; a change of money that nothing else explains is the price table's."""
    pairs = {
        Why.MODEL: (before.model, after.model),
        Why.VOLUME: (before.volume, after.volume),
        Why.TOKENS: (before.tokens, after.tokens),
        Why.TERMS: (before.terms, after.terms),
    }
    found = [Reason(why, f"{a} -> {b}") for why, (a, b) in pairs.items() if a != b]
    rates = [
        f"{model} {unit} {digits(before.rates[model, tier, unit])} -> {digits(rate)}"
        for (model, tier, unit), rate in after.rates.items()
        if before.rates.get((model, tier, unit), rate) != rate
    ]
    if rates:
        found.append(Reason(Why.PRICES, ", ".join(rates)))
    elif not found and increase(before.monthly, after.monthly).expected:
        found.append(Reason(Why.PRICES))
    return tuple(found)


def change_words(delta: Decimal, pct: Decimal | None) -> str:
    """Return a change of USD: `+$9,165.00 (+1,566.7%)`, `-$5.00` where it has no percentage, `no change`."""
    if not delta:
        return "no change"
    sign = "+" if delta > 0 else ""
    share = "" if pct is None else f" ({sign}{shown_percent(pct)})"
    return f"{sign}{usd(delta)}{share}"
