"""Numbers for machines: every digit, no idle zero."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.pricing.shown import plain


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (100, "100"),
        (Decimal("1.50"), "1.5"),
        (Decimal("2.000"), "2"),
        (Decimal("1E+3"), "1000"),
        (Decimal(0), "0"),
        (Decimal(1) / 3, "0.3333333333333333333333333333"),
        (Decimal("1E-40"), "1e-40"),
    ],
)
def test_a_number_for_machines(number: Decimal | int, text: str) -> None:
    assert plain(number) == text
