"""JSON: the machine tables, the facts and the notes, with exact numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from llmcost.notes import Note, NoteKind
from llmcost.report.render import render
from llmcost.report.render.json import dumps
from llmcost.report.report import Column, Format, Kind, Report, Row, Table

SHUT = Note(NoteKind.SHUTDOWN, "a/one shuts down on 2027-01-14")
STATUS = Note(NoteKind.STATUS, 'said to be "close"')
WHOLE = Note(NoteKind.MISSING, "some have no score")

COLUMNS = (
    Column("model", "Model"),
    Column("monthly_usd", "Month", Kind.USD),
    Column("requests", "Requests", Kind.COUNT, optional=1),
    Column("shutdown", "Shutdown", Kind.DATE),
    Column("free", "Free"),
)
ROWS = (
    Row(
        {
            "model": "a/one",
            "monthly_usd": Decimal("9750.000"),
            "requests": 3_000_000,
            "shutdown": date(2027, 1, 14),
            "free": False,
            "beside": "in no column",
        },
        notes=(SHUT,),
        cell_notes={"monthly_usd": (STATUS,)},
    ),
    Row(
        {"model": "b/twö", "monthly_usd": Decimal("1E-9"), "requests": None, "shutdown": None, "free": True},
        notes=(SHUT,),
    ),
    Row({"model": "total", "monthly_usd": Decimal(9750), "requests": None, "shutdown": None, "free": None}, total=True),
)
REPORT = Report(
    schema="llmcost.sample/1",
    headline='a/one costs "much"',
    facts={"workload": {"days": 30, "cached": Decimal("0.60")}, "names": ("a", "b")},
    tables=(
        Table(name="models", columns=COLUMNS, rows=ROWS),
        Table(name="shown", columns=COLUMNS[:1], rows=ROWS[:1], machine=False),
        Table(name="prices", columns=COLUMNS[1:2], rows=ROWS[:1], human=False),
        Table(name="none", columns=COLUMNS, rows=()),
    ),
    sentences=("for people",),
    assumptions=("for people too",),
    notes=(WHOLE, SHUT),
)

EXPECTED = """{
  "schema": "llmcost.sample/1",
  "headline": "a/one costs \\"much\\"",
  "workload": {
    "days": 30,
    "cached": 0.6
  },
  "names": [
    "a",
    "b"
  ],
  "models": [
    {
      "model": "a/one",
      "monthly_usd": 9750,
      "requests": 3000000,
      "shutdown": "2027-01-14",
      "free": false
    },
    {
      "model": "b/twö",
      "monthly_usd": 0.000000001,
      "requests": null,
      "shutdown": null,
      "free": true
    }
  ],
  "prices": [
    {
      "monthly_usd": 9750
    }
  ],
  "none": [],
  "notes": [
    {
      "kind": "shutdown",
      "text": "a/one shuts down on 2027-01-14"
    },
    {
      "kind": "status",
      "text": "said to be \\"close\\""
    },
    {
      "kind": "missing",
      "text": "some have no score"
    }
  ]
}
"""


def test_the_whole_report() -> None:
    """Without totals, without what is for people alone, each note once, those of rows first."""
    assert render(REPORT, Format.JSON) == EXPECTED


def parsed(report: Report) -> Any:
    """Return a report's JSON as any reader has it, with exact numbers."""
    return json.loads(render(report, Format.JSON), parse_float=Decimal)


def test_a_reader_gets_the_exact_numbers() -> None:
    first, second = parsed(REPORT)["models"]
    assert (first["monthly_usd"], second["monthly_usd"]) == (9750, Decimal("1E-9"))


@pytest.mark.parametrize(
    "value",
    ["0.00325", "2.675", "0.1", "1E-12", "1E+15", "123456789012345.123456789", "-0.5", "0", "0.30000000000000000001"],
)
def test_a_decimal_survives_with_every_digit(value: str) -> None:
    table = Table(name="rows", columns=(Column("x", "X", Kind.USD),), rows=(Row({"x": Decimal(value)}),))
    report = Report(schema="s/1", headline="", tables=(table,))
    assert parsed(report)["rows"] == [{"x": Decimal(value)}]


@pytest.mark.parametrize("kind", list(NoteKind))
def test_every_kind_of_note_is_its_word(kind: NoteKind) -> None:
    report = Report(schema="s/1", headline="", tables=(), notes=(Note(kind, "why"),))
    assert parsed(report)["notes"] == [{"kind": kind.value, "text": "why"}]


@pytest.mark.parametrize(
    "text", ["[bold]x[/]", ":smile:", "a\nb", "a\tb", 'a"b\\c', "日本 ü", "\x1b[31m", "=1+1", "\u2028"]
)
def test_any_text_survives(text: str) -> None:
    table = Table(name="rows", columns=(Column("x", "X"),), rows=(Row({"x": text}),))
    report = Report(schema="s/1", headline=text, tables=(table,), notes=(Note(NoteKind.STATUS, text),))
    found = parsed(report)
    assert (found["headline"], found["rows"][0]["x"], found["notes"][0]["text"]) == (text, text, text)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (Decimal("7.10"), "7.1"),
        (date(2027, 1, 14), '"2027-01-14"'),
        ({}, "{}"),
        (MappingProxyType({}), "{}"),
        ([], "[]"),
        ((), "[]"),
        (MappingProxyType({"a": ()}), '{\n  "a": []\n}'),
        ([{"a": [1]}], '[\n  {\n    "a": [\n      1\n    ]\n  }\n]'),
    ],
)
def test_any_value_that_a_report_may_have(value: Any, written: str) -> None:
    assert dumps(value) == written


def test_a_row_that_lacks_a_column_is_a_bug() -> None:
    table = Table(name="rows", columns=COLUMNS, rows=(Row({"model": "a/one"}),))
    with pytest.raises(KeyError, match="monthly_usd"):
        render(Report(schema="s/1", headline="", tables=(table,)), Format.JSON)


@pytest.mark.parametrize("format_", [Format.TABLE, Format.JSON, Format.CSV, Format.MD])
def test_every_format_says_what_it_has_to_and_ends_its_last_line(format_: Format) -> None:
    text = render(REPORT, format_)
    assert "a/one" in text.replace("\\", "")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_notes_of_a_row_stand_before_those_of_its_cells() -> None:
    assert ROWS[0].all_notes() == (SHUT, STATUS)
    assert REPORT.all_notes() == [SHUT, STATUS, WHOLE]


def test_kinds_that_are_numbers_stand_at_the_right() -> None:
    facts: Mapping[Kind, bool] = {kind: kind.numeric for kind in Kind}
    assert [kind for kind, numeric in facts.items() if not numeric] == [Kind.TEXT, Kind.DATE]


@pytest.mark.parametrize("format_", [Format.TABLE, Format.JSON, Format.CSV, Format.MD])
def test_a_name_that_is_not_utf_8_can_be_written_and_read(format_: Format) -> None:
    table = Table(name="files", columns=(Column("file", "File"),), rows=(Row({"file": "lat\udce9 ä.txt"}),))

    text = render(Report(schema="s/1", headline="", tables=(table,)), format_)

    assert "\\udce9 ä.txt" in text.encode().decode()
    if format_ is Format.JSON:
        assert json.loads(text)["files"] == [{"file": "lat\udce9 ä.txt"}]
