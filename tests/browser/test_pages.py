"""Pages of `-f html` in Chromium: `pytest -m browser`.

They need Debian's packages chromium, fonts-dejavu-core and poppler-utils, playwright (the extra `browser`), and axe-core
(`npm install --prefix AXE axe-core`, with the folder in the variable AXE). Nothing of this is skipped: who asks for
these tests has it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any, Self

import pytest

from llmcost.report.charts import charts_of
from llmcost.report.render.html import page
from llmcost.report.report import Column, Kind, Report, Row
from llmcost.report.saved import saved_report
from llmcost.shell.app import run_forms
from llmcost.tables.run import read_runs

from ..conftest import ROOT, Run
from ..report.sample import report_of
from ..report.test_render_html import everywhere

pytestmark = [pytest.mark.browser, pytest.mark.untraced]

JOB = "--rpd 100000 --in 500 --out 200"
PAGES = {
    "scatter": "frontier -b gpqa",
    "bars": f"estimate {JOB}",
    "forecast": f"estimate -m gpt-4o -m gpt-4o-mini {JOB} --months 12 --growth 10%",
    "forest": "compare gpt-4o gpt-4o-mini",
    "curve": f"route --weak gpt-4o-mini --strong gpt-4o {JOB} --curve -b mmlu",
    "verdict": (
        "validate tests/data/routing/routellm_gsm8k.csv.gz --weak Mixtral-8x7B --strong gpt-4-1106-preview --margin 15"
        " --column weak=weak_correct --column strong=strong_correct"
    ),
    "check": "check --config tests/data/gate/llmcost.yaml --baseline tests/data/gate/before.yaml",
    "bench": "bench",
    "models": "models",
}
HOSTILE = "x</script></title></style><img src=x onerror=alert(1)>\"'><svg onload=alert(2)>\u202ejavascript:alert(3)"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
JENKINS = "sandbox; default-src 'none'; img-src 'self'; style-src 'self'"
"""The policy with which Jenkins serves what a job has written."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Give Debian's Chromium."""
    with import_module("playwright.sync_api").sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def made(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a function that writes the page of a name, and returns its path and its reports."""

    def make(name: str) -> tuple[Path, list[Report]]:
        file = tmp_path / "page.html"
        if name in PAGES:
            monkeypatch.chdir(ROOT)
            assert run(f"{PAGES[name]} -o {file}").status in (0, 1)
        else:
            runs = [everywhere(HOSTILE)] * (2 if name == "several" else 1)
            file.write_text(page(runs), encoding="utf-8")
        return file, [saved_report(x, "page", run_forms()) for x in read_runs(file, "page")]

    return make


class Shown:
    """A page in a tab of its own, with what it asked for and what it said."""

    def __init__(self, browser: Any, address: str, *, wide: int = 1200, **context: Any) -> None:
        self.context = browser.new_context(viewport={"width": wide, "height": 900}, **context)
        self.tab = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.tab.on("console", lambda x: self.said.append(x.text))
        self.tab.on("pageerror", lambda x: self.said.append(str(x)))
        self.tab.on("dialog", self.dismiss)
        self.tab.on("request", lambda x: self.asked.append(x.url))
        self.tab.goto(address)

    def dismiss(self, dialog: Any) -> None:
        """Note that there was a dialog."""
        self.said.append(dialog.message)
        dialog.dismiss()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def count(self, selector: str) -> int:
        return int(self.tab.locator(selector).count())

    def js(self, text: str) -> Any:
        return self.tab.evaluate(text)


CELLS = """table => [...table.tBodies[0].rows].map(r => [...r.cells].map(c => c.dataset.v ?? c.textContent))"""


def in_order(rows: list[list[str]], column: int, *, by_number: bool, down: bool) -> list[list[str]]:
    """Rows as Python sorts them: stable, unknown last both ways."""
    known = [x for x in rows if x[column]]
    known.sort(key=lambda x: float(x[column]) if by_number else x[column], reverse=down)
    return [*known, *(x for x in rows if not x[column])]


@pytest.mark.parametrize("name", [*PAGES, "hostile", "several"])
def test_a_page_is_whole_and_alone(name: str, made: Any, chromium: Any) -> None:
    file, reports = made(name)
    with Shown(chromium, file.as_uri()) as shown:
        assert (shown.asked, shown.said) == ([file.as_uri()], [])
        marks = sum(len(chart.marks) for x in reports for chart in charts_of(x))
        rows = [sum(not x.total for x in table.rows) for report in reports for table in report.tables if table.rows]
        columns = [len(table.columns) for report in reports for table in report.tables if table.rows]
        assert shown.count("g.mark") == marks
        assert shown.count("tbody tr") == sum(rows)
        assert shown.count("button") == sum(x for x, many in zip(columns, rows, strict=True) if many > 1)
        assert shown.count("img, iframe, object, link, form, input") == 0
        if marks:
            shown.tab.locator("g.mark").first.focus()
            assert shown.js("document.activeElement.classList.contains('mark')")
        assert shown.said == []


@pytest.mark.parametrize("name", ["scatter", "bars", "forest", "models"])
def test_every_column_sorts_as_python_does(name: str, made: Any, chromium: Any) -> None:
    file, _ = made(name)
    with Shown(chromium, file.as_uri()) as shown:
        for table in shown.tab.locator("table.sort").all():
            for column, head in enumerate(table.locator("thead th").all()):
                by_number = "by-number" in (head.get_attribute("class") or "")
                for down in (False, True):
                    before = table.evaluate(CELLS)
                    if len(before) < 2:
                        continue
                    head.locator("button").click()
                    assert table.evaluate(CELLS) == in_order(before, column, by_number=by_number, down=down)
                    assert head.get_attribute("aria-sort") == ("descending" if down else "ascending")
        assert shown.said == []


def test_four_thousand_rows_are_sorted_in_a_blink(chromium: Any, tmp_path: Path) -> None:
    columns = (Column("model", "Model"), Column("usd", "Month", Kind.USD))
    rows = [Row({"model": f"provider/model-{n}", "usd": Decimal(n * 7919 % 4001) / 100}) for n in range(4000)]
    file = tmp_path / "page.html"
    file.write_text(page([report_of(columns, *rows)]), encoding="utf-8")
    with Shown(chromium, file.as_uri()) as shown:
        sort = "() => {const start = performance.now(); document.querySelectorAll('button')[1].click(); return performance.now() - start}"
        print(f"{file.stat().st_size / 1e6:.2f} MB, sorted in {shown.js(sort):.0f} ms")
        assert shown.tab.locator("table").evaluate(CELLS) == in_order(
            [[str(x.values["model"]), str(x.values["usd"])] for x in rows], 1, by_number=True, down=False
        )


@pytest.mark.parametrize("name", [*PAGES, "several"])
def test_it_fits_and_has_no_barriers_in_the_light_and_in_the_dark(name: str, made: Any, chromium: Any) -> None:
    file, _ = made(name)
    axe = Path(os.environ["AXE"]) / "node_modules/axe-core/axe.min.js"
    for wide, colors in ((1200, "light"), (1200, "dark"), (390, "light"), (390, "dark")):
        with Shown(chromium, file.as_uri(), wide=wide, color_scheme=colors, bypass_csp=True) as shown:
            assert shown.js("document.documentElement.scrollWidth") <= wide
            paper = shown.js("getComputedStyle(document.body).backgroundColor")
            assert paper == ("rgb(13, 17, 23)" if colors == "dark" else "rgb(255, 255, 255)")
            if wide == 390:
                continue
            shown.tab.add_script_tag(path=str(axe))
            found = shown.js(f"axe.run(document, {{runOnly: {AXE_RULES}}}).then(x => x.violations)")
            assert [(x["id"], [y["html"][:200] for y in x["nodes"][:3]]) for x in found] == []


@pytest.mark.parametrize("name", ["scatter", "bars", "forecast", "forest", "verdict", "check", "models"])
def test_on_paper_every_row_is_there(name: str, made: Any, chromium: Any, tmp_path: Path) -> None:
    file, reports = made(name)
    with Shown(chromium, file.as_uri(), color_scheme="dark") as shown:
        shown.tab.pdf(path=str(tmp_path / "page.pdf"), format="A4")
        names = shown.js("[...document.querySelectorAll('tbody th')].map(x => x.firstChild.textContent)")
    text = subprocess.run(["pdftotext", "-raw", tmp_path / "page.pdf", "-"], capture_output=True, check=True, text=True)
    paper = "".join(text.stdout.split())

    assert [x for x in names if "".join(x.split()) not in paper] == []
    assert "".join(reports[0].headline.partition(": ")[2].split())[:40] in paper


@pytest.mark.parametrize("name", ["scatter", "forecast", "check"])
def test_without_scripts_only_the_sorting_is_missing(name: str, made: Any, chromium: Any) -> None:
    file, _ = made(name)
    with Shown(chromium, file.as_uri()) as shown, Shown(chromium, file.as_uri(), java_script_enabled=False) as bare:
        for selector in ("tbody tr", "g.mark", "li", "h2", "td", "th"):
            assert bare.count(selector) == shown.count(selector) > 0
        assert bare.count("button") == 0
        assert bare.said == []


class Strict(SimpleHTTPRequestHandler):
    """Serves files as Jenkins does."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", JENKINS)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("name", ["scatter", "forecast", "check", "verdict"])
def test_under_the_policy_of_jenkins_the_chart_is_right(name: str, made: Any, chromium: Any) -> None:
    file, reports = made(name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(file.parent)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        with Shown(chromium, f"http://127.0.0.1:{server.server_port}/page.html", color_scheme="dark") as shown:
            drawn = [x.bounding_box() for x in shown.tab.locator("g.mark").all()]
            assert len(drawn) == sum(len(chart.marks) for chart in charts_of(reports[0]))
            assert all(x["width"] > 0 and x["height"] > 0 for x in drawn)
            for shape in shown.tab.locator("polyline").all():
                assert shape.evaluate("x => getComputedStyle(x).fill") == "none"
            fills = "[...document.querySelectorAll('g.mark [class*=f-main]')].map(x => getComputedStyle(x).fill)"
            assert set(shown.js(fills)) <= {"rgb(5, 80, 174)"}
            assert shown.count("button") == 0
    finally:
        server.shutdown()
        server.server_close()
