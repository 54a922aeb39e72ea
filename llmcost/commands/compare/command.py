"""`llmcost compare`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from ...errors import ExitStatus, UsageError
from ...shell.command import command
from ...shell.emit import emit
from ...shell.makers import flag, models_argument
from ...shell.options import (
    FailOver,
    OutputOptions,
    PriceOptions,
    ScoresFile,
    WorkloadOptions,
    limit,
    over_limit,
    refuse_divided,
)
from ...workload.compare import Comparison, compare

if TYPE_CHECKING:
    from ...pricing.catalog import Catalog
    from ...scores.quality import QualityComparison


@command()
def compare_command(
    *,
    base: Annotated[str, models_argument("Base model to compare with.", metavar="BASE")],
    models: Annotated[tuple[str, ...], models_argument("Models to compare with it.", metavar="MODEL...")],
    work: WorkloadOptions,
    bench: Annotated[bool, flag("--bench/--no-bench", "Compare scores too, or only costs.")] = True,
    scores: ScoresFile = None,
    fail_over: FailOver = None,
    prices: PriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Compare cost and benchmark scores with a base model.

    Without a workload, the cost is for 1B input tokens a month.

    \b
    llmcost compare gpt-4o gpt-4o-mini
    llmcost compare gpt-4o gpt-4o-mini --rpd 100k --in 500 --out 200
    """
    from .view import compare_report

    if scores is not None and not bench:
        raise UsageError("--scores cannot be combined with --no-bench")
    bound = limit(fail_over, models)
    catalog = prices.catalog()
    refuse_divided(catalog, [base, *models])
    if bench:
        _refuse_benchmarks(catalog, scores, [base, *models])
    workload = work.single("compare", catalog, [base, *models])
    comparison = compare(catalog, base, models, workload)
    quality = _quality(catalog, comparison, scores) if bench else None
    others = [x.estimate for x in comparison.others]
    gate = over_limit(others, bound)
    return emit(compare_report(comparison, quality), out, gate, catalog=catalog, book=quality.book if quality else None)


def _refuse_benchmarks(catalog: Catalog, scores: str | None, names: Sequence[str]) -> None:
    """Refuse a benchmark in the place of a model: `--bench gpqa`."""
    from ...load import load_scores

    for name in (x for x in names if x not in catalog):
        if name.strip().lower() in load_scores(scores, priced=catalog.ids).benchmarks:
            models = " ".join(x for x in names if x != name)
            raise UsageError(
                f'"{name}" is a benchmark, not a model',
                f"did you mean: llmcost bench {models} -b {name.strip().lower()}",
            )


def _quality(catalog: Catalog, comparison: Comparison, scores: str | None) -> QualityComparison:
    from ...load import load_scores
    from ...scores.quality import quality

    book = load_scores(scores, priced=catalog.ids)
    return quality(book, comparison.base.model.id, [x.estimate.model.id for x in comparison.others])
