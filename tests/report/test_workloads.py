"""The words of a check, from its data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from llmcost.report.report import Report
from llmcost.report.workloads import with_findings, workload_table

JOB = {"workload": "bot", "why": None, "volume": "9 requests", "tokens": "5 in", "terms": "standard"}
SPEND = {
    "unpriced": None,
    "first": "2026-10-27",
    "last": "2026-11-25",
    "days_with_records": 28,
    "usd": 9,
    "read": "1 file",
}


@pytest.mark.parametrize(
    ("more", "columns", "rows"),
    [
        ({}, "workload model:1 monthly_usd", 1),
        ({"high": 2}, "workload model:1 low:2 monthly_usd high:2", 1),
        ({"removed": ["b"], "baseline": "main"}, "workload model:1 baseline_usd monthly_usd delta_usd delta_pct", 2),
    ],
)
def test_a_table_of_workloads_has_the_columns_that_say_something(more: dict[str, Any], columns: str, rows: int) -> None:
    job = {**JOB, "low": 1, "high": more.get("high", 1)}
    found = workload_table({"workloads": [job], "removed": [], "baseline": None, "total": {}, **more})

    assert " ".join(f"{x.key}:{x.optional}".removesuffix(":0") for x in found.columns) == columns
    ends = [found.rows[0].values[x] for x in ("low", "high")]
    assert ends == ([1, 2] if "high" in more else [None, None])
    assert {x.good for x in found.columns if x.key.startswith("delta")} <= {-1}
    assert ([x.total for x in found.rows], found.short) == ([False, True][:rows], 10)


@pytest.mark.parametrize(
    ("more", "rests_on", "details"),
    [
        ({}, (), ()),
        ({"baseline": "main", "priced_with": "Prices: x"}, ("Prices: x",), ("Before: main",)),
        ({"scored_with": "own.yaml"}, ("Scores: own.yaml",), ()),
        ({"scored_with": "packaged 2026"}, (), ("Scores: packaged 2026",)),
        (
            {"spend": SPEND},
            ("Spend: $9.00 from 2026-10-27 to 2026-11-25, records on 28 of 30 days; 1 file",),
            (),
        ),
        (
            {"spend": {**SPEND, "unpriced": "x", "usd": Decimal("0.5")}},
            ("Spend: at least $0.50 from 2026-10-27 to 2026-11-25, records on 28 of 30 days; 1 file",),
            (),
        ),
    ],
)
def test_what_a_check_rests_on_is_said(
    more: dict[str, Any], rests_on: tuple[str, ...], details: tuple[str, ...]
) -> None:
    data = {"baseline": None, "workloads": [JOB, {**JOB, "workload": "b", "why": "more tokens"}], **more}
    found = with_findings(Report(schema="llmcost.check/1", headline="", data=data), ())

    assert (found.assumptions, found.changes) == (rests_on, ("b: more tokens",))
    assert found.details == (
        "bot: 9 requests; 5 in; terms: standard",
        "b: 9 requests; 5 in; terms: standard",
        *details,
    )
