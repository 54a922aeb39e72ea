"""JSON: the data and the notes, with exact numbers; and what holds in every format."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from llmcost.notes import Note, NoteKind
from llmcost.report.render import render
from llmcost.report.render.json import dumps
from llmcost.report.report import Column, Format, Kind, Report, Row, Rows, Table
from llmcost.report.screen import Screen

from .sample import DOUBT, ITEMS, KEYS, REPORT, ROWS, SHUT, WHOLE

EXPECTED = """{
  "schema": "llmcost.sample/1",
  "headline": "a/one costs $9,750.00 a month and b/two costs $585.00",
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
    },
    {
      "monthly_usd": 0.000000001
    }
  ],
  "none": [],
  "notes": [
    {
      "kind": "shutdown",
      "text": "a/one shuts down on 2027-01-14; b/two replaces it"
    },
    {
      "kind": "status",
      "text": "not sure"
    },
    {
      "kind": "missing",
      "text": "some are left out"
    }
  ],
  "shown": {
    "sentences": [
      "b/two is cheaper.",
      "a/one is not."
    ],
    "assumptions": [
      "100,000 requests a day for 30 days, 500 tokens in and 200 out"
    ],
    "tables": [
      {
        "title": "not shown",
        "columns": [<columns>
        ],
        "rows": []
      },
      {
        "columns": [<columns>
        ],
        "rows": [
          {"cells": ["a/one", 2.5, 10, null, 9750, "2027-01-14", false], "notes": [0], "cell_notes": {"monthly_usd": [1]}},
          {"cells": ["b/two", 0.15, 0.6, 94, 585, null, true]},
          {"cells": ["total", "", "", "", 10335, "", ""], "total": true}
        ]
      },
      {
        "title": "More",
        "columns": [
          {"key": "model", "label": "Model"}
        ],
        "rows": [
          {"cells": ["b"], "notes": [0]}
        ]
      }
    ],
    "of_whole": [
      2,
      0
    ]
  }
}
""".replace(
    "<columns>",
    """
          {"key": "model", "label": "Model"},
          {"key": "in_rate", "label": "In/1M", "kind": "rate", "optional": 3},
          {"key": "out_rate", "label": "Out/1M", "kind": "rate", "optional": 3},
          {"key": "saving_pct", "label": "Saving", "kind": "percent", "optional": 1},
          {"key": "monthly_usd", "label": "Month", "kind": "usd"},
          {"key": "shutdown", "label": "Shutdown", "kind": "date", "optional": 2},
          {"key": "free", "label": "Free"}""",
)
EVERY = pytest.mark.parametrize("format_", [Format.TABLE, Format.JSON, Format.CSV, Format.MD])


def test_the_whole_report() -> None:
    """Each note once, those of tables first; at the end what people are shown."""
    assert render(REPORT, Format.JSON) == EXPECTED


@pytest.mark.parametrize(
    "value",
    ["0.00325", "2.675", "0.1", "1E-12", "1E+15", "123456789012345.123456789", "-0.5", "0", "0.30000000000000000001"],
)
def test_a_decimal_survives_with_every_digit(value: str) -> None:
    assert json.loads(dumps({"x": Decimal(value)}), parse_float=Decimal) == {"x": Decimal(value)}


@pytest.mark.parametrize(
    "text", ["[bold]x[/]", ":smile:", "a\nb", "a\tb", 'a"b\\c', "日本 ü", "\x1b[31m", "=1+1", "\u2028"]
)
def test_any_text_survives(text: str) -> None:
    data = {"rows": Rows([{"x": text}])}
    found = json.loads(
        render(Report(schema="s/1", headline=text, data=data, notes=(Note(NoteKind.STATUS, text),)), Format.JSON)
    )
    assert (found["headline"], found["rows"], found["notes"]) == (
        text,
        [{"x": text}],
        [{"kind": "status", "text": text}],
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (Decimal("7.10"), "7.1"),
        (1.0, "1"),
        (1e-07, "0.0000001"),
        (date(2027, 1, 14), '"2027-01-14"'),
        *((kind, f'"{kind.value}"') for kind in NoteKind),
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
    assert Rows(ITEMS[1:]).keys == KEYS
    assert Rows([]).keys == ()


def test_an_object_is_added_before_the_rows() -> None:
    found = REPORT.with_object("gate", {"passed": True})

    assert list(found.data) == ["workload", "names", "gate", "models", "prices", "none"]


def test_notes_of_a_table_stand_before_those_of_a_row_and_its_cells() -> None:
    assert ROWS[0].all_notes() == (SHUT, DOUBT)
    assert Table(columns=(), rows=ROWS, notes=(WHOLE,)).all_notes() == (WHOLE, SHUT, DOUBT)


def test_kinds_that_are_numbers_stand_at_the_right() -> None:
    assert [kind for kind in Kind if not kind.numeric] == [Kind.TEXT, Kind.DATE]


@EVERY
def test_only_the_table_is_of_another_form_on_another_screen(format_: Format) -> None:
    narrow = render(REPORT, format_, Screen(width=20, color=True, unicode=False))
    assert (narrow == render(REPORT, format_)) is (format_ is not Format.TABLE)


@EVERY
def test_a_name_that_is_not_utf_8_can_be_written_and_read(format_: Format) -> None:
    files = Rows([{"file": "lat\udce9 ä.txt"}])
    table = Table(columns=(Column("file", "File"),), rows=tuple(map(Row, files)))

    text = render(Report(schema="s/1", headline="", data={"files": files}, csv=files, tables=(table,)), format_)

    assert "\\udce9 ä.txt" in text.encode().decode()
    if format_ is Format.JSON:
        assert json.loads(text)["files"] == [{"file": "lat\udce9 ä.txt"}]


def test_a_list_of_texts_is_a_list_in_json_and_one_text_elsewhere() -> None:
    rows = Rows({"failed": texts} for texts in (("a 1 < 2", "b"), ()))
    table = Table(columns=(Column("failed", "Failed"),), rows=tuple(map(Row, rows)))
    report = Report(schema="s", headline="h", data={"rows": rows}, csv=rows, tables=(table,))

    assert '"failed": [\n        "a 1 < 2",\n        "b"\n      ]' in render(report, Format.JSON)
    assert '"failed": []' in render(report, Format.JSON)
    assert render(report, Format.CSV) == 'failed\r\na 1 < 2; b\r\n""\r\n'
    assert render(report, Format.TABLE).splitlines()[-2:] == ["a 1 < 2; b", "-"]
