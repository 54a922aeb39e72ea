"""`llmcost diff`."""

from __future__ import annotations

from typing import Annotated

from ...errors import ExitStatus
from ...gate.diff import ShowThreshold
from ...shell.command import command
from ...shell.emit import emit
from ...shell.makers import argument, parsed
from ...shell.options import ConfigFile, OutputOptions, ProjectPriceOptions
from ...workload import values as quantities


def _least(typed: str, option: str) -> ShowThreshold:
    if typed.strip().endswith("%"):
        return ShowThreshold(pct=quantities.change(typed, option) * 100)
    return ShowThreshold(usd=quantities.amount(typed, option))


@command()
def diff_command(
    *,
    base: Annotated[str, argument("An llmcost.yaml, a saved .json run, or a git ref: main, HEAD~1.", metavar="BASE")],
    head: Annotated[str | None, argument("Same forms; default: the current llmcost.yaml.", metavar="[HEAD]")] = None,
    config: ConfigFile = None,
    min_change: Annotated[
        ShowThreshold | None,
        parsed(_least, "--min-change", "Minimum change to show: 100 or 5%.", metavar="USD|SHARE"),
    ] = None,
    prices: ProjectPriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Show what each workload cost before and costs now, and why: model, volume, tokens, terms or the price table.

    Looser rules, changed tables, and prices or a date set by this machine only are reported as warnings, whatever the
    policy says. The exit status stays 0: check is the gate.

    \b
    llmcost diff main
    llmcost diff HEAD~1 HEAD --min-change 5%
    llmcost diff old.json new.json
    """
    from ...gate.diff import diff
    from ...gate.finding import PlacedFinding
    from ...pricing.catalog import redirects_of
    from ...project import changes, config_path, open_project, open_side, project_side
    from .view import diff_report

    path, catalog = config_path(config), prices.catalog
    before = open_side(base, path, catalog)
    after = project_side(open_project(config), catalog) if head is None else open_side(head, path, catalog)
    found = [PlacedFinding.of(x, after.name, after.line) for x in changes(before, after)]
    tables = after.past.catalog or before.past.catalog
    models = [model for x in after.snapshot.workloads.values() for model in x.models]
    notes = redirects_of(tables, models) if tables else ()
    report = diff_report(diff(before.snapshot, after.snapshot), min_change or ShowThreshold(), found, notes)
    return emit(report, out, catalog=tables)
