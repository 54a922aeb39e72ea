"""A Report as CSV (RFC 4180): one table, plain numbers, one header; a row is a line, whatever is in its cells.

A spreadsheet reads a cell that begins with =, +, - or @ as a formula, and one that begins with an apostrophe as text
(https://owasp.org/www-community/attacks/CSV_Injection). A text that would be a formula gets the apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from ...errors import UsageError
from ..display import raw
from ..report import Cell, Report, Rows
from ..safe import safe

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r")
"""How a formula begins, in wide characters too."""


def render(report: Report) -> str:
    """The report's CSV; raises UsageError for a report without rows."""
    return _written(report, ())


def with_notes(report: Report) -> str:
    """The CSV for a spreadsheet: below the table an empty row, then the headline and the notes, a row each.

    The first row stays the header, and what a spreadsheet does with the table ends at the empty row.
    """
    return _written(report, ("", report.headline, *(f"Note: {note.text}" for note in report.all_notes())))


def _written(report: Report, below: Sequence[str]) -> str:
    if report.csv is None:
        raise UsageError("there are no rows to write as CSV")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(_cell, report.csv.keys))
    writer.writerows([_cell(value) for value in row.values()] for row in report.csv)
    blank = [""] * (len(report.csv.keys) - 1)
    writer.writerows([_cell(line), *blank] for line in below)
    return text.getvalue()


def _cell(value: Cell) -> str:
    text = raw(value)
    return safe(f"'{text}" if isinstance(value, str | tuple) and text.startswith(_FORMULA) else text)


def left_out(report: Report) -> list[str]:
    """The names of the report's other rows."""
    return [name for name, rows in report.data.items() if isinstance(rows, Rows) and rows is not report.csv]
