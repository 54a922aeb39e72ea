"""What the requests of a batch file cost: each at the batch tier of its own model, by its own length.

At most, a request pays the highest rate that it can meet: every token in is written to a cache where that may happen,
answers are as long as they may be, and peak hours or a rise of tomorrow are in force, for a batch has a day to run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal, localcontext
from functools import cached_property
from math import ceil
from typing import Any, Protocol, TypeAlias

from ..errors import NotSoldError
from ..lazy import dataclass
from ..notes import Note, NoteKind
from ..pricing.catalog import Catalog, retired_note
from ..pricing.cost import Terms
from ..pricing.exact import EXACT
from ..pricing.model import Model
from ..pricing.rates import rate_in_force
from ..pricing.units import PER_RATE, Tokens, Unit
from .counted import Tokenizer
from .lengths import Bound, Quantity, Times, at_bound

TIER = "batch"
_INEXACT = (NoteKind.TOKENIZER, NoteKind.LEFT_OUT)

WRITES = {"5m": Unit.CACHE_WRITE, "1h": Unit.CACHE_WRITE_1H}
"""The rate of a token that is written to a cache, by the lifetime that the request asks for."""

Wishes: TypeAlias = tuple[str | None, str | None, str | None]
"""What of a request changes its rates: the lifetime of the caches that it writes, its service tier, its region."""


class Request(Protocol):
    """One request: its model's id, its tokens in, and the most that each of its answers may have (None: unsaid).

    `thinking` says whether it asks to reason before the answer (None: unsaid), and with how many tokens at most.
    """

    @property
    def model(self) -> str: ...  # noqa: D102 - a protocol's attribute
    @property
    def input_tokens(self) -> int: ...  # noqa: D102
    @property
    def max_output(self) -> int | None: ...  # noqa: D102
    @property
    def answers(self) -> int: ...  # noqa: D102
    @property
    def asks(self) -> Wishes: ...  # noqa: D102
    @property
    def thinking(self) -> tuple[bool | None, int | None]: ...  # noqa: D102
    @property
    def notes(self) -> tuple[Note, ...]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a request cannot be sent to its model; `billed` unless the vendor is sure to refuse it."""

    text: str
    billed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSums:
    """Requests in tokens and USD.

    `unbounded` requests set no limit to their answers: at most these are as long as the model's largest output; where
    that is not known, they are `endless`. `most_output` and `most_usd` are the upper bound, None with endless requests;
    `most_usd` also where `partial` requests have something that is not counted or priced. `written` of the requests may
    write their tokens to a cache, which the upper bound has; `reasoning` of them reason before the answer, with no more
    than `thinking_budget` tokens in all as far as they say so. `counted_usd` is what is counted at the plain rates,
    with every answer as long as its request allows, as far as it says so. `output_tokens` and `usd` are what is
    expected, None without an assumed output. `input_usd` has what is billed for each request too.
    """

    requests: int
    input_tokens: int
    input_usd: Decimal
    unbounded: int
    endless: int
    partial: int
    written: int
    reasoning: int
    thinking_budget: int
    most_output: Decimal | None
    most_usd: Decimal | None
    counted_usd: Decimal
    output_tokens: Decimal | None
    usd: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchBill(BatchSums):
    """The requests of one model.

    `most_usd` has up to the share `margin` more tokens in than counted, None where it is not known how far the counts
    are off (nothing is allowed for then), and up to one for each digit with `digit_by_digit`.
    """

    model: Model
    margin: Decimal | None
    digit_by_digit: bool
    notes: tuple[Note, ...]


@dataclass(frozen=True, kw_only=True)
class BatchFile:
    """A batch file that was read: the bill and the tokenizer of each model, and how many lines are no requests.

    `bad` has the first of those lines with their faults; `billed_lines` of them are not sure to be refused. `output` is
    the expected tokens of an answer, `reasoning` those that are hidden on top of it. `endpoints` are the addresses that
    the requests are for, `exceeded` says which limits of the vendors the file is above, `forms` are those of its text,
    `notes` tell for what names of models were taken.
    """

    name: str
    bills: tuple[BatchBill, ...]
    tokenizers: Mapping[str, Tokenizer]
    day: date
    origins: tuple[str, ...]
    output: Decimal | None
    reasoning: Quantity | Times | None
    bad: tuple[tuple[int, str], ...]
    bad_lines: int
    billed_lines: int
    endpoints: tuple[str, ...]
    exceeded: tuple[str, ...]
    forms: tuple[str, ...]
    notes: tuple[Note, ...]

    @cached_property
    def sums(self) -> BatchSums:
        """All models together; None where one of them is not known."""
        names = [field.name for field in fields(BatchSums)]
        sums: dict[str, Any] = {name: total(getattr(bill, name) for bill in self.bills) for name in names}
        return BatchSums(**sums)

    def exact(self, *bills: BatchBill) -> bool:
        """Whether the tokens in of these bills are exact."""
        notes = (note for bill in bills for note in bill.notes)
        return all(self.tokenizers[x.model.id].exact for x in bills) and not any(x.kind in _INEXACT for x in notes)


