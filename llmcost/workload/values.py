"""What people write into values: counts, ranges, shares, money, dates; the same on the command line and in files.

`name` is what the text was given for, and begins the message when the text is none: `--rpd "x" is not a number`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from ..document import LARGEST
from ..errors import UsageError
from ..pricing.caching import read_duration
from ..pricing.exact import EXACT, digits

if TYPE_CHECKING:
    from .lengths import Length, Lengths, Quantity, Times

MAX_CHANGE = 10**6
"""100,000,000%."""

_COUNT = re.compile(r"(\d[\d_]*(?:\.\d+)?|\.\d+)(?:e(\d+))?([kmb]?)", re.IGNORECASE | re.ASCII)
_SHARE = re.compile(r"(-?)(\d+(?:\.\d+)?|\.\d+)(%?)", re.ASCII)
_MONEY = re.compile(r"\$?(?=[\d.])(\d{1,3}(?:,\d{3})+|\d*)(\.\d+)?", re.ASCII)
_POWER = {"": 0, "k": 3, "m": 6, "b": 9}


def count(text: str, name: str) -> Decimal:
    """Parse `500`, `100k`, `1.5M`, `1_000`, `1e6`: a number from 0 to 10^15."""
    match = _COUNT.fullmatch(text.strip())
    if match is None:
        why = "is negative" if re.fullmatch(r"-[\d.]+\w*", text.strip()) else "is not a number"
        raise UsageError(f'{name} "{text}" {why}', "write a count like 500, 100k, 1.5M, 1_000 or 1e6")
    exponent = int((match[2] or "0")[:9]) + _POWER[match[3].lower()]
    value = Decimal(match[1])
    if value and (exponent > 15 or value.scaleb(exponent) > LARGEST):
        raise UsageError(f'{name} "{text}" is above the largest count, 1e15')
    return Decimal(f"{value.scaleb(exponent):f}") if value else Decimal(0)


def whole(text: str, name: str) -> Decimal:
    """Parse a count of whole things, at least 1."""
    value = count(text, name)
    if value < 1 or value != value.to_integral_value():
        raise UsageError(f'{name} "{text}" is not a whole number of at least 1')
    return value


def quantity(parse: Callable[[str, str], Decimal]) -> Callable[[str, str], Quantity]:
    """A parser of a count, or of a range of counts: `400..600`."""
    from .lengths import Range

    def parser(text: str, name: str) -> Quantity:
        low, dots, high = text.partition("..")
        if "..." in text:
            raise UsageError(f'{name} "{text}" is not a range', "write it as 400..600")
        if not dots:
            return parse(text, name)
        first, last = parse(low, name), parse(high, name)
        if first > last:
            raise UsageError(f'{name} "{text}" goes down', f"write {high}..{low}")
        return Range(first, last)

    return parser


def length(text: str, name: str) -> Length:
    """Parse how long requests are: a count, a range of counts, or lengths with their shares, `20k:80%,400k:20%`."""
    return _weighted(text, name) if ":" in text else quantity(count)(text, name)


def _weighted(text: str, name: str) -> Lengths:
    from .lengths import Lengths

    found: dict[Decimal, Decimal] = {}
    for part in text.split(","):
        number, colon, weight = part.strip().partition(":")
        if not colon:
            hint = "write a share for each length: 20k:80%,400k:20%"
            raise UsageError(f'{name} "{text}": {part.strip()} has no share'.strip(), hint)
        tokens = count(number, name)
        if tokens in found:
            raise UsageError(f'{name} "{text}" has the length {number} twice'.strip())
        found[tokens] = share(weight, name)
    with localcontext(EXACT):
        percent = sum(found.values(), Decimal(0)) * 100
    if percent != 100:
        raise UsageError(f'{name} "{text}": the shares add up to {digits(percent)}%, not to 100%'.strip())
    return Lengths.of(found)


def reasoning(text: str, name: str) -> Quantity | Times:
    """Parse hidden tokens: a count, a range, or a multiple of the visible output, `3x`."""
    from .lengths import Times

    typed = text.strip()
    if typed[-1:] in "xX" and typed[:-1]:
        return Times(count(typed[:-1], name))
    return quantity(count)(text, name)


def duration(text: str, name: str) -> int:
    """Parse a time as seconds: `90s`, `10m`, `1h`."""
    seconds = read_duration(text.strip())
    if seconds is None:
        raise UsageError(f'{name} "{text}" is not a time', "write it as 90s, 10m or 1h")
    return seconds


def caching(text: str, name: str) -> str | None:
    """Parse `auto`, or `off` as None."""
    if text not in ("auto", "off"):
        raise UsageError(f'{name} "{text}" is not known', "known: auto, off")
    return None if text == "off" else text


def change(text: str, name: str) -> Decimal:
    """Parse a relative change: `10%`, `0.1`, `-5%`."""
    match = _SHARE.fullmatch(text.strip())
    if match is None:
        raise UsageError(f'{name} "{text}" is not a share', "write it as 60% or 0.6")
    value = Decimal(match[1] + match[2])
    if value > 1 and not match[3]:
        raise UsageError(f'{name} "{text}" is above 1', f"did you mean {text}%?")
    if abs(value) > MAX_CHANGE * 100:
        raise UsageError(f'{name} "{text}" is above the largest change, {MAX_CHANGE * 100:,}%')
    return value / 100 if match[3] else value


def share(text: str, name: str) -> Decimal:
    """Parse a share of a whole: `60%` or `0.6`."""
    value = change(text, name)
    if not 0 <= value <= 1:
        raise UsageError(f'{name} "{text}" is not from 0% to 100%')
    return value


def margin(text: str, name: str) -> Decimal:
    """Parse how much more there may be, as a share of what is counted: `30%`, `0.3`, `145%`."""
    value = change(text, name)
    if value < 0:
        raise UsageError(f'{name} "{text}" is below 0%')
    return value


def money(text: str, name: str) -> Decimal:
    """Parse an amount in USD, up to 10^15: `600`, `$1,000.50`."""
    match = _MONEY.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        raise UsageError(f'{name} "{text}" is not an amount in USD', "write it as 600 or 1000.50")
    value = Decimal(match[1].replace(",", "") + (match[2] or ""))
    if value > LARGEST:
        raise UsageError(f'{name} "{text}" is above the largest amount, 1e15')
    return value


def day(text: str, name: str) -> date:
    """Parse a date, `2026-11-22`."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise UsageError(f'{name} "{text}" is not a date', "write it as YYYY-MM-DD, for example 2026-11-22")
