"""A conversation as the requests that it is billed as: each turn sends the prefix and all earlier turns again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_CEILING, Decimal, localcontext
from itertools import pairwise
from math import ceil, floor
from typing import Any

from ..lazy import dataclass
from ..pricing.caching import NOT_KNOWN, CachingKind, CachingRule
from ..pricing.exact import EXACT
from ..pricing.key import Threshold
from ..pricing.usage import Tokens
from .lengths import Bound, Quantity, Range, at_bound

NOTHING = Decimal(0)
MOST_EDGES = 8
"""So many of the first turns, and of the last, are looked at for the dearest length of a range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The tokens of one request: its whole input, what of that is read from and written to the cache, and its answer.

    They are means where the prefix is found in some conversations only, or lengths are ranges; then `share` is the
    share of the conversations that the turn is of.
    """

    input_tokens: Decimal
    read_tokens: Decimal = NOTHING
    written_tokens: Decimal = NOTHING
    answer_tokens: Decimal = NOTHING
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Turns that each send a `prefix`, the input and visible `answer` of all earlier turns, and `own` input.

    Ranges of these are spread evenly, together: conversations with longer inputs have longer answers. `rule` says what
    is cached. A turn reads what the turn before it sent, if it follows within the lifetime (`gap` seconds; None: it
    does). Any other turn finds the prefix, in the share `hits` of the cases. What is not read is written where writes
    are billed: the whole request, or of an explicit cache the prefix alone where no turn would read more.
    """

    turns: int
    prefix: Quantity
    own: Quantity
    answer: Quantity
    rule: CachingRule = NOT_KNOWN
    hits: Decimal = NOTHING
    gap: int | None = None

    def __iter__(self) -> Iterator[Turn]:
        return map(self.turn, range(1, self.turns + 1))

    def beside(self, number: int, end: Bound = Bound.LOW) -> Decimal:
        """What a turn, counted from 1, sends beside the input of its own and of earlier turns, at an end of ranges."""
        with localcontext(EXACT):
            return at_bound(self.prefix, end) + (number - 1) * at_bound(self.answer, end)

    def sent(self, number: int, end: Bound = Bound.LOW) -> Decimal:
        """The input of a turn, counted from 1, at an end of ranges."""
        with localcontext(EXACT):
            return self.beside(number, end) + number * at_bound(self.own, end)

    def own_steps(self, number: int, steps: Iterable[Threshold]) -> list[Threshold]:
        """The lengths of a turn's own input, in whole tokens, at which its rates change; nothing else is a range."""
        with localcontext(EXACT):
            left = [(step, (step.tokens - self.beside(number)) / number) for step in steps]
        return [step._replace(tokens=ceil(own) if step.inclusive else floor(own)) for step, own in left]

    def turn(self, number: int) -> Turn:
        """A turn, counted from 1."""
        (turn,) = self.parts(number, ())
        return turn

    def parts(self, number: int, steps: Iterable[Threshold]) -> Iterator[Turn]:
        """A turn, counted from 1, divided at the lengths of its input at which rates change."""
        low, high = self.sent(number), self.sent(number, Bound.HIGH)
        with localcontext(EXACT):
            cuts = sorted({Decimal(step.tokens) for step in steps if low < step.tokens < high})
            places = [NOTHING, *((cut - low) / (high - low) for cut in cuts), Decimal(1)]
        for sent, place in zip(pairwise([low, *cuts, high]), pairwise(places), strict=True):
            yield self._part(number, sent, place)

    def _part(self, number: int, sent: tuple[Decimal, Decimal], place: tuple[Decimal, Decimal]) -> Turn:
        """The conversations between two places of the ranges, from 0 to 1, whose turn sends as much at them."""
        rule, first, last = self.rule, *place

        def between(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
            return low + first * (high - low), low + last * (high - low)

        with localcontext(EXACT):
            prefix = between(*self._ends(self.prefix))
            if number > 1 and self.follows:
                before = self.sent(number - 1), self.sent(number - 1, Bound.HIGH)
                read = rule.cacheable_between(*between(*before))
            else:
                read = rule.cacheable_between(*prefix) * self.hits
            kept = rule.cacheable_between(*(sent if self.moves else prefix))
            return Turn(
                input_tokens=_middle(sent),
                read_tokens=read,
                written_tokens=max(kept - read, NOTHING) if rule.writes_billed else NOTHING,
                answer_tokens=_middle(between(*self._ends(self.answer))),
                share=last - first,
            )

    def cached(self, number: int, own: Sequence[Tokens], times: Sequence[Tokens]) -> tuple[Decimal, Decimal]:
        """The tokens that a turn reads and writes in all, where its own input is each of these so many times.

        Nothing else is a range.
        """
        rule, in_all, before = self.rule, Decimal(sum(times)), number - 1
        if rule.min_prefix is None:
            return NOTHING, NOTHING

        def kept(turn: int) -> Decimal:
            beside: Any = self.beside(turn)
            if beside == int(beside):
                beside = int(beside)  # many times faster
            return Decimal(sum(n * rule.cacheable(beside + turn * x) for x, n in zip(own, times, strict=True)))

        prefix = rule.cacheable(at_bound(self.prefix, Bound.LOW)) * in_all
        read = kept(before) if before and self.follows else prefix * self.hits
        if not rule.writes_billed:
            return read, NOTHING
        return read, (kept(number) if self.moves else prefix) - read

    @property
    def ranged(self) -> bool:
        """Whether what a turn sends beside its own input is a range."""
        return isinstance(self.prefix, Range) or (self.turns > 1 and isinstance(self.answer, Range))

    @property
    def moves(self) -> bool:
        """Whether a turn leaves all of its input in the cache, not the prefix alone."""
        return self.rule.kind is CachingKind.IMPLICIT or (self.turns > 1 and self.follows)

    @property
    def follows(self) -> bool:
        """Whether a turn comes within the lifetime of what the turn before it left in the cache."""
        return self.gap is None or (self.rule.lifetime is not None and self.gap <= self.rule.lifetime)

    def edges(self) -> list[Decimal]:
        """Places of the ranges, from 0 to 1, just before and at which more is cached: there a bill is dearest or least.

        Of the steps beyond the least prefix only the first and the last are named.
        """
        rule, found = self.rule, set[Decimal]()
        if rule.min_prefix is None:
            return []
        numbers = range(1, self.turns + 1)
        ends = {*numbers[:MOST_EDGES], *numbers[-MOST_EDGES:]}
        widths = [high - low for low, high in map(self._ends, (self.prefix, self.own, self.answer))]
        cached = [self._ends(self.prefix), *((self.sent(n), self.sent(n, Bound.HIGH)) for n in ends)]
        with localcontext(EXACT):
            for low, high in cached:
                begun = [x for x in (rule.cacheable(low), rule.cacheable(high)) if x]
                step = rule.step or 0
                tokens = {Decimal(rule.min_prefix), *(x + y for x in begun for y in (0, step))}
                for place in ((x - low) / (high - low) for x in tokens if low < x <= high):
                    whole = (place * max(widths)).to_integral_value(ROUND_CEILING)
                    found |= {x / max(widths) for x in (whole - 1, whole) if 0 <= x <= max(widths)}
        return sorted(found)

    @staticmethod
    def _ends(quantity: Quantity) -> tuple[Decimal, Decimal]:
        return at_bound(quantity, Bound.LOW), at_bound(quantity, Bound.HIGH)


def _middle(ends: tuple[Decimal, Decimal]) -> Decimal:
    return (ends[0] + ends[1]) / 2
