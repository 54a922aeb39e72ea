"""A price table's tree into models: every key known, every number in range, every fault reported.

What JSON Schema cannot say (order of dates, names that collide, a free model) only the parser checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..document import Fault, Faults, Path, Tree
from ..form import DAY, Form, named, one_of, record
from ..lazy import pattern
from .caching import NOT_KNOWN, CachingRule
from .form import CACHING, MODEL
from .model import Model, own_name

SCHEMA = "llmcost.pricing/1"

_ID = pattern(r"[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._:/@+-]*")


def parse_model(model_id: str, tree: Tree, path: Path, faults: Faults, rule: CachingRule = NOT_KNOWN) -> Model | None:
    """Parse one entry of `models`, whose provider has a `rule` on caching; None after a fault that leaves no model."""
    before = len(faults.found)
    found = MODEL.parse(tree, path, faults)
    if found is None or None in found["prices"]:
        return None
    name = found.pop("name", model_id.partition("/")[2])
    model = Model(id=model_id, name=name, periods=found.pop("prices"), provider_caching=rule, **found)
    if len(faults.found) == before:
        _check_free(model, path, faults)
    return model


def _check_free(model: Model, path: Path, faults: Faults) -> None:
    if model.free and any(number for key, number in model.rates() if key.is_price):
        faults.add((*path, "free"), "the model is not free: a rate or fee is above 0", on_key=True)
    elif not model.free and model.costs_nothing:
        faults.add(path, 'all rates are 0: a free model needs "free: true"', on_key=True)


def _id(tree: Tree, path: Path, faults: Faults) -> Tree:
    if not _ID.fullmatch(tree):
        faults.add(path, "a model id is provider/model in lower case, for example openai/gpt-4o")
    return tree


_ENTRY = Form(lambda tree, path, faults: parse_model(str(path[-1]), tree, path, faults), MODEL.schema)
_FILE = record(
    {
        "schema": one_of(SCHEMA),
        "updated": DAY,
        "caching": named(CACHING).says("Caching rule of each provider; models override what differs."),
        "models": named(
            _ENTRY,
            "expected a mapping of at least one model",
            name=Form(_id, {"pattern": f"^{_ID.pattern}$"}),
        ),
    },
    required=("schema", "models"),
    partial=True,
)


def parse_caching(tree: Tree) -> CachingRule | None:
    """A provider's rule of a checked table."""
    return CACHING.parse(tree, (), Faults())


def pricing_schema() -> dict[str, Any]:
    """The JSON Schema of a price table, for editors and validators."""
    return _FILE.file_schema("llmcost price table", "Rates in USD per 1M tokens; fees in USD each.")


def check_pricing(tree: Tree) -> list[Fault]:
    """Every fault of a price table's tree."""
    faults = Faults()
    models = (_FILE.parse(tree, (), faults) or {}).get("models", {})
    owners = {model_id: model_id for model_id in tree["models"]} if models else {}
    for model_id, model in models.items():
        _check_aliases(model, owners, ("models", model_id), faults)
        _check_redirect(model, models, ("models", model_id), faults)
    return faults.found


def _check_redirect(model: Model, models: Mapping[str, Model | None], path: Path, faults: Faults) -> None:
    """Add a fault where the redirects of the table lead from a model back to it."""
    chain, target = [model.id], model.redirects_to
    while target is not None and target not in chain:
        chain.append(target)
        other = models.get(target)
        target = other.redirects_to if other else None
    if target == model.id:
        faults.add((*path, "redirects_to"), f"leads back to the model: {' -> '.join((*chain, target))}")


def _check_aliases(model: Model, owners: dict[str, str], path: Path, faults: Faults) -> None:
    """Add a fault for each alias that is a name of another model of the same provider."""
    for index, alias in enumerate(model.aliases):
        owner = owners.setdefault(own_name(model.provider, alias), model.id)
        if owner != model.id:
            faults.add((*path, "aliases", index), f'"{alias}" is already a name of {owner}')
