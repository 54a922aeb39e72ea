"""The cheapest model that meets the needs: what meets a need, what fails it, what is unknown, and the order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.scores.effort import reasoned
from llmcost.scores.model import IntervalKind, Need, ScoreBook, Task
from llmcost.scores.recommend import (
    BarResult,
    BarStatus,
    Evidence,
    NeedResult,
    Needs,
    Recommendation,
    TaskNeed,
    check_bar,
    needs_of,
    recommend,
)
from llmcost.workload.estimate import estimate_listed
from llmcost.workload.model import Workload

from ..conftest import TODAY
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
    assert [y.evidence for y in x.missing] == [Evidence.UNKNOWN]


def test_the_others_are_ordered_by_needs_failed_then_what_is_known_then_the_gap_then_the_cost(catalog: Make) -> None:
    x = found(catalog, Needs(asked=asked(exam=80, puzzle=80)))

    assert ids(x.meeting) == ["a/dear"]
    assert ids(x.missing) == ["a/fair", "a/cheap", "b/cheap", "a/unscored"]
    assert x.missing[0].gaps == [Decimal("0.375")]
    assert not x.missing[0].only_dear
    assert [y.evidence for y in x.missing] == [*[Evidence.SHORT] * 3, Evidence.UNKNOWN]


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


def task(*bars: dict[str, int]) -> tuple[TaskNeed, ...]:
    made = Task(id="t", name="T", needs=tuple(Need(bars=_decimals(x)) for x in bars), reason="r")
    return tuple(TaskNeed(need=need, task=made) for need in made.needs)


def _decimals(bars: dict[str, int]) -> dict[str, Decimal]:
    return {key: Decimal(bar) for key, bar in bars.items()}


def test_one_known_score_below_its_bar_fails_a_task_whatever_the_others_say(catalog: Make) -> None:
    x = found(catalog, Needs(asked=task({"exam": 80, "puzzle": 60, "index": 60})))

    assert ids(x.meeting) == ["a/dear"]
    fair = x.missing[0].answers[0]
    assert [y.found for y in fair.readings] == [BarStatus.MET, BarStatus.SHORT, BarStatus.NO_SCORE]
    assert [y.benchmark for y in fair.failing] == ["puzzle"]
    assert (fair.evidence, fair.met, fair.decided.benchmark) == (Evidence.SHORT, False, "puzzle")


def test_a_bar_stands_in_for_another_whose_score_is_missing(catalog: Make) -> None:
    x = found(catalog, Needs(asked=task({"lies": 10, "exam": 30})))

    assert ids(x.meeting) == ["a/cheap", "b/cheap", "a/fair", "a/dear"]


def test_of_several_scores_below_their_bars_the_furthest_decides(catalog: Make) -> None:
    x = found(catalog, Needs(asked=task({"exam": 80, "puzzle": 80})))

    cheap = next(y for y in x.missing if y.estimate.model.id == "a/cheap").answers[0]
    assert (cheap.decided.benchmark, cheap.decided.gap) == ("puzzle", Decimal("0.625"))


def test_of_several_scores_that_meet_their_bars_the_borderline_one_decides_then_the_plainest(catalog: Make) -> None:
    x = found(catalog, Needs(asked=task({"exam": 75, "puzzle": 45, "index": 60})))

    assert {y.estimate.model.id: y.answers[0].decided.benchmark for y in x.meeting} == {
        "a/fair": "puzzle",
        "a/dear": "puzzle",
    }


def reading(key: str, status: BarStatus, gap: str | None = None, **terms: Any) -> BarResult:
    found = score("a/x", key, "50", **terms) if status is not BarStatus.NO_SCORE else None
    return BarResult(
        benchmark=key, bar=Decimal(50), found=status, score=found, gap=None if gap is None else Decimal(gap)
    )


@pytest.mark.parametrize(
    "readings",
    [
        (reading("other", BarStatus.UNSURE), reading("first", BarStatus.SHORT, "0.5")),
        (reading("other", BarStatus.MET, unverified=True), reading("first", BarStatus.MET)),
        (reading("other", BarStatus.MET, settings={"effort": "high"}), reading("first", BarStatus.MET)),
        (reading("other", BarStatus.NO_SCORE), reading("first", BarStatus.NO_INTERVAL)),
    ],
)
def test_the_reading_that_decides_is_the_one_of_which_most_is_known(readings: tuple[BarResult, ...]) -> None:
    (asked_for,) = task({"first": 50, "other": 50})

    for order in (readings, readings[::-1]):
        assert NeedResult(asked=asked_for, readings=order).decided.benchmark == "first"


@pytest.mark.parametrize(
    ("bars", "model", "expected"),
    [
        ({"exam": 70}, "a/fair", Evidence.SURE),
        ({"exam": 80}, "a/fair", Evidence.BORDERLINE),
        ({"exam": 70, "puzzle": 49}, "a/fair", Evidence.BORDERLINE),
        ({"exam": 83}, "a/fair", Evidence.SHORT),
        ({"index": 60}, "a/dear", Evidence.NO_INTERVAL),
        ({"index": 60, "exam": 80}, "a/dear", Evidence.SURE),
        ({"lies": 50}, "a/cheap", Evidence.UNKNOWN),
    ],
)
def test_how_well_a_model_is_known_to_meet_a_task(
    catalog: Make, bars: dict[str, int], model: str, expected: Evidence
) -> None:
    x = found(catalog, Needs(asked=task(bars)))

    (candidate,) = (y for y in (*x.meeting, *x.missing) if y.estimate.model.id == model)
    assert candidate.evidence is expected
    assert bool(candidate.borderline) is (expected is Evidence.BORDERLINE)


def test_the_surest_is_the_first_that_meets_every_need_beyond_its_interval(catalog: Make) -> None:
    unsure, sure = (found(catalog, Needs(asked=asked(exam=bar))) for bar in (82, 75))

    assert (ids(unsure.meeting), unsure.surest and unsure.surest.estimate.model.id) == (["a/fair", "a/dear"], "a/dear")
    assert (ids(sure.meeting)[0], sure.surest and sure.surest.estimate.model.id) == ("a/cheap", "a/fair")
    assert found(catalog, Needs(asked=asked(index=60))).surest is None


def test_a_model_that_is_shut_down_within_90_days_is_the_surest_only_where_no_other_is(catalog: Make) -> None:
    def surest(days: int) -> str | None:
        made = catalog(
            f"a/cheap: {{shutdown: {date.fromisoformat(TODAY) + timedelta(days)}, prices: {{input: 1, output: 1}}}}\n"
            "a/dear: {prices: {input: 9, output: 9}}\n"
        )
        x = recommend(BOOK, estimate_listed(made, made.models(), JOB).estimates, Needs(asked=asked(exam=60)))
        return None if x.surest is None else x.surest.estimate.model.id

    assert [surest(days) for days in (90, 91)] == ["a/dear", "a/cheap"]


def test_a_model_is_as_well_known_as_the_need_of_which_the_least_is_known(catalog: Make) -> None:
    x = found(catalog, Needs(asked=asked(exam=70, puzzle=49)))

    assert [(y.estimate.model.id, y.evidence) for y in x.meeting] == [
        ("a/fair", Evidence.BORDERLINE),
        ("a/dear", Evidence.SURE),
    ]


def test_within_a_budget_the_best_score_is_first(catalog: Make) -> None:
    x = found(catalog, Needs(asked=asked(exam=30), budget_usd=Decimal(200)))

    assert ids(x.meeting) == ["a/fair", "a/cheap", "b/cheap"]
    assert (x.missing[0].estimate.model.id, x.missing[0].gaps) == ("a/dear", [Decimal("0.35")])
    assert [y.only_dear for y in (*x.meeting, *x.missing)] == [False, False, False, True, False]
    assert x.ranking is not None
    assert (x.ranking.benchmark, x.ranking.best.estimate.model.id, len(x.ranking.scores)) == ("exam", "a/fair", 3)
    assert {x}, "it has a hash"


def test_the_least_is_the_best_where_lower_is_better(catalog: Make) -> None:
    book = ScoreBook(list(BOOK.benchmarks.values()), [score("a/fair", "lies", "9"), score("a/cheap", "lies", "3")])
    made = catalog(MODELS)
    needs = Needs(asked=asked(lies=10), budget_usd=Decimal(1000))

    assert ids(recommend(book, estimate_listed(made, made.models(), JOB).estimates, needs).meeting) == [
        "a/cheap",
        "a/fair",
    ]


@pytest.mark.parametrize(
    ("values", "tied", "cheapest"),
    [
        (["90", "81", "76"], [], "a/dear"),
        (["90", "84", "76"], ["a/fair"], "a/fair"),
        (["90", "82", "76"], [], "a/dear"),
        (["90", "82", "82"], ["a/cheap", "a/fair"], "a/cheap"),
        (["90", "60", "84", "85"], ["a/cheap"], "b/cheap"),
    ],
)
def test_models_that_may_be_as_good_as_the_best_are_told_with_the_cheapest(
    catalog: Make, values: list[str], tied: list[str], cheapest: str
) -> None:
    """82% of 200 items differs from 90% with p = 0.020: alone that is a difference, three times over it is 0.06 after Holm."""
    last = ("b/cheap", "exam", values[-1])
    scores = [score(*x) for x in zip(("a/dear", "a/fair", "a/cheap"), ["exam"] * 3, values[:3], strict=True)]
    made = catalog(MODELS)

    x = recommend(
        ScoreBook(list(BOOK.benchmarks.values()), [*scores, score(*last)]),
        estimate_listed(made, made.models(), JOB).estimates,
        Needs(asked=asked(exam=30), budget_usd=Decimal(1000)),
    ).ranking

    assert x is not None
    assert (sorted(set(ids(x.tied)) - {"b/cheap"}), x.cheapest.estimate.model.id) == (tied, cheapest)


def test_the_cheapest_that_may_be_the_best_is_one_that_lasts(catalog: Make) -> None:
    made = catalog(
        "a/one: {prices: {input: 2, output: 1}}\n"
        "a/two: {prices: {input: 3, output: 1}}\n"
        "a/soon: {shutdown: 2026-12-10, prices: {input: 1, output: 1}}\n"
    )
    book = ScoreBook(
        [benchmark("exam")],
        [score(f"a/{x}", "exam", y) for x, y in zip(("one", "two", "soon"), ("80", "81", "79"), strict=True)],
    )
    needs = Needs(asked=asked(exam=30), budget_usd=Decimal(1000))

    x = recommend(book, estimate_listed(made, made.models(), JOB).estimates, needs).ranking

    assert x is not None
    assert (x.best.estimate.model.id, x.cheapest.estimate.model.id) == ("a/two", "a/one")


def test_scores_without_intervals_are_not_tested(catalog: Make) -> None:
    scores = [score("a/fair", "index", "9"), score("a/cheap", "index", "9"), score("a/dear", "index", "8")]
    made = catalog(MODELS)
    needs = Needs(ranked_by="index", budget_usd=Decimal(1000))

    x = recommend(
        ScoreBook(list(BOOK.benchmarks.values()), scores),
        estimate_listed(made, made.models(), JOB).estimates,
        needs,
    )

    assert ids(x.meeting) == ["a/cheap", "a/fair", "a/dear"]
    assert x.ranking is not None
    assert (x.ranking.tied, ids(x.ranking.untested)) == ((), ["a/fair", "a/dear"])
    assert [(y.estimate.model.id, y.evidence) for y in x.missing] == [
        ("a/unscored", Evidence.UNKNOWN),
        ("b/cheap", Evidence.UNKNOWN),
    ]


@pytest.mark.parametrize("value", ["90", "40"])
def test_scores_of_another_harness_than_the_best_are_not_tested(catalog: Make, value: str) -> None:
    """Neither as tied nor as worse, and they take no part in the adjustment of the others; nor is a dearer one better."""
    other = {"settings": {"harness": "own"}}
    scores = [score("a/fair", "exam", "91"), score("a/cheap", "exam", "84"), score("b/cheap", "exam", value, **other)]
    made = catalog(MODELS)

    x = recommend(
        ScoreBook(list(BOOK.benchmarks.values()), [*scores, score("a/dear", "exam", "99", **other)]),
        estimate_listed(made, made.models(), JOB).estimates,
        Needs(asked=asked(exam=30), budget_usd=Decimal(200)),
    ).ranking

    assert x is not None
    assert (ids(x.tied), ids(x.untested), ids(x.not_comparable), x.better) == ([], [], ["b/cheap"], ())


def test_a_dearer_model_is_better_where_its_score_is_and_an_equal_one_takes_no_part(catalog: Make) -> None:
    """89% of 200 items differs from 82% with p = 0.046, twice over not."""
    scores = [score("a/cheap", "exam", "82"), score("a/fair", "exam", "82"), score("a/dear", "exam", "89")]
    made = catalog(MODELS)
    needs = Needs(asked=asked(exam=30), budget_usd=Decimal(50))

    x = recommend(ScoreBook([benchmark("exam")], scores), estimate_listed(made, made.models(), JOB).estimates, needs)

    assert x.ranking is not None
    assert (x.ranking.best.estimate.model.id, ids(x.ranking.better)) == ("a/cheap", ["a/dear"])


def test_a_task_ranks_by_its_first_benchmark_that_is_not_saturated_and_has_two_scores_with_intervals(
    catalog: Make,
) -> None:
    tests = [
        benchmark("full", saturated=True),
        benchmark("rare"),
        benchmark("index", interval=IntervalKind.NONE),
        benchmark("exam"),
        benchmark("puzzle"),
    ]
    scores = [score(f"a/{x}", key, "70") for key in ("full", "index", "exam", "puzzle") for x in ("fair", "cheap")]
    made = catalog(MODELS)

    def by(budget: int, *keys: str) -> str:
        needs = Needs(asked=task(dict.fromkeys(keys, 50)), budget_usd=Decimal(budget))
        book = ScoreBook(tests, [*scores, score("a/cheap", "rare", "70")])
        x = recommend(book, estimate_listed(made, made.models(), JOB).estimates, needs)
        assert x.ranking is not None
        return x.ranking.benchmark

    assert by(1000, "full", "rare", "index", "exam", "puzzle") == "exam"
    assert by(100, "full", "rare", "exam", "puzzle") == "full"
    assert by(1000, "rare", "full") == "full"


def test_what_has_no_score_on_the_benchmark_that_ranks_stands_last(catalog: Make) -> None:
    x = found(catalog, Needs(asked=task({"puzzle": 30, "exam": 30}), budget_usd=Decimal(1000)))

    assert ids(x.meeting) == ["a/dear", "a/fair", "a/cheap", "b/cheap"]
    assert x.ranking is not None
    assert (x.ranking.benchmark, list(x.ranking.scores)) == ("puzzle", ["a/dear", "a/fair", "a/cheap"])


def test_nothing_within_the_budget_is_ranked(catalog: Make) -> None:
    x = found(catalog, Needs(asked=asked(exam=80), budget_usd=Decimal(1)))

    assert (x.meeting, x.ranking) == ((), None)


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
    [
        ({}, False),
        *(({"effort": x}, True) for x in ("high", "thinking-16k", "reasoning")),
        *(({"effort": x}, False) for x in ("no-thinking", "non-thinking", "non-reasoning")),
    ],
)
def test_a_score_is_reasoned_where_an_effort_is_stated(settings: dict[str, str], expected: bool) -> None:
    assert reasoned(score("a/x", "exam", "80", settings=settings)) is expected


@pytest.mark.parametrize(
    ("reasoning", "settings", "expected"),
    [("always", {}, True), ("possible", {}, False), ("always", {"effort": "none"}, False)],
)
def test_the_score_of_a_model_that_always_reasons_is_reasoned(
    catalog: Callable[..., Catalog], reasoning: str, settings: dict[str, str], expected: bool
) -> None:
    made = catalog(f"a/x: {{capabilities: {{reasoning: {reasoning}}}, prices: {{input: 1}}}}")

    assert reasoned(score("a/x", "exam", "80", settings=settings), made.resolve("a/x")) is expected


def test_a_bar_of_the_users_own_replaces_that_of_a_task_on_the_same_benchmark() -> None:
    bars = {"exam": Decimal(80), "errors": Decimal(5)}
    task = Task(id="t", name="T", needs=(Need(bars=bars),), reason="")
    own, theirs = needs_of({"exam": Decimal(90)}, [task])

    assert (own.task, theirs.task) == (None, task)
    assert [dict(x.need.bars) for x in (own, theirs)] == [
        {"exam": Decimal(90)},
        {"exam": Decimal(90), "errors": Decimal(5)},
    ]
