"""Parsers of option values."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from ..document import closest
from ..errors import UsageError
from ..lazy import pattern
from ..pricing.capabilities import NEEDS
from ..workload.values import amount, count, day, duration, money, share, write
from ..workload.values import whole as whole_number

if TYPE_CHECKING:
    from ..usage.cube import Zone

T = TypeVar("T")

_POINTS = pattern(r"(\d{1,2}(?:\.\d+)?|\.\d+)%?", re.ASCII)
_LEAST_POINTS = Decimal("0.002")
"""A margin of so few points is more often a share: 0.05 for 5 points."""
_SCALE = pattern(r"(-?\d{1,9}(?:\.\d+)?)\.\.(-?\d{1,9}(?:\.\d+)?)", re.ASCII)
_PROMPTS = pattern(r"([1-9]\d{0,5})(?:, *([1-9]\d{0,5}))?", re.ASCII)
_NUMBER = pattern(r"-?(\d+(\.\d*)?|\.\d+)(e-?\d{1,3})?", re.ASCII | re.IGNORECASE)
_ONE_OR_MANY = pattern(r"\d{1,3}(?:,\d{3})+|(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,3}[kmb]?", re.ASCII | re.IGNORECASE)
"""What may be one number, with commas between thousands or before decimals, or a list."""
_RATES = pattern(r"(.+?)\s*[=: ]\s*\$?([\d.]+)\s*[/,:; -]\s*\$?([\d.]+)", re.ASCII)
_PAIR = pattern(r"([^\s:=<>]+)\s*(?:[:=<>]+|\s)\s*([^\s:=<>]+)")


def day_count(text: str, option: str) -> int:
    """Parse a number of days, `90d` or `90`."""
    match = re.fullmatch(r"(\d{1,6})d?", text.strip(), re.ASCII)
    if match is None or not int(match[1]):
        raise UsageError(f'{option} "{text}" is not a number of days', "write it as 90d")
    return int(match[1])


def day_or_days(text: str, option: str) -> date | int:
    """Parse a date, `2026-11-22`, or a number of last whole days, `7d`."""
    if re.fullmatch(r"\s*\d{1,6}d\s*", text, re.ASCII):
        return day_count(text, option)
    try:
        return day(text, option)
    except UsageError as error:
        error.hints = (*error.hints, "or the last days: 7d")
        raise


class Minutes(int):
    """A time in seconds that help shows in minutes: `10m`."""

    def __str__(self) -> str:
        """The time as one would type it."""
        return f"{self // 60}m"


def wait(text: str, option: str) -> int:
    """Parse a time as seconds: `60`, `90s`, `10m`."""
    return int(text) if re.fullmatch(r"\s*[0-9]{1,5}\s*", text) else duration(text, option)


def seconds(text: str, option: str) -> int:
    """Parse a time from a second to an hour, as seconds: `60`, `90s`, `2m`."""
    value = wait(text, option)
    if not 1 <= value <= 3600:
        raise UsageError(f'{option} "{text}" is not from 1 second to an hour')
    return value


def seed(text: str, option: str) -> int:
    """Parse a whole number of at least 0."""
    if re.fullmatch(r"\s*[0-9]{1,18}\s*", text) is None:
        raise UsageError(f'{option} "{text}" is not a whole number', "write a number like 0 or 7")
    return int(text)


def sample(text: str, option: str) -> int:
    """Parse a number of items of which at least two are needed."""
    if re.fullmatch(r"\s*0*[01]\s*", text):
        raise UsageError(f'{option} "{text}" is not a whole number of at least 2')
    return int(whole_number(text, option))


def several(parse: Callable[[str, str], T]) -> Callable[[str, str], tuple[T, ...]]:
    """A parser of a list: `10k,100k,1M`. It refuses what could as well be one number with commas."""

    def parser(text: str, option: str) -> tuple[T, ...]:
        if _ONE_OR_MANY.fullmatch(text.strip()):
            one, many = write(text), text.replace(",", ", ")
            raise UsageError(f'{option} "{text}" could be one number or a list', f'{one}, or "{many}" for a list')
        return tuple(dict.fromkeys(parse(part.strip(), option) for part in text.split(",")))

    return parser


def points(text: str, option: str) -> Decimal:
    """Parse percentage points above 0 and below 100, `2`, `1.5` or `2%`, as the share they are: 0.02."""
    match = _POINTS.fullmatch(text.strip())
    value = Decimal(match[1]) / 100 if match else Decimal(0)
    if not value:
        why = "points between 0 and 100: 2 or 2% is two percentage points, 0.02 of the best score"
        raise UsageError(f'{option} "{text}" is not a number of percentage points', f"write {why}")
    if value <= _LEAST_POINTS and "%" not in text:
        from ..pricing.exact import digits

        meant, exact = digits(value * 10_000), digits(value * 100)
        raise UsageError(
            f'{option} "{text}" is in percentage points', f"write {meant}, or {exact}% if that is what you mean"
        )
    return value


def scale(text: str, option: str) -> tuple[float, float]:
    """Parse the least and the best score of a scale: `1..10`."""
    match = _SCALE.fullmatch(text.strip())
    if match is None or float(match[1]) >= float(match[2]):
        raise UsageError(f'{option} "{text}" is not a range of scores', "write the worst and the best score: 1..10")
    return float(match[1]), float(match[2])


def correlation(text: str, option: str) -> float:
    """Parse a correlation from -1 to 1."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None or not -1 <= float(match[0]) <= 1:
        raise UsageError(f'{option} "{text}" is not a correlation', "write a number from -1 to 1: 0.45")
    return float(match[0])


