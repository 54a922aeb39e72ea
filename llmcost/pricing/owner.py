"""Whose a table is: who could have changed what it says."""

from __future__ import annotations

from enum import StrEnum


class Owner(StrEnum):
    """Whose a table is: of llmcost itself, of the project (llmcost.yaml names it), or of whoever runs the command."""

    PACKAGED = "packaged"
    PROJECT = "project"
    RUNNER = "runner"
