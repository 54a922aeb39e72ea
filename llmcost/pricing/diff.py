"""What differs between two price tables, model by model and number by number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum

from ..errors import NotSoldError
from .exact import EXACT
from .model import Card, Fee, LongStep, Model, Rates, Window

IMPLAUSIBLE = 10
"""A price that changes by more than this factor, or to zero, is more likely a slip than a price."""


class ChangeKind(StrEnum):
    """What happened to a number."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One number of one model before and after; `what` says which, in words: `batch input above 272000`."""

    model: str
    what: str
    kind: ChangeKind
    before: Decimal | None = None
    after: Decimal | None = None

    @property
    def percent(self) -> Decimal | None:
        """The change in percent, where both ends are known and there was a price."""
        if self.before is None or self.after is None or not self.before:
            return None
        with localcontext(EXACT):
            return (self.after - self.before) * 100 / self.before

    @property
    def implausible(self) -> bool:
        """Tell whether a price changed by more than IMPLAUSIBLE times, or from something to nothing."""
        if self.before is None or self.after is None or not self.before:
            return False
        return not self.after or not 1 / Decimal(IMPLAUSIBLE) <= self.after / self.before <= IMPLAUSIBLE


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDiff:
    """The changes of the models that both tables have, and the models that only one has."""

    changes: tuple[Change, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


def diff_tables(before: Iterable[Model], after: Iterable[Model], day: date) -> TableDiff:
    """Compare the prices in force on a day; models are told apart by their canonical ids."""
    old, new = {x.id: x for x in before}, {x.id: x for x in after}
    both = [model_id for model_id in old if model_id in new]
    return TableDiff(
        changes=tuple(change for model_id in both for change in diff_models(old[model_id], new[model_id], day)),
        added=tuple(x for x in new if x not in old),
        removed=tuple(x for x in old if x not in new),
    )


def diff_models(before: Model, after: Model, day: date) -> list[Change]:
    """Return what changed of one model's prices on a day."""
    old, new = numbers(before, day), numbers(after, day)
    changes = []
    for what in dict.fromkeys((*old, *new)):
        a, b = old.get(what), new.get(what)
        if a != b:
            kind = ChangeKind.ADDED if a is None else ChangeKind.REMOVED if b is None else ChangeKind.CHANGED
            changes.append(Change(model=after.id, what=what, kind=kind, before=a, after=b))
    return changes


def numbers(model: Model, day: date) -> dict[str, Decimal]:
    """Return every number of the prices in force on a day, by what it is in words; nothing before the first price."""
    try:
        period = model.period(day)
    except NotSoldError:
        return {}
    found = _card("", period.standard)
    for tier, card in period.tiers.items():
        found |= _card(f"{tier} ", card)
    return found | {f"region {name}": factor for name, factor in model.regions.items()}


def _card(prefix: str, card: Card) -> dict[str, Decimal]:
    found = _rates(prefix, card.rates)
    for step in card.long_context:
        found |= _rates(prefix, step.rates, step_words(step))
    for window in card.schedule:
        found |= _rates(prefix, window.card.rates, window_words(window))
    found |= {f"{prefix}fee {fee_words(name, fee)}": fee.usd for name, fee in card.fees.items()}
    return found if card.max_input is None else {**found, f"{prefix}max input": Decimal(card.max_input)}


def step_words(step: LongStep) -> str:
    """Return the end of what a long-context rate is called: ` above 272000`."""
    return f" {'from' if step.inclusive else 'above'} {step.threshold}"


def window_words(window: Window) -> str:
    """Return the end of what a rate of peak hours is called: ` on Mon Tue 01:00-04:00 UTC`."""
    return f" on {window.words()}"


def fee_words(name: str, fee: Fee) -> str:
    """Return a fee's name with its terms: `web_search per prompt (1500/day free)`."""
    per, free = f" per {fee.per}" if fee.per else "", f" ({fee.free} free)" if fee.free else ""
    return f"{name}{per}{free}"


def _rates(prefix: str, rates: Rates, suffix: str = "") -> dict[str, Decimal]:
    return {f"{prefix}{unit.value}{suffix}": rate for unit, rate in rates.items()}
