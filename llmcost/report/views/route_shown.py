"""A route in words: the answer, what the tables show, and what was taken for granted."""

from __future__ import annotations

from decimal import Decimal

from ...benchmarks.validate import Validation, Verdict
from ...routing.cascade import Cascade
from ...routing.curve import SEED, HoldOut, Point
from ...routing.evaluate import Evaluation
from ...routing.mix import Mix
from ...routing.rules import Tier
from ...routing.tally import Routed
from ...workload.model import Workload
from ..display import count, exact, percent, plain, usd
from ..words import default_job, exact_percent, for_days, less_words, period, price_words, workload_words
from .route_case import Evaluated, RouteCase, at_share, points_of, shown_share


def headline(case: RouteCase) -> str:
    """Return the answer in one sentence."""
    if case.evaluated is not None:
        return _evaluated_headline(case, case.evaluated)
    if case.routed is not None:
        return _routed_headline(case, case.routed)
    if case.chosen.share is None:
        return "".join(_ends(case, plan) for plan in case.plans)
    share = f"{_share(case.chosen.share)} to {case.strong}"
    return f"{f'a cascade that escalates {share}' if case.cascade else share} costs {_spent(case, case.chosen.share)}"


def _ends(case: RouteCase, plan: Mix | Cascade) -> str:
    """The headline without a share: the break-even of a cascade, or the cost of both models alone."""
    if isinstance(plan, Cascade):
        even = plan.break_even
        if even is None or even <= 0:
            return f"a cascade from {case.weak} to {case.strong} saves nothing at any share"
        return f"a cascade from {case.weak} to {case.strong} saves where less than {_share(even)} is escalated"
    weak, strong = plan.all_weak, plan.all_strong
    both = f"{case.weak} alone costs {usd(weak.monthly_usd)} {period(weak.workload)}, {case.strong} alone"
    return f"{both} {usd(strong.monthly_usd)}; a mix costs between the two"


def _share(share: Decimal) -> str:
    """A share in percent: all digits if they are few, else one decimal."""
    text = exact_percent(share)
    return text if len(text) <= 6 else percent(share * 100)


def _spent(case: RouteCase, share: Decimal) -> str:
    """Return `$2,418.00 a month, 75.2% less than openai/gpt-4o alone`."""
    return "".join(_cost(at_share(plan, share), case.strong) for plan in case.plans)


def _cost(plan: Mix | Cascade, strong: str) -> str:
    workload = plan.all_strong.workload
    job = f" on {default_job(workload)}" if workload.default_job else ""
    return f"{usd(plan.monthly_usd)}{job} {period(workload)}{_against(plan.saving_pct, strong)}"


def _against(saving_pct: Decimal | None, strong: str) -> str:
    if saving_pct is None:
        return ""
    if not saving_pct:
        return f", as much as {strong} alone"
    return f", {less_words(saving_pct)} than {strong} alone"


def _routed_headline(case: RouteCase, routed: Routed) -> str:
    strong = routed.of(Tier.STRONG)
    verb = "goes" if strong == 1 else "go"
    said = f"{count(strong)} of {count(routed.n)} prompts ({percent(routed.share * 100)}) {verb} to {case.strong}"
    return f"{said}: {_spent(case, routed.share)}" if case.plans else said


def _evaluated_headline(case: RouteCase, found: Evaluated) -> str:
    x = found.evaluation
    share, right = shown_share(x.mix.share), f"gets {shown_share(x.mix.accuracy)} right"
    dollars = _item_dollars(found, x.mix)
    cost = f" for {dollars}" if dollars else ""
    if case.cascade and x.mix == x.random and x.curve is None:
        return f"a cascade that escalates {share} at random {right}{cost}"
    if case.cascade:
        return f"the cascade escalates {share} and {right}{cost}{f'; {_apgr(x)}' if x.curve else ''}"
    if x.curve is None:
        perfect = shown_share(x.perfect.accuracy)
        return f"sending {share} to {case.strong} at random {right}, the perfect router {perfect}"
    if x.apgr is None or x.mix.gap_closed is None:
        return f"{case.strong} is not better than {case.weak} on these items: there is no gap that a router could close"
    closed = f"closes {shown_share(x.mix.gap_closed)} of the gap"
    return f"with {share} at {case.strong}{f' ({dollars})' if dollars else ''} the router {closed}; {_apgr(x)}"


