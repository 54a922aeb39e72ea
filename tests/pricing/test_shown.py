"""Numbers for people and for machines, on both sides of every border."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal

import pytest

from llmcost.pricing.shown import about, count, percent, plain, rate, ratio, usd

Show = Callable[[Decimal], str]
NUMBERS: dict[Show, str] = {
    # USD: from $1 cents, half up; below it up to six significant digits, at least two decimals.
    usd: """
        0.9999994=$0.999999 0.99999949999=$0.999999 0.9999995=$1.00 0.99999999=$1.00 0.5=$0.50
        0.12345649=$0.123456 0.1234565=$0.123457 0.00325=$0.00325 0.0100000=$0.01 0.000000001=$0.000000001
        1E-9=$0.000000001 0.00000012345678=$0.000000123457 1=$1.00 1.004999=$1.00 1.005=$1.01 1.015=$1.02
        2.675=$2.68 1.995=$2.00 999.994=$999.99 999.995=$1,000.00 9750=$9,750.00 1234567.891=$1,234,567.89
        1E+15=$1,000,000,000,000,000.00 999999999999999.995=$1,000,000,000,000,000.00 0=$0.00 0.000=$0.00 -0=$0.00
        -0.00325=-$0.00325 -0.9999994=-$0.999999 -0.9999995=-$1.00 -1.005=-$1.01 -2350=-$2,350.00
        -1E-9=-$0.000000001
        1234567E+24=$1,234,567,000,000,000,000,000,000,000,000.00 1234567E+25=$1.23457e+31
    """,
    # A rate has all of its digits, up to twelve.
    rate: """
        2.5=$2.50 10=$10.00 0.0028=$0.0028 0.003625=$0.003625 1.36=$1.36 1.005=$1.005
        0.123456789=$0.123456789 1000000=$1,000,000.00 0=$0.00 0.18125=$0.18125 -1.5=-$1.50
        0.66666666666666666666666666666=$0.666667
        0.123456789012=$0.123456789012 0.1234567890123=$0.123457
    """,
    # A count has commas and at most two decimals.
    count: """
        0=0 0.00=0 5=5 100=100 1000=1,000 1E+3=1,000 1E+15=1,000,000,000,000,000 33333.333=33,333.33
        450.5=450.5 1.994=1.99 1.995=2 0.005=0.01 0.0049=0 1.005=1.01 -3=-3 -0.004=0
    """,
    # A percentage has one decimal; nothing has no sign: `-0.0%` is not a number.
    percent: """
        94=94.0% 0=0.0% 0.0=0.0% 0.049=0.0% 0.05=0.1% 99.949=99.9% 99.95=100.0% 100=100.0%
        1566.6666666=1,566.7% -1566.6666666=-1,566.7% -0.05=-0.1% 1E+9=1,000,000,000.0% -0.04=0.0% -0=0.0%
        -0.0499999=0.0% -1E-20=0.0%
    """,
    # A ratio has two decimals, or two digits where it is smaller.
    ratio: """
        16.6666666=16.67 1=1.00 1234.5=1,234.50 1.005=1.01 0.1=0.10 0.104999=0.10 0.105=0.11
        0.09999=0.10 0.0995=0.10 0.09949=0.099 0.06=0.06 0.0612=0.061 0.000123=0.00012 1E-12=0.000000000001 0=0.00
        -0.104=-0.10
    """,
    # For machines: all digits, and an exponent only where it is next to nothing or more than there is of anything.
    plain: """
        9750=9750 9750.00=9750 1E+15=1000000000000000 1E-9=0.000000001 -1.50=-1.5 0=0 0.000=0 -0=0 -0.00=0 0E+3=0 100=100
        1234567890123456789012345.678=1234567890123456789012345.678
        0.66666666666666666666666666666666=0.6666666666666666666666666667
        0.00000000000000000000000000012345=0.00000000000000000000000000012345 2.930E-57=2.93e-57
        1E+30=1000000000000000000000000000000 1E+31=1e+31 1.50=1.5
        1E-30=0.000000000000000000000000000001 1E-31=1e-31
    """,
}
"""What numbers are shown as: `value=text`."""
BEYOND = ["9" * 60, "1E+60", "-1.5E+40", "1E-40", "-1E-99", "1E+999999", "1E-999999"]
"""Numbers that are no amount of anything."""


@pytest.mark.parametrize(
    ("show", "value", "text"), [(show, *x.split("=")) for show, pairs in NUMBERS.items() for x in pairs.split()]
)
def test_a_number_is_shown(show: Show, value: str, text: str) -> None:
    assert show(Decimal(value)) == text


@pytest.mark.parametrize("value", BEYOND)
def test_any_number_can_be_shown(value: str) -> None:
    for show in NUMBERS:
        text = show(Decimal(value))
        assert len(text) < 40
        read = Decimal(text.replace("$", "").replace("%", ""))
        assert abs(read - Decimal(value)) <= abs(Decimal(value)) / 10**5 or (read == 0 and abs(Decimal(value)) < 1)
    assert Decimal(plain(Decimal(value))) == Context(prec=28).plus(Decimal(value))


def test_an_amount_that_is_about_so_much_has_few_digits_and_a_bound_is_never_below_it() -> None:
    assert [str(about(Decimal(x), 2)) for x in ("0.0071234", "1234", "0.995", "0")] == ["0.0071", "1200", "1.0", "0"]
    assert str(about(Decimal("0.0183001"), 3, up=True)) == "0.0184"
