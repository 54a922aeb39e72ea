"""The month at stake for two models whose results are known, and what both cost in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..errors import NotSoldError, UnknownModelError, UsageError
from ..lazy import dataclass
from ..notes import Note, NoteKind
from ..pricing.catalog import Catalog
from ..workload.estimate import Estimate, estimate
from ..workload.items import ItemCosts, from_workload
from ..workload.model import Workload
from .contenders import Contender
from .money import Money, item_costs, spending
from .outcomes import Outcomes, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What a month is: a workload, or a number of requests like the items of the file, or neither.

    `terms` are those of a Workload; `asked` says that any of them but the days was given.
    """

    terms: Mapping[str, Any]
    asked: bool
    workload: Workload | None = None
    requests: Decimal | None = None


def both_costs(
    catalog: Catalog, sides: Sequence[Contender], outcomes: Outcomes, job: Month, right: tuple[Decimal, Decimal]
) -> tuple[Money, list[Note]]:
    """What both models cost whose shares of correct answers are `right`, and notes on what is not known of it.

    Raises UsageError where a month is asked for and a side has no cost, and for terms that change nothing; NotSoldError
    for terms that were asked for and that a model does not sell.
    """
    notes: list[Note] = []
    costs = [
        _costs(catalog, side, found, job, notes)
        for side, found in zip(sides, (outcomes.weak, outcomes.strong), strict=True)
    ]
    monthly: list[Estimate | None] = [None, None]
    if job.workload is not None:
        for side in sides:
            if side.model is None:
                raise UsageError(f"--{side.role} is missing: a workload is priced for two models")
        monthly = [estimate(catalog, side.model, job.workload) for side in sides if side.model]
        if None in costs:  # a run's cost and a workload's do not compare
            costs = [from_workload(x, len(outcomes.items)) for x in monthly if x]
    elif job.requests is not None:
        for side, known in zip(sides, costs, strict=True):
            if known is None:
                raise UsageError(
                    f"the results lack the cost of an answer of {side.name}, and --rpd alone does not give it",
                    "give --in and --out too, or results with tokens (of models in the price table) or costs",
                )
    weak, strong = (
        spending(known, share, requests=job.requests, monthly=month)
        for known, share, month in zip(costs, right, monthly, strict=True)
    )
    days = job.terms["days"]
    if not (weak.estimates or strong.estimates) and (job.asked or (days != 30 and not job.requests)):
        hint = "--rpd, --in and --out, or columns of tokens with --weak and --strong in the price table"
        raise UsageError("price terms have no effect: nothing is priced by tokens", hint)
    return Money(weak=weak, strong=strong, workload=job.workload, requests=job.requests, days=days), notes


def _costs(catalog: Catalog, side: Contender, got: Side, job: Month, notes: list[Note]) -> ItemCosts | None:
    """What the answers of a model cost; add a note where the results have tokens without a price."""
    try:
        found = item_costs(catalog, got, side.model, job.terms)
    except NotSoldError as error:
        if job.asked:
            raise
        notes.append(Note(NoteKind.MISSING, f"{error.message}: its answers have no cost"))
        return None
    if found is not None or side.model is not None:
        return found
    if side.unpriced is not None:
        why = "is sold by several providers"
        if isinstance(side.unpriced, UnknownModelError):
            meant = side.unpriced.matches
            why = f"is not in the price table{f' (did you mean {meant[0]}?)' if meant else ''}"
        notes.append(Note(NoteKind.MISSING, f"{side.name} {why}: no costs"))
    elif got.input_tokens and got.output_tokens:
        text = f"the tokens of {side.name} are not priced: name its model with --{side.role}"
        notes.append(Note(NoteKind.MISSING, text))
    return None
