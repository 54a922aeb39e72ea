"""The hours of the week that litellm's off-peak rules leave over, as the windows of a schedule.

A set of minutes is an int, one bit for each minute of a day or of a week that starts on Monday, 00:00 UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...document import Tree, mapping
from ..hours import MINUTES_PER_DAY, MinuteSpan, read_span, span_text

_WEEK = 7 * MINUTES_PER_DAY
_WHOLE_DAY = (1 << MINUTES_PER_DAY) - 1
_WHOLE_WEEK = (1 << _WEEK) - 1
_EVERY_DAY = _WHOLE_WEEK // _WHOLE_DAY
"""A set of a day's minutes, times this, is that set on every day of the week."""

_WEEKDAYS = range(1, 8)
_ZONES = {None: 0, "UTC": 0, "Asia/Shanghai": 8 * 60}
"""Minutes that a zone is ahead of UTC, for zones that have no summer time."""


def peak_windows(rule: Mapping[str, Any]) -> list[dict[str, Tree]] | None:
    """The windows of the hours that the rule does not call off-peak, or None where it cannot be read."""
    windows, zone = rule.get("windows") or [], rule.get("weekday_timezone")
    if not isinstance(windows, list) or not isinstance(zone, str | None) or zone not in _ZONES:
        return None
    off_peak = 0
    for window in [*windows, {"hours_utc": rule["hours_utc"]}] if "hours_utc" in rule else windows:
        spans, days = _spans(mapping(window).get("hours_utc")), mapping(window).get("weekdays")
        days = [*_WEEKDAYS] if days is None else days
        if spans is None or not isinstance(days, list) or not all(day in _WEEKDAYS for day in days):
            return None
        off_peak |= _clock(spans) * _EVERY_DAY & _days(days, _ZONES[zone])
    return _windows(_WHOLE_WEEK & ~off_peak)


def _spans(hours: Any) -> list[MinuteSpan] | None:
    """The spans of one text or of several; None where they are none."""
    texts = [hours] if isinstance(hours, str) else hours
    if not isinstance(texts, list):
        return None
    spans = [read_span("".join(text.split())) if isinstance(text, str) else None for text in texts]
    return [span for span in spans if span] if all(spans) else None


def _clock(spans: Iterable[MinuteSpan]) -> int:
    """The minutes of a day in these spans; one that ends where it starts is the whole day."""
    minutes = 0
    for start, end in spans:
        before_end, from_start = (1 << end) - 1, _WHOLE_DAY >> start << start
        minutes |= before_end & from_start if start < end else before_end | from_start
    return minutes


def _days(weekdays: Iterable[int], ahead: int) -> int:
    """The minutes of the week that lie on these ISO weekdays of a zone."""
    minutes = 0
    for day in weekdays:
        start = ((day - 1) * MINUTES_PER_DAY - ahead) % _WEEK
        block = _WHOLE_DAY << start
        minutes |= (block | block >> _WEEK) & _WHOLE_WEEK
    return minutes


def _windows(minutes: int) -> list[dict[str, Tree]]:
    """The windows of a schedule that cover these minutes of the week; days with the same hours share one."""
    days: dict[tuple[str, ...], list[str]] = {}
    for day in range(7):
        of_day = minutes >> day * MINUTES_PER_DAY & _WHOLE_DAY
        runs = re.finditer("1+", f"{of_day:0{MINUTES_PER_DAY}b}"[::-1])
        spans = tuple(span_text(run.span()) for run in runs)
        if spans:
            days.setdefault(spans, []).append(str(day + 1))
    return [{"days": which, "utc": list(spans)} for spans, which in days.items()]
