"""One renderer a format, all of the same Report."""

from __future__ import annotations

from importlib import import_module

from ..report import Depth, Format, Report
from ..safe import no_command
from ..screen import Screen

_COMMANDS_APART = (Format.JSON, Format.SARIF, Format.GITHUB)
"""JSON escapes a command in its own way, and the lines for GitHub are commands."""


def render(report: Report, format_: Format, screen: Screen | None = None, depth: Depth = Depth.WHOLE) -> str:
    """A report in a format; the screen counts for tables only, the depth for what people read.

    Raises UsageError for a format of findings where the report has none.
    """
    if format_ is Format.TABLE:
        from . import table

        text = table.render(report, screen or Screen(), depth)
    elif format_ is Format.MD:
        from . import markdown

        text = markdown.render(report, depth=depth)
    else:
        text = import_module(f".{format_.value}", __name__).render(report)
    return text if format_ in _COMMANDS_APART else no_command(text)
