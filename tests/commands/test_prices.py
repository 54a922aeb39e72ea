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

from ..conftest import Result, Run

Write = Callable[..., Path]

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


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder, so that files have the short names that messages show."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(result: Result, said: str, hint: str = "") -> bool:
    """Tell whether a run ended with status 2, nothing on standard output and this error."""
    assert (result.status, result.out) == (2, "")
    assert f"error: {said}" in result.err
    assert hint in result.err
    return "Traceback" not in result.err


class TestImport:
    @pytest.fixture
    def source(self, here: Path) -> str:
        (here / "in.json").write_text(json.dumps(LITELLM), encoding="utf-8")
        return "prices import litellm --from in.json"

    def test_it_writes_a_table_that_every_command_reads(self, run: Run, here: Path, source: str) -> None:
        imported = run(f"{source} -o out.yaml")
        estimate = run(f"estimate -m gpt-4o {JOB} --pricing out.yaml -f json")

        assert (imported.status, imported.err) == (0, "")
        assert imported.out.startswith("2 models of litellm into out.yaml, 1 of them without a price; 1 item")
        assert "a_cost_of_no_name" in imported.out
        assert (here / "out.yaml").read_text(encoding="utf-8").startswith("# Prices of litellm, imported by llmcost.\n")
        (row,) = json.loads(estimate.out)["estimates"]
        assert (row["monthly_usd"], row["price_table"]) == (375, "out.yaml")
        assert load_catalog(here / "out.yaml").resolve("gpt-4o").id == "openai/gpt-4o"

    def test_the_json_lists_all_that_was_left_out(self, run: Run, source: str) -> None:
        found = json.loads(run(f"{source} -o out.yaml -f json").out)

        assert {key: found[key] for key in ("schema", "source", "output", "models", "unpriced")} == {
            "schema": "llmcost.prices-import/1",
            "source": "litellm",
            "output": "out.yaml",
            "models": 2,
            "unpriced": 1,
        }
        assert [(x["model"], x["key"]) for x in found["skipped"]] == [("gpt-4o", "a_cost_of_no_name")]

    def test_what_is_not_the_sources_table_is_an_error_and_changes_nothing(self, run: Run, here: Path) -> None:
        (here / "in.json").write_text('{"a": }', encoding="utf-8")
        (here / "out.yaml").write_text("old", encoding="utf-8")

        assert refused(
            run("prices import litellm --from in.json -o out.yaml"), "in.json:1:7: not JSON: expecting value"
        )
        assert (here / "out.yaml").read_text(encoding="utf-8") == "old"

    @pytest.mark.parametrize(
        ("command", "said", "hint"),
        [
            (
                "prices import nope --from in.json -o out.yaml",
                'SOURCE: unknown value "nope"',
                "known: litellm, genai-prices, openrouter, models-dev",
            ),
            ("prices import litellm --from no.json -o out.yaml", "cannot read no.json: no such file", ""),
            ("prices import litellm --from . -o out.yaml", "cannot read .: is a directory", ""),
            ("prices import litellm --from in.json -o no/out.yaml", "cannot write no/out.yaml: no such file", ""),
            ("prices import litellm --from in.json -o out.yaml -f xml", '-f: unknown value "xml"', "known: table"),
            ("prices import litellm --from in.json", "missing option '-o' / '--output'", "see: llmcost prices import"),
            ("prices import litellm -o out.yaml", "missing option '--from'", "see: llmcost prices import"),
            ("prices import", "missing argument 'SOURCE'", "see: llmcost prices import"),
        ],
    )
    @pytest.mark.usefixtures("source")
    def test_bad_input(self, run: Run, here: Path, command: str, said: str, hint: str) -> None:
        assert refused(run(command), said, hint)
        assert [x.name for x in here.iterdir()] == ["in.json"]


