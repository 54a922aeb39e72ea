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
from ...scores.table import bench_table, best_first, candidates, widest
from ...shell.command import Options, command
from ...shell.emit import emit
from ...shell.makers import flag, model, text, whole
from ...shell.options import OutputOptions, PriceOptions, WorkloadOptions
from ...shell.score_options import BenchmarkOptions, ShownModels, name_notes, scored_models

if TYPE_CHECKING:
    from ...report.report import Report

FIRST = ("openai/gpt-4o", "openai/gpt-4o-mini", "openai/gpt-3.5-turbo")
"""The models of the article, which lead the table of its suite."""

COST, MODEL = "cost", "model"


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
    asked = _Asked(sort=_sort_key(book, keys, how.sort), article=what.article(book), given=bool(models))
    of_requests = how.per_correct and work.counts_given()
    price = how.cost or asked.sort == COST or (bool(work.given()) and not of_requests)
    costs = Costs(price=price, per_correct=how.per_correct)  # the prices are filled in later
    catalog = load() if models or how.vs is not None or costs.price or work.counts_given() else None
    named = scored_models(models, catalog, book) if catalog else []
    base = scored_models([how.vs], catalog, book)[0] if catalog and how.vs is not None else None
    if base is not None and named == [base]:
        raise UsageError(f"--vs {base} compares others with it", "name another model, or none for those in the table")
    listed = named or _listed(book, keys, article=asked.article)
    if catalog and (costs.price or work.counts_given()):
        costs = _priced(catalog, [*listed, *([base] if base else [])], work, named, costs)
    lead = keys[0] if named or what.benchmark else widest(book, listed, keys)
    lead = asked.sort if asked.sort in keys else lead
    ordered = _ordered(book, listed, [lead, *(key for key in keys if key != lead)], asked, costs)
    reference = base or (named[0] if named else FIRST[0] if asked.article else None)
    table = bench_table(book, ordered, keys, top=how.top, base=base, reference=reference)
    found = () if base is None else with_holm(differences(book, base, table.models, keys))
    report = bench_report(
        book, table, ranked=lead, found=found, costs=costs, short=how.top or SHORT, order=asked.order(book, lead)
    )
    asked_for = [*models, *([how.vs] if how.vs else [])]
    return replace(report, notes=(*(name_notes(asked_for, catalog, book) if catalog else ()), *report.notes))


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What decides the order of the rows: the key to sort by, and whether the models are the article's or given."""

    sort: str | None
    article: bool
    given: bool

    def order(self, book: ScoreBook, lead: str) -> str:
        """The order of the rows in words; nothing for that in which they were given."""
        if self.sort in (COST, MODEL):
            return f"by {self.sort}"
        if self.sort is None and self.given:
            return ""
        first = "the article's first, then " if self.sort is None and self.article else ""
        return f"{first}by {book.benchmarks[lead].name}"


def _sort_key(book: ScoreBook, keys: Sequence[str], sort: str | None) -> str | None:
    known = [*keys, COST, MODEL]
    names = {book.benchmarks[key].name.lower(): key for key in keys} | {key: key for key in known}
    if sort is not None and sort.strip().lower() not in names:
        raise UsageError(f'--sort "{sort}" is not a column of the table', f"known: {', '.join(known)}")
    return sort and names[sort.strip().lower()]


def _listed(book: ScoreBook, keys: Sequence[str], *, article: bool) -> list[str]:
    """The models that are listed by themselves: of the article's suite those with all scores, else a third."""
    found = candidates(book, keys, len(keys)) if article else []
    found = found or candidates(book, keys, -(-len(keys) // 3))
    if not found:
        raise UsageError(f"no model has enough scores on {', '.join(keys)}", "see: llmcost bench --suite article")
    return found


def _ordered(book: ScoreBook, models: Sequence[str], keys: Sequence[str], asked: _Asked, costs: Costs) -> list[str]:
    """The models in the order asked for; by themselves as given, else best first on the first of the keys."""
    if asked.sort == MODEL:
        return sorted(models)
    if asked.sort == COST:
        return sorted(models, key=costs.sort_key)
    if asked.sort is None and asked.given:
        return list(models)
    best = best_first(book, models, keys)
    first = [model for model in FIRST if asked.sort is None and asked.article and model in best]
    return [*first, *(model for model in best if model not in first)]


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
