"""`llmcost diff`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llmcost.tables.find import user_config

from ..conftest import Run
from .conftest import CHEAP, DEAR, Repository, refused, repository_of
from .test_check import table

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
        ("", ["small", "big"], "Note: 1 workload did not change (-f json has all)"),
        ("--min-change 10", ["big"], "Note: 1 workload changed by less than --min-change (-f json has all)"),
        ("--min-change 5%", ["small"], "Note: 1 workload changed by less than --min-change (-f json has all)"),
        ("--min-change 99999", [], "Note: 2 workloads changed by less than --min-change (-f json has all)"),
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


def test_a_looser_rule_warns_at_most(run: Run, here: Path) -> None:
    """A diff is no gate: what fails a check does not read as a failure where the exit status is 0."""
    (here / "a.yaml").write_text(f"{CHEAP}  policy_changes: fail\n", encoding="utf-8")
    (here / "b.yaml").write_text(
        CHEAP.replace(": 500\n  max_increase_pct", ": 900\n  max_increase_pct"), encoding="utf-8"
    )

    found = run("diff a.yaml b.yaml")

    assert found.status == 0
    assert "WARN b.yaml:10 the policy is looser than on a.yaml: max_increase_usd 500 -> 900" in found.out
    assert "FAIL" not in found.out
    assert run("check --config b.yaml --baseline a.yaml").status == 1


@pytest.mark.parametrize("setting", ["LLMCOST_PRICING", "LLMCOST_TODAY", "user"])
def test_settings_of_the_machine_are_told(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    """Also where only the earlier side has the model whose price is not the project's."""
    (here / "a.yaml").write_text(CHEAP, encoding="utf-8")
    (here / "b.yaml").write_text(DEAR, encoding="utf-8")
    said = "priced by {}, not by the tables of the project: gpt-4o-mini input 0.15 -> 0.9"
    if setting == "LLMCOST_TODAY":
        monkeypatch.setenv(setting, "2026-10-02")
        said = "WARN b.yaml:8 the day is set to 2026-10-02 by LLMCOST_TODAY, but today is 2026-11-23\n"
    else:
        place = here / "own.yaml" if setting == "LLMCOST_PRICING" else user_config() / "pricing.yaml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(table("0.9"), encoding="utf-8")
        said = said.format(place)
        if setting == "LLMCOST_PRICING":
            monkeypatch.setenv(setting, str(place))

    found = run("diff a.yaml b.yaml")

    assert found.status == 0
    assert said in found.out
    assert said not in run("diff a.yaml b.yaml --project-prices").out or setting == "LLMCOST_TODAY"


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


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("diff", "missing argument 'BASE'"),
        ("diff nope", 'no git ref "nope"'),
        ("diff main nope", 'no git ref "nope"'),
        ("diff main --min-change much", '--min-change "much" is not an amount in USD'),
        ("diff main --config no.yaml", "main has no no.yaml"),
        ("diff main --config nowhere/no.yaml", "no folder nowhere"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_a_diff_that_cannot_be_made_is_an_error(run: Run, command: str, said: str) -> None:
    refused(run(command), said)


def test_refs_can_be_compared_when_the_file_is_gone(run: Run, here: Path) -> None:
    repository_of(CHEAP)(here)
    (here / "llmcost.yaml").unlink()

    assert run("diff HEAD main").status == 0
    assert run("diff HEAD").status == 2


def test_of_a_model_that_redirects_the_day_and_the_other_one_are_told(run: Run, here: Path) -> None:
    moves = two("200", "200").replace("model: gpt-4o,", "model: gemini-2.5-pro,")
    (here / "moves.yaml").write_text(moves, encoding="utf-8")
    said = run("diff moves.yaml moves.yaml").out

    assert "google/gemini-2.5-pro: from 2026-12-01 requests go to google/gemini-3.8-flash" in " ".join(said.split())
