"""A router or a cascade on both models' results as a report: beside the random router and the perfect one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal, localcontext
from typing import Any

from ...evals.outcomes import Outcomes
from ...evals.validate import Validation, Verdict
from ...lazy import dataclass
from ...notes import Note
from ...pricing.exact import EXACT
from ...report.display import count, exact, plain, usd
from ...report.report import Column, Kind, Report, known
from ...report.results import lost_words, results_facts, results_words, sure_words
from ...report.words import for_days, month_label
from ...routing.curve.curve import SEED, HoldOut, Point
from ...routing.curve.evaluate import Evaluation
from .view_parts import (
    FORM,
    SETS_CHECK,
    SETS_ROUTER,
    ReportPart,
    Served,
    Step,
    Values,
    break_even_words,
    curve_part,
    in_percent,
    part,
    plans_part,
    points_of,
    shown_share,
)

_GAP = ("gap_pct", "strong_share", "accuracy", "usd", "monthly_usd")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatedRoute:
    """What a report is on: a plan on results, as `requests` in `days` days that cost what the items do on average.

    Without `requests` only the items are known. `how` says how the share was found, `score` names the column that
    routes, `basis` says where the dollars come from; `each_usd` is what the router or the checker costs for one item.
    """

    weak: str
    strong: str
    evaluation: Evaluation
    outcomes: Outcomes
    cascade: bool = False
    how: str = ""
    score: str | None = None
    requests: Decimal | None = None
    days: Decimal = Decimal(30)
    basis: str = ""
    each_usd: Decimal = Decimal(0)
    curve: bool = False
    plot: bool = False
    roles: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def doubt(self) -> str:
        """Why the mix has no verdict: it hangs on answers that are empty or cut off; empty where it does not."""
        return lost_words(self.outcomes, self.weak, self.strong) if self.evaluation.hangs else ""

    def monthly(self, usd: Decimal | None) -> Decimal | None:
        """The cost of all requests, from the cost of the items; None if unknown."""
        if usd is None or self.requests is None:
            return None
        with localcontext(EXACT):
            return usd / self.evaluation.n * self.requests

    def served(self, point: Point, share: Decimal | None = None) -> Served:
        """What a point of the evaluation gives, at its own share unless another is given."""
        return Served(
            share=exact(point.share) if share is None else share,
            monthly_usd=self.monthly(point.usd),
            usd=point.usd,
            quality=point.accuracy,
            gap_closed=point.gap_closed,
        )


def results_report(case: EvaluatedRoute) -> Report:
    """The report on a route over results."""
    found = _parts(case)
    data = {**_facts(case), **{name: rows for name, (rows, _) in found.items()}}
    return Report(
        schema=FORM.name,
        headline=_headline(case),
        data=data,
        csv=data["curve" if case.curve else "plans"],
        plot={**data, "curve": _curve(case, 2)[0]} if case.plot else None,
        tables=tuple(table for _, table in found.values()),
        sentences=_sentences(case),
        assumptions=_assumptions(case),
        details=_details(case),
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
    return part(values, _GAP, columns, "parts of the gap", short=0)


def _steps(case: EvaluatedRoute, every: int) -> Iterator[Step]:
    """Yield the steps of the curve, each so many percent of strong calls."""
    chance = case.evaluation.random_curve
    line = case.evaluation.curve or chance
    for share in (Decimal(percent) / 100 for percent in range(0, 101, every)):
        calls = line.calls_at(share)
        yield Step(case.served(line.at(calls), share), case.served(chance.at(calls), share))


def _curve(case: EvaluatedRoute, every: int) -> ReportPart:
    strong = case.served(case.evaluation.strong, Decimal(1))
    routed = case.evaluation.curve is not None
    return curve_part(list(_steps(case, every)), strong, case.strong, "Accuracy", case.days, routed=routed)


def _headline(case: EvaluatedRoute) -> str:
    x = case.evaluation
    share, right = shown_share(x.mix.share), f"gets {shown_share(x.mix.accuracy)} right"
    dollars = _dollars(case, x.mix)
    cost = f" for {dollars}" if dollars else ""
    if case.cascade and x.mix == x.random and x.curve is None:
        return f"a cascade that escalates {share} at random {right}{cost}"
    if case.cascade:
        return f"the cascade escalates {share} and {right}{cost}{f'; {_apgr(x)}' if x.curve else ''}"
    if x.curve is None:
        perfect = shown_share(x.perfect.accuracy)
        return f"sending {share} to {case.strong} at random {right}, the perfect router {perfect}"
    if x.apgr is None or x.mix.gap_closed is None:
        return f"{case.strong} is not better than {case.weak} on these items: a router has no gap to close"
    closed = f"closes {shown_share(x.mix.gap_closed)} of the gap"
    return f"with {share} at {case.strong}{f' ({dollars})' if dollars else ''} the router {closed}; {_apgr(x)}"


def _dollars(case: EvaluatedRoute, point: Point) -> str:
    monthly = case.monthly(point.usd)
    if monthly is not None:
        return f"{usd(monthly)} {for_days(case.days)}"
    return "" if point.usd is None else f"{usd(point.usd)} for these items"


def _apgr(x: Evaluation) -> str:
    """The APGR with its interval, against a random router's 0.5."""
    if x.apgr is None:
        return "there is no gap to close"
    said = f"APGR {x.apgr:.3f}"
    if x.same_score:
        return f"{said}, but all items have the same score, so the order of the file decides"
    if x.apgr_interval is None:
        return f"{said}: too few items to judge it against random (0.5)"
    low, high = x.apgr_interval
    told = {True: "better than random", False: "worse than random", None: "no detectable difference from random"}
    return f"{said} (95% interval {low:.3f} to {high:.3f}): {told[x.better_than_random]} (0.5)"


