"""Rows of JSON Lines and of CSV, as records with the line each stands on."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from ..document import NotJSONError
from ..errors import FileError
from ..evals.readers.delimited import csv_rows
from ..evals.readers.reading import Record


def json_records(lines: Iterable[str], start: int = 1, *, exact: bool = False) -> Iterator[tuple[int, Record]]:
    """Yield the number and the record of each line that is not blank, or the ValueError that it ends in.

    With `exact` a number with a fraction is a Decimal.
    """
    decode = json.JSONDecoder(parse_float=Decimal if exact else None).decode
    for number, line in enumerate(lines, start):
        try:
            yield number, decode(line)
        except (ValueError, RecursionError):
            if line.strip():
                yield number, parsed(line.rstrip())


def parsed(text: str) -> Any:
    """A parsed JSON text, or what is wrong with it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return NotJSONError(error)


def csv_records(
    lines: Iterable[str], name: str, skipped: int = 0
) -> tuple[list[str], Iterator[tuple[int, dict[str, str] | csv.Error]]]:
    """The columns of CSV, and its rows by column; a row with more or fewer cells is a csv.Error.

    `skipped` lines stand before the first. Raises FileError, here or as rows are read, for a quote that is not closed.
    """
    reader = csv_rows(lines)

    def rows() -> Iterator[tuple[int, dict[str, str] | csv.Error]]:
        start, width = skipped + reader.line_num + 1, len(header)
        for row in _closed(reader):
            if len(row) == width:
                yield start, dict(zip(header, row, strict=True))
            elif row:
                cells = f"{len(row)} cell{'' if len(row) == 1 else 's'}"
                yield start, csv.Error(f"{cells}, but the first line has {width}")
            start = skipped + reader.line_num + 1

    def _closed(source: Iterator[list[str]]) -> Iterator[list[str]]:
        try:
            yield from source
        except csv.Error as error:
            raise FileError(f"{name}:{skipped + reader.line_num}: {error}", "is a quote not closed?") from None

    header = [cell.strip() for cell in next(_closed(reader), [])]
    return header, rows()
