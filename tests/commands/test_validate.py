"""`llmcost validate`: every expected figure, each exit status, each bad input with its sentence, every form of file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ..conftest import ROOT, Run
from ..evals.routing_data import FOLDER, SETS, expected, mtbench
from .conftest import refused

GSM8K = FOLDER / "routellm_gsm8k.csv.gz"
RESULTS = ROOT / "tests" / "data" / "results"
SCORES = "--column weak=weak_correct --column strong=strong_correct"
TOKENS = (
    "--column input_tokens=prompt_tokens_cl100k --column weak_output_tokens=weak_output_tokens_cl100k"
    " --column strong_output_tokens=strong_output_tokens_cl100k"
)
ROWS = {"gsm8k_all": "", "gsm8k_decontaminated": " --where contaminated=0"}
MODELS = "--weak gpt-4o-mini --strong gpt-4o"
MONEY_KEYS = {
    *(f"{side}_{what}" for side in ("weak", "strong") for what in ("monthly_usd", "usd_per_answer", "usd_per_correct")),
    "saving_usd",
    "saving_pct",
    "weak_cost_basis",
    "strong_cost_basis",
}
File = Callable[..., str]


@pytest.fixture
def file(tmp_path: Path) -> File:
    """Return a function that writes a file and returns its path."""

    def write(text: str | bytes, name: str = "results.csv") -> str:
        (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
        return str(tmp_path / name)

    return write


def pairs(both: int, weak_only: int, strong_only: int, neither: int) -> str:
    """Return a table of results with these counts."""
    cells = ["1,1"] * both + ["1,0"] * weak_only + ["0,1"] * strong_only + ["0,0"] * neither
    return "item,weak,strong\n" + "".join(f"q{number},{cell}\n" for number, cell in enumerate(cells))


def answer(run: Run, command: str) -> dict[str, Any]:
    """Return the JSON of a run, numbers with a point as exact decimals."""
    found: dict[str, Any] = json.loads(run(f"validate {command} -f json").out, parse_float=Decimal)
    return found


# --- the expected figures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SETS)
def test_every_expected_figure_is_in_the_json(run: Run, name: str) -> None:
    found = json.loads(run(f"validate {GSM8K} {SCORES} --margin 15{ROWS[name]} -f json").out)

    known = expected(name)
    figures = {key: value for key, value in known.items() if not isinstance(value, dict) and key in found}
    assert len(figures) == 20
    assert {key for key in known if key not in found} == {
        "non_inferior_at_margin",
        "oracle_accuracy",
        "oracle_strong_share_needed",
        "prices_usd_per_1m",
        "router_prompt_length",
        "cascade_escalate_if_weak_output_tokens_at_least",
        "cost_always_weak",
        "cost_always_strong",
    }
    for key, value in figures.items():
        small = key == "mcnemar_exact_p"
        assert found[key] == pytest.approx(value, rel=1e-9 if small else 0, abs=0 if small else 6e-7), key


@pytest.mark.parametrize("name", SETS)
def test_tokens_in_the_results_cost_what_is_expected(run: Run, name: str, table: Any) -> None:
    prices = table("a/weak: {prices: {input: 0.6, output: 0.6}}\na/strong: {prices: {input: 10, output: 30}}")
    command = f"{GSM8K} {SCORES} {TOKENS} --margin 15{ROWS[name]} --pricing {prices} --weak a/weak --strong a/strong"

    found = answer(run, command)

    for side in ("weak", "strong"):
        usd, n, mean = found[f"{side}_usd_per_answer"], found["n"], found[f"{side}_mean"]
        assert round(usd * n, 6) == round(Decimal(str(expected(name)[f"cost_always_{side}"])), 6)
        assert found[f"{side}_usd_per_correct"] == pytest.approx(usd / mean)
        assert found[f"{side}_cost_basis"] == "tokens"


# --- verdicts and exit statuses -------------------------------------------------------------------------------------

GRADED = "item,weak,strong\na,0.5,1\nb,1,1\n"
SAFE, CLOSE = pairs(900, 10, 12, 78), pairs(30, 5, 5, 10)


@pytest.mark.parametrize(
    ("results", "options", "status", "first", "verdict"),
    [
        (SAFE, "--margin 2", 0, "safe: the weak model is at most 1.", "PASS: safe at a margin of 2 points"),
        (CLOSE, "--margin 2", 1, "not enough data: ", "FAIL: not enough data at a margin of 2 points"),
        (
            CLOSE,
            "--margin 2 --allow-inconclusive",
            0,
            "not enough data: ",
            "PASS: not enough data at a margin of 2 points, allowed by --allow-inconclusive",
        ),
        (pairs(500, 0, 300, 200), "--margin 2 --allow-inconclusive", 1, "unsafe: ", "FAIL: unsafe at a margin of 2"),
    ],
)
def test_each_verdict_has_its_sentence_and_its_status(
    run: Run, file: File, results: str, options: str, status: int, first: str, verdict: str
) -> None:
    result = run(f"validate {file(results)} {options}")

    assert result.status == status
    assert result.out.startswith(first)
    assert result.err.startswith(verdict)
    assert "significant" not in result.out


@pytest.mark.parametrize("options", ["", "-q", "-f json", "-f csv -q", "-f md"])
def test_the_verdict_is_the_only_message_and_stands_on_standard_error(run: Run, file: File, options: str) -> None:
    result = run(f"validate {file(SAFE)} --margin 2 {options}")

    assert result.err == "PASS: safe at a margin of 2 points\n"


# --- what is in the results -----------------------------------------------------------------------------------------


def test_graded_scores_are_rescaled_and_turns_of_a_question_are_clusters(run: Run, file: File) -> None:
    weak, strong, questions = mtbench()
    rows = zip(weak, strong, questions, strict=True)
    table = "item,weak,strong,question\n" + "".join(f"{i},{w:g},{s:g},{q}\n" for i, (w, s, q) in enumerate(rows))
    command = f"{file(table)} --margin 5 --score-range 1..10"

    alone, clustered = answer(run, command), answer(run, f"{command} --cluster question")

    assert alone["weak_mean"] == pytest.approx(Decimal(str((sum(weak) / len(weak) - 1) / 9)))
    assert (alone["n"], alone["clusters"], clustered["clusters"]) == (160, None, 80)


def test_a_judges_grade_is_no_share_of_correct_answers(run: Run, file: File) -> None:
    table = file("item,weak,strong,weak_cost,strong_cost\na,3,9,0.1,1\nb,8,8,0.1,1\n")
    found = answer(run, f"{table} --margin 5 --score-range 1..10")

    assert (found["weak_usd_per_answer"], found["weak_usd_per_correct"]) == (Decimal("0.1"), None)
    assert "Per correct" not in run(f"validate {table} --margin 5 --score-range 1..10").out


def test_what_was_left_out_is_counted_in_notes(run: Run, file: File) -> None:
    table = file("item,weak,strong,topic,set\na,1,1,x,1\nb,?,1,x,1\nc,0,1,x,1\nd,1,1,y,1\ne,1,1,x,2\n")
    found = answer(run, f"{table} --margin 5 --skip-bad --where topic=x --where set=1")

    assert (found["n"], found["left_out"], found["filtered"]) == (2, 1, 2)
    assert any("left out: line 3, item b: weak is" in note["text"] for note in found["notes"])


@pytest.mark.parametrize(
    ("files", "options", "n", "means"),
    [
        ("promptfoo.json", f"{MODELS} --metric score", 3, ("0.8333333333333334", "0.8333333333333334")),
        ("lm-eval-weak.jsonl lm-eval-strong.jsonl", "--filter strict-match", 4, ("0.5", "0.75")),
        ("inspect-weak.json inspect-strong.json", "", 3, ("0.5833333333333334", "0.8333333333333334")),
    ],
)
def test_results_of_evaluation_programs_are_read_as_chosen(
    run: Run, monkeypatch: pytest.MonkeyPatch, files: str, options: str, n: int, means: tuple[str, str]
) -> None:
    monkeypatch.chdir(RESULTS)
    found = answer(run, f"{files} {options} --margin 2")

    assert (found["n"], found["weak_mean"], found["strong_mean"]) == (n, *map(Decimal, means))


def test_two_tables_pair_by_item_with_columns_of_their_own(run: Run, file: File) -> None:
    weak = file("item,mini_ok,grp,tok_in,tok_out\na,1,x,100,10\nb,0,y,100,10\nc,1,y,100,10\n", "weak.csv")
    strong = file("id,ok,grp,usd\nc,1,y,0.5\nb,1,y,0.5\na,1,x,0.5\n", "strong.csv")
    columns = "--column weak=mini_ok --column strong=ok --cluster grp --column strong_cost=usd"
    tokens = "--column weak_input_tokens=tok_in --column weak_output_tokens=tok_out"

    found = answer(run, f"{weak} {strong} --margin 5 {columns} {tokens} {MODELS}")

    assert (found["n"], found["clusters"], found["both"], found["strong_only"]) == (3, 2, 2, 1)
    assert (found["weak_usd_per_answer"], found["strong_usd_per_answer"]) == (Decimal("0.000021"), Decimal("0.5"))
    assert (found["weak_cost_basis"], found["strong_cost_basis"]) == ("tokens", "costs")
    assert found["weak_usd_per_correct"] == Decimal("0.0000315")


def test_results_of_another_model_than_said_are_noted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(RESULTS)
    pair = "inspect-weak.json inspect-strong.json --margin 2"
    found = answer(run, f"{pair} --weak claude-haiku-5-5 --strong gpt-4o")

    assert "the results of the weak model are from openai/gpt-4o-mini, but --weak names anthropic/claude-haiku-5-5" in [
        note["text"] for note in found["notes"]
    ]


# --- money ----------------------------------------------------------------------------------------------------------


def test_a_workload_gives_the_month_of_both_and_the_saving(run: Run, file: File) -> None:
    command = f"{file(SAFE)} --margin 2 {MODELS} --rpd 100000 --in 500 --out 200"
    found = answer(run, command)

    assert (found["weak_monthly_usd"], found["strong_monthly_usd"]) == (585, 9750)
    assert (found["saving_usd"], found["saving_pct"]) == (9165, 94)
    assert found["weak_usd_per_correct"] == Decimal("0.0002142857142857142857142857143")
    assert (found["weak_cost_basis"], found["workload"]["requests_per_day"]) == ("workload", 100000)


def test_a_weak_model_that_costs_more_is_told(run: Run, file: File) -> None:
    shown = run(
        f"validate {file(SAFE)} --margin 2 --weak gpt-4o --strong gpt-4o-mini --rpd 1k --in 400..600 --out 200 --days 7"
    ).out

    assert "openai/gpt-4o costs $21.39 more for 7 days, expected (1,566.7%) against openai/gpt-4o-mini" in shown
    assert "Total" in shown


def test_a_free_model_has_no_share_of_a_saving(run: Run, file: File) -> None:
    free = "--price gpt-4o=0/0 --price gpt-4o-mini=0/0"
    command = f"{file(SAFE)} --margin 2 {MODELS} --rpd 1k --in 400 --out 200 {free}"
    found = answer(run, command)

    assert (found["saving_usd"], found["saving_pct"]) == (0, None)


def test_requests_a_day_alone_take_the_costs_of_the_results(run: Run, file: File) -> None:
    table = file("item,weak,strong,weak_cost,strong_cost\na,1,1,0.001,0.01\nb,0,1,0.003,0.03\n")
    found = answer(run, f"{table} --margin 5 --rpd 100 --days 10")

    assert (found["weak_monthly_usd"], found["strong_monthly_usd"], found["saving_pct"]) == (2, 20, 90)
    assert found["workload"] == {"requests": 1000, "days": 10}
    assert "1,000 requests for 10 days at the mean cost of these items" in run(
        f"validate {table} --margin 5 --rpd 100 --days 10"
    ).out.replace("\n ", "")


@pytest.mark.parametrize(
    ("models", "note"),
    [
        ("--weak house-model --strong gpt-4o", "house-model is not in the price table: no costs"),
        ("--strong gpt-4o", "the tokens of the weak model are not priced: name its model with --weak"),
        ("--weak sold-twice --strong gpt-4o", "sold-twice is sold by several providers: no costs"),
        ("--weak text-embedding-3-small --strong gpt-4o", "has no rate for output tokens: its answers have no cost"),
    ],
)
def test_a_model_without_a_price_is_a_label_with_a_note(
    run: Run, file: File, table: Any, models: str, note: str
) -> None:
    prices = table("a/sold-twice: {prices: {input: 1, output: 1}}\nb/sold-twice: {prices: {input: 2, output: 2}}")
    results = file("item,weak,strong,input_tokens,weak_output_tokens,strong_output_tokens\na,1,1,1,1,1\nb,0,1,1,1,1\n")

    found = answer(run, f"{results} --margin 5 {models} --pricing {prices}")

    assert any(x["kind"] == "missing" and note in x["text"] for x in found["notes"])
    assert (found["weak_usd_per_answer"], found["strong_usd_per_answer"]) == (None, Decimal("0.0000125"))


def test_a_month_is_of_the_workload_and_a_correct_answer_of_the_run(run: Run, file: File) -> None:
    table = file("item,weak,strong,weak_cost,strong_cost\na,1,1,0.1,1\nb,0,1,0.1,1\n")
    found = answer(run, f"{table} --margin 5 {MODELS} --rpd 100000 --in 500 --out 200")

    assert (found["weak_monthly_usd"], found["strong_monthly_usd"]) == (585, 9750)
    assert (found["weak_usd_per_correct"], found["strong_usd_per_correct"]) == (Decimal("0.2"), 1)
    assert (found["weak_cost_basis"], found["strong_cost_basis"]) == ("costs", "costs")


def test_a_share_of_the_cache_is_told_where_it_is_that_of_both(run: Run, file: File) -> None:
    head = "item,weak,strong,input_tokens,weak_output_tokens,strong_output_tokens,{}\n"
    both = file(
        head.format("weak_cache_read_tokens,strong_cache_read_tokens") + "a,1,1,63,1,1,10,10\nb,1,0,63,1,1,10,10\n"
    )
    one = file(head.format("weak_cache_read_tokens") + "a,1,1,63,1,1,10\nb,1,0,63,1,1,10\n", "one.csv")
    told = [run(f"validate {results} --margin 5 {MODELS}").out for results in (both, one)]
    assert "Terms: 15.9% of the input read from cache\n" in told[0]
    assert "Terms" not in told[1]


def test_terms_hold_for_the_tokens_of_the_results(run: Run, file: File) -> None:
    head = "item,weak,strong,input_tokens,weak_output_tokens,strong_output_tokens\n"
    rows = file(f"{head}a,1,1,1000,100,100\nb,0,1,1000,100,100\n")
    command = f"{rows} --margin 5 {MODELS} --tier"

    assert answer(run, f"{command} batch")["weak_usd_per_answer"] == Decimal("0.000105")
    assert "Terms: tier batch" in run(f"validate {command} batch").out
    refused(run(f"validate {command} flex"), 'openai/gpt-4o-mini has no tier "flex"')


# --- formats --------------------------------------------------------------------------------------------------------


def test_the_json_has_every_key_in_every_case(run: Run, file: File) -> None:
    binary = answer(run, f"{file(SAFE)} --margin 2")
    graded = answer(run, f"{file(GRADED)} --margin 2")

    keys = {"schema", "headline", "verdict", "weak", "strong", "margin", "n", "left_out", "filtered", "notes", "method"}
    keys |= {
        "bound_confidence",
        "one_sided95_lower_all_items",
        "clusters",
        "items_needed",
        "items_needed_for",
        "paired95",
        "one_sided95_lower",
        "one_sided95_upper",
    }
    keys |= {key for key, value in expected("gsm8k_all").items() if not isinstance(value, dict)}
    keys -= {"oracle_accuracy", "oracle_strong_share_needed", "cost_always_weak", "cost_always_strong"}
    keys |= {"weak_file", "strong_file", "weak_file_model", "strong_file_model", "scored_by", "shown"}
    assert set(binary) == set(graded) == keys | MONEY_KEYS
    assert (binary["margin"], type(binary["n"])) == (Decimal("0.02"), int)


def test_the_csv_is_one_row_of_the_same_figures(run: Run, file: File) -> None:
    results = file(SAFE)
    (row,) = csv.DictReader(io.StringIO(run(f"validate {results} --margin 2 -f csv").out))
    found = answer(run, f"{results} --margin 2")

    assert row["verdict"] == "safe"
    assert Decimal(row["wilson95_weak_low"]) == found["wilson95_weak"][0]
    assert Decimal(row["newcombe_paired95_high"]) == found["newcombe_paired95"][1]
    assert Decimal(row["se_diff_paired"]) == found["se_diff_paired"]
    assert row["saving_usd"] == ""
    (graded,) = csv.DictReader(io.StringIO(run(f"validate {file(GRADED)} --margin 2 -f csv").out))
    assert (graded.keys(), graded["wilson95_weak_low"]) == (row.keys(), "")


# --- bad input ------------------------------------------------------------------------------------------------------

GOOD = "item,weak,strong\na,1,1\nb,0,1\n"


@pytest.mark.parametrize(
    ("content", "options", "sentence", "hint"),
    [
        (None, "", "cannot read FILE: no such file or directory", ""),
        (GOOD, "--column weak=wek", 'FILE has no column "wek"', 'it has: "item", "weak", "strong"'),
        ("item,weak,strong\na,?,1\nb,0,1\n", "", "FILE: 1 of 2 items cannot be used", 'line 2, item a: weak is "?"'),
        (
            "item,weak,strong\na,1,9\nb,0,1\n",
            "",
            "1 score is not from 0 to 1",
            "--score-range 1..10 rescales scores from",
        ),
        (GOOD, "--weak x --strong gpt-4o --rpd 1 --in 1 --out 1", 'unknown model "x"', "see: llmcost models"),
        (GOOD, "--strong gpt-4o --rpd 1 --in 1 --out 1", "--weak is missing: a workload is priced for two models", ""),
        (GOOD, f"{MODELS} --rpd 1k,2k --in 1 --out 1", "validate takes one workload, not a list", ""),
        (GOOD, f"{MODELS} --rpd 1 --in 1", "--out is missing: a workload needs --rpd, --in and --out", ""),
        (GOOD, f"{MODELS} --rpd 1", "the results lack the cost of an answer of openai/gpt-4o-mini", "--in and"),
        (GOOD, "--column wek=x", '--column "wek=x": unknown role "wek"', "known: item, weak, strong, value"),
        (
            GOOD,
            "--column score=a",
            '--column "score=a": a score is a router\'s',
            "llmcost route results takes --column score=NAME",
        ),
        (GOOD, f"{MODELS} --rpd 1..2", "--rpd must be one number here, not a list or a range", ""),
        (GOOD, "--reasoning 5", "--reasoning requires a workload: --rpd, --in and --out", ""),
        (GOOD, "--tier batch", "price terms have no effect: nothing is priced by tokens", "--rpd, --in and --out"),
        (GOOD, "--days 7", "price terms have no effect: nothing is priced by tokens", ""),
        (GOOD, f"{MODELS} --rpd 1 --in 1 --out 1 --tier flex", 'openai/gpt-4o-mini has no tier "flex"', "available"),
        (
            GOOD,
            "--weak gpt-4o --strong openai/gpt-4o",
            "the weak and the strong model are both openai/gpt-4o",
            "prompts",
        ),
        (GOOD, "--weak a --strong a", "the weak and the strong model are both a", ""),
        (GOOD, "--metric m", "a metric can only be chosen in results of an evaluation program", "FILE: CSV"),
    ],
)
def test_bad_input_is_refused(
    run: Run, file: File, tmp_path: Path, content: Any, options: str, sentence: str, hint: str
) -> None:
    path = str(tmp_path / "none.csv") if content is None else file(content)

    result = run(f"validate {path} {options if '--margin' in options else f'--margin 2 {options}'}")

    refused(replace(result, err=result.err.replace(path, "FILE")), sentence, hint)


def test_a_margin_is_required(run: Run, file: File) -> None:
    refused(run(f"validate {file(GOOD)}"), "missing option '--margin'")
