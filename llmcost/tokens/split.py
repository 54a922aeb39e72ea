"""Where a text may be cut so that the tokens of the parts are the tokens of the whole.

An encoding first splits a text into pieces with its pattern, then merges bytes inside each piece. No pattern looks
back, so a cut changes nothing when a piece ends there in the uncut text, and still ends there when the text does. Both
hold, in the patterns of all encodings, at these places (of UTF-8 bytes, so that a file need not be decoded):

- between a character that is no white space and a space: nothing but white space stands before a space in a piece;
- between an ASCII letter and an ASCII digit, in either order: no piece has both;
- between an ASCII letter or digit and a tab, a line end, or ASCII punctuation other than the apostrophe: after a letter
  or digit a piece goes on only with its like, a combining mark, or `'s`, `'ll` and such;
- between a kana, Han or Hangul letter and the same, or a full stop or comma of these scripts.

The letters are from blocks whose every character has been a letter since Unicode 2, so that old tables agree.

In the encodings named in `EMOJI_ENCODINGS` a run of emoji may be cut too: between two emoji that a third one follows.
The run is one piece and stays one on either side, and no token of their vocabularies has the first byte of an emoji
after the last byte of another character, so that no merge crosses the cut.
"""

from __future__ import annotations

from ..lazy import pattern

EMOJI_ENCODINGS = frozenset({"o200k_base", "o200k_harmony", "cl100k_base"})

_NO_SPACE = rb"[!-~]|[\xc3-\xdf][\x80-\xbf]|[\xe0\xe4-\xef][\x80-\xbf]{2}|\xf0[\x80-\xbf]{3}"
_EAST_ASIAN = rb"[\xe5-\xe8][\x80-\xbf]{2}|\xe3\x81[\x81-\xbf]|\xe3\x83[\x80-\xba]|[\xeb\xec][\x80-\xbf]{2}"
_AFTER_WORD = rb"[\t\r\n!-&(-/:-@\[-`{-~]"
_STOP = rb"\xe3\x80[\x81\x82]|\xef\xbc\x8c"
_EMOJI = rb"\xf0\x9f[\x8c-\x9b\xa4-\xaa][\x80-\xbf]"

_CUT = (
    rb"(?:" + _NO_SPACE + rb")(?= )"
    rb"|[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])|[0-9A-Za-z](?=" + _AFTER_WORD + rb")"
    rb"|(?:" + _EAST_ASIAN + rb")(?=" + _AFTER_WORD + rb"|" + _STOP + rb")"
)
_CUTS = pattern(_CUT)
_CUTS_AND_EMOJI = pattern(_CUT + rb"|" + _EMOJI + rb"(?=" + _EMOJI + _EMOJI + rb")")
_LOOK_AHEAD = 12
_WINDOW = 1024


def last_cut(data: bytes | bytearray, encoding: str, start: int = 0) -> int:
    """Return the last place at which UTF-8 text may be cut for an encoding, or 0 when there is none.

    Only places whose character before the cut begins at `start` or later are looked for.
    """
    pattern = _CUTS_AND_EMOJI if encoding in EMOJI_ENCODINGS else _CUTS
    end = len(data)
    while end > start:
        begin = max(start, end - _WINDOW)
        found = 0
        for match in pattern.finditer(data, begin, min(len(data), end + _LOOK_AHEAD)):
            found = match.end()
        if found:
            return found
        end = begin
    return 0
