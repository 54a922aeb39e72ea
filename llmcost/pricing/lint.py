"""What is allowed in a price table but is more often a slip than a price, and what has not been checked for long."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..document import Fault, Faults, Path, Tree, closest
from .confirmed import is_confirmed
from .exact import digits
from .key import STANDARD, Key, KeyKind
from .model import Model, Period
from .own import far_off, words
from .parse import parse_model
from .twins import Twins
from .usual import REGION, TIERS, oddities


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


def lint(tree: Tree, *, as_of: date, max_age: int | None = None, known: Iterable[Model] = ()) -> list[Fault]:
    """The warnings on a table, each with its path; a model that `check_pricing` finds a fault in has none.

    With `max_age` (days), also the models whose price was not checked since, or never. `known` are models of other
    tables, which may be replacements and are what the table's own are compared with.
    """
    known = tuple(known)
    models = [model for model_id, entry in _models(tree).items() if (model := _sound(model_id, entry))]
    names, twins = {*_models(tree), *(x.id for x in known)}, Twins(models, known)
    bases = {x.id: x for x in known}
    return [fault for x in models for fault in _of_model(x, tree, names, twins, bases, as_of, max_age)]


def _sound(model_id: str, entry: Tree) -> Model | None:
    faults = Faults()
    model = parse_model(model_id, entry, (), faults)
    return None if faults.found else model


def _of_model(
    model: Model,
    tree: Tree,
    names: Collection[str],
    twins: Twins,
    bases: Mapping[str, Model],
    as_of: date,
    max_age: int | None,
) -> Iterator[Fault]:
    path: Path = ("models", model.id)
    dated = isinstance(tree["models"][model.id]["prices"], list)
    in_force = model.in_force(as_of)
    beside = list(twins.oddities(model, as_of))
    if model.id in bases:
        beside += ((x.key, words(x)) for x in far_off(model, bases[model.id], as_of))
    for index, period in enumerate(model.periods):
        place: Path = (*path, "prices", index) if dated else (*path, "prices")
        for tier in period.tiers:
            if tier not in TIERS and (near := closest(tier, TIERS)):
                yield Fault(
                    (*place, "tiers", tier), f'"{tier}" is a tier of no packaged model: is it "{near}"?', on_key=True
                )
        numbers = dict(period.numbers())
        compared = [(key, message) for key, message in beside if key] if period is in_force else []
        for key, message in (*oddities(model, period), *compared):
            if not is_confirmed(model.id, key.text(), numbers.get(key)):
                yield Fault((*place, *_place(period, key)), message)
    for region, factor in model.regions.items():
        if not REGION.has(factor, Decimal(1)):
            yield Fault((*path, "regions", region), f"{digits(factor)} times the rates; {REGION.words}")
    if not is_confirmed(model.id, "context", Decimal(model.context or 0)):
        yield from (Fault((*path, "context"), message) for key, message in beside if key is None)
    yield from _names(model, names, path)
    yield from _age(model, path, as_of, max_age)


def count_models(tree: Tree) -> int:
    """How many models a table has, also one with faults."""
    return len(_models(tree))


def _models(tree: Tree) -> dict[str, Tree]:
    models = tree.get("models") if isinstance(tree, dict) else None
    return models if isinstance(models, dict) else {}


def _place(period: Period, key: Key) -> Path:
    """The path of a rate or a fee in its period."""
    card, path = (period.standard, ()) if key.tier == STANDARD else (period.tiers[key.tier], ("tiers", key.tier))
    if key.step:
        path = (*path, "long_context", [x.step for x in card.long_context].index(key.step))
    if key.hours:
        path = (*path, "schedule", [x.hours for x in card.schedule].index(key.hours))
    if key.kind is KeyKind.FEE:
        path = (*path, "fees")
    return (*path, str(key.name or key.kind))


def _names(model: Model, models: Collection[str], path: Path) -> Iterator[Fault]:
    for key, other in (("replacement", model.replacement), ("redirects_to", model.redirects_to)):
        if other is not None and other not in models:
            yield Fault((*path, key), f'"{other}" is not in any table')
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
        yield Fault((*path, "checked"), f"{model.checked} is after {as_of}: a check cannot be in the future")
    elif max_age is not None and age > max_age:
        yield Fault((*path, "checked"), f"the price was checked {age} days ago, more than {max_age}")
