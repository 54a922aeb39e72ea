"""Where records are from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Sources:
    """What was read: how many files, which formats, and the files of folders whose format is not known.

    A saved run of `usage` counts as a file of the format `saved`.
    """

    files: int = 0
    formats: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
