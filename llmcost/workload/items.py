"""What each item of a file of results costs at one model: by its own costs, its tokens, or a workload's request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, localcontext
from enum import StrEnum
from itertools import compress
from operator import gt
from typing import Any, NamedTuple, TypeAlias, cast

from ..errors import Gap, InvalidUsageError, NotSoldError, UsageError
from ..lazy import dataclass
from ..pricing.catalog import Catalog
from ..pricing.exact import EXACT
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
    """What the items cost whose cost is known, in their order; at least one.

    `amounts` are multiples of `unit` USD: whole numbers where tokens are, which add up several times faster than
    Decimals. `estimate` has the prices that they were made with: of requests of their lengths, or the workload's; None
    for costs that a file has.
    """

    source: CostSource
    amounts: Sequence[Tokens]
    unit: Decimal = Decimal(1)
    estimate: Estimate | None = None

    @property
    def mean_usd(self) -> Decimal:
        """USD of an item, on average."""
        with localcontext(EXACT):
            return sum(self.amounts) * self.unit / len(self.amounts)

    def in_units(self, unit: Decimal) -> Sequence[Tokens]:
        """The amounts as multiples of a unit, of which its own is a whole number."""
        with localcontext(EXACT):
            times = int(self.unit / unit)
            return self.amounts if times == 1 else [amount * times for amount in self.amounts]


def from_costs(costs: CostColumn) -> ItemCosts | None:
    """The costs that a file has; None where it has none."""
    known = [cost for cost in costs or () if cost is not None]
    return ItemCosts(source=CostSource.COSTS, amounts=known) if known else None


def from_workload(found: Estimate, items: int) -> ItemCosts:
    """What an expected request of a workload costs, for each of so many items."""
    usd = found.bills[Bound.EXPECTED].per_request.usd
    return ItemCosts(source=CostSource.WORKLOAD, amounts=[usd] * items, estimate=found)


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
    full = [read is not None and written is not None for read, written in zip(inputs, outputs, strict=True)]
    if not any(full):
        return None
    if terms.get("caching"):
        raise UsageError(
            "--caching auto cannot compute cache reads from items", "give shares: --cached 60%, --cache-write 20%"
        )
    read, written = (cast("list[Tokens]", list(compress(column, full))) for column in (inputs, outputs))
    known = _parts(full, parts or {}, terms)
    _check_parts(known, read, written)
    _check_longest(model, max(written))
    priced, unit = _priced_lengths(catalog, model, set(read), terms, answered=any(written), parts=list(known))
    each = map(priced.__getitem__, read)
    with localcontext(EXACT):
        amounts = [base + of_output * answer for (base, of_output, _), answer in zip(each, written, strict=True)]
        for name, column in known.items():
            amounts = [
                amount + priced[length].of_part[name] * part
                for amount, length, part in zip(amounts, read, column, strict=True)
            ]
        sums = {name: Decimal(sum(column)) for name, column in (("in", read), ("out", written), *known.items())}
        shares = {term: sums[name] / sums["in"] for name, term in _SHARES.items() if sums.get(name) and sums["in"]}
        lengths, answers = paired(read, written)
        whole = {**terms, **shares}
        job = Workload(requests=len(read), input_tokens=lengths, output_tokens=answers, **whole)
    return ItemCosts(source=CostSource.TOKENS, amounts=amounts, unit=unit, estimate=estimate(catalog, model, job))


def _parts(full: Sequence[bool], parts: Mapping[str, TokenColumn], terms: Mapping[str, Any]) -> dict[str, list[Tokens]]:
    """The tokens of each part in the rows that are `full`; none of a part that a term says, or that no row has."""
    found = {}
    for name in PARTS:
        column = parts.get(name)
        if column and not terms.get(_SHARES.get(name, "")) and any(column):
            found[name] = [tokens or 0 for tokens in compress(column, full)]
    return found


def _check_parts(known: Mapping[str, Sequence[Tokens]], read: Sequence[Tokens], written: Sequence[Tokens]) -> None:
    """Refuse an item with more tokens in its parts than there are."""
    cached = [known[name] for name in ("cache_read_tokens", "cache_write_tokens") if name in known]
    if any(map(gt, map(sum, zip(*cached, strict=True)), read)):
        raise InvalidUsageError("an item has more cache read and write tokens than input tokens")
    if any(map(gt, known.get("reasoning_tokens", ()), written)):
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


class _LengthCost(NamedTuple):
    """What a request of one input length costs in units: without output, each token of output and of a part."""

    base: Tokens
    of_output: int
    of_part: Mapping[str, int]


def _priced_lengths(
    catalog: Catalog,
    model: Model,
    lengths: Collection[Tokens],
    terms: Mapping[str, Any],
    *,
    answered: bool,
    parts: Sequence[str] = (),
) -> tuple[dict[Tokens, _LengthCost], Decimal]:
    """What a request of each input length costs, and the unit in USD."""
    day = terms.get("at") or catalog.as_of

    def cost(length: Tokens, answer: int, **part: int) -> Decimal:
        workload = Workload(requests=1, input_tokens=length, output_tokens=answer, **terms)
        usage = workload.usage()
        return usage_cost(model, workload, _with(usage, part), day).usd

    answer = int(answered)
    borders = model.steps(day)
    steps: dict[int, list[Tokens]] = {}
    for length in sorted(lengths):
        crossed = sum(border.crossed_by(length) for border in borders)
        steps.setdefault(crossed, []).append(length)
    rates: list[tuple[Decimal, ...]] = []
    with localcontext(EXACT):
        for step in steps.values():
            least, most = step[0], step[-1]
            base = cost(least, 0)
            of_output = cost(least, answer) - base
            of_input = (cost(most, 0) - base) / (most - least) if most > least else Decimal(0)
            of_part = [
                cost(most, answer, **{name: 1}) - cost(most, answer) if most >= 1 else Decimal(0) for name in parts
            ]
            rates.append((base, of_input, of_output, *of_part))
        unit = Decimal(1).scaleb(min(int(rate.as_tuple().exponent) for step in rates for rate in step))
        found: dict[Tokens, _LengthCost] = {}
        for step, exact in zip(steps.values(), rates, strict=True):
            start, each_in, each_out, *each = (int(rate / unit) for rate in exact)
            of_each = dict(zip(parts, each, strict=True))
            found |= {length: _LengthCost(start + each_in * (length - step[0]), each_out, of_each) for length in step}
    return found, unit
