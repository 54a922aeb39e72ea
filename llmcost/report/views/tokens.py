"""Counted tokens as a report: a row for each thing, and the total; a column for the cost on each model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...notes import Note, NoteKind
from ...workload.counted import APPROXIMATE, CountedItem, ItemKind, Tokenizer, TokenReport
from ..display import count, usd
from ..report import Cell, Column, Kind, Report, Row, Rows, Table
from ..words import some

SCHEMA = "llmcost.tokens/1"

_NAMED = 3
"""Links that are named in a note; the JSON has all of them."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Tokenizers whose counts are the same, by their places: they share a column."""

    places: tuple[int, ...]
    label: str


def tokens_report(x: TokenReport) -> Report:
    """The report on a count."""
    counts = Rows(_count_values(x))
    return Report(
        schema=SCHEMA,
        headline=_headline(x),
        data={
            "output_tokens": x.output_tokens,
            "one_request": x.one_request,
            "skipped_binary": x.binary,
            "skipped_links": x.links,
            "chat_format_counted": x.has(ItemKind.CHAT),
            "counts": counts,
            "totals": Rows(_total_values(x)),
        },
        csv=counts,
        tables=(_table(x),),
        assumptions=tuple(_assumptions(x)),
        notes=tuple(_notes(x)),
    )


def _model(tokenizer: Tokenizer) -> str | None:
    return None if tokenizer.model is None else tokenizer.model.id


def _count_values(x: TokenReport) -> Iterator[dict[str, Cell]]:
    for place, item in enumerate(x.items):
        for index, tokenizer in enumerate(x.tokenizers):
            found = item.counts[index]
            values: dict[str, Cell] = {
                "path": item.name,
                "tokens": found.tokens,
                "bytes": item.size,
                "exact": x.exact(index, item),
                "encoding": tokenizer.encoding,
                "model": _model(tokenizer),
            }
            if x.prices:
                values["usd"] = x.prices[index].each[place]
            yield values


def _total_values(x: TokenReport) -> Iterator[dict[str, Cell]]:
    sizes = [item.size for item in x.items if item.size is not None]
    for index, tokenizer in enumerate(x.tokenizers):
        values: dict[str, Cell] = {
            "model": _model(tokenizer),
            "encoding": tokenizer.encoding,
            "exact": x.exact(index),
            "things": len(x.items),
            "tokens": x.total(index),
            "bytes": sum(sizes) if sizes else None,
        }
        if x.prices:
            values["usd"] = x.prices[index].usd
        yield values


def _groups(x: TokenReport) -> list[_Group]:
    """Columns of counts: one, or one for each tokenizer with counts of its own."""
    found: dict[tuple[object, ...], list[int]] = {}
    for index in range(len(x.tokenizers)):
        key = tuple((item.counts[index].tokens, x.exact(index, item)) for item in x.items)
        found.setdefault(key, []).append(index)
    groups = [tuple(places) for places in found.values()]
    if len(groups) == 1:
        return [_Group(groups[0], "Tokens")]
    return [_Group(places, f"Tokens {', '.join(_short(x.tokenizers[index]) for index in places)}") for places in groups]


def _short(tokenizer: Tokenizer) -> str:
    return tokenizer.encoding if tokenizer.model is None else tokenizer.model.bare_name


def _table(x: TokenReport) -> Table:
    """The table for people; approximate counts are marked."""
    groups = _groups(x)
    columns = [Column("name", "Name"), *(Column(f"tokens{g.places[0]}", g.label, Kind.COUNT) for g in groups)]
    if any(item.size is not None for item in x.items):
        columns.append(Column("bytes", "Bytes", Kind.COUNT, optional=1))
    columns += [
        Column(f"usd{index}", f"USD {_short(x.tokenizers[index])}" if len(x.prices) > 1 else "USD", Kind.USD)
        for index in range(len(x.prices))
    ]
    rows = [_row(x, groups, place, item) for place, item in enumerate(x.items)]
    if len(x.items) > 1:
        rows.append(_total_row(x, groups))
    return Table(columns=tuple(columns), rows=tuple(rows))


