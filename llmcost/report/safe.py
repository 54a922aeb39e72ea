r"""The one door for what others wrote: names, ids, paths and messages on their way to a terminal, a log or a CI runner.

A text stays on its line and shows what is in it: a character that moves a cursor, ends a line, turns the direction of
reading, or is not seen at all is written as `\x1b`, `\n`, `\u202e`. No line is a command to a CI runner. In JSON, whose
strings can say every character, the same ones are escaped as JSON has them, and no data is changed.

Sources: Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt) without the variation selectors of emoji;
src/Runner.Common/ActionCommand.cs of github.com/actions/runner, where a command is `::` at the start of a line but for
blanks, or `##[` anywhere in it. Azure Pipelines and TeamCity have `##vso[` and `##teamcity[`.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..lazy import pattern

MOST_CHARACTERS = 2_000
"""A text of others that is longer is shortened where people read it."""
MOST_QUOTED = 200
"""So is a word, and what stands in quotes."""
MOST_FAULTS = 100
"""Of more faults the rest is counted."""

_HIDDEN = (
    r"\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    r"\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_QUOTED = pattern(r'"[^"]*"|\S+')
_UNSEEN = pattern(rf"[\n{_HIDDEN}]")
_UNSEEN_IN_JSON = pattern(f"[{_HIDDEN}]")
_COMMAND_IN_JSON = pattern(r"##(?=\w*\[)")
_COMMAND = pattern(r"(?m)^([^\S\n]*):(?=:)|#(?=#\w*\[)")


def safe(text: str) -> str:
    r"""A text whose every character is seen, on one line: a newline in it is `\n`."""
    return _UNSEEN.sub(lambda x: ascii(x[0])[1:-1], text)


def shortened(text: str) -> str:
    """A text of at most about MOST_CHARACTERS, and of about MOST_QUOTED in a word and in quotes.

    Of a longer one there are the beginning, the end, and how much is left out.
    """
    if len(text) <= MOST_QUOTED:
        return text
    return _cut(_QUOTED.sub(lambda x: _cut(x[0], MOST_QUOTED), text), MOST_CHARACTERS)


def _cut(text: str, most: int) -> str:
    left_out, end = len(text) - most, most // 4
    said = f"... ({left_out:,} characters left out) ..."
    return f"{text[: most - end]}{said}{text[-end:]}" if left_out > len(said) else text


def said(text: str) -> str:
    """A text of others for people: safe, and not too long to read."""
    return safe(shortened(text))


def no_command(text: str) -> str:
    r"""Lines of which a CI runner takes none for a command: `::` at the start of one is `\x3a:`, `##[` is `\x23#[`."""
    return _COMMAND.sub(lambda x: rf"{x[1]}\x3a" if x[0].endswith(":") else r"\x23", text)


def messages(lines: Sequence[str]) -> str:
    """Messages for standard error, a line each."""
    return no_command("".join(f"{said(line)}\n" for line in lines))


def counted(faults: Sequence[str]) -> list[str]:
    """The first faults, and how many more there are: `and 4,321 more`."""
    more = faults[MOST_FAULTS:]
    return [*faults[:MOST_FAULTS], *([f"and {len(more):,} more"] if more else [])]


def safe_json(text: str) -> str:
    """A document of JSON with the same data, of which a terminal and a CI runner take nothing for a command."""
    from json import dumps  # loads in 1 ms, which tables do not need

    return _UNSEEN_IN_JSON.sub(lambda x: dumps(x[0])[1:-1], _COMMAND_IN_JSON.sub(r"#\\u0023", text))
