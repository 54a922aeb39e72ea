"""A page: well-formed, alone, inert whatever the names are; its figures are those of the report."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from llmcost.document import RUN_IN_PAGE
from llmcost.notes import Note, NoteKind
from llmcost.report.charts import charts_of
from llmcost.report.render.html import page, render
from llmcost.report.render.json import render as as_json
from llmcost.report.report import Column, Kind, Report, Row, Table

from .chart_runs import RUNS
from .sample import REPORT, report_of

VOID = {"meta"}


class Walk(HTMLParser):
    """The elements of a page in their order; fails where they are not balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.found.append((tag, {key: value or "" for key, value in attrs}))
        self.open += [tag] if tag not in VOID else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "svg" in self.open
        self.found.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += [data] if self.open and self.open[-1] not in ("script", "style") else []

    def all(self, tag: str) -> list[dict[str, str]]:
        return [x for name, x in self.found if name == tag]

    def shape(self) -> Counter[str]:
        """How many elements there are, but for the lines of a drawing and what keeps a name on its line."""
        return Counter(tag for tag, x in self.found if tag not in ("text", "line", "title") and x.get("class") != "k")


def chart_run(name: str) -> Report:
    schema, data = RUNS[name]
    return Report(schema=f"llmcost.{schema}/1", headline="Found", data=data)


PAGES = {"sample": REPORT, **{name: chart_run(name) for name in RUNS}}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_nothing_else_and_says_the_same_twice(name: str) -> None:
    text = render(PAGES[name])
    walk = Walk(text)

    ids = [x["id"] for _, x in walk.found if "id" in x]
    assert len(set(ids)) == len(ids)
    for _, found in walk.found:
        assert not {"style", "src", "href", "xlink:href"} & {x for x in found if not found[x].startswith("#")}
        assert not [x for x in found if x.startswith("on")]
        assert {x[1:] for x in [found.get("href", "")] if x} <= set(ids)
        assert set(found.get("aria-labelledby", "").split()) <= set(ids)
    assert "url(" not in text
    assert "@import" not in text
    assert render(PAGES[name]) == text


