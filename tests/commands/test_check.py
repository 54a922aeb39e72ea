"""`llmcost check`: in a real git repository, and everything that can go wrong, none of which passes."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llmcost.tables.find import user_config

from ..conftest import Result, Run
from .conftest import CHEAP, DEAR, Repository, refused, repository_of


def test_a_dearer_model_fails_at_its_line_and_the_way_back_passes(run: Run, repository: Repository) -> None:
    repository.commit(DEAR)

    failed = run("check --baseline HEAD~1")

    assert failed.status == 1
    assert (
        "FAIL llmcost.yaml:4 +$9,165.00 (+1,566.7%) a month, from $585.00 to $9,750.00, exceeds max_increase_usd,"
        " $500.00 and max_increase_pct, 10.0%; to pass: keep openai/gpt-4o-mini for support-bot\n"
    ) in failed.out
    assert failed.out.startswith("FAIL: $9,750.00 a month, +$9,165.00 (+1,566.7%) against HEAD~1:llmcost.yaml\n")
    assert failed.err == "FAIL: 2 failed, 1 passed\n"
    repository.commit(CHEAP)
    passed = run("check --baseline HEAD~2")
    assert passed.status == 0
    assert passed.out.startswith("PASS: $585.00 a month, no change against HEAD~2:llmcost.yaml\n")
    assert passed.err == "PASS: 3 passed\n"


def test_what_is_not_committed_is_judged_too(run: Run, repository: Repository) -> None:
    (repository.folder / "llmcost.yaml").write_text(DEAR, encoding="utf-8")

    assert run("check --baseline main").status == 1
    assert run("check").status == 0


def test_a_detached_head_a_tag_and_a_remote_branch_are_refs(run: Run, repository: Repository, tmp_path: Path) -> None:
    repository.git("tag", "v1")
    repository.commit(DEAR)
    repository.git("checkout", "-q", "--detach")

    assert run("check --baseline v1").status == 1
    assert run("check --baseline main").status == 0
    clone = tmp_path / "clone"
    repository.git("clone", "-q", str(repository.folder), str(clone))
    os.chdir(clone)
    assert run("check --baseline origin/main").status == 0


def test_the_file_of_a_folder_above_is_found_up_to_the_root(
    run: Run, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository.folder / "src" / "deep").mkdir(parents=True)
    monkeypatch.chdir(repository.folder / "src" / "deep")

    found = run("check --baseline main -f json")

    assert found.status == 0
    assert json.loads(found.out)["config"] == "../../llmcost.yaml"


PRICES = """\
schema: llmcost.pricing/1
models:
  acme/one: {checked: 2026-11-23, prices: {input: RATE, output: 1}}
