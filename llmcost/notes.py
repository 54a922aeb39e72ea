"""A doubt is a value: a `Note` travels with the result and is shown with it in every format."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from .lazy import dataclass


class NoteKind(StrEnum):
    """The subject of a note; the word is used in JSON. A short answer shows the first of these first."""

    STALE = "stale"
    ROLES = "roles"
    MISSING = "missing"
    BASELINE = "baseline"
    CACHING = "caching"
    NAME = "name"
    EFFORT = "effort"
    PRICE_CHANGE = "price_change"
    SHUTDOWN = "shutdown"
    SCHEDULE = "schedule"
    CONTEXT = "context"
    FEE = "fee"
    TOKENIZER = "tokenizer"
    MOVING = "moving"
    STATUS = "status"
    HARNESS = "harness"
    INTERVAL = "interval"
    UNVERIFIED = "unverified"
    HISTORY = "history"
    BATCH = "batch"
    FORM = "form"
    LEFT_OUT = "left_out"

    @property
    def pressing(self) -> bool:
        """Tell whether a short answer tells it however little room there is."""
        return self in (NoteKind.STALE, NoteKind.ROLES, NoteKind.MISSING, NoteKind.BASELINE, NoteKind.CACHING)


@dataclass(frozen=True, slots=True)
class Note:
    """One doubt, in a sentence.

    A `detail` is told only where everything is; what changes the answer itself comes `first`. `about` is the model that
    the sentence begins with. Notes that say the same of several models are told as one: the names, then `several`,
    which begins with a space or a colon.
    """

    kind: NoteKind
    text: str
    detail: bool = field(default=False, compare=False)
    about: str = field(default="", compare=False)
    several: str = field(default="", compare=False)
    first: bool = field(default=False, compare=False)

    @property
    def pressing(self) -> bool:
        """Whether a short answer tells it however little room there is."""
        return self.first or self.kind.pressing


def costs_more(weak: str, strong: str) -> Note:
    """The note on a weak model that costs more than the strong one."""
    return Note(NoteKind.ROLES, f"{weak} costs more than {strong}: are weak and strong swapped?")