def name(text: str, _option: str) -> str:
    """Parse a name that is known in lower case."""
    return text.strip().lower()


def provider(text: str, _option: str) -> str:
    """Parse a provider by our name or another of its names: `OpenAI`, `x-ai`."""
    from ..pricing.providers import provider_name

    return provider_name(text)


def zone(text: str, option: str) -> Zone | None:
    """Parse the name of a time zone, `Europe/Berlin`; None for UTC."""
    from ..usage.cube import Zone

    if text.strip().upper() == "UTC":
        return None
    from zoneinfo import ZoneInfo, available_timezones

    try:
        found = ZoneInfo(text.strip())
    except (KeyError, ValueError, OSError):
        meant = closest(text.strip(), sorted(available_timezones()))
        raise UsageError(
            f'{option} "{text}" is not a time zone', f"did you mean: {meant}?" if meant else "write it as Europe/Berlin"
        ) from None
    first = date(1970, 1, 1).toordinal()

    def day_of(at: int) -> int:
        try:
            return datetime.fromtimestamp(at // 1_000_000, found).toordinal() - first
        except (ValueError, OverflowError, OSError):  # no calendar has it
            return at // 86_400_000_000

    return Zone(found.key, day_of)


def condition(text: str, option: str) -> tuple[str, str]:
    """Parse `column=text`."""
    return _named(text, option, "value", "topic=law")


def prompts(text: str, option: str) -> tuple[int, int]:
    """Parse the number of a prompt, or those of the weak side's and the strong side's: `1`, `1,2`."""
    match = _PROMPTS.fullmatch(text.strip())
    if match is None:
        raise UsageError(
            f'{option} "{text}" is not a prompt number',
            "write 1, or 1,2: the weak model's prompt, then the strong model's",
        )
    return int(match[1]), int(match[2] or match[1])


def named_score(text: str, option: str) -> tuple[str, str]:
    """Parse `mmlu=80`; the unit of the score is the benchmark's."""
    return _named(text, option, "score", "mmlu=80")


def capabilities(text: str, option: str) -> tuple[str, ...]:
    """Parse `vision,tools`: what a model must be able to do."""
    words = tuple(part.strip().lower() for part in text.split(","))
    for word in words:
        if word not in NEEDS:
            said = f'"{word}" is not known' if word else f'"{text}" has a comma too many'
            parts = [closest(x, NEEDS) or x for x in re.split(r"[\s;+&/]+", word)]
            meant = [f"did you mean: {','.join(parts)}?"] if {*parts} <= {*NEEDS} else []
            raise UsageError(f"{option} {said}", *meant, f"known: {', '.join(NEEDS)}")
    return words


def named_count(text: str, option: str) -> tuple[str, Decimal]:
    """Parse `web_search=2`."""
    name, number = _named(text, option, "count", "web_search=2")
    return name.lower(), count(number, option)


def column(text: str, option: str) -> tuple[str, str]:
    """Parse `weak=mini_ok`: a role of results and the column that has it."""
    from ..evals.readers.rows import ROLES

    return _column(text, option, "weak=mini_ok", tuple(ROLES))


def compared_column(text: str, option: str) -> tuple[str, str]:
    """Parse the same where no router is judged."""
    from ..evals.readers.rows import ROLES

    if text.partition("=")[0] == "score":
        raise UsageError(
            f'{option} "{text}": a score is a router\'s', "llmcost route results takes --column score=NAME"
        )
    return _column(text, option, "weak=mini_ok", tuple(x for x in ROLES if x != "score"))


def prompt_column(text: str, option: str) -> tuple[str, str]:
    """Parse `prompt=question`: the column of the prompts."""
    return _column(text, option, "prompt=question", ("prompt",))


def _column(text: str, option: str, example: str, roles: Collection[str]) -> tuple[str, str]:
    role, column = _named(text, option, "column", example)
    role = role.lower()
    if role not in roles:
        hint = f"write it as {column}={role}" if column in roles else f"known: {', '.join(roles)}"
        raise UsageError(f'{option} "{text}": unknown role "{role}"', hint)
    if not column:
        raise UsageError(f'{option} "{text}" names no column')
    return role, column


def own_price(text: str, option: str) -> tuple[str, tuple[Decimal, Decimal]]:
    """Parse `gpt-4o=2.00/8.00`: a model, and USD per 1M tokens in and out."""
    name, equals, rates = text.partition("=")
    if not (name and equals and rates.count("/") == 1):
        meant = _RATES.fullmatch(text.strip())
        form = "{}={}/{}".format(*meant.groups()) if meant else "gpt-4o=2.00/8.00"
        raise UsageError(
            f'{option} "{text}" is not in the form MODEL=IN/OUT', f"write it as {form}, USD per 1M tokens in/out"
        )
    return name, in_out(rates, option, whole=text)


def in_out(text: str, option: str, *, whole: str | None = None) -> tuple[Decimal, Decimal]:
    """Parse `2.00/8.00`: USD per 1M tokens in and out. An error shows the whole text that they are a part of."""
    first, slash, second = text.partition("/")
    if not slash:
        raise UsageError(
            f'{option} "{text}" is not in the form IN/OUT', "write it as 2.00/8.00, USD per 1M tokens in/out"
        )
    from ..pricing.units import MAX_RATE

    found = money(first, option), money(second, option)
    if max(found) > MAX_RATE:
        raise UsageError(f'{option} "{whole or text}" is above ${MAX_RATE:,} per 1M tokens')
    return found


def limit(text: str, option: str) -> Decimal:
    """Parse a limit in USD: an amount that is not 0, which is what a shell leaves of `$600`."""
    if re.fullmatch(r"0*(,\d{3})*(\.0*)?", text):
        why = "the shell reads $600 as $6 and 00: write 600, or '$600' in quotes"
        raise UsageError(f'{option} "{text}" is not a limit', why)
    return amount(text, option)


def named_share(text: str, option: str) -> tuple[str, Decimal]:
    """Parse `openai=15%`."""
    name, part = _named(text, option, "share", "openai=15%")
    return name, share(part, option)


def unique(pairs: Iterable[tuple[str, T]], option: str) -> dict[str, T]:
    """Named values as a mapping; a name that is given twice is an error."""
    found: dict[str, T] = {}
    for name, value in pairs:
        if name in found:
            raise UsageError(f'{option} "{name}" is given twice')
        found[name] = value
    return found


def _named(text: str, option: str, what: str, example: str) -> tuple[str, str]:
    name, equals, rest = text.partition("=")
    if not name or not equals or name[-1] in "<>":
        meant = _PAIR.fullmatch(text.strip())
        raise UsageError(
            f'{option} "{text}" has no {what}',
            f"write it as {meant[1]}={meant[2]}" if meant else f"write it as {example}",
        )
    return name, rest
