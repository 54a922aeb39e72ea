"""`llmcost estimate`."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Annotated

import typer

from ..document import closest
from ..errors import ExitStatus, UsageError
from ..pricing.catalog import Catalog
from ..workload.estimate import Estimate, Listing, cheapest_first, estimate, estimate_listed
from ..workload.model import Workload
from . import values
from .app import SETTINGS, OnceCommand
from .emit import emit
from .measure import measure
from .options import FailOver, Models, OutputOptions, PriceOptions, Provider, WorkloadOptions, grouped, limit

app = typer.Typer(**SETTINGS)


@app.command(cls=OnceCommand, short_help="What a workload costs a month.")
@grouped
def estimate_command(
    work: WorkloadOptions,
    prices: PriceOptions,
    out: OutputOptions,
    model: Models = None,
    all_: Annotated[bool, typer.Option("--all", help="Every model, not only the featured ones.")] = False,
    provider: Provider = None,
    growth: Annotated[
        str | None, typer.Option("--growth", metavar="SHARE", help="Growth of the requests from month to month: 10%.")
    ] = None,
    months: Annotated[
        str | None, typer.Option("--months", metavar="N", help="Forecast this many months; 12 with --growth.")
    ] = None,
    fail_over: FailOver = None,
) -> ExitStatus:
    """Say what a workload costs a month, on the models given or on the featured ones, cheapest first.

    \b
    llmcost estimate --rpd 100000 --in 500 --out 200
    llmcost estimate -m gpt-4o --rpd 100k --in 400..600 --out 200 --cached 60%
    llmcost estimate -m gpt-4o --rpd 100k --in 500 --out 200 --months 12
    """
    from ..report.gates import estimates_gate
    from ..report.views.estimate import estimate_report

    names = model or []
    if names and (all_ or provider):
        raise UsageError("-m names the models; --all and --provider choose among those that are not named")
    bound = limit(fail_over, names)
    out.chosen_format()
    workloads = work.workloads(partial(measure, names, prices.catalog))
    catalog = prices.catalog()
    if growth is not None or months is not None:
        return _forecast(catalog, names, workloads, growth, months, out, bound)
    listing = _named(catalog, names, workloads) if names else _listed(catalog, workloads, all_=all_, provider=provider)
    report = estimate_report(listing.estimates, left_out=listing.left_out)
    return emit(report, out, None if bound is None else estimates_gate(listing.estimates, bound))


def _named(catalog: Catalog, names: list[str], workloads: list[Workload]) -> Listing:
    models = list({catalog.resolve(name).id: name for name in names}.values())
    found = [estimate(catalog, model, workload) for workload in workloads for model in models]
    return Listing(estimates=cheapest_first(found) if len(workloads) == 1 else tuple(found))


def _listed(catalog: Catalog, workloads: list[Workload], *, all_: bool, provider: str | None) -> Listing:
    if provider is not None and provider not in catalog.providers():
        raise UsageError(f'no provider "{provider}" in the tables', f"known: {', '.join(catalog.providers())}")
    models = list(catalog.models(featured=not (all_ or provider), provider=provider))
    _check_terms(catalog, workloads[0])
    listings = [estimate_listed(catalog, models, workload) for workload in workloads]
    found = tuple(x for listing in listings for x in listing.estimates)
    left_out = {(x.model.id, x.reason): x for listing in listings for x in listing.left_out}
    if not found:
        from ..report.words import by_reason

        said = by_reason((x.model.id, x.reason) for x in left_out.values())
        raise UsageError("no model sells what is asked for", f"left out: {said}")
    return Listing(estimates=found, left_out=tuple(left_out.values()))


def _check_terms(catalog: Catalog, workload: Workload) -> None:
    """Refuse a tier or region that no model of the tables has; it is more likely a slip than a wish."""
    for name, option, sold in (
        (workload.tier, "--tier", catalog.tiers),
        (workload.region, "--region", catalog.regions),
    ):
        if name is not None and name not in (known := sold()):
            near = closest(name, known)
            hint = f"did you mean: {near}?" if near else f"known: {', '.join(known)}"
            raise UsageError(f'{option} "{name}" is sold by no model', hint)


def _forecast(
    catalog: Catalog,
    names: list[str],
    workloads: list[Workload],
    growth: str | None,
    months: str | None,
    out: OutputOptions,
    bound: Decimal | None,
) -> ExitStatus:
    from ..report.gates import forecasts_gate
    from ..report.views.forecast import forecast_report
    from ..workload.forecast import forecast

    if not names or len(workloads) > 1 or workloads[0].ranged:
        raise UsageError("a forecast is of models given with -m, on one workload without lists and ranges")
    rate = Decimal(0) if growth is None else values.change(growth, "--growth")
    number = int(values.whole(months or "12", "--months"))
    estimates: list[Estimate] = list(_named(catalog, names, workloads).estimates)
    forecasts = [forecast(x, growth=rate, months=number) for x in estimates]
    return emit(forecast_report(forecasts), out, None if bound is None else forecasts_gate(forecasts, bound))
