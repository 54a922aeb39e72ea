"""`llmcost models`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from ...errors import ExitStatus
from ...pricing.form import MODES
from ...pricing.model import Model
from ...pricing.units import Unit
from ...shell.command import Commands, command
from ...shell.emit import emit
from ...shell.makers import argument, choice, flag, rate
from ...shell.options import (
    Able,
    IncludeRetired,
    ListingOptions,
    MinContext,
    On,
    PriceOptions,
    Provider,
    check_provider,
    joined,
)
from ...workload.estimate import lacking


class Sort(StrEnum):
    """What a list of models is ordered by."""

    ID = "id"
    INPUT = "input"
    OUTPUT = "output"
    CONTEXT = "context"
    SHUTDOWN = "shutdown"


@command(modes=Commands({"show": "Show everything about one model."}, "..commands.models.{}"))
def models_command(
    *,
    words: Annotated[tuple[str, ...], argument("Words in the id, name or an alias.", metavar="[WORD]...")] = (),
    provider: Provider = None,
    mode: Annotated[str | None, choice(MODES, "--mode", "Only", metavar="MODE")] = None,
    max_input_price: Annotated[Decimal | None, rate("--max-input-price", "Maximum USD per 1M input tokens.")] = None,
    min_context: MinContext = None,
    free: Annotated[bool, flag("--free", "Only free models.")] = False,
    able: Able = (),
    include_retired: IncludeRetired = False,
    sort: Annotated[Sort, choice(Sort, "--sort", "Order by", metavar="KEY")] = Sort.ID,
    on: On = None,
    prices: PriceOptions,
    out: ListingOptions,
) -> ExitStatus:
    """List, filter and search models, or show everything about one.

    \b
    llmcost models mini --max-input-price 0.5
    llmcost models --provider anthropic --sort output
    llmcost models --needs vision,json_schema --sort input
    llmcost models show gpt-4o
    """
    from .view import list_report, rates_on

    catalog = prices.catalog()
    day = on or catalog.as_of
    check_provider(catalog, provider)

    def wanted(model: Model) -> bool:
        if max_input_price is not None:
            price = rates_on(model, Unit.INPUT, day=day)[Unit.INPUT]
            if price is None or price > max_input_price:
                return False
        return (
            (provider is None or model.provider == provider)
            and (mode is None or model.mode == mode)
            and (min_context is None or (model.context is not None and model.context >= min_context))
            and (model.free or not free)
        )

    needs = joined(able)
    found = [x for x in catalog.search(words) if wanted(x) and not x.capabilities.denies(needs)]
    live = [x for x in found if include_retired or not x.retired(day)]
    left_out = {x.id: why for x in live if (why := lacking(x, needs))}
    shown = sorted((x for x in live if x.id not in left_out), key=_sort_key(sort, day))
    report = list_report(catalog, shown, day, hidden=len(found) - len(live), left_out=tuple(left_out.values()))
    return emit(report, out, catalog=catalog)


def _sort_key(sort: Sort, day: date) -> Callable[[Model], tuple[Any, ...]]:
    """A key by which unknown values stand last and equal ones by id."""
    from .view import rates_on

    known: dict[Sort, Callable[[Model], Decimal | int | date | None]] = {
        Sort.ID: lambda _: 0,
        Sort.INPUT: lambda x: rates_on(x, Unit.INPUT, day=day)[Unit.INPUT],
        Sort.OUTPUT: lambda x: rates_on(x, Unit.OUTPUT, day=day)[Unit.OUTPUT],
        Sort.CONTEXT: lambda x: None if x.context is None else -x.context,
        Sort.SHUTDOWN: lambda x: x.shutdown,
    }

    def key(model: Model) -> tuple[Any, ...]:
        value = known[sort](model)
        return (value is None, 0 if value is None else value, model.id)

    return key
