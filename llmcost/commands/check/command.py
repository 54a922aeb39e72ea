"""`llmcost check`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

from ...errors import ExitStatus, LLMCostError, UsageError
from ...report.report import Format
from ...shell.command import command, one_of
from ...shell.emit import emit
from ...shell.makers import argument, file, text
from ...shell.options import ConfigFile, FindingsOptions, ProjectPriceOptions, ScoresFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...gate.check import Checked
    from ...gate.spend import RecentSpend
    from ...notes import Note
    from ...pricing.catalog import Catalog
    from ...project import Project
    from ...report.report import Report


@command()
def check_command(
    *,
    path: Annotated[str | None, argument("Same as --config.", metavar="[FILE]")] = None,
    config: ConfigFile = None,
    baseline: Annotated[
        str | None,
        text("--baseline", "Compare with an llmcost.yaml, a saved .json run or a git ref.", metavar="FILE|REF"),
    ] = None,
    usage: Annotated[
        tuple[str, ...],
        file("--usage", "Logs or a saved run of llmcost usage to judge real spend by; repeatable."),
    ] = (),
    scores: ScoresFile = None,
    prices: ProjectPriceOptions,
    out: FindingsOptions,
) -> ExitStatus:
    """Show the cost of the workloads in llmcost.yaml and check them against its policy.

    Exit status: 0 if every rule passes or warns, 1 if one fails, 2 if anything could not be judged. For a range, the
    expected value above a limit fails and the high end warns. Changes to the rules, prices or scores behind the verdict
    are reported too.

    \b
    llmcost check
    llmcost check --baseline origin/main
    llmcost check --usage logs/
    llmcost check -f json -o run.json
    """
    from ...report.depth import at_depth
    from ...report.gates import GateResult
    from .view import verdict_words

    one_of(["FILE"] * (path is not None), ["--config"] * (config is not None))
    config, format_ = config or path, out.chosen_format
    if path is not None and path.endswith((".jsonl", ".csv")):
        raise UsageError(f"{path} is not an llmcost.yaml", f"to price a log: llmcost usage {path}")
    try:
        checked, report = _judge(prices, config, baseline, usage, scores, out.output)
    except LLMCostError as error:
        if format_ is Format.GITHUB:
            from ...shell.github import publish_error

            publish_error(error, os.environ)
        raise
    apart = out.output is not None or format_.for_machines
    verdict = verdict_words(checked, report.findings or (), amount=apart or format_ is Format.GITHUB)
    told = at_depth(report, out.depth).sentences if apart else ()
    return emit(report, out, GateResult(verdict=checked.verdict, lines=(*told, verdict)))


def _judge(
    prices: ProjectPriceOptions,
    config: str | None,
    baseline: str | None,
    usage: tuple[str, ...],
    scores: str | None,
    output: str | None,
) -> tuple[Checked, Report]:
    from ...gate.check import check
    from ...gate.rules import name_faults
    from ...project import (
        baseline_doubts,
        log_faults,
        open_project,
        open_side,
        price_project,
        refuse_baseline,
        required_scores,
        told_day,
    )
    from ...report.age import with_age
    from .view import check_report, doubted

    if prices.project_prices and scores is not None:
        raise UsageError("--project-prices cannot be combined with --scores")
    project = open_project(config)
    if baseline is not None:
        refuse_baseline(baseline, project.path, output)
    table = required_scores(project, scores, only_project=prices.project_prices)
    workloads, catalog = price_project(
        project,
        prices.catalog,
        lambda x: [*name_faults(project.config, x, table.book), *log_faults(project, x)],
    )
    before = None if baseline is None else open_side(baseline, project.path, prices.catalog)
    earlier, past = (None, None) if before is None else (before.snapshot, before.beside(project))
    spend, read, notes = _spend(project, usage, catalog)
    checked = check(project.name, project.config, workloads, catalog, table, earlier, past, told_day(), spend)
    report = with_age(check_report(checked, project.line, read, notes), catalog.as_of, catalog, table.book)
    if baseline is None or before is None:
        return checked, report
    return checked, doubted(report, baseline_doubts(baseline, before, project))


def _spend(
    project: Project, given: tuple[str, ...], catalog: Catalog
) -> tuple[RecentSpend | None, str, Sequence[Note]]:
    """What was spent by the logs that are given, or that the project names; what was read of them, and notes on it.

    Nothing is read where no rule asks for it.
    """
    from ...gate.rules import needs_usage

    if not needs_usage(project.config):
        if given:
            raise UsageError(
                f"--usage needs a rule on real spend in {project.name}", "add one to its policy: max_spend_usd: 1000"
            )
        return None, "", ()
    from ...project import log_paths

    paths = given or log_paths(project, catalog)
    if not paths:
        return None, "", ()
    from ...report.logs import log_notes, rows_words
    from ...shell.logs import read_spend
    from ...usage.recent import recent_spend

    spend, sources = read_spend(paths, project.config.usage, catalog)
    recent = recent_spend(spend, catalog.as_of, sources.missing)
    return recent, rows_words(spend.cube, sources), log_notes(spend.cube, sources)
