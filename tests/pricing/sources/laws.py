"""What is true of every imported model, whatever the source: the checks that the importers' tests share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from llmcost.pricing.cost import price_usage
from llmcost.pricing.exact import EXACT
from llmcost.pricing.model import Model
from llmcost.pricing.sources.common import Imported
from llmcost.pricing.units import Unit
from llmcost.pricing.usage import Usage

INPUT_PARTS = (
    "cache_read_tokens",
    "cache_write_tokens",
    "audio_input_tokens",
    "image_input_tokens",
    "video_input_tokens",
)
OUTPUT_PARTS = ("reasoning_tokens", "audio_output_tokens", "image_output_tokens", "video_output_tokens")
ONE_MORE = (
    ("input_tokens",),
    ("output_tokens",),
    *((part, "input_tokens") for part in INPUT_PARTS),
    ("cache_write_1h_tokens", "cache_write_tokens", "input_tokens"),
    ("audio_cache_read_tokens", "audio_input_tokens", "cache_read_tokens", "input_tokens"),
    ("image_cache_read_tokens", "image_input_tokens", "cache_read_tokens", "input_tokens"),
    *((part, "output_tokens") for part in OUTPUT_PARTS),
)
"""A kind of token and every total that it is part of."""


OUTPUTS = ("output", "reasoning", "audio_output", "image_output", "video_output")


def usage_of(parts: Mapping[str, int]) -> Usage:
    """Return the usage of tokens that are counted once each, by the unit whose rate they pay."""

    def summed(*units: str) -> int:
        return sum(parts.get(unit, 0) for unit in units)

    return Usage(
        input_tokens=sum(n for unit, n in parts.items() if unit not in OUTPUTS),
        output_tokens=summed(*OUTPUTS),
        cache_read_tokens=summed("cache_read", "audio_cache_read", "image_cache_read"),
        cache_write_tokens=summed("cache_write", "cache_write_1h"),
        cache_write_1h_tokens=summed("cache_write_1h"),
        audio_input_tokens=summed("audio_input", "audio_cache_read"),
        image_input_tokens=summed("image_input", "image_cache_read"),
        audio_cache_read_tokens=summed("audio_cache_read"),
        image_cache_read_tokens=summed("image_cache_read"),
        video_input_tokens=summed("video_input"),
        reasoning_tokens=summed("reasoning"),
        audio_output_tokens=summed("audio_output"),
        image_output_tokens=summed("image_output"),
        video_output_tokens=summed("video_output"),
    )


def sold(imported: Imported) -> list[Model]:
    """Return the imported models that sell input and output in every period."""
    table = imported.table("imported")
    models = [table[model_id] for model_id in table]
    both = {Unit.INPUT, Unit.OUTPUT}
    return [m for m in models if all(both <= period.standard.rates.keys() for period in m.periods)]


def tiers(model: Model) -> list[str | None]:
    """Return None for the standard tier, and each tier that every period sells."""
    return [None, *[name for name in model.periods[-1].tiers if all(name in p.tiers for p in model.periods)]]


def thresholds(model: Model) -> set[int]:
    """Return the total inputs from which a request pays other rates."""
    cards = [card for period in model.periods for card in (period.standard, *period.tiers.values())]
    return {x.step.tokens + (not x.step.inclusive) for card in cards for x in card.long_context}


def hold(model: Model, usage: Usage, tier: str | None, at: date) -> None:
    """Check that a bill is its lines, none below 0, and that no token more makes it cheaper on the same step.

    To 40 digits behind the point: a line that is a mean over the week may have no end, and only the bill is divided once.
    """
    cost = price_usage(model, usage, tier=tier, at=at)
    with localcontext(EXACT):
        assert round(cost.usd, 40) == round(sum((line.usd for line in cost.lines), Decimal(0)), 40)
    assert all(line.usd >= 0 for line in cost.lines)
    counts: dict[str, Any] = {x.name: getattr(usage, x.name) for x in fields(usage)}
    for names in ONE_MORE:
        more = Usage(**{**counts, **{name: counts[name] + 1 for name in names}})
        if more.input_tokens not in thresholds(model):
            with localcontext(EXACT):
                assert round(price_usage(model, more, tier=tier, at=at).usd, 40) >= round(cost.usd, 40), names
