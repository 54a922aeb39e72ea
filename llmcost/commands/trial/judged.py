"""What a trial says once sending has ended, or where nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ...evals.contenders import Contender
from ...evals.ledger import Stopped
from ...evals.money import Spending, right_shares, spending
from ...evals.outcomes import Side
from ...evals.trial_results import TrialResults
from ...evals.validate import validated
from ...notes import Note, NoteKind, costs_more
from ...report.validation import ValidationCase
from ...report.words import age_words, day_words
from ...tables.trial_run import read_run
from ...workload.items import from_costs
from .sending import asked, endpoints, regraded
from .view import TrialCase

if TYPE_CHECKING:
    from .options import SendOptions
    from .prepare import Trial


def judged(trial: Trial, send: SendOptions, *, quiet: bool) -> TrialCase:
    """Send where there is a budget, and judge what the run file has then."""
    stopped: Stopped | None = None
    if send.max_usd is not None:
        results, stopped = asked(trial, send, send.max_usd, quiet=quiet)
    else:
        results = regraded(trial) if send.regrade else read_run(trial.path, trial.plan)
    models = [x.model for x in trial.plan.sides.values()]
    case = TrialCase(
        plan=trial.plan,
        results=results,
        money=trial.money,
        prices=day_words(trial.catalog.as_of, map(trial.catalog.origin, models), age_words(models)),
        max_usd=send.max_usd,
        stopped=stopped,
        answers=not send.no_answers,
    )
    if case.complete:
        return replace(case, case=_validated(trial, results))
    return case if stopped else replace(case, notes=tuple(dict.fromkeys(_hindrances(trial, results))))


def _hindrances(trial: Trial, results: TrialResults) -> Iterator[Note]:
    """What speaks against sending: useless first answers, roles that look swapped, models that cannot be asked."""
    if vain := results.in_vain():
        yield Note(NoteKind.MISSING, str(vain))
    weak, strong = trial.money.same_usd
    if weak and strong and weak > strong:
        models = results.ledger.models
        yield costs_more(f"{models['weak']}, the weak model,", models["strong"])
    for fault in endpoints(trial.plan.sides)[1].values():
        yield Note(NoteKind.MISSING, f"not ready to send: {fault.sentence}")


def _validated(trial: Trial, results: TrialResults) -> ValidationCase:
    """The verdict, and the money; without a margin the verdict means nothing."""
    margin, outcomes, names = trial.plan.margin or Decimal(0), results.outcomes(), results.ledger.names
    validation = validated(outcomes, float(margin))

    def spent(month: Spending, answered: Side, right: Decimal) -> Spending:
        return spending(from_costs(answered.cost), right, monthly=next(iter(month.estimates), None))

    money, (weak, strong) = trial.money, right_shares(validation)
    weak_spent, strong_spent = spent(money.weak, outcomes.weak, weak), spent(money.strong, outcomes.strong, strong)
    money = replace(money, weak=weak_spent, strong=strong_spent)
    sides = [Contender(role=side, name=names[side], given=True, model=x.model) for side, x in trial.plan.sides.items()]
    return ValidationCase.of(trial.catalog, sides, outcomes, validation, money, margin)