@dataclass(slots=True)
class _Sums:
    """How many tokens of requests that pay the same rates, which are in USD per 1M tokens."""

    input_rate: Decimal
    output_rate: Decimal
    hidden_rate: Decimal = Decimal(0)
    requests: int = 0
    input_tokens: int = 0
    most_output: Tokens = 0
    output_tokens: Tokens = 0
    hidden_tokens: Tokens = 0

    def add(self, input_tokens: int, most_output: Tokens, output_tokens: Tokens, hidden_tokens: Tokens = 0) -> None:
        self.requests += 1
        self.input_tokens += input_tokens
        self.most_output += most_output
        self.output_tokens += output_tokens
        self.hidden_tokens += hidden_tokens

    @property
    def input_usd(self) -> Decimal:
        return self.input_tokens * self.input_rate / PER_RATE

    @property
    def most_usd(self) -> Decimal:
        return self.input_usd + self.most_output * self.output_rate / PER_RATE

    @property
    def expected_usd(self) -> Decimal:
        hidden = self.hidden_tokens * self.hidden_rate
        return self.input_usd + (self.output_tokens * self.output_rate + hidden) / PER_RATE


_Ledger: TypeAlias = dict[tuple[bool, ...], _Sums]
"""Sums by whether an answer is paid for, and by the lengths at which rates change that are crossed."""


class _Offer:
    """What requests with the same wishes are bought under, as they are counted and at most, and their sums.

    `most` are all terms that they may meet. `write` is the rate of tokens that may be written to a cache, in requests
    of at least `least_written` tokens. `doubts` say what of the wishes has no price.
    """

    def __init__(
        self, plain: Terms, most: list[Terms], write: Unit | None, least_written: int, doubts: tuple[Note, ...]
    ) -> None:
        self.plain = plain
        self.most = most
        self.write = write
        self.least_written = least_written
        self.doubts = doubts
        self.limit = plain.limit
        self.steps = list(dict.fromkeys(x.step for terms in most for card in terms.cards for x in card.long_context))
        self.counted: _Ledger = {}
        self.longest: _Ledger = {}

    def writes(self, length: int) -> bool:
        """Whether a request of this length may be written to a cache."""
        return self.write is not None and length >= self.least_written

    def counted_sums(self, tokens: int, *, answered: bool) -> _Sums:
        """The sums as counted for a request of this length; an output rate is asked for where one is paid."""
        key = (answered, *self._crossed(tokens)) if self.steps else (answered,)
        found = self.counted.get(key)
        if found is None:
            length = self._length(tokens)
            units = (Unit.OUTPUT, Unit.REASONING)
            output, hidden = (self.plain.rate(unit, length) if answered else Decimal(0) for unit in units)
            found = self.counted[key] = _Sums(self.plain.rate(Unit.INPUT, length), output, hidden)
        return found

    def longest_sums(self, tokens: int, *, answered: bool) -> _Sums:
        """The sums at most for a request of this length."""
        written = self.writes(tokens)
        key = (answered, written, *self._crossed(tokens)) if self.steps else (answered, written)
        found = self.longest.get(key)
        if found is None:
            length = self._length(tokens)
            inputs = [Unit.INPUT, Unit.IMAGE_INPUT, *([self.write] if written and self.write else [])]
            outputs = [Unit.OUTPUT, Unit.REASONING] if answered else []
            found = self.longest[key] = _Sums(
                max(self._highest(unit, length) for unit in inputs),
                max((self._highest(unit, length) for unit in outputs), default=Decimal(0)),
            )
        return found

    def longer(self, tokens: int, margin: Decimal | None, more: int) -> int:
        """The tokens in with a margin, rounded up; it ends where the tier sells no more."""
        most = (ceil(tokens * (1 + margin)) if margin else tokens) + more
        return most if self.limit is None else max(tokens, min(most, self.limit))

    def _length(self, tokens: int) -> Decimal:
        """A request that seems longer than the tier sells pays what the longest does: its count is not exact."""
        return Decimal(tokens if self.limit is None else min(tokens, self.limit))

    def _crossed(self, tokens: int) -> Iterator[bool]:
        length = self._length(tokens)
        return (step.crossed_by(length) for step in self.steps)

    def _highest(self, unit: Unit, length: Decimal) -> Decimal:
        """The highest rate of a unit, in USD per 1M tokens, for a request of this length."""
        return max(
            rate_in_force(terms.model, part.cards, unit, length) * terms.multiplier
            for terms in self.most
            for part in terms.slices
        )


