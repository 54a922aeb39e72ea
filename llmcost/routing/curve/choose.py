"""How many calls go to the strong model: rules that take their number from a curve."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from ...errors import UsageError
from ...pricing.shown import usd
from .curve import Curve

ChooseCalls: TypeAlias = Callable[[Curve], int]
"""Takes a number of strong calls from a curve."""


def half_the_gap(line: Curve) -> int:
    """The fewest that close half of the gap; half of the items where there is none."""
    calls = line.cpt(50)
    return line.n // 2 if calls is None else calls


def reaching(target: float) -> ChooseCalls:
    """The fewest that reach a share of the strong model's score; all where none do."""

    def choose(line: Curve) -> int:
        calls = line.first(target * line.scores[-1])
        return line.n if calls is None else calls

    return choose


def within_budget(budget: Decimal, requests: Decimal) -> ChooseCalls:
    """The most that USD pay for where so many requests cost what the items do on average.

    Raises UsageError where they do not pay for the weak model alone.
    """
    share: list[Decimal] = []

    def choose(line: Curve) -> int:
        if line.usd is None:  # one half of the items, which takes the share that the whole took
            return line.calls_at(share[0])
        calls = line.affordable(budget / requests * line.n)
        if calls is None:
            raise UsageError(f"a budget of {usd(budget)} does not pay for the weak model alone")
        share.append(Decimal(calls) / line.n)
        return calls

    return choose
