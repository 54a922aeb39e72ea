"""What changed between two snapshots, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.gate.bars import Bar
from llmcost.gate.diff import Cause, CostChange, Reason, ShowThreshold, change_words, diff
from llmcost.gate.saved import model_rows, read_snapshot, request_row
from llmcost.gate.snapshot import Snapshot, snapshot
from llmcost.gate.span import Span, increase
from llmcost.pricing.shown import usd
from llmcost.workload.model import Bound

from .conftest import Bills, job

Taken = Callable[..., Snapshot]
BASE = "model: cheap, rpd: 1000, in: 1000, out: 100"


@pytest.mark.parametrize(
    ("after", "reasons"),
    [
        (BASE, []),
        ("model: little, rpd: 1000, in: 1000, out: 100", []),
        ("model: cheap, rpd: 900..1100, in: 1000, out: 100", []),
        ("model: zero, rpd: 1000, in: 1000, out: 100", [Reason(Cause.MODEL, "acme/cheap -> acme/zero")]),
        (
            "route: {zero: 20%, cheap: 80%}, rpd: 1000, in: 1000, out: 100",
            [Reason(Cause.MODEL, "acme/cheap -> acme/cheap 80% + acme/zero 20%")],
        ),
        (
            "model: cheap, rpd: 1200, in: 1000, out: 100, days: 1",
            [Reason(Cause.VOLUME, "1,000 requests/day, 30 days -> 1,200 requests/day, 1 day")],
        ),
        (
            "model: cheap, rpd: 1000, in: 1000, out: 100, reasoning: 0.5",
            [Reason(Cause.TOKENS, "1,000 in, 100 out -> 1,000 in, 100.5 out")],
        ),
        (
            "model: cheap, rpd: 1000, in: 100, out: 100, prefix: 2000, turns: 2",
            [Reason(Cause.TOKENS, "1,000 in, 100 out -> 2,200 in, 100 out (one length -> 2 turns, prefix 2,000)")],
        ),
        (
            "model: cheap, rpd: 1000, in: 500, out: 100, prefix: 400..600",
            [Reason(Cause.TOKENS, "one length -> prefix 400..600")],
        ),
        (
            "model: cheap, rpd: 1000, in: 1000, out: 100, tier: batch, cached: 12.5%",
            [Reason(Cause.TERMS, "standard -> 12.5% of the input read from cache, tier batch")],
        ),
        (
            "model: dear, rpd: 2k, in: 1, out: 100",
            [
                Reason(Cause.MODEL, "acme/cheap -> acme/dear"),
                Reason(Cause.VOLUME, "1,000 requests/day, 30 days -> 2,000 requests/day, 30 days"),
                Reason(Cause.TOKENS, "1,000 in, 100 out -> 1 in, 100 out"),
            ],
        ),
    ],
)
def test_a_change_says_why(taken: Taken, after: str, reasons: list[Reason]) -> None:
    (change,) = diff(taken(job(BASE)), taken(job(after))).changes

    assert list(change.reasons) == reasons
    assert change.changed is bool(reasons)


def test_the_price_table_is_a_reason_of_its_own(taken: Taken) -> None:
    now = taken(job(BASE))
    rates = {**now.workloads["bot"].rates, ("acme/cheap", "standard", "input"): Decimal("0.50")}
    before = replace(now, workloads={"bot": replace(now.workloads["bot"], rates=rates)})

    (change,) = diff(before, now).changes

    assert [reason.words() for reason in change.reasons] == ["price table acme/cheap input 0.5 -> 1"]


def test_what_nothing_else_explains_is_the_price_table(taken: Taken) -> None:
    """A long-context rate or a region's factor is not among the rates of the list."""
    now = taken(job(BASE))
    span = Span(low=Decimal(1), expected=Decimal(1), high=Decimal(1))
    before = replace(now, workloads={"bot": replace(now.workloads["bot"], monthly=span)})

    (change,) = diff(before, now).changes

    assert [reason.words() for reason in change.reasons] == ["price table"]


