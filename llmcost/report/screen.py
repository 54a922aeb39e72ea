"""What a report is shown on."""

from __future__ import annotations

from ..lazy import dataclass
from .safe import safe

_ASCII = str.maketrans(
    {"±": "+/-", "≥": ">=", "≤": "<=", "↑": "^", "↓": "v", "†": "#", "‡": "!"}
    | {"│": "|", "┤": "+", "└": "+", "─": "-", "┴": "+", "╌": "-", "┆": ":", "○": "o", "·": "."}
)


@dataclass(frozen=True, slots=True)
class Screen:
    """A terminal's width in cells (None for a pipe or a file), and whether it has color and Unicode."""

    width: int | None = None
    color: bool = False
    unicode: bool = True

    def spelled(self, text: str) -> str:
        """A text as this screen can show it: safe, without Unicode `+/-` for `±`."""
        shown = safe(text)
        return shown if self.unicode else shown.translate(_ASCII)
