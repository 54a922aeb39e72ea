"""What a trial says before it is complete, and on the terminal while it is sent."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from llmcost.commands.trial.progress import in_lines, shown
from llmcost.commands.trial.sending import trouble_words
from llmcost.commands.trial.view import TrialCase, progress_words, trial_report
from llmcost.evals.ledger import End, Failed, Stopped
from llmcost.evals.money import Money
from llmcost.pricing.catalog import Catalog
from tests.conftest import Terminal
from tests.evals.test_trial_results import BAD, GOOD
from tests.evals.test_trial_results import run as answered
from tests.evals.trial_data import PRICES, TASK, plan

MakeCase = Callable[..., TrialCase]
PAIRS = [GOOD] * 18 + [BAD] * 2


@pytest.fixture
def case(catalog: Callable[..., Catalog]) -> MakeCase:
    prices = catalog(PRICES)

    def make(pairs: list[tuple[Any, Any]], n: int = 30, *, margin: str = "margin: 10\n", **more: Any) -> TrialCase:
        planned = plan(prices, n, text=TASK.replace("margin: 2\n", margin))
        return TrialCase(plan=planned, results=answered(pairs, n), money=Money(), prices="Prices", **more)

    return make


@pytest.mark.parametrize(
    ("pairs", "n", "said"),
    [
        (PAIRS[:10], 30, ("Too few: about 62 items decide a margin of 10 points if the models differ on 10% of them, not 30",)),
        (PAIRS[:10], 80, ()),
        ([GOOD] * 18 + [BAD] * 3, 30, ("About 430 items decide a margin of 10 points if this difference holds, not 30",)),
        ([GOOD] * 20, 30, ()),
        ([GOOD] * 22, 80, ()),
    ],
)  # fmt: skip
def test_it_tells_how_many_items_the_margin_needs(
    case: MakeCase, pairs: list[tuple[Any, Any]], n: int, said: tuple[str, ...]
) -> None:
    """By a guess of how often models differ until twenty items tell it."""
    sentences = trial_report(case(pairs, n)).sentences

    assert tuple(x for x in sentences if "margin" in x) == said


@pytest.mark.parametrize(
    ("stopped", "said"),
    [
        (Stopped(End.INTERRUPTED), "no verdict yet, 40 of 60 answers: interrupted"),
        (Stopped(End.REFUSED, "401 no"), "no verdict yet, 40 of 60 answers: 401 no"),
    ],
)
def test_it_tells_why_it_ended(case: MakeCase, stopped: Stopped, said: str) -> None:
    report = trial_report(case(PAIRS, stopped=stopped))

    assert report.headline == said
    assert report.data["unanswered"] == 20
    assert trial_report(case(PAIRS, stopped=stopped, margin="")).sentences[0].startswith("Spent")


def test_a_request_that_cost_more_than_it_could_is_the_reason(case: MakeCase) -> None:
    found = case(PAIRS, stopped=Stopped(End.BUDGET), max_usd=Decimal(1))
    found.results.ledger.calls[1].sent = {**found.results.ledger.calls[1].sent, "at_most_usd": 0.01}

    said = "40 of 60 answers: 1 request cost more than the highest price computed; the next call may cost more than"
    assert said in trial_report(found).headline


def test_one_call_that_fails_is_one(case: MakeCase) -> None:
    ids = [x.item for x in case([], 20).plan.calls[::2]]
    missing = case([GOOD] * 19 + [("positive", None)], 20, stopped=Stopped(End.COMPLETE))

    assert set(ids) == {f"r{x}" for x in range(20)}
    assert trial_report(missing).headline.endswith("39 of 40 answers: 1 call failed: 500 down")


@pytest.mark.parametrize(
    ("pairs", "margin", "said"),
    [
        (PAIRS[:1], "0.1", ["1 of 30 items", "$0.20 of $1.00"]),
        (PAIRS, None, ["20 of 30 items", "$4.00 of $1.00"]),
        (PAIRS, "0.1", ["20 of 30 items", "$4.00 of $1.00", "-10.0 points (-35.7 to +13.7): open"]),
        ([GOOD] * 30, "0.3", ["30 of 30 items", "$6.00 of $1.00", "+0.0 points (-11.4 to +11.4): safe"]),
    ],
)
def test_the_line_on_a_terminal_has_bounds_that_hold_at_any_time(
    pairs: list[tuple[Any, Any]], margin: str | None, said: list[str]
) -> None:
    """Two times as far out as those of the end where a quarter is known."""
    results = answered(pairs, 30)

    assert [*progress_words(results, None if margin is None else Decimal(margin), Decimal(1))] == said


def test_what_is_on_its_way_stands_beside_what_was_spent() -> None:
    """So what was spent never goes down."""
    results = answered(PAIRS[:1], 30)
    results.ledger.add({"kind": "sent", "call": 3, "item": "r0", "side": "weak", "at_most_usd": 0.5})

    assert progress_words(results, None, Decimal(1))[1] == "$0.20 + up to $0.50 on its way of $1.00"


def test_a_line_is_broken_between_its_parts() -> None:
    assert in_lines(["", "2 of 4 items", "$0.20 of $1.00", "-10.0 points (-35.7 to +13.7): open"], 34) == (
        "2 of 4 items, $0.20 of $1.00\n-10.0 points (-35.7 to +13.7): open"
    )


@pytest.mark.parametrize(
    ("status", "final", "wait", "said"),
    [
        (429, False, 11.2, "429: trying again in 12 s"),
        (500, False, 0.3, "500: trying again"),
        (None, False, float("inf"), "no answer: trying again"),
        (401, True, 0.0, "401"),
    ],
)
def test_a_failure_tells_the_wait(status: int | None, final: bool, wait: float, said: str) -> None:
    assert trouble_words(Failed(status, "x", None, 1, False, final), wait) == said


@pytest.mark.parametrize(
    ("quiet", "stop", "begins"),
    [
        (False, False, "429: trying again, 2 of 4 items"),
        (False, True, "stopping (Ctrl-C again: at once), 2 of 4 items"),
        (True, True, ""),
    ],
)
def test_the_line_is_drawn_on_a_terminal(monkeypatch: pytest.MonkeyPatch, quiet: bool, stop: bool, begins: str) -> None:
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr", terminal)
    with shown(4, lambda: ["2 of 4 items \x1b[2J"], quiet=quiet) as line:
        line.told(1)
        line.told(2, "429: trying again")
        if stop:
            line.stopping()

    assert begins in terminal.getvalue()
    assert "items \x1b[2J" not in terminal.getvalue()
    assert bool(begins) == ("[?25l" in terminal.getvalue())
