"""What the items of results cost at both models: by their costs, their tokens, or the tokens of a workload."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ..benchmarks.outcomes import Outcomes
from ..errors import UsageError
from ..notes import Note, NoteKind
from ..pricing.catalog import Catalog
from ..pricing.model import Model
from ..routing.spend import ItemCosts, known_costs, token_costs
from ..workload.estimate import estimate, price_notes
from .command import only_with
from .options import WorkloadOptions
from .route_cases import Asked, planned

_TOKENS = "--column input_tokens=NAME, weak_output_tokens=NAME, strong_output_tokens=NAME"


class Source(StrEnum):
    """Where the dollars of one model's answers come from."""

    COSTS = "the costs in the results"
    TOKENS = "the tokens in the results"
    WORKLOAD = "the tokens of the workload"


@dataclass(frozen=True, slots=True)
class _Side:
    """What each item costs at one model (None: not known), and where that comes from."""

    costs: Sequence[Decimal] | None = None
    source: Source | None = None
    basis: str = ""


def item_costs(
    asked: Asked, catalog: Catalog, outcomes: Outcomes, models: tuple[Model | None, Model | None]
) -> tuple[ItemCosts | None, str, tuple[Note, ...]]:
    """Return what each item costs at both models, where that comes from in words, and notes on what is not known.

    Raises UsageError where money is asked for that is not known, and for an option that changes nothing.
    """
    terms = asked.work.terms()
    weak, strong = (
        _side(asked, catalog, outcomes, role, model, terms)
        for role, model in zip(("weak", "strong"), models, strict=True)
    )
    known = weak.costs is not None and strong.costs is not None
    if not known and _money_asked(asked):
        missing = "weak" if weak.costs is None else "strong"
        raise UsageError(
            f"the results do not tell what an answer of the {missing} model costs",
            f"name columns of tokens and --{missing} (or --{missing}-price), columns of costs, or --in and --out",
        )
    _refuse_idle(asked.work, weak.source if known else None, strong.source if known else None)
    if weak.costs is None or strong.costs is None:
        return None, "", (Note(NoteKind.MISSING, _no_dollars(outcomes, models)),)
    words = weak.basis if weak.basis == strong.basis else f"{weak.basis} (weak); {strong.basis} (strong)"
    day, days = terms["at"] or catalog.as_of, int(terms["days"])
    sides = zip(models, (weak, strong), strict=True)
    used = [model for model, side in sides if model is not None and side.source is not Source.COSTS]
    notes = tuple(note for model in used for note in price_notes(model, day, days))
    return ItemCosts(weak.costs, strong.costs), words, notes


def _money_asked(asked: Asked) -> bool:
    return asked.work.counts_given() or bool(
        [*asked.much.given("budget"), *asked.overhead.priced(), *asked.turns.given("check_usd")]
    )


def _side(
    asked: Asked, catalog: Catalog, outcomes: Outcomes, role: str, model: Model | None, terms: dict[str, Any]
) -> _Side:
    costs = known_costs(getattr(outcomes, f"{role}_cost"))
    if costs is not None:
        return _Side(costs, Source.COSTS, Source.COSTS)
    if model is None:
        return _Side()
    inputs, outputs = (getattr(outcomes, f"{role}_{kind}_tokens") for kind in ("input", "output"))
    prices = f"prices of {catalog.origin(model)} on {terms['at'] or catalog.as_of}"
    priced = token_costs(catalog, model, inputs, outputs, terms)
    if priced is not None:
        return _Side(priced, Source.TOKENS, f"{Source.TOKENS}, {prices}")
    if asked.work.in_ is None or asked.work.out is None:
        return _Side()
    job = planned(replace(asked, work=replace(asked.work, rpd=asked.work.rpd or (Decimal(1),))))
    one = estimate(catalog, model, replace(job, requests=1, requests_per_day=None)).monthly()
    return _Side([one] * len(outcomes.items), Source.WORKLOAD, f"{Source.WORKLOAD}, {prices}")


def _refuse_idle(work: WorkloadOptions, weak: Source | None, strong: Source | None) -> None:
    """Reject options that cannot affect costs from these sources."""
    sources, terms = (weak, strong), work.terms_given()
    counts = work.given("in_", "out", "reasoning")
    if weak is None or strong is None:
        if counts or terms:
            raise UsageError(f"{[*counts, *terms][0]} is a matter of money, and the results tell of none")
        return
    both = weak if weak is strong else f"{weak} (weak) and {strong} (strong)"
    if counts and Source.WORKLOAD not in sources:
        raise UsageError(f"{counts[0]} has no effect: costs come from {both}")
    if terms and set(sources) == {Source.COSTS}:
        raise UsageError(f"{terms[0]} has no effect: costs come from {both}, which have no terms")


def _no_dollars(outcomes: Outcomes, models: tuple[Model | None, Model | None]) -> str:
    """Return why there are no dollars, and what would give them."""
    if None not in models:
        return f"no dollars: name the columns of tokens ({_TOKENS}), or give --in and --out"
    if outcomes.weak_output_tokens or outcomes.strong_output_tokens:
        return "no dollars: the tokens in the results need prices: --weak and --strong, or --weak-price, --strong-price"
    return "no dollars: the results have no costs, or tokens without a price"


def requests_of(asked: Asked, costs: ItemCosts | None) -> Decimal | None:
    """The requests of all days, where `--rpd` says how many there are."""
    if asked.work.rpd is None or costs is None:
        only_with(asked.work.given("days"), "--rpd")
        return None
    return asked.work.requests()
