"""The scheduled update of the price table: what it may do, and the change that its pull request shows."""

from __future__ import annotations

import re

import yaml

from tests.conftest import ROOT
from tests.tools.apply_updates import applied

WORKFLOWS = ROOT / ".github" / "workflows"
TEXT = (WORKFLOWS / "prices.yml").read_text("utf-8")
FLOW = yaml.load(TEXT, yaml.BaseLoader)
(JOB,) = FLOW["jobs"].values()


def actions(text: str) -> set[str]:
    return set(re.findall(r"uses: (\S+)", text))


def test_it_runs_by_itself_and_may_write_a_branch_and_a_pull_request_only() -> None:
    assert set(FLOW["on"]) == {"schedule", "workflow_dispatch"}
    assert FLOW["permissions"] == {}
    assert JOB["permissions"] == {"contents": "write", "pull-requests": "write"}


def test_its_actions_are_those_of_the_checks_at_the_same_versions() -> None:
    assert actions(TEXT) <= actions((WORKFLOWS / "ci.yml").read_text("utf-8"))


def test_a_pull_request_is_opened_only_where_the_check_says_that_the_table_is_behind() -> None:
    *_, check, pull = JOB["steps"]
    assert "prices update --check" in check["run"]
    assert pull["if"] == "steps.check.outputs.behind == '1'"
    assert "gh pr create" in pull["run"]
    assert "${{" not in check["run"] + pull["run"]  # nothing is pasted into the shell


TABLE = """\
# a comment
schema: llmcost.pricing/1
updated: 2026-11-22
models:
  # --- A ---

  a/one:
    prices: {input: 1}  # was 2

  a/two:
    # why
    prices:
      - {input: 1}

      - {from: 2026-01-01, input: 2}
  # --- B ---
  b/one: {prices: {input: 1}}
"""


def test_the_entries_of_updates_replace_those_of_the_table_and_leave_the_rest() -> None:
    updates = "updated: 2026-12-01\nmodels:\n  a/two:\n    prices: {input: 3}\n  c/new:\n    prices: {input: 4}\n"
    expected = TABLE.replace("2026-11-22", "2026-12-01").replace(
        "    # why\n    prices:\n      - {input: 1}\n\n      - {from: 2026-01-01, input: 2}\n",
        "    prices: {input: 3}\n",
    )
    assert applied(TABLE, updates) == f"{expected}\n  c/new:\n    prices: {{input: 4}}\n"


def test_every_entry_of_the_packaged_table_can_be_replaced() -> None:
    table = (ROOT / "pricing.yaml").read_text("utf-8")
    assert applied(table, "models:\n") == table
    ids = list(yaml.load(table, yaml.CBaseLoader)["models"])
    updates = "models:\n" + "".join(f"  {x}:\n    prices: {{input: 1}}\n" for x in ids)
    assert yaml.load(applied(table, updates), yaml.CSafeLoader)["models"] == {x: {"prices": {"input": 1}} for x in ids}
