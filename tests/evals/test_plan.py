"""What a trial sends, in which order, and what it costs at most."""

from __future__ import annotations

from typing import Any

import pytest

from llmcost.errors import UsageError
from llmcost.evals.ledger import Ledger
from llmcost.evals.plan import InputTokens, differences, ordered, planned, sold_sides
from llmcost.evals.trial_results import TrialResults
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.usage import Usage

from ..conftest import TODAY
from .trial_data import GRADER, PRICES, TASK, items, plan, task

pytestmark = pytest.mark.usefixtures("prices")


@pytest.fixture
def prices(catalog: Any) -> Catalog:
    made: Catalog = catalog(PRICES, TODAY)
    return made


def test_the_body_is_the_model_the_messages_and_the_parameters(prices: Catalog) -> None:
    found = plan(prices, tier="flex", text=TASK.replace("model: large,", "model: openai/large,"))
    first, second = found.calls[:2]
    text = f"text {first.item[1:]}"

    assert (first.item, first.side, second.item, second.side) == (first.item, "weak", first.item, "strong")
    assert first.body == {"model": "small", "messages": [{"role": "user", "content": text}], "max_tokens": 10, "service_tier": "flex"}  # fmt: skip
    assert second.body == {"model": "large", "messages": [{"role": "user", "content": text}], "max_completion_tokens": 20, "service_tier": "flex"}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("small", "small"),
        ("openai/small", "small"),
        ("small-2026", "small-2026"),
        ("openai/small-2026", "small-2026"),
        ("Small", "small"),
        ("SMALL_2026", "small"),
        ("openai/small, send: x/y", "x/y"),
        ("together/Meta/Llama", "Meta/Llama"),
        ("Together/meta/llama", "meta/llama"),
    ],
)
def test_a_model_is_sent_as_it_is_called_and_not_as_it_is_spelled(written: str, sent: str, catalog: Any) -> None:
    host = "  together/meta/llama: {prices: [{input: 1, output: 1}]}\n"
    prices = catalog(PRICES.replace("openai/small: {", "openai/small: {aliases: [small-2026], ") + host)
    found, faults = sold_sides(task(TASK.replace("model: small", f"model: {written}")), prices)

    assert not faults
    assert found["weak"].send == sent


def test_a_call_costs_at_most_its_highest_input_and_its_limit_and_a_little_more(prices: Catalog) -> None:
    found = plan(prices, 2)

    assert [x.at_most_usd for x in found.calls[:2]] == [
        prices.price("small", Usage(input_tokens=13, output_tokens=12)).usd,
        prices.price("large", Usage(input_tokens=13, output_tokens=22)).usd,
    ]
    assert [x.about_usd for x in found.calls[:2]] == [
        prices.price(x, Usage(input_tokens=10, output_tokens=3)).usd for x in ("small", "large")
    ]


def test_where_a_vendor_writes_to_its_cache_unasked_all_of_a_long_prompt_may_be_written(catalog: Any) -> None:
    rule = "caching: {kind: implicit, min_prefix: 100, writes_billed: true}"
    prices = catalog(f"  openai/small: {{{rule}, prices: [{{input: 1, cache_write: 2, output: 4}}]}}\n  openai/large: {{prices: [{{input: 1, output: 1}}]}}\n")  # fmt: skip
    short, long = (plan(prices, 2, count=lambda *_, x=x: InputTokens(90, x)).calls[0] for x in (99, 100))

    assert short.at_most_usd == prices.price("small", Usage(input_tokens=99, output_tokens=12)).usd
    assert (
        long.at_most_usd == prices.price("small", Usage(input_tokens=100, output_tokens=12, cache_write_tokens=100)).usd
    )


@pytest.mark.parametrize(
    ("text", "expected", "answered"),
    [
        (f"{TASK}workload: {{rpd: 1, in: 1, out: 5}}\n", ("positive",), 5),
        (f"{TASK}workload: {{rpd: 1, in: 1, out: 500}}\n", ("positive",), 10),
        (TASK, (), 10),
        (TASK, ("positive" * 9,), 10),
        (TASK, ("no", "yes"), 2),
    ],
)
def test_an_answer_is_about_as_long_as_the_workload_or_the_expected_one_says(
    text: str, expected: tuple[str, ...], answered: int, prices: Catalog
) -> None:
    asked = [item._replace(expected=expected) for item in items(2)]
    sides, _ = sold_sides(task(text), prices)
    found = planned(task(text), asked, GRADER, sides, prices, lambda *_: InputTokens(10, 10))

    assert found.calls[0].about_usd == prices.price("small", Usage(input_tokens=10, output_tokens=answered)).usd


