"""`llmcost trial`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from ...errors import ExitStatus
from ...shell.command import command
from ...shell.emit import emit
from ...shell.makers import argument
from ...shell.options import OutputOptions, PriceOptions
from .options import SendOptions, TaskOptions

if TYPE_CHECKING:
    from ...report.gates import GateResult
    from .view import TrialCase


@command()
def trial_command(
    *,
    file: Annotated[str, argument("The task; llmcost init trial writes one.", metavar="TASK")],
    how: TaskOptions,
    send: SendOptions,
    prices: PriceOptions,
    out: OutputOptions,
) -> ExitStatus:
    """Ask two models your own items, within a budget, and test whether the cheap one is good enough.

    Shows what it costs; only --max-usd sends. Each answer is on disk before the next request is sent, and the same
    command goes on where it ended. llmcost validate and llmcost route results read the answers.

    Exit status: 0 nothing was sent, or complete and safe (or no margin); 1 unsafe or not enough data; 2 not complete,
    not judged or unusable; 130 interrupted.

    \b
    llmcost init trial
    llmcost trial trial.yaml
    llmcost trial trial.yaml --max-usd 0.50
    """
    from ...evals.ledger import End
    from .judged import judged
    from .prepare import prepared
    from .view import trial_report

    catalog = prices.catalog()
    trial = prepared(file, how, catalog)
    case = judged(trial, send, quiet=out.quiet)
    status = emit(trial_report(case), out, _gate(case), catalog=catalog)
    interrupted = case.stopped is not None and case.stopped.end is End.INTERRUPTED
    return ExitStatus.INTERRUPTED if interrupted else status


def _gate(case: TrialCase) -> GateResult | None:
    """How the trial came out, where it was to come out at all."""
    from ...evals.ledger import End
    from ...report.gates import safety_gate, unjudged
    from ...report.words import some

    if case.case is not None:
        margin, found = case.plan.margin, case.case
        if margin is None:
            return None
        return safety_gate(found.validation, margin, allow_inconclusive=False, doubt=found.doubt)
    if case.stopped is None:
        return None
    usual = "a higher --max-usd goes on" if case.stopped.end is End.BUDGET else "the same command goes on"
    return unjudged(f"{some(len(case.left), 'answer')} missing; {case.stopped.way or usual}")
