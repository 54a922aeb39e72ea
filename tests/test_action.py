"""`action.yml`: its shell steps run with what GitHub gives them, and neither passes nor comments by accident.

The runner is played here: it fills in expressions, runs each step with bash, and reads the outputs of a step from its
file. Source: GitHub's documentation of composite actions and workflow commands.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from llmcost import __version__

from .conftest import ROOT, TODAY, Run
from .shell.test_help import parses

pytestmark = pytest.mark.slow

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
GUIDE = (ROOT / "llmcost" / "guide" / "ci.md").read_text(encoding="utf-8")
STEPS: list[dict[str, Any]] = [x for x in ACTION["runs"]["steps"] if "run" in x]
UPLOAD: dict[str, Any] = next(x for x in ACTION["runs"]["steps"] if "run" not in x)
VERDICT = STEPS[-1]
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
TOOLS = ("bash", "git", "cat", "grep", "head", "mkdir", "mktemp", "rm")
"""All that the steps may use beside Python and gh."""

CHEAP = """\
version: 1
workloads:
  support-bot: {model: gpt-4o-mini, rpd: 100000, in: 500, out: 200}
policy:
  max_monthly_usd: 10000
  max_increase_usd: 500
  runner_settings: allow  # the day is that of the tests
"""
DEAR = CHEAP.replace("gpt-4o-mini", "gpt-4o")
UNJUDGED = CHEAP.replace("gpt-4o-mini", "gpt-6-luna") + "  require: {mmlu: 80}\n"
MARKER = "<!-- llmcost:check llmcost.yaml -->"
SHA = "0123456789abcdef0123456789abcdef01234567"
NO_COMMENT = "::warning title=llmcost::no comment on the pull request"
ODD = ["--two words a'b\"c $(touch hacked)`touch hacked` %0A::error::x;b&c|d", "two\nlines", "-"]
SAVED = json.dumps(
    {
        "schema": "llmcost.check/1",
        "headline": "PASS: $585.00 a month",
        "verdict": "PASS",
        "config": "llmcost.yaml",
        "baseline": None,
        "removed": [],
        "total": {"monthly_usd": 585, "low": 585, "high": 585},
        "workloads": [
            {"workload": "bot", "model": "a/b", "low": 585, "monthly_usd": 585, "high": 585}
            | {"per_1k_requests_usd": 0.195, "volume": "much", "tokens": "many", "terms": "standard"}
        ],
        "requests": [{"workload": "bot", "requests_per_day": 100000, "days": 30}],
        "findings": [
            {"rule": "r", "level": "PASS", "workload": None, "message": "m", "action": None}
            | {"file": "llmcost.yaml", "line": 1, "rule_line": 1}
        ],
        "notes": [],
    }
)

FAKE_GH = f"""\
#!{sys.executable} -I
# Answers as `gh api` does, from the files beside it, and notes what it was asked.
import json, os, pathlib, sys
here = pathlib.Path(__file__).parent
word = sys.argv[1:]
asked = {{"arguments": word, "given": sys.stdin.read() if "--input" in word else None, "token": os.environ["GH_TOKEN"]}}
with (here / "asked").open("a") as file:
    file.write(json.dumps(asked) + "\\n")
if (here / "refuses").exists() and (here / "refuses").read_text() in word:
    print("{{}}")
    sys.exit("gh: Resource not accessible by integration (HTTP 403)")
print((here / "comments").read_text() if "--paginate" in word else "{{}}", end="")
"""

FAKE_PYTHON = """\
#!/bin/bash
# Notes what it is called for; makes the folders that venv would make.
printf '%s\\n' "$*" >> "${0%/*}/calls"
case "$2 $3" in
  "-c "*) exit OLD ;;
  "-m venv") mkdir -p "$4/SCRIPTS"; cp "$0" "$4/SCRIPTS" ;;
