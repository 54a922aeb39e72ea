"""One renderer a format, all of the same Report."""

from __future__ import annotations

from typing import assert_never

from ..report import Format, Report
from ..screen import Screen


def render(report: Report, format_: Format, screen: Screen | None = None) -> str:
    """Return a report in a format; the screen counts for tables only."""
    match format_:
        case Format.TABLE:
            from . import table

            return table.render(report, screen or Screen())
        case Format.JSON:
            from . import json

            return json.render(report)
        case Format.CSV:
            from . import csv

            return csv.render(report)
        case Format.MD:
            from . import markdown

            return markdown.render(report)
        case _:  # pragma: no cover
            assert_never(format_)
