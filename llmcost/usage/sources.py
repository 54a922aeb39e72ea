"""Where records are from."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from ..lazy import dataclass


class EngineName(StrEnum):
    """What reads flat logs; AUTO is DuckDB for large ones if it is installed."""

    AUTO = "auto"
    PYTHON = "python"
    DUCKDB = "duckdb"
    SPARK = "spark"


class AgentFiles(NamedTuple):
    """Where a coding agent keeps its sessions: `inside` are folders and files, as patterns, of each of its `homes`.

    `variables` of the environment name further homes, several with commas, each with what follows the value.
    """

    homes: tuple[str, ...]
    inside: tuple[str, ...]
    variables: Mapping[str, str]


_DESKTOP = "Library/Application Support/Claude/local-agent-mode-sessions"

AGENTS: Mapping[str, AgentFiles] = {
    "Claude Code": AgentFiles((".claude", ".config/claude"), ("projects",), {"CLAUDE_CONFIG_DIR": ""}),
    "Claude Desktop": AgentFiles((_DESKTOP,), ("*/*/local_*/.claude/projects",), {}),
    "Codex": AgentFiles((".codex",), ("sessions", "archived_sessions"), {"CODEX_HOME": ""}),
    "Gemini CLI": AgentFiles((".gemini",), ("tmp/*/chats",), {"GEMINI_CLI_HOME": ".gemini"}),
    "OpenCode": AgentFiles(
        (".local/share/opencode",), ("storage/message", "opencode*.db"), {"XDG_DATA_HOME": "opencode"}
    ),
}
"""The coding agents whose sessions are read where no log is named, their homes as seen from the user's.

Sources: ccusage's `adapter/*/paths.rs`, codeburn `docs/providers`, the agents' own documentation.
"""


@dataclass(slots=True)
class Sources:
    """What was read: how many files, which formats, and the files of folders whose format is not known.

    `special` are pipes, sockets and devices that were found and not read, since they hold no records.
    A saved run of `usage` counts as a file of the format `saved`. `unfinished` files are pages of an API that say that
    more follow, where none of the last pages was read. `uncounted` says, where it is known, where the first row of an
    unknown cost is, and what it lacks. `forgotten` files were not read for a saved run, and `undated` records without a
    day were left out of it.
    """

    files: int = 0
    formats: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    special: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    uncounted: str = ""
    forgotten: int = 0
    undated: int = 0

    @property
    def not_read(self) -> int:
        """How many files of folders were not read, since their format is not known."""
        return len(self.strange) + self.forgotten

    @property
    def missing(self) -> tuple[str, ...]:
        """What may be missing, in words: files that were not read, further pages."""
        kinds = {"unknown format": self.not_read, "not a regular file": len(self.special)}
        files = [f"{x:,} file{' was' if x == 1 else 's were'} not read ({why})" for why, x in kinds.items() if x]
        pages = (f"another page follows {name}, and was not read" for name in self.unfinished)
        are = " without a date is" if self.undated == 1 else "s without a date are"
        days = f"{self.undated:,} record{are} not in the saved run"
        return (*files, *([days] if self.undated else []), *pages)
