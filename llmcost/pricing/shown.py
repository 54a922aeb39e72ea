"""Numbers as people read them, and as machines do. This is the one place where anything is rounded.

Every number can be shown: one that is so large or so small that zeros would be most of it has a power of ten.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal

_CENT = Decimal("0.01")
_TENTH = Decimal("0.1")
_SMALL = Context(prec=6, rounding=ROUND_HALF_UP)
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_MOST_ZEROS = 30
_MACHINE = Context(prec=28, rounding=ROUND_HALF_UP)


def usd(value: Decimal) -> str:
    """Money: two decimals and commas from $1, up to six significant digits below."""
    if abs(value) >= 1 or abs(_SMALL.plus(value)) >= 1:
        return _signed(_rounded(value, _CENT))
    return _signed(_SMALL.plus(value))


def about(value: Decimal, digits: int, *, up: bool = False) -> Decimal:
    """An amount that is not known better than to so many digits; `up` for one that bounds another from above."""
    rounding = ROUND_CEILING if up else ROUND_HALF_UP
    return Decimal(f"{Context(prec=digits, rounding=rounding).plus(value):f}")


def rate(value: Decimal) -> str:
    """A rate in USD with all of its digits, at least two decimals; six digits of one that has no end."""
    return _signed(value if len(value.normalize(_WIDE).as_tuple().digits) <= 12 else _SMALL.plus(value))


def _rounded(value: Decimal, unit: Decimal) -> Decimal:
    """A value rounded to a unit, or to six digits where it is huge; what is rounded to nothing has no sign."""
    rounded = _SMALL.plus(value) if value.adjusted() > _MOST_ZEROS else value.quantize(unit, context=_WIDE)
    return rounded or abs(rounded)


def _written(value: Decimal) -> str:
    """`1,234.50`, and `1.5e+40` where zeros would be most of it."""
    return f"{value:,f}" if not value or abs(value.adjusted()) <= _MOST_ZEROS else f"{value.normalize(_WIDE):e}"


def _signed(value: Decimal) -> str:
    """`-$1,234.50`: at least two decimals, no zeros after them."""
    text = _written(abs(value))
    whole, _, decimals = text.partition(".")
    shown = text if "e" in text else f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
    return f"{'-' if value < 0 else ''}${shown}"


def count(value: Decimal | int) -> str:
    """A count with commas, and up to two decimals where it is an average."""
    text = _written(_rounded(Decimal(value), _CENT))
    return text if "e" in text else text.rstrip("0").rstrip(".")


def percent(value: Decimal) -> str:
    """A percentage with one decimal: `94.0%`, `1,566.7%`."""
    return f"{_written(_rounded(value, _TENTH))}%"


def ratio(value: Decimal) -> str:
    """A ratio with two decimals, or two significant digits where it is small."""
    if abs(value) >= Decimal("0.1") or value == 0:
        return _written(_rounded(value, _CENT))
    return _written(Context(prec=2, rounding=ROUND_HALF_UP).plus(value))


def plain(value: Decimal | int) -> str:
    """A number for machines: all its digits (28 where a division has no end), no idle zeros.

    It has no exponent, unless it is so large or so small (a p value) that its zeros would be most of it.
    """
    number = _MACHINE.plus(Decimal(value))
    if number and abs(number.adjusted()) > _MOST_ZEROS:
        return f"{number.normalize():e}"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
