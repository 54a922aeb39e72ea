"""The shipped tables' own day: what they say of themselves is judged as of it, not as of a day fixed in the tests."""

from __future__ import annotations

import re
from datetime import date

from .conftest import ROOT


def updated(table: str) -> date:
    """Return the `updated` day of `pricing.yaml` or `benchmarks.yaml`."""
    (day,) = re.findall(r"^updated: (\S+)$", (ROOT / table).read_text(encoding="utf-8"), re.MULTILINE)
    return date.fromisoformat(day)
