"""Rates of the user's own tables that are far off those of the packaged one: a slip of the unit looks like that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from .diff import IMPLAUSIBLE, Change, diff_models
from .exact import digits
from .key import KeyKind
from .model import Model
from .table import ModelTable
from .units import Unit

_MOST_NAMED = 5


def far_off(own: Model, base: Model, day: date) -> list[Change]:
    """The rates and fees in force on a day that are at least IMPLAUSIBLE times off the base's; none of a free model."""
    changes = [] if own.free else diff_models(base, own, day)
    return [x for x in changes if x.key.is_price and x.before and x.after is not None and _far(x.before, x.after)]


def _far(before: Decimal, after: Decimal) -> bool:
    return after * IMPLAUSIBLE <= before or after >= before * IMPLAUSIBLE


def swapped(own: Model, base: Model, day: date) -> str | None:
    """What is odd where output costs less than input, and in the base it does not; None where it does not."""
    ours, theirs = _in_and_out(own, day), _in_and_out(base, day)
    if ours is None or theirs is None or ours[1] >= ours[0] or theirs[1] < theirs[0]:
        return None
    rates = f"{digits(theirs[0])} in and {digits(theirs[1])} out"
    said = f"output {digits(ours[1])} is less than input {digits(ours[0])}"
    return f"{said}: are they swapped? The packaged table has {rates}"


def _in_and_out(model: Model, day: date) -> tuple[Decimal, Decimal] | None:
    """The standard rates of input and output of a day; None where it has not both."""
    period = model.in_force(day)
    rates = period.standard.rates if period else {}
    return (rates[Unit.INPUT], rates[Unit.OUTPUT]) if rates.keys() >= {Unit.INPUT, Unit.OUTPUT} else None


def words(change: Change) -> str:
    """What is odd about a number that is far off: `0.0025 is 1,000 times less than the 2.5 of the packaged table`."""
    before, after = change.before or Decimal(1), change.after or Decimal(0)
    unit = "fees are in USD for one" if change.key.kind is KeyKind.FEE else "rates are in USD per 1M tokens"
    if not after:
        return f"0 here, {digits(before)} in the packaged table: a free model needs free: true"
    times = f"{round(before / after):,} times less" if after < before else f"{round(after / before):,} times more"
    return f"{digits(after)} is {times} than the {digits(before)} of the packaged table: {unit}"


def warnings(tables: Sequence[ModelTable], own: Sequence[ModelTable], day: date) -> list[str]:
    """A line for each model of the user's `own` tables with a rate that is far off that of the last of `tables`."""
    found = list(_warnings(tables, own, day))
    if len(found) <= _MOST_NAMED:
        return found
    more = f"{len(found) - _MOST_NAMED} more models are off like this: llmcost prices lint lists them"
    return [*found[:_MOST_NAMED], more]


def _warnings(tables: Sequence[ModelTable], own: Sequence[ModelTable], day: date) -> Iterator[str]:
    for table in own:
        for model_id in table:
            base = next((x for x in reversed(tables) if model_id in x), None)
            if base is None or table.is_same(model_id, base):
                continue
            odd = far_off(table[model_id], base[model_id], day)
            if not odd and (said := swapped(table[model_id], base[model_id], day)):
                yield f"{table.origin}: {model_id}: {said}"
            if odd:
                others = f" (and {len(odd) - 1} more)" if odd[1:] else ""
                yield f"{table.origin}: {model_id}: {odd[0].what} {words(odd[0])}{others}"
