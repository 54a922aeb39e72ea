"""What `llmcost tokens` counts: files, folders, standard input, texts, chats and images."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from ...document import shortened
from ...errors import FileError, UsageError
from ...lazy import dataclass
from ...load import load_layers, tokenizer_of
from ...shell.files import STDIN_NAME, Reading, count_path
from ...shell.options import warned
from ...tables.files import STDIN
from ...tokens.encoding import DEFAULT, encoding_named
from ...workload.counted import Count, CountedItem, ItemKind, Tokenizer, TokenReport, price_counted

if TYPE_CHECKING:
    from tiktoken import Encoding

    from ...pricing.catalog import Catalog
    from ...tokens.chat_file import Chat
    from ...tokens.count import FileCount
    from .options import CountOptions, SourceOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class CountJob:
    """What is to be counted, with what, and the output tokens and price tables where it is priced."""

    paths: Sequence[str]
    source: SourceOptions
    how: CountOptions
    output: Decimal | None
    pricing: Sequence[str]
    reading: Reading


def count_all(wanted: CountJob) -> tuple[TokenReport, Catalog | None]:
    """Count everything, and price it where that is asked for; return also the prices.

    With an image among it all of it is one request. Raises LLMCostError for what cannot be counted or priced.
    """
    if wanted.how.cost and not wanted.how.model:
        raise UsageError("--cost requires -m MODEL")
    if wanted.source.image and not wanted.how.model:
        raise UsageError("--image needs a model: models count images differently", "name it with -m MODEL")
    _check_input(wanted)
    catalog = warned(load_layers(*wanted.pricing)) if wanted.how.model else None
    tokenizers = _tokenizers(wanted, catalog)
    items, binary = _items(wanted, tokenizers)
    left_out = wanted.reading.left_out
    one_request = bool(wanted.source.image) and len(items) > 1
    output = wanted.output or Decimal(0)
    counted = TokenReport(
        tokenizers=tokenizers,
        items=items,
        output_tokens=output,
        one_request=one_request,
        binary=binary,
        links=tuple(map(str, left_out.links)),
        special=tuple(map(str, left_out.special)),
    )
    if catalog is None or not wanted.how.cost:
        return counted, None
    priced = replace(
        counted,
        prices=price_counted(catalog, tokenizers, items, output_tokens=output, one_request=one_request),
        day=catalog.as_of,
        origins=tuple(dict.fromkeys(catalog.origin(x.model) for x in tokenizers if x.model)),
    )
    return priced, catalog


def _check_input(wanted: CountJob) -> None:
    """Refuse to wait for a terminal's input, or to read it twice."""
    if [*wanted.paths, *wanted.source.chat].count(STDIN) > 1:
        raise UsageError("standard input can be read only once: - is given twice")
    if not _reads_stdin(wanted):
        return
    if sys.stdin is None or (STDIN not in wanted.paths and sys.stdin.isatty()):
        raise UsageError("nothing to count", "give files or folders, --text, or a text on standard input")


def _reads_stdin(wanted: CountJob) -> bool:
    source = wanted.source
    return STDIN in wanted.paths or not (wanted.paths or source.text or source.chat or source.image)


def _tokenizers(wanted: CountJob, catalog: Catalog | None) -> tuple[Tokenizer, ...]:
    if catalog is None:
        return (Tokenizer(encoding=wanted.how.encoding or DEFAULT),)
    models = {model.id: model for model in map(catalog.resolve, wanted.how.model)}
    return tuple(tokenizer_of(model, wanted.how.encoding) for model in models.values())


def _items(wanted: CountJob, tokenizers: Sequence[Tokenizer]) -> tuple[tuple[CountedItem, ...], int]:
    """What was counted, in the order files, texts, chats, images, and how many binary files were skipped."""
    encodings = {name: encoding_named(name) for name in dict.fromkeys(x.encoding for x in tokenizers)}
    paths = wanted.paths or ([STDIN] if _reads_stdin(wanted) else [])
    files = [found for path in paths for found in _path(path, wanted, encodings)]
    items = [_file(found, encodings, tokenizers) for found in files if found[0].tokens is not None]
    items += [_text(wanted, place, encodings, tokenizers) for place in range(len(wanted.source.text))]
    items += [_chat(chat, encodings, tokenizers) for name in wanted.source.chat for chat in _read_chats(name)]
    items += [_image(name, tokenizers) for name in wanted.source.image]
    binary = sum(found[0].tokens is None for found in files)
    if not items:
        raise _nothing(wanted, binary)
    return tuple(items), binary


def _path(path: str, wanted: CountJob, encodings: Mapping[str, Encoding]) -> list[tuple[FileCount, ...]]:
    try:
        return count_path(path, wanted.reading, encodings.values())
    except FileError as error:
        if _is_text(path):
            error.hints = (*error.hints, f"to count the text itself: llmcost tokens --text {quote(shortened(path))}")
        raise


