"""What the importers share: what they return, and how ids, names, numbers and facts of theirs become ours.

An importer is a function `read(data, checked=...)` of the source's JSON as `loads` returns it. It returns models in the
form of `pricing.yaml` (`document.Tree`), which passes `check_pricing`, and everything that this form cannot say.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Context, Decimal
from functools import lru_cache, partial
from typing import Any, Protocol

from ...document import NotJSONError, Tree, without_repeats
from ...errors import LLMCostError
from ...lazy import dataclass
from ..exact import digits
from ..model import own_name
from ..parse import SCHEMA
from ..providers import VENDORS
from ..table import ModelTable
from ..units import MAX_RATE

PER_TOKEN = Decimal("0.000001")
"""What a rate is for, in millions of tokens, where a source has USD per token."""

_CURRENCIES = {"currency", "price_currency", "cost_currency", "price_unit", "cost_unit"}
"""Keys that change what the prices beside them mean."""
_DOLLARS = {"usd", "us$", "$", "none", ""}
_CONTEXT = Context(prec=28)
_FINEST = -40
"""The exponent below which a number is a slip, not a price."""
_MOST_TOKENS = 10**15


class Skip(Protocol):
    """Notes that a key of an entry is left out, and why; `broken`: where a price should be is none."""

    def __call__(self, key: str, why: str, *, broken: bool = False) -> None:
        """Note it."""


ALL_ZERO = "every rate is 0"
"""How the reason begins for which a model without a rate above 0 has none at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """One thing of the source that our form cannot say: of which of its models, under which key, and why.

    `broken`: the source lacks a price that should be there, so it may be incomplete.
    """

    model: str
    key: str
    why: str
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The models of a source by canonical id, in the form of `pricing.yaml`, and what was left out of them."""

    models: dict[str, Tree]
    skipped: tuple[Skipped, ...] = ()

    def tree(self) -> Tree:
        """The whole table."""
        return {"schema": SCHEMA, "models": self.models}

    def table(self, origin: str) -> ModelTable:
        """The models as a layer of a catalog."""
        return ModelTable(self.models, origin)

    def zeroed(self) -> set[str]:
        """The models whose every rate is 0 in the source, which may stand for a price that is not known."""
        said = {x.model.lower() for x in self.skipped if x.why.startswith(ALL_ZERO)}
        return {x for x, tree in self.models.items() if not tree["prices"] and said & {x, *tree.get("aliases", ())}}

    def reasons(self) -> list[tuple[str, int]]:
        """Why things were left out, `key: why`, with how often, the most frequent first."""
        return Counter(f"{x.key}: {x.why}" for x in self.skipped).most_common()


NO_DAY = "not a day"
"""Why a date of a source is left out."""


class SourceError(LLMCostError):
    """A file or an answer that is not the table that it should be."""


def loads(text: str, name: str) -> Any:
    """The JSON of a source with every fraction as its text, so that no digit is lost.

    Raises SourceError when the text is not JSON, when a key is given twice, and when a key beside prices says that they
    are not in USD.
    """

    def checked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        try:
            found = without_repeats(pairs)
        except ValueError as error:
            raise SourceError(f"{name}: {error}") from None
        for key in _CURRENCIES & found.keys():
            if str(found[key]).strip().lower() not in _DOLLARS:
                of = f" of {found['id']}" if isinstance(found.get("id"), str) else ""
                raise SourceError(f'{name}: {key} "{found[key]}"{of}, and prices are taken in USD')
        return found

    try:
        return json.loads(text, parse_float=str, parse_constant=str, object_pairs_hook=checked)
    except (ValueError, RecursionError) as error:
        raise SourceError(NotJSONError(error).at(name)) from None


class Entries:
    """The models of a source while it is read, and what is left out of them."""

    def __init__(self) -> None:
        self.models: dict[str, Tree] = {}
        self.skipped: list[Skipped] = []

    def add(self, model_id: str, key: str, make: Callable[[Skip], Tree]) -> None:
        """Add what `make` returns, unless the entry, which stands under `key`, has no id of its own."""
        skip = partial(self.skip, model_id)
        if not all(model_id.partition("/")):
            skip(key, "an entry without an id")
        elif model_id in self.models:
            skip("id", "another entry has this id")
        else:
            self.models[model_id] = make(skip)

    def skip(self, model_id: str, key: str, why: str, *, broken: bool = False) -> None:
        """Note that something of an entry is left out, and why."""
        self.skipped.append(Skipped(model=model_id, key=key, why=why, broken=broken))

    def drop_taken_aliases(self, key: str) -> None:
        """Drop each alias that is a name of another model of the same provider, and note it under `key`."""
        owners = {model_id: model_id for model_id in self.models}

        def taken(model_id: str, alias: str) -> bool:
            return owners.setdefault(own_name(model_id.partition("/")[0], alias), model_id) != model_id

        self._drop(taken, key, "another model has this id")

    def drop_names_of_vendors(self, key: str) -> None:
        """Drop each alias of a host's model that a vendor's own model has as its name, and note it under `key`."""
        vendors = {x.partition("/")[2] for x in self.models if x.partition("/")[0] in VENDORS}

        def taken(model_id: str, alias: str) -> bool:
            return alias in vendors and model_id.partition("/")[0] not in VENDORS

        self._drop(taken, key, "the vendor's own model has this name")

    def _drop(self, taken: Callable[[str, str], bool], key: str, why: str) -> None:
        for model_id, tree in self.models.items():
            aliases = tree.get("aliases", [])
            kept = [alias for alias in aliases if not taken(model_id, alias)]
            if kept:
                tree["aliases"] = kept
            else:
                tree.pop("aliases", None)
            self.skipped += [Skipped(model=model_id, key=key, why=why)] * (len(aliases) - len(kept))

    def imported(self) -> Imported:
        """The models, and each loss once."""
        return Imported(models=self.models, skipped=tuple(dict.fromkeys(self.skipped)))


def entry(prices: Tree, checked: date | None, **facts: Any) -> dict[str, Tree]:
    """An entry of `models`: prices, and those of the source's facts that are what a table may have.

    Limits must be whole numbers above 0, names and sources texts that are not empty.
    """
    for key in ("name", "source"):
        found = facts.get(key)
        facts[key] = found if isinstance(found, str) and found.strip() else None
    for key in ("context", "max_output"):
        facts[key] = str(whole(facts.get(key)) or "")
    facts |= {"free": "true" if facts.get("free") else None, "checked": checked.isoformat() if checked else None}
    return {**{key: facts[key] for key in _FACTS if facts.get(key)}, "prices": prices}


_FACTS = (
    *("name", "aliases", "mode", "context", "max_output"),
    *("shutdown", "regions", "free", "source", "checked"),
)


def divided(one: Decimal, other: Decimal) -> Decimal:
    """A quotient to 28 digits, whatever the caller's decimal context."""
    return _CONTEXT.divide(one, other)


