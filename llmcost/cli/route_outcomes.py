"""A route on both models' results of the same items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from ..benchmarks.outcomes import Outcomes
from ..errors import UsageError
from ..pricing.catalog import Catalog
from ..pricing.exact import digits
from ..report.display import usd
from ..report.views.route_case import Chosen, Evaluated, RouteCase
from ..routing.curve import Curve
from ..routing.evaluate import Evaluation, PairCosts, RouterPlan, evaluate, evaluate_checker
from .command import one_of
from .result_options import ResultOptions
from .route_cases import Asked, checker_of
from .route_money import item_costs, requests_of
from .route_options import shown_name

_HALF_THE_GAP = "Share: the least that closes half of the gap (--share, --target-quality or --budget sets it)"

_NO_CHECKER = (
    "--check-usd is what a checker costs, and there is none",
    "--escalate-tokens, --column score=NAME, or --catch",
)
_NO_ROUTER = ("the cost of a router is given, and no router: --column score=NAME names its score",)


def on_outcomes(asked: Asked, read: ResultOptions) -> RouteCase:
    """Return the case of both models' results of the same items."""
    _check(asked, read)
    catalog, weak, strong = asked.tiers.models(asked.prices.catalog())
    files = asked.quality.outcomes
    if len(files) > 2:
        raise UsageError(f"--outcomes takes one file or two, and {len(files)} are given")
    names = [model.id if model else None for model in (weak, strong)]
    pair = (files[0], files[1] if len(files) > 1 else None)
    outcomes = read.read(pair, *names)
    costs, basis, notes = item_costs(asked, catalog, outcomes, (weak, strong))
    requests = requests_of(asked, costs)
    each = _each_usd(asked, catalog)
    found, how, score = _evaluated(asked, outcomes, costs, each, requests, read.column.get("score", "score"))
    chosen = Chosen(share=Decimal(repr(found.mix.share)), how=how)
    return RouteCase(
        weak=shown_name(weak) if weak else outcomes.weak_model or "the weak model",
        strong=shown_name(strong) if strong else outcomes.strong_model or "the strong model",
        cascade=asked.turns.cascade,
        chosen=chosen,
        evaluated=Evaluated(
            evaluation=found,
            outcomes=outcomes,
            score=score,
            requests=requests,
            days=Decimal(asked.work.days),
            basis=basis,
            each_usd=each,
        ),
        margin=asked.quality.margin,
        curve=asked.curve,
        plot=_drawn(asked, costs),
        notes=notes,
    )


def _check(asked: Asked, read: ResultOptions) -> None:
    one_of(["--outcomes"], asked.quality.given("benchmark", "scores", "phi"))
    if asked.quality.margin is not None and asked.turns.catch is not None:
        raise UsageError("--margin is judged item by item, and --catch and --false-alarm tell only of averages")
    one_of(asked.turns.given("escalate_tokens"), ["--column score=NAME"] if "score" in read.column else [])
    one_of(asked.much.given(), asked.turns.given("catch", "escalate_tokens"))


def _drawn(asked: Asked, costs: PairCosts | None) -> bool:
    if asked.plot and costs is None:
        raise UsageError("--plot draws quality against cost, and the results do not tell what an answer costs")
    return asked.plot


def _each_usd(asked: Asked, catalog: Catalog) -> Decimal:
    """Return what the router, or a cascade's checker, costs for one item."""
    if asked.turns.cascade:
        return asked.turns.check_usd
    return asked.overhead.each_usd(catalog)


def _evaluated(
    asked: Asked, outcomes: Outcomes, costs: PairCosts | None, each: Decimal, requests: Decimal | None, column: str
) -> tuple[Evaluation, str, str | None]:
    """Return the evaluation, how the number of strong calls was found, and the name of the score."""
    turns = asked.turns
    checker = checker_of(asked)
    if checker is not None:
        how = (
            f"Escalated: {checker.catch:.1%} of what is wrong and {checker.false_alarm:.1%} of what is right, by chance"
        )
        return evaluate_checker(outcomes, checker, costs=costs, each_usd=each), how, None
    margin = None if asked.quality.margin is None else float(asked.quality.margin)
    score, name = _score(asked, outcomes, column)
    if score is None and margin is not None:
        raise UsageError("--margin judges a router: --column score=NAME names its score")
    if score is None and each:
        raise UsageError(*_NO_CHECKER if turns.cascade else _NO_ROUTER)
    choose, how = _choice(asked, score, len(outcomes.items), requests)
    fixed = turns.escalate_tokens is not None
    plan = RouterPlan(score=score, in_turn=turns.cascade, each_usd=each, fixed=fixed)
    found = evaluate(outcomes, plan, choose, costs=costs, margin=margin)
    if how == _HALF_THE_GAP and not found.random_curve.has_gap:
        how = "Share: half of the items, since there is no gap to close (--share or --budget sets it)"
    return found, how, name


def _score(asked: Asked, outcomes: Outcomes, column: str) -> tuple[Sequence[Any] | None, str | None]:
    if asked.turns.escalate_tokens is None:
        return outcomes.score, None if outcomes.score is None else column
    tokens = outcomes.weak_output_tokens
    if tokens is None or None in tokens:
        raise UsageError(
            "--escalate-tokens needs the tokens of every weak answer",
            "name their column: --column weak_output_tokens=NAME",
        )
    return tokens, "weak_output_tokens"


def _choice(
    asked: Asked, score: Sequence[Any] | None, n: int, requests: Decimal | None
) -> tuple[Callable[[Curve], int], str]:
    """Return the rule that picks the number of strong calls, and its description."""
    if asked.turns.escalate_tokens is not None and score is not None:
        least = asked.turns.escalate_tokens
        calls = sum(count >= least for count in score)
        share = Decimal(calls) / n
        return (
            lambda line: calls if line.n == n else line.calls_at(share)
        ), f"Escalated: weak answers of {least} tokens or more"
    if asked.much.share is not None:
        share = asked.much.share
        return (lambda line: line.calls_at(share)), ""
    if asked.much.target_quality is not None:
        target = asked.much.target_quality
        return _reaching(float(target)), f"Share: the least with {digits(target * 100)}% of the strong model's score"
    if asked.much.budget is not None:
        return _affordable(asked.much.budget, n, requests), "Share: the largest that the budget pays for"
    return _half_the_gap, _HALF_THE_GAP


def _half_the_gap(line: Curve) -> int:
    calls = line.cpt(50)
    return line.n // 2 if calls is None else calls


def _reaching(target: float) -> Callable[[Curve], int]:
    def choose(line: Curve) -> int:
        calls = line.first(target * line.scores[-1])
        return line.n if calls is None else calls

    return choose


def _affordable(budget: Decimal, n: int, requests: Decimal | None) -> Callable[[Curve], int]:
    if requests is None:
        raise UsageError("--budget is of a month: --rpd says how many requests it has")
    share: list[Decimal] = []

    def choose(line: Curve) -> int:
        if line.usd is None:  # one half of the items, which takes the share that the whole took
            return line.calls_at(share[0])
        calls = line.affordable(budget / requests * n)
        if calls is None:
            raise UsageError(f"a budget of {usd(budget)} does not pay for the weak model alone")
        share.append(Decimal(calls) / n)
        return calls

    return choose