def _row(x: TokenReport, groups: list[_Group], place: int, item: CountedItem) -> Row:
    values: dict[str, Cell] = {"name": item.name, "bytes": item.size}
    for group in groups:
        index = group.places[0]
        values[f"tokens{index}"] = _marked(count(item.counts[index].tokens), exact=x.exact(index, item))
    for index, price in enumerate(x.prices):
        cost = price.each[place]
        values[f"usd{index}"] = "" if cost is None else _marked(usd(cost), exact=x.exact(index, item))
    return Row(values)


def _total_row(x: TokenReport, groups: list[_Group]) -> Row:
    sizes = [item.size for item in x.items if item.size is not None]
    values: dict[str, Cell] = {"name": "total", "bytes": sum(sizes)}
    for group in groups:
        index = group.places[0]
        values[f"tokens{index}"] = _marked(count(x.total(index)), exact=x.exact(index))
    for index, price in enumerate(x.prices):
        values[f"usd{index}"] = _marked(usd(price.usd), exact=x.exact(index))
    return Row(values, total=True)


def _marked(text: str, *, exact: bool) -> str:
    return text if exact else f"{APPROXIMATE}{text}"


def _headline(x: TokenReport) -> str:
    name = x.items[0].name if len(x.items) == 1 else _things(x)
    if len(x.tokenizers) == 1:
        said = f"{name} {'has' if len(x.items) == 1 else 'have'} {_marked(some(x.total(0), 'token'), exact=x.exact(0))}"
        if not x.prices:
            return said
        verb = "it costs" if len(x.items) == 1 else "they cost"
        return f"{said}; {verb} {_marked(usd(x.prices[0].usd), exact=x.exact(0))} on {_model(x.tokenizers[0])}"
    each = []
    for index, tokenizer in enumerate(x.tokenizers):
        tokens = _marked(some(x.total(index), "token"), exact=x.exact(index))
        cost = f" and {_marked(usd(x.prices[index].usd), exact=x.exact(index))}" if x.prices else ""
        each.append(f"{tokens}{cost} on {_model(tokenizer)}")
    return f"{name}: {'; '.join(each)}"


def _things(x: TokenReport) -> str:
    """The number of things of each kind: `1 chat and 2 images of one request`."""
    numbers = {kind: sum(item.kind is kind for item in x.items) for kind in ItemKind}
    *others, last = [some(n, kind) for kind, n in numbers.items() if n]
    words = f"{', '.join(others)} and {last}" if others else last
    return f"{words} of one request" if x.one_request else words


def _assumptions(x: TokenReport) -> Iterator[str]:
    encodings = " and ".join(dict.fromkeys(tokenizer.encoding for tokenizer in x.tokenizers))
    yield f"Counted with {encodings}; special tokens in a text are counted as text"
    if x.has(ItemKind.CHAT):
        yield "A chat has its texts and what the chat format adds: tokens for every message, name, tool and reply"
    if x.prices:
        what = "All of it is one request" if x.one_request or len(x.items) == 1 else "Each is a request of its own"
        yield f"{what}: its tokens in, and {count(x.output_tokens)} out, at standard rates without a cache"
        yield f"Prices: USD on {x.day}, prices of {' and '.join(x.origins)}"


def _notes(x: TokenReport) -> Iterator[Note]:
    yield from x.approximation_notes()
    yield from (note for price in x.prices for note in price.notes)
    if x.binary:
        yield Note(NoteKind.LEFT_OUT, f"{some(x.binary, 'binary file')} skipped")
    if x.links:
        named = ", ".join(x.links[:_NAMED]) + (" ..." if len(x.links) > _NAMED else "")
        yield Note(NoteKind.LEFT_OUT, f"{some(len(x.links), 'symbolic link')} not followed: {named}")
