"""Models as a report: a list, or one model whole."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from ...errors import NotSoldError
from ...notes import Note
from ...pricing.caching import given
from ...pricing.catalog import Catalog, redirect_notes, retired_note
from ...pricing.cost import Terms
from ...pricing.model import Fee, Model
from ...pricing.units import Unit
from ...report.display import cell, count
from ...report.rates import TIER_COLUMNS, rate_columns, rate_rows, rate_values, units_of
from ...report.report import Cell, Column, Kind, Report, Row, Rows, RunForm, Table
from ...report.words import left_out_notes, left_out_rows, some
from ...workload.estimate import LeftOut

FORM = RunForm("llmcost.model/1", ("prices", "history", "fees"))

_LIST_COLUMNS = (
    Column("id", "Model"),
    Column("input", "In/1M", Kind.RATE),
    Column("cache_read", "Cached/1M", Kind.RATE, optional=2),
    Column("output", "Out/1M", Kind.RATE),
    Column("context", "Context", Kind.COUNT, optional=1),
    Column("shutdown", "Shutdown", Kind.DATE, optional=3),
)
_FEE_COLUMNS = (
    Column("fee", "Fee"),
    Column("usd", "USD for one", Kind.RATE),
    Column("per", "Per"),
    Column("free", "Free"),
)
_FEE_UNITS = {"cache storage": "1M tokens and hour"}
"""The unit of a fee that is not one use of its name."""
_KEYS = (
    *("id", "provider", "name", "mode", "input", "cache_read", "output", "context", "max_output", "shutdown"),
    *("can", "cannot", "reasoning", "efforts"),
    *("retired", "featured", "checked", "source", "price_table"),
)
LIST_FORM = RunForm("llmcost.models/1", ("models", "left_out"), _KEYS)
_FACTS = (
    *("id", "name", "aliases", "mode", "context", "max_output", "encoding", "regions", "featured", "free"),
    *("shutdown", "replacement", "redirects_to", "source", "checked", "sources"),
)
_RULE = {"min_prefix": "min_prefix_tokens", "step": "step_tokens", "lifetime": "lifetime_seconds"}
"""Names of JSON that have the unit."""

_LABELS = {"can": "accepts / does"}
"""Facts that people read under another name than that of the table."""

_SHORT = 17
"""Models of a short list."""
_SHORT_FACTS = 9
"""Facts on a model in a short answer."""


_ASKED = (
    *("aliases", "context", "max_output", "can", "reasoning", "shutdown", "redirects_to", "replacement"),
    *("price_table", "sources", "checked"),
)


def rates_on(model: Model, *units: Unit, day: date) -> dict[str, Decimal | None]:
    """The standard rates of a short request in USD per 1M tokens; None without one that day."""
    found: dict[str, Decimal | None] = dict.fromkeys(units)
    with suppress(NotSoldError):
        terms = Terms.of(model, at=day)
        for unit in units:
            with suppress(NotSoldError):
                found[unit] = terms.rate(unit, Decimal(0))
    return found


def list_report(
    catalog: Catalog, models: Sequence[Model], day: date, *, hidden: int, left_out: Sequence[LeftOut] = ()
) -> Report:
    """The report on a list of models; `hidden` is the number of retired ones left out.

    `left_out` are those that are unknown to do what is needed.
    """
    listed = Rows((_values(catalog, x, day) for x in models), _KEYS)
    rows = tuple(Row(values, notes=_notes(x, day)) for values, x in zip(listed, models, strict=True))
    hid = f" ({hidden} retired not listed: --include-retired)" if hidden else ""
    return Report(
        schema=LIST_FORM.name,
        headline=f"{some(len(models), 'model') if models else 'no models'}{hid}",
        data={"on": day, "retired_left_out": hidden, "models": listed, "left_out": left_out_rows(left_out)},
        csv=listed,
        tables=(Table(columns=_LIST_COLUMNS, rows=rows, short=_SHORT, things="models"),),
        assumptions=(f"USD per 1M tokens on {day}: standard tier, short requests",),
        notes=left_out_notes(left_out),
    )


def _notes(model: Model, day: date) -> tuple[Note, ...]:
    return (*model.notes, *_gone(model, day))


def _gone(model: Model, day: date) -> tuple[Note, ...]:
    return (retired_note(model, day),) if model.retired(day) else ()


def _values(catalog: Catalog, model: Model, day: date) -> dict[str, Any]:
    rates = rates_on(model, Unit.INPUT, Unit.CACHE_READ, Unit.OUTPUT, day=day)
    return {**_facts(catalog, model), **rates, "provider": model.provider, "retired": model.retired(day)}


def show_report(catalog: Catalog, model: Model, day: date) -> Report:
    """Everything that is known of one model: facts, the rates in force, and its history."""
    units = units_of(model)
    rates = rate_columns(units)
    period = model.period(day)
    prices = Rows(rate_rows(period, units), ("tier", "applies", *units))
    title, periods = f"USD per 1M tokens on {day}{_billed_as(model, day)}", model.own_periods
    history = Rows({"from": p.start or "the start", **rate_values(p.standard.rates, units)} for p in periods)
    fees = Rows(_fee_values(name, fee) for name, fee in period.standard.fees.items())
    since = Column("from", "From", Kind.DATE)
    dated = (Table.of(history, since, *rates, title="History", short=0, things="past rates"),)
    return Report(
        schema=FORM.name,
        data={
            "model": _facts(catalog, model),
            "caching": {_RULE.get(name, name): value for name, value in given(model.caching_rule(day)).items()},
            "prices": prices,
            "history": history,
            **({"fees": fees} if fees else {}),
        },
        csv=prices,
        headline=f"{model.name} ({model.id}){'' if model.priced else ' has no known price'}",
        tables=(
            _fact_table(catalog, model, day),
            Table.of(prices, *TIER_COLUMNS, *rates, title=title, short=6, things="rates"),
            *(dated if len(periods) > 1 else ()),
            Table.of(map(_fee_shown, fees), *_FEE_COLUMNS, title="Fees", short=0, things="fees"),
        ),
        assumptions=("- means the standard rate (for cached, audio, image and video tokens: the text rate), not zero",),
        notes=(*model.notes, *(redirect_notes(model, day) or _gone(model, day))),
    )


def _billed_as(model: Model, day: date) -> str:
    """Whose the rates are, where they are another model's: the end of a title."""
    other = model.answering(day)
    return "" if other is model else f", those of {other.id}"


