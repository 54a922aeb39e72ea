"""Texts, chats and images that were counted, and what they cost as input."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from ..lazy import dataclass
from ..notes import Note, NoteKind
from ..pricing.tokenizers import TokenizerFamily, tokenizer_family

if TYPE_CHECKING:
    from ..pricing.catalog import Catalog
    from ..pricing.model import Model
    from ..pricing.usage import Tokens

APPROXIMATE = "~"
"""Stands before every number that is not exact."""

_SAME_RANKS = {"o200k_harmony": "o200k_base"}
"""Encodings that differ in their special tokens only, which are counted as text."""


UNPUBLISHED_MARGIN = Decimal("0.1")
"""The share of tokens to allow for where the tokenizer is the model's own, but no published rule covers all it counts.

It is a figure of ours, not a measured one: texts are exact, and what stands around them is little.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokenizer:
    """The encoding that tokens are counted with, and the model they are counted for, if any.

    `note` says why the counts are approximate: the encoding is not the model's own. `family` has what is known of the
    model's own tokenizer then, None where that is nothing.
    """

    encoding: str
    model: Model | None = None
    note: Note | None = None
    family: TokenizerFamily | None = None

    @property
    def exact(self) -> bool:
        """Tell whether the encoding is the model's own, or was asked for without a model."""
        return self.note is None

    @property
    def digit_by_digit(self) -> bool:
        """Tell whether the model's own count has a token for each digit, which no margin allows for."""
        return self.family is not None and self.family.digit_by_digit

    def allowance(self, chosen: Decimal | None, *, approximate: bool, ascii_only: bool = False) -> Decimal | None:
        """The share of tokens to allow for on top of a count, None where it is not known.

        `approximate` tells of a count that is not exact though the tokenizer is, `ascii_only` of texts of ASCII
        characters; `chosen` is what the user allows for wherever a count is not exact.
        """
        if self.exact and not approximate:
            return Decimal(0)
        if chosen is not None:
            return chosen
        if self.exact:
            return UNPUBLISHED_MARGIN
        if self.family is None:
            return None
        return self.family.ascii_margin if ascii_only else self.family.margin


def tokenizer_for(model: Model, *, chosen: str | None, known: Collection[str], default: str) -> Tokenizer:
    """The tokenizer of a model: its own where it is one of the `known` encodings, else one that stands in.

    `chosen` is the encoding that the user asked for; `default` stands in for a tokenizer that is not known.
    """
    own = model.encoding if model.encoding in known else None
    encoding = chosen or own or default
    if own is not None and same_counts(own, encoding):
        return Tokenizer(encoding=encoding, model=model)
    family = tokenizer_family(model.id) if model.encoding is None else None
    text = f"{_why(model, own, family)}: approximate count with {encoding}{_far(family, encoding, default)}"
    if encoding != default:  # the margins are those of counts with it
        family = None
    return Tokenizer(encoding=encoding, model=model, note=Note(NoteKind.TOKENIZER, text), family=family)


def _why(model: Model, own: str | None, family: TokenizerFamily | None) -> str:
    """Why a model's tokens are not counted with its own tokenizer."""
    if own is not None:
        return f"the tokenizer of {model.id} is {own}"
    if model.encoding is not None:
        return f"the tokenizer of {model.id}, {model.encoding}, is not in tiktoken"
    if family is not None and family.vocabulary is not None:
        return f"the tokenizer of {model.id} ({family.vocabulary}) is public, but not installed here"
    return f"the tokenizer of {model.id} is not public{'' if family else ' or unknown'}"


def _far(family: TokenizerFamily | None, encoding: str, default: str) -> str:
    """How far a family's own counts are known to be off, as the end of a sentence."""
    if family is None or family.margin is None or family.ascii_margin is None or encoding != default:
        return ""
    digits = ", and one token for each digit" if family.digit_by_digit else ""
    ascii_, any_ = f"{family.ascii_margin:%}", f"{family.margin:%}"
    return f"; its own count was up to {ascii_} higher in ASCII texts, {any_} in others{digits}"


def same_counts(one: str, other: str) -> bool:
    """Tell whether two encodings count every text alike."""
    return _SAME_RANKS.get(one, one) == _SAME_RANKS.get(other, other)


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
    """One thing of a kind: its size in bytes where it has one, and a count for each tokenizer, in their order.

    `forms` are those that its text had in the file, none for plain UTF-8.
    """

    name: str
    counts: tuple[Count, ...]
    size: int | None = None
    kind: ItemKind = ItemKind.TEXT
    forms: tuple[str, ...] = ()


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
    followed, `special` files (pipes, sockets, devices) not read. `day` is the date of the prices, `origins` are the
    files they came from.
    """

    tokenizers: tuple[Tokenizer, ...]
    items: tuple[CountedItem, ...]
    output_tokens: Tokens
    one_request: bool
    binary: int
    links: tuple[str, ...]
    special: tuple[str, ...] = ()
    prices: tuple[CountCost, ...] = ()
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

    def form_notes(self) -> tuple[Note, ...]:
        """Which things were read from another form than plain UTF-8."""
        return form_notes((item.name, item.forms) for item in self.items)


def form_notes(files: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[Note, ...]:
    """What is said of files by the forms that their text had: a note for each set of forms but plain UTF-8."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name, forms in files:
        if forms:
            found.setdefault(forms, []).append(name)
    return tuple(
        Note(NoteKind.FORM, f"read as {', '.join(forms)}: {', '.join(names[:3])}{' ...' if names[3:] else ''}")
        for forms, names in found.items()
    )


def price_counted(
    catalog: Catalog,
    tokenizers: Sequence[Tokenizer],
    items: Sequence[CountedItem],
    *,
    output_tokens: Tokens,
    one_request: bool,
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
