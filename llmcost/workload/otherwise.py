"""What a workload would cost were it cached otherwise, and what is doubtful about how it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise
from math import ceil
from typing import TypeAlias

from ..notes import Note, NoteKind
from ..pricing.caching import CachingRule
from ..pricing.exact import EXACT, digits, total
from ..pricing.key import Threshold
from ..pricing.model import Model
from ..pricing.shown import count, usd
from ..pricing.units import Unit
from .conversation import NOTHING, Conversation
from .lengths import Bound, Length, Lengths, Range, at_bound
from .model import Workload

Price: TypeAlias = Callable[[Workload], Decimal]
"""USD of all requests of a workload on the model in question."""
_ALL = Decimal(1)
_UNSHARED = "requests share nothing that can be read from a cache: give --prefix or --turns"
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
    found = _computed(model, workload, rule, price) if workload.caching else _by_hand(model, workload, rule, price, day)
    with localcontext(EXACT):
        return [
            Note(NoteKind.CACHING, text, about=model.id if several else "", several=several) for text, several in found
        ]


def within(workload: Workload, rule: CachingRule) -> list[tuple[Workload, Decimal]]:
    """A workload that reads no more from the cache than the rule allows, in parts, each with its tokens of input.

    The share asked for is that of each length of input, and of all turns of a conversation together. Of the input in
    `turns` only what earlier turns sent, and the prefix, can be read.
    """
    asked, in_all = Decimal(workload.cached), workload.total_requests()
    with localcontext(EXACT):
        if workload.turns > 1:
            prefix, own, answer = (
                at_bound(x, Bound.EXPECTED)
                for x in (workload.prefix_tokens, workload.input_tokens, workload.output_tokens)
            )
            talk = list(
                Conversation(
                    turns=workload.turns,
                    prefix=prefix,
                    own=own,
                    answer=answer,
                    rule=rule,
                    hits=_ALL,
                    gap=workload.turn_gap,
                )
            )
            sent = sum((turn.input_tokens for turn in talk), NOTHING)
            read = sum((turn.read_tokens for turn in talk), NOTHING)
            return [(replace(workload, cached=min(asked, read / sent) if sent else NOTHING), sent)]
        return [
            (replace(part, requests_per_day=None, requests=in_all * share), tokens * share)
            for part, share, tokens in _by_length(workload, rule)
        ]


def _by_length(workload: Workload, rule: CachingRule) -> Iterator[tuple[Workload, Decimal, Decimal]]:
    """The requests too short for the cache, and the others: each with their share, and the tokens of one."""
    own, answered, asked = workload.input_tokens, workload.output_tokens, Decimal(workload.cached)
    prefix = at_bound(workload.prefix_tokens, Bound.EXPECTED)
    least = max(Decimal(rule.min_prefix or 0) - prefix, NOTHING)
    if isinstance(own, Range) and own.low < own.high:
        for low, high in pairwise(sorted({own.low, min(max(least, own.low), own.high), own.high})):
            tokens = prefix + (low + high) / 2
            cached = min(asked, rule.cacheable_between(prefix + low, prefix + high) / tokens)
            part = replace(workload, input_tokens=Range(low, high), cached=cached)
            yield part, (high - low) / (own.high - own.low), tokens
        return
    lengths = own if isinstance(own, Lengths) else Lengths.of({at_bound(own, Bound.EXPECTED): 1})
    begun = 0
    for some, numbers in lengths.divided([Threshold(ceil(least), inclusive=True)]):
        if isinstance(answered, Lengths) and answered.answers is not None:
            answered_here: Length = replace(answered, answers=answered.answers[begun : begun + len(some)])
        else:
            answered_here = answered
        begun += len(some)
        number = Decimal(sum(numbers))
        sent = [(prefix + x, n) for x, n in zip(some, numbers, strict=True)]
        tokens, cached = sum((x * n for x, n in sent), NOTHING), asked
        if any(asked * x > rule.cacheable(x) for x, _ in sent):
            cached = sum((min(asked * x, rule.cacheable(x)) * n for x, n in sent), NOTHING) / tokens
        part = replace(workload, input_tokens=Lengths(some, numbers), output_tokens=answered_here, cached=cached)
        yield part, number / lengths.number, tokens / number


def _computed(model: Model, workload: Workload, rule: CachingRule, price: Price) -> Iterator[_Said]:
    if not rule.known:
        yield (
            f"the caching rule of {model.provider} for {model.id} is unknown: priced without a cache",
            "",
        )
        return
    if workload.turns == 1 and not workload.prefix_tokens:
        yield _UNSHARED, _UNSHARED
    if rule.lifetime is None and (workload.turns > 1 or workload.prefix_tokens):
        yield f"the cache lifetime of {model.id} is unknown: a prefix is read only within a conversation", ""
    with_cache, without = price(workload), price(uncached(workload))
    if with_cache > without:
        why = "its vendor writes automatically" if rule.writes_itself else "--caching off"
        yield f"the cache of {model.id} costs more than it saves: {usd(without)} without it ({why})", ""


def _beyond(model: Model, workload: Workload, rule: CachingRule, price: Price) -> Iterator[_Said]:
    """Say of a share that is read from the cache what is more than the rule allows."""
    parts = within(workload, rule)
    if all(part.cached == workload.cached for part, _ in parts):
        return
    tokens = total(number for _, number in parts)
    share = total(Decimal(part.cached) * number for part, number in parts) / tokens * 100
    figure = usd(total(price(part) for part, _ in parts))
    steps = "" if rule.exact else f" in steps of {count(rule.step or 1)}"
    least = f"prompts of {count(rule.min_prefix or 0)} tokens and more{steps}"
    asked = digits(Decimal(workload.cached) * 100)
    yield (
        f"{model.id} caches {least}: {share:.1f}% of this input, not {asked}%, can be read: {figure}",
        f" cannot read {asked}% of this input from a cache: their rules allow less (--caching auto)",
    )


def _unsold(model: Model, workload: Workload, day: date) -> Iterator[_Said]:
    """Say of writes that a model has no rate for at which rate they are priced."""
    period = model.in_force(day)
    rates = {} if period is None else period.standard.rates
    plain = Unit.CACHE_WRITE in rates
    if workload.cache_write_1h and Unit.CACHE_WRITE_1H not in rates:
        at = "ordinary writes" if plain else "input"
        yield f"{model.id} has no 1-hour cache writes: priced as {at}", f" have no 1-hour cache writes: priced as {at}"
    if workload.cache_write and not plain:
        yield f"{model.id} bills no cache writes: priced as input", " bill no cache writes: priced as input"


def _by_hand(model: Model, workload: Workload, rule: CachingRule, price: Price, day: date) -> Iterator[_Said]:
    cached, written = Decimal(workload.cached), Decimal(workload.cache_write) + Decimal(workload.cache_write_1h)
    long_enough = rule.min_prefix is not None and workload.longest()[0] >= rule.min_prefix
    if (cached or written) and rule.min_prefix is not None and not long_enough:
        least = f"of fewer than {count(rule.min_prefix)} tokens"
        without = f"without the cache this costs {usd(price(uncached(workload)))}"
        yield f"{model.id} does not cache prompts {least}: {without}", ""
    elif cached and rule.known:
        yield from _beyond(model, workload, rule, price)
    yield from _unsold(model, workload, day)
    if long_enough and rule.writes_billed and not written and (cached or rule.writes_itself):
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
