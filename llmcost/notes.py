"""A doubt is a value: a `Note` travels with the result and is shown with it in every format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NoteKind(StrEnum):
    """What a note is about; the word stands in JSON. A short answer tells the first of these first."""

    ROLES = "roles"
    MISSING = "missing"
    BASELINE = "baseline"
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
    STALE = "stale"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Note:
    """One doubt, in a sentence.

    A `detail` is told only where everything is. `about` is the model that the sentence begins with. Notes that say the
    same of several models are told as one: the names, then `several`, which begins with a space or a colon.
    """

    kind: NoteKind
    text: str
    detail: bool = False
    about: str = ""
    several: str = ""
