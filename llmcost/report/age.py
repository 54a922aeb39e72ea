"""The age of the tables behind an answer, as a note on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ..notes import Note, NoteKind
from .report import Report

if TYPE_CHECKING:
    from ..pricing.catalog import Catalog
    from ..scores.model import ScoreBook

OLD_AFTER_DAYS = 45


def with_age(report: Report, day: date, catalog: Catalog | None = None, book: ScoreBook | None = None) -> Report:
    """The report with a note on each table behind it that is older on a day than OLD_AFTER_DAYS.

    Of the layers of prices the first counts, whose day is that of its updates.
    """
    return replace(report, notes=(*report.notes, *_notes(day, catalog, book)))


def _notes(day: date, catalog: Catalog | None, book: ScoreBook | None) -> Iterator[Note]:
    table = catalog.layers[0] if catalog is not None else None
    if table is not None and table.updated and (age := (day - table.updated).days) > OLD_AFTER_DAYS:
        text = f"the prices in {table.origin} are {age} days old ({table.updated})"
        yield Note(NoteKind.STALE, f"{text}; get newer ones: llmcost prices update")
    if book is not None and book.updated and (age := (day - book.updated).days) > OLD_AFTER_DAYS:
        yield Note(NoteKind.STALE, f"the benchmark scores are {age} days old ({book.updated})")
