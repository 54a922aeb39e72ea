"""What the next days will cost, if they are as the last ones were: by weekday, at the prices of each day to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import pairwise

from ..errors import UsageError
from ..lazy import dataclass
from ..pricing.exact import EXACT, total
from ..pricing.model import Model
from .price import PaidCell, Spend, price_cell, requests_of

MOST_DAYS = 3660
WINDOW = 28
"""The last so many whole days are looked at."""
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastPart:
    """Days between which no price changes, both ends included, with the requests and USD expected of them."""

    start: date
    end: date
    requests: Decimal
    usd: Decimal

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendForecast:
    """The parts in order; `first` to `last` are the whole days that they are made of.

    With `by_weekday` each weekday is as it was on average, else every day is as the mean day: a run rate. `low_usd` and
    `high_usd` are as the cheapest and the dearest of the weeks looked at, None where there are no two. `changes` says
    for each model what starts when; `not_sold` counts the requests that have no price on some day to come,
    `after_today` the records whose date is later than today, which are left out.
    """

    first: date
    last: date
    by_weekday: bool
    parts: tuple[ForecastPart, ...]
    low_usd: Decimal | None
    high_usd: Decimal | None
    changes: Mapping[date, tuple[str, ...]]
    not_sold: Decimal
    after_today: int

    @property
    def usd(self) -> Decimal:
        """USD of all days."""
        return total(x.usd for x in self.parts)


def forecast_spend(
    spend: Spend, days: int, *, today: date, since: date | None = None, until: date | None = None
) -> SpendForecast:
    """The cost of so many days from today on, or from the day after the last of the log.

    Days count that are whole: not today, nor the first and the last of a log, which may begin and end within them,
    unless they are `since` and `until`, the days that were asked for.

    Raises UsageError where there is no whole day, or no request with a price in these days.
    """
    if not 1 <= days <= MOST_DAYS:
        raise UsageError(f"a forecast is of 1 to {MOST_DAYS:,} days, not {days:,}")
    dated = [(day, x) for x in spend.paid if (day := x.cell.key.date) is not None]
    cells = [(day, x) for day, x in dated if day <= today]
    if not cells:
        later = " up to today" if dated else ""
        raise UsageError(f"a forecast needs days with a price, and the logs have none{later}")
    seen = [day for day, _ in cells]
    first, last = min(seen), max(seen)
    start = max(last + timedelta(days=1), today)
    first = first if first == since else first + timedelta(days=1)
    last = min(last if last == until else last - timedelta(days=1), today - timedelta(days=1))
    first = max(first, last - timedelta(days=WINDOW - 1))
    if first > last:
        raise UsageError(
            "a forecast needs a whole day, and the logs may have only parts of days",
            "say which days are whole: --since DAY --until DAY",
        )
    whole = [(day, x) for day, x in cells if first <= day <= last]
    if not whole:
        raise UsageError(
            f"a forecast needs requests with a price, and from {first} to {last} the logs have none",
            "say which days to look at: --since DAY --until DAY",
        )
    number = (last - first).days + 1
    by_weekday = number >= _WEEK
    seen_days = [first + timedelta(days=x) for x in range(number)]
    changes = _changes([x.model for _, x in whole], start, start + timedelta(days=days - 1))
    borders = sorted({start, *changes, start + timedelta(days=days)})
    parts, not_sold = [], Decimal(0)
    for begin, after in pairwise(borders):
        ahead = [begin + timedelta(days=x) for x in range((after - begin).days)]
        part, lost = _part(whole, seen_days, ahead, by_weekday=by_weekday)
        parts.append(part)
        not_sold += lost
    low, high = _band(whole, last, number, total(x.usd for x in parts))
    return SpendForecast(
        first=first,
        last=last,
        by_weekday=by_weekday,
        parts=tuple(parts),
        low_usd=low,
        high_usd=high,
        changes=changes,
        not_sold=not_sold,
        after_today=sum(x.cell.records for day, x in dated if day > today),
    )


def _part(
    cells: Iterable[tuple[date, PaidCell]], seen: Sequence[date], ahead: Sequence[date], *, by_weekday: bool
) -> tuple[ForecastPart, Decimal]:
    """The days `ahead` at the prices of the first, each as the days `seen` of its weekday; and what is not sold."""

    def kind(day: date) -> int:
        return day.weekday() if by_weekday else 0

    known, wanted = Counter(map(kind, seen)), Counter(map(kind, ahead))
    requests, usd, lost = (dict.fromkeys(known, Decimal(0)) for _ in range(3))
    with localcontext(EXACT):
        for day, paid in cells:
            times, number = wanted[kind(day)], Decimal(requests_of([paid.cell]) or paid.cell.records)
            then = price_cell(paid.cell, paid.model, next((x for x in ahead if kind(x) == kind(day)), ahead[0])).usd
            requests[kind(day)] += times * number
            if then is None:
                lost[kind(day)] += times * number
            else:
                usd[kind(day)] += times * then
        found, spent, left = (sum((x[y] / known[y] for y in known), Decimal(0)) for x in (requests, usd, lost))
    return ForecastPart(start=ahead[0], end=ahead[-1], requests=found, usd=spent), left


def _changes(models: Iterable[Model], start: date, end: date) -> dict[date, tuple[str, ...]]:
    """What changes on which of these days: prices, and who answers."""
    found: dict[date, list[str]] = {}
    for model in sorted({x.id: x for x in models}.values(), key=lambda x: x.id):
        for day, what in _changes_of(model, start, end):
            found.setdefault(day, []).append(what)
    return {day: tuple(found[day]) for day in sorted(found)}


def _changes_of(model: Model, start: date, end: date) -> Iterator[tuple[date, str]]:
    gone = model.shutdown
    for day in model.changes(start, end):
        yield day, f"the price of {model.answering(day).id} changes on {day}"
    if gone is not None and start < gone <= end:
        if model.redirects_to:
            yield gone, f"requests for {model.id} go to {model.answering(gone).id} from {gone} on, at its rates"
        else:
            text = f"{model.id} no longer answers from {gone} on: later days are priced at the last rates"
            yield gone, text + model.successor()


def _band(
    cells: Iterable[tuple[date, PaidCell]], last: date, days: int, usd: Decimal
) -> tuple[Decimal | None, Decimal | None]:
    """What the days ahead cost if all are as the cheapest, and as the dearest, of the weeks up to the last day."""
    weeks = [Decimal(0)] * (days // _WEEK)
    if len(weeks) < 2:
        return None, None
    with localcontext(EXACT):
        for day, paid in cells:
            place = (last - day).days // _WEEK
            if place < len(weeks):
                weeks[place] += paid.usd
        mean = sum(weeks, Decimal(0)) / len(weeks)
        return (usd * min(weeks) / mean, usd * max(weeks) / mean) if mean else (None, None)
