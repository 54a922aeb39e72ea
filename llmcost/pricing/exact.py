"""Exact decimals: the context of all arithmetic on money and tokens, and numbers as text."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

EXACT = Context(prec=60, traps=[InvalidOperation, DivisionByZero, Overflow])
"""Wide enough for the largest counts (10^15) times each other and any rate without rounding."""


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum of amounts; 0 of none."""
    with localcontext(EXACT):
        return sum(amounts, Decimal(0))


def share_of(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Part / whole; None where the whole is 0."""
    with localcontext(EXACT):
        return Decimal(part) / whole if whole else None


def percent_of(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part in percent of the whole; None where the whole is 0."""
    with localcontext(EXACT):
        return part * 100 / whole if whole else None


def rounded(value: Decimal | float, places: int) -> Decimal:
    """A number with so many decimals, whatever the caller's decimal context."""
    with localcontext(EXACT):
        return round(Decimal(value), places)


def digits(value: Decimal) -> str:
    """A number as a table has it: all its digits, no exponent, no idle zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
