"""What a source of prices changes in the tables that are in force, and what of it is held back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import field, replace
from datetime import date
from decimal import Decimal

from ..errors import AmbiguousModelError
from ..lazy import dataclass
from .catalog import Catalog
from .diff import Change, ChangeKind, diff_models
from .model import Card, LongStep, Model, Period, own_name
from .news import is_news
from .reviewed import Declined, Reviewed, without_declined
from .units import Unit

_EMPTY = Card(rates={})


@dataclass(slots=True, kw_only=True)
class UpdatePlan:
    """What an update would do: `models` are to be written, by canonical id.

    `day` is the one whose prices are compared. `changes` are applied, `held_back` are too large to be believed and
    leave their models as they are, `shutdowns` are days that the tables did not know, `new` are models of the source
    that the tables do not have; of these `chat` are the news (see `is_news`) that no review has left aside. `compared`
    counts the models that both have a price of, `declined` the numbers of the source that a review did not take.
    """

    day: date = field(default=date.max, compare=False)
    models: dict[str, Model] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    held_back: list[Change] = field(default_factory=list)
    shutdowns: dict[str, date] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    chat: list[Model] = field(default_factory=list)
    compared: int = 0
    declined: int = 0

    @property
    def behind(self) -> bool:
        """Tell whether the tables differ from the source."""
        return bool(self.changes or self.held_back or self.shutdowns)


def plan_update(
    catalog: Catalog,
    source: Iterable[Model],
    day: date,
    *,
    reviewed: Reviewed | None = None,
    accept: bool = False,
    add: bool = False,
    origin: str | None = None,
    zeroed: Collection[str] = (),
) -> UpdatePlan:
    """What the source changes as of a day; `origin` is what changed models then name as their source.

    `zeroed` are models of the source without a price because it has 0 for every rate: a change to zero.

    A model with a change of more than ten times, or to zero, is held back whole, unless `accept`. Models that the
    tables lack are added only with `add`. What `reviewed` declines stays as it is in the tables; so does a model that
    redirects to another one by that day, whose rates are what a source has under its name.
    """
    plan = UpdatePlan(day=day)
    known = set(catalog.ids())
    for found in source:
        model = _at_zero(found, catalog, day) if found.id in zeroed and found.id in known else found
        if model.in_force(day) is None or _is_snapshot(catalog, model):
            continue
        if model.id not in known:
            plan.new.append(model.id)
            if model.id not in (reviewed or {}) and is_news(model, catalog, day):
                plan.chat.append(model)
            if add:
                plan.models[model.id] = replace(model, sources=1)
            continue
        old, declined = catalog.entry(model.id), (reviewed or {}).get(model.id, {})
        if old.redirects_to and old.retired(day):
            continue
        new = without_declined(model, old, declined, day)
        left = dict(new.rates(day))
        plan.compared += any(True for _ in model.rates(day))
        plan.declined += sum(1 for key, number in model.rates(day) if number != left.get(key))
        _compare(plan, old, new, declined, day, accept=accept, origin=origin)
    plan.models = _with_own_names(plan.models, catalog)
    return plan


def _compare(
    plan: UpdatePlan, old: Model, new: Model, declined: Declined, day: date, *, accept: bool, origin: str | None
) -> None:
    """Put into the plan what a model of the source changes of ours."""
    found = diff_models(old, _with_known(old, new, day), day)
    if new.shutdown is not None and new.shutdown != old.shutdown:
        plan.shutdowns[old.id] = new.shutdown
        plan.models[old.id] = replace(old, shutdown=new.shutdown)
    if all(change.kind is ChangeKind.REMOVED and change.key in declined for change in found):
        found = []  # what only the table has is kept, as a review said
    if any(change.implausible for change in found) and not accept:
        plan.held_back += found
    elif found:
        plan.changes += found
        plan.models[old.id] = merged(old, new, day, origin)


def _at_zero(model: Model, catalog: Catalog, day: date) -> Model:
    """A model of the source at 0 for each rate of ours."""
    period = catalog.entry(model.id).in_force(day)
    if period is None:
        return model
    zero = Card(rates=dict.fromkeys(period.standard.rates, Decimal(0)))
    return replace(model, periods=(Period(start=None, standard=zero),))


def _is_snapshot(catalog: Catalog, model: Model) -> bool:
    """Tell whether a model of the source is one of ours by an alias: a dated snapshot say."""
    if model.id not in catalog:
        return False
    try:
        found = catalog.resolve(model.id)
    except AmbiguousModelError:
        return False
    return found.id != model.id and found.provider == model.provider


def _with_own_names(models: dict[str, Model], catalog: Catalog) -> dict[str, Model]:
    """The models without the aliases that are names of other models of the same provider."""
    taken: dict[str, str] = {name: name for name in models}
    kept = {}
    for model in models.values():
        aliases = []
        for alias in model.aliases:
            name = own_name(model.provider, alias)
            owner = taken.get(name) or (catalog.resolve(name).id if name in catalog else model.id)
            if owner == model.id:
                taken[name] = model.id
                aliases.append(alias)
        kept[model.id] = replace(model, aliases=tuple(aliases))
    return kept


def merged(old: Model, new: Model, day: date, origin: str | None = None) -> Model:
    """A model with its history, its names and its own facts, at the source's prices from a day on.

    Of a new input or output rate one source is known; `checked` is the day of that source.
    """
    known = _with_known(old, new, day)
    kept = tuple(period for period in old.periods if period.start is None or period.start < day)
    later = tuple(period for period in old.periods if period.start is not None and period.start > day)
    model = replace(
        old,
        periods=(*kept, replace(known.period(day), start=day), *later),
        shutdown=new.shutdown or old.shutdown,
        context=old.context or new.context,  # a source's may be the sum of both
        max_output=old.max_output or new.max_output,
        regions=known.regions,
        source=origin or new.source or old.source,
        checked=new.checked or day,
    )
    same = all(_short_rate(model, unit, day) == _short_rate(old, unit, day) for unit in (Unit.INPUT, Unit.OUTPUT))
    return replace(model, free=model.costs_nothing, sources=old.sources if same else 1)


def _short_rate(model: Model, unit: Unit, day: date) -> Decimal | None:
    period = model.in_force(day)
    return period.standard.rates.get(unit) if period else None


def _with_known(old: Model, new: Model, day: date) -> Model:
    """The source's model of a day, with what the source does not speak of taken from the table."""
    after = new.in_force(day)
    if after is None:
        return old
    before = old.in_force(day) or Period(start=None, standard=_EMPTY)
    names = dict.fromkeys((*before.tiers, *after.tiers))
    tiers = {name: _card(before.tiers.get(name, _EMPTY), after.tiers.get(name, _EMPTY)) for name in names}
    period = Period(start=None, standard=_card(before.standard, after.standard), tiers=tiers)
    return replace(new, periods=(period,), regions={**old.regions, **new.regions})


def _card(old: Card, new: Card) -> Card:
    """The source's card with the keys that only the table has."""
    return Card(
        rates={**old.rates, **new.rates},
        long_context=_steps(old.long_context, new.long_context),
        schedule=new.schedule or old.schedule,
        fees={**old.fees, **new.fees},
        max_input=new.max_input or old.max_input,
        regions=old.regions if new.regions is None else new.regions,
    )


def _steps(old: tuple[LongStep, ...], new: tuple[LongStep, ...]) -> tuple[LongStep, ...]:
    """The source's steps, each with the rates that only the table's same step has; without any, the table's."""
    known = {step.step: step.rates for step in old}
    full = [replace(step, rates={**known.get(step.step, {}), **step.rates}) for step in new]
    return tuple(step for step in full if step.rates) or old