def test_workloads_that_come_and_go_are_named(taken: Taken) -> None:
    """1,000 requests of 1,000 tokens in and 100 out on 30 days: $30 and $6."""
    before, after = taken(job(f"  a: {{{BASE}}}\n  b: {{{BASE}}}")), taken(job(f"  c: {{{BASE}}}\n  b: {{{BASE}}}"))

    found = diff(before, after)

    assert [(x.workload, x.cost.delta_usd, x.cost.delta_pct, x.reasons) for x in found.changes] == [
        ("c", Decimal(36), None, (Reason(Cause.ADDED),)),
        ("b", Decimal(0), Decimal(0), ()),
        ("a", Decimal(-36), Decimal(-100), (Reason(Cause.REMOVED),)),
    ]
    assert found.total is not None
    assert found.total.before == found.total.after == Span(low=Decimal(72), expected=Decimal(72), high=Decimal(72))


def test_from_nothing_there_is_no_percentage(taken: Taken) -> None:
    (change,) = diff(taken(job("model: zero, rpd: 1, in: 1, out: 1")), taken(job(BASE))).changes

    assert change.cost.delta_usd == 36
    assert change.cost.delta_pct is None


@pytest.mark.parametrize(
    ("least", "hidden"),
    [
        (ShowThreshold(), []),
        (ShowThreshold(usd=Decimal(10)), ["small"]),
        (ShowThreshold(usd=Decimal(5)), []),
        (ShowThreshold(pct=Decimal(10)), []),
        (ShowThreshold(pct=Decimal(20)), ["big"]),
        (ShowThreshold(pct=Decimal("20.1")), ["big"]),
        (ShowThreshold(pct=Decimal(600)), ["big", "small"]),
    ],
)
def test_a_change_below_the_least_is_hidden(least: ShowThreshold, hidden: list[str]) -> None:
    def usd(amount: int) -> Span:
        return Span(low=Decimal(amount), expected=Decimal(amount), high=Decimal(amount))

    changes = {
        "big": CostChange.of(usd(1000), usd(1100)),
        "small": CostChange.of(usd(1), usd(6)),
        "new": CostChange.of(None, usd(50)),
    }

    assert [name for name, change in changes.items() if least.hides(change)] == hidden


@pytest.mark.parametrize(
    ("delta", "pct", "words"),
    [
        ("9165", "1566.66", "+$9,165.00 (+1,566.7%)"),
        ("-9165", "-94", "-$9,165.00 (-94.0%)"),
        ("0.5", None, "+$0.50"),
        ("0", "0", "no change"),
    ],
)
def test_a_change_has_a_sign(delta: str, pct: str | None, words: str) -> None:
    assert change_words(Decimal(delta), None if pct is None else Decimal(pct)) == words


def test_what_a_run_cannot_hold_is_no_change() -> None:
    """A run keeps 28 digits: a third of a dollar is not the same as its saved form."""
    third = Span(low=Decimal(0), expected=Decimal("0.3333333333333333333333333333"), high=Decimal(1))
    exact = third._replace(expected=Decimal("0.33333333333333333333333333333333333"))

    assert increase(third, exact).expected == 0


def estimate_run(*models: str, **changes: Any) -> dict[str, Any]:
    row = {
        "monthly_usd": Decimal("40.5"),
        "daily_usd": Decimal("1.35"),
        "monthly_low_usd": Decimal(36),
        "monthly_high_usd": 50,
        "requests_per_day": 1000,
        "input_tokens": 1000,
        "output_tokens": Decimal(100),
    }
    return {
        "schema": "llmcost.estimate/1",
        "workload": {"days": 30, "cached": Decimal("0.5"), "tier": "batch", "region": None, "fees": {"web_search": 2}},
        "estimates": [{"model": model, **row, **changes} for model in models],
    }


