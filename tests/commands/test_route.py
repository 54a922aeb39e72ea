"""`llmcost route`: a share, real prompts, outcomes, cascades, curves; and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ..conftest import Run
from ..evals.routing_data import FOLDER, expected
from .conftest import refused

MODELS = "--weak gpt-4o-mini --strong gpt-4o"
JOB = f"{MODELS} --rpd 100000 --in 500 --out 200"
GSM8K = (
    f"results {FOLDER / 'routellm_gsm8k.csv.gz'} --column weak=weak_correct --column strong=strong_correct"
    " --column input_tokens=prompt_tokens_cl100k --column weak_output_tokens=weak_output_tokens_cl100k"
    " --column strong_output_tokens=strong_output_tokens_cl100k --weak-price 0.6/0.6 --strong-price 10/30"
)
SCORE = "--column score=prompt_tokens_cl100k"
CLEAN = "--where contaminated=0"


@pytest.fixture
def route(run: Run) -> Callable[[str], dict[str, Any]]:
    """Return a function that runs `route` and returns its JSON."""

    def call(options: str) -> dict[str, Any]:
        result = run(f"route {options} -f json")
        judged = "--margin" in options
        assert result.err == "" or judged
        assert result.status == 0 or judged
        found: dict[str, Any] = json.loads(result.out)
        return found

    return call


Route = Callable[[str], dict[str, Any]]


def plan(found: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a row of the plans."""
    return next(row for row in found["plans"] if row["plan"] == name)


def test_without_a_workload_it_is_a_billion_input_tokens(run: Run, route: Route) -> None:
    assert plan(route(f"{MODELS} --share 20%"), "mix")["monthly_usd"] == 620
    assert "$620.00 on 1B input tokens a month" in run(f"route {MODELS} --share 20%").out


def test_the_router_is_paid_for_every_request(route: Route) -> None:
    assert route(f"{JOB} --share 20% --router-model gpt-4o-mini --router-in 500")["router_usd"] == 225
    found = route(f"{JOB} --share 20% --router-model gpt-4o-mini --router-in 500 --router-out 5 --overhead-usd 0.0001")

    assert found["router_usd"] == 534
    assert plan(found, "mix")["monthly_usd"] == 2418 + 534
    assert plan(found, "weak")["monthly_usd"] == 585


def test_a_mix_may_cost_more_or_the_same(run: Run) -> None:
    assert "0.0% more than openai/gpt-4o alone" not in run(f"route {JOB} --share 100%").out
    assert "as much as openai/gpt-4o alone" in run(f"route {JOB} --share 100%").out
    assert "20.0% more than openai/gpt-4o alone" in run(f"route {JOB} --share 100% --overhead-usd 0.00065").out


def test_a_budget_and_a_quality_solve_for_the_share(route: Route) -> None:
    paid = route(f"{JOB} --budget 2000")
    assert plan(paid, "mix")["monthly_usd"] == 2000
    assert paid["strong_share"] == pytest.approx(1415 / 9165)

    good = route(f"{JOB} --target-quality 95% -b mmlu")
    assert good["strong_share"] == pytest.approx((0.95 * 88.7 - 82) / 6.7)
    assert good["benchmarks"][0]["random_score"] == pytest.approx(0.95 * 88.7)

    hardest = route(f"{JOB} --target-quality 95% -b mmlu -b gpqa")
    assert hardest["strong_share"] == pytest.approx((0.95 * 53.6 - 40.2) / 13.4)

    chain = route(f"{JOB} --cascade --budget 2535")
    assert chain["strong_share"] == pytest.approx(0.2)


@pytest.mark.parametrize("target", ["100%", "1"])
def test_the_whole_of_a_quality_is_called_100_percent(run: Run, target: str) -> None:
    out = run(f"route {JOB} --target-quality {target} -b mmlu").out

    assert "Share: the smallest whose random mix keeps 100% of the strong model's 88.7 on MMLU" in out
    assert "with 100% of the strong model's score" in run(f"route {GSM8K} {SCORE} --target-quality {target}").out
    assert "with 99.9999% of the" in run(f"route {GSM8K} {SCORE} --target-quality 99.9999%").out


def test_the_correlation_may_be_given(run: Run) -> None:
    assert "phi = 0.2" in run(f"route {JOB} --share 20% -b MMLU --phi 0.2 --details").out


def test_a_cascade_before_gpt_4o_breaks_even_at_94_percent(route: Route, run: Run) -> None:
    assert "saves if less than 94% is escalated" in run(f"route {MODELS} --cascade").out
    found = route(f"{JOB} --cascade --share 20% --check-usd 0.0001")
    assert plan(found, "cascade")["monthly_usd"] == 585 + 300 + 1950
    assert found["break_even_share"] == pytest.approx(1 - 885 / 9750)
    dear = "--cascade --check-usd 1 --rpd 10 --in 10 --out 10"
    assert "saves nothing at any share" in run(f"route {MODELS} {dear}").out
    assert "saves nothing at any share" in run(f"route {MODELS} {dear} --share 5%").out
    assert "so it does not save" in run(f"route {JOB} --cascade --share 95%").out
    assert "so it saves" in run(f"route {JOB} --cascade --share 5%").out


