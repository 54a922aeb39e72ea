"""Costs with their uncertainty: the least, the expected and the most; their sums, rises and percentages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import TypeAlias

from ..pricing.exact import EXACT
from ..workload.model import End

Ends: TypeAlias = Mapping[End, Decimal]

_LEAST = Decimal("1e-12")
"""USD; a smaller rise is none: a saved run keeps 28 digits of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The least, the expected and the most."""

    low: Decimal
    expected: Decimal
    high: Decimal

    @classmethod
    def of(cls, ends: Ends) -> Span:
        """The span of the amounts at the ends of a workload's ranges; the largest need not be at the high end."""
        return cls(low=min(ends.values()), expected=ends[End.EXPECTED], high=max(ends.values()))


NOTHING = Span(low=Decimal(0), expected=Decimal(0), high=Decimal(0))


def total(spans: Iterable[Span]) -> Span:
    """The sum of spans, end by end."""
    with localcontext(EXACT):
        found = list(spans)
        return Span(
            low=sum((x.low for x in found), Decimal(0)),
            expected=sum((x.expected for x in found), Decimal(0)),
            high=sum((x.high for x in found), Decimal(0)),
        )


def replaced(whole: Span, part: Span, by: Span) -> Span:
    """A sum in which one part is replaced by another, end by end."""
    with localcontext(EXACT):
        return Span(
            low=whole.low - part.low + by.low,
            expected=whole.expected - part.expected + by.expected,
            high=whole.high - part.high + by.high,
        )


def increase(before: Span, after: Span) -> Span:
    """How much more the second is, end by end."""
    ends = tuple(rise for rise, _ in _rises(before, after))
    return Span(low=min(ends), expected=ends[1], high=max(ends))


def increase_pct(before: Span, after: Span) -> Span:
    """How much more the second is in percent of the first, end by end: infinite where the first is nothing."""
    ends = tuple(_percent_of(rise, whole) for rise, whole in _rises(before, after))
    return Span(low=min(ends), expected=ends[1], high=max(ends))


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part in percent of a whole; None of nothing."""
    with localcontext(EXACT):
        return part * 100 / whole if whole else None


def _percent_of(rise: Decimal, whole: Decimal) -> Decimal:
    share = percent(rise, whole)
    if share is not None:
        return share
    return Decimal("Infinity") if rise else Decimal(0)


def _rises(before: Span, after: Span) -> tuple[tuple[Decimal, Decimal], ...]:
    """The rise of the least, the expected and the most, each with what it was."""
    ends = ((before.low, after.low), (before.expected, after.expected), (before.high, after.high))
    with localcontext(EXACT):
        rises = [(now - was, was) for was, now in ends]
    return tuple((Decimal(0) if abs(rise) < _LEAST else rise, was) for rise, was in rises)