def test_one_estimate_stands_for_the_only_workload(taken: Taken) -> None:
    run = read_snapshot("run.json", estimate_run("acme/cheap"))

    for found in (diff(run, taken(job(BASE))), diff(taken(job(BASE)), run)):
        assert [x.workload for x in found.changes] == ["bot"]
        assert found.total is not None
    terms = "50% of the input read from cache, tier batch, 2 web_search a request -> standard"
    assert diff(run, taken(job(BASE))).changes[0].reasons == (Reason(Cause.TERMS, terms),)


def test_two_estimates_are_told_apart_by_their_models() -> None:
    found = diff(
        read_snapshot("a", estimate_run("a/b")),
        read_snapshot("b", estimate_run("a/b", monthly_usd=41, daily_usd=Decimal(41) / 30)),
    )

    assert [(x.workload, x.cost.delta_usd) for x in found.changes] == [("a/b", Decimal("0.5"))]


def test_estimates_of_several_models_do_not_add_up() -> None:
    several, one = (read_snapshot("run.json", estimate_run(*names)) for names in (("a/b", "a/c"), ("a/b",)))

    found = diff(several, several)

    assert found.total is None
    assert [x.workload for x in found.changes] == ["a/b", "a/c"]
    assert diff(several, one).total is diff(one, several).total is None


def test_the_same_model_for_two_volumes_is_named_by_its_numbers() -> None:
    run = estimate_run("a/b", "a/b")
    run["estimates"][1]["requests_per_day"] = 2000

    assert list(read_snapshot("run.json", run).workloads) == [
        "a/b (1,000 requests/day, 30 days; 1,000 in, 100 out)",
        "a/b (2,000 requests/day, 30 days; 1,000 in, 100 out)",
    ]


def check_run(bills: Bills, line: str = BASE, **changes: Any) -> dict[str, Any]:
    """Return what `check -f json` writes, with changes of its one workload."""
    (priced,) = bills(job(line))
    x = snapshot("now", [priced]).workloads["bot"]
    row = {"workload": "bot", "monthly_usd": x.monthly.expected, "low": x.monthly.low, "high": x.monthly.high}
    changes = {"per_1k_requests_usd": priced.per_1k_requests[Bound.EXPECTED], **changes}
    return {
        "schema": "llmcost.check/1",
        "workloads": [{**row, **changes}],
        "prices": [
            {"workload": "bot", "model": m, "tier": t, "unit": u, "rate_usd": r} for (m, t, u), r in x.rates.items()
        ],
        "requests": [request_row(x)],
        "models": model_rows(x),
        "total": row,
        "findings": [],
        "config": "llmcost.yaml",
        "verdict": "UNJUDGED",
        "headline": f"UNJUDGED: {usd(x.monthly.expected)} a month",
    }


@pytest.mark.parametrize(
    "line",
    [
        BASE,
        "model: cheap, rpd: 1, in: 0..9, out: 0",
        "route: {little: 25%, zero: 75%}, rpd: 8k..12k, in: 300..600, out: 0.5, reasoning: 2, days: 22",
        "model: dear, rpd: 1, in: 1, out: 1, region: eu, cached: 12.5%, cache_write: 10%",
        "model: cheap, rpd: 1, in: 1, out: 1, batch_share: 40%",
        "model: cheap, rpd: 1, in: 1, out: 1, tier: batch",
    ],
)
def test_a_saved_check_is_the_snapshot_that_it_was_made_of(bills: Bills, taken: Taken, line: str) -> None:
    assert replace(read_snapshot("before.yaml", check_run(bills, line)), doubts=(), run_of=None) == taken(job(line))


def test_words_are_no_part_of_a_saved_baseline(bills: Bills, taken: Taken) -> None:
    """What people read may be said otherwise by the version that saved the run."""
    run = check_run(bills, model="the cheap one", volume="many", tokens="some", terms="any")

    (change,) = diff(read_snapshot("run.json", run), taken(job(BASE))).changes

    assert not change.changed


@pytest.mark.parametrize("rows", ["requests", "models"])
def test_a_saved_check_has_every_workload_in_all_its_rows(bills: Bills, rows: str) -> None:
    run = check_run(bills)
    run[rows] = [{**x, "workload": "other"} for x in run[rows]]

    with pytest.raises(FileError, match='"requests" and "models" have no row for bot'):
        read_snapshot("run.json", run)


