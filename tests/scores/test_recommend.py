"""The cheapest model that meets the needs: what meets a need, what fails it, what is not known, and the order."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.scores.model import IntervalKind, Need, ScoreBook, Task
from llmcost.scores.recommend import BarStatus, Needs, Recommendation, TaskNeed, check_bar, reasoned, recommend
from llmcost.workload.estimate import estimate_listed
from llmcost.workload.model import Workload

from .scores import benchmark, score

JOB = Workload(requests_per_day=1000, input_tokens=1000, output_tokens=0)
MODELS = """
a/dear: {context: 200000, prices: {input: 9, output: 9}}
a/fair: {context: 100000, prices: {input: 5, output: 5}}
a/cheap: {context: 8000, prices: {input: 1, output: 1}}
b/cheap: {prices: {input: 1, output: 1}}
a/unscored: {context: 200000, prices: {input: 0.5, output: 0.5}}
"""


BOOK = ScoreBook(
    [
        benchmark("exam"),
        benchmark("puzzle"),
        benchmark("lies", higher_is_better=False),
        benchmark("index", interval=IntervalKind.NONE),
    ],
    [
        score("a/dear", "exam", "90", settings={"effort": "high"}),
        score("a/dear", "puzzle", "80"),
        score("a/fair", "exam", "82"),
        score("a/fair", "puzzle", "50"),
        score("a/cheap", "exam", "76"),
        score("a/cheap", "puzzle", "30"),
        score("b/cheap", "exam", "40"),
        score("a/dear", "index", "70", unverified=True),
        score("a/fair", "lies", "9"),
    ],
)

Make = Callable[[str], Catalog]


def asked(**bars: int) -> tuple[TaskNeed, ...]:
    return tuple(TaskNeed(need=Need(bars={key: Decimal(bar)})) for key, bar in bars.items())


def found(catalog: Make, needs: Needs) -> Recommendation:
    made = catalog(MODELS)
    return recommend(BOOK, estimate_listed(made, made.models(), JOB).estimates, needs)


def ids(candidates: Any) -> list[str]:
    return [x.estimate.model.id for x in candidates]


def test_the_cheapest_that_meets_every_need_is_first(catalog: Make) -> None:
    x = found(catalog, Needs(asked=asked(exam=80, puzzle=50)))

    assert ids(x.meeting) == ["a/fair", "a/dear"]


def test_a_score_that_is_not_known_never_meets_a_need(catalog: Make) -> None:
    x = found(catalog, Needs(asked=asked(exam=0)))

    assert "a/unscored" not in ids(x.meeting)
    assert [y.short for y in x.missing] == [False]


def test_the_others_are_ordered_by_needs_failed_then_what_is_known_then_the_gap_then_the_cost(catalog: Make) -> None:
    x = found(catalog, Needs(asked=asked(exam=80, puzzle=80)))

    assert ids(x.meeting) == ["a/dear"]
    assert ids(x.missing) == ["a/fair", "a/cheap", "b/cheap", "a/unscored"]
    assert x.missing[0].gaps == [Decimal("0.375")]
    assert [y.short for y in x.missing] == [True, True, True, False]


def test_equally_far_ones_stand_by_cost_then_id(catalog: Make) -> None:
    x = found(catalog, Needs(asked=asked(lies=5)))

    assert ids(x.missing) == ["a/fair", "a/unscored", "a/cheap", "b/cheap", "a/dear"]
    assert x.missing[0].gaps == [Decimal("0.8")]


def test_a_context_window_is_a_need_that_may_not_be_known(catalog: Make) -> None:
    x = found(catalog, Needs(context=Decimal(100_000)))

    assert ids(x.meeting) == ["a/unscored", "a/fair", "a/dear"]
    assert [(y.estimate.model.id, y.gaps) for y in x.missing] == [
        ("a/cheap", [Decimal("0.92")]),
        ("b/cheap", [None]),
    ]


def test_a_task_is_met_by_any_of_its_bars_the_plainest_measurement_first(catalog: Make) -> None:
    bars = {"exam": Decimal(80), "puzzle": Decimal(80), "index": Decimal(60)}
    task = Task(id="t", name="T", needs=(Need(bars=bars),), reason="r")
    x = found(catalog, Needs(asked=(TaskNeed(need=task.needs[0], task=task),)))

    assert ids(x.meeting) == ["a/fair", "a/dear"]
    dear = x.meeting[1].answers[0]
    assert [y.found for y in dear.readings] == [BarStatus.MET, BarStatus.MET, BarStatus.MET]
    assert dear.decided.benchmark == "puzzle"
    cheap = next(y for y in x.missing if y.estimate.model.id == "a/cheap").answers[0]
    assert cheap.decided.benchmark == "exam"
    assert cheap.decided.gap == Decimal("0.05")


@pytest.mark.parametrize(
    ("key", "value", "bar", "confident", "expected", "gap"),
    [
        ("exam", "80", "80", False, BarStatus.MET, "0"),
        ("exam", "79.9", "80", False, BarStatus.SHORT, "0.00125"),
        ("exam", "80", "80", True, BarStatus.UNSURE, None),
        ("exam", "95", "80", True, BarStatus.MET, "0"),
        ("exam", "60", "80", True, BarStatus.SHORT, None),
        ("lies", "10", "10", False, BarStatus.MET, "0"),
        ("lies", "12", "10", False, BarStatus.SHORT, "0.2"),
        ("lies", "9", "10", True, BarStatus.UNSURE, None),
        ("lies", "2", "10", True, BarStatus.MET, "0"),
        ("lies", "1", "0", False, BarStatus.SHORT, "1"),
        ("index", "70", "60", False, BarStatus.MET, "0"),
        ("index", "70", "60", True, BarStatus.NO_INTERVAL, None),
        ("index", "45", "60", True, BarStatus.SHORT, "0.25"),
    ],
)
def test_what_a_score_says_about_a_bar(
    key: str, value: str, bar: str, confident: bool, expected: BarStatus, gap: str | None
) -> None:
    x = check_bar(BOOK, score("a/x", key, value), key, Decimal(bar), confident=confident)

    assert x.found is expected
    if gap is not None:
        assert x.gap == Decimal(gap)
    assert (x.gap is None) == (expected is BarStatus.NO_INTERVAL)
    assert x.met == (expected is BarStatus.MET)


def test_a_bar_is_surely_met_where_the_worse_end_of_the_interval_reaches_it() -> None:
    values = [
        ("exam", "95", "80"),
        ("exam", "81", "80"),
        ("lies", "2", "10"),
        ("lies", "9", "10"),
        ("index", "99", "1"),
    ]

    sure = [check_bar(BOOK, score("a/x", key, value), key, Decimal(bar)).sure for key, value, bar in values]

    assert sure == [True, False, True, False, False]


def test_with_confidence_the_gap_is_that_of_the_worse_end() -> None:
    x = check_bar(BOOK, score("a/x", "exam", "80"), "exam", Decimal(80), confident=True)

    assert x.interval is not None
    assert x.gap == (80 - x.interval[0]) / 80


@pytest.mark.parametrize(
    ("settings", "expected"),
    [({}, False), ({"effort": "high"}, True), ({"effort": "thinking-16k"}, True), ({"effort": "no-thinking"}, False)],
)
def test_a_score_is_reasoned_where_an_effort_is_stated(settings: dict[str, str], expected: bool) -> None:
    assert reasoned(score("a/x", "exam", "80", settings=settings)) is expected
