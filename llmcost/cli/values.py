"""The texts of options into values: what is written the same everywhere, and what only options have.

Past this file no text is loose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar

from ..errors import UsageError
from ..workload.values import change, count, day, money, quantity, share, whole

__all__ = [
    "change",
    "condition",
    "count",
    "day",
    "day_count",
    "in_out",
    "money",
    "named_count",
    "named_share",
    "own_price",
    "points",
    "quantity",
    "scale",
    "several",
    "share",
    "unique",
    "whole",
]

T = TypeVar("T")

_POINTS = re.compile(r"(\d{1,2}(?:\.\d+)?|\.\d+)%?", re.ASCII)
_SCALE = re.compile(r"(-?\d{1,9}(?:\.\d+)?)\.\.(-?\d{1,9}(?:\.\d+)?)", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+", re.ASCII)


def day_count(text: str, option: str) -> int:
    """Parse a number of days, `90d` or `90`."""
    match = re.fullmatch(r"(\d{1,6})d?", text.strip(), re.ASCII)
    if match is None or not int(match[1]):
        raise UsageError(f'{option} "{text}" is not a number of days', "write it as 90d")
    return int(match[1])


def several(text: str, option: str, parse: Callable[[str, str], T]) -> list[T]:
    """Parse a list: `10k,100k,1M`. What could as well be one number with commas is refused."""
    if _THOUSANDS.fullmatch(text.strip()):
        one, many = text.replace(",", ""), text.replace(",", ", ")
        raise UsageError(f'{option} "{text}" may be one number or a list', f'write {one}, or "{many}" for a list')
    return list(dict.fromkeys(parse(part.strip(), option) for part in text.split(",")))


def points(text: str, option: str) -> Decimal:
    """Parse percentage points above 0 and below 100, `2`, `1.5` or `2%`, as the share they are: 0.02."""
    match = _POINTS.fullmatch(text.strip())
    value = Decimal(match[1]) / 100 if match else Decimal(0)
    if not value:
        why = "points above 0 and below 100: 2 or 2% is two percentage points, 0.02 of the best score"
        raise UsageError(f'{option} "{text}" is not a number of percentage points', f"write {why}")
    return value


def scale(text: str, option: str) -> tuple[float, float]:
    """Parse the least and the best score of a scale: `1..10`."""
    match = _SCALE.fullmatch(text.strip())
    if match is None or float(match[1]) >= float(match[2]):
        raise UsageError(f'{option} "{text}" is not a range of scores', "write the worst and the best score: 1..10")
    return float(match[1]), float(match[2])


def condition(text: str, option: str) -> tuple[str, str]:
    """Parse `column=text`."""
    name, equals, wanted = text.partition("=")
    if not name or not equals:
        raise UsageError(f'{option} "{text}" has no value', "write it as topic=law")
    return name, wanted


def named_count(text: str, option: str) -> tuple[str, Decimal]:
    """Parse `web_search=2`."""
    name, equals, number = text.partition("=")
    if not equals or not name:
        raise UsageError(f'{option} "{text}" has no count', "write it as web_search=2")
    return name, count(number, option)


def own_price(text: str, option: str) -> tuple[str, tuple[Decimal, Decimal]]:
    """Parse `gpt-4o=2.00/8.00`: a model, and USD per 1M tokens in and out."""
    name, equals, rates = text.partition("=")
    if not (name and equals and "/" in rates):
        raise UsageError(f'{option} "{text}" is not a price', "write it as gpt-4o=2.00/8.00, USD per 1M tokens in/out")
    return name, in_out(rates, option, whole=text)


def in_out(text: str, option: str, *, whole: str | None = None) -> tuple[Decimal, Decimal]:
    """Parse `2.00/8.00`: USD per 1M tokens in and out. An error shows the whole text that they are a part of."""
    first, slash, second = text.partition("/")
    if not slash:
        raise UsageError(f'{option} "{text}" is not a price', "write it as 2.00/8.00, USD per 1M tokens in/out")
    from ..pricing.units import MAX_RATE

    found = money(first, option), money(second, option)
    if max(found) > MAX_RATE:
        raise UsageError(f'{option} "{whole or text}" is above ${MAX_RATE:,} per 1M tokens')
    return found


def named_share(text: str, option: str) -> tuple[str, Decimal]:
    """Parse `openai=15%`."""
    name, equals, part = text.partition("=")
    if not name or not equals:
        raise UsageError(f'{option} "{text}" has no share', "write it as openai=15%")
    return name, share(part, option)


def unique(pairs: Iterable[tuple[str, T]], option: str) -> dict[str, T]:
    """Return named values as a mapping; a name that is given twice is an error."""
    found: dict[str, T] = {}
    for name, value in pairs:
        if name in found:
            raise UsageError(f'{option} "{name}" is given twice')
        found[name] = value
    return found
