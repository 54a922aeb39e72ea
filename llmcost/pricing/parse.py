"""A price table's tree into models: every key known, every number in range, every fault reported.

The form is described in `schema.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ..document import (
    Fault,
    Faults,
    Parser,
    Path,
    Tree,
    count,
    day,
    fields,
    flag,
    kind_of,
    listed,
    named,
    number,
    one_of,
    require,
    shortened,
    text,
)
from .hours import read_span
from .model import STANDARD, Card, Fee, LongStep, Model, Period, Rates, Window, own_name
from .units import MAX_RATE, Unit

SCHEMA = "llmcost.pricing/1"

MODES = (
    "chat",
    "completion",
    "responses",
    "embedding",
    "rerank",
    "moderation",
    "image",
    "audio",
    "video",
    "ocr",
    "search",
)
FEES = (
    "request",
    "web_search",
    "file_search",
    "image_in",
    "image_out",
    "second",
    "page",
    "query",
    "char_in",
    "session",
)
FEES_PER = ("prompt", "query")

_ID = re.compile(r"[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._:/@+-]*")
_FREE = re.compile(r"\d+/(day|month)", re.ASCII)


def rate(tree: Tree, path: Path, faults: Faults) -> Decimal | None:
    """Parse USD per 1M tokens: at least 0, at most MAX_RATE."""
    value = number(tree, path, faults)
    if value is None:
        return None
    if value < 0:
        faults.add(path, f"a rate cannot be negative, found {shortened(tree)}")
        return None
    if value > MAX_RATE:
        faults.add(path, f"{shortened(tree)} is above ${MAX_RATE:,} per 1M tokens: is the rate in USD per 1M tokens?")
        return None
    return value


def multiplier(tree: Tree, path: Path, faults: Faults) -> Decimal | None:
    """Parse a region's multiplier: above 0, at most 100."""
    value = number(tree, path, faults)
    if value is not None and not 0 < value <= 100:
        faults.add(path, f"expected a multiplier above 0 and at most 100, found {shortened(tree)}")
        return None
    return value


_RATES: Mapping[str, Parser] = {unit.value: rate for unit in Unit}


def _rates(found: Mapping[str, Any]) -> Rates:
    return {unit: found[unit] for unit in Unit if unit in found}


def _long_step(tree: Tree, path: Path, faults: Faults) -> LongStep | None:
    found = fields(tree, path, faults, {"above": count, "from_tokens": count, **_RATES})
    if not isinstance(tree, dict):
        return None
    thresholds = [key for key in ("above", "from_tokens") if key in tree]
    if len(thresholds) != 1:
        faults.add(path, 'a long-context step needs either "above" or "from_tokens"')
        return None
    key = thresholds[0]
    return LongStep(threshold=found[key], inclusive=key == "from_tokens", rates=_rates(found)) if key in found else None


def _span(tree: Tree, path: Path, faults: Faults) -> tuple[int, int] | None:
    span = read_span(tree) if isinstance(tree, str) else None
    if span is None:
        faults.add(path, f'expected hours like "01:00-04:00", found {kind_of(tree)}')
    return span


def _weekday(tree: Tree, path: Path, faults: Faults) -> int | None:
    if tree in ("1", "2", "3", "4", "5", "6", "7"):
        return int(tree)
    faults.add(path, f"expected a weekday from 1 (Monday) to 7, found {kind_of(tree)}")
    return None


def _window(tree: Tree, path: Path, faults: Faults) -> Window | None:
    found = fields(tree, path, faults, {"days": listed(_weekday), "utc": listed(_span), **_RATES})
    if not require(found, tree, path, faults, "utc"):
        return None
    return Window(days=frozenset(found.get("days", range(1, 8))), spans=found["utc"], card=Card(rates=_rates(found)))


def _fee(tree: Tree, path: Path, faults: Faults) -> Fee | None:
    if not isinstance(tree, dict):
        usd = rate(tree, path, faults)
        return None if usd is None else Fee(usd=usd)
    found = fields(tree, path, faults, {"price": rate, "per": one_of(*FEES_PER), "free": _free})
    if not require(found, tree, path, faults, "price"):
        return None
    return Fee(usd=found["price"], per=found.get("per"), free=found.get("free"))


def _free(tree: Tree, path: Path, faults: Faults) -> str | None:
    if isinstance(tree, str) and _FREE.fullmatch(tree):
        return tree
    faults.add(path, f"expected an allowance like 10000/day or 5000/month, found {kind_of(tree)}")
    return None


def _fees(tree: Tree, path: Path, faults: Faults) -> dict[str, Fee]:
    return fields(tree, path, faults, dict.fromkeys(FEES, _fee))


_CARD: Mapping[str, Parser] = {
    **_RATES,
    "long_context": listed(_long_step),
    "schedule": listed(_window),
    "fees": _fees,
}