class _Account:
    """The requests of one model."""

    def __init__(self, model: Model, day: date) -> None:
        self.model = model
        self.caching = model.caching_rule(day)
        self.day = day
        self.terms = Terms.of(model, tier=TIER, at=day)
        self.limit = self.terms.limit
        fee = self.terms.fees().get("request")
        self.fee = fee.usd if fee else Decimal(0)
        self.offers: dict[Wishes, _Offer] = {}
        self.unbounded = 0
        self.partial = 0
        self.written = 0
        self.reasons = model.reasons
        self.reasoning = 0
        self.thinking_budget = 0
        self.margin: Decimal | None = Decimal(0)
        self.digit_by_digit = False
        self.notes: dict[Note, None] = {}
        self._noted: tuple[Note, ...] = ()
        self._lacks = False

    def offer(self, asks: Wishes) -> _Offer:
        """What requests with these wishes are bought under."""
        found = self.offers.get(asks)
        if found is None:
            found = self.offers[asks] = self._look_up(*asks)
        return found

    def _look_up(self, lifetime: str | None, tier: str | None, region: str | None) -> _Offer:
        doubts: list[Note] = []
        if region is not None and region not in self.model.regions:
            doubts.append(self._unpriced(f"the region {region}"))
            region = None
        plain = Terms.of(self.model, tier=TIER, region=region, at=self.day)
        most = [plain, *self._sold(TIER, region, self.day + timedelta(1))]
        if tier is not None:
            found = list(self._sold(tier, region, self.day))
            doubts += [] if found else [self._unpriced(f"the service tier {tier}")]
            most += found
        itself = lifetime is None and self.caching.writes_itself
        write = Unit.CACHE_WRITE if itself else None
        if lifetime is not None:
            write = WRITES[lifetime]
            if not _sets(plain, write):
                doubts.append(self._unpriced(f"cache writes for {lifetime}"))
        return _Offer(plain, most, write, (itself and self.caching.min_prefix) or 0, tuple(doubts))

    def _sold(self, tier: str, region: str | None, day: date) -> Iterator[Terms]:
        try:
            yield Terms.of(self.model, tier=tier, region=region, at=day)
        except NotSoldError:
            return

    def _unpriced(self, what: str) -> Note:
        return Note(NoteKind.LEFT_OUT, f"{self.model.id} has no known price for {what}, which requests use")

    def note(self, notes: tuple[Note, ...]) -> None:
        """Keep the notes of a request, most often those of the last one, and count it where something is left out."""
        if notes is not self._noted:
            self._noted = notes
            self._lacks = any(note.kind is NoteKind.LEFT_OUT for note in notes)
            self.notes.update(dict.fromkeys(notes))
        self.partial += self._lacks


