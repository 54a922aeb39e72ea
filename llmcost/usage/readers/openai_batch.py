"""The output file of OpenAI's Batch API: an answer a line, at the batch tier whatever the answer says."""

from __future__ import annotations

from ...document import mapping
from ..forms import body_of
from ..record import Drop, Outcome
from . import LogReader, LogRow
from .answers import of_answer


def read(row: LogRow) -> Outcome:
    """The record of the answer to one request; one that failed or expired is not billed."""
    body = mapping(mapping(row.get("response")).get("body"))
    if not isinstance(body.get("usage"), dict):
        return Drop.ERROR if row.get("error") or body.get("error") else Drop.NO_USAGE
    return of_answer(body, body_of(body), beside={}, source="openai-batch-output", tier="batch")


READER = LogReader(read=read)
