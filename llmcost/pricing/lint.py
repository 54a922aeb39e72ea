"""What is allowed in a price table but is more often a slip than a price, and what has not been checked for long."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..document import Fault, Faults, Path, Tree
from .exact import digits
from .hours import Hours
from .key import STANDARD, Key, KeyKind, Threshold
from .model import Model, Period
from .own import far_off, words
from .parse import parse_model
from .units import Unit

HIGH_RATE = 1_000
LOW_RATE = Decimal("0.001")
"""USD per 1M tokens above and below which a rate is probably in another unit, for one token say."""

_DISCOUNTED_TIERS = ("batch", "flex")


class LintFinding(NamedTuple):
    """One oddity of a file: the line and column (from 1) of its place, the path of its key, and what is odd."""

    file: str
    line: int
    column: int
    path: str
    message: str

    @property
    def place(self) -> str:
        """The place in the file: `file:line:column`."""
        return f"{self.file}:{self.line}:{self.column}"


def lint(
    tree: Tree,
    *,
    as_of: date,
    max_age: int | None = None,
    known: Collection[str] = (),
    base: Callable[[str], Model] | None = None,
) -> list[Fault]:
    """The warnings on a table, each with its path; a model that `check_pricing` finds a fault in has none.

    With `max_age` (days), also the models whose price was not checked since, or never. `known` are models of other
    tables, which may be replacements; `base` gives the model that they have of an id, for its rates.
    """
    found: list[Fault] = []
    models = _models(tree)
    for model_id, entry in models.items():
        path: Path = ("models", model_id)
        faults = Faults()
        model = parse_model(model_id, entry, path, faults)
        if model is None or faults.found:
            continue
        for index, period in enumerate(model.periods):
            place = (*path, "prices", index) if isinstance(entry["prices"], list) else (*path, "prices")
            odd = list(_oddities(period))
            if base is not None and model_id in known and period is model.in_force(as_of):
                odd += ((x.key, words(x)) for x in far_off(model, base(model_id), as_of))
            found += (Fault((*place, *_place(period, key)), message) for key, message in odd)
        found += _names(model, {*models, *known}, path)
        found += _age(model, path, as_of, max_age)
    return found


def count_models(tree: Tree) -> int:
    """How many models a table has, also one with faults."""
    return len(_models(tree))


def _models(tree: Tree) -> dict[str, Tree]:
    models = tree.get("models") if isinstance(tree, dict) else None
    return models if isinstance(models, dict) else {}


def _oddities(period: Period) -> Iterator[tuple[Key, str]]:
    """Yield what is odd about the rates of a period, a missing one taken from the shortest requests and no tier."""
    rates = {key: rate for key, rate in period.numbers() if key.kind is KeyKind.RATE}
    for key, rate in rates.items():
        standard, base = rates.get(Key(key.name)), rates.get(Key(key.name, key.tier))
        usual = standard if base is None else base
        if rate > HIGH_RATE:
            yield key, f"{digits(rate)} is above ${HIGH_RATE:,} per 1M tokens: is it in another unit?"
        if 0 < rate < LOW_RATE:
            yield key, f"{digits(rate)} is below ${LOW_RATE} per 1M tokens: is it in another unit?"
        if key.step and usual is not None and rate < usual:
            yield key, f"{digits(rate)} is less than {digits(usual)}, the rate of shorter requests"
        if key.tier in _DISCOUNTED_TIERS and rate is base and standard is not None and rate > standard:
            yield key, f"{digits(rate)} is more than {digits(standard)}, the standard rate"
    for part in dict.fromkeys(key.part for key in rates):
        yield from _dearer_cache(rates, *part)


def _dearer_cache(
    rates: Mapping[Key, Decimal], tier: str, step: Threshold | None, hours: Hours | None
) -> Iterator[tuple[Key, str]]:
    """Yield cached input that costs more than input, where one of the two rates is said with this part of a card."""
    cached, full = (
        [key for key in (Key(unit, tier, step=step, hours=hours), Key(unit, tier), Key(unit)) if key in rates]
        for unit in (Unit.CACHE_READ, Unit.INPUT)
    )
    own = [keys[0] for keys in (cached, full) if keys and keys[0].part == (tier, step, hours)]
    if own and cached and full and rates[cached[0]] > rates[full[0]]:
        yield own[0], f"{Unit.CACHE_READ} {digits(rates[cached[0]])} is more than input {digits(rates[full[0]])}"


def _place(period: Period, key: Key) -> Path:
    """The path of a rate or a fee in its period."""
    card, path = (period.standard, ()) if key.tier == STANDARD else (period.tiers[key.tier], ("tiers", key.tier))
    if key.step:
        path = (*path, "long_context", [x.step for x in card.long_context].index(key.step))
    if key.hours:
        path = (*path, "schedule", [x.hours for x in card.schedule].index(key.hours))
    return (*path, *(("fees",) if key.kind is KeyKind.FEE else ()), str(key.name))


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