def test_the_curve_goes_from_one_model_to_the_other(route: Route, run: Run) -> None:
    found = route(f"{JOB} --curve -b mmlu")["curve"]

    assert [row["monthly_usd"] for row in found] == [585 + 916.5 * step for step in range(11)]
    assert [found[0]["quality"], found[-1]["quality"]] == [pytest.approx(0.82), pytest.approx(0.887)]
    assert "X" in run(f"route {JOB} --share 30% --plot -b mmlu").out
    assert "X" in run(f"route {JOB} --cascade --catch 90% --false-alarm 5% --plot -b mmlu").out
    assert "a cascade from" in run(f"route {JOB} --cascade --curve").out
    assert "plot" not in route(f"{JOB} --share 30% --plot -b mmlu")


def test_a_curve_of_several_benchmarks_is_of_the_first(run: Run) -> None:
    said = "Curve and plot use MMLU, the first benchmark"

    assert said in run(f"route {JOB} --curve -b mmlu -b gpqa").out
    assert said not in run(f"route {JOB} --curve -b mmlu").out
    assert said not in run(f"route {JOB} --share 5% -b mmlu -b gpqa").out


def test_a_correlation_that_the_scores_do_not_allow_is_told(route: Route) -> None:
    (note,) = [x for x in route(f"{JOB} --share 5% -b mmlu --phi 0.9")["notes"] if x["kind"] == "status"]

    assert note["text"] == "phi = 0.9 is impossible on MMLU: these scores allow at most 0.76, which is used"
    low = route(f"{JOB} --share 5% -b mmlu --phi -0.9")["notes"]
    assert "phi = -0.9 is impossible on MMLU: these scores allow at least -0.17, which is used" in [
        x["text"] for x in low
    ]


def test_scores_have_no_noise_of_binary_fractions(run: Run) -> None:
    assert '"random_score": 83.34,' in run(f"route {JOB} --share 20% -b mmlu -f json").out


def test_ties_that_the_share_cuts_are_told(tmp_path: Path, route: Route, run: Run) -> None:
    file = table(tmp_path, ["a,0,1,9", "b,1,1,5", "c,0,1,5", "d,1,1,5", "e,0,1,1"])

    assert route(f"results {file} --share 40%")["threshold_ties"] == {"strong": 1, "items": 3}
    said = "ties in file order (1 of the 3 of score 5 go to the strong model)"
    assert said in run(f"route results {file} --share 40%").out
    assert route(f"results {file} --share 80%")["threshold_ties"] is None
    assert route(f"results {file} --share 0%")["threshold_ties"] is None


def test_every_figure_of_the_reference_has_its_name(route: Route) -> None:
    want = expected("gsm8k_decontaminated")
    figures = want["router_prompt_length"]
    found = route(f"{GSM8K} {CLEAN} {SCORE}")
    close = {
        "n": want["n"],
        "weak_accuracy": want["weak_mean"],
        "strong_accuracy": want["strong_mean"],
        "oracle_accuracy": want["oracle_accuracy"],
        "oracle_share": want["oracle_strong_share_needed"],
        "apgr": figures["apgr"],
        "weak_usd": want["cost_always_weak"],
        "strong_usd": want["cost_always_strong"],
        "mix_usd": figures["cost_at_cpt50"],
        **{f"cpt{percent}": figures[f"cpt{percent}_first_hit"] for percent in (20, 50, 80, 90)},
    }

    assert {key: found[key] for key in close} == pytest.approx(close, abs=1e-6)
    at = {row["gap_pct"]: row["usd"] for row in found["cpt"]}
    assert at[80] == pytest.approx(figures["cost_at_cpt80"], abs=1e-6)
    curve = {row["strong_share"]: row["quality"] for row in route(f"{GSM8K} {CLEAN} {SCORE} --curve")["curve"]}
    assert curve[0.5] == pytest.approx(figures["accuracy_at_50pct_strong"], abs=1e-6)


def test_a_cascade_of_the_reference(route: Route) -> None:
    figures = expected("gsm8k_all")["cascade_escalate_if_weak_output_tokens_at_least"]["150"]
    found = route(f"{GSM8K} --cascade --escalate-tokens 150")
    names = {"strong_share": "strong_share", "accuracy": "mix_accuracy", "cost": "mix_usd"}

    assert {key: found[name] for key, name in names.items()} == pytest.approx(figures, abs=1e-6)
    assert plan(found, "cascade")["usd"] == found["mix_usd"]
    assert found["halves"] is None


