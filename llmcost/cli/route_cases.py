"""What `route` was asked, worked out: on a share, on prompts, on outcomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..pricing.catalog import Catalog
from ..pricing.exact import EXACT, digits
from ..pricing.model import Model
from ..report.views.route_case import Chosen, RouteCase
from ..routing.cascade import Cascade, Checker, cascade
from ..routing.mix import Mix, mix, share_for_budget
from ..routing.quality import Scored, quality
from ..workload.estimate import Estimate, estimate
from ..workload.model import Workload
from .command import one_of, only_with
from .options import PriceOptions, WorkloadOptions
from .route_options import (
    CascadeOptions,
    OverheadOptions,
    PromptOptions,
    QualityOptions,
    ShareOptions,
    TierOptions,
    shown_name,
)

if TYPE_CHECKING:
    from ..routing.tally import Routed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options of a run."""

    tiers: TierOptions
    much: ShareOptions
    overhead: OverheadOptions
    turns: CascadeOptions
    quality: QualityOptions
    work: WorkloadOptions
    prices: PriceOptions
    curve: bool
    plot: bool


def on_share(asked: Asked) -> RouteCase:
    """Return the case of a share that is given, or found for a budget or a quality."""
    only_with(asked.turns.given("escalate_tokens"), "--outcomes FILE")
    catalog, weak, strong = asked.tiers.both(asked.prices.catalog())
    phi = asked.quality.correlation()
    found = asked.quality.scored(weak.id, strong.id)
    workload = planned(asked)
    plan = _plan(asked, catalog, weak, strong, workload)
    checker = checker_of(asked)
    chosen = _chosen(asked, plan, found, checker)
    if chosen.share is None and not (asked.curve or asked.plot or asked.turns.cascade):
        hint = "give --share, --target-quality or --budget, PROMPTS, --outcomes, or --curve for all shares"
        raise UsageError("no share given", hint)
    share = None if chosen.share is None else float(chosen.share)
    return RouteCase(
        weak=shown_name(weak),
        strong=shown_name(strong),
        cascade=asked.turns.cascade,
        plan=plan,
        chosen=chosen,
        quality=tuple(quality(x, share, phi=phi, checker=checker) for x in found),
        curve=asked.curve,
        plot=_drawn(asked, known=bool(found)),
    )


def _drawn(asked: Asked, *, known: bool) -> bool:
    if asked.plot and not known:
        raise UsageError("--plot draws quality against cost: give -b NAME, or --outcomes with costs or tokens")
    return asked.plot


def planned(asked: Asked) -> Workload:
    """Make the workload; by default 1B input tokens a month."""
    work = asked.work
    jobs = work.workloads() if work.counts_given() else [work.default_job()]
    if len(jobs) > 1 or jobs[0].ranged:
        raise UsageError("route takes one workload, without lists and ranges", "llmcost estimate -m ... takes them")
    return jobs[0]


def _plan(asked: Asked, catalog: Catalog, weak: Model, strong: Model, workload: Workload) -> Mix | Cascade:
    if asked.turns.cascade:
        return cascade(catalog, weak, strong, workload, 0, check_usd=asked.turns.check_usd)
    return mix(catalog, weak, strong, workload, 0, overhead_usd=asked.overhead.each_usd(catalog))


def checker_of(asked: Asked) -> Checker | None:
    """Return the checker of a cascade that is known by its shares, if one is given."""
    shares = asked.turns.shares()
    return None if shares is None else Checker(catch=float(shares[0]), false_alarm=float(shares[1]))


def _chosen(asked: Asked, plan: Mix | Cascade, found: list[Scored], checker: Checker | None) -> Chosen:
    """Return the share of strong calls, and how it was found."""
    if checker is not None:
        one_of(asked.much.given(), ["--catch"])
        if len(found) != 1:
            raise UsageError(
                "--catch and --false-alarm need one -b NAME or --outcomes: how often the weak model is right"
            )
        right = found[0].totals.weak
        share = Decimal(repr(checker.escalated(right)))
        how = f"Escalated: {checker.catch:.1%} of what is wrong and {checker.false_alarm:.1%} of what is right"
        return Chosen(share=share, how=f"{how}, of {right:.1%} right")
    if asked.much.share is not None:
        return Chosen(share=asked.much.share)
    if asked.much.budget is not None:
        return _for_budget(asked.much.budget, plan)
    if asked.much.target_quality is not None:
        return _for_quality(asked.much.target_quality, found, cascade=asked.turns.cascade)
    return Chosen()


