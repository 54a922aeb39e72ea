"""Tables for a terminal: nothing is ever cut, whatever the width and whatever the data."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from rich.cells import cell_len

from llmcost.notes import Note, NoteKind
from llmcost.report.render import render, table
from llmcost.report.render.table import _broken
from llmcost.report.report import Column, Format, Kind, Report, Row, Table
from llmcost.report.screen import Screen

from .sample import DOUBT, REPORT, SHUT, WHOLE, report_of


def shown(width: int | None = None, *, color: bool = False, unicode: bool = True, report: Report = REPORT) -> str:
    """Return the report on such a screen."""
    return render(report, Format.TABLE, Screen(width=width, color=color, unicode=unicode))


def without_styles(text: str) -> str:
    """Return a text without its ANSI sequences."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


WIDE = """\
a/one costs $9,750.00 a month and b/two costs $585.00

Model      In/1M  Out/1M  Saving          Month  Shutdown    Free
─────────────────────────────────────────────────────────────────
a/one [1]  $2.50  $10.00       -  $9,750.00 [2]  2027-01-14  no
b/two      $0.15   $0.60   94.0%        $585.00  -           yes
total                                $10,335.00

More
Model
─────
b [1]

b/two is cheaper.
a/one is not.

100,000 requests a day for 30 days, 500 tokens in and 200 out

[1] a/one shuts down on 2027-01-14; b/two replaces it
[2] not sure
Note: some are left out
"""

FORTY = """\
a/one costs $9,750.00 a month and b/two
costs $585.00

Model      Saving          Month  Free
──────────────────────────────────────
a/one [1]       -  $9,750.00 [2]  no
b/two       94.0%        $585.00  yes
total                 $10,335.00
(too narrow for: In/1M, Out/1M,
Shutdown)

More
Model
─────
b [1]

b/two is cheaper.
a/one is not.

100,000 requests a day for 30 days, 500
  tokens in and 200 out

[1] a/one shuts down on 2027-01-14;
    b/two replaces it
[2] not sure
Note: some are left out
"""

TWENTY = """\
a/one costs
$9,750.00 a month
and b/two costs
$585.00

Model     a/one [1]
In/1M     $2.50
Out/1M    $10.00
Saving    -
Month     $9,750.00 [2]
Shutdown  2027-01-14
Free      no

Model     b/two
In/1M     $0.15
Out/1M    $0.60
Saving    94.0%
Month     $585.00
Shutdown  -
Free      yes
"""


@pytest.mark.parametrize("width", [None, 65, 80, 10_000])
def test_a_pipe_and_a_wide_screen_get_everything(width: int | None) -> None:
    assert shown(width) == WIDE


def test_without_a_screen_it_is_a_pipe() -> None:
    assert render(REPORT, Format.TABLE) == WIDE


def test_a_narrow_screen_lacks_optional_columns_and_names_them() -> None:
    assert shown(40) == FORTY


def test_a_screen_too_narrow_for_what_must_be_gets_rows_stacked() -> None:
    text = shown(20)
    assert text.startswith(TWENTY)
    assert "Month     $10,335.00\n" in text
    assert "too narrow" not in text
    assert "\nMore\nModel\n─────\nb [1]\n" in text, "a table that fits stays a table"


@pytest.mark.parametrize(
    ("width", "gone"),
    [
        (64, "In/1M, Out/1M"),
        (50, "In/1M, Out/1M"),
        (49, "In/1M, Out/1M, Shutdown"),
        (38, "In/1M, Out/1M, Shutdown"),
        (37, "In/1M, Out/1M, Saving, Shutdown"),
        (30, "In/1M, Out/1M, Saving, Shutdown"),
    ],
)
def test_optional_columns_go_by_their_numbers_the_highest_first(width: int, gone: str) -> None:
    """65 cells are all; In/1M and Out/1M take 15 with their blanks and go together, Shutdown 12, Saving 8."""
    assert f"(too narrow for: {gone})" in shown(width).replace("\n", " ")


