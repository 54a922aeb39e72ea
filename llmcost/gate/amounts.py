"""Forms of the quantities in an llmcost.yaml, written as on the command line: `100k`, `300..600`, `60%`, `$600`."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from ..document import LARGEST
from ..errors import UsageError
from ..form import Form, numeric, one_of, written
from ..pricing import caching
from ..workload import values
from ..workload.lengths import Length
from ..workload.model import AUTO, MAX_TURNS
from .config import LengthSource

T = TypeVar("T")

_COUNT = r"([0-9][0-9_]*(\.[0-9]+)?|\.[0-9]+)([eE][0-9]+)?[kKmMbB]?"
_RANGE = rf"{_COUNT}(\s*\.\.(?!\.)\s*{_COUNT})?"
_TIMES = rf"{_COUNT}[xX]"
_CHANGE = r"-?([0-9]+(\.[0-9]+)?|\.[0-9]+)%?"
_PERCENT = r"0*(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?|\.[0-9]+)%"
_SHARE = rf"{_PERCENT}|0*(1(\.0+)?|0?\.[0-9]+)|0+|-(0+(\.0+)?|\.0+)%?"
"""From 0 to 1, or from 0% to 100%; none with a minus is a share as well."""
_TURNS = r"0*([1-9][0-9]{0,3}|10000)(?:\.0+)?"
_PART = rf"\s*{_COUNT}\s*:\s*({_SHARE})\s*"
_LENGTHS = rf"{_PART}(,{_PART})*"
_MONEY = r"\$?(?=[0-9.])([0-9]{1,3}(,[0-9]{3})+|[0-9]*)(\.[0-9]+)?[kKmMbB]?"


def _days(text: str, name: str) -> int:
    """Parse days from 0 on: `90` or `90d`."""
    value = values.count(text.strip().removesuffix("d"), name)
    if value != value.to_integral_value():
        raise UsageError(f'"{text}" is not a whole number of days')
    return int(value)


def _percent(text: str, name: str) -> Decimal:
    """Parse a percentage, `10` or `10%`."""
    return values.count(text.strip().removesuffix("%"), name)


def _growth(text: str, name: str) -> Decimal:
    value = values.change(text, name)
    if value <= -1:
        raise UsageError(f'"{text}" leaves no requests: growth must be above -100% a month')
    return value


def _tokens(text: str, name: str) -> Length | LengthSource:
    """Parse how long requests are, `500`, or where that stands, `@calls.jsonl:usage.prompt_tokens`."""
    typed = text.strip()
    if not typed.startswith("@"):
        return values.length(typed, name)
    file, colon, field = typed[1:].rpartition(":")
    if not (file and colon and field):
        raise UsageError(f'"{typed}" does not name a field of a file', "write @calls.jsonl:usage.prompt_tokens")
    return LengthSource(file, field)


def _turns(text: str, name: str) -> int:
    values.refuse_grouped(text, name)
    match = re.fullmatch(_TURNS, text.strip(), re.ASCII)
    if match is None:
        raise UsageError(f'"{text}" is not a whole number of turns from 1 to {MAX_TURNS:,}')
    return int(match[1])


def _form(parse: Callable[[str, str], T], pattern: str, *, whole: bool = False, **limits: int) -> Form[T]:
    """A quantity in a text of this pattern, with any space around it, or a number within these limits."""
    return written(parse, numeric(rf"\s*({pattern})\s*", whole=whole, **limits))


WHOLE = _form(values.whole, _COUNT, whole=True, minimum=1, maximum=LARGEST)
REQUESTS = _form(values.quantity(values.above_zero), _RANGE, exclusiveMinimum=0, maximum=LARGEST)
TOKENS = _form(_tokens, f"{_RANGE}|{_LENGTHS}|@.+:.+", minimum=0, maximum=LARGEST).shared("tokens")
REASONING = _form(values.reasoning, f"{_RANGE}|{_TIMES}", minimum=0, maximum=LARGEST)
COUNT = _form(values.quantity(values.count), _RANGE, minimum=0, maximum=LARGEST)
TURNS = _form(_turns, _TURNS, whole=True, minimum=1, maximum=MAX_TURNS)
DURATION = written(values.duration, {"type": "string", "pattern": rf"^\s*{caching.DURATION}\s*$"})
CACHING = one_of(AUTO, "off")
SHARE = _form(values.share, _SHARE, minimum=0, maximum=1).shared("share")
GROWTH = _form(_growth, _CHANGE, exclusiveMinimum=-1, maximum=1)
MONEY = _form(values.amount, _MONEY, minimum=0, maximum=LARGEST).shared("usd")
PERCENT = _form(_percent, f"{_COUNT}%?", minimum=0, maximum=LARGEST)
DAYS = _form(_days, f"{_COUNT}d?", whole=True, minimum=0, maximum=LARGEST).shared("days")
