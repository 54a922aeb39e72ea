"""`llmcost prices update`, the only command that uses the network."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ...errors import ExitStatus, UsageError
from ...lazy import dataclass
from ...load import load_base
from ...pricing.sources import SOURCES
from ...report.words import some
from ...shell.command import Options, command, one_of
from ...shell.emit import emit
from ...shell.makers import choice, file, flag, model, text
from ...shell.options import ListingOptions
from ...shell.streams import say

if TYPE_CHECKING:
    from ...pricing.catalog import Catalog
    from ...pricing.update import UpdatePlan
    from ...refresh import Fetched
    from ...report.gates import GateResult


@dataclass(kw_only=True)
class WriteOptions(Options):
    """Writing: what is taken, and what is written."""

    dry_run: Annotated[bool, flag("--dry-run", "Show what would change; write nothing.")] = False
    check: Annotated[bool, flag("--check", "Write nothing; exit with 1 if the table is outdated.")] = False
    yes: Annotated[bool, flag("--yes", "Write without asking.")] = False
    accept: Annotated[bool, flag("--accept", "Also accept changes by more than 10 times, or to zero.")] = False
    add: Annotated[bool, flag("--add", "Add models of the source that the tables lack.")] = False
    keep: Annotated[bool, flag("--keep", "Keep the current prices; hide these differences from now on.")] = False


@command("Get new prices from a public table.")
def update_command(
    *,
    source: Annotated[str, choice(SOURCES, "--source", "From", metavar="SOURCE")] = "litellm",
    url: Annotated[str | None, text("--url", "Other https address of the source.", metavar="URL")] = None,
    from_: Annotated[str | None, file("--from", "Read a copy of the source instead of the network.")] = None,
    model: Annotated[tuple[str, ...], model("-m", "--model", "Take only this model; repeatable.")] = (),
    write: WriteOptions,
    out: ListingOptions,
) -> ExitStatus:
    """Fetch a public price table, show what it changes, and write that on top of the packaged table.

    New chat models of the vendors come first, then prices, then shutdown dates; other new models are counted. Changes
    go to updates.yaml in your configuration folder; your own pricing.yaml there overrides it. With --keep, no change is
    accepted; reviewed.yaml there records that you reviewed the differences.

    \b
    llmcost prices update --dry-run
    llmcost prices update --check
    llmcost prices update -m gpt-4o --keep
    llmcost prices update --from model_prices.json --dry-run
    """
    from ...pricing.sources.common import NO_DAY
    from ...refresh import fetch_source, fewer_compared, keep_compared, plan_source, read_source
    from ...report.gates import one_line
    from .view_update import unchanged_report, update_report

    one_of(write.given("check"), write.given("dry_run"), write.given("keep"))
    one_of(write.given("keep"), write.given("accept", "add"))
    one_of(["--url"] if url else [], ["--from"] if from_ else [])
    look = write.check or write.dry_run
    if not (look or write.yes):
        _check_terminal()
    everything = bool(model or write.given("accept", "add", "keep"))
    fetched = read_source(source, from_) if from_ else fetch_source(source, url, all_=everything)
    imported = fetched.imported
    if imported is None:
        level = unchanged_report(source)
        return emit(level, out, one_line(level.headline, passed=True) if write.check else None)
    catalog = load_base()
    accept = write.accept or write.keep
    plan = plan_source(catalog, source, imported, model, origin=fetched.url, accept=accept, add=write.add)
    fewer = "" if model else fewer_compared(source, fetched.url, plan.compared)
    named = {catalog.resolve(x).id for x in model if x in catalog}
    gate = _gate(plan, source, len(catalog), len(named), fewer) if write.check else None
    odd = [x.model for x in imported.skipped if x.why == NO_DAY and x.model in catalog]
    report = update_report(plan, source, added=write.add, fewer=fewer, undated=odd)

    def finish() -> None:
        _write(plan, source, fetched, write, catalog, quiet=out.quiet, whole=not model)
        if not model and (write.accept or not fewer):
            keep_compared(fetched.url, plan.compared)

    if write.yes and not look:  # an error leaves standard output empty
        finish()
        return emit(report, out)
    status = emit(report, out, gate)
    if not look:
        finish()
    return status


def _write(
    plan: UpdatePlan,
    source: str,
    fetched: Fetched,
    asked: WriteOptions,
    catalog: Catalog,
    *,
    quiet: bool,
    whole: bool,
) -> None:
    """Write what the source changes, or with --keep that it was reviewed and not taken; ask first unless --yes."""
    from ...pricing.reviewed import record
    from ...refresh import write_reviews, write_updates

    keep = asked.keep
    reviewed = record(plan.changes, (x.id for x in plan.chat)) if keep else {}
    affected = len(reviewed if keep else plan.models)
    if not affected:
        if keep:
            say("nothing was written: there is no price to decline", quiet=quiet)
        return
    question = f"{'Keep' if keep else 'Write'} the prices of {some(affected, 'model')}?"
    if not asked.yes and not typer.confirm(question, err=True):
        say("nothing was written")
        return
    if keep:
        path = write_reviews(source, reviewed)
    else:
        complete = whole and not plan.held_back
        path = write_updates(plan.models, fetched, complete=complete, whole=whole, planned_on=catalog)
    say(f"wrote {path}", quiet=quiet)


def _gate(plan: UpdatePlan, source: str, models: int, named: int, fewer: str) -> GateResult:
    """Whether the tables are level with the source, and on how many of their models that was seen.

    Raises SourceError where that was not seen of the models that are `named`, of any, or of those of the last update.
    """
    from ...pricing.sources.common import SourceError
    from ...report.gates import one_line

    if plan.compared < named:
        raise SourceError(f"{source} has a price of {plan.compared} of the {some(named, 'model')} named")
    if not plan.compared:
        raise SourceError(f"{source} has no price for any model of the tables: nothing was compared")
    if fewer:
        raise SourceError(fewer, "the answer may be incomplete: llmcost prices update --accept accepts it anyway")
    both = f"{source} ({plan.compared} of {models} models compared)"
    if not plan.behind:
        return one_line(f"the table is up to date with {both}", passed=True)
    held = plan.changes or plan.shutdowns
    more = () if held else ("  all changes are held back: --accept accepts them, --keep declines them",)
    return one_line(f"the table is outdated against {both}", passed=False, more=more)


def _check_terminal() -> None:
    """Refuse to begin what nobody can confirm."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(
            "cannot ask for confirmation: input is not a terminal",
            "use --yes to write, or --dry-run or --check to only look",
        )
