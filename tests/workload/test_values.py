"""What people write into values, in options and in files: what each parser takes, and what it says of the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import UsageError
from llmcost.workload.lengths import Lengths, Range, Times
from llmcost.workload.values import (
    above_zero,
    amount,
    caching,
    change,
    count,
    day,
    duration,
    length,
    margin,
    money,
    quantity,
    reasoning,
    share,
    whole,
)

Parse = Callable[[str, str], Any]
COUNT = "write a count like 500, 100k, 1.5M, 1_000 or 1e6"
SHARE = "write it as 60% or 0.6"
MONEY = "write it as 600, 1000.50 or 10k"
IN_USD = "amounts are in USD, without a unit: write 600"
DAY = "write it as YYYY-MM-DD, for example 2026-11-22"
tokens = quantity(count)


@pytest.mark.parametrize(
    ("parse", "text", "expected"),
    [
        *((count, text, expected) for text, expected in (("500", 500), ("100k", 100_000), ("1.5M", 1_500_000))),
        *((count, text, expected) for text, expected in ((" 2B ", 2 * 10**9), ("1_000", 1000), ("1e6", 10**6))),
        *((count, text, expected) for text, expected in ((".5", Decimal("0.5")), ("0e999", 0), ("1e15", 10**15), ("0.05e16", 5 * 10**14))),
        *((above_zero, text, Decimal(text)) for text in ("1", ".5")),
        *((whole, text, expected) for text, expected in (("1", 1), ("1.5k", 1500))),
        *((tokens, text, expected) for text, expected in (("400..600", Range(Decimal(400), Decimal(600))), ("7", 7))),
        *((tokens, text, Range(Decimal(low), Decimal(1000))) for text, low in (("0..1k", 0), ("500..1k", 500), ("1..1e3", 1), ("1..1k", 1))),
        *((change, text, Decimal(expected)) for text, expected in (("10%", "0.1"), ("0.1", "0.1"), ("-5%", "-0.05"))),
        *((share, text, Decimal(expected)) for text, expected in (("60%", "0.6"), (".6", "0.6"), ("0", "0"), ("1", "1"))),
        *((money, text, Decimal(expected)) for text, expected in (("600", "600"), ("$1,000.50", "1000.5"), (".5", "0.5"))),
        (money, "1000000B", 10**15),
        *((money, text, Decimal(expected)) for text, expected in (("10k", "10000"), ("$1.5M", "1500000"), (".5K", "500"))),
        *((count, text, Decimal(expected)) for text, expected in (("523.125", "523.125"), ("1000.000", "1000"))),
        *((amount, text, Decimal(expected)) for text, expected in (("1000.00", "1000"), ("1.000k", "1000"), ("0.250", ".25"))),
        (money, "1.250", Decimal("1.25")),
        *((margin, text, Decimal(expected)) for text, expected in (("30%", "0.3"), ("145%", "1.45"), ("0", "0"))),
        *((change, text, expected) for text, expected in (("100000000%", 10**6), ("-100000000%", -(10**6)))),
        (day, "2024-02-29", date(2024, 2, 29)),
        *((duration, text, expected) for text, expected in (("90s", 90), (" 10m ", 600), ("1h", 3600))),
        *((caching, text, expected) for text, expected in (("auto", "auto"), ("off", None))),
    ],
)  # fmt: skip
def test_a_value_is_read(parse: Parse, text: str, expected: Any) -> None:
    assert parse(text, "--x") == expected


@pytest.mark.parametrize(
    ("parse", "text", "why", "hint"),
    [
        *((count, text, "is negative", COUNT) for text in ("-5", "-5k", "-.5")),
        *((count, text, "is not a number", COUNT) for text in ("", "nan", ".nan", "inf", "many", "-", "٣")),
        *((count, x, "is not a number", "write 1000") for x in ("1,000", "1 000", "1'000", "1\u202f000", "1\u2019000")),
        *((count, x, "is not a number", "write 1.5k") for x in ("1,5k", "1.5 k")),
        (count, "1.234.567", "is not a number", "write 1234567"),
        (count, "1.234,5", "is not a number", "write 1234.5"),
        (count, "100.000", "could be 100,000 or 100", "write 100000 or 100"),
        (amount, "1.000", "could be 1,000 or 1", "write 1000 or 1"),
        (amount, "$2.500", "could be 2,500 or 2.5", "write 2500 or 2.5"),
        (count, "1.250", "could be 1,250 or 1.25", "write 1250 or 1.25"),
        *((count, text, "is above the largest count, 1e15", "") for text in ("1e16", "1e400", "1000001B")),
        *((whole, text, "is not a whole number of at least 1", "") for text in ("0", "1.5", "1.0001k")),
        (tokens, "600..400", "goes from high to low", "write 400..600"),
        *((tokens, f"400{x}600", "is not a range", "write it as 400..600") for x in ("...", "-", " - ", "\u2013", ":", " to ", "\u2026")),
        (tokens, "1..8k", "could begin at 1 or 1k", "write 1k..8k or 1..8000"),
        (tokens, "80..120k", "could begin at 80 or 80k", "write 80k..120k or 80..120000"),
        (tokens, "80k-1.5M", "is not a range", "write it as 80k..1.5M"),
        *((change, text, "is not a share", SHARE) for text in ("x", "", "ten", "1e-1")),
        (change, "60 %", "is not a share", "write 60%"),
        (change, "60percent", "is not a share", "write 60%"),
        (change, "+10%", "is not a share", "write 10%"),
        *((count, f"2{x}", "is not a number", "write 2M") for x in (" million", "mio", " mn")),
        *((count, f"2k{x}", "is not a number", "write 2k") for x in ("/day", " per day", "tokens", " requests", "/d")),
        *((count, f"2.5{x}", "is not a number", "write 2.5k") for x in (" thousand", " k")),
        *((count, x, "is not a number", "write 2B") for x in ("2bn", "~2 billion")),
        *((count, x, "is not a number", COUNT) for x in ("3M/month", "100kk")),
        (change, "60,5%", "is not a share", "write 60.5%"),
        (change, ",6", "is not a share", "write 0.6"),
        (change, "60", "is above 1", "did you mean 60%?"),
        *((change, text, "is above the largest change, 100,000,000%", "") for text in ("100000001%", "-100000001%")),
        (money, "1000001B", "is above the largest amount, 1e15", ""),
        (above_zero, "0", "is not above 0", ""),
        (reasoning, "x", "is not a number", COUNT),
        (margin, "-1%", "is below 0%", ""),
        *((share, text, "is not from 0% to 100%", "") for text in ("140%", "-5%")),
        *((money, text, "is not an amount in USD", MONEY) for text in ("nan", "-1", "", "$", "1,0x", "1e3")),
        (money, "600,50", "is not an amount in USD", "write 600.50"),
        (money, "1.000,50", "is not an amount in USD", "write 1000.50"),
        *((money, x, "is not an amount in USD", IN_USD) for x in ("600 USD", "\u20ac600", "600\u20ac", "EUR 600", "$ 600")),
        *((day, text, "is not a date", DAY) for text in ("2024-13-40", "yesterday", "20241122", "2026-02-30", "2026-W48-1")),
        *((day, text, "is not a date", DAY) for text in ("2026-11-22T00:00:00", " ", "")),
        *((day, text, "is not a date", "write it as 2026-11-02") for text in ("2.11.2026", "2026/11/02", "2026.11.2")),
    ],
)  # fmt: skip
def test_what_is_no_value_says_why_and_how_to_write_one(parse: Parse, text: str, why: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse(text, "--x")

    assert raised.value.message == f'--x "{text}" {why}'
    assert raised.value.hints == ((hint,) if hint else ())


@pytest.mark.parametrize(("text", "end"), [("x..5", "x"), ("5..", ""), ("1..2..3", "2..3")])
def test_each_end_of_a_range_is_a_value(text: str, end: str) -> None:
    with pytest.raises(UsageError, match="is not a number") as raised:
        tokens(text, "--in")

    assert raised.value.message.startswith(f'--in "{end}" ')


def test_a_length_is_a_count_a_range_or_a_list_with_shares() -> None:
    found = length("20k:80%, 400k:0.2", "--in")
    assert isinstance(found, Lengths)
    assert (found.tokens, found.numbers) == ((20_000, 400_000), (Decimal("0.8"), Decimal("0.2")))
    assert found.shares
    assert length("20k:100%,5:0%", "--in") == 20_000
    assert length("20k", "--in") == 20_000
    assert length("20k..400k", "--in") == Range(Decimal(20_000), Decimal(400_000))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("20k:80%,400k", '--in "20k:80%,400k": 400k has no share'),
        ("20k:80%,400k:10%", '--in "20k:80%,400k:10%": the shares add up to 90%, not 100%'),
        ("20k:80%,20000:20%", '--in "20k:80%,20000:20%" has the length 20000 twice'),
        ("20k:120%", '--in "120%" is not from 0% to 100%'),
        ("1..2:100%", '--in "1..2" is not a number'),
    ],
)
def test_shares_of_lengths_are_all_of_them(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        length(text, "--in")
    assert caught.value.message == message


def test_reasoning_is_a_number_or_a_multiple_of_the_output() -> None:
    assert reasoning("3x", "--reasoning") == Times(Decimal(3))
    assert reasoning(" 0.5X", "--reasoning") == Times(Decimal("0.5"))
    assert reasoning("2k", "--reasoning") == 2000
    assert reasoning("1k..2k", "--reasoning") == Range(Decimal(1000), Decimal(2000))
    with pytest.raises(UsageError, match='--reasoning "-3" is negative'):
        reasoning("-3x", "--reasoning")
