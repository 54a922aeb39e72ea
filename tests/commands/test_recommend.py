"""`llmcost recommend` and `llmcost frontier` on tables of their own, and on the shipped ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ..conftest import Result, Run
from .conftest import refused

JOB = "--rpd 100000 --in 500 --out 200"

MODELS = """
zz/small: {context: 100000, capabilities: {can: [vision, tools]}, prices: {input: 1, output: 2}}
zz/large: {context: 200000, shutdown: 2027-03-01, capabilities: {can: [vision], cannot: [tools]}, prices: {input: 4, output: 8}}
zz/twin: {context: 200000, prices: {input: 4, output: 8, tiers: {flex: {input: 2, output: 4}}}}
zz/embedding: {mode: embedding, prices: {input: 0.1, output: 0}}
zz/gone: {shutdown: 2026-01-01, prices: {input: 2, output: 2}}
zz/given: {free: true, prices: {input: 0, output: 0}}
zz/silent: {prices: {input: 0.5, output: 0.5}}
zz/wee: {context: 400, prices: {input: 0.5, output: 0.5}}
"""
SCORES = """
schema: llmcost.benchmarks/1
benchmarks:
  exam: {name: Exam, measures: x, unit: percent, higher_is_better: true, items: 200, guess: 25, interval: binomial}
  lies: {name: Lies, measures: x, unit: percent, higher_is_better: false, items: 200, interval: binomial}
  board: {name: Board, measures: x, unit: rating, higher_is_better: true, interval: published}
  run: {name: Run, measures: x, unit: percent, higher_is_better: true, items: 100, interval: binomial}
  index: {name: Index, measures: x, unit: percent, higher_is_better: true, interval: none}
  quiz: {name: Quiz, measures: x, unit: percent, higher_is_better: true, items: 200, interval: binomial}
tasks:
  sorting:
    name: Sorting
    needs: [{any: {exam: 70, board: 1300}}]
    reason: Labels need little.
scores:
  - {model: zz/small, benchmark: exam, score: 60, source: s, date: 2026-01-01, reported_by: vendor}
  - {model: zz/small, benchmark: board, score: 1310, low: 1305, high: 1315, source: s, date: 2026-01-01,
     reported_by: vendor, settings: {effort: high}}
  - {model: zz/small, benchmark: run, score: 60, source: s, date: 2026-01-01, reported_by: third-party, cost_usd: 0.01, cost_basis: item}
  - {model: zz/large, benchmark: exam, score: 90, source: s, date: 2026-01-01, reported_by: vendor, unverified: true}
  - {model: zz/large, benchmark: run, score: 61, source: s, date: 2026-01-01, reported_by: third-party, cost_usd: 20, cost_basis: run}
  - {model: zz/large, benchmark: lies, score: 5, source: s, date: 2026-01-01, reported_by: third-party}
  - {model: zz/large, benchmark: index, score: 50, source: s, date: 2026-01-01, reported_by: third-party}
  - {model: zz/small, benchmark: index, score: 40, source: s, date: 2026-01-01, reported_by: third-party, cost_usd: 1, cost_basis: item}
  - {model: zz/small, benchmark: lies, score: 20, source: s, date: 2026-01-01, reported_by: third-party}
  - {model: zz/small, benchmark: quiz, score: 60, source: s, date: 2026-01-01, reported_by: vendor}
  - {model: zz/large, benchmark: quiz, score: 59, source: other, date: 2026-01-01, reported_by: vendor, unverified: true}
  - {model: zz/twin, benchmark: quiz, score: 30, source: s, date: 2026-01-01, reported_by: vendor,
     settings: {effort: high}}
  - {model: zz/twin, benchmark: exam, score: 90, source: other, date: 2026-01-01, reported_by: third-party}
  - {model: zz/twin, benchmark: run, score: 90, source: s, date: 2026-01-01, reported_by: third-party, cost_usd: 0.3, cost_basis: item}
  - {model: zz/gone, benchmark: exam, score: 80, source: s, date: 2026-01-01, reported_by: third-party, status: differs,
     sourced_score: 75, sourced_from: y}
  - {model: zz/else, benchmark: run, score: 99, source: s, date: 2026-01-01, reported_by: third-party, unpriced: true}
