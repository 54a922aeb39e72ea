"""`llmcost prices update`, the only command that uses the network."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from ...errors import ExitStatus, UnknownModelError, UsageError
from ...lazy import dataclass
from ...load import load_base
from ...pricing.providers import VENDORS
from ...pricing.sources import SOURCES
from ...report.words import some
from ...shell.command import Options, command, one_of
from ...shell.emit import emit
from ...shell.makers import choice, file, flag, model, text
from ...shell.options import ListingOptions
from ...shell.streams import say

if TYPE_CHECKING:
    from ...pricing.catalog import Catalog
    from ...pricing.sources.common import Imported
    from ...pricing.table import ModelTable
    from ...pricing.update import UpdatePlan
    from ...refresh import Fetched
    from ...report.gates import GateResult


_MOST_OF = 0.95
"""The share of the last update's models that an answer must have to be a whole one."""


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
    from ...refresh import fetch_source, keep_compared, read_source
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
    plan = _plan(catalog, source, imported, model, origin=fetched.url, accept=accept, add=write.add)
    fewer = "" if model else _fewer(plan, source, fetched)
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


def _plan(
    catalog: Catalog, source: str, imported: Imported, names: Sequence[str], *, origin: str, accept: bool, add: bool
) -> UpdatePlan:
    """What the source changes of the models that are named, or of all."""
    from ...pricing.update import plan_update
    from ...refresh import check_rates, reviews

    check_rates(imported, catalog, source)
    models = imported.table(source)
    chosen = {_chosen(catalog, models, name, source, add=add) for name in names}
    return plan_update(
        catalog,
        (models[x] for x in models if not chosen or x in chosen),
        catalog.as_of,
        reviewed=reviews(source),
        accept=accept,
        add=add,
        origin=origin,
        zeroed=imported.zeroed(),
    )


def _chosen(catalog: Catalog, models: ModelTable, name: str, source: str, *, add: bool) -> str:
    """The id of the model that a name means: of the tables, or with --add of the source, whose it is alone."""
    try:
        return catalog.resolve(name).id
    except UnknownModelError as error:
        wanted = name.strip().lower()
        new = [x for x in models if wanted in (x, x.partition("/")[2], *models.aliases(x))]
        own = [x for x in new if x.partition("/")[0] in VENDORS] or new
        if len(own) == 1 and add:
            return own[0]
        if own:
            how = "-m with its id" if len(own) > 1 else "--add"
            error.hints = (f"{source} has it as {', '.join(own)}: {how} takes it", *error.hints)
        raise


def _fewer(plan: UpdatePlan, source: str, fetched: Fetched) -> str:
    """That the source has far fewer models of ours than at the last update; empty where it has not."""
    from ...refresh import last_compared

    last = last_compared(source, fetched.url)
    if plan.compared >= last * _MOST_OF:
        return ""
    return f"{source} has {plan.compared} of the tables' models; at the last update it had {last}"


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
