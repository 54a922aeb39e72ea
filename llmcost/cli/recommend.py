"""`llmcost recommend`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ..benchmarks.model import Need, ScoreBook
from ..benchmarks.recommend import Needs, Recommendation, TaskNeed, recommend
from ..errors import ExitStatus, NotSoldError, UnknownModelError, UsageError
from ..load import load_scores
from ..pricing.catalog import Catalog
from ..workload.estimate import Estimate, LeftOut, Listing, estimate, estimate_listed
from ..workload.model import Workload
from . import values
from .app import SETTINGS, OnceCommand
from .complete import complete_model
from .emit import emit
from .measure import measure
from .options import FailOver, OutputOptions, PriceOptions, Provider, WorkloadOptions, grouped
from .scores import Scores, known_task, least_score

if TYPE_CHECKING:
    from ..report.views.recommend import Shown

BASE = "openai/gpt-4o"
"""The model that a saving is against when none is named."""

app = typer.Typer(**SETTINGS)


@app.command(cls=OnceCommand, short_help="The cheapest model that is good enough.")
@grouped
def recommend_command(
    work: WorkloadOptions,
    prices: PriceOptions,
    out: OutputOptions,
    least: Annotated[
        list[str] | None,
        typer.Option("--min", metavar="NAME=SCORE", help="The score that a benchmark asks for: mmlu=80; repeatable."),
    ] = None,
    task: Annotated[
        list[str] | None,
        typer.Option("--task", metavar="KIND", help="A kind of task: classification, reasoning ...; repeatable."),
    ] = None,
    context: Annotated[
        str | None, typer.Option("--context", metavar="N", help="At least this context window: 200k.")
    ] = None,
    provider: Provider = None,
    exclude_retired: Annotated[
        bool, typer.Option("--exclude-retired/--include-retired", help="Without models that were shut down, or with.")
    ] = True,
    confident: Annotated[
        bool, typer.Option("--confident", help="The worse end of the 95% interval must meet the bar.")
    ] = False,
    top: Annotated[str, typer.Option("--top", metavar="N", help="Runners-up and misses to show.")] = "5",
    vs: Annotated[
        str | None,
        typer.Option("--vs", metavar="MODEL", help="Save against this; gpt-4o.", autocompletion=complete_model),
    ] = None,
    fail_over: FailOver = None,
    scores: Scores = None,
) -> ExitStatus:
    """Name the cheapest model that meets the needs: scores, a kind of task, a context window.

    A score that is not known meets nothing. Exit status 1 where no model meets the needs. Without a workload models are
    compared on 1B input tokens a month.

    \b
    llmcost recommend --task classification --rpd 100k --in 500 --out 200
    llmcost recommend --min mmlu=80 --min gpqa=40 --context 200k --confident
    """
    out.chosen_format()
    bound = None if fail_over is None else values.money(fail_over, "--fail-over")
    shown = int(values.whole(top, "--top"))
    catalog = prices.catalog()
    workload = work.single("recommend", partial(measure, [], lambda: catalog))
    book = load_scores(scores, priced=catalog.ids)
    needs = _needs(book, least or [], task or [], context, confident=confident)
    listing = _priced(catalog, workload, provider, retired=not exclude_retired)
    from ..report.views.recommend import Shown

    against = _against(catalog, vs, workload)
    how = Shown(top=shown, against=against, left_out=listing.left_out)
    return _told(book, recommend(book, listing.estimates, needs), how, out, bound)


def _told(book: ScoreBook, found: Recommendation, how: Shown, out: OutputOptions, bound: Decimal | None) -> ExitStatus:
    """Show the report; nothing that meets the needs is a gate that failed."""
    from ..report.gates import estimates_gate, one_line
    from ..report.views.recommend import recommend_report

    report = recommend_report(book, found, how)
    if not found.meeting:
        return emit(report, out, one_line(report.headline, passed=False))
    return emit(report, out, None if bound is None else estimates_gate([found.meeting[0].estimate], bound))


def _needs(
    book: ScoreBook, least: Sequence[str], tasks: Sequence[str], context: str | None, *, confident: bool
) -> Needs:
    bars = values.unique((least_score(book, text, "--min") for text in least), "--min")
    kinds = values.unique(((x.id, x) for x in (known_task(book, name) for name in tasks)), "--task")
    window = None if context is None else values.whole(context, "--context")
    if not bars and not kinds and window is None:
        known = f"kinds of task: {', '.join(book.tasks)}"
        raise UsageError("no need is given: --min, --task or --context", "for example: --min mmlu=80", known)
    if confident and not bars and not kinds:
        raise UsageError("--confident is about scores, and none is asked for: --min or --task")
    return Needs(
        asked=(
            *(TaskNeed(need=Need(bars={key: bar})) for key, bar in bars.items()),
            *(TaskNeed(need=need, task=kind) for kind in kinds.values() for need in kind.needs),
        ),
        context=window,
        confident=confident,
    )


def _priced(catalog: Catalog, workload: Workload, provider: str | None, *, retired: bool) -> Listing:
    """Return the estimates of the chat models, cheapest first, and what was left out."""
    if provider is not None and provider not in catalog.providers():
        raise UsageError(f'no provider "{provider}" in the tables', f"known: {', '.join(catalog.providers())}")
    models = list(catalog.models(provider=provider))
    chat = [x for x in models if x.mode == "chat"]
    others = tuple(LeftOut(model=x, reason="not a chat model") for x in models if x.mode != "chat")
    listing = estimate_listed(catalog, chat, workload)
    if retired:
        listing = _with_retired(catalog, listing, workload)
    if not listing.estimates:
        raise UsageError("no model sells what is asked for")
    return replace(listing, left_out=(*listing.left_out, *others))


def _with_retired(catalog: Catalog, listing: Listing, workload: Workload) -> Listing:
    """Return a listing with the models that were left out of it because they were shut down, at their last rates."""
    day = workload.at or catalog.as_of
    estimates: list[Estimate] = list(listing.estimates)
    left_out: list[LeftOut] = []
    for x in listing.left_out:
        if not x.model.retired(day):
            left_out.append(x)
            continue
        try:
            estimates.append(estimate(catalog, x.model, workload))
        except NotSoldError as error:
            left_out.append(LeftOut(model=x.model, reason=error.reason))
    return Listing(estimates=tuple(estimates), left_out=tuple(left_out))


def _against(catalog: Catalog, name: str | None, workload: Workload) -> Estimate | None:
    """Return what the saving is against; the model that stands in where none is named may be missing."""
    if name is not None:
        return estimate(catalog, name, workload)
    try:
        return estimate(catalog, BASE, workload)
    except (UnknownModelError, NotSoldError):
        return None
