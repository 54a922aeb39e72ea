"""`llmcost init`."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from ...errors import ExitStatus, FileError
from ...shell.command import command
from ...shell.makers import choice, flag
from ...shell.streams import say


class Start(StrEnum):
    """What a file is the start of."""

    CONFIG = "config"
    TRIAL = "trial"


_TRIAL = ("trial.yaml", "reviews.jsonl")


@command()
def init_command(
    kind: Annotated[
        Start,
        choice(Start, "Kind of file:", metavar="[KIND]", others={"llmcost.yaml": "config", "trial.yaml": "trial"}),
    ] = Start.CONFIG,
    force: Annotated[bool, flag("--force", "Overwrite an existing file.")] = False,
) -> ExitStatus:
    """Write a commented file to this folder as a starting point: llmcost.yaml, on which `llmcost check` passes.

    `init trial` writes a task, trial.yaml, and a few items for it, reviews.jsonl.

    \b
    llmcost init
    llmcost init trial
    """
    from ...gate.config import FILE
    from ...gate.rules import sample_policy
    from ...tables.files import read_text, write_text
    from ...tables.find import packaged

    names, more, after = (
        ((FILE,), sample_policy(), "check") if kind is Start.CONFIG else (_TRIAL, "", "trial trial.yaml")
    )
    for name in names:
        if os.path.lexists(name) and not force:
            raise FileError(f"{name} already exists", "--force overwrites it")
    for name in names:
        source = packaged(name)
        write_text(Path(name), read_text(source.path, source.name) + more)
    say(f"wrote {' and '.join(names)}; next: llmcost {after}")
    return ExitStatus.OK
