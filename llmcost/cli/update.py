"""`llmcost prices update`, the only command that uses the network."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ..errors import ExitStatus, UsageError
from ..load import load_base
from .emit import emit, say
from .options import OutputOptions, grouped


@grouped
def update_command(
    out: OutputOptions,
    source: Annotated[
        str, typer.Option("--source", metavar="SOURCE", help="litellm, genai-prices, openrouter or models-dev.")
    ] = "litellm",
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="Another https address.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, write nothing.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit with 1 if the table is behind.")] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take changes of more than 10 times, or to zero, as well.")
    ] = False,
    add: Annotated[bool, typer.Option("--add", help="Add the source's models that the tables do not have.")] = False,
) -> ExitStatus:
    """Fetch a public price table, show what it changes, and write that on top of the packaged table.

    It is written to updates.yaml in your configuration folder; your own pricing.yaml there stays above it.

    \b
    llmcost prices update --dry-run
    llmcost prices update --check
    """
    from ..pricing.update import plan_update
    from ..refresh import fetch_source, known_source, write_updates
    from ..report.views.update import update_report

    out.chosen_format()
    fetched = fetch_source(known_source(source, "--source"), url, all_=accept or add)
    if fetched.imported is None:
        level = f"{source} has not changed since the last update"
        say(f"PASS: {level}" if check else level, quiet=out.quiet and not check)
        return ExitStatus.OK
    catalog, models = load_base(), fetched.imported.table(source)
    plan = plan_update(catalog, (models[x] for x in models), catalog.as_of, accept=accept, add=add)
    status = emit(update_report(plan, source, added=add), out)
    if check:
        say(f"FAIL: the table is behind {source}" if plan.behind else f"PASS: the table is level with {source}")
        return ExitStatus.GATE_FAILED if plan.behind else status
    if dry_run or not plan.models:
        return status
    if not yes and not _confirmed(len(plan.models)):
        say("nothing was written")
        return status
    path = write_updates(plan.models, fetched, complete=not plan.held_back)
    say(f"wrote {path}", quiet=out.quiet)
    return status


def _confirmed(models: int) -> bool:
    if not sys.stdin.isatty():
        raise UsageError("there is nobody to ask", "say --yes to write, or --dry-run or --check to only look")
    return typer.confirm(f"Write the prices of {models} models?", err=True)
