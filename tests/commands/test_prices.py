"""`llmcost prices`: import, diff, history and lint; and prices of one's own in every command that has prices."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llmcost.load import load_catalog
from tests.conftest import updated

from ..conftest import Run
from .conftest import refused

JOB = "--rpd 1000 --in 1000 --out 1000"
LITELLM = {
    "sample_spec": {"mode": "chat"},
    "gpt-4o": {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 2.5e-06,
        "output_cost_per_token": 1e-05,
        "max_input_tokens": 128000,
        "a_cost_of_no_name": 5,
    },
    "acme-x": {"litellm_provider": "openai", "mode": "chat"},
}
IMPORT = "prices import litellm --from in.json"
TABLES = {
    "old.yaml": "a/b: {prices: {input: 0.15, output: 1}}\na/gone: {prices: {input: 1}}",
    "new.yaml": "a/b: {prices: [{input: 0.15, output: 1}, {from: 2026-11-23, input: 0.1275, output: 1}]}",
    "good.yaml": "a/b: {checked: 2026-08-25, prices: {input: 1}}",
    "odd.yaml": "a/c: {checked: 2026-08-24, prices: {input: 1001}}\na/d: {prices: {input: 1, cache_read: 2}}",
    "bad.yaml": "a/b: {}\na/c: {prices: 5}",
    "my-prices.yaml": "a/b: {checked: 2026-11-22, prices: {input: 1}}",
}
ODD = (
    "models.a/c.prices.input: 1001 is above $1,000 per 1M tokens: is it in another unit?"
    " usual: 0.002 to 600 (all 3,906 in the packaged table)"
)
MINI = "openai/gpt-4o-mini"
OWN = "--price gpt-4o=2.00/8.00 --discount openai=15%"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: Callable[..., Path]) -> Path:
    """Return the working folder, which has the tables and a copy of litellm's."""
    monkeypatch.chdir(tmp_path)
    for name, models in TABLES.items():
        table(models, name)
    for name in ("in.json", "model_prices.json"):
        (tmp_path / name).write_text(json.dumps(LITELLM), encoding="utf-8")
    return tmp_path


def test_an_import_writes_a_table_that_every_command_reads(run: Run, here: Path) -> None:
    imported = run(f"{IMPORT} -o out.yaml")
    (row,) = json.loads(run(f"estimate -m gpt-4o {JOB} --pricing out.yaml -f json").out)["estimates"]

    assert (imported.status, imported.err) == (0, "")
    assert imported.out.startswith("2 models of litellm into out.yaml, 1 of them without a price; 1 item")
    assert "a_cost_of_no_name" in imported.out
    assert (here / "out.yaml").read_text(encoding="utf-8").startswith("# Prices of litellm, imported by llmcost.\n")
    assert (row["monthly_usd"], row["price_table"]) == (375, "out.yaml")
    assert load_catalog(here / "out.yaml").resolve("gpt-4o").id == "openai/gpt-4o"


def test_what_is_not_the_sources_table_changes_nothing(run: Run, here: Path) -> None:
    (here / "in.json").write_text('{"a": }', encoding="utf-8")
    (here / "out.yaml").write_text("old", encoding="utf-8")

    refused(run(f"{IMPORT} -o out.yaml"), "in.json:1:7: not JSON: expecting value")
    assert (here / "out.yaml").read_text(encoding="utf-8") == "old"


def test_a_diff_is_of_two_tables_on_a_day(run: Run) -> None:
    now, before = (json.loads(run(f"prices diff old.yaml new.yaml {x} -f json").out) for x in ("", "--on 2026-11-22"))

    assert (now["before"], now["after"], now["on"], now["removed"]) == (
        "old.yaml",
        "new.yaml",
        "2026-11-23",
        ["a/gone"],
    )
    assert [(x["what"], x["before"], x["after"]) for x in now["changes"]] == [("input", 0.15, 0.1275)]
    assert before["changes"] == []


def test_a_history_is_of_the_prices_of_ones_own(run: Run) -> None:
    reduced = json.loads(run("prices history gpt-4o-mini --discount openai=15% -f json").out)["history"]
    fixed = json.loads(run("prices history gpt-4o-mini --price gpt-4o-mini=1/2 -f json").out)["history"]

    assert (reduced[0]["input"], reduced[0]["output"]) == (0.1275, 0.51)
    assert [(x["from"], x["tier"], x["input"], x["output"]) for x in fixed] == [(None, "standard", 1, 2)]


