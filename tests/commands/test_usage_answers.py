"""The questions of `llmcost usage`: what if, the forecast, the workloads, logged beside repriced, a limit."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from llmcost.commands.usage.view import usage_report
from llmcost.commands.usage.view_answers import (
    forecast_answer,
    logged_answer,
    spend_gate,
    what_if_answer,
    workload_answer,
)
from llmcost.gate.finding import Level
from llmcost.pricing.catalog import Catalog
from llmcost.report import display
from llmcost.report.depth import at_depth
from llmcost.report.report import Depth, Kind
from llmcost.usage.explain import explain
from llmcost.usage.forecast import forecast_spend
from llmcost.usage.record import UsageRecord
from llmcost.usage.sources import Sources
from llmcost.usage.whatif import Otherwise, what_if
from llmcost.usage.workload import derive_workloads
from tests.conftest import ROOT, Run
from tests.usage.conftest import spend_on, used

DATA = ROOT / "tests/data/usage"
FIRST = date(2026, 10, 26)  # a Monday, 4 weeks before today
SHORTEST = 23


def chat(model: str = "gpt-4o", given: int = 1_000_000, day: int = 0, **more: Any) -> dict[str, Any]:
    """Return a logged response of a day, counted from the first."""
    created = (FIRST + timedelta(days=day) - date(1970, 1, 1)).days * 86_400
    usage = {"prompt_tokens": given, "completion_tokens": 0, **more}
    return {"object": "chat.completion", "created": created, "model": model, "usage": usage}


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a log of a request a day of gpt-4o, for 28 days, one of which is too long for what is cheaper."""
    monkeypatch.chdir(tmp_path)
    rows = [chat(given=100_000, day=x) for x in range(28)]
    (tmp_path / "log.jsonl").write_text("".join(f"{json.dumps(x)}\n" for x in [*rows, chat("gpt-4.1", 300_000)]))
    return tmp_path


def run_json(run: Run, *arguments: str) -> Any:
    """Return the JSON of a run."""
    return json.loads(run("usage", "log.jsonl", *arguments, "-f", "json").out, parse_float=Decimal)


@pytest.mark.usefixtures("log")
def test_what_if_is_the_answer_and_the_sums_are_a_detail(run: Run) -> None:
    said = run("usage", "log.jsonl", "--what-if", "*=gpt-4o-mini", "--what-if", "batch").out
    found = run_json(run, "--what-if", "*=gpt-4o-mini", "--what-if", "batch")

    lines = said.splitlines()
    assert lines[0] == "$0.81 instead of $7.60 (-89.3%) with *=gpt-4o-mini, batch"
    assert "$7.60 for 29 requests from 2026-10-26 to 2026-11-22" in lines
    assert "Note: not changed: 1 request, openai/gpt-4o-mini takes at most 128,000 tokens" in lines
    assert "Tokens in" not in said
    assert found["what_if"] == {
        "changes": ["*=gpt-4o-mini", "batch"],
        "base_usd": Decimal("7.6"),
        "usd": Decimal("0.81"),
        "difference_usd": Decimal("-6.79"),
        "difference_pct": found["what_if"]["difference_pct"],
        "kept": {"openai/gpt-4o-mini takes at most 128,000 tokens": 1},
        "unsure_requests": 0,
        "unpriced_records": 0,
    }
    assert [(x["model"], x["otherwise"], x["kept_requests"]) for x in found["what_if_models"]] == [
        ("gpt-4o", "openai/gpt-4o-mini", 0),
        ("gpt-4.1", None, 1),
    ]
    assert found["totals"]["repriced_usd"] == Decimal("7.6")


