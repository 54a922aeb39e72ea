"""`llmcost bench`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ..benchmarks.costs import Costs
from ..benchmarks.difference import differences, with_holm
from ..benchmarks.model import ScoreBook
from ..benchmarks.table import DEFAULT_ROWS, bench_table, best_first, candidates, widest
from ..errors import ExitStatus, NotSoldError, UsageError
from ..pricing.catalog import Catalog
from ..report.report import Format
from ..workload.estimate import Estimate, estimate
from . import values
from .app import SETTINGS, OnceCommand
from .complete import complete_model
from .emit import emit
from .measure import measure
from .options import OutputOptions, PriceOptions, WorkloadOptions, grouped
from .scores import BenchmarkOptions, benchmark_ids, scored_models

if TYPE_CHECKING:
    from ..report.report import Report

FIRST = ("openai/gpt-4o", "openai/gpt-4o-mini", "openai/gpt-3.5-turbo")
"""The models of the article, which lead the table of its suite."""

COST, MODEL = "cost", "model"

app = typer.Typer(**SETTINGS)


@dataclass(kw_only=True)
class TableOptions:
    """What the table of scores shows beside them, and in which order."""

    vs: Annotated[
        str | None,
        typer.Option(
            "--vs", metavar="MODEL", help="Differences against this model, tested.", autocompletion=complete_model
        ),
    ] = None
    sort: Annotated[
        str | None, typer.Option("--sort", metavar="KEY", help="Order by a benchmark (best first), cost or model.")
    ] = None
    top: Annotated[
        str | None,
        typer.Option(
            "--top", metavar="N", help="Only the first N models; tables of other suites than the article's show 20."
        ),
    ] = None
    cost: Annotated[bool, typer.Option("--cost", help="Add prices: per 1M tokens, or of the workload given.")] = False
    per_correct: Annotated[
        bool, typer.Option("--per-correct", help="USD for each correct answer: of the run, else of the workload given.")
    ] = False

    def rows(self) -> int | None:
        """Return how many models are asked for."""
        return None if self.top is None else int(values.whole(self.top, "--top"))


@dataclass(kw_only=True)
class FrontierOptions:
    """Cost against score, in place of the table."""

    frontier: Annotated[
        bool, typer.Option("--frontier", help="Cost against one benchmark: which models no other beats on both.")
    ] = False
    plot: Annotated[bool, typer.Option("--plot", help="With --frontier: a chart.")] = False

    def check(self, how: TableOptions, suite: str | None) -> None:
        """Refuse a chart without a frontier, and beside it what it has no use for."""
        if self.plot and not self.frontier:
            raise UsageError("--plot draws the frontier", "llmcost bench --frontier -b gpqa --plot")
        beside = {
            "--suite": suite,
            "--vs": how.vs,
            "--sort": how.sort,
            "--top": how.top,
            "--cost": how.cost,
            "--per-correct": how.per_correct,
        }
        given = [name for name, value in beside.items() if value]
        if self.frontier and given:
            raise UsageError(f"--frontier does not go with {', '.join(given)}")


@app.command(cls=OnceCommand, short_help="Benchmark scores with their intervals.")
@grouped
def bench_command(
    what: BenchmarkOptions,
    how: TableOptions,
    front: FrontierOptions,
    work: WorkloadOptions,
    prices: PriceOptions,
    out: OutputOptions,
    models: Annotated[
        list[str] | None, typer.Argument(metavar="[MODEL]...", help="Only these.", autocompletion=complete_model)
    ] = None,
) -> ExitStatus:
    """Print benchmark scores with their intervals and sources: without models, the article's table.

    \b
    llmcost bench
    llmcost bench --suite frontier --cost
    llmcost bench gpt-4o gpt-4o-mini --vs gpt-4o
    llmcost bench -b gpqa --per-correct --rpd 100k --in 500 --out 200
    llmcost bench --frontier -b gpqa --plot --rpd 100k --in 500 --out 200
    """
    out.chosen_format()
    prices.checked()
    how.rows()
    front.check(how, what.suite)
    book = what.book(prices)
    if front.frontier:
        return _frontier(book, prices.catalog(), models or [], what.benchmark or [], work, out, plot=front.plot)
    whole = out.chosen_format() in (Format.JSON, Format.CSV)
    return emit(_table(book, what, how, work, prices, models or [], whole=whole), out)


def _table(
    book: ScoreBook,
    what: BenchmarkOptions,
    how: TableOptions,
    work: WorkloadOptions,
    prices: PriceOptions,
    models: Sequence[str],
    *,
    whole: bool,
) -> Report:
    """Return the table of scores, with what else is asked for; `whole` with all models unless --top says otherwise."""
    from ..report.views.bench import bench_report

    keys = what.keys(book)
    asked = _Asked(sort=_sort_key(book, keys, how.sort), article=what.article(book), given=bool(models))
    costs = _asked_costs(work, sort=asked.sort, price=how.cost, per_correct=how.per_correct)
    catalog = prices.catalog() if models or how.vs is not None or costs.price or work.given() else None
    named = scored_models(models, catalog, book) if catalog else []
    base = scored_models([how.vs], catalog, book)[0] if catalog and how.vs is not None else None
    if base is not None and named == [base]:
        raise UsageError(f"--vs {base} compares others with it", "name another model, or none for those of the table")
    listed = named or _listed(book, keys, article=asked.article)
    if catalog and (costs.price or work.given()):
        costs = _priced(catalog, [*listed, *([base] if base else [])], work, named, costs)
    lead = keys[0] if named or what.benchmark else widest(book, listed, keys)
    lead = asked.sort if asked.sort in keys else lead
    ordered = _ordered(book, listed, [lead, *(key for key in keys if key != lead)], asked, costs)
    top = how.rows() or (None if named or asked.article or whole else DEFAULT_ROWS)
    reference = base or (named[0] if named else FIRST[0] if asked.article else None)
    table = bench_table(book, ordered, keys, top=top, base=base, reference=reference)
    found = () if base is None else with_holm(differences(book, base, table.models, keys))
    return bench_report(book, table, ranked=lead, found=found, costs=costs)


def _frontier(
    book: ScoreBook,
    catalog: Catalog,
    models: Sequence[str],
    benchmarks: Sequence[str],
    work: WorkloadOptions,
    out: OutputOptions,
    *,
    plot: bool,
) -> ExitStatus:
    from .frontier import frontier_command_part

    tests = [book.benchmarks[key] for key in benchmark_ids(book, benchmarks)]
    return frontier_command_part(book, catalog, tests, scored_models(models, catalog, book), work, out, plot=plot)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What decides the order of the rows: the key to sort by, and whether the models are the article's or given."""

    sort: str | None
    article: bool
    given: bool


