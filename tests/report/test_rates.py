"""The rates of a model: a row for each tier, length and peak hours that says when it applies."""

from __future__ import annotations

from datetime import date
from typing import Any

from llmcost.report.rates import rate_columns, rate_rows, units_of

from ..conftest import TODAY

PRICES = """\
  a/one:
    prices:
    - input: 4
      output: 8
      long_context: [{above: 1000, input: 6, output: 8}, {from_tokens: 2000, input: 7, output: 8}]
      tiers: {batch: {input: 2, output: 4, schedule: [{utc: ["01:00-02:00"], input: 1, output: 2}]}, off: {input: 3, output: 4}, flex: {input: 1, max_input: 500}}
"""


def test_a_row_of_rates_says_when_it_applies(catalog: Any) -> None:
    model = catalog(PRICES, TODAY).resolve("a/one")
    units = units_of(model)
    rows = [tuple(row.values()) for row in rate_rows(model.period(date(2026, 11, 27)), units)]

    assert [x.key for x in rate_columns(units)] == ["input", "output"]
    assert rows == [
        ("standard", "otherwise", 4, 8),
        ("standard", "above 1,000 tokens in", 6, 8),
        ("standard", "from 2,000 tokens in", 7, 8),
        ("batch", "otherwise", 2, 4),
        ("batch", "every day 01:00-02:00 UTC", 1, 2),
        ("off", "always", 3, 4),
        ("flex", "sold up to 500 tokens in", 1, None),
    ]
