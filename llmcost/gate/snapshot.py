"""The workloads of a project at one time, as numbers and names that another time can be compared with.

A snapshot is made of the bills of an llmcost.yaml, or read from a saved run (`saved.py`). No sentence is part of it:
the words for a workload may change without changing any comparison.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal, localcontext
from typing import Any

from ..lazy import dataclass
from ..pricing.exact import EXACT, digits
from ..workload.lengths import Range, length_text
from ..workload.model import Workload
from ..workload.terms import FLAT_TERMS, term_words, unusual
from .bars import Bars
from .bills import ListRates, PricedWorkload
from .span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadState:
    """One workload: USD a month, and what that is made of.

    `models` are the shares of the requests (0 to 1) by canonical id, tokens those of an expected request (reasoning is
    part of the output), `lengths` those that are not one number, in words (None: a saved run does not tell them).
    `terms` are those that are not standard by the names that a Workload gives them, `rates` the list rates behind the
    bill, empty where a saved run has none.
    """

    workload: str
    monthly: Span
    models: Mapping[str, Decimal]
    requests_per_day: Decimal
    days: Decimal
    input_tokens: Decimal
    output_tokens: Decimal
    lengths: str | None = None
    terms: Mapping[str, Any] = field(default_factory=dict)
    rates: ListRates = field(default_factory=dict)

    @property
    def model_words(self) -> str:
        """The model, or the mix, the largest share first: `openai/gpt-4o-mini 80% + openai/gpt-4o 20%`."""
        if len(self.models) == 1:
            return next(iter(self.models))
        shares = sorted((-share, model) for model, share in self.models.items())
        return " + ".join(f"{model} {_percentage(-share)}" for share, model in shares)

    @property
    def volume_words(self) -> str:
        """The requests of a month: `1,000 requests/day, 30 days`."""
        days = f"{_count(self.days)} day{'' if self.days == 1 else 's'}"
        return f"{_count(self.requests_per_day)} requests/day, {days}"

    @property
    def token_words(self) -> str:
        """The tokens of a request: `500 in, 200 out`."""
        return f"{_count(self.input_tokens)} in, {_count(self.output_tokens)} out"

    @property
    def term_words(self) -> str:
        """The terms: `60% of the input read from cache, tier batch`; `standard` where none differs."""
        return ", ".join(term_words(self.terms)) or "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Workloads by name, and what messages call the whole.

    `estimates` says that these are the rows of an `estimate`, which has no names of workloads: each is named by its
    model, and several are alternatives to each other, which have no total. A saved check tells the `bars` of its rules
    and the llmcost.yaml that it is a `run_of`, and has `doubts`: what makes it a strange baseline.
    """

    name: str
    workloads: Mapping[str, WorkloadState]
    estimates: bool = False
    bars: Bars | None = None
    doubts: tuple[str, ...] = ()
    run_of: str | None = None

    @property
    def alternatives(self) -> bool:
        """Tell whether the workloads do not add up."""
        return self.estimates and len(self.workloads) > 1

    def aligned(self, other: Snapshot) -> Snapshot:
        """This snapshot, a single estimate under the name of the other's only workload."""
        if not self.estimates or other.estimates or len(self.workloads) > 1 or len(other.workloads) > 1:
            return self
        (name,), (only,) = other.workloads, self.workloads.values()
        return replace(self, workloads={name: replace(only, workload=name)})


def snapshot(name: str, workloads: Sequence[PricedWorkload]) -> Snapshot:
    """The bills of an llmcost.yaml as a snapshot."""
    return Snapshot(name=name, workloads={x.name: _state(x) for x in workloads})


def _state(priced: PricedWorkload) -> WorkloadState:
    w = priced.configured.workload
    usage = w.usage()
    models: dict[str, Decimal] = {}
    with localcontext(EXACT):
        for part in priced.parts:
            model = part.estimate.model.id
            models[model] = models.get(model, Decimal(0)) + part.share
    return WorkloadState(
        workload=priced.name,
        monthly=Span.of(priced.monthly),
        models=models,
        requests_per_day=w.daily_requests(),
        days=Decimal(w.days),
        input_tokens=Decimal(usage.input_tokens),
        output_tokens=Decimal(usage.output_tokens),
        lengths=_lengths(w),
        terms=unusual({name: getattr(w, name) for name in FLAT_TERMS}),
        rates=priced.rates,
    )


def _lengths(w: Workload) -> str:
    """How long requests are, of what is not one number: `8 turns, prefix 2,000, in 400..600, reasoning 3x`."""
    said, prefix = [], w.prefix_tokens
    if w.turns > 1:
        said.append(f"{w.turns} turns")
    if prefix:
        said.append(f"prefix {length_text(prefix) if isinstance(prefix, Range) else _count(Decimal(prefix))}")
    sides = {"in": w.input_tokens, "out": w.output_tokens, "reasoning": w.reasoning_tokens}
    said += [f"{name} {length_text(x)}" for name, x in sides.items() if not isinstance(x, int | Decimal)]
    return ", ".join(said)


def _percentage(share: Decimal) -> str:
    with localcontext(EXACT):
        return f"{digits(share * 100)}%"


def _count(value: Decimal) -> str:
    whole, point, decimals = digits(value).partition(".")
    return f"{int(whole):,}{point}{decimals}"
