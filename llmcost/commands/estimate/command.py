"""`llmcost estimate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated

from ...errors import ExitStatus, UsageError
from ...lazy import dataclass
from ...pricing.catalog import Catalog
from ...shell.command import Options, command, one_of
from ...shell.emit import emit
from ...shell.makers import flag, models_argument, parsed, usd_limit, whole
from ...shell.options import (
    FailOver,
    Models,
    OutputOptions,
    PriceOptions,
    Provider,
    WorkloadOptions,
    check_provider,
    limit,
    over_limit,
    refuse_divided,
)
from ...workload import values as quantities
from ...workload.estimate import Listing, cheapest_first, estimate, estimate_listed
from ...workload.model import Workload


@dataclass(kw_only=True)
class ModelOptions(Options):
    """Models: those that are named, or a choice of all."""

    model: Models = ()
    all_: Annotated[bool, flag("--all", "Price all models, not only the featured ones.")] = False
    provider: Provider = None


@command()
def estimate_command(
    *,
    models: Annotated[
        tuple[str, ...], models_argument("Models to price; default: the featured ones.", metavar="[MODEL]...")
    ] = (),
    work: WorkloadOptions,
    which: ModelOptions,
    months: Annotated[int | None, whole("--months", "Forecast this many months; default with --growth: 12.")] = None,
    growth: Annotated[
        Decimal | None,
        parsed(quantities.change, "--growth", "Growth of requests per month: 10%.", metavar="SHARE"),
    ] = None,
    budget: Annotated[
        Decimal | None, usd_limit("--budget", "Instead of --rpd: find the requests per day it pays for.")
    ] = None,
    fail_over: FailOver = None,
    prices: PriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Show the monthly cost of a workload on the given or the featured models, cheapest first.

    --fail-over judges like check: the expected cost above the limit fails; the high end of a range and a known increase
    within 30 days warn. With --months, every month must stay within the limit.

    \b
    llmcost estimate --rpd 100000 --in 500 --out 200
    llmcost estimate gpt-4o --rpd 8k --turns 8 --prefix 2k --in 60 --out 250
    llmcost estimate -m gpt-4o --rpd 100k --in 500 --out 200 --months 12
    llmcost estimate -m gpt-4o --budget 1000 --in 500 --out 200
    """
    from .view import estimate_report

    names = (*models, *which.model)
    one_of(which.given("model") or ["MODEL"] * bool(models), which.given("all_", "provider"))
    bound = limit(fail_over, names)
    catalog = prices.catalog()
    refuse_divided(catalog, names)
    if budget is not None:
        others = {"--growth": growth, "--months": months, "--fail-over": fail_over}
        one_of(
            ["--budget"],
            work.given("rpd", "conversations"),
            hint="--budget finds the requests per day; to judge the cost of those you have: --rpd with --fail-over USD",
        )
        one_of(["--budget"], [name for name, value in others.items() if value is not None])
        return _affordable(catalog, replace(work, rpd=(Decimal(1),)), names, which, budget, out)
    workloads = work.workloads(catalog, names)
    if growth is not None or months is not None:
        return _forecast(catalog, names, workloads, growth or Decimal(0), months or 12, out, bound)
    listing = _named(catalog, names, workloads) if names else _listed(catalog, workloads, which)
    featured = not (names or which.all_ or which.provider)
    report = estimate_report(listing.estimates, left_out=listing.left_out, chosen=bool(names), featured=featured)
    return emit(report, out, over_limit(listing.estimates, bound), catalog=catalog)


def _named(catalog: Catalog, names: Sequence[str], workloads: list[Workload]) -> Listing:
    models = list({catalog.resolve(name).id: name for name in names}.values())
    found = [estimate(catalog, model, workload) for workload in workloads for model in models]
    return Listing(estimates=cheapest_first(found) if len(workloads) == 1 else tuple(found))


def _listed(catalog: Catalog, workloads: list[Workload], which: ModelOptions) -> Listing:
    check_provider(catalog, which.provider)
    models = list(catalog.models(featured=not (which.all_ or which.provider), provider=which.provider))
    listings = [estimate_listed(catalog, models, workload) for workload in workloads]
    found = tuple(x for listing in listings for x in listing.estimates)
    left_out = {(x.model, x.reason): x for listing in listings for x in listing.left_out}
    if not found:
        from ...report.words import by_reason

        said = by_reason(left_out.values())
        raise UsageError("no model sells this", f"left out: {said}")
    return Listing(estimates=found, left_out=tuple(left_out.values()))


def _affordable(
    catalog: Catalog,
    work: WorkloadOptions,
    names: Sequence[str],
    which: ModelOptions,
    budget: Decimal,
    out: OutputOptions,
) -> ExitStatus:
    from ...workload.budget import affordable
    from .view_budget import budget_report

    job = work.single("--budget", catalog, names)
    listing = _named(catalog, names, [job]) if names else _listed(catalog, [job], which)
    found = [affordable(catalog, x.model, job, budget) for x in listing.estimates]
    return emit(budget_report(found, left_out=listing.left_out), out, catalog=catalog)


def _forecast(
    catalog: Catalog,
    names: Sequence[str],
    workloads: list[Workload],
    growth: Decimal,
    months: int,
    out: OutputOptions,
    bound: Decimal | None,
) -> ExitStatus:
    from ...report.gates import forecasts_gate
    from ...workload.forecast import forecast
    from .view_forecast import forecast_report

    if not names or len(workloads) > 1 or workloads[0].ranged:
        raise UsageError("a forecast requires -m MODEL and a single workload (no lists or ranges)")
    forecasts = [forecast(x, growth=growth, months=months) for x in _named(catalog, names, workloads).estimates]
    gate = None if bound is None else forecasts_gate(forecasts, bound)
    return emit(forecast_report(forecasts), out, gate, catalog=catalog)
