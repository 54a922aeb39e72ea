"""Texts in a drawing: how wide they are, how they are shortened and broken, and where labels stand free of others.

Nothing here knows the font of the reader: widths are those of a wide one (DejaVu Sans), so that no text is cut.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import product
from math import fsum
from unicodedata import east_asian_width

from ..lazy import dataclass

SIZE = 13
"""Of letters, in the units of the drawing."""

_NARROW, _WIDE = frozenset("ijlI.,:;'|!()[] "), frozenset("mwMW@%&")


def width(text: str, size: float = SIZE) -> float:
    """How wide a text is, at most; the same in all versions of Python, of which some round sums of floats otherwise."""
    return fsum(map(_share, text)) * size


def _share(letter: str) -> float:
    if letter in _NARROW:
        return 0.36
    if letter in _WIDE:
        return 0.95
    if letter.isupper():
        return 0.7
    return 1.2 if east_asian_width(letter) in "WF" else 0.6


def cut(name: str, room: float, size: float = SIZE) -> str:
    """A name that fits: of a longer one the middle is left out."""
    if width(name, size) <= room:
        return name
    fitting = bisect_right(range(len(name)), room, key=lambda kept: width(_ends(name, kept), size))
    return _ends(name, max(fitting - 1, 2))


def _ends(name: str, kept: int) -> str:
    return f"{name[: kept - kept // 2]}…{name[len(name) - kept // 2 :]}"


def broken(text: str, room: float, size: float = SIZE) -> list[str]:
    """A text in lines, broken at spaces; a word that is too long is cut."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(cut(word, room, size))
    return lines


@dataclass(frozen=True, slots=True)
class Box:
    """An area of a drawing that something covers."""

    left: float
    top: float
    right: float
    bottom: float

    def over(self, other: Box) -> float:
        """The area that both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, across) * max(0.0, down)

    def within(self, other: Box) -> bool:
        """Whether the other covers all of it."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


def beside(texts: Iterable[tuple[str, float, float]], taken: Sequence[Box], field: Box) -> list[Box | None]:
    """A box in the field for the label of each place, covering as little as can be; None where it would hide a label.

    The first labels have the first choice.
    """
    placed: list[Box] = []
    found: list[Box | None] = []
    for text, x, y in texts:
        choices = [box for box in _around(width(text), x, y) if box.within(field)]
        free = [box for box in choices if not any(box.over(other) for other in placed)]
        best = min(free, key=lambda box: sum(box.over(other) for other in taken) + _far(box, y), default=None)
        found.append(best)
        placed += [best] if best else []
    return found


def _around(wide: float, x: float, y: float) -> list[Box]:
    """Places for a label around a point, the best first."""
    half = SIZE * 0.65
    ups = (-16.0, 16.0, 0.0, -32.0, 32.0, -48.0)
    lefts = (x + 10, x - 10 - wide, x - wide / 2)
    return [
        Box(left, y + up - half, left + wide, y + up + half)
        for up, left in product(ups, lefts)
        if (up, left) != (0.0, x - wide / 2)
    ]


def _far(box: Box, y: float) -> float:
    """What it costs a label to be far from its place, in area covered."""
    return max(0.0, abs((box.top + box.bottom) / 2 - y) - 16) * 4


def apart(places: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """Places near those wanted, at least so far from one another, between two ends as far as there is room."""
    order = sorted(range(len(places)), key=places.__getitem__)
    found = [places[x] for x in order]
    for number, _ in enumerate(found):
        found[number] = max(found[number], found[number - 1] + least if number else low)
    for number in reversed(range(len(found))):
        found[number] = min(found[number], found[number + 1] - least if number + 1 < len(found) else high)
    back = dict(zip(order, found, strict=True))
    return [back[x] for x in range(len(places))]
