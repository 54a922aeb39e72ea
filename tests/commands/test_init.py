"""`llmcost init`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from llmcost.evals.task import parse_task
from llmcost.gate.rules import RULES
from llmcost.tables.trial_task import read_trial
from llmcost.tables.yaml_reader import YamlFile

from ..conftest import Run, updated


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
    for files in ("pricing:", "scores:", "sources:"):
        used = used.replace(files, "# ")
    (here / "llmcost.yaml").write_text(used, encoding="utf-8")

    found = run("check -f json")

    assert "error" not in found.err
    assert {x["rule"] for x in json.loads(found.out)["findings"]} == set(RULES)
    assert [x["level"] for x in json.loads(found.out)["findings"] if x["rule"] != "require"].count("UNJUDGED") == 0


def test_the_trial_that_init_writes_has_no_fault_also_where_it_is_commented_out(run: Run, here: Path) -> None:
    written = run("init trial")

    assert (written.status, written.err) == (0, "wrote trial.yaml and reviews.jsonl; next: llmcost trial trial.yaml\n")
    assert len(read_trial("trial.yaml").items) == 12
    text = (here / "trial.yaml").read_text(encoding="utf-8")
    whole = re.sub("^    # ", "    ", text.replace("grade: {type: label", "# grade: {type: label"), flags=re.MULTILINE)
    for line in re.findall(r"^# (grade: .*)$", whole, re.MULTILINE):
        found, faults = parse_task(YamlFile(whole + line, "trial.yaml").tree)
        assert faults == []
        assert found
        assert found.models["strong"].key_env == "OPENAI_API_KEY"
    assert run("init trial").err.startswith("error: trial.yaml already exists\n")


def test_init_writes_over_nothing_unless_forced(run: Run, here: Path) -> None:
    (here / "llmcost.yaml").write_text("mine", encoding="utf-8")

    refused = run("init")

    assert refused.status == 2
    assert refused.err == "error: llmcost.yaml already exists\n  --force overwrites it\n"
    assert (here / "llmcost.yaml").read_text(encoding="utf-8") == "mine"
    assert run("init --force").status == 0
    assert run("check").status == 0