def times(one: str, factor: str) -> str:
    """The product of two amounts as its text."""
    return digits(_CONTEXT.multiply(Decimal(one), Decimal(factor)))


def amount(value: Any, per: Decimal | int = 1) -> str | None:
    """The text of a price for one, of a number or its text for `per`; None for what is no price in range."""
    return _amount(value, per) if type(value) in (str, int) else None


@lru_cache(maxsize=65536)  # a fifth of the time of a table of litellm
def _amount(value: str | int, per: Decimal | int) -> str | None:
    try:
        number = Decimal(value)
        found = divided(number, Decimal(per))
    except ArithmeticError:
        return None
    if not found.is_finite() or not 0 <= found <= MAX_RATE or int(number.as_tuple().exponent) < _FINEST:
        return None
    return digits(found.copy_abs())


def whole(value: Any) -> int | None:
    """A whole number of tokens, which JSON may have as a fraction; None for another value."""
    if type(value) is int:
        return value if 0 <= value <= _MOST_TOKENS else None
    try:
        number = Decimal(value if isinstance(value, str) else "nan")
        return int(number) if 0 <= number <= _MOST_TOKENS and number == number.to_integral_value() else None
    except ArithmeticError:
        return None


def cleaned_name(name: str) -> str:
    """A model's name with the letters that an id may have: it starts with a letter or a digit."""
    return re.sub(r"[^a-z0-9._:/@+-]", "-", name.lower()).lstrip("._:/@+-")


def cleaned_provider(name: str) -> str:
    """A provider's name with the letters that an id may have."""
    return re.sub(r"[^a-z0-9._-]", "-", name.lower()).lstrip("._-")


def canonical_id(provider: str, name: str) -> str:
    """The id of a model."""
    return f"{cleaned_provider(provider)}/{cleaned_name(name)}"


def other_names(model_id: str, names: Iterable[str]) -> list[str]:
    """The names in lower case, each once, that a catalog does not know from the id already.

    A free variant is never meant by a name that does not say so: that is what is paid for.
    """
    known = (model_id, model_id.partition("/")[2])
    ending = ":free" if model_id.endswith(":free") else ""
    found = dict.fromkeys(name.lower() for name in names if name.strip())
    return [name for name in found if name.endswith(ending) and name not in known]


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


def day_of(value: Any) -> str | None:
    """A date as a table has it, YYYY-MM-DD; None for another value."""
    try:
        return value if date.fromisoformat(value).isoformat() == value else None
    except (TypeError, ValueError):
        return None
