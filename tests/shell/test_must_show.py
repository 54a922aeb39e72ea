"""The figures that llmcost is held to, through the whole command."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from ..conftest import Run

JOB = "--rpd 100000 --in 500 --out 200"


def rows(run: Run, command: str, name: str = "estimates") -> list[dict[str, Any]]:
    """Return the rows of a command's JSON, with exact decimals."""
    result = run(f"{command} -f json")
    assert (result.status, result.err) == (0, "")
    found = json.loads(result.out, parse_float=Decimal, parse_int=Decimal)
    return list(found[name])


@pytest.mark.parametrize(
    ("options", "strong", "weak"),
    [
        ("", "9750", "585"),
        ("--tier batch", "4875", "292.5"),
        ("--cached 60%", "8625", "517.5"),
        ("--batch-share 40%", "7800", "468"),
        ("--days 365", "118625", "7117.5"),
        ("--reasoning 100", "9750", "585"),  # neither reasons
        ("--tier priority", "16575", "975"),
        ("--tier fast", "16575", "975"),
    ],
)
def test_the_articles_job(run: Run, options: str, strong: str, weak: str) -> None:
    found = rows(run, f"estimate -m gpt-4o -m gpt-4o-mini {JOB} {options}")

    costs = {row["model"]: row["monthly_usd"] for row in found}
    assert costs == {"openai/gpt-4o": Decimal(strong), "openai/gpt-4o-mini": Decimal(weak)}


def test_without_models_the_featured_ones_stand_cheapest_first(run: Run) -> None:
    found = rows(run, f"estimate {JOB}")

    assert len(found) >= 10
    assert [x["monthly_usd"] for x in found] == sorted(x["monthly_usd"] for x in found)
    assert {"openai/gpt-4o", "openai/gpt-4o-mini"} <= {x["model"] for x in found}


def test_models_that_do_not_sell_it_are_left_out_counted_and_named(run: Run) -> None:
    found = json.loads(run(f"estimate {JOB} --tier flex -f json").out)

    (note,) = [x["text"] for x in found["notes"] if x["kind"] == "left_out"]
    left = len(found["left_out"])
    assert note == f"{left} models left out: no flex tier ({left - 1}); shut down 2026-10-23 (openai/gpt-3.5-turbo)"
    assert {"model": "openai/gpt-4o", "reason": "no flex tier"} in found["left_out"]
    assert left > 5
    assert not {x["model"] for x in found["estimates"]} & {"openai/gpt-4o", "openai/gpt-3.5-turbo"}


def test_all_lists_every_model_that_can_answer(run: Run) -> None:
    found = rows(run, "estimate --rpd 10 --in 100 --out 10 --all")

    assert len(found) > 40
    assert not [x["model"] for x in found if "embedding" in x["model"]]


def test_provider_lists_one_vendor(run: Run) -> None:
    found = rows(run, f"estimate {JOB} --provider anthropic")

    assert {x["model"].partition("/")[0] for x in found} == {"anthropic"}


@pytest.mark.parametrize(
    ("command", "status", "verdict"),
    [
        (f"estimate -m gpt-4o-mini {JOB} --fail-over 600", 0, "PASS: openai/gpt-4o-mini costs $585.00 a month, within"),
        (f"estimate -m gpt-4o -m gpt-4o-mini {JOB} --fail-over $600", 1, "FAIL: openai/gpt-4o costs $9,750.00"),
        (
            "estimate -m gpt-4o-mini --rpd 100k --in 400..600 --out 200 --fail-over 600",
            0,
            "WARN: openai/gpt-4o-mini costs $630.00 a month at its high end, above the limit of $600.00",
        ),
        (
            "estimate -m gpt-4o-mini --rpd 100k --in 400..600 --out 200 --fail-over 584",
            1,
            "FAIL: openai/gpt-4o-mini costs $585.00 a month as expected, above the limit of $584.00",
        ),
        (f"estimate -m gpt-4o-mini {JOB} --growth 10% --months 3 --fail-over 600", 1, "$707.85 a month in month 3"),
        ("compare gpt-4o gpt-4o-mini --fail-over 149", 1, "FAIL: openai/gpt-4o-mini costs $150.00 a month"),
    ],
)
def test_a_gate_prints_the_report_then_the_verdict(run: Run, command: str, status: int, verdict: str) -> None:
    result = run(command)

    assert result.status == status
    assert "costs" in result.out
    assert verdict in result.err


def test_the_gate_stands_in_the_json(run: Run) -> None:
    found = json.loads(run(f"estimate -m gpt-4o {JOB} --fail-over 600 -f json").out)

    assert found["gate"] == {"limit_usd": 600, "passed": False, "verdict": "FAIL", "over": ["openai/gpt-4o"]}


def test_every_price_says_which_file_it_came_from(run: Run, table: Any) -> None:
    own = table("openai/gpt-4o:\n  prices: {input: 1, output: 2}")

    found = rows(run, f"estimate -m gpt-4o -m gpt-4o-mini {JOB} --pricing {own}")

    assert {x["model"]: (x["monthly_usd"], x["price_table"]) for x in found} == {
        "openai/gpt-4o": (2700, str(own)),
        "openai/gpt-4o-mini": (585, "packaged pricing.yaml"),
    }


@pytest.mark.untraced
@pytest.mark.parametrize("format_", ["table", "json", "csv", "md"])
@pytest.mark.parametrize(
    "command",
    [
        "bench",
        "compare gpt-4o gpt-4o-mini",
        f"estimate {JOB}",
        "models",
        "models show gpt-5.5",
        f"estimate -m gpt-4o {JOB} --months 2",
    ],
)
def test_every_command_has_every_format(run: Run, command: str, format_: str) -> None:
    """That it repeats itself the golden files tell, and for every command a report of its saved run."""
    found = run(f"{command} -f {format_}")

    assert found.status == 0
    assert found.out
