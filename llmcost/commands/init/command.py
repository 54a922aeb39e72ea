"""`llmcost init`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from ...errors import ExitStatus, FileError
from ...shell.command import command
from ...shell.makers import flag
from ...shell.streams import say


@command("Write a commented llmcost.yaml.")
def init_command(
    force: Annotated[bool, flag("--force", "Overwrite an existing file.")] = False,
) -> ExitStatus:
    """Write a commented llmcost.yaml to this folder as a starting point; `llmcost check` passes on it.

    \b
    llmcost init
    llmcost check
    """
    from ...gate.config import FILE
    from ...gate.rules import sample_policy
    from ...tables.files import read_text, write_text
    from ...tables.find import packaged

    path = Path(FILE)
    if os.path.lexists(path) and not force:
        raise FileError(f"{FILE} already exists", "--force overwrites it")
    source = packaged(FILE)
    write_text(path, read_text(source.path, source.name) + sample_policy())
    say(f"wrote {FILE}; next: llmcost check")
    return ExitStatus.OK
