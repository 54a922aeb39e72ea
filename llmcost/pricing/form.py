"""The form of one model in a price table: its keys, their bounds, their words, and what is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ..document import Faults, Path, Tree, kind_of
from ..form import COUNT, DAY, FLAG, TEXT, Choice, Form, bounded, either, listed, named, numeric, one_of, record
from ..lazy import pattern
from .caching import DURATION, CachingKind, CachingRule, duration_text, given, read_duration
from .capabilities import CAN, Capabilities, Reasoning
from .exact import digits
from .hours import Hours, read_span, span_text
from .key import Threshold
from .model import STANDARD, Card, Fee, LongStep, Period, Rates, Window
from .units import FALLBACK, MAX_RATE, Unit

MODES = (
    "chat",
    "completion",
    "responses",
    "embedding",
    "rerank",
    "moderation",
    "classifier",
    "image",
    "audio",
    "video",
    "ocr",
    "search",
)
FEES = (
    "request",
    "web_search",
    "file_search",
    "image_in",
    "image_out",
    "second",
    "page",
    "query",
    "char_in",
    "session",
    "cache_storage",
)
"""What is billed in USD for one; `cache_storage` for 1M tokens kept for one hour in a cache that a request made."""
FEES_PER = ("prompt", "query")

_HOURS = r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
_FREE = pattern(r"[0-9]+/(day|month)")

_RATE = (
    bounded(
        0,
        MAX_RATE,
        "a rate cannot be negative, found {}",
        f"{{}} is above ${MAX_RATE:,} per 1M tokens: is the rate in USD per 1M tokens?",
    )
    .dumped(digits)
    .shared("rate")
)
_RATES: Mapping[str, Form[Decimal]] = {
    unit.value: _RATE.says(f"USD per 1M tokens; missing: {FALLBACK[unit]}" if unit in FALLBACK else "USD per 1M tokens")
    for unit in Unit
}
_UNITS = tuple(Unit)  # to go through an Enum takes 7% of the time of a table
_MULTIPLIER = bounded(0, 100, "expected a multiplier above 0 and at most 100, found {}", over=True).dumped(digits)


def _rates(found: Mapping[str, Any]) -> Rates:
    return {unit: found[unit] for unit in _UNITS if unit in found}


def _named_rates(rates: Rates) -> dict[str, Decimal]:
    return {unit.value: rate for unit, rate in rates.items()}


def _step(found: dict[str, Any], _path: Path, _faults: Faults) -> LongStep | None:
    key = next((key for key in _THRESHOLDS if key in found), None)
    if key is None:
        return None
    return LongStep(step=Threshold(found[key], inclusive=key == "from_tokens"), rates=_rates(found))


_THRESHOLDS = ("above", "from_tokens")
_STEP = record(
    {"above": COUNT, "from_tokens": COUNT, **_RATES},
    choice=Choice('a long-context step needs either "above" or "from_tokens"', _THRESHOLDS),
).then(_step, lambda x: {_THRESHOLDS[x.step.inclusive]: x.step.tokens, **_named_rates(x.rates)})


def _span(tree: Tree, path: Path, faults: Faults) -> tuple[int, int] | None:
    span = read_span(tree) if isinstance(tree, str) else None
    if span is None:
        faults.add(path, f'expected hours like "01:00-04:00", found {kind_of(tree)}')
    return span


def _weekday(tree: Tree, path: Path, faults: Faults) -> int | None:
    if tree in ("1", "2", "3", "4", "5", "6", "7"):
        return int(tree)
    faults.add(path, f"expected a weekday from 1 (Monday) to 7, found {kind_of(tree)}")
    return None


_DAYS = listed(Form(_weekday, numeric("[1-7]", whole=True, minimum=1, maximum=7)))
_SPANS = listed(Form(_span, {"type": "string", "pattern": _HOURS}, span_text))
_WINDOW = record({"days": _DAYS, "utc": _SPANS, **_RATES}, required=("utc",)).made(
    lambda found: Window(
        hours=Hours(frozenset(found.get("days", range(1, 8))), found["utc"]), card=Card(rates=_rates(found))
    ),
    lambda x: {"days": sorted(x.hours.days), "utc": x.hours.spans, **_named_rates(x.card.rates)},
)


def _free(tree: Tree, path: Path, faults: Faults) -> str | None:
    if isinstance(tree, str) and _FREE.fullmatch(tree):
        return tree
    faults.add(path, f"expected an allowance like 10000/day or 5000/month, found {kind_of(tree)}")
    return None


_ALLOWANCE = Form(_free, {"type": "string", "pattern": f"^{_FREE.pattern}$"})
_FEE_WITH_TERMS = record({"price": _RATE, "per": one_of(*FEES_PER), "free": _ALLOWANCE}, required=("price",)).made(
    lambda found: Fee(usd=found.pop("price"), **found), lambda fee: {"price": fee.usd, "per": fee.per, "free": fee.free}
)
_FEE: Form[Fee] = (
    either(dict, _FEE_WITH_TERMS, _RATE.made(lambda usd: Fee(usd=usd)))
    .dumped(lambda fee: _FEE_WITH_TERMS.dump(fee) if fee.per or fee.free else digits(fee.usd))
    .shared("fee")
)
_CARD: Mapping[str, Form[Any]] = {
    **_RATES,
    "long_context": listed(_STEP),
    "schedule": listed(_WINDOW),
    "fees": record(dict.fromkeys(FEES, _FEE)),
}


def _card(found: Mapping[str, Any]) -> Card:
    return Card(
        rates=_rates(found),
        long_context=found.get("long_context", ()),
        schedule=found.get("schedule", ()),
        fees=found.get("fees", {}),
        max_input=found.get("max_input"),
        regions=found.get("regions"),
    )


def _card_keys(card: Card) -> dict[str, Any]:
    return {
        **_named_rates(card.rates),
        "long_context": card.long_context or None,
        "schedule": card.schedule or None,
        "fees": card.fees or None,
        "max_input": card.max_input,
        "regions": card.regions,
    }


def _not_standard(tree: Tree, path: Path, faults: Faults) -> Tree:
    if tree == STANDARD:
        faults.add(path, "standard rates go outside of tiers")
    return tree


_TIER = (
    record(
        {
            **_CARD,
            "max_input": COUNT.says("Largest total input of the tier, in tokens."),
            "regions": listed(TEXT).says("Regions where the tier is sold."),
        }
    )
    .made(_card, _card_keys)
    .shared("card")
)
_TIERS = named(_TIER, name=Form(_not_standard, {"not": {"const": STANDARD}}))


def _period(found: dict[str, Any], path: Path, faults: Faults) -> Period:
    period = Period(start=found.get("from"), standard=_card(found), tiers=found.get("tiers", {}))
    peak = {unit for window in period.standard.schedule for unit in window.card.rates}
    for name, card in period.tiers.items():
        both = sorted(peak & {key.name for key, _ in card.numbers()})
        if both and not card.schedule:
            message = f"sets {', '.join(both)}, which the schedule also sets: add a schedule to the tier"
            faults.add((*path, "tiers", name), message)
    return period


_PERIOD = (
    record(
        {
            "from": DAY,
            **_CARD,
            "tiers": _TIERS.says("Service tiers; a key here overrides the same key of the standard rates."),
        }
    )
    .then(_period, lambda x: {"from": x.start, **_card_keys(x.standard), "tiers": x.tiers or None})
    .shared("period")
)


def _periods(tree: Tree, path: Path, faults: Faults) -> tuple[Period | None, ...] | None:
    if isinstance(tree, dict):
        return (_PERIOD.parse(tree, path, faults),)
    if not isinstance(tree, list) or not tree:
        faults.add(
            path, f"expected rates or a list of dated rates, found {kind_of(tree) if tree != [] else 'an empty list'}"
        )
        return None
    periods = tuple(_PERIOD.parse(item, (*path, index), faults) for index, item in enumerate(tree))
    last: date | None = None
    for index, period in enumerate(periods):
        if period is None:
            continue
        if index and "from" not in tree[index]:
            faults.add((*path, index), '"from" is missing: only the first price may have no date')
        elif period.start is not None and last is not None and period.start <= last:
            faults.add((*path, index, "from"), f"{period.start} is not after {last}, the price before it")
        last = period.start or last
    return periods


def _periods_tree(periods: tuple[Period, ...]) -> Tree:
    trees = [_PERIOD.dump(period) for period in periods]
    return trees[0] if len(trees) == 1 and periods[0].start is None else trees


def _distinct(found: dict[str, Any], path: Path, faults: Faults) -> Capabilities:
    for word in sorted({*found.get("can", ())} & {*found.get("cannot", ())}):
        faults.add((*path, "cannot"), f'"{word}" is in "can" too')
    return Capabilities(**found)


_CAPABILITIES = record(
    {
        "can": listed(one_of(*CAN)),
        "cannot": listed(one_of(*CAN)).says(
            "Capabilities that it is known to lack; those in neither list are unknown."
        ),
        "reasoning": one_of(*Reasoning).says("Whether it reasons before it answers."),
        "efforts": listed(TEXT).says("Reasoning efforts that a request may set."),
    }
).then(
    _distinct,
    lambda x: {name: getattr(x, name) or None for name in ("can", "cannot", "reasoning", "efforts")},
)


def _duration(tree: Tree, path: Path, faults: Faults) -> int | None:
    seconds = read_duration(tree) if isinstance(tree, str) else None
    if seconds is None:
        faults.add(path, f"expected a time like 90s, 5m, 1h or 2d, found {kind_of(tree)}")
    return seconds


CACHING = (
    record(
        {
            "kind": one_of(*CachingKind).says(
                "Whether prompts are cached automatically or where a request marks them."
            ),
            "min_prefix": COUNT.says("Minimum prefix that is cached, in tokens."),
            "step": COUNT.says("Beyond the minimum, the cached prefix grows in steps of this many tokens."),
            "lifetime": Form(_duration, {"type": "string", "pattern": f"^{DURATION}$"}, duration_text).says(
                "Lifetime of a cache write without a lifetime in its name: 5m."
            ),
            "renewed": FLAG.says("Whether a hit restarts the lifetime."),
            "writes_billed": FLAG.says("Whether cache writes are billed, if the model has a cache_write rate."),
            "source": TEXT,
            "checked": DAY.says("Date of the source."),
        }
    )
    .made(lambda found: CachingRule(**found), given)
    .shared("caching")
)

MODEL = record(
    {
        "name": TEXT,
        "aliases": listed(TEXT),
        "mode": one_of(*MODES),
        "featured": FLAG,
        "context": COUNT.says("Largest input of a request, in tokens."),
        "max_output": COUNT.says("Largest output of a request, in tokens."),
        "encoding": TEXT.says("Name of the tokenizer, if it is public."),
        "capabilities": _CAPABILITIES.says("Capabilities besides text input and output."),
        "caching": CACHING.says("Differences from the provider's caching rule."),
        "shutdown": DAY,
        "replacement": TEXT,
        "redirects_to": TEXT.says("Model that answers after the shutdown, at its own rates."),
        "regions": named(_MULTIPLIER),
        "reasoning_covers_answer": FLAG.says("With reasoning, the reasoning rate applies to the whole answer."),
        "free": FLAG,
        "source": TEXT,
        "checked": DAY.says("Date of the source."),
        "sources": COUNT.says("Number of public tables or pages with these prices at the last comparison."),
        "prices": Form(
            _periods,
            {"anyOf": [_PERIOD.schema, listed(_PERIOD, "some").schema]},
            _periods_tree,
        ),
    },
    required=("prices",),
    beside={"redirects_to": "shutdown"},
).shared("model")
