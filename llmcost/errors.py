"""Every error a user can cause: what is wrong, where, what to do, and the exit status.

    LLMCostError                 exit status 2
    ├── UsageError               an option or argument that cannot be meant
    ├── UnknownModelError        no model has this id, alias or bare name
    ├── AmbiguousModelError      several models have it
    ├── InvalidUsageError        token counts that cannot be
    ├── NotSoldError             a tier, region, length, date or unit that the model does not sell
    ├── FileError                a file that cannot be read or written
    ├── RuleError                a routing rule that cannot be followed
    └── TableError               the faults of a file, all of them at once

A failed gate is no error: it is a verdict, and the command exits with `ExitStatus.GATE_FAILED`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, StrEnum

MOVING = "-latest"
"""The end of a name that its vendor moves from one model to the next."""


class ExitStatus(IntEnum):
    """Exit statuses of the process."""

    OK = 0
    GATE_FAILED = 1
    USER_ERROR = 2
    BUG = 70
    INTERRUPTED = 130


class LLMCostError(Exception):
    """Base class of every error that a user can cause.

    `message` is one sentence without a final full stop; each hint is a line with what to do.
    """

    exit_status = ExitStatus.USER_ERROR

    def __init__(self, message: str, *hints: str) -> None:
        super().__init__(message)
        self.message = message
        self.hints = hints

    @property
    def sentence(self) -> str:
        """The message with the hints in parentheses, as a fault of a file says it."""
        return f"{self.message.strip()} ({'; '.join(self.hints)})" if self.hints else self.message.strip()


class UsageError(LLMCostError):
    """An invalid option or argument."""


class UnknownModelError(LLMCostError):
    """No model in the catalog has this id, alias or bare name."""

    def __init__(self, name: str, matches: Sequence[str] = (), search: str = "", *, newer: bool = False) -> None:
        hints = [f"did you mean: {', '.join(matches)}?"] if matches else []
        if name.lower().endswith(MOVING):
            hints.append(f"a {MOVING} name moves from model to model: name the model itself")
        if newer:
            hints.append("it may be newer than the tables; update them: llmcost prices update")
        super().__init__(f'unknown model "{name}"', *hints, f"see: llmcost models {search}".rstrip())
        self.name = name
        self.matches = tuple(matches)


class AmbiguousModelError(LLMCostError):
    """Several models have this name, and none of them owns it."""

    def __init__(self, name: str, matches: Sequence[str], gone: Sequence[str] = ()) -> None:
        known = [f"choose one: {', '.join(matches)}"] if matches else []
        past = [f"shut down: {', '.join(gone)}"] if gone else []
        said = "is sold by several providers" if matches else "was sold by several providers, and no longer is by any"
        super().__init__(f'"{name}" {said}', *known, *past)
        self.name = name
        self.matches = (*matches, *gone)


class InvalidUsageError(LLMCostError):
    """Impossible token counts: negative, not finite, or a part larger than its whole."""


class Gap(StrEnum):
    """What reasons to leave a model out have in common where they differ in a date, a number or a word only."""

    SHUT_DOWN = "shut down"
    SHUTS_DOWN = "shut down soon"
    CONTEXT = "context window too small"
    OUTPUT = "maximum output too small"
    UNABLE = "lacks a needed capability"
    UNKNOWN = "needed capability unknown"


class NotSoldError(LLMCostError):
    """A tier, region, length, date or unit that a model does not offer.

    `reason` is the fault in a few words, for a list of models that were left out; `gap` is what it has in common with
    others.
    """

    def __init__(self, message: str, *hints: str, model: str, reason: str, gap: Gap | None = None) -> None:
        super().__init__(message, *hints)
        self.model = model
        self.reason = reason
        self.gap = gap


class FileError(LLMCostError):
    """A file that cannot be read or written."""


class RuleError(LLMCostError):
    """A routing rule that cannot be applied: an invalid or slow pattern, or tokens that are not counted.

    `place` is that of the rule in its file, from 0, where one rule is at fault.
    """

    def __init__(self, message: str, *hints: str, place: int | None = None) -> None:
        super().__init__(message, *hints)
        self.place = place


def reason_of(error: Exception) -> str:
    """The system's reason, as the end of a message: `no such file or directory`."""
    return (getattr(error, "strerror", None) or str(error)).lower()


class TableError(LLMCostError):
    """The faults of a file, each a line `file:line:col: path: what is wrong`."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)
