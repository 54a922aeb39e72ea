"""A router or a cascade on both models' results: what a report is on, and the answer in words."""

from __future__ import annotations

from decimal import Decimal, localcontext

from ...evals.outcomes import Outcomes
from ...evals.validate import Validation, Verdict
from ...lazy import dataclass
from ...notes import Note
from ...pricing.exact import EXACT
from ...report.display import count, exact, plain, usd
from ...report.results import lost_words, results_words, sure_words
from ...report.words import for_days
from ...routing.curve.curve import SEED, HoldOut, Point
from ...routing.curve.evaluate import Evaluation
from .view_parts import SETS_CHECK, SETS_ROUTER, Served, break_even_words, points_of, shown_share


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


def headline(case: EvaluatedRoute) -> str:
    """The answer in one sentence."""
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


def sentences(case: EvaluatedRoute) -> tuple[str, ...]:
    """Sentences on what the tables show."""
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


def details(case: EvaluatedRoute) -> tuple[str, ...]:
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


def assumptions(case: EvaluatedRoute) -> tuple[str, ...]:
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
