"""A route as a report: what the mix costs, who goes where, and what quality is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ...benchmarks.validate import Validation
from ...routing.cascade import Cascade
from ..report import Report
from ..words import workload_fact
from .route_case import Evaluated, RouteCase
from .route_curves import route_chart
from .route_shown import assumptions, headline, sentences
from .route_tables import parts

SCHEMA = "llmcost.route/1"


def route_report(case: RouteCase) -> Report:
    """Return the report on a route."""
    estimates = [] if case.plan is None else [case.plan.all_weak, case.plan.all_strong]
    outcome_notes = case.evaluated.outcomes.notes if case.evaluated else ()
    notes = (
        *(note for x in case.quality for note in x.notes),
        *outcome_notes,
        *case.notes,
        *(note for x in estimates for note in x.notes),
    )
    found = parts(case)
    data = {**_facts(case), **{name: rows for name, (rows, _) in found.items()}}
    main = "curve" if case.curve else "plans" if case.plans or case.evaluated else "rules"
    return Report(
        schema=SCHEMA,
        headline=headline(case),
        data=data,
        csv=data[main],
        chart=route_chart(case) if case.plot else None,
        tables=tuple(table for _, table in found.values()),
        sentences=sentences(case),
        assumptions=assumptions(case),
        notes=tuple(dict.fromkeys(notes)),
    )


def _facts(case: RouteCase) -> dict[str, Any]:
    plan = case.plan
    facts: dict[str, Any] = {
        "kind": "cascade" if case.cascade else "mix",
        "weak": case.weak,
        "strong": case.strong,
        "strong_share": case.chosen.share,
    }
    if plan is not None:
        facts["workload"] = workload_fact([plan.all_weak.workload])
        if isinstance(plan, Cascade):
            facts |= {"check_usd": plan.check_usd, "break_even_share": plan.break_even}
        else:
            facts["router_usd"] = plan.router_usd
    if case.routed is not None:
        facts |= {"rules_from": case.routed.rules.origin, "prompts": case.routed.n}
    return facts | (_evaluation_facts(case, case.evaluated) if case.evaluated else {})


def _evaluation_facts(case: RouteCase, found: Evaluated) -> dict[str, Any]:
    x = found.evaluation
    points = {"weak": x.weak, "strong": x.strong, "mix": x.mix, "random": x.random, "perfect": x.perfect}
    break_even = {"break_even_share": x.break_even} if case.cascade else {}
    return {
        "n": x.n,
        "left_out": found.outcomes.left_out,
        "filtered": found.outcomes.filtered,
        "score": found.score,
        **{f"{name}_accuracy": point.accuracy for name, point in points.items()},
        **{f"{name}_usd": point.usd for name, point in points.items()},
        **{f"{name}_monthly_usd": found.monthly(point.usd) for name, point in points.items() if found.requests},
        "apgr": x.apgr,
        "apgr_low": x.apgr_interval[0] if x.apgr_interval else None,
        "apgr_high": x.apgr_interval[1] if x.apgr_interval else None,
        **{f"cpt{percent}": point.share if point else None for percent, point in x.cpt.items()},
        "pgr": x.mix.gap_closed if x.curve or case.cascade else None,
        "pgr_low": x.interval.low if x.interval else None,
        "pgr_high": x.interval.high if x.interval else None,
        "better_than_random": x.better_than_random,
        "oracle_accuracy": x.oracle_accuracy,
        "oracle_share": x.oracle_share,
        **break_even,
        "threshold": x.threshold,
        "threshold_ties": None if x.tied is None else {"strong": x.tied[0], "items": x.tied[1]},
        "halves": None if x.halves is None else asdict(x.halves),
        "non_inferiority": _verdict(x.validation),
    }


def _verdict(x: Validation | None) -> Mapping[str, Any] | None:
    if x is None:
        return None
    return {
        "verdict": x.verdict,
        "margin": x.margin,
        "diff_mix_minus_strong": x.data.difference,
        "lower_bound": x.lower_bound,
        "upper_bound": x.upper_bound,
        "items_needed": x.items_needed,
        "method": x.method,
    }
