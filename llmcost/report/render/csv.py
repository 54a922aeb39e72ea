"""A Report as CSV (RFC 4180): one table, plain numbers, one header; a row is a line, whatever is in its cells."""

from __future__ import annotations

import csv
import io

from ...errors import UsageError
from ..display import raw
from ..report import Report, Rows
from ..safe import safe


def render(report: Report) -> str:
    """The report's CSV; raises UsageError for a report without rows."""
    if report.csv is None:
        raise UsageError("there are no rows to write as CSV")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(report.csv.keys)
    writer.writerows([safe(raw(value)) for value in row.values()] for row in report.csv)
    return text.getvalue()


def left_out(report: Report) -> list[str]:
    """The names of the report's other rows."""
    return [name for name, rows in report.data.items() if isinstance(rows, Rows) and rows is not report.csv]
