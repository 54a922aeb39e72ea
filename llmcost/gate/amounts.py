"""Forms of the quantities in an llmcost.yaml, written as on the command line: `100k`, `300..600`, `60%`, `$600`."""

from __future__ import annotations

from decimal import Decimal

from ..document import LARGEST
from ..errors import UsageError
from ..form import numeric, written
from ..workload import values

_COUNT = r"([0-9][0-9_]*(\.[0-9]+)?|\.[0-9]+)([eE][0-9]+)?[kKmMbB]?"
_RANGE = rf"{_COUNT}(\.\.{_COUNT})?"
_SHARE = r"([0-9]+(\.[0-9]+)?|\.[0-9]+)%?"
_MONEY = r"\$?(?=[0-9.])([0-9]{1,3}(,[0-9]{3})+|[0-9]*)(\.[0-9]+)?"


def _days(text: str, name: str) -> int:
    """Parse days from 0 on: `90` or `90d`."""
    value = values.count(text.removesuffix("d"), name)
    if value != value.to_integral_value():
        raise UsageError(f'"{text}" is not a whole number of days')
    return int(value)


def _percent(text: str, name: str) -> Decimal:
    """Parse a percentage, `10` or `10%`."""
    return values.count(text.strip().removesuffix("%"), name)


def _growth(text: str, name: str) -> Decimal:
    value = values.change(text, name)
    if value <= -1:
        raise UsageError(f'"{text}" leaves no requests: growth is more than -100% a month')
    return value


WHOLE = written(values.whole, numeric(_COUNT, whole=True, minimum=1, maximum=LARGEST))
REQUESTS = written(values.quantity(values.whole), numeric(_RANGE, whole=True, minimum=1, maximum=LARGEST))
TOKENS = written(values.quantity(values.count), numeric(_RANGE, minimum=0, maximum=LARGEST)).shared("tokens")
SHARE = written(values.share, numeric(_SHARE, minimum=0, maximum=1)).shared("share")
GROWTH = written(_growth, numeric(f"-?{_SHARE}", exclusiveMinimum=-1, maximum=1))
MONEY = written(values.money, numeric(_MONEY, minimum=0)).shared("usd")
PERCENT = written(_percent, numeric(f"{_COUNT}%?", minimum=0, maximum=LARGEST))
DAYS = written(_days, numeric(f"{_COUNT}d?", whole=True, minimum=0, maximum=LARGEST)).shared("days")