"""

Ask = Callable[[str], Result]


@pytest.fixture
def ask(run: Run, table: Callable[[str], Path], tmp_path: Path) -> Ask:
    """Return a function that runs a command on the models and scores above."""
    prices, scores = table(MODELS), tmp_path / "scores.yaml"
    scores.write_text(SCORES.lstrip("\n"), encoding="utf-8")

    def call(command: str) -> Result:
        own = "" if "--scores" in command else f" --scores {scores}"
        only = " --provider zz" if command.startswith("recommend") and "--provider" not in command else ""
        return run(f"{command} --pricing {prices}{own}{only}")

    return call


def read(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.out, parse_float=Decimal, parse_int=Decimal)
    return found


def test_a_task_names_its_reason_and_what_decided(ask: Ask) -> None:
    result = ask(f"recommend --task sorting {JOB} --details")

    assert result.status == 0
    assert result.out.splitlines()[0] == (
        "zz/large (shuts down on 2027-03-01) at $10,800.00 a month is the cheapest of 2 models that qualify:"
        " exam 90.0 >= 70; it costs $1,050.00 more (10.8%) against openai/gpt-4o at $9,750.00 (default --vs)"
    )
    assert "Sorting: exam >= 70, board >= 1300, where known" in result.out
    assert "Why: Labels need little." in result.out
    assert "Where known: at least one score must be known, and every known score must reach its bar" in result.out
    misses = result.out.partition("Cheaper models that fall short, nearest first")[2].splitlines()
    assert [x.split() for x in misses[1:4:2]] == [
        ["Model", "Month", "exam"],
        ["zz/small", "$2,700.00", "60.0", "±6.7", "(short)"],
    ]


def test_the_next_choice_is_told_with_its_cost(ask: Ask) -> None:
    assert (
        "zz/large, the next, costs $3,000.00 more a month, 75.0%"
        in ask("recommend --min exam=50 --top 1 --details").out
    )


def test_models_that_lack_a_score_are_counted_with_what_they_would_cost(ask: Ask) -> None:
    said = "Of 4 models, 2 qualify, 1 falls short, 1 lacks a needed score, 1 of them cheaper: zz/silent ($500.00)"
    assert said in ask("recommend --min exam=70").out
    out = ask("recommend --min lies=30 --min exam=50 --min-context 1k").out
    assert "Of 4 models, 2 qualify, 2 lack a needed score or context window, 1 of them cheaper" in out
    dearer = ask("recommend --needs vision --min board=1300").out.splitlines()
    assert "Of 2 models, 1 qualifies, 1 lacks a needed score" in dearer
    within = ask("recommend --min lies=30 --budget 3000").out
    assert "Of 2 models within $3,000.00, 1 qualifies, 1 lacks a needed score: zz/silent ($500.00)" in within


def test_a_borderline_first_choice_is_called_so_and_the_next_sure_one_is_named(ask: Ask) -> None:
    out = ask("recommend --min exam=58 --vs zz/large").out

    assert out.splitlines()[0] == (
        "zz/small at $1,000.00 a month is the cheapest of 3 models that qualify, but borderline"
        " (exam 60.0 ±6.7 may be below 58); it saves $3,000.00 (75.0%) against zz/large at $4,000.00;"
        " the cheapest sure to qualify is zz/large (shuts down on 2027-03-01) at $4,000.00"
    )
    means = "± half the 95% interval; borderline: it reaches below the bar (see --confident)"
    assert (means in out, means in ask("recommend --min exam=58 --details").out) == (False, True)
    assert (
        ask("recommend --min lies=6")
        .out.splitlines()[0]
        .endswith("at $2,500.00 (default --vs); no other is sure to qualify")
    )
    assert "lies 5.0 ±3.1 may be above 6" in ask("recommend --min lies=6").out
    assert "Of 4 models, 3 qualify (1 borderline), 1 lacks a needed score" in out
    ending = ask("recommend --min exam=58 --on 2026-12-01").out.splitlines()[0]
    assert ending.endswith("; the cheapest sure one that stays available is zz/twin at $4,000.00")
    found = read(ask("recommend --min exam=58 -f json"))
    assert (found["recommended"], found["recommended_if_sure"]) == ("zz/small", "zz/large")
    assert {x["model"]: x["evidence"] for x in found["candidates"]} == {
        "zz/small": "borderline",
        "zz/large": "sure",
        "zz/twin": "sure",
        "zz/silent": "unknown",
    }


def test_after_a_first_choice_that_shuts_down_within_90_days_the_next_that_lasts_is_named(
    ask: Ask, table: Callable[[str], Path]
) -> None:
    ending = "zz/large (shuts down on 2027-03-01) at $4,000.00 a month is the cheapest"
    lasting = "; the next one without a shutdown date is zz/twin at $4,000.00"

    assert ask("recommend --min exam=70 --on 2026-11-30").out.splitlines()[0].endswith("at $2,500.00 (default --vs)")
    soon = ask("recommend --min exam=70 --on 2026-12-01").out.splitlines()[0]
    assert (soon.startswith(ending), soon.endswith(lasting)) == (True, True)
    assert "zz/large (shuts down 2027-03-01)" in ask("recommend --min exam=70 --on 2026-12-01").out
    alone = ask("recommend --min lies=10 --on 2026-12-01").out.splitlines()[0]
    table(MODELS.replace("zz/twin: {", "zz/twin: {shutdown: 2027-04-01, "))
    later = ask("recommend --min exam=70 --on 2026-12-01").out.splitlines()[0]
    assert later.endswith(
        "; the next one that stays available for 90 days is zz/twin (shuts down on 2027-04-01) at $4,000.00"
    )
    assert alone.endswith("; no other stays available for 90 days")


def test_a_score_without_an_interval_is_noted(ask: Ask) -> None:
    assert "no 95% interval is known" in ask("recommend --min index=45").out


def test_a_budget_takes_the_best_within_it(ask: Ask, tmp_path: Path) -> None:
    scores = tmp_path / "same.yaml"
    scores.write_text(SCORES.lstrip("\n").replace("source: other", "source: s"), "utf-8")
    result = ask(f"recommend --min exam=50 --budget $3,999.99 --vs zz/large --details --scores {scores}")

    assert result.status == 0
    assert result.out.splitlines()[0] == (
        "zz/small at $1,000.00 a month is the only qualifying model within $3,999.99 with a score on exam: 60.0 ±6.7;"
        " it saves $3,000.00 (75.0%) against zz/large at $4,000.00"
    )
    assert "Qualifying models within $3,999.99, best first" in result.out
    better = result.out.partition("Better by exam, but above $3,999.99, cheapest first")[2]
    assert better.index("zz/large") < better.index("zz/twin")


def test_who_may_be_as_good_as_the_best_within_a_budget_is_told_with_the_cheapest(ask: Ask, tmp_path: Path) -> None:
    same = SCORES.lstrip("\n").replace("score: 59, source: other", "score: 59, source: s")
    (tmp_path / "same.yaml").write_text(same, "utf-8")
    result = ask(f"recommend -b quiz --budget $4,000 --vs zz/large --details --scores {tmp_path / 'same.yaml'}")

    assert result.out.splitlines()[0] == (
        "zz/small at $1,000.00 a month scores best on quiz of the 3 qualifying models within $4,000.00:"
        " 60.0 ±6.7;"
        " it saves $3,000.00 (75.0%) against zz/large at $4,000.00; 1 other is not detectably worse"
    )
    assert "59.0 ±6.8 (tied)" in result.out
    assert "Tied: no detectable difference from the best on quiz (p > 0.05 after Holm)" in result.out
    found = read(ask("recommend -b run --budget 4000 --min board=1300 -f json"))
    assert (found["budget_usd"], found["ranked_by"], found["not_considered"]) == (4000, "run", 3)
    found = read(ask(f"recommend -b quiz --budget 4000 -f json --scores {tmp_path / 'same.yaml'}"))
    assert [(x["model"], x["meets"], x["ranking_score"], x["tied_with_best"]) for x in found["candidates"]] == [
        ("zz/small", True, 60, True),
        ("zz/large", True, 59, True),
        ("zz/twin", True, 30, False),
        ("zz/silent", False, None, None),
    ]
    assert found["candidates"][3]["failed"] == ["quiz unknown"]


def test_a_score_of_another_harness_is_not_compared_with_the_best(ask: Ask) -> None:
    result = ask("recommend -b quiz --budget $4,000 --details")

    first = result.out.splitlines()[0]
    assert first.endswith("(default --vs); 1 other measured on a different harness: not compared")
    assert "59.0 ±6.8 (not comparable)" in result.out
    assert "tied" not in result.out.lower()
    assert "Not comparable: measured on a different harness than the best, so not tested" in result.out
    found = read(ask("recommend -b quiz --budget 4000 -f json"))["candidates"]
    assert [x["tied_with_best"] for x in found] == [True, None, False, None]


def test_what_has_no_interval_is_not_ranked_without_a_word(ask: Ask) -> None:
    out = ask("recommend -b index --budget $4,000").out

    assert out.splitlines()[0].endswith("; 1 other without a known interval may be as good")
    assert [x["tied_with_best"] for x in read(ask("recommend -b index --budget 4000 -f json"))["candidates"]] == [
        True,
        *[None] * 3,
    ]


def test_the_cheapest_that_may_be_as_good_is_named_where_it_is_not_the_best(ask: Ask, tmp_path: Path) -> None:
    scores = tmp_path / "close.yaml"
    scores.write_text(SCORES.lstrip("\n").replace("score: 59, source: other", "score: 61, source: s"), "utf-8")

    out = ask(f"recommend -b quiz --budget 4000 --scores {scores}").out
    barely = ask(f"recommend -b quiz --budget 4000 --min exam=58 --scores {scores}").out.splitlines()[0]

    assert "1 other is not detectably worse, the cheapest zz/small at $1,000.00" in out.splitlines()[0]
    assert barely.endswith("zz/small at $1,000.00 (borderline: exam 60.0 ±6.7 may be below 58)")


def test_a_task_is_ranked_by_the_benchmark_that_decides_and_the_rest_is_counted(ask: Ask, tmp_path: Path) -> None:
    scores = tmp_path / "more.yaml"
    text = SCORES.lstrip("\n").replace("{exam: 70, board: 1300}", "{lies: 30, exam: 50, run: 50}")
    scores.write_text(text, "utf-8")

    close = tmp_path / "close.yaml"
    close.write_text(text.replace("lies: 30", "lies: 22"), "utf-8")

    out = ask(f"recommend --task sorting --budget 10,000 --scores {scores}").out

    assert "scores best on lies of the 3 qualifying models within $10,000.00: 5.0 ±3.1" in out
    assert "Sorting: lies <= 30, exam >= 50, run >= 50, where known" in out.splitlines()
    assert "1 of the 3 has no lies score (-b ranks by another)" in out
    assert "exam 90.0 ±4.2" not in out
    barely = ask(f"recommend --task sorting --budget 10,000 --scores {close}").out
    assert " 20.0 ±5.5 (borderline)" in barely
    assert "lies 20.0 ±5.5 (borderline)" not in barely
    whole = ask(f"recommend --task sorting --budget 10,000 --details --scores {close}").out
    assert "20.0 ±5.5 (borderline)  lies 20.0 ±5.5 (borderline)" in whole
    one = ask(f"recommend --task sorting --budget 2,000 --scores {close}").out.splitlines()[0]
    assert "with a score on lies: 20.0 ±5.5, but borderline (lies 20.0 ±5.5 may be above 22); it saves" in one


def test_nothing_within_the_budget_is_status_1_with_the_cheapest_above_it(ask: Ask) -> None:
    result = ask("recommend --min exam=70 --budget 3000")

    assert result.status == 1
    said = "none of 4 models qualifies within $3,000.00; without the budget, the cheapest is zz/large"
    assert result.out.startswith(f"{said} (shuts down on 2027-03-01) at $4,000.00 a month\n")
    assert "$4,000.00 (over budget)  90.0" in result.out
    assert "$1,000.00  60.0 ±6.7 (short)" in result.out
    high = read(ask("recommend --min exam=50 --budget 3000 --rpd 1M --in 50..150 --out 0 -f json"))
    assert high["candidates"][0]["failed"] == ["cost $4,500.00 > $3,000.00"]
    missing = read(ask("recommend --min exam=95 --min lies=5 --budget 3000 -f json"))
    assert missing["candidates"][0]["failed"] == ["exam 90.0 < 95", "cost $4,000.00 > $3,000.00"]
    assert missing["ranked_by"] is None
    assert read(ask("recommend -b exam --budget 1 -f json"))["ranked_by"] == "exam"


def test_reasoning_tokens_that_are_priced_are_not_doubted(ask: Ask) -> None:
    unpriced = ask(f"recommend --min board=1300 {JOB}").out
    assert unpriced.splitlines()[0].endswith(
        "; reasoning tokens are not included (--reasoning N adds N tokens a request)"
    )
    assert "scored with reasoning; its hidden tokens" in unpriced
    priced = ask(f"recommend --min board=1300 {JOB} --reasoning 100").out
    assert "scored with reasoning" not in priced
    assert "its reasoning tokens" not in priced
    assert "Reasoning tokens" not in priced


def test_a_need_is_met_by_what_is_known_and_never_by_silence(ask: Ask) -> None:
    found = read(ask(f"recommend --needs vision,tools --needs vision {JOB} -f json"))

    assert found["able"] == ["vision", "tools"]
    assert [(x["model"], x["met_by"]) for x in found["candidates"]] == [("zz/small", ["can vision, tools"])]
    assert {x["model"]: x["reason"] for x in found["left_out"] if x["model"] in ("zz/large", "zz/silent")} == {
        "zz/large": "no tools",
        "zz/silent": "vision, tools unknown",
    }
    counted = ask(f"recommend --needs vision,tools {JOB}").out.splitlines()
    assert "Capabilities (price table): vision, tools; left out: 1 without, 2 unknown" in counted
    text = ask(f"recommend --needs vision --min exam=70 {JOB}").out
    assert "zz/large (shuts down on 2027-03-01) at $10,800.00 a month is the only one that qualifies" in text
    assert "exam 90.0 >= 70; can vision" in text


def test_the_json_has_candidates_best_first_with_what_each_failed(ask: Ask) -> None:
    found = read(ask(f"recommend --min exam=70 --min lies=10 --min-context 150k {JOB} -f json"))

    assert found["schema"] == "llmcost.recommend/1"
    assert found["recommended"] == "zz/large"
    assert found["saving_against"] == "openai/gpt-4o"
    assert [(x["model"], x["meets"], x["failed"]) for x in found["candidates"]] == [
        ("zz/large", True, []),
        ("zz/twin", False, ["lies unknown"]),
        ("zz/small", False, ["exam 60.0 < 70", "lies 20.0 > 10", "context 100,000 < 150,000"]),
        ("zz/silent", False, ["exam unknown", "lies unknown", "context unknown"]),
    ]
    assert found["candidates"][0]["met_by"] == ["exam 90.0 >= 70", "lies 5.0 <= 10", "context 200,000 >= 150,000"]
    assert found["candidates"][0]["monthly_usd"] == 10800
    assert {x["model"]: x["reason"] for x in found["left_out"]} == {
        "zz/gone": "shut down 2026-01-01",
        "zz/given": "free",
        "zz/wee": "context window of 400",
        "zz/embedding": "not a chat model",
    }
    assert [(x["model"], x["benchmark"], x["found"]) for x in found["scores"]][:2] == [
        ("zz/large", "exam", "met"),
        ("zz/large", "lies", "met"),
    ]


def test_a_task_that_is_failed_says_which_scores_fall_short_or_are_missing(ask: Ask) -> None:
    found = read(ask(f"recommend --task sorting --min board=1400 {JOB} -f json"))

    failed = {x["model"]: x["failed"] for x in found["candidates"]}
    assert failed["zz/small"] == ["board 1310.0 < 1400", "sorting: exam 60.0 < 70, board 1310.0 < 1400"]
    assert failed["zz/silent"] == ["board unknown", "sorting: exam and board unknown"]


def test_nothing_that_meets_the_needs_is_status_1_with_the_nearest_miss(ask: Ask) -> None:
    result = ask("recommend --min exam=95")

    assert result.status == 1
    said = "none of 4 models qualifies; the nearest is zz/large at $4,000.00 a month: exam 90.0 < 95"
    assert result.out.splitlines()[0] == said
    assert result.err == "FAIL: none of 4 models qualifies\n"
    assert "Nearest misses" in result.out
    assert "90.0 ±4.2 (short)" in result.out
    assert ask("recommend --min exam=95 -f json").status == 1


def test_confidence_asks_the_worse_end(ask: Ask) -> None:
    without = ask("recommend --min exam=88")
    assert without.status == 0
    assert "90.0 ±4.2 (borderline)" in without.out
    assert "orderline" not in ask("recommend --min exam=80").out

    result = ask("recommend --min exam=88 --confident")

    assert result.status == 1
    assert "exam 90.0, low end 85.1 < 88" in result.out
    assert "(unsure)" in result.out
    assert "lies 5.0, high end 9.0 <= 10" in ask("recommend --min lies=10 --confident").out


def test_confidence_in_a_score_without_an_interval_is_not_known(ask: Ask) -> None:
    result = ask("recommend --min index=45 --confident")

    assert result.status == 1
    failed = {x["model"]: x["failed"] for x in read(ask("recommend --min index=45 --confident -f json"))["candidates"]}
    assert failed["zz/large"] == ["index 50.0 has no interval: unknown"]
    assert "50.0 (no interval)" in result.out


def test_a_score_that_rounding_would_lift_over_the_bar_is_shown_whole(ask: Ask, tmp_path: Path) -> None:
    scores = tmp_path / "close.yaml"
    scores.write_text(SCORES.lstrip("\n").replace("score: 90, source: other", "score: 89.96, source: other"), "utf-8")

    found = read(ask(f"recommend --min exam=90 --scores {scores} -f json"))

    failed = {x["model"]: x["failed"] for x in found["candidates"]}
    assert failed["zz/twin"] == ["exam 89.96 < 90"]


def test_retired_models_are_left_out_unless_asked_for(ask: Ask) -> None:
    without, with_them = ask("recommend --min exam=75"), ask("recommend --min exam=75 --include-retired")

    assert "zz/gone" not in without.out.partition("left out")[0]
    assert with_them.out.startswith("zz/gone (shut down on 2026-01-01) at $2,000.00")
    assert "exam 80 differs from the sourced score, 75" in with_them.out


def test_retired_models_that_do_not_sell_what_is_asked_stay_out(ask: Ask) -> None:
    result = ask("recommend --min exam=75 --include-retired --tier batch")

    why = "no batch tier (zz/small, zz/large, zz/twin, zz/gone, zz/silent); not a chat model (zz/embedding); free (zz/given)"
    assert (result.status, result.err.splitlines()) == (
        2,
        ["error: no model sells this", f"  left out: {why}; context window of 400 (zz/wee)"],
    )


def test_the_cheapest_says_when_it_shuts_down_and_what_costs_the_same(ask: Ask) -> None:
    out = ask("recommend --min exam=85 --details").out

    assert out.startswith("zz/large (shuts down on 2027-03-01) at $4,000.00 a month is the cheapest of 2 models")
    assert "zz/twin, the next, costs the same" in out
    assert "secondhand" in out


def test_the_saving_is_against_a_model_that_is_named(ask: Ask) -> None:
    assert (
        "it saves $3,000.00 (75.0%) against zz/large at $4,000.00"
        in ask("recommend --min board=1300 --vs zz/large").out
    )
    assert "it costs $3,000.00 more (300.0%) against zz/small" in ask("recommend --min exam=85 --vs zz/small").out
    assert "against" not in ask("recommend --min exam=85 --vs zz/large").out.splitlines()[0]
    assert "it costs $4,000.00 more against zz/given" in ask("recommend --min exam=85 --vs zz/given").out


def test_a_provider_and_a_number_of_runners_up(ask: Ask) -> None:
    out = ask("recommend --min-context 1k --top 1").out

    assert "the cheapest of 3 models" in out
    assert "Qualifying models, cheapest first (1 more: --top, or -f json)" in out


def test_one_model_alone_meets_it(ask: Ask) -> None:
    assert "zz/small at $1,000.00 a month is the only one that qualifies" in ask("recommend --min board=1300").out


def test_a_context_window_may_be_lacking(ask: Ask) -> None:
    assert "Of 4 models, 3 qualify, 1 lacks a context window" in ask("recommend --min-context 100").out


def test_no_saving_is_told_where_the_usual_model_does_not_sell_what_is_asked(ask: Ask) -> None:
    result = ask("recommend --min exam=85 --tier flex")

    assert (result.status, "against" in result.out) == (0, False)
    assert read(ask("recommend --min exam=85 --tier flex -f json"))["candidates"][0]["saving_usd"] is None


def test_the_saving_against_a_named_model_that_does_not_sell_it_is_an_error(ask: Ask) -> None:
    assert ask("recommend --min exam=85 --tier flex --vs gpt-4o").status == 2


def test_a_gate_judges_what_is_recommended(ask: Ask) -> None:
    within, above = (
        ask("recommend --min board=1300 --fail-over 1000"),
        ask("recommend --min board=1300 --fail-over 999"),
    )

    assert (within.status, above.status) == (0, 1)
    assert "FAIL: zz/small costs $1,000.00 a month" in above.err
    assert read(ask("recommend --min board=1300 --fail-over 999 -f json"))["gate"]["passed"] is False


def test_a_range_and_days_are_named_in_the_table(ask: Ask) -> None:
    assert "Expected" in ask("recommend --task sorting --rpd 1k --in 1k..2k --out 1").out
    assert "Total" in ask("recommend --task sorting --rpd 1k --in 100 --out 1 --days 7").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "nothing to look for: give --min, --task, --min-context or --needs"),
        ("--needs video", "no model sells this and is known to have what is needed"),
        ("--budget 500", "--budget needs a benchmark to rank by"),
        ("--budget 500 --min-context 1k", "give -b NAME, --min NAME=SCORE or --task KIND"),
        ("-b exam", "-b requires --budget"),
        ("-b exma --budget 5", "did you mean: exam?"),
        ("--task coding", 'no task "coding"'),
        ("--min exma=80", "did you mean: exam?"),
        ("--min exam=abc", '"abc" is not a score'),
        ("--min exam=-5", '"-5" is not a score'),
        ("--min board=50%", "write it as board=1300"),
        ("--min exam=187", "is above 100: scores of Exam are percentages"),
        ("--min exam=0.8", "did you mean exam=80?"),
        ("--min exam=80 --min EXAM=81", '--min "exam" is given twice'),
        ("--task sorting --task Sorting", '--task "sorting" is given twice'),
        ("--min-context 5 --confident", "--confident requires --min or --task"),
        ("--task sorting --rpd 1k,2k --in 1 --out 1", "recommend takes one workload, not a list"),
        ("--task sorting --reasoning 5", "--reasoning requires a workload"),
    ],
)
def test_bad_input_is_status_2_with_what_to_do(ask: Ask, arguments: str, said: str) -> None:
    refused(ask(f"recommend {arguments}"), said)


def test_a_percent_sign_is_a_score_too(ask: Ask) -> None:
    assert ask("recommend --min exam=70%").out == ask("recommend --min exam=70").out
    assert ask("recommend --min exam=0.5%").status == 0


def test_a_table_without_tasks_says_so(ask: Ask, tmp_path: Path) -> None:
    scores = tmp_path / "bare.yaml"
    scores.write_text(SCORES.partition("tasks:")[0].lstrip("\n") + "scores: []\n", "utf-8")

    assert "the benchmark table has no task" in ask(f"recommend --task sorting --scores {scores}").err


def test_the_frontier_by_the_cost_of_the_runs(ask: Ask) -> None:
    found = read(ask("frontier -b run -f json"))

    assert found["schema"] == "llmcost.bench-frontier/1"
    assert found["cost_basis"] == "run_item"
    assert "workload" not in found
    assert [(x["model"], x["cost_usd"], x["class"], x["mixture_of"]) for x in found["models"]] == [
        ("zz/small", Decimal("0.01"), "frontier", []),
        ("zz/large", Decimal("0.2"), "frontier", ["zz/small", "zz/twin"]),
        ("zz/twin", Decimal("0.3"), "frontier", []),
    ]
    assert "1 score is of a model without a price, left out" in str(found["notes"])


def test_the_frontier_by_a_workload_and_by_the_default_volume(ask: Ask) -> None:
    priced, volume = ask(f"frontier -b index {JOB}"), ask("frontier -b index --details")

    assert read(ask(f"frontier -b index {JOB} -f json"))["cost_basis"] == "workload"
    assert read(ask("frontier -b index -f json"))["cost_basis"] == "volume"
    assert "Workload: 100,000 requests a day" in priced.out
    assert "Workload: 1B input tokens a month, no output" in volume.out
    assert "known for only 1 of 2 scores and are not used" in volume.out
    assert "2 of 2 scores have no interval" in volume.out


def test_the_frontier_tells_who_dominates_and_what_is_noise(ask: Ask) -> None:
    result = ask("frontier -b lies --plot --rpd 1k --in 1k --out 1 --days 7 --details")

    assert "2 of 2 models are on the frontier of Lies and cost" in result.out
    assert "lower is better: the best is at the top" in result.out
    assert "Total" in result.out

    noisy = ask("frontier -b quiz --plot --details")
    assert (
        "1 of 3 models is on the frontier of Quiz and cost (1B input tokens, no output): zz/small ($1,000.00, 60.0)"
        in noisy.out
    )
    assert "1 not clearly worse, 1 dominated" in noisy.out
    assert "not clearly worse than A" in noisy.out
    assert "dominated by A" in noisy.out
    assert "run on a different harness" in noisy.out
    assert "secondhand" in noisy.out
    assert "scored with reasoning; its hidden tokens" in noisy.out
    assert "\nA small; ○ not clearly worse, · dominated\n" in noisy.out
    found = read(ask("frontier -b quiz -f json"))["models"]
    assert [(x["dominated_by"], x["within_noise_of"]) for x in found] == [
        (None, None),
        (None, "zz/small"),
        ("zz/small", None),
    ]

    rows = {x["model"]: x for x in read(ask("frontier zz/twin zz/large zz/small -b exam -f json"))["models"]}
    assert {model: x["class"] for model, x in rows.items()} == dict.fromkeys(rows, "frontier")


def test_a_short_frontier_counts_the_other_models(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    found = read(run("frontier -b arena-text -f json"))["models"]
    best = [x["model"] for x in found if x["class"] == "frontier"]
    lines = run("frontier -b arena-text").out.splitlines()

    assert len(lines) <= 23
    assert "drawn at random" not in "".join(lines)
    assert [line.split()[0] for line in lines if "$" in line and "/" in line and " ±" in line] == best
    assert lines[-1].startswith(f"--details shows more: the other {len(found) - len(best)} models, 2 columns")


def test_a_chart_stands_for_the_table_and_names_its_letters(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = run(f"frontier -b arena-text {JOB} --plot").out.splitlines()

    assert len(lines) <= 23
    assert " ".join(lines).count("A amazon.nova-micro-v1:0, B amazon.nova-lite-v1:0, ") == 1
    assert lines[-1].startswith("--details shows more: 11")


def test_the_frontier_takes_the_models_that_are_named(ask: Ask) -> None:
    out = ask("frontier zz/gone zz/silent zz/large -b exam").out

    assert "no score: zz/silent" in out
    assert "dominated" in out or "frontier" in out
    assert "zz/gone" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "missing option '-b' / '--benchmark'"),
        ("-b exam -b lies", "--benchmark is given twice"),
        ("-b exma", "did you mean: exam?"),
        ("-b exam zz/silent", "none of zz/silent has a score on Exam and a price"),
        ("-b board --tier batch", "no model on sale has a score on Board and a price"),
        ("-b exam --rpd 1k,2k --in 1 --out 1", "frontier takes one workload, not a list"),
    ],
)
def test_bad_input_to_the_frontier(ask: Ask, arguments: str, said: str) -> None:
    refused(ask(f"frontier {arguments}"), said)


def test_a_chat_is_no_kind_of_task_and_is_sent_to_what_people_prefer(run: Run) -> None:
    refused(run("recommend --task support"), "for a chat, what people prefer is measured: --min arena-text=1300\n")
