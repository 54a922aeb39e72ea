"""CSV: the rows that it holds, as RFC 4180 has it."""

from __future__ import annotations

import csv
import io

import pytest

from llmcost.errors import UsageError
from llmcost.notes import Note, NoteKind
from llmcost.report.render import render
from llmcost.report.render.csv import left_out, with_notes
from llmcost.report.report import Format, Report, Rows
from llmcost.report.safe import safe

from .sample import KEYS, REPORT


def written(rows: Rows) -> str:
    return render(Report(schema="s/1", headline="", csv=rows), Format.CSV)


def test_the_whole_report() -> None:
    """Keys as the header, plain numbers, nothing for what is unknown."""
    assert render(REPORT, Format.CSV) == (
        "model,monthly_usd,requests,shutdown,free\r\n"
        "a/one,9750,3000000,2027-01-14,false\r\n"
        "b/twö,0.000000001,,,true\r\n"
    )


def test_one_csv_leaves_out_the_other_rows() -> None:
    assert left_out(REPORT) == ["prices", "none"]


def test_a_header_of_a_saved_run_is_cleaned_as_a_cell_is() -> None:
    report = Report(schema="s/1", headline="", csv=Rows([{"a\x1f": 1}]))

    assert render(report, Format.CSV) == "a\\x1f\r\n1\r\n"


def test_a_report_without_rows_is_no_csv() -> None:
    with pytest.raises(UsageError, match="there are no rows to write as CSV"):
        render(Report(schema="s/1", headline=""), Format.CSV)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("a,b", '"a,b"'),
        ('say "no"', '"say ""no"""'),
        *((text, text) for text in (" a ", "", "a;b", "日本", "[bold]x[/]", ":smile:")),
    ],
)
def test_a_text_is_quoted_where_it_must_be(text: str, quoted: str) -> None:
    rendered = written(Rows([{"c0": "x", "c1": text}]))
    assert rendered == f"c0,c1\r\nx,{quoted}\r\n"
    assert list(csv.reader(io.StringIO(rendered, newline=""))) == [["c0", "c1"], ["x", text]]


def test_a_row_is_a_line_whatever_is_in_its_cells() -> None:
    assert written(Rows([{"c": "a\n::error::b\r\tc\x1b[31m"}])) == "c\r\na\\n::error::b\\r\\tc\\x1b[31m\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_a_text_with_an_apostrophe(text: str) -> None:
    assert written(Rows([{"c": text, "d": -1}])) == f"c,d\r\n'{safe(text)},-1\r\n"


def test_a_list_that_begins_as_a_formula_is_a_text_too() -> None:
    assert written(Rows([{"c": ("=1", "b")}, {"c": ("a", "=b")}])) == "c\r\n'=1; b\r\na; =b\r\n"


def test_the_headline_and_the_notes_stand_below_the_table() -> None:
    rows, note = Rows([{"model": "a/b", "usd": 1}]), Note(NoteKind.STATUS, "odd")
    report = Report(schema="s/1", headline="+$9.00 a month", csv=rows, notes=(note,))

    assert with_notes(report) == "model,usd\r\na/b,1\r\n,\r\n'+$9.00 a month,\r\nNote: odd,\r\n"


def test_rows_that_are_none_have_their_header() -> None:
    assert written(Rows([], KEYS)) == "model,monthly_usd,requests,shutdown,free\r\n"