def _is_text(path: str) -> bool:
    """Whether there is no file of this name, which may be the text to count."""
    try:
        return not Path(path).exists()
    except OSError:  # it is too long for a name
        return True


def _nothing(wanted: CountJob, binary: int) -> UsageError:
    """The error for folders without a file to count, with what is in them that is not counted."""
    from ...report.words import some

    left_out = wanted.reading.left_out
    skipped, ignored = (
        " and ".join(some(number, what) for what, number in found.items() if number)
        for found in (
            {
                "binary file": binary,
                "symbolic link": len(left_out.links),
                "special file": len(left_out.special),
            },
            {"file": left_out.files, "folder": left_out.folders},
        )
    )
    hint = f"{ignored} ignored (.gitignore, .git/info/exclude): name a file to count it"
    said = f"nothing to count in {', '.join(wanted.paths)}{f' but {skipped}' if skipped else ''}"
    return UsageError(said, *([hint] if ignored else []))


def _file(
    found: Sequence[FileCount], encodings: Mapping[str, Encoding], tokenizers: Sequence[Tokenizer]
) -> CountedItem:
    tokens = {name: x.tokens or 0 for name, x in zip(encodings, found, strict=True)}
    counts = tuple(Count(tokens=tokens[x.encoding]) for x in tokenizers)
    first = found[0]
    return CountedItem(name=str(first.path), counts=counts, size=first.size, kind=ItemKind.FILE, forms=first.forms)


def _text(
    wanted: CountJob, place: int, encodings: Mapping[str, Encoding], tokenizers: Sequence[Tokenizer]
) -> CountedItem:
    from ...tokens.text import count_text

    text = wanted.source.text[place]
    try:
        size = len(text.encode())
    except UnicodeEncodeError:  # bytes of the command line that are not UTF-8 arrive as surrogates
        data = os.fsencode(text)
        if wanted.source.errors == "strict":
            hint = "llmcost tokens --errors replace counts it as U+FFFD"
            raise UsageError("cannot count --text: it is not UTF-8 text", hint) from None
        text, size = data.decode(errors="replace"), len(data)
    tokens = {name: count_text(text, encoding) for name, encoding in encodings.items()}
    name = "text" if len(wanted.source.text) == 1 else f"text {place + 1}"
    return CountedItem(name=name, counts=tuple(Count(tokens=tokens[x.encoding]) for x in tokenizers), size=size)


def _read_chats(name: str) -> list[Chat]:
    from ...tables.files import MAX_BYTES, limited
    from ...tokens.chat_file import read_chat_file, read_chats

    if name != STDIN:
        return read_chat_file(Path(name))
    return read_chats(STDIN_NAME, limited(sys.stdin.buffer.read(MAX_BYTES + 1), STDIN_NAME))


def _chat(chat: Chat, encodings: Mapping[str, Encoding], tokenizers: Sequence[Tokenizer]) -> CountedItem:
    from ...tokens.chat_file import image_counter
    from ...tokens.endpoints import check_chats
    from ...workload.chats import chat_notes

    counts = []
    for x in tokenizers:
        if x.model is not None:
            check_chats(x.model)
        found = chat.count(encodings[x.encoding], None if x.model is None else image_counter(x.model.id))
        counts.append(Count(tokens=found.tokens, notes=(*chat_notes(x), *found.notes)))
    return CountedItem(name=chat.name, counts=tuple(counts), size=chat.size, kind=ItemKind.CHAT, forms=chat.forms)


def _image(text: str, tokenizers: Sequence[Tokenizer]) -> CountedItem:
    """Count an image: `1024x1024`, `1024x1024:high`, or a file with or without its detail."""
    from ...tokens.image_size import image_size
    from ...tokens.images import DETAILS, image_tokens

    name, colon, last = text.rpartition(":")
    detail = next((x for x in DETAILS if colon and x == last.lower()), None)
    given = name if detail else text
    size = re.fullmatch(r"(\d{1,99})x(\d{1,99})", given, re.ASCII | re.IGNORECASE)
    if detail is None and colon and re.fullmatch(r"\d+x\d+", name, re.ASCII | re.IGNORECASE):
        raise UsageError(f'--image "{text}": unknown detail "{last}"', f"known: {', '.join(DETAILS)}")
    width, height = (int(size[1]), int(size[2])) if size else image_size(Path(given))
    counts = []
    for x in tokenizers:
        found = image_tokens(x.model.id if x.model else "", width, height, detail or "auto")
        counts.append(Count(tokens=found.tokens, notes=found.notes))
    return CountedItem(name=text, counts=tuple(counts), kind=ItemKind.IMAGE)
