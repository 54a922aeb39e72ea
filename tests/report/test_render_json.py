"""JSON: the data and the notes, with exact numbers."""

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
from llmcost.report.report import Column, Format, Kind, Report, Row, Rows, Table

SHUT = Note(NoteKind.SHUTDOWN, "a/one shuts down on 2027-01-14")
STATUS = Note(NoteKind.STATUS, 'said to be "close"')
WHOLE = Note(NoteKind.MISSING, "some have no score")

MODELS = (
    {
        "model": "a/one",
        "monthly_usd": Decimal("9750.000"),
        "requests": 3_000_000,
        "shutdown": date(2027, 1, 14),
        "free": False,
        "beside": "in no key",
    },
    {"model": "b/twö", "monthly_usd": Decimal("1E-9"), "requests": None, "shutdown": None, "free": True},
)
KEYS = ("model", "monthly_usd", "requests", "shutdown", "free")
ROWS = (Row({"model": "a/one"}, notes=(SHUT,), cell_notes={"model": (STATUS,)}), Row({"model": "total"}, total=True))
REPORT = Report(
    schema="llmcost.sample/1",
    headline='a/one costs "much"',
    data={
        "workload": {"days": 30, "cached": Decimal("0.60")},
        "names": ("a", "b"),
        "models": Rows(MODELS, KEYS),
        "prices": Rows(MODELS[:1], KEYS[1:2]),
        "none": Rows([], KEYS),
    },
    csv=Rows(MODELS, KEYS),
    tables=(Table(columns=(Column("model", "Model"),), rows=ROWS, notes=(STATUS,)),),
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
      "kind": "status",
      "text": "said to be \\"close\\""
    },
    {
      "kind": "shutdown",
      "text": "a/one shuts down on 2027-01-14"
    },
    {
      "kind": "missing",
      "text": "some have no score"
    }
  ]
}
"""


def test_the_whole_report() -> None:
    """Without what is for people alone, each note once, those of tables first."""
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
    report = Report(schema="s/1", headline="", data={"rows": Rows([{"x": Decimal(value)}])})
    assert parsed(report)["rows"] == [{"x": Decimal(value)}]


@pytest.mark.parametrize("kind", list(NoteKind))
def test_every_kind_of_note_is_its_word(kind: NoteKind) -> None:
    report = Report(schema="s/1", headline="", tables=(), notes=(Note(kind, "why"),))
    assert parsed(report)["notes"] == [{"kind": kind.value, "text": "why"}]


@pytest.mark.parametrize(
    "text", ["[bold]x[/]", ":smile:", "a\nb", "a\tb", 'a"b\\c', "日本 ü", "\x1b[31m", "=1+1", "\u2028"]
)
def test_any_text_survives(text: str) -> None:
    data = {"rows": Rows([{"x": text}])}
    report = Report(schema="s/1", headline=text, data=data, notes=(Note(NoteKind.STATUS, text),))
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


def test_a_row_that_lacks_a_key_is_a_bug() -> None:
    with pytest.raises(KeyError, match="monthly_usd"):
        Rows([{"model": "a/one"}], KEYS)


def test_rows_have_the_keys_of_the_first() -> None:
    assert Rows(MODELS[1:]).keys == KEYS
    assert Rows([]).keys == ()


def test_an_object_is_added_before_the_rows() -> None:
    found = REPORT.with_object("gate", {"passed": True})

    assert list(found.data) == ["workload", "names", "gate", "models", "prices", "none"]


@pytest.mark.parametrize("format_", [Format.TABLE, Format.JSON, Format.CSV, Format.MD])
def test_every_format_says_what_it_has_to_and_ends_its_last_line(format_: Format) -> None:
    text = render(REPORT, format_)
    assert "a/one" in text.replace("\\", "")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_notes_of_a_table_stand_before_those_of_a_row_and_its_cells() -> None:
    assert ROWS[0].all_notes() == (SHUT, STATUS)
    assert REPORT.all_notes() == [STATUS, SHUT, WHOLE]


def test_kinds_that_are_numbers_stand_at_the_right() -> None:
    facts: Mapping[Kind, bool] = {kind: kind.numeric for kind in Kind}
    assert [kind for kind, numeric in facts.items() if not numeric] == [Kind.TEXT, Kind.DATE]


@pytest.mark.parametrize("format_", [Format.TABLE, Format.JSON, Format.CSV, Format.MD])
def test_a_name_that_is_not_utf_8_can_be_written_and_read(format_: Format) -> None:
    files = Rows([{"file": "lat\udce9 ä.txt"}])
    table = Table(columns=(Column("file", "File"),), rows=tuple(map(Row, files)))

    text = render(Report(schema="s/1", headline="", data={"files": files}, csv=files, tables=(table,)), format_)

    assert "\\udce9 ä.txt" in text.encode().decode()
    if format_ is Format.JSON:
        assert json.loads(text)["files"] == [{"file": "lat\udce9 ä.txt"}]
