"""How many hidden tokens real requests had."""

from __future__ import annotations

from decimal import Decimal

from llmcost.workload.reasoning import MEASURED, measured_words


def test_a_measure_is_rounded_to_one_decimal() -> None:
    """18,373,824 hidden tokens beside 1,412,417 visible ones are 13.009 times as many."""
    found = MEASURED["openai/gpt-5"]
    assert (found.hidden, found.visible, found.times) == (18_373_824, 1_412_417, Decimal("13.0"))
    job = f"9,872 requests on 2025-09-12, effort not stated, {found.source}"
    said = "; one job on openai/gpt-5 had 13x its visible output, --reasoning 13x"
    assert (measured_words("openai/gpt-5"), measured_words("openai/gpt-4o")) == (f"{said} ({job})", "")
