"""The file of model-prices (`prices` by provider, model and tier, each a list of dated rates) as a price table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from llmcost.document import Tree, listing, mapping
from llmcost.pricing.exact import digits
from llmcost.pricing.sources.common import Entries, Imported, SourceError, canonical_id, costs_nothing, entry

PROVIDERS = {
    "alibaba": "qwen",
    "amazon-bedrock": "bedrock",
    "moonshotai": "moonshot",
    "nova": "amazon_nova",
    "stepfun-ai": "stepfun",
    "tencent-tokenhub": "tencent",
}
RATES = ("input", "output", "cache_read", "cache_write")
INCLUSIVE = frozenset({"xai"})


def read(data: Any, *, checked: date | None = None) -> Imported:
    """The models of the file with the rates that are in force at its end; peak hours, which stand apart, are left out.

    Raises SourceError when the data is not such a file.
    """
    providers = mapping(data).get("prices")
    if not isinstance(providers, dict):
        raise SourceError("expected prices by provider")
    entries = Entries()
    for name, models in providers.items():
        provider = PROVIDERS.get(name) or str(name)
        for model, tiers in mapping(models).items():
            model_id = canonical_id(provider, model)
            prices = _prices(provider, tiers)
            entries.add(model_id, model, lambda _, p=prices: entry(p, checked, free=costs_nothing(p)))  # type: ignore[misc]
    return entries.imported()


def _prices(provider: str, tiers: dict[str, Any]) -> Tree:
    cards = {name: card for name, dated in tiers.items() if (card := _card(provider, dated))}
    standard = cards.pop("standard", {})
    thinking = cards.pop("thinking", None)
    if thinking and thinking.get("output") != standard.get("output"):
        standard["reasoning"] = thinking["output"]
    return {**standard, **({"tiers": cards} if cards else {})}


def _card(provider: str, dated: Any) -> Tree:
    """The rates of the last entry; a tier that is no longer sold has none."""
    rates = next((x.get("rates") for x in reversed(listing(dated))), None)
    if not rates:
        return {}
    hours = rates.get("cache_write_1h_multiple")
    card = _rates(rates, hours)
    bound = "from_tokens" if provider in INCLUSIVE else "above"
    steps = [{bound: str(step["above"]), **_rates(step, hours)} for step in listing(rates.get("tiers"))]
    return {**card, **({"long_context": steps} if steps else {})}


def _rates(rates: dict[str, Any], multiple: Any) -> Tree:
    """The rates as texts; a multiple for 1 hour of 2.5 is that for 12 hours, and no rate here."""
    found = {name: _text(rates[name]) for name in RATES if rates.get(name) is not None}
    if multiple is not None and Decimal(str(multiple)) == 2 and "cache_write" in found:
        found["cache_write_1h"] = digits(Decimal(found["input"]) * 2)
    return found


def _text(value: Any) -> str:
    return digits(round(Decimal(str(value)), 9).normalize())
