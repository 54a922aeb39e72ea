"""Where a text may be cut so that the tokens of the parts are the tokens of the whole.

An encoding first splits a text into pieces with its pattern, then merges bytes inside each piece. No pattern looks back,
so a cut changes nothing when a piece ends there in the uncut text, and ends there too when the text does. Both hold, in
the patterns of all encodings, at these places (in UTF-8, so that a file need not be decoded to be cut):

- between a visible ASCII character and a space: only white space can stand before a space inside a piece;
- between an ASCII letter and an ASCII digit, in either order: no piece has both;
- between an ASCII letter or digit and a tab, a line end, or ASCII punctuation other than the apostrophe: after a letter
  or digit a piece goes on only with its like, a combining mark, or `'s`, `'ll` and such;
- between a kana, Han or Hangul letter and a full stop or comma of these scripts or one of that ASCII punctuation;
- between two emoji of four bytes that a third one follows, where no token of the vocabulary has the last byte of the
  first beside the first byte of the second: a run of emoji is one piece, and no merge can cross such a pair of bytes.

The letters are from blocks whose every character has been a letter since Unicode 2, so that old tables agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_EAST_ASIAN = rb"[\xe5-\xe8][\x80-\xbf]{2}|\xe3\x81[\x81-\xbf]|\xe3\x83[\x80-\xba]|[\xeb\xec][\x80-\xbf]{2}"
_PUNCTUATION = rb"[!-&(-/:-@\[-`{-~]"
_STOP = rb"\xe3\x80[\x81\x82]|\xef\xbc\x8c"
_CUT = re.compile(
    rb"[!-~](?= )"
    rb"|[A-Za-z](?=[0-9\t\r\n])|[0-9](?=[A-Za-z\t\r\n])|[0-9A-Za-z](?=" + _PUNCTUATION + rb")"
    rb"|(?:" + _EAST_ASIAN + rb")(?=" + _PUNCTUATION + rb"|" + _STOP + rb")"
)
_EMOJI = rb"\xf0\x9f(?:[\x8c-\x9b\xa4-\xaa][\x80-\xbf])"
_EMOJI_CUT = re.compile(_EMOJI + rb"(?=" + _EMOJI + _EMOJI + rb")")
_WINDOW = 1024

Pairs = frozenset[tuple[int, int]]
"""Pairs of bytes that stand side by side in some token."""


def last_cut(data: bytes | bytearray, start: int = 0) -> int:
    """Return the last place after `start` at which UTF-8 text may be cut for any encoding, or 0 when there is none."""
    end = len(data)
    while end > start:
        begin = max(start, end - _WINDOW)
        found = 0
        for match in _CUT.finditer(data, begin, min(len(data), end + 8)):
            found = match.end()
        if found:
            return found
        end = begin
    return 0


def last_emoji_cut(data: bytes | bytearray, pairs: Pairs) -> int:
    """Return the last place inside a run of emoji at which no merge of a vocabulary can cross, or 0."""
    found = 0
    for match in _EMOJI_CUT.finditer(data):
        place = match.end()
        if (data[place - 1], data[place]) not in pairs:
            found = place
    return found


def byte_pairs(tokens: Iterable[bytes]) -> Pairs:
    """Return the pairs of bytes that stand side by side in some token."""
    pairs: set[tuple[int, int]] = set()
    for token in tokens:
        pairs.update(zip(token, token[1:], strict=False))
    return frozenset(pairs)
