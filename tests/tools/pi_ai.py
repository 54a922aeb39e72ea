"""The models of pi-ai (by provider, API and id; models.dev, vendors' own lists and OpenRouter) as a price table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from llmcost.document import Tree, listing, mapping
from llmcost.pricing.exact import digits
from llmcost.pricing.sources.common import Entries, Imported, SourceError, canonical_id, entry

PROVIDERS = {"amazon-bedrock": "bedrock", "google-vertex": "vertex", "moonshotai": "moonshot"}
RATES = {"input": "input", "output": "output", "cacheRead": "cache_read", "cacheWrite": "cache_write"}
INCLUSIVE = frozenset({"xai"})


def read(data: Any, *, checked: date | None = None) -> Imported:
    """The chat models of the file; its 0 means "unknown" for cached rates, and a model whose rates are all 0 is left out.

    Raises SourceError when the data is not such a file.
    """
    if not isinstance(data, dict):
        raise SourceError("expected providers")
    entries = Entries()
    for name, interfaces in data.items():
        provider = PROVIDERS.get(name) or str(name)
        for models in mapping(interfaces).values():
            for key, model in mapping(models).items():
                if key.startswith("chat:") and (cost := _card(model["cost"], provider)):
                    model_id = canonical_id(provider, model["id"].removeprefix("accounts/fireworks/models/"))
                    facts = {"name": model["name"], "context": model.get("contextWindow")}
                    facts["max_output"] = model.get("maxTokens")
                    entries.add(model_id, key, lambda _, c=cost, f=facts: entry(c, checked, **f))  # type: ignore[misc]
    return entries.imported()


def _card(cost: dict[str, Any], provider: str) -> Tree:
    card = _rates(cost)
    bound = "from_tokens" if provider in INCLUSIVE else "above"
    steps = [{bound: str(step["inputTokensAbove"]), **_rates(step)} for step in listing(cost.get("tiers"))]
    return {**card, **({"long_context": steps} if steps and card else {})}


def _rates(cost: dict[str, Any]) -> Tree:
    found = {ours: Decimal(str(cost[theirs])) for theirs, ours in RATES.items() if theirs in cost}
    return {name: digits(round(rate, 9).normalize()) for name, rate in found.items() if rate > 0}
