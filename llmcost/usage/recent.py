"""What was spent in the last 30 days of the logs and in the 30 before, as the rules on spend judge it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from ..gate.spend import WINDOW, RecentSpend, SpendPeriod
from .price import NO_DATE, PricedCell, Spend, usd_sum
from .saved import grouped

_MOST = 2
"""Reasons for no price that are told; the others are counted."""


def recent_spend(spend: Spend, today: date, unfinished: Iterable[str] = ()) -> RecentSpend:
    """The last two periods that end before today: a day that is not over is left out.

    `unfinished` are files that another page follows.
    """
    yesterday = today - timedelta(days=1)
    seen = [day for x in spend.counted if (day := x.cell.key.date) is not None and day < today]
    first, last = min(seen, default=None), max(seen, default=None)
    end = yesterday if last is None or (yesterday - last).days >= WINDOW else last
    return RecentSpend(
        today=today,
        first=first,
        last=last,
        before=_period(spend, end - timedelta(days=WINDOW)),
        now=_period(spend, end),
        missing=tuple(f"another page follows {name}, and was not read" for name in unfinished),
    )


def _period(spend: Spend, last: date) -> SpendPeriod:
    """The days up to one; requests of no known day may be of any."""
    first = last - timedelta(days=WINDOW - 1)
    dated = [(x.cell.key.date, x) for x in spend.counted]
    inside = [x for day, x in dated if day is not None and first <= day <= last]
    undated = [replace(x, reason=NO_DATE) for day, x in dated if day is None]
    return SpendPeriod(
        last=last,
        usd=usd_sum(x.spent_usd for x in inside) or Decimal(0),
        days=len({x.cell.key.date for x in inside}),
        unpriced=unpriced_words([*inside, *undated]),
    )


def unpriced_words(cells: Iterable[PricedCell]) -> str:
    """What has no price, and why: `12 records have no price (unknown model x)`; nothing where all is priced."""
    reasons = {why: sum(x.cell.records for x in of) for why, of in grouped(cells, _lacking).items() if why is not None}
    by_number = sorted(reasons, key=lambda why: (-reasons[why], why))
    said = [*by_number[:_MOST], *([f"{len(by_number) - _MOST} more reasons"] if by_number[_MOST:] else [])]
    number = sum(reasons.values())
    return f"{number:,} record{' has' if number == 1 else 's have'} no price ({', '.join(said)})" if said else ""


def _lacking(x: PricedCell) -> str | None:
    """Why a cell has no price, or not all of it."""
    return x.reason or (f"fee {', '.join(x.fees_lost)}" if x.fees_lost else None)