"""
OWN = """\
version: 1
pricing: tables/prices.yaml
workloads: {bot: {model: acme/one, rpd: 1M, in: 1, out: 0}}
policy: {max_increase_usd: 5}
"""


def test_the_price_table_of_a_ref_is_that_of_the_ref(run: Run, repository: Repository) -> None:
    """30M tokens at $1 and at $2: the workload is the same, its price table is not."""
    repository.commit(PRICES.replace("RATE", "1"), "tables/prices.yaml")
    repository.commit(OWN)
    repository.commit(PRICES.replace("RATE", "2"), "tables/prices.yaml")

    found = run("check --baseline HEAD~1")

    assert found.status == 1
    assert "+$30.00 (+100.0%) a month, from $30.00 to $60.00" in found.out
    assert "undo the change of bot (price table)" in found.out
    assert "Why\n" in (said := run("diff HEAD~1").out)
    assert "bot: price table acme/one input 1 -> 2" in said


def test_a_price_table_outside_of_the_repository_is_that_of_now(
    run: Run, repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / "shared.yaml").write_text(PRICES.replace("RATE", "1"), encoding="utf-8")
    repository.commit(OWN.replace("tables/prices.yaml", "../shared.yaml"))

    assert run("check --baseline main").status == 0


@pytest.mark.parametrize("baseline", ["old.yaml", "run.json", "estimate.json"])
def test_a_baseline_may_be_a_file(run: Run, here: Path, baseline: str) -> None:
    (here / "old.yaml").write_text(CHEAP, encoding="utf-8")
    (here / "llmcost.yaml").write_text(DEAR, encoding="utf-8")
    run("check --config old.yaml -o run.json")
    run("estimate -m gpt-4o-mini --rpd 100000 --in 500 --out 200 -o estimate.json")

    found = run(f"check --baseline {baseline}")

    assert found.status == 1
    assert "+$9,165.00 (+1,566.7%) a month, from $585.00 to $9,750.00" in found.out
    assert "keep openai/gpt-4o-mini" in found.out


def test_a_quiet_run_says_the_verdict_alone(run: Run, here: Path) -> None:
    (here / "llmcost.yaml").write_text(DEAR.replace(": 10000\n", ": 1\n"), encoding="utf-8")

    found = run("check -q -o run.json")

    assert (found.status, found.out) == (1, "")
    assert found.err == "FAIL: 1 failed, 2 off; $9,750.00 a month\n"


def test_a_warning_passes_and_says_so(run: Run, here: Path) -> None:
    (here / "llmcost.yaml").write_text(f"{CHEAP}  warn_shutdown_days: 90\n", encoding="utf-8")

    found = run("check")

    assert found.status == 0
    assert found.err == "WARN: 1 warning, 1 passed, 2 off\n"


def test_rules_that_are_all_off_are_no_pass(run: Run, here: Path) -> None:
    (here / "llmcost.yaml").write_text(CHEAP.replace("  max_monthly_usd: 10000\n", ""), encoding="utf-8")

    found = run("check")

    assert found.status == 0
    assert found.err.startswith("WARN: 2 off")
    assert "OFF llmcost.yaml:9 max_increase_usd and max_increase_pct were not checked: no --baseline\n" in found.out


def lines(text: str, **files: str) -> Callable[[Path], None]:
    """Return a function that writes an llmcost.yaml and other files."""

    def write(folder: Path) -> None:
        (folder / "llmcost.yaml").write_text(text, encoding="utf-8")
        for name, content in files.items():
            (folder / name.replace("_", ".")).write_text(content, encoding="utf-8")

    return write


def shallow(folder: Path) -> None:
    """Make the folder a shallow clone of a repository with two commits."""
    origin = folder.parent / "origin"
    origin.mkdir()
    repository_of(CHEAP, DEAR)(origin)
    Repository(origin).git("clone", "-q", "--depth=1", f"file://{origin}", str(folder))


UNSCORED = CHEAP.replace("gpt-4o-mini", "gpt-6-luna") + "  require: {mmlu: 80}\n"
MISSING = "no such file or directory"
FAILURES: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "missing config": ("check", lambda _: None, "no llmcost.yaml here or above, up to the git root"),
    "missing config given": ("check --config x.yaml", lambda _: None, f"cannot read x.yaml: {MISSING}"),
    "unknown model": (
        "check",
        lines(CHEAP.replace("gpt-4o-mini", "gpt4o")),
        'llmcost.yaml:4:12: workloads.support-bot.model: unknown model "gpt4o" (did you mean: openai/gpt-4o, ',
    ),
    "missing score": ("check", lines(UNSCORED), "UNJUDGED: 1 cannot be judged, 1 warning, 1 passed, 2 off"),
    "missing score beside a failure": (
        "check",
        lines(UNSCORED.replace(": 10000\n", ": 1\n")),
        "UNJUDGED: 1 cannot be judged, 1 failed, 1 warning, 2 off",
    ),
    "no rule": ("check", lines(CHEAP.partition("policy")[0]), "UNJUDGED: llmcost.yaml has no rule to judge"),
    "missing price table": ("check", lines(f"pricing: p.yaml\n{CHEAP}"), f"cannot read p.yaml: {MISSING}"),
    "missing score table": ("check", lines(f"scores: s.yaml\n{UNSCORED}"), f"cannot read s.yaml: {MISSING}"),
    "missing ref": ("check --baseline nope", repository_of(CHEAP), 'no git ref "nope"'),
    "empty ref": ("check --baseline=", repository_of(CHEAP), "the value of --baseline is empty"),
    "ref with a broken file": (
        "check --baseline HEAD~1",
        repository_of("- a list", CHEAP),
        "HEAD~1:llmcost.yaml:1:1: expected a mapping, found",
    ),
    "shallow clone": (
        "check --baseline HEAD~1",
        shallow,
        'no git ref "HEAD~1" in this shallow clone\n  in CI fetch the history: fetch-depth: 0 ',
    ),
    "baseline that is the config": (
        "check --config ./llmcost.yaml --baseline ../project/llmcost.yaml",
        lines(CHEAP),
        '--baseline "../project/llmcost.yaml" is the file under review',
    ),
    "missing baseline file": ("check --baseline old.yaml", lines(CHEAP), f"cannot read old.yaml: {MISSING}"),
    "missing baseline run": ("check --baseline old.json", lines(CHEAP), f"cannot read old.json: {MISSING}"),
    "baseline with an unknown model": (
        "check --baseline old.yaml",
        lines(CHEAP, old_yaml=CHEAP.replace("gpt-4o-mini", "nope")),
        'old.yaml:4:12: workloads.support-bot.model: unknown model "nope"',
    ),
}


@pytest.mark.parametrize("output", ["lock.json", "./x/../lock.json", "soft.json", "hard.json"])
def test_a_check_does_not_overwrite_its_baseline(run: Run, here: Path, output: str) -> None:
    """The run that fails would be the baseline of the next one, which passes."""
    (here / "x").mkdir()
    lines(CHEAP)(here)
    assert run("check -o lock.json").status == 0
    lines(DEAR)(here)
    saved = (here / "lock.json").read_bytes()
    (here / "soft.json").symlink_to("lock.json")
    (here / "hard.json").hardlink_to(here / "lock.json")

    refused(run(f"check --baseline lock.json -o {output}"), f'-o "{output}" would overwrite the baseline')
    assert (here / "lock.json").read_bytes() == saved
    assert run("check --baseline lock.json -o new.json").status == 1


def test_a_baseline_asks_git_no_more_than_it_must(
    run: Run, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = subprocess.run

    def counted(words: list[str], **settings: Any) -> Any:
        asked.append(words[-1])
        return real(words, **settings)

    lines(DEAR)(repository.folder)
    monkeypatch.setattr(subprocess, "run", counted)
    assert run("check --baseline main").status == 1
    assert [x.partition(":")[2] or x for x in asked] == ["--show-toplevel", "main^{commit}", "llmcost.yaml"]


def test_a_baseline_that_is_what_is_checked_is_told(run: Run, repository: Repository) -> None:
    said = "llmcost.yaml is unchanged since main, the commit checked out: only price table changes can show"

    def notes(found: Result) -> list[str]:
        return [x["text"] for x in json.loads(found.out)["notes"] if x["kind"] == "baseline"]

    same = run("check --baseline main -f json")
    lines(DEAR)(repository.folder)
    changed = run("check --baseline main -f json")
    repository.commit(CHEAP.replace("100000", "100001"))
    earlier = run("check --baseline main~1 -f json")

    assert [x.status for x in (same, changed, earlier)] == [0, 1, 0]
    assert [notes(x) for x in (same, changed, earlier)] == [[said], [], []]


@pytest.mark.parametrize("name", FAILURES)
def test_what_cannot_be_evaluated_never_passes(run: Run, here: Path, name: str) -> None:
    command, prepare, said = FAILURES[name]
    prepare(here)

    found: Result = run(*command.split())

    assert found.status == 2
    assert said in found.err
    assert "Traceback" not in found.err
    if not found.err.startswith("UNJUDGED"):
        assert found.out == ""
        assert found.err.startswith("error: ")


def test_without_git_a_ref_is_an_error(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "llmcost.yaml").write_text(CHEAP, encoding="utf-8")
    monkeypatch.setenv("PATH", str(here))

    found = run("check --baseline main")

    refused(found, "git is not installed, but a git ref needs it", "compare with a file instead")


@pytest.mark.usefixtures("repository")
def test_in_a_hook_git_s_own_variables_do_not_mislead(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "nowhere")

    assert run("check --baseline main").status == 0


def test_a_ref_that_means_two_things_is_an_error(run: Run, repository: Repository) -> None:
    repository.git("tag", "main")
    repository.commit(DEAR)

    refused(run("check --baseline main"), 'the git ref "main" is ambiguous', "write refs/heads/main or refs/tags/main")
    assert run("check --baseline refs/tags/main").status == 1


def test_faults_of_names_prices_and_rules_are_told_at_once(run: Run, here: Path) -> None:
    text = CHEAP.replace("gpt-4o-mini", "gpt-4oo") + "  forbid: [gpt-4x]\n  require: {mmluu: 80}\n"
    (here / "llmcost.yaml").write_text(text, encoding="utf-8")

    ended = run("check")

    assert ended.status == 2
    assert [line.split(": ")[1] for line in ended.err.splitlines()] == [
        "llmcost.yaml:4:12",
        "llmcost.yaml:12:12",
        "llmcost.yaml:13:13",
    ]


def test_the_first_file_has_no_baseline_and_the_error_says_what_to_do(run: Run, repository: Repository) -> None:
    repository.git("rm", "-q", "llmcost.yaml")
    repository.git("commit", "-q", "-m", "none")
    (repository.folder / "llmcost.yaml").write_text(CHEAP, encoding="utf-8")

    ended = run("check --baseline main")

    assert ended.status == 2
    assert ended.err == (
        "error: main has no llmcost.yaml\n  leave --baseline out until it has one: the cost of main is unknown\n"
    )


RULED = CHEAP.replace("policy:\n", "policy:\n  forbid: [gpt-3.5-turbo]\n")
TABLE = "schema: llmcost.pricing/1\nmodels:\n  openai/gpt-4o-mini: {context: 128000, checked: 2026-11-22, prices: {input: IN, output: 0.6}}\n"
SCORE = "{model: openai/gpt-4o-mini, benchmark: mmlu, score: 99, source: us, date: 2026-01-01, reported_by: vendor}"
MMLU = (
    "schema: llmcost.benchmarks/1\nbenchmarks:\n  mmlu: {name: MMLU, measures: x, unit: percent, higher_is_better: true,"
    f" items: 100, guess: 0, interval: binomial}}\nscores:\n  - {SCORE}\n"
)


def table(rate: str) -> str:
    return TABLE.replace("IN", rate)


FORMATS = ["table", "json", "csv", "md", "github", "junit", "sarif"]


@pytest.mark.parametrize("format_", FORMATS)
def test_a_policy_that_a_change_loosens_is_told_in_every_format(run: Run, repository: Repository, format_: str) -> None:
    """The dearer model, and limits that let it pass."""
    repository.commit(RULED)
    loose = DEAR.replace("usd: 500", "usd: 50000").replace("pct: 10", "pct: 9999")
    repository.commit(loose)

    found = run(f"check --baseline main~1 -f {format_}")

    assert found.status == 0
    told = (found.out + found.err).replace("&gt;", ">").replace("\\", "")
    for line, said in ((10, "max_increase_usd 500 -> 50000"), (11, "max_increase_pct 10 -> 9999")):
        assert f"the policy is looser than on main~1:llmcost.yaml: {said}" in told
        if format_ not in ("junit", "sarif", "github"):
            assert f"WARN llmcost.yaml:{line} the policy" in told
    assert "forbid openai/gpt-3.5-turbo was removed" in told
    assert "WARN" in found.err


def test_a_diff_tells_the_rules_and_the_tables_too(run: Run, repository: Repository) -> None:
    repository.commit(table("0.0001"), "cheap.yaml")
    repository.commit(f"pricing: cheap.yaml\n{CHEAP.replace(': 500', ': 501')}")

    for command in ("diff main~1", "diff main~1 main"):
        found = run(f"{command} -f json")
        name = "llmcost.yaml" if command == "diff main~1" else "main:llmcost.yaml"
        assert [(x["rule"], x["level"], x["file"], x["line"]) for x in json.loads(found.out)["findings"]] == [
            ("policy_changes", "WARN", name, 11),
            ("table_changes", "WARN", name, 1),
        ]
    shown = run("diff main~1")
    assert (
        "WARN llmcost.yaml:1 1 of 1 model priced differently than on main~1:llmcost.yaml: gpt-4o-mini input"
        in shown.out
    )
    assert shown.status == 0


def test_a_saved_run_keeps_the_rules_and_a_diff_of_two_runs_tells_them(run: Run, here: Path) -> None:
    for name, text in (("a", CHEAP), ("b", CHEAP.replace(": 500", ": 900"))):
        (here / "llmcost.yaml").write_text(text, encoding="utf-8")
        run(f"check -o {name}.json")

    (finding,) = json.loads(run("diff a.json b.json -f json").out)["findings"]
    (again,) = [
        x for x in json.loads(run("check --baseline a.json -f json").out)["findings"] if x["rule"] == "policy_changes"
    ]

    said = "the policy is looser than on a.json: max_increase_usd 500 -> 900"
    assert (finding["message"], finding["line"], again["message"], again["line"]) == (said, 1, said, 10)


def test_a_table_of_the_change_is_told_against_the_packaged_one_and_the_baseline(
    run: Run, repository: Repository
) -> None:
    repository.commit(table("0.0001"), "cheap.yaml")
    repository.commit(f"pricing: cheap.yaml\n{CHEAP}")

    found = run("check --baseline main~1")

    assert found.status == 0
    for what in ("packaged", "on main~1:llmcost.yaml"):
        assert (
            f"WARN llmcost.yaml:1 1 of 1 model priced differently than {what}: gpt-4o-mini input 0.15 -> 0.0001"
            in found.out
        )


@pytest.mark.parametrize("outside", ["file", "link"])
def test_a_table_that_cannot_be_had_as_of_the_baseline_is_told(
    run: Run, repository: Repository, tmp_path: Path, outside: str
) -> None:
    """It was read as it is now, on both sides: no change of it is a change."""
    (tmp_path / "t.yaml").write_text(table("0.25"), encoding="utf-8")
    if outside == "link":
        (repository.folder / "t.yaml").symlink_to(tmp_path / "t.yaml")
    name = "t.yaml" if outside == "link" else "../t.yaml"
    repository.commit(f"pricing: {name}\n{CHEAP}")

    found = run("check --baseline main")

    said = (
        f"WARN llmcost.yaml:1 {name} cannot be read as of main:llmcost.yaml: both sides are judged by its current state"
    )
    assert said in found.out
    assert f"{name} cannot be read" in run("diff main -f md").out


def own_home(name: str) -> Callable[[Path, pytest.MonkeyPatch], str]:
    def write(_: Path, __: pytest.MonkeyPatch) -> str:
        path = user_config() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(table("0.0001"), encoding="utf-8")
        return ""

    return write


def environment(folder: Path, patch: pytest.MonkeyPatch) -> str:
    (folder / "x.yaml").write_text(table("0.0001"), encoding="utf-8")
    patch.setenv("LLMCOST_PRICING", "x.yaml")
    return ""


def option(folder: Path, _: pytest.MonkeyPatch) -> str:
    (folder / "x.yaml").write_text(table("0.0001"), encoding="utf-8")
    return "--pricing x.yaml"


RUNNERS = {
    "updates": own_home("updates.yaml"),
    "user": own_home("pricing.yaml"),
    "environment": environment,
    "option": option,
    "price": lambda *_: "--price gpt-4o-mini=0.0001/0.6",
    "discount": lambda *_: "--discount openai=10%",
}


@pytest.mark.parametrize("layer", RUNNERS)
def test_prices_of_the_runner_are_told_and_project_prices_ignores_them(
    run: Run, repository: Repository, monkeypatch: pytest.MonkeyPatch, layer: str
) -> None:
    given = RUNNERS[layer](repository.folder, monkeypatch)

    found = run(f"check --baseline main {given}")
    fixed = run("check --baseline main --project-prices")

    assert (found.status, fixed.status) == (0, 0)
    assert "WARN llmcost.yaml:8 1 of 1 model priced by " in found.out
    assert "not by the tables of the project: gpt-4o-mini input 0.15 -> " in found.out
    assert "priced by" not in fixed.out
    assert "WARN" not in fixed.err
    if given:
        refused(run(f"check --project-prices {given}"), "--project-prices cannot be combined with --")


def test_scores_of_the_runner_and_of_the_project_are_told(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "own.yaml").write_text(MMLU, encoding="utf-8")
    (here / "llmcost.yaml").write_text(f"{CHEAP}  require: {{mmlu: 95}}\n", encoding="utf-8")

    assert run("check").status == 1
    assert "\nScores: packaged benchmarks.yaml\n" in run("check --details").out
    told = [run("check --scores own.yaml")]
    (here / "llmcost.yaml").write_text(f"scores: own.yaml\n{CHEAP}  require: {{mmlu: 95}}\n", encoding="utf-8")
    told.append(run("check"))
    monkeypatch.setenv("LLMCOST_SCORES", str(here / "own.yaml"))
    told.append(run("check"))
    for found, who in zip(
        told, ("which is not part of the project", "differ from the packaged ones", "which is"), strict=True
    ):
        assert found.status == 0
        assert f"own.yaml{',' if 'which' in who else ''} {who}" in found.out
        assert "mmlu of gpt-4o-mini 82 -> 99" in found.out
    assert json.loads(run("check -f json").out)["scored_with"] == str(here / "own.yaml")
    assert json.loads(run("check --project-prices -f json").out)["scored_with"] == "own.yaml"
    assert run("check --project-prices --scores own.yaml").err == (
        "error: --project-prices cannot be combined with --scores\n"
    )


def test_a_score_table_that_changes_is_told(run: Run, repository: Repository) -> None:
    config = f"scores: own.yaml\n{CHEAP}  require: {{mmlu: 95}}\n  own_tables: allow\n"
    repository.commit(MMLU.replace("99", "90"), "own.yaml")
    repository.commit(config)
    repository.commit(MMLU, "own.yaml")

    found = run("check --baseline main~1")

    assert "WARN llmcost.yaml:1 scores differ from main~1:llmcost.yaml: mmlu of gpt-4o-mini 90 -> 99" in found.out


def test_what_changed_is_told_whatever_it_costs(run: Run, repository: Repository, tmp_path: Path) -> None:
    """A dearer model at the price of the other one: the table of the runner makes both alike."""
    same = table("0.15").replace("gpt-4o-mini", "gpt-4o")
    (tmp_path / "same.yaml").write_text(same, encoding="utf-8")
    lines(DEAR)(repository.folder)

    found = run(f"check --baseline main --pricing {tmp_path / 'same.yaml'}")

    assert "no change against main" in found.out
    assert "support-bot: model openai/gpt-4o-mini -> openai/gpt-4o\n" in found.out


def test_a_saved_run_that_was_changed_by_hand_is_no_baseline(run: Run, here: Path) -> None:
    (here / "llmcost.yaml").write_text(CHEAP, encoding="utf-8")
    run("check -o run.json")
    saved = json.loads((here / "run.json").read_text(encoding="utf-8"))
    saved["workloads"][0].update(low=50000, monthly_usd=50000, high=50000)
    (here / "run.json").write_text(json.dumps(saved), encoding="utf-8")

    for command in ("check --baseline run.json", "diff run.json", "report run.json"):
        refused(run(command), "run.json contradicts itself: ")


def test_a_baseline_that_failed_or_that_the_change_can_rewrite_is_doubted(run: Run, repository: Repository) -> None:
    lines(DEAR.replace(": 10000\n", ": 1\n"))(repository.folder)
    assert run("check -o run.json").status == 1

    def doubts() -> list[str]:
        notes = json.loads(run("check --baseline run.json -f json").out)["notes"]
        return [x["text"] for x in notes if x["kind"] == "baseline"]

    failed = "the baseline run.json itself has the verdict FAIL"
    assert doubts() == [failed]
    repository.git("add", "run.json")
    tracked = "the baseline run.json is in the repository: the change under review can rewrite it"
    assert doubts() == [failed, tracked]


def test_a_replaced_commit_is_not_taken_for_the_base(run: Run, repository: Repository) -> None:
    repository.commit(DEAR)
    repository.git("replace", "main~1", "main")

    assert run("check --baseline main~1").status == 1


def test_a_run_of_another_file_is_doubted_and_one_without_a_common_workload_is_no_baseline(
    run: Run, here: Path
) -> None:
    """Whatever it costs, a dearer foreign run would make any change a saving."""
    (here / "llmcost.yaml").write_text(CHEAP, encoding="utf-8")
    for name, workload in (("same", "support-bot"), ("other", "other")):
        text = DEAR.replace("support-bot", workload).replace("rpd: 100000", "rpd: 9M")
        (here / f"{name}.yaml").write_text(text, encoding="utf-8")
        run(f"check --config {name}.yaml -o {name}.json")

    same, other = run("check --baseline same.json -f json"), run("check --baseline other.json")

    assert "the baseline same.json is a run of same.yaml, not of llmcost.yaml" in same.out
    refused(other, "other.json is a run of other.yaml and has none of the workloads of llmcost.yaml\n")


def test_discounts_in_the_file_are_taken_and_those_of_nobody_are_refused_at_their_place(here: Path, run: Run) -> None:
    """$585 less 15%; the file that is reviewed says it, so neither a warning nor --project-prices changes that."""
    discounts = "discounts: {openai: 15%, gpt-4o: 20%}\n"
    (here / "llmcost.yaml").write_text(discounts + CHEAP, encoding="utf-8")
    found = [run(f"check{x}") for x in ("", " --project-prices")]

    assert {(x.status, x.out.splitlines()[0]) for x in found} == {(0, "PASS: $497.25 a month")}
    assert "15% discount at openai in llmcost.yaml" in found[0].out
    (here / "llmcost.yaml").write_text(discounts.replace("openai", "opnai") + CHEAP, encoding="utf-8")
    refused(run("check"), "llmcost.yaml:1:13: discounts.opnai: neither a provider nor one model")


def test_every_command_takes_the_prices_that_the_nearest_file_names(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model costs the same everywhere; what no price stands in is not parsed."""
    (here / "llmcost.yaml").write_text("discounts: {openai: 15%}\n" + CHEAP, encoding="utf-8")
    job = "estimate -m gpt-4o-mini --rpd 100k --in 500 --out 200"
    found = run(job)

    assert "costs $497.25 a month" in found.out
    assert "15% discount at openai in llmcost.yaml" in found.out
    assert "costs $292.50 a month" in run(f"{job} --discount openai=50%").out
    (here / "llmcost.yaml").write_text("# discounts: {openai: 15%}\nversion: 9\n", encoding="utf-8")
    assert "costs $585.00 a month" in run(job).out
    (here / "gone").mkdir()
    monkeypatch.chdir(here / "gone")
    (here / "gone").rmdir()
    assert "costs $585.00 a month" in run(job).out


def test_a_workload_that_went_is_named_and_one_that_came_has_no_figures_of_before(run: Run, here: Path) -> None:
    more = CHEAP.replace("policy:", "  b: {model: gpt-4o-mini, rpd: 100000, in: 500, out: 200}\npolicy:")
    lines(CHEAP, more_yaml=more)(here)
    gone = run("check --baseline more.yaml")
    (_, came) = json.loads(run("check --config more.yaml --baseline llmcost.yaml -f json").out)["workloads"]

    assert "b was removed since the baseline (-$585.00)" in gone.out
    assert json.loads(run("check --baseline more.yaml -f json").out)["removed"] == ["b"]
    assert (came["baseline_usd"], came["delta_usd"], came["delta_pct"]) == (None, None, None)
