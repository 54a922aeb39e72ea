"""`llmcost models` and `llmcost models show`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ..errors import ExitStatus, UsageError
from ..pricing.form import MODES
from ..pricing.model import Model
from ..pricing.units import Unit
from . import values
from .app import SETTINGS, OnceCommand
from .complete import complete_model
from .emit import emit
from .options import On, OutputOptions, PriceOptions, Provider, grouped


class ModelsGroup(TyperGroup):
    """Sends `llmcost models`, with words or options but without a subcommand, to `list`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default subcommand before arguments that name none."""
        return super().parse_args(ctx, args if args[:1] and args[0] in self.commands else ["list", *args])


app = typer.Typer(cls=ModelsGroup, help="List and search models; show one whole.", **SETTINGS)


@app.command("list", cls=OnceCommand)
@grouped
def list_command(
    prices: PriceOptions,
    out: OutputOptions,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD]...", help="Words that the id, name or an alias must contain.")
    ] = None,
    provider: Provider = None,
    mode: Annotated[
        str | None, typer.Option("--mode", metavar="MODE", help="Only this kind: chat, embedding ...")
    ] = None,
    max_input_price: Annotated[
        str | None, typer.Option("--max-input-price", metavar="USD", help="At most this for 1M input tokens.")
    ] = None,
    min_context: Annotated[
        str | None, typer.Option("--min-context", metavar="N", help="At least this context window: 200k.")
    ] = None,
    free: Annotated[bool, typer.Option("--free", help="Only free models.")] = False,
    retired: Annotated[bool, typer.Option("--retired", help="Also models that were shut down.")] = False,
    sort: Annotated[str, typer.Option("--sort", metavar="KEY", help="id, input, output, context or shutdown.")] = "id",
    on: On = None,
) -> ExitStatus:
    """List, filter and search models; `llmcost models show ID` shows one whole.

    \b
    llmcost models mini --max-input-price 0.5
    llmcost models --provider anthropic --sort output
    llmcost models show gpt-4o
    """
    from ..report.views.models import list_report, rate_on

    out.chosen_format()
    if mode is not None and mode not in MODES:
        raise UsageError(f'--mode "{mode}" is not known', f"known: {', '.join(MODES)}")
    dearest = None if max_input_price is None else values.money(max_input_price, "--max-input-price")
    window = None if min_context is None else values.count(min_context, "--min-context")
    catalog = prices.catalog()
    day = catalog.as_of if on is None else values.day(on, "--on")
    if provider is not None and provider not in catalog.providers():
        raise UsageError(f'no provider "{provider}" in the tables', f"known: {', '.join(catalog.providers())}")

    def wanted(model: Model) -> bool:
        price = rate_on(model, Unit.INPUT, day)
        return (
            (provider is None or model.provider == provider)
            and (mode is None or model.mode == mode)
            and (dearest is None or (price is not None and price <= dearest))
            and (window is None or (model.context is not None and model.context >= window))
            and (model.free or not free)
        )

    found = [model for model in catalog.search(words or ()) if wanted(model)]
    shown = sorted((x for x in found if retired or not x.retired(day)), key=_sort_key(sort, day))
    return emit(list_report(catalog, shown, day, hidden=len(found) - len(shown)), out)


def _sort_key(sort: str, day: date) -> Callable[[Model], tuple[Any, ...]]:
    """Return a key by which unknown values stand last and equal ones by id."""
    from ..report.views.models import rate_on

    known: dict[str, Callable[[Model], Decimal | int | date | None]] = {
        "id": lambda _: 0,
        "input": lambda x: rate_on(x, Unit.INPUT, day),
        "output": lambda x: rate_on(x, Unit.OUTPUT, day),
        "context": lambda x: None if x.context is None else -x.context,
        "shutdown": lambda x: x.shutdown,
    }
    if sort not in known:
        raise UsageError(f'--sort "{sort}" is not known', f"known: {', '.join(known)}")

    def key(model: Model) -> tuple[Any, ...]:
        value = known[sort](model)
        return (value is None, 0 if value is None else value, model.id)

    return key


@app.command("show", cls=OnceCommand)
@grouped
def show_command(
    prices: PriceOptions,
    out: OutputOptions,
    model: Annotated[str, typer.Argument(metavar="ID", help="The model.", autocompletion=complete_model)],
    on: On = None,
) -> ExitStatus:
    """Show one model whole: rates of every tier and length, history, aliases, source.

    \b
    llmcost models show gpt-4o
    """
    from ..report.views.models import show_report

    out.chosen_format()
    catalog = prices.catalog()
    day = catalog.as_of if on is None else values.day(on, "--on")
    return emit(show_report(catalog, catalog.resolve(model), day), out)
