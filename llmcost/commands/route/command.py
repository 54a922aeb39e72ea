"""`llmcost route`: a share of the requests to the strong model; prompts and results are modes of their own."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from ...errors import ExitStatus, UsageError
from ...notes import costs_more
from ...pricing.exact import EXACT, digits
from ...routing.mix.cascade import Cascade, Checker, cascade
from ...routing.mix.share import Mix, mix, share_for_budget
from ...shell.command import Commands, command, one_of
from ...shell.emit import emit
from ...shell.options import OutputOptions, PriceOptions, WorkloadOptions
from .options import (
    CascadeOptions,
    QualityOptions,
    RouterOptions,
    ShareOptions,
    ShownOptions,
    TierOptions,
    escalated_words,
    planned,
    shown_name,
)

if TYPE_CHECKING:
    from ...routing.mix.quality import Scored


@command(
    modes=Commands(
        {"prompts": "Route real prompts by rules.", "results": "Judge a router on both models' results."},
        "..commands.route.{}",
    )
)
def route_command(
    *,
    tiers: TierOptions,
    part: ShareOptions,
    cascades: CascadeOptions,
    router: RouterOptions,
    quality: QualityOptions,
    shown: ShownOptions,
    work: WorkloadOptions,
    prices: PriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Show cost and quality when a share of requests goes to a strong model and the rest to a weak one.

    Give the share, or find it for a budget or a quality. The modes take real prompts or both models' results.

    \b
    llmcost route --weak gpt-4o-mini --strong gpt-4o --share 20% -b mmlu
    llmcost route prompts prompts.jsonl --weak gpt-4o-mini --strong gpt-4o
    llmcost route results results.csv --column score=difficulty --curve
    """
    from ...routing.mix.quality import quality as quality_at
    from .view import PlannedRoute, route_report

    catalog, weak, strong = tiers.both(prices)
    found = quality.scored(weak, strong)
    job, each = planned(work, catalog, [weak.id, strong.id]), cascades.each_usd(router, catalog)
    plan: Mix | Cascade
    if cascades.cascade:
        plan = cascade(catalog, weak, strong, job, 0, check_usd=each)
    else:
        plan = mix(catalog, weak, strong, job, 0, overhead_usd=each)
    checker = cascades.checker()
    share, how = _checked(checker, part, found) if checker else _chosen(part, plan, found)
    if share is None and not (shown.given() or cascades.cascade):
        raise UsageError("no share given", "give --share, --target-quality or --budget, or use --curve for all shares")
    shown.check(found)
    at = None if share is None else float(share)
    names = shown_name(weak), shown_name(strong)
    dearer = plan.all_weak.monthly_usd > plan.all_strong.monthly_usd
    case = PlannedRoute(
        weak=names[0],
        strong=names[1],
        plan=plan,
        share=share,
        how=how,
        quality=tuple(quality_at(x, at, phi=quality.correlation(), checker=checker) for x in found),
        curve=shown.curve,
        plot=shown.plot,
        notes=(costs_more(f"{names[0]}, the weak model,", names[1]),) if dearer else (),
    )
    return emit(route_report(case), out, catalog=catalog)


def _checked(checker: Checker, part: ShareOptions, found: list[Scored]) -> tuple[Decimal, str]:
    """The share that a checker escalates, and how it was found."""
    one_of(part.given(), ["--catch"])
    if len(found) != 1:
        raise UsageError("--catch and --false-alarm need one -b NAME: how often the weak model is right")
    right = found[0].totals.weak
    return Decimal(repr(checker.escalated(right))), f"{escalated_words(checker)}, of {right:.1%} right"


def _chosen(part: ShareOptions, plan: Mix | Cascade, found: list[Scored]) -> tuple[Decimal | None, str]:
    """The share of strong calls, if there is one, and how it was found."""
    if part.budget is not None:
        return _for_budget(part.budget, plan), "Share: the largest within the budget"
    if part.target_quality is not None:
        if not found or isinstance(plan, Cascade):
            raise UsageError("--target-quality needs -b NAME without --cascade, or llmcost route results")
        return _for_quality(part.target_quality, found)
    return part.share, ""


def _for_budget(budget: Decimal, plan: Mix | Cascade) -> Decimal:
    with localcontext(EXACT):
        base = plan.monthly_usd
        weak = Decimal(0) if isinstance(plan, Cascade) else plan.all_weak.monthly_usd
        share = share_for_budget(budget, base, plan.all_strong.monthly_usd - weak)
    if share is None:
        from ...report.display import usd

        model = plan.all_weak.model.id
        raise UsageError(f"a budget of {usd(budget)} is not enough: {model} alone costs {usd(base)}")
    return share


def _for_quality(target: Decimal, found: list[Scored]) -> tuple[Decimal, str]:
    shares = {x.totals.share_for(float(target) * x.totals.strong): x for x in found}
    share = max(known for known in shares if known is not None)
    score, name = shares[share].strong.score, shares[share].benchmark.name
    words = (
        f"Share: the smallest whose random mix keeps {digits(target * 100)}% of the strong model's {score} on {name}"
    )
    return Decimal(repr(share)), words
