"""What a trial sends and what that costs at most: its items in an order of chance, and the request of each side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext
from functools import lru_cache
from hashlib import sha256
from json import dumps
from typing import Any, NamedTuple

from ..document import Fault
from ..errors import LLMCostError, NotSoldError, UnknownModelError, UsageError
from ..lazy import dataclass
from ..pricing.catalog import Catalog
from ..pricing.cost import Terms
from ..pricing.exact import EXACT
from ..pricing.model import Model, own_name
from ..pricing.providers import RESELLERS
from ..pricing.units import Unit
from ..pricing.usage import Usage
from .grade import Grader
from .items import TrialItem
from .ledger import CANARIES, RUN_SCHEMA, SIDES, Wanted
from .looks import LEAST, looks_of
from .outcomes import first_lines
from .task import TrialSide, TrialTask
from .template import said
from .trial_results import TrialResults

_SPARE = 2
"""Tokens by which servers were seen to go over the limit of an answer."""
_RATES = (Unit.INPUT, Unit.CACHE_READ, Unit.CACHE_WRITE, Unit.OUTPUT)


class InputTokens(NamedTuple):
    """Input tokens of a request: about, and at most."""

    about: int
    at_most: int


CountInput = Callable[[str, Mapping[str, Any]], InputTokens]
"""The input tokens of the body of a side's request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldSide:
    """One of the two models with its price, as the task asks for it."""

    asked: TrialSide
    model: Model
    tier: str | None

    @property
    def send(self) -> str:
        """The name that is sent: as written, but the model's own where the task has another spelling of it.

        Hosts of open weights have names with capitals, which tables have in lower case; vendors have not.
        """
        provider, written = self.model.provider, self.asked.model
        known = {own_name(provider, x) for x in (self.model.id, *self.model.aliases)}
        name = written if own_name(provider, written) in known else self.model.id
        name = name[len(provider) + 1 :] if name.lower().startswith(f"{provider}/") else name
        return self.asked.send or (name if provider in RESELLERS else name.lower())

    def body(self, messages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The JSON body of a request."""
        tier = {} if self.tier is None else {"service_tier": self.tier}
        return {"model": self.send, "messages": list(messages), **self.asked.params, **tier}

    def written(self, tokens: int, day: date) -> int:
        """How many of the input tokens the vendor may write to its cache unasked, at a price of its own."""
        rule = self.model.caching_rule(day)
        return tokens if rule.writes_itself and tokens >= (rule.min_prefix or 0) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPlan:
    """The items in the order in which they are asked, both models, the calls, and the first line of the run file."""

    items: tuple[TrialItem, ...]
    sides: Mapping[str, SoldSide]
    calls: tuple[Wanted, ...]
    header: Mapping[str, Any]

    @property
    def margin(self) -> Decimal | None:
        """The share of right answers that the weak model may lose, 0 to 1; None where there is to be no verdict."""
        found: Decimal | None = self.header["margin"]
        return found

    def left(self, results: TrialResults) -> list[Wanted]:
        """The calls without an answer that the verdict still needs, in their order."""
        if results.ended is not None:
            return []
        return [call for call in self.calls if (call.item, call.side) not in results.ledger.answers]


def sold_sides(task: TrialTask, catalog: Catalog, tier: str | None = None) -> tuple[dict[str, SoldSide], list[Fault]]:
    """Both models with their prices, and what is wrong with them, by its place in the task file."""
    found, faults = {}, []
    for side, asked in task.models.items():
        try:
            model = priced(catalog, asked.model)
            catalog.price(model, Usage(input_tokens=1, output_tokens=1), tier=tier)
        except LLMCostError as error:
            faults.append(Fault(("models", side, "model"), error.sentence))
            continue
        if model.max_output is not None and asked.max_output > model.max_output:
            text = f"{model.id} answers with at most {model.max_output:,} tokens, not {asked.max_output:,}"
            faults.append(Fault(("models", side), text))
        found[side] = SoldSide(asked=asked, model=model, tier=tier)
    return found, faults


def priced(catalog: Catalog, name: str) -> Model:
    """The model of a name; one without a price cannot be sent within a budget."""
    try:
        return catalog.resolve(name)
    except UnknownModelError as error:
        error.hints = (*error.hints, "a model of your own needs a price: --pricing FILE")
        raise


def ordered(items: Sequence[TrialItem], seed: int, n: int | None = None) -> tuple[TrialItem, ...]:
    """`n` of the items (None: all) in the order of a hash of `[seed, "id"]`, so that any first ones are a sample.

    Raises UsageError where there are not so many, or fewer than two.
    """
    if n is not None and not 2 <= n <= len(items):
        raise UsageError(f"--items {n} is not from 2 to {len(items):,}, the number of items")
    if len(items) < 2:
        raise UsageError("a trial needs at least two items")
    return tuple(sorted(items, key=lambda item: sha256(dumps([seed, item.id]).encode()).digest())[:n])


def planned(
    task: TrialTask,
    items: Sequence[TrialItem],
    grader: Grader,
    sides: Mapping[str, SoldSide],
    catalog: Catalog,
    count: CountInput,
    *,
    seed: int = 0,
    n: int | None = None,
    early_stop: bool = False,
) -> TrialPlan:
    """The plan of a trial. Raises UsageError for too few items, and for prompts that do not fit a context window."""
    chosen = ordered(items, seed, n)
    if early_stop and task.margin is None:
        raise UsageError("--early-stop needs a margin: --margin 2, or margin in the task file")
    if early_stop and len(chosen) < LEAST:
        raise UsageError(f"--early-stop needs at least {LEAST} items")

    @lru_cache(maxsize=4096)
    def usd(side: str, given: int, answered: int, written: int = 0) -> Decimal:
        usage = Usage(input_tokens=given, output_tokens=answered, cache_write_tokens=written)
        return catalog.price(sides[side].model, usage, tier=sides[side].tier).usd

    calls, long = [], []
    for place, item in enumerate(chosen):
        for side in SIDES:
            sold = sides[side]
            body = sold.body(item.messages)
            tokens = count(side, body)
            if sold.model.context is not None and tokens.about > sold.model.context:
                long.append(f"item {item.id}: {tokens.about:,} tokens, {sold.model.id} takes {sold.model.context:,}")
                continue
            limit = sold.asked.max_output
            try:
                at_most = usd(side, tokens.at_most, limit + _SPARE, sold.written(tokens.at_most, catalog.as_of))
                about = usd(side, tokens.about, _about(task, item, sold))
            except NotSoldError as error:
                long.append(f"item {item.id}: {error.sentence}")
            else:
                calls.append(Wanted(item.id, side, body, at_most, about, place < CANARIES))
    if long:
        raise UsageError(f"{len(long):,} prompts do not fit", *first_lines(long))
    looks = looks_of(len(chosen)) if early_stop else []
    header = run_header(task, chosen, grader, sides, catalog, seed=seed, looks=looks)
    return TrialPlan(items=chosen, sides=sides, calls=tuple(calls), header=header)


def _about(task: TrialTask, item: TrialItem, sold: SoldSide) -> int:
    """Tokens of an answer, about: of the workload, else of the expected one, else the limit, as of one that reasons."""
    limit = sold.asked.max_output
    if "out" in task.workload:
        return min(limit, int(task.workload["out"]))
    if sold.model.reasons or not item.expected:
        return limit
    return min(limit, max(len(said(one)) for one in item.expected) // 3 + 1)


def run_header(
    task: TrialTask,
    items: Sequence[TrialItem],
    grader: Grader,
    sides: Mapping[str, SoldSide],
    catalog: Catalog,
    *,
    seed: int,
    looks: Sequence[int],
) -> dict[str, Any]:
    """The first line of a run file: what the answers are of. It has hashes of prompts and addresses, not these."""
    return {
        "kind": "trial",
        "schema": RUN_SCHEMA,
        "task_sha256": _digest([dict(x) for x in task.messages]),
        "items_sha256": _digest([[item.id, item.messages] for item in items]),
        "n": len(items),
        "seed": seed,
        "looks": list(looks),
        "margin": task.margin,
        "grade": dict(grader),
        **{side: _side_header(sides[side], catalog) for side in SIDES},
    }


def _side_header(side: SoldSide, catalog: Catalog) -> dict[str, Any]:
    terms = Terms.of(side.model, tier=side.tier, at=catalog.as_of)
    prices = {}
    for unit in _RATES:
        with localcontext(EXACT):
            prices[unit.value] = terms.rate(unit, Decimal(0))
    return {
        "model": side.model.id,
        "send": side.send,
        "base_url_sha256": _digest(side.asked.base_url),
        "params": dict(side.asked.params),
        "tier": side.tier,
        "prices": prices,
    }


def _digest(value: Any) -> str:
    return sha256(dumps(value, sort_keys=True).encode()).hexdigest()[:16]


_WORDS = {
    "task_sha256": "messages",
    "items_sha256": "items",
    "n": "number of items",
    "looks": "--early-stop",
    "base_url_sha256": "address",
}


def differences(old: Mapping[str, Any], new: Mapping[str, Any], *, regrade: bool = False) -> list[str]:
    """What differs between the first lines of two runs, in words; the margin counts where looks were taken for it."""
    found = []
    for key in dict.fromkeys((*old, *new)):
        one, other = old.get(key), new.get(key)
        if key in SIDES and isinstance(one, Mapping) and isinstance(other, Mapping):
            found += [f"{key} model: {what}" for what in differences(one, other)]
        elif one != other and not (key == "grade" and regrade) and not (key == "margin" and not new["looks"]):
            found.append(_WORDS.get(key, key))
    if {"messages", "seed", "number of items"}.intersection(found) and "items" in found:
        found.remove("items")  # their prompts and their order follow from these
    return found
