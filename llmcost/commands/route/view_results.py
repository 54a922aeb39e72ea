"""A router or a cascade on both models' results as a report: beside the random router and the perfect one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from ...evals.validate import Validation
from ...report.display import exact
from ...report.report import Column, Kind, Report, known
from ...report.results import results_facts
from ...report.words import month_label
from .view_evaluated import EvaluatedRoute, assumptions, details, headline, sentences
from .view_parts import FORM, ReportPart, Step, Values, curve_part, in_percent, part, plans_part

_SHORT = {"cpt": 0, "curve": 11}
"""Rows of the tables in a short answer."""
_THINGS = {"cpt": "parts of the gap"}
_GAP = ("gap_pct", "strong_share", "accuracy", "usd", "monthly_usd")


def results_report(case: EvaluatedRoute) -> Report:
    """The report on a route over results."""
    found = _parts(case)
    data = {**_facts(case), **{name: rows for name, (rows, _) in found.items()}}
    return Report(
        schema=FORM.name,
        headline=headline(case),
        data=data,
        csv=data["curve" if case.curve else "plans"],
        plot={**data, "curve": _curve(case, 2)[0]} if case.plot else None,
        tables=tuple(
            replace(x, short=_SHORT.get(name), things=_THINGS.get(name, name)) for name, (_, x) in found.items()
        ),
        sentences=sentences(case),
        assumptions=assumptions(case),
        details=details(case),
        notes=tuple(dict.fromkeys((*case.roles, *case.outcomes.notes, *case.notes))),
    )


def _facts(case: EvaluatedRoute) -> dict[str, Any]:
    x = case.evaluation
    points = {"weak": x.weak, "strong": x.strong, "mix": x.mix, "random": x.random, "perfect": x.perfect}
    return {
        "kind": "cascade" if case.cascade else "mix",
        "weak": case.weak,
        "strong": case.strong,
        "strong_share": exact(x.mix.share),
        "n": x.n,
        "left_out": case.outcomes.left_out,
        "filtered": case.outcomes.filtered,
        "score": case.score,
        **{f"{name}_accuracy": point.accuracy for name, point in points.items()},
        **{f"{name}_usd": point.usd for name, point in points.items()},
        **{f"{name}_monthly_usd": case.monthly(point.usd) for name, point in points.items() if case.requests},
        **({"days": case.days} if case.requests else {}),
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
        **({"break_even_share": x.break_even} if case.cascade else {}),
        "threshold": x.threshold,
        "threshold_ties": None if x.tied is None else {"strong": x.tied[0], "items": x.tied[1]},
        "halves": None if x.halves is None else asdict(x.halves),
        **results_facts(case.outcomes),
        "non_inferiority": None if x.validation is None else _verdict(x.validation, hangs=x.hangs),
    }


def _verdict(x: Validation, *, hangs: bool) -> dict[str, Any]:
    return {
        "verdict": None if hangs else x.verdict,
        "margin": x.margin,
        "diff_mix_minus_strong": x.data.difference,
        "lower_bound": x.lower_bound,
        "upper_bound": x.upper_bound,
        "lower_bound_all_items": x.lower_bound if x.worst_bound is None else x.worst_bound,
        "items_needed": x.items_needed,
        "method": x.method,
    }


def _parts(case: EvaluatedRoute) -> dict[str, ReportPart]:
    """Everything that the case has rows for, by its name in the JSON."""
    x = case.evaluation
    strong = case.served(x.strong, Decimal(1))
    own = {"cascade" if case.cascade else "mix": case.served(x.mix)} if x.curve or x.mix != x.random else {}
    plans = {
        "weak": case.served(x.weak, Decimal(0)),
        **own,
        "random": case.served(x.random),
        "perfect": case.served(x.perfect, exact(x.random.share)),
        "strong": strong,
    }
    found = {"plans": plans_part(plans, case.weak, case.strong, case.days)}
    if x.apgr is not None:
        found["cpt"] = _gap_part(case)
    if case.curve:
        found["curve"] = _curve(case, 5)
    return found


def _gap_part(case: EvaluatedRoute) -> ReportPart:
    """The smallest share of strong calls that closes each part of the gap, with accuracy and dollars."""
    values: Values = [
        {
            "gap_pct": Decimal(percent),
            "random_pct": Decimal(percent),
            "strong_share": exact(point.share),
            "share_pct": in_percent(point.share),
            "accuracy": exact(point.accuracy),
            "accuracy_pct": in_percent(point.accuracy),
            "usd": point.usd,
            "monthly_usd": case.monthly(point.usd),
        }
        for percent, point in case.evaluation.cpt.items()
        if point
    ]
    columns = (
        Column("gap_pct", "Gap closed", Kind.PERCENT),
        Column("share_pct", "Strong (CPT)", Kind.PERCENT),
        Column("random_pct", "if random", Kind.PERCENT, optional=1),
        Column("accuracy_pct", "Accuracy", Kind.PERCENT),
        *known(values, Column("usd", "These items", Kind.USD)),
        *known(values, Column("monthly_usd", month_label(case.days), Kind.USD)),
    )
    return part(values, _GAP, columns)


def _steps(case: EvaluatedRoute, every: int) -> Iterator[Step]:
    """Yield the steps of the curve, each so many percent of strong calls."""
    chance = case.evaluation.random_curve
    line = case.evaluation.curve or chance
    for share in (Decimal(percent) / 100 for percent in range(0, 101, every)):
        calls = line.calls_at(share)
        yield Step(case.served(line.at(calls), share), case.served(chance.at(calls), share))


def _curve(case: EvaluatedRoute, every: int) -> ReportPart:
    """The curve, in steps of so many percent."""
    strong = case.served(case.evaluation.strong, Decimal(1))
    routed = case.evaluation.curve is not None
    return curve_part(list(_steps(case, every)), strong, case.strong, "Accuracy", case.days, routed=routed)
