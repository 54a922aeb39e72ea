"""What the importers share that make an entry of ours out of an entry of theirs: numbers, ids, aliases, zero prices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Context, Decimal
from typing import Any, TypeAlias

from ...document import Tree
from ..catalog import VENDORS
from ..exact import digits
from ..units import MAX_RATE
from .common import Skipped

Skip: TypeAlias = Callable[[str, str], None]
"""Notes that a key of an entry is left out, and why."""

_CONTEXT = Context(prec=28, Emin=-40, Emax=40)


def skipper(skipped: list[Skipped], model_id: str) -> Skip:
    """Return what notes the keys of one entry that are left out."""
    return lambda key, why: skipped.append(Skipped(model=model_id, key=key, why=why))


def divided(one: Decimal, other: Decimal) -> Decimal:
    """Return a quotient to 28 digits, whatever the caller's decimal context."""
    return _CONTEXT.divide(one, other)


def amount(value: Any, per: Decimal | int = 1) -> str | None:
    """Return the text of a price for one, of a number or its text for `per`; None for what is no price in range."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    try:
        found = divided(Decimal(value), Decimal(per))
    except ArithmeticError:
        return None
    return digits(found.copy_abs()) if found.is_finite() and 0 <= found <= MAX_RATE else None


def canonical_id(provider: str, name: str) -> str:
    """Return the id of a model: an id here is lower case and its name starts with a letter or a digit."""
    seller = re.sub(r"[^a-z0-9._-]", "-", provider.lower()).lstrip("._-")
    return f"{seller}/{re.sub(r'[^a-z0-9._:/@+-]', '-', name.lower()).lstrip('._:/@+-')}"


def other_names(model_id: str, names: Iterable[str]) -> list[str]:
    """Return the names in lower case, each once, that a catalog does not know from the id already.

    A free variant is never meant by a name that does not say so: that is what is paid for.
    """
    known = (model_id, model_id.partition("/")[2])
    ending = ":free" if model_id.endswith(":free") else ""
    found = dict.fromkeys(name.lower() for name in names if name.strip())
    return [name for name in found if name.endswith(ending) and name not in known]


def drop_taken_aliases(models: Mapping[str, Tree], skipped: list[Skipped], key: str) -> None:
    """Drop each alias that is a name of another model of the same provider, and note it under `key`."""
    owners = {model_id: model_id for model_id in models}
    for model_id, tree in models.items():
        own = f"{model_id.partition('/')[0]}/"
        for alias in tree.get("aliases", [])[:]:
            if owners.setdefault(own + alias.lower().removeprefix(own), model_id) != model_id:
                tree["aliases"].remove(alias)
                skipped.append(Skipped(model=model_id, key=key, why="another model has this id"))
        if tree.get("aliases") == []:
            del tree["aliases"]


def drop_names_of_vendors(models: Mapping[str, Tree], skipped: list[Skipped], key: str) -> None:
    """Drop each alias of a host's model that a vendor's own model has as its name, and note it under `key`."""
    vendors = {x.partition("/")[2] for x in models if x.partition("/")[0] in VENDORS}
    for model_id, tree in models.items():
        for alias in tree.get("aliases", [])[:]:
            if alias in vendors and model_id.partition("/")[0] not in VENDORS:
                tree["aliases"].remove(alias)
                skipped.append(Skipped(model=model_id, key=key, why="the vendor's own model has this name"))
        if tree.get("aliases") == []:
            del tree["aliases"]


def costs_nothing(*periods: Mapping[str, Tree]) -> bool:
    """Tell whether there are prices and every one is 0."""
    found = [price for period in periods for price in _prices(period)]
    return bool(found) and not any(found)


def _prices(tree: Mapping[str, Tree]) -> Iterator[Decimal]:
    """Yield every rate and fee of a period."""
    for key, value in tree.items():
        if key in ("long_context", "schedule"):
            for item in value:
                yield from _prices(item)
        elif isinstance(value, dict):
            yield from _prices(value)
        elif key not in ("from", "utc", "above", "from_tokens"):
            yield Decimal(value)


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a mapping as it is, and an empty one for what is none."""
    return value if isinstance(value, dict) else {}


def is_day(value: Any) -> bool:
    """Tell whether a value is a date as a table has it, YYYY-MM-DD."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
