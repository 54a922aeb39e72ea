"""What was spent in the last 30 days of the logs and in the 30 before, as the rules on spend judge it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from ..gate.spend import WINDOW, RecentSpend, SpendPeriod
from .lacking import lacking
from .price import NO_DATE, Spend


def recent_spend(spend: Spend, today: date, missing: Sequence[str] = ()) -> RecentSpend:
    """The last two periods that end before today: a day that is not over is left out.

    `missing` is what the logs are known to lack, in words.
    """
    yesterday = today - timedelta(days=1)
    seen = [day for x in spend.cells if (day := x.cell.key.date) is not None and day < today]
    first, last = min(seen, default=None), max(seen, default=None)
    later = sum(x.cell.records for x in spend.cells if (day := x.cell.key.date) is not None and day > today)
    dated = [f"{later:,} record{' is' if later == 1 else 's are'} dated after today"] if later else []
    end = yesterday if last is None or (yesterday - last).days >= WINDOW else last
    return RecentSpend(
        today=today,
        first=first,
        last=last,
        before=_period(spend, end - timedelta(days=WINDOW)),
        now=_period(spend, end),
        missing=(*missing, *dated),
    )


def _period(spend: Spend, last: date) -> SpendPeriod:
    """The days up to one; requests of no known day, and rows that are none, may be of any."""
    first = last - timedelta(days=WINDOW - 1)
    dated = [(x.cell.key.date, x) for x in spend.cells]
    inside = [x for day, x in dated if day is not None and first <= day <= last]
    undated = [replace(x, reason=NO_DATE) for day, x in dated if day is None]
    lacks = lacking([*inside, *undated], spend.cube.rows)
    return SpendPeriod(
        last=last,
        usd=spend.spent(inside) or Decimal(0),
        days=len({x.cell.key.date for x in inside}),
        unpriced=lacks.words,
        way=lacks.way,
    )
