"""The charts of every schema: each row is a mark or is counted, what a mark says is its row, and axes are honest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.report.chart import Chart, ChartKind, Scale
from llmcost.report.charts import charts_of, plotted
from llmcost.report.charts.reading import LowHigh, ends
from llmcost.report.charts.scores import _VERDICTS
from llmcost.report.report import Report
from llmcost.scores.difference import ScoreVerdict

from ..conftest import ROOT
from .chart_runs import RUNS, part, placed


def report(name: str, **changes: Any) -> Report:
    schema, data = RUNS[name]
    return Report(schema=f"llmcost.{schema}/1", headline="Found", data={**data, **changes})


def charts(name: str, **changes: Any) -> Sequence[Chart]:
    return charts_of(report(name, **changes))


def says(chart: Chart) -> list[str]:
    return [mark.say for mark in chart.marks]


def drawn(chart: Chart) -> list[str]:
    """All of a chart, a line for each part of it."""

    def words(*parts: object) -> str:
        return " ".join("-" if x is None or x == "" else str(x) for x in parts)

    axes = [words(x.title, "|", x.kind, x.scale, x.reversed * "reversed") for x in (chart.x, chart.y)]
    rows = [f"rows {', '.join(chart.y.rows)}"] if chart.y.rows else []
    series = [words("series", x.sign, x.ink, x.name) for x in chart.series]
    marks = [
        words("mark", x.x, x.y, x.low, x.high, x.slot, chart.series.index(x.series), x.label, "|", x.say)
        for x in chart.marks
    ]
    traces = [
        words("trace", chart.series.index(x.series), x.dashed * "dashed", x.label, *(f"{a},{b}" for a, b in x.points))
        for x in chart.traces
    ]
    limits = [words("limit", x.at, x.ink, x.row, x.before, x.label) for x in chart.limits]
    return [
        words(chart.title, "|", chart.kind, chart.slots),
        *axes,
        *rows,
        *series,
        *marks,
        *traces,
        *limits,
        *chart.words,
    ]


def test_the_charts_of_every_run_are_made_as_before(request: pytest.FixtureRequest) -> None:
    """Every value of every chart, in a file to be looked at; `--update-golden` writes what is made now."""
    path = ROOT / "tests" / "golden" / "charts.values"
    found = [line for name in RUNS for chart in charts(name) for line in ("", f"## {name}", *drawn(chart))]
    text = "\n".join(found[1:]) + "\n"
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8", newline="")
    assert path.read_text(encoding="utf-8") == text


def test_a_frontier_has_every_model_that_has_a_cost_and_a_score() -> None:
    (chart,) = charts("frontier")

    assert says(chart) == [
        "a/nano: $10.00, 40, frontier",
        "a/mini: $20.00, 62.5, 95% interval 55.0 to 70.0, frontier",
        "b/mini: $30.00, 65, frontier",
        "a/odd: $25.00, 60, not clearly worse than a/mini",
        "a/old: $200.00, 50, dominated by a/mini",
    ]
    assert chart.left_out == ((1, "without a cost"), (1, "without a score"), (1, "at $0.00"))
    assert chart.words[-1] == "Not drawn: 1 without a cost, 1 without a score, 1 at $0.00"
    assert [mark.label for mark in chart.marks] == ["nano", "a/mini", "b/mini", "", ""]
    assert [(int(x), float(y)) for x, y in chart.traces[0].points] == [
        *((10, 40), (20, 40), (20, 62.5), (30, 62.5), (30, 65), (200, 65)),
    ]
    assert (chart.x.title, chart.x.scale, chart.y.title) == ("USD a month, logarithmic", Scale.LOG, "Exam")


def test_costs_below_zero_have_a_linear_axis_and_fewer_can_be_better() -> None:
    (chart,) = charts("frontier of items")

    assert (chart.x.title, chart.x.scale) == ("USD per item of the scored run", Scale.LINEAR)
    assert (chart.y.title, chart.y.reversed) == ("lies, lower is better: the best is at the top", True)
    assert chart.traces == ()
    volume = {"requests": 1000, "input_tokens": 1000, "days": 30}
    (chart,) = charts("frontier", cost_basis="volume", workload=volume)
    assert chart.x.title == "USD for 1M input tokens, logarithmic"


def test_a_benchmark_has_its_best_models_from_the_top() -> None:
    exam, arena = charts("bench")

    assert says(exam)[:2] == [
        "a/high: 90, 95% interval 40.0 to 95.0",
        "a/wrong: 57, 95% interval 40.0 to 95.0, contradicted by its sources",
    ]
    assert len(exam.marks) == len(exam.y.rows) == 30
    assert exam.left_out == ((1, "without a score"), (3, "further down"))
    assert (exam.title, arena.title) == ("Scores on Exam", "Scores on arena")
    assert [x.title for x in charts("bench against a base")] == ["a/small against a/large: scores"]
    assert exam.caption == ("Lines are 95% intervals; 28 of 30 without one",)


def test_what_is_not_verified_has_a_sign_of_its_own() -> None:
    exam = charts("bench", scores=RUNS["bench"][1]["scores"][:3])[0]

    assert [x.name for x in exam.series] == ["score", "contradicted by its sources", "not verified"]
    assert exam.marks[-1].label == "41.2"


def test_costs_are_bars_with_their_ranges_and_the_limit() -> None:
    (chart,) = charts("estimate")

    assert chart.kind is ChartKind.BARS
    assert says(chart) == ["a/small: $50.00, range $40.00 to $70.00", "a/large: $900.00"]
    assert [(int(x.at), x.label) for x in chart.limits] == [(600, "limit $600.00")]
    assert chart.left_out == ((1, "without a cost"),)


def test_costs_that_are_far_apart_are_dots_as_a_bar_has_no_length_on_a_logarithmic_axis() -> None:
    (chart,) = charts("estimate far apart")

    assert (chart.kind, chart.x.title) == (ChartKind.DOTS, "USD for 7 days, logarithmic")
    assert chart.left_out == ((1, "at $0.00"),)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("estimate of workloads", ["a/small, 10 requests/day: $5.00", "a/small, 100 requests/day: $50.00"]),
        ("estimate of one", ["input: $4.00", "cache read: $1.00"]),
        ("budget", ["a/small: 3, range 2 to 3"]),
        (
            "save",
            [
                "a/large: $100.00, today",
                "model: a/small: $6.00, worse",
                "model: a/same: $60.00",
                "route: a/odd: $50.00, a router",
                "batch: a day: $50.00, a day",
            ],
        ),
        ("recommend", ["a/small: $5.00, borderline", "a/odd: $6.00"]),
        ("route without a curve", ["a/small alone: $10.00", "mix: $28.00", "a/large alone: $100.00"]),
    ],
)
def test_a_bar_says_its_row(name: str, first: list[str]) -> None:
    assert says(charts(name)[0]) == first


def test_a_forecast_is_steps_of_days_with_what_changes_on_which() -> None:
    (chart,) = charts("forecast")

    assert says(chart)[1:3] == [
        "a/small: 2026-12-31 to 2027-01-09, $20.00, $2.00 a day",
        "a/small: 2027-01-10 to 2027-01-29, $40.00, $2.00 a day, after its shutdown",
    ]
    assert len(chart.marks) == len(RUNS["forecast"][1]["forecast"])
    assert [x.label for x in chart.limits] == [
        "price change 2026-12-31: small",
        "shutdown 2027-01-10: small",
        "redirect 2027-01-30: large",
    ]
    assert [(x.dashed, x.label) for x in chart.traces] == [(False, ""), (True, "a/small"), (False, "a/large")]


@pytest.mark.parametrize(
    ("before", "after", "changes"), [(10**9, 10**9 + 1, 0), (10**9, 10**9 + 2, 1), (10**9, 10**9 - 2, 1), (0, 0, 0)]
)
def test_a_price_changes_where_a_request_does_not_cost_the_same(before: int, after: int, changes: int) -> None:
    months = ("2026-12-01", "2026-12-30"), ("2026-12-31", "2027-01-29")
    rows = [part("a/small", *month, 1, usd) for month, usd in zip(months, (before, after), strict=True)]
    (chart,) = charts("forecast", forecast=rows)

    assert len(chart.limits) == changes


def test_a_forecast_of_many_models_draws_the_first_and_counts_the_others() -> None:
    rows = [part(f"a/{n}", "2026-12-01", "2026-12-30", 1, n) for n in range(20)]
    (chart,) = charts("forecast", forecast=rows)

    assert (len(chart.marks), chart.left_out) == (12, ((8, "months of further models"),))


def test_models_are_compared_by_cost_then_by_scores_then_by_ratings() -> None:
    cost, scores, ratings = charts("compare")

    assert says(cost) == ["a/large: $100.00, the base", "a/small: $6.00, 94.0% saved", "a/free: $0.00"]
    assert says(scores) == [
        "exam: -10.0 points, 95% interval -12.0 to -8.0, worse",
        "quiz: 0.0 points, 95% interval -1.0 to 1.0, no detectable difference",
        "test: +3.0 points, not comparable",
    ]
    assert scores.left_out == ((1, "without a delta"),)
    assert says(ratings) == ["arena: +20.0 points, 95% interval 10.0 to 30.0, better"]
    assert [x.at for x in scores.limits] == [0]


def test_a_route_has_its_curve_its_share_and_the_perfect_router() -> None:
    (chart,) = charts("route")

    assert says(chart) == [
        "chosen share: $28.00, 64.0%",
        "perfect router: $28.00, 75.0%, 95% interval 70.0% to 90.0%",
        *("0.0% to the strong model: $10.00, 60.0%", "50.0% to the strong model: $55.00, 70.0%"),
        "100.0% to the strong model: $100.00, 80.0%",
    ]
    assert ([x.label for x in chart.traces], chart.y.title) == (["random mix"], "Exam")
    assert says(charts("route in turn")[0])[0] == "chosen share: $30.00, 70.0%, 95% interval 65.0% to 75.0%"


def test_a_router_is_drawn_beside_the_random_one() -> None:
    (chart,) = charts("route of results")

    assert [x.label for x in chart.traces] == ["random mix", "router"]
    assert chart.left_out == ((1, "shares of unknown cost or quality"),)
    assert says(chart)[0] == "chosen share: $28.00, 70.0%"
    assert (chart.x.title, chart.y.title) == ("USD a month", "Accuracy")


def test_without_costs_a_route_stands_over_its_shares() -> None:
    (chart,) = charts("route without costs")

    assert chart.x.title == "Share of requests to the strong model"
    assert [(int(mark.x), int(mark.y)) for mark in chart.marks] == [(20, 64), (0, 60), (100, 80)]


def test_a_verdict_stands_against_its_margin() -> None:
    difference, agreement = charts("validate")

    assert says(difference) == ["difference in points: -16.7, one-sided 95% bounds -22.0 to -11.0, unsafe"]
    assert [(int(x.at), x.before, x.label) for x in difference.limits] == [
        (0, "", "equal"),
        (-2, "unsafe ←", "→ safe (margin 2 points)"),
    ]
    assert says(agreement) == [
        *("both right: 80", "only the strong model right: 25", "only the weak model right: 5", "both wrong: 10"),
    ]
    (alone,) = charts("validate without a margin")
    assert (alone.title, says(alone)) == ("w against s", ["difference in points: 0.0"])
    scores, cost = charts("trial")[2:]
    assert says(scores) == ["a/small: 70.0%, 95% interval 60.0% to 80.0%", "a/large: 87.0%"]
    assert says(cost) == ["a/small: $0.01", "a/large: $0.20"]
    nothing = [{**row, "score": None} for row in RUNS["trial"][1]["models"]]
    assert charts("trial", validation=None, calls=0, models=nothing) == ()
    assert charts("validate", diff_weak_minus_strong=None, both=None) == ()


def test_workloads_stand_before_and_now_against_their_limits() -> None:
    (chart,) = charts("check")

    assert says(chart) == [
        "bot, before: $500.00",
        "bot, now: $900.00, limit $700.00, range $800.00 to $1,100.00",
        "new, now: $50.00",
        "total, before: $500.00",
        "total, now: $950.00, limit $1,000.00, range $850.00 to $1,150.00",
    ]
    assert [mark.series.name for mark in chart.marks if mark.slot] == ["now, above the limit", "now", "now"]
    assert [(int(x.at), x.row) for x in chart.limits] == [(700, 0), (1000, 2)]
    assert (chart.title, chart.left_out) == ("FAIL: cost a month by workload", ((1, "without a cost"),))
    assert charts("check without a baseline")[0].slots == 1
    at_limit = charts("check", rules=[{"rule": "max_monthly_usd", "workload": "bot", "strictness": -900}])[0]
    assert {mark.series.name for mark in at_limit.marks if mark.slot} == {"now"}
    (diff,) = charts("diff")
    assert (diff.y.rows[-1], diff.left_out) == ("total", ((11, "further down"),))


def test_usage_stands_by_day_and_by_model() -> None:
    days, models = charts("usage")

    assert (days.kind, says(days)) == (ChartKind.COLUMNS, ["2026-11-01: $4.50", "2026-11-02: $0.50"])
    assert days.left_out == ((1, "days without a cost"), (1, "rows without a day"))
    assert says(models) == ["a/small: $3.00", "a/large: $3.00"]
    otherwise, months, projects = charts("usage by project")
    assert says(otherwise) == ["as it was: $6.00", "batch: $3.00"]
    assert says(months) == ["2026-11: $5.00", "2027-06: $1.00"]
    assert says(projects) == ["web: $5.00", "no project: $1.00"]
    assert charts("usage of nothing") == ()


@pytest.mark.parametrize(("last", "kind"), [("2026-04-02", "day"), ("2026-04-03", "month")])
def test_of_more_than_three_months_columns_are_months(last: str, kind: str) -> None:
    cells = [{"day": x, "model": "a/one", "repriced_usd": 1} for x in ("2026-01-01", last)]

    assert charts("usage", cells=cells, groups=[])[0].title == f"Cost by {kind}"


def test_a_lever_that_asks_nothing_is_named_by_its_model() -> None:
    lever = {"lever": "batch", "model": "a/large", "monthly_usd": 50, "quality": None, "asks": None}
    (chart,) = charts_of(Report(schema="llmcost.save/1", headline="", data={**RUNS["save"][1], "levers": [lever]}))

    assert says(chart) == ["a/large: $100.00, today", "batch: a/large: $50.00"]


def test_what_has_nothing_to_draw_has_no_chart() -> None:
    assert charts_of(Report(schema="llmcost.tokens/1", headline="")) == ()
    assert charts("frontier", models=[placed("a/free", 0, 40, "frontier")]) == ()
    assert plotted(report("frontier")) is None
    assert plotted(replace(report("frontier"), plot=RUNS["frontier"][1])) == charts("frontier")[0]


@pytest.mark.parametrize(
    ("name", "changes", "why"),
    [
        (
            "bench",
            {"scores": [{**RUNS["bench"][1]["scores"][1], "low": 91}]},
            '"score" \\(90\\) is not between "low" \\(91\\)',
        ),
        ("bench", {"scores": [{**RUNS["bench"][1]["scores"][1], "score": "90"}]}, '"score" is not a number'),
        ("bench", {"scores": [{**RUNS["bench"][1]["scores"][1], "score": True}]}, '"score" is not a number'),
        ("frontier", {"models": [placed("a", 1, 1, "odd")]}, '"odd" is unknown or missing'),
        ("frontier", {"models": [{**placed("a", 1, 1, ""), "class": None}]}, "a name is missing"),
        ("estimate", {"estimates": [{}, {}]}, '"model" is unknown or missing'),
        ("estimate", {"workload": {}}, '"days" is not a number'),
        ("save", {"levers": 5}, "not iterable"),
        *(
            ("save", {"levers": [{**RUNS["save"][1]["levers"][0], **x}]}, "a name is missing")
            for x in ({"lever": None}, {"lever": "model", "model": None})
        ),
        (
            "estimate",
            {"estimates": [{**RUNS["estimate"][1]["estimates"][0], "model": x} for x in (None, "b")]},
            "a name",
        ),
        ("frontier", {"models": [placed("a", 10**61, 1, "frontier")] * 2}, "too large to draw"),
        ("bench", {"scores": [{**RUNS["bench"][1]["scores"][1], "score": 10**61, "low": None}]}, "too large to draw"),
        ("validate", {"weak": None}, "a name is missing"),
        ("usage", {"cells": [{**RUNS["usage"][1]["cells"][0], "model": None}]}, "a name is missing"),
        ("check", {"verdict": None}, "a name is missing"),
        ("route", {"benchmarks": [{**RUNS["route"][1]["benchmarks"][0], "benchmark": None}]}, "a name is missing"),
        ("forecast", {"forecast": [{**RUNS["forecast"][1]["forecast"][0], "to": "2026-11-30"}]}, 'is before "from"'),
    ],
)
def test_a_run_that_contradicts_itself_or_its_schema_has_no_chart(name: str, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(FileError, match=why):
        charts(name, **changes)


def test_an_interval_holds_its_value_but_for_what_is_rounded() -> None:
    def found(value: int, low: str) -> LowHigh:
        return ends({"x": value, "low": Decimal(low), "high": Decimal(9)}, "x", "low", "high")

    assert ends({"x": 9, "low": Decimal(1), "high": None}, "x", "low", "high") == (None, None)
    assert found(1, "1.000001") == (Decimal("1.000001"), Decimal(9))
    assert ends({"x": 9, "low": Decimal(1), "high": Decimal("8.999991")}, "x", "low", "high")
    assert found(-(10**6), "-999999.1") == (Decimal("-999999.1"), Decimal(9))
    with pytest.raises(ValueError, match='is not between "low"'):
        found(1, "1.000002")


def test_numbers_are_drawn_as_they_are_written() -> None:
    (chart,) = charts("route")

    assert chart.marks[2].y == Decimal("60.0")


def test_every_verdict_on_a_difference_has_a_sign() -> None:
    assert list(_VERDICTS) == list(ScoreVerdict)
