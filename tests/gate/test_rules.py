"""A rule of the policy is one entry of one table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from llmcost.gate.rules import RULES, rule_words, sample_policy

from ..conftest import Grown

RULE = """
def _max_requests_per_day(rule: ActiveRule, subject: Subject) -> Finding:
    requests = subject.workload.configured.workload.daily_requests()
    level = Level.FAIL if requests > rule.value else Level.PASS
    return rule.finding(subject, level, f"{requests} requests a day", f"set {rule.name}: {requests}")


RULES: dict[str, PolicyRule] = {
    "max_requests_per_day": PolicyRule(
        form=WHOLE.says("The most requests a day."),
        scope=Scope.WORKLOAD,
        judge=_max_requests_per_day,
        sample="# max_requests_per_day: 20k  # each workload",
    ),
"""
EDITS = {
    "import DAYS, MONEY, PERCENT": "import DAYS, MONEY, PERCENT, WHOLE",
    "Scope, Strictness, as_strict": "Scope, Strictness, Subject, as_strict",
    "from .rule import": "from .finding import Finding, Level\nfrom .rule import",
    "RULES: dict[str, PolicyRule] = {\n": RULE,
}
CONFIG = """\
version: 1
workloads:
  a: {model: gpt-4o, rpd: 10k, in: 1, out: 1}
  b: {model: gpt-4o, rpd: 10k, in: 1, out: 1, policy: {max_requests_per_day: 9k}}
policy: {max_requests_per_day: 10k}
"""


@pytest.mark.long
def test_a_new_rule_touches_one_file(tmp_path: Path, grown: Grown, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a copy, an edit of `gate/rules.py` alone is parsed, in the schema, judged, described and in init's file."""
    (tmp_path / "own.yaml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.delenv("LLMCOST_TODAY")  # the copy does not know the day of the tests
    llmcost = grown("gate/rules.py", EDITS)
    check = ["check", "--config", "own.yaml", "-o"]

    assert [llmcost(["init"]), llmcost(["schema", "config", "-o", "schema.json"])] == [0, 0]
    assert [llmcost([*check, "run.sarif"]), llmcost([*check, "run.json"])] == [1, 1]
    run, log, schema = (
        json.loads((tmp_path / name).read_text(encoding="utf-8")) for name in ("run.json", "run.sarif", "schema.json")
    )
    assert [(x["workload"], x["level"], x["action"], x["line"], x["rule_line"]) for x in run["findings"]] == [
        ("a", "PASS", None, 3, 5),
        ("b", "FAIL", "set max_requests_per_day: 10000", 4, 4),
    ]
    (described,) = log["runs"][0]["tool"]["driver"]["rules"]
    assert described["shortDescription"]["text"] == "The most requests a day."
    assert "max_requests_per_day" in schema["definitions"]["policy"]["properties"]
    assert "\n  # max_requests_per_day: 20k" in (tmp_path / "llmcost.yaml").read_text(encoding="utf-8")


def test_every_rule_has_words_and_a_sample_that_its_form_takes() -> None:
    sample = yaml.safe_load(sample_policy().replace("\n  # ", "\n  "))["policy"]

    assert list(sample) == list(rule_words()) == list(RULES)
    assert all(rule_words().values())
