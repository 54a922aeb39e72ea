"""What each item of a file of results cost at each model, in USD."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from ..benchmarks.outcomes import CostColumn, TokenColumn
from ..errors import NotSoldError
from ..pricing.catalog import Catalog
from ..pricing.exact import EXACT
from ..pricing.model import Model
from ..pricing.usage import Tokens
from ..workload.estimate import request_cost
from ..workload.model import Workload


@dataclass(frozen=True, slots=True)
class ItemCosts:
    """USD of each item, at the weak model and at the strong one."""

    weak: Sequence[Decimal]
    strong: Sequence[Decimal]


def known_costs(costs: CostColumn) -> list[Decimal] | None:
    """Return the costs that a file has; None where it has none or not of every item."""
    found = [cost for cost in costs or () if cost is not None]
    return found if found and len(found) == len(costs or ()) else None


def token_costs(
    catalog: Catalog, model: Model, inputs: TokenColumn, outputs: TokenColumn, terms: Mapping[str, Any]
) -> list[Decimal] | None:
    """Return what each item's tokens cost on terms of a Workload; None where a count is missing.

    Rates depend on the length of the input, and the cost of the output is its rate times its tokens: so two requests of
    each length are priced, without output and with one token, and the rest is arithmetic. Raises NotSoldError where the
    model does not sell a length or the terms.
    """
    read = [count for count in inputs or () if count is not None]
    written = [count for count in outputs or () if count is not None]
    if not read or not len(read) == len(written) == len(inputs or ()) == len(outputs or ()):
        return None
    _check_longest(model, max(written))
    day = terms.get("at") or catalog.as_of

    def cost(length: Tokens, answer: int) -> Decimal:
        workload = Workload(requests=1, input_tokens=length, output_tokens=answer, **terms)
        return request_cost(model, workload, workload.usage(), day).usd

    with localcontext(EXACT):
        base = {length: cost(length, 0) for length in set(read)}
        rate = {length: cost(length, 1) - usd for length, usd in base.items()}
        return [base[length] + rate[length] * answer for length, answer in zip(read, written, strict=True)]


def _check_longest(model: Model, answer: Tokens) -> None:
    if model.max_output is not None and answer > model.max_output:
        raise NotSoldError(
            f"an answer of {Decimal(answer):,f} tokens does not fit {model.id}",
            f"its largest output is {model.max_output:,} tokens",
            model=model.id,
            reason=f"largest output of {model.max_output:,}",
        )
