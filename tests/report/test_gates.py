"""How gates came out, in a line each."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from llmcost.evals.validate import validate
from llmcost.gate.finding import Level
from llmcost.pricing.catalog import Catalog
from llmcost.report.gates import estimates_gate, forecasts_gate, safety_gate
from llmcost.workload.estimate import estimate
from llmcost.workload.forecast import forecast
from llmcost.workload.model import Range, Workload

MODELS = """
a/flat: {prices: {input: 1}}
a/rising: {prices: [{input: 1}, {from: 2026-12-01, input: 2}, {from: 2026-12-02, input: 3}, {from: 2026-12-03, input: 1}]}
a/gone: {prices: {input: 1}, shutdown: 2026-01-01}
"""


def job(**terms: Any) -> Workload:
    """A workload of $30 a month at a dollar a million."""
    return Workload(**{"requests_per_day": 1000, "input_tokens": 1000, "output_tokens": 0, **terms})


@pytest.mark.parametrize(
    ("model", "terms", "limit", "line"),
    [
        ("flat", {}, "30", "PASS: a/flat costs $30.00 a month, within the limit of $30.00"),
        ("flat", {}, "29.999", "FAIL: a/flat costs $30 a month, above the limit of $29.999"),
        (
            "flat",
            {"input_tokens": Range(Decimal(0), Decimal(2000))},
            "40",
            "WARN: a/flat costs $60.00 a month at its high end, above the limit of $40.00",
        ),
        (
            "flat",
            {"input_tokens": Range(Decimal(0), Decimal(2000))},
            "20",
            "FAIL: a/flat costs $30.00 a month as expected, above the limit of $20.00",
        ),
        (
            "rising",
            {},
            "40",
            "WARN: a/rising costs $90.00 a month from 2026-12-02 ($30.00 now), above the limit of $40.00",
        ),
        (
            "gone",
            {},
            "40",
            "PASS: a/gone costs $30.00 a month, within the limit of $40.00; it was shut down on 2026-01-01",
        ),
    ],
)
def test_a_cost_stands_against_its_limit(
    catalog: Callable[..., Catalog], model: str, terms: dict[str, Any], limit: str, line: str
) -> None:
    found = estimates_gate([estimate(catalog(MODELS), model, job(**terms))], Decimal(limit))

    assert found.lines == (line,)
    assert found.fact == {
        "limit_usd": Decimal(limit),
        "passed": not line.startswith("FAIL"),
        "verdict": found.verdict,
        "over": [f"a/{model}"] if line.startswith("FAIL") else [],
    }


def test_workloads_that_differ_and_the_dearest_month_are_named(catalog: Callable[..., Catalog]) -> None:
    made = catalog(MODELS)
    several = [estimate(made, "flat", job(input_tokens=x)) for x in (1000, 2000)]
    months = forecast(several[0], growth=Decimal("0.1"), months=2)

    assert [x.partition(", within")[0] for x in estimates_gate(several, Decimal(90)).lines] == [
        "PASS: a/flat costs $30.00 a month (1,000 requests a day x 30 days x (1,000 tokens in + 0 out))",
        "PASS: a/flat costs $60.00 a month (1,000 requests a day x 30 days x (2,000 tokens in + 0 out))",
    ]
    assert forecasts_gate([months], Decimal(30)).lines == (
        "FAIL: a/flat costs $33.00 a month in month 2, above the limit of $30.00",
    )


def test_a_verdict_on_quality_passes_where_it_is_safe_or_may_be_unknown() -> None:
    good, bad, few = (
        validate([1.0] * n, [1.0] * same + [other] * (n - same), margin=0.02)
        for n, same, other in ((500, 500, 1.0), (500, 300, 0.0), (5, 5, 1.0))
    )
    worse = validate([0.0] * 200 + [1.0] * 300, [1.0] * 500, margin=0.02)
    margin = Decimal("0.02")

    def said(x: Any, *, allow: bool = False, doubt: str = "") -> tuple[Level, str]:
        found = safety_gate(x, margin, allow_inconclusive=allow, doubt=doubt)
        return found.verdict, found.lines[0]

    assert said(good) == said(bad) == (Level.PASS, "PASS: safe at a margin of 2 points")
    assert said(worse, allow=True) == (Level.FAIL, "FAIL: unsafe at a margin of 2 points")
    assert said(few) == (Level.FAIL, "FAIL: not enough data at a margin of 2 points")
    assert said(few, allow=True) == (
        Level.PASS,
        "PASS: not enough data at a margin of 2 points, allowed by --allow-inconclusive",
    )
    assert said(good, doubt="not known") == (Level.UNJUDGED, "UNJUDGED: not known")
