"""A trial before anything is sent: the task, both models with their prices, the plan, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import UsageError
from ...evals.ledger import SIDES
from ...evals.money import Money, spending
from ...evals.plan import CountInput, InputTokens, SoldSide, TrialPlan, planned, priced, sold_sides
from ...lazy import dataclass
from ...load import tokenizer_of
from ...notes import NoteKind
from ...tables.trial_task import read_trial
from ...workload.estimate import estimate
from ...workload.model import Workload

if TYPE_CHECKING:
    from ...pricing.catalog import Catalog
    from ...pricing.model import Model
    from .options import TaskOptions

_SPARE = Decimal("0.3")
"""The least share of tokens that is allowed for where a count is not exact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A trial that can be sent, the file of its run, and the month at stake, where the task has one."""

    plan: TrialPlan
    catalog: Catalog
    path: Path
    money: Money


def prepared(file: str, how: TaskOptions, catalog: Catalog) -> Trial:
    """Read a task and plan its trial. Raises LLMCostError for all that can be known to be wrong before a send."""
    found = read_trial(file)
    for name in (how.weak, how.strong):
        if name is not None:
            priced(catalog, name)
    task = found.task.with_models(weak=how.weak, strong=how.strong)
    if how.margin is not None:
        task = replace(task, margin=how.margin)
    sides, faults = sold_sides(task, catalog, how.tier)
    found.yaml.refuse(faults)
    plan = planned(
        task,
        found.items,
        found.grader,
        sides,
        catalog,
        counter(sides),
        seed=how.seed,
        n=how.items,
        early_stop=how.early_stop,
    )
    path = Path(how.run) if how.run is not None else Path(file).with_suffix(".trial.jsonl")
    return Trial(plan=plan, catalog=catalog, path=path, money=_money(task.workload, sides, catalog))


def _money(asked: Mapping[str, Decimal], sides: Mapping[str, SoldSide], catalog: Catalog) -> Money:
    """The workload of a task on both models, at the standard tier."""
    if not asked:
        return Money()
    job = Workload(
        requests_per_day=asked["rpd"],
        input_tokens=asked["in"],
        output_tokens=asked["out"],
        days=asked.get("days", Decimal(30)),
    )
    weak, strong = (spending(None, Decimal(0), monthly=estimate(catalog, sides[x].model, job)) for x in SIDES)
    return Money(weak=weak, strong=strong, workload=job, days=job.days)


def counter(sides: Mapping[str, SoldSide]) -> CountInput:
    """What counts the input tokens of a request, and how many they are at most where the count is not exact."""
    counts = {side: _counter(sold.model) for side, sold in sides.items()}
    return lambda side, body: counts[side](body)


def _counter(model: Model) -> Callable[[Mapping[str, Any]], InputTokens]:
    from ...tokens.chat import count_chat, schema_of
    from ...tokens.chat_file import image_counter
    from ...tokens.encoding import encoding_named
    from ...tokens.endpoints import check_chats
    from ...workload.chats import chat_notes

    check_chats(model)
    tokenizer, count_image = tokenizer_of(model), image_counter(model.id)
    encoding, unpublished = encoding_named(tokenizer.encoding), bool(chat_notes(tokenizer))

    def count(body: Mapping[str, Any]) -> InputTokens:
        found = count_chat(
            body["messages"],
            encoding,
            tools=body.get("tools") or (),
            functions=body.get("functions") or (),
            schema=schema_of(body.get("response_format")),
            count_image=count_image,
        )
        for note in found.notes:
            if note.kind is NoteKind.LEFT_OUT:
                raise UsageError(f"a request has no highest price: {note.text}")
        text, approximate = str(body["messages"]), bool(found.notes) or unpublished
        known = tokenizer.allowance(None, approximate=approximate, ascii_only=text.isascii())
        share = Decimal(0) if tokenizer.exact and not approximate else max(_SPARE, known or Decimal(0))
        digits = sum(x.isdigit() for x in text) if tokenizer.digit_by_digit else 0
        most = (found.tokens * (1 + share)).to_integral_value(ROUND_CEILING)
        return InputTokens(found.tokens, int(most) + digits)

    return count