@pytest.mark.untraced
@pytest.mark.parametrize("width", range(1, 90))
def test_at_no_width_a_number_is_cut(width: int) -> None:
    text = shown(width)
    assert "…" not in text
    assert all(number in text for number in ("$9,750.00 [2]", "$585.00", "$10,335.00"))


@pytest.mark.untraced
def test_no_table_is_wider_than_the_screen() -> None:
    """`Month     $9,750.00 [2]` is as narrow as it gets."""
    assert [width for width in range(23, 90) if max(map(cell_len, shown(width).splitlines())) > width] == []


@pytest.mark.parametrize("width", [None, 80, 40, 20])
def test_a_screen_without_unicode_gets_ascii(width: int | None) -> None:
    text = shown(width, unicode=False)
    assert text.isascii()
    assert text == shown(width).replace("─", "-")


def test_signs_of_our_own_are_spelled_out_in_ascii() -> None:
    column = Column("x", "≥ ±")
    table = Table(columns=(column,), rows=(Row({"x": "88.7 ±0.5"}),), title="≤")
    report = Report(
        schema="s/1",
        headline="±1",
        tables=(table,),
        sentences=("↑",),
        assumptions=("↓",),
        notes=(Note(NoteKind.STATUS, "±2"),),
    )
    spelled = "+/-1\n\n<=\n>= +/-\n-----------\n88.7 +/-0.5\n\n^\n\nv\n\nNote: +/-2\n"
    assert shown(report=report, unicode=False) == spelled
    assert shown(10, report=report, unicode=False).isascii()
    assert "±0.5" in shown(report=report)


@pytest.mark.parametrize("width", [None, 80, 40, 20])
def test_colour_adds_styles_and_nothing_else(width: int | None) -> None:
    text = shown(width, color=True)
    assert "\x1b[1m" in text
    bare = "\n".join(line.rstrip() for line in without_styles(text).split("\n"))
    assert bare == shown(width)