def _for_budget(budget: Decimal, plan: Mix | Cascade) -> Chosen:
    with localcontext(EXACT):
        base = plan.monthly_usd
        weak = Decimal(0) if isinstance(plan, Cascade) else plan.all_weak.monthly_usd
        share = share_for_budget(budget, base, plan.all_strong.monthly_usd - weak)
    if share is None:
        from ..report.display import usd

        model = plan.all_weak.model.id
        raise UsageError(f"a budget of {usd(budget)} is not enough: {model} alone costs {usd(base)}")
    return Chosen(share=share, how="Share: the largest that the budget pays for")


def _for_quality(target: Decimal, found: list[Scored], *, cascade: bool) -> Chosen:
    if not found or cascade:
        raise UsageError("--target-quality needs -b NAME without --cascade, or --outcomes FILE")
    shares = {x.totals.share_for(float(target) * x.totals.strong): x for x in found}
    share = max(known for known in shares if known is not None)
    hardest = shares[share]
    how = (
        f"Share: the least whose random mix has {digits(target * 100)}% of the strong model's {hardest.strong.score} on"
    )
    return Chosen(share=Decimal(repr(share)), how=f"{how} {hardest.benchmark.name}")


def on_prompts(asked: Asked, said: PromptOptions, prompts: str, *, skip_bad: bool) -> RouteCase:
    """Return the case of prompts that rules route."""
    from .route_prompts import route_file

    priced = asked.work.counts_given()
    if priced and (asked.work.rpd is None or asked.work.out is None):
        missing = "--rpd" if asked.work.rpd is None else "--out"
        raise UsageError(f"{missing} is missing: the money of prompts needs --rpd and --out")
    if not priced:
        curve = ["--curve"] if asked.curve else []
        only_with([*curve, *asked.work.terms_given(), *asked.overhead.priced()], "--rpd and --out")
    catalog, weak, strong = asked.tiers.both(asked.prices.catalog())
    phi = asked.quality.correlation()
    found = asked.quality.scored(weak.id, strong.id)
    each = asked.overhead.each_usd(catalog)
    counting = not said.no_count and asked.work.in_ is None
    if said.no_count and priced and asked.work.in_ is None:
        raise UsageError("--no-count leaves the tokens unknown: give --in, or leave the rest of the workload out")
    routed, notes = route_file(said, prompts, (weak, strong), counting=counting, skip_bad=skip_bad)
    plan = _prompt_plan(asked, catalog, weak, strong, routed, each) if priced else None
    share = routed.share
    return RouteCase(
        weak=shown_name(weak),
        strong=shown_name(strong),
        plan=plan,
        chosen=Chosen(share=share),
        routed=routed,
        quality=tuple(quality(x, float(share), phi=phi) for x in found),
        curve=asked.curve,
        plot=_drawn(asked, known=bool(found) and plan is not None),
        explain=said.explain,
        notes=notes,
    )


def _prompt_plan(asked: Asked, catalog: Catalog, weak: Model, strong: Model, routed: Routed, each: Decimal) -> Mix:
    """Return what requests like the prompts cost: each model with the mean tokens of those it gets."""
    from ..routing.rules import Tier

    job = planned(replace(asked, work=replace(asked.work, in_=asked.work.in_ or (Decimal(1),))))

    def part(model: Model, counted: Tier, tier: Tier | None) -> Estimate:
        mean = routed.mean_tokens(counted, tier) if asked.work.in_ is None else None
        return estimate(catalog, model, job if mean is None else replace(job, input_tokens=mean))

    with localcontext(EXACT):
        router = each * job.total_requests()
    return Mix(
        all_weak=part(weak, Tier.WEAK, None),
        all_strong=part(strong, Tier.STRONG, None),
        weak_part=part(weak, Tier.WEAK, Tier.WEAK),
        strong_part=part(strong, Tier.STRONG, Tier.STRONG),
        share=routed.share,
        router_usd=router,
    )
