"""A trial while it is sent: the run file, the requests, and Ctrl-C, once and twice."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from math import ceil, inf
from time import monotonic
from typing import TYPE_CHECKING

from ...errors import FileError, LLMCostError, UsageError, reason_of
from ...evals.ledger import Answered, AnswerPricer, End, Failed, Stopped
from ...pricing.exact import digits, total
from ...tables.trial_run import TrialRun, open_run
from ...usage.trial import answer_pricer
from .progress import shown
from .view import progress_words, stopped_words

if TYPE_CHECKING:
    from ...evals.plan import SoldSide, TrialPlan
    from ...evals.trial_results import TrialResults
    from ...net.endpoint import Endpoint
    from .options import SendOptions
    from .prepare import Trial


def trouble_words(end: Failed, wait: float) -> str:
    """How a request failed, and what happens then; `wait` is the seconds until a call may be sent again."""
    what = str(end.status or "no answer")
    if end.final:
        return what
    return f"{what}: trying again in {ceil(wait)} s" if 1 <= wait < inf else f"{what}: trying again"


def regraded(trial: Trial) -> TrialResults:
    """Grade the answers of a run by the task as it is now; nothing is sent."""
    if not trial.path.exists():
        raise FileError(f"{trial.path} does not exist: there is nothing to grade again", "--max-usd USD begins a trial")
    with open_run(trial.path, trial.plan, budget_usd=Decimal(0), price=_pricer(trial), regrade=True) as run:
        return run.results


def asked(trial: Trial, how: SendOptions, max_usd: Decimal, *, quiet: bool) -> tuple[TrialResults, Stopped]:
    """Send what has no answer yet; what the run file tells then, and why sending ended.

    Raises LLMCostError before anything is sent, and FileError where the run file cannot be written any more.
    """
    if not trial.path.exists():
        _ready(trial.plan, max_usd)
    with open_run(trial.path, trial.plan, budget_usd=max_usd, price=_pricer(trial), regrade=how.regrade) as run:
        return run.results, run.stopped() or _sent(run, how, quiet=quiet)


def _ready(plan: TrialPlan, max_usd: Decimal) -> dict[str, Endpoint]:
    """Where each model is asked; raises UsageError where one cannot be, or nothing within the budget."""
    found, faults = endpoints(plan.sides)
    for side, fault in faults.items():
        raise UsageError(f"the {side} model cannot be asked: {fault.message}", *fault.hints)
    least = plan.calls[0].at_most_usd
    if max_usd < least:
        enough = digits(total(x.at_most_usd for x in plan.calls))
        hint = f"--max-usd {digits(least)} is the least that sends one, {enough} is enough for all"
        raise UsageError(f"--max-usd {digits(max_usd)} is less than the first call may cost", hint)
    return found


def _sent(run: TrialRun, how: SendOptions, *, quiet: bool) -> Stopped:
    """Send what has no answer yet; where that is nothing, no key is needed."""
    from ...net.chat import Sender
    from ...net.pace import Pace
    from ...net.send import run_calls

    left = run.plan.left(run.results)
    if not left:
        return Stopped(End.COMPLETE)
    ready = _ready(run.plan, run.budget_usd)
    urls = {side: x.url for side, x in ready.items()}
    pace = Pace(left, urls, concurrency=how.concurrency, patience=how.patience)
    words = partial(progress_words, run.results, run.plan.margin, run.budget_usd)
    with shown(len(run.plan.calls), words, quiet=quiet) as line, _interruptible(line.stopping) as stop:

        def told(end: Answered | Failed) -> None:
            trouble = trouble_words(end, pace.wake(monotonic())) if isinstance(end, Failed) else ""
            line.told(len(run.ledger.answers), trouble)

        try:
            post = Sender(ready, timeout=how.timeout).post
            return run_calls(pace, post, run, stop=stop, timeout=how.timeout, told=told)
        except KeyboardInterrupt:
            line.ended(stopped_words(run.ledger))
            raise
        except OSError as error:
            hint = "the answers until then are kept; the same command goes on, and asks again for those on their way"
            raise FileError(f"cannot write {run.results.name}: {reason_of(error)}", hint) from None


def endpoints(sides: Mapping[str, SoldSide]) -> tuple[dict[str, Endpoint], dict[str, LLMCostError]]:
    """Where each model is asked, with its key, or why it cannot be, by side."""
    from ...net.endpoint import endpoint

    found, faults = {}, {}
    for side, sold in sides.items():
        try:
            found[side] = endpoint(sold.model.provider, sold.asked.base_url, sold.asked.key_env, environ=os.environ)
        except LLMCostError as error:
            faults[side] = error
    return found, faults


def _pricer(trial: Trial) -> AnswerPricer:
    return answer_pricer(trial.catalog, trial.plan.sides)


@contextmanager
def _interruptible(on_first: Callable[[], None]) -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; the second raises KeyboardInterrupt."""
    stop = threading.Event()

    def handle(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        on_first()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGINT, handle)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