def _facts(catalog: Catalog, model: Model) -> dict[str, Any]:
    """The facts on a model, without its prices."""
    able = {name: getattr(model.capabilities, name) for name in ("can", "cannot", "reasoning", "efforts")}
    return {name: getattr(model, name) for name in _FACTS} | able | {"price_table": catalog.origin(model)}


def _fact_table(catalog: Catalog, model: Model, day: date) -> Table:
    """The known facts in words, those that most ask for first; the tokenizer also if it is unknown."""
    found = _facts(catalog, model)
    facts = {name: found.pop(name) for name in _ASKED} | found
    for name in ("context", "max_output"):
        facts[name] = None if facts[name] is None else f"{count(facts[name])} tokens"
    for name in ("aliases", "can", "cannot", "efforts"):
        facts[name] = ", ".join(facts[name])
    if model.sources == 1:
        facts["sources"] = "1: nothing confirms it"
    facts["reasoning"] = (facts["reasoning"] or "").replace("_", " ")
    facts["regions"] = ", ".join(f"{name} x {factor}" for name, factor in model.regions.items())
    facts["caching"] = model.caching_rule(day).words() if model.chats else ""
    facts["tokenizer"] = facts.pop("encoding") or "unknown"
    rows = (
        {"fact": _LABELS.get(name, name.replace("_", " ")), "value": cell(value, Kind.TEXT)}
        for name, value in facts.items()
        if value
    )
    columns = (Column("fact", "Fact"), Column("value", "Value"))
    return Table.of(rows, *columns, short=_SHORT_FACTS, things="facts")


def _fee_values(name: str, fee: Fee) -> dict[str, Cell]:
    return {"fee": name.replace("_", " "), "usd": fee.usd, "per": fee.per, "free": fee.free}


def _fee_shown(fee: dict[str, Any]) -> dict[str, Cell]:
    """A fee as people read it: with the unit that only its definition tells."""
    return {**fee, "per": fee["per"] or _FEE_UNITS.get(fee["fee"])}
