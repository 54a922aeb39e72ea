"""What is allowed in a price table but is more often a slip than a price, and what has not been checked for long."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal

from ..document import Fault, Faults, Path, Tree
from .exact import digits
from .model import Card, Model, Rates
from .parse import parse_model
from .units import Unit

HIGH_RATE = 1_000
LOW_RATE = Decimal("0.001")
"""USD per 1M tokens above and below which a rate is probably in another unit, for one token say."""

_CHEAPER_THAN_INPUT = (Unit.CACHE_READ,)
_DISCOUNTED_TIERS = ("batch", "flex")


def lint(tree: Tree, *, as_of: date, max_age: int | None = None, known: Collection[str] = ()) -> list[Fault]:
    """Return the warnings on a table, each with its path; a model that `check_pricing` finds a fault in has none.

    With `max_age` (days), also the models whose price was not checked since, or never. `known` are models of other
    tables, which may be replacements.
    """
    found: list[Fault] = []
    models = _models(tree)
    for model_id, entry in models.items():
        path: Path = ("models", model_id)
        faults = Faults()
        model = parse_model(model_id, entry, path, faults)
        if model is None or faults.found:
            continue
        listed = isinstance(entry["prices"], list)
        for index, period in enumerate(model.periods):
            place = (*path, "prices", index) if listed else (*path, "prices")
            found += _card(period.standard, Card(rates={}), place)
            for name, card in period.tiers.items():
                found += _card(card, period.standard, (*place, "tiers", name))
                if name in _DISCOUNTED_TIERS:
                    found += _dearer(card.rates, period.standard.rates, (*place, "tiers", name), "the standard rate")
        found += _names(model, {*models, *known}, path)
        found += _age(model, path, as_of, max_age)
    return found


def count_models(tree: Tree) -> int:
    """Return how many models a table has, also one with faults."""
    return len(_models(tree))


def _models(tree: Tree) -> dict[str, Tree]:
    models = tree.get("models") if isinstance(tree, dict) else None
    return models if isinstance(models, dict) else {}


def _card(card: Card, standard: Card, path: Path) -> Iterator[Fault]:
    """Yield what is odd about one card, its missing rates taken from the standard one."""
    rates = {**standard.rates, **card.rates}
    yield from _rates(card.rates, rates, path)
    for index, step in enumerate(card.long_context):
        place = (*path, "long_context", index)
        yield from _rates(step.rates, {**rates, **step.rates}, place)
        for unit, rate in step.rates.items():
            base = rates.get(unit)
            if base is not None and rate < base:
                yield Fault(
                    (*place, unit.value), f"{digits(rate)} is less than {digits(base)}, the rate of shorter requests"
                )
    for index, window in enumerate(card.schedule):
        yield from _rates(window.card.rates, {**rates, **window.card.rates}, (*path, "schedule", index))


def _rates(own: Rates, rates: Rates, path: Path) -> Iterator[Fault]:
    """Yield the rates that are very high, and cached input that costs more than input."""
    for unit, rate in own.items():
        if rate > HIGH_RATE:
            yield Fault(
                (*path, unit.value), f"{digits(rate)} is above ${HIGH_RATE:,} per 1M tokens: is it in another unit?"
            )
        if 0 < rate < LOW_RATE:
            yield Fault(
                (*path, unit.value), f"{digits(rate)} is below ${LOW_RATE} per 1M tokens: is it in another unit?"
            )
    for unit in _CHEAPER_THAN_INPUT:
        cached, full = rates.get(unit), rates.get(Unit.INPUT)
        if (unit in own or Unit.INPUT in own) and cached is not None and full is not None and cached > full:
            where = unit if unit in own else Unit.INPUT
            yield Fault((*path, where.value), f"{unit.value} {digits(cached)} is more than input {digits(full)}")


def _dearer(rates: Rates, base: Rates, path: Path, what: str) -> Iterator[Fault]:
    for unit, rate in rates.items():
        usual: Decimal | None = base.get(unit)
        if usual is not None and rate > usual:
            yield Fault((*path, unit.value), f"{digits(rate)} is more than {digits(usual)}, {what}")


def _names(model: Model, models: Collection[str], path: Path) -> Iterator[Fault]:
    if model.replacement is not None and model.replacement not in models:
        yield Fault((*path, "replacement"), f'"{model.replacement}" is in no table')
    for index, alias in enumerate(model.aliases):
        if alias != alias.lower():
            yield Fault((*path, "aliases", index), f'"{alias}" is not in lower case')


def _age(model: Model, path: Path, as_of: date, max_age: int | None) -> Iterator[Fault]:
    if model.checked is None:
        if max_age is not None:
            yield Fault(path, 'the price was never checked: "checked" is missing', on_key=True)
        return
    age = (as_of - model.checked).days
    if age < 0:
        yield Fault((*path, "checked"), f"{model.checked} is after {as_of}: a check is never in the future")
    elif max_age is not None and age > max_age:
        yield Fault((*path, "checked"), f"the price was checked {age} days ago, more than {max_age}")
