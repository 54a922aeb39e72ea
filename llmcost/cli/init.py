"""`llmcost init`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ..errors import ExitStatus, FileError
from .app import SETTINGS, OnceCommand
from .streams import say

app = typer.Typer(**SETTINGS)


@app.command(cls=OnceCommand, short_help="Write a commented llmcost.yaml.")
def init_command(
    force: Annotated[bool, typer.Option("--force", help="Also over one that is there.")] = False,
) -> ExitStatus:
    """Write a commented llmcost.yaml into this folder, to start from; `llmcost check` passes on it.

    \b
    llmcost init
    llmcost check
    """
    from ..gate.config import FILE
    from ..gate.rules import sample_policy
    from ..tables.files import read_text, write_text
    from ..tables.find import packaged

    path = Path(FILE)
    if os.path.lexists(path) and not force:
        raise FileError(f"{FILE} is there already", "--force writes over it")
    source = packaged(FILE)
    write_text(path, read_text(source.path, source.name) + sample_policy())
    say(f"wrote {FILE}; next: llmcost check")
    return ExitStatus.OK
