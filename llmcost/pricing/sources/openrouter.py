"""OpenRouter: the answer of `openrouter.ai/api/v1/models` into our form, every model as openrouter/VENDOR/MODEL.

Its prices are texts in USD per token; -1 is a price that depends on the request, and 0 beside other prices is one that
is not charged on its own. Overrides by length become long context, those by the clock peak hours; a later one wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any

from ...document import Tree, mapping
from ..hours import MINUTES_PER_DAY, MinuteSpan, read_span, span_text
from .card import SourceCard
from .common import (
    ALL_ZERO,
    PER_TOKEN,
    Entries,
    Imported,
    Skip,
    SourceError,
    amount,
    canonical_id,
    costs_nothing,
    day_of,
    entry,
    other_names,
    whole,
)

_UNITS = {
    "prompt": "input",
    "completion": "output",
    "input_cache_read": "cache_read",
    "input_cache_write": "cache_write",
    "input_cache_write_1h": "cache_write_1h",
    "internal_reasoning": "reasoning",
    "audio": "audio_input",
    "audio_output": "audio_output",
    "input_audio_cache": "audio_cache_read",
    "image_token": "image_input",
}
_FEES = {"request": "request", "web_search": "web_search", "image": "image_in", "image_output": "image_out"}
_TEXT_OF = {"image": "prompt", "image_output": "completion"}
"""The price of text that shows whether a price is that of an image: an image has tokens by the hundred."""
_CONDITIONS = ("min_prompt_tokens", "utc_start", "utc_end")


def read(data: Any, *, checked: date | None = None) -> Imported:
    """The models of OpenRouter's answer; `checked` is the day to write beside them.

    Raises SourceError when it is no list of models.
    """
    listed = data.get("data") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        raise SourceError('expected a mapping with a list of models under "data"')
    entries = Entries()
    for item in listed:
        name = item.get("id") if isinstance(item, dict) else None
        model_id = canonical_id("openrouter", name if isinstance(name, str) else "")
        entries.add(model_id, "data", partial(_model, model_id, item, checked))
    entries.drop_taken_aliases("canonical_slug")
    return entries.imported()


def _model(model_id: str, item: Mapping[str, Any], checked: date | None, skip: Skip) -> Tree:
    pricing = item.get("pricing")
    prices = _card(pricing, skip) if isinstance(pricing, dict) else {}
    if not isinstance(pricing, dict):
        skip("pricing", "no price is given")
    free = costs_nothing(prices)
    if free and not model_id.endswith(":free"):
        skip("pricing", f"{ALL_ZERO}, but it is not a :free model")
        prices, free = {}, False
    names = [x for x in (item["id"], None if ":" in item["id"] else item.get("canonical_slug")) if isinstance(x, str)]
    return entry(
        prices,
        checked,
        name=item.get("name"),
        aliases=other_names(model_id, names),
        context=item.get("context_length"),
        max_output=mapping(item.get("top_provider")).get("max_completion_tokens"),
        shutdown=day_of(item.get("expiration_date")),
        free=free,
        source=f"https://openrouter.ai/{item['id']}",
    )


def _card(pricing: Mapping[str, Any], skip: Skip) -> dict[str, Tree]:
    """The rates of a model; none where they depend on the request."""
    amounts = {key: amount(value, PER_TOKEN) for key, value in pricing.items() if key in _UNITS}
    if any(_is_negative(value) for value in pricing.values()):
        skip("pricing", "it depends on the request (-1)")
        return {}
    card = SourceCard(fees=_fees(pricing, skip))
    for key, price in amounts.items():
        if price is None:
            skip(key, "not a price in range", broken=True)
        elif price != "0" or key in ("prompt", "completion"):
            card.rates[_UNITS[key]] = price
        elif any(value != "0" for value in amounts.values()):
            skip(key, "0 next to other prices: taken as not charged separately")
    for key in [key for key in pricing if key not in (*_UNITS, *_FEES, "overrides")]:
        if key != "discount" or amount(pricing[key]) != "0":
            skip(key, "a discount may be in the prices or not" if key == "discount" else "no such price here")
    _add_overrides(card, pricing.get("overrides") or [], skip)
    return card.tree()


def _is_negative(value: Any) -> bool:
    return isinstance(value, str | int) and str(value).startswith("-")


def _fees(pricing: Mapping[str, Any], skip: Skip) -> dict[str, Tree]:
    """What is charged for one of something; a price of an image that is that of a token is left out."""
    fees: dict[str, Tree] = {}
    for key in [key for key in _FEES if key in pricing]:
        price = amount(pricing[key])
        text = amount(pricing.get(_TEXT_OF.get(key, ""))) or "0"
        if price is None:
            skip(key, "not a price in range", broken=True)
        elif Decimal(price) and Decimal(price) < 100 * Decimal(text):
            skip(key, "documented as for one image, but less than 100 tokens of text cost")
        elif price != "0":
            fees[_FEES[key]] = price
    return fees


def _add_overrides(card: SourceCard, listed: Any, skip: Skip) -> None:
    """Add the long-context rates and the peak hours that the overrides are."""
    steps = card.long
    hours: list[tuple[MinuteSpan, dict[str, str]]] = []
    for item in listed if isinstance(listed, list) else [listed]:
        found = mapping(item)
        above, start, end = (whole(found.get(key)) for key in _CONDITIONS)
        rates = _rates(found, skip)
        known = [key for key in _CONDITIONS if key in found]
        if known == ["min_prompt_tokens"] and above is not None:
            for threshold in [x for x in steps if x > above]:
                steps[threshold] = {unit: rate for unit, rate in steps[threshold].items() if unit not in rates}
            steps[above] = {**steps.get(above, {}), **rates}
        elif known == ["utc_start", "utc_end"] and (span := _span(start, end)):
            hours.append((span, rates))
        else:
            skip("overrides", "neither by length alone nor by the clock alone")
    if hours and steps:
        skip("overrides", "both by the clock and by length")
        hours = []
    card.schedule = _windows(hours)


def _rates(override: Mapping[str, Any], skip: Skip) -> dict[str, str]:
    rates = {}
    for key in [key for key in override if key not in _CONDITIONS]:
        price = amount(override[key], PER_TOKEN) if key in _UNITS else None
        if price is None:
            skip("overrides", f"{key} is not a price in range", broken=True)
        else:
            rates[_UNITS[key]] = price
    return rates


def _span(start: int | None, end: int | None) -> MinuteSpan | None:
    """The hours between two clock numbers (1030 is half past ten); None where they are none."""
    if start is None or end is None or start == end:
        return None
    return read_span("-".join(f"{hhmm // 100:02}:{hhmm % 100:02}" for hhmm in (start % 2400, end)))


def _windows(hours: Sequence[tuple[MinuteSpan, dict[str, str]]]) -> list[dict[str, Tree]]:
    """The parts of a day in which the same overrides hold, those with the same rates together."""
    borders = sorted({0, MINUTES_PER_DAY, *(minute for span, _ in hours for minute in span)})
    found: list[tuple[dict[str, str], list[str]]] = []
    for start, end in pairwise(borders):
        rates: dict[str, str] = {}
        for (opens, closes), override in hours:
            inside = opens <= start < closes if opens < closes else start >= opens or start < closes
            rates.update(override if inside else {})
        same = next((spans for known, spans in found if known == rates), None)
        if same is None:
            found.append((rates, same := []))
        same.append(span_text((start, end)))
    return [{"utc": spans, **rates} for rates, spans in found if rates]