def test_a_router_stands_beside_the_random_and_the_perfect_one(route: Route) -> None:
    found = route(f"{GSM8K} {CLEAN} {SCORE} --share 20% --margin 5 --rpd 1000")

    assert [row["plan"] for row in found["plans"]] == ["weak", "mix", "random", "perfect", "strong"]
    assert found["random_accuracy"] < found["mix_accuracy"] < found["perfect_accuracy"]
    assert found["pgr_low"] < found["pgr"] < found["pgr_high"]
    assert found["mix_monthly_usd"] == pytest.approx(found["mix_usd"] / 1307 * 30_000)
    assert (found["apgr_low"], found["apgr_high"]) == pytest.approx((0.5489, 0.6313), abs=1e-4)
    assert found["better_than_random"] is True
    assert found["non_inferiority"]["verdict"] == "unsafe"
    assert found["halves"]["chosen_on"] + found["halves"]["reported_on"] == 1307


@pytest.mark.untraced
def test_a_router_is_paid_for_in_its_own_row_and_in_that_of_the_perfect_one(route: Route, run: Run) -> None:
    free = route(f"{GSM8K} {SCORE} --share 20%")
    paid = route(f"{GSM8K} {SCORE} --share 20% --overhead-usd 0.001")

    for name, more in (("mix", 1.319), ("perfect", 1.319), ("random", 0), ("weak", 0), ("strong", 0)):
        assert paid[f"{name}_usd"] - free[f"{name}_usd"] == pytest.approx(more)
    out = run(f"route {GSM8K} {SCORE} --overhead-usd 0.001 --plot --details").out
    assert "Router cost: $0.001 a request, included for the perfect router too; random needs none" in out
    assert "Router cost: $0.00 assumed (--router-model, --overhead-usd)" in run(f"route {GSM8K} {SCORE} --details").out
    chain = f"{GSM8K} --cascade --escalate-tokens 150"
    assert "Cost of checks: $0.00 assumed (--check-usd)" in run(f"route {chain} --details").out
    assert "Cost of checks: $0.01 an answer, included for" in run(f"route {chain} --check-usd 0.01 --details").out


def test_no_score_is_a_random_mix(route: Route, run: Run) -> None:
    found = route(f"{GSM8K} --share 20%")

    assert [row["plan"] for row in found["plans"]] == ["weak", "random", "perfect", "strong"]
    assert (found["apgr"], found["better_than_random"], found["pgr"]) == (None, None, None)
    assert "at random" in run(f"route {GSM8K} --share 20%").out


def test_a_checker_on_outcomes_is_exact_on_average(route: Route, run: Run) -> None:
    found = route(f"{GSM8K} --cascade --catch 100% --false-alarm 0% --check-usd 0.001")

    assert found["mix_accuracy"] == pytest.approx(found["oracle_accuracy"])
    assert found["strong_share"] == pytest.approx(1 - found["weak_accuracy"])
    assert (
        "the cascade escalates 36.2% and gets 92.9% right"
        in run(f"route {GSM8K} --cascade --catch 100% --false-alarm 0%").out
    )


@pytest.mark.parametrize(
    ("solve", "reached"),
    [
        ("--target-quality 95%", lambda x: x["mix_accuracy"] >= 0.95 * x["strong_accuracy"]),
        ("--target-quality 0%", lambda x: x["strong_share"] == 0),
        ("--budget 50 --rpd 1000", lambda x: 49.5 < x["mix_monthly_usd"] <= 50),
    ],
)
def test_outcomes_solve_for_the_share(route: Route, solve: str, reached: Callable[[Any], bool]) -> None:
    assert reached(route(f"{GSM8K} {SCORE} {solve}"))


def table(folder: Path, rows: list[str], head: str = "item,weak,strong,score") -> str:
    path = folder / "results.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return str(path)


def test_a_router_that_is_worse_than_random_is_called_so(tmp_path: Path, run: Run, route: Route) -> None:
    rows = [f"{n},{n % 2},1,{n % 2}" for n in range(60)]
    file = table(tmp_path, rows)

    out = run(f"route results {file} --details").out
    assert "APGR 0.250 (95% interval 0.186 to 0.314): worse than random (0.5)" in out.partition("\n\n")[0]
    assert "is the score reversed?" in out
    assert "points worse than random" in out
    assert "no costs: the results have no costs and no priced tokens" in out
    assert route(f"results {file}")["better_than_random"] is False


def test_without_a_gap_there_is_nothing_to_close(tmp_path: Path, run: Run) -> None:
    file = table(tmp_path, [f"{n},{n % 2},{1 - n % 2},{n}" for n in range(10)])

    out = run(f"route results {file}").out
    assert "the strong model is not better than the weak model on these items" in out
    assert "Share: half of the items, because there is no gap to close (--share or --budget sets it)" in out
    assert "closes half of the gap" not in out


