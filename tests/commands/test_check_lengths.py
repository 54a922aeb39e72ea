"""Lengths in an llmcost.yaml: shares, ranges and fields of files are priced each at their own rates, in check and diff."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..conftest import Run
from .conftest import Repository

MIXED = """
version: 1
workloads:
  list: {model: gemini-2.5-pro, rpd: 1000, in: "20k:80%,400k:20%", out: 1000}
  files: {model: gemini-2.5-pro, rpd: 1000, in: "@logs/calls.jsonl:usage.in", out: 1000}
  paired: {model: gemini-2.5-pro, rpd: 1000, in: "@logs/calls.jsonl:usage.in", out: "@logs/calls.jsonl:usage.out"}
  range: {model: gemini-2.5-pro, rpd: 1000, in: 100k..300k, out: 1000}
  thinks: {model: gemini-2.5-pro, rpd: 1000, in: 20k, out: 1000, reasoning: 3x}
"""


def log(folder: Path, *lines: tuple[int, int]) -> None:
    """Write calls with these tokens in and out."""
    (folder / "logs").mkdir(exist_ok=True)
    calls = (json.dumps({"usage": {"in": read, "out": answered}}) for read, answered in lines)
    (folder / "logs" / "calls.jsonl").write_text("\n".join(calls), encoding="utf-8")


CALLS = [(20_000, 1125)] * 8 + [(400_000, 500)] * 2


def test_each_length_of_a_workload_is_priced_at_its_own_rates(run: Run, here: Path) -> None:
    log(here, *CALLS)
    (here / "llmcost.yaml").write_text(MIXED, encoding="utf-8")
    data = json.loads(run("check -f json").out)

    assert {x["workload"]: (x["low"], x["monthly_usd"], x["high"]) for x in data["workloads"]} == {
        "list": (6930, 6930, 6930),
        "files": (6930, 6930, 6930),
        "paired": (6915, 6915, 6915),
        "range": (4050, 12562.5, 22950),
        "thinks": (1950, 1950, 1950),
    }
    assert {x["workload"]: x["lengths"] for x in data["requests"]} == {
        "list": "in 20000:80%,400000:20%",
        "files": "in 10 measured, 20000..400000, in all 960000",
        "paired": "in 10 measured, 20000..400000, in all 960000, out 10 measured, 500..1125, in all 10000",
        "range": "in 100000..300000",
        "thinks": "reasoning 3x",
    }


def test_lengths_that_changed_are_why_where_their_mean_did_not(run: Run, repository: Repository) -> None:
    """At the commit the file of lengths is the one of then."""
    folder = repository.folder
    log(folder, (96_000, 1000))
    repository.commit(MIXED)
    log(folder, *CALLS)
    (folder / "llmcost.yaml").write_text(MIXED.replace("20k:80%,400k:20%", "96k:100%"), encoding="utf-8")
    found = {x["workload"]: x for x in json.loads(run("diff HEAD -f json").out)["workloads"]}

    assert (found["list"]["before_usd"], found["list"]["after_usd"]) == (6930, 3900)
    assert (found["list"]["why"], found["list"]["detail"]) == ("tokens", "in 20000:80%,400000:20% -> one length")
    assert (found["files"]["before_usd"], found["files"]["after_usd"]) == (3900, 6930)
    assert found["files"]["why"] == "tokens"
    assert found["range"]["why"] is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("@logs/calls.jsonl:usage.x", 'logs/calls.jsonl:1: no field "usage.x"'),
        ("@logs/calls.jsonl:text", 'logs/calls.jsonl:1: "text" is a text, but only token counts are read here'),
        ("@logs/none.jsonl:n", "cannot read logs/none.jsonl: no such file or directory"),
        ("@logs/calls.jsonl", '"@logs/calls.jsonl" does not name a field of a file'),
        ("20k:80%", '"20k:80%": the shares add up to 80%, not 100%'),
        ("20k:80%,30k", '"20k:80%,30k": 30k has no share'),
    ],
)
def test_lengths_that_cannot_be_are_refused_at_their_place(run: Run, here: Path, written: str, said: str) -> None:
    (here / "logs").mkdir()
    (here / "logs" / "calls.jsonl").write_text('{"usage": {}, "text": "hello"}\n', encoding="utf-8")
    text = f'version: 1\nworkloads:\n  bot: {{model: gpt-4o, rpd: 1, in: "{written}", out: 1}}\n'
    (here / "llmcost.yaml").write_text(text, encoding="utf-8")
    ended = run("check")

    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"error: llmcost.yaml:3:36: workloads.bot.in: {said}")
