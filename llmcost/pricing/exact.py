"""The decimal context of all arithmetic on money and tokens, whatever the caller's own is."""

from __future__ import annotations

from decimal import Context, DivisionByZero, InvalidOperation, Overflow

EXACT = Context(prec=60, traps=[InvalidOperation, DivisionByZero, Overflow])
"""Wide enough for the largest counts (10^15) times each other and any rate without rounding."""
