"""`llmcost check`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

from ...errors import ExitStatus, LLMCostError
from ...report.report import Format
from ...shell.command import command
from ...shell.emit import emit
from ...shell.makers import text
from ...shell.options import ConfigFile, FindingsOptions, PriceOptions, ScoresFile
from ...shell.streams import say

if TYPE_CHECKING:
    from ...gate.check import Checked
    from ...report.report import Report


@command("Judge the workloads of llmcost.yaml by its policy.")
def check_command(
    *,
    config: ConfigFile = None,
    baseline: Annotated[
        str | None,
        text("--baseline", "Compare with an llmcost.yaml, a saved .json run or a git ref.", metavar="FILE|REF"),
    ] = None,
    scores: ScoresFile = None,
    prices: PriceOptions,
    out: FindingsOptions,
) -> ExitStatus:
    """Print what the workloads of llmcost.yaml cost, then judge them by its policy.

    Exits with 0 when every rule passes (a warning passes), 1 when one fails, 2 when anything could not be judged.

    \b
    llmcost check
    llmcost check --baseline origin/main
    llmcost check -f json -o run.json
    """
    from ...gate.finding import Level
    from .view import verdict_words

    format_ = out.chosen_format
    try:
        checked, report = _judge(prices, config, baseline, scores, out.output)
    except LLMCostError as error:
        if format_ is Format.GITHUB:
            from ...shell.github import publish_error

            publish_error(error, os.environ)
        raise
    emit(report, out)
    apart = out.output is not None or format_.for_machines
    if apart:
        say(*report.sentences, quiet=out.quiet)
    say(verdict_words(checked, amount=apart or format_ is Format.GITHUB))
    statuses = {Level.FAIL: ExitStatus.GATE_FAILED, Level.UNJUDGED: ExitStatus.USER_ERROR}
    return statuses.get(checked.verdict, ExitStatus.OK)


def _judge(
    prices: PriceOptions, config: str | None, baseline: str | None, scores: str | None, output: str | None
) -> tuple[Checked, Report]:
    from ...gate.check import check
    from ...gate.rules import name_faults
    from ...project import is_checked_out, open_project, open_snapshot, price_project, refuse_baseline, required_scores
    from ...report.age import with_age
    from .view import against_itself, check_report

    project = open_project(config)
    if baseline is not None:
        refuse_baseline(baseline, project.path, output)
    book = required_scores(project, scores)
    workloads, catalog = price_project(project, prices.catalog, lambda x: name_faults(project.config, x, book))
    before, earlier = (None, None) if baseline is None else open_snapshot(baseline, project.path, prices.catalog)
    checked = check(project.name, project.config, workloads, catalog, book, before)
    report = with_age(check_report(checked, project.line), catalog.as_of, catalog, book)
    if baseline is not None and is_checked_out(earlier, project):
        report = against_itself(report, baseline)
    return checked, report
