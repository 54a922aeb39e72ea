"""The texts of options into values: what is written the same everywhere, and what only options have.

Past this file no text is loose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar

from ..errors import UsageError
from ..pricing.units import MAX_RATE
from ..workload.values import change, count, day, money, quantity, share, whole

__all__ = [
    "change",
    "count",
    "day",
    "money",
    "named_count",
    "named_share",
    "own_price",
    "quantity",
    "several",
    "share",
    "unique",
    "whole",
]

T = TypeVar("T")

_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+", re.ASCII)


def several(text: str, option: str, parse: Callable[[str, str], T]) -> list[T]:
    """Parse a list: `10k,100k,1M`. What could as well be one number with commas is refused."""
    if _THOUSANDS.fullmatch(text.strip()):
        one, many = text.replace(",", ""), text.replace(",", ", ")
        raise UsageError(f'{option} "{text}" may be one number or a list', f'write {one}, or "{many}" for a list')
    return list(dict.fromkeys(parse(part.strip(), option) for part in text.split(",")))


def named_count(text: str, option: str) -> tuple[str, Decimal]:
    """Parse `web_search=2`."""
    name, equals, number = text.partition("=")
    if not equals or not name:
        raise UsageError(f'{option} "{text}" has no count', "write it as web_search=2")
    return name, count(number, option)


def own_price(text: str, option: str) -> tuple[str, tuple[Decimal, Decimal]]:
    """Parse `gpt-4o=2.00/8.00`: a model, and USD per 1M tokens in and out."""
    name, equals, rates = text.partition("=")
    first, slash, second = rates.partition("/")
    if not (name and equals and slash):
        raise UsageError(f'{option} "{text}" is not a price', "write it as gpt-4o=2.00/8.00, USD per 1M tokens in/out")
    found = money(first, option), money(second, option)
    if max(found) > MAX_RATE:
        raise UsageError(f'{option} "{text}" is above ${MAX_RATE:,} per 1M tokens')
    return name, found


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
