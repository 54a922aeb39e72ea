"""Values of a log: times, amounts, texts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import InvalidUsageError
from llmcost.usage.record import json_mapping, micros, provider_named, text, tokens_of, usd, whole

AT = 1_784_092_247_000_000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1_784_092_247, AT),
        (1_784_092_247_000, AT),
        (1_784_092_247_000_000, AT),
        (1_784_092_247_000_000_000, AT),
        *((x, 10**14) for x in (10**11, 10**14, 10**17)),
        ("1784092247", AT),
        (1_784_092_247.25, AT + 250_000),
        (Decimal("1784092247.000001"), AT + 1),
        ("2026-07-15T05:10:47Z", AT),
        ("2026-07-15T07:10:47+02:00", AT),
        ("2026-07-15 05:10:47.000001", AT + 1),
        ("2026-07-15", 1_784_073_600_000_000),
        ("yesterday", None),
        ("", None),
        (True, None),
        (-5, None),
        (10**30, None),
        ("9" * 5_000, None),
        (0, None),
        (1, 1_000_000),
        (2**63 - 1, (2**63 - 1) // 1000),
        (2**63, None),
        (float("nan"), None),
        (None, None),
        ([], None),
    ],
)
def test_a_time_is_microseconds_in_utc(value: Any, expected: int | None) -> None:
    assert micros(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.00022500000000000002", Decimal("0.00022500000000000002")),
        (0.1, Decimal("0.1")),
        (2, Decimal(2)),
        ("a lot", None),
        ("NaN", None),
        (float("inf"), None),
        (10**15, Decimal(10**15)),
        (10**15 + 1, None),
        ("1e15", Decimal(10**15)),
        ("-1e99999999", None),
        ("1e-61", None),
        ("1e-60", Decimal("1e-60")),
        (True, None),
        (None, None),
    ],
)
def test_an_amount_is_what_is_written(value: Any, expected: Decimal | None) -> None:
    assert usd(value) == expected


def test_what_is_no_text_is_none() -> None:
    given: list[Any] = ["a", "", 5, True, None, {"a": 1}]

    assert [text(x) for x in given] == ["a", None, "5", None, None, None]


@pytest.mark.parametrize(
    ("value", "tokens"),
    [
        *((x, int(x)) for x in (0, 10**15, "7", 7.0, Decimal("7.0"))),
        *((x, None) for x in (-1, 10**15 + 1, "-1", 1.5, "x", "", True, None)),
    ],
)
def test_tokens_are_a_whole_number_from_0_to_a_quadrillion(value: Any, tokens: int | None) -> None:
    if tokens is not None:
        assert tokens_of(value, "n") == tokens
        return
    with pytest.raises(InvalidUsageError, match=r"n must be a whole number from 0 to 10\^15, not"):
        tokens_of(value, "n")


def test_a_count_is_a_whole_number_or_its_digits() -> None:
    given: list[Any] = [5, "5", 0, 10**15, -5, "-5", 5.0, "5.0", "", True, None, 10**15 + 1]

    assert [whole(x) for x in given] == [5, 5, 0, 10**15, -5, *[None] * 7]


def test_a_provider_has_our_name_and_openrouter_has_that_of_the_model() -> None:
    assert [provider_named(x) for x in ("Acme", "Anthropic", "OpenRouter", "", None)] == [
        "acme",
        "anthropic",
        *[None] * 3,
    ]


def test_an_object_may_be_text() -> None:
    given: list[Any] = [{"a": 1}, '{"a": 0.1}', "[1]", "{", "", None, 5]

    assert [json_mapping(x) for x in given] == [{"a": 1}, {"a": Decimal("0.1")}, *[{}] * 5]
