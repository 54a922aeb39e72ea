"""The prices of one entry of genai-prices into dated prices of ours: cards, peak hours, tiers, regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from ...document import Tree, mapping
from ...lazy import dataclass
from ..exact import digits
from .card import SourceCard
from .common import Skip, amount, day_of, divided, whole

_UNITS = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "cache_write_5m_mtok": "cache_write",
    "cache_write_1h_mtok": "cache_write_1h",
    "output_reasoning_mtok": "reasoning",
    "input_audio_mtok": "audio_input",
    "output_audio_mtok": "audio_output",
    "cache_audio_read_mtok": "audio_cache_read",
    "input_image_mtok": "image_input",
    "output_image_mtok": "image_output",
    "cache_image_read_mtok": "image_cache_read",
    "input_video_mtok": "video_input",
    "output_video_mtok": "video_output",
}
_FEES = {
    "requests_kcount": ("request", 1000),
    "web_searches_kcount": ("web_search", 1000),
    "storage_searches_kcount": ("file_search", 1000),
    "rerank_searches_kcount": ("query", 1000),
    "input_document_kpages": ("page", 1000),
    "input_mchars": ("char_in", 1_000_000),
    "audio_hours": ("second", 3600),
    "input_audio_hours": ("second", 3600),
}
_VARIANTS = {"processing": "tiers", "service_tier": "tiers", "speed": "tiers", "route": "regions"}
_STANDARD = ("default", "standard")
"""What a variant calls no tier at all."""


@dataclass(frozen=True, slots=True)
class _Conditional:
    """A set of prices with its condition: from a day, or at some hours (`HH:MM-HH:MM`) of every day."""

    prices: Mapping[str, Any]
    start: date | None = None
    hours: str | None = None

    def begun(self, day: date | None) -> bool:
        """Tell whether it holds on a day; None is the time before every day that is named."""
        return self.start is None or (day is not None and self.start <= day)


class _Variant(NamedTuple):
    """Prices on a request's own terms: a service tier or a region, by its name."""

    kind: str
    name: str
    row: _Conditional


def dated_prices(model: Mapping[str, Any], skip: Skip) -> tuple[list[dict[str, Tree]], dict[str, str]]:
    """The dated prices of a model, and the regions that multiply them."""
    listed = model.get("prices")
    rows = list(_rows(listed if isinstance(listed, list) else [{"prices": listed}], skip)) or [_Conditional({})]
    variants = list(_variants(model.get("price_variants") or [], skip))
    starts = {row.start for row in (*rows, *(row for _, _, row in variants)) if row.start}
    days = (None, *sorted(starts))
    periods: list[dict[str, Tree]] = []
    last = None
    for day in days:
        period = _period(rows, variants, day, skip)
        if period != last:
            periods.append({"from": day.isoformat(), **period} if day and periods else period)
        last = period
    return periods, _regions(rows, variants, days, skip)


def _rows(listed: list[Any], skip: Skip) -> Iterator[_Conditional]:
    for item in listed:
        prices, constraint = mapping(item).get("prices"), mapping(item).get("constraint")
        rule = mapping(constraint)
        if not isinstance(prices, dict):
            skip("prices", "not a mapping of prices")
        elif not constraint:
            yield _Conditional(prices)
        elif day := day_of(rule.get("start_date")):
            yield _Conditional(prices, start=date.fromisoformat(day))
        elif "start_date" not in rule and (hours := _hours(rule.get("start_time"), rule.get("end_time"))):
            yield _Conditional(prices, hours=hours)
        else:
            skip("constraint", "neither a day nor some whole minutes of the day")


def _hours(*ends: Any) -> str | None:
    """Two times of day as HH:MM-HH:MM in UTC; None where they are none, have seconds or enclose nothing."""
    start, end = map(_minute, ends)
    return f"{start}-{end}" if start and end and start != end else None


def _minute(text: Any) -> str | None:
    try:
        moment = datetime.fromisoformat(f"2000-01-02T{text}" if isinstance(text, str) else "")
    except ValueError:
        return None
    moment = moment.astimezone(UTC) if moment.tzinfo else moment
    return f"{moment:%H:%M}" if not moment.second else None


def _variants(listed: Any, skip: Skip) -> Iterator[_Variant]:
    """Yield the price variants that are a service tier or a region."""
    for item in listed if isinstance(listed, list) else [listed]:
        when = mapping(mapping(item).get("when"))
        key, value = next(iter(when.items())) if len(when) == 1 else ("", "")
        named = key in _VARIANTS and isinstance(value, str) and value not in _STANDARD
        for row in _rows([item], skip):
            if named and not row.hours:
                name = value.rpartition("/")[2] if key == "route" else value
                yield _Variant(_VARIANTS[key], name, row)
            elif row.prices:
                skip(f"price_variants.{key}", "not one service tier or region at all hours")


def _in_force(variants: Sequence[_Variant], kind: str, day: date | None) -> dict[str, dict[str, Any]]:
    """The prices of every variant of a kind on a day, by name; the first that sets a key wins."""
    found: dict[str, dict[str, Any]] = {}
    for sort, name, row in variants:
        if sort == kind and row.begun(day):
            found[name] = {**row.prices, **found.get(name, {})}
    return found