def _item_dollars(found: Evaluated, point: Point) -> str:
    monthly = found.monthly(point.usd)
    if monthly is not None:
        return f"{usd(monthly)} {for_days(found.days)}"
    return "" if point.usd is None else f"{usd(point.usd)} for these items"


def _apgr(x: Evaluation) -> str:
    """The APGR with its interval, against a random router's 0.5."""
    if x.apgr is None:
        return "there is no gap to close"
    said = f"APGR {x.apgr:.3f}"
    if x.same_score:
        return f"{said}, but all items have the same score: their order in the file decides"
    if x.apgr_interval is None:
        return f"{said}: too few items to tell it from random (0.5)"
    low, high = x.apgr_interval
    told = {True: "better than random", False: "worse than random", None: "cannot be told from random"}
    return f"{said} (95% interval {low:.3f} to {high:.3f}): {told[x.better_than_random]} (0.5)"


def sentences(case: RouteCase) -> tuple[str, ...]:
    """Sentences on what the tables show."""
    found = []
    if isinstance(case.plan, Cascade) and case.chosen.share is not None and case.plan.break_even is not None:
        found.append(_break_even(case.plan.break_even, case.chosen.share))
    if case.evaluated is not None:
        found += _evaluated_sentences(case, case.evaluated)
    return tuple(found)


def _break_even(even: Decimal, share: Decimal) -> str:
    if even <= 0:
        return "The cascade saves nothing at any share: the weak answers and their checks cost as much already"
    verb = "so it saves" if share < even else "so it does not save"
    return f"A cascade saves where less than {_share(even)} is escalated; here it is {_share(share)}, {verb}"


def _evaluated_sentences(case: RouteCase, found: Evaluated) -> list[str]:
    x = found.evaluation
    lines = []
    if case.cascade and x.break_even is not None:
        lines.append(_break_even(x.break_even, exact(x.mix.share) or Decimal(0)))
    if x.curve is not None and x.apgr is not None:
        lines.append(_lead(x))
        if x.better_than_random is False:
            lines.append(
                "Worse than random as a whole: is the score the wrong way round? The highest go to the strong one"
            )
    lines.append(
        f"Perfect router, no limit on its share: {shown_share(x.oracle_accuracy)} right with "
        f"{shown_share(x.oracle_share)} at {case.strong}"
    )
    if x.halves is not None:
        lines.append(_halves(x.halves))
    if x.validation is not None and case.margin is not None:
        lines.append(_verdict(case.strong, x.validation, case.margin))
    return lines


def _lead(x: Evaluation) -> str:
    """The mix against a random router with as many strong calls."""
    if x.mix.calls in (0, x.n):
        return f"With {'all' if x.mix.calls else 'none'} of the items at the strong model every router does the same"
    if x.interval is None:
        right, random = shown_share(x.mix.accuracy), shown_share(x.random.accuracy)
        return f"At this share it gets {right} right, a random router {random}; too few items for an interval"
    points = f"{points_of(abs(x.lead))} points"
    how = "no better" if abs(x.lead) < 1e-12 else f"{points} {'better' if x.lead > 0 else 'worse'}"
    both = f"{shown_share(x.mix.accuracy)} against {shown_share(x.random.accuracy)}"
    said = f"At this share it is {how} than random ({both})"
    low, high, share = x.interval.low, x.interval.high, x.mix.share
    span = f"95% interval {shown_share(low)} to {shown_share(high)}"
    chance = (
        f"; {shown_share(share)} is what chance gives, so they cannot be told apart" if low <= share <= high else ""
    )
    return f"{said}: {shown_share(x.mix.gap_closed or 0.0)} of the gap closed, {span}{chance}"


def _halves(half: HoldOut) -> str:
    if half.threshold is None:
        return "On one half of the items the best threshold sends none to the strong model"
    chosen = f"{shown_share(half.chosen_share)} and {shown_share(half.chosen_accuracy)} on its own"
    there = f"{shown_share(half.share)} of the other {count(half.reported_on)} items"
    right = f"gets {shown_share(half.accuracy)} right (random {shown_share(half.random_accuracy)})"
    closed = "" if half.gap_closed is None else f", {shown_share(half.gap_closed)} of the gap"
    return f"A threshold of {half.threshold:g}, chosen on one half ({chosen}), sends {there} and {right}{closed}"


