"""The prices of one row of litellm's table as cards of rates by tier, and what is lost of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ...document import Tree
from ..model import STANDARD
from ..units import FALLBACK, Unit
from .card import SourceCard
from .common import ALL_ZERO, PER_TOKEN, Skipped, amount, times, whole
from .litellm_hours import peak_windows
from .litellm_keys import RANK, slot_of

_OPENAI = frozenset({"openai", "azure", "azure_ai"})
"""Providers that call their priority tier `fast` too; their GPT-5 sells it for short requests only."""
_IMAGE_MODES = frozenset({"image_generation", "image_edit"})
"""Modes whose only price of an image, wherever it stands, is that of the answer."""
_UPLIFTS = {
    "eu": "regional_processing_uplift_multiplier_eu",
    "us": "regional_processing_uplift_multiplier_us",
    "regional": "regional_endpoint_uplift_multiplier",
}
_MOST_TIMES = 100
_KINDS = frozenset(x for x in FALLBACK if FALLBACK[x] in (Unit.INPUT, Unit.OUTPUT)) - {
    Unit.CACHE_READ,
    Unit.CACHE_WRITE,
}
"""Kinds of token that most rows bill as text; a row that says so with the rate of text gives them no rate of their own,
which matters in its tiers and its long context."""


def _rated(card: SourceCard) -> bool:
    """Tell whether a token costs more than 0."""
    return any(rate != "0" for rates in (card.rates, *card.long.values()) for rate in rates.values())


def _charged(card: SourceCard) -> bool:
    """Tell whether a fee for the answer itself, not for a search on top of it, is more than 0."""
    return any(fee != "0" for name, fee in card.fees.items() if name != "web_search")


def _add_multiplied(card: SourceCard, other: SourceCard, factor: str) -> None:
    """Add the rates of another card, times a factor."""
    card.rates |= {unit: times(rate, factor) for unit, rate in other.rates.items()}
    card.long |= {n: {unit: times(rate, factor) for unit, rate in step.items()} for n, step in other.long.items()}


def ordered(rates: Mapping[str, str]) -> dict[str, Tree]:
    """Rates in the order of the units."""
    return {unit: rates[unit] for unit in sorted(rates, key=RANK.__getitem__)}


class LitellmRow:
    """One row while it is read: its cards by tier, and where to say what is lost of it."""

    __slots__ = ("cards", "key", "provider", "row", "skipped", "standard")

    def __init__(self, key: str, row: Mapping[str, Any], provider: str, skipped: list[Skipped]) -> None:
        self.key, self.row, self.provider, self.skipped = key, row, provider, skipped
        self.standard = SourceCard()
        self.cards = {STANDARD: self.standard}

    def skip(self, key: str, why: str, *, broken: bool = False) -> None:
        """List what our form cannot say."""
        self.skipped.append(Skipped(model=self.key, key=key, why=why, broken=broken))

    def put(self, target: dict[str, Any], name: str, key: str, value: str) -> None:
        """Set a rate or a fee; where two keys say it, a price stands before a zero, and two prices are a loss."""
        before = target.get(name)
        if before is None or before == "0":
            target[name] = value
        elif value not in (before, "0"):
            self.skip(key, f"another key has a different price of {name}")


def read_prices(row: LitellmRow) -> None:
    """Read every key that is the price of one thing, in the order of the units."""
    standard, cards, said = row.standard, row.cards, row.row
    slots = [(key, slot) for key in said if (slot := slot_of(key))]
    for key, slot in sorted(slots, key=lambda item: RANK.get(item[1].name, 0)):
        value = said[key]
        if value is None:
            continue
        name, tier, above, fee, lost, twin = slot
        if lost:
            if twin not in said:
                row.skip(key, lost)
            continue
        price = amount(value, 1 if fee else PER_TOKEN)
        if price is None:
            row.skip(key, "not a price", broken=True)
            continue
        card = standard if tier is STANDARD else cards.get(tier) or cards.setdefault(tier, SourceCard())
        target = card.fees if fee else card.long.setdefault(above, {}) if above else card.rates
        if name in target:
            row.put(target, name, key, price)
        else:
            target[name] = price


def read_ranges(row: LitellmRow) -> None:
    """Read `tiered_pricing`: whole requests at the rates of the range that their input lies in."""
    steps = row.row.get("tiered_pricing")
    if steps is None:
        return
    starts = [_range_start(step) for step in steps] if isinstance(steps, list) else []
    if not starts or None in starts or starts[0] != 0:
        row.skip("tiered_pricing", "no ranges of input tokens")
        return
    for start, step in zip(starts, steps, strict=True):
        rates = row.standard.long.setdefault(start, {}) if start else row.standard.rates
        for key, value in step.items():
            slot = slot_of(key)
            rate = amount(value, PER_TOKEN)
            if slot and not slot.fee and slot.tier == STANDARD and not slot.above and not slot.lost and rate:
                row.put(rates, slot.name, "tiered_pricing", rate)
            elif slot:
                row.skip(f"tiered_pricing.{key}", slot.lost or "not a rate")


def _range_start(step: Any) -> int | None:
    limits = step.get("range") if isinstance(step, dict) else None
    return whole(limits[0]) if isinstance(limits, list) and len(limits) == 2 else None


def read_web_search(row: LitellmRow) -> None:
    """Read what a web search costs, where that does not depend on how much of what it finds is read."""
    sizes = row.row.get("search_context_cost_per_query")
    if sizes is None:
        return
    found = {amount(price) for price in sizes.values()} if isinstance(sizes, dict) else set()
    price = found.pop() if len(found) == 1 else None
    if price is None:
        why = "a price by the size of the search context" if found else "not a price"
        row.skip("search_context_cost_per_query", why, broken=not found)
        return
    fee = {"price": price}
    per = row.row.get("web_search_billing_unit")
    if per in ("per_query", "per_prompt"):
        fee["per"] = per.removeprefix("per_")
    elif per is not None:
        row.skip("web_search_billing_unit", "unknown unit")
    free = row.row.get("search_free_requests")
    if isinstance(free, dict):
        if whole(free.get("count")) and free.get("period") in ("day", "month"):
            fee["free"] = f"{whole(free['count'])}/{free['period']}"
        else:
            row.skip("search_free_requests", "no number a day or a month")
        if free.get("shared_group"):
            row.skip("search_free_requests.shared_group", "an allowance that several models share")
    row.standard.fees["web_search"] = fee if len(fee) > 1 else price


def read_multipliers(row: LitellmRow) -> dict[str, str]:
    """The regions that cost more; a `fast` multiplier becomes a tier."""
    entry = row.row.get("provider_specific_entry")
    own = entry if isinstance(entry, dict) else {}
    found = {region: ("provider_specific_entry." + region, own[region]) for region in ("us", "eu") if region in own}
    for region, key in _UPLIFTS.items():
        if key in row.row:
            found[region] = (key, row.row[key])
    regions = {}
    for region, (key, value) in found.items():
        factor = amount(value)
        if factor is not None and 0 < Decimal(factor) <= _MOST_TIMES:
            regions[region] = factor
        else:
            row.skip(key, "not a multiplier")
    for name, value in own.items():
        factor = amount(value)
        if factor is not None and name not in found:
            if name == "fast" and factor != "0":
                _add_multiplied(row.cards.setdefault("fast", SourceCard()), row.standard, factor)
            else:
                row.skip(f"provider_specific_entry.{name}", "a number without a place in our form")
    return regions


def read_off_peak(row: LitellmRow) -> None:
    """Make the off-peak rates the base, and litellm's main rates, which are those of the peak, a schedule."""
    rule = row.row.get("off_peak_pricing")
    if rule is None:
        return
    windows = peak_windows(rule) if isinstance(rule, dict) else None
    if windows is None or len(row.cards) > 1 or row.standard.long:
        why = "hours that cannot be read" if windows is None else "hours together with tiers or long context"
        row.skip("off_peak_pricing", why)
        return
    base, peak = dict(row.standard.rates), {}
    for key, value in rule.items():
        slot = slot_of(key)
        if slot is None:
            continue
        rate = amount(value, PER_TOKEN)
        before = None if slot.lost or slot.fee else row.standard.rate(slot.name)
        if rate is None or before is None or slot.above or slot.tier != STANDARD:
            row.skip(f"off_peak_pricing.{key}", slot.lost or "not a rate that has a peak")
            continue
        base[slot.name] = rate
        peak[slot.name] = before
    row.standard.rates = base
    row.standard.schedule = [window | ordered(peak) for window in windows if peak]


