"""What a report is shown on."""

from __future__ import annotations

from dataclasses import dataclass

_ASCII = str.maketrans({"±": "+/-", "≥": ">=", "≤": "<=", "↑": "^", "↓": "v"})


@dataclass(frozen=True, slots=True)
class Screen:
    """A terminal's width in cells (None for a pipe or a file), whether it has colour, and whether it has Unicode."""

    width: int | None = None
    color: bool = False
    unicode: bool = True

    def spelled(self, text: str) -> str:
        """Return a text with the signs that this screen has: a screen without Unicode gets `+/-` for `±`."""
        return text if self.unicode else text.translate(_ASCII)
