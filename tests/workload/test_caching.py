"""How often a shared prefix is in the cache: the closed forms against a simulation of requests that come at random."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from llmcost.pricing.caching import CachingRule
from llmcost.workload.caching import SECONDS_PER_DAY, hit_rate

RENEWED = CachingRule(lifetime=300, renewed=True)
FIXED = CachingRule(lifetime=300, renewed=False)
A_LIFETIME = SECONDS_PER_DAY // 300
"""Conversations a day of which one is expected within 300 seconds."""


def simulated(rule: CachingRule, per_day: Decimal, turns: int, gap: int, random: Random, many: int = 20_000) -> float:
    """Return the share of `many` conversations whose first turn found the prefix, one request after another."""
    assert rule.lifetime is not None
    begin, requests = 0.0, []
    for _ in range(many):
        begin += random.expovariate(float(per_day) / SECONDS_PER_DAY)
        requests += [(begin + turn * gap, turn) for turn in range(turns)]
    alive_until, hits = -1.0, 0
    for moment, turn in sorted(requests):
        hit = moment <= alive_until
        hits += hit and turn == 0
        if rule.renewed or (not hit and (turn == 0 or gap > rule.lifetime)):  # a turn that follows reads its own past
            alive_until = moment + rule.lifetime
    return hits / many


@pytest.mark.untraced
@pytest.mark.parametrize("rule", [RENEWED, FIXED], ids=["renewed", "fixed"])
@pytest.mark.parametrize("expected", ["0.1", "0.5", "1", "2", "5"])
@pytest.mark.parametrize(("turns", "gap"), [(1, 0), (3, 60), (2, 299)])
def test_a_simulation_agrees_within_one_percent(rule: CachingRule, expected: str, turns: int, gap: int) -> None:
    per_day = A_LIFETIME * Decimal(expected)
    found = simulated(rule, per_day, turns, gap, Random(f"{expected} {turns} {rule.renewed}"))
    assert found == pytest.approx(float(hit_rate(rule, per_day, turns=turns, gap=gap)), abs=0.01)


def test_turns_beyond_the_lifetime_keep_a_prefix_alive_for_others() -> None:
    """Three turns a conversation, 10 minutes apart, are as many requests for the others as three conversations."""
    apart = hit_rate(RENEWED, Decimal(100), turns=3, gap=600)
    assert apart == hit_rate(RENEWED, Decimal(300)) > hit_rate(RENEWED, Decimal(100), turns=3)
    assert simulated(RENEWED, Decimal(100), 3, 600, Random(1)) == pytest.approx(float(apart), abs=0.01)
    assert hit_rate(FIXED, Decimal(100), turns=3, gap=600) == hit_rate(FIXED, Decimal(300))
    assert hit_rate(FIXED, Decimal(100), turns=3, gap=300) == hit_rate(FIXED, Decimal(100))  # each reads the one before


@pytest.mark.parametrize(("rule", "rate"), [(RENEWED, "0.632120558829"), (FIXED, "0.5")], ids=["renewed", "fixed"])
def test_one_arrival_within_the_lifetime(rule: CachingRule, rate: str) -> None:
    """1 - 1/e where a hit renews the lifetime; where none does, one hit for each write."""
    assert hit_rate(rule, Decimal(A_LIFETIME)) == Decimal(rate)
    assert hit_rate(rule, Decimal(0)) == 0


def test_what_is_not_known_is_not_counted_on() -> None:
    assert hit_rate(CachingRule(), Decimal(10**6)) == 0
    assert hit_rate(CachingRule(lifetime=300), Decimal(A_LIFETIME)) == Decimal("0.5")
