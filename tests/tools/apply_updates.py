"""Put the models of an updates.yaml into the price table, as text, so that a review sees what would change.

    python tests/tools/apply_updates.py updates.yaml pricing.yaml

The entry of a model is replaced whole, with the comments in it; what stands around it stays, and so does the rest of
the file. Models that the table does not have go to its end. The day of the table becomes that of the updates.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_ENTRY = re.compile(r"^  (?P<id>[^\s#'\"][^\s]*/[^\s]*):\n(?:(?:    .*)?\n)*?(?=\n*(?:  \S|\S|\Z))", re.MULTILINE)
_DAY = re.compile(r"^updated: .*$", re.MULTILINE)


def applied(table: str, updates: str) -> str:
    """The text of the table with the entries and the day of the updates."""
    new = {found["id"]: found[0] for found in _ENTRY.finditer(updates)}
    table = _ENTRY.sub(lambda found: new.pop(found["id"], found[0]), table)
    day = _DAY.search(updates)
    table = _DAY.sub(day[0], table, count=1) if day else table
    return table.rstrip("\n") + "\n" + "".join(f"\n{entry}" for entry in new.values())


if __name__ == "__main__":
    updates, table = map(Path, sys.argv[1:])
    table.write_text(applied(table.read_text("utf-8"), updates.read_text("utf-8")), "utf-8")
