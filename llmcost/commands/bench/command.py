"""`llmcost bench`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Annotated

from ...errors import ExitStatus, UsageError
from ...lazy import dataclass
from ...pricing.catalog import Catalog
from ...scores.costs import Costs
from ...scores.difference import differences, with_holm
from ...scores.model import ScoreBook
from ...scores.table import COST, FIRST, MODEL, RowOrder, bench_table, widest
from ...shell.command import Options, command
from ...shell.emit import emit
from ...shell.makers import flag, model, text, whole
from ...shell.options import OutputOptions, PriceOptions, WorkloadOptions
from ...shell.score_options import BenchmarkOptions, ShownModels, name_notes, scored_models

if TYPE_CHECKING:
    from ...report.report import Report


@dataclass(kw_only=True)
class TableOptions(Options):
    """Table: what it shows beside the scores, and in which order."""

    vs: Annotated[str | None, model("--vs", "Test differences from this model.")] = None
    sort: Annotated[str | None, text("--sort", "Sort by a benchmark (best first), cost or model.", metavar="KEY")] = (
        None
    )
    top: Annotated[int | None, whole("--top", "Show the first N models (default: 10, --details: all).")] = None
    cost: Annotated[bool, flag("--cost", "Add prices: per 1M tokens, or of your workload.")] = False
    per_correct: Annotated[bool, flag("--per-correct", "Add USD per correct answer, of the run or your workload.")] = (
        False
    )


@command()
def bench_command(
    *,
    models: ShownModels = (),
    benchmarks: BenchmarkOptions,
    table: TableOptions,
    work: WorkloadOptions,
    prices: PriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Show benchmark scores with their intervals and sources; default: the article's models.

    \b
    llmcost bench
    llmcost bench --suite frontier --cost
    llmcost bench gpt-4o gpt-4o-mini --vs gpt-4o
    llmcost bench -b gpqa --per-correct --rpd 100k --in 500 --out 200
    """
    catalog = cache(prices.catalog)
    book = benchmarks.book(catalog)
    report = _table(book, benchmarks, table, work, catalog, models)
    return emit(report, out, catalog=catalog() if catalog.cache_info().currsize else None, book=book)


def _table(
    book: ScoreBook,
    what: BenchmarkOptions,
    how: TableOptions,
    work: WorkloadOptions,
    load: Callable[[], Catalog],
    models: Sequence[str],
) -> Report:
    from .view import SHORT, bench_report

    keys = what.keys(book)
    order = RowOrder(sort=_sort_key(book, keys, how.sort), article=what.article(book), given=bool(models))
    of_requests = how.per_correct and work.counts_given()
    price = how.cost or order.sort == COST or (bool(work.given()) and not of_requests)
    costs = Costs(price=price, per_correct=how.per_correct)  # the prices are filled in later
    catalog = load() if models or how.vs is not None or costs.price or work.counts_given() else None
    named = scored_models(models, catalog, book) if catalog else []
    base = scored_models([how.vs], catalog, book)[0] if catalog and how.vs is not None else None
    if base is not None and named == [base]:
        raise UsageError(f"--vs {base} compares others with it", "name another model, or none for those in the table")
    listed = named or order.listed(book, keys)
    if catalog and (costs.price or work.counts_given()):
        costs = _priced(catalog, [*listed, *([base] if base else [])], work, named, costs)
    lead = keys[0] if named or what.benchmark else widest(book, listed, keys)
    lead = order.sort if order.sort in keys else lead
    ordered = order.of(book, listed, [lead, *(key for key in keys if key != lead)], costs)
    reference = base or (named[0] if named else FIRST[0] if order.article else None)
    table = bench_table(book, ordered, keys, top=how.top, base=base, reference=reference)
    found = () if base is None else with_holm(differences(book, base, table.models, keys))
    said, short = order.words(book, lead), how.top or SHORT
    report = bench_report(book, table, ranked=lead, found=found, costs=costs, short=short, order=said)
    asked_for = [*models, *([how.vs] if how.vs else [])]
    return replace(report, notes=(*(name_notes(asked_for, catalog, book) if catalog else ()), *report.notes))


def _sort_key(book: ScoreBook, keys: Sequence[str], sort: str | None) -> str | None:
    known = [*keys, COST, MODEL]
    names = {book.benchmarks[key].name.lower(): key for key in keys} | {key: key for key in known}
    if sort is not None and sort.strip().lower() not in names:
        raise UsageError(f'--sort "{sort}" is not a column of the table', f"known: {', '.join(known)}")
    return sort and names[sort.strip().lower()]


def _priced(
    catalog: Catalog, models: Sequence[str], work: WorkloadOptions, named: Sequence[str], asked: Costs
) -> Costs:
    """What models cost; one that was named and does not sell what is asked for is an error, as everywhere."""
    from ...workload.estimate import LeftOut, estimate_listed

    workload = work.single("bench", catalog, named)
    on_sale = set(catalog.ids())
    priced = [catalog.resolve(x) for x in dict.fromkeys(models) if x in on_sale]
    listing = estimate_listed(catalog, priced, workload, named=named, retired=True, free=True)
    unknown = [LeftOut(model=x, reason="not in the price table") for x in models if x not in on_sale]
    unpriced = {x.model: x for x in (*unknown, *listing.left_out)}
    return replace(asked, estimates={x.model.id: x for x in listing.estimates}, unpriced=unpriced)
