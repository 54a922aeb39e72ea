"""OpenRouter: the answer of `openrouter.ai/api/v1/models` into our form, every model as openrouter/VENDOR/MODEL.

Its prices are texts in USD per token; -1 is a price that depends on the request, and 0 beside other prices is one that
is not charged on its own. Overrides by length become long context, those by the clock peak hours; a later one wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from ...document import Tree
from ..hours import MINUTES_PER_DAY
from .common import Imported, Skipped, SourceError
from .entries import (
    Skip,
    amount,
    canonical_id,
    costs_nothing,
    drop_taken_aliases,
    is_day,
    mapping,
    other_names,
    skipper,
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
_PER_TOKEN = Decimal("0.000001")


def read(data: Any, *, checked: date | None = None) -> Imported:
    """Return the models of OpenRouter's answer; `checked` is the day to write beside them.

    Raises SourceError when it is no list of models.
    """
    listed = data.get("data") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        raise SourceError('OpenRouter: expected a mapping with a list of models under "data"')
    models: dict[str, Tree] = {}
    skipped: list[Skipped] = []
    for item in listed:
        name = item.get("id") if isinstance(item, dict) else None
        model_id = canonical_id("openrouter", name if isinstance(name, str) else "")
        skip = skipper(skipped, model_id)
        if model_id.endswith("/"):
            skip("data", "an entry without an id")
        elif model_id in models:
            skip("id", "another entry has this id")
        else:
            models[model_id] = _model(model_id, item, checked, skip)
    if not models:
        raise SourceError("OpenRouter: no models in it")
    drop_taken_aliases(models, skipped, "canonical_slug")
    return Imported(models=models, skipped=tuple(dict.fromkeys(skipped)))


def _model(model_id: str, item: Mapping[str, Any], checked: date | None, skip: Skip) -> Tree:
    pricing = item.get("pricing")
    prices = _card(pricing, skip) if isinstance(pricing, dict) else {}
    if not isinstance(pricing, dict):
        skip("pricing", "no price is given")
    free = costs_nothing(prices)
    if free and not model_id.endswith(":free"):
        skip("pricing", "every price is 0, but it is no :free model")
        prices, free = {}, False
    longest = mapping(item.get("top_provider")).get("max_completion_tokens")
    limits = {"context": item.get("context_length"), "max_output": longest}
    name, shutdown = item.get("name"), item.get("expiration_date")
    names = [x for x in (item["id"], None if ":" in item["id"] else item.get("canonical_slug")) if isinstance(x, str)]
    tree = {
        "name": name if isinstance(name, str) and name.strip() else None,
        "aliases": other_names(model_id, names),
        **{key: str(value) for key, value in limits.items() if isinstance(value, int) and value > 0},
        "shutdown": shutdown if is_day(shutdown) else None,
        "free": "true" if free else None,
        "source": f"https://openrouter.ai/{item['id']}",
        "checked": checked.isoformat() if checked else None,
    }
    return {**{key: value for key, value in tree.items() if value}, "prices": prices}


def _card(pricing: Mapping[str, Any], skip: Skip) -> dict[str, Tree]:
    """Return the rates of a model; none where they depend on the request."""
    amounts = {key: amount(value, _PER_TOKEN) for key, value in pricing.items() if key in _UNITS}
    if any(_is_negative(value) for value in pricing.values()):
        skip("pricing", "it depends on the request (-1)")
        return {}
    tree: dict[str, Tree] = {}
    for key, price in amounts.items():
        if price is None:
            skip(key, "not a price in range")
        elif price != "0" or key in ("prompt", "completion"):
            tree[_UNITS[key]] = price
        elif any(value != "0" for value in amounts.values()):
            skip(key, "0 beside other prices: taken as not charged on its own")
    fees = _fees(pricing, skip)
    if fees:
        tree["fees"] = fees
    for key in pricing.keys() - {*_UNITS, *_FEES, "overrides"}:
        if key != "discount" or amount(pricing[key]) != "0":
            skip(key, "a discount may be in the prices or not" if key == "discount" else "no such price here")
    tree.update(_overrides(pricing.get("overrides") or [], skip))
    return tree


def _is_negative(value: Any) -> bool:
    return isinstance(value, str | int) and str(value).startswith("-")


def _fees(pricing: Mapping[str, Any], skip: Skip) -> dict[str, str]:
    """Return what is charged for one of something; a price of an image that is that of a token is left out."""
    fees = {}
    for key in [key for key in _FEES if key in pricing]:
        price = amount(pricing[key])
        text = amount(pricing.get(_TEXT_OF.get(key, ""))) or "0"
        if price is None:
            skip(key, "not a price in range")
        elif Decimal(price) and Decimal(price) < 100 * Decimal(text):
            skip(key, "documented as for one image, but less than 100 tokens of text cost")
        elif price != "0":
            fees[_FEES[key]] = price
    return fees


def _overrides(listed: Any, skip: Skip) -> dict[str, Tree]:
    """Return the long-context rates and the peak hours that the overrides are."""
    steps: dict[int, dict[str, str]] = {}
    hours: list[tuple[int, int, dict[str, str]]] = []
    for item in listed if isinstance(listed, list) else [listed]:
        found = mapping(item)
        above, start, end = (_count(found.get(key)) for key in _CONDITIONS)
        rates = _rates(found, skip)
        known = [key for key in _CONDITIONS if key in found]
        if known == ["min_prompt_tokens"] and above is not None:
            for threshold in [x for x in steps if x > above]:
                steps[threshold] = {unit: rate for unit, rate in steps[threshold].items() if unit not in rates}
            steps[above] = {**steps.get(above, {}), **rates}
        elif known == ["utc_start", "utc_end"] and _is_clock(start) and _is_clock(end) and start != end:
            hours.append((_minute(start), _minute(end), rates))
        else:
            skip("overrides", "neither by length alone nor by the clock alone")
    if hours and steps:
        skip("overrides", "by the clock beside by length")
        hours = []
    tree: dict[str, Tree] = {}
    if any(steps.values()):
        tree["long_context"] = [{**_threshold(above), **steps[above]} for above in sorted(steps) if steps[above]]
    if windows := _windows(hours):
        tree["schedule"] = windows
    return tree


def _rates(override: Mapping[str, Any], skip: Skip) -> dict[str, str]:
    rates = {}
    for key in [key for key in override if key not in _CONDITIONS]:
        price = amount(override[key], _PER_TOKEN) if key in _UNITS else None
        if price is None:
            skip("overrides", f"{key} is not a price in range")
        else:
            rates[_UNITS[key]] = price
    return rates


def _threshold(above: int) -> dict[str, str]:
    return {"above": str(above)} if above else {"from_tokens": "1"}


def _count(value: Any) -> int | None:
    """Return a whole number, which JSON may have as a fraction."""
    found = amount(value)
    return int(found) if found is not None and found.isdecimal() else None


def _is_clock(hhmm: int | None) -> bool:
    return hhmm is not None and hhmm <= 2400 and hhmm % 100 < 60


def _minute(hhmm: int | None) -> int:
    """Return the minute of the day of a clock number: 1030 is half past ten."""
    return (hhmm or 0) // 100 * 60 + (hhmm or 0) % 100


def _windows(hours: Sequence[tuple[int, int, dict[str, str]]]) -> list[dict[str, Tree]]:
    """Return the parts of a day in which the same overrides hold, those with the same rates together."""
    borders = sorted({0, MINUTES_PER_DAY, *(minute for start, end, _ in hours for minute in (start, end))})
    found: list[tuple[dict[str, str], list[str]]] = []
    for start, end in pairwise(borders):
        rates: dict[str, str] = {}
        for opens, closes, override in hours:
            inside = opens <= start < closes if opens < closes else start >= opens or start < closes
            rates.update(override if inside else {})
        same = next((spans for known, spans in found if known == rates), None)
        if same is None:
            found.append((rates, same := []))
        same.append(f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}")
    return [{"utc": spans, **rates} for rates, spans in found if rates]
