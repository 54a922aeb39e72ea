"""The frontier of `llmcost bench --frontier`: models priced and placed by cost and score."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..benchmarks.difference import differs_significantly
from ..benchmarks.frontier import FrontierPoint, frontier, mixtures
from ..benchmarks.model import Benchmark, Score, ScoreBook
from ..errors import ExitStatus, UsageError
from ..notes import Note, NoteKind
from ..pricing.catalog import Catalog
from ..report.views.frontier import Costing, PricedFor, frontier_report
from ..workload.estimate import Estimate, Listing, cheapest_first, estimate, estimate_listed
from ..workload.model import Workload
from .emit import emit
from .options import OutputOptions, WorkloadOptions


def frontier_command_part(
    book: ScoreBook,
    catalog: Catalog,
    benchmarks: Sequence[Benchmark],
    models: Sequence[str],
    work: WorkloadOptions,
    out: OutputOptions,
    *,
    plot: bool,
) -> ExitStatus:
    """Show where models (canonical ids; none: every one on sale) stand by cost and their score on one benchmark.

    The cost is that of the workload; without one that of an item of the scored runs where all are known, else that of
    the default volume.
    """
    if len(benchmarks) != 1:
        raise UsageError("--frontier takes one benchmark", "for example: llmcost bench --frontier -b gpqa")
    (benchmark,) = benchmarks
    workload = work.single("bench --frontier", catalog, models)
    scores = {x: found for x in models or book.models() if (found := book.score(x, benchmark.id)) is not None}
    on_sale = set(catalog.ids())
    listing = _priced(catalog, [x for x in scores if x in on_sale], workload, named=bool(models))
    if not listing.estimates:
        whose = f"none of {', '.join(models)}" if models else "no model on sale"
        raise UsageError(f"{whose} has a score on {benchmark.name} and a price")
    costing = _costing(book, scores, listing, models)
    points = [_point(book, scores[x.model.id], x, costing) for x in costing.estimates]
    better = benchmark.higher_is_better
    placed = frontier(points, partial(differs_significantly, book), higher_is_better=better)
    mixed = mixtures(placed, higher_is_better=better) if benchmark.unit == "percent" else {}
    return emit(frontier_report(book, benchmark, placed, mixed, costing, plot=plot), out)


def _priced(catalog: Catalog, ids: Sequence[str], workload: Workload, *, named: bool) -> Listing:
    """Return the estimates of models; those that the user named are priced whether or not they are retired."""
    models = [catalog.resolve(x) for x in ids]
    if not named:
        return estimate_listed(catalog, models, workload)
    return Listing(estimates=cheapest_first(estimate(catalog, model, workload) for model in models))


def _costing(book: ScoreBook, scores: dict[str, Score], listing: Listing, models: Sequence[str]) -> Costing:
    notes = []
    unscored = [x for x in models if x not in scores]
    if unscored:
        notes.append(Note(NoteKind.MISSING, f"no score: {', '.join(unscored)}"))
    unpriced = [x for x in scores if x not in {*_ids(listing.estimates), *(x.model.id for x in listing.left_out)}]
    if unpriced:
        verb = "score is of a model" if len(unpriced) == 1 else "scores are of models"
        notes.append(Note(NoteKind.LEFT_OUT, f"{len(unpriced)} {verb} without a price, left out"))
    known = [book.usd_per_item(scores[x]) is not None for x in _ids(listing.estimates)]
    if not listing.estimates[0].workload.default_job:
        basis = PricedFor.WORKLOAD
    elif all(known):
        basis = PricedFor.RUN_ITEM
    else:
        basis = PricedFor.VOLUME
        if any(known):
            said = f"the cost of the run itself is known for {sum(known)} of {len(known)} scores and is not used"
            notes.append(Note(NoteKind.MISSING, said))
    return Costing(basis=basis, estimates=listing.estimates, left_out=listing.left_out, notes=tuple(notes))


def _ids(estimates: Sequence[Estimate]) -> list[str]:
    return [x.model.id for x in estimates]


def _point(book: ScoreBook, score: Score, x: Estimate, costing: Costing) -> FrontierPoint:
    run = book.usd_per_item(score) if costing.basis is PricedFor.RUN_ITEM else None
    return FrontierPoint(model=x.model.id, cost=x.monthly_usd if run is None else run, score=score)
