"""A conversation as the requests that it is billed as: each turn sends the prefix and all earlier turns again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext

from ..pricing.caching import CachingKind, CachingRule
from ..pricing.exact import EXACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The tokens of one request: all of its input, and those of it that are read from and written to the cache.

    Where a prefix is found in some conversations only, the latter two are means over all.
    """

    input_tokens: Decimal
    read_tokens: Decimal = Decimal(0)
    written_tokens: Decimal = Decimal(0)


def uncached(prefix: Decimal, own: Decimal, answer: Decimal, turns: int) -> Iterator[Turn]:
    """The turns of a conversation without a cache.

    Each sends the `prefix`, the input and the visible `answer` of all earlier turns, and the `own` input of its own.
    """
    with localcontext(EXACT):
        for earlier in range(turns):
            yield Turn(input_tokens=prefix + own + earlier * (own + answer))


def cached(
    prefix: Decimal,
    own: Decimal,
    answer: Decimal,
    turns: int,
    *,
    rule: CachingRule,
    hits: Decimal,
    gap: int | None = None,
) -> Iterator[Turn]:
    """The turns of a conversation as a vendor's rule caches them.

    A turn reads what the turn before it sent, if it follows within the lifetime (`gap` seconds; None: it does). Any
    other turn finds the prefix, in the share `hits` of the cases. What is not read is written where writes are billed:
    the whole request, or of an explicit cache the prefix alone where no turn would read more.
    """
    follows = gap is None or (rule.lifetime is not None and gap <= rule.lifetime)
    marked = rule.kind is CachingKind.IMPLICIT or (turns > 1 and follows)
    before: Decimal | None = None
    for turn in uncached(prefix, own, answer, turns):
        sent = turn.input_tokens
        with localcontext(EXACT):
            read = rule.cacheable(prefix) * hits if before is None else rule.cacheable(before)
            kept = rule.cacheable(sent if marked else prefix)
            written = kept - read if rule.writes_billed else Decimal(0)
        yield Turn(input_tokens=sent, read_tokens=read, written_tokens=written)
        before = sent if follows else None
