"""The age of the tables behind an answer, as a note on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ..notes import Note, NoteKind
from .report import Report, Rows

if TYPE_CHECKING:
    from ..pricing.catalog import Catalog
    from ..scores.model import ScoreBook

OLD_AFTER_DAYS = 45


def with_age(report: Report, day: date, catalog: Catalog | None = None, book: ScoreBook | None = None) -> Report:
    """The report with a note on each table behind it that is older on a day than OLD_AFTER_DAYS.

    Of the layers of prices the first counts, whose day is that of the last whole update, and that only where no row
    of the report names its price table or some row this one.
    """
    return replace(report, notes=(*report.notes, *_notes(report, day, catalog, book)))


def _notes(report: Report, day: date, catalog: Catalog | None, book: ScoreBook | None) -> Iterator[Note]:
    table = catalog.layers[0] if catalog is not None else None
    named = _price_tables(report)
    if table is not None and table.updated and (not named or table.origin in named):
        age = (day - table.updated).days
        if age > OLD_AFTER_DAYS:
            text = f"the prices are {age} days old ({table.updated}); get newer ones: llmcost prices update"
            yield Note(NoteKind.STALE, text)
    if book is not None and book.updated and (age := (day - book.updated).days) > OLD_AFTER_DAYS:
        yield Note(NoteKind.STALE, f"the benchmark scores are {age} days old ({book.updated})")


def _price_tables(report: Report) -> set[object]:
    """The price tables that the report's data name: those behind its rows."""
    data = report.data.values()
    rows = [row for x in data if isinstance(x, Rows) for row in x] + [x for x in data if isinstance(x, Mapping)]
    return {row["price_table"] for row in rows if "price_table" in row}
