"""The texts of options into values: counts, ranges, lists, shares, money, dates. Past this file no text is loose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from ..errors import UsageError

if TYPE_CHECKING:
    from ..workload.model import Quantity

T = TypeVar("T")

MAX_COUNT = 10**15

_COUNT = re.compile(r"(\d[\d_]*(?:\.\d+)?|\.\d+)(?:e(\d+))?([kmb]?)", re.IGNORECASE | re.ASCII)
_SHARE = re.compile(r"(-?)(\d+(?:\.\d+)?|\.\d+)(%?)", re.ASCII)
_MONEY = re.compile(r"\$?(?=[\d.])(\d{1,3}(?:,\d{3})+|\d*)(\.\d+)?", re.ASCII)
_POINTS = re.compile(r"(\d{1,2}(?:\.\d+)?|\.\d+)%?", re.ASCII)
_SCALE = re.compile(r"(-?\d{1,9}(?:\.\d+)?)\.\.(-?\d{1,9}(?:\.\d+)?)", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+", re.ASCII)
_POWER = {"": 0, "k": 3, "m": 6, "b": 9}


def count(text: str, option: str) -> Decimal:
    """Parse `500`, `100k`, `1.5M`, `1_000`, `1e6`: a number from 0 to 10^15."""
    match = _COUNT.fullmatch(text.strip())
    if match is None:
        why = "is negative" if re.fullmatch(r"-[\d.]+\w*", text.strip()) else "is not a number"
        raise UsageError(f'{option} "{text}" {why}', "write a count like 500, 100k, 1.5M, 1_000 or 1e6")
    exponent = int((match[2] or "0")[:9]) + _POWER[match[3].lower()]
    value = Decimal(match[1])
    if value and (exponent > 15 or value.scaleb(exponent) > MAX_COUNT):
        raise UsageError(f'{option} "{text}" is above the largest count, 1e15')
    return Decimal(f"{value.scaleb(exponent):f}") if value else Decimal(0)


def whole(text: str, option: str) -> Decimal:
    """Parse a count of whole things, at least 1."""
    value = count(text, option)
    if value < 1 or value != value.to_integral_value():
        raise UsageError(f'{option} "{text}" is not a whole number of at least 1')
    return value


def day_count(text: str, option: str) -> int:
    """Parse a number of days, `90d` or `90`."""
    match = re.fullmatch(r"(\d{1,6})d?", text.strip(), re.ASCII)
    if match is None or not int(match[1]):
        raise UsageError(f'{option} "{text}" is not a number of days', "write it as 90d")
    return int(match[1])


def quantity(parse: Callable[[str, str], Decimal]) -> Callable[[str, str], Quantity]:
    """Return a parser of a count, or of a range of counts: `400..600`."""
    from ..workload.model import Range

    def parser(text: str, option: str) -> Quantity:
        low, dots, high = text.partition("..")
        if "..." in text:
            raise UsageError(f'{option} "{text}" is not a range', "write it as 400..600")
        if not dots:
            return parse(text, option)
        first, last = parse(low, option), parse(high, option)
        if first > last:
            raise UsageError(f'{option} "{text}" goes down', f"write {high}..{low}")
        return Range(first, last)

    return parser


def several(text: str, option: str, parse: Callable[[str, str], T]) -> list[T]:
    """Parse a list: `10k,100k,1M`. What could as well be one number with commas is refused."""
    if _THOUSANDS.fullmatch(text.strip()):
        one, many = text.replace(",", ""), text.replace(",", ", ")
        raise UsageError(f'{option} "{text}" may be one number or a list', f'write {one}, or "{many}" for a list')
    return list(dict.fromkeys(parse(part.strip(), option) for part in text.split(",")))


def change(text: str, option: str) -> Decimal:
    """Parse a relative change: `10%`, `0.1`, `-5%`."""
    match = _SHARE.fullmatch(text.strip())
    if match is None:
        raise UsageError(f'{option} "{text}" is not a share', "write it as 60% or 0.6")
    value = Decimal(match[1] + match[2])
    if value > 1 and not match[3]:
        raise UsageError(f'{option} "{text}" is above 1', f"did you mean {text}%?")
    return value / 100 if match[3] else value


def share(text: str, option: str) -> Decimal:
    """Parse a share of a whole: `60%` or `0.6`."""
    value = change(text, option)
    if not 0 <= value <= 1:
        raise UsageError(f'{option} "{text}" is not from 0% to 100%')
    return value


def money(text: str, option: str) -> Decimal:
    """Parse an amount in USD: `600`, `$1,000.50`."""
    match = _MONEY.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        raise UsageError(f'{option} "{text}" is not an amount in USD', "write it as 600 or 1000.50")
    return Decimal(match[1].replace(",", "") + (match[2] or ""))


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


def day(text: str, option: str) -> date:
    """Parse a date, `2026-11-22`."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise UsageError(f'{option} "{text}" is not a date', "write it as YYYY-MM-DD, for example 2026-11-22")


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
