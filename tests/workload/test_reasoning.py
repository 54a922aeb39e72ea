"""How many hidden tokens real requests had."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from llmcost.workload.reasoning import MEASURED


def test_a_measure_is_rounded_to_one_decimal() -> None:
    """18,373,824 hidden tokens beside 1,412,417 visible ones are 13.009 times as many."""
    found = MEASURED["openai/gpt-5"]
    assert (found.hidden, found.visible, found.times) == (18_373_824, 1_412_417, Decimal("13.0"))
    assert (found.requests, found.day) == (9_872, date(2025, 9, 12))
