"""One renderer a format, all of the same Report."""

from __future__ import annotations

from importlib import import_module

from ..report import Format, Report
from ..screen import Screen


def render(report: Report, format_: Format, screen: Screen | None = None) -> str:
    """Return a report in a format; the screen counts for tables only.

    A file name that is not UTF-8 has `\\udce9` for each byte that is not, which a JSON string reads back.

    Raises UsageError for a format of findings where the report has none.
    """
    if format_ is Format.TABLE:
        from . import table

        text = table.render(report, screen or Screen())
    else:
        name = "markdown" if format_ is Format.MD else format_.value
        text = import_module(f".{name}", __name__).render(report)
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
