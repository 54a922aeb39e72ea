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
from ..lazy import pattern
from ..pricing.caching import read_duration
from ..pricing.exact import EXACT, digits

if TYPE_CHECKING:
    from .lengths import Length, Lengths, Quantity, Times

MAX_CHANGE = 10**6
"""100,000,000%."""

_COUNT = pattern(r"(\d[\d_]*(?:\.\d+)?|\.\d+)(?:e(\d+))?([kmb]?)", re.IGNORECASE | re.ASCII)
_SHARE = pattern(r"(-?)(\d+(?:\.\d+)?|\.\d+)(%?)", re.ASCII)
_MONEY = pattern(r"\$?(?=[\d.])(\d{1,3}(?:,\d{3})+|\d*)(\.\d+)?([kmb]?)", re.IGNORECASE | re.ASCII)
_POWER = {"": 0, "k": 3, "m": 6, "b": 9}
_GROUPED = pattern(r"\d{1,3}(?:([,. '\u2019\u00a0\u202f])\d{3})(?:\1\d{3})*", re.ASCII)
_OTHER_RANGE = pattern(
    r"(\d[\d.]*[kmb]?)(?:\.{3,}|\s*(?:[-:~\u2010-\u2015\u2026\u2212]|\.\.\.|to)\s*)(\d[\d.]*[kmb]?)",
    re.IGNORECASE | re.ASCII,
)
_DECIMAL_COMMA = pattern(r"(\d{1,3}(?:\.\d{3})+|\d*),(\d+)([kmb%]?)", re.IGNORECASE | re.ASCII)
_OTHER_DAY = pattern(r"(\d{4})[/.](\d\d?)[/.](\d\d?)|(\d\d?)\.(\d\d?)\.(\d{4})", re.ASCII)
_WORDED = pattern(
    r"[+~]?(\d+(?:\.\d+)?) *(?:([kmb%])|(million|mio|mn)|(thousand)|(billion|bn)|(percent|pct))?"
    r"(?: *(?:tok|tokens?|requests?|(?:/|per|a) *(?:d|day)))?",
    re.IGNORECASE | re.ASCII,
)
"""A number with a unit in words: what these groups stand for is in _UNITS."""
_UNITS = ("M", "k", "B", "%")
_CURRENCY = pattern(r"\s*(US\$|USD|EUR|GBP|[$\u20ac\u00a3])\s*", re.IGNORECASE)


def count(text: str, name: str) -> Decimal:
    """Parse `500`, `100k`, `1.5M`, `1_000`, `1e6`: a number from 0 to 10^15."""
    match = _COUNT.fullmatch(text.strip())
    if match is None:
        why = "is negative" if re.fullmatch(r"-[\d.]+\w*", text.strip()) else "is not a number"
        raise UsageError(f'{name} "{text}" {why}', write(text) or "write a count like 500, 100k, 1.5M, 1_000 or 1e6")
    refuse_grouped(text, name)
    exponent = int((match[2] or "0")[:9]) + _POWER[match[3].lower()]
    value = Decimal(match[1])
    if value and (exponent > 99 or value.scaleb(exponent) > LARGEST):  # the first keeps the second quick
        raise UsageError(f'{name} "{text}" is above the largest count, 1e15')
    return Decimal(f"{value.scaleb(exponent):f}") if value else Decimal(0)


def refuse_grouped(text: str, name: str) -> None:
    """Refuse what is a thousand times as much where a dot stands between thousands: `1.000`, but not `0.500`."""
    if found := re.fullmatch(r"\$?([1-9]\d{0,2})\.(\d\d0)", text.strip(), re.ASCII):
        grouped, less = int(found[1] + found[2]), f"{found[1]}.{found[2]}".rstrip("0").rstrip(".")
        raise UsageError(f'{name} "{text}" could be {grouped:,} or {less}', f"write {grouped} or {less}")


def whole(text: str, name: str) -> Decimal:
    """Parse a count of whole things, at least 1."""
    value = count(text, name)
    if value < 1 or value != value.to_integral_value():
        raise UsageError(f'{name} "{text}" is not a whole number of at least 1')
    return value


def above_zero(text: str, name: str) -> Decimal:
    """Parse a count that may have a fraction and is not 0: a mean of few requests a day."""
    value = count(text, name)
    if not value:
        raise UsageError(f'{name} "{text}" is not above 0')
    return value


