"""Counted tokens as a report: a row for each thing, and the total; a column for the cost on each model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...notes import Note, NoteKind
from ...report.display import count, usd
from ...report.report import Cell, Column, Kind, Report, Row, Rows, RunForm, Table
from ...report.words import day_words, named, some
from ...workload.counted import APPROXIMATE, ItemKind, Tokenizer, TokenReport

FORM = RunForm("llmcost.tokens/1", ("counts", "totals"))


def tokens_report(x: TokenReport) -> Report:
    """The report on a count."""
    counts = Rows(_count_values(x))
    return Report(
        schema=FORM.name,
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
    for index, tokenizer in enumerate(x.tokenizers):
        values: dict[str, Cell] = {
            "model": _model(tokenizer),
            "encoding": tokenizer.encoding,
            "exact": x.exact(index),
            "things": len(x.items),
            "tokens": x.total(index),
            "bytes": _size(x),
        }
        if x.prices:
            values["usd"] = x.prices[index].usd
        yield values


def _size(x: TokenReport) -> int | None:
    """The bytes of all things that have a size; None where none has."""
    sizes = [item.size for item in x.items if item.size is not None]
    return sum(sizes) if sizes else None


def _columns(x: TokenReport) -> dict[int, str]:
    """Labels of the columns of counts by the place of a tokenizer; those whose counts are the same share one."""
    found: dict[tuple[object, ...], list[int]] = {}
    for index in range(len(x.tokenizers)):
        key = tuple((item.counts[index].tokens, x.exact(index, item)) for item in x.items)
        found.setdefault(key, []).append(index)
    if len(found) == 1:
        return {0: "Tokens"}
    return {y[0]: f"Tokens {', '.join(_short(x.tokenizers[index]) for index in y)}" for y in found.values()}


def _short(tokenizer: Tokenizer) -> str:
    return tokenizer.encoding if tokenizer.model is None else tokenizer.model.bare_name


def _table(x: TokenReport) -> Table:
    """The table for people; approximate counts are marked."""
    counts = _columns(x)
    columns = [
        Column("name", "Name"),
        *(Column(f"tokens{index}", label, Kind.COUNT) for index, label in counts.items()),
        *([] if _size(x) is None else [Column("bytes", "Bytes", Kind.COUNT, optional=1)]),
        *(
            Column(f"usd{index}", f"USD {_short(x.tokenizers[index])}" if len(x.prices) > 1 else "USD", Kind.USD)
            for index in range(len(x.prices))
        ),
    ]
    places = [*range(len(x.items)), *([None] if len(x.items) > 1 else [])]
    rows = tuple(_row(x, counts, place) for place in places)
    return Table(columns=tuple(columns), rows=rows, short=14, things="files")


def _row(x: TokenReport, counts: Iterable[int], place: int | None) -> Row:
    """The row of one thing, by its place, or of everything (None)."""
    item = None if place is None else x.items[place]
    values: dict[str, Cell] = {"name": item.name if item else "total", "bytes": item.size if item else _size(x)}
    for index in counts:
        tokens = item.counts[index].tokens if item else x.total(index)
        values[f"tokens{index}"] = _marked(count(tokens), exact=x.exact(index, item))
    for index, price in enumerate(x.prices):
        cost = price.usd if place is None else price.each[place]
        values[f"usd{index}"] = "" if cost is None else _marked(usd(cost), exact=x.exact(index, item))
    return Row(values, total=item is None)


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
    words = named(some(n, kind) for kind, n in numbers.items() if n)
    return f"{words} of one request" if x.one_request else words


def _assumptions(x: TokenReport) -> Iterator[str]:
    encodings = " and ".join(dict.fromkeys(tokenizer.encoding for tokenizer in x.tokenizers))
    yield f"Counted with {encodings}; special tokens are counted as text"
    if x.has(ItemKind.CHAT):
        yield "Chats include what the chat format adds for each message, name, tool and reply"
    if x.prices:
        what = "Priced as one request" if x.one_request or len(x.items) == 1 else "Each priced as one request"
        yield f"{what} with {count(x.output_tokens)} tokens out, at standard rates, without caching"
        yield day_words(x.day, x.origins)


def _notes(x: TokenReport) -> Iterator[Note]:
    yield from x.notes()
    yield from (note for price in x.prices for note in price.notes)
    yield from x.form_notes()
    if x.binary:
        yield Note(NoteKind.LEFT_OUT, f"{some(x.binary, 'binary file')} skipped")
    for files, what, verb in ((x.links, "symbolic link", "followed"), (x.special, "special file", "read")):
        if files:
            yield Note(NoteKind.LEFT_OUT, f"{some(len(files), what)} not {verb}: {named(files, 3)}")