def test_the_packaged_table_is_the_one_that_is_linted_without_files(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMCOST_TODAY", str(updated("pricing.yaml")))
    result = run("prices lint --max-age 90d")

    assert (result.status, result.err) == (0, "")
    assert re.fullmatch(r"nothing odd in [1-9]\d* models of packaged pricing\.yaml\n", result.out)


@pytest.mark.parametrize(
    ("files", "status", "err"),
    [
        ("good.yaml", 0, ""),
        ("good.yaml --max-age 90d", 0, ""),
        ("good.yaml --max-age 89", 1, "FAIL: 1 finding\n"),
        ("odd.yaml good.yaml", 1, "FAIL: 2 findings\n"),
        ("odd.yaml -q -o report.json", 1, "FAIL: 2 findings\n"),
    ],
)
def test_what_is_odd_is_status_1(run: Run, files: str, status: int, err: str) -> None:
    result = run(f"prices lint {files}")

    assert (result.status, result.err) == (status, err)
    assert ("models.a/b.checked: the price was checked 90 days ago, more than" in result.out) is ("89" in files)


def test_findings_have_their_places_in_the_order_of_the_files(run: Run) -> None:
    found = json.loads(run("prices lint odd.yaml good.yaml -f json").out)

    assert (found["models_checked"], f"odd.yaml:3:46  {ODD}" in run("prices lint odd.yaml").out) == (3, True)
    assert [(x["file"], x["line"], x["column"], x["path"]) for x in found["findings"]] == [
        ("odd.yaml", 3, 46, "models.a/c.prices.input"),
        ("odd.yaml", 4, 40, "models.a/d.prices.cache_read"),
    ]


def test_faults_are_status_2_all_at_once_with_what_is_odd(run: Run) -> None:
    result = run("prices lint odd.yaml bad.yaml")

    refused(result, "")
    assert result.err.splitlines()[:3] == [
        'error: bad.yaml:3:3: models.a/b: "prices" is missing',
        'error: bad.yaml:4:17: models.a/c.prices: expected rates or a list of dated rates, found "5"',
        f"error: odd.yaml:3:46: {ODD} (odd)",
    ]


@pytest.mark.parametrize(
    ("command", "said", "hint"),
    [
        ("", "missing command", "see: llmcost prices --help"),
        ("nope", 'no such command "nope"', ""),
        ("import nope --from in.json -o out.yaml", 'SOURCE: unknown value "nope"', "known: litellm, genai-prices"),
        ("import litellm --from no.json -o out.yaml", "cannot read no.json: no such file", ""),
        ("import litellm --from in.json -o no/out.yaml", "cannot write no/out.yaml: no such file", ""),
        ("import litellm --from in.json -o out.yaml -f xml", '-f: unknown value "xml"', "known: table"),
        ("import litellm --from in.json", "missing option '-o' / '--output'", "see: llmcost prices import"),
        ("import litellm -o out.yaml", "missing option '--from'", "see: llmcost prices import"),
        ("diff old.yaml no.yaml", "cannot read no.yaml: no such file", ""),
        ("diff old.yaml", "missing argument 'B'", ""),
        ("diff old.yaml bad.yaml", 'bad.yaml:3:3: models.a/b: "prices" is missing', ""),
        ("history", "missing argument 'MODEL'", "see: llmcost prices history --help"),
        ("history gpt4o", 'unknown model "gpt4o"', "did you mean: openai/gpt-4o"),
        ("lint --max-age soon", '--max-age "soon" is not a number of days', ""),
        ("lint no.yaml", "cannot read no.yaml: no such file", ""),
    ],
)
def test_what_cannot_be_meant_is_refused(run: Run, here: Path, command: str, said: str, hint: str) -> None:
    refused(run(f"prices {command}"), said, hint)
    assert not (here / "out.yaml").exists()


def test_the_examples_of_the_help_run(run: Run) -> None:
    assert [run("prices --help").out.count(f"\n  {x} ") for x in ("update", "import", "diff", "history", "lint")] == [
        1
    ] * 5
    for command in ("import", "diff", "history", "lint"):
        examples = re.findall(r"^  llmcost (.+)$", run(f"prices {command} --help").out, re.MULTILINE)
        assert examples
        for example in examples:
            assert run(example).status == 0, example


# --- prices of one's own --------------------------------------------------------------------------------------------


def rows(run: Run, command: str, key: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a command's JSON by model."""
    result = run(f"{command} -f json")
    assert result.status == 0, result.err
    return {x.get("model") or x["id"]: x for x in json.loads(result.out)[key]}


def test_estimates_are_at_prices_of_ones_own(run: Run) -> None:
    found = rows(run, f"estimate -m gpt-4o -m gpt-4o-mini -m gemini-2.5-pro {JOB} {OWN}", "estimates")

    fixed, reduced, other = found["openai/gpt-4o"], found[MINI], found["google/gemini-2.5-pro"]
    assert (fixed["monthly_usd"], fixed["price_table"]) == (300, "--price")
    assert (fixed["checked"], fixed["source"]) == (None, None)
    assert (reduced["input_rate_usd_per_1m"], reduced["output_rate_usd_per_1m"]) == (0.1275, 0.51)
    assert (reduced["monthly_usd"], reduced["price_table"]) == (19.125, "15% discount at openai")
    assert other["price_table"] == "packaged pricing.yaml"


def test_models_are_listed_and_shown_at_prices_of_ones_own(run: Run) -> None:
    found = rows(run, f"models gpt-4o {OWN}", "models")
    fixed, reduced = (run(f"models show {x} {OWN} --details").out for x in ("gpt-4o", "gpt-4o-mini"))

    assert [found["openai/gpt-4o"][x] for x in ("input", "output", "cache_read")] == [2, 8, 2]
    assert [found[MINI][x] for x in ("input", "output", "cache_read")] == [0.1275, 0.51, 0.06375]
    assert re.search(r"price table +--price\n", fixed)
    assert "batch" not in fixed
    assert re.search(r"price table +15% discount at openai\n", reduced)
    assert re.search(r"batch +always +\$0\.06375 +\$0\.255 +-\n", reduced)
    assert re.search(r"file search +\$0\.0025 ", reduced)


@pytest.mark.parametrize(
    ("option", "said", "hint"),
    [
        ("--price gpt4o=2/8", 'unknown model "gpt4o"', "did you mean: openai/gpt-4o"),
        ("--price gpt-4o=2/8 --price gpt-4o=3/8", '--price "gpt-4o" is given twice', ""),
        ("--price gpt-4o=2/8 --price openai/gpt-4o=3/8", "given twice", ""),
        ("--discount openai=1% --discount openai=2%", '--discount "openai" is given twice', ""),
        ("--discount acme=15%", '--discount: "acme" is neither a provider nor a model', "providers: "),
        ("--price gpt-4o=2/8 --tier batch", 'openai/gpt-4o has no tier "batch"', "available: standard\n"),
        ("--price gpt-4o=2/8 --batch-share 10%", 'openai/gpt-4o has no tier "batch"', "available: standard\n"),
    ],
)
def test_a_price_that_cannot_be_meant_is_refused(run: Run, option: str, said: str, hint: str) -> None:
    refused(run(f"estimate -m gpt-4o {JOB} {option}"), said, hint)


@pytest.mark.parametrize(
    "command",
    [
        *(f"estimate -m gpt-4o {JOB}", "compare gpt-4o gpt-4o-mini", "bench gpt-4o", "models"),
        *("models show gpt-4o", "prices history gpt-4o"),
    ],
)
def test_every_command_refuses_what_one_refuses(run: Run, command: str) -> None:
    refused(run(f"{command} --price gpt-4o=-2/8"), '--price "-2" is not an amount in USD')
    refused(run(f"{command} --discount openai=15"), '--discount "15" is above 1', "did you mean 15%?")
    refused(run(f"{command} --discount acme=1%"), '--discount: "acme" is neither')


@pytest.mark.parametrize("option", ["--price gpt-4o", "--price gpt-4o=-2/8", "--discount openai=15"])
def test_bench_of_no_model_refuses_what_is_no_price_or_share_too(run: Run, option: str) -> None:
    """It needs no prices, but an option that cannot be meant is an error, not nothing."""
    assert run(f"bench {option}").status == 2
