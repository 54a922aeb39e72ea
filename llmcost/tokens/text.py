"""The tokens of a text in memory, special tokens counted as the text that they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from ..errors import UsageError
from ..lazy import pattern
from .split import last_cut
from .threads import in_order

if TYPE_CHECKING:
    from tiktoken import Encoding

T = TypeVar("T")

CHUNK = 256 * 1024
"""Bytes of text that are counted at a time."""

_SHORT = 16 * 1024
"""Characters of a text that is counted as it is, and of one whose count is kept."""

_BLANK_LIMIT = 500_000
"""Characters of white space in a row that tiktoken is given; at 1,000,000 it panics."""

_BLANKS = pattern(r"[^\S\r\n\x1c-\x1f]+")
_R50K_FAMILY = frozenset({"gpt2", "r50k_base", "p50k_base", "p50k_edit"})


def count_text(text: str, encoding: Encoding) -> int:
    """The tokens of a text, as many as `encoding.encode_ordinary` gives, in less memory.

    A lone surrogate is counted as U+FFFD, as tiktoken does. Raises UsageError for white space that tiktoken cannot
    count: more than 1,000,000 characters of it in a row, mixed with line ends so that its pieces are not known.
    """
    if len(text) <= _SHORT:
        return len(encoding.encode_ordinary(text))
    data = _whole(text).encode()
    total = start = 0
    while start < len(data):
        end = _end(data, start, encoding.name)
        total += count_piece(data[start:end].decode(), encoding)
        start = end
    return total


def count_repeated(text: str, encoding: Encoding) -> int:
    """The same for a text that may come again: a role, a system prompt, a tool."""
    return _kept(text, encoding) if len(text) <= _SHORT else count_text(text, encoding)


_kept = lru_cache(maxsize=1024)(count_text)  # a batch with one system prompt of 250 words takes 0.6 of the time


def count_batches(
    batches: Iterable[tuple[list[str], T]], encoding: Encoding, *, workers: int = 2
) -> Iterator[tuple[list[int], T]]:
    """Yield the tokens of each text of each batch, with what came with the batch, in their order.

    Only a few batches are in memory at a time. Raises UsageError as `count_text` does.
    """

    def count(batch: tuple[list[str], T]) -> tuple[list[int], T]:
        texts, rest = batch
        return [count_text(text, encoding) for text in texts], rest

    return in_order(count, iter(batches), workers)


def _end(data: bytes, start: int, encoding: str) -> int:
    """Where the piece that begins at `start` may end."""
    size = CHUNK
    while start + size < len(data):
        if place := last_cut(data[start : start + size], encoding):
            return start + place
        size *= 2
    return len(data)


def count_piece(text: str, encoding: Encoding) -> int:
    """The tokens of a text that is counted at once; raises UsageError as `count_text` does."""
    for run in _BLANKS.finditer(text) if len(text) > _BLANK_LIMIT else ():
        if run.end() - run.start() > _BLANK_LIMIT and _stands_alone(text, run, encoding.name):
            return _count_around(text, run, encoding)
    try:
        return len(encoding.encode_ordinary(text))
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of tiktoken's own, not to be imported
            raise
        raise UsageError(
            "tiktoken cannot count more than 1,000,000 characters of white space in a row",
            "remove the white space; it would be billed too",
        ) from None


def _stands_alone(text: str, run: re.Match[str], encoding: str) -> bool:
    """Whether every pattern of the encoding makes a piece of a run of blanks (without its last, before a word)."""
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    return after not in ("\r", "\n") and (before not in ("\r", "\n") or encoding not in _R50K_FAMILY)


def _count_around(text: str, run: re.Match[str], encoding: Encoding) -> int:
    """The tokens of a text with a long run of blanks, whose pieces are found here and not by tiktoken.

    Before a word, `\\s+(?!\\S)` of the patterns leaves the last blank to the piece of the word.
    """
    end = run.end() if run.end() == len(text) else run.end() - 1
    blanks = text[run.start() : end]
    middle = len(encoding._encode_single_piece(blanks))  # noqa: SLF001 - tiktoken has no public way to skip its split
    return count_piece(text[: run.start()], encoding) + middle + count_piece(text[end:], encoding)


def _whole(text: str) -> str:
    """A text without lone surrogates: each is U+FFFD, as tiktoken reads it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
