"""Cells as people read them, and as machines do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ..pricing.shown import count, percent, plain, rate, ratio, usd
from .report import Cell, Kind

__all__ = ["MISSING", "cell", "count", "exact", "percent", "plain", "rate", "ratio", "raw", "usd"]

MISSING = "-"


def cell(value: Cell, kind: Kind) -> str:
    """The text of a cell; unknown is a dash, never 0."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal | int):
        exact = Decimal(value)
        shown = {Kind.USD: usd, Kind.RATE: rate, Kind.COUNT: count, Kind.PERCENT: percent, Kind.RATIO: ratio}
        return shown[kind](exact) if kind in shown else plain(exact)
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
