"""What requests like the prompts that rules route cost: each prompt at its own length, at a model that takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import TypeAlias

from ...pricing.catalog import Catalog
from ...pricing.exact import EXACT
from ...pricing.model import Model
from ...workload.estimate import Estimate, estimate
from ...workload.model import Workload
from ..classify.rules import Tier
from ..classify.tally import Routed
from .share import Mix, diverted

Limits: TypeAlias = Mapping[Tier, int | None]
"""The tokens of the longest prompt that each model takes; None where that is not known."""


def routed_mix(
    catalog: Catalog,
    weak: Model,
    strong: Model,
    workload: Workload,
    routed: Routed,
    limits: Limits,
    *,
    overhead_usd: Decimal,
    own_lengths: bool,
) -> Mix:
    """What a workload costs whose requests are like routed prompts; with `own_lengths`, each as long as they are.

    `overhead_usd` is what the router costs for one request.
    """
    models = {Tier.WEAK: weak, Tier.STRONG: strong}

    def part(of: Routed, tier: Tier) -> Estimate:
        read = of.lengths(tier, tier, limits[tier]) if own_lengths else None
        return estimate(catalog, models[tier], workload if read is None else replace(workload, input_tokens=read))

    def alone(tier: Tier, other: Tier) -> Estimate:
        """One model with every prompt that it takes; those that it does not take are at the other one."""
        of = routed.at(tier).fitted(limits)
        found, sent = part(of, tier), of.share if other is Tier.STRONG else 1 - of.share
        if not sent:
            return found
        whole = routed.lengths(tier) if own_lengths else None
        every = workload if whole is None else replace(workload, input_tokens=whole)
        return replace(diverted(found, part(of, other), sent), workload=every)

    with localcontext(EXACT):
        router = overhead_usd * workload.total_requests()
    return Mix(
        all_weak=alone(Tier.WEAK, Tier.STRONG),
        all_strong=alone(Tier.STRONG, Tier.WEAK),
        weak_part=part(routed, Tier.WEAK),
        strong_part=part(routed, Tier.STRONG),
        share=routed.share,
        router_usd=router,
    )
