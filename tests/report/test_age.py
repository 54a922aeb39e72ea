"""A table that is old says so on every answer: the day after which it does, and of which layer the day is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from llmcost.notes import Note, NoteKind
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.table import ModelTable
from llmcost.report.age import OLD_AFTER_DAYS, with_age
from llmcost.report.report import Report, Rows
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
            "the prices are 46 days old (2026-10-11); get newer ones: llmcost prices update",
        ),
        Note(NoteKind.STALE, "the benchmark scores are 46 days old (2026-10-11)"),
    )


@pytest.mark.parametrize("prices", [[], [None], [ago(3), ago(300)]], ids=["none", "no day", "a layer on top"])
def test_the_first_layer_alone_is_judged_and_only_by_its_day(prices: list[date | None]) -> None:
    assert notes(prices) == (BEFORE,)


@pytest.mark.parametrize(("tables", "told"), [(["0.yaml", "own.yaml"], 1), (["own.yaml"], 0), ([], 1)])
def test_a_table_that_prices_no_row_is_not_judged(tables: list[str], told: int) -> None:
    catalog = Catalog([ModelTable({}, "0.yaml", updated=ago(46))], as_of=DAY)
    rows = Rows({"price_table": x} for x in tables)
    one = {"price_table": tables[0]} if tables else {}

    for data in ({"estimates": rows}, {"model": one}):
        assert len(with_age(Report(schema="x/1", headline="x", data=data), DAY, catalog).notes) == told
