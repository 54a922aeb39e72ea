"""`llmcost diff`, `llmcost report` and `llmcost init`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from llmcost.gate.rules import RULES

from ..conftest import ROOT, Run, updated
from .test_check import CHEAP, DEAR, Repository, here, repository, repository_of

__all__ = ["here", "repository"]

JOB = "--rpd 100000 --in 500 --out 200"


def test_a_diff_says_what_changed_and_why_in_one_sentence(run: Run, repository: Repository) -> None:
    repository.commit(DEAR.replace("rpd: 100000", "rpd: 200k"))

    found = run("diff HEAD~1")

    assert (found.status, found.err) == (0, "")
    assert found.out.splitlines()[0] == (
        "+$18,915.00 (+3,233.3%) a month, from $585.00 to $19,500.00: support-bot (model, volume)"
    )
    assert (
        "support-bot: model openai/gpt-4o-mini -> openai/gpt-4o;"
        " volume 100,000 requests/day, 30 days -> 200,000 requests/day, 30 days\n"
    ) in found.out


def test_two_refs_two_files_and_two_runs_say_the_same(run: Run, repository: Repository) -> None:
    repository.commit(DEAR)
    for name, text in (("old", CHEAP), ("new", DEAR)):
        (repository.folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        run(f"check --config {name}.yaml -o {name}.json")
    commands = ("diff HEAD~1 HEAD", "diff old.yaml new.yaml", "diff old.json new.json", "diff old.json", "diff main~1")

    rows = [json.loads(run(f"{command} -f json").out)["workloads"] for command in commands]

    assert all(row == rows[0] for row in rows)
    assert rows[0] == [
        {
            "workload": "support-bot",
            "before_usd": 585,
            "after_usd": 9750,
            "delta_usd": 9165,
            "delta_pct": pytest.approx(1566.6666666667),
            "why": "model",
            "detail": "openai/gpt-4o-mini -> openai/gpt-4o",
            "model_before": "openai/gpt-4o-mini",
            "model_after": "openai/gpt-4o",
        }
    ]


def two(first: str, second: str) -> str:
    return f"""\
version: 1
workloads:
  small: {{model: gpt-4o-mini, rpd: 1000, in: 500, out: {first}}}
  big: {{model: gpt-4o, rpd: 100000, in: 500, out: {second}}}
  still: {{model: gpt-4o-mini, rpd: 1000, in: 500, out: 200}}
