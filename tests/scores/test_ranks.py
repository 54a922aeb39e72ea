"""Ranks of many scores: the same as testing every pair."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from llmcost.scores.difference import SIGNIFICANT, ScoreInterval, subtract
from llmcost.scores.intervals import holm, wilson
from llmcost.scores.ranks import beaten


def by_all_pairs(known: list[ScoreInterval]) -> list[int]:
    """What `beaten` says, from the adjusted p value of every pair."""
    pairs = list(combinations(range(len(known)), 2))
    adjusted = holm([subtract(known[better], known[worse]).p for better, worse in pairs])
    counts = [0] * len(known)
    for (_, worse), p in zip(pairs, adjusted, strict=True):
        counts[worse] += p <= SIGNIFICANT
    return counts


def drawn(kind: str, chance: Random) -> ScoreInterval:
    """A score in percent: of counted items, or with a published interval."""
    if kind == "published" or (kind == "mixed" and chance.random() < 0.5):
        value, half = chance.uniform(0, 100), chance.choice([0.0, 1.5, 4.0])
        return ScoreInterval(value, value - half, value + half, None)
    n = chance.choice([10, 198, 1319])
    share = chance.choice([0, 1, chance.randrange(n + 1) / n])
    low, high = wilson(share, n)
    return ScoreInterval(100 * share, 100 * low, 100 * high, n)


@pytest.mark.parametrize("higher", [True, False])
@pytest.mark.parametrize("kind", ["counted", "published", "mixed"])
@pytest.mark.parametrize("number", [0, 1, 2, 40])
def test_each_is_beaten_as_by_testing_every_pair(kind: str, number: int, higher: bool) -> None:
    chance = Random(7)
    for _ in range(4):
        known = sorted((drawn(kind, chance) for _ in range(number)), key=lambda x: x.value, reverse=higher)
        assert beaten(known) == by_all_pairs(known)


def test_the_first_pair_that_is_not_significant_is_the_last_that_is_tested() -> None:
    shares = [(10, 10), (198, 198), (1319, 1319), (6, 10)]
    ends = [wilson(x / n, n) for x, n in shares]
    known = [
        ScoreInterval(100 * x / n, 100 * low, 100 * high, n) for (x, n), (low, high) in zip(shares, ends, strict=True)
    ]

    assert beaten(known) == by_all_pairs(known)
