"""User-supplied prices layered over the tables: negotiated prices and discounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from ..errors import AmbiguousModelError, UnknownModelError, UsageError
from .catalog import Catalog
from .exact import EXACT, digits
from .key import Key, KeyKind
from .model import Card, Model, Period
from .owner import Owner
from .providers import provider_name
from .table import ModelTable
from .units import Unit

PRICE = "--price"
"""The origin of a price that an option gives."""
LARGE = Decimal("0.5")
"""A discount above this may be the share that is paid."""


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
    reduced = discount_tables(catalog, discounts, Owner.RUNNER, but=fixed)
    layers = [ModelTable(fixed, PRICE, Owner.RUNNER, whole=True), *reduced]
    return Catalog([*catalog.layers, *(layer for layer in layers if len(layer))], as_of=catalog.as_of)


def discount_tables(
    catalog: Catalog, discounts: Mapping[str, Decimal], owner: Owner, *, said: str = "", but: Collection[str] = ()
) -> list[ModelTable]:
    """A layer for each discount, whose origin is `15% discount at openai` and what is `said` of where that stands.

    They replace the discounts that the catalog has. Models of `but` have none.
    """
    plain = Catalog([x for x in catalog.layers if x.share is None], as_of=catalog.as_of)
    found: dict[tuple[str, Decimal], dict[str, Model]] = {}
    for name, model, share in _discounted(plain, discounts):
        if model.id not in but:
            found.setdefault((name, share), {})[model.id] = with_discount(model, share)
    return [
        ModelTable(models, f"{digits(share * 100)}% discount at {name}{said}", owner, share=share)
        for (name, share), models in found.items()
    ]


def with_models(catalog: Catalog, models: Sequence[Model], origin: str) -> Catalog:
    """The catalog with these models on top; `origin` is what their price table is called."""
    return Catalog([*catalog.layers, ModelTable({model.id: model for model in models}, origin)], as_of=catalog.as_of)


def is_discountable(catalog: Catalog, name: str) -> bool:
    """Tell whether a name is a provider or one model."""
    try:
        return provider_name(name) in catalog.providers() or catalog.find(name) is not None
    except AmbiguousModelError:
        return False


def own_prices(catalog: Catalog) -> list[str]:
    """The origins of prices and discounts that no table has."""
    return [x.origin for x in catalog.layers if x.share is not None or x.origin == PRICE]


def large_discounts(catalog: Catalog) -> list[str]:
    """What to doubt of discounts above 50%: the share that is paid looks like that."""
    return [
        f"{x.origin}: if you pay {digits(x.share * 100)}%, the discount is {digits(100 - x.share * 100)}%"
        for x in catalog.layers
        if x.share is not None and x.share > LARGE
    ]


def _discounted(catalog: Catalog, discounts: Mapping[str, Decimal]) -> list[tuple[str, Model, Decimal]]:
    """The models with their discounts, those of providers first: a model's own replaces its provider's."""
    providers = set(catalog.providers())
    whole: dict[str, Decimal] = {}
    single: list[tuple[str, Model, Decimal]] = []
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
        if any(model.id == other.id for _, other, _ in single):
            raise UsageError(f"--discount: {model.id} is given twice")
        single.append((model.id, model, share))
    return [(name, x, share) for name, share in whole.items() for x in catalog.models(provider=name)] + single


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