def _sentences(case: EvaluatedRoute) -> tuple[str, ...]:
    x = case.evaluation
    lines = []
    if case.cascade and x.break_even is not None:
        lines.append(break_even_words(x.break_even, exact(x.mix.share) or Decimal(0)))
    if x.curve is not None and x.apgr is not None:
        lines.append(_lead(x))
        if x.better_than_random is False:
            lines.append("Worse than random: is the score reversed? High scores go to the strong model")
    if x.validation is not None:
        lines.append(f"Not judged: {case.doubt}" if case.doubt else _verdict_words(case.strong, x.validation))
    return tuple(lines)


def _details(case: EvaluatedRoute) -> tuple[str, ...]:
    """What a router could reach at best, how the threshold does on other items, and how that is known."""
    x = case.evaluation
    best = f"{shown_share(x.oracle_accuracy)} right with {shown_share(x.oracle_share)} at {case.strong}"
    lines = [f"Perfect router, no limit on its share: {best}"]
    if x.halves is not None:
        lines.append(_halves_words(x.halves))
    if x.curve is not None:
        lines.append(f"Intervals and halves: items drawn with seed {SEED}; the interval of APGR by the delta method")
    if case.basis:
        lines.append(_each(case))
    return tuple(lines)


def _lead(x: Evaluation) -> str:
    """The mix against a random router with as many strong calls."""
    if x.mix.calls in (0, x.n):
        return f"With {'all' if x.mix.calls else 'none'} of the items at the strong model, all routers are the same"
    if x.interval is None:
        right, random = shown_share(x.mix.accuracy), shown_share(x.random.accuracy)
        return f"At this share it gets {right} right, a random router {random}; too few items for an interval"
    points = f"{points_of(abs(x.lead))} points"
    how = "no better" if abs(x.lead) < 1e-12 else f"{points} {'better' if x.lead > 0 else 'worse'}"
    both = f"{shown_share(x.mix.accuracy)} against {shown_share(x.random.accuracy)}"
    said = f"At this share it is {how} than random ({both})"
    low, high, share = x.interval.low, x.interval.high, x.mix.share
    span = f"95% interval {shown_share(low)} to {shown_share(high)}"
    chance = f"; chance gives {shown_share(share)}: no detectable difference" if low <= share <= high else ""
    return f"{said}: {shown_share(x.mix.gap_closed or 0.0)} of the gap closed, {span}{chance}"


def _halves_words(half: HoldOut) -> str:
    if half.threshold is None:
        return "On one half of the items, the best threshold sends none to the strong model"
    chosen = f"{shown_share(half.chosen_share)} and {shown_share(half.chosen_accuracy)} on its own"
    there = f"{shown_share(half.share)} of the other {count(half.reported_on)} items"
    right = f"gets {shown_share(half.accuracy)} right (random {shown_share(half.random_accuracy)})"
    closed = "" if half.gap_closed is None else f", {shown_share(half.gap_closed)} of the gap"
    return f"A threshold of {half.threshold:g}, chosen on one half ({chosen}), sends {there} and {right}{closed}"


def _verdict_words(strong: str, found: Validation) -> str:
    margin = plain(Decimal(repr(found.margin)) * 100)
    lower, upper = f"{found.lower_bound * 100:.2f}", f"{found.upper_bound * 100:.2f}"
    sure = f"one-sided {sure_words(found)} bounds"
    bounds = f"mix less {strong} is {lower} to {upper} points ({sure}), and the margin is {margin}"
    if found.withheld and found.worst_bound is not None:
        worst = f"{found.worst_bound * 100:.2f}"
        return f"Not enough data: {bounds}; {worst} if the {count(found.left_out)} left out count against the mix"
    if found.verdict is Verdict.NOT_ENOUGH_DATA and found.items_needed is not None:
        return f"Not enough data: {bounds}; about {count(found.items_needed)} items are needed"
    return f"{found.verdict.value.replace('_', ' ').capitalize()}: {bounds}"


def _assumptions(case: EvaluatedRoute) -> tuple[str, ...]:
    """How the share was found, and the basis of money and quality."""
    x = case.evaluation
    order = f"highest {case.score} first, ties in file order{_tied(x)}"
    if case.score is None:
        order = "--column score=NAME names the router's score"
    lines = [*([case.how] if case.how else []), results_words(case.outcomes), f"Items: {count(x.n)}; {order}"]
    if case.basis:
        lines.append(f"Dollars: {case.basis}")
    if case.requests is not None:
        lines.append(f"Workload: {count(case.requests)} requests {for_days(case.days)} at the mean cost of these items")
    return tuple(lines)


def _tied(x: Evaluation) -> str:
    """The number of items at the threshold that go to the strong model; empty if all do."""
    if x.tied is None:
        return ""
    sent, items = x.tied
    return f" ({count(sent)} of the {count(items)} of score {x.threshold:g} go to the strong model)"


def _each(case: EvaluatedRoute) -> str:
    """The cost of the router or the checker, and the rows that include it."""
    what, one = ("Cost of checks", "an answer") if case.cascade else ("Router cost", "a request")
    if not case.each_usd:
        return f"{what}: $0.00{SETS_CHECK if case.cascade else SETS_ROUTER}"
    return f"{what}: {usd(case.each_usd)} {one}, included for the perfect router too; random needs none"
