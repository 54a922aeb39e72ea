"""One renderer a format, all of the same Report."""

from __future__ import annotations

from importlib import import_module

from ..report import Format, Report
from ..screen import Screen


def render(report: Report, format_: Format, screen: Screen | None = None) -> str:
    """A report in a format; the screen counts for tables only.

    Raises UsageError for a format of findings where the report has none.
    """
    if format_ is Format.TABLE:
        from . import table

        text = table.render(report, screen or Screen())
    else:
        name = "markdown" if format_ is Format.MD else format_.value
        text = import_module(f".{name}", __name__).render(report)
    return writable(text)


def writable(text: str) -> str:
    """A text that can be written as UTF-8: of a file name that is not, each odd byte is `\\udce9` or the like.

    A JSON string reads that back as the name.
    """
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
