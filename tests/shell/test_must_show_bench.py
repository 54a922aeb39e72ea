"""The figures on benchmarks that llmcost is held to, through the whole command."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from ..conftest import Run

ARTICLE = ["mmlu", "math", "humaneval", "gpqa"]


def found(run: Run, command: str) -> dict[str, Any]:
    """Return a command's JSON, with exact decimals."""
    result = run(f"{command} -f json")
    assert (result.status, result.err) == (0, "")
    return dict(json.loads(result.out, parse_float=Decimal, parse_int=Decimal))


def by_benchmark(rows: list[dict[str, Any]], model: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a model by benchmark."""
    return {row["benchmark"]: row for row in rows if row["model"] == model}


def test_the_articles_models_lead_and_all_others_with_the_four_follow_best_first(run: Run) -> None:
    rows = found(run, "bench")["scores"]
    models = list(dict.fromkeys(row["model"] for row in rows))

    assert models[:3] == ["openai/gpt-4o", "openai/gpt-4o-mini", "openai/gpt-3.5-turbo"]
    assert len(models) > 25
    assert all(list(by_benchmark(rows, model)) == ARTICLE for model in models)
    mmlu = [by_benchmark(rows, model)["mmlu"]["score"] for model in models[3:]]
    assert mmlu == sorted(mmlu, reverse=True)


@pytest.mark.parametrize("command", ["bench gpt-4o gpt-4o-mini --vs gpt-4o", "compare gpt-4o gpt-4o-mini"])
def test_the_differences_of_mini(run: Run, command: str) -> None:
    report = found(run, command)
    rows = by_benchmark(report["differences" if "bench" in command else "benchmarks"], "openai/gpt-4o-mini")

    assert [(rows[key]["delta"], rows[key]["verdict"]) for key in ARTICLE] == [
        (Decimal("-6.7"), "worse"),
        (Decimal("-6.4"), "worse"),
        (Decimal("-3.0"), "no_detectable_difference"),
        (Decimal("-13.4"), "worse"),
    ]
    assert [round(rows[key]["p_value"], 3) for key in ("humaneval", "gpqa")] == [Decimal("0.390"), Decimal("0.007")]
    assert [round(rows[key]["p_holm"], 3) for key in ("humaneval", "gpqa")] == [Decimal("0.390"), Decimal("0.014")]
    assert max(rows[key]["p_holm"] for key in ("mmlu", "math")) < Decimal("1e-9")
    ends = [(round(rows[key]["delta_low"], 1), round(rows[key]["delta_high"], 1)) for key in ("humaneval", "gpqa")]
    assert ends == [(Decimal("-10.0"), Decimal("4.0")), (Decimal("-22.9"), Decimal("-3.6"))]
