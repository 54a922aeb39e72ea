"""Texts, chats and images that were counted, and what they cost as input."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from ..notes import Note, NoteKind

if TYPE_CHECKING:
    from ..pricing.catalog import Catalog
    from ..pricing.model import Model
    from ..pricing.usage import Tokens

APPROXIMATE = "~"
"""Stands before every number that is not exact."""

_SAME_RANKS = {"o200k_harmony": "o200k_base"}
"""Encodings that differ in their special tokens only, which are counted as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokenizer:
    """The encoding that tokens are counted with, and the model they are counted for, if any.

    `note` says why the counts are approximate: the encoding is not the model's own. `margin` is the share of tokens
    that the model's own count is known to have on top at most, None where that is not known.
    """

    encoding: str
    model: Model | None = None
    note: Note | None = None
    margin: Decimal | None = Decimal(0)

    @property
    def exact(self) -> bool:
        """Tell whether the encoding is the model's own, or was asked for without a model."""
        return self.note is None

    def allowance(self, chosen: Decimal | None, *, approximate: bool) -> Decimal | None:
        """The share of tokens to allow for on top of a count, None where it is not known.

        `approximate` tells of a count that is not exact though the tokenizer is; `chosen` is what the user allows for
        wherever a count is not exact.
        """
        if self.exact and not approximate:
            return self.margin
        return self.margin if chosen is None else chosen


def tokenizer_for(model: Model, *, chosen: str | None, known: Collection[str], default: str) -> Tokenizer:
    """The tokenizer of a model: its own where it is one of the `known` encodings, else one that stands in.

    `chosen` is the encoding that the user asked for; `default` stands in for a tokenizer that is not known.
    """
    own = model.encoding if model.encoding in known else None
    encoding = chosen or own or default
    if own is not None and same_counts(own, encoding):
        return Tokenizer(encoding=encoding, model=model)
    if own is not None:
        why = f"the tokenizer of {model.id} is {own}"
    elif model.encoding is not None:
        why = f"the tokenizer of {model.id}, {model.encoding}, is none of tiktoken's"
    else:
        why = f"the tokenizer of {model.id} is not public or not known"
    least, most = _measured(model) or (None, None)
    known = f"; users of other tools report that Claude's own counts are {least:%} to {most:%} higher" if least else ""
    text = f"{why}: counted with {encoding}, which is approximate{known}"
    return Tokenizer(encoding=encoding, model=model, note=Note(NoteKind.TOKENIZER, text), margin=most)


def same_counts(one: str, other: str) -> bool:
    """Tell whether two encodings count every text alike."""
    return _SAME_RANKS.get(one, one) == _SAME_RANKS.get(other, other)


def _measured(model: Model) -> tuple[Decimal, Decimal] | None:
    """The shares of tokens that a model's own counts have on top, at least and at most, where that is known.

    Source: reports of users who counted the same texts both ways (github.com/Barnett-Studios/cxpak/issues/35,
    github.com/headroomlabs-ai/headroom/pull/2543). No vendor publishes a figure.
    """
    if "claude" not in model.id:
        return None
    return Decimal("0.1"), Decimal("0.3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The tokens of one thing for one tokenizer; notes say what about them is not documented."""

    tokens: int
    notes: tuple[Note, ...] = ()


class ItemKind(StrEnum):
    """What was counted."""

    FILE = "file"
    TEXT = "text"
    CHAT = "chat"
    IMAGE = "image"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedItem:
    """One thing of a kind: its size in bytes where it has one, and a count for each tokenizer, in their order."""

    name: str
    counts: tuple[Count, ...]
    size: int | None = None
    kind: ItemKind = ItemKind.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class CountCost:
    """What was counted costs on one model in USD: each thing (None where only the whole is a request), and in all."""

    each: tuple[Decimal | None, ...]
    usd: Decimal
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenReport:
    """Everything that was counted.

    `prices` has one of each tokenizer's model, or is empty where no price was asked for; each thing is priced as a
    request of its own with `output_tokens`, or everything as `one_request`. `binary` files were skipped, `links` not
    followed. `day` is the date of the prices, `origins` are the files they came from.
    """

    tokenizers: tuple[Tokenizer, ...]
    items: tuple[CountedItem, ...]
    prices: tuple[CountCost, ...] = ()
    output_tokens: Tokens = 0
    one_request: bool = False
    binary: int = 0
    links: tuple[str, ...] = ()
    day: date | None = None
    origins: tuple[str, ...] = ()

    def total(self, index: int) -> int:
        """The tokens of everything for one tokenizer."""
        return sum(item.counts[index].tokens for item in self.items)

    def has(self, kind: ItemKind) -> bool:
        """Tell whether a thing of this kind was counted."""
        return any(item.kind is kind for item in self.items)

    def exact(self, index: int, item: CountedItem | None = None) -> bool:
        """Tell whether the count of one thing, or of everything, is exact for one tokenizer."""
        items = self.items if item is None else (item,)
        return self.tokenizers[index].exact and not any(x.counts[index].notes for x in items)

    def bare(self) -> str:
        """The tokens of everything as a script reads them: `312`, or `~312` where they are not exact."""
        return f"{'' if self.exact(0) else APPROXIMATE}{self.total(0)}"

    def notes(self) -> tuple[Note, ...]:
        """For what names models were taken, and why counts are approximate."""
        of_names = (note for x in self.tokenizers if x.model for note in x.model.notes)
        of_tokenizers = (x.note for x in self.tokenizers if x.note)
        of_items = (note for item in self.items for found in item.counts for note in found.notes)
        return tuple(dict.fromkeys((*of_names, *of_tokenizers, *of_items)))


def price_counted(
    catalog: Catalog,
    tokenizers: Sequence[Tokenizer],
    items: Sequence[CountedItem],
    *,
    output_tokens: Tokens = 0,
    one_request: bool = False,
) -> tuple[CountCost, ...]:
    """What the things cost on the model of each tokenizer at the standard tier, at the catalog's day.

    With `one_request` they are the parts of one request, else each is a request with `output_tokens` of its own.
    Raises NotSoldError for a model without a price, or without one for output that is asked for.
    """
    return tuple(
        _priced(catalog, x.model, index, items, output_tokens, one_request=one_request)
        for index, x in enumerate(tokenizers)
        if x.model is not None
    )


def _priced(
    catalog: Catalog, model: Model, index: int, items: Sequence[CountedItem], output: Tokens, *, one_request: bool
) -> CountCost:
    from ..pricing.exact import total
    from ..pricing.usage import Usage

    requests = [items] if one_request else [[item] for item in items]
    costs = []
    notes: dict[Note, None] = {}
    too_long = 0
    for request in requests:
        tokens = sum(item.counts[index].tokens for item in request)
        images = sum(item.counts[index].tokens for item in request if item.kind is ItemKind.IMAGE)
        too_long += model.context is not None and tokens > model.context
        usage = Usage(input_tokens=tokens, image_input_tokens=images, output_tokens=output)
        cost = catalog.price(model.id, usage)
        costs.append(cost.usd)
        notes.update(dict.fromkeys(cost.notes))
    if too_long:
        words = "1 request is" if too_long == 1 else f"{too_long:,} requests are"
        text = f"{words} longer than the context window of {model.id}, {model.context:,} tokens"
        notes[Note(NoteKind.CONTEXT, text)] = None
    each = tuple(costs) if len(costs) == len(items) else (None,) * len(items)
    return CountCost(each=each, usd=total(costs), notes=tuple(notes))