class BatchLedger:
    """Adds up the requests of a batch file, one by one; keeps sums only, so that their number does not matter.

    `output` is the tokens that an answer is expected to have (None: nothing is expected), `reasoning` those that a
    request which reasons has on top of it, hidden; together at most what the request allows.
    """

    def __init__(
        self, catalog: Catalog, *, output: Decimal | None = None, reasoning: Quantity | Times | None = None
    ) -> None:
        self.catalog = catalog
        self.output = output
        with localcontext(EXACT):
            self._hidden = _hidden(output or Decimal(0), reasoning)
        self._accounts: dict[str, _Account] = {}

    def misfit(self, request: Request, *, exact: bool = True) -> Misfit | None:
        """Why a request cannot be sent to its model, or None.

        Only an exact count tells that a request does not fit; with doubts it is not sure that the vendor refuses it.
        Raises NotSoldError for a model without a batch tier.
        """
        account = self._account(request.model)
        model, most = account.model, account.limit
        if exact and model.context is not None and request.input_tokens > model.context:
            text = f"{request.input_tokens:,} input tokens do not fit {model.id} (context window {model.context:,})"
            return Misfit(text, billed=bool(request.notes))
        if exact and most is not None and request.input_tokens > most:
            has = f"(this has {request.input_tokens:,})"
            return Misfit(f"{model.id} does not sell {TIER} above {most:,} input tokens {has}")
        if model.max_output is not None and (request.max_output or 0) > model.max_output:
            return Misfit(
                f"{request.max_output:,} output tokens are above the limit of {model.id} ({model.max_output:,})"
            )
        return None

    def add(self, request: Request, margin: Decimal | None = Decimal(0), *, digits: int = 0) -> None:
        """Add one request, that may have the share `margin` more tokens in than counted (None: that is not known).

        Of `digits` each is a token of its own, and was counted with up to two others as one. Raises NotSoldError for a
        model without a batch tier or without a rate that it needs; nothing is added then.
        """
        account = self._account(request.model)
        offer = account.offer(request.asks)
        limit, read, answers = request.max_output, request.input_tokens, request.answers
        asked, budget = request.thinking
        reasons = account.reasons if asked is None else asked
        longest = offer.longer(read, margin, ceil(digits * 2 / 3))
        sums = offer.counted_sums(read, answered=limit != 0)
        most = offer.longest_sums(longest, answered=limit != 0)
        with localcontext(EXACT):
            visible, hidden = self._expected(limit, budget) if reasons else self._expected(limit, 0)
            counted = visible + hidden if limit is None else limit
            sums.add(read, counted * answers, visible * answers, hidden * answers)
        most.add(longest, ((account.model.max_output or 0) if limit is None else limit) * answers, 0)
        account.unbounded += limit is None
        account.written += offer.writes(longest)
        account.reasoning += reasons
        account.thinking_budget += (budget or 0) * answers
        if margin != account.margin:
            account.margin = None if margin is None or account.margin is None else max(margin, account.margin)
        account.digit_by_digit = account.digit_by_digit or bool(digits)
        if request.notes or offer.doubts:
            account.note((*request.notes, *offer.doubts) if offer.doubts else request.notes)

    def _expected(self, limit: int | None, budget: int | None) -> tuple[Decimal, Decimal]:
        """The visible and the hidden tokens of an answer, the visible ones first where a limit cuts them."""
        visible, hidden = self.output or Decimal(0), self._hidden
        if budget is not None:
            hidden = min(hidden, Decimal(budget))
        if limit is not None:
            visible = min(visible, Decimal(limit))
            hidden = min(hidden, limit - visible)
        return visible, hidden

    def bills(self) -> tuple[BatchBill, ...]:
        """The bill of each model, in the order in which the models were met."""
        with localcontext(EXACT):
            return tuple(self._bill(account) for account in self._accounts.values() if _has_requests(account))

    def _account(self, name: str) -> _Account:
        if name not in self._accounts:
            self._accounts[name] = _Account(self.catalog.resolve(name), self.catalog.as_of)
        return self._accounts[name]

    def _bill(self, account: _Account) -> BatchBill:
        sums = [x for offer in account.offers.values() for x in offer.counted.values()]
        longest = [x for offer in account.offers.values() for x in offer.longest.values()]
        fees = sum(x.requests for x in sums) * account.fee
        read = fees + sum((x.input_usd for x in sums), Decimal(0))
        expected = fees + sum((x.expected_usd for x in sums), Decimal(0))
        endless = account.unbounded if account.model.max_output is None else 0
        answered = Decimal(sum(x.output_tokens + x.hidden_tokens for x in sums))
        gone = (retired_note(account.model, self.catalog.as_of),) if account.model.retired(self.catalog.as_of) else ()
        most = fees + sum((x.most_usd for x in longest), Decimal(0))
        return BatchBill(
            model=account.model,
            requests=sum(x.requests for x in sums),
            input_tokens=sum(x.input_tokens for x in sums),
            input_usd=read,
            unbounded=account.unbounded,
            endless=endless,
            partial=account.partial,
            written=account.written,
            reasoning=account.reasoning,
            thinking_budget=account.thinking_budget,
            most_output=None if endless else Decimal(sum(x.most_output for x in longest)),
            most_usd=None if endless or account.partial else most,
            counted_usd=fees + sum((x.most_usd for x in sums), Decimal(0)),
            margin=account.margin,
            digit_by_digit=account.digit_by_digit,
            output_tokens=None if self.output is None else answered,
            usd=None if self.output is None else expected,
            notes=(*gone, *account.notes),
        )


def _hidden(output: Decimal, reasoning: Quantity | Times | None) -> Decimal:
    """The expected tokens of reasoning for an answer of this many visible ones."""
    if isinstance(reasoning, Times):
        return output * reasoning.factor
    return Decimal(0) if reasoning is None else at_bound(reasoning, Bound.EXPECTED)


def _sets(terms: Terms, unit: Unit) -> bool:
    """Whether the price table itself has a rate for a unit, so that no other stands in for it."""
    return any(unit in card.rates for card in terms.cards)


def _has_requests(account: _Account) -> bool:
    return any(x.requests for offer in account.offers.values() for x in offer.counted.values())


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of amounts, or None where one of them is not known."""
    found = list(amounts)
    with localcontext(EXACT):
        known = [x for x in found if x is not None]
        return sum(known, Decimal(0)) if len(known) == len(found) else None
