"""`llmcost compare`."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from ..errors import ExitStatus, UsageError
from ..workload.compare import compare, volume
from .app import SETTINGS, OnceCommand
from .complete import complete_model
from .emit import emit
from .measure import measure
from .options import FailOver, OutputOptions, PriceOptions, WorkloadOptions, grouped, limit

app = typer.Typer(**SETTINGS)


@app.command(cls=OnceCommand, short_help="What models save against a base.")
@grouped
def compare_command(
    work: WorkloadOptions,
    prices: PriceOptions,
    out: OutputOptions,
    base: Annotated[
        str, typer.Argument(metavar="BASE", help="The model to save against.", autocompletion=complete_model)
    ],
    models: Annotated[
        list[str], typer.Argument(metavar="MODEL...", help="The models to compare.", autocompletion=complete_model)
    ],
    fail_over: FailOver = None,
) -> ExitStatus:
    """Say what models save against a base: a month, a year, in percent and as a ratio.

    Without a workload they are compared on 1B input tokens a month.

    \b
    llmcost compare gpt-4o gpt-4o-mini
    llmcost compare gpt-4o gpt-4o-mini --rpd 100k --in 500 --out 200
    """
    from ..gate.limit import judge_estimates
    from ..report.views.compare import compare_report

    bound = limit(fail_over, models)
    out.chosen_format()
    if not work.given() and work.per_request() is not None:
        raise UsageError(f"{work.per_request()} needs a workload: --rpd, --in and --out")
    jobs = work.workloads(partial(measure, [base, *models], prices)) if work.given() else [volume(**work.terms())]
    if len(jobs) > 1:
        raise UsageError("compare takes one workload, not a list", "llmcost estimate -m ... takes lists")
    comparison = compare(prices.catalog(), base, models, jobs[0])
    verdict = None if bound is None else judge_estimates([x.estimate for x in comparison.others], bound)
    return emit(compare_report(comparison, volume=not work.given(), verdict=verdict), out, verdict)
