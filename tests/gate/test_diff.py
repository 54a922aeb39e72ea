"""What changed between two snapshots, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.gate.bills import Span
from llmcost.gate.diff import Least, Reason, Why, change_words, diff
from llmcost.gate.snapshot import Entry, Snapshot, increase, read_snapshot, snapshot, terms_words

from .conftest import Bills, job

Taken = Callable[..., Snapshot]
BASE = "model: cheap, rpd: 1000, in: 1000, out: 100"


@pytest.mark.parametrize(
    ("after", "reasons"),
    [
        (BASE, []),
        ("model: little, rpd: 1000, in: 1000, out: 100", []),
        ("model: cheap, rpd: 900..1100, in: 1000, out: 100", []),
        ("model: zero, rpd: 1000, in: 1000, out: 100", [Reason(Why.MODEL, "acme/cheap -> acme/zero")]),
        (
            "route: {zero: 20%, cheap: 80%}, rpd: 1000, in: 1000, out: 100",
            [Reason(Why.MODEL, "acme/cheap -> acme/cheap 80% + acme/zero 20%")],
        ),
        (
            "model: cheap, rpd: 1200, in: 1000, out: 100, days: 1",
            [Reason(Why.VOLUME, "1,000 requests/day, 30 days -> 1,200 requests/day, 1 day")],
        ),
        (
            "model: cheap, rpd: 1000, in: 1000, out: 100, reasoning: 0.5",
            [Reason(Why.TOKENS, "1,000 in, 100 out -> 1,000 in, 100.5 out")],
        ),
        (
            "model: cheap, rpd: 1000, in: 1000, out: 100, tier: batch, cached: 12.5%",
            [Reason(Why.TERMS, "standard -> tier batch, 12.5% of the input from cache")],
        ),
        (
            "model: dear, rpd: 2k, in: 1, out: 100",
            [
                Reason(Why.MODEL, "acme/cheap -> acme/dear"),
                Reason(Why.VOLUME, "1,000 requests/day, 30 days -> 2,000 requests/day, 30 days"),
                Reason(Why.TOKENS, "1,000 in, 100 out -> 1 in, 100 out"),
            ],
        ),
    ],
)
def test_a_change_says_why(taken: Taken, after: str, reasons: list[Reason]) -> None:
    (move,) = diff(taken(job(BASE)), taken(job(after))).moves

    assert list(move.reasons) == reasons
    assert move.changed is bool(reasons)


def test_the_price_table_is_a_reason_of_its_own(taken: Taken) -> None:
    now = taken(job(BASE))
    rates = {**now.entries["bot"].rates, ("acme/cheap", "standard", "input"): Decimal("0.50")}
    before = replace(now, entries={"bot": replace(now.entries["bot"], rates=rates)})

    (move,) = diff(before, now).moves

    assert [reason.words() for reason in move.reasons] == ["price table acme/cheap input 0.5 -> 1"]


def test_what_nothing_else_explains_is_the_price_table(taken: Taken) -> None:
    """A long-context rate or a region's factor is not among the rates of the list."""
    now = taken(job(BASE))
    span = Span(low=Decimal(1), expected=Decimal(1), high=Decimal(1))
    before = replace(now, entries={"bot": replace(now.entries["bot"], monthly=span)})

    (move,) = diff(before, now).moves

    assert [reason.words() for reason in move.reasons] == ["price table"]


def test_workloads_that_come_and_go_are_named(taken: Taken) -> None:
    """1,000 requests of 1,000 tokens in and 100 out on 30 days: $30 and $6."""
    before, after = taken(job(f"  a: {{{BASE}}}\n  b: {{{BASE}}}")), taken(job(f"  c: {{{BASE}}}\n  b: {{{BASE}}}"))

    found = diff(before, after)

    assert [(x.workload, x.delta_usd, x.delta_pct, x.reasons) for x in found.moves] == [
        ("c", Decimal(36), None, (Reason(Why.ADDED),)),
        ("b", Decimal(0), Decimal(0), ()),
        ("a", Decimal(-36), Decimal(-100), (Reason(Why.REMOVED),)),
    ]
    assert found.before == found.after == Span(low=Decimal(72), expected=Decimal(72), high=Decimal(72))


def test_from_nothing_there_is_no_percentage(taken: Taken) -> None:
    (move,) = diff(taken(job("model: zero, rpd: 1, in: 1, out: 1")), taken(job(BASE))).moves

    assert move.delta_usd == 36
    assert move.delta_pct is None