@pytest.mark.usefixtures("log")
def test_a_saved_run_that_is_not_divided_there_says_so(run: Run) -> None:
    run("usage", "log.jsonl", "-o", "usage.json")

    said = run("usage", "usage.json", "--what-if", "gpt-4.1=grok-4.7").out

    assert "1 request may not fit: their lengths are not known" in said


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("change", "words", "usd"),
    [("cache=off", "cache=off", "$7.60"), ("cache=50%", "cache=50%", "$5.63"), ("batch", "batch", "$3.80")],
)
def test_changes_are_said_as_they_are_written(change: str, words: str, usd: str, run: Run) -> None:
    headline = run("usage", "log.jsonl", "-q", "--what-if", change).out.splitlines()[0]

    assert (headline.split()[0], headline.endswith(f"with {words}")) == (usd, True)


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ("--what-if gpt-4o", 'error: --what-if "gpt-4o" is not a change'),
        ("--what-if cache=off --what-if cache=5%", "error: --what-if cache= is given twice"),
        ("--what-if o3=gpt-4o", "error: no request went to o3"),
        ("--write log.jsonl", "error: log.jsonl is there already"),
        ("--write new.yaml --provider mistral", "error: no workload can be made"),
    ],
)
def test_a_slip_is_told(arguments: str, error: str, run: Run) -> None:
    said = run("usage", "log.jsonl", *arguments.split())

    assert (said.status, said.out) == (2, "")
    assert said.err.startswith(error)


@pytest.mark.usefixtures("log")
def test_the_days_to_come(run: Run) -> None:
    lines = run("usage", "log.jsonl", "--forecast", "70d").out.splitlines()
    found = run_json(run, "--forecast", "70")

    assert lines[0] == "$17.50 in 70 days from 2026-11-23 on, each weekday at its average"
    assert "Forecast: from 26 whole days, 2026-10-27 to 2026-11-21" in lines
    assert "no longer answers from 2027-01-14 on" in " ".join(lines)
    assert (found["forecast"]["days"], found["forecast"]["by_weekday"]) == (70, True)
    assert [(x["from"], x["days"], x["usd"]) for x in found["forecast_parts"]] == [
        ("2026-11-23", 52, 13),
        ("2027-01-14", 18, Decimal("4.5")),
    ]


@pytest.mark.usefixtures("log")
def test_workloads_are_written_and_checked(run: Run) -> None:
    lines = run("usage", "log.jsonl", "--write", "llmcost.yaml").out.splitlines()
    checked = json.loads(run("check", "-f", "json").out, parse_float=Decimal)
    found = run_json(run, "--workload")

    assert lines[0] == "2 workloads in the logs, which cost $7.60"
    assert [x["monthly_usd"] for x in checked["workloads"]] == [
        Decimal("7.5"),
        Decimal("0.6428571428574"),
    ]  # 28 and 1 requests in 28 days: $7.00 and $0.60, as 30 of these days cost them
    assert [(x["workload"], x["requests"], x["days"], x["usd"]) for x in found["workloads"]] == [
        ("gpt-4o", 28, 28, 7),
        ("gpt-4.1", 1, 28, Decimal("0.6")),
    ]
    assert found["workloads_left_out"] == {}


@pytest.mark.usefixtures("log")
def test_all_questions_at_once_are_a_short_answer(run: Run) -> None:
    questions = "--what-if batch --forecast 90d --workload"

    said = run("usage", "log.jsonl", *questions.split()).out

    assert len(said.splitlines()) <= SHORTEST
    assert [x for x in ("instead of", "in 90 days", "2 workloads") if x not in said] == []
    assert run("usage", "log.jsonl", *questions.split(), "-f", "csv").out.startswith("model,otherwise,requests,")
    dear = run("usage", str(DATA / "openrouter-chat/with-cost/log.jsonl"), *questions.split()).out
    assert (
        len(dear.splitlines()) <= SHORTEST
    )  # the longest of the samples: notes of rows that are not shown take no room


