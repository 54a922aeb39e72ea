"""Charts in plain characters: every width, one point, round labels, nothing outside the field."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from llmcost.report.chart import Axis, Chart, ChartKind, Ink, Mark, Scale, Series, Sign, Trace
from llmcost.report.render import markdown, render
from llmcost.report.render.chart import draw, legend
from llmcost.report.report import Format, Kind, Report, Rows
from llmcost.report.screen import Screen

from .chart_runs import RUNS, placed

BEST, OTHER, WORSE = Series("frontier"), Series("so so", Sign.RING, Ink.SECOND), Series("worse", Sign.CROSS, Ink.QUIET)


def mark(x: str, y: str, label: str = "", series: Series = BEST) -> Mark:
    return Mark(x=Decimal(x), y=Decimal(y), say=label, label=label, series=series)


def chart(*marks: Mark, downwards: bool = False) -> Chart:
    points = [(x.x, x.y) for x in marks if x.label]
    steps = [y for (x, up), (to, high) in pairwise(points) for y in ((x, up), (to, up), (to, high))]
    return Chart(
        kind=ChartKind.SCATTER,
        title="T",
        x=Axis(title="USD", kind=Kind.USD, scale=Scale.LOG),
        y=Axis(title="Exam", reversed=downwards),
        marks=marks,
        traces=(Trace(points=tuple(steps), series=BEST),),
        caption=("how to read it",),
        left_out=((1, "at $0.00"),),
    )


MARKS = (
    mark("1", "10", "small"),
    mark("100", "50", "mid"),
    mark("10000", "90", "large"),
    mark("10", "10", series=WORSE),
    mark("1.1", "20", series=OTHER),
)
REPORT = Report(
    schema="llmcost.bench-frontier/1",
    headline="one",
    csv=Rows([{"model": "a/one"}]),
    plot=RUNS["frontier"][1],
)


def test_a_chart_at_forty_columns() -> None:
    assert draw(chart(*MARKS), 40) == [
        "Exam",
        "   │                                   C",
        "   │                                   ┆",
        "80 ┤                                   ┆",
        "   │                                   ┆",
        "   │                                   ┆",
        "   │                                   ┆",
        "60 ┤                                   ┆",
        "   │                  B╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┆",
        "   │                  ┆",
        "40 ┤                  ┆",
        "   │                  ┆",
        "   │                  ┆",
        "   │                  ┆",
        "20 ┤○                 ┆",
        "   │                  ┆",
        "   │A╌╌╌╌╌╌╌╌·╌╌╌╌╌╌╌╌┆",
        "   └┴────────┴────────┴───────┴─────────",
        "    $1      $10     $100   $1,000",
        "                                     USD",
    ]


@pytest.mark.parametrize("width", [40, 57, 80, 100, 200, None])
def test_the_longest_line_is_as_wide_as_asked_and_every_mark_is_drawn(width: int | None) -> None:
    lines = draw(chart(*MARKS), width)

    assert max(map(len, lines)) == min(width or 78, 100)
    assert len(lines) == 16 + 4
    assert all(sum(line.count(sign) for line in lines) == 1 for sign in "ABC○·")


def test_a_chart_has_the_lines_that_there_is_room_for() -> None:
    found = {room: len(draw(chart(*MARKS), 60, room)) for room in (1, 11, 12, 19, 20, 21)}

    assert found == {1: 11, 11: 11, 12: 12, 19: 19, 20: 20, 21: 20}


def test_the_legend_names_letters_and_signs_and_counts_what_is_not_drawn() -> None:
    assert legend(chart(*MARKS)) == "A small, B mid, C large; · worse, ○ so so; Not drawn: 1 at $0.00"


def test_lines_that_are_no_steps_are_drawn_by_their_points() -> None:
    lines = Chart(
        kind=ChartKind.LINES,
        title="T",
        x=Axis(title="USD"),
        y=Axis(title="Right"),
        marks=(mark("0", "0", "chosen", WORSE), mark("10", "9", series=WORSE)),
        traces=(Trace(points=((Decimal(0), Decimal(0)), (Decimal(5), Decimal(4))), series=OTHER),),
    )

    drawn = "".join(draw(lines, 60))
    assert [drawn.count(x) for x in "·○╌"] == [2, 1, 0]
    assert legend(lines) == "· worse, ○ so so"


def test_where_less_is_better_the_least_is_at_the_top() -> None:
    lines = draw(chart(mark("1", "9", "a"), mark("9", "1", "b"), downwards=True), 60)

    assert "B" in lines[1]
    assert "A" in lines[16]


def test_one_point_stands_in_the_middle_with_a_cost_and_a_score_beside_it() -> None:
    lines = draw(chart(mark("150", "40.2", "a")), 60)

    assert sum("A" in line for line in lines) == 1
    assert any("$100" in line and "$200" in line for line in lines)
    assert any(line.startswith("40") for line in lines)


def test_labels_of_small_costs_are_exact_and_do_not_touch() -> None:
    lines = draw(chart(mark("0.0004", "1"), mark("0.9", "1.001")), 40)

    assert lines[-2].split() == ["$0.001", "$0.01", "$0.10"]


def test_a_terminal_without_unicode_gets_ascii() -> None:
    text = render(REPORT, Format.TABLE, Screen(width=60, unicode=False))

    assert text.isascii()
    assert "o not clearly worse" in text


def test_a_terminal_that_is_too_narrow_says_so() -> None:
    text = render(REPORT, Format.TABLE, Screen(width=39))

    assert "(too narrow for the chart: it needs 40 columns)" in text.replace("\n", " ")
    assert "Exam" not in text
    assert "Exam" in render(REPORT, Format.TABLE, Screen(width=40))


def test_markdown_has_the_chart_as_a_block_and_machines_have_none() -> None:
    text = render(REPORT, Format.MD)

    assert "```text\nExam\n" in text
    assert "```\n\nA nano, B a/mini, C b/mini; ○ not clearly worse, · dominated; Not drawn: 1 without a cost" in text
    assert "Exam" not in render(REPORT, Format.JSON)
    assert "Exam" not in render(REPORT, Format.CSV)


def test_a_chart_is_whole_or_left_out() -> None:
    long = replace(REPORT, assumptions=("x" * 500,) * 20)

    assert [markdown.render(long, limit).count("```") for limit in (800, 6_000)] == [0, 2]


@pytest.mark.parametrize("format_", [Format.TABLE, Format.MD])
def test_where_nothing_can_be_drawn_there_is_no_chart(format_: Format) -> None:
    nothing = {**RUNS["frontier"][1], "models": [placed("a/free", 0, 1, "frontier")]}

    assert "Exam" not in render(replace(REPORT, plot=nothing), format_)


def test_a_name_does_not_end_the_block_that_the_chart_stands_in() -> None:
    names = {"exam": "```\n# x"}
    text = render(replace(REPORT, plot={**RUNS["frontier"][1], "benchmark_names": names}), Format.MD)
    assert [line for line in text.splitlines() if line.lstrip().startswith("```")] == ["```text", "```"]