def test_a_score_that_all_items_share_is_said_to_be_none(tmp_path: Path, run: Run, route: Route) -> None:
    file = table(tmp_path, [f"{n},{int(n > 29)},1,7" for n in range(60)])

    out = run(f"route results {file}").out
    assert "APGR 0.750, but all items have the same score, so the order of the file decides" in out.partition("\n\n")[0]
    assert route(f"results {file}")["better_than_random"] is None


def test_a_few_items_get_no_verdict(tmp_path: Path, run: Run, route: Route) -> None:
    file = table(tmp_path, ["a,0,1,4", "b,1,1,1", "c,0,1,3", "d,1,1,2"])

    out = run(f"route results {file} --share 25%").out
    assert "APGR 0.750: too few items to judge it against random (0.5)" in out
    assert "At this share it gets 75.0% right, a random router 62.5%; too few items for an interval" in out
    assert "better than random" not in out
    found = route(f"results {file}")
    assert (found["apgr_low"], found["apgr_high"], found["better_than_random"]) == (None, None, None)


def test_at_the_ends_every_router_does_the_same(tmp_path: Path, run: Run) -> None:
    file = table(tmp_path, ["a,0,1,1", "b,1,1,2", "c,0,1,3", "d,1,1,4", "e,0,1,5"])

    out = run(f"route results {file} --share 0% --details").out
    assert "With none of the items at the strong model, all routers are the same" in out
    assert "sends none to the strong model" in out
    every = run(f"route results {file} --share 100%").out
    assert "With all of the items at the strong model, all routers are the same" in every


def test_a_cascade_without_a_checker_is_said_to_be_random(run: Run) -> None:
    out = run(f"route {GSM8K} --cascade --share 50%").out

    assert out.startswith("a cascade that escalates 50.0% at random gets ")


def test_the_headline_rounds_as_the_tables_do(tmp_path: Path, run: Run) -> None:
    rows = [f"{n},0,{int(n < 16)},{16 - n if n < 5 else -n}" for n in range(32)]

    out = run(f"route results {table(tmp_path, rows)} --share 15.625%").out
    assert "closes 31.3% of the gap" in out
    assert "31.2%" not in out


def test_a_few_items_cannot_be_told_from_chance(tmp_path: Path, run: Run) -> None:
    rows = [f"{n},{int(n % 3 == 0)},1,{n % 7}" for n in range(40)]

    assert "no detectable difference" in run(f"route results {table(tmp_path, rows)} --share 50%").out
    assert "Not enough data: mix less" in run(f"route results {table(tmp_path, rows)} --share 95% --margin 4").out
    assert "Safe: mix less" in run(f"route results {table(tmp_path, rows)} --share 100% --margin 40").out


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        ("--share 100% --margin 40", 0, "PASS: safe at a margin of 40 points"),
        (
            "--share 95% --margin 4 --allow-inconclusive",
            0,
            "PASS: not enough data at a margin of 4 points, allowed by --allow-inconclusive",
        ),
        ("--share 0% --margin 10 --allow-inconclusive", 1, "FAIL: unsafe at a margin of 10 points"),
    ],
)
def test_a_margin_is_a_gate_as_it_is_for_validate(
    tmp_path: Path, run: Run, options: str, status: int, said: str
) -> None:
    rows = [f"{n},{int(n % 3 == 0)},1,{n % 7}" for n in range(40)]
    result = run(f"route results {table(tmp_path, rows)} {options}")

    assert (result.status, result.err) == (status, f"{said}\n")


def test_items_left_out_count_against_the_mix(tmp_path: Path, run: Run) -> None:
    rows = [f"{n},{int(n % 3 == 0)},1,{n % 7}" for n in range(40)]
    file = table(tmp_path, [*rows, *(f"b{n},,1,5" for n in range(60))])
    result = run(f"route results {file} --share 100% --margin 40 --skip-bad")

    assert (result.status, result.err) == (1, "FAIL: not enough data at a margin of 40 points\n")
    assert "the margin is 40; -67.69 if the 60 left out count against the mix" in result.out


def test_costs_come_from_the_results_the_tokens_or_the_workload(tmp_path: Path, route: Route, run: Run) -> None:
    costs = table(tmp_path, ["a,0,1,1,0.5,2", "b,1,1,0,0.5,4"], "item,weak,strong,score,weak_cost,strong_cost")
    found = route(f"results {costs} --share 50%")
    assert (found["weak_usd"], found["strong_usd"], found["mix_usd"]) == (1, 6, 2.5)
    assert "Dollars: the costs in the results" in run(f"route results {costs} --share 50%").out
    assert "more than" not in run(f"route results {costs} --share 50% --overhead-usd 0.1").err

    plain = table(tmp_path, ["a,0,1,1", "b,1,1,0"])
    found = route(f"results {plain} {JOB} --share 50%")
    assert (found["weak_monthly_usd"], found["strong_monthly_usd"], found["mix_monthly_usd"]) == (585, 9750, 5167.5)
    mixed = table(tmp_path, ["a,0,1,1,0.5", "b,1,1,0,0.5"], "item,weak,strong,score,weak_cost")
    out = run(f"route results {mixed} --strong gpt-4o --in 500 --out 200 --rpd 10 --share 50%").out
    assert "the costs in the results (weak); the tokens of the workload" in out


