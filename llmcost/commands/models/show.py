"""`llmcost models show`."""

from __future__ import annotations

from typing import Annotated

from ...errors import ExitStatus
from ...shell.command import command
from ...shell.emit import emit
from ...shell.makers import models_argument
from ...shell.options import ListingOptions, On, PriceOptions


@command()
def show_command(
    *,
    model: Annotated[str, models_argument("Model to show.", metavar="ID")],
    on: On = None,
    prices: PriceOptions,
    out: ListingOptions,
) -> ExitStatus:
    """Show everything about one model: rates by tier and length, history, aliases, source.

    \b
    llmcost models show gpt-4o
    """
    from .view import show_report

    catalog = prices.catalog()
    day = on or catalog.as_of
    return emit(show_report(catalog, catalog.resolve(model), day), out, catalog=catalog)
