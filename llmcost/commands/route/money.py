"""What the items of results cost at both models: by their costs, their tokens, or the tokens of a workload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...errors import UsageError
from ...evals.money import item_costs
from ...evals.outcomes import Outcomes, Side
from ...notes import Note, NoteKind
from ...pricing.catalog import Catalog
from ...pricing.model import Model
from ...routing.curve.evaluate import PairCosts
from ...shell.options import WorkloadOptions
from ...workload.estimate import estimate, price_notes
from ...workload.items import CostSource, ItemCosts, from_workload
from .options import planned

_TOKENS = "--column input_tokens=NAME, weak_output_tokens=NAME, strong_output_tokens=NAME"
_SOURCES = {
    CostSource.COSTS: "the costs in the results",
    CostSource.TOKENS: "the tokens in the results",
    CostSource.WORKLOAD: "the tokens of the workload",
}


def pair_costs(
    work: WorkloadOptions,
    catalog: Catalog,
    outcomes: Outcomes,
    models: tuple[Model | None, Model | None],
    *,
    required: bool,
) -> tuple[PairCosts | None, str, tuple[Note, ...]]:
    """What each item costs at both models, where that comes from in words, and notes on what is not known.

    Raises UsageError where the costs are `required` and not known, and for an option that changes nothing.
    """
    terms = work.terms()
    weak, strong = (
        _side_costs(work, catalog, side, model, terms)
        for side, model in zip((outcomes.weak, outcomes.strong), models, strict=True)
    )
    if weak is None or strong is None:
        if required:
            missing = "weak" if weak is None else "strong"
            raise UsageError(
                f"the results lack the cost of the {missing} model's answers",
                f"name token columns and --{missing} (or --{missing}-price), cost columns, or --in and --out",
            )
        if idle := [*work.given("reasoning"), *work.terms_given()]:
            raise UsageError(f"{idle[0]} requires costs, but the results have none")
        return None, "", (Note(NoteKind.MISSING, _no_dollars(outcomes, models)),)
    _refuse_idle(work, weak.source, strong.source)
    priced = [x.estimate for x in (weak, strong) if x.estimate is not None]
    notes = tuple(note for x in priced for note in price_notes(x.model, x.day, work.days))
    bases = [_basis(weak), _basis(strong)]
    words = bases[0] if bases[0] == bases[1] else f"{bases[0]} (weak); {bases[1]} (strong)"
    unit = min(weak.unit, strong.unit)
    return PairCosts(weak.in_units(unit), strong.in_units(unit), unit), words, notes


def _side_costs(
    work: WorkloadOptions,
    catalog: Catalog,
    side: Side,
    model: Model | None,
    terms: Mapping[str, Any],
) -> ItemCosts | None:
    """What every item costs at one model; None where that is not known."""
    found = item_costs(catalog, side, model, terms, every=True)
    if found is not None or model is None or work.in_ is None or work.out is None:
        return found
    job = planned(replace(work, rpd=work.daily or (Decimal(1),), conversations=None), catalog, [model.id])
    return from_workload(estimate(catalog, model, job), len(side.values))


def _basis(costs: ItemCosts) -> str:
    words, x = _SOURCES[costs.source], costs.estimate
    return words if x is None else f"{words}, prices of {x.origin} on {x.day}"


def _refuse_idle(work: WorkloadOptions, weak: CostSource, strong: CostSource) -> None:
    """Refuse options that cannot affect costs from these sources."""
    sources, counts, terms = {weak, strong}, work.given("in_", "out", "reasoning"), work.terms_given()
    both = _SOURCES[weak] if weak is strong else f"{_SOURCES[weak]} (weak) and {_SOURCES[strong]} (strong)"
    if counts and CostSource.WORKLOAD not in sources:
        raise UsageError(f"{counts[0]} has no effect: costs come from {both}")
    if terms and sources == {CostSource.COSTS}:
        raise UsageError(f"{terms[0]} has no effect: costs come from {both}")


def _no_dollars(outcomes: Outcomes, models: tuple[Model | None, Model | None]) -> str:
    """Why there are no dollars, and what would give them."""
    if None not in models:
        return f"no costs: name the token columns ({_TOKENS}), or give --in and --out"
    if outcomes.weak.output_tokens or outcomes.strong.output_tokens:
        return "no costs: tokens in the results need prices: --weak and --strong, or --weak-price, --strong-price"
    return "no costs: the results have no costs and no priced tokens"
