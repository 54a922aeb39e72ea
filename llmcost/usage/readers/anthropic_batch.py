"""The results of Anthropic's Message Batches: a message a line, at the batch tier."""

from __future__ import annotations

from ...document import mapping
from ..forms import body_of
from ..record import Drop, Outcome
from . import LogReader, LogRow
from .answers import of_answer


def read(row: LogRow) -> Outcome:
    """The record of a message; a request that failed, was canceled or expired is not billed."""
    if not isinstance(result := row.get("result"), dict):
        return Drop.UNREADABLE
    if result.get("type") != "succeeded":
        return Drop.ERROR
    message = mapping(result.get("message"))
    if not isinstance(message.get("usage"), dict):
        return Drop.NO_USAGE
    return of_answer(message, body_of(message), beside={}, source="anthropic-batch-results", tier="batch")


READER = LogReader(read=read)
