"""Cells as people read them, and as machines do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ..pricing.shown import count, percent, plain, rate, ratio, usd
from .report import Cell, Kind

__all__ = ["MISSING", "cell", "count", "percent", "plain", "rate", "ratio", "raw", "usd"]

MISSING = "-"


def cell(value: Cell, kind: Kind) -> str:
    """Return the text of a cell; what is unknown is a dash, never 0."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal | int):
        exact = Decimal(value)
        shown = {Kind.USD: usd, Kind.RATE: rate, Kind.COUNT: count, Kind.PERCENT: percent, Kind.RATIO: ratio}
        return shown[kind](exact) if kind in shown else plain(exact)
    return _listed(value) or MISSING if isinstance(value, tuple) else str(value)


def raw(value: Cell) -> str:
    """Return a value for CSV: plain numbers, ISO dates, nothing for what is unknown."""
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
