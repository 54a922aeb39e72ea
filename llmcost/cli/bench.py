"""`llmcost bench`."""

from __future__ import annotations

from typing import Annotated

import typer

from ..benchmarks.model import ScoreBook
from ..document import closest
from ..errors import ExitStatus, UsageError
from ..load import load_scores
from .app import SETTINGS, OnceCommand
from .complete import complete_model
from .emit import emit
from .options import OutputOptions, PriceOptions, WorkloadOptions, grouped

ARTICLE = ("mmlu", "math", "humaneval", "gpqa")
"""The benchmarks of the article's table, in its order."""


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
    benchmark: Annotated[
        list[str] | None,
        typer.Option("-b", "--benchmark", metavar="NAME", help="A benchmark: mmlu, math, humaneval, gpqa; repeatable."),
    ] = None,
    scores: Annotated[
        str | None, typer.Option("--scores", metavar="FILE", help="A benchmark table of your own.")
    ] = None,
    on_frontier: Annotated[
        bool, typer.Option("--frontier", help="Cost against one benchmark: which models no other beats on both.")
    ] = False,
    plot: Annotated[bool, typer.Option("--plot", help="With --frontier: a chart.")] = False,
) -> ExitStatus:
    """Print benchmark scores with their intervals and sources: the article's table.

    \b
    llmcost bench
    llmcost bench gpt-4o gpt-4o-mini -b gpqa -f json
    llmcost bench --frontier -b gpqa --plot --rpd 100k --in 500 --out 200
    """
    from ..report.views.bench import bench_report

    out.chosen_format()
    if plot and not on_frontier:
        raise UsageError("--plot draws the frontier", "llmcost bench --frontier -b gpqa --plot")
    prices.checked()
    wanted: list[str] = []
    if models:
        catalog = prices.catalog()
        wanted = list(dict.fromkeys(catalog.resolve(name).id for name in models))
    book = load_scores(scores)
    if on_frontier:
        from .frontier import frontier_command_part
        from .scores import known_benchmark

        tests = [known_benchmark(book, name) for name in dict.fromkeys(benchmark or ())]
        return frontier_command_part(book, prices.catalog(), tests, wanted, work, out, plot=plot)
    chosen = [_known(book, name) for name in dict.fromkeys(benchmark or ARTICLE)]
    return emit(bench_report(book, wanted or book.models(), chosen), out)


def _known(book: ScoreBook, name: str) -> str:
    if name.lower() in book.benchmarks:
        return name.lower()
    near = closest(name.lower(), book.benchmarks)
    hint = f"did you mean: {near}?" if near else f"known: {', '.join(book.benchmarks)}"
    raise UsageError(f'no benchmark "{name}"', hint)