class TestDiff:
    OLD = "a/b: {prices: {input: 0.15, output: 1}}\na/gone: {prices: {input: 1}}"
    NEW = "a/b: {prices: [{input: 0.15, output: 1}, {from: 2026-11-23, input: 0.1275, output: 1, cache_read: 0}]}"

    @pytest.fixture
    def tables(self, here: Path, table: Write) -> str:
        assert {table(self.OLD, "old.yaml"), table(self.NEW, "new.yaml")} == {here / "old.yaml", here / "new.yaml"}
        return "prices diff old.yaml new.yaml"

    def test_it_shows_what_differs(self, run: Run, tables: str) -> None:
        result = run(tables)

        assert (result.status, result.err) == (0, "")
        lines = [line.split() for line in result.out.splitlines() if line.startswith("a/b")]
        assert lines == [
            ["a/b", "input", "changed", "0.15", "0.1275", "-15.0%"],
            ["a/b", "cache_read", "added", "-", "0", "-"],
        ]
        assert "Prices in force on 2026-11-23" in result.out
        assert "only in old.yaml: a/gone" in result.out

    def test_the_json_has_the_changes_and_the_names(self, run: Run, tables: str) -> None:
        found = json.loads(run(f"{tables} -f json").out)

        assert found["schema"] == "llmcost.prices-diff/1"
        assert (found["before"], found["after"], found["on"]) == ("old.yaml", "new.yaml", "2026-11-23")
        assert (found["added"], found["removed"]) == ([], ["a/gone"])
        assert found["changes"][0] == {
            "model": "a/b",
            "what": "input",
            "change": "changed",
            "before": 0.15,
            "after": 0.1275,
            "change_pct": -15,
        }

    def test_another_day_has_other_prices(self, run: Run, tables: str) -> None:
        assert json.loads(run(f"{tables} --on 2026-11-22 -f json").out)["changes"] == []

    @pytest.mark.parametrize(
        ("command", "said"),
        [
            ("prices diff old.yaml no.yaml", "cannot read no.yaml: no such file"),
            ("prices diff no.yaml new.yaml", "cannot read no.yaml: no such file"),
            ("prices diff old.yaml", "missing argument 'B'"),
            ("prices diff old.yaml new.yaml --on soon", '--on "soon" is not a date'),
            ("prices diff old.yaml new.yaml -f xml", '-f: unknown value "xml"'),
            ("prices diff old.yaml bad.yaml", "bad.yaml:3:8: models.a/b: expected a mapping, found"),
        ],
    )
    @pytest.mark.usefixtures("tables")
    def test_bad_input(self, run: Run, here: Path, command: str, said: str) -> None:
        (here / "bad.yaml").write_text("schema: llmcost.pricing/1\nmodels:\n  a/b: 5\n", encoding="utf-8")

        assert refused(run(command), said)


class TestHistory:
    def test_it_shows_the_dated_rates(self, run: Run) -> None:
        result = run("prices history gpt-4o")

        assert (result.status, result.err) == (0, "")
        assert result.out.startswith("openai/gpt-4o has had 2 prices, since 2024-05-13\n")
        assert re.search(r"2024-05-13 +standard +always +\$5\.00 +\$15\.00 +-", result.out)
        assert re.search(r"2024-10-02 +batch +always +\$1\.25 +\$5\.00 +-", result.out)
        assert "from packaged pricing.yaml; each price is valid until the next one starts" in result.out

    def test_the_json_has_a_row_for_each_price_and_tier(self, run: Run) -> None:
        found = json.loads(run("prices history gpt-4o-mini -f json").out)

        assert (found["schema"], found["model"]) == ("llmcost.prices-history/1", "openai/gpt-4o-mini")
        assert found["history"][0] == {
            "from": "2024-07-18",
            "tier": "standard",
            "applies": "always",
            "input": 0.15,
            "output": 0.6,
            "cache_read": None,
        }

    def test_it_shows_the_prices_of_ones_own(self, run: Run) -> None:
        reduced = json.loads(run("prices history gpt-4o-mini --discount openai=15% -f json").out)["history"]
        fixed = json.loads(run("prices history gpt-4o-mini --price gpt-4o-mini=1/2 -f json").out)["history"]

        assert (reduced[0]["input"], reduced[0]["output"]) == (0.1275, 0.51)
        assert [(x["from"], x["tier"], x["input"], x["output"]) for x in fixed] == [(None, "standard", 1, 2)]

    @pytest.mark.parametrize(
        ("command", "said", "hint"),
        [
            ("prices history", "missing argument 'MODEL'", "see: llmcost prices history --help"),
            ("prices history nope", 'unknown model "nope"', "see: llmcost models"),
            ("prices history gpt4o", 'unknown model "gpt4o"', "did you mean: openai/gpt-4o"),
            ("prices history gpt-4o -f xml", '-f: unknown value "xml"', ""),
            ("prices history gpt-4o --pricing no.yaml", "cannot read no.yaml", ""),
        ],
    )
    @pytest.mark.usefixtures("here")
    def test_bad_input(self, run: Run, command: str, said: str, hint: str) -> None:
        assert refused(run(command), said, hint)


