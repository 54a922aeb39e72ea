"""`llmcost report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from ...errors import ExitStatus
from ...shell.app import run_forms
from ...shell.command import command
from ...shell.emit import emit
from ...shell.makers import argument
from ...shell.options import FindingsOptions


@command("Show a saved run in another format.")
def report_command(
    *,
    run: Annotated[str, argument("A run saved with -f json.", metavar="RUN.json")],
    out: FindingsOptions,
) -> ExitStatus:
    """Show a saved run of any command in another format; nothing is priced or judged again.

    \b
    llmcost estimate --rpd 100000 --in 500 --out 200 -o run.json
    llmcost report run.json -f md
    """
    from ...report.saved import saved_report
    from ...tables.run import read_run

    return emit(saved_report(read_run(Path(run), run), run, run_forms()), out)
