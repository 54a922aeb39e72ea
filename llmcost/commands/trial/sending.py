"""A trial while it is sent: the run file, the requests, and Ctrl-C, once and twice."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from math import ceil, inf
from time import monotonic
from typing import TYPE_CHECKING

from ...errors import FileError, LLMCostError, UsageError, reason_of
from ...evals.ledger import Answered, AnswerPricer, Attempt, Failed, Wanted
from ...pricing.exact import digits
from ...tables.trial_run import TrialRun, open_run
from ...usage.trial import answer_pricer
from .progress import Shown, shown
from .view import progress_words, stopped_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...evals.trial_results import TrialResults
    from ...net.endpoint import Endpoint
    from ...net.pace import Stopped
    from .options import SendOptions
    from .prepare import Trial


class _Watched:
    """A run file whose every step is shown."""

    def __init__(self, run: TrialRun, line: Shown, wake: Callable[[float], float]) -> None:
        self._run = run
        self._line = line
        self._wake = wake
        self._end: Answered | Failed | None = None

    def open(self, wanted: Wanted, attempt: int) -> Attempt | None:
        return self._run.open(wanted, attempt)

    def close(self, attempt: Attempt, end: Answered | Failed) -> None:
        self._run.close(attempt, end)
        self._end = end

    def go_on(self) -> bool:
        more = self._run.go_on()
        trouble = trouble_words(self._end, self._wake(monotonic())) if isinstance(self._end, Failed) else ""
        self._line.told(len(self._run.ledger.answers), trouble)
        return more


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


def asked(trial: Trial, how: SendOptions, max_usd: Decimal, *, quiet: bool) -> tuple[TrialResults, str, str]:
    """Send what has no answer yet; what the run file tells then, why sending ended, and a sentence on that.

    Raises LLMCostError before anything is sent, and FileError where the run file cannot be written any more.
    """
    endpoints = _endpoints(trial)
    least = trial.plan.calls[0].wanted.at_most_usd
    if max_usd < least:
        enough = digits(trial.plan.at_most_usd)
        hint = f"--max-usd {digits(least)} is the least that sends one, {enough} is enough for all"
        raise UsageError(f"--max-usd {digits(max_usd)} is less than the first call may cost", hint)
    with open_run(trial.path, trial.plan, budget_usd=max_usd, price=_pricer(trial), regrade=how.regrade) as run:
        stopped = _sent(trial, how, run, endpoints, quiet=quiet) if run.go_on() else None
        if run.stopped is not None or stopped is None:
            return run.results, run.stopped or "", run.why
        return run.results, stopped.end, stopped.why


def _sent(trial: Trial, how: SendOptions, run: TrialRun, endpoints: Mapping[str, Endpoint], *, quiet: bool) -> Stopped:
    from ...net.chat import Sender
    from ...net.pace import Pace
    from ...net.send import run_calls

    pace = Pace(
        trial.plan.wanted(run.ledger),
        {side: x.url for side, x in endpoints.items()},
        concurrency=how.concurrency,
        patience=how.patience,
    )
    sender = Sender(endpoints, timeout=how.timeout)
    words = partial(progress_words, run.results, trial.task.margin, run.budget_usd)
    with shown(len(trial.plan.calls), words, quiet=quiet) as line, _interruptible(line.stopping) as stop:
        try:
            return run_calls(pace, sender.post, _Watched(run, line, pace.wake), stop=stop, timeout=how.timeout)
        except KeyboardInterrupt:
            line.ended(stopped_words(run.ledger))
            raise
        except OSError as error:
            hint = "the answers until then are kept; the same command goes on, and asks again for those on their way"
            raise FileError(f"cannot write {trial.path}: {reason_of(error)}", hint) from None


def _endpoints(trial: Trial) -> dict[str, Endpoint]:
    """Where each model is asked, with its key; raises UsageError where one cannot be."""
    from ...net.endpoint import endpoint

    found = {}
    for side, sold in trial.sides.items():
        try:
            found[side] = endpoint(sold.model.provider, sold.asked.base_url, sold.asked.key_env, environ=os.environ)
        except LLMCostError as error:
            raise UsageError(f"the {side} model cannot be asked: {error.message}", *error.hints) from None
    return found


def _pricer(trial: Trial) -> AnswerPricer:
    return answer_pricer(trial.catalog, trial.sides)


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
