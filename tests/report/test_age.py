"""A table that is old says so on every answer: the day after which it does, and of which layer the day is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from llmcost.notes import Note, NoteKind
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.table import ModelTable
from llmcost.report.age import OLD_AFTER_DAYS, with_age
from llmcost.report.report import Report
from llmcost.scores.model import ScoreBook

DAY = date(2026, 11, 26)
BEFORE = Note(NoteKind.MISSING, "some are left out")


def ago(days: int) -> date:
    return DAY - timedelta(days)


def notes(prices: list[date | None], scores: date | None = None) -> tuple[Note, ...]:
    """Return the notes of a report behind which are layers of prices and scores of these days."""
    layers = [ModelTable({}, f"{index}.yaml", updated=day) for index, day in enumerate(prices)]
    catalog = Catalog(layers, as_of=DAY) if layers else None
    book = ScoreBook([], [], updated=scores)
    return with_age(Report(schema="x/1", headline="x", notes=(BEFORE,)), DAY, catalog, book).notes


def test_a_table_is_old_after_45_days() -> None:
    assert OLD_AFTER_DAYS == 45
    assert notes([ago(45)], ago(45)) == (BEFORE,)
    assert notes([ago(46)], ago(46)) == (
        BEFORE,
        Note(
            NoteKind.STALE,
            "the prices in 0.yaml are 46 days old (2026-10-11); get newer ones: llmcost prices update",
        ),
        Note(NoteKind.STALE, "the benchmark scores are 46 days old (2026-10-11)"),
    )


@pytest.mark.parametrize("prices", [[], [None], [ago(3), ago(300)]], ids=["none", "no day", "a layer on top"])
def test_the_first_layer_alone_is_judged_and_only_by_its_day(prices: list[date | None]) -> None:
    assert notes(prices) == (BEFORE,)
