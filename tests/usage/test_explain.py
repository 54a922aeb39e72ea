"""What was logged beside what it costs: each mistake that peers make, with the numbers of its issue, gives its cause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.usage.explain import explain
from llmcost.usage.record import UsageRecord
from tests.usage.conftest import spend_on, used

ACME = """
acme/one:
  regions: {eu: 1.1}
  prices:
  - input: 4
    output: 20
    cache_read: 1
    cache_write: 5
    cache_write_1h: 8
    long_context: [{above: 200000, input: 8, output: 40}]
    fees: {web_search: {price: 0.05}}
    tiers: {batch: {input: 2, output: 10}}
  - {from: 2026-11-01, input: 2, output: 10, cache_read: 0.5, cache_write: 2.5, cache_write_1h: 4,
     long_context: [{above: 200000, input: 4, output: 20}], fees: {web_search: {price: 0.01}}, tiers: {batch: {input: 1, output: 5}}}
"""


def logged(tokens: str, usd: str, **more: Any) -> UsageRecord:
    """Return a record with a logged cost."""
    return used(tokens, logged_usd=Decimal(usd), **more)


@pytest.mark.parametrize(
    ("record", "cause"),
    [
        (logged("in=1000000 read=900000", "4"), "cached input at the full rate"),
        (logged("in=1000000 read=900000", "4.45"), "cached input billed twice, at the full rate too"),
        (logged("in=100000 write=50000", "0.325"), "cache writes billed on top of the input"),
        (
            logged("in=100000 write=50000 read=20000", "0.335"),
            "cached input and cache writes billed on top of the input",
        ),
        (logged("in=100000 write=50000 read=20000", "0.2"), "the cache ignored: all input at the full rate"),
        (logged("in=100000 write=50000 read=20000", "0.06"), "cached and written input not billed"),
        (logged("in=100000 write=90000 write_1h=90000", "0.245"), "cache writes for an hour at the rate of 5 minutes"),
        (logged("out=100000 reasoning=60000", "1.6"), "reasoning added to the output, which already has it"),
        (logged("out=100000 reasoning=60000", "0.4"), "reasoning left out of the output"),
        (logged("in=100000", "0.2", tier="batch"), "the service tier ignored"),
        (logged("in=100000", "0.2", region="eu"), "the region ignored"),
        (logged("in=300000", "0.6"), "long-context rates ignored"),
        (logged("in=100000", "0.2", fees={"web_search": 7}), "fees left out"),
        (logged("in=100000", "0.01"), "only OpenRouter's fee of 5% for a key of your own"),
        (logged("in=100000", "0.4"), "prices of 2026-10-31"),
        (logged("in=100000", "0.2", day=date(2026, 10, 1)), "prices of 2026-11-01"),
        (logged("in=100000", "0.21"), "web searches that are not in the log: 1"),
        (logged("in=100000", "0.22"), None),  # no request has two
        (logged("in=100000", "0.33"), None),
        (logged("in=100 audio=100 read=50 audio_read=50", "9"), None),  # without what was cached it has too much audio
    ],
)
def test_one_mistake_gives_what_was_logged(
    record: UsageRecord, cause: str | None, catalog: Callable[..., Catalog]
) -> None:
    found = explain(spend_on(catalog(ACME), record))

    assert found is not None
    assert (found.whole.cause, found.whole.agrees) == (cause, False)


@pytest.mark.parametrize(
    ("model", "tokens", "usd", "right", "cause"),
    [  # the numbers of the threads
        (
            "gpt-4o",
            "in=1000000 read=900000",
            "3.625",
            "1.375",
            "cached input billed twice, at the full rate too",
        ),  # litellm#6215
        ("gemini-2.5-pro", "in=262960 read=257955 out=1744", "0.762", None, None),  # litellm#14849
        (
            "claude-opus-4-7",
            "in=60120 write=60120 write_1h=60120",
            "0.37575",
            "0.6012",
            "cache writes for an hour at the rate of 5 minutes",
        ),
    ],
)
def test_the_numbers_of_the_issues(
    model: str, tokens: str, usd: str, right: str | None, cause: str | None, shipped: Catalog
) -> None:
    found = explain(spend_on(shipped, logged(tokens, usd, model=model)))

    assert found is not None
    assert found.whole.cause == cause
    assert right is None or found.whole.repriced_usd == Decimal(right)


def test_what_agrees_needs_no_cause(catalog: Callable[..., Catalog]) -> None:
    found = explain(spend_on(catalog(ACME), logged("in=100000", "0.2000000000000001")))

    assert found is not None
    assert (found.whole.agrees, found.whole.cause, found.not_logged) == (True, None, 0)
    assert found.whole.difference_usd == Decimal("0.0000000000000001")


def test_a_thousandth_of_a_cent_is_not_the_same_where_all_is_less_than_one(catalog: Callable[..., Catalog]) -> None:
    found = explain(spend_on(catalog(ACME), logged("in=1000 read=500", "0.002")))

    assert found is not None
    assert (found.whole.agrees, found.whole.cause) == (False, "cached input at the full rate")


@pytest.mark.parametrize(
    ("tokens", "usd", "explained"),
    [
        ("in=1000 read=500", "0.002007", True),  # the mistake gives 0.002: within 1% of the difference, 0.000757
        ("in=1000 read=500", "0.002008", False),
        ("in=2000000 read=1800000", "8.005", True),  # and within half a cent
        ("in=2000000 read=1800000", "8.0051", False),
    ],
)
def test_a_mistake_gives_what_was_logged_nearly(
    tokens: str, usd: str, *, explained: bool, catalog: Callable[..., Catalog]
) -> None:
    found = explain(spend_on(catalog(ACME), logged(tokens, usd)))

    assert found is not None
    assert found.whole.cause == ("cached input at the full rate" if explained else None)


def test_only_records_with_both_costs_are_compared(catalog: Callable[..., Catalog]) -> None:
    made = catalog(ACME)
    unknown = logged("in=1", "1", model="nobody")

    found = explain(spend_on(made, logged("in=1000000", "4"), used("in=500000"), unknown))

    assert found is not None
    assert (found.whole.records, found.whole.logged_usd, found.whole.repriced_usd) == (1, Decimal(4), Decimal(4))
    assert (found.not_logged, found.not_logged_usd) == (1, Decimal(2))
    assert [x.model for x in found.models] == ["acme/one"]
    assert explain(spend_on(made, used("in=5"), unknown)) is None
