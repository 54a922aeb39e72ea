"""What differs between two price tables, model by model and number by number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum

from ..lazy import dataclass
from .exact import EXACT
from .key import Key
from .model import Model

IMPLAUSIBLE = 10
"""A price that changes by more than this factor, or to zero, is more likely a slip than a price."""


class ChangeKind(StrEnum):
    """What happened to a number."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One number of one model before and after."""

    model: str
    key: Key
    kind: ChangeKind
    before: Decimal | None = None
    after: Decimal | None = None

    @property
    def what(self) -> str:
        """Which number it is, in words: `batch input above 272000`."""
        return self.key.words()

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
    """Compare the prices in force on a day, by canonical model id."""
    old, new = {x.id: x for x in before}, {x.id: x for x in after}
    both = [model_id for model_id in old if model_id in new]
    return TableDiff(
        changes=tuple(change for model_id in both for change in diff_models(old[model_id], new[model_id], day)),
        added=tuple(x for x in new if x not in old),
        removed=tuple(x for x in old if x not in new),
    )


def diff_models(before: Model, after: Model, day: date) -> list[Change]:
    """What changed of one model's prices on a day."""
    old, new = dict(before.rates(day)), dict(after.rates(day))
    changes = []
    for key in dict.fromkeys((*old, *new)):
        a, b = old.get(key), new.get(key)
        if a != b:
            kind = ChangeKind.ADDED if a is None else ChangeKind.REMOVED if b is None else ChangeKind.CHANGED
            changes.append(Change(model=after.id, key=key, kind=kind, before=a, after=b))
    return changes
