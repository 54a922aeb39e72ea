"""Where values stand on an axis, and which round values are written on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from math import ceil, floor, log10

from ..lazy import dataclass
from .display import count, plain, usd
from .report import Kind

MOST_TICKS = 8
_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)
"""Steps between dates."""


@dataclass(frozen=True, slots=True)
class AxisSpan:
    """The values between two ends, `low` < `high`; of a logarithmic axis these are powers of ten."""

    low: float
    high: float
    log: bool = False

    @classmethod
    def of(cls, values: Iterable[Decimal], *, log: bool = False, pad: float = 0.0, zero: bool = False) -> AxisSpan:
        """The span of values; `pad`: with a share of it as room at each end, `zero`: with zero in it, where bars begin.

        A logarithmic axis has no place for values that are not above zero.
        """
        found = [_power(x) if log else float(x) for x in values if x > 0 or not log]
        low, high = min(found, default=0.0), max(found, default=0.0)
        if zero:
            low, high = min(low, 0.0), max(high, 0.0)
            return cls(low - (high - low) * pad * (low < 0), high + (high - low) * pad or 1.0)
        if high - low <= 1e-9 * max(1.0, abs(low)):
            around = 0.5 if log else abs(low) / 10 or 1.0
            return cls(low - around, high + around, log)
        return cls(low - (high - low) * pad, high + (high - low) * pad, log)

    def share(self, value: Decimal) -> float:
        """How far a value is from the low end to the high one, 0 to 1; what lies beyond is at the end."""
        return min(1.0, max(0.0, self._share(value)))

    def holds(self, value: Decimal) -> bool:
        """Whether a value is between the ends."""
        return 0 <= self._share(value) <= 1

    def _share(self, value: Decimal) -> float:
        if self.log and value <= 0:
            return -1.0
        return ((_power(value) if self.log else float(value)) - self.low) / (self.high - self.low)

    def ticks(self, kind: Kind, most: int = MOST_TICKS) -> list[Decimal]:
        """At most so many round values between the ends; many days are the first ones of months."""
        if kind is Kind.DATE:
            return _days(self, most)
        if self.log:
            return _powers(self, most)
        return _steps(Decimal(repr(self.low)), Decimal(repr(self.high)), most, whole=kind is Kind.COUNT)

    def fitting(self, kind: Kind, room: float, wide: Callable[[str], float], gap: float) -> list[Decimal]:
        """The most ticks whose texts, in the middle above their places in this room, are a gap apart."""
        for most in range(MOST_TICKS, 1, -1):
            ticks = self.ticks(kind, most)
            found = [(self.share(x) * room, wide(written(x, kind))) for x in ticks]
            if all(b - a >= (c + d) / 2 + gap for (a, c), (b, d) in pairwise(found)):
                break
        return ticks


def _power(value: Decimal) -> float:
    """The power of ten that a number is, also of one that a float cannot hold."""
    return value.adjusted() + log10(float(value.scaleb(-value.adjusted())))


def _steps(low: Decimal, high: Decimal, most: int, *, whole: bool = False) -> list[Decimal]:
    """Multiples of 1, 2 or 5 times a power of ten, on a `whole` axis of 1 or more."""
    power = ((high - low) / most).adjusted()
    steps = (Decimal(x).scaleb(max(power, 0) if whole else power) for x in (1, 2, 5, 10))
    ends = ((x, (low / x).to_integral_value(ROUND_CEILING), (high / x).to_integral_value(ROUND_FLOOR)) for x in steps)
    step, first, last = next(x for x in ends if x[2] - x[1] < most)
    return [(first + number) * step for number in range(int(last - first) + 1)]


def _powers(span: AxisSpan, most: int) -> list[Decimal]:
    """Powers of ten with 2 and 5 times these; fewer where those are too many, steps where none would be between."""
    powers = range(floor(span.low), ceil(span.high) + 1)
    if len(powers) <= 2:
        low, high = (Decimal(10) ** Decimal(repr(x)) for x in (span.low, span.high))
        return [x for x in _steps(low, high, most) if span.holds(x)]
    choices = (((1, 2, 5), 1), ((1, 3), 1), *(((1,), every) for every in (1, 2, 3, 5, 10, 20, 50, 100)))
    values = ([Decimal(x).scaleb(y) for y in powers if y % every == 0 for x in factors] for factors, every in choices)
    held = [[y for y in found if span.holds(y)] for found in values]
    return next((x for x in held if len(x) <= most), held[-1][:: len(held[-1]) // most + 1])


def _days(span: AxisSpan, most: int) -> list[Decimal]:
    first, last = date.fromordinal(max(1, ceil(span.low))), date.fromordinal(min(date.max.toordinal(), int(span.high)))
    length = (last - first).days
    for step in _DAYS:
        if length < step * most:
            return [Decimal((first + timedelta(x)).toordinal()) for x in range(0, length + 1, step)]
    for months in _MONTHS:
        found = _months(first, last, months)
        if len(found) <= most:
            return [Decimal(x.toordinal()) for x in found]
    return [Decimal(first.toordinal()), Decimal(last.toordinal())]


def _months(first: date, last: date, every: int) -> list[date]:
    """The first days of every so many months in a time."""
    start = first.year * 12 + first.month - 1
    numbers = range(start + -start % every, last.year * 12 + last.month, every)
    return [x for x in (date(n // 12, n % 12 + 1, 1) for n in numbers) if x >= first]


def written(value: Decimal, kind: Kind) -> str:
    """A value as a tick says it."""
    if kind is Kind.DATE:
        return date.fromordinal(int(value)).isoformat()
    if kind in (Kind.USD, Kind.USD_CHANGE):
        return usd(value).removesuffix(".00")
    if kind is Kind.PERCENT:
        return f"{plain(value)}%"
    return count(value) if kind is Kind.COUNT else f"{value:,f}" if abs(value) >= 1000 else plain(value)
