"""`llmcost diff`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from ...errors import ExitStatus
from ...gate.diff import ShowThreshold
from ...shell.command import command
from ...shell.emit import emit
from ...shell.makers import argument, parsed
from ...shell.options import ConfigFile, OutputOptions, PriceOptions
from ...workload import values as quantities

if TYPE_CHECKING:
    from ...pricing.catalog import Catalog
    from ...tables.find import Layer


def _least(typed: str, option: str) -> ShowThreshold:
    if typed.strip().endswith("%"):
        return ShowThreshold(pct=quantities.change(typed, option) * 100)
    return ShowThreshold(usd=quantities.money(typed, option))


@command("What changed in what the workloads cost, and why.")
def diff_command(
    *,
    base: Annotated[str, argument("An llmcost.yaml, a saved .json run, or a git ref: main, HEAD~1.", metavar="BASE")],
    head: Annotated[str | None, argument("The same; default: the llmcost.yaml as it is now.", metavar="[HEAD]")] = None,
    config: ConfigFile = None,
    min_change: Annotated[
        ShowThreshold | None,
        parsed(_least, "--min-change", "Show only changes of at least this: 100 or 5%.", metavar="USD|SHARE"),
    ] = None,
    prices: PriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Say what each workload cost before and costs now, and why: model, volume, tokens, terms or the price table.

    \b
    llmcost diff main
    llmcost diff HEAD~1 HEAD --min-change 5%
    llmcost diff old.json new.json
    """
    from ...gate.diff import diff
    from ...gate.snapshot import snapshot
    from ...project import config_path, open_project, open_snapshot, price_project
    from .view import diff_report

    path = config_path(config)
    catalogs: list[Catalog] = []

    def catalog(layers: Sequence[Layer]) -> Catalog:
        catalogs.append(prices.catalog(layers))
        return catalogs[-1]

    before, _ = open_snapshot(base, path, catalog)
    if head is None:
        project = open_project(config)
        after = snapshot(project.name, price_project(project, catalog)[0])
    else:
        after, _ = open_snapshot(head, path, catalog)
    report = diff_report(diff(before, after), min_change or ShowThreshold())
    return emit(report, out, catalog=catalogs[-1] if catalogs else None)
