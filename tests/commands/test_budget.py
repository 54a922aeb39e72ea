"""`llmcost estimate --budget`: the requests a day that it pays for, in the headline, a column and a key."""

from __future__ import annotations

import json

import pytest

from ..conftest import Run

JOB = "--in 500 --out 200"


def headline(run: Run, asked: str) -> str:
    """The first sentence of an estimate."""
    return str(json.loads(run(f"estimate {asked} -f json").out)["headline"])


def test_the_requests_are_told_in_words_and_numbers(run: Run) -> None:
    data = json.loads(run(f"estimate -m gpt-4o --budget 1000 {JOB} -f json").out)
    (row,) = data["estimates"]
    assert data["headline"] == "$1,000.00 a month pays for 10,256 requests a day on openai/gpt-4o"
    assert (data["budget_usd"], row["affordable_requests_per_day"], row["monthly_usd"]) == (1000, 10_256, 999.96)
    shown = run(f"estimate -m gpt-4o --budget 1000 {JOB}").out
    assert "Requests/day" in shown
    assert "Requests: 500 tokens in + 200 out, over 30 days\n" in shown


def test_other_requests_have_other_words(run: Run) -> None:
    assert headline(run, f"-m gpt-4o --budget 0.1 {JOB}").startswith("$0.10 a month pays for 1 request a day on")
    several = headline(run, f"-m gpt-4o -m gpt-4o-mini --budget 1000 --days 3 {JOB}")
    mini, whole = "1,709,401 requests a day on openai/gpt-4o-mini", "102,564 requests a day on openai/gpt-4o"
    assert several == f"$1,000.00 for 3 days pays for {mini}, the most of 2; for {whole}"
    ranged = headline(run, "-m gpt-4o --budget 1000 --in 400..600 --out 200")
    assert "9,523 to 11,111 requests a day (expected 10,256)" in ranged
    assert "pays for any number of requests on" in headline(run, "-m gpt-4o --budget 1000 --in 0 --out 0")
    listed = json.loads(run(f"estimate --budget 1000 {JOB} --tier flex -f json").out)
    assert listed["left_out"]
    assert len(listed["estimates"]) > 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (f"{JOB} --months 3", "--budget cannot be combined with --months"),
        (f"{JOB} --growth 3%", "--budget cannot be combined with --growth"),
        (f"{JOB} --fail-over 3", "--budget cannot be combined with --fail-over"),
        ("--in 5 --out 5,6,7", "--budget takes one workload, not a list"),
    ],
)
def test_what_cannot_be_meant_is_refused(run: Run, more: str, said: str) -> None:
    ended = run(f"estimate -m gpt-4o --budget 1000 {more}")
    assert (ended.status, ended.err.splitlines()[0]) == (2, f"error: {said}")


def test_a_short_forecast_tells_the_first_month_the_last_and_the_changes(run: Run) -> None:
    def months(number: int) -> list[str]:
        lines = run(f"estimate -m gpt-4o --rpd 100k {JOB} --months {number}").out.splitlines()
        return [x.split()[0] for x in lines if x.split()[-1:] in (["yes"], ["no"])]

    assert months(5) == ["1", "2", "2", "3", "4", "5"]
    assert months(12) == ["1", "2", "2", "12"]
