"""How many hidden tokens real requests had."""

from __future__ import annotations

from decimal import Decimal

from llmcost.workload.reasoning import MEASURED


def test_a_measure_is_rounded_to_one_decimal() -> None:
    """18,373,824 hidden tokens beside 1,412,417 visible ones are 13.009 times as many."""
    assert MEASURED["openai/gpt-5"].times == Decimal("13.0")
