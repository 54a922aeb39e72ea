"""`llmcost frontier`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated

from ...errors import ExitStatus, UsageError
from ...scores.costing import costing_of
from ...scores.difference import differs_significantly
from ...scores.frontier import FrontierPoint, frontier, mixtures
from ...shell.command import command
from ...shell.emit import emit
from ...shell.makers import benchmark as benchmark_option
from ...shell.makers import flag
from ...shell.options import OutputOptions, PriceOptions, ScoresFile, WorkloadOptions
from ...shell.score_options import ShownModels, benchmark_ids, name_notes, scored_models
from ...workload.estimate import estimate_listed
from .view import frontier_report


@command()
def frontier_command(
    *,
    models: ShownModels = (),
    benchmark: Annotated[str, benchmark_option("Benchmark: mmlu, math, humaneval, gpqa ...")],
    scores: ScoresFile = None,
    plot: Annotated[bool, flag("--plot", "Plot score against cost.")] = False,
    work: WorkloadOptions,
    prices: PriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Show cost against the score on a benchmark: the models that no other beats on both, and what beats the rest.

    The cost is for your workload. Without one, it is for an item of the scored runs if all are known, else for 1B input
    tokens.

    \b
    llmcost frontier -b gpqa --plot --rpd 100k --in 500 --out 200
    llmcost frontier -b gpqa gpt-4o gpt-4o-mini
    """
    from ...load import load_scores

    catalog = prices.catalog()
    book = load_scores(scores, priced=catalog.ids)
    test = book.benchmarks[benchmark_ids(book, [benchmark])[0]]
    named = scored_models(models, catalog, book)
    workload = work.single("frontier", catalog, named)
    found = {x: score for x in named or book.models() if (score := book.score(x, test.id)) is not None}
    on_sale = set(catalog.ids())
    listing = estimate_listed(catalog, [catalog.resolve(x) for x in found if x in on_sale], workload, named=named)
    if not listing.estimates:
        whose = f"none of {', '.join(named)}" if named else "no model on sale"
        raise UsageError(f"{whose} has a score on {test.name} and a price")
    costing = costing_of(book, found, listing, named)
    costing = replace(costing, notes=(*name_notes(models, catalog, book), *costing.notes))
    points = [FrontierPoint(model=model, cost=usd, score=found[model]) for model, usd in costing.usd.items()]
    better = test.higher_is_better
    placed = frontier(points, partial(differs_significantly, book), higher_is_better=better)
    mixed = mixtures(placed, higher_is_better=better) if test.unit == "percent" else {}
    return emit(frontier_report(book, test, placed, mixed, costing, plot=plot), out, catalog=catalog, book=book)
