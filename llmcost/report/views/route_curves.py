"""The quality of a route at every share: benchmarks, shares of the gap, the curve, a chart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext

from ...pricing.exact import EXACT, percent_of
from ...routing.quality import Quality
from ..display import exact
from ..report import Cell, Chart, Column, Kind, Spot
from ..words import for_days
from .route_case import (
    Evaluated,
    Part,
    RouteCase,
    Values,
    at_share,
    days,
    in_percent,
    known,
    month,
    part,
    points_of,
)

_QUALITY = (
    *("benchmark", "weak_score", "strong_score", "strong_share", "random_score", "perfect_score", "perfect_low"),
    *("perfect_high", "oracle_score", "oracle_low", "oracle_high", "cascade_score", "cascade_low", "cascade_high"),
    "phi",
)
_GAP = ("gap_pct", "strong_share", "accuracy", "usd", "monthly_usd")
_CURVE = ("strong_share", "monthly_usd", "usd", "saving_pct", "quality", "random_quality", "gap_closed")


def quality_part(case: RouteCase) -> Part:
    """One row per benchmark: random mix, perfect router and its bounds, in percent."""
    at = (
        []
        if case.chosen.share is None
        else [
            Column("random_shown", "Random mix", Kind.NUMBER),
            Column("perfect_shown", "Perfect router", Kind.NUMBER, optional=2),
            Column("perfect_span", "Perfect, bounds", optional=3),
        ]
    )
    checked = (
        []
        if case.quality[0].checked is None
        else [
            Column("cascade_shown", "Cascade", Kind.NUMBER),
            Column("cascade_span", "Cascade, bounds", optional=2),
        ]
    )
    columns = (
        Column("name", "Benchmark"),
        Column("weak_score", "Weak", Kind.NUMBER),
        Column("strong_score", "Strong", Kind.NUMBER),
        *checked,
        *at,
        Column("oracle_shown", "No limit", Kind.NUMBER, optional=4),
        Column("oracle_span", "No limit, bounds", optional=5),
    )
    return part(list(map(_quality_values, case.quality)), _QUALITY, columns)


def _quality_values(x: Quality) -> dict[str, Cell]:
    def points(value: float | None) -> Cell:
        return None if value is None else in_percent(value)

    def shown(value: float | None) -> Cell:
        return None if value is None else points_of(value)

    def span(low: float | None, high: float | None) -> Cell:
        return None if low is None or high is None else f"{points_of(low)}..{points_of(high)}"

    return {
        "benchmark": x.benchmark.id,
        "name": x.benchmark.name,
        "weak_score": x.weak.score,
        "strong_score": x.strong.score,
        "strong_share": exact(x.share),
        "random_score": points(x.random),
        "random_shown": shown(x.random),
        "perfect_score": points(x.perfect),
        "perfect_shown": shown(x.perfect),
        "perfect_low": points(x.perfect_low),
        "perfect_high": points(x.perfect_high),
        "perfect_span": span(x.perfect_low, x.perfect_high),
        "oracle_score": points(x.oracle),
        "oracle_shown": shown(x.oracle),
        "oracle_low": points(x.oracle_low),
        "oracle_high": points(x.oracle_high),
        "oracle_span": span(x.oracle_low, x.oracle_high),
        "cascade_score": points(x.checked),
        "cascade_shown": shown(x.checked),
        "cascade_low": points(x.checked_low),
        "cascade_high": points(x.checked_high),
        "cascade_span": span(x.checked_low, x.checked_high),
        "phi": exact(x.phi),
    }


def gap_part(case: RouteCase, found: Evaluated) -> Part:
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
            "monthly_usd": found.monthly(point.usd),
        }
        for percent, point in found.evaluation.cpt.items()
        if point
    ]
    columns = (
        Column("gap_pct", "Gap closed", Kind.PERCENT),
        Column("share_pct", "Strong (CPT)", Kind.PERCENT),
        Column("random_pct", "if random", Kind.PERCENT, optional=1),
        Column("accuracy_pct", "Accuracy", Kind.PERCENT),
        *known(values, Column("usd", "These items", Kind.USD)),
        *([Column("monthly_usd", month(case), Kind.USD)] if found.requests is not None else ()),
    )
    return part(values, _GAP, columns)


@dataclass(frozen=True, slots=True)
class _Step:
    """One share of the curve: dollars a month or of the items, quality (0 to 1) and the part of the gap it closes."""

    share: Decimal
    monthly: Decimal | None
    usd: Decimal | None
    quality: float | None
    random: float | None
    closed: float | None
    random_cost: Decimal | None

    @property
    def cost(self) -> Decimal | None:
        """USD a month, or of the items where a month is not known."""
        return self.usd if self.monthly is None else self.monthly


def _steps(case: RouteCase, every: int) -> Iterator[_Step]:
    """Yield the steps of the curve, each so many percent of strong calls."""
    first = case.quality[0] if case.quality else None
    for share in (Decimal(percent) / 100 for percent in range(0, 101, every)):
        if case.evaluated is not None:
            yield _known_step(case.evaluated, share)
        mixed = first.totals.random(float(share)) if first else None
        closed = first.gap_closed(mixed) if first and mixed is not None else None
        for plan in case.plans:
            cost = at_share(plan, share).monthly_usd
            yield _Step(share, cost, None, mixed, mixed, closed, cost)


def _known_step(found: Evaluated, share: Decimal) -> _Step:
    x = found.evaluation
    line = x.curve or x.random_curve
    calls = line.calls_at(share)
    point, chance = line.at(calls), x.random_curve.at(calls)
    cost = chance.usd if found.requests is None else found.monthly(chance.usd)
    return _Step(share, found.monthly(point.usd), point.usd, point.accuracy, chance.accuracy, point.gap_closed, cost)


def curve_part(case: RouteCase) -> Part:
    """One row per share of strong calls; people do not see columns unknown at every share."""
    values = [_step_values(case, step) for step in _steps(case, 5 if case.evaluated else 10)]
    router = case.evaluated is not None and case.evaluated.evaluation.curve is not None
    name = quality_name(case)
    columns = (
        Column("share_pct", "Strong", Kind.PERCENT),
        *known(values, Column("monthly_usd", month(case), Kind.USD)),
        *known(values, Column("usd", "These items", Kind.USD, optional=3)),
        *known(values, Column("saving_pct", "Saving %", Kind.PERCENT, optional=2)),
        *known(values, Column("quality_shown", name if router else f"{name} if random", Kind.NUMBER)),
        *(known(values, Column("random_shown", "if random", Kind.NUMBER, optional=4)) if router else ()),
        *known(values, Column("gap_shown", "Gap closed", Kind.PERCENT, optional=1)),
    )
    return part(values, _CURVE, columns, "Curve")


def quality_name(case: RouteCase) -> str:
    """The name of the quality measure: the first benchmark, or the accuracy on the results."""
    return case.quality[0].benchmark.name if case.quality else "Accuracy"


def _step_values(case: RouteCase, step: _Step) -> dict[str, Cell]:
    cost = step.cost
    whole = _whole(case, monthly=step.monthly is not None)
    saving = None
    if cost is not None and whole is not None:
        with localcontext(EXACT):
            saving = percent_of(whole - cost, whole)
    return {
        "strong_share": step.share,
        "share_pct": step.share * 100,
        "monthly_usd": step.monthly,
        "usd": step.usd,
        "saving_pct": saving,
        "quality": exact(step.quality),
        "quality_shown": None if step.quality is None else points_of(step.quality),
        "random_quality": exact(step.random),
        "random_shown": None if step.random is None else points_of(step.random),
        "gap_closed": exact(step.closed),
        "gap_shown": None if step.closed is None else in_percent(step.closed),
    }


def _whole(case: RouteCase, *, monthly: bool) -> Decimal | None:
    """The cost of the strong model alone, a month or for the items."""
    if case.evaluated is not None:
        strong = case.evaluated.evaluation.strong.usd
        return case.evaluated.monthly(strong) if monthly else strong
    return next((plan.all_strong.monthly_usd for plan in case.plans), None)


def route_chart(case: RouteCase) -> Chart:
    """A chart of quality against cost at every share, and of the mix. Costs and quality must be known."""
    steps = list(_steps(case, 2))
    places = [(".", step.random_cost, step.random) for step in steps]
    if case.evaluated is not None:
        places += [("o", step.cost, step.quality) for step in steps]
    places += [("X", cost, quality) for cost, quality in _chosen_place(case)]
    spots = tuple(
        Spot(x=cost, y=in_percent(quality), mark=mark)
        for mark, cost, quality in places
        if cost is not None and quality is not None
    )
    router = "o: the router; .: a random one" if case.evaluated else ".: a random router"
    paid = "for these items" if case.evaluated and case.evaluated.requests is None else for_days(days(case))
    return Chart(
        x_label=f"USD {paid}, logarithmic", y_label=quality_name(case), legend=f"{router}; X: the mix", spots=spots
    )


def _chosen_place(case: RouteCase) -> list[tuple[Decimal | None, float | None]]:
    """Return cost and quality of the mix."""
    if case.evaluated is not None:
        mix = case.evaluated.evaluation.mix
        return [(mix.usd if case.evaluated.requests is None else case.evaluated.monthly(mix.usd), mix.accuracy)]
    share = case.chosen.share or Decimal(0)
    found = [x.random if x.checked is None else x.checked for x in case.quality[:1]]
    return [(at_share(plan, share).monthly_usd, quality) for plan in case.plans for quality in found]
