"""What two models' answers to the same items cost: an item, a correct answer, a month, and what the weak one saves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any, cast

from ..pricing.catalog import Catalog
from ..pricing.exact import EXACT
from ..pricing.model import Card, Model
from ..pricing.usage import Tokens
from ..workload.estimate import Estimate, estimate
from ..workload.model import End, Workload
from .outcomes import CostColumn, TokenColumn


class Basis(StrEnum):
    """Where the cost of an answer comes from."""

    COSTS = "costs"
    TOKENS = "tokens"
    WORKLOAD = "workload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What an answer costs: the mean USD of `items` items of a file, or of a workload's request (`items` is None)."""

    basis: Basis
    usd: Decimal
    items: int | None = None
    estimates: tuple[Estimate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What one model costs, in USD; None is not known. `per_correct_usd` is None too where no answer is correct."""

    answers: Answers | None = None
    monthly_usd: Decimal | None = None
    per_correct_usd: Decimal | None = None
    estimates: tuple[Estimate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What both models cost.

    A month is `days` days of the workload, or of `requests` requests in all where the file tells what one costs.
    """

    weak: Spending = field(default_factory=Spending)
    strong: Spending = field(default_factory=Spending)
    workload: Workload | None = None
    requests: Decimal | None = None
    days: Tokens = 30

    @property
    def saving_usd(self) -> Decimal | None:
        """USD that the weak model saves in a month; negative where it costs more."""
        if self.weak.monthly_usd is None or self.strong.monthly_usd is None:
            return None
        with localcontext(EXACT):
            return self.strong.monthly_usd - self.weak.monthly_usd

    @property
    def saving_pct(self) -> Decimal | None:
        """The saving in percent of what the strong model costs, of an answer where no month is known."""
        weak, strong = self.weak.monthly_usd, self.strong.monthly_usd
        if weak is None and self.weak.answers and self.strong.answers:
            weak, strong = self.weak.answers.usd, self.strong.answers.usd
        if weak is None or not strong:
            return None
        with localcontext(EXACT):
            return (strong - weak) * 100 / strong


def recorded(costs: CostColumn) -> Answers | None:
    """Return the mean of the costs that a file has, over the items that have one."""
    known = [cost for cost in costs or () if cost is not None]
    if not known:
        return None
    with localcontext(EXACT):
        return Answers(basis=Basis.COSTS, usd=sum(known, Decimal(0)) / len(known), items=len(known))


def priced(
    catalog: Catalog, model: Model, inputs: TokenColumn, outputs: TokenColumn, terms: Mapping[str, Any]
) -> Answers | None:
    """Return the mean cost of the items that have both counts of tokens, on terms of a Workload.

    Rates depend on how long a request is, but within one step of a model's rates the cost is linear in its tokens: so
    the items of a step are priced as that many requests of their mean tokens, which is the same sum. Raises
    NotSoldError as `estimate` does.
    """
    if not inputs or not outputs:
        return None
    read, written = _both_known(inputs, outputs)
    if not read:
        return None
    groups = _by_step(_steps(model, terms.get("at") or catalog.as_of), read, written)
    with localcontext(EXACT):
        found = tuple(
            estimate(
                catalog,
                model,
                Workload(requests=count, input_tokens=total / count, output_tokens=answered / count, **terms),
            )
            for count, total, answered in groups
        )
        usd = sum((x.monthly_usd for x in found), Decimal(0)) / len(read)
    return Answers(basis=Basis.TOKENS, usd=usd, items=len(read), estimates=found)


def requested(x: Estimate) -> Answers:
    """Return what one request of a workload costs, expected."""
    return Answers(basis=Basis.WORKLOAD, usd=x.bills[End.EXPECTED].per_request.usd, estimates=(x,))


def spending(
    answers: Answers | None, right: Decimal, *, requests: Decimal | None = None, monthly: Estimate | None = None
) -> Spending:
    """Return what a model costs whose mean score is `right` (0 to 1): a month by its estimate or by its requests.

    Source of the cost of a correct answer: what an answer costs, divided by the share of them that is correct.
    """
    with localcontext(EXACT):
        month = monthly.monthly_usd if monthly else answers.usd * requests if answers and requests else None
        return Spending(
            answers=answers,
            monthly_usd=month,
            per_correct_usd=answers.usd / right if answers and right else None,
            estimates=(*((monthly,) if monthly else ()), *(answers.estimates if answers else ())),
        )


def _both_known(
    inputs: Sequence[Tokens | None], outputs: Sequence[Tokens | None]
) -> tuple[Sequence[Tokens], Sequence[Tokens]]:
    """Return both counts of the items that have both."""
    if None not in inputs and None not in outputs:
        return cast("Sequence[Tokens]", inputs), cast("Sequence[Tokens]", outputs)
    pairs = [(a, b) for a, b in zip(inputs, outputs, strict=True) if a is not None and b is not None]
    return [a for a, _ in pairs], [b for _, b in pairs]


def _steps(model: Model, day: date) -> list[tuple[int, bool]]:
    """Return the input lengths at which a rate of the model may change on a day; true where the length itself has."""
    period = model.period(day)
    cards: list[Card] = [period.standard, *period.tiers.values()]
    cards += [window.card for card in cards for window in card.schedule]
    longer = {(step.threshold, step.inclusive) for card in cards for step in card.long_context}
    return sorted(longer | {(card.max_input, False) for card in cards if card.max_input is not None})


def _by_step(
    steps: Sequence[tuple[int, bool]], read: Sequence[Tokens], written: Sequence[Tokens]
) -> list[tuple[int, Decimal, Decimal]]:
    """Return the number of items, their tokens in and their tokens out, for each step that has any."""
    if not steps:
        return [(len(read), Decimal(sum(read)), Decimal(sum(written)))]
    step = {length: _crossed(steps, length) for length in set(read)}
    found: dict[int, tuple[int, Decimal, Decimal]] = {}
    for length, answered in zip(read, written, strict=True):
        count, total, out = found.get(step[length], (0, Decimal(0), Decimal(0)))
        found[step[length]] = (count + 1, total + length, out + answered)
    return [found[key] for key in sorted(found)]


def _crossed(steps: Sequence[tuple[int, bool]], length: Tokens) -> int:
    return sum(length >= threshold if inclusive else length > threshold for threshold, inclusive in steps)
