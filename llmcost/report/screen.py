"""What a report is shown on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Screen:
    """A terminal's width in cells (None for a pipe or a file), whether it has colour, and whether it has Unicode."""

    width: int | None = None
    color: bool = False
    unicode: bool = True
