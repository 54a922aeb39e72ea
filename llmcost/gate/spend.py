"""What was spent by the logs: in the last 30 days that they have, and in the 30 before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from ..lazy import dataclass

WINDOW = 30
"""Days."""
_QUIET = 3
"""So many days without records at an end of the logs are days without requests, such as a weekend."""


class SpendPeriod(NamedTuple):
    """USD of the requests of WINDOW days that have a price, and how many days have records.

    `unpriced` is what has no known cost, in words, and `way` what to do about it.
    """

    last: date
    usd: Decimal
    days: int
    unpriced: str = ""
    way: str = ""

    @property
    def first(self) -> date:
        """The first day; `last` is the last one."""
        return self.last - timedelta(days=WINDOW - 1)

    @property
    def words(self) -> str:
        """The days, and how many have records where some have none: `2026-10-27 to 2026-11-25, 28 of 30 days`."""
        some = f", records on {self.days} of {WINDOW} days" if self.days < WINDOW else ""
        return f"{self.first} to {self.last}{some}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentSpend:
    """Two periods that follow each other, and the `first` and the `last` day before today that the logs have.

    The second ends on the last of these days, or on the day before `today` where the logs are older than a period.
    `missing` are records known to be lacking, in words.
    """

    today: date
    first: date | None
    last: date | None
    before: SpendPeriod
    now: SpendPeriod
    missing: Sequence[str] = ()

    @property
    def gaps(self) -> list[str]:
        """Where the last period may lack records: what is known to be `missing`, and days at its end and its begin."""
        found = [*self.missing]
        age = (self.today - self.now.last).days
        if age - 1 > _QUIET:
            found.append(f"the logs end on {self.now.last}, {age} days ago")
        if self.begins_after(self.now.first):
            found.append(f"the logs begin on {self.first}")
        return found

    def begins_after(self, day: date) -> bool:
        """Whether the logs begin so long after a day that some may be lacking."""
        return self.first is None or (self.first - day).days > _QUIET
