"""How much is shown: the answer alone, the answer and what it rests on, or everything."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from llmcost.notes import Note, NoteKind
from llmcost.report.depth import at_depth, told, weightiest
from llmcost.report.render import markdown, table
from llmcost.report.report import Column, Depth, Kind, Report, Row, Table
from llmcost.report.screen import Screen
from llmcost.report.tones import Tone, of_cell, of_line

from .chart_runs import RUNS, placed

COLUMNS = (Column("name", "Name"),)


def rows(number: int, note: Note | None = None) -> tuple[Row, ...]:
    return tuple(Row({"name": f"m{n}"}, notes=(note,) if note and n == number - 1 else ()) for n in range(number))


def note(text: str, kind: NoteKind = NoteKind.FEE, **more: object) -> Note:
    return Note(kind, text, **more)  # type: ignore[arg-type]


def lines(report: Report, depth: Depth, width: int | None = 80) -> list[str]:
    return table.render(report, Screen(width), depth).splitlines()


def test_a_short_answer_counts_what_it_leaves_out() -> None:
    last = note("of the last row")
    shown = Table(columns=COLUMNS, rows=rows(9, last), short=6, things="models")
    hidden = Table(columns=COLUMNS, rows=rows(2), short=0, things="benchmarks")
    report = Report(schema="x/1", headline="H", tables=(shown, hidden), assumptions=("A",), details=("D",))

    short = lines(report, Depth.SHORT)
    assert short[-1] == "--details shows more: the other 3 models, 2 benchmarks, 1 note, explanations"
    assert [x for x in short if x.startswith("m")] == [f"m{n}" for n in range(6)]
    assert "A" in short
    assert markdown.render(report, depth=Depth.SHORT).splitlines()[-1] == short[-1]

    whole = lines(report, Depth.WHOLE)
    assert [x for x in whole if x.startswith("m")] == [*(f"m{n}" for n in range(8)), "m8 [1]", "m0", "m1"]
    assert {"A", "D", "[1] of the last row"} <= set(whole)

    answer = lines(report, Depth.ANSWER)
    assert answer[0] == "H"
    assert answer[-1] == "m5"


def test_a_thing_counts_once_in_whatever_tables_it_stands() -> None:
    """A hidden table of the models that are shown is a table; rows that names do not tell apart count each."""
    cut = Table(columns=COLUMNS, rows=(*rows(9), Row({"name": "total"}, total=True)), short=6, things="models")
    again = Table(columns=COLUMNS, rows=rows(9), short=0, things="models")
    changes = Table(columns=COLUMNS, rows=(*rows(2), *rows(2)), short=3, things="changes")
    for tables, more in (
        ((cut, cut, again, replace(again, rows=())), "the other 3 models, 1 table"),
        ((again,), "9 models"),
        ((changes,), "the other change"),
        ((replace(changes, short=2),), "the other 2 changes"),
    ):
        short = lines(Report(schema="x/1", headline="H", tables=tables), Depth.SHORT)
        assert short[-1] == f"--details shows more: {more}"


def test_the_notes_of_a_row_stand_behind_its_name() -> None:
    columns = (Column("rank", "Rank", Kind.COUNT), *COLUMNS)
    found = Table(columns=columns, rows=(Row({"rank": 1, "name": "m"}, notes=(note("N"),)),))
    assert "   1  m [1]" in lines(Report(schema="x/1", headline="H", tables=(found,)), Depth.SHORT)


def test_a_total_stays() -> None:
    found = Table(columns=COLUMNS, rows=(*rows(9), Row({"name": "total"}, total=True)), short=5, things="rows")
    (cut,) = at_depth(Report(schema="x/1", headline="H", tables=(found,)), Depth.SHORT).tables
    assert [x.values["name"] for x in cut.rows] == ["m0", "m1", "m2", "m3", "m4", "total"]


def test_a_row_may_be_a_detail_of_a_table() -> None:
    found = tuple(Row({"name": str(n)}, detail=n == 1) for n in range(4))
    for short, names in ((None, ["0", "2", "3"]), (2, ["0", "2"])):
        table_ = Table(columns=COLUMNS, rows=found, short=short, things="models")
        (cut,) = at_depth(Report(schema="x/1", headline="H", tables=(table_,)), Depth.SHORT).tables
        assert [x.values["name"] for x in cut.rows] == names


def test_a_column_may_be_a_detail() -> None:
    columns = (*COLUMNS, Column("p", "P", detail=True))
    values = [{"name": name, "p": "0.05"} for name in "ab"]
    report = Report(schema="x/1", headline="H", tables=(Table.of(values, *columns, short=1, things="models"),))
    assert lines(report, Depth.SHORT)[2:] == [
        COLUMNS[0].label,
        "─" * 4,
        "a",
        "",
        "--details shows more: the other model, 1 column",
    ]
    assert "a     0.05" in lines(report, Depth.WHOLE)


def test_a_whole_report_has_columns_that_a_short_answer_has_no_room_for_and_counts() -> None:
    """Names are broken to make room for them; what a column means is told where it is shown."""
    columns = (
        *COLUMNS,
        Column("one", "One", whole=True, means="One: the first"),
        Column("two", "Two", optional=1, whole=True, means="Two: the second"),
        Column("three", "Three", optional=2, whole=True, means="Three: the third"),
    )
    values = {"name": "provider/" + "n" * 18, "one": "1" * 20, "two": "2" * 20, "three": "3" * 20}
    report = Report(schema="x/1", headline="H", tables=(Table(columns=columns, rows=(Row(values),)),))

    short = lines(report, Depth.SHORT, 70)
    assert [x.split() for x in short[2:6:2]] == [["Name", "One", "Two"], ["provider/", "1" * 20, "2" * 20]]
    assert short[-3:] == ["One: the first", "Two: the second", "--details shows more: 1 column"]
    whole = lines(report, Depth.WHOLE, 70)
    assert [x.split() for x in whole if "provider" in x] == [
        ["provider/", "1" * 20, "2" * 20],
        ["provider/" + "n" * 18, "3" * 20],
    ]
    assert whole[-3:] == [f"{x.means}" for x in columns[1:]]
    assert [x for x in markdown.render(report).splitlines() if x.startswith("- ")] == [
        f"- {x.means}" for x in columns[1:]
    ]


def test_a_chart_takes_the_room_that_is_left() -> None:
    data = {**RUNS["frontier"][1], "models": [placed("a/b", 1, 1, "frontier"), placed("a/c", 50, 50, "frontier")]}
    report = Report(schema="llmcost.bench-frontier/1", headline="H", plot=data)

    def height(report: Report, depth: Depth) -> int:
        return sum("│" in x or "┤" in x for x in lines(report, depth))

    assert height(report, Depth.SHORT) == height(report, Depth.WHOLE) == 16
    some = replace(report, assumptions=tuple("ABCDE"))
    assert (height(some, Depth.SHORT), len(lines(some, Depth.SHORT))) == (10, 23)
    assert height(replace(report, assumptions=tuple("ABCDEFGHIJ")), Depth.SHORT) == 7


def test_where_all_does_not_fit_notes_give_way_then_rows() -> None:
    found = Table(columns=COLUMNS, rows=rows(15), short=15, things="models")
    notes = tuple(note(str(n)) for n in range(3))
    report = Report(schema="x/1", headline="H", tables=(found,), notes=notes, assumptions=("A",))
    assert lines(report, Depth.SHORT)[-3:] == ["A", "Note: 0", "--details shows more: 2 notes"]
    longer = Report(schema="x/1", headline="H", tables=(found,), notes=notes, assumptions=tuple("ABCDEF"))
    short = lines(longer, Depth.SHORT)
    assert len(short) == 23
    assert short[-1] == "--details shows more: the other 4 models, 3 notes"


def test_changes_are_the_first_four_and_give_way_last() -> None:
    found = Table(columns=COLUMNS, rows=rows(9), short=9, things="models")
    report = Report(schema="x/1", headline="H", tables=(found,), brief=("A",), changes=tuple("123456"))
    assert lines(report, Depth.SHORT)[-5:] == [*"1234", "--details shows more: 2 changes"]
    longer = replace(report, brief=tuple("ABCDEFG"), notes=(note("n"),))
    assert lines(longer, Depth.SHORT)[-2:] == ["4", "--details shows more: the other 3 models, 2 changes, 1 note"]
    longest = replace(report, brief=tuple("ABCDEFGHIJK"))
    assert lines(longest, Depth.SHORT)[-2:] == ["1", "--details shows more: the other 4 models, 5 changes"]


def test_a_title_counts_the_rows_that_are_not_shown_and_more_than_so_many_stay() -> None:
    found = Table(columns=COLUMNS, rows=rows(6), title="All", short=6, things="models", least=3, in_all=40, how="--top")
    report = Report(schema="x/1", headline="H", tables=(found,), assumptions=tuple("ABCDEFGHIJKL"))
    short = lines(report, Depth.SHORT)
    assert (len(short), short[2], short[-1]) == (23, "All (36 more: --top)", "--details shows more: 2 models")
    assert lines(report, Depth.WHOLE)[2] == "All (34 more: --top)"
    cramped = lines(replace(report, assumptions=tuple("ABCDEFGHIJKLMNOPQ")), Depth.SHORT)
    assert [x for x in cramped if x.startswith("m")] == ["m0", "m1", "m2"]


def test_what_is_pressing_is_told_however_little_room_there_is() -> None:
    found = Table(columns=COLUMNS, rows=rows(40), things="models")
    notes = (note("a"), note("old", NoteKind.STALE), note("b"))
    report = Report(schema="x/1", headline="H", tables=(found,), notes=notes)
    assert lines(report, Depth.SHORT)[-2:] == ["Note: old", "--details shows more: 2 notes"]


def test_the_weightiest_notes_are_told_in_their_order() -> None:
    left_out, fee = note("l", NoteKind.LEFT_OUT), note("f")
    small, missing = note("s", detail=True), note("m", NoteKind.MISSING)
    assert weightiest([left_out, small, fee, missing], 2) == [fee, missing]


def test_notes_that_say_the_same_of_several_models_are_one() -> None:
    one, two = (note(f"{x} is old", about=x, several=" are old", detail=x == "a") for x in "ab")
    other = note("c is new", about="c", several=" are new")
    found = told([one, other, two])
    assert found[one].text == found[two].text == "a and b are old"
    assert not found[one].detail
    assert found[other] is other


def test_a_note_is_a_detail_only_where_nobody_says_otherwise() -> None:
    found = told([note("x", detail=True), note("x"), note("y", detail=True)])
    assert [x.detail for x in found.values()] == [False, True]


def test_colors_repeat_what_words_and_signs_say() -> None:
    saving, verdict = Column("usd", "Saving", Kind.USD, good=1), Column("verdict", "")
    row = Row({"usd": Decimal(-1), "verdict": "better"})
    assert of_cell(row, saving) is Tone.BAD
    assert of_cell(row, verdict) is Tone.GOOD
    assert of_cell(Row({"usd": Decimal(2)}), saving) is Tone.GOOD
    assert of_cell(Row({"usd": Decimal(0)}), saving) is None
    assert of_cell(Row({"verdict": "-6.7 worse"}), verdict) is Tone.BAD
    assert of_cell(Row({"verdict": "~"}), verdict) is None
    assert of_cell(Row({"verdict": None}), verdict) is None
    assert of_cell(Row({"verdict": "x"}, best=True), verdict) is Tone.GOOD
    assert [of_line(x) for x in ("FAIL: x", "WARN  y", "PASS", "1 model")] == [Tone.BAD, Tone.WARNING, Tone.GOOD, None]


def test_what_changes_the_answer_comes_before_other_doubts() -> None:
    redirect = note("redirect", NoteKind.SHUTDOWN, first=True)
    found = [note("effort", NoteKind.EFFORT), note("name", NoteKind.NAME), redirect]
    assert weightiest(found, 1) == [redirect]