CUT = "but 1 row has no known cost (1 without usage)"
STREAMS = 'log the usage of every call (of a stream: stream_options: {"include_usage": true})'
NO_PRICE = "but 1 record has no price (unknown model my-model)"


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("more", "limit", "status", "verdict"),
    [
        ((), "8", 0, "PASS: the cost is $7.60, within the limit of $8.00"),
        ((), "7.5", 1, "FAIL: the cost is $7.60, above the limit of $7.50"),
        (("odd.jsonl",), "8", 2, f"UNJUDGED: the cost is at least $7.60, within the limit of $8.00, {NO_PRICE}"),
        (("odd.jsonl",), "7", 1, f"FAIL: the cost is at least $7.60, above the limit of $7.00, {NO_PRICE}"),
        (
            ("folder",),
            "8",
            0,
            "WARN: the cost is at least $7.60, within the limit of $8.00, but 1 file was not read (unknown format)",
        ),
        (("cut.jsonl",), "8", 2, f"UNJUDGED: the cost is at least $7.60, within the limit of $8.00, {CUT}; {STREAMS}"),
        (("cut.jsonl",), "7", 1, f"FAIL: the cost is at least $7.60, above the limit of $7.00, {CUT}"),
        (("bill.json",), "8", 1, "FAIL: the cost with the bills among the files is $9.00, above the limit of $8.00"),
    ],
)
def test_a_limit(more: tuple[str, ...], limit: str, status: int, verdict: str, run: Run, log: Path) -> None:
    """By the logs, and by a saved run of them."""
    (log / "odd.jsonl").write_text(json.dumps(chat("my-model")) + "\n")
    (log / "cut.jsonl").write_text(json.dumps({**chat("gpt-4o"), "usage": None}) + "\n")
    charge = {"amount": {"value": 9, "currency": "usd"}, "line_item": "gpt-4o, input"}
    bill = {"object": "bucket", "start_time": 1_793_491_200, "results": [charge]}
    (log / "bill.json").write_text(json.dumps(bill) + "\n")
    (log / "folder").mkdir()
    (log / "folder/package.json").write_text("{}")

    said = run("usage", "log.jsonl", *more, "--fail-over", limit)
    run("usage", "log.jsonl", *more, "-o", "usage.json")

    assert (said.status, said.err.strip()) == (status, verdict)
    again = run("usage", "usage.json", "--fail-over", limit)
    assert (again.status, again.err.strip()) == (status, verdict)


@pytest.mark.usefixtures("log")
def test_a_forecast_and_a_limit_beside_a_change_are_of_what_was_used(run: Run) -> None:
    said = run("usage", "log.jsonl", "--what-if", "batch", "--forecast", "70d", "--fail-over", "8")

    assert "$17.50 in 70 days from 2026-11-23 on, each weekday at its average, as it was used\n" in said.out
    assert said.err == "PASS: the cost as it was used is $7.60, within the limit of $8.00\n"


def test_a_part_by_days_has_no_record_without_a_day_and_tells_it(shipped: Catalog) -> None:
    undated = UsageRecord(source="x", tokens={"input_tokens": 9}, model="gpt-4o")
    spend = spend_on(shipped, used("in=1000000", "gpt-4o"), undated)
    part = spend.where(since=FIRST)

    assert (spend.undated, part.undated, spend.where([("model", "x")], since=FIRST).undated) == (0, 1, 0)
    assert usage_report(part, "model", Sources()).headline == (
        "at least $2.50 for 1 request on 2026-11-20; 1 record without a date left out"
    )
    assert spend_gate(part, Decimal(5)).lines == (
        "UNJUDGED: the cost is at least $2.50, within the limit of $5.00, but 1 record has no price (no date)",
    )


@pytest.mark.usefixtures("log")
def test_a_saved_part_remembers_the_records_without_a_day(run: Run, log: Path) -> None:
    (log / "undated.jsonl").write_text(json.dumps({**chat(), "created": None}) + "\n")
    run("usage", "log.jsonl", "undated.jsonl", "--since", "2026-01-01", "-o", "usage.json")

    assert run("usage", "usage.json", "--fail-over", "8").err == (
        "WARN: the cost is at least $7.60, within the limit of $8.00, but 1 record without a date is not in the saved run\n"
    )


