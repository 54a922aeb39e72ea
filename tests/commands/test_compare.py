"""`llmcost compare`: the benchmarks that models share, and the verdict in words."""

from __future__ import annotations

import pytest

from ..conftest import Run
from .conftest import report


def test_all_benchmarks_that_both_have_are_there_the_articles_first(run: Run) -> None:
    rows = report(run, "compare gpt-4o gpt-4o-mini")["benchmarks"]
    keys = list(dict.fromkeys(row["benchmark"] for row in rows))

    assert keys[:4] == ["mmlu", "math", "humaneval", "gpqa"]
    assert len(keys) > 20
    assert len(rows) == 2 * len(keys)
    assert {row["family"] for row in rows if row["benchmark"] in keys[:4]} == {"article"}
    assert {row["family"] for row in rows if row["benchmark"] in keys[4:]} == {"other"}


def test_money_is_what_it_was(run: Run) -> None:
    with_, without = (report(run, f"compare gpt-4o gpt-4o-mini {x}") for x in ("", "--no-bench"))

    assert with_["models"] == without["models"]
    assert "benchmarks" not in without
    assert with_["headline"].startswith(f"{without['headline']}; ")


def test_every_model_has_its_verdict_in_words(run: Run) -> None:
    out = run("compare gpt-4o gpt-4o-mini claude-opus-5 text-embedding-3-small --details").out

    assert out.splitlines()[0].endswith("; no benchmark in common")
    assert (
        "; worse on 13 of 24 comparable benchmarks, including MMLU, MATH, GPQA; no detectable difference on 11, including HumanEval\n"
        in out
    )
    assert "; better on Arena text, " in out


def test_a_score_with_reasoning_says_that_its_hidden_tokens_are_in_no_cost(run: Run) -> None:
    said = "anthropic/claude-opus-5 was scored with reasoning: hidden tokens"
    command = "compare gpt-4o claude-opus-5 --rpd 1k --in 500 --out 200"

    assert said in run(command).out
    assert said not in run(f"{command} --reasoning 100").out
    assert "scored with reasoning" not in run("compare gpt-4o gpt-4o-mini").out


def test_the_short_answer_has_what_its_headline_names_and_what_its_costs_leave_out(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("compare gpt-4o gpt-4o-mini gpt-6-luna gpt-5.4-nano --rpd 1k --in 500 --out 200").out.splitlines()
    rows = lines[next(place for place, line in enumerate(lines) if line.startswith("Benchmark")) + 2 :]

    assert "better on Arena text, Arena hard prompts, Arena instructions" in " ".join(lines[:3])
    assert [row.split("  ")[0] for row in rows[:3]] == ["Arena text", "Arena hard prompts", "Arena instructions"]
    notes = " ".join(line.strip() for line in lines if not line.startswith("--details"))
    assert (
        "openai/gpt-6-luna reasons before answering; openai/gpt-5.4-nano was scored with reasoning: these hidden tokens "
        "are not included"
    ) in notes
    assert len(lines) <= 23


def test_the_base_against_itself_is_no_comparison(run: Run) -> None:
    found = report(run, "compare gpt-4o gpt-4o")

    assert found["benchmarks"] == []
    assert found["headline"].endswith(": $2,500.00")


def test_doubts_about_scores_stand_with_the_others(run: Run) -> None:
    notes = report(run, "compare gpt-4o gpt-3.5-turbo")["notes"]

    assert [
        x["text"] for x in notes if x["kind"] == "status" and "on MATH: the article's 57.1 is contradicted" in x["text"]
    ]
    assert [x for x in report(run, "compare gpt-4o gpt-4o-mini")["notes"] if x["kind"] == "harness"]
