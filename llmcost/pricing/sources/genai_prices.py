"""Pydantic's genai-prices: `data.json` of github.com/pydantic/genai-prices into our form.

Its rates are in USD per 1M tokens already. A list of prices is read as it reads it: the last one that is active wins.
So days become dated prices and hours become peak hours; a price by the hour has no day there, so its hours hold in
every period that starts before it in the list. A price variant becomes a service tier, or a region where it is one
multiple of the standard rates. Of the clauses by which it matches ids only exact ones become aliases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from ...document import Tree, listing
from .common import Entries, Imported, Skip, SourceError, canonical_id, costs_nothing, entry, other_names
from .genai_cards import dated_prices

_PROVIDERS = {
    "aws": "bedrock",
    "github-copilot": "github_copilot",
    "moonshotai": "moonshot",
    "voyageai": "voyage",
    "x-ai": "xai",
}


def read(data: Any, *, checked: date | None = None) -> Imported:
    """The models of genai-prices' `data.json`; `checked` is the day to write beside them.

    Raises SourceError when it is not that file.
    """
    entries = Entries()
    for provider in _providers(data):
        for model in provider["models"]:
            name = model.get("id") if isinstance(model, dict) else None
            model_id = _model_id(str(provider["id"]), name if isinstance(name, str) else "")
            entries.add(model_id, "models", partial(_model, model_id, provider, model, checked))
    entries.drop_taken_aliases("match")
    entries.drop_names_of_vendors("match")
    return entries.imported()


def _providers(data: Any) -> list[Any]:
    found = data.get("providers") if isinstance(data, dict) else data
    if not isinstance(found, list):
        raise SourceError('expected a list of providers, or a mapping with "providers"')
    for provider in found:
        if not isinstance(provider, dict) or "id" not in provider or not isinstance(provider.get("models"), list):
            raise SourceError('expected every provider to have an "id" and a list of "models"')
    return found


def _model_id(provider: str, name: str) -> str:
    """Our id; what is called google there sells Vertex's models too."""
    vertex = provider == "google" and (name.lower().startswith("claude") or name.lower().endswith("-maas"))
    return canonical_id("vertex" if vertex else _PROVIDERS.get(provider, provider), name)


def _model(
    model_id: str, provider: Mapping[str, Any], model: Mapping[str, Any], checked: date | None, skip: Skip
) -> Tree:
    prices, regions = dated_prices(model, skip)
    if model.get("prices") == {} and model_id.endswith(":free"):
        prices = [{"input": "0", "output": "0"}]
    if not any(prices):
        skip("prices", "no price is given")
    if model.get("deprecated"):
        skip("deprecated", "it has no date")
    urls = listing(provider.get("pricing_urls"))
    return entry(
        prices if prices[1:] else prices[0],
        checked,
        name=model.get("name"),
        aliases=other_names(model_id, _exact_ids(model)),
        mode=_mode(model_id, prices),
        context=model.get("context_window"),
        regions=regions,
        free=costs_nothing(*prices),
        source=urls[0] if urls else None,
    )


def _mode(model_id: str, prices: list[dict[str, Tree]]) -> str | None:
    """What an entry is for where its price says that it is no chat: it has none for output."""
    if any("output" in period for period in prices):
        return None
    if any("input" in period for period in prices):
        embeds = "embed" in model_id or model_id.startswith("voyage/")
        return "rerank" if "rerank" in model_id else "embedding" if embeds else None
    fees = {fee for period in prices for fee in period.get("fees", {})}
    return "audio" if "second" in fees else "ocr" if "page" in fees else None


def _exact_ids(model: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ids that a model has letter by letter: its own, and those of `equals` clauses, alone or under `or`."""
    yield model["id"]
    clauses: list[Any] = [model.get("match")]
    while clauses:
        clause = clauses.pop(0)
        if isinstance(clause, dict):
            clauses += listing(clause.get("or"))
            if isinstance(clause.get("equals"), str):
                yield clause["equals"]