"""


@pytest.mark.parametrize(
    ("least", "shown", "note"),
    [
        ("", ["small", "big"], "[1] 1 workload did not change (-f json has all)"),
        ("--min-change 10", ["big"], "[1] 1 workload changed by less than --min-change (-f json has all)"),
        ("--min-change 5%", ["small"], "[1] 1 workload changed by less than --min-change (-f json has all)"),
        ("--min-change 99999", [], "[1] 2 workloads changed by less than --min-change (-f json has all)"),
    ],
)
def test_a_small_change_is_hidden_and_counted(run: Run, here: Path, least: str, shown: list[str], note: str) -> None:
    (here / "a.yaml").write_text(two("200", "200"), encoding="utf-8")
    (here / "b.yaml").write_text(two("300", "201"), encoding="utf-8")

    found = run(f"diff a.yaml b.yaml {least}")

    assert [name for name in ("small", "big", "still") if f"\n{name} " in found.out] == shown
    assert note in found.out
    assert len(json.loads(run(f"diff a.yaml b.yaml {least} -f json").out)["workloads"]) == 3


def test_what_came_and_went_is_named(run: Run, here: Path) -> None:
    (here / "a.yaml").write_text(CHEAP, encoding="utf-8")
    (here / "b.yaml").write_text(DEAR.replace("support-bot", "other"), encoding="utf-8")

    found = run("diff a.yaml b.yaml")

    assert "other: added (openai/gpt-4o)\n" in found.out
    assert "support-bot: removed (openai/gpt-4o-mini)\n" in found.out


def test_nothing_changed(run: Run, here: Path) -> None:
    (here / "llmcost.yaml").write_text(CHEAP, encoding="utf-8")

    assert run("diff llmcost.yaml").out.startswith("no change: $585.00 a month\n")


@pytest.mark.usefixtures("here")
def test_estimates_of_several_models_are_compared_one_by_one(run: Run) -> None:
    run(f"estimate -m gpt-4o -m gpt-4o-mini {JOB} -o a.json")
    run(f"estimate -m gpt-4o -m gpt-4o-mini {JOB} --price gpt-4o=2/8 -o b.json")

    found = run("diff a.json b.json")

    assert found.out.startswith("1 of 2 estimates changed: openai/gpt-4o (price table)\n")
    assert run("diff a.json a.json").out.startswith("0 of 2 estimates changed\n")


@pytest.mark.parametrize("format_", ["table", "json", "csv", "md"])
def test_two_runs_print_the_same_bytes(run: Run, repository: Repository, format_: str) -> None:
    repository.commit(DEAR)

    assert run(f"diff HEAD~1 -f {format_}") == run(f"diff HEAD~1 -f {format_}")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("diff", "missing argument 'BASE'"),
        ("diff nope", 'no git ref "nope"'),
        ("diff main nope", 'no git ref "nope"'),
        ("diff main --min-change much", '--min-change "much" is not an amount in USD'),
        ("diff main --min-change x%", '--min-change "x%" is not a share'),
        ("diff main --config no.yaml", "main has no no.yaml"),
        ("diff main --config nowhere/no.yaml", "no folder nowhere"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_a_diff_that_cannot_be_made_is_an_error(run: Run, command: str, said: str) -> None:
    found = run(command)

    assert (found.status, found.out) == (2, "")
    assert said in found.err


def test_refs_can_be_compared_when_the_file_is_gone(run: Run, here: Path) -> None:
    repository_of(CHEAP)(here)
    (here / "llmcost.yaml").unlink()

    assert run("diff HEAD main").status == 0
    assert run("diff HEAD").status == 2


RUNS = {
    "estimate": f"estimate {JOB}",
    "one": f"estimate -m gpt-4o {JOB} --fail-over 1",
    "range": "estimate -m gpt-4o --rpd 1k..2k --in 400..600 --out 1",
    "forecast": f"estimate -m gpt-4o {JOB} --months 3",
    "compare": "compare gpt-4o gpt-4o-mini",
    "bench": "bench",
    "frontier": "frontier -b mmlu",
    "recommend": "recommend --min mmlu=80",
    "route": f"route --weak gpt-4o-mini --strong gpt-4o --share 50% {JOB}",
    "tokens": "tokens --text hello -m gpt-4o",
    "models": "models mini",
    "model": "models show gpt-5.5",
    "history": "prices history gpt-4o",
    "nothing": "models no such model",
    "check": "check --config tests/data/gate/llmcost.yaml --baseline tests/data/gate/before.yaml",
    "diff": "diff tests/data/gate/before.yaml tests/data/gate/llmcost.yaml",
}


@pytest.mark.parametrize("name", RUNS)
def test_a_saved_run_is_shown_again_in_every_format(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(ROOT)
    saved = tmp_path / "run.json"
    run(f"{RUNS[name]} -o {saved}")

    again = run(f"report {saved} -f json")

    assert (again.status, again.out) == (0, saved.read_text(encoding="utf-8"))
    headline = json.loads(again.out)["headline"]
    assert run(f"report {saved}").out.startswith(f"{headline}\n")
    assert run(f"report {saved} -f md").status == 0
    if name != "nothing":
        assert run(f"report {saved} -f csv").out == run(f"{RUNS[name]} -f csv").out


def test_a_saved_check_tells_its_findings_again(run: Run, here: Path) -> None:
    (here / "llmcost.yaml").write_text(DEAR.replace(": 10000\n", ": 1\n"), encoding="utf-8")
    first = run("check -o run.json")

    again = run("report run.json")

    assert again.out.splitlines()[2].split() == ["Workload", "Model", "Month"]
    assert "support-bot: 100,000 requests/day, 30 days; 500 in, 200 out; terms: standard\n" in again.out
    assert (first.status, again.status) == (1, 0)
    assert "\nFAIL llmcost.yaml:9 $9,750.00 a month is more than max_monthly_usd, $1.00; to pass: " in again.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "run.json:1:1: not valid JSON: Expecting value"),
        ("[]", "run.json is not a saved run: no object"),
        ("{}", "run.json does not say which form it has"),
        ('{"schema": "llmcost.estimate/2"}', 'run.json has the form "llmcost.estimate/2", which this version does not'),
        ('{"schema": "llmcost.estimate/1"}', '"headline" or "notes" is missing'),
        ('{"schema": "llmcost.estimate/1", "headline": "x", "notes": {}}', '"headline" or "notes" is missing'),
        ('{"schema": "llmcost.estimate/1", "headline": "x", "notes": [1]}', "a note is not of a kind"),
        ('{"schema": "llmcost.estimate/1", "headline": "x", "notes": [{"kind": "zzz", "text": ""}]}', "a note is not"),
        (
            '{"schema": "llmcost.estimate/1", "headline": "x", "estimates": [{"a": 1}, {"b": 1}], "notes": []}',
            "is no table",
        ),
        (
            '{"schema": "llmcost.estimate/1", "headline": "x", "estimates": [{"a": 1}], "lines": 1, "notes": []}',
            '"lines" is no table',
        ),
        (
            '{"schema": "llmcost.estimate/1", "headline": "x", "estimates": [{"a": [1]}], "notes": []}',
            '"estimates" has a "a" that is no value',
        ),
        (
            '{"schema": "llmcost.estimate/1", "headline": "x", "estimates": [{"model": 1}], "notes": []}',
            '"estimates" has a "model" that is no text',
        ),
        (
            '{"schema": "llmcost.estimate/1", "headline": "x", "estimates": [{"input_usd": true}], "notes": []}',
            '"estimates" has a "input_usd" that is no number',
        ),
        (
            '{"schema": "llmcost.estimate/1", "a": ' + "[" * 40 + "]" * 40 + "}",
            "run.json is not a saved run: it is nested",
        ),
        ('{"schema": "llmcost.check/1", "headline": "x", "rows": [{"a": 1}], "notes": []}', "not those of a check"),
        ('{"schema": "llmcost.check/1", "headline": "x", "findings": [{"a": 1}], "notes": []}', "not those of a check"),
        ('{"schema": 1e400}', "1e400 is no number of a run"),
        ('{"schema": 1e99999999999999999999}', "is no number of a run"),
        ('{"schema": Infinity}', "Infinity is no number"),
        ('{"a": 1, "a": 2}', "an object has a key twice"),
        ("[" * 100_000, "run.json is not a saved run: it is nested too deep"),
    ],
    ids=range(21),
)
def test_what_is_no_saved_run_is_an_error(run: Run, here: Path, text: str, said: str) -> None:
    (here / "run.json").write_text(text, encoding="utf-8")

    found = run("report run.json")

    assert (found.status, found.out) == (2, "")
    assert said in found.err


@pytest.mark.parametrize("rows", ["", '"models": [], '])
def test_a_run_without_rows_is_no_csv(run: Run, here: Path, rows: str) -> None:
    text = f'{{"schema": "llmcost.models/1", "headline": "no models", {rows}"notes": []}}'
    (here / "run.json").write_text(text, encoding="utf-8")

    assert run("report run.json").out == "no models\n"
    assert run("report run.json -f csv").err == "error: there are no rows, and a CSV has nothing else\n"


def test_the_file_that_init_writes_passes(run: Run, here: Path) -> None:
    assert run("check").status == 2

    written = run("init")

    assert (written.status, written.err) == (0, "wrote llmcost.yaml; next: llmcost check\n")
    checked = run("check")
    assert checked.status == 0
    assert checked.err.startswith("PASS: ")
    assert (here / "llmcost.yaml").read_text(encoding="utf-8").startswith("# ")


def test_what_init_has_commented_out_is_right_too(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every key that may be used stands there; scores that nobody has published are what cannot be judged."""
    monkeypatch.setenv("LLMCOST_TODAY", str(updated("pricing.yaml")))
    run("init")
    text = (here / "llmcost.yaml").read_text(encoding="utf-8")
    used = re.sub(r"^( *)# ( *[a-z0-9_]+: |  triage:| *policy:)", r"\1\2", text, flags=re.MULTILINE)
    (here / "llmcost.yaml").write_text(used.replace("pricing:", "# ").replace("scores:", "# "), encoding="utf-8")

    found = run("check -f json")

    assert "error" not in found.err
    assert {x["rule"] for x in json.loads(found.out)["findings"]} == set(RULES)
    assert [x["level"] for x in json.loads(found.out)["findings"] if x["rule"] != "require"].count("UNJUDGED") == 0


