"""Hours of the week in UTC: spans of a day as `01:00-04:00`, and the days that they start on."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..lazy import pattern

MINUTES_PER_DAY = 24 * 60

MinuteSpan = tuple[int, int]
"""Minutes of a day, start inclusive, end exclusive; one whose end is not after its start runs on into the next day."""

_SPAN = pattern(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def read_span(text: str) -> MinuteSpan | None:
    """The span that a text like `01:00-04:00` means, up to 24:00; None for another text."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    return (start, end) if end <= MINUTES_PER_DAY else None


def span_text(span: MinuteSpan) -> str:
    """A span as `01:00-04:00`."""
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span)


class Hours(NamedTuple):
    """Hours of the week: the ISO weekdays (1 is Monday) on which a span starts, and the spans of such a day."""

    days: frozenset[int]
    spans: tuple[MinuteSpan, ...]

    def contains(self, weekday: int, minute: int) -> bool:
        """Tell whether a minute (0 to 1439) of an ISO weekday is one of these hours."""
        yesterday = (weekday - 2) % 7 + 1
        for start, end in self.spans:
            if start < end:
                if weekday in self.days and start <= minute < end:
                    return True
            elif (weekday in self.days and minute >= start) or (yesterday in self.days and minute < end):
                return True
        return False

    def words(self) -> str:
        """The hours in words: `Mon Tue 01:00-04:00, 06:00-10:00 UTC`."""
        days = "every day" if len(self.days) == 7 else " ".join(_WEEKDAYS[day - 1] for day in sorted(self.days))
        return f"{days} {', '.join(map(span_text, self.spans))} UTC"