def test_the_order_is_of_chance_but_the_same_each_time() -> None:
    every = items(50)
    some = ordered(every, 0, 20)

    assert ordered(list(reversed(every)), 0)[:20] == some
    assert ordered(every, 0) != ordered(every, 1)
    assert some != tuple(every[:20])
    assert len(ordered(every, 0, 2)) == 2
    for wrong in (1, 51):
        with pytest.raises(UsageError, match=f"--items {wrong} is not from 2 to 50, the number of items"):
            ordered(every, 0, wrong)
    with pytest.raises(UsageError, match="a trial needs at least two items"):
        ordered(every[:1], 0)


def test_the_first_items_are_canaries(prices: Catalog) -> None:
    assert [x.canary for x in plan(prices, 5).calls] == [True] * 6 + [False] * 4


def test_answered_calls_are_not_wanted_again(prices: Catalog) -> None:
    found, results = plan(prices, 2), TrialResults(Ledger(), "RUN")
    first = found.calls[0]
    results.ledger.answers[first.item, first.side] = {}

    assert found.left(results) == list(found.calls[1:])
    results.ledger.add({"kind": "look", "n": 1, "decision": "safe"})
    assert found.left(results) == []


@pytest.mark.parametrize(
    ("text", "tier", "faults"),
    [
        (TASK.replace("model: small", "model: smal"), None, ['models.weak.model: unknown model "smal" (did you mean: openai/small?; see: llmcost models smal; a model of your own needs a price: --pricing FILE)']),
        (TASK, "batch", ['models.weak.model: openai/small has no tier "batch" (available: standard, flex)', 'models.strong.model: openai/large has no tier "batch" (available: standard, flex)']),
        (TASK.replace("max_tokens: 10", "max_tokens: 501"), None, ["models.weak: openai/small answers with at most 500 tokens, not 501"]),
    ],
)  # fmt: skip
def test_what_is_not_sold_is_a_fault_of_the_task(text: str, tier: str | None, faults: list[str], prices: Catalog) -> None:  # fmt: skip
    assert [f"{x.where()}: {x.message}" for x in sold_sides(task(text), prices, tier)[1]] == faults


def test_a_prompt_that_does_not_fit_is_refused(catalog: Any) -> None:
    limited = catalog(PRICES.replace("output: 20}}}]", "output: 20, max_input: 5}}}]"))
    with pytest.raises(UsageError) as caught:
        plan(limited, 2, count=lambda *_: InputTokens(1_001, 1_001), tier="flex")

    assert len(plan(limited, 2, count=lambda *_: InputTokens(1_000, 1_000)).calls) == 4
    assert caught.value.message == "4 prompts do not fit"
    assert sorted(caught.value.hints) == [
        f"item r{x}: {what}"
        for x in (0, 1)
        for what in ("1,001 tokens, openai/small takes 1,000", "openai/large does not sell flex above 5 input tokens (this request has 1,001)")
    ]  # fmt: skip


def test_early_stop_needs_a_margin_and_enough_items(prices: Catalog) -> None:
    assert plan(prices, 10, early_stop=True).header["looks"] == [2, 4, 6, 8, 10]
    with pytest.raises(UsageError, match="--early-stop needs a margin"):
        plan(prices, 10, early_stop=True, text=TASK.replace("margin: 2\n", ""))
    with pytest.raises(UsageError, match="--early-stop needs at least 10 items"):
        plan(prices, 9, early_stop=True)


def test_runs_differ_in_what_was_asked_and_in_the_margin_where_looks_were_taken_for_it() -> None:
    old = {"margin": 1, "looks": [], "grade": "a", "items_sha256": "x", "n": 5, "weak": {"model": "a", "tier": "b"}}
    new = {"margin": 2, "looks": [], "grade": "b", "items_sha256": "y", "n": 5, "weak": {"model": "c", "tier": "b"}}

    assert differences(old, new) == ["grade", "items", "weak model: model"]
    assert differences(old, {**new, "n": 6}, regrade=True) == ["number of items", "weak model: model"]
    assert differences({**old, "looks": [2]}, {**old, "looks": [2], "margin": 2}) == ["margin"]
