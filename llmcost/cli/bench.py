"""`llmcost bench`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Annotated

import typer

from ..benchmarks.costs import Costs
from ..benchmarks.difference import differences, with_holm
from ..benchmarks.model import ScoreBook
from ..benchmarks.table import DEFAULT_ROWS, bench_table, best_first, candidates, widest
from ..errors import AmbiguousModelError, ExitStatus, NotSoldError, UnknownModelError, UsageError
from ..load import load_scores
from ..pricing.catalog import Catalog
from ..workload.compare import volume
from ..workload.estimate import Estimate, estimate
from . import values
from .app import SETTINGS, OnceCommand
from .complete import complete_benchmark, complete_model, complete_suite
from .emit import emit
from .options import OutputOptions, PriceOptions, WorkloadOptions, grouped
from .scores import Scores, benchmark_ids, scored_models, suite_benchmarks

ARTICLE = "article"
"""The suite that is shown where none is named."""
FIRST = ("openai/gpt-4o", "openai/gpt-4o-mini", "openai/gpt-3.5-turbo")
"""The models of the article, which lead the table of its suite."""

COST, MODEL = "cost", "model"

app = typer.Typer(**SETTINGS)


@app.command(cls=OnceCommand, short_help="Benchmark scores with their intervals.")
@grouped
def bench_command(
    work: WorkloadOptions,
    prices: PriceOptions,
    out: OutputOptions,
    models: Annotated[
        list[str] | None, typer.Argument(metavar="[MODEL]...", help="Only these.", autocompletion=complete_model)
    ] = None,
    suite: Annotated[
        str | None,
        typer.Option(
            "--suite",
            metavar="SUITE",
            help="Benchmarks that go together: article, frontier, coding, agents, math, arena.",
            autocompletion=complete_suite,
        ),
    ] = None,
    benchmark: Annotated[
        list[str] | None,
        typer.Option(
            "-b",
            "--benchmark",
            metavar="NAME",
            help="A benchmark: mmlu, math, humaneval, gpqa ...; repeatable.",
            autocompletion=complete_benchmark,
        ),
    ] = None,
    vs: Annotated[
        str | None,
        typer.Option(
            "--vs", metavar="MODEL", help="Differences against this model, tested.", autocompletion=complete_model
        ),
    ] = None,
    sort: Annotated[
        str | None, typer.Option("--sort", metavar="KEY", help="Order by a benchmark (best first), cost or model.")
    ] = None,
    top: Annotated[str | None, typer.Option("--top", metavar="N", help="Only the first N models.")] = None,
    cost: Annotated[bool, typer.Option("--cost", help="Add prices: per 1M tokens, or of the workload given.")] = False,
    per_correct: Annotated[
        bool, typer.Option("--per-correct", help="USD for each correct answer: of the run, else of the workload given.")
    ] = False,
    scores: Scores = None,
) -> ExitStatus:
    """Print benchmark scores with their intervals and sources: without models, the article's table.

    \b
    llmcost bench
    llmcost bench --suite frontier --cost
    llmcost bench gpt-4o gpt-4o-mini --vs gpt-4o
    llmcost bench -b gpqa --per-correct --rpd 100k --in 500 --out 200
    """
    from ..report.views.bench import bench_report

    out.chosen_format()
    prices.checked()
    rows = None if top is None else int(values.whole(top, "--top"))
    book = load_scores(scores)
    keys = _benchmarks(book, suite, benchmark or [])
    sort = _sort_key(book, keys, sort)
    of_workload = per_correct and work.given()
    price = cost or sort == COST or (work != WorkloadOptions() and not of_workload)
    catalog = prices.catalog() if models or vs is not None or price or of_workload else None
    named = scored_models(models or [], catalog, book) if catalog else []
    base = scored_models([vs], catalog, book)[0] if catalog and vs is not None else None
    if base is not None and named == [base]:
        raise UsageError(f"--vs {base} compares others with it", "name another model, or none for those of the table")
    article = _is_article(book, suite, benchmark)
    listed = named or _listed(book, keys, article=article)
    lead = sort if sort in keys else keys[0] if named or benchmark else widest(book, listed, keys)
    costs = Costs(price=price, per_correct=per_correct)
    if catalog and (price or of_workload):
        costs = _costs(catalog, dict.fromkeys([*listed, *([base] if base else [])]), work, named, costs)
    table = bench_table(
        book,
        _ordered(book, listed, keys, lead=lead, sort=sort, costs=costs, given=bool(named), article=article),
        keys,
        top=rows or (None if named or article else DEFAULT_ROWS),
        base=base,
        reference=base or (named[0] if named else FIRST[0] if article else None),
    )
    found = () if base is None else with_holm(differences(book, base, table.models, keys))
    return emit(bench_report(book, table, ranked=lead, found=found, costs=costs), out)


def _benchmarks(book: ScoreBook, suite: str | None, names: Sequence[str]) -> list[str]:
    """Return the benchmarks of the suite, then those named; where none is asked for the article's, else all."""
    asked = [*(suite_benchmarks(book, suite) if suite is not None else ()), *benchmark_ids(book, names)]
    if asked:
        return list(dict.fromkeys(asked))
    return list(book.suites[ARTICLE].benchmarks if ARTICLE in book.suites else book.benchmarks)


