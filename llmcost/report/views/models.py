"""Models as a report: a list, or one model whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ...errors import NotSoldError
from ...notes import Note
from ...pricing.catalog import Catalog, retired_note
from ...pricing.cost import Terms
from ...pricing.model import STANDARD, Card, Fee, Model, Period, Rates
from ...pricing.units import Unit
from ..display import cell, count
from ..report import Cell, Column, Kind, Report, Row, Table

_LIST_COLUMNS = (
    Column("id", "Model"),
    Column("input", "In/1M", Kind.RATE),
    Column("cache_read", "Cached/1M", Kind.RATE, optional=2),
    Column("output", "Out/1M", Kind.RATE),
    Column("context", "Context", Kind.COUNT, optional=1),
    Column("shutdown", "Shutdown", Kind.DATE, optional=3),
)
_MACHINE_COLUMNS = (
    Column("id", "Model"),
    Column("provider", "Provider"),
    Column("name", "Name"),
    Column("mode", "Mode"),
    Column("input", "In/1M", Kind.RATE),
    Column("cache_read", "Cached/1M", Kind.RATE),
    Column("output", "Out/1M", Kind.RATE),
    Column("context", "Context", Kind.COUNT),
    Column("max_output", "Max output", Kind.COUNT),
    Column("shutdown", "Shutdown", Kind.DATE),
    Column("retired", "Retired"),
    Column("featured", "Featured"),
    Column("checked", "Checked", Kind.DATE),
    Column("source", "Source"),
    Column("price_table", "Price table"),
)


def rate_on(model: Model, unit: Unit, day: date) -> Decimal | None:
    """Return the standard USD per 1M tokens of a short request, or None where there is no such rate that day."""
    try:
        return Terms.of(model, at=day).rate(unit, Decimal(0))
    except NotSoldError:
        return None


def list_report(catalog: Catalog, models: Sequence[Model], day: date, *, hidden: int) -> Report:
    """Return the report on a list of models; `hidden` counts the retired ones that it leaves out."""
    rows = tuple(Row(_values(catalog, x, day), notes=_notes(x, day)) for x in models)
    notes = f" ({hidden} retired left out; --include-retired lists them)" if hidden else ""
    return Report(
        schema="llmcost.models/1",
        headline=f"{len(models) or 'no'} model{'' if len(models) == 1 else 's'}{notes}",
        facts={"on": day, "retired_left_out": hidden},
        tables=(
            Table(name="models", columns=_MACHINE_COLUMNS, rows=rows, human=False),
            Table(name="models_shown", columns=_LIST_COLUMNS, rows=rows, machine=False),
        ),
        assumptions=(f"USD per 1M tokens at the standard tier on {day}, for short requests.",),
    )


def _notes(model: Model, day: date) -> tuple[Note, ...]:
    return (retired_note(model),) if model.retired(day) else ()


def _values(catalog: Catalog, model: Model, day: date) -> dict[str, Cell]:
    return {
        "id": model.id,
        "provider": model.provider,
        "name": model.name,
        "mode": model.mode,
        "input": rate_on(model, Unit.INPUT, day),
        "cache_read": rate_on(model, Unit.CACHE_READ, day),
        "output": rate_on(model, Unit.OUTPUT, day),
        "context": model.context,
        "max_output": model.max_output,
        "shutdown": model.shutdown,
        "retired": model.retired(day),
        "featured": model.featured,
        "checked": model.checked,
        "source": model.source,
        "price_table": catalog.origin(model),
    }


def show_report(catalog: Catalog, model: Model, day: date) -> Report:
    """Return everything that is known of one model: facts, the rates in force, and its history."""
    units = units_of(model)
    rates = tuple(Column(unit, unit.replace("_", " "), Kind.RATE) for unit in units)
    prices = Table(
        name="prices",
        title=f"USD per 1M tokens on {day}",
        columns=(Column("tier", "Tier"), Column("applies", "Applies"), *rates),
        rows=tuple(rate_rows(model.period(day), units)),
    )
    history = Table(
        name="history",
        title="History",
        columns=(Column("from", "From", Kind.DATE), *rates),
        rows=tuple(Row({"from": p.start or "the start", **_rates(p.standard.rates, units)}) for p in model.periods),
        human=len(model.periods) > 1,
    )
    return Report(
        schema="llmcost.model/1",
        main="prices",
        facts={"model": _facts(catalog, model)},
        headline=f"{model.name} ({model.id}){'' if model.priced else ' is listed without a price'}",
        tables=(_fact_table(catalog, model), prices, history, *_fees(model.period(day))),
        assumptions=(
            "A missing rate is not zero: a tier keeps the standard one; cached, audio, image, video fall back to text.",
        ),
        notes=_notes(model, day),
    )


def _facts(catalog: Catalog, model: Model) -> dict[str, Any]:
    """Return what is known of a model besides its prices."""
    return {
        "id": model.id,
        "name": model.name,
        "aliases": model.aliases,
        "mode": model.mode,
        "context": model.context,
        "max_output": model.max_output,
        "encoding": model.encoding,
        "regions": dict(model.regions),
        "featured": model.featured,
        "free": model.free,
        "shutdown": model.shutdown,
        "replacement": model.replacement,
        "source": model.source,
        "checked": model.checked,
        "price_table": catalog.origin(model),
    }


def _fact_table(catalog: Catalog, model: Model) -> Table:
    """Return the facts in words; what is not known is left out, but for the tokenizer."""
    facts = _facts(catalog, model)
    for name in ("context", "max_output"):
        facts[name] = None if facts[name] is None else f"{count(facts[name])} tokens"
    facts["aliases"] = ", ".join(model.aliases)
    facts["regions"] = ", ".join(f"{name} x {factor}" for name, factor in model.regions.items())
    facts["tokenizer"] = facts.pop("encoding") or "not known"
    rows = tuple(
        Row({"fact": name.replace("_", " "), "value": cell(value, Kind.TEXT)}) for name, value in facts.items() if value
    )
    return Table(name="facts", columns=(Column("fact", "Fact"), Column("value", "Value")), rows=rows, machine=False)


def units_of(model: Model) -> list[Unit]:
    """Return the units for which any card of the model has a rate, in the order of Unit."""
    found: set[Unit] = set()
    for period in model.periods:
        for card in (period.standard, *period.tiers.values()):
            found.update(
                card.rates, *(step.rates for step in card.long_context), *(w.card.rates for w in card.schedule)
            )
    return [unit for unit in Unit if unit in found]


def _rates(rates: Rates, units: Sequence[Unit]) -> dict[str, Cell]:
    return {unit: rates.get(unit) for unit in units}


def rate_rows(period: Period, units: Sequence[Unit]) -> list[Row]:
    """Return a row for each tier, length and peak hours of a period."""
    rows = []
    for tier, card in {STANDARD: period.standard, **period.tiers}.items():
        rows.append(Row({"tier": tier, "applies": _base_applies(card), **_rates(card.rates, units)}))
        for step in card.long_context:
            applies = f"{'from' if step.inclusive else 'above'} {count(step.threshold)} tokens in"
            rows.append(Row({"tier": tier, "applies": applies, **_rates(step.rates, units)}))
        rows += [Row({"tier": tier, "applies": x.words(), **_rates(x.card.rates, units)}) for x in card.schedule]
    return rows


def _base_applies(card: Card) -> str:
    """Return when a card's own rates apply, in words."""
    if card.max_input is not None:
        return f"up to {count(card.max_input)} tokens in; not sold above"
    return "otherwise" if card.long_context or card.schedule else "always"


def _fees(period: Period) -> tuple[Table, ...]:
    columns = (
        Column("fee", "Fee"),
        Column("usd", "USD for one", Kind.RATE),
        Column("per", "Per"),
        Column("free", "Free"),
    )
    rows = tuple(_fee_row(name, fee) for name, fee in period.standard.fees.items())
    return (Table(name="fees", title="Fees", columns=columns, rows=rows),) if rows else ()


def _fee_row(name: str, fee: Fee) -> Row:
    return Row({"fee": name.replace("_", " "), "usd": fee.usd, "per": fee.per, "free": fee.free})
