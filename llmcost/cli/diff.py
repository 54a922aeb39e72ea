"""`llmcost diff`."""

from __future__ import annotations

from typing import Annotated

import typer

from ..errors import ExitStatus
from . import values
from .app import SETTINGS, OnceCommand
from .emit import emit
from .options import ConfigFile, OutputOptions, PriceOptions, grouped

app = typer.Typer(**SETTINGS)


@app.command(cls=OnceCommand, short_help="What changed in what the workloads cost, and why.")
@grouped
def diff_command(
    prices: PriceOptions,
    out: OutputOptions,
    base: Annotated[
        str, typer.Argument(metavar="BASE", help="An llmcost.yaml, a saved .json run, or a git ref: main, HEAD~1.")
    ],
    head: Annotated[
        str | None, typer.Argument(metavar="[HEAD]", help="The same; without it, the llmcost.yaml as it is now.")
    ] = None,
    config: ConfigFile = None,
    min_change: Annotated[
        str | None,
        typer.Option("--min-change", metavar="USD|SHARE", help="Show only changes of at least this: 100 or 5%."),
    ] = None,
) -> ExitStatus:
    """Say what each workload cost before and costs now, and why: model, volume, tokens, terms or the price table.

    \b
    llmcost diff main
    llmcost diff HEAD~1 HEAD --min-change 5%
    llmcost diff old.json new.json
    """
    from ..gate.diff import ShowThreshold, diff
    from ..gate.snapshot import snapshot
    from ..project import config_path, open_project, open_snapshot, price_project
    from ..report.views.diff import diff_report

    out.chosen_format()
    least = ShowThreshold()
    if min_change is not None and min_change.strip().endswith("%"):
        least = ShowThreshold(pct=values.change(min_change, "--min-change") * 100)
    elif min_change is not None:
        least = ShowThreshold(usd=values.money(min_change, "--min-change"))
    path = config_path(config)
    before, _ = open_snapshot(base, path, prices.catalog)
    if head is None:
        project = open_project(config)
        after = snapshot(project.name, price_project(project, prices.catalog)[0])
    else:
        after, _ = open_snapshot(head, path, prices.catalog)
    return emit(diff_report(diff(before, after), least), out)
