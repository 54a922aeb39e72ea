"""User-supplied prices layered over the tables: negotiated prices and discounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from ..errors import UnknownModelError, UsageError
from .catalog import Catalog
from .exact import EXACT
from .key import Key, KeyKind
from .model import Card, Model, Period
from .owner import Owner
from .providers import provider_name
from .table import ModelTable
from .units import Unit


def with_overrides(
    catalog: Catalog, *, prices: Mapping[str, tuple[Decimal, Decimal]], discounts: Mapping[str, Decimal]
) -> Catalog:
    """The catalog with negotiated prices and discounts on top of it.

    `prices` are USD per 1M input and output tokens by model; such a model has no other rates and no tiers, since what
    was negotiated for them is not known. `discounts` are shares (0 to 1) off every token rate, by model or provider; a
    model's own comes before its provider's, and none is taken off a negotiated price.

    Raises UnknownModelError or AmbiguousModelError for a model, UsageError for a name that is neither a model nor a
    provider.
    """
    fixed = {}
    for name, (input_rate, output_rate) in prices.items():
        try:
            model = catalog.resolve(name)
        except UnknownModelError as error:
            error.hints = (*error.hints, "put your own model into a table: --pricing FILE")
            raise
        if model.id in fixed:
            raise UsageError(f"--price: {model.id} is given twice")
        fixed[model.id] = with_price(model, input_rate, output_rate)
    reduced = {}
    for model, share in _discounted(catalog, discounts):
        if model.id not in fixed:
            reduced[model.id] = with_discount(model, share)
    whole = ((fixed, "--price"), (reduced, "--discount"))
    layers = [ModelTable(models, origin, Owner.RUNNER, whole=True) for models, origin in whole]
    return Catalog([*catalog.layers, *(layer for layer in layers if len(layer))], as_of=catalog.as_of)


def with_models(catalog: Catalog, models: Sequence[Model], origin: str) -> Catalog:
    """The catalog with these models on top; `origin` is what their price table is called."""
    return Catalog([*catalog.layers, ModelTable({model.id: model for model in models}, origin)], as_of=catalog.as_of)


def _discounted(catalog: Catalog, discounts: Mapping[str, Decimal]) -> list[tuple[Model, Decimal]]:
    """The models with their discounts, those of providers first: a model's own replaces its provider's."""
    providers = set(catalog.providers())
    whole: dict[str, Decimal] = {}
    single: list[tuple[Model, Decimal]] = []
    for name, share in discounts.items():
        provider = provider_name(name)
        if provider in whole:
            raise UsageError(f"--discount: {provider} is given twice")
        if provider in providers:
            whole[provider] = share
            continue
        try:
            model = catalog.resolve(name)
        except UnknownModelError as error:
            hint = f"providers: {', '.join(sorted(providers))}"
            raise UsageError(
                f'--discount: "{name}" is neither a provider nor a model', *error.hints[:-1], hint
            ) from None
        if any(model.id == other.id for other, _ in single):
            raise UsageError(f"--discount: {model.id} is given twice")
        single.append((model, share))
    return [(x, share) for provider, share in whole.items() for x in catalog.models(provider=provider)] + single


def with_price(model: Model, input_rate: Decimal, output_rate: Decimal) -> Model:
    """A model at a negotiated price, in USD per 1M tokens, on every day."""
    card = Card(rates={Unit.INPUT: input_rate, Unit.OUTPUT: output_rate})
    free = not input_rate and not output_rate
    periods = (Period(start=None, standard=card),)
    own = replace(model, periods=periods, regions={}, free=free, redirects_to=None)
    return replace(own, checked=None, source=None, sources=None)


def with_discount(model: Model, share: Decimal) -> Model:
    """A model with a share (0 to 1) off every token rate of every tier, length, hour and date; fees stay."""

    def less(key: Key, number: Decimal) -> Decimal:
        return number * (1 - share) if key.kind is KeyKind.RATE else number

    with localcontext(EXACT):
        found = model.mapped(less)
    return replace(found, free=model.free or found.costs_nothing)
