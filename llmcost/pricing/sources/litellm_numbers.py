"""The numbers of litellm's table: rates, fees, multipliers, counts of tokens."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from ..exact import digits
from ..units import MAX_RATE, PER_RATE
from .common import per_million

_MOST_TOKENS = 10**15
_FINEST = -40
"""The exponent below which a number is a slip, not a price."""
NUMBERS = (str, int)
"""The types of a number as `common.loads` returns it; bool is none."""


@lru_cache(maxsize=65536)
def rate_of(value: str | int) -> str | None:
    """Return `as_rate` of what has the type of a number."""
    number = _price(value)
    if number is None or number * PER_RATE > MAX_RATE:
        return None
    return per_million(value) if number else "0"


@lru_cache(maxsize=8192)
def fee_of(value: str | int) -> str | None:
    """Return `as_fee` of what has the type of a number."""
    number = _price(value)
    return number if number is None else digits(number) if number else "0"


def _price(value: str | int) -> Decimal | None:
    try:
        number = Decimal(value)
        return number if 0 <= number <= MAX_RATE and int(number.as_tuple().exponent) >= _FINEST else None
    except ArithmeticError:
        return None


def as_rate(value: Any) -> str | None:
    """Return USD per token as the text of USD per 1M tokens; None for what is no rate."""
    return rate_of(value) if type(value) in NUMBERS else None


def as_fee(value: Any) -> str | None:
    """Return USD for one of something as its text; None for what is no fee."""
    return fee_of(value) if type(value) in NUMBERS else None


@lru_cache(maxsize=8192)
def times(amount: str, factor: str) -> str:
    """Return the product of two amounts as its text."""
    return digits(Decimal(amount) * Decimal(factor))


def whole(value: Any) -> int | None:
    """Return a whole number of tokens, or None."""
    if type(value) is int:
        return value if 0 <= value <= _MOST_TOKENS else None
    try:
        number = Decimal(value if isinstance(value, str) else "nan")
        return int(number) if 0 <= number <= _MOST_TOKENS and number == number.to_integral_value() else None
    except ArithmeticError:
        return None
