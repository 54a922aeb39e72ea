"""`llmcost save`: what it says of the levers of a bill."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ..conftest import Run

JOB = "--rpd 1000 --in 2000 --out 100"
Write = Callable[[str], Path]


def test_the_articles_pair_is_in_the_short_answer_with_what_it_loses(run: Run, example: None) -> None:
    """94% saved, 97% with batch on top."""
    del example
    lines = run("save gpt-4o --rpd 100000 --in 500 --out 200").out.splitlines()

    assert len(lines) <= 23
    (mini,) = (line.split() for line in lines if line.startswith("openai/gpt-4o-mini "))
    assert mini[1:5] == ["$9,165.00", "94.0%", "97.0%", "worse"]
    assert "openai/gpt-4o-mini: worse on MMLU, MATH, GPQA; no detectable difference on" in lines
    assert lines[0].startswith("openai/gpt-4o costs $9,750.00 a month; ")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("save", "error: no model is given\n  for example: llmcost save gpt-4o "),
        ("save gpt-4o -m gpt-4o", "error: MODEL cannot be combined with --model\n"),
        ("save gpt-4o --rpd 1k,2k --in 1 --out 1", "error: save takes one workload, not a list\n"),
    ],
)
def test_what_is_asked_is_one_model_and_one_workload(run: Run, words: str, error: str) -> None:
    found = run(words)

    assert (found.status, found.out) == (2, "")
    assert found.err.startswith(error)


def test_a_model_may_be_named_by_an_option(run: Run) -> None:
    assert run(f"save -m gpt-4o {JOB}") == run(f"save gpt-4o {JOB}")


@pytest.fixture
def said(run: Run, table: Write) -> Callable[[str], str]:
    """Return a function that says all there is on the job on acme/one of a table, which is not in the packaged one."""

    def say(models: str, more: str = "") -> str:
        return run(f"save acme/one {JOB} --days 10 --pricing {table(models)} --on 2026-11-23 --details {more}").out

    return say


PRICES = "prices: {input: 10, output: 20}"
ENDS = f"acme/one: {{shutdown: 2027-01-01, {PRICES}, %s}}\nacme/two: {{prices: {{input: 20, output: 20}}}}"
GONE = "From 2027-01-01 acme/one is shut down"


@pytest.mark.parametrize(
    ("models", "line"),
    [
        (
            "acme/one: {prices: [{input: 10, output: 20}, {from: 2027-01-01, input: 5, output: 20}]}",
            "From 2027-01-01 acme/one has another price: $120.00 for 10 days, 45.5% less",
        ),
        (ENDS % "featured: false", GONE),
        (ENDS % "replacement: acme/six", f"{GONE}; acme/six replaces it, which does not sell this or is not known"),
        (
            ENDS % "redirects_to: acme/two",
            f"{GONE} and its requests go to acme/two: $420.00 for 10 days, 90.9% more",
        ),
        (
            (ENDS % "replacement: acme/two, free: true").replace(PRICES, "prices: {input: 0, output: 0}"),
            f"{GONE}; acme/two replaces it: $420.00 for 10 days",
        ),
    ],
)
def test_what_is_coming_is_said_with_its_day(said: Callable[[str], str], models: str, line: str) -> None:
    """10,000 requests: 20M tokens in and 1M out, $200 + $20 now."""
    assert line in said(models).splitlines()


@pytest.mark.parametrize(
    ("read", "line"),
    [
        ("1", "saves 10% where 12.2% of the input is read from cache (--prefix N computes it)"),
        ("10", "no share of the input read from cache saves 10% of this bill"),
    ],
)
def test_how_much_must_be_cached_is_said_where_nothing_is(said: Callable[[str], str], read: str, line: str) -> None:
    """All of it from cache saves $180: $22 is 12.2% of that."""
    prices = f"prices: {{input: 10, cache_read: {read}, output: 20}}"
    assert f"Caching: {line}" in said(f"acme/one: {{{prices}, caching: {{kind: implicit, min_prefix: 1024}}}}")


def test_where_no_lever_helps_that_is_said(run: Run, table: Write) -> None:
    path = table("acme/one: {free: true, prices: {input: 0, output: 0}}")
    found = run(f"save acme/one {JOB} --pricing {path} -f json")

    data: dict[str, Any] = json.loads(found.out, parse_float=Decimal)
    assert data["headline"] == "acme/one costs $0.00 a month; no lever makes it less"
    assert (data["best"], data["best_not_worse"], data["levers"]) == (None, None, [])
    assert len(run(f"save acme/one {JOB} --pricing {path}").out.splitlines()) < 10


def test_where_only_other_models_help_their_quality_is_no_promise(run: Run, table: Write) -> None:
    path = table("acme/one: {prices: {input: 1000}}")

    headline = run(f"save acme/one --rpd 10 --in 10 --out 0 --pricing {path}").out.splitlines()[0]

    assert headline.startswith("acme/one costs $3.00 a month; $3.00 (100.0%)")
    assert headline.endswith(" can be saved at a quality that may be worse")


def test_one_combination_is_the_best_where_its_model_is_the_base(said: Callable[[str], str]) -> None:
    out = said("acme/one: {prices: {input: 0.001, output: 0.001, tiers: {batch: {input: 0.0005}}}}")

    assert "best: one" in out
    assert out.count("best: ") == 2  # the other is the explanation
