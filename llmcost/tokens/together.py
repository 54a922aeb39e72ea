"""Many short texts counted in one call: between them no other thread has to wait, and each has a count of its own.

tiktoken cuts a text at a special token that it is allowed to see, and encodes what stands before and after for itself.
Texts joined by such a token are therefore encoded as each alone would be, and the token's places in the result tell
how many tokens each has. No special token begins within another, so that none can arise where two texts meet.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

from .text import CHUNK, count_text
from .threads import of_this_thread

if TYPE_CHECKING:
    from tiktoken import Encoding

_MARK = "<|endoftext|>"
_WIDTH = 4
"""Bytes of a token in tiktoken's buffer."""


class Together:
    """Stands in for an encoding while a request is counted: takes its texts, and counts them later, all at once."""

    def __init__(self, encoding: Encoding) -> None:
        self.name = encoding.name
        self.encoding = encoding
        self.texts: list[str] = []

    def as_encoding(self) -> Encoding:
        """Return the object as what `count_text` asks for; it has what is used there."""
        return cast("Encoding", self)

    def encode_ordinary(self, text: str) -> list[int]:
        """Take a text to be counted later; by itself it has no tokens yet."""
        self.texts.append(text)
        return []

    def _encode_single_piece(self, text: str) -> list[int]:
        return self.encoding._encode_single_piece(text)  # noqa: SLF001 - see count_text

    def counts(self) -> list[int]:
        """Return the tokens of each text that was taken, in their order."""
        different = dict.fromkeys(self.texts)
        encoding = of_this_thread(self.encoding, sum(map(len, different)))
        found: dict[str, int] = {}
        group: list[str] = []
        size = 0
        for text in different:
            if _MARK in text:
                found[text] = count_text(text, encoding)
                continue
            group.append(text)
            size += len(text)
            if size >= CHUNK:
                found.update(zip(group, _counts(group, encoding), strict=True))
                group, size = [], 0
        found.update(zip(group, _counts(group, encoding), strict=True))
        return [found[text] for text in self.texts]


def _counts(texts: list[str], encoding: Encoding) -> list[int]:
    encode = getattr(getattr(encoding, "_core_bpe", None), "encode_to_tiktoken_buffer", None)
    joined = _MARK.join(texts)
    if encode is None or joined.count(_MARK) != len(texts) - 1:  # where two texts meet a mark may have come to be
        return [count_text(text, encoding) for text in texts]
    try:
        data = bytes(encode(joined, {_MARK}))
    except UnicodeEncodeError:  # a lone surrogate, which count_text reads as tiktoken does
        return [count_text(text, encoding) for text in texts]
    return _between(data, encoding.eot_token)


def _between(data: bytes, mark: int) -> list[int]:
    """Return how many tokens stand before, between and after the marks of a buffer of tokens."""
    sought = mark.to_bytes(_WIDTH, sys.byteorder)
    found: list[int] = []
    start = place = 0
    while (place := data.find(sought, place)) >= 0:
        if place % _WIDTH:
            place += 1
            continue
        found.append((place - start) // _WIDTH)
        start = place = place + _WIDTH
    return [*found, (len(data) - start) // _WIDTH]
