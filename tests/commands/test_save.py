"""`llmcost save`: what it says of the levers of a bill."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from llmcost.commands.save.view import save_report
from llmcost.pricing.catalog import Catalog
from llmcost.report.report import Report
from llmcost.routing.levers import Lever, savings
from llmcost.workload.model import Workload

from ..conftest import Run
from ..scores.scores import book, score
from .conftest import refused

JOB = "--rpd 1000 --in 2000 --out 100"


def test_the_articles_pair_is_in_the_short_answer_with_what_it_loses(run: Run, example: None) -> None:
    """94% saved, 97% with batch on top."""
    del example
    lines = run("save gpt-4o --rpd 100000 --in 500 --out 200").out.splitlines()

    cached = run("save gpt-4o --rpd 50k --prefix 1200 --in 600 --out 250").out.splitlines()

    assert max(len(lines), len(cached)) <= 23
    (mini,) = (line.split() for line in lines if line.startswith("openai/gpt-4o-mini "))
    assert mini[1:5] == ["$9,165.00", "94.0%", "97.0%", "worse"]
    assert "openai/gpt-4o-mini, the smaller model of the family: worse on MMLU, MATH, GPQA;" in lines
    assert lines[0].startswith("openai/gpt-4o costs $9,750.00 a month; ")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("save", "no model is given\n  for example: llmcost save gpt-4o "),
        ("save gpt-4o -m gpt-4o", "MODEL cannot be combined with --model\n"),
        ("save gpt-4o --rpd 1k,2k --in 1 --out 1", "save takes one workload, not a list\n"),
    ],
)
def test_what_is_asked_is_one_model_and_one_workload(run: Run, words: str, error: str) -> None:
    refused(run(words), error)


def test_a_model_may_be_named_by_an_option(run: Run) -> None:
    assert run(f"save -m gpt-4o {JOB}") == run(f"save gpt-4o {JOB}")


@pytest.fixture
def said(catalog: Callable[[str], Catalog]) -> Callable[..., Report]:
    """Return a function that reports on acme/one of a table, on 10,000 requests of 2,000 tokens in and 100 out."""

    def say(models: str, answered: int = 100, turns: int = 1) -> Report:
        job = Workload(requests_per_day=1000, turns=turns, input_tokens=2000, output_tokens=answered, days=10)
        return save_report(savings(catalog(models), "one", job, book()))

    return say


PRICES = "prices: {input: 10, output: 20}"
ENDS = f"acme/one: {{shutdown: 2027-01-01, {PRICES}, %s}}\nacme/two: {{prices: {{input: 20, output: 20}}}}"
GONE = "acme/one shuts down on 2027-01-01"


@pytest.mark.parametrize(
    ("models", "line"),
    [
        (
            "acme/one: {prices: [{input: 10, output: 20}, {from: 2027-01-01, input: 5, output: 20}]}",
            "From 2027-01-01 acme/one has another price: $120.00 for 10 days, 45.5% less",
        ),
        (ENDS % "featured: false", GONE),
        (ENDS % "replacement: acme/six", f"{GONE}; acme/six replaces it, which does not sell this or is unknown"),
        (ENDS % "redirects_to: acme/two", f"{GONE} and its requests go to acme/two: $420.00 for 10 days, 90.9% more"),
        (
            (ENDS % "replacement: acme/two, free: true").replace(PRICES, "prices: {input: 0, output: 0}"),
            f"{GONE}; acme/two replaces it: $420.00 for 10 days",
        ),
    ],
)
def test_what_is_coming_is_said_with_its_day(said: Callable[..., Report], models: str, line: str) -> None:
    """20M tokens in and 1M out, $200 + $20 now."""
    assert line in said(models).sentences


@pytest.mark.parametrize(
    ("read", "line"),
    [
        ("1", "saves 10% if 12.2% of the input is read from cache (--prefix N computes it)"),
        ("10", "no share of the input read from cache saves 10% of this bill"),
    ],
)
def test_how_much_must_be_cached_is_said_where_nothing_is(said: Callable[..., Report], read: str, line: str) -> None:
    """All of it from cache saves $180: $22 is 12.2% of that."""
    prices = f"prices: {{input: 10, cache_read: {read}, output: 20}}"
    found = said(f"acme/one: {{{prices}, caching: {{kind: implicit, min_prefix: 1024}}}}")

    assert f"Caching: {line}" in (found.sentences if read == "1" else found.details)
    assert (found.data["cache"]["pct_read_to_save_10_pct"] is None) is (read == "10")


def test_the_batch_tier_of_a_conversation_is_told_to_take_its_time(said: Callable[..., Report]) -> None:
    cheaper = "acme/one: {prices: {input: 10, output: 20, tiers: {batch: {input: 5, output: 10}}}}"
    line = "The batch tier does not suit conversations: each answer may take 24 hours"

    assert line in said(cheaper, turns=2).details
    assert line not in said(cheaper).details


def test_where_no_lever_helps_that_is_said(said: Callable[..., Report]) -> None:
    found = said("acme/one: {prices: {input: 10}}", answered=0)

    assert found.headline == "acme/one costs $200.00 for 10 days; nothing here reduces it"
    assert (found.data["best"], found.data["best_not_worse"], found.data["levers"]) == (None, None, [])
    assert found.tables == ()


def test_where_only_other_models_help_their_quality_is_no_promise(said: Callable[..., Report]) -> None:
    found = said("acme/one: {prices: {input: 10}}\nacme/two: {prices: {input: 1}}", answered=0)

    assert found.headline == (
        "acme/one costs $200.00 for 10 days; $180.00 (90.0%) can be saved with possibly worse quality: "
        "two (reasoning: unknown)"
    )
    assert [row.values["name"] for row in found.tables[0].rows if row.total] == ["best: two"]


def test_where_the_best_is_no_loss_it_is_told_once(said: Callable[..., Report]) -> None:
    found = said(f"acme/one: {{{PRICES}}}")

    assert found.headline.endswith(
        "; with no measured loss of quality, $2.00 (0.9%) can be saved with 10% shorter answers"
    )
    (best,) = (row.values for row in found.tables[0].rows if row.total)
    assert (best["name"], best["asks"]) == ("best: one", "no loss: shorter")


ONE = "acme/one: {prices: {input: 10, output: 20, tiers: {batch: {input: 5, output: 10}}}}"
TWO = "acme/two: {prices: {input: 4, output: 10}, capabilities: {reasoning: never}}"
SIX = "acme/six: {prices: {input: 8, output: 20, tiers: {batch: {input: 1, output: 2}}}}"
SAME = book(*(score(x, "exam", "80") for x in ("acme/one", "acme/two", "acme/six")))
BATCH = "batch (answers within 24 hours)"
MOVED = "$130.00 (59.1%) can be saved by changing only the model"


@pytest.mark.parametrize(
    ("models", "without", "ways"),
    [
        (TWO, (), f"{MOVED} (two), $131.00 (59.5%) with 10% shorter answers"),
        (TWO, (Lever.OUTPUT,), f"{MOVED} (two)"),
        (TWO, (Lever.MODEL, Lever.OUTPUT), f"$110.00 (50.0%) can be saved with {BATCH}"),
        (
            f"{TWO}\n{SIX}",
            (),
            f"{MOVED} (two), $198.20 (90.1%) with six (reasoning: unknown), {BATCH} and 10% shorter answers",
        ),
    ],
)
def test_what_only_another_model_saves_is_told_before_what_waits_and_shortens_answers(
    catalog: Callable[[str], Catalog], models: str, without: tuple[Lever, ...], ways: str
) -> None:
    """20M tokens in and 1M out: $220 on one, $80 + $10 on two, $20 + $1.80 on six in a shorter batch."""
    job = Workload(requests_per_day=1000, input_tokens=2000, output_tokens=100, days=10)
    found = save_report(savings(catalog(f"{ONE}\n{models}"), "one", job, SAME, without=without))

    assert found.headline == f"acme/one costs $220.00 for 10 days; with no measured loss of quality, {ways}"
    assert found.data["without"] == list(without)
    said = "Left out: model, output (--without)"
    assert (said in found.assumptions) is (without == (Lever.MODEL, Lever.OUTPUT))


def test_caching_and_batch_together_say_what_is_assumed_and_the_model_that_wins_by_them_its_quality(
    catalog: Callable[[str], Catalog],
) -> None:
    rule = "caching: {kind: implicit, min_prefix: 1024, lifetime: 5m, renewed: true}"
    tiers = "tiers: {batch: {input: 11, cache_read: 0.1}}"
    two = f"acme/two: {{prices: {{input: 12, cache_read: 0.1, {tiers}}}, {rule}}}"
    job = Workload(requests_per_day=10_000, input_tokens=100, prefix_tokens=4000, output_tokens=0)
    found = save_report(savings(catalog(f"acme/one: {{prices: {{input: 10}}}}\n{two}"), "one", job, book()))

    assert "acme/two, the cheapest with all levers: no benchmark in common" in found.details
    assert [row.values["asks"] for row in found.tables[0].rows if row.total] == ["any quality: batch+cache"]
    assert "no vendor promises cache hits in a batch: computed as spread over the day" in [
        note.text for note in found.notes
    ]


THINKS = "capabilities: {reasoning: always}, prices: {input: %s}"
LEFT_OUT = "left out of the best: %s reasoning is not priced (--reasoning N)"


@pytest.mark.parametrize(
    ("models", "line"),
    [
        (f"acme/two: {{{THINKS % 1}}}", f"two is {LEFT_OUT % 'its'}"),
        (f"acme/two: {{{THINKS % 2}}}\nopenai/six: {{{THINKS % 1}}}", f"six and two are {LEFT_OUT % 'their'}"),
        (f"acme/two: {{{THINKS % 2}}}\nopenai/six: {{prices: {{input: 1}}}}", None),
    ],
)
def test_a_model_whose_reasoning_is_not_priced_is_marked_and_left_out_of_the_best(
    said: Callable[..., Report], models: str, line: str | None
) -> None:
    found = said(f"acme/one: {{prices: {{input: 10}}}}\n{models}", answered=0)
    asks = {row.values["name"]: row.values["asks"] for row in found.tables[0].rows}

    assert [x for x in found.sentences if "left out of the best" in x] == ([line] if line else [])
    assert asks.get("acme/two", "unknown, reasoning unpriced") == "unknown, reasoning unpriced"
    assert (found.data["best"] is None) is (line is not None)