def test_a_run_that_was_saved_with_words_is_refused(bills: Bills) -> None:
    run = check_run(bills)
    del run["requests"], run["models"]

    with pytest.raises(FileError) as caught:
        read_snapshot("run.json", run)

    assert caught.value.message == "run.json was saved by an earlier version, with words instead of numbers"
    assert caught.value.hints == ("save the baseline again: llmcost check -f json -o FILE",)


def test_the_shares_of_one_model_under_two_names_are_added(taken: Taken) -> None:
    state = taken(job("route: {cheap: 30%, little: 70%}, rpd: 1, in: 1, out: 1")).workloads["bot"]

    assert (state.models, state.model_words) == ({"acme/cheap": Decimal(1)}, "acme/cheap")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"monthly_usd": "585"}, 'run.json does not match llmcost.check/1: "monthly_usd" is not a number'),
        ({"monthly_usd": True}, '"monthly_usd" is not a number'),
        ({"monthly_usd": 35}, '"monthly_usd" is not from "low" to "high"'),
        ({"low": -1}, '"monthly_usd" is not from "low" to "high"'),
        ({"workload": None}, '"workload" is not a text'),
    ],
)
def test_a_run_that_is_not_what_it_says_is_an_error(bills: Bills, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(FileError) as caught:
        read_snapshot("run.json", check_run(bills, **changes))
    assert said in caught.value.message


EMPTY: dict[str, Any] = {
    "schema": "llmcost.check/1",
    "workloads": [],
    "prices": [],
    "requests": [],
    "models": [],
    "findings": [],
    "total": dict.fromkeys(("monthly_usd", "low", "high"), 0),
    "verdict": "UNJUDGED",
    "headline": "UNJUDGED: $0.00",
    "config": "x",
}


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ({}, "run.json does not name its schema"),
        ({"schema": ["llmcost.check/1"]}, "run.json does not name its schema"),
        ({"schema": 1}, "run.json does not name its schema"),
        ({"schema": "llmcost.check/2"}, 'run.json has the schema "llmcost.check/2"'),
        ({"schema": "llmcost.check/1", "requests": [], "models": []}, "'prices' is missing"),
        ({**EMPTY, "prices": {}}, '"prices" is not a list of rows'),
        ({**EMPTY, "prices": [1]}, '"prices" is not a list of rows'),
        (EMPTY, "run.json has no workloads"),
        ({"schema": "llmcost.estimate/1", "workload": []}, '"workload" is not an object'),
        ({**estimate_run("a/b"), "workload": {"days": 30, "fees": [1]}}, '"fees" is not an object'),
        (estimate_run("a/b", "a/b"), "run.json has a workload twice"),
    ],
)
def test_what_is_no_run_to_compare_with_is_an_error(run: dict[str, Any], said: str) -> None:
    with pytest.raises(FileError) as caught:
        read_snapshot("run.json", run)
    assert said in caught.value.message


def test_a_saved_check_tells_how_strict_its_rules_were(bills: Bills) -> None:
    row = {"rule": "forbid", "workload": "bot", "part": "a/b", "strictness": 1, "said": "a/b", "inherited": True}

    found = read_snapshot("run.json", {**check_run(bills), "rules": [row]})

    assert found.bars == {("forbid", "bot", "a/b"): Bar(Decimal(1), "a/b", inherited=True)}
    with pytest.raises(FileError, match=r"^run.json does not match llmcost.check/1: 'said' is missing$"):
        read_snapshot("run.json", {**check_run(bills), "rules": [{x: row[x] for x in row if x != "said"}]})


