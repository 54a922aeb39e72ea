"""The options of `llmcost trial`."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from ...errors import UsageError
from ...lazy import dataclass
from ...shell import values
from ...shell.command import Options
from ...shell.makers import file, flag, model, parsed, points, service_tier, usd_limit, whole

MOST_AT_ONCE = 32


@dataclass(kw_only=True)
class TaskOptions(Options):
    """Trial: the two models and how many items they are asked."""

    weak: Annotated[str | None, model("-m", "--weak", "Cheap model, the one tested; default: the task's.")] = None
    strong: Annotated[str | None, model("--strong", "Model it would replace; default: the task's.")] = None
    margin: Annotated[
        Decimal | None,
        points("--margin", "Allowed loss of the weak model in percentage points: 2; default: the task's."),
    ] = None
    items: Annotated[
        int | None, parsed(values.sample, "-n", "--items", "Ask a random sample of N items, not all.", metavar="N")
    ] = None
    seed: Annotated[int, parsed(values.seed, "--seed", "Another order of the items.", metavar="N", rare=True)] = 0
    early_stop: Annotated[bool, flag("--early-stop", "Look at the verdict five times and stop once it is certain.")] = (
        False
    )
    tier: Annotated[str | None, service_tier("--tier", "Service tier: flex costs half, where it is sold.")] = None
    run: Annotated[str | None, file("--run", "File of the answers; default: TASK.trial.jsonl.")] = None

    def __post_init__(self) -> None:
        """Refuse the tier at which no single request is answered."""
        if self.tier == "batch":
            raise UsageError("--tier batch answers within a day, not at once", "--tier flex has its price, where sold")


@dataclass(kw_only=True)
class SendOptions(Options):
    """Sending: the budget, and how requests are sent."""

    max_usd: Annotated[
        Decimal | None,
        usd_limit("--max-usd", "Send, for at most this much in all; without it nothing is sent."),
    ] = None
    regrade: Annotated[bool, flag("--regrade", "Grade the answers again after a change of the grader.")] = False
    no_answers: Annotated[bool, flag("--no-answers", "Leave the texts of answers out of the report.")] = False
    concurrency: Annotated[int, whole("--concurrency", "Requests at a time, at most 32.", rare=True)] = 4
    timeout: Annotated[
        int, parsed(values.seconds, "--timeout", "Longest wait for an answer: 60, 2m.", metavar="TIME", rare=True)
    ] = 60
    patience: Annotated[
        int,
        parsed(
            values.wait,
            "--patience",
            "Longest wait for an endpoint that is busy or down: 90s, 10m.",
            metavar="TIME",
            rare=True,
        ),
    ] = values.Minutes(600)

    def __post_init__(self) -> None:
        """Refuse more at once than any endpoint likes."""
        if self.concurrency > MOST_AT_ONCE:
            raise UsageError(f"--concurrency {self.concurrency} is above {MOST_AT_ONCE}")
