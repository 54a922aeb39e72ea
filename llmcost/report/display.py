"""Cells as people read them, and as machines do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ..pricing.shown import count, percent, plain, rate, ratio, usd
from .report import Cell, Kind

__all__ = ["MISSING", "cell", "count", "exact", "percent", "plain", "rate", "ratio", "raw", "usd"]

MISSING = "-"
_NUMBERS = {
    Kind.USD: usd,
    Kind.USD_CHANGE: usd,
    Kind.RATE: rate,
    Kind.COUNT: count,
    Kind.PERCENT: percent,
    Kind.PERCENT_CHANGE: percent,
    Kind.RATIO: ratio,
}


def cell(value: Cell, kind: Kind) -> str:
    """The text of a cell; unknown is a dash, never 0."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal | int):
        exact = Decimal(value)
        shown = _NUMBERS.get(kind, plain)
        rise = kind in (Kind.USD_CHANGE, Kind.PERCENT_CHANGE) and exact > 0 and shown(exact) != shown(Decimal(0))
        return f"{'+' if rise else ''}{shown(exact)}"
    return _listed(value) or MISSING if isinstance(value, tuple) else str(value)


def exact(value: float | None) -> Decimal | None:
    """A float as the decimal that it is written as."""
    return None if value is None else Decimal(repr(value))


def raw(value: Cell) -> str:
    """A value for CSV: plain numbers, ISO dates, empty for unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | int):
        return plain(value)
    if isinstance(value, tuple):
        return _listed(value)
    return value.isoformat() if isinstance(value, date) else value


def _listed(texts: tuple[str, ...]) -> str:
    return "; ".join(texts)