DOUBLE = {"monthly_usd": 72, "low": 72, "high": 72}
WARNS = [{"level": "PASS"}, {"level": "WARN"}]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"total": {"monthly_usd": 36, "low": 36, "high": 37}}, '"total" is not the sum of the workloads: high'),
        ({"total": {"monthly_usd": 35, "low": 36, "high": 36}}, '"total" is not the sum of the workloads: monthly_usd'),
        (
            {"total": {"monthly_usd": 36, "low": 36, "high": 36, "baseline_usd": 30, "delta_usd": 5}},
            '"delta_usd" is not the increase of the workload',
        ),
        ({"findings": WARNS, "verdict": "PASS"}, '"verdict" is PASS, but the findings give WARN'),
        ({"findings": [{"level": "FAIL"}], "verdict": "WARN"}, '"verdict" is WARN, but the findings give FAIL'),
        ({"findings": [{"level": "OFF"}], "verdict": "PASS"}, '"verdict" is PASS, but the findings give WARN'),
        ({"verdict": "PASS"}, '"verdict" is PASS, but the findings give UNJUDGED'),
        (
            {
                "workloads": [{"workload": "bot", **DOUBLE, "per_1k_requests_usd": Decimal("1.2")}],
                "total": DOUBLE,
                "headline": "UNJUDGED: $72.00 a month",
            },
            '"monthly_usd" of bot is not "per_1k_requests_usd" times its requests',
        ),
        ({"headline": "PASS: $36.00 a month"}, '"headline" does not match the verdict and the total'),
        ({"headline": "UNJUDGED: $1.00 a month"}, '"headline" does not match the verdict and the total'),
    ],
)
def test_a_saved_check_that_does_not_agree_with_itself_is_not_believed(
    bills: Bills, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(FileError) as caught:
        read_snapshot("run.json", {**check_run(bills), **changes})

    assert caught.value.message == f"run.json contradicts itself: {said}"
    assert caught.value.hints == ("save the baseline again: llmcost check -f json -o FILE",)


@pytest.mark.parametrize(
    ("levels", "verdict", "doubts"),
    [
        (["PASS"], "PASS", ()),
        (["OFF"], "WARN", ()),
        (["PASS", "WARN"], "WARN", ()),
        (["FAIL", "WARN"], "FAIL", ("the baseline run.json itself has the verdict FAIL",)),
        (["WARN"], "UNJUDGED", ("the baseline run.json itself has the verdict UNJUDGED",)),
    ],
)
def test_a_baseline_that_did_not_pass_itself_is_doubted(
    bills: Bills, levels: list[str], verdict: str, doubts: tuple[str, ...]
) -> None:
    changes = {"findings": [{"level": x} for x in levels], "verdict": verdict, "headline": f"{verdict}: $36.00 a month"}

    assert read_snapshot("run.json", {**check_run(bills), **changes}).doubts == doubts


def test_a_rise_that_is_what_the_rows_say_is_believed(bills: Bills) -> None:
    run = check_run(bills)
    for row in (run["total"], *run["workloads"]):
        row.update(baseline_usd=30, delta_usd=6)

    assert read_snapshot("run.json", run).workloads["bot"].monthly.expected == 36


def test_an_estimate_whose_month_is_not_that_of_its_days_is_not_believed() -> None:
    with pytest.raises(FileError, match='"monthly_usd" of a/b does not match its days'):
        read_snapshot("run.json", estimate_run("a/b", monthly_usd=41))


def test_peak_hours_without_traffic_are_a_change(taken: Taken) -> None:
    """No share at all spreads the traffic over the week: a share of nothing is another term."""
    (change,) = diff(taken(job(BASE)), taken(job(f"{BASE}, peak_share: 0%"))).changes

    assert change.reasons == (Reason(Cause.TERMS, "standard -> 0% of the traffic in peak hours"),)


def test_a_rise_below_a_millionth_of_a_millionth_is_rounding() -> None:
    def rise(usd: str) -> Decimal:
        return increase(Span(*[Decimal(1)] * 3), Span(*[1 + Decimal(usd)] * 3)).expected

    assert [rise(x) for x in ("9e-13", "1e-12", "-1e-12")] == [0, Decimal("1e-12"), Decimal("-1e-12")]
