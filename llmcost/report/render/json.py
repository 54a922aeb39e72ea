"""A Report as JSON: objects and rows in the order of the report, money as numbers with their exact digits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ..display import plain
from ..report import Report
from ..safe import safe_json
from ..shown import OneLine, shown_fact


def render(report: Report) -> str:
    """The report's data and notes as one JSON object, with what people are shown."""
    notes = [{"kind": note.kind, "text": note.text} for note in report.all_notes()]
    whole = {"schema": report.schema, "headline": report.headline, **report.data, "notes": notes}
    return safe_json(dumps({**whole, "shown": shown_fact(report)})) + "\n"


def dumps(value: Any, indent: str | None = "") -> str:
    """A value as indented JSON; a Decimal or a float is a number with all of its digits, in one way of writing."""
    deeper = None if indent is None or isinstance(value, OneLine) else indent + "  "
    if isinstance(value, Mapping):
        parts = [f"{json.dumps(str(key))}: {dumps(item, deeper)}" for key, item in value.items()]
        return _within("{}", parts, indent, deeper)
    if isinstance(value, list | tuple):
        return _within("[]", [dumps(item, deeper) for item in value], indent, deeper)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, float):
        return plain(Decimal(repr(value)))
    if isinstance(value, date):
        value = value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def _within(ends: str, parts: list[str], indent: str | None, deeper: str | None) -> str:
    """The parts of a list or an object, a line each; on one line where none is `deeper`."""
    if not parts:
        return ends
    if deeper is None:
        return f"{ends[0]}{', '.join(parts)}{ends[1]}"
    inner = f",\n{deeper}".join(parts)
    return f"{ends[0]}\n{deeper}{inner}\n{indent}{ends[1]}"
