"""Models that usually stand to each other as others do: a cloud's copy and the vendor's model, and one family.

The figures are those of the packaged table of 2026-11-26.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from ..lazy import pattern
from .exact import digits
from .key import Key, KeyKind
from .model import Model
from .providers import VENDORS
from .units import Unit
from .usual import band

_CLOUDS = ("azure", "bedrock", "vertex")
"""Hosts that sell vendors' models at the vendors' list prices; others set prices of their own."""

_AROUND = pattern(r"^.*/|^(?:[a-z-]+\.)*|-v[0-9]+(?::[0-9]+)?$")
"""What Bedrock and hosts put around a name: `us.anthropic.claude-opus-5-v1:0`, `accounts/fireworks/models/x`."""
_BEHIND_NUMBER = pattern(r"(?<=[0-9])[^0-9].*")

_LIST_PRICE = band("0.9", "1.4", "1..1.1", 1006, 1019)
"""A rate of a cloud's copy against the vendor's; regions of governments and some at Bedrock are up to 1.375 times."""

_NEGOTIATED = _LIST_PRICE._replace(least=Decimal("0.1"), most=Decimal(10))
"""The same if the vendor's rate is in another table: the user's own table may have a discount."""

_CONTEXT = band("0", "1.1", "1", 126, 131)
"""The context of a model against that of its copies."""

CHEAPER, _DEARER = ("nano", "mini", "lite", "flash"), ("pro",)
"""What behind a model's name means a cheaper one, and a dearer one: so in all 42 pairs of the table."""


class Twins:
    """The models of a table and those `known` from others, by what they are copies of and by family.

    Of two with one id the table's own counts.
    """

    def __init__(self, own: Sequence[Model], known: Sequence[Model] = ()) -> None:
        self._own = {model.id for model in own}
        self._models: dict[str, Model] = {}
        self._families: dict[str, list[Model]] = defaultdict(list)
        vendors: dict[str, Model] = {}
        for model in (*own, *known):
            if self._models.setdefault(model.id, model) is not model:
                continue
            self._families[_family(model)].append(model)
            if model.provider in VENDORS:
                for name in (model.bare_name, *model.aliases):
                    vendors.setdefault(name.lower(), model)
        self._vendor: dict[str, Model] = {}
        self._copies: dict[str, list[Model]] = defaultdict(list)
        for model in self._models.values():
            names = [_bare(x) for x in (model.bare_name, *model.aliases)]
            if model.provider in _CLOUDS and (found := next((vendors[x] for x in names if x in vendors), None)):
                self._vendor[model.id] = found
                self._copies[found.id].append(model)

    def oddities(self, model: Model, day: date) -> Iterator[tuple[Key | None, str]]:
        """Yield what is odd about a model beside the others: the key of a rate in force, or None for the context."""
        yield from self._list_price(model, day)
        yield from self._size(model, day)
        yield from self._context(model)

    def _list_price(self, model: Model, day: date) -> Iterator[tuple[Key, str]]:
        vendor = self._vendor.get(model.id)
        if vendor is None:
            return
        theirs = dict(vendor.rates(day))
        usual = _LIST_PRICE if vendor.id in self._own else _NEGOTIATED
        for key, rate in model.rates(day):
            base = theirs.get(key)
            if key.kind is KeyKind.RATE and base and not usual.has(rate, base):
                told = f"{digits(rate)} {usual.told(rate, base)} {digits(base)}, that of {vendor.id}"
                yield key, f"{told}; {usual.words}"

    def _size(self, model: Model, day: date) -> Iterator[tuple[Key, str]]:
        name, _, word = model.id.rpartition("-")
        other, key = self._models.get(name), Key(Unit.INPUT)
        if other is None or word not in (*CHEAPER, *_DEARER):
            return
        ours, theirs = dict(model.rates(day)).get(key), dict(other.rates(day)).get(key)
        if ours is None or theirs is None or (ours <= theirs if word in CHEAPER else ours >= theirs):
            return
        more, usual = ("more", "cheaper") if word in CHEAPER else ("less", "dearer")
        usual = f"usual: {word} is {usual} (all 42 such pairs in the packaged table)"
        yield key, f"input {digits(ours)} is {more} than {digits(theirs)}, that of {other.id}; {usual}"

    def _context(self, model: Model) -> Iterator[tuple[None, str]]:
        """Yield a context that counts the output too, as many a page does: by its copies, or by its family."""
        if model.context is None:
            return
        context = Decimal(model.context)
        twins = [*self._copies.get(model.id, ()), *([self._vendor[model.id]] if model.id in self._vendor else ())]
        for twin in twins:
            if twin.context is not None and not _CONTEXT.has(context, Decimal(twin.context)):
                told = _CONTEXT.told(context, Decimal(twin.context))
                yield None, f"{context} {told} {twin.context}, that of {twin.id}; {_CONTEXT.words}"
                return
        for x in self._families[_family(model)]:
            most = x.max_output
            if x.context and most and most == model.max_output and context == x.context + most:
                told = f"{context} is {x.context} + {x.max_output}, the largest input and output of {x.id}"
                yield None, f"{told}; usual: the largest input alone (497 of 499 in the packaged table)"
                return


def _bare(name: str) -> str:
    return _AROUND.sub("", name.lower())


def _family(model: Model) -> str:
    """The provider and the name up to its first number: `openai/gpt-5`."""
    return f"{model.provider}/{_BEHIND_NUMBER.sub('', _bare(model.bare_name))}"