def test_nothing_with_a_known_cost_is_within_no_limit(shipped: Catalog) -> None:
    nothing, unpriced = (
        spend_gate(spend_on(shipped), Decimal(5)),
        spend_gate(spend_on(shipped, used("in=1", "x")), Decimal(5)),
    )

    assert (nothing.verdict, unpriced.verdict) == (Level.UNJUDGED, Level.UNJUDGED)
    assert nothing.lines == ("UNJUDGED: the cost is unknown: no record of a request",)
    assert unpriced.lines == ("UNJUDGED: the cost is unknown: 1 record has no price (unknown model x)",)
    assert nothing.fact == {"limit_usd": 5, "passed": False, "verdict": "UNJUDGED", "cost_usd": None}


@pytest.mark.parametrize(
    ("logged", "words"),
    [
        ("2.5", "Logged cost: $2.50, as at list prices"),
        ("3", "Logged cost: $3.00, $0.50 more than at list prices ($2.50): no known mistake explains gpt-4o"),
    ],
)
def test_logged_beside_repriced(logged: str, words: str, shipped: Catalog) -> None:
    found = explain(spend_on(shipped, used("in=1000000", "gpt-4o", logged_usd=Decimal(logged))))

    assert found is not None
    assert logged_answer(found).sentence == words


def test_causes_by_model_and_what_has_no_logged_cost(shipped: Catalog) -> None:
    records = [
        used("in=1000000 read=900000", "gpt-4o", logged_usd=Decimal("3.625")),
        used("in=1000000", "gpt-4.1", logged_usd=Decimal("0.1")),
        *(used("in=1000000", x, logged_usd=Decimal("9.99")) for x in ("o3", "gpt-5", "gpt-5-mini")),
        used("in=1000000", "gpt-4o"),
    ]
    found = explain(spend_on(shipped, *records, used("in=5", "my-model", logged_usd=Decimal(1))))

    assert found is not None
    assert logged_answer(found).sentence == (
        "Logged cost: $33.70, $26.82 more than at list prices ($6.88): gpt-4.1: only OpenRouter's fee of 5% for a key of "
        "your own; gpt-4o: cached input billed twice, at the full rate too; --details has all. 1 record of $2.50 has "
        "no logged cost. $1.00 more is logged for unpriced records"
    )
    others, both = explain(spend_on(shipped, *records[2:])), explain(spend_on(shipped, *records[:2]))
    assert others is not None
    assert both is not None
    repriced = both.models[0].repriced_usd
    near = replace(both, models=(replace(both.models[0], logged_usd=repriced + Decimal("1E-20")),))
    assert logged_answer(both).brief.startswith("Logged cost: $3.7")
    assert logged_answer(both).brief.endswith("more than at list prices; --details has more")
    assert [x.values["difference_usd"] for x in logged_answer(near).table.rows] == [0]
    assert logged_answer(both).sentence.endswith("; gpt-4o: cached input billed twice, at the full rate too")
    assert "no known mistake explains gpt-5, gpt-5-mini and 1 more" in logged_answer(others).sentence


def test_a_rate_of_few_requests_is_not_shown_as_0(shipped: Catalog) -> None:
    spend = spend_on(shipped, used("in=1", "gpt-4o"), used("in=1", "gpt-4.1", date(2025, 7, 26)))
    table = workload_answer(derive_workloads(spend)).table

    assert table.columns[1].kind is Kind.RATIO
    assert display.cell(table.rows[0].values["requests_per_day"], Kind.RATIO) == "0.0021"


def test_what_the_parts_say_where_there_is_little(shipped: Catalog) -> None:
    records: list[UsageRecord] = [used("in=100", "gpt-4o", FIRST + timedelta(days=x)) for x in range(4)]
    spend = spend_on(shipped, *records, used("in=100 audio=9", "gpt-4o", FIRST + timedelta(days=4)))

    forecast = forecast_answer(forecast_spend(spend, 3, today=date(2026, 11, 23)))
    none = what_if_answer(what_if(spend_on(shipped), Otherwise(batch=True)), ["batch"])

    assert [x.values["requests"] for x in forecast.table.rows] == [3]
    assert forecast.sentence == "$0.00075 in 3 days from 2026-11-23 on, a run rate: less than a week is known"
    assert workload_answer(derive_workloads(spend)).notes[0].text.startswith("not in a workload: 1 record, audio")
    assert none.sentence == "$0.00 instead of $0.00 with batch"


