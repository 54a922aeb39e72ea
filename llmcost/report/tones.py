"""What is good news, bad news or a warning: told by words and signs, which colors only repeat."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from ..lazy import pattern
from .report import Column, Row


class Tone(StrEnum):
    """How a text is meant."""

    GOOD = "good"
    BAD = "bad"
    WARNING = "warning"
    ASIDE = "aside"


COLORS = {Tone.GOOD: 28, Tone.BAD: 160, Tone.WARNING: 130, Tone.ASIDE: 243}
"""Of the 256 colors of terminals, which have a contrast of at least 3.9 with black and with white."""

_WORDS = {
    **dict.fromkeys(("PASS", "better", "safe", "frontier"), Tone.GOOD),
    **dict.fromkeys(("FAIL", "UNJUDGED", "worse", "unsafe"), Tone.BAD),
    **dict.fromkeys(("WARN", "borderline"), Tone.WARNING),
    **dict.fromkeys(("OFF",), Tone.ASIDE),
}
_FIRST = pattern(r"[A-Za-z]+")


def painted(text: str, tone: Tone | None) -> str:
    """A text in the color of its tone, for a terminal."""
    return text if tone is None else f"\x1b[38;5;{COLORS[tone]}m{text}\x1b[0m"


def tone_of(word: str) -> Tone | None:
    """The tone of a verdict."""
    return _WORDS.get(word)


def of_line(text: str) -> Tone | None:
    """The tone of a line that begins with a verdict: `FAIL: ...`."""
    first = _FIRST.match(text)
    return _WORDS.get(first[0]) if first else None


def of_cell(row: Row, column: Column) -> Tone | None:
    """The tone of a cell: of the best row, of the verdict at its end, or of a number whose sign is good or bad news."""
    value = row.values[column.key]
    if column.good and isinstance(value, Decimal | int):
        news = value * column.good
        return Tone.GOOD if news > 0 else Tone.BAD if news < 0 else None
    if row.best:
        return Tone.GOOD
    return _WORDS.get(value.rpartition(" ")[2]) if isinstance(value, str) else None
