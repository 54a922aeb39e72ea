"""What a report on a route says where the command's usual runs do not go."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from llmcost.commands.route.view import PlannedRoute, route_report
from llmcost.commands.route.view_results import EvaluatedRoute, results_report
from llmcost.evals.outcomes import Outcomes, Side
from llmcost.pricing.catalog import Catalog
from llmcost.report.charts import plotted
from llmcost.report.render import render
from llmcost.report.report import Format, Report
from llmcost.routing.curve.curve import Curve
from llmcost.routing.curve.evaluate import PairCosts, RouterPlan, evaluate
from llmcost.routing.mix.cascade import cascade
from llmcost.routing.mix.share import mix
from llmcost.workload.model import Workload

JOB = Workload(requests_per_day=1000, input_tokens=1000, output_tokens=0)
FREE = "a/free: {prices: [{input: 0, output: 0}], free: true}\na/dear: {prices: [{input: 1, output: 1}]}"


def text(report: Report) -> str:
    return render(report, Format.TABLE)


@pytest.fixture
def models(catalog: Any) -> Catalog:
    found: Catalog = catalog(FREE)
    return found


def test_against_a_free_model_there_is_no_percentage(models: Catalog) -> None:
    plan = mix(models, "a/dear", "a/free", JOB, Decimal("0.5"))
    case = PlannedRoute(weak="a/dear", strong="a/free", plan=plan, share=Decimal("0.5"), curve=True)

    assert text(route_report(case)).startswith("50% to a/free costs $15.00 a month\n")


def test_before_a_free_model_no_cascade_saves(models: Catalog) -> None:
    plan = cascade(models, "a/dear", "a/free", JOB, 0)
    case = PlannedRoute(weak="a/dear", strong="a/free", plan=plan, share=None)

    assert text(route_report(case)).startswith("a cascade from a/dear to a/free saves nothing at any share\n")
    assert "where less than" not in text(route_report(replace(case, share=Decimal("0.5"))))


def evaluated(score: Any, weak: list[float], strong: list[float], **more: Any) -> Report:
    outcomes = Outcomes(items=[str(i) for i in range(len(weak))], weak=Side(values=weak), strong=Side(values=strong))

    def half(line: Curve) -> int:
        return line.n // 2

    costs = PairCosts([Decimal(1)] * len(weak), [Decimal(2)] * len(weak)) if more.pop("paid", True) else None
    found = evaluate(outcomes, RouterPlan(score=score, in_turn=more.get("cascade", False)), half, costs=costs)
    return results_report(EvaluatedRoute(weak="w", strong="s", evaluation=found, outcomes=outcomes, score="x", **more))


def test_a_router_of_an_apgr_of_a_half_is_as_good_as_a_random_one() -> None:
    said = text(evaluated([2, 1], [0.0, 0.0], [1.0, 1.0], curve=True, plot=True))

    assert "APGR 0.500 (95% interval 0.500 to 0.500): no detectable difference from random (0.5)" in said
    assert "At this share it is no better than random" in said


def test_a_cascade_without_a_gap_or_without_costs_says_so() -> None:
    assert "there is no gap to close" in text(evaluated([2, 1], [0.0, 1.0], [1.0, 0.0], cascade=True))
    assert "gets 50.0% right; " in text(evaluated([2, 1], [0.0, 0.0], [1.0, 1.0], cascade=True, paid=False))


def test_a_curve_without_dollars_has_quality_alone() -> None:
    assert "To s  Accuracy  Gap closed" in text(evaluated([2, 1], [0.0, 0.0], [1.0, 1.0], curve=True, paid=False))


def test_the_plot_has_the_random_router_the_router_and_the_mix() -> None:
    chart = plotted(evaluated([2, 1], [0.0, 1.0], [1.0, 1.0], plot=True))

    assert chart is not None
    assert (chart.x.title, chart.y.title) == ("USD for these items", "Accuracy")
    assert [x.label for x in chart.traces] == ["random mix", "router"]
    assert [(x.label, int(x.x), int(x.y)) for x in chart.marks][:1] == [("chosen share", 3, 100)]
    assert len(chart.marks) == 53
