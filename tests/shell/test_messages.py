"""Names that mean no model, and models that cannot be priced: each its own message."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.conftest import Run

JOB = "--rpd 10 --in 1000 --out 100"
TABLE = """\
schema: llmcost.pricing/1
models:
  acme/listed: {prices: {}}
  acme/fast: {aliases: [fast-latest], checked: 2026-11-01, prices: {input: 1, output: 2}}
  acme/slow-latest: {prices: {input: 1, output: 2}}
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "acme.yaml"
    file.write_text(TABLE, encoding="utf-8")
    return file


def test_an_unknown_dated_form_of_a_known_model_is_unknown(run: Run) -> None:
    said = run(f"estimate -m gpt-4o-2024-99-99 {JOB}")
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith('error: unknown model "gpt-4o-2024-99-99"\n')


def test_an_unknown_moving_name_says_that_it_moves(run: Run) -> None:
    said = run(f"estimate -m gpt-5.5-latest {JOB}")
    assert said.status == 2
    assert "\n  a -latest name moves from model to model: name the model itself\n" in said.err


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("fast-latest", "fast-latest is a moving name: acme/fast, as {} has it (2026-11-01)"),
        ("acme/FAST-latest", "acme/FAST-latest is a moving name: acme/fast, as {} has it (2026-11-01)"),
        ("slow-latest", "slow-latest is a moving name: acme/slow-latest, as {} has it"),
    ],
)
def test_a_moving_name_says_what_it_means_here(run: Run, table: Path, name: str, meant: str) -> None:
    said = run(f"estimate -m {name} {JOB} --pricing {table} -f json")
    notes = [note["text"] for note in json.loads(said.out)["notes"]]
    assert meant.format(table) in notes


def test_a_model_by_its_own_name_has_no_such_note(run: Run, table: Path) -> None:
    said = run(f"estimate -m acme/fast {JOB} --pricing {table} -f json")
    assert "moving" not in said.out


@pytest.mark.parametrize("command", [f"estimate -m listed {JOB}", f"compare listed gpt-4o {JOB}"])
def test_an_unpriced_model_is_an_error_that_says_how_to_price_it(run: Run, table: Path, command: str) -> None:
    said = run(f"{command} --pricing {table}")
    assert (said.status, said.out) == (2, "")
    assert said.err == (
        "error: acme/listed has no known price\n"
        "  set one: --price acme/listed=IN/OUT in USD per 1M tokens, or use your own table: --pricing FILE\n"
    )
    assert run(f"{command} --pricing {table} --price listed=1/2").status == 0


@pytest.mark.parametrize("command", ["models show", "prices history"])
def test_an_unpriced_model_is_shown_as_one(run: Run, table: Path, command: str) -> None:
    said = run(f"{command} listed --pricing {table}")
    assert said.status == 0
    assert said.out.splitlines()[0].endswith("has no known price")


def test_a_gate_on_a_retired_model_says_so_also_when_quiet(run: Run) -> None:
    said = run(f"estimate -m gpt-3.5-turbo {JOB} --fail-over 5 -f csv -q")
    assert said.status == 0
    assert said.err.rstrip().endswith("within the limit of $5.00; it was shut down on 2026-10-23")


def test_a_price_for_a_model_of_no_table_says_where_it_goes(run: Run) -> None:
    said = run(f"estimate -m gpt-4o --price nothing-known=1/2 {JOB}")
    assert said.status == 2
    assert said.err.endswith("  put your own model into a table: --pricing FILE\n")


SCORES = """\
schema: llmcost.benchmarks/1
benchmarks:
  exam: {name: Exam, measures: x, unit: percent, higher_is_better: true, items: 100, interval: binomial}
scores:
  - {model: openai/gpt-4o, benchmark: exam, score: 80, source: me, date: 2026-01-01, reported_by: third-party}
  - {model: MODEL, benchmark: exam, score: 70, source: me, date: 2026-01-01, reported_by: third-partyMORE}
"""


@pytest.mark.parametrize("command", ["bench gpt-4o -b exam", "compare gpt-4o gpt-4o-mini", "recommend --min exam=60"])
@pytest.mark.parametrize(
    ("model", "more", "status", "said"),
    [
        ("openai/gpt-4o-mini", "", 0, ""),
        ("acme/own", ", unpriced: true", 0, ""),
        ("gpt-4o-mini", "", 2, "6:13: scores[1].model: no model in the price table has the id gpt-4o-mini"),
        ("openai/gpt-4", ", unpriced: true", 2, "6:111: scores[1].unpriced: openai/gpt-4 is in the price table"),
    ],
)
def test_a_score_table_of_ones_own_is_of_models_that_are_known(
    run: Run, tmp_path: Path, command: str, model: str, more: str, status: int, said: str
) -> None:
    file = tmp_path / "scores.yaml"
    file.write_text(SCORES.replace("MODEL", model).replace("MORE", more), encoding="utf-8")
    result = run(f"{command} --scores {file}")
    assert result.status == status, result.err
    assert (f"error: {file}:{said}" if said else "") in result.err


HOSTILE = r"""version: 1
workloads:
  "a\n::error file=x::forged\nPASS: 9 passed\e[2J": {model: gpt-4o, rpd: 1000, in: 500, out: 200}
  "::add-mask::x ##[stop-commands]y \u202e\u200b\u2028\x9b": {model: MODEL, rpd: 1000, in: 500, out: 200}
policy: {max_usd_per_1k_requests: 0.1}
"""
"""A pull request's llmcost.yaml whose names speak to terminals and to GitHub's runner."""


@pytest.mark.parametrize("format_", ["table", "json", "csv", "md", "github", "junit", "sarif"])
@pytest.mark.parametrize("model", ["gpt-4o", r'"no\n::error::forged\e[2J ##[error]z"'])
def test_a_name_speaks_to_no_terminal_and_no_runner(run: Run, tmp_path: Path, format_: str, model: str) -> None:
    file = tmp_path / "llmcost.yaml"
    file.write_text(HOSTILE.replace("MODEL", model), encoding="utf-8")

    said = run("check", "--config", str(file), "-f", format_)

    assert said.status == (1 if model == "gpt-4o" else 2)
    lines = [*said.out.split("\n"), *said.err.split("\n")]
    own = "::error file=" if format_ == "github" else "none"
    assert not [x for x in lines if x.lstrip().startswith("::") and not x.startswith(own)]
    assert not [x for x in lines if "##[" in x and not x.startswith(own)]
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u202e]", said.out + said.err)


def test_an_item_of_a_result_file_speaks_to_none_either(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    file.write_text('{"item": "q1\\n::error::forged\\u001b[2J", "weak": 1, "strong": "x"}\n', encoding="utf-8")
    said = run("validate", str(file), "--margin", "2")
    assert (said.status, said.out) == (2, "")
    assert r"q1\n::error::forged\x1b[2J" in said.err


def test_a_long_value_is_shortened_and_many_faults_are_counted(run: Run, tmp_path: Path) -> None:
    for option in ("--rpd", "--in"):
        said = run("estimate", "-m", "gpt-4o", option, "x " * 500_000)
        assert said.status == 2
        assert said.err.startswith(f'error: {option} "x x')
        assert "characters left out) ..." in said.err
        assert len(said.err) < 400
    file = tmp_path / "llmcost.yaml"
    file.write_text("version: 1\nworkloads:\n" + "".join(f"  w{x}: 1\n" for x in range(1_100)), encoding="utf-8")
    said = run("check", "--config", str(file))
    assert said.err.splitlines()[-1] == "error: and 1,000 more"