esac
"""


@dataclass(frozen=True)
class Job:
    """How a job with the action ended: its status, log, summary, what it gave on, and what `gh` was asked."""

    status: int
    log: str
    summary: str
    outputs: dict[str, str]
    asked: list[dict[str, Any]]

    @property
    def written(self) -> list[tuple[str, str, str]]:
        """The method, the address and the body of every comment that was written."""
        return [
            (x["arguments"][4], x["arguments"][-1], json.loads(x["given"])["body"]) for x in self.asked if x["given"]
        ]


@dataclass(frozen=True)
class Runner:
    """What a machine of GitHub has: a checked out repository, folders, and an environment."""

    folder: Path
    event: str = "pull_request"
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    @property
    def workspace(self) -> Path:
        return self.folder / "work space"

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.workspace, env=self.env(), capture_output=True, check=True)

    def commit(self, text: str, name: str = "llmcost.yaml") -> None:
        """Write a file and commit it."""
        path = self.workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a change")

    def comments(self, *pages: list[dict[str, Any]]) -> None:
        """Let the pull request have these comments, in pages as an older gh writes them."""
        (self.bin / "comments").write_text("".join(json.dumps(page) for page in pages), encoding="utf-8")

    def refuse(self, word: str) -> None:
        """Let GitHub refuse every request that has this word."""
        (self.bin / "refuses").write_text(word, encoding="utf-8")

    def env(self) -> dict[str, str]:
        """Return the environment that a step gets."""
        return {
            "PATH": str(self.bin),
            "HOME": str(self.folder),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_BASE_REF": "main",
            "GITHUB_EVENT_NAME": self.event,
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(self.folder / "temp"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "someone",
            "GIT_AUTHOR_EMAIL": "someone@example.com",
            "GIT_COMMITTER_NAME": "someone",
            "GIT_COMMITTER_EMAIL": "someone@example.com",
            "LLMCOST_TODAY": TODAY,
            **self.environment,
        }

    def known(self, inputs: dict[str, str]) -> dict[str, str]:
        """Return the values of expressions with these inputs; `_` in a name stands for `-`."""
        given = {name.replace("_", "-"): text for name, text in inputs.items()}
        assert given.keys() <= ACTION["inputs"].keys()
        known = {"github.token": "a-token"}
        for name, declared in ACTION["inputs"].items():
            known[f"inputs.{name}"] = given.get(
                name, EXPRESSION.sub(lambda found: known[found[1]], declared["default"])
            )
        known |= {"steps.install.outputs.python": sys.executable}
        return known | {"steps.install.outputs.folder": str(self.folder / "temp" / "llmcost.x1Y2z3")}

    def run(self, **inputs: str) -> Job:
        """Run the steps after the installation one by one, to the first that fails."""
        known = self.known(inputs)
        status, log = 0, ""
        for step in STEPS[1:]:
            status, said, outputs = self.step(step, known)
            log += said
            known |= {f"steps.{step.get('id')}.outputs.{name}": text for name, text in outputs.items()}
            if status:
                break
        values = {name: filled(output["value"], known) for name, output in ACTION["outputs"].items()}
        summary = (self.folder / "summary").read_text(encoding="utf-8")
        return Job(status=status, log=log, summary=summary, outputs=values, asked=self.asked())

    def comment(self, **inputs: str) -> Job:
        """Run the step that comments alone, on a saved run that passes."""
        run = self.folder / "run.json"
        run.write_text(SAVED, encoding="utf-8")
        known = self.known({"comment": "true", **inputs}) | {"steps.check.outputs.run": str(run)}
        status, log, _ = self.step(STEPS[2], known)
        return Job(status=status, log=log, summary="", outputs={}, asked=self.asked())

    def asked(self) -> list[dict[str, Any]]:
        """Return what `gh` was asked."""
        asked = self.bin / "asked"
        return [json.loads(line) for line in asked.read_text().splitlines()] if asked.exists() else []

    def step(self, step: dict[str, Any], known: dict[str, str]) -> tuple[int, str, dict[str, str]]:
        """Run one step; return its status, what it said, and its outputs."""
        script, output = self.folder / "step.sh", self.folder / "output"
        script.write_text(step["run"], encoding="utf-8")
        output.write_text("", encoding="utf-8")
        env = {name: filled(text, known) for name, text in step["env"].items()}
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace,
            env={**self.env(), "GITHUB_OUTPUT": str(output), **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        pairs = (line.partition("=") for line in output.read_text(encoding="utf-8").splitlines())
        return ended.returncode, ended.stdout, {name: text for name, _, text in pairs}


def filled(text: str, known: dict[str, str]) -> str:
    """Return a text with its expressions filled in; an output that no step has set is empty, as on GitHub."""

    def value(found: re.Match[str]) -> str:
        assert found[1] in known or re.fullmatch(r"steps\.(install|check|page)\.outputs\.\w+", found[1])
        return known.get(found[1], "")

    return EXPRESSION.sub(value, text)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """Return a runner with one commit of a cheap workload, and a pull request without comments."""
    made = Runner(tmp_path)
    for folder in (made.bin, made.workspace, tmp_path / "temp" / "llmcost.x1Y2z3"):
        folder.mkdir(parents=True)
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (made.bin / tool).symlink_to(found)
    (made.bin / "gh").write_text(FAKE_GH, encoding="utf-8")
    (made.bin / "gh").chmod(0o755)
    (tmp_path / "summary").touch()
    event = {"pull_request": {"number": 7, "head": {"sha": SHA}}}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    made.comments([])
    made.git("init", "-q", "-b", "main")
    made.commit(CHEAP)
    return made


def note(body: str, number: int = 1, kind: str = "Bot", association: str = "NONE") -> dict[str, Any]:
    """Return a comment as GitHub lists it."""
    return {"id": number, "body": body, "user": {"type": kind}, "author_association": association}


def test_a_policy_that_holds_passes_with_its_figures(runner: Runner) -> None:
    runner.commit(f"{CHEAP}  max_spend_usd: 3\n")
    for number, ago in enumerate((1, 30)):
        at = (datetime.fromisoformat(TODAY) - timedelta(days=ago)).replace(tzinfo=UTC)
        answer = {"object": "chat.completion", "id": str(number), "created": at.timestamp(), "model": "gpt-4o"}
        usage = {"prompt_tokens": 100_000, "completion_tokens": 0}
        runner.commit(json.dumps({**answer, "usage": usage}), f"a log/{number}.jsonl")

    job = runner.run(usage="a log/0.jsonl\r\n\na log/[1-9].jsonl\n")

    assert job.status == 0, job.log
    assert (job.outputs["verdict"], job.outputs["monthly_usd"], job.outputs["delta_usd"]) == ("PASS", "585", "")
    saved = json.loads(Path(job.outputs["run"]).read_text(encoding="utf-8"))
    assert (saved["verdict"], saved["spend"]["usd"], saved["spend"]["read"][:7]) == ("PASS", 0.5, "2 files")
    assert "$585.00" in job.summary
    assert "max_increase_usd was not checked: no --baseline" in job.log
    assert job.asked == []


def test_a_rule_that_fails_fails_the_job_at_its_line_and_stands_in_a_comment(runner: Runner) -> None:
    runner.commit(DEAR)

    job = runner.run(baseline="HEAD~1", comment="true", token="of-a-bot")

    assert job.status == 1
    assert (job.outputs["verdict"], job.outputs["monthly_usd"], job.outputs["delta_usd"]) == ("FAIL", "9750", "9165")
    assert "\n::error file=llmcost.yaml,line=3,title=llmcost%3A max_increase_usd::" in job.log
    assert "9,165.00" in job.summary
    ((method, address, body),) = job.written
    assert (method, address) == ("POST", "repos/acme/shop/issues/7/comments")
    assert body.startswith(f"{MARKER}\n**FAIL: ")
    assert body.endswith(f"\n\nCommit {SHA}\n")
    assert {x["token"] for x in job.asked} == {"of-a-bot"}
    assert [x["arguments"][:3] for x in job.asked] == [["api", "--hostname", "github.com"]] * 2


def test_the_report_is_a_page_and_its_chart_a_picture_where_they_are_asked_for(runner: Runner) -> None:
    """Of a check that fails too: they are uploaded before the verdict ends the job."""
    runner.commit(DEAR)

    job = runner.run(baseline="HEAD~1", html="true")

    assert job.status == 1
    page = Path(job.outputs["page"])
    assert "<h1>" in page.read_text(encoding="utf-8")
    assert page.with_suffix(".svg").read_text(encoding="utf-8").startswith("<svg")
    assert sorted(x.name for x in page.parent.iterdir()) == ["llmcost.html", "llmcost.svg"]
    assert UPLOAD["with"]["path"] == "${{ steps.page.outputs.folder }}"
    assert UPLOAD["if"] == "steps.page.outputs.page != ''"
    assert ACTION["runs"]["steps"].index(UPLOAD) == ACTION["runs"]["steps"].index(VERDICT) - 1
    assert runner.run(baseline="HEAD~1").outputs["page"] == ""


def test_what_cannot_be_judged_always_fails_the_job(runner: Runner) -> None:
    runner.commit(UNJUDGED)

    job = runner.run(fail="false", comment="true")

    assert (job.status, job.outputs["verdict"]) == (2, "UNJUDGED")
    ((_, _, body),) = job.written
    assert "UNJUDGED" in body


BROKEN = {
    "broken config": ({}, 'llmcost.yaml:2:12: workloads: expected at least one workload, found "100%25"'),
    "missing config": ({"config": "100%0A.yaml"}, "cannot read 100%250A.yaml: no such file or directory"),
    "missing ref, as of no pull request": ({"baseline": "origin/"}, 'no git ref "origin/"'),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_run_that_does_not_come_about_fails_the_job_and_says_why(runner: Runner, name: str) -> None:
    """A run of an earlier use is not taken for it."""
    inputs, said = BROKEN[name]
    (runner.folder / "temp" / "llmcost.x1Y2z3" / "llmcost-run.json").write_text("{}", encoding="utf-8")
    if name == "broken config":
        runner.commit("version: 1\nworkloads: 100%\n")

    job = runner.run(fail="false", comment="true", **inputs)

    assert job.status == 2
    assert job.outputs == {"verdict": "UNJUDGED", "monthly_usd": "", "delta_usd": "", "run": "", "page": ""}
    assert f"\n::error title=llmcost::{said}" in job.log
    assert job.summary == ""
    assert job.asked == []


def test_python_that_cannot_start_is_no_failed_rule(runner: Runner) -> None:
    """Python ends with 1 then, which must not pass where `fail` is false."""
    python = runner.bin / "python"
    python.write_text("#!/bin/bash\necho No module named llmcost >&2\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    known = runner.known({}) | {"steps.install.outputs.python": str(python)}

    status, said, outputs = runner.step(STEPS[1], known)

    assert (status, outputs) == (0, {"status": "1", "verdict": "UNJUDGED"})
    assert said.endswith("::error title=llmcost::No module named llmcost\n")


@pytest.mark.parametrize(
    ("status", "verdict", "fail", "expected"),
    [
        ("0", "PASS", "true", 0),
        ("0", "WARN", "true", 0),
        ("1", "FAIL", "true", 1),
        ("1", "FAIL", "false", 0),
        ("1", "UNJUDGED", "false", 2),
        ("1", "", "false", 2),
        ("0", "FAIL", "true", 2),
        ("0", "", "true", 2),
        ("", "PASS", "true", 2),
        ("", "", "false", 2),
        ("2", "UNJUDGED", "false", 2),
        ("70", "UNJUDGED", "false", 70),
        ("137", "", "false", 137),
    ],
)
def test_the_verdict_ends_the_job(runner: Runner, status: str, verdict: str, fail: str, expected: int) -> None:
    known = {"steps.check.outputs.status": status, "steps.check.outputs.verdict": verdict, "inputs.fail": fail}

    ended, said, _ = runner.step(VERDICT, known)

    assert ended == expected
    assert ("::notice title=llmcost::a rule fails; the job does not" in said) is ((status, expected) == ("1", 0))


def test_a_report_that_cannot_be_made_fails_the_job(runner: Runner) -> None:
    job = replace(runner, environment={"GITHUB_STEP_SUMMARY": "/nowhere/summary"}).run(fail="false")

    assert job.status == 2


def test_its_own_comment_is_updated_wherever_it_stands(runner: Runner) -> None:
    """Not one that quotes the marker, nor one of someone who could change it later, nor one of another file."""
    runner.comments(
        [
            note(f"> {MARKER}\n", 1),
            note(f"{MARKER}\nPASS", 2, kind="User"),
            {**note(f"{MARKER}\n", 3), "user": None},
            note(f"{MARKER.replace('llmcost.yaml', 'other.yaml')}\n", 4),
        ],
        [note("", 5), note(f"{MARKER}\r\nold", 6), note(f"{MARKER}\nolder", 7)],
    )

    job = runner.comment()

    assert job.status == 0
    ((method, address, body),) = job.written
    assert (method, address) == ("PATCH", "repos/acme/shop/issues/comments/6")
    assert "PASS: $585.00" in body
    assert job.asked[0]["arguments"][-1] == "repos/acme/shop/issues/7/comments?per_page=100"


def test_a_comment_written_by_a_member_s_token_is_updated_too(runner: Runner) -> None:
    runner.comments([note(f"{MARKER}\nold", 8, kind="User", association="MEMBER")])

    assert [method for method, _, _ in runner.comment().written] == ["PATCH"]


def test_two_folders_have_two_comments(runner: Runner) -> None:
    runner.comments([note(f"{MARKER}\nof the top folder")])
    first = f"<!-- llmcost:in a%20folder -->\n{MARKER}\n"

    (written,) = runner.comment(working_directory="a folder").written

    assert (written[0], written[2].startswith(first)) == ("POST", True)
    runner.comments([note(f"{MARKER}\nof the top folder"), note(f"{first}old", 2)])
    assert runner.comment(working_directory="./a folder/").written[-1][:2] == (
        "PATCH",
        "repos/acme/shop/issues/comments/2",
    )


@pytest.mark.parametrize("word", ["--paginate", "POST", "PATCH"])
def test_what_github_refuses_is_a_warning(runner: Runner, word: str) -> None:
    """A pull request from a fork has a token that may only read. What the step ends with is not the verdict."""
    runner.comments([note(f"{MARKER}\nold")] if word == "PATCH" else [])
    runner.refuse(word)

    job = runner.comment()

    assert job.status == 0
    assert job.log.startswith(f"{NO_COMMENT}: gh: Resource not accessible by integration (HTTP 403)")


@pytest.mark.parametrize(("gh", "said"), [(None, "cannot run gh"), ("<html>", "what gh answers is no JSON")])
def test_a_comment_without_an_answer_is_a_warning(runner: Runner, gh: str | None, said: str) -> None:
    if gh is None:
        (runner.bin / "gh").unlink()
    else:
        (runner.bin / "comments").write_text(gh, encoding="utf-8")

    job = runner.comment()

    assert (job.status, job.log.startswith(f"{NO_COMMENT}: {said}")) == (0, True)


def test_without_a_pull_request_there_is_no_comment(runner: Runner) -> None:
    (runner.folder / "event.json").write_text("{}", encoding="utf-8")

    job = replace(runner, event="push").comment()

    assert (job.status, job.asked) == (0, [])
    assert "::notice title=llmcost::no comment: the event is push, no pull request" in job.log


def test_a_folder_is_where_it_runs(runner: Runner) -> None:
    runner.commit(DEAR.replace(": 10000\n", ": 1\n"), "services/a/llmcost.yaml")
    (runner.workspace / "llmcost.yaml").unlink()

    job = runner.run(working_directory="services/a", baseline="HEAD~0")

    assert (job.outputs["monthly_usd"], job.outputs["delta_usd"]) == ("9750", "0")
    assert "::warning file=services/a/llmcost.yaml,line=5," in job.log


def test_a_folder_that_is_not_there_is_an_error(runner: Runner) -> None:
    job = runner.run(working_directory="nowhere", fail="false")

    assert job.status == 2
    assert "::error title=llmcost::the input working-directory is not a folder" in job.log


@pytest.mark.parametrize("text", ODD)
def test_an_input_is_a_name_whatever_it_looks_like(runner: Runner, text: str) -> None:
    runner.commit(CHEAP, f"{text}/{text}.yaml")
    runner.git("branch", "odd$(x)'y'")

    job = runner.run(config=f"{text}.yaml", working_directory=text, baseline="odd$(x)'y'", comment="true")

    assert (job.status, job.outputs["verdict"], job.outputs["delta_usd"]) == (0, "PASS", "0")
    assert not list(runner.folder.rglob("hacked"))
    ((_, _, body),) = job.written
    assert re.fullmatch(r"<!-- llmcost:in [^\s<>]+ -->", body.splitlines()[0])
    assert body.splitlines()[1].startswith("<!-- llmcost:check ")


@pytest.mark.parametrize("name", ["config", "baseline"])
@pytest.mark.parametrize("text", ODD)
def test_an_input_that_names_nothing_is_an_error(runner: Runner, name: str, text: str) -> None:
    job = runner.run(**{name: text}, fail="false")

    assert (job.status, job.outputs["verdict"]) == (2, "UNJUDGED")
    assert not list(runner.folder.rglob("hacked"))


def test_a_name_in_a_file_is_no_command_to_the_runner(runner: Runner) -> None:
    named = CHEAP.replace("support-bot", '"x\\n::set-output name=status::0\\n"')
    runner.commit(f"{named}  max_usd_per_1k_requests: 0.001\n")

    job = runner.run()

    assert job.status == 1
    assert r"x\n::set-output name=status::0\n" in job.log
    assert "\n::set-output" not in job.log


def test_code_of_the_repository_is_not_run(runner: Runner) -> None:
    for name in ("llmcost.py", "yaml.py", "json.py", "sitecustomize.py"):
        runner.commit("raise SystemExit(3)\n", name)

    job = replace(runner, environment={"PYTHONPATH": str(runner.workspace)}).run(comment="true")

    assert (job.status, job.outputs["verdict"], len(job.written)) == (0, "PASS", 1)


def test_what_is_neither_true_nor_false_is_an_error(runner: Runner) -> None:
    for name in ("fail", "comment", "html"):
        for text in ("", "yes", "True", "1", "true ", "true\nfalse"):
            status, said, _ = runner.step(STEPS[0], runner.known({name: text}))

            assert (status, said) == (2, f"::error title=llmcost::the input {name} is neither true nor false\n")


@pytest.mark.parametrize("scripts", ["bin", "Scripts"])
def test_llmcost_is_installed_from_the_action_into_a_folder_of_its_own(runner: Runner, scripts: str) -> None:
    """On Windows the folder of a virtual environment has another name, and its Python an ending."""
    name = "python" if scripts == "bin" else "python.exe"
    python = runner.bin / name
    python.write_text(FAKE_PYTHON.replace("OLD", "0").replace("SCRIPTS", scripts), encoding="utf-8")
    python.chmod(0o755)
    (runner.bin / "cp").symlink_to(str(shutil.which("cp")))
    known = runner.known({"python": str(python)})

    status, said, outputs = runner.step(STEPS[0], known)

    assert (status, said) == (0, "")
    folder = Path(outputs["folder"])
    assert folder.parent == runner.folder / "temp"
    assert outputs["python"] == str(folder / "venv" / scripts / name)
    assert (folder / "venv" / scripts / "calls").read_text(encoding="utf-8") == (
        f"-I -m pip install --quiet --disable-pip-version-check {ROOT}\n"
    )
    assert runner.step(STEPS[0], known)[2]["folder"] != outputs["folder"]


@pytest.mark.parametrize("python", ["old", "nowhere", ""])
def test_a_python_that_is_too_old_or_not_there_is_an_error(runner: Runner, python: str) -> None:
    (runner.bin / "old").write_text(FAKE_PYTHON.replace("OLD", "1"), encoding="utf-8")
    (runner.bin / "old").chmod(0o755)

    status, said, _ = runner.step(STEPS[0], runner.known({"python": python}))

    assert status == 2
    assert "::error title=llmcost::llmcost needs Python 3.11 or later: use actions/setup-python" in said


def test_an_installation_that_fails_fails_the_job(runner: Runner) -> None:
    python = runner.bin / "python"
    text = FAKE_PYTHON.replace("OLD", "0").replace("SCRIPTS", "bin")
    python.write_text(f'{text}if [[ "$3" == pip ]]; then exit 1; fi\n', encoding="utf-8")
    python.chmod(0o755)
    (runner.bin / "cp").symlink_to(str(shutil.which("cp")))

    assert runner.step(STEPS[0], runner.known({"python": str(python), "fail": "false"}))[0] == 1


def test_every_expression_is_a_whole_value_of_an_environment_or_an_output() -> None:
    """None stands in a script, where a value could be a command."""
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    allowed = [declared["default"] for declared in ACTION["inputs"].values()]
    allowed += [output["value"] for output in ACTION["outputs"].values()]
    allowed += [value for step in STEPS for value in step["env"].values()] + [*UPLOAD["with"].values()]
    outputs = {"install": {"folder", "python"}, "check": {"status", "run", "verdict", "monthly_usd", "delta_usd"}}
    outputs["page"] = {"page", "folder"}

    found = [value for value in allowed if "${{" in value]

    assert all(EXPRESSION.fullmatch(value) for value in found)
    assert len(found) == len(re.findall(r"\$\{\{ \S", text)) - text.count("${{ }}")
    names = {match[1] for value in found if (match := EXPRESSION.fullmatch(value))}
    assert names - {f"inputs.{name}" for name in ACTION["inputs"]} == {"github.token"} | {
        f"steps.{step}.outputs.{name}" for step, given in outputs.items() for name in given
    }


def test_the_guide_names_every_input_and_output() -> None:
    assert [name for name in (*ACTION["inputs"], *ACTION["outputs"]) if f"`{name}`" not in GUIDE] == []


def test_the_examples_of_the_guide_are_yaml_that_uses_what_there_is() -> None:
    workflow, plain, hooks, gitlab = map(yaml.safe_load, re.findall(r"```yaml \.[^\n]*\n(.*?)```", GUIDE, re.DOTALL))

    assert workflow["jobs"]["llmcost"]["steps"][-1]["with"].keys() <= ACTION["inputs"].keys()
    assert parses(plain["jobs"]["llmcost"]["steps"][-1]["run"])
    assert hooks["repos"][0]["rev"] == f"v{__version__}"  # a branch would never be updated
    assert {hook["id"] for hook in hooks["repos"][0]["hooks"]} == {hook["id"] for hook in HOOKS}
    assert gitlab["llmcost"]["artifacts"]["reports"] == {"junit": "llmcost.xml"}


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_calls_a_command_that_there_is(run: Run, hook: dict[str, Any]) -> None:
    """Hooks give their arguments between the entry and the names of files."""
    program, *words = hook["entry"].split()

    assert program == "llmcost"
    assert run(*words, *hook.get("args", []), "--help").status == 0


def test_the_lint_hook_is_for_price_tables_wherever_they_are() -> None:
    (files,) = (hook["files"] for hook in HOOKS if "files" in hook)
    names = ["pricing.yaml", "a/b/pricing.yml", "mypricing.yaml", "pricing.yaml.md", "pricing/x.yaml"]

    assert [name for name in names if re.search(files, name)] == ["pricing.yaml", "a/b/pricing.yml"]


@pytest.mark.long
def test_pre_commit_takes_the_hooks_and_the_guide_without_a_warning(tmp_path: Path) -> None:
    """It warns of a branch, which it would never update."""
    program = shutil.which("pre-commit")
    if program is None:
        pytest.skip("pre-commit is not installed: pip install pre-commit")
    (tmp_path / "config.yaml").write_text(GUIDE.partition("```yaml .pre-commit-config.yaml\n")[2].partition("```")[0])
    for words in (["validate-config", "config.yaml"], ["validate-manifest", ROOT / ".pre-commit-hooks.yaml"]):
        ended = subprocess.run([program, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")
