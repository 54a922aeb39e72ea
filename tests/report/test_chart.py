"""Charts in plain characters: every width, one point, round labels, nothing outside the field."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from llmcost.report.render import render
from llmcost.report.render.chart import HEIGHT, LEAST_WIDTH, draw
from llmcost.report.report import Format, Plot, Report, Rows, Spot
from llmcost.report.screen import Screen


def spot(x: str, y: str, mark: str, *, joined: bool = False) -> Spot:
    return Spot(x=Decimal(x), y=Decimal(y), mark=mark, joined=joined)


def chart(*spots: Spot, downwards: bool = False) -> Plot:
    return Plot(x_label="USD", y_label="Exam", legend="A: ○ one", spots=spots, downwards=downwards)


SPOTS = (
    spot("1", "10", "A", joined=True),
    spot("100", "50", "B", joined=True),
    spot("10000", "90", "C", joined=True),
    spot("10", "10", "·"),
    spot("0", "20", "○"),
)
REPORT = Report(
    schema="llmcost.sample/1",
    headline="one",
    csv=Rows([{"model": "a/one"}]),
    chart=chart(*SPOTS),
)


def test_a_chart_at_forty_columns() -> None:
    assert draw(chart(*SPOTS), 40) == [
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


@pytest.mark.parametrize("width", [LEAST_WIDTH, 57, 80, 100, 200, None])
def test_no_line_is_wider_than_asked_and_every_spot_is_drawn(width: int | None) -> None:
    lines = draw(chart(*SPOTS), width)

    assert max(map(len, lines)) <= min(width or 78, 100)
    assert len(lines) == HEIGHT + 4
    assert all(sum(line.count(mark) for line in lines) == 1 for mark in "ABC○·")


def test_where_less_is_better_the_least_is_at_the_top() -> None:
    lines = draw(chart(spot("1", "9", "A", joined=True), spot("9", "1", "B", joined=True), downwards=True), 60)

    assert "B" in lines[1]
    assert "A" in lines[HEIGHT]


def test_one_point_stands_in_the_middle_with_a_cost_and_a_score_beside_it() -> None:
    lines = draw(chart(spot("150", "40.2", "A", joined=True)), 60)

    assert sum("A" in line for line in lines) == 1
    assert any("$100" in line and "$200" in line for line in lines)
    assert any(line.startswith("40") for line in lines)


def test_costs_of_nothing_alone_are_drawn_at_the_left_edge() -> None:
    lines = draw(chart(spot("0", "40", "A", joined=True)), 60)

    assert any(line.rstrip().endswith(("┤A", "│A")) for line in lines)


def test_labels_of_small_costs_are_exact_and_do_not_touch() -> None:
    lines = draw(chart(spot("0.0004", "1", "A"), spot("0.9", "1.001", "B")), 40)

    assert lines[-2].split() == ["$0.001", "$0.01", "$0.10"]


def test_a_terminal_without_unicode_gets_ascii() -> None:
    text = render(REPORT, Format.TABLE, Screen(width=60, unicode=False))

    assert text.isascii()
    assert "A: o one" in text


def test_a_terminal_that_is_too_narrow_says_so() -> None:
    text = render(REPORT, Format.TABLE, Screen(width=LEAST_WIDTH - 1))

    assert "too narrow for the chart" in text
    assert "Exam" not in text


def test_markdown_has_the_chart_as_a_block_and_machines_have_none() -> None:
    block = "\n".join(draw(chart(*SPOTS), None))

    assert f"```text\n{block}\n```\n\nA: ○ one" in render(REPORT, Format.MD)
    assert "Exam" not in render(REPORT, Format.JSON)
    assert "Exam" not in render(REPORT, Format.CSV)


def test_a_name_does_not_end_the_block_that_the_chart_stands_in() -> None:
    text = render(replace(REPORT, chart=replace(chart(*SPOTS), y_label="```", x_label="```\n# x")), Format.MD)
    assert [line for line in text.splitlines() if line.lstrip().startswith("```")] == ["```text", "```"]
