"""Costs with their uncertainty: the least, the expected and the most; their sums, rises and percentages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from typing import NamedTuple, TypeAlias

from ..pricing.exact import EXACT, percent_of
from ..workload.model import Bound

Ends: TypeAlias = Mapping[Bound, Decimal]

_LEAST = Decimal("1e-12")
"""USD; a smaller increase is rounding: a saved run keeps 28 digits of a number."""


class Span(NamedTuple):
    """The least, the expected and the most."""

    low: Decimal
    expected: Decimal
    high: Decimal

    @classmethod
    def of(cls, ends: Ends) -> Span:
        """The span of the amounts at the ends of a workload's ranges; the largest need not be at the high end."""
        return cls(min(ends.values()), ends[Bound.EXPECTED], max(ends.values()))


NOTHING = Span(Decimal(0), Decimal(0), Decimal(0))


def total(spans: Iterable[Span]) -> Span:
    """The sum of spans, end by end."""
    with localcontext(EXACT):
        return Span(*(sum(ends, Decimal(0)) for ends in zip(*spans, strict=True)))


def replaced(whole: Span, part: Span, by: Span) -> Span:
    """A sum in which one part is replaced by another, end by end."""
    with localcontext(EXACT):
        return Span(*(x - old + new for x, old, new in zip(whole, part, by, strict=True)))


def increase(before: Span, after: Span) -> Span:
    """How much more the second is, end by end."""
    return _sorted(_rises(before, after))


def increase_pct(before: Span, after: Span) -> Span:
    """How much more the second is in percent of the first, end by end: infinite where the first is nothing."""
    return _sorted([_percent_of(rise, was) for rise, was in zip(_rises(before, after), before, strict=True)])


def _rises(before: Span, after: Span) -> list[Decimal]:
    with localcontext(EXACT):
        rises = [now - was for was, now in zip(before, after, strict=True)]
    return [Decimal(0) if abs(rise) < _LEAST else rise for rise in rises]


def _percent_of(rise: Decimal, whole: Decimal) -> Decimal:
    share = percent_of(rise, whole)
    if share is not None:
        return share
    return Decimal("Infinity") if rise else Decimal(0)


def _sorted(ends: list[Decimal]) -> Span:
    """The span of three ends, of which the middle one is expected; the largest need not be the last."""
    return Span(min(ends), ends[1], max(ends))
