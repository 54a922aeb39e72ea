"""The rates of a model as rows and columns: one row for each tier, length and peak hours."""

from __future__ import annotations

from collections.abc import Sequence

from ..pricing.key import KeyKind
from ..pricing.model import STANDARD, Card, Model, Period, Rates
from ..pricing.units import Unit
from .display import count
from .report import Cell, Column, Kind

TIER_COLUMNS = (Column("tier", "Tier"), Column("applies", "Applies"))


def units_of(model: Model) -> list[Unit]:
    """The units for which any card of the model has a rate, in the order of Unit."""
    found = {key.name for key, _ in model.rates() if key.kind is KeyKind.RATE}
    return [unit for unit in Unit if unit in found]


def rate_columns(units: Sequence[Unit]) -> list[Column]:
    """A column of rates for each unit."""
    return [Column(unit, unit.replace("_", " "), Kind.RATE) for unit in units]


def rate_values(rates: Rates, units: Sequence[Unit]) -> dict[str, Cell]:
    """Each unit with its rate; None where the rates have none."""
    return {unit: rates.get(unit) for unit in units}


def rate_rows(period: Period, units: Sequence[Unit]) -> list[dict[str, Cell]]:
    """A row for each tier, length and peak hours of a period."""
    rows: list[dict[str, Cell]] = []
    for tier, card in {STANDARD: period.standard, **period.tiers}.items():
        rows.append({"tier": tier, "applies": _base_applies(card), **rate_values(card.rates, units)})
        for x in card.long_context:
            applies = f"{'from' if x.step.inclusive else 'above'} {count(x.step.tokens)} tokens in"
            rows.append({"tier": tier, "applies": applies, **rate_values(x.rates, units)})
        rows += [{"tier": tier, "applies": x.hours.words(), **rate_values(x.card.rates, units)} for x in card.schedule]
    return rows


def _base_applies(card: Card) -> str:
    """When a card's own rates apply, in words."""
    if card.max_input is not None:
        return f"sold up to {count(card.max_input)} tokens in"
    return "otherwise" if card.long_context or card.schedule else "always"