def quantity(parse: Callable[[str, str], Decimal]) -> Callable[[str, str], Quantity]:
    """A parser of a count, or of a range of counts: `400..600`."""
    from .lengths import Range

    def parser(text: str, name: str) -> Quantity:
        if other := _OTHER_RANGE.fullmatch(text.strip()):
            raise UsageError(f'{name} "{text}" is not a range', f"write it as {other[1]}..{other[2]}")
        low, dots, high = text.partition("..")
        if not dots:
            return parse(text, name)
        first, last = parse(low, name), parse(high, name)
        unit = high.strip()[-1]
        if unit.isalpha() and low.strip().isdecimal() and 0 < first < last.scaleb(-_POWER[unit.lower()]):
            plain = f"{low}..{last:f}"
            raise UsageError(
                f'{name} "{text}" could begin at {low} or {low}{unit}', f"write {low}{unit}..{high} or {plain}"
            )
        if first > last:
            raise UsageError(f'{name} "{text}" goes from high to low', f"write {high}..{low}")
        return Range(first, last)

    return parser


def length(text: str, name: str) -> Length:
    """Parse how long requests are: a count, a range of counts, or lengths with their shares, `20k:80%,400k:20%`."""
    return _weighted(text, name) if ":" in text else quantity(count)(text, name)


def _weighted(text: str, name: str) -> Decimal | Lengths:
    from .lengths import Lengths

    found: dict[Decimal, Decimal] = {}
    for part in text.split(","):
        number, colon, weight = part.strip().partition(":")
        if not colon:
            hint = "give each length a share: 20k:80%,400k:20%"
            raise UsageError(f'{name} "{text}": {part.strip()} has no share'.strip(), hint)
        tokens = count(number, name)
        if tokens in found:
            raise UsageError(f'{name} "{text}" has the length {number} twice'.strip())
        found[tokens] = share(weight, name)
    with localcontext(EXACT):
        percent = sum(found.values(), Decimal(0)) * 100
    if percent != 100:
        raise UsageError(f'{name} "{text}": the shares add up to {digits(percent)}%, not 100%'.strip())
    known = Lengths.of(found)
    return known if known.shares else known.mean


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
        raise UsageError(f'{name}: unknown value "{text}"', "known: auto, off")
    return None if text == "off" else text


def change(text: str, name: str) -> Decimal:
    """Parse a relative change: `10%`, `0.1`, `-5%`."""
    match = _SHARE.fullmatch(text.strip())
    if match is None:
        raise UsageError(f'{name} "{text}" is not a share', write(text) or "write it as 60% or 0.6")
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
    """Parse an amount in USD, up to 10^15: `600`, `$1,000.50`, `10k`."""
    match = _MONEY.fullmatch(text.strip())
    if match is None or not (match[1] or match[2]):
        raise UsageError(f'{name} "{text}" is not an amount in USD', write(text) or "write it as 600, 1000.50 or 10k")
    value = Decimal(match[1].replace(",", "") + (match[2] or "")).scaleb(_POWER[match[3].lower()])
    if value > LARGEST:
        raise UsageError(f'{name} "{text}" is above the largest amount, 1e15')
    return Decimal(f"{value:f}")


def amount(text: str, name: str) -> Decimal:
    """Parse money that is no rate: no `1.000`, which could be a thousand. A rate is often written so."""
    refuse_grouped(text, name)
    return money(text, name)


def write(text: str) -> str:
    """The hint for a number in another notation, `write 1.5k` for `1,5k`; empty for other texts."""
    plain = _CURRENCY.sub("", text.strip())
    if (found := _WORDED.fullmatch(plain)) and found[0] != f"{found[1]}{found[2] or ''}":
        unit = found[2] or "".join(x for x, said in zip(_UNITS, found.groups()[2:], strict=True) if said)
        return f"write {found[1]}{unit}"
    if _GROUPED.fullmatch(plain):
        return f"write {re.sub('[^0-9]', '', plain)}"
    if found := _DECIMAL_COMMA.fullmatch(plain):
        return f"write {found[1].replace('.', '') or '0'}.{found[2]}{found[3]}"
    named = plain != text.strip() and _MONEY.fullmatch(plain)
    return f"amounts are in USD, without a unit: write {plain}" if named else ""


def day(text: str, name: str) -> date:
    """Parse a date, `2026-11-22`."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    found = _OTHER_DAY.fullmatch(text.strip())
    year, month, of = (
        (found[1] or found[6], found[2] or found[5], found[3] or found[4]) if found else ("YYYY", "MM", "DD")
    )
    form = f"write it as {year}-{month:>02}-{of:>02}"
    raise UsageError(f'{name} "{text}" is not a date', form if found else f"{form}, for example 2026-11-22")
