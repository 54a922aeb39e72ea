"""A page of the guide on a terminal, drawn with Rich."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from rich.cells import chop_cells
from rich.console import Console, ConsoleOptions
from rich.markdown import CodeBlock, Heading, Markdown
from rich.padding import Padding
from rich.text import Text
from rich.theme import Theme

from ...lazy import pattern
from ...report.screen import Screen
from .pages import topics

_WIDEST = 100
_THEME = Theme({"markdown.h1": "bold underline", "markdown.h2": "bold", "markdown.h3": "bold", "markdown.code": "cyan"})
_TO_A_FILE = pattern(r"(!?)\[([^\]]+)\]\((?!https?:)([^)#]*)[^)]*\)")


class _Example(CodeBlock):
    """A block as it is printed: a line that is too long goes on in the next, and commands are bold."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Yield the lines."""
        del console
        for line in str(self.text).rstrip().splitlines():
            for part in chop_cells(line, options.max_width) or [""]:
                yield Text(part, style="bold cyan" if line.startswith("$ ") else "cyan")


class _Heading(Heading):
    """A heading at the left, without a box."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Yield the line."""
        del console, options
        self.text.justify = "left"
        yield self.text


class _Page(Markdown):
    elements = {**Markdown.elements, "fence": _Example, "heading_open": _Heading}  # noqa: RUF012  # as Rich declares it


def _named(link: re.Match[str]) -> str:
    """A link to a topic as `tokens (llmcost guide tokens)`, a picture as its words, another link as its text."""
    picture, text, file = link.groups()
    name = file.removesuffix(".md")
    if picture:
        return f"(Picture: {text})"
    return f"{text} (`llmcost guide {name}`)" if name in {x.name for x in topics()} else text


def drawn(page: str, screen: Screen) -> str:
    """The page for a screen. A link to another page names the command that shows it: a terminal cannot follow it."""
    width = min(screen.width or _WIDEST, _WIDEST)
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        height=100,
        force_terminal=True,
        color_system="standard" if screen.color else None,
        legacy_windows=False,
        theme=_THEME,
    )
    console.print(Padding(_Page(_TO_A_FILE.sub(_named, page), hyperlinks=screen.color), (0, 0, 1, 0)))
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"