def _is_article(book: ScoreBook, suite: str | None, names: Sequence[str] | None) -> bool:
    return not names and ARTICLE in book.suites and (suite is None or suite.strip().lower() == ARTICLE)


def _sort_key(book: ScoreBook, keys: Sequence[str], sort: str | None) -> str | None:
    if sort is None or sort.strip().lower() in (COST, MODEL):
        return sort and sort.strip().lower()
    names = {book.benchmarks[key].name.lower(): key for key in keys} | {key: key for key in keys}
    if sort.strip().lower() not in names:
        raise UsageError(f'--sort "{sort}" is not a column of the table', f"known: {', '.join([*keys, COST, MODEL])}")
    return names[sort.strip().lower()]


def _listed(book: ScoreBook, keys: Sequence[str], *, article: bool) -> list[str]:
    """Return the models that are listed by themselves.

    The article's table has those with all of its scores, its own models first; others have those with a third.
    """
    found = candidates(book, keys, len(keys)) if article else []
    found = found or candidates(book, keys, -(-len(keys) // 3))
    if not found:
        raise UsageError(f"no model has scores on {', '.join(keys)}", "see: llmcost bench --suite article")
    first = [model for model in FIRST if article and model in found]
    return [*first, *(model for model in found if model not in first)]


def _ordered(
    book: ScoreBook,
    models: Sequence[str],
    keys: Sequence[str],
    *,
    lead: str,
    sort: str | None,
    costs: Costs,
    given: bool,
    article: bool,
) -> list[str]:
    if sort == MODEL:
        return sorted(models)
    if sort == COST:
        return sorted(models, key=costs.sort_key)
    best = best_first(book, models, [lead, *(key for key in keys if key != lead)])
    if sort is not None:
        return best
    if given:
        return list(models)
    first = [model for model in FIRST if article and model in best]
    return [*first, *(model for model in best if model not in first)]


def _costs(catalog: Catalog, models: Iterable[str], work: WorkloadOptions, named: Sequence[str], asked: Costs) -> Costs:
    """Return what models cost; one that was named and does not sell what is asked for is an error, as everywhere."""
    if not work.given() and work.per_request() is not None:
        raise UsageError(f"{work.per_request()} needs a workload: --rpd, --in and --out")
    jobs = work.workloads() if work.given() else [volume(**work.terms())]
    if len(jobs) > 1:
        raise UsageError("bench takes one workload, not a list", "llmcost estimate -m ... takes lists")
    estimates: dict[str, Estimate] = {}
    unpriced: dict[str, str] = {}
    for model in models:
        try:
            estimates[model] = estimate(catalog, model, jobs[0])
        except (UnknownModelError, AmbiguousModelError):
            unpriced[model] = "not in the price table"
        except NotSoldError as error:
            if model in named:
                raise
            unpriced[model] = error.reason
    return replace(asked, estimates=estimates, given=work.given(), unpriced=unpriced)
