"""The CSV of costs that OpenAI's dashboard exports: an amount by day, line item and project; a day without is empty.

`line_item` is a model and a kind of token: "gpt-5-nano, input_tokens".
"""

from __future__ import annotations

from ..record import Outcome, micros, text
from . import LogReader, LogRow
from .exports import charge, charged_tokens


def read(row: LogRow) -> Outcome:
    """The record of an amount."""
    model, _, kind = (text(row.get("line_item")) or "").partition(",")
    return charge(
        row,
        row.get("amount_value"),
        row.get("amount_currency"),
        tokens=charged_tokens(kind, row.get("quantity"), row.get("quantity_unit")),
        source="openai-costs-csv",
        provider="openai",
        model=model,
        at=micros(row.get("start_time")),
        user=text(row.get("user_id")),
        project=text(row.get("project_id")),
        key=text(row.get("api_key_id")),
    )


READER = LogReader(read=read)
