"""What a workload would cost were it cached otherwise, and what is doubtful about how it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from typing import TypeAlias

from ..notes import Note, NoteKind
from ..pricing.caching import CachingRule
from ..pricing.exact import EXACT
from ..pricing.model import Model
from ..pricing.shown import count, usd
from .model import Workload

Price: TypeAlias = Callable[[Workload], Decimal]
"""USD of all requests of a workload on the model in question."""
_Said: TypeAlias = tuple[str, str]
"""The note on one model, and on several after their names (empty: one note each)."""


def uncached(workload: Workload) -> Workload:
    """The workload without a cache."""
    return replace(workload, caching=None, cached=0, cache_write=0, cache_write_1h=0)


def alone(workload: Workload) -> Workload:
    """As many requests that send no turn before them, without a cache."""
    return replace(uncached(workload), turns=1, turn_gap=None)


def caching_notes(model: Model, workload: Workload, day: date, price: Price) -> list[Note]:
    """What the vendor's rule says against the cache of a workload, each with what it costs by the rule."""
    rule = model.caching_rule(day)
    found = _computed(model, workload, rule, price) if workload.caching else _by_hand(model, workload, rule, price)
    with localcontext(EXACT):
        return [
            Note(NoteKind.CACHING, text, about=model.id if several else "", several=several) for text, several in found
        ]


def _computed(model: Model, workload: Workload, rule: CachingRule, price: Price) -> Iterator[_Said]:
    if not rule.known:
        yield (
            f"the caching rule of {model.provider} for {model.id} is unknown: priced without a cache",
            "",
        )
        return
    if rule.lifetime is None and (workload.turns > 1 or workload.prefix_tokens):
        yield f"the cache lifetime of {model.id} is unknown: a prefix is read only within a conversation", ""
    with_cache, without = price(workload), price(uncached(workload))
    if with_cache > without:
        why = "its vendor writes automatically" if rule.writes_itself else "--caching off"
        yield f"the cache of {model.id} costs more than it saves: {usd(without)} without it ({why})", ""


def _by_hand(model: Model, workload: Workload, rule: CachingRule, price: Price) -> Iterator[_Said]:
    cached, written = Decimal(workload.cached), Decimal(workload.cache_write) + Decimal(workload.cache_write_1h)
    long_enough = rule.min_prefix is not None and workload.longest()[0] >= rule.min_prefix
    if (cached or written) and rule.min_prefix is not None and not long_enough:
        least = f"of fewer than {count(rule.min_prefix)} tokens"
        without = f"without the cache this costs {usd(price(uncached(workload)))}"
        yield f"{model.id} does not cache prompts {least}: {without}", ""
    elif long_enough and rule.writes_billed and not written and (cached or rule.writes_itself):
        most = price(replace(workload, cache_write=1 - cached))
        if rule.writes_itself:
            prompts = f"prompts of {count(rule.min_prefix or 0)} tokens and more to the cache"
            yield (
                f"{model.id} writes {prompts} automatically and bills that: up to {usd(most)} (--caching auto)",
                f" write {prompts} automatically and bill that (--caching auto)",
            )
        else:
            yield (
                f"{model.id} bills cache writes too: up to {usd(most)} (--caching auto)",
                " bill cache writes too (--caching auto)",
            )
