"""`llmcost check`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

from ...errors import ExitStatus, LLMCostError, UsageError
from ...report.report import Format
from ...shell.command import command, one_of
from ...shell.emit import emit
from ...shell.makers import argument, text
from ...shell.options import ConfigFile, FindingsOptions, ProjectPriceOptions, ScoresFile

if TYPE_CHECKING:
    from ...gate.check import Checked
    from ...report.report import Report


@command("Check the workloads of llmcost.yaml against its policy.")
def check_command(
    *,
    file: Annotated[str | None, argument("Same as --config.", metavar="[FILE]")] = None,
    config: ConfigFile = None,
    baseline: Annotated[
        str | None,
        text("--baseline", "Compare with an llmcost.yaml, a saved .json run or a git ref.", metavar="FILE|REF"),
    ] = None,
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
    llmcost check -f json -o run.json
    """
    from ...report.depth import at_depth
    from ...report.gates import GateResult
    from .view import verdict_words

    one_of(["FILE"] * (file is not None), ["--config"] * (config is not None))
    config, format_ = config or file, out.chosen_format
    if file is not None and file.endswith((".jsonl", ".csv")):
        raise UsageError(f"{file} is not an llmcost.yaml", f"to price a log: llmcost usage {file}")
    try:
        checked, report = _judge(prices, config, baseline, scores, out.output)
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
    prices: ProjectPriceOptions, config: str | None, baseline: str | None, scores: str | None, output: str | None
) -> tuple[Checked, Report]:
    from ...gate.check import check
    from ...gate.rules import name_faults
    from ...project import (
        baseline_doubts,
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
    workloads, catalog = price_project(project, prices.catalog, lambda x: name_faults(project.config, x, table.book))
    before = None if baseline is None else open_side(baseline, project.path, prices.catalog)
    earlier, past = (None, None) if before is None else (before.snapshot, before.beside(project))
    checked = check(project.name, project.config, workloads, catalog, table, earlier, past, told_day())
    report = with_age(check_report(checked, project.line), catalog.as_of, catalog, table.book)
    if baseline is None or before is None:
        return checked, report
    return checked, doubted(report, baseline_doubts(baseline, before, project))
