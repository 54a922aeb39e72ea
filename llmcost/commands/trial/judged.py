"""What a trial says once sending has ended, or where nothing is sent."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ...errors import LLMCostError
from ...evals.contenders import Contender, costs_more
from ...evals.ledger import SIDES, Ledger
from ...evals.money import Money, right_shares, spending
from ...evals.trial_results import TrialResults
from ...evals.validate import validated
from ...net.endpoint import endpoint
from ...notes import Note, NoteKind
from ...report.validation import ValidationCase
from ...report.words import day_words
from ...tables.trial_run import read_run
from ...workload.items import from_costs
from .sending import asked, regraded
from .view import TrialCase, side_names

if TYPE_CHECKING:
    from ...pricing.model import Model
    from .options import SendOptions
    from .prepare import Trial

_NONE = Decimal(0)


def judged(trial: Trial, send: SendOptions, *, quiet: bool) -> TrialCase:
    """Send where there is a budget, and judge what the run file has then."""
    stopped: str | None = None
    why = ""
    if send.max_usd is not None:
        results, stopped, why = asked(trial, send, send.max_usd, quiet=quiet)
    elif send.regrade:
        results = regraded(trial)
    else:
        results = read_run(trial.path, trial.plan) or _nothing_yet(trial)
    models = [x.model for x in trial.sides.values()]
    case = TrialCase(
        plan=trial.plan,
        sides=trial.sides,
        results=results,
        margin=trial.task.margin,
        monthly=trial.monthly,
        prices=day_words(trial.catalog.as_of, map(trial.catalog.origin, models), _checked(models)),
        max_usd=send.max_usd,
        stopped=stopped,
        why=why,
        answers=not send.no_answers,
    )
    if case.complete:
        return replace(case, case=_validated(trial, results))
    return replace(case, notes=(*_in_vain(results), *_roles(trial), *_without_keys(trial))) if stopped is None else case


def _nothing_yet(trial: Trial) -> TrialResults:
    ledger = Ledger()
    ledger.add(trial.plan.header)
    return TrialResults(ledger, str(trial.path))


def _checked(models: Sequence[Model]) -> str:
    checked = sorted(x.checked for x in models if x.checked)
    return f", checked {checked[0]}" if checked else ""


def _in_vain(results: TrialResults) -> tuple[Note, ...]:
    vain = results.in_vain()
    return () if vain is None else (Note(NoteKind.MISSING, str(vain)),)


def _roles(trial: Trial) -> tuple[Note, ...]:
    """A note where the weak model costs more in the month at stake."""
    weak, strong = (trial.monthly.get(side) for side in SIDES)
    if weak is None or strong is None or weak.monthly_usd <= strong.monthly_usd:
        return ()
    return (costs_more(f"{weak.model.id}, the weak model,", strong.model.id),)


def _without_keys(trial: Trial) -> tuple[Note, ...]:
    """Why the models could not be asked as the environment is."""
    found = []
    for sold in trial.sides.values():
        try:
            endpoint(sold.model.provider, sold.asked.base_url, sold.asked.key_env, environ=os.environ)
        except LLMCostError as error:
            found.append(Note(NoteKind.MISSING, f"not ready to send: {error.sentence}"))
    return tuple(dict.fromkeys(found))


def _validated(trial: Trial, results: TrialResults) -> ValidationCase:
    """The verdict, and the money; without a margin the verdict means nothing."""
    margin, outcomes = trial.task.margin or _NONE, results.outcomes()
    validation = validated(outcomes, float(margin))
    weak, strong = (
        spending(from_costs(found.cost), share, monthly=trial.monthly.get(side))
        for side, found, share in zip(SIDES, (outcomes.weak, outcomes.strong), right_shares(validation), strict=True)
    )
    workload = trial.monthly["weak"].workload if trial.monthly else None
    money = Money(weak=weak, strong=strong, workload=workload, days=workload.days if workload else 30)
    names = side_names(trial.sides)
    sides = [Contender(role=side, name=names[side], given=True, model=x.model) for side, x in trial.sides.items()]
    return ValidationCase.of(trial.catalog, sides, outcomes, validation, money, margin)