def complete(row: LitellmRow) -> None:
    """Add what litellm, or the provider, does without saying so in the row, and drop what the row says twice."""
    standard = row.standard
    for kind in _KINDS & standard.rates.keys():
        if standard.rates[kind] == standard.rates.get(FALLBACK[kind]):
            del standard.rates[kind]
    if row.provider == "fireworks" and "cache_read" not in standard.rates:
        for card in row.cards.values():
            for rates in (card.rates, *card.long.values()):
                if "input" in rates:
                    rates.setdefault("cache_read", times(rates["input"], "0.5"))
    priority = row.cards.get("priority")
    if priority and row.provider in _OPENAI:
        if standard.long and not priority.long and "gpt-5" in row.key:
            priority.max_input = min(standard.long)
        row.cards.setdefault("fast", priority)
    fees = standard.fees
    if str(row.row.get("mode")) in _IMAGE_MODES and "image_in" in fees and "image_out" not in fees:
        fees["image_out"] = fees.pop("image_in")


def prices(row: LitellmRow, bound: str, *, text: bool) -> dict[str, Tree]:
    """The prices of a row; rates that are all 0, which is how litellm writes "unknown", are none.

    They stay beside a fee, but not where the model answers in text: nobody gives its tokens away.
    """
    cards = row.cards.values()
    if not any(map(_rated, cards)):
        charged = any(map(_charged, cards))
        if not charged or text:
            _drop_rates(row)
        if not charged:
            return {}
    tree = row.standard.tree(bound)
    if len(row.cards) > 1:
        tree["tiers"] = {name: card.tree(bound) for name, card in row.cards.items() if name != STANDARD}
    return tree


def _drop_rates(row: LitellmRow) -> None:
    """Drop rates that are all 0, and say so where there are any."""
    cards = row.cards.values()
    if any(card.rates or card.long or (card.fees and not _charged(card)) for card in cards):
        row.skip("prices", f"{ALL_ZERO}: unpriced, as litellm writes 0 for unknown too")
    for card in cards:
        card.rates, card.long, card.schedule = {}, {}, []
