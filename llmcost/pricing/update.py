"""What a source of prices changes in the tables that are in force, and what of it is held back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from .catalog import Catalog
from .diff import Change, diff_models
from .model import Model, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePlan:
    """What an update would do: `models` are to be written, by canonical id.

    `changes` are applied, `held_back` are too large to be believed and leave their models as they are, `shutdowns`
    are days that the tables did not know, `new` are models of the source that the tables do not have.
    """

    models: dict[str, Model]
    changes: tuple[Change, ...]
    held_back: tuple[Change, ...]
    shutdowns: dict[str, date]
    new: tuple[str, ...]

    @property
    def behind(self) -> bool:
        """Tell whether the tables differ from the source."""
        return bool(self.changes or self.held_back or self.shutdowns)


def plan_update(
    catalog: Catalog, source: Iterable[Model], day: date, *, accept: bool = False, add: bool = False
) -> UpdatePlan:
    """Return what the source changes as of a day.

    A model with a change of more than ten times, or to zero, is held back whole, unless `accept`. Models that the
    tables lack are added only with `add`.
    """
    models: dict[str, Model] = {}
    changes: list[Change] = []
    held_back: list[Change] = []
    shutdowns: dict[str, date] = {}
    new: list[str] = []
    known = set(catalog.ids())
    for model in source:
        if model.id not in known:
            new.append(model.id)
            if add:
                models[model.id] = model
            continue
        old = catalog.resolve(model.id)
        found = diff_models(old, _with_known(old, model, day), day)
        if model.shutdown is not None and model.shutdown != old.shutdown:
            shutdowns[model.id] = model.shutdown
            models[model.id] = replace(old, shutdown=model.shutdown)
        if not found:
            continue
        if any(change.implausible for change in found) and not accept:
            held_back += found
            continue
        changes += found
        models[model.id] = merged(old, model, day)
    return UpdatePlan(
        models=models, changes=tuple(changes), held_back=tuple(held_back), shutdowns=shutdowns, new=tuple(new)
    )


def merged(old: Model, new: Model, day: date) -> Model:
    """Return a model with its history, its names and its own facts, at the source's prices from a day on."""
    card = _with_known(old, new, day).period(day)
    kept = tuple(period for period in old.periods if period.start is None or period.start < day)
    later = tuple(period for period in old.periods if period.start is not None and period.start > day)
    return replace(
        old,
        periods=(*kept, replace(card, start=day), *later),
        shutdown=new.shutdown or old.shutdown,
        context=new.context or old.context,
        max_output=new.max_output or old.max_output,
        regions={**old.regions, **new.regions},
        source=new.source or old.source,
        checked=day,
    )


def _with_known(old: Model, new: Model, day: date) -> Model:
    """Return the source's model with what the source does not speak of taken from the table: tiers, regions, fees."""
    before, after = _in_force(old, day), _in_force(new, day)
    if before is None or after is None:
        return new
    fees = {**before.standard.fees, **after.standard.fees}
    rates = {**before.standard.rates, **after.standard.rates}
    standard = replace(
        after.standard,
        rates=rates,
        fees=fees,
        long_context=after.standard.long_context or before.standard.long_context,
        schedule=after.standard.schedule or before.standard.schedule,
    )
    tiers = {**before.tiers, **after.tiers}
    return replace(
        new, periods=(Period(start=None, standard=standard, tiers=tiers),), regions={**old.regions, **new.regions}
    )


def _in_force(model: Model, day: date) -> Period | None:
    started = [period for period in model.periods if period.start is None or period.start <= day]
    return started[-1] if started else None
