"""Charts as SVG: well-formed whatever the names are, every mark with its words, labels apart, colors without CSS."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.errors import UsageError
from llmcost.report.chart import Axis, Chart, ChartKind, Ink, Limit, Mark, Scale, Series, Sign, Trace
from llmcost.report.charts import charts_of
from llmcost.report.lettering import SIZE, Box, apart, beside, broken, cut, width
from llmcost.report.render.svg import CSS, WIDTH, _paragraph, _Picture, _sign, render, svg
from llmcost.report.report import Kind, Report
from llmcost.report.safe import safe

from ..conftest import ROOT
from .chart_runs import RUNS

NAMES = [name for name in RUNS if name != "usage of nothing"]
SHAPES = {"svg", "title", "desc", "g", "rect", "line", "circle", "polygon", "polyline", "text"}
COST = Series("cost")


def report(name: str, **changes: Any) -> Report:
    schema, data = RUNS[name]
    return Report(schema=f"llmcost.{schema}/1", headline="Found <this> & that", data={**data, **changes})


def tags(root: Element) -> Counter[str]:
    return Counter(x.tag.rpartition("}")[2] for x in root.iter())


def marks(root: Element) -> list[Element]:
    return [x for x in root.iter() if x.get("class") == "mark"]


def texts(root: Element) -> list[str]:
    return [x.text or "" for x in root.iter() if x.tag.endswith("text")]


def dots(*places: tuple[object, object], kind: ChartKind = ChartKind.SCATTER, **more: Any) -> Chart:
    found = tuple(Mark(x=Decimal(str(x)), y=Decimal(str(y)), say=f"{x}: {y}", series=COST) for x, y in places)
    return Chart(**{"kind": kind, "title": "T", "x": Axis(title="X"), "y": Axis(title="Y"), "marks": found, **more})


@pytest.mark.parametrize("name", NAMES)
def test_every_mark_is_an_image_that_says_its_row_and_every_shape_has_its_colors(name: str) -> None:
    charts = charts_of(report(name))
    root = fromstring(render(report(name)))

    assert [x.get("aria-label") for x in marks(root)] == [x.findtext("{*}title") for x in marks(root)]
    said = [sorted(mark.say for mark in chart.marks) for chart in charts]
    drawn = [sorted(x.get("aria-label", "") for x in marks(fromstring(svg(chart, "c")))) for chart in charts]
    assert drawn == said
    assert set(tags(root)) <= SHAPES
    assert all(x.get("fill") for x in root.iter() if x.tag.rpartition("}")[2] in SHAPES - {"svg", "title", "desc", "g"})
    ids = [x.get("id") for x in root.iter() if x.get("id")]
    assert len(ids) == len(set(ids)) == 2 * len(charts)
    assert render(report(name)) == render(report(name))


@settings(max_examples=15, deadline=None)
@given(
    st.text(min_size=1)
    | st.sampled_from(["</script><svg onload=x>", "\"><img onerror='x'>", "{{7*7}}", "]]>", "\u202eא"])
)
def test_no_text_becomes_an_element(hostile: str) -> None:
    """In every text that is not a word of the schema, in the charts of every schema."""
    kept = {
        "class",
        "verdict",
        "rule",
        "status",
        "evidence",
        "quality",
        "cost_basis",
        "lever",
        "plan",
        "day",
        "from",
        "to",
    }

    def spoiled(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: spoiled(x, name) for name, x in value.items()}
        if isinstance(value, list):
            return [spoiled(x, key) for x in value]
        return value + hostile if isinstance(value, str) and key not in kept else value

    for name in NAMES:
        harmless = report(name)
        for chart, before in zip(
            charts_of(replace(harmless, data=spoiled(harmless.data))), charts_of(harmless), strict=True
        ):
            root = fromstring(svg(chart, "c"))
            assert set(tags(root)) <= SHAPES
            assert len(marks(root)) == len(before.marks)
            assert {x.get("aria-label") for x in marks(root)} == {safe(mark.say) for mark in chart.marks}
            assert not any(
                key.startswith("on") or "href" in key or key == "style" for x in root.iter() for key in x.attrib
            )


def test_a_picture_has_the_headline_the_titles_and_what_is_not_drawn() -> None:
    said = texts(fromstring(render(report("frontier"))))

    assert said[0] == "Found <this> & that"
    assert {"Cost against score on Exam", "frontier", "not clearly worse", "dominated", "nano"} <= set(said)
    assert said[-1] == "Not drawn: 1 without a cost, 1 without a score, 1 at $0.00"


def test_of_a_long_headline_the_first_parts_are_shown() -> None:
    parts = [f"vendor/a model with a long name costs ${n}.00 over 12 months from 2026-11-27" for n in range(20)]
    said = " ".join(texts(fromstring(render(replace(report("frontier"), headline="; ".join(parts))))))

    assert said.startswith(parts[0])
    assert "; and 16 more Cost against score" in said


@pytest.mark.parametrize("name", ["frontier", "bench against a base", "estimate", "forecast", "usage", "check"])
def test_a_picture_is_drawn_as_before(name: str, request: pytest.FixtureRequest) -> None:
    """Of each kind of chart one, to be looked at where it changes; `--update-golden` writes what is drawn now."""
    compare(f"{name.replace(' ', '-')}.svg", render(report(name)), request)


def compare(name: str, drawn: str, request: pytest.FixtureRequest) -> None:
    path = ROOT / "tests" / "golden" / name
    if request.config.getoption("--update-golden"):
        path.write_text(drawn, encoding="utf-8", newline="")
    assert path.read_text(encoding="utf-8") == drawn


SIGNS = [Series(f"{sign} of {ink}", sign=sign, ink=ink) for sign, ink in zip(Sign, [*Ink, Ink.MAIN], strict=True)]


def signed(*places: tuple[object, object], half: object = 0, labels: str = "", **more: Any) -> tuple[Mark, ...]:
    """Marks of all signs in turn, with half the width of their intervals and the letters that label them."""
    up = more.pop("up", True)
    found = []
    for number, mark in enumerate(dots(*places).marks):
        middle, wide = mark.y if up else mark.x, Decimal(str(half))
        found.append(
            replace(
                mark,
                series=SIGNS[number % len(SIGNS)],
                low=middle - wide if half else None,
                high=middle + 2 * wide if half else None,
                label=labels[number : number + 1] * 9,
                **{key: value[number % len(value)] for key, value in more.items()},
            )
        )
    return tuple(found)


def line(*places: tuple[int, int], number: int = 0, **more: Any) -> Trace:
    return Trace(points=tuple((Decimal(x), Decimal(y)) for x, y in places), series=SIGNS[number], **more)


def limit(at: object, label: str, **more: Any) -> Limit:
    return Limit(at=Decimal(str(at)), label=label, **more)


LONG = "a name of many words " * 6
CORNERS = [
    dots(
        marks=signed(*((3 * 2**n, n - 3) for n in range(8)), (9, 1), (9, 1), (10, 1), half="0.3", labels="abcdefghij"),
        x=Axis(title=LONG, kind=Kind.USD, scale=Scale.LOG),
        y=Axis(title=LONG, kind=Kind.PERCENT, reversed=True),
        traces=(line((3, -3), (30, 2), (300, 0), number=1, dashed=True),),
        limits=(
            limit(350, "no room for this label", before="left"),
            limit(320, "over it"),
            limit(4, "at", before="left"),
        ),
    ),
    dots(
        marks=signed((-20, 5), (0, 30), (10, 12), labels="a c"),
        kind=ChartKind.LINES,
        y=Axis(title="USD", kind=Kind.USD),
        traces=(line((-20, 5), (10, 12), label=LONG), line((0, 30), (10, 12), number=2, label="near", dashed=True)),
        limits=(limit(0, "zero"),),
    ),
    dots(marks=signed((1, 5), (3, 7)), kind=ChartKind.LINES, x=Axis(), y=Axis(title="points")),
    dots(marks=signed((1, -5), (3, 7), (7, 4), (8, 0), half=1, labels="ab"), kind=ChartKind.COLUMNS),
    dots(
        marks=signed((-3, 0), (8, 0), (5, 1), (0, 2), (2, 3), half="0.5", labels="abcd", up=False, slot=[0, 1]),
        kind=ChartKind.BARS,
        slots=2,
        y=Axis(scale=Scale.ROWS, rows=("one", LONG, "three", "four")),
        limits=(limit(6, "", row=1), limit(0, "zero")),
    ),
    *(
        dots(
            marks=signed(*((n - 2, n) for n in range(rows)), half=2, labels="abcd", up=False),
            kind=ChartKind.DOTS,
            y=Axis(scale=Scale.ROWS, rows=("one", "two", "three", "four")[:rows]),
            limits=(limit(at, "margin", before="before"),),
        )
        for rows, at in ((3, -1), (4, 0))
    ),
]


def test_the_corners_of_each_kind_of_chart_are_drawn_as_before(request: pytest.FixtureRequest) -> None:
    """Signs, legends, intervals, rows and limits that the charts above do not have: a shape a line, its color and places."""
    said = {"fill", "stroke", "aria-label", "aria-labelledby", "role", "id", "font-family"}
    lines = []
    for chart in CORNERS:
        for shape in fromstring(svg(chart, "c")).iter():
            places = [value for key, value in shape.attrib.items() if key not in said]
            if tag := shape.tag.rpartition("}")[2] * (shape.tag[-5:] not in ("title", "}desc")):
                lines.append(" ".join((tag, *places, shape.text or "")).rstrip())
    compare("chart-corners.shapes", "\n".join(lines) + "\n", request)


def test_what_has_no_chart_is_an_error() -> None:
    with pytest.raises(UsageError, match="no chart"):
        render(report("usage of nothing"))


@pytest.mark.parametrize("kind", [ChartKind.SCATTER, ChartKind.LINES, ChartKind.COLUMNS])
@pytest.mark.parametrize(
    "places",
    [
        [(1, 1)],
        [(5, 5), (5, 5)],
        [("1e-9", 1), ("1e9", 2)],
        [("1e-390", "1e-390"), ("2e-390", 0)],
        [("1e50", "-1e50"), ("1e50", "1e50")],
        [(-5, -3), (5, 3)],
    ],
)
@pytest.mark.parametrize("scale", [Scale.LINEAR, Scale.LOG])
def test_any_values_have_a_place_within_the_picture_and_at_most_eight_ticks(
    kind: ChartKind, places: list[tuple[object, object]], scale: Scale
) -> None:
    root = fromstring(svg(dots(*places, kind=kind, x=Axis(title="X", scale=scale)), "c"))

    numbers = [
        float(x) for mark in marks(root) for shape in mark.iter() for key in ("cx", "x", "x1") if (x := shape.get(key))
    ]
    assert all(0 <= x <= WIDTH for x in numbers)
    assert len(texts(root)) <= 2 + 2 * 8


def test_a_column_has_most_of_the_room_of_its_day_and_at_most_40() -> None:
    def wide(number: int) -> tuple[float, float]:
        picture = _Picture(dots(*((n, 1) for n in range(number)), kind=ChartKind.COLUMNS))
        return picture.column(), picture.x(Decimal(1)) - picture.x(Decimal(0))

    assert [wide(number)[0] for number in (1, 2, 2_000)] == [32, 40, 1]
    assert wide(100)[0] == pytest.approx(0.8 * wide(100)[1])


def test_the_label_of_a_bar_stands_right_of_it_and_of_zero() -> None:
    rows = Axis(scale=Scale.ROWS, rows=("a", "b", "c"))
    bars = dots((-5, 0), (0, 1), (5, 2), kind=ChartKind.BARS, y=rows).marks
    root = fromstring(svg(dots(kind=ChartKind.BARS, y=rows, marks=tuple(replace(x, label="$") for x in bars)), "c"))
    labels = [float(x.get("x", 0)) for x in root.iter() if x.text == "$" and x.get("x")]
    last = marks(root)[-1].find("{*}rect")

    assert last is not None
    start, wide = (float(last.get(x, 0)) for x in ("x", "width"))
    assert labels == pytest.approx([start + 8, start + 8, start + wide + 8], abs=0.11)


def test_labels_of_lines_that_end_together_are_apart() -> None:
    ends = [
        Trace(points=((Decimal(0), Decimal(n)), (Decimal(1), Decimal(5))), series=COST, label=f"t{n}") for n in (1, 9)
    ]
    root = fromstring(svg(dots((0, 0), (1, 9), kind=ChartKind.LINES, traces=tuple(ends)), "c"))
    one, other = (float(x.get("y", 0)) for x in root.iter() if x.text in ("t1", "t9"))

    assert abs(one - other) == pytest.approx(16, abs=0.11)


def test_a_keyboard_stops_at_no_mark_of_very_many() -> None:
    few, many = (fromstring(svg(dots(*((n, n) for n in range(number))), "c")) for number in (400, 401))

    assert all(x.get("tabindex") == "0" for x in marks(few))
    assert not any(x.get("tabindex") for x in marks(many))


def test_a_long_name_is_cut_and_has_its_whole_in_a_title() -> None:
    name = "vendor/" + "x" * 300
    chart = dots((3, 0), kind=ChartKind.BARS, y=Axis(scale=Scale.ROWS, rows=(name,)))
    traced = dots(
        (0, 0),
        kind=ChartKind.LINES,
        traces=(Trace(points=((Decimal(0), Decimal(0)), (Decimal(1), Decimal(1))), series=COST, label=name),),
    )

    for found in (chart, traced):
        text = next(x for x in fromstring(svg(found, "c")).iter() if "…" in (x.text or ""))
        assert text.findtext("{*}title") == name
        assert width(str(text.text)) < WIDTH / 2


def test_a_legend_goes_on_in_the_next_line() -> None:
    names = [f"a series of some length {n}" for n in range(9)]
    many = [Mark(x=Decimal(n), y=Decimal(n), say=name, series=Series(name)) for n, name in enumerate(names)]
    found = [
        x for x in fromstring(svg(dots(marks=tuple(many)), "c")).iter() if x.text in names and x.tag.endswith("text")
    ]

    assert [x.text for x in found] == names
    assert max(float(x.get("x", 0)) + width(str(x.text)) for x in found) <= WIDTH
    assert list(dict.fromkeys(x.get("y") for x in found)) == ["18", "36.8", "55.7"]


def test_ticks_do_not_touch_in_a_narrow_field() -> None:
    long = "a name of some length that needs room"
    rows = Axis(scale=Scale.ROWS, rows=(long, "b"))
    ends = [replace(x, label=long) for x in dots((0, 0), (99_999_999, 1)).marks]
    narrow = dots(marks=tuple(ends), kind=ChartKind.DOTS, y=rows, x=Axis(kind=Kind.USD))
    root = fromstring(svg(narrow, "c"))

    ticks = [x for x in root.iter() if x.get("text-anchor") == "middle" and str(x.text).startswith("$")]
    sides = [(float(x.get("x", 0)), width(str(x.text)) / 2) for x in ticks]
    assert len(ticks) > 1
    assert all(b - d - (a + c) >= 8 for (a, c), (b, d) in pairwise(sides))


def test_labels_of_limits_do_not_hide_each_other() -> None:
    limits = tuple(Limit(at=Decimal(x), label="a limit of some length", before="before") for x in (10, 11, 50, 99, 100))
    root = fromstring(svg(dots((0, 0), (100, 0), limits=limits), "c"))

    boxes = []
    for text in (x for x in root.iter() if x.text in ("a limit of some length", "before")):
        x, y, wide = float(text.get("x", 0)), float(text.get("y", 0)), width(str(text.text))
        left = x - wide if text.get("text-anchor") == "end" else x
        boxes.append(Box(left, y - 10, left + wide, y + 2))
    assert not any(a.over(b) for number, a in enumerate(boxes) for b in boxes[:number])
    assert all(box.left >= 0 and box.right <= WIDTH for box in boxes)
    long = (Limit(at=Decimal(10), label="x" * 200),)
    (shown,) = (x for x in texts(fromstring(svg(dots((0, 0), (100, 0), limits=long), "c"))) if "…" in x)
    assert WIDTH / 2 - SIZE < width(shown) <= WIDTH / 2


def test_labels_stand_free_of_each_other_or_not_at_all() -> None:
    field = Box(0, 0, 300, 100)
    found = beside([("a label", 150, 50)] * 30, [Box(150, 40, 200, 60)], field)
    wide, half = width("a label"), SIZE * 0.65
    around = [box for box in beside([("a label", 150, 50)] * 7, [], Box(0, -100, 300, 200)) if box]
    sides = ((x, y) for y in (34, 66, 2) for x in (160, 140 - wide))
    assert around == [Box(x, y - half, x + wide, y + half) for x, y in sides]
    (right,) = beside([("a label", 150, 50)], [], field)
    assert right == Box(160, 34 - half, 160 + wide, 34 + half)
    assert beside([("a label", 150, 50)], [], right) == [right]
    assert beside([("a label", 150, 50)], [], Box(140 - wide, 0, 159 + wide, 100))[0] == Box(
        140 - wide, 34 - half, 140, 34 + half
    )

    assert beside([("a label", 150, 50)], [], Box(150 - wide / 2, 50 - half, 150 + wide / 2, 50 + half)) == [None]

    placed = [box for box in found if box]
    assert 2 <= len(placed) < 30
    assert all(box.within(field) for box in placed)
    assert Box(0, 0, 4, 4).over(Box(1, 2, 9, 9)) == Box(1, 2, 9, 9).over(Box(0, 0, 4, 4)) == 3 * 2
    assert [Box(0, 0, 4, 4).over(Box(*x, 9, 9)) for x in ((4, 0), (0, 4), (5, 0), (0, 5), (5, 5))] == [0] * 5
    assert not any(a.over(b) for number, a in enumerate(placed) for b in placed[:number])


def test_labels_should_cover_no_mark_no_interval_and_no_line() -> None:
    mark = replace(dots((5, 5)).marks[0], low=Decimal(2), high=Decimal(9))
    places = tuple((Decimal(x), Decimal(y)) for x, y in ((0, 1), (10, 3)))
    picture = _Picture(dots(marks=(mark,), traces=(Trace(points=places, series=COST),)))
    x, y = picture.x(Decimal(5)), picture.y(Decimal(5))
    (left, low), (right, high) = ((picture.x(a), picture.y(b)) for a, b in places)

    assert picture._taken() == [
        Box(x - 9, y - 9, x + 9, y + 9),
        Box(x - 2, picture.y(Decimal(9)), x + 2, picture.y(Decimal(2))),
        Box(left - 1, high - 1, right + 1, low + 1),
    ]


def test_a_label_that_is_far_from_its_mark_has_a_line_to_it() -> None:
    many = [replace(mark, label="a long label") for mark in dots(*[(5, 5)] * 20, (0, 0), (10, 10)).marks]
    root = fromstring(svg(dots((0, 0), marks=tuple(many)), "c"))

    assert [x for x in root.iter() if x.get("stroke-width") == "0.75"]


def test_texts_are_broken_and_cut_to_their_room() -> None:
    assert broken("one two three", 60) == ["one two", "three"]
    assert broken("one two three", width("one two")) == ["one two", "three"]
    assert broken("x" * 50, 60) == [cut("x" * 50, 60)]
    assert cut("abcdefgh", 1) == "a…h"
    assert cut("abcdWfgh", width("abcd…fgh")) == "abcd…fgh"
    assert cut("abcdWfgh", width("abcd…fgh") - 0.1) == "abc…fgh"
    assert max(width(cut("漢字" * 100, room)) for room in (60, 100)) <= 100
    assert apart([5, 5, 90], 10, 0, 50) == [5, 15, 50]
    assert apart([48, 49, 50], 10, 0, 50) == [30, 40, 50]
    assert apart([], 10, 0, 50) == []


def test_letters_that_are_bold_are_a_little_wider() -> None:
    said = "one two three " * 60
    for weight, wider in (("400", 1.0), ("600", 1.06)):
        parent = Element("g")
        down = _paragraph(parent, said, 20, 12, weight=weight)

        assert texts(parent) == broken(said, WIDTH - 2 * float(parent[0].get("x", 0)), 12 * wider)
        assert round(down - 20 - len(parent) * 12 * 1.45, 9) == 0


def test_a_triangle_points_up_or_down() -> None:
    found = {}
    for sign in (Sign.UP, Sign.DOWN):
        parent = Element("g")
        _sign(parent, Series("x", sign=sign), 10, 20)
        found[sign] = parent[0].get("points")

    assert found == {Sign.UP: "10,15 15,24 5,24", Sign.DOWN: "10,25 15,16 5,16"}


def test_a_page_has_the_colors_of_every_shape_in_the_dark() -> None:
    names = {x for chart in NAMES for x in re.findall(r'class="([^"]*)"', render(report(chart)))}

    assert {f".{x}{{" for name in names for x in name.split() if x != "mark"} <= set(re.findall(r"\.[fs]-\w+\{", CSS))
