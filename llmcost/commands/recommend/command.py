"""`llmcost recommend`."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from ...errors import ExitStatus, NotSoldError, UnknownModelError, UsageError
from ...lazy import dataclass
from ...load import load_scores
from ...pricing.catalog import Catalog
from ...scores.model import ScoreBook
from ...scores.recommend import Needs, needs_of, recommend
from ...shell import values
from ...shell.command import Options, command, only_with
from ...shell.complete import complete_benchmark, complete_task
from ...shell.emit import emit
from ...shell.makers import amount, flag, model, parsed, text, whole
from ...shell.options import (
    Able,
    FailOver,
    IncludeRetired,
    MinContext,
    OutputOptions,
    PriceOptions,
    Provider,
    ScoresFile,
    WorkloadOptions,
    check_provider,
    joined,
    over_limit,
)
from ...shell.score_options import benchmark_ids, known_task, least_score
from ...workload.estimate import Estimate, Listing, estimate, estimate_listed, lacking
from ...workload.model import Workload

BASE = "openai/gpt-4o"
"""The model that a saving is against when none is named."""


@dataclass(kw_only=True)
class NeedOptions(Options):
    """Needs: what the model must be good for."""

    task: Annotated[
        tuple[str, ...],
        text(
            "--task", "Kind of task: classification, reasoning ...; repeatable.", metavar="KIND", complete=complete_task
        ),
    ] = ()
    least: Annotated[
        tuple[tuple[str, str], ...],
        parsed(
            values.named_score,
            "--min",
            "Required score (the most allowed where lower is better): mmlu=80; repeatable.",
            metavar="NAME=SCORE",
        ),
    ] = ()
    min_context: MinContext = None
    able: Able = ()
    confident: Annotated[bool, flag("--confident", "The low end of the 95% interval must reach the score.")] = False
    budget: Annotated[Decimal | None, amount("--budget", "Find the best model within this monthly budget: 500.")] = None
    benchmark: Annotated[
        str | None,
        text(
            *("-b", "--benchmark", "Benchmark to rank by with --budget; default: of --min, --task."),
            metavar="NAME",
            complete=complete_benchmark,
        ),
    ] = None


@command()
def recommend_command(
    *,
    needs: NeedOptions,
    provider: Provider = None,
    include_retired: IncludeRetired = False,
    vs: Annotated[str | None, model("--vs", "Base model for savings; default: gpt-4o.")] = None,
    top: Annotated[int, whole("--top", "Number of runners-up and misses to show.")] = 5,
    fail_over: FailOver = None,
    scores: ScoresFile = None,
    work: WorkloadOptions,
    prices: PriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Find the cheapest model that meets your needs: scores, kind of task, context window, capabilities.

    With --budget, find the best model within it. Unknown scores and facts do not qualify a model, and a score below its
    bar fails the task. Exit status 1 if no model qualifies. Without a workload, models are compared on 1B input tokens
    a month.

    \b
    llmcost recommend --task classification --rpd 100k --in 500 --out 200
    llmcost recommend --min mmlu=80 --min gpqa=40 --min-context 200k --confident
    llmcost recommend --needs vision,tools --min arena-text=1400
    llmcost recommend --task reasoning --budget 500 --rpd 10k --in 2k --out 200
    """
    catalog = prices.catalog()
    workload = work.single("recommend", catalog)
    book = load_scores(scores, priced=catalog.ids)
    asked = _needs(book, needs)
    listing = _priced(catalog, workload, provider, asked.able, retired=include_retired)
    from .view import RecommendCase, none_line, recommend_report

    against, found = _against(catalog, vs, workload), recommend(book, listing.estimates, asked)
    case = RecommendCase(
        book=book, found=found, top=top, against=against, default_base=vs is None, left_out=listing.left_out
    )
    report = recommend_report(case)
    if not found.meeting:
        from ...report.gates import one_line

        return emit(report, out, one_line(none_line(case), passed=False), catalog=catalog, book=book)
    gate = over_limit([found.meeting[0].estimate], fail_over)
    return emit(report, out, gate, catalog=catalog, book=book)


def _needs(book: ScoreBook, asked: NeedOptions) -> Needs:
    bars = values.unique((least_score(book, *bar, "--min") for bar in asked.least), "--min")
    kinds = values.unique(((x.id, x) for x in (known_task(book, name) for name in asked.task)), "--task")
    if asked.budget is None:
        only_with(asked.given("benchmark"), "--budget")
    elif not asked.given("benchmark", "least", "task"):
        raise UsageError("--budget needs a benchmark to rank by", "give -b NAME, --min NAME=SCORE or --task KIND")
    if not asked.given("least", "task", "min_context", "able", "benchmark"):
        known = f"kinds of task: {', '.join(book.tasks)}"
        raise UsageError(
            "nothing to look for: give --min, --task, --min-context or --needs",
            "for example: llmcost recommend --min mmlu=80",
            known,
        )
    if not bars and not kinds:
        only_with(asked.given("confident"), "--min or --task")
    return Needs(
        asked=needs_of(bars, kinds.values()),
        context=asked.min_context,
        able=joined(asked.able),
        confident=asked.confident,
        budget_usd=asked.budget,
        ranked_by=None if asked.benchmark is None else benchmark_ids(book, [asked.benchmark])[0],
    )


def _priced(
    catalog: Catalog, workload: Workload, provider: str | None, able: tuple[str, ...], *, retired: bool
) -> Listing:
    """The estimates of the chat models that are known to be `able`, cheapest first, and what was left out."""
    check_provider(catalog, provider)
    listing = estimate_listed(catalog, catalog.models(provider=provider), workload, retired=retired)
    unfit = {x.model.id: why for x in listing.estimates if (why := lacking(x.model, able))}
    fit = tuple(x for x in listing.estimates if x.model.id not in unfit)
    left_out = (*listing.left_out, *unfit.values())
    if not fit:
        from ...report.words import by_reason

        known = " and is known to have what is needed" if able else ""
        raise UsageError(f"no model sells this{known}", f"left out: {by_reason(left_out)}")
    return Listing(estimates=fit, left_out=left_out)


def _against(catalog: Catalog, name: str | None, workload: Workload) -> Estimate | None:
    """The base for savings, or None if the default base is not in the tables."""
    if name is not None:
        return estimate(catalog, name, workload)
    try:
        return estimate(catalog, BASE, workload)
    except (UnknownModelError, NotSoldError):
        return None