def _base(rows: Sequence[_Conditional], day: date | None) -> int:
    """Which row holds at all hours of a day: the last that has begun, else the first."""
    return max((i for i, row in enumerate(rows) if not row.hours and row.begun(day)), default=0)


def _period(
    rows: Sequence[_Conditional], variants: Sequence[_Variant], day: date | None, skip: Skip
) -> dict[str, Tree]:
    base = _base(rows, day)
    card = _card(rows[base].prices, skip)
    windows = _windows(card, [row for row in rows[base + 1 :] if row.hours], skip)
    card.schedule = windows
    tiers = {}
    for name, prices in _in_force(variants, "tiers", day).items():
        tier = _card(prices, skip, {**rows[base].prices, **prices})
        if any(unit in window for window in windows for unit in tier.rates):
            tier.schedule = [{"utc": window["utc"], **tier.rates} for window in windows]
            if tier.long:
                skip("schedule", "long-context rates of a tier in peak hours")
        tiers[name] = tier.tree()
    return {**card.tree(), "tiers": tiers} if tiers else card.tree()


def _windows(card: SourceCard, rows: Sequence[_Conditional], skip: Skip) -> list[dict[str, Tree]]:
    """Peak hours, those that win first; each with a rate for all that the card has one for."""
    windows: list[dict[str, Tree]] = []
    for row in reversed(rows):
        peak = _card(row.prices, skip)
        rates = {**{unit: rate for unit in card.rates if (rate := peak.rate(unit))}, **peak.rates}
        if peak.long:
            skip("schedule", "long-context rates in peak hours")
        if peak.fees != card.fees:
            skip("schedule", "fees that differ in peak hours")
        if windows and windows[-1] == {"utc": windows[-1]["utc"], **rates}:
            windows[-1]["utc"].insert(0, row.hours)
        else:
            windows.append({"utc": [row.hours], **rates})
    return windows


def _regions(
    rows: Sequence[_Conditional], variants: Sequence[_Variant], days: Sequence[date | None], skip: Skip
) -> dict[str, str]:
    """The variants that are the same multiple of every rate in every period."""
    found = {}
    for name in dict.fromkeys(name for kind, name, _ in variants if kind == "regions"):
        pairs = [(rows[_base(rows, day)].prices, _in_force(variants, "regions", day).get(name, {})) for day in days]
        ratios = {_ratio(_card(one, skip), _card(other, skip)) for one, other in pairs}
        ratio = ratios.pop()
        if ratio is None or ratios or any(row.hours for row in rows):
            skip("price_variants.route", "not one multiple of the standard rates")
        else:
            found[name] = ratio
    return found


def _ratio(standard: SourceCard, other: SourceCard) -> str | None:
    """The one multiple that a card's rates are of another's, or None."""
    cards = [{(0, unit): rate for unit, rate in card.rates.items()} for card in (standard, other)]
    for flat, card in zip(cards, (standard, other), strict=True):
        flat.update({(above, unit): rate for above, rates in card.long.items() for unit, rate in rates.items()})
    one, two = cards
    if one.keys() != two.keys() or other.fees or not all(map(Decimal, one.values())):
        return None
    ratios = {divided(Decimal(two[key]), Decimal(one[key])) for key in one}
    return digits(ratios.pop()) if len(ratios) == 1 and 0 < min(ratios) <= 100 else None


def _card(prices: Mapping[str, Any], skip: Skip, whole: Mapping[str, Any] | None = None) -> SourceCard:
    """Prices as a card; `whole` has those that hold beside them too."""
    card = SourceCard()
    for key, value in _with_cached(prices, prices if whole is None else whole).items():
        if key not in _UNITS and key not in _FEES:
            skip(key, "no such unit here")
        if value is None or key not in (*_UNITS, *_FEES):
            continue
        name, per = _FEES.get(key, (_UNITS.get(key, ""), 1))
        tiered = isinstance(value, dict) and key in _UNITS
        price = amount(value.get("base") if tiered else value, per)
        into = card.rates if key in _UNITS else card.fees
        if price is None:
            skip(key, "not a price in range", broken=True)
        elif into.setdefault(name, price) != price:
            skip(key, f"another price of {name} is there")
        elif tiered:
            _add_steps(card, name, value.get("tiers"), key, skip)
    return card


def _with_cached(prices: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """Prices with that of uncached audio or images for cached ones too, where nothing cached has a price."""
    if "cache_read_mtok" in whole:
        return dict(prices)
    pairs = {f"cache_{kind}_read_mtok": f"input_{kind}_mtok" for kind in ("audio", "image")}
    return {**prices, **{own: prices[key] for own, key in pairs.items() if key in prices and own not in whole}}


def _add_steps(card: SourceCard, unit: str, steps: Any, key: str, skip: Skip) -> None:
    for step in steps if isinstance(steps, list) else [None]:
        start, price = whole(mapping(step).get("start")), amount(mapping(step).get("price"))
        if price is None or start is None:
            skip(key, "a tier without a start and a price")
        else:
            card.long.setdefault(start, {})[unit] = price
