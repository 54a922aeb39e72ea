"""Answers the questions that were asked, and writes the workloads where that is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ...errors import FileError, UsageError
from ...shell.streams import say
from ...tables.files import write_text
from ...usage.explain import explain
from ...usage.forecast import forecast_spend
from ...usage.price import Spend
from ...usage.whatif import Otherwise, what_if
from ...usage.workload import LoggedWorkloads, derive_workloads, workloads_yaml
from .options import AnswerOptions
from .view_answers import UsageAnswer, forecast_answer, logged_answer, what_if_answer, workload_answer


def answers_to(
    spend: Spend,
    asked: AnswerOptions,
    otherwise: Otherwise,
    *,
    today: date,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[UsageAnswer]:
    """Yield the answers; logged costs are compared unasked.

    Raises FileError where the file to write is there already, UsageError where a question has no answer.
    """
    if asked.what_if:
        yield what_if_answer(what_if(spend, otherwise), asked.change_words())
    if asked.forecast is not None:
        found = forecast_spend(spend, asked.forecast, today=today, since=since, until=until)
        yield forecast_answer(found, beside=bool(asked.what_if))
    if asked.workload or asked.write is not None:
        derived = derive_workloads(spend)
        if asked.write is not None:
            _write(derived, asked.write)
        yield workload_answer(derived)
    if (explained := explain(spend)) is not None:
        yield logged_answer(explained)


def _write(found: LoggedWorkloads, name: str) -> None:
    if not found.workloads:
        raise UsageError("no workload can be made of the logs", *found.left_out)
    if os.path.lexists(name):
        raise FileError(f"{name} is there already", "--write makes a new file; copy what you need from one beside it")
    write_text(Path(name), workloads_yaml(found.workloads))
    say(f"wrote {name}; next: set a limit under policy in it, then llmcost check --config {name}")
