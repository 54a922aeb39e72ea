"""`llmcost report`."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

import pytest

from llmcost.document import RUN_IN_PAGE
from llmcost.shell.app import run_forms

from ..conftest import ROOT, Run
from .conftest import DEAR, refused

JOB = "--rpd 100000 --in 500 --out 200"
RUNS = {
    "estimate": f"estimate {JOB}",
    "one": f"estimate -m gpt-4o {JOB} --fail-over 1",
    "range": "estimate -m gpt-4o --rpd 1k..2k --in 400..600 --out 1",
    "forecast": f"estimate -m gpt-4o {JOB} --months 3",
    "compare": "compare gpt-4o gpt-4o-mini",
    "save": f"save gpt-4o {JOB}",
    "bench": "bench",
    "frontier": "frontier -b mmlu",
    "recommend": "recommend --min mmlu=80",
    "route": f"route --weak gpt-4o-mini --strong gpt-4o --share 50% {JOB}",
    "models": "models mini",
    "model": "models show gpt-5.5",
    "history": "prices history gpt-4o",
    "nothing": "models no such model",
    "no-change": "prices diff pricing.yaml pricing.yaml",
    "no-finding": "prices lint tests/data/pricing-examples.yaml",
    "check": "check --config tests/data/gate/llmcost.yaml --baseline tests/data/gate/before.yaml",
    "diff": "diff tests/data/gate/before.yaml tests/data/gate/llmcost.yaml",
}


@pytest.mark.untraced
@pytest.mark.parametrize("name", RUNS)
def test_a_saved_run_is_shown_again_in_every_format(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(ROOT)
    saved = tmp_path / "run.json"
    run(f"{RUNS[name]} -o {saved}")

    assert run(f"report {saved} -f json").out == saved.read_text(encoding="utf-8")
    for form in ("table", "csv", "html"):
        assert run(f"report {saved} -f {form}").out == run(f"{RUNS[name]} -f {form}").out > ""


@pytest.mark.parametrize("terms", ["", JOB, "--cluster topic"])
def test_a_saved_validation_is_the_row_that_it_was(run: Run, tmp_path: Path, terms: str) -> None:
    results = ROOT / "tests/data/results/table.csv"
    command = f"validate {results} --weak gpt-4o-mini --strong gpt-4o --margin 2 {terms}"
    run(f"{command} -o {tmp_path / 'run.json'}")

    found = run(f"report {tmp_path / 'run.json'} -f csv")

    assert (found.status, found.out) == (0, run(f"{command} -f csv").out)


def test_a_saved_check_tells_its_findings_again(run: Run, here: Path) -> None:
    (here / "llmcost.yaml").write_text(DEAR.replace(": 10000\n", ": 1\n"), encoding="utf-8")
    first = run("check -o run.json")

    again = run("report run.json --details")

    assert again.out.splitlines()[2].split() == ["Workload", "Model", "Month"]
    assert "support-bot: 100,000 requests/day, 30 days; 500 in, 200 out; terms: standard\n" in again.out
    assert (first.status, again.status) == (1, 0)
    assert "\nFAIL llmcost.yaml:9 $9,750.00 a month exceeds max_monthly_usd, $1.00; to pass: " in again.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "run.json:1:1: not JSON: expecting value"),
        ("[]", "run.json is not a saved run: not an object"),
        ("{}", "run.json does not name its schema"),
        ('{"schema": "llmcost.estimate/2"}', 'run.json has the schema "llmcost.estimate/2", which this version cannot'),
        ('{"schema": "llmcost.estimate/1"}', '"headline" or "notes" is missing'),
        ('{"schema": "llmcost.estimate/1", "a": ' + "[" * 40 + "]" * 40 + "}", "run.json is not a saved run: nested"),
        ("<!doctype html><p>hello", "run.json is a page that holds no run"),
        (f"<p>{RUN_IN_PAGE}{{</script>", "the run in run.json:1:2: not JSON: expecting"),
        (f"<p>{RUN_IN_PAGE}[]</script>", "run.json is not a saved run: not an object"),
        (f"<p>{RUN_IN_PAGE}[1]</script>", "run.json is not a saved run: not an object"),
        (f"<p>{RUN_IN_PAGE}{{}}", "run.json does not name its schema"),
        ('{"schema": 1e400}', "1e400 is out of range for a run"),
        ('{"schema": 1e99999999999999999999}', "is out of range for a run"),
        ('{"schema": Infinity}', "Infinity is not a number"),
        ('{"a": 1, "a": 2}', '"a" is given twice'),
        ("[" * 100_000, "run.json:1: not JSON: it is nested too deeply"),
    ],
    ids=count(),
)
def test_what_is_no_saved_run_is_an_error(run: Run, here: Path, text: str, said: str) -> None:
    (here / "run.json").write_text(text, encoding="utf-8")

    refused(run("report run.json"), said)


def test_a_run_without_rows_is_no_csv(run: Run, here: Path) -> None:
    text = '{"schema": "llmcost.models/1", "headline": "no models", "notes": [], "shown": {}}'
    (here / "run.json").write_text(text, encoding="utf-8")

    assert run("report run.json").out == "no models\n"
    assert run("report run.json -f csv").err == "error: there are no rows to write as CSV\n"
    (here / "run.json").write_text(text.replace("[]", '[], "models": []'), encoding="utf-8")
    assert run("report run.json -f csv").out.startswith("id,provider,")


def test_texts_of_one_cell_are_one_value(run: Run, here: Path) -> None:
    models = '[{"model": "a/b", "mixture_of": ["a/c", "a/d"]}]'
    text = f'{{"schema": "llmcost.bench-frontier/1", "headline": "x", "models": {models}, "notes": [], "shown": {{}}}}'
    (here / "run.json").write_text(text, encoding="utf-8")

    assert run("report run.json -f csv").out == "model,mixture_of\r\na/b,a/c; a/d\r\n"


def test_a_row_of_a_csv_that_cannot_be_made_is_an_error(run: Run, here: Path) -> None:
    for wrong in ('"paired95": [1]', '"paired95": 5', '"n": [[1]]'):
        text = f'{{"schema": "llmcost.validate/1", "headline": "safe", {wrong}, "notes": []}}'
        (here / "run.json").write_text(text, encoding="utf-8")
        refused(run("report run.json -f csv"), "run.json does not match llmcost.validate/1")


def test_a_view_declares_every_form_that_is_written() -> None:
    files = (ROOT / "llmcost" / "commands").rglob("*.py")
    written = {
        name for path in files for name in re.findall(r'"(llmcost\.[a-z-]+/\d)"', path.read_text(encoding="utf-8"))
    }

    assert written | {"llmcost.check/1", "llmcost.estimate/1", "llmcost.usage/1"} == {x.name for x in run_forms()}


def test_a_page_is_read_back_alone_and_of_several(run: Run, here: Path) -> None:
    (here / "llmcost.yaml").write_text(DEAR, encoding="utf-8")
    run("check -o check.json")
    run(f"estimate -m gpt-4o {JOB} --fail-over 1 -o estimate.html")

    assert run("report estimate.html -f json").out == run(f"estimate -m gpt-4o {JOB} --fail-over 1 -f json").out
    assert run("report check.json estimate.html -o both.html").status == 0
    assert run("report both.html check.json -o all.html --title Costs").status == 0
    page = (here / "all.html").read_text(encoding="utf-8")
    assert "<title>Costs</title>" in page
    assert re.findall(r'<section id="(r\d)">', page) == ["r1", "r2", "r3"]
    assert run("check --baseline both.html").err.startswith("error: ")


def test_what_is_only_a_page_is_refused_elsewhere(run: Run, here: Path) -> None:
    run("compare gpt-4o gpt-4o-mini -o a.json")
    (here / "b.json").write_text("{}", encoding="utf-8")
    said = {
        "report a.json a.json": "2 runs can only be shown as a page\n  -o FILE.html",
        "report a.json -f md --title x": "--title can only be shown as a page\n  -o FILE.html",
        "report a.json b.json -o c.html": "b.json does not name its schema",
        "report a.json --notes": "--notes requires -f csv or -o FILE.csv",
    }

    for command, words in said.items():
        refused(run(command), words)
    assert not (here / "c.html").exists()
