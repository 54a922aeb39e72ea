"""A rule of the policy is one entry of one table."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from llmcost.gate.rules import RULES, rule_words, sample_policy

from ..conftest import ROOT

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
    "from .rule import ActiveRule, PolicyRule, Scope, both, by_name": (
        "from .finding import Finding, Level\nfrom .rule import ActiveRule, PolicyRule, Scope, Subject, both, by_name"
    ),
    "RULES: dict[str, PolicyRule] = {\n": RULE,
}
CONFIG = """\
version: 1
workloads:
  a: {model: gpt-4o, rpd: 10k, in: 1, out: 1}
  b: {model: gpt-4o, rpd: 10k, in: 1, out: 1, policy: {max_requests_per_day: 9k}}
policy: {max_requests_per_day: 10k}
"""
USE = """
from llmcost.cli.main import main
main(["init"])
main(["schema", "config", "-o", "schema.json"])
main(["check", "--config", "own.yaml", "-f", "sarif", "-o", "run.sarif"])
raise SystemExit(main(["check", "--config", "own.yaml", "-f", "json", "-o", "run.json"]))
"""


def test_a_new_rule_touches_one_file(tmp_path: Path) -> None:
    """In a copy, an edit of `gate/rules.py` alone is parsed, in the schema, judged, described and in init's file."""
    shutil.copytree(ROOT / "llmcost", tmp_path / "llmcost", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "pricing.yaml").symlink_to(ROOT / "pricing.yaml")
    rules = tmp_path / "llmcost" / "gate" / "rules.py"
    text = rules.read_text(encoding="utf-8")
    for old, new in EDITS.items():
        assert old in text
        text = text.replace(old, new)
    rules.write_text(text, encoding="utf-8")
    (tmp_path / "own.yaml").write_text(CONFIG, encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, "-c", USE], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, check=False
    )

    assert ended.returncode == 1
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