def test_headline_titles_headers_and_totals_are_bold() -> None:
    lines = shown(color=True).splitlines()
    bold = {without_styles(line).split(" ")[0] for line in lines if line.startswith("\x1b[1m")}
    assert bold == {"a/one", "Model", "total", "More"}


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colour and width are arguments: what Rich reads from the environment does not count."""
    expected = shown(color=True), shown(40)
    for name, value in {
        "NO_COLOR": "1",
        "TERM": "dumb",
        "COLUMNS": "10",
        "FORCE_COLOR": "1",
        "TTY_COMPATIBLE": "0",
    }.items():
        monkeypatch.setenv(name, value)
        assert (shown(color=True), shown(40)) == expected


def one(text: str) -> Report:
    """A report with this text in its headline, its table and a note."""
    columns = (Column("x", "X"), Column("usd", "USD", Kind.USD))
    row = Row({"x": text, "usd": Decimal("1.5")}, notes=(Note(NoteKind.STATUS, text),))
    return report_of(columns, row, headline=text)


@pytest.mark.parametrize(
    "text",
    ["[bold]x[/bold]", "[/]", "[red]", "[link=https://a.b]c[/link]", ":smile:", ":warning:", "\\[x]", "{x}", "a*b_c|d"],
)
@pytest.mark.parametrize("color", [True, False])
def test_mark_up_of_rich_in_data_is_shown_as_it_is(text: str, color: bool) -> None:
    width = len(text) + 4
    rule = "─" * (width + 2 + len("$1.50"))
    expected = f"{text}\n\n{'X'.ljust(width)}    USD\n{rule}\n{text} [1]  $1.50\n\n[1] {text}\n"
    assert without_styles(shown(report=one(text), color=color)) == expected


def test_every_character_counts_as_the_cells_that_rich_gives_it() -> None:
    texts = map(chr, range(0x20, 0x3000))
    assert [x for x in texts if x.isprintable() and table._cells(x) != cell_len(x)] == []


def test_wide_characters_count_as_two_cells() -> None:
    assert shown(report=one("日本")) == "日本\n\nX           USD\n───────────────\n日本 [1]  $1.50\n\n[1] 日本\n"


@pytest.mark.parametrize("width", [None, 200])
@pytest.mark.parametrize("text", ["a\nb", "a\tb", "\tb", "one\ttwo\tthree"])
def test_a_newline_or_a_tab_in_a_cell_is_spelled(text: str, width: int | None) -> None:
    spelled = text.replace("\n", r"\n").replace("\t", r"\t")
    assert f"{spelled} [1]  $1.50\n" in shown(width, report=one(text))


@pytest.mark.parametrize("length", [500, 9_000, 20_000])
def test_a_long_cell_is_never_cut(length: int) -> None:
    text = "x" * length
    found = shown(report=one(text))
    assert "…" not in found
    assert f"{text} [1]  $1.50\n" in found


def test_a_long_name_on_a_screen_is_on_several_lines_and_whole() -> None:
    text = "x" * 500
    found = shown(80, report=one(text)).partition("─\n")[2].partition("\n\n")[0].splitlines()
    assert max(map(len, found)) <= 80
    assert "".join(line.split()[0] for line in found).startswith(text)


def test_a_long_word_of_a_sentence_is_not_broken() -> None:
    url = "https://example.org/" + "a" * 60
    report = Report(schema="s/1", headline=f"see {url} and more")
    assert shown(40, report=report) == f"see\n{url}\nand more\n"


def test_a_sentence_of_a_very_narrow_screen_has_20_cells() -> None:
    report = Report(schema="s/1", headline="one two three four five six")
    assert shown(1, report=report) == shown(20, report=report) == "one two three four\nfive six\n"


def test_a_report_of_a_headline_alone() -> None:
    assert shown(report=Report(schema="s/1", headline="Done")) == "Done\n"


def test_marks_of_a_row_move_to_the_first_column_that_is_left() -> None:
    columns = (Column("a", "A", optional=1), Column("b", "B"))
    row = Row({"a": "aaaaaaaaaa", "b": "bbbbbbbbbb"}, notes=(DOUBT,))
    report = report_of(columns, row)
    assert shown(report=report) == (
        "H\n\nA               B\n──────────────────────────\naaaaaaaaaa [1]  bbbbbbbbbb\n\n[1] not sure\n"
    )
    assert shown(20, report=report) == ("H\n\nB\n──────────────\nbbbbbbbbbb [1]\n(too narrow for: A)\n\n[1] not sure\n")


def test_notes_have_one_number_each_however_often_they_are_met() -> None:
    rows = (Row({"x": name}, notes=(SHUT,), cell_notes={"x": (SHUT, DOUBT, DOUBT)}) for name in ("a", "b"))
    text = shown(report=replace(report_of((Column("x", "X"),), *rows), notes=(DOUBT, WHOLE)))
    assert "\na [1][2]\nb [1][2]\n\n" in text
    assert text.endswith(f"[1] {SHUT.text}\n[2] not sure\nNote: some are left out\n")


def table_at(width: int | None, *names: str) -> str:
    """A table of these names and two columns of numbers at a width, without the rule under the labels."""
    columns = (
        Column("rank", "Rank", Kind.COUNT, optional=1),
        Column("model", "Model"),
        Column("long", "A long label", Kind.NUMBER),
        Column("other", "Other"),
    )
    rows = (Row({"rank": 1, "model": name, "long": "12345", "other": "abcdefgh"}) for name in names)
    return re.sub("─+\n", "", shown(width, report=report_of(columns, *rows)).removeprefix("H\n\n"))


NAME = "provider/a-long-name-of-a-model"


WHOLE_LINES = f"""\
Rank  Model                            A long label  Other
   1  {NAME}         12345  abcdefgh
"""
STACKED = """\
Rank          1
Model         provider/a-long-name-of-
                a-model
A long label  12345
Other         abcdefgh
"""


@pytest.mark.parametrize(
    ("width", "drawn"),
    [
        (None, WHOLE_LINES),
        (61, WHOLE_LINES),
        # labels are broken first
        (
            57,
            """\
                                           A
                                        long