def test_what_was_read_is_short_and_whole_among_the_details(shipped: Catalog) -> None:
    spend = spend_on(shipped, *[used("in=100", "gpt-4o", FIRST + timedelta(days=x)) for x in range(20)])
    counts = {"rows": 30, "records": 20, "duplicates": 4, "errors": 3, "no_usage": 2, "unreadable": 1}
    spend = replace(spend, cube=replace(spend.cube, counts=counts))

    report = usage_report(spend, "day", Sources(files=9, formats=tuple("abcde")))

    assert report.assumptions[:2] == (
        "Read: 9 files (a, b, c and 2 more), 30 rows",
        "Left out: 4 repeated, 3 failed, 2 without usage and 1 other row",
    )
    assert report.details == (
        "Formats: a, b, c, d, e",
        "Rows: 30 = 20 records + 4 repeated + 3 failed + 2 without usage + 1 unreadable",
    )
    (table,) = at_depth(report, Depth.SHORT).tables
    assert [x.values["day"] for x in table.rows][::13] == ["2026-11-01", "2026-11-14"]  # the newest
    assert table.rows[-1].total


def test_a_model_of_which_some_is_unpriced_is_told_by_its_records(shipped: Catalog) -> None:
    records = [used("in=100", "gpt-4o"), used("in=100", "gpt-4o", tier="flex"), used("in=9", "gpt-4o", tier="flex")]

    report = usage_report(spend_on(shipped, *records), "model", Sources())

    assert report.headline == "at least $0.00025 for 3 requests on 2026-11-20; 2 of 3 records unpriced (66.7%)"
    nothing = usage_report(spend_on(shipped, used("", "gpt-4o"), used("in=9", "x")), "model", Sources())
    assert nothing.headline.startswith("2 requests on 2026-11-20: cost unknown; 1 of 2 models unpriced")


def test_weeks_that_differ_are_a_band(shipped: Catalog) -> None:
    records = [used("in=1000000", "gpt-4o", FIRST + timedelta(days=x)) for x in range(28)]
    more = [used("in=1000000", "gpt-4o", FIRST + timedelta(days=8))] * 7

    found = forecast_answer(forecast_spend(spend_on(shipped, *records, *more), 7, today=date(2026, 11, 23)))

    # four Tuesdays have 11 requests, and weeks 7, 7 and 14
    assert found.sentence.startswith("$21.88 ($16.41 to $32.81 as the weeks differ) in 7 days from 2026-11-23 on")


def test_what_is_no_longer_sold_is_told(catalog: Callable[..., Catalog]) -> None:
    made = catalog("acme/one: {prices: [{input: 2, tiers: {batch: {input: 1}}}, {from: 2026-11-24, input: 2}]}")
    records = [used("in=100", day=FIRST + timedelta(days=x), tier="batch") for x in range(28)]
    records.append(used("in=100", day=date(2027, 1, 1)))

    found = forecast_answer(forecast_spend(spend_on(made, *records), 7, today=date(2026, 11, 23)))

    assert [x.text for x in found.notes] == [
        "the price of acme/one changes on 2026-11-24",
        "not in the forecast: 6 requests whose model or tier is no longer sold then",
        "not in the forecast: 1 record dated after today",
    ]


def test_logged_costs_are_compared_unasked(run: Run) -> None:
    said = run("usage", str(ROOT / "tests/data/usage/litellm-spendlogs/payload/spendlogs.jsonl"))

    assert "Logged cost: $0.000225, as at list prices" in said.out.splitlines()
