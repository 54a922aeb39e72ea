"""One model's prices as values: cards of rates by service tier, dated periods, long context, peak hours, fees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ..errors import NotSoldError
from .units import Unit

Rates = Mapping[Unit, Decimal]
"""USD per 1M tokens, by unit."""

MINUTES_PER_DAY = 24 * 60

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

STANDARD = "standard"
"""The name of the tier that needs no asking."""


def clock(minute: int) -> str:
    """Return a minute of a day (0 to 1440) as `09:05`."""
    return f"{minute // 60:02}:{minute % 60:02}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LongStep:
    """Rates of the whole request once its total input crosses `threshold` tokens.

    `inclusive` says that a request of exactly `threshold` tokens has crossed it.
    """

    threshold: int
    inclusive: bool
    rates: Rates = field(hash=False)

    def crossed_by(self, input_tokens: Decimal) -> bool:
        """Tell whether a request with this total input pays these rates."""
        return input_tokens >= self.threshold if self.inclusive else input_tokens > self.threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """A price for one of something that is not a token: USD for one request, web search, page ..."""

    usd: Decimal
    per: str | None = None
    free: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The rates of one service tier in one period.

    A tier's card sets only the keys that differ from the standard card; `max_input` is the largest total input, in
    tokens, that the tier sells; `regions` are those that it is sold in, where that is not in all of the model's.
    """

    rates: Rates = field(hash=False)
    long_context: tuple[LongStep, ...] = ()
    schedule: tuple[Window, ...] = ()
    fees: Mapping[str, Fee] = field(default_factory=dict, hash=False)
    max_input: int | None = None
    regions: tuple[str, ...] | None = None

    def rate(self, unit: Unit, input_tokens: Decimal) -> Decimal | None:
        """Return the rate that this card itself sets for a request of this length, or None.

        Of the long-context steps that the request crosses and that set the unit, the highest wins.
        """
        best = None
        for step in self.long_context:
            if (
                unit in step.rates
                and step.crossed_by(input_tokens)
                and (best is None or step.threshold > best.threshold)
            ):
                best = step
        return best.rates[unit] if best else self.rates.get(unit)

    @property
    def says_a_price(self) -> bool:
        """Tell whether the card has any rate or fee."""
        return bool(self.fees) or any(self.all_rates())

    def all_rates(self) -> list[Rates]:
        """Return the rates of the card, of its long-context steps and of its peak hours."""
        return [self.rates, *(step.rates for step in self.long_context), *(x.card.rates for x in self.schedule)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Peak hours: hours of the week with a card of their own.

    `days` are ISO weekdays (1 is Monday) in UTC on which a span starts; `spans` are minutes of that day, start
    inclusive, end exclusive. A span whose end is not after its start runs on into the next day.
    """

    days: frozenset[int]
    spans: tuple[tuple[int, int], ...]
    card: Card

    def contains(self, weekday: int, minute: int) -> bool:
        """Tell whether a minute (0 to 1439) of an ISO weekday lies in the window."""
        yesterday = (weekday - 2) % 7 + 1
        for start, end in self.spans:
            if start < end:
                if weekday in self.days and start <= minute < end:
                    return True
            elif (weekday in self.days and minute >= start) or (yesterday in self.days and minute < end):
                return True
        return False

    def words(self) -> str:
        """Return the hours in words: `Mon Tue 01:00-04:00, 06:00-10:00 UTC`."""
        spans = ", ".join(f"{clock(start)}-{clock(end)}" for start, end in self.spans)
        days = "every day" if len(self.days) == 7 else " ".join(_WEEKDAYS[day - 1] for day in sorted(self.days))
        return f"{days} {spans} UTC"

    def borders(self) -> Iterator[int]:
        """Yield the minutes of a day at which the window may open or close."""
        for span in self.spans:
            yield from span


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The prices from one UTC day (inclusive; None for the first) until the next period starts."""

    start: date | None
    standard: Card
    tiers: Mapping[str, Card] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model as one provider sells it.

    `id` is `provider/model` in lower case. `context` is the largest input and `max_output` the largest output of one
    request, in tokens. `regions` multiply every token rate, never fees. `periods` are in order of time.
    """

    id: str
    name: str
    periods: tuple[Period, ...]
    aliases: tuple[str, ...] = ()
    mode: str = "chat"
    featured: bool = False
    context: int | None = None
    max_output: int | None = None
    encoding: str | None = None
    shutdown: date | None = None
    replacement: str | None = None
    regions: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    free: bool = False
    source: str | None = None
    checked: date | None = None

    @property
    def provider(self) -> str:
        """The part of the id before the first slash."""
        return self.id.partition("/")[0]

    @property
    def bare_name(self) -> str:
        """The part of the id after the first slash."""
        return self.id.partition("/")[2]

    @property
    def priced(self) -> bool:
        """Tell whether any price of the model is known."""
        cards = (card for period in self.periods for card in (period.standard, *period.tiers.values()))
        return any(card.says_a_price for card in cards)

    def retired(self, day: date) -> bool:
        """Tell whether the model has been shut down by this day (the day of the shutdown counts)."""
        return self.shutdown is not None and self.shutdown <= day

    def successor(self) -> str:
        """Return what replaces the model as the end of a sentence, `; openai/x replaces it`, or nothing."""
        return f"; {self.replacement} replaces it" if self.replacement else ""

    def period(self, day: date) -> Period:
        """Return the prices of a UTC day; a day before the first price is an error."""
        found = None
        for period in self.periods:
            if period.start is None or period.start <= day:
                found = period
        if found is None:
            first = self.periods[0].start
            raise NotSoldError(
                f"{self.id} has no price on {day}",
                f"its first price starts on {first}",
                model=self.id,
                reason=f"no price before {first}",
            )
        return found

    def changes(self, after: date, until: date) -> list[date]:
        """Return the days in (after, until] on which a new price starts."""
        return [p.start for p in self.periods if p.start is not None and after < p.start <= until]
