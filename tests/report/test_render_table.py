"""Tables for a terminal: nothing is ever cut, whatever the width and whatever the data."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from rich.cells import cell_len

from llmcost.notes import Note, NoteKind
from llmcost.report.render import render
from llmcost.report.report import Cell, Column, Format, Kind, Report, Row, Rows, Table
from llmcost.report.screen import Screen

SHUT = Note(NoteKind.SHUTDOWN, "a/one shuts down on 2027-01-14; b/two replaces it")
DOUBT = Note(NoteKind.STATUS, "not sure")
WHOLE = Note(NoteKind.MISSING, "some are left out")

COLUMNS = (
    Column("model", "Model"),
    Column("in_rate", "In/1M", Kind.RATE, optional=3),
    Column("out_rate", "Out/1M", Kind.RATE, optional=3),
    Column("saving_pct", "Saving", Kind.PERCENT, optional=1),
    Column("monthly_usd", "Month", Kind.USD),
    Column("shutdown", "Shutdown", Kind.DATE, optional=2),
    Column("free", "Free"),
)


def values(*given: Cell) -> dict[str, Cell]:
    """Return these values by the keys of the columns."""
    return dict(zip([column.key for column in COLUMNS], given, strict=True))


REPORT = Report(
    schema="llmcost.sample/1",
    headline="a/one costs $9,750.00 a month and b/two costs $585.00",
    tables=(
        Table(columns=COLUMNS, rows=(), title="not shown"),
        Table(
            columns=COLUMNS,
            rows=(
                Row(
                    values("a/one", Decimal("2.5"), 10, None, Decimal(9750), date(2027, 1, 14), False),
                    notes=(SHUT,),
                    cell_notes={"monthly_usd": (DOUBT,)},
                ),
                Row(values("b/two", Decimal("0.15"), Decimal("0.6"), 94, Decimal(585), None, True)),
                Row(values("total", "", "", "", Decimal(10335), "", ""), total=True),
            ),
        ),
        Table(columns=COLUMNS[:1], rows=(Row({"model": "b"}, notes=(SHUT,)),), title="More"),
    ),
    sentences=("b/two is cheaper.",),
    csv=Rows([{"model": "a/one"}]),
    assumptions=("100,000 requests a day for 30 days, 500 tokens in and 200 out",),
    notes=(WHOLE,),
)


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

100,000 requests a day for 30 days, 500 tokens in and 200 out

[1] a/one shuts down on 2027-01-14; b/two replaces it
[2] not sure
[3] some are left out
"""

