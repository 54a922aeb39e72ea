"""What each item of a file of results costs at one model: by its own costs, its tokens, or a workload's request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, localcontext
from enum import StrEnum
from operator import add, gt
from typing import Any, TypeAlias, cast

from ..errors import Gap, InvalidUsageError, NotSoldError, UsageError
from ..lazy import dataclass
from ..pricing.catalog import Catalog
from ..pricing.exact import EXACT, total
from ..pricing.model import Model
from ..pricing.usage import Tokens, Usage
from .estimate import Estimate, estimate, usage_cost
from .lengths import Bound, paired
from .model import Workload

TokenColumn: TypeAlias = Sequence[Tokens | None] | None
CostColumn: TypeAlias = Sequence[Decimal | None] | None


PARTS = ("cache_read_tokens", "cache_write_tokens", "reasoning_tokens")
"""Fields of Usage that are parts of the input or the output, billed at rates of their own."""
_SHARES = {"cache_read_tokens": "cached", "cache_write_tokens": "cache_write"}
"""The term of a Workload that says the same as a share of the input."""


class CostSource(StrEnum):
    """Where the cost of an item comes from."""

    COSTS = "costs"
    TOKENS = "tokens"
    WORKLOAD = "workload"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCosts:
    """USD of the items whose cost is known, in their order; at least one.

    `estimate` has the prices that they were made with: of requests of their lengths, or the workload's; None for costs
    that a file has.
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
    catalog: Catalog,
    model: Model,
    inputs: TokenColumn,
    outputs: TokenColumn,
    terms: Mapping[str, Any],
    parts: Mapping[str, TokenColumn] | None = None,
) -> ItemCosts | None:
    """What the items that have both counts cost, each as a request on terms of a Workload; None without any.

    `parts` are the tokens of PARTS among them, by the field of Usage; an empty entry counts as none of them. A share of
    the cache among the terms goes before what was read from it and written to it.

    Rates depend on how long a request is, but within one step of a model's rates the cost is linear in its tokens: so
    a few requests of each step are priced, and the rest is arithmetic. Raises NotSoldError where the model does not
    sell a length or the terms.
    """
    if not inputs or not outputs:
        return None
    rows = [row for row, pair in enumerate(zip(inputs, outputs, strict=True)) if None not in pair]
    if not rows:
        return None
    if terms.get("caching"):
        raise UsageError(
            "--caching auto cannot compute cache reads from items", "give shares: --cached 60%, --cache-write 20%"
        )
    read, written = (cast("list[Tokens]", [column[row] for row in rows]) for column in (inputs, outputs))
    known = _parts(rows, parts or {}, terms)
    _check_parts(known, read, written)
    _check_longest(model, max(written))
    priced = _priced_lengths(catalog, model, set(read), terms, answered=any(written), parts=list(known))
    with localcontext(EXACT):
        usd = [
            priced[length].base + priced[length].of_output * answer
            for length, answer in zip(read, written, strict=True)
        ]
        for name, column in known.items():
            usd = [
                cost + priced[length].of_part[name] * part for cost, length, part in zip(usd, read, column, strict=True)
            ]
        sums = {name: Decimal(sum(column)) for name, column in (("in", read), ("out", written), *known.items())}
        shares = {term: sums[name] / sums["in"] for name, term in _SHARES.items() if sums.get(name) and sums["in"]}
        lengths, answers = paired(read, written)
        whole = {**terms, **shares}
        job = Workload(requests=len(rows), input_tokens=lengths, output_tokens=answers, **whole)
    return ItemCosts(source=CostSource.TOKENS, usd=usd, estimate=estimate(catalog, model, job))


def _parts(rows: Sequence[int], parts: Mapping[str, TokenColumn], terms: Mapping[str, Any]) -> dict[str, list[Tokens]]:
    """The tokens of each part in these rows; none of a part that a term says, or that no row has."""
    found = {}
    for name in PARTS:
        column = parts.get(name)
        if column and not terms.get(_SHARES.get(name, "")) and any(column):
            found[name] = [column[row] or 0 for row in rows]
    return found


def _check_parts(known: Mapping[str, Sequence[Tokens]], read: Sequence[Tokens], written: Sequence[Tokens]) -> None:
    """Refuse an item with more tokens in its parts than there are."""
    none = [0] * len(read)
    cached = map(add, known.get("cache_read_tokens", none), known.get("cache_write_tokens", none))
    if any(map(gt, cached, read)):
        raise InvalidUsageError("an item has more cache read and write tokens than input tokens")
    if any(map(gt, known.get("reasoning_tokens", none), written)):
        raise InvalidUsageError("an item has more reasoning tokens than output tokens")


def _check_longest(model: Model, answer: Tokens) -> None:
    if model.max_output is not None and answer > model.max_output:
        raise NotSoldError(
            f"an answer of {Decimal(answer):,f} tokens does not fit {model.id}",
            f"its largest output is {model.max_output:,} tokens",
            model=model.id,
            reason=f"largest output of {model.max_output:,}",
            gap=Gap.OUTPUT,
        )


def _with(usage: Usage, parts: Mapping[str, int]) -> Usage:
    """The usage of a request with so many tokens more of each part, which are among its tokens already."""
    totals = {name: getattr(usage, name) for name in ("input_tokens", "output_tokens")}
    return Usage(**totals, **{name: getattr(usage, name) + parts.get(name, 0) for name in PARTS})


@dataclass(frozen=True, slots=True)
class _LengthCost:
    """USD of a request of one input length: without output, of a token of output, and what a token of a part adds."""

    base: Decimal
    of_output: Decimal
    of_part: Mapping[str, Decimal]


def _priced_lengths(
    catalog: Catalog,
    model: Model,
    lengths: Collection[Tokens],
    terms: Mapping[str, Any],
    *,
    answered: bool,
    parts: Sequence[str] = (),
) -> dict[Tokens, _LengthCost]:
    """What a request of each input length costs."""
    day = terms.get("at") or catalog.as_of

    def cost(length: Tokens, answer: int, **part: int) -> Decimal:
        workload = Workload(requests=1, input_tokens=length, output_tokens=answer, **terms)
        usage = workload.usage()
        return usage_cost(model, workload, _with(usage, part), day).usd

    borders = model.steps(day)
    steps: dict[int, list[Tokens]] = {}
    for length in sorted(lengths):
        crossed = sum(border.crossed_by(length) for border in borders)
        steps.setdefault(crossed, []).append(length)
    found: dict[Tokens, _LengthCost] = {}
    with localcontext(EXACT):
        for step in steps.values():
            least, most = step[0], step[-1]
            base = cost(least, 0)
            of_output = cost(least, 1) - base if answered else Decimal(0)
            of_input = (cost(most, 0) - base) / (most - least) if most > least else Decimal(0)
            of_part = {}
            for name in parts:
                answer = 1 if name == "reasoning_tokens" else 0
                of_part[name] = cost(most, answer, **{name: 1}) - cost(most, answer) if most >= 1 else Decimal(0)
            found |= {length: _LengthCost(base + of_input * (length - least), of_output, of_part) for length in step}
    return found
