"""Exact decimals: the context of all arithmetic on money and tokens, and numbers as text."""

from __future__ import annotations

from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow

EXACT = Context(prec=60, traps=[InvalidOperation, DivisionByZero, Overflow])
"""Wide enough for the largest counts (10^15) times each other and any rate without rounding."""


def digits(value: Decimal) -> str:
    """Return a number as a table has it: all its digits, no exponent, no idle zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
