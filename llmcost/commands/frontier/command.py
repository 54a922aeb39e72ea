"""`llmcost frontier`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Annotated

from ...errors import ExitStatus, UsageError
from ...notes import Note, NoteKind
from ...scores.difference import differs_significantly
from ...scores.frontier import FrontierPoint, frontier, mixtures
from ...scores.model import Score
from ...shell.command import command
from ...shell.emit import emit
from ...shell.makers import benchmark as benchmark_option
from ...shell.makers import flag
from ...shell.options import OutputOptions, PriceOptions, ScoresFile, WorkloadOptions
from ...shell.score_options import ShownModels, benchmark_ids, name_notes, scored_models
from ...workload.estimate import Listing, estimate_listed
from .view import Costing, PricedFor, frontier_report


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
    runs = {x.model.id: book.usd_per_item(found[x.model.id]) for x in listing.estimates}
    costing = _costing(list(runs.values()), found, listing, named)
    costing = replace(costing, notes=(*name_notes(models, catalog, book), *costing.notes))
    priced = {x.model.id: x.monthly_usd for x in costing.estimates}
    if costing.basis is PricedFor.RUN_ITEM:
        priced |= {model: usd for model, usd in runs.items() if usd is not None}
    points = [FrontierPoint(model=model, cost=usd, score=found[model]) for model, usd in priced.items()]
    better = test.higher_is_better
    placed = frontier(points, partial(differs_significantly, book), higher_is_better=better)
    mixed = mixtures(placed, higher_is_better=better) if test.unit == "percent" else {}
    return emit(frontier_report(book, test, placed, mixed, costing, plot=plot), out, catalog=catalog, book=book)


def _costing(
    runs: Sequence[Decimal | None], scores: Mapping[str, Score], listing: Listing, named: Sequence[str]
) -> Costing:
    """Choose what the cost is of; `runs` is USD of an item of each priced model's run (None: not known)."""
    notes = []
    if unscored := [x for x in named if x not in scores]:
        notes.append(Note(NoteKind.MISSING, f"no score: {', '.join(unscored)}"))
    priced = {x.model.id for x in listing.estimates} | {x.model for x in listing.left_out}
    if unpriced := len(scores.keys() - priced):
        verb = "score is of a model" if unpriced == 1 else "scores are of models"
        notes.append(Note(NoteKind.LEFT_OUT, f"{unpriced} {verb} without a price, left out"))
    known = sum(x is not None for x in runs)
    if not listing.estimates[0].workload.default_job:
        basis = PricedFor.WORKLOAD
    elif known == len(runs):
        basis = PricedFor.RUN_ITEM
    else:
        basis = PricedFor.VOLUME
        if known:
            said = f"costs of the runs are known for only {known} of {len(runs)} scores and are not used"
            notes.append(Note(NoteKind.MISSING, said))
    return Costing(basis=basis, estimates=listing.estimates, left_out=listing.left_out, notes=tuple(notes))
