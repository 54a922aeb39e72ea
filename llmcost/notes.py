"""A doubt is a value: a `Note` travels with the result and is shown with it in every format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NoteKind(StrEnum):
    """What a note is about; the word stands in JSON."""

    SHUTDOWN = "shutdown"
    HISTORY = "history"
    PRICE_CHANGE = "price_change"
    SCHEDULE = "schedule"
    LEFT_OUT = "left_out"
    TOKENIZER = "tokenizer"
    CONTEXT = "context"
    FEE = "fee"
    STALE = "stale"
    MOVING = "moving"
    NAME = "name"
    STATUS = "status"
    HARNESS = "harness"
    EFFORT = "effort"
    UNVERIFIED = "unverified"
    INTERVAL = "interval"
    MISSING = "missing"
    BATCH = "batch"
    CACHING = "caching"
    FORM = "form"
    BASELINE = "baseline"
    ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Note:
    """One doubt, in a sentence."""

    kind: NoteKind
    text: str
