"""What a route's quality is at every share: benchmarks, shares of the gap, the curve, a plot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext

from ...pricing.exact import EXACT, percent_of
from ...routing.quality import Quality
from ..display import usd
from ..report import Cell, Column, Kind, Row, Table
from .route_case import Evaluated, RouteCase, at_share, exact, in_percent, month, points_of
from .route_plot import plot

_BAR = 20
_QUALITY = (
    Column("benchmark", "Benchmark"),
    Column("weak_score", "Weak", Kind.NUMBER),
    Column("strong_score", "Strong", Kind.NUMBER),
    Column("strong_share", "Share", Kind.NUMBER),
    Column("random_score", "Random", Kind.NUMBER),
    Column("perfect_score", "Perfect", Kind.NUMBER),
    Column("perfect_low", "Low", Kind.NUMBER),
    Column("perfect_high", "High", Kind.NUMBER),
    Column("oracle_score", "No limit", Kind.NUMBER),
    Column("oracle_low", "Low", Kind.NUMBER),
    Column("oracle_high", "High", Kind.NUMBER),
    Column("cascade_score", "Cascade", Kind.NUMBER),
    Column("cascade_low", "Low", Kind.NUMBER),
    Column("cascade_high", "High", Kind.NUMBER),
    Column("phi", "Phi", Kind.NUMBER),
)


def quality_tables(case: RouteCase) -> list[Table]:
    """Return a row a benchmark: the random mix, and what the perfect router can reach. Scores are in percent."""
    if not case.quality:
        return []
    rows = tuple(Row(_quality_values(x)) for x in case.quality)
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
    shown = (
        Column("name", "Benchmark"),
        Column("weak_score", "Weak", Kind.NUMBER),
        Column("strong_score", "Strong", Kind.NUMBER),
        *checked,
        *at,
        Column("oracle_shown", "No limit", Kind.NUMBER, optional=4),
        Column("oracle_span", "No limit, bounds", optional=5),
    )
    return [
        Table(name="benchmarks", columns=_QUALITY, rows=rows, human=False),
        Table(name="benchmarks_shown", columns=shown, rows=rows, machine=False, split=True),
    ]


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


def gap_tables(case: RouteCase) -> list[Table]:
    """Return the least share of strong calls that closes a part of the gap, with its accuracy and dollars."""
    found = case.evaluated
    if found is None or found.evaluation.apgr is None:
        return []
    rows = []
    for percent, point in [(percent, point) for percent, point in found.evaluation.cpt.items() if point]:
        values: dict[str, Cell] = {"gap_pct": Decimal(percent), "strong_share": exact(point.share)}
        values |= {"accuracy": exact(point.accuracy), "usd": point.usd, "monthly_usd": found.monthly(point.usd)}
        shown = {"share_pct": in_percent(point.share), "accuracy_pct": in_percent(point.accuracy)}
        rows.append(Row({**values, **shown, "random_pct": Decimal(percent)}))
    machine = (
        Column("gap_pct", "Gap closed", Kind.PERCENT),
        Column("strong_share", "Strong", Kind.NUMBER),
        Column("accuracy", "Accuracy", Kind.NUMBER),
        Column("usd", "Items", Kind.USD),
        Column("monthly_usd", "Month", Kind.USD),
    )
    shown_columns = (
        Column("gap_pct", "Gap closed", Kind.PERCENT),
        Column("share_pct", "Strong (CPT)", Kind.PERCENT),
        Column("random_pct", "if random", Kind.PERCENT, optional=1),
        Column("accuracy_pct", "Accuracy", Kind.PERCENT),
        *([Column("usd", "These items", Kind.USD)] if any(row.values["usd"] is not None for row in rows) else ()),
        *([Column("monthly_usd", month(case), Kind.USD)] if found.requests is not None else ()),
    )
    return [
        Table(name="cpt", columns=machine, rows=tuple(rows), human=False),
        Table(name="cpt_shown", columns=shown_columns, rows=tuple(rows), machine=False),
    ]


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


def curve_tables(case: RouteCase) -> list[Table]:
    """Return a row a share of strong calls: cost, saving, quality, the gap that is closed, and a bar."""
    rows = [Row(_step_values(case, step)) for step in _steps(case, 5 if case.evaluated else 10)]
    router = case.evaluated is not None and case.evaluated.evaluation.curve is not None
    machine = (
        Column("strong_share", "Strong", Kind.NUMBER),
        Column("monthly_usd", "Month", Kind.USD),
        Column("usd", "Items", Kind.USD),
        Column("saving_pct", "Saving %", Kind.PERCENT),
        Column("quality", "Quality", Kind.NUMBER),
        Column("random_quality", "If random", Kind.NUMBER),
        Column("gap_closed", "Gap closed", Kind.NUMBER),
    )

    def known(column: Column) -> list[Column]:
        return [column] if any(row.values[column.key] is not None for row in rows) else []

    name = case.quality[0].benchmark.name if case.quality else "Accuracy"
    shown = (
        Column("share_pct", "Strong", Kind.PERCENT),
        *known(Column("monthly_usd", month(case), Kind.USD)),
        *known(Column("usd", "These items", Kind.USD, optional=3)),
        *known(Column("saving_pct", "Saving %", Kind.PERCENT, optional=2)),
        *known(Column("quality_shown", name if router else f"{name} if random", Kind.NUMBER)),
        *(known(Column("random_shown", "if random", Kind.NUMBER, optional=4)) if router else ()),
        *known(Column("gap_shown", "Gap closed", Kind.PERCENT, optional=1)),
        *known(Column("bar", "Gap" if any(row.values["gap_closed"] is not None for row in rows) else "Cost")),
    )
    return [
        Table(name="curve", columns=machine, rows=tuple(rows), human=False),
        Table(name="curve_shown", title="Curve", columns=shown, rows=tuple(rows), machine=False),
    ]


def _step_values(case: RouteCase, step: _Step) -> dict[str, Cell]:
    cost = step.usd if step.monthly is None else step.monthly
    whole = _whole(case, monthly=step.monthly is not None)
    saving = None
    if cost is not None and whole is not None:
        with localcontext(EXACT):
            saving = percent_of(whole - cost, whole)
    filled = step.closed if step.closed is not None else float(cost / whole) if cost is not None and whole else None
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
        "bar": None if filled is None else "#" * max(0, min(_BAR, round(filled * _BAR))),
    }


def _whole(case: RouteCase, *, monthly: bool) -> Decimal | None:
    """Return what the strong model alone costs, a month or for the items."""
    if case.evaluated is not None:
        strong = case.evaluated.evaluation.strong.usd
        return case.evaluated.monthly(strong) if monthly else strong
    return next((plan.all_strong.monthly_usd for plan in case.plans), None)


def plot_tables(case: RouteCase) -> list[Table]:
    """Return cost against quality; both are known where a plot is asked for."""
    steps = list(_steps(case, 2))
    router = [(_cost(step), step.quality) for step in steps] if case.evaluated else []
    layers = {
        ".": _places([(step.random_cost, step.random) for step in steps]),
        "o": _places(router),
        "X": _chosen_place(case),
    }
    rows = [Row({"quality": "" if value is None else points_of(value), "line": line}) for value, line in plot(layers)]
    costs = [cost for step in steps for cost in (_cost(step), step.random_cost) if cost is not None]
    rows.append(Row({"quality": "", "line": f"+{usd(min(costs))} .. {usd(max(costs))}"}))
    what = "o the router, . a random one, X the mix" if case.evaluated else ". a random router, X the mix"
    columns = (Column("quality", "Quality", Kind.NUMBER), Column("line", "Cost"))
    return [Table(name="plot", title=f"Quality against cost: {what}", columns=columns, rows=tuple(rows), machine=False)]


def _places(known: Iterable[tuple[Decimal | None, float | None]]) -> list[tuple[float, float]]:
    return [(float(cost), quality) for cost, quality in known if not (cost is None or quality is None)]


def _cost(step: _Step) -> Decimal | None:
    return step.usd if step.monthly is None else step.monthly


def _chosen_place(case: RouteCase) -> list[tuple[float, float]]:
    if case.evaluated is not None:
        mix = case.evaluated.evaluation.mix
        monthly = case.evaluated.monthly(mix.usd)
        return [(float((mix.usd if monthly is None else monthly) or 0), mix.accuracy)]
    share = case.chosen.share
    found = [x.random if x.checked is None else x.checked for x in case.quality[:1]]
    places = [(float(at_share(plan, share or Decimal(0)).monthly_usd), y) for plan in case.plans for y in found]
    return [(cost, quality) for cost, quality in places if quality is not None]
