"""What was read of logs, and what was left out, in words."""

from __future__ import annotations

from llmcost.report.logs import formats_words, left_out_words, log_notes, rows_words
from llmcost.usage.cube import Cube
from llmcost.usage.record import Doubt
from llmcost.usage.sources import Sources


def cube(unknown: dict[str, int] | None = None, **counts: int) -> Cube:
    return Cube(cells=(), columns=(), edges=(), counts={"rows": 9, "records": 3, **counts}, unknown=unknown or {})


def test_what_was_read_names_up_to_four_formats() -> None:
    names = ("a", "b", "c", "d", "e")

    assert rows_words(cube(rows=1), Sources(files=1)) == "1 file, 1 row"
    assert rows_words(cube(), Sources(files=2, formats=names[:4])) == "2 files (a, b, c, d), 9 rows"
    assert rows_words(cube(errors=1), Sources(files=2, formats=names)) == (
        "2 files (a, b, c and 2 more), 9 rows; left out: 1 failed"
    )
    assert formats_words(Sources(formats=names[:4])) == []
    assert formats_words(Sources(formats=names)) == ["Formats: a, b, c, d, e"]


def test_what_was_left_out_is_told_by_why_the_most_first_where_few_are_named() -> None:
    found = cube(errors=1, duplicates=1200, no_usage=3, cache_hits=2, mystery=1)

    assert left_out_words(found) == "1 failed, 1,200 repeated, 3 without usage, 2 answered from a cache, 1 mystery"
    assert left_out_words(found, 2) == "1,200 repeated, 3 without usage and 4 other rows"
    assert left_out_words(cube()) == ""


def test_what_the_sums_may_lack_is_a_note_each() -> None:
    sources = Sources(
        files=2, formats=("saved", "x"), strange=("a",), special=("b", "c"), unfinished=("p", "q", "r"), forgotten=2
    )
    sources.uncounted = "a, row 2: unreadable"
    unknown = {Doubt.BESIDE: 1, Doubt.CREDIT: 2, "colour_tokens": 4, "odd": 1}

    assert [x.text for x in log_notes(cube(unknown), sources)] == [
        "1 request with cached tokens beside the input: both are counted as input",
        "2 charges below zero, as credits and refunds are: the total is less by them",
        "unknown counts, not included in the cost: colour_tokens, odd",
        "the first row of unknown cost: a, row 2: unreadable",
        "records are missing: another page follows p and 2 more, and was not read",
        "a request that is both in a saved run and in another file counts twice",
        "not read, unknown format: a",
        "not read, not a regular file: b and 1 more",
        "not read for the saved run, unknown format: 2 files",
    ]
    assert log_notes(cube(), Sources(files=1, formats=("saved",))) == []
