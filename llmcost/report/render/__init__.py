"""One renderer a format, all of the same Report."""

from __future__ import annotations

from importlib import import_module

from ..report import Format, Report
from ..screen import Screen


def render(report: Report, format_: Format, screen: Screen | None = None) -> str:
    """Return a report in a format; the screen counts for tables only.

    Raises UsageError for a format of findings where the report has none.
    """
    if format_ is Format.TABLE:
        from . import table

        return table.render(report, screen or Screen())
    name = "markdown" if format_ is Format.MD else format_.value
    text: str = import_module(f".{name}", __name__).render(report)
    return text