def _sort_key(book: ScoreBook, keys: Sequence[str], sort: str | None) -> str | None:
    if sort is None or sort.strip().lower() in (COST, MODEL):
        return sort and sort.strip().lower()
    names = {book.benchmarks[key].name.lower(): key for key in keys} | {key: key for key in keys}
    if sort.strip().lower() not in names:
        raise UsageError(f'--sort "{sort}" is not a column of the table', f"known: {', '.join([*keys, COST, MODEL])}")
    return names[sort.strip().lower()]


def _listed(book: ScoreBook, keys: Sequence[str], *, article: bool) -> list[str]:
    """Return the models that are listed by themselves: of the article's suite those with all scores, else a third."""
    found = candidates(book, keys, len(keys)) if article else []
    found = found or candidates(book, keys, -(-len(keys) // 3))
    if not found:
        raise UsageError(f"no model has enough scores on {', '.join(keys)}", "see: llmcost bench --suite article")
    return found


def _ordered(book: ScoreBook, models: Sequence[str], keys: Sequence[str], asked: _Asked, costs: Costs) -> list[str]:
    """Return the models in the order asked for; by themselves as given, else best first on the first of the keys."""
    if asked.sort == MODEL:
        return sorted(models)
    if asked.sort == COST:
        return sorted(models, key=costs.sort_key)
    if asked.sort is None and asked.given:
        return list(models)
    best = best_first(book, models, keys)
    first = [model for model in FIRST if asked.sort is None and asked.article and model in best]
    return [*first, *(model for model in best if model not in first)]


def _asked_costs(work: WorkloadOptions, *, sort: str | None, price: bool, per_correct: bool) -> Costs:
    """Return which costs are asked for, without any yet: an option of a workload asks for prices by itself."""
    of_requests = per_correct and work.given()
    shown = price or sort == COST or (work != WorkloadOptions() and not of_requests)
    return Costs(price=shown, per_correct=per_correct)


def _priced(
    catalog: Catalog, models: Sequence[str], work: WorkloadOptions, named: Sequence[str], asked: Costs
) -> Costs:
    """Return what models cost; one that was named and does not sell what is asked for is an error, as everywhere."""
    workload = work.single("bench", partial(measure, named, lambda: catalog))
    estimates: dict[str, Estimate] = {}
    unpriced: dict[str, str] = {}
    on_sale = set(catalog.ids())
    for model in dict.fromkeys(models):
        if model not in on_sale:
            unpriced[model] = "not in the price table"
            continue
        try:
            estimates[model] = estimate(catalog, model, workload)
        except NotSoldError as error:
            if model in named:
                raise
            unpriced[model] = error.reason
    return replace(asked, estimates=estimates, unpriced=unpriced)
