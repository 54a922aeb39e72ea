"""`llmcost compare`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ExitStatus, UsageError
from ..workload.compare import Comparison, compare
from .app import SETTINGS, OnceCommand
from .complete import complete_model
from .emit import emit
from .measure import measure
from .options import FailOver, OutputOptions, PriceOptions, WorkloadOptions, grouped, limit
from .scores import Scores

if TYPE_CHECKING:
    from ..benchmarks.quality import QualityComparison
    from ..pricing.catalog import Catalog

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
    bench: Annotated[bool, typer.Option("--bench/--no-bench", help="Compare scores too, or only costs.")] = True,
    scores: Scores = None,
) -> ExitStatus:
    """Say what models save against a base: a month, a year, in percent and as a ratio; and whether they are worse.

    Without a workload they are compared on 1B input tokens a month.

    \b
    llmcost compare gpt-4o gpt-4o-mini
    llmcost compare gpt-4o gpt-4o-mini --rpd 100k --in 500 --out 200
    """
    from ..report.gates import estimates_gate
    from ..report.views.compare import compare_report

    if scores is not None and not bench:
        raise UsageError("--scores names the scores to compare, and --no-bench leaves them out")
    bound = limit(fail_over, models)
    out.chosen_format()
    workload = work.single("compare", partial(measure, [base, *models], prices.catalog))
    catalog = prices.catalog()
    comparison = compare(catalog, base, models, workload)
    quality = _quality(catalog, comparison, scores) if bench else None
    others = [x.estimate for x in comparison.others]
    gate = None if bound is None else estimates_gate(others, bound)
    return emit(compare_report(comparison, quality), out, gate)


def _quality(catalog: Catalog, comparison: Comparison, scores: str | None) -> QualityComparison:
    from ..benchmarks.quality import quality
    from ..load import load_scores

    book = load_scores(scores, priced=catalog.ids)
    return quality(book, comparison.base.model.id, [x.estimate.model.id for x in comparison.others])
