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


def render(report: Report) -> str:
    """The report's data and notes as one JSON object."""
    notes = [{"kind": note.kind, "text": note.text} for note in report.all_notes()]
    whole = {"schema": report.schema, "headline": report.headline, **report.data, "notes": notes}
    return safe_json(dumps(whole)) + "\n"


def dumps(value: Any, indent: str = "") -> str:
    """A value as indented JSON; a Decimal is a number with all of its digits, which `json` cannot write."""
    deeper = indent + "  "
    if isinstance(value, Mapping):
        if not value:
            return "{}"
        inner = ",\n".join(f"{deeper}{json.dumps(str(key))}: {dumps(item, deeper)}" for key, item in value.items())
        return f"{{\n{inner}\n{indent}}}"
    if isinstance(value, list | tuple) and value:
        inner = ",\n".join(f"{deeper}{dumps(item, deeper)}" for item in value)
        return f"[\n{inner}\n{indent}]"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        value = value.isoformat()
    return json.dumps(value, ensure_ascii=False)
