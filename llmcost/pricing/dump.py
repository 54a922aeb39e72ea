"""Models back into the form of `pricing.yaml`: what `parse.py` reads gives the same models again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..document import Tree
from .exact import digits
from .hours import span_text
from .model import Card, Fee, LongStep, Model, Period, Rates, Window


def model_tree(model: Model) -> dict[str, Tree]:
    """Return one model as an entry of `models`; what has its default is left out."""
    facts: dict[str, Any] = {
        "name": model.name if model.name != model.bare_name else None,
        "aliases": list(model.aliases),
        "mode": model.mode if model.mode != "chat" else None,
        "featured": "true" if model.featured else None,
        "context": _text(model.context),
        "max_output": _text(model.max_output),
        "encoding": model.encoding,
        "shutdown": _text(model.shutdown),
        "replacement": model.replacement,
        "regions": {name: digits(factor) for name, factor in model.regions.items()},
        "free": "true" if model.free else None,
        "source": model.source,
        "checked": _text(model.checked),
    }
    periods = [_period(period) for period in model.periods]
    single = len(periods) == 1 and model.periods[0].start is None
    return {**_given(facts), "prices": periods[0] if single else periods}


def _given(facts: Mapping[str, Any]) -> dict[str, Tree]:
    return {key: value for key, value in facts.items() if value not in (None, [], {})}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _rates(rates: Rates) -> dict[str, Tree]:
    return {unit.value: digits(rate) for unit, rate in rates.items()}


def _period(period: Period) -> dict[str, Tree]:
    tiers = {name: _card(card) for name, card in period.tiers.items()}
    return _given({"from": _text(period.start), **_card(period.standard), "tiers": tiers})


def _card(card: Card) -> dict[str, Tree]:
    extras = {
        "long_context": [_step(step) for step in card.long_context],
        "schedule": [_window(window) for window in card.schedule],
        "fees": {name: _fee(fee) for name, fee in card.fees.items()},
        "max_input": _text(card.max_input),
    }
    regions = {} if card.regions is None else {"regions": list(card.regions)}
    return {**_rates(card.rates), **_given(extras), **regions}


def _step(step: LongStep) -> dict[str, Tree]:
    return {"from_tokens" if step.inclusive else "above": str(step.threshold), **_rates(step.rates)}


def _window(window: Window) -> dict[str, Tree]:
    return {
        "days": [str(day) for day in sorted(window.days)],
        "utc": [span_text(span) for span in window.spans],
        **_rates(window.card.rates),
    }


def _fee(fee: Fee) -> Tree:
    if fee.per is None and fee.free is None:
        return digits(fee.usd)
    return _given({"price": digits(fee.usd), "per": fee.per, "free": fee.free})
