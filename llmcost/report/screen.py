"""What a report is shown on."""

from __future__ import annotations

import re
from dataclasses import dataclass

CONTROL = re.compile(r"\r\n|[\x00-\x1f\x7f-\x9f]")
"""Characters that would move a cursor, cut a line or colour a terminal: data has none to say."""

_ASCII = str.maketrans(
    {"±": "+/-", "≥": ">=", "≤": "<=", "↑": "^", "↓": "v", "†": "#", "‡": "!"}
    | {"│": "|", "┤": "+", "└": "+", "─": "-", "┴": "+", "╌": "-", "┆": ":", "○": "o", "·": "."}
)


@dataclass(frozen=True, slots=True)
class Screen:
    """A terminal's width in cells (None for a pipe or a file), whether it has colour, and whether it has Unicode."""

    width: int | None = None
    color: bool = False
    unicode: bool = True

    def spelled(self, text: str) -> str:
        """A text as this screen can show it: control characters blank, without Unicode `+/-` for `±`."""
        shown = CONTROL.sub(" ", text)
        return shown if self.unicode else shown.translate(_ASCII)
