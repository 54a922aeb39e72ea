"""`llmcost prices update`, the only command that uses the network."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ExitStatus, UsageError
from ..load import load_base
from .emit import emit
from .options import Models, OutputOptions, grouped
from .streams import say

if TYPE_CHECKING:
    from ..pricing.catalog import Catalog
    from ..pricing.sources.common import Imported
    from ..pricing.update import UpdatePlan
    from ..refresh import Fetched
    from ..report.gates import GateResult


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
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the tables' prices, and show these differences no more.")
    ] = False,
    model: Models = None,
) -> ExitStatus:
    """Fetch a public price table, show what it changes, and write that on top of the packaged table.

    It is written to updates.yaml in your configuration folder; your own pricing.yaml there stays above it. With
    --keep nothing is taken: that you have reviewed the differences is written to reviewed.yaml there.

    \b
    llmcost prices update --dry-run
    llmcost prices update --check
    llmcost prices update -m gpt-4o --keep
    """
    from ..refresh import fetch_source, known_source
    from ..report.views.update import update_report
    from ..report.words import verdict_line

    out.chosen_format()
    _one_of("--check and --dry-run write nothing", {"--check": check, "--dry-run": dry_run, "--keep": keep})
    _one_of("--keep takes nothing", {"--keep": keep, "--accept": accept})
    _one_of("--keep takes nothing", {"--keep": keep, "--add": add})
    fetched = fetch_source(known_source(source, "--source"), url, all_=accept or add or keep or bool(model))
    imported = fetched.imported
    if imported is None:
        level = f"{source} has not changed since the last update"
        say(verdict_line(level, passed=True) if check else level, quiet=out.quiet and not check)
        return ExitStatus.OK
    catalog = load_base()
    plan = _plan(catalog, source, imported, model or (), origin=fetched.url, accept=accept or keep, add=add)
    status = emit(update_report(plan, source, added=add), out, _gate(plan, source, len(catalog)) if check else None)
    if not (check or dry_run):
        _write(plan, source, fetched, keep=keep, yes=yes, quiet=out.quiet, complete=not plan.held_back and not model)
    return status


def _plan(
    catalog: Catalog, source: str, imported: Imported, names: Sequence[str], *, origin: str, accept: bool, add: bool
) -> UpdatePlan:
    """Return what the source changes of the models that are named, or of all."""
    from ..pricing.update import plan_update
    from ..refresh import check_rates, reviews

    chosen = {catalog.resolve(name).id for name in names}
    check_rates(imported, catalog, source)
    models = imported.table(source)
    return plan_update(
        catalog,
        (models[x] for x in models if not chosen or x in chosen),
        catalog.as_of,
        reviewed=reviews(source),
        accept=accept,
        add=add,
        origin=origin,
    )


def _write(
    plan: UpdatePlan, source: str, fetched: Fetched, *, keep: bool, yes: bool, quiet: bool, complete: bool
) -> None:
    """Write what the source changes, or with `keep` that it was reviewed and not taken; ask first unless `yes`."""
    from ..pricing.reviewed import record
    from ..refresh import write_reviews, write_updates

    reviewed = record(plan.changes) if keep else {}
    affected = len(reviewed if keep else plan.models)
    if not affected:
        if keep:
            say("nothing was written: there is no price to decline", quiet=quiet)
        return
    if not yes and not _confirmed(affected, keep=keep):
        say("nothing was written")
        return
    path = write_reviews(source, reviewed) if keep else write_updates(plan.models, fetched, complete=complete)
    say(f"wrote {path}", quiet=quiet)


def _one_of(why: str, options: Mapping[str, bool]) -> None:
    """Refuse options that say different things of what is to be written."""
    given = [name for name, said in options.items() if said]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} do not go together", why)


def _gate(plan: UpdatePlan, source: str, models: int) -> GateResult:
    """Return whether the tables are level with the source, and on how many of their models that was seen."""
    from ..report.gates import one_line

    both = f"{source} ({plan.compared} of {models} models compared)"
    if not plan.behind:
        return one_line(f"the table is level with {both}", passed=True)
    held = plan.changes or plan.shutdowns
    more = () if held else ("  all of it is held back: --accept takes it, --keep declines it",)
    return one_line(f"the table is behind {both}", passed=False, more=more)


def _confirmed(models: int, *, keep: bool) -> bool:
    if not sys.stdin.isatty():
        raise UsageError("there is nobody to ask", "say --yes to write, or --dry-run or --check to only look")
    what = "Keep" if keep else "Write"
    return typer.confirm(f"{what} the prices of {models} model{'' if models == 1 else 's'}?", err=True)