Rank  Model                            label  Other
   1  provider/a-long-name-of-a-model  12345  abcdefgh
""",
        ),
        # then optional columns go
        (
            50,
            """\
                                     A
                                  long
Model                            label  Other
provider/a-long-name-of-a-model  12345  abcdefgh
(too narrow for: Rank)
""",
        ),
        # then names are broken
        (
            44,
            """\
                                A
                             long
Model                       label  Other
provider/a-long-name-of-a-  12345  abcdefgh
  model
(too narrow for: Rank)
""",
        ),
        # then the columns go on below
        (
            36,
            """\
Model                       Rank
provider/a-long-name-of-a-     1
  model

                                A
                             long
Model                       label
provider/a-long-name-of-a-  12345
  model

Model                       Other
provider/a-long-name-of-a-  abcdefgh
  model
""",
        ),
        # where none fits beside the names, rows are stacked, names in pieces of at least 24
        (25, STACKED),
    ],
)
def test_a_table_takes_the_widest_form_that_fits(width: int | None, drawn: str) -> None:
    assert table_at(width, NAME) == drawn


def test_names_that_do_not_tell_the_rows_apart_do_not_go_on_below() -> None:
    assert table_at(36, NAME, NAME) == f"{STACKED}\n{STACKED}"


def test_a_name_without_signs_is_broken_where_it_must_be() -> None:
    name = "x" * 40
    lines = table_at(36, name).splitlines()

    assert "".join(line.split()[0] for line in lines[1:3]) == name
    assert max(map(len, lines)) <= 36
    assert _broken("abc-defghi", 6) == "abc-\n  def\n  ghi"


def test_the_mark_of_a_broken_name_is_on_its_first_line() -> None:
    columns = (Column("m", "Model"), Column("s", "Score"))
    cells = {"m": (Note(NoteKind.FEE, "a"),), "s": (Note(NoteKind.FEE, "b"),)}
    row = Row({"m": "provider/a-long-name-of-a-model", "s": "90.0"}, cell_notes=cells)

    lines = shown(36, report=report_of(columns, row)).splitlines()

    assert lines[4:6] == ["provider/a-long-name- [1]  90.0 [2]", "  of-a-model"]


def test_a_column_that_still_fits_stays_where_one_of_a_lower_number_has_gone() -> None:
    columns = (Column("m", "Model"), Column("wide", "Wide", optional=1), Column("thin", "Thin", optional=2))
    report = report_of(columns, Row({"m": "a/b", "wide": "x" * 30, "thin": "y"}))

    lines = shown(22, report=report).splitlines()

    assert (lines[2], lines[-2:]) == ("Model  Thin", ["a/b    y", "(too narrow for: Wide)"])


def test_a_table_of_numbers_alone_cuts_none() -> None:
    columns = (Column("a", "Per day", Kind.USD), Column("b", "Per year", Kind.USD))
    report = report_of(columns, Row({"a": Decimal(12345), "b": Decimal(123456)}))

    assert shown(23, report=report).splitlines()[-1] == "$12,345.00  $123,456.00"
    assert shown(22, report=report).splitlines()[-2:] == ["Per day   $12,345.00", "Per year  $123,456.00"]


def test_short_names_stay_whole_in_a_narrow_table() -> None:
    assert "\nModel  label  Other\na/b    12345  abcdefgh\n" in table_at(22, "a/b")
    assert "\nModel         a/b\n" in table_at(14, "a/b")


def test_names_are_not_broken_into_pieces_below_24() -> None:
    report = report_of((Column("m", "M"), Column("b", "B", Kind.COUNT)), Row({"m": "x" * 60, "b": 5}))
    tables = [render(report, Format.TABLE, Screen(width=x)) for x in (10, 26, 27)]

    assert ["─" in x for x in tables] == [False, False, True]
    assert [x.splitlines()[2] for x in tables[:2]] == [f"M  {'x' * 21}"] * 2