@pytest.mark.parametrize(
    ("least", "hidden"),
    [
        (Least(), []),
        (Least(usd=Decimal(10)), ["small"]),
        (Least(usd=Decimal(5)), []),
        (Least(pct=Decimal(20)), ["big"]),
        (Least(pct=Decimal("20.1")), ["big"]),
        (Least(pct=Decimal(600)), ["big", "small"]),
    ],
)
def test_a_change_below_the_least_is_hidden(least: Least, hidden: list[str]) -> None:
    def entry(name: str, usd: int) -> Entry:
        span = Span(low=Decimal(usd), expected=Decimal(usd), high=Decimal(usd))
        return Entry(workload=name, monthly=span, model="m", volume="v", tokens="t", terms="s")

    before = Snapshot(name="a", entries={"big": entry("big", 1000), "small": entry("small", 1)})
    after = Snapshot(name="b", entries={"big": entry("big", 1100), "small": entry("small", 6), "new": entry("new", 50)})

    assert [x.workload for x in diff(before, after).moves if least.hides(x)] == hidden


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
    exact = replace(third, expected=Decimal("0.33333333333333333333333333333333333"))

    assert increase(third, exact).expected == 0


def estimate_run(*models: str, **changes: Any) -> dict[str, Any]:
    row = {
        "monthly_usd": Decimal("40.5"),
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
        assert [x.workload for x in found.moves] == ["bot"]
        assert found.before is not None
    terms = "tier batch, 50% of the input from cache, 2 web_search a request -> standard"
    assert diff(run, taken(job(BASE))).moves[0].reasons == (Reason(Why.TERMS, terms),)


def test_two_estimates_are_told_apart_by_their_models() -> None:
    found = diff(read_snapshot("a", estimate_run("a/b")), read_snapshot("b", estimate_run("a/b", monthly_usd=41)))

    assert [(x.workload, x.delta_usd) for x in found.moves] == [("a/b", Decimal("0.5"))]


def test_estimates_of_several_models_do_not_add_up() -> None:
    several = read_snapshot("run.json", estimate_run("a/b", "a/c"))

    found = diff(several, several)

    assert (found.before, found.after) == (None, None)
    assert [x.workload for x in found.moves] == ["a/b", "a/c"]


def test_the_same_model_for_two_volumes_is_named_by_its_numbers() -> None:
    run = estimate_run("a/b", "a/b")
    run["estimates"][1]["requests_per_day"] = 2000

    assert list(read_snapshot("run.json", run).entries) == [
        "a/b (1,000 requests/day, 30 days; 1,000 in, 100 out)",
        "a/b (2,000 requests/day, 30 days; 1,000 in, 100 out)",
    ]


def check_run(bills: Bills, **changes: Any) -> dict[str, Any]:
    """Return what `check -f json` writes, with changes of its one workload."""
    x = snapshot("now", bills(job(BASE))).entries["bot"]
    row = {"workload": x.workload, "model": x.model, "monthly_usd": x.monthly.expected, "low": 36, "high": 36}
    words = {"volume": x.volume, "tokens": x.tokens, "terms": x.terms}
    prices = [{"workload": "bot", "model": m, "tier": t, "unit": u, "rate_usd": r} for (m, t, u), r in x.rates.items()]
    return {"schema": "llmcost.check/1", "workloads": [{**row, **words, **changes}], "prices": prices}


def test_a_saved_check_is_the_snapshot_that_it_was_made_of(bills: Bills, taken: Taken) -> None:
    assert read_snapshot("before.yaml", check_run(bills)) == taken(job(BASE))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"monthly_usd": "585"}, 'run.json is not what llmcost.check/1 says: "monthly_usd" is not a number'),
        ({"monthly_usd": True}, '"monthly_usd" is not a number'),
        ({"monthly_usd": 35}, '"monthly_usd" is not from "low" to "high"'),
        ({"low": -1}, '"monthly_usd" is not from "low" to "high"'),
        ({"model": None}, '"model" is not a text'),
    ],
)
def test_a_run_that_is_not_what_it_says_is_an_error(bills: Bills, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(FileError) as caught:
        read_snapshot("run.json", check_run(bills, **changes))
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ({}, "run.json does not say which form it has"),
        ({"schema": 1}, "run.json does not say which form it has"),
        ({"schema": "llmcost.check/2"}, 'run.json has the form "llmcost.check/2"'),
        ({"schema": "llmcost.check/1"}, "'prices' is missing"),
        ({"schema": "llmcost.check/1", "prices": {}}, '"prices" is not a list of rows'),
        ({"schema": "llmcost.check/1", "prices": [1]}, '"prices" is not a list of rows'),
        ({"schema": "llmcost.check/1", "prices": [], "workloads": []}, "run.json has no workload in it"),
        ({"schema": "llmcost.estimate/1", "workload": []}, '"workload" is not an object'),
        (estimate_run("a/b", "a/b"), "run.json has a workload twice"),
    ],
)
def test_what_is_no_run_to_compare_with_is_an_error(run: dict[str, Any], said: str) -> None:
    with pytest.raises(FileError) as caught:
        read_snapshot("run.json", run)
    assert said in caught.value.message


def test_terms_are_in_words() -> None:
    terms = {
        "batch_share": Decimal("0.4"),
        "cache_write": 1,
        "region": "eu",
        "peak_share": Decimal("0.125"),
        "cached": 0,
    }

    assert terms_words(terms) == (
        "40% at the batch tier, 100% of the input to the cache, region eu, 12.5% in peak hours"
    )
