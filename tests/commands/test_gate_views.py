"""A check and a diff as reports: what people and machines are shown of the rare cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..conftest import Run

LINE = "{model: gpt-4o-mini, rpd: 100000, in: 500, out: 200}"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, jobs in (("one", ["a"]), ("two", ["a", "b"])):
        lines = "\n".join(f"  {job}: {LINE}" for job in jobs)
        text = f"version: 1\nworkloads:\n{lines}\npolicy: {{max_monthly_usd: 9999}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_a_workload_that_is_gone_is_named_with_what_it_cost(run: Run) -> None:
    found = run("check --config one.yaml --baseline two.yaml")

    assert "b was removed since the baseline (-$585.00)" in found.out
    total = next(line for line in found.out.splitlines() if line.startswith("total"))
    assert total.split() == ["total", "$1,170.00", "$585.00", "-$585.00", "-50.0%"]
    assert json.loads(run("check --config one.yaml --baseline two.yaml -f json").out)["removed"] == ["b"]


def test_a_new_workload_has_no_figures_of_before(run: Run) -> None:
    (_, row) = json.loads(run("check --config two.yaml --baseline one.yaml -f json").out)["workloads"]

    assert (row["baseline_usd"], row["delta_usd"], row["delta_pct"]) == (None, None, None)


def test_without_a_baseline_there_are_no_columns_for_it(run: Run) -> None:
    head = run("check --config one.yaml").out.splitlines()[2]

    assert head.split() == ["Workload", "Model", "Month"]


def test_the_prices_behind_the_bills_are_in_the_json(run: Run) -> None:
    prices = json.loads(run("check --config one.yaml -f json").out)["prices"]

    assert prices == [
        {"workload": "a", "model": "openai/gpt-4o-mini", "tier": "standard", "unit": "input", "rate_usd": 0.15},
        {"workload": "a", "model": "openai/gpt-4o-mini", "tier": "standard", "unit": "output", "rate_usd": 0.6},
    ]