@pytest.mark.parametrize("option", ["--cached 50%", "--tier batch", "--in 5 --out 5"])
def test_an_option_that_changes_no_dollar_is_refused(tmp_path: Path, run: Run, option: str) -> None:
    costs = table(tmp_path, ["a,0,1,1,0.5,2", "b,1,1,0,0.5,4"], "item,weak,strong,score,weak_cost,strong_cost")
    name = option.partition(" ")[0]

    refused(run(f"route results {costs} {option}"), f"{name} has no effect: costs come from the costs in the results\n")


@pytest.mark.parametrize(
    ("options", "head"),
    [
        (f"{JOB} --share 20%", "plan,model,strong_share,monthly_usd,saving_usd,saving_pct"),
        (f"{JOB} --curve -b mmlu", "strong_share,monthly_usd,usd,saving_pct,quality"),
        (f"prompts PROMPTS {MODELS} --no-count", "rule,tier,prompts,share,tokens"),
        (f"prompts PROMPTS {MODELS} --rpd 5 --out 5", "plan,model,"),
    ],
)
def test_csv_holds_what_was_asked_for(run: Run, prompts: str, options: str, head: str) -> None:
    assert run(f"route {options.replace('PROMPTS', prompts)} -f csv").out.startswith(head)


def test_terms_count_where_tokens_are_priced(route: Route) -> None:
    priced = GSM8K.partition(" --weak-price")[0]
    whole = route(f"{priced} {SCORE} {MODELS}")["weak_usd"]

    assert route(f"{priced} {SCORE} {MODELS} --tier batch")["weak_usd"] == pytest.approx(whole / 2)
    assert route(f"{priced} {SCORE} {MODELS} --cached 50%")["weak_usd"] < whole
    mixed = f"{priced} {SCORE} {MODELS}".replace("--column weak_output_tokens=weak_output_tokens_cl100k", "")
    assert route(f"{mixed} --in 10 --out 10")["weak_usd"] == pytest.approx(1319 * (1.5 + 6) / 1e6)


def test_a_note_says_what_gives_dollars(tmp_path: Path, run: Run) -> None:
    plain = table(tmp_path, ["a,0,1,1", "b,1,1,0"])
    assert (
        "no costs: name the token columns (--column input_tokens=NAME, "
        in run(f"route results {plain} {MODELS} --details").out
    )

    tokens = GSM8K.partition(" --weak-price")[0]
    assert "no costs: tokens in the results need prices: --weak and --strong" in run(f"route {tokens} --details").out


def test_a_price_of_ones_own_is_not_called_the_last_of_a_model(run: Run) -> None:
    shut = "--weak gpt-4o-mini --strong gpt-4-1106-preview --rpd 1 --in 1 --out 1 --share 5%"

    assert "priced at the last rates" in run(f"route {shut} --details").out
    assert "shut down" not in run(f"route {shut} --strong-price 10/30").out
    tokens = GSM8K.partition(" --weak-price")[0]
    prices = "--weak Mixtral-8x7B --weak-price 0.6/0.6 --strong gpt-4-1106-preview"
    assert "priced at the last rates" in run(f"route {tokens} {prices}").out
    out = run(f"route {tokens} {prices} --strong-price 10/30").out
    assert "shut down" not in out
    assert "Mixtral-8x7B alone" in out


PROMPTS = '{"q": "hi", "plan": "free"}\n{"q": "Please debug", "plan": "free"}\n{"q": "hello", "plan": "pro"}\n'


@pytest.fixture
def prompts(tmp_path: Path) -> str:
    path = tmp_path / "prompts.jsonl"
    path.write_text(PROMPTS, encoding="utf-8")
    return f"{path} --column prompt=q"


def test_prompts_go_where_the_articles_rule_sends_them(route: Route, prompts: str) -> None:
    found = route(f"prompts {prompts} {MODELS} --rpd 3000 --out 10 --explain")

    assert [(row["rule"], row["tier"], row["prompts"]) for row in found["rules"]] == [
        ("long", "strong", 0),
        ("demanding", "strong", 1),
        (None, "weak", 2),
    ]
    assert {row["tier"]: (row["prompts"], row["input_tokens"]) for row in found["sides"]} == {
        "weak": (2, 2),
        "strong": (1, 2),
    }
    assert [row["why"] for row in found["examples"]] == ['it has "debug"', "no rule matches", "no rule matches"]
    weak = Decimal(2000 * 30) * (Decimal("0.15") * 1 + Decimal("0.6") * 10) / 10**6
    strong = Decimal(1000 * 30) * (Decimal("2.5") * 2 + 10 * 10) / 10**6
    assert plan(found, "mix")["monthly_usd"] == pytest.approx(float(weak + strong))


