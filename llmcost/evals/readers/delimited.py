"""CSV, whatever its delimiter."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = ",;\t"
_LONGEST_CELL = 64 * 1024 * 1024
"""Characters that a cell may have: a quote that is never closed takes the rest of the file for one."""


def take_long_cells() -> None:
    """Let a cell be longer than Python's usual 131,072 characters, as an answer of a model is: up to 64 MB.

    That limit is the process's and is not lowered again: another thread may be reading.
    """
    csv.field_size_limit(_LONGEST_CELL)


def delimiter_of(line: str) -> str:
    """The delimiter that a line has most of; `,` if it has none."""
    return max(DELIMITERS, key=line.count)


def csv_rows(lines: Iterable[str]) -> Reader:
    """A strict reader of CSV; its first line tells the delimiter."""
    take_long_cells()
    source = iter(lines)
    top = next(source, "")
    return csv.reader(chain([top], source), delimiter=delimiter_of(top), strict=True)
