"""Values of a log: times, amounts, texts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from llmcost.usage.record import micros, text, usd

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
