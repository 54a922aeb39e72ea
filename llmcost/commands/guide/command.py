"""`llmcost guide`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Annotated

from ...errors import ExitStatus
from ...shell.command import command
from ...shell.makers import argument
from ...shell.streams import columns, takes_color, write_out
from .pages import contents, topic, topics


def complete_topic(incomplete: str) -> Iterator[str]:
    """Complete the name of a topic."""
    return (x.name for x in topics() if x.name.startswith(incomplete.lower()))


@command("Read the manual, a page at a time.")
def guide_command(
    name: Annotated[str, argument("Page to show; default: the list.", metavar="[TOPIC]", complete=complete_topic)] = "",
) -> ExitStatus:
    """Show a page of the guide: what a command answers, its options, what can go wrong.

    \b
    llmcost guide
    llmcost guide getting-started
    """
    if not name:
        write_out(contents())
        return ExitStatus.OK
    page = topic(name).page
    color = takes_color(sys.stdout, os.environ)
    if color or (columns(sys.stdout, os.environ) is not None and os.environ.get("TERM") != "dumb"):
        from ...shell.emit import screen
        from .drawn import drawn

        page = drawn(page, screen(os.environ))
    write_out(page)
    return ExitStatus.OK
