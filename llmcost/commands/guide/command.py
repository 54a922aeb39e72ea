"""`llmcost guide`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Annotated

from ...errors import ExitStatus
from ...shell.command import command
from ...shell.makers import argument, flag
from ...shell.streams import columns, write_out
from .pages import contents, topic, topics


def complete_topic(incomplete: str) -> Iterator[str]:
    """Complete the name of a topic."""
    return (x.name for x in topics() if x.name.startswith(incomplete))


@command()
def guide_command(
    name: Annotated[str, argument("Page to show; default: the list.", metavar="[TOPIC]", complete=complete_topic)] = "",
    no_color: Annotated[bool, flag("--no-color", "No color, as if NO_COLOR were set.")] = False,
) -> ExitStatus:
    """Show a page of the guide: what a command answers, its options, what can go wrong.

    \b
    llmcost guide
    llmcost guide getting-started
    """
    if not name:
        write_out(contents())
        return ExitStatus.OK
    from ...shell.emit import screen

    page, shown = topic(name).page, screen(os.environ, no_color=no_color)
    if shown.color or (columns(sys.stdout, os.environ) and os.environ.get("TERM") != "dumb"):
        from .drawn import drawn

        page = drawn(page, shown)
    elif not shown.unicode:
        page = "\n".join(map(shown.spelled, page.split("\n")))
    write_out(page)
    return ExitStatus.OK
