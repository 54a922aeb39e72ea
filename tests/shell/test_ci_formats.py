"""`-f github`, `junit` and `sarif`: what CI systems are given, in the files that they name."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from llmcost.shell.github import from_root

from ..conftest import Run

CONFIG = """\
version: 1
workloads:
  bot: {model: gpt-4o, rpd: 100000, in: 500, out: 200}
policy:
  max_monthly_usd: 5000
  max_increase_usd: 10
"""
NAMES = ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_WORKSPACE")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder below the top of a repository, with an llmcost.yaml, that the command runs in."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    folder = tmp_path / "services" / "my bot"
    folder.mkdir(parents=True)
    (folder / "llmcost.yaml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def step(monkeypatch: pytest.MonkeyPatch, folder: Path) -> tuple[Path, Path]:
    """Return the files that a step of a job gets, with what an earlier command has written."""
    files = folder / "summary.md", folder / "output"
    for name, file in zip(NAMES, files, strict=False):
        file.write_text("before=1\n", encoding="utf-8")
        monkeypatch.setenv(name, str(file))
    return files


def test_a_step_gets_a_summary_outputs_and_annotations(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    summary, outputs = step(monkeypatch, tmp_path)

    ended = run("check -f github")

    assert ended.status == 1
    assert [line.rpartition("::")[0] for line in ended.out.splitlines()] == [
        "::error file=services/my bot/llmcost.yaml,line=5,title=llmcost%3A max_monthly_usd",
        "::notice file=services/my bot/llmcost.yaml,line=6,title=llmcost%3A max_increase_usd",
    ]
    assert ended.err == "FAIL: 1 failed, 1 off; $9,750.00 a month\n"
    assert outputs.read_text(encoding="utf-8") == "before=1\nverdict=FAIL\nmonthly_usd=9750\ndelta_usd=\n"
    shown = summary.read_text(encoding="utf-8")
    assert shown.startswith("before=1\n<!-- llmcost:check llmcost.yaml -->\n**FAIL: $9,750.00 a month**\n")
    assert shown.endswith("</details>\n\n")


def test_without_a_summary_the_page_goes_to_standard_output(run: Run) -> None:
    page, annotated = run("check -f md").out, run("check -f github").out

    assert annotated.startswith(page)
    assert annotated.removeprefix(page).startswith("::error ")


def test_outside_of_a_checkout_the_workspace_tells_the_top(
    run: Run, monkeypatch: pytest.MonkeyPatch, here: Path
) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(here))

    assert "::error file=llmcost.yaml,line=5," in run("check -f github").out


def test_a_file_outside_of_the_top_keeps_its_name_and_so_does_what_names_none(here: Path) -> None:
    named = from_root({"GITHUB_WORKSPACE": str(here)})
    assert [named(x) for x in ("a/../b", "../b", "a\0b")] == ["b", "../b", "a\0b"]


@pytest.mark.parametrize("name", ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"])
def test_a_file_that_cannot_be_written_is_an_error(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv(name, str(tmp_path / "none" / "file"))

    ended = run("check -f github")

    assert ended.status == 2
    assert "none/file: no such file or directory" in ended.err


def test_another_command_has_a_summary_too(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    summary, outputs = step(monkeypatch, tmp_path)

    ended = run("estimate -m gpt-4o --rpd 100000 --in 500 --out 200 -f github")

    assert (ended.status, ended.out) == (0, "")
    assert "openai/gpt-4o costs $9,750.00 a month" in summary.read_text(encoding="utf-8")
    assert outputs.read_text(encoding="utf-8") == "before=1\n"


def test_the_job_is_no_file(run: Run) -> None:
    ended = run("check -f github -o x.md")

    assert ended.status == 2
    assert (
        ended.err
        == 'error: -f github writes to the job; it cannot be combined with -o "x.md"\n  -f md -o FILE writes a file\n'
    )


def test_the_ending_of_a_file_tells_the_format(run: Run, here: Path) -> None:
    assert run("check -o out.xml").status == 1
    assert ET.parse(here / "out.xml").getroot().tag == "testsuites"
    assert run("check -o out.sarif").status == 1
    (result,) = json.loads((here / "out.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "services/my%20bot/llmcost.yaml", "uriBaseId": "%SRCROOT%"}


@pytest.mark.long
def test_what_judges_sarif_for_github_finds_no_fault(run: Run, tmp_path: Path) -> None:
    """Microsoft's sarif-multitool: GitHub's rules, and what it warns of in any log."""
    judge = shutil.which("sarif-multitool") or shutil.which("Sarif.Multitool")
    if judge is None:
        pytest.skip("sarif-multitool is not installed: npm install -g @microsoft/sarif-multitool")
    run(f"check -o '{tmp_path / 'check.sarif'}'")
    rules = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "-o", "judged.sarif"]
    subprocess.run([judge, "validate", tmp_path / "check.sarif", *rules], cwd=tmp_path, check=True, capture_output=True)

    judged = json.loads((tmp_path / "judged.sarif").read_text(encoding="utf-8-sig"))["runs"][0]
    assert [(x["ruleId"], x["message"]) for x in judged["results"]] == []


@pytest.mark.parametrize("format_", ["junit", "sarif"])
def test_machines_get_the_findings_alone_and_people_are_told_beside_them(run: Run, format_: str) -> None:
    ended = run(f"check -f {format_}")

    assert ended.status == 1
    assert ended.out[0] in "<{"
    assert ended.err.startswith("FAIL llmcost.yaml:5 $9,750.00 a month exceeds max_monthly_usd, $5,000.00")


@pytest.mark.parametrize("format_", ["github", "junit", "sarif"])
def test_a_run_again_and_a_saved_run_are_the_same_bytes(
    run: Run, format_: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    step(monkeypatch, tmp_path)
    run("check -o run.json")

    assert run(f"report run.json -f {format_}").out == run(f"check -f {format_}").out == run(f"check -f {format_}").out


def test_a_saved_run_gives_the_same_outputs_and_marker(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("check -o run.json")
    _, outputs = step(monkeypatch, tmp_path)
    run("report run.json -f github")

    assert outputs.read_text(encoding="utf-8") == "before=1\nverdict=FAIL\nmonthly_usd=9750\ndelta_usd=\n"
    assert run("report run.json -f md").out.startswith("<!-- llmcost:check llmcost.yaml -->\n**FAIL: ")


def test_what_cannot_be_checked_is_told_to_the_job(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, here: Path
) -> None:
    (here / "llmcost.yaml").write_text(CONFIG.replace("rpd:", "rpx:").replace("max_inc", "max_inn"), encoding="utf-8")
    summary, outputs = step(monkeypatch, tmp_path)

    ended = run("check -f github")

    assert ended.status == 2
    assert [line.partition("title=")[0] for line in ended.out.splitlines()] == [
        "::error file=services/my bot/llmcost.yaml,line=3,col=3,",
        "::error file=services/my bot/llmcost.yaml,line=3,col=24,",
        "::error file=services/my bot/llmcost.yaml,line=6,col=3,",
    ]
    assert outputs.read_text(encoding="utf-8") == "before=1\nverdict=UNJUDGED\n"
    assert "**UNJUDGED: nothing was checked**\n\n- llmcost.yaml:3:3: " in summary.read_text(encoding="utf-8")


def test_what_has_no_place_in_a_file_is_told_without_one(run: Run) -> None:
    ended = run("check -f github --baseline nowhere")

    assert ended.status == 2
    assert ended.out == '::error title=llmcost::no git ref "nowhere"\n'
