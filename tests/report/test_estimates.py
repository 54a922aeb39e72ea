"""What an estimate must not keep to itself: reasoning that nobody priced, a cost of nothing, a rise to come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.report.estimates import amount, lasting_name, silent_notes, talk_rows, talk_words
from llmcost.report.gates import estimates_gate
from llmcost.report.words import named
from llmcost.workload.estimate import Estimate, estimate
from llmcost.workload.lengths import Range, Times
from llmcost.workload.model import Workload
from llmcost.workload.reasoning import MEASURED, measured_words

from ..conftest import TODAY

Catalogs = Callable[..., Catalog]
MODELS = """
openai/o3: {prices: {input: 1, output: 2}}
openai/o1: {prices: {input: 1, output: 2}}
acme/plain: {prices: {input: 1, output: 2}}
acme/free: {free: true, prices: {input: 0, output: 0}}
acme/rises: {prices: [{input: 10}, {from: 2026-12-01, input: 20}]}
"""


@pytest.fixture
def priced(catalog: Catalogs) -> Callable[..., Estimate]:
    made = catalog(MODELS)

    def price(model: str, *, requests: int = 1, tokens: int = 1, reasoning: int = 0) -> Estimate:
        job = Workload(requests=requests, input_tokens=tokens, output_tokens=0, reasoning_tokens=reasoning)
        return estimate(made, model, job)

    return price


def test_reasoning_that_is_not_priced_is_told(priced: Callable[..., Estimate]) -> None:
    found = silent_notes([priced("o3"), priced("o1"), priced("plain"), priced("o3")])

    (note,) = found
    assert note.text.startswith("openai/o3 and openai/o1 reason before answering: hidden tokens, billed as output")
    assert silent_notes([priced("o3")])[0].text.startswith("openai/o3 reasons before")
    assert silent_notes([priced("o3", reasoning=5), priced("plain")]) == []


def test_a_conversation_says_how_it_compares(catalog: Catalogs) -> None:
    rates = "{input: 1, output: 10, cache_read: 0.1}"
    rule = "{kind: implicit, min_prefix: 1, lifetime: 5m}"
    made = catalog(f"acme/plain: {{caching: {rule}, prices: {rates}}}\nacme/even: {{prices: {{input: 0, output: 5}}}}")
    talk = Workload(requests=4, turns=2, input_tokens=100, output_tokens=10)
    plain, even = estimate(made, "acme/plain", talk), estimate(made, "acme/even", talk)
    # 100 + 210 in and 2 x 10 out at ten times the rate: 510 of 400
    assert talk_words([plain]) == ("Compared: 1.28 times the cost of the turns without history",)
    assert talk_words([even, plain]) == ("Compared: 1.00 to 1.28 times the cost of the turns without history",)
    assert talk_words([even, even]) == ("Compared: 1.00 times the cost of the turns without history",)
    cached = estimate(made, "acme/plain", replace(talk, caching="auto"))
    assert talk_words([cached]) == (
        "Compared: 1.05 times the cost of the turns without history; $0.00102 without the cache",
    )
    nothing_shared = estimate(made, "acme/plain", replace(talk, turns=1, caching="auto"))
    assert talk_words([nothing_shared]) == ()
    (row,) = talk_rows([cached])
    assert (row["conversation_usd"], row["alone_usd"]) == (Decimal("0.00042"), Decimal("0.0008"))
    single = estimate(made, "acme/plain", replace(talk, turns=1))
    assert (talk_words([single]), talk_rows([single])) == ((), [])


def test_how_much_a_model_was_measured_to_reason_is_offered(shipped: Catalog) -> None:
    """Of 19,786,241 output tokens 18,373,824 were hidden: 13.0 times the rest. Nothing of it is in the cost."""
    found = estimate(shipped, "gpt-5", Workload(requests=1000, input_tokens=0, output_tokens=300))
    (note,) = silent_notes([found])
    offered = "; one job on openai/gpt-5 had 13x its visible output, --reasoning 13x (9,872 requests on 2025-09-12, "
    assert offered in note.text
    assert found.monthly_usd == 3
    asked = Workload(
        requests=1000, input_tokens=0, output_tokens=300, reasoning_tokens=Times(MEASURED["openai/gpt-5"].times)
    )
    assert estimate(shipped, "gpt-5", asked).monthly_usd == 42
    assert measured_words("openai/gpt-5-mini") == ""


@pytest.mark.parametrize(
    ("model", "requests", "tokens", "why"),
    [
        ("acme/plain", 0, 1, "there are no requests"),
        ("acme/plain", 1, 0, "the requests have no tokens"),
        ("acme/free", 1, 1, "all its rates are 0 in "),
    ],
)
def test_a_cost_of_nothing_says_why(
    priced: Callable[..., Estimate], model: str, requests: int, tokens: int, why: str
) -> None:
    (note,) = silent_notes([priced(model, requests=requests, tokens=tokens)])

    assert note.text.startswith(f"{model} costs $0.00 here: {why}")


def test_a_rise_to_come_is_said_with_its_day(priced: Callable[..., Estimate]) -> None:
    gate = estimates_gate([priced("rises", tokens=1_000_000)], Decimal(15))

    assert gate.lines == (
        "WARN: acme/rises costs $20.00 a month from 2026-12-01 ($10.00 now), above the limit of $15.00",
    )
    assert gate.fact == {"limit_usd": Decimal(15), "passed": True, "verdict": "WARN", "over": []}


@pytest.mark.parametrize(
    ("models", "said"),
    [("a", "a"), ("ab", "a and b"), ("aabc", "a, b and c"), ("abcdef", "a, b, c, d and 2 more")],
)
def test_models_are_named_and_then_counted(models: str, said: str) -> None:
    assert named(models) == said


def test_ends_that_are_the_same_in_dollars_are_told_once(catalog: Catalogs) -> None:
    ranged = Workload(requests=1000, input_tokens=Range(Decimal(100), Decimal("100.0001")), output_tokens=0)
    assert amount(estimate(catalog(MODELS), "acme/plain", ranged)) == "$0.10 a month"


@pytest.mark.parametrize(
    ("days", "more", "name"),
    [
        (0, "", "a/b"),
        (1, "", "a/b (shuts down 2026-11-24)"),
        (365, "redirects_to: a/c, ", "a/b (redirects 2027-11-23)"),
        (366, "", "a/b"),
    ],
)
def test_a_name_in_a_list_tells_of_a_shutdown_within_a_year(catalog: Catalogs, days: int, more: str, name: str) -> None:
    end = date.fromisoformat(TODAY) + timedelta(days)
    made = catalog(f"a/b: {{shutdown: {end}, {more}prices: {{input: 1}}}}\na/c: {{prices: {{input: 1}}}}")

    assert lasting_name(estimate(made, "a/b", Workload(requests=1, input_tokens=1, output_tokens=0))) == name


def test_tokens_that_round_to_none_have_no_row(catalog: Catalogs) -> None:
    """A prefix is written once in a billion conversations: JSON tells it, a table does not."""
    from llmcost.commands.estimate.view import estimate_report

    tiny = Workload(requests=1, input_tokens=1000, output_tokens=Decimal("0.001"))
    report = estimate_report([estimate(catalog(MODELS), "acme/plain", tiny)])
    assert [row.values["unit"] for row in report.tables[0].rows] == ["input", "total"]
    assert [row["unit"] for row in report.data["lines"]] == ["input", "output"]