FORTY = """\
a/one costs $9,750.00 a month and b/two
costs $585.00

Model      Saving          Month  Free
──────────────────────────────────────
a/one [1]       -  $9,750.00 [2]  no
b/two       94.0%        $585.00  yes
total                 $10,335.00
(too narrow here for: In/1M, Out/1M,
Shutdown)

More
Model
─────
b [1]

b/two is cheaper.

100,000 requests a day for 30 days, 500
  tokens in and 200 out

[1] a/one shuts down on 2027-01-14;
    b/two replaces it
[2] not sure
[3] some are left out
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
        (65, None),
        (64, "In/1M, Out/1M"),
        (50, "In/1M, Out/1M"),
        (49, "In/1M, Out/1M, Shutdown"),
        (38, "In/1M, Out/1M, Shutdown"),
        (37, "In/1M, Out/1M, Saving, Shutdown"),
        (30, "In/1M, Out/1M, Saving, Shutdown"),
    ],
)
def test_optional_columns_go_by_their_numbers_the_highest_first(width: int, gone: str | None) -> None:
    """65 cells are all; In/1M and Out/1M take 15 with their blanks and go together, Shutdown 12, Saving 8."""
    found = re.search(r"\(too narrow here for: ([^)]*)\)", shown(width))
    assert (None if found is None else found[1].replace("\n", " ")) == gone


@pytest.mark.parametrize("width", [23, 20, 1])
def test_when_no_column_fits_beside_the_names_rows_are_stacked(width: int) -> None:
    assert "Month     $9,750.00 [2]\n" in shown(width)


NUMBERS = ("$9,750.00", "$585.00", "$10,335.00")


def test_at_every_width_no_number_is_cut() -> None:
    texts = {width: shown(width) for width in (None, *range(1, 90))}
    assert [width for width, text in texts.items() if "…" in text or any(x not in text for x in NUMBERS)] == []


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
    spelled = "+/-1\n\n<=\n>= +/-\n-----------\n88.7 +/-0.5\n\n^\n\nv\n\n[1] +/-2\n"
    assert shown(report=report, unicode=False) == spelled
    assert shown(10, report=report, unicode=False).isascii()
    assert "±0.5" in shown(report=report)


@pytest.mark.parametrize("width", [None, 80, 40, 20])
def test_without_colour_there_is_no_style(width: int | None) -> None:
    assert "\x1b" not in shown(width)


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


def one(text: str, *more: Row) -> Report:
    """Return a report with this text in its headline, its table and a note."""
    columns = (Column("x", "X"), Column("usd", "USD", Kind.USD))
    row = Row({"x": text, "usd": Decimal("1.5")}, notes=(Note(NoteKind.STATUS, text),))
    return Report(schema="s/1", headline=text, tables=(Table(columns=columns, rows=(row, *more)),))


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


def test_wide_characters_count_as_two_cells() -> None:
    assert shown(report=one("日本")) == "日本\n\nX           USD\n───────────────\n日本 [1]  $1.50\n\n[1] 日本\n"


def test_a_newline_in_a_cell_is_a_blank() -> None:
    columns = (Column("x", "X"), Column("usd", "USD", Kind.USD))
    rows = (Row({"x": "a\nb", "usd": Decimal(1)}), Row({"x": "c", "usd": Decimal(2)}))
    report = Report(schema="s/1", headline="H", tables=(Table(columns=columns, rows=rows),))
    assert shown(report=report) == "H\n\nX      USD\n──────────\na b  $1.00\nc    $2.00\n"


@pytest.mark.parametrize("width", [None, 200])
@pytest.mark.parametrize("text", ["a\tb", "\tb", "one\ttwo\tthree"])
def test_a_tab_in_a_cell_cuts_nothing(text: str, width: int | None) -> None:
    found = shown(width, report=one(text)).splitlines()
    row = next(line for line in found if line.endswith("$1.50"))
    assert "…" not in row
    assert row.split() == [*text.split(), "[1]", "$1.50"]


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
    report = Report(schema="s/1", headline=f"see {url} and more", tables=())
    assert shown(40, report=report) == f"see\n{url}\nand more\n"


def test_a_sentence_of_a_very_narrow_screen_has_20_cells() -> None:
    report = Report(schema="s/1", headline="one two three four five six", tables=())
    assert shown(1, report=report) == shown(20, report=report) == "one two three four\nfive six\n"


def test_a_report_of_a_headline_alone() -> None:
    assert shown(report=Report(schema="s/1", headline="Done", tables=())) == "Done\n"


def test_marks_of_a_row_move_to_the_first_column_that_is_left() -> None:
    columns = (Column("a", "A", optional=1), Column("b", "B"))
    row = Row({"a": "aaaaaaaaaa", "b": "bbbbbbbbbb"}, notes=(DOUBT,))
    report = Report(schema="s/1", headline="H", tables=(Table(columns=columns, rows=(row,)),))
    assert shown(report=report) == (
        "H\n\nA               B\n──────────────────────────\naaaaaaaaaa [1]  bbbbbbbbbb\n\n[1] not sure\n"
    )
    assert shown(20, report=report) == (
        "H\n\nB\n──────────────\nbbbbbbbbbb [1]\n(too narrow here\nfor: A)\n\n[1] not sure\n"
    )


@pytest.mark.parametrize("format_", [Format.TABLE, Format.JSON, Format.CSV, Format.MD])
def test_every_format_takes_a_screen(format_: Format) -> None:
    """Only the table is of another form on another screen."""
    narrow = render(REPORT, format_, Screen(width=20, color=True, unicode=False))
    assert (narrow == render(REPORT, format_)) is (format_ is not Format.TABLE)


def test_notes_have_one_number_each_however_often_they_are_met() -> None:
    rows = tuple(Row({"x": name}, notes=(SHUT,), cell_notes={"x": (SHUT, DOUBT, DOUBT)}) for name in ("a", "b"))
    table = Table(columns=(Column("x", "X"),), rows=rows)
    text = shown(report=Report(schema="s/1", headline="H", tables=(table,), notes=(DOUBT, WHOLE)))
    assert "\na [1][2]\nb [1][2]\n\n" in text
    assert text.endswith(f"[1] {SHUT.text}\n[2] not sure\n[3] some are left out\n")


def split(*names: str) -> Report:
    """Return a report of a table of these names and two columns of numbers."""
    columns = (
        Column("rank", "Rank", Kind.COUNT, optional=1),
        Column("model", "Model"),
        Column("long", "A long label", Kind.NUMBER),
        Column("other", "Other"),
    )
    rows = tuple(Row({"rank": 1, "model": name, "long": "12345", "other": "abcdefgh"}) for name in names)
    return Report(
        schema="x/1",
        headline="head",
        tables=(
            Table(columns=columns, rows=()),
            Table(columns=columns, rows=rows),
        ),
    )


def table_at(width: int | None, *names: str) -> list[str]:
    """Return the lines of that table at a width, without the rules under the labels."""
    lines = shown(width, report=split(*names)).splitlines()[2:]
    return [line for line in lines if not line.startswith("─")]


NAME = "provider/a-long-name-of-a-model"


def test_a_table_stands_whole_where_there_is_room() -> None:
    assert table_at(None, NAME) == [
        "Rank  Model                            A long label  Other",
        "   1  provider/a-long-name-of-a-model         12345  abcdefgh",
    ]
    assert table_at(61, NAME) == table_at(None, NAME)


def test_where_it_is_narrow_labels_and_then_names_are_broken() -> None:
    assert table_at(57, NAME) == [
        "                                           A",
        "                                        long",
        "Rank  Model                            label  Other",
        "   1  provider/a-long-name-of-a-model  12345  abcdefgh",
    ]
    assert table_at(50, NAME) == [
        "                                      A",
        "                                   long",
        "Rank  Model                       label  Other",
        "   1  provider/a-long-name-of-a-  12345  abcdefgh",
        "        model",
    ]


def test_where_that_is_not_enough_the_optional_columns_go() -> None:
    assert table_at(44, NAME) == [
        "                                A",
        "                             long",
        "Model                       label  Other",
        "provider/a-long-name-of-a-  12345  abcdefgh",
        "  model",
        "(too narrow here for: Rank)",
    ]


def test_where_even_that_is_too_wide_the_columns_go_on_below() -> None:
    assert table_at(36, NAME) == [
        "Model                       Rank",
        "provider/a-long-name-of-a-     1",
        "  model",
        "",
        "                                A",
        "                             long",
        "Model                       label",
        "provider/a-long-name-of-a-  12345",
        "  model",
        "",
        "Model                       Other",
        "provider/a-long-name-of-a-  abcdefgh",
        "  model",
    ]


def test_names_that_do_not_tell_the_rows_apart_do_not_go_on_below() -> None:
    assert table_at(36, NAME, NAME)[:2] == ["Rank          1", f"Model         {NAME}"]


def test_where_no_column_fits_beside_the_names_the_rows_are_stacked() -> None:
    assert table_at(25, NAME) == [
        "Rank          1",
        "Model         provider/a-long-name-of-a-model",
        "A long label  12345",
        "Other         abcdefgh",
    ]


def test_a_name_without_signs_is_broken_where_it_must_be() -> None:
    name = "x" * 40
    lines = table_at(36, name)

    assert "".join(line.split()[0] for line in lines[1:3]) == name
    assert max(map(len, lines)) <= 36


def test_a_column_that_still_fits_stays_where_one_of_a_lower_number_has_gone() -> None:
    columns = (Column("m", "Model"), Column("wide", "Wide", optional=1), Column("thin", "Thin", optional=2))
    table = Table(columns=columns, rows=(Row({"m": "a/b", "wide": "x" * 30, "thin": "y"}),))

    lines = shown(22, report=Report(schema="x/1", headline="head", tables=(table,))).splitlines()

    assert (lines[2], lines[-2:]) == ("Model  Thin", ["(too narrow here for:", "Wide)"])


def test_a_table_of_numbers_alone_cuts_none() -> None:
    columns = (Column("a", "Per day", Kind.USD), Column("b", "Per year", Kind.USD))
    table = Table(columns=columns, rows=(Row({"a": Decimal(12345), "b": Decimal(123456)}),))
    report = Report(schema="x/1", headline="head", tables=(table,))

    assert shown(23, report=report).splitlines()[-1] == "$12,345.00  $123,456.00"
    assert shown(22, report=report).splitlines()[-2:] == ["Per day   $12,345.00", "Per year  $123,456.00"]


def test_short_names_stay_whole_in_a_narrow_table() -> None:
    assert table_at(22, "a/b") == [
        "           A",
        "        long",
        "Model  label  Other",
        "a/b    12345  abcdefgh",
        "(too narrow here for:",
        "Rank)",
    ]
    assert table_at(14, "a/b")[1] == "Model         a/b"
