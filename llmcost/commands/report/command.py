"""`llmcost report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from ...errors import ExitStatus, UsageError
from ...report.report import Format
from ...shell.app import run_forms
from ...shell.command import command
from ...shell.emit import emit, emit_page
from ...shell.makers import argument, text
from ...shell.options import FindingsOptions


@command()
def report_command(
    *,
    runs: Annotated[
        tuple[str, ...], argument("Runs saved with -f json, or pages saved with -f html.", metavar="RUN...")
    ],
    title: Annotated[str, text("--title", "Title of the page; default: the headline.", metavar="TEXT")] = "",
    out: FindingsOptions,
) -> ExitStatus:
    """Show a saved run of any command in another format; nothing is priced or judged again.

    A page holds its run, so that it can be read again. Several runs become one page with a list of contents.

    \b
    llmcost estimate --rpd 100000 --in 500 --out 200 -o run.json
    llmcost report run.json -o report.html
    llmcost report run.json check.json -o report.html --title "Costs in May"
    llmcost report report.html -f csv
    """
    from ...report.saved import saved_report
    from ...tables.run import read_runs

    reports = [saved_report(run, name, run_forms()) for name in runs for run in read_runs(Path(name), name)]
    if len(reports) == 1 and not title:
        return emit(reports[0], out)
    if out.chosen_format is not Format.HTML:
        what = "--title" if title else f"{len(reports)} runs"
        raise UsageError(f"{what} can only be shown as a page", "-o FILE.html")
    return emit_page(reports, out, title)