def _card(found: Mapping[str, Any]) -> Card:
    return Card(
        rates=_rates(found),
        long_context=found.get("long_context", ()),
        schedule=found.get("schedule", ()),
        fees=found.get("fees", {}),
        max_input=found.get("max_input"),
        regions=found.get("regions"),
    )


def _tier(tree: Tree, path: Path, faults: Faults) -> Card:
    return _card(fields(tree, path, faults, {**_CARD, "max_input": count, "regions": listed(text)}))


def _tiers(tree: Tree, path: Path, faults: Faults) -> dict[str, Card]:
    if isinstance(tree, dict) and STANDARD in tree:
        faults.add((*path, STANDARD), "the standard rates stand outside of tiers", on_key=True)
    return named(_tier)(tree, path, faults) or {}


def _period(tree: Tree, path: Path, faults: Faults) -> Period:
    found = fields(tree, path, faults, {"from": day, **_CARD, "tiers": _tiers})
    period = Period(start=found.get("from"), standard=_card(found), tiers=found.get("tiers", {}))
    peak = {unit for window in period.standard.schedule for unit in window.card.rates}
    for name, card in period.tiers.items():
        both = sorted(peak & {key.name for key, _ in card.numbers()})
        if both and not card.schedule:
            message = f"sets {', '.join(both)}, which the schedule sets too: give the tier a schedule of its own"
            faults.add((*path, "tiers", name), message)
    return period


def _periods(tree: Tree, path: Path, faults: Faults) -> tuple[Period, ...] | None:
    if isinstance(tree, dict):
        return (_period(tree, path, faults),)
    if not isinstance(tree, list) or not tree:
        faults.add(
            path, f"expected rates or a list of dated rates, found {kind_of(tree) if tree != [] else 'an empty list'}"
        )
        return None
    periods = tuple(_period(item, (*path, index), faults) for index, item in enumerate(tree))
    last: date | None = None
    for index, period in enumerate(periods):
        if index and isinstance(tree[index], dict) and "from" not in tree[index]:
            faults.add((*path, index), '"from" is missing: only the first price may have no date')
        elif period.start is not None and last is not None and period.start <= last:
            faults.add((*path, index, "from"), f"{period.start} is not after {last}, the price before it")
        last = period.start or last
    return periods


_MODEL: Mapping[str, Parser] = {
    "name": text,
    "aliases": listed(text),
    "mode": one_of(*MODES),
    "featured": flag,
    "context": count,
    "max_output": count,
    "encoding": text,
    "shutdown": day,
    "replacement": text,
    "regions": named(multiplier),
    "free": flag,
    "source": text,
    "checked": day,
    "prices": _periods,
}


def parse_model(model_id: str, tree: Tree, path: Path, faults: Faults) -> Model | None:
    """Parse one entry of `models`; return None after adding a fault that leaves no model."""
    before = len(faults.found)
    if not _ID.fullmatch(model_id):
        faults.add(path, "a model's id is provider/model in lower case, for example openai/gpt-4o", on_key=True)
    found = fields(tree, path, faults, _MODEL)
    if not require(found, tree, path, faults, "prices"):
        return None
    name = found.pop("name", model_id.partition("/")[2])
    model = Model(id=model_id, name=name, periods=found.pop("prices"), **found)
    if len(faults.found) == before:
        _check_free(model, path, faults)
    return model


def _check_free(model: Model, path: Path, faults: Faults) -> None:
    if model.free and any(number for key, number in model.rates() if key.is_price):
        faults.add((*path, "free"), "the model is not free: it has a rate or a fee above 0", on_key=True)
    elif not model.free and model.costs_nothing:
        faults.add(path, 'every rate is 0: a free model needs "free: true"', on_key=True)


def check_pricing(tree: Tree) -> list[Fault]:
    """Return every fault of a price table's tree."""
    faults = Faults()
    found = fields(tree, (), faults, {"schema": one_of(SCHEMA), "updated": day, "models": _entries})
    require(found, tree, (), faults, "schema", "models")
    entries = found.get("models", {})
    owners = {model_id: model_id for model_id in entries}
    for model_id, entry in entries.items():
        path = ("models", model_id)
        model = parse_model(model_id, entry, path, faults)
        if model is not None:
            _check_aliases(model, owners, path, faults)
    return faults.found


def _entries(tree: Tree, path: Path, faults: Faults) -> Tree:
    if isinstance(tree, dict) and tree:
        return tree
    faults.add(path, f"expected a mapping of at least one model, found {kind_of(tree) if tree else 'nothing'}")
    return None


def _check_aliases(model: Model, owners: dict[str, str], path: Path, faults: Faults) -> None:
    """Add a fault for each alias that is a name of another model of the same provider."""
    for index, alias in enumerate(model.aliases):
        owner = owners.setdefault(own_name(model.provider, alias), model.id)
        if owner != model.id:
            faults.add((*path, "aliases", index), f'"{alias}" is a name of {owner} already')
