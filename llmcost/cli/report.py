"""`llmcost report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import ExitStatus
from .app import SETTINGS, OnceCommand
from .emit import emit
from .options import OutputOptions, grouped

app = typer.Typer(**SETTINGS)


@app.command(cls=OnceCommand, short_help="Show a saved run in another format.")
@grouped
def report_command(
    out: OutputOptions,
    run: Annotated[str, typer.Argument(metavar="RUN.json", help="What a command wrote with -f json.")],
) -> ExitStatus:
    """Show a saved run of any command in another format; no prices are read, and nothing is judged again.

    \b
    llmcost estimate --rpd 100000 --in 500 --out 200 -o run.json
    llmcost report run.json -f md
    """
    from ..report.saved import saved_report
    from ..tables.run import read_run

    out.chosen_format()
    return emit(saved_report(read_run(Path(run), run), run), out)