def test_at_80_columns_dollars_and_the_gap_stay(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shared = f"{GSM8K} --strong gpt-4-1106-preview --weak mixtral-8x7b"

    for options in (SCORE, "--cascade --escalate-tokens 150", f"{SCORE} --rpd 1000"):
        lines = run(f"route {shared} {options}").out.splitlines()
        row = next(line for line in lines if line.startswith(("mix ", "cascade ")))
        assert row.count("$") >= 1
        assert row.count("%") >= 3
        assert not any("too narrow" in line and ("items" in line or "Gap" in line) for line in lines)
        assert max(map(len, lines)) <= 80


def test_bounds_are_told_apart_by_their_names(run: Run) -> None:
    out = run(f"route {JOB} -b mmlu --cascade --catch 90% --false-alarm 5%").out

    for name in ("Perfect, bounds", "No limit, bounds", "Cascade, bounds"):
        assert out.count(name) == 1


@pytest.mark.parametrize("prompt", ["日本語の長いプロンプトがここにあります。" * 4, "word " * 40, "e\u0301" * 90])
def test_the_prompt_of_an_example_is_cut_to_the_room_that_it_has(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, prompt: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "p.txt").write_text(f"{prompt}\n", encoding="utf-8")

    out = run(f"route prompts {tmp_path / 'p.txt'} {MODELS} --explain --no-count").out
    assert f"{prompt[:5]}" in out
    assert "...  no rule matches" in out or "... no rule matches" in out
    assert "too narrow" not in out


def test_prompts_without_a_workload_are_routed_without_money(route: Route, run: Run, prompts: str) -> None:
    found = route(f"prompts {prompts} {MODELS} --no-count")

    assert (found["prompts"], found["plans"], found["sides"][0]["input_tokens"]) == (3, [], None)
    out = run(f"route prompts {prompts} {MODELS} --rules article --explain").out
    assert out.startswith("1 of 3 prompts (33.3%) goes to openai/gpt-4o\n")
    assert "Please debug" in out


def test_each_prompt_is_priced_at_its_own_length_by_a_model_that_takes_it(run: Run, tmp_path: Path) -> None:
    """Of 1, 15 and 30 tokens only the first fits the small model; the big one has other rates above 20."""
    (tmp_path / "prompts.txt").write_text("".join(f"{'hello ' * n}".strip() + "\n" for n in (1, 15, 30)))
    (tmp_path / "own.yaml").write_text("""
schema: llmcost.pricing/1
models:
  acme/small: {context: 10, encoding: o200k_base, prices: {input: 2, output: 0, tiers: {flex: {input: 1}}}}
  acme/big:
    encoding: o200k_base
    prices: {input: 10, output: 0, long_context: [{above: 20, input: 100}], tiers: {flex: {max_input: 20}}}
""")
    models = f"--pricing {tmp_path}/own.yaml --weak acme/small --strong acme/big"
    found = run(f"route prompts {tmp_path}/prompts.txt {models} --rpd 100k --out 1 -f json")
    data = json.loads(found.out)

    assert {x["plan"]: x["monthly_usd"] for x in data["plans"]} == {
        "weak": 3152,  # 1M requests each: 1 x $2, 15 x $10, 30 x $100
        "mix": 3152,
        "strong": 3160,
    }
    assert [(x["rule"], x["prompts"], x["tokens"]) for x in data["rules"]][2:] == [
        (None, 1, 1),
        ("too long for weak", 2, 45),
    ]
    assert data["workload"]["input_tokens"] == pytest.approx(46 / 3)
    said = "2 prompts are too long for acme/small (10 tokens) and go to acme/big"
    assert said in [x["text"] for x in data["notes"]]
    ended = run(f"route prompts {tmp_path}/prompts.txt {models} --rpd 100k --out 1 --tier flex")
    assert (ended.status, ended.err.splitlines()[0]) == (2, "error: a prompt of 30 tokens fits neither model")


def test_given_tokens_are_taken_for_those_of_the_prompts(route: Route, prompts: str) -> None:
    found = route(f"prompts {prompts} {JOB} -b mmlu --curve")

    assert plan(found, "mix")["monthly_usd"] == pytest.approx(585 + (9750 - 585) / 3)
    assert found["benchmarks"][0]["random_score"] == pytest.approx(82 + 6.7 / 3)
    assert len(found["curve"]) == 11


def test_models_of_other_tokenizers_count_for_themselves(route: Route, prompts: str) -> None:
    found = route(f"prompts {prompts} --weak claude-haiku-5-5 --strong gpt-4 --rpd 10 --out 5")

    said = [note["text"] for note in found["notes"] if note["kind"] == "tokenizer"]
    assert len(said) == 1
    assert "the tokenizer of anthropic/claude-haiku-5-5 is not public" in said[0]
    assert "its own count was up to 100% higher in ASCII texts, 145% in others" in said[0]


def test_rules_of_a_file(tmp_path: Path, route: Route, prompts: str) -> None:
    rules = tmp_path / "routes.yaml"
    rules.write_text(
        "schema: llmcost.routes/1\ndefault: strong\nrules:\n  - {name: pro, to: strong, field: plan, is: pro}\n"
        "  - {name: short, to: weak, tokens_below: 2}\n",
        encoding="utf-8",
    )
    found = route(f"prompts {prompts} {MODELS} --rules {rules} --no-count")

    assert [(row["rule"], row["prompts"]) for row in found["rules"]] == [("pro", 1), ("short", 1), (None, 1)]


def test_a_field_that_no_prompt_has_is_told(tmp_path: Path, route: Route, prompts: str) -> None:
    rules = tmp_path / "routes.yaml"
    text = "schema: llmcost.routes/1\nrules: [{name: pro, to: strong, field: plam, is: pro}]\n"
    rules.write_text(text, encoding="utf-8")
    (tmp_path / "p.txt").write_text("a\n", encoding="utf-8")

    for file in (prompts, str(tmp_path / "p.txt")):
        (note,) = route(f"prompts {file} {MODELS} --rules {rules} --no-count")["notes"]
        assert note["text"] == 'rule "pro" uses the field "plam", but no prompt has it'
    rules.write_text(text.replace("plam", "plan"), encoding="utf-8")
    assert route(f"prompts {prompts} {MODELS} --rules {rules} --no-count")["notes"] == []


def test_a_pathological_pattern_ends_in_an_error(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llmcost.routing.classify.match.SECONDS", 0.1)
    (tmp_path / "p.txt").write_text("a\n" + "a" * 80 + "b\n", encoding="utf-8")
    (tmp_path / "r.yaml").write_text(
        "schema: llmcost.routes/1\nrules:\n  - {name: evil, to: weak, regex: '(a|aa)+$'}\n", encoding="utf-8"
    )

    result = run(f"route prompts {tmp_path / 'p.txt'} {MODELS} --rules {tmp_path / 'r.yaml'}")
    assert (result.status, result.out) == (2, "")
    said = 'rule "evil": the regular expression takes more than 0.1 s on prompt 2, "aaa'
    assert result.err.startswith(f"error: {tmp_path / 'r.yaml'}:3:35: rules[0].regex: {said}")


REFUSED = [
    (f"{GSM8K} {SCORE} --in 9", "--in has no effect: costs come from the tokens in the results"),
    (f"{GSM8K} {SCORE} --reasoning 9", "--reasoning has no effect: costs come from the tokens in the results"),
    (f"{GSM8K} {SCORE} --days 7", "--days requires --rpd"),
    ("", "--weak is missing: a route needs a weak and a strong model"),
    ("--weak gpt-4o-mini --share 5%", "--strong is missing: a route needs a weak and a strong model"),
    ("--weak gpt-4o --strong gpt-4o --share 5%", "the weak and the strong model are both openai/gpt-4o"),
    (MODELS, "no share given"),
    (f"{MODELS} --share 5% --budget 5", "--share cannot be combined with --budget"),
    (f"{JOB} --budget 5", "a budget of $5.00 is not enough: openai/gpt-4o-mini alone costs $585.00"),
    (f"{MODELS} --target-quality 95%", "--target-quality needs -b NAME without --cascade, or llmcost route results"),
    (f"{MODELS} --share 5% --plot", "--plot needs a benchmark for quality"),
    (f"{MODELS} --share 5% --plot -f csv", "--plot needs a benchmark for quality"),
    (f"{MODELS} --share 5% --phi 0.4", "--phi requires -b NAME"),
    (f"{MODELS} --share 5% --scores x.yaml", "--scores requires -b NAME"),
    (f"{MODELS} --share 5% --catch 5%", "--catch requires --cascade"),
    (f"{MODELS} --share 5% --check-usd 5", "--check-usd requires --cascade"),
    (f"{MODELS} --cascade --catch 5%", "--false-alarm is missing: a checker needs --catch and --false-alarm"),
    (f"{MODELS} --cascade --false-alarm 5%", "--catch is missing: a checker needs --catch and --false-alarm"),
    (f"{MODELS} --cascade --catch 5% --false-alarm 1%", "--catch and --false-alarm need one -b NAME"),
    (f"{MODELS} --cascade --catch 5% --false-alarm 1% --share 5%", "--share cannot be combined with --catch"),
    (
        "results a --cascade --catch 5% --false-alarm 1% --escalate-tokens 5",
        "--catch cannot be combined with --escalate-tokens",
    ),
    (f"{MODELS} --cascade --overhead-usd 1", "a cascade has no router: give the cost of checking with --check-usd"),
    (f"{MODELS} --share 5% --router-in 5", "--router-in requires --router-model"),
    (f"{MODELS} --share 5% --router-model gpt-4o", "--router-in is missing: the router's input tokens"),
    (f"{MODELS} --share 5% --rpd 1k,2k --in 1 --out 1", "route takes one workload, not lists or ranges"),
    (f"{MODELS} --share 5% --rpd 1 --in 1..2 --out 1", "route takes one workload, not lists or ranges"),
    (f"{MODELS} --share 5% --rpd 1 --in @prompts --out 1", "cannot read prompts: no such file or directory"),
    (f"{MODELS} --share 5% --reasoning 5", "--reasoning requires a workload: --rpd, --in and --out"),
    (
        f"{MODELS} --share 5% --weak-price 1/2 --price openai/gpt-4o-mini=0.2/0.8",
        "--weak-price cannot be combined with --price openai/gpt-4o-mini",
    ),
    (
        "p.jsonl",
        'llmcost route does not take "p.jsonl"\n  its modes: llmcost route prompts PROMPTS, llmcost route results',
    ),
    (f"{MODELS} results r.csv", 'llmcost route does not take "results r.csv"'),
    (f"prompts /nowhere.jsonl {MODELS}", "cannot read /nowhere.jsonl: no such file or directory"),
    (f"prompts p.jsonl {MODELS} --rpd 5", "--out is missing: the cost of prompts needs --rpd and --out"),
    (f"prompts p.jsonl {MODELS} --out 5", "--rpd is missing: the cost of prompts needs --rpd and --out"),
    (f"prompts p.jsonl {MODELS} --rpd 5 --out 5 --no-count", "--no-count leaves the tokens unknown"),
    (f"prompts p.jsonl {MODELS} --curve", "--curve requires --rpd and --out"),
    (f"prompts p.jsonl {MODELS} --cached 50%", "--cached requires --rpd and --out"),
    (f"prompts p.jsonl {MODELS} --overhead-usd 1", "--overhead-usd requires --rpd and --out"),
    (f"prompts p.jsonl {MODELS} --column weak=q", '--column "weak=q": unknown role "weak"\n  known: prompt\n'),
    (f"prompts p.jsonl {MODELS} --rules /nowhere.yaml", "cannot read /nowhere.yaml: no such file or directory"),
    ("results /nowhere", "cannot read /nowhere: no such file or directory"),
    ("results a --allow-inconclusive", "--allow-inconclusive requires --margin"),
    ("results a --cascade --catch 5% --false-alarm 1% --margin 2", "--margin is judged per item"),
    (
        "results a --cascade --escalate-tokens 5 --column score=x",
        "--escalate-tokens cannot be combined with --column score=NAME",
    ),
    ("results a --cascade --escalate-tokens 5 --share 5%", "--share cannot be combined with --escalate-tokens"),
    (f"{GSM8K} --column score=nope", 'has no column "nope"'),
    (f"{GSM8K} --margin 2", "--margin judges a router: name its score with --column score=NAME"),
    (f"{GSM8K} --overhead-usd 1", "router costs require a router: name its score with --column score=NAME"),
    (f"{GSM8K} --cascade --check-usd 1", "--check-usd requires a checker"),
    (f"{GSM8K} {SCORE} --budget 50", "--budget is per month: give the requests per day with --rpd"),
    (f"{GSM8K} {SCORE} --budget 0.01 --rpd 1000", "a budget of $0.01 does not pay for the weak model alone"),
]


@pytest.mark.parametrize(("options", "said"), REFUSED)
def test_what_cannot_be_meant_is_refused(run: Run, options: str, said: str) -> None:
    refused(run(f"route {options}"), said)


def test_results_without_money_refuse_what_needs_it(tmp_path: Path, run: Run) -> None:
    file = table(tmp_path, ["a,0,1,1", "b,1,1,0"])

    for options, said in (
        ("--rpd 10", "the results lack the cost of the weak model's answers"),
        ("--weak gpt-4o-mini --rpd 10 --in 5 --out 5", "the results lack the cost of the strong model's answers"),
        ("--overhead-usd 1", "the results lack the cost of the weak model's answers"),
        ("--plot", "--plot needs costs, but the results lack the cost of an answer"),
        ("--cascade --escalate-tokens 5", "--escalate-tokens needs the tokens of every weak answer"),
        ("--tier batch", "--tier requires costs, but the results have none"),
        ("--reasoning 5", "--reasoning requires costs, but the results have none"),
    ):
        refused(run(f"route results {file} {options}"), said)
