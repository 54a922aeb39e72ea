"""What each item of a file of results costs at one model: by its own costs, its tokens, or a workload's request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any, TypeAlias, cast

from ..errors import Gap, NotSoldError
from ..pricing.catalog import Catalog
from ..pricing.exact import EXACT, total
from ..pricing.key import KeyKind, Threshold
from ..pricing.model import Model
from ..pricing.usage import Tokens
from .estimate import Estimate, estimate, request_cost
from .model import Bound, Workload

TokenColumn: TypeAlias = Sequence[Tokens | None] | None
CostColumn: TypeAlias = Sequence[Decimal | None] | None


class CostSource(StrEnum):
    """Where the cost of an item comes from."""

    COSTS = "costs"
    TOKENS = "tokens"
    WORKLOAD = "workload"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCosts:
    """USD of the items whose cost is known, in their order; at least one.

    `estimate` has the prices that they were made with: of their mean tokens, or the workload's; None for costs that a
    file has.
    """

    source: CostSource
    usd: Sequence[Decimal]
    estimate: Estimate | None = None

    @property
    def mean_usd(self) -> Decimal:
        """USD of an item, on average."""
        with localcontext(EXACT):
            return total(self.usd) / len(self.usd)


def from_costs(costs: CostColumn) -> ItemCosts | None:
    """The costs that a file has; None where it has none."""
    known = [cost for cost in costs or () if cost is not None]
    return ItemCosts(source=CostSource.COSTS, usd=known) if known else None


def from_workload(found: Estimate, items: int) -> ItemCosts:
    """What an expected request of a workload costs, for each of so many items."""
    usd = found.bills[Bound.EXPECTED].per_request.usd
    return ItemCosts(source=CostSource.WORKLOAD, usd=[usd] * items, estimate=found)


def from_tokens(
    catalog: Catalog, model: Model, inputs: TokenColumn, outputs: TokenColumn, terms: Mapping[str, Any]
) -> ItemCosts | None:
    """What the items that have both counts cost, each as a request on terms of a Workload; None without any.

    Rates depend on how long a request is, but within one step of a model's rates the cost is linear in its tokens: so
    three requests of each step are priced, and the rest is arithmetic. Raises NotSoldError where the model does not
    sell a length or the terms.
    """
    if not inputs or not outputs:
        return None
    read, written = _both_known(inputs, outputs)
    if not read:
        return None
    _check_longest(model, max(written))
    priced = _priced_lengths(catalog, model, set(read), terms, answered=any(written))
    with localcontext(EXACT):
        usd = [priced[length][0] + priced[length][1] * answer for length, answer in zip(read, written, strict=True)]
        means = (Decimal(sum(counts)) / len(read) for counts in (read, written))
        job = Workload(requests=len(read), input_tokens=next(means), output_tokens=next(means), **terms)
    return ItemCosts(source=CostSource.TOKENS, usd=usd, estimate=estimate(catalog, model, job))


def _both_known(
    inputs: Sequence[Tokens | None], outputs: Sequence[Tokens | None]
) -> tuple[Sequence[Tokens], Sequence[Tokens]]:
    """Both counts of the items that have both."""
    if None not in inputs and None not in outputs:
        return cast("Sequence[Tokens]", inputs), cast("Sequence[Tokens]", outputs)
    pairs = [(a, b) for a, b in zip(inputs, outputs, strict=True) if a is not None and b is not None]
    return [a for a, _ in pairs], [b for _, b in pairs]


def _check_longest(model: Model, answer: Tokens) -> None:
    if model.max_output is not None and answer > model.max_output:
        raise NotSoldError(
            f"an answer of {Decimal(answer):,f} tokens does not fit {model.id}",
            f"its largest output is {model.max_output:,} tokens",
            model=model.id,
            reason=f"largest output of {model.max_output:,}",
            gap=Gap.OUTPUT,
        )


def _priced_lengths(
    catalog: Catalog, model: Model, lengths: Collection[Tokens], terms: Mapping[str, Any], *, answered: bool
) -> dict[Tokens, tuple[Decimal, Decimal]]:
    """For each input length the USD of a request without output, and of each token of its output."""
    day = terms.get("at") or catalog.as_of

    def cost(length: Tokens, answer: int) -> Decimal:
        workload = Workload(requests=1, input_tokens=length, output_tokens=answer, **terms)
        return request_cost(model, workload, workload.usage(), day).usd

    borders = _borders(model, day)
    steps: dict[int, list[Tokens]] = {}
    for length in sorted(lengths):
        crossed = sum(border.crossed_by(length) for border in borders)
        steps.setdefault(crossed, []).append(length)
    found: dict[Tokens, tuple[Decimal, Decimal]] = {}
    with localcontext(EXACT):
        for step in steps.values():
            least, most = step[0], step[-1]
            base = cost(least, 0)
            of_output = cost(least, 1) - base if answered else Decimal(0)
            of_input = (cost(most, 0) - base) / (most - least) if most > least else Decimal(0)
            found |= {length: (base + of_input * (length - least), of_output) for length in step}
    return found


def _borders(model: Model, day: date) -> set[Threshold]:
    """The input lengths at which a rate of the model may change on a day."""
    numbers = list(model.period(day).numbers())
    limits = {Threshold(int(most), inclusive=False) for key, most in numbers if key.kind is KeyKind.MAX_INPUT}
    return limits | {key.step for key, _ in numbers if key.step}
