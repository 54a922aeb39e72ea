"""`llmcost check` on real spend: logs that llmcost.yaml or `--usage` names; and `llmcost usage` without a path."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ..conftest import TODAY, Run

CONFIG = """\
version: 1
workloads:
  bot: {model: gpt-4o-mini, rpd: 100, in: 500, out: 200}
usage:
  sources: [logs/*.jsonl]
  map: {prod: gpt-4o}
  provider: OpenAI
policy:
  max_spend_usd: 200
  max_spend_increase_pct: 10
  max_spend_increase_usd: 60
  runner_settings: allow
"""
FAILED = (
    "FAIL llmcost.yaml:11 +$75.00 (+100.0%) spent, from $75.00 (2026-09-24 to 2026-10-23) to $150.00 (2026-10-24 to"
    " 2026-11-22), exceeds max_spend_increase_usd, $60.00 and max_spend_increase_pct, 10.0%; to pass: see what rose"
    " with llmcost usage --by week"
)


def lines(*days: int, model: str = "prod") -> str:
    """Return a request of $2.50 on each of the days so long ago."""
    rows = []
    for number, ago in enumerate(days):
        at = datetime.fromisoformat(TODAY).replace(tzinfo=UTC) - timedelta(days=ago)
        usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0}
        row = {"object": "chat.completion", "id": f"{model}{number}", "created": int(at.timestamp()), "model": model}
        rows.append(json.dumps({**row, "usage": usage}))
    return "\n".join(rows) + "\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder inside a project whose logs cost $75.00 in 30 days, and $150.00 in the next 30."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "[a] b" / "logs").mkdir(parents=True)
    (tmp_path / "[a] b/.git").mkdir()
    monkeypatch.chdir(tmp_path / "[a] b")
    Path("llmcost.yaml").write_text(CONFIG, encoding="utf-8")
    Path("logs/a.jsonl").write_text(lines(*range(1, 61), *range(1, 31)), encoding="utf-8")
    return Path.cwd()


@pytest.mark.usefixtures("here")
def test_the_logs_of_the_file_are_judged_in_every_format(run: Run) -> None:
    said = run("check")
    out = json.loads(run("check", "-f", "json").out)

    assert (said.status, said.err) == (1, "FAIL: 2 failed, 1 passed\n")
    assert said.out.startswith("FAIL: $0.585 a month; $150.00 spent in 30 days\n")
    assert FAILED in said.out.splitlines()
    assert (
        "Spend: $150.00 from 2026-10-24 to 2026-11-22, records on 30 of 30 days; 1 file (api-responses), 90 rows\n"
    ) in said.out
    assert out["spend"] | {"read": ""} == {
        "first": "2026-10-24",
        "last": "2026-11-22",
        "days_with_records": 30,
        "usd": 150,
        "unpriced": None,
        "before_days_with_records": 30,
        "before_usd": 75,
        "before_unpriced": None,
        "read": "",
    }
    for format_, place in (("sarif", '"id": "max_spend_usd"'), ("junit", '<testcase name="max_spend_usd"')):
        assert place in run("check", "-f", format_).out
    assert "max\\_spend\\_increase\\_usd, $60.00; to pass: " in run("check", "-f", "md").out


@pytest.mark.usefixtures("here")
def test_the_saved_report_and_the_saved_usage_say_the_same(run: Run) -> None:
    run("check", "-o", "run.json")
    run("usage", "-o", "usage.json")

    assert FAILED in run("report", "run.json").out
    assert FAILED in run("check", "--usage", "usage.json").out


def test_what_is_given_takes_the_place_of_the_sources(run: Run, here: Path) -> None:
    (here / "odd.jsonl").write_text(lines(1, 2, model="my-4o"), encoding="utf-8")
    said = run("check", "--usage", "odd.jsonl", "--usage", "logs")

    assert (said.status, said.out.partition("\n")[0]) == (
        2,
        "UNJUDGED: 1 rule cannot be judged, 2 rules failed; $0.585 a month; at least $150.00 spent in 30 days",
    )
    assert "is within max_spend_usd, $200.00, but 2 records have no price (unknown model openai/my-4o)" in said.out


def test_records_without_a_date_ask_for_one(run: Run, here: Path) -> None:
    undated = [{**json.loads(x), "created": None} for x in lines(1).splitlines()]
    (here / "undated.jsonl").write_text(json.dumps(undated), encoding="utf-8")
    said = run("check", "--usage", "undated.jsonl")
    run("usage", "undated.jsonl", "--on", "2026-11-20", "-o", "usage.json")

    assert said.status == 2
    assert (
        "1 record has no price (no date); to pass: date them with llmcost usage LOG --on DATE -o usage.json" in said.out
    )
    assert "$2.50 spent" in run("check", "--usage", "usage.json").out


def test_rules_without_logs_are_off_and_logs_without_rules_are_refused(run: Run, here: Path) -> None:
    unnamed, ruleless = CONFIG.replace("  sources: [logs/*.jsonl]\n", ""), CONFIG.replace("max_spend_", "# ")
    for config, arguments, status, said in (
        (unnamed, [], 0, "OFF llmcost.yaml:8 max_spend_usd, max_spend_increase_usd and max_spend_increase_pct were"),
        (ruleless, ["--usage", "logs"], 2, "--usage needs a rule on real spend in llmcost.yaml"),
        (ruleless.replace("logs/", "nowhere/"), [], 2, "UNJUDGED: llmcost.yaml has no rule to judge"),
    ):
        (here / "llmcost.yaml").write_text(config, encoding="utf-8")
        found = run("check", *arguments)
        assert (found.status, said in found.out + found.err) == (status, True), found


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("logs/*.jsonl", "logs/*.csv", "llmcost.yaml:5:13: usage.sources[0]: no file matches logs/*.csv"),
        ("logs/*.jsonl", "nowhere", "llmcost.yaml:5:13: usage.sources[0]: no file matches nowhere"),
        ("[logs/*.jsonl]", "[]", "llmcost.yaml:5:12: usage.sources: expected at least one log; without sources, check"),
        ("prod: gpt-4o", "prod: gtp-4o", 'llmcost.yaml:6:15: usage.map.prod: unknown model "gtp-4o"'),
        ("provider: OpenAI", "provider: x", "llmcost.yaml:7:13: usage.provider: unknown provider (known: "),
        ("provider: OpenAI", "log_format: x", "llmcost.yaml:7:15: usage.log_format: unknown format (known: "),
        ("provider: OpenAI", "providr: x", 'llmcost.yaml:7:3: usage.providr: unknown key (did you mean "provider"?)'),
    ],
)
def test_a_fault_stands_at_its_place(run: Run, here: Path, before: str, after: str, said: str) -> None:
    (here / "llmcost.yaml").write_text(CONFIG.replace(before, after), encoding="utf-8")

    for command in ("check", "usage"):
        found = run(command)
        assert (found.status, said in found.err) == (2, True), found.err


def test_usage_without_a_path_reads_what_the_nearest_file_names(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "deep").mkdir()
    monkeypatch.chdir(here / "deep")
    said = run("usage")
    mapped: Any = json.loads(run("usage", "--map", "prod=gpt-4o-mini", "-q", "-f", "json").out)

    assert said.err == "reading the usage of ../llmcost.yaml: logs/*.jsonl\n"
    assert said.out.startswith("$225.00 for 90 requests from 2026-09-24 to 2026-11-22\n")
    assert (mapped["totals"]["repriced_usd"], mapped["read"]["files"]) == (13.5, 1)