def test_init_writes_over_nothing_unless_forced(run: Run, here: Path) -> None:
    (here / "llmcost.yaml").write_text("mine", encoding="utf-8")

    refused = run("init")

    assert refused.status == 2
    assert refused.err == "error: llmcost.yaml is there already\n  --force writes over it\n"
    assert (here / "llmcost.yaml").read_text(encoding="utf-8") == "mine"
    assert run("init --force").status == 0
    assert run("check").status == 0


def test_the_schema_of_the_file_is_printed(run: Run) -> None:
    assert json.loads(run("schema config").out)["title"] == "llmcost.yaml"
    assert json.loads(run("schema routes").out)["title"] == "llmcost rules file"
    assert json.loads(run("schema benchmarks").out)["title"] == "llmcost benchmark table"


def test_every_form_of_a_run_is_known() -> None:
    """The name of a new command's JSON belongs into `report/saved.py`."""
    from llmcost.report.saved import FORMS

    written = {
        name
        for path in (ROOT / "llmcost").rglob("*.py")
        for name in re.findall(r'"(llmcost\.[a-z-]+/\d)"', path.read_text(encoding="utf-8"))
    }

    tables = {"llmcost.pricing/1", "llmcost.benchmarks/1", "llmcost.routes/1"}
    assert written - tables - {"llmcost.reviewed/1", "llmcost.reviewed/2"} == set(FORMS)
