"""A conversation as the requests that it is billed as: each turn sends the prefix and all earlier turns again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from math import ceil, floor

from ..pricing.caching import NOT_KNOWN, CachingKind, CachingRule
from ..pricing.exact import EXACT
from ..pricing.key import Threshold

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The tokens of one request: all of its input, and those of it that are read from and written to the cache.

    Where the prefix is found in some conversations only, the latter two are means over all.
    """

    input_tokens: Decimal
    read_tokens: Decimal = NOTHING
    written_tokens: Decimal = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Turns that each send a `prefix`, the input and visible `answer` of all earlier turns, and `own` input.

    `rule` says what of it is cached. A turn reads what the turn before it sent, if it follows within the lifetime
    (`gap` seconds; None: it does). Any other turn finds the prefix, in the share `hits` of the cases. What is not read
    is written where writes are billed: the whole request, or of an explicit cache the prefix alone where no turn would
    read more.
    """

    turns: int
    prefix: Decimal
    own: Decimal
    answer: Decimal
    rule: CachingRule = NOT_KNOWN
    hits: Decimal = NOTHING
    gap: int | None = None

    def __iter__(self) -> Iterator[Turn]:
        return map(self.turn, range(1, self.turns + 1))

    def beside(self, number: int) -> Decimal:
        """What a turn, counted from 1, sends beside the input of its own and of earlier turns."""
        with localcontext(EXACT):
            return self.prefix + (number - 1) * self.answer

    def sent(self, number: int) -> Decimal:
        """The input of a turn, counted from 1."""
        with localcontext(EXACT):
            return self.beside(number) + number * self.own

    def steps(self, number: int, steps: Iterable[Threshold]) -> list[Threshold]:
        """The lengths of a turn's own input at which its rates change, or what of it is cached, in whole tokens."""
        kept = [] if self.rule.min_prefix is None else [Threshold(self.rule.min_prefix, inclusive=True)]
        turns = [(step, number) for step in (*steps, *kept)] + [(step, number - 1) for step in kept if number > 1]
        with localcontext(EXACT):
            return [self._own(step, turn) for step, turn in turns]

    def _own(self, step: Threshold, number: int) -> Threshold:
        left = (step.tokens - self.beside(number)) / number
        return step._replace(tokens=ceil(left) if step.inclusive else floor(left))

    def turn(self, number: int) -> Turn:
        """A turn, counted from 1."""
        rule, sent = self.rule, self.sent(number)
        follows = self.gap is None or (rule.lifetime is not None and self.gap <= rule.lifetime)
        moves = rule.kind is CachingKind.IMPLICIT or (self.turns > 1 and follows)
        with localcontext(EXACT):
            if number > 1 and follows:
                read = rule.cacheable(self.sent(number - 1))
            else:
                read = rule.cacheable(self.prefix) * self.hits
            kept = rule.cacheable(sent if moves else self.prefix)
            return Turn(
                input_tokens=sent, read_tokens=read, written_tokens=kept - read if rule.writes_billed else NOTHING
            )
