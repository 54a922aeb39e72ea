"""A Report as CSV (RFC 4180): its main table, plain numbers, one header."""

from __future__ import annotations

import csv
import io

from ..display import raw
from ..report import Report


def render(report: Report) -> str:
    """Return the main table's rows."""
    table = report.main_table()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.key for column in table.columns])
    writer.writerows([raw(value) for value in row.values()] for row in table.machine_rows())
    return text.getvalue()


def left_out(report: Report) -> list[str]:
    """Return the names of the machine tables that one CSV cannot hold."""
    return [table.name for table in report.tables if table.machine and table is not report.main_table()]
