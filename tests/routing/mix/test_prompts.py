"""What requests like routed prompts cost, by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.routing.classify.rules import ARTICLE, Tier
from llmcost.routing.classify.tally import Routed, Taken
from llmcost.routing.mix.prompts import routed_mix
from llmcost.routing.mix.share import Mix
from llmcost.workload.lengths import Lengths
from llmcost.workload.model import Workload

MODELS = """
a/weak: {prices: {input: 1, output: 1}}
a/strong: {prices: {input: 10, output: 10}}
"""
ROUTED = Routed(
    rules=ARTICLE,
    taken=(
        Taken(rule="long", tier=Tier.STRONG, prompts=1, lengths={(10, 20): 1}),
        Taken(rule=None, tier=Tier.WEAK, prompts=3, lengths={(10, 20): 2, (1000, 2000): 1}),
    ),
)
JOB = Workload(requests=4_000_000, input_tokens=100, output_tokens=0)


def mixed(catalog: Callable[..., Catalog], weak: int | None, strong: int | None, **more: Any) -> Mix:
    made = catalog(MODELS)
    models = (made.resolve("weak"), made.resolve("strong"))
    limits = {Tier.WEAK: weak, Tier.STRONG: strong}
    return routed_mix(made, *models, JOB, ROUTED, limits, **{"overhead_usd": Decimal(0), "own_lengths": True, **more})


def test_each_model_is_paid_for_its_prompts_at_their_lengths(catalog: Callable[..., Catalog]) -> None:
    """4M requests, a quarter to the strong model: 20 tokens at $10; the others have 1,020 in three at $1."""
    found = mixed(catalog, None, None, overhead_usd=Decimal("0.000001"))

    assert (found.share, found.router_usd) == (Decimal("0.25"), Decimal(4))
    assert (found.weak_part.monthly_usd, found.strong_part.monthly_usd) == (Decimal(4 * 340), Decimal(4 * 200))
    assert found.monthly_usd == 3 * 340 + 200 + 4
    assert found.all_weak.monthly_usd == 1030
    assert found.all_strong.monthly_usd == 10 * (3 * 20 + 2000)


@pytest.mark.parametrize(
    ("weak", "strong", "all_weak", "all_strong"),
    [
        (None, 100, 1030, 3 * 200 + 1000),
        (100, None, 3 * 10 + 20_000, 20_600),
    ],
)
def test_a_prompt_that_one_model_does_not_take_is_paid_at_the_other(
    catalog: Callable[..., Catalog], weak: int | None, strong: int | None, all_weak: int, all_strong: int
) -> None:
    found = mixed(catalog, weak, strong)

    assert (found.all_weak.monthly_usd, found.all_strong.monthly_usd) == (Decimal(all_weak), Decimal(all_strong))
    assert found.all_weak.workload.input_tokens == Lengths.of({10: 3, 1000: 1})
    assert found.all_strong.workload.input_tokens == Lengths.of({20: 3, 2000: 1})


def test_without_their_own_lengths_prompts_have_that_of_the_workload(catalog: Callable[..., Catalog]) -> None:
    found = mixed(catalog, None, 100, own_lengths=False)

    assert (found.all_weak.monthly_usd, found.weak_part.monthly_usd, found.strong_part.monthly_usd) == (
        Decimal(400),
        Decimal(400),
        Decimal(4000),
    )
    assert found.all_strong.monthly_usd == 3000 + 100
    assert found.all_strong.workload == JOB
