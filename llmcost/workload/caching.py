"""How often a prefix that requests share is still in a vendor's cache when the next request comes."""

from __future__ import annotations

from decimal import Decimal, localcontext

from ..pricing.caching import CachingRule
from ..pricing.exact import EXACT, rounded

SECONDS_PER_DAY = 86_400
_PLACES = 12
"""Decimals of a hit rate: an exponential never ends."""


def hit_rate(rule: CachingRule, conversations_per_day: Decimal, *, turns: int = 1, gap: int | None = None) -> Decimal:
    """The share of conversations (0 to 1) whose first turn finds the shared prefix in the cache.

    Conversations begin at random, evenly over the day (a Poisson process), and each has `turns` that follow after
    `gap` seconds (None: at once). Where a hit renews the lifetime, a prefix is alive if any turn came within it just
    before: 1 - exp(-n), with n the conversations expected in the time that one of them covers. Where it lives from its
    write on, n conversations hit after each write: n / (n + 1). 0 where the rule has no lifetime; where it does not say
    whether a hit renews it, it does not.
    """
    if rule.lifetime is None:
        return Decimal(0)
    covered = rule.lifetime
    if rule.renewed:
        covered += (turns - 1) * min(gap or 0, rule.lifetime)
    elif gap is not None and gap > rule.lifetime:
        covered *= turns
    with localcontext(EXACT):
        expected = conversations_per_day * covered / SECONDS_PER_DAY
        found = 1 - (-expected).exp() if rule.renewed else expected / (expected + 1)
    return rounded(found, _PLACES)
