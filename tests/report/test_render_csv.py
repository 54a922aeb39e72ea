"""CSV: the first machine table, as RFC 4180 has it."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from llmcost.notes import Note, NoteKind
from llmcost.report.render import render
from llmcost.report.render.csv import left_out
from llmcost.report.report import Cell, Column, Format, Kind, Report, Row, Table

COLUMNS = (
    Column("model", "Model"),
    Column("monthly_usd", "Month", Kind.USD),
    Column("saving_pct", "Saving", Kind.PERCENT, optional=2),
    Column("shutdown", "Shutdown", Kind.DATE),
    Column("free", "Free"),
)


def row(*values: Cell, total: bool = False) -> Row:
    """Return a row of these values, with a note on it and one on a cell."""
    note = Note(NoteKind.STATUS, "a doubt")
    keyed = dict(zip([column.key for column in COLUMNS], values, strict=True))
    return Row(keyed, notes=(note,), cell_notes={"monthly_usd": (note,)}, total=total)


REPORT = Report(
    schema="llmcost.sample/1",
    headline="not in CSV",
    tables=(
        Table(name="shown", columns=COLUMNS[:1], rows=(Row({"model": "not in CSV"}),), machine=False),
        Table(
            name="models",
            columns=COLUMNS,
            title="not in CSV",
            rows=(
                row("a/one", Decimal("9750.00"), Decimal("-1566.66"), date(2027, 1, 14), False),
                row("b/two", Decimal("1E-9"), None, None, True),
                row("total", Decimal(9750), None, None, None, total=True),
            ),
        ),
        Table(name="lines", columns=COLUMNS[:1], rows=()),
        Table(name="parts", columns=COLUMNS[:1], rows=(), human=False),
    ),
    assumptions=("not in CSV",),
)


def test_the_whole_report() -> None:
    """Keys as the header, plain numbers, nothing for what is unknown, no total, no marks."""
    assert render(REPORT, Format.CSV) == (
        "model,monthly_usd,saving_pct,shutdown,free\r\n"
        "a/one,9750,-1566.66,2027-01-14,false\r\n"
        "b/two,0.000000001,,,true\r\n"
    )


def test_one_csv_leaves_out_the_other_machine_tables() -> None:
    assert left_out(REPORT) == ["lines", "parts"]
    assert left_out(Report(schema="s/1", headline="", tables=REPORT.tables[:2])) == []


def cells(*texts: str) -> Report:
    """Return a report of one row of these texts."""
    columns = tuple(Column(f"c{index}", "") for index in range(len(texts)))
    values = {column.key: text for column, text in zip(columns, texts, strict=True)}
    return Report(schema="s/1", headline="", tables=(Table(name="rows", columns=columns, rows=(Row(values),)),))


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


def test_a_table_without_rows_has_its_header() -> None:
    table = Table(name="rows", columns=COLUMNS, rows=())
    report = Report(schema="s/1", headline="", tables=(table,))
    assert render(report, Format.CSV) == "model,monthly_usd,saving_pct,shutdown,free\r\n"
