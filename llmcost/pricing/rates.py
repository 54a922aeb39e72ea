"""Which rate is in force: by service tier, by length of the request, and by the hour.

The cards in force stand in order, the first that sets a key wins: peak hours before the card they belong to, a tier
before the standard card. A card that sets a key replaces that key including its long-context steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, localcontext
from itertools import pairwise

from ..errors import NotSoldError
from ..lazy import dataclass
from .exact import EXACT
from .hours import MINUTES_PER_DAY, Hours
from .model import Card, Model
from .units import Unit, in_turn


@dataclass(frozen=True, slots=True)
class WeightedCards:
    """A part of the time that is asked for: its weight, and the cards in force in it."""

    weight: Decimal
    cards: tuple[Card, ...]


def time_slices(
    cards: tuple[Card, ...], at: date | datetime, peak_share: Decimal | None = None
) -> tuple[WeightedCards, ...]:
    """The parts of the time asked for: one for a moment (a datetime in UTC), the hours of a week for a date.

    With `peak_share` (0 to 1) that share of the traffic lies in the peak hours instead of the week's own share. The
    weights are minutes or shares; only their ratios count.
    """
    if not any(card.schedule for card in cards):
        return (WeightedCards(Decimal(1), cards),)
    if isinstance(at, datetime):
        return (WeightedCards(Decimal(1), _in_force(cards, at.isoweekday(), at.hour * 60 + at.minute)),)
    minutes: dict[tuple[int, ...], WeightedCards] = {}
    with localcontext(EXACT):
        for weekday, start, length in _week_segments([window.hours for card in cards for window in card.schedule]):
            found = _in_force(cards, weekday, start)
            key = tuple(map(id, found))
            before = minutes[key].weight if key in minutes else Decimal(0)
            minutes[key] = WeightedCards(before + length, found)
        week = tuple(minutes.values())
        return week if peak_share is None else _reweighted(week, cards, peak_share)


def peak_minutes(slices: Sequence[WeightedCards], cards: tuple[Card, ...]) -> Decimal:
    """The weight of the slices in which some peak hours are in force."""
    return sum((part.weight for part in slices if part.cards != cards), Decimal(0))


def _in_force(cards: tuple[Card, ...], weekday: int, minute: int) -> tuple[Card, ...]:
    found: list[Card] = []
    for card in cards:
        found.extend(next(([w.card] for w in card.schedule if w.hours.contains(weekday, minute)), []))
        found.append(card)
    return tuple(found)


def _week_segments(peaks: Sequence[Hours]) -> Iterator[tuple[int, int, int]]:
    """Yield (ISO weekday, first minute, length in minutes) of the week's parts in which no peak starts or ends."""
    borders = sorted({0, MINUTES_PER_DAY, *(minute for peak in peaks for span in peak.spans for minute in span)})
    for weekday in range(1, 8):
        for start, end in pairwise(borders):
            yield weekday, start, end - start


def _reweighted(
    week: Sequence[WeightedCards], cards: tuple[Card, ...], peak_share: Decimal
) -> tuple[WeightedCards, ...]:
    """Give the peak hours together `peak_share`, each by its minutes, and the other hours the rest."""
    whole = peak_minutes(week, cards)
    peak = [WeightedCards(part.weight * peak_share, part.cards) for part in week if part.cards != cards]
    return (*peak, WeightedCards(whole * (1 - peak_share), cards))


def summed_rate(model: Model, slices: Sequence[WeightedCards], unit: Unit, input_tokens: Decimal) -> Decimal:
    """The rate of a unit in USD per 1M tokens, of several slices the sum of theirs by weight.

    A week has 10,080 minutes, by which few sums can be divided to an end: what is made of the rate is divided once.
    Raises NotSoldError for a unit without any rate.
    """
    if len(slices) == 1:
        return rate_in_force(model, slices[0].cards, unit, input_tokens)
    return sum((part.weight * rate_in_force(model, part.cards, unit, input_tokens) for part in slices), Decimal(0))


def rate_in_force(model: Model, cards: Sequence[Card], unit: Unit, input_tokens: Decimal) -> Decimal:
    """The rate of a unit, or of the unit that stands in for it, in USD per 1M tokens."""
    for current in in_turn(unit):
        for card in cards:
            rate = card.rate(current, input_tokens)
            if rate is not None:
                return rate
    raise NotSoldError(f"{model.id} has no rate for {unit} tokens", model=model.id, reason=f"no {unit} rate")
