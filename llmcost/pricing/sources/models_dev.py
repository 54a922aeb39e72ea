"""models.dev: the answer of `models.dev/api.json` into our form.

Its rates are in USD per 1M tokens already. The boundary of a length tier is not documented there; it is read as above,
for xAI as from, as the vendors have it. `context_over_200k` repeats the one tier where `tiers` has the exact length.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from ...document import Tree, mapping
from .card import SourceCard
from .common import Entries, Imported, Skip, SourceError, amount, canonical_id, costs_nothing, entry, whole

_PROVIDERS = {
    "alibaba": "qwen",
    "amazon-bedrock": "bedrock",
    "cloudflare-workers-ai": "cloudflare",
    "fireworks-ai": "fireworks",
    "friendli": "friendliai",
    "github-copilot": "github_copilot",
    "google-vertex": "vertex",
    "google-vertex-anthropic": "vertex",
    "moonshotai": "moonshot",
    "novita-ai": "novita",
    "ollama-cloud": "ollama",
    "snowflake-cortex": "snowflake",
    "togetherai": "together",
}
_UNITS = {
    "input": "input",
    "output": "output",
    "cache_read": "cache_read",
    "cache_write": "cache_write",
    "reasoning": "reasoning",
    "input_audio": "audio_input",
    "output_audio": "audio_output",
}
_LENGTHS = ("tiers", "context_over_200k")


def read(data: Any, *, checked: date | None = None) -> Imported:
    """The models of models.dev's answer; `checked` is the day to write beside them.

    Raises SourceError when it is no mapping of providers.
    """
    entries = Entries()
    for provider, source, name, model in _listed(data):
        model_id = canonical_id(_PROVIDERS.get(provider, provider), name)
        if not isinstance(model, dict) or "" in model_id.split("/", 1):
            entries.skip(model_id, "models", "not an entry with an id")
        else:
            entries.add(model_id, "models", partial(_model, model_id, model, source, checked))
    return entries.imported()


def _listed(data: Any) -> Iterator[tuple[str, Any, str, Any]]:
    """Yield (provider, its page, id, entry) of every model."""
    if not isinstance(data, dict):
        raise SourceError("expected a mapping of providers")
    for key, provider in data.items():
        if not isinstance(provider, dict) or not isinstance(provider.get("models"), dict):
            raise SourceError(f'expected {key} to have a mapping of "models"')
        for name, model in provider["models"].items():
            yield key, provider.get("doc"), name, model


def _model(model_id: str, model: Mapping[str, Any], source: Any, checked: date | None, skip: Skip) -> Tree:
    cost = model.get("cost")
    prices = _period(cost, model, model_id, skip) if isinstance(cost, dict) else {}
    if not prices:
        skip("cost", "no price is given")
    free = costs_nothing(prices)
    if free and not model_id.endswith((":free", "-free")):
        skip("cost", "every rate is 0, but it is not called free: a subscription or an unknown price")
        prices, free = {}, False
    if model.get("status") == "deprecated":
        skip("status", "deprecated without a date")
    limit = mapping(model.get("limit"))
    return entry(
        prices,
        checked,
        name=model.get("name"),
        context=limit.get("input", limit.get("context")),
        max_output=limit.get("output"),
        free=free,
        source=source,
    )


def _period(cost: Mapping[str, Any], model: Mapping[str, Any], model_id: str, skip: Skip) -> dict[str, Tree]:
    card = SourceCard(rates=_rates({key: cost[key] for key in cost if key not in (*_LENGTHS, "per_minute")}, skip))
    card.long = _steps(cost, skip)
    if "per_minute" in cost:
        price = amount(cost["per_minute"], 60)
        if price is None:
            skip("per_minute", "not a price in range", broken=True)
        else:
            card.fees["second"] = price
    tree = card.tree("from_tokens" if model_id.startswith("xai/") else "above")
    if tiers := _tiers(model, skip):
        tree["tiers"] = tiers
    return tree


def _rates(cost: Mapping[str, Any], skip: Skip) -> dict[str, str]:
    rates = {}
    for key, value in cost.items():
        price = amount(value)
        if key not in _UNITS:
            skip(key, "no such unit here")
        elif price is None:
            skip(key, "not a price in range", broken=True)
        else:
            rates[_UNITS[key]] = price
    return rates


def _steps(cost: Mapping[str, Any], skip: Skip) -> dict[int, dict[str, str]]:
    """The long-context rates by length."""
    tiers = cost.get("tiers", [])
    if not tiers and "context_over_200k" in cost:
        tiers = [{**mapping(cost["context_over_200k"]), "tier": {"size": 200_000}}]
    steps: dict[int, dict[str, str]] = {}
    for item in tiers if isinstance(tiers, list) else [tiers]:
        tier = mapping(mapping(item).get("tier"))
        size = whole(tier.get("size"))
        if not size or tier.get("type", "context") != "context" or size in steps:
            skip("tiers", "not a length of its own")
            continue
        steps[size] = _rates({key: item[key] for key in item if key != "tier"}, skip)
    return steps


def _tiers(model: Mapping[str, Any], skip: Skip) -> dict[str, Tree]:
    """The modes that have a price as service tiers, by their name and by the tier that they ask for."""
    tiers: dict[str, Tree] = {}
    for mode, found in mapping(mapping(model.get("experimental")).get("modes")).items():
        cost = mapping(found).get("cost")
        if not isinstance(cost, dict):
            continue
        rates = _rates(cost, skip)
        asked = mapping(mapping(found.get("provider")).get("body")).get("service_tier")
        for name in (mode, asked):
            if isinstance(name, str) and name != "standard":
                tiers.setdefault(name, rates)
    return tiers