class TestLint:
    GOOD = "a/b: {checked: 2026-08-25, prices: {input: 1}}"
    ODD = "a/c: {checked: 2026-08-24, prices: {input: 1001}}\na/d: {prices: {input: 1, cache_read: 2}}"
    UNIT = "models.a/c.prices.input: 1001 is above $1,000 per 1M tokens: is it in another unit?"
    UNIT += " usual: 0.002 to 600 (all 3,906 in the packaged table)"
    CACHE = "models.a/d.prices.cache_read: cache_read 2 is more than input 1"
    CACHE += "; usual: 0.02 to 0.25 times (896 of 928 in the packaged table)"

    @pytest.fixture(autouse=True)
    def written(self, here: Path, table: Write) -> None:
        table(self.GOOD, "good.yaml")
        table(self.ODD, "odd.yaml")
        (here / "bad.yaml").write_text("schema: llmcost.pricing/1\nmodels:\n  a/b: {}\n  a/c: {prices: 5}\n", "utf-8")

    def test_the_packaged_table_is_the_one_without_files(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LLMCOST_TODAY", str(updated("pricing.yaml")))
        result = run("prices lint --max-age 90d")

        assert (result.status, result.err) == (0, "")
        assert re.fullmatch(r"nothing odd in [1-9]\d* models of packaged pricing\.yaml\n", result.out)

    def test_nothing_odd_is_status_0(self, run: Run) -> None:
        result = run("prices lint good.yaml")

        assert (result.status, result.err) == (0, "")
        assert re.fullmatch(r"nothing odd in 1 models? of good\.yaml\n", result.out)

    def test_findings_are_status_1_each_with_its_place(self, run: Run) -> None:
        result = run("prices lint odd.yaml")

        assert (result.status, result.err) == (1, "FAIL: 2 findings\n")
        assert f"odd.yaml:3:46  {self.UNIT}" in result.out
        assert f"odd.yaml:4:40  {self.CACHE}" in result.out

    def test_faults_are_status_2_all_at_once_with_their_lines(self, run: Run) -> None:
        result = run("prices lint bad.yaml")

        assert (result.status, result.out) == (2, "")
        assert result.err.splitlines() == [
            'error: bad.yaml:3:3: models.a/b: "prices" is missing',
            'error: bad.yaml:4:17: models.a/c.prices: expected rates or a list of dated rates, found "5"',
        ]

    def test_what_is_odd_is_told_with_the_faults(self, run: Run) -> None:
        result = run("prices lint odd.yaml bad.yaml")

        assert refused(result, 'bad.yaml:3:3: models.a/b: "prices" is missing')
        assert f"error: odd.yaml:3:46: {self.UNIT.replace('  ', ': ')} (odd)" in result.err

    def test_several_files_are_judged_together_in_their_order(self, run: Run) -> None:
        result = run("prices lint odd.yaml good.yaml -f json")
        found = json.loads(result.out)

        assert (result.status, found["schema"], found["models_checked"]) == (1, "llmcost.prices-lint/1", 3)
        assert found["findings"] == [
            {"file": "odd.yaml", "line": 3, "column": 46, **parts(self.UNIT)},
            {"file": "odd.yaml", "line": 4, "column": 40, **parts(self.CACHE)},
        ]

    def test_a_quiet_run_into_a_file_says_the_verdict_alone(self, run: Run, here: Path) -> None:
        quiet = run("prices lint odd.yaml -q -o report.json")

        assert (quiet.status, quiet.out, quiet.err) == (1, "", "FAIL: 2 findings\n")
        assert len(json.loads((here / "report.json").read_text("utf-8"))["findings"]) == 2

    @pytest.mark.parametrize(("age", "status"), [("90d", 0), ("89", 1)])
    def test_prices_that_are_too_old_are_status_1(self, run: Run, age: str, status: int) -> None:
        result = run(f"prices lint good.yaml --max-age {age}")

        assert result.status == status
        assert ("models.a/b.checked: the price was checked 90 days ago, more than" in result.out) is bool(status)
        assert result.err == ("FAIL: 1 finding\n" if status else "")

    @pytest.mark.parametrize(
        ("command", "said"),
        [
            ("prices lint --max-age soon", '--max-age "soon" is not a number of days'),
            ("prices lint no.yaml", "cannot read no.yaml: no such file"),
            ("prices lint .", "cannot read .: is a directory"),
            ("prices lint good.yaml -f xml", '-f: unknown value "xml"'),
        ],
    )
    def test_bad_input(self, run: Run, command: str, said: str) -> None:
        result = run(command)

        assert (result.status, result.out) == (2, "")
        assert said in result.err


def parts(finding: str) -> dict[str, str]:
    path, _, message = finding.partition(": ")
    return {"path": path, "message": message}


class TestHelp:
    def test_the_examples_run(self, run: Run, here: Path, table: Write) -> None:
        for name in ("old.yaml", "new.yaml", "my-prices.yaml"):
            table("a/b: {checked: 2026-11-22, prices: {input: 1}}", name)
        (here / "model_prices.json").write_text(json.dumps(LITELLM), encoding="utf-8")
        for command in ("import", "diff", "history", "lint"):
            examples = re.findall(r"^  llmcost (.+)$", run(f"prices {command} --help").out, re.MULTILINE)
            assert examples
            for example in examples:
                assert run(example).status == 0, example

    def test_the_group_lists_its_commands_and_needs_one(self, run: Run) -> None:
        listed = run("prices --help")

        assert listed.status == 0
        for command in ("update", "import", "diff", "history", "lint"):
            assert f"\n  {command} " in listed.out
        assert refused(run("prices"), "missing command", "see: llmcost prices --help")
        assert refused(run("prices nope"), 'no such command "nope"')

    @pytest.mark.parametrize(
        "command", ["estimate", "compare", "bench", "models list", "models show", "prices history"]
    )
    def test_prices_of_ones_own_are_in_the_help_of_every_command_that_has_prices(self, run: Run, command: str) -> None:
        text = run(f"{command} --help").out

        assert "--price MODEL=IN/OUT" in text
        assert "--discount NAME=SHARE" in text


def rows(run: Run, command: str, key: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a command's JSON by model."""
    result = run(f"{command} -f json")
    assert result.status == 0, result.err
    return {x.get("model") or x["id"]: x for x in json.loads(result.out)[key]}


MINI = "openai/gpt-4o-mini"
OWN = "--price gpt-4o=2.00/8.00 --discount openai=15%"


class TestOwnPrices:
    def test_estimate(self, run: Run) -> None:
        found = rows(run, f"estimate -m gpt-4o -m gpt-4o-mini -m gemini-2.5-pro {JOB} {OWN}", "estimates")

        fixed, reduced, other = found["openai/gpt-4o"], found[MINI], found["google/gemini-2.5-pro"]
        assert (fixed["monthly_usd"], fixed["price_table"]) == (300, "--price")
        assert (fixed["checked"], fixed["source"]) == (None, None)
        assert (reduced["input_rate_usd_per_1m"], reduced["output_rate_usd_per_1m"]) == (0.1275, 0.51)
        assert (reduced["monthly_usd"], reduced["price_table"]) == (19.125, "15% discount at openai")
        assert other["price_table"] == "packaged pricing.yaml"

    def test_estimate_of_one_and_of_the_listed(self, run: Run) -> None:
        one = run(f"estimate -m gpt-4o {JOB} --price gpt-4o=2/8")
        listed = rows(run, f"estimate {JOB} --price openai/gpt-4o=$0.01/$0.02", "estimates")

        assert one.out.startswith("openai/gpt-4o costs $300.00 a month")
        assert next(iter(listed)) == "openai/gpt-4o"

    def test_a_forecast(self, run: Run) -> None:
        result = run(f"estimate -m gpt-4o {JOB} --months 2 --price gpt-4o=2/8")

        assert result.status == 0
        assert "$300.00" in result.out

    def test_compare(self, run: Run) -> None:
        found = rows(run, f"compare gpt-4o gpt-4o-mini {JOB} {OWN}", "models")

        assert (found["openai/gpt-4o"]["monthly_usd"], found["openai/gpt-4o"]["price_table"]) == (300, "--price")
        assert (found[MINI]["monthly_usd"], found[MINI]["price_table"]) == (19.125, "15% discount at openai")

    def test_models(self, run: Run) -> None:
        found = rows(run, f"models gpt-4o {OWN}", "models")

        assert [found["openai/gpt-4o"][x] for x in ("input", "output", "cache_read")] == [2, 8, 2]
        assert found["openai/gpt-4o"]["price_table"] == "--price"
        assert [found[MINI][x] for x in ("input", "output", "cache_read")] == [0.1275, 0.51, 0.06375]
        assert found[MINI]["price_table"] == "15% discount at openai"

    def test_models_by_price_and_for_nothing(self, run: Run) -> None:
        cheap = rows(run, "models gpt-4o --max-input-price 0.01 --price gpt-4o=0.01/8", "models")
        free = rows(run, "models gpt-4o --free --price gpt-4o=0/0", "models")

        assert list(cheap) == list(free) == ["openai/gpt-4o"]

    def test_models_show(self, run: Run) -> None:
        fixed = run(f"models show gpt-4o {OWN} --details").out
        reduced = run(f"models show gpt-4o-mini {OWN} --details").out

        assert re.search(r"price table +--price\n", fixed)
        assert re.search(r"standard +always +\$2\.00 +\$8\.00\n", fixed)
        assert "batch" not in fixed
        assert re.search(r"price table +15% discount at openai\n", reduced)
        assert re.search(r"standard +always +\$0\.1275 +\$0\.51 +\$0\.06375\n", reduced)
        assert re.search(r"batch +always +\$0\.06375 +\$0\.255 +-\n", reduced)
        assert re.search(r"file search +\$0\.0025 ", reduced)

    def test_bench_takes_them_and_shows_the_same(self, run: Run) -> None:
        own, plain = run(f"bench gpt-4o {OWN}"), run("bench gpt-4o")

        assert own.status == 0
        assert own.out == plain.out

    def test_a_table_of_ones_own_has_its_discount(self, run: Run, table: Write) -> None:
        path = table("openai/gpt-4o: {prices: {input: 1, output: 2}}\nme/x: {prices: {input: 8, output: 2}}")
        found = rows(run, f"models --pricing {path} --discount me=50% --discount openai=10%", "models")

        assert (found["openai/gpt-4o"]["input"], found["me/x"]["input"]) == (0.9, 4)

    @pytest.mark.parametrize("command", [f"estimate {JOB}", "models", "models show gpt-4o", "prices history gpt-4o"])
    def test_all_of_every_provider_off_is_no_error(self, run: Run, shipped: Any, command: str) -> None:
        """Some models have fees, some peak hours, some are free already."""
        off = " ".join(f"--discount {name}=100%" for name in shipped.providers())
        result = run(f"{command} {off}")

        assert result.status in (0, 2)
        assert "bug" not in result.err

    def test_gates_judge_the_negotiated_price(self, run: Run) -> None:
        job = f"estimate -m gpt-4o {JOB} --fail-over 310"

        assert run(job).status == 1
        assert run(f"{job} --price gpt-4o=2/8").status == 0

    @pytest.mark.parametrize("terms", ["--tier batch", "--batch-share 10%"])
    def test_a_tier_of_a_negotiated_price_is_an_error_that_says_so(self, run: Run, terms: str) -> None:
        tier = "priority" if "priority" in terms else "batch"
        result = run(f"estimate -m gpt-4o {JOB} --price gpt-4o=2/8 {terms}")

        assert refused(result, f'openai/gpt-4o has no tier "{tier}"', "available: standard\n")

    @pytest.mark.parametrize(
        ("option", "said", "hint"),
        [
            ("--price nope=2/8", 'unknown model "nope"', "see: llmcost models"),
            ("--price gpt4o=2/8", 'unknown model "gpt4o"', "did you mean: openai/gpt-4o"),
            ("--price openai=2/8", 'unknown model "openai"', ""),
            ("--price gpt-4o=2/8 --price gpt-4o=3/8", '--price "gpt-4o" is given twice', ""),
            ("--discount openai=1% --discount openai=2%", '--discount "openai" is given twice', ""),
            ("--discount acme=15%", '--discount: "acme" is neither a provider nor a model', "providers: "),
        ],
    )
    def test_bad_input(self, run: Run, option: str, said: str, hint: str) -> None:
        assert refused(run(f"estimate -m gpt-4o {JOB} {option}"), said, hint)

    @pytest.mark.parametrize(
        "command",
        [
            *(f"estimate -m gpt-4o {JOB}", "compare gpt-4o gpt-4o-mini", "bench gpt-4o", "models"),
            *("models show gpt-4o", "prices history gpt-4o"),
        ],
    )
    def test_every_command_refuses_what_one_refuses(self, run: Run, command: str) -> None:
        assert refused(run(f"{command} --price gpt-4o=-2/8"), '--price "-2" is not an amount in USD')
        assert refused(run(f"{command} --discount openai=15"), '--discount "15" is above 1', "did you mean 15%?")
        assert refused(run(f"{command} --discount acme=1%"), '--discount: "acme" is neither')

    @pytest.mark.parametrize("option", ["--price gpt-4o", "--price gpt-4o=-2/8", "--discount openai=15"])
    def test_bench_of_no_model_refuses_what_is_no_price_or_share_too(self, run: Run, option: str) -> None:
        """It needs no prices, but an option that cannot be meant is an error, not nothing."""
        assert run(f"bench {option}").status == 2

    def test_a_model_named_in_two_ways_is_given_twice(self, run: Run) -> None:
        for own in ("--price gpt-4o=2/8 --price openai/gpt-4o=3/8", "--discount gpt-4o=1% --discount openai/gpt-4o=2%"):
            assert refused(run(f"models show gpt-4o {own}"), "")

    def test_words_do_not_call_them_list_prices(self, run: Run) -> None:
        """What one has negotiated is no list price of anybody."""
        assert "list prices of --price" not in run(f"estimate -m gpt-4o {JOB} --price gpt-4o=2/8").out
        assert "list prices of --discount" not in run(f"estimate -m gpt-4o {JOB} --discount openai=15%").out
