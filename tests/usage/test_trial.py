"""What an answer of a trial costs: by its usage, at the tier that it was served in, unknown where it does not say."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from llmcost.evals.ledger import PricedAnswer
from llmcost.evals.plan import sold_sides
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.usage import Usage
from llmcost.usage.trial import answer_pricer
from tests.evals.trial_data import PRICES, answer, task

NONE = {"cache_read_tokens": 0, "reasoning_tokens": 0}


@pytest.fixture
def price(catalog: Callable[..., Catalog]) -> Callable[..., PricedAnswer]:
    prices = catalog(
        f"{PRICES}  groq/both: {{prices: [{{input: 1, output: 1}}]}}\n  together/both: {{prices: [{{input: 1, output: 1}}]}}\n"
    )

    def priced(raw: dict[str, Any], tier: str | None = None) -> PricedAnswer:
        found = answer_pricer(prices, sold_sides(task(), prices, tier)[0])("weak", raw)
        if found.usd is not None:
            sold = "flex" if found.tier == "flex" else None
            assert found.usd == prices.price("small", Usage(**found.tokens), tier=sold).usd
        return found

    return priced


def test_it_is_the_price_of_its_usage(price: Callable[..., PricedAnswer]) -> None:
    raw = answer(given=100, answered=50)
    raw["usage"] |= {
        "prompt_tokens_details": {"cached_tokens": 40},
        "completion_tokens_details": {"reasoning_tokens": 30},
    }

    assert price(raw) == PricedAnswer(
        Decimal("0.00028"),
        {"input_tokens": 100, "cache_read_tokens": 40, "output_tokens": 50, "reasoning_tokens": 30},
        "default",
    )


@pytest.mark.parametrize(
    ("raw", "asked", "tier", "note"),
    [
        ({}, "flex", "flex", ""),
        ({"service_tier": "flex"}, "flex", "flex", ""),
        ({"service_tier": "default"}, "flex", "default", "asked for the flex tier, served in default"),
        ({"service_tier": "flex"}, None, "flex", "asked for the default tier, served in flex"),
        ({"service_tier": None}, None, "default", ""),
        ({"model": "large"}, None, "default", "answered by openai/large"),
        ({"model": "large", "service_tier": "flex"}, None, "flex", "answered by openai/large; asked for the default tier, served in flex"),
        ({"model": "gpt-9-foo"}, None, "default", 'answered by "gpt-9-foo", which has no price'),
        ({"model": None}, None, "default", ""),
        ({"model": "small-2026-08-07"}, None, "default", ""),
        ({"model": "both"}, None, "default", 'answered by "both"'),
    ],
)  # fmt: skip
def test_the_tier_that_was_served_counts(
    raw: dict[str, Any], asked: str | None, tier: str, note: str, price: Callable[..., PricedAnswer]
) -> None:
    found = price(answer(given=10, answered=1, **raw), asked)

    assert (found.tier, found.note) == (tier, note)
    assert found.usd == Decimal("0.000007" if tier == "flex" else "0.000014")


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        ({"usage": None}, "the answer has no usage: a stream has it in its last part, if requested"),
        ({"usage": {"prompt_tokens": -1, "completion_tokens": 1}}, "prompt_tokens must be a whole number from 0 to 10^15, not -1"),
        ({"usage": {"prompt_tokens": 5}}, "the usage is missing tokens, or has more than there can be"),
        ({"usage": {"prompt_tokens": "five", "completion_tokens": "1"}}, "prompt_tokens must be a whole number from 0 to 10^15, not five"),
        ({"usage": {"prompt_tokens": 5, "completion_tokens": 1e300}}, "completion_tokens must be a whole number from 0 to 10^15, not 1e+300"),
        ({"usage": {"prompt_tokens": 5, "completion_tokens": 10**9 + 1}}, "the usage is missing tokens, or has more than there can be"),
        ({"service_tier": "priority"}, 'openai/small has no tier "priority"'),
    ],
)  # fmt: skip
def test_the_cost_of_a_usage_that_cannot_be_understood_is_unknown(
    raw: dict[str, Any], note: str, price: Callable[..., PricedAnswer]
) -> None:
    found = price(answer(**raw))

    assert (found.usd, found.tokens, found.note) == (None, {}, note)
    assert price(answer(given=10**9, answered=1)).usd is not None


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ("redirects_to: x/y, ", "openai/small was shut down on 2026-11-01: priced at the last rates"),
        (
            "redirects_to: openai/large, ",
            "openai/small: since 2026-11-01 requests go to openai/large and are billed at its rates",
        ),
    ],
)
def test_what_holds_of_the_model_is_not_told_of_each_answer(
    more: str, note: str, catalog: Callable[..., Catalog]
) -> None:
    prices = catalog(PRICES.replace("openai/small: {", f"openai/small: {{shutdown: 2026-11-01, {more}"))
    sides, _ = sold_sides(task(), prices)

    assert len(sides["weak"].model.notes) == more.count("x/y")
    assert answer_pricer(prices, sides)("weak", answer(given=10, answered=1)).note == note