def test_the_policy_allows_the_style_and_the_script_of_the_page_alone() -> None:
    text = render(REPORT)
    style, script = (
        f"'sha256-{b64encode(sha256(re.findall(rf'<{tag}>(.*?)</{tag}>', text, re.DOTALL)[0].encode()).digest()).decode()}'"
        for tag in ("style", "script")
    )

    (policy,) = [x["content"] for x in Walk(text).all("meta") if x.get("http-equiv") == "Content-Security-Policy"]
    assert policy == (
        f"default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize("name", [name for name in RUNS if name != "usage of nothing"])
def test_every_mark_of_a_chart_is_on_the_page(name: str) -> None:
    report = chart_run(name)
    walk = Walk(render(report))

    said = [mark.say for chart in charts_of(report) for mark in chart.marks]
    assert sorted(x["aria-label"] for tag, x in walk.found if x.get("class") == "mark" and tag == "g") == sorted(said)
    assert walk.all("h2") != []


def test_the_answer_comes_first_then_the_tables_and_what_they_rest_on() -> None:
    text = " ".join("".join(Walk(render(replace(REPORT, details=("how",), judged=("FAIL: dear",)))).text).split())

    order = ["a/one costs $9,750.00 a month", "FAIL: dear", "b/two is cheaper.", "Figures", "More", "What this assumes"]
    places = [text.index(x) for x in [*order, "How to read it", "Notes"]]
    assert places == sorted(places)
    assert "not shown" not in text


def test_a_table_has_its_names_figures_totals_and_the_notes_of_its_cells() -> None:
    text = render(REPORT)
    body = text.partition("<tbody>")[2].partition("</table>")[0]

    assert body.startswith(
        '<tr><th scope="row" data-v="a/one">a/one<sup><a href="#r1n1" aria-label="note 1">1</a></sup></th>'
        '<td class="n" data-v="2.5">$2.50</td><td class="n" data-v="10">$10.00</td><td class="n" data-v="">-</td>'
        '<td class="n" data-v="9750">$9,750.00<sup><a href="#r1n2" aria-label="note 2">2</a></sup></td>'
    )
    total = body.partition("<tfoot>")[2]
    assert total.startswith("<tr><td>total</td>")
    assert '<td class="n" data-v="10335">$10,335.00</td>' in total
    assert '<ol><li id="r1n1">a/one shuts down on <span class="k">2027-01-14</span>; b/two replaces it</li>' in text
    assert "<ul><li>some are left out</li></ul>" in text


@pytest.mark.parametrize(
    ("cells", "led"),
    [
        (("  87.6 ±3.9 high", "~1,234", "<0.001", "+$9.00", "-5%", "88.7..100.0"), ("87.6", "1234", "0.001", "9.00", "-5", "88.7")),
        (("2026-11-27", "2026-11-28"), ()),
        (("gpt-4o", "5"), ()),
        ((None, ""), ("", "")),
    ],
)  # fmt: skip
def test_texts_that_begin_with_numbers_are_sorted_by_them(cells: tuple[str, ...], led: tuple[str, ...]) -> None:
    walk = Walk(render(report_of((Column("a", "A"), Column("b", "B")), *(Row({"a": "x", "b": x}) for x in cells))))

    assert [x["data-v"] for x in walk.all("td") if "data-v" in x] == list(led)
    assert [x.get("class") for x in walk.all("th")[:2]] == [None, "by-number" if any(led) else None]


@pytest.mark.parametrize(
    ("report", "badges", "headline"),
    [
        (Report(schema="llmcost.check/1", headline="FAIL: 1 failed", data={"verdict": "FAIL"}), ["badge bad"], "1 failed"),
        (Report(schema="s/1", headline="not enough data: x", data={"verdict": "not_enough_data"}), ["badge warning"], "x"),
        (Report(schema="s/1", headline="h", data={"gate": {"verdict": "PASS"}}), ["badge good"], "h"),
        (Report(schema="s/1", headline="h", data={"validation": {"verdict": "safe"}}), ["badge good"], "h"),
        (Report(schema="s/1", headline="h", data={"verdict": None, "gate": 5}), [], "h"),
    ],
)  # fmt: skip
def test_a_verdict_is_a_word_before_the_headline(report: Report, badges: list[str], headline: str) -> None:
    text = render(replace(report, schema="s/1"))

    assert [x["class"] for x in Walk(text).all("span")] == badges
    assert re.search(r"<h1>(?:<span[^>]*>[^<]*</span> )?([^<]*)</h1>", text)[1] == headline  # type: ignore[index]


def test_names_and_days_that_are_short_stay_on_their_line() -> None:
    cells = ("openai/gpt-4o-mini", "2027-01-14", f"a-{'b' * 60}")
    text = render(report_of((Column("a", "A"),), *(Row({"a": x}) for x in cells)))

    assert [f'<span class="k">{x}</span>' in text for x in cells] == [True, True, False]


@pytest.mark.parametrize(("where", "longest"), [("cell", 40), ("note", 30), ("headline", 26)])
def test_a_name_is_short_for_its_place(where: str, longest: int) -> None:
    for number in (longest, longest + 1):
        name = f"a-{'b' * (number - 2)}"
        said = {x: name if x == where else "x" for x in ("cell", "note", "headline")}
        table = report_of((Column("a", "A"),), Row({"a": said["cell"]}))
        text = render(replace(table, headline=said["headline"], notes=(Note(NoteKind.STATUS, said["note"]),)))
        assert (f'<span class="k">{name}</span>' in text) is (number == longest)


def test_an_address_of_the_web_is_a_link_and_nothing_else_is() -> None:
    cells = (
        "https://example.org/a?b=c&d",
        "http://example.org",
        "javascript:alert(1)",
        "https://user@example.org",
        "https://a",
        "see https://example.org",
        'https://example.org/"onclick=x',
    )
    links = Walk(render(report_of((Column("a", "A"),), *(Row({"a": x}) for x in cells)))).all("a")

    assert links == [{"href": cells[0], "rel": "noreferrer noopener"}]


def test_good_and_bad_figures_have_their_tone_but_a_name_has_none() -> None:
    columns = (Column("a", "A"), Column("b", "", Kind.USD_CHANGE, good=-1), Column("c", "C"))
    rows = [Row({"a": "is it safe", "b": 5, "c": "worse"}), Row({"a": "b", "b": None, "c": "x"}, best=True)]
    walk = Walk(render(report_of(columns, *rows)))

    assert [x.get("class") for x in walk.all("th")[3:] + walk.all("td")] == [
        None,
        "good",
        "n bad",
        "bad",
        "n good",
        "good",
    ]
    assert ">B</th>" in render(report_of(columns, *rows))


def test_of_many_rows_the_first_are_shown_and_all_are_in_the_data() -> None:
    text = render(report_of((Column("a", "A"),), *(Row({"a": f"m{n}"}) for n in range(5002))))

    assert len(Walk(text).all("tr")) == 5001
    assert "The first 5,000 rows; 2 more are in the data." in text
    assert '"m5001"' in text


def test_tables_that_are_details_come_last() -> None:
    tables = [Table(columns=(Column(str(x), f"short {x}"),), rows=(Row({str(x): "v"}),), short=x) for x in (0, 1, None)]
    walk = Walk(render(replace(REPORT, tables=tuple(tables))))

    assert [x for x in walk.text if x.startswith("short ")] == ["short 1", "short None", "short 0"]


def test_a_report_without_rows_says_so() -> None:
    assert "<p>No rows.</p>" in render(report_of((Column("a", "A"),)))
    assert "<p>No rows.</p>" not in render(Report(schema="s/1", headline="h"))


def test_several_reports_are_one_page_with_a_list_of_contents() -> None:
    text = page([REPORT, chart_run("frontier"), REPORT])
    assert 'aria-label="Chart 1 of 2: Cost against score' in text
    assert 'aria-label="Chart 1: Cost against score' in render(chart_run("frontier"))
    walk = Walk(text)

    assert [x["href"] for x in walk.all("a")[:3]] == ["#r1", "#r2", "#r3"]
    assert len({x["id"] for _, x in walk.found if "id" in x}) == sum("id" in x for _, x in walk.found)
    assert "<title>3 reports</title>" in text
    assert [len(walk.all(x)) for x in ("h1", "h2")] == [1, 3]
    assert held(text) == [json.loads(as_json(x)) for x in (REPORT, chart_run("frontier"), REPORT)]


def test_a_title_stands_above_the_headline() -> None:
    text = page([REPORT], "Costs <in> May " + "x" * 80)

    assert "<h1>Costs &lt;in&gt; May xxx" in text
    assert re.search(r"<title>Costs &lt;in&gt; May x+…</title>", text)
    assert text.count("<h2>a/one costs") == 1
    assert page([REPORT], REPORT.headline) == render(REPORT)
    assert [f"<title>{x}</title>" in page([REPORT], x) for x in ("x" * 70, "x" * 71)] == [True, False]
    assert f"<title>{'x' * 69}…</title>" in page([REPORT], "x" * 71)


def held(text: str) -> Any:
    """The run that a page holds."""
    return json.loads(text.partition(RUN_IN_PAGE)[2].partition("</script>")[0])


def test_a_page_holds_its_run_without_a_tag() -> None:
    report = replace(REPORT, headline="</script><script>alert(1)</script><!--")
    text = render(report)

    assert held(text) == json.loads(as_json(report))
    assert len(Walk(text).all("script")) == 2


def everywhere(text: str) -> Report:
    """A text in every place of a report that has one, a chart among them."""
    frontier = chart_run("frontier")
    column, note = Column("a", text, means=text), Note(NoteKind.STATUS, text, about=text, several=text)
    models = [{**row, "model": f"{text}/{row['model']}"} for row in frontier.data["models"]]
    rows = (Row({"a": text, "b": (text, text)}, (note,)), Row({"a": text, "b": None}, total=True))
    table = Table(columns=(column, Column("b", text)), rows=rows, title=text, things=text, in_all=9, how=text)
    notes = (note, Note(NoteKind.HARNESS, text + text))
    data = {**frontier.data, "models": models, "verdict": text, "gate": {"verdict": text}, text: text}
    said = replace(frontier, judged=(text,), sentences=(text,), changes=(text,), assumptions=(text,), details=(text,))
    return replace(said, headline=text, data=data, tables=(table,), notes=notes)


HARMLESS = Walk(page([everywhere("x")] * 2, "x"))


@settings(max_examples=12, deadline=None)
@given(st.text(min_size=1))
@example("</script></title></style><img src=x onerror=alert(1)>")
@example("\"'><svg onload=x>&lt;&#60;")
@example("\u202e\ud800\x00\r\n##[error]\n::error::x")
@example("javascript:alert(1)//{{7*7}}]]>-->")
def test_no_text_becomes_an_element(text: str) -> None:
    reports = [everywhere(f"x{text}")] * 2
    shown = page(reports, text)
    walk = Walk(shown)

    assert walk.shape() == HARMLESS.shape()
    assert {key for _, x in walk.found for key in x} == {key for _, x in HARMLESS.found for key in x}
    assert held(shown) == [json.loads(as_json(reports[0]))] * 2
    shown.encode()


def test_figures_keep_every_digit_in_what_they_are_sorted_by() -> None:
    text = render(report_of((Column("a", "A", Kind.USD), Column("b", "B", Kind.DATE)), Row({"a": Decimal("0.30000000001"), "b": "2027-01-14"})))  # fmt: skip

    assert 'data-v="0.30000000001">$0.30</td>' in text
