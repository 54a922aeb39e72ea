"""Markdown as GitHub reads it: nothing in the data is taken for a mark-up."""

from __future__ import annotations

import pytest

from llmcost.notes import Note, NoteKind
from llmcost.report.render import render
from llmcost.report.report import Column, Depth, Format, Report, Row, Table

from .sample import REPORT

EXPECTED = r"""**a/one costs $9,750.00 a month and b/two costs $585.00**

| Model | In/1M | Out/1M | Saving | Month | Shutdown | Free |
| --- | ---: | ---: | ---: | ---: | --- | --- |
| a/one \[1\] | $2.50 | $10.00 | - | $9,750.00 \[2\] | 2027-01-14 | no |
| b/two | $0.15 | $0.60 | 94.0% | $585.00 | - | yes |
| **total** |  |  |  | **$10,335.00** |  |  |

### More

| Model |
| --- |
| b \[1\] |

b/two is cheaper.<two blanks>
a/one is not.

- 100,000 requests a day for 30 days, 500 tokens in and 200 out

- [1] a/one shuts down on 2027-01-14; b/two replaces it
- [2] not sure
- Note: some are left out
"""


def test_the_whole_report() -> None:
    """Two blanks at the end of a line break it."""
    assert render(REPORT, Format.MD) == EXPECTED.replace("<two blanks>", "  ")


def test_a_report_of_a_headline_alone() -> None:
    assert render(Report(schema="s/1", headline="Done"), Format.MD) == "**Done**\n"


def test_an_answer_alone_has_its_tables_without_marks_or_notes() -> None:
    tables = EXPECTED.partition("\n\nb/two is cheaper.")[0].replace(r" \[1\]", "").replace(r" \[2\]", "")
    assert render(REPORT, Format.MD, depth=Depth.ANSWER) == tables + "\n"


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("a|b", r"a\|b"),
        ("*a* _b_", r"\*a\* \_b\_"),
        ("<b>x</b>", r"\<b\>x\</b\>"),
        ("`code`", r"\`code\`"),
        ("[a](b)", r"\[a\](b)"),
        ("~~a~~", r"\~\~a\~\~"),
        ("a\\|b", r"a\\\|b"),
        ("# a", r"\# a"),
        ("[bold]x[/]", r"\[bold\]x\[/\]"),
        ("日本", "日本"),
        ("=1+1", "=1+1"),
        # A line ends with LF, CRLF or CR (CommonMark 2.1): any of them would end the table's row.
        ("a\nb", r"a\\nb"),
        ("a\r\nb", r"a\\r\\nb"),
        ("a\rb", r"a\\rb"),
        ("a\n\nb", r"a\\n\\nb"),
        # An entity is decoded wherever it is not escaped (CommonMark 2.5).
        ("&copy;", r"\&copy;"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("&#35;", r"\&\#&#8203;35;"),
    ],
)
def test_marks_are_escaped_wherever_they_stand(text: str, x: str) -> None:
    table = Table(title=text, columns=(Column("x", text),), rows=(Row({"x": text}),))
    report = Report(
        schema="s/1",
        headline=text,
        tables=(table,),
        sentences=(text,),
        assumptions=(text,),
        notes=(Note(NoteKind.STATUS, text),),
    )
    said = f"**{x}**\n\n### {x}\n\n| {x} |\n| --- |\n| {x} |\n\n{x}\n\n- {x}\n\n- Note: {x}\n"
    assert render(report, Format.MD) == said
