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
from ...workload.compare import compare

if TYPE_CHECKING:
    from ...pricing.catalog import Catalog
    from ...scores.model import ScoreBook


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
    bound, names = limit(fail_over, models), [base, *models]
    catalog = prices.catalog()
    refuse_divided(catalog, names)
    book = _book(catalog, scores, names) if bench else None
    comparison = compare(catalog, base, models, work.single("compare", catalog, names))
    others = [x.estimate for x in comparison.others]
    quality = None
    if book is not None:
        from ...scores.quality import quality as compared

        quality = compared(book, comparison.base.model.id, [x.model.id for x in others])
    return emit(compare_report(comparison, quality), out, over_limit(others, bound), catalog=catalog, book=book)


def _book(catalog: Catalog, scores: str | None, names: Sequence[str]) -> ScoreBook:
    """Load the scores; refuse a benchmark in the place of a model: `--bench gpqa`."""
    from ...load import load_scores

    book = load_scores(scores, priced=catalog.ids)
    for name in names:
        key = name.strip().lower()
        if name not in catalog and key in book.benchmarks:
            models = " ".join(x for x in names if x != name)
            hint = f"did you mean: llmcost bench {models} -b {key}"
            raise UsageError(f'"{name}" is a benchmark, not a model', hint)
    return book
