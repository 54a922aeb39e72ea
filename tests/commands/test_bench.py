"""`llmcost bench`: what is chosen, in which order, at which cost, and what is said of doubts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from ..conftest import Run
from .conftest import report

JOB = "--rpd 100k --in 500 --out 200"
OWN = """\
schema: llmcost.benchmarks/1
benchmarks:
  exam: {name: Exam, measures: questions, unit: percent, higher_is_better: true, items: 200, interval: binomial}
  errors: {name: Errors, measures: mistakes, unit: percent, higher_is_better: false, items: 200, interval: binomial}
  index: {name: Index, measures: all, unit: points, higher_is_better: true, interval: none}
sources:
  lab: {title: The lab, url: "https://lab.example"}
scores:
"""


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a table of scores of one's own: (model, benchmark, score, more YAML)."""

    def write(*scores: tuple[str, str, str] | tuple[str, str, str, str]) -> Path:
        lines = []
        for model, key, value, *more in scores:
            terms = "".join(f", {x}" for x in more)
            lines.append(
                f"  - {{model: {model}, benchmark: {key}, score: {value}, source: lab, date: 2026-01-01, "
                f"reported_by: third-party{terms}}}"
            )
        path = tmp_path / "scores.yaml"
        path.write_text(OWN + "\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def models(run: Run, command: str) -> list[str]:
    """Return the models of a command's scores, in their order."""
    return list(dict.fromkeys(row["model"] for row in report(run, command)["scores"]))


@pytest.mark.untraced
@pytest.mark.parametrize("suite", ["article", "frontier", "coding", "agents", "math", "arena"])
def test_every_suite_fits_a_screen_and_counts_what_it_hides(
    run: Run, suite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    short = run(f"bench --suite {suite}").out.splitlines()
    hidden = re.search(r"--details shows more: the other (\d+) models", short[-1])
    everything = report(run, f"bench --suite {suite}")

    assert len(short) <= 23
    assert hidden is not None
    assert short[0].startswith(f"{len({row['model'] for row in everything['scores']})} models on ")
    assert [note for note in everything["notes"] if note["kind"] == "left_out"] == []


def test_ten_models_are_shown_or_as_many_as_asked_for(run: Run) -> None:
    def shown(command: str) -> int:
        return sum("/" in line for line in run(command).out.partition("───\n")[2].partition("\n\n")[0].splitlines())

    total = len(report(run, "bench -b gpqa")["scores"])
    assert shown("bench -b gpqa") == 10
    assert shown("bench -b gpqa --top 12") == 12
    assert shown("bench -b gpqa --details") == total
    assert len(report(run, "bench -b gpqa --top 12")["scores"]) == 12
    cut = " ".join(run("bench -b gpqa --top 12 --details").out.split())
    assert cut.startswith(f"12 of {total} models on GPQA: by GPQA ")
    assert f"{total - 12} more models not shown: --top {total} shows all" in cut
    assert "shows all" not in run(f"bench -b gpqa --top {total} --details").out


def test_benchmarks_are_added_to_a_suite_and_found_by_name(run: Run) -> None:
    keys = {row["benchmark"] for row in report(run, "bench gpt-4o --suite article -b 'Arena Text' -b MMLU")["scores"]}

    assert keys == {"mmlu", "math", "humaneval", "gpqa", "arena-text"}


def test_models_stand_as_given_or_as_sorted(run: Run) -> None:
    given = "bench gpt-4o-mini gpt-4-turbo gpt-4o"

    assert models(run, given) == ["openai/gpt-4o-mini", "openai/gpt-4-turbo", "openai/gpt-4o"]
    assert models(run, f"{given} --sort MMLU") == ["openai/gpt-4o", "openai/gpt-4o-mini", "openai/gpt-4-turbo"]
    assert models(run, f"{given} --sort model") == ["openai/gpt-4-turbo", "openai/gpt-4o", "openai/gpt-4o-mini"]
    assert models(run, f"{given} --sort cost") == ["openai/gpt-4o-mini", "openai/gpt-4o", "openai/gpt-4-turbo"]
    assert models(run, f"{given} --top 2") == ["openai/gpt-4o-mini", "openai/gpt-4-turbo"]


def test_sorting_the_articles_table_moves_its_own_models_too(run: Run) -> None:
    found = report(run, "bench --sort gpqa")

    scores = [row["score"] for row in found["scores"] if row["benchmark"] == "gpqa"]
    assert scores == sorted(scores, reverse=True)


def test_csv_against_a_model_has_the_differences(run: Run) -> None:
    result = run("bench gpt-4o gpt-4o-mini --vs gpt-4o -f csv")

    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert [(row["benchmark"], row["delta"]) for row in rows] == [
        ("mmlu", "-6.7"),
        ("math", "-6.4"),
        ("humaneval", "-3"),
        ("gpqa", "-13.4"),
    ]
    assert "CSV holds one table; -f json also has: scores" in result.err


def test_the_model_to_hold_others_against_is_added(run: Run) -> None:
    found = report(run, "bench gpt-4o-mini --vs gpt-4o -b mmlu")

    assert found["base"] == "openai/gpt-4o"
    assert [row["model"] for row in found["scores"]] == ["openai/gpt-4o", "openai/gpt-4o-mini"]
    assert [row["model"] for row in found["differences"]] == ["openai/gpt-4o-mini"]


def test_holm_is_over_all_models_of_the_table(run: Run) -> None:
    def gpqa(command: str) -> Decimal:
        rows = report(run, command)["differences"]
        (p,) = [x["p_holm"] for x in rows if (x["model"], x["benchmark"]) == ("openai/gpt-4o-mini", "gpqa")]
        return Decimal(p)

    four = gpqa("bench gpt-4o-mini --vs gpt-4o")
    more = gpqa("bench gpt-4o-mini gpt-4-turbo gpt-4-0125-preview --vs gpt-4o")
    assert more > four > 0


def test_a_table_against_a_model_says_so_first_and_why_some_are_not_compared(run: Run) -> None:
    one = run("bench gpt-3.5-turbo --vs gpt-4o -b gpqa").out
    several = run("bench gpt-3.5-turbo gpt-4o-mini claude-opus-5 --vs gpt-4o -b gpqa --details").out
    none = run("bench claude-opus-5 --vs gpt-4o -b gpqa").out
    all_ = run("bench --vs gpt-4o").out

    assert one.startswith("openai/gpt-3.5-turbo against openai/gpt-4o: not comparable on GPQA\n")
    assert "† measured with the article that llmcost starts from, the base with simple-evals (GPQA)" in one
    assert several.startswith("3 models against openai/gpt-4o on GPQA: worse on 1, not comparable on 1\n")
    assert "openai/gpt-4o-mini: worse on GPQA" in several
    assert "anthropic/claude-opus-5: no score in common" in several
    assert "† openai/gpt-3.5-turbo: measured with the article" in several
    assert none.startswith("anthropic/claude-opus-5 against openai/gpt-4o: no score in common on GPQA\n")
    assert all_.startswith("31 models against openai/gpt-4o on MMLU, MATH, HumanEval, GPQA: worse on ")
    assert "the base by" not in all_


def test_several_models_against_one_stand_in_one_short_table(run: Run) -> None:
    out = run("bench gpt-4o-mini gpt-4 --vs gpt-4o").out

    assert "openai/gpt-4o-mini  -6.7 worse  -6.4 worse  -3.0 ~     -13.4 worse\n" in out
    assert "openai/gpt-4        -2.3 †      -34.6 †     -1.8 †     -22.9 †\n" in out
    assert "† run on a different harness: not tested\n" in out
    assert "Base" not in out


def test_efforts_have_a_column_where_most_scores_of_a_model_have_the_same(run: Run) -> None:
    """Only another effort stands behind a score."""
    out = run("bench claude-opus-5-5 claude-opus-4-6 gpt-4o -b arena-text -b arena-webdev -b arena-text-coding").out

    assert "anthropic/claude-opus-5-5  high    1508.8 ±7.0  1807.3 ±13.8 max  1548.1 ±13.2\n" in out
    assert re.search(r"claude-opus-4-6 +high +1502.6 ±3.3  \S+ ±5.4 +\S+ ±5.2 unstated\n", out)
    assert re.search(r"openai/gpt-4o +- +1335", out)
    assert "Effort: reasoning effort; another one is shown next to its score\n" in out


def test_the_cost_of_a_workload_lacks_the_hidden_tokens_of_scores_with_an_effort(run: Run) -> None:
    said = "the words behind scores are their reasoning effort: its hidden tokens"
    command = f"bench claude-opus-5 -b arena-text {JOB}"

    assert said in run(command).out
    assert said not in run(f"{command} --reasoning 100").out
    assert said not in run("bench claude-opus-5 -b arena-text --cost").out


def test_the_harness_of_each_column_is_named(run: Run) -> None:
    out = run("bench claude-opus-5 gpt-5.5 gpt-4o -b arena-text -b livebench-2026-06-25 --details").out

    assert "Harness of the ranked scores: Arena leaderboard (Arena text); LiveBench (LiveBench 2026-06-25)\n" in out


def test_lower_is_better_has_an_arrow_and_the_lowest_first(run: Run) -> None:
    found = report(run, "bench -b vectara-hallucination --top 5")
    out = run("bench -b vectara-hallucination --top 5").out

    scores = [row["score"] for row in found["scores"]]
    assert scores == sorted(scores)
    assert "Vectara hallucination rate ↓" in out
    assert "↓ lower is better" in out
    assert out.startswith("5 of ")


def test_prices_are_rates_or_the_cost_of_the_workload(run: Run) -> None:
    rates = report(run, "bench gpt-4o -b mmlu --cost")
    month = report(run, f"bench gpt-4o -b mmlu {JOB}")

    (row,) = rates["scores"]
    assert (row["input_rate_usd_per_1m"], row["output_rate_usd_per_1m"]) == (Decimal("2.5"), 10)
    assert row["monthly_usd"] is None
    assert month["scores"][0]["monthly_usd"] == 9750
    assert month["workload"]["requests_per_day"] == 100000
    assert "workload" not in rates
    assert "$9,750.00" in run(f"bench gpt-4o -b mmlu {JOB}").out


def test_terms_without_a_workload_change_the_rates(run: Run) -> None:
    (row,) = report(run, "bench gpt-4o -b mmlu --tier batch")["scores"]

    assert row["input_rate_usd_per_1m"] == Decimal("1.25")


def test_a_model_without_a_price_keeps_its_scores_and_is_named(run: Run) -> None:
    command = "bench gpt-oss-120b gpt-4o -b arena-text --cost"
    found = report(run, "bench together/openai/gpt-oss-120b baidu/ernie-5.1 gpt-4o -b arena-text --cost")

    assert run(command).status == 2
    assert [row["model"] for row in found["scores"]][-1] == "openai/gpt-4o"
    (note,) = [x["text"] for x in found["notes"] if x["kind"] == "missing"]
    assert note == "no price: not in the price table (baidu/ernie-5.1)"


def test_a_model_without_a_price_is_found_by_its_bare_name(run: Run) -> None:
    assert models(run, "bench ernie-5.1 -b arena-text") == ["baidu/ernie-5.1"]
    assert models(run, "bench BAIDU/Ernie-5.1 -b arena-text") == ["baidu/ernie-5.1"]


def test_listed_models_that_do_not_sell_what_is_asked_for_stay_without_a_price(run: Run) -> None:
    found = report(run, "bench --cost --tier flex")

    rows = {row["model"]: row["input_rate_usd_per_1m"] for row in found["scores"]}
    assert rows["openai/gpt-4o"] is None
    assert [x["text"] for x in found["notes"] if "no flex tier (" in x["text"]]


def test_a_right_answer_costs_what_the_run_cost_else_the_workload(run: Run) -> None:
    (gpqa, aider) = report(run, f"bench gpt-4o -b gpqa -b aider-polyglot --per-correct {JOB}")["scores"]

    assert round(gpqa["usd_per_correct"], 12) == round(Decimal("0.00325") / Decimal("0.536"), 12)
    assert gpqa["usd_per_correct_from"] == "workload"
    assert aider["usd_per_correct_from"] == "run"


def test_models_with_a_known_cost_of_a_right_answer_come_first(run: Run) -> None:
    table = run("bench gpt-4o o3-pro -b gpqa -b arc-agi-2 --per-correct").out.partition("USD per correct answer")[2]
    assert [x.split()[0] for x in table.splitlines() if x.startswith("openai/")] == ["openai/o3-pro", "openai/gpt-4o"]


@pytest.mark.parametrize(("job", "way"), [("", "; --rpd, --in and --out price a request of your own"), (JOB, "")])
def test_where_no_right_answer_has_a_known_cost_a_line_says_so(run: Run, job: str, way: str) -> None:
    out = run(f"bench gpt-5 -b arena-text --per-correct {job}").out
    assert f"\nUSD per correct answer: not known of any of these scores{way}\n" in out
    assert out.count("USD per correct answer") == 1


def test_a_legend_stands_once(run: Run) -> None:
    assert run("bench gpt-5 o3 -b gpqa --details").out.count("* reported by the vendor") == 1


def test_dollars_for_an_answer_above_one_have_cents(run: Run) -> None:
    assert "$155.38" in run("bench o3-pro -b arc-agi-2 --per-correct").out


def test_a_table_of_ones_own_is_shown_whole(run: Run, own: Callable[..., Path]) -> None:
    path = own(
        ("openai/gpt-4o", "exam", "80"),
        ("openai/gpt-4o", "errors", "9"),
        ("openai/gpt-4o", "index", "120"),
        ("openai/gpt-4o-mini", "exam", "60"),
    )
    out = run(f"bench --scores {path} --details").out

    assert out.startswith("2 models on Exam, Errors, Index: by Exam\n")
    assert "Without ±: interval unknown" in out
    assert "   1  openai/gpt-4o       80.0 ±" in out


def test_a_table_in_units_of_its_own(run: Run, own: Callable[..., Path]) -> None:
    path = own(("openai/gpt-4o", "index", "120"), ("openai/gpt-4o-mini", "index", "110"))

    plain = run(f"bench --scores {path} -b index --details").out
    against = run(f"bench gpt-4o-mini --vs gpt-4o --scores {path} -b index --details").out
    assert "Scores are in the units of their benchmarks\n" in plain
    assert "Rank" not in plain
    assert against.startswith("openai/gpt-4o-mini against openai/gpt-4o: no interval on Index\n")
    assert "no ±: interval unknown, not tested" in against.lower()
    assert "Holm" not in against.partition("Scores are")[2]


def test_a_benchmark_without_scores_is_an_error(run: Run, own: Callable[..., Path]) -> None:
    path = own(("openai/gpt-4o", "index", "120"))
    result = run(f"bench --scores {path} -b exam")

    assert result.status == 2
    assert "no model has enough scores on exam" in result.err


def test_a_name_that_speaks_to_a_terminal_is_not_completed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from llmcost.shell.complete import complete_model

    table = tmp_path / "p.yaml"
    text = 'schema: llmcost.pricing/1\nmodels: {acme/new: {aliases: ["acme-x", "acme-\\e[2J"], prices: {input: 1, output: 1}}}'
    table.write_text(text, encoding="utf-8")
    monkeypatch.setenv("LLMCOST_PRICING", str(table))
    assert list(complete_model("acme")) == ["acme-x", "acme/acme-x", "acme/new"]


def test_the_frontier_says_where_requests_for_a_model_go(run: Run, own: Callable[..., Path]) -> None:
    scores = own(("google/gemini-2.5-pro", "exam", "80"), ("openai/gpt-4o", "exam", "70"))
    notes = report(run, f"frontier -b exam --scores {scores} {JOB}")["notes"]

    assert [x["text"].partition(" and")[0] for x in notes if x["kind"] == "shutdown"] == [
        "google/gemini-2.5-pro: from 2026-12-01 requests go to google/gemini-3.8-flash"
    ]
