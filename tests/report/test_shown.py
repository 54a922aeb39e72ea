"""What people are shown is a part of a run: every field of it comes back, and nothing else is taken for it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from llmcost.notes import Note, NoteKind
from llmcost.report.render.json import dumps
from llmcost.report.report import Column, Kind, Report, Row, Table
from llmcost.report.shown import shown_fact, with_shown

FIRST = Note(NoteKind.STALE, "old", detail=True, about="a/b", several=" are old", first=True)
SECOND = Note(NoteKind.STATUS, "odd")
COLUMNS = (
    Column("a", "A", Kind.USD, optional=2, good=-1, whole=True, means="what a is", detail=True),
    Column("b", "B"),
)
ROWS = (
    Row({"a": Decimal("0.10"), "b": "x"}, (FIRST,), {"b": (SECOND,)}, total=True, best=True, detail=True),
    Row({"a": None, "b": ("y", "z")}),
    Row({"a": 3, "b": False}),
)
WHOLE = Report(
    schema="s/1",
    headline="h",
    tables=(
        Table(
            columns=COLUMNS, rows=ROWS, title="T", notes=(SECOND,), short=0, things="models", least=1, in_all=9, how="x"
        ),
        Table(columns=COLUMNS[1:], rows=()),
    ),
    judged=("FAIL: dear",),
    sentences=("one", "two"),
    brief=(),
    changes=("three",),
    assumptions=("four",),
    details=("five",),
    notes=(SECOND, FIRST),
)


def read_back(report: Report, shown: Any) -> Report:
    notes = tuple(Note(x.kind, x.text) for x in report.all_notes())
    return with_shown(Report(schema=report.schema, headline=report.headline, notes=notes), shown)


def test_every_field_comes_back() -> None:
    found = read_back(WHOLE, json.loads(dumps(shown_fact(WHOLE)), parse_float=Decimal))

    assert found == WHOLE
    assert [(x.detail, x.about, x.several, x.first) for x in found.notes] == [
        (False, "", "", False),
        (True, "a/b", " are old", True),
    ]


def test_nothing_is_written_of_nothing() -> None:
    assert shown_fact(Report(schema="s/1", headline="h", notes=(SECOND,))) == {}


COLUMN = {"key": "a", "label": "A"}


@pytest.mark.parametrize(
    "shown",
    [
        None,
        [],
        {"sentences": "text"},
        {"details": [1]},
        {"notes": []},
        {"notes": [{"detail": 1}, {}]},
        {"tables": 1},
        {"tables": [{"columns": [], "rows": [], "title": 5}]},
        {"tables": [{"columns": [], "rows": []}]},
        {"tables": [{"rows": []}]},
        {"tables": [{"columns": [COLUMN], "rows": [], "odd": 1}]},
        {"tables": [{"columns": [COLUMN], "rows": [], "notes": [9]}]},
        {"tables": [{"columns": [{**COLUMN, "kind": "odd"}], "rows": []}]},
        {"tables": [{"columns": [{**COLUMN, "optional": True}], "rows": []}]},
        {"tables": [{"columns": [COLUMN], "rows": [{"cells": []}]}]},
        {"tables": [{"columns": [COLUMN], "rows": [{"cells": [{}]}]}]},
        {"tables": [{"columns": [COLUMN], "rows": [{"cells": [[1]]}]}]},
        {"tables": [{"columns": [COLUMN], "rows": [{"cells": [1], "notes": ["x"]}]}]},
        {"tables": [{"columns": [COLUMN], "rows": [{"cells": [1], "cell_notes": []}]}]},
    ],
)
def test_what_no_run_has_is_refused(shown: Any) -> None:
    with pytest.raises((AttributeError, KeyError, IndexError, TypeError, ValueError)):
        read_back(WHOLE, shown)