def _verdict(strong: str, found: Validation, limit: Decimal) -> str:
    margin = plain(limit * 100)
    lower, upper = f"{found.lower_bound * 100:.2f}", f"{found.upper_bound * 100:.2f}"
    bounds = f"mix less {strong} is {lower} to {upper} points (one-sided 95% bounds), and the margin is {margin}"
    if found.verdict is Verdict.NOT_ENOUGH_DATA and found.items_needed is not None:
        return f"Not enough data: {bounds}; about {count(found.items_needed)} items would be needed"
    return f"{found.verdict.value.replace('_', ' ').capitalize()}: {bounds}"


def assumptions(case: RouteCase) -> tuple[str, ...]:
    """How the share was found, and the basis of money and quality."""
    lines = [case.chosen.how] if case.chosen.how else []
    if len(case.quality) > 1 and (case.curve or case.plot):
        lines.append(f"Curve and plot: quality on {case.quality[0].benchmark.name}, the first of the benchmarks")
    if case.routed is not None:
        lines.append(
            f"Rules: {case.routed.rules.origin}; the first that holds decides, else {case.routed.rules.default}"
        )
    if case.quality:
        phi = case.quality[0].phi
        lines.append(
            f"Perfect router: expected where right answers correlate by phi = {phi:g}, which two scores do not tell "
            "(measured 0.11 to 0.73); the bounds are what they do tell; no limit: with any share of strong calls"
        )
    if case.evaluated is not None:
        lines += _evaluated_assumptions(case, case.evaluated)
    lines += [line for plan in case.plans for line in _plan_assumptions(case, plan)]
    return tuple(lines)


def _evaluated_assumptions(case: RouteCase, found: Evaluated) -> list[str]:
    x = found.evaluation
    lines = [f"Results: {count(x.n)} items; highest {found.score} first, ties in the order of the file{_tied(x)}"]
    if found.score is None:
        lines = [f"Results: {count(found.evaluation.n)} items; --column score=NAME names the score that routes"]
    if found.evaluation.curve is not None:
        lines.append(f"Intervals and halves: items drawn with the fixed seed {SEED}; that of APGR by the delta method")
    if found.basis:
        lines += [f"Dollars: {found.basis}", _each(case, found)]
    if found.requests is not None:
        lines.append(f"Workload: {count(found.requests)} requests {for_days(found.days)} that cost what the items do")
    return lines


def _tied(x: Evaluation) -> str:
    """The number of items at the threshold that go to the strong model; empty if all do."""
    if x.tied is None:
        return ""
    sent, items = x.tied
    return f" ({count(sent)} of the {count(items)} of score {x.threshold:g} go to the strong model)"


def _each(case: RouteCase, found: Evaluated) -> str:
    """The cost of the router or the checker, and the rows that include it."""
    what, one = ("Checking", "an answer") if case.cascade else ("Routing", "a request")
    if not found.each_usd:
        return f"{what}: $0.00 ({'--check-usd' if case.cascade else '--router-model or --overhead-usd'} sets it)"
    return f"{what}: {usd(found.each_usd)} {one}, in the dollars of perfect too; random needs none"


def _plan_assumptions(case: RouteCase, plan: Mix | Cascade) -> list[str]:
    workload = plan.all_strong.workload
    if isinstance(plan, Cascade):
        extra = _cost_of("Checking", plan.check_usd, workload, "--check-usd")
    else:
        extra = _cost_of("Routing", plan.router_usd, workload, "--router-model or --overhead-usd")
    lines = [extra, *workload_words([workload])]
    if case.routed is not None and case.routed.mean_tokens(Tier.WEAK) is not None:
        lines.append(
            "Tokens in: the mean of the prompts that each model gets, as it counts them, without a chat's format"
        )
    return [*lines, price_words([plan.all_weak, plan.all_strong])]


def _cost_of(what: str, cost: Decimal, workload: Workload, option: str) -> str:
    said = f"{what}: {usd(cost)} {period(workload)}"
    return said if cost else f"{said} ({option} sets it)"
