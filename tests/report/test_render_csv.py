"""CSV: the rows that it holds, as RFC 4180 has it."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from llmcost.errors import UsageError
from llmcost.report.render import render
from llmcost.report.render.csv import left_out
from llmcost.report.report import Column, Format, Report, Row, Rows, Table

KEYS = ("model", "monthly_usd", "saving_pct", "shutdown", "free")
MODELS = Rows(
    [
        dict(zip(KEYS, ("a/one", Decimal("9750.00"), Decimal("-1566.66"), date(2027, 1, 14), False), strict=True)),
        dict(zip(KEYS, ("b/two", Decimal("1E-9"), None, None, True), strict=True)),
    ]
)
REPORT = Report(
    schema="llmcost.sample/1",
    headline="not in CSV",
    data={"workload": {"days": 30}, "models": MODELS, "lines": Rows([], ("line",)), "others": [{"a": 1}]},
    csv=MODELS,
    tables=(Table(columns=(Column("model", "Model"),), rows=(Row({"model": "not in CSV"}),)),),
    assumptions=("not in CSV",),
)


def test_the_whole_report() -> None:
    """Keys as the header, plain numbers, nothing for what is unknown."""
    assert render(REPORT, Format.CSV) == (
        "model,monthly_usd,saving_pct,shutdown,free\r\n"
        "a/one,9750,-1566.66,2027-01-14,false\r\n"
        "b/two,0.000000001,,,true\r\n"
    )


def test_one_csv_leaves_out_the_other_rows() -> None:
    assert left_out(REPORT) == ["lines"]
    assert left_out(Report(schema="s/1", headline="", data={"models": MODELS}, csv=MODELS)) == []


def test_a_report_without_rows_is_no_csv() -> None:
    with pytest.raises(UsageError, match="there are no rows, and a CSV has nothing else"):
        render(Report(schema="s/1", headline=""), Format.CSV)


def cells(*texts: str) -> Report:
    """Return a report of one row of these texts."""
    return Report(schema="s/1", headline="", csv=Rows([{f"c{index}": text for index, text in enumerate(texts)}]))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a,b", '"a,b"'),
        ('say "no"', '"say ""no"""'),
        ("a\nb", '"a\nb"'),
        ("a\r\nb", '"a\r\nb"'),
        ("a\rb", '"a\rb"'),
        (" a ", " a "),
        ("", ""),
        ("a;b", "a;b"),
        ("日本", "日本"),
        ("[bold]x[/]", "[bold]x[/]"),
        (":smile:", ":smile:"),
    ],
)
def test_a_text_is_quoted_where_it_must_be(text: str, written: str) -> None:
    rendered = render(cells("x", text), Format.CSV)
    assert rendered == f"c0,c1\r\nx,{written}\r\n"
    assert list(csv.reader(io.StringIO(rendered, newline=""))) == [["c0", "c1"], ["x", text]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_formula_of_a_spreadsheet_is_written_as_it_is(text: str) -> None:
    """CSV is for programs: a text is not changed, so a spreadsheet that is given a hostile table would run it."""
    assert render(cells("x", text), Format.CSV) == f"c0,c1\r\nx,{text}\r\n"


def test_rows_that_are_none_have_their_header() -> None:
    report = Report(schema="s/1", headline="", csv=Rows([], KEYS))
    assert render(report, Format.CSV) == "model,monthly_usd,saving_pct,shutdown,free\r\n"
