"""Text becomes a value once: what each parser takes, and what it says of the rest."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import UsageError
from llmcost.shell.values import (
    column,
    condition,
    correlation,
    day_count,
    day_or_days,
    in_out,
    named_count,
    named_score,
    named_share,
    own_price,
    points,
    scale,
    seconds,
    seed,
    several,
    unique,
    wait,
)
from llmcost.workload.model import Range
from llmcost.workload.values import count, quantity, whole

Parser = Callable[[str, str], Any]
D = Decimal

TAKEN: list[tuple[Parser, dict[str, Any]]] = [
    (quantity(whole), {"5..5": Range(D(5), D(5))}),
    (several(whole), {"10k,100k": (D(10_000), D(100_000)), "5, 5": (D(5),), "1": (D(1),)}),
    (several(whole), {"1, 5k": (D(1), D(5000)), "500,1000": (D(500), D(1000)), "10,20,30": (D(10), D(20), D(30))}),
    (day_count, {"90d": 90, "90": 90, "1": 1, "100000d": 100_000}),
    (points, {"2": D("0.02"), "2%": D("0.02"), "1.5": D("0.015"), ".5": D("0.005"), "0.05%": D("0.0005")}),
    (wait, {"600": 600, "10m": 600, "0": 0}),
    (seconds, {"60": 60, "90s": 90, "2m": 120, "1h": 3600}),
    (seed, {"0": 0, " 7 ": 7}),
    (scale, {"1..10": (1, 10), "-1..0.5": (-1, 0.5)}),
    (correlation, {"0.45": 0.45, "-1": -1, "1.": 1, "1e-3": 0.001}),
    (condition, {"topic=law": ("topic", "law"), "topic=": ("topic", ""), "a=b=c": ("a", "b=c")}),
    (named_score, {"mmlu=80": ("mmlu", "80")}),
    (named_count, {"web_search=2": ("web_search", D(2)), "Web_Search=1": ("web_search", D(1))}),
    (named_share, {"openai=15%": ("openai", D("0.15"))}),
    (column, {"weak=mini_ok": ("weak", "mini_ok"), "Weak=A": ("weak", "A")}),
    (
        own_price,
        {
            "gpt-4o=2.00/8.00": ("gpt-4o", (D(2), D(8))),
            "a=$0.01/1,000": ("a", (D("0.01"), D(1000))),
            "a=.5/1": ("a", (D("0.5"), D(1))),
        },
    ),
    (in_out, {"1000000/1000000": (D(10**6), D(10**6)), "0/0.000001": (D(0), D("0.000001")), "$2/$8": (D(2), D(8))}),
]

COUNT = "write a count like 500, 100k, 1.5M, 1_000 or 1e6"
MONEY = "write it as 600, 1000.50 or 10k"
SHARE = "write it as 60% or 0.6"
POINTS = "write points between 0 and 100: 2 or 2% is two percentage points, 0.02 of the best score"
PRICE = "write it as gpt-4o=2.00/8.00, USD per 1M tokens in/out"
OWN_PRICE = "write it as gpt-4o=2.5/10, USD per 1M tokens in/out"
NO_PRICE = '"{}" is not in the form MODEL=IN/OUT'
NO_SHARE = "write it as openai=15%"

REFUSED: list[tuple[Parser, tuple[str, ...], str, str]] = [
    (several(whole), ("2,000",), '"{}" could be one number or a list', 'write 2000, or "2, 000" for a list'),
    (several(count), ("1,5",), '"{}" could be one number or a list', 'write 1.5, or "1, 5" for a list'),
    (several(whole), ("1,5k",), '"{}" could be one number or a list', 'write 1.5k, or "1, 5k" for a list'),
    (several(whole), ("1.000,5",), '"{}" could be one number or a list', 'write 1000.5, or "1.000, 5" for a list'),
    (points, (".05",), '"{}" is in percentage points', "write 5, or 0.05% if that is what you mean"),
    (own_price, ("gpt-4o:2.5/10", "gpt-4o=2.5,10", "gpt-4o = $2.5 : $10"), NO_PRICE, OWN_PRICE),
    (named_score, ("mmlu:80", "mmlu>=80", "mmlu 80", "mmlu > 80"), '"{}" has no score', "write it as mmlu=80"),
    (column, ("mini_ok=weak",), '"{}": unknown role "mini_ok"', "write it as weak=mini_ok"),
    (several(whole), ("1,",), '"" is not a number', COUNT),
    (day_count, ("0", "1.5d", "soon", "-5", "d", "90days", "0d"), '"{}" is not a number of days', "write it as 90d"),
    (
        points,
        ("0", "-1", "nan", "abc", "100", "2 points", "", "1e1", "0%", "200%"),
        '"{}" is not a number of percentage points',
        POINTS,
    ),
    (
        scale,
        ("10", "10..1", "1..1", "a..b", ""),
        '"{}" is not a range of scores',
        "write the worst and the best score: 1..10",
    ),
    (seconds, ("0", "3601", "2h"), '"{}" is not from 1 second to an hour', ""),
    (seconds, ("soon", "-1"), '"{}" is not a time', "write it as 90s, 10m or 1h"),
    (seed, ("-1", "1.5", "x"), '"{}" is not a whole number', "write a number like 0 or 7"),
    (correlation, ("4", "x", "-1.01", "nan"), '"{}" is not a correlation', "write a number from -1 to 1: 0.45"),
    (condition, ("item", "=law", ""), '"{}" has no value', "write it as topic=law"),
    (named_score, ("exam",), '"{}" has no score', "write it as mmlu=80"),
    (named_count, ("web_search",), '"{}" has no count', "write it as web_search=2"),
    (column, ("weak",), '"{}" has no column', "write it as weak=mini_ok"),
    (column, ("wek=x",), '"{}": unknown role "wek"', "known: item, weak, strong, score, "),
    (column, ("weak=",), '"{}" names no column', ""),
    (own_price, ("gpt-4o", "gpt-4o=2", "a=2/8/1", "=2/8", "", "openai/gpt-4o"), NO_PRICE, PRICE),
    (own_price, ("a=/8", "a=2/"), '"" is not an amount in USD', MONEY),
    (own_price, ("a=-2/8",), '"-2" is not an amount in USD', MONEY),
    (own_price, ("a=1000000.01/1", "a=1/1000001"), '"{}" is above $1,000,000 per 1M tokens', ""),
    (in_out, ("5",), '"{}" is not in the form IN/OUT', "write it as 2.00/8.00, USD per 1M tokens in/out"),
    (in_out, ("5/2000000",), '"{}" is above $1,000,000 per 1M tokens', ""),
    (named_share, ("openai", "=15%", ""), '"{}" has no share', NO_SHARE),
    (named_share, ("openai=",), '"" is not a share', SHARE),
    (named_share, ("openai=15",), '"15" is above 1', "did you mean 15%?"),
]


@pytest.mark.parametrize(
    ("parse", "text", "value"), [(parse, text, value) for parse, known in TAKEN for text, value in known.items()]
)
def test_a_text_is_taken_as_its_value(parse: Parser, text: str, value: Any) -> None:
    assert parse(text, "--x") == value


@pytest.mark.parametrize(
    ("parse", "text", "why", "hint"),
    [(parse, text, why.format(text), hint.format(text)) for parse, texts, why, hint in REFUSED for text in texts],
)
def test_a_text_that_is_no_value_is_refused(parse: Parser, text: str, why: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse(text, "--x")

    assert raised.value.message == f"--x {why}"
    assert " ".join(raised.value.hints).startswith(hint)
    assert bool(raised.value.hints) is bool(hint)


def test_a_name_that_is_given_twice_is_refused() -> None:
    assert unique([("a", 1), ("b", 2)], "--x") == {"a": 1, "b": 2}
    with pytest.raises(UsageError, match=r'^--x "a" is given twice$'):
        unique([("a", 1), ("a", 2)], "--x")


def test_neither_a_day_nor_days_is_refused_with_both_forms() -> None:
    with pytest.raises(UsageError) as caught:
        day_or_days("last-week", "--since")
    assert caught.value.hints == ("write it as YYYY-MM-DD, for example 2026-11-22", "or the last days: 7d")
