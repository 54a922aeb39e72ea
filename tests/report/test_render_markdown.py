"""Markdown as GitHub reads it: nothing in the data is taken for a mark-up."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from llmcost.notes import Note, NoteKind
from llmcost.report.render import render
from llmcost.report.report import Column, Format, Kind, Report, Row, Table

SHUT = Note(NoteKind.SHUTDOWN, "a/one shuts down [soon]")
DOUBT = Note(NoteKind.STATUS, "not *sure*")
WHOLE = Note(NoteKind.MISSING, "some are left out")

COLUMNS = (
    Column("model", "Model"),
    Column("monthly_usd", "Month|USD", Kind.USD),
    Column("saving_pct", "Saving", Kind.PERCENT, optional=1),
    Column("shutdown", "Shutdown", Kind.DATE),
    Column("free", "Free"),
)
REPORT = Report(
    schema="llmcost.sample/1",
    headline="a/one_x costs $9,750.00",
    tables=(
        Table(columns=COLUMNS, rows=(), title="not shown"),
        Table(
            columns=COLUMNS,
            rows=(
                Row(
                    {
                        "model": "a/one_x",
                        "monthly_usd": Decimal(9750),
                        "saving_pct": None,
                        "shutdown": date(2027, 1, 14),
                        "free": False,
                    },
                    notes=(SHUT, DOUBT),
                    cell_notes={"monthly_usd": (DOUBT,), "saving_pct": (WHOLE, WHOLE)},
                ),
                Row(
                    {
                        "model": "total",
                        "monthly_usd": Decimal("9750.5"),
                        "saving_pct": "",
                        "shutdown": "",
                        "free": None,
                    },
                    total=True,
                ),
            ),
        ),
        Table(
            columns=COLUMNS[:1],
            rows=(Row({"model": "b"}, notes=(SHUT,)),),
            title="More #1",
        ),
    ),
    sentences=("first.", "second."),
    assumptions=("30 days", "prices of 2026-11-22"),
    notes=(WHOLE,),
)


EXPECTED = r"""**a/one\_x costs $9,750.00**

| Model | Month\|USD | Saving | Shutdown | Free |
| --- | ---: | ---: | --- | --- |
| a/one\_x \[1\]\[2\] | $9,750.00 \[2\] | - \[3\] | 2027-01-14 | no |
| **total** | **$9,750.50** |  |  | **-** |

### More \#1

| Model |
| --- |
| b \[1\] |

first.<two blanks>
second.

- 30 days
- prices of 2026-11-22

- [1] a/one shuts down \[soon\]
- [2] not \*sure\*
- [3] some are left out
"""


def test_the_whole_report() -> None:
    """Two blanks at the end of a line break it."""
    assert render(REPORT, Format.MD) == EXPECTED.replace("<two blanks>", "  ")


def test_a_report_of_a_headline_alone() -> None:
    assert render(Report(schema="s/1", headline="Done", tables=()), Format.MD) == "**Done**\n"


def rendered(text: str) -> str:
    """Return the Markdown of a table with this text in its one cell."""
    table = Table(columns=(Column("x", "X"),), rows=(Row({"x": text}),))
    return render(Report(schema="s/1", headline="H", tables=(table,)), Format.MD)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a|b", r"a\|b"),
        ("*a* _b_", r"\*a\* \_b\_"),
        ("<b>x</b>", r"\<b\>x\</b\>"),
        ("`code`", r"\`code\`"),
        ("[a](b)", r"\[a\](b)"),
        ("~~a~~", r"\~\~a\~\~"),
        ("a\\|b", r"a\\\|b"),
        ("# a", r"\# a"),
        ("a\nb", "a b"),
        ("[bold]x[/]", r"\[bold\]x\[/\]"),
        ("日本", "日本"),
        ("=1+1", "=1+1"),
    ],
)
def test_marks_are_escaped(text: str, written: str) -> None:
    assert rendered(text) == f"**H**\n\n| X |\n| --- |\n| {written} |\n"


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\rb", "a\n\nb"])
def test_a_cell_stays_on_its_line(text: str) -> None:
    """A line ends with LF, CRLF or CR (CommonMark 2.1): any of them would end the table's row."""
    assert re.search(r"[\r\n]", rendered(text).rstrip("\n").rpartition("| --- |\n")[2]) is None


@pytest.mark.parametrize("text", ["&copy;", "&lt;b&gt;", "&#35;"])
def test_an_entity_is_not_decoded(text: str) -> None:
    """`&copy;` in the data would be shown as the sign: CommonMark 2.5 decodes it wherever it is not escaped."""
    written = rendered(text).rpartition("| --- |\n")[2].removeprefix("| ").removesuffix(" |\n")
    assert written in {text.replace("&", r"\&").replace("#", r"\#"), text.replace("&", "&amp;").replace("#", r"\#")}


def test_sentences_and_notes_are_escaped_too() -> None:
    report = Report(
        schema="s/1",
        headline="<h>",
        tables=(),
        sentences=("a|b",),
        assumptions=("*a*",),
        notes=(Note(NoteKind.STATUS, "`n`"),),
    )
    assert render(report, Format.MD) == "**\\<h\\>**\n\na\\|b\n\n- \\*a\\*\n\n- [1] \\`n\\`\n"
