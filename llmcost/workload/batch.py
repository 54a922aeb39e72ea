"""What the requests of a batch file cost: each at the batch tier of its own model, by its own length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, localcontext
from functools import cached_property
from math import ceil
from typing import Any, Protocol, TypeAlias

from ..notes import Note, NoteKind
from ..pricing.catalog import Catalog, retired_note
from ..pricing.cost import Terms
from ..pricing.exact import EXACT
from ..pricing.model import Model
from ..pricing.units import PER_RATE, Unit
from .counted import Tokenizer

TIER = "batch"
_INEXACT = (NoteKind.TOKENIZER, NoteKind.LEFT_OUT)


class Request(Protocol):
    """One request: its model's id, its tokens in, and the most that each of its answers may have (None: unsaid)."""

    @property
    def model(self) -> str: ...  # noqa: D102 - a protocol's attribute
    @property
    def input_tokens(self) -> int: ...  # noqa: D102
    @property
    def max_output(self) -> int | None: ...  # noqa: D102
    @property
    def answers(self) -> int: ...  # noqa: D102
    @property
    def notes(self) -> tuple[Note, ...]: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSums:
    """Requests in tokens and USD.

    `most_output` and `most_usd` are the upper bound, None where `unbounded` requests set no limit to their answers and
    no output was assumed; `most_usd` also where `partial` requests have something that is not counted. `counted_usd` is
    what is counted, with every answer as long as its request allows, as far as it says so. `output_tokens` and `usd`
    are what is expected, None without an assumed output. `input_usd` has what is billed for each request too.
    """

    requests: int
    input_tokens: int
    input_usd: Decimal
    unbounded: int
    partial: int
    most_output: Decimal | None
    most_usd: Decimal | None
    counted_usd: Decimal
    output_tokens: Decimal | None
    usd: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchBill(BatchSums):
    """The requests of one model.

    `most_usd` has up to the share `margin` more tokens in than counted, None where it is not known how far the counts
    are off (nothing is allowed for then).
    """

    model: Model
    margin: Decimal | None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BatchFile:
    """A batch file that was read: the bill and the tokenizer of each model, and how many lines are no requests.

    `bad` has the first of those lines with their faults; `output` is the expected tokens of an answer. `endpoints` are
    the addresses that the requests are for.
    """

    name: str
    bills: tuple[BatchBill, ...]
    tokenizers: Mapping[str, Tokenizer]
    day: date
    origins: tuple[str, ...]
    output: Decimal | None = None
    bad: tuple[tuple[int, str], ...] = ()
    bad_lines: int = 0
    endpoints: tuple[str, ...] = ()

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
    requests: int = 0
    input_tokens: int = 0
    most_output: Decimal = Decimal(0)
    output_tokens: Decimal = Decimal(0)

    def add(self, input_tokens: int, most_output: Decimal, output_tokens: Decimal) -> None:
        self.requests += 1
        self.input_tokens += input_tokens
        self.most_output += most_output
        self.output_tokens += output_tokens

    @property
    def input_usd(self) -> Decimal:
        return self.input_tokens * self.input_rate / PER_RATE

    @property
    def most_usd(self) -> Decimal:
        return self.input_usd + self.most_output * self.output_rate / PER_RATE


_Ledger: TypeAlias = dict[tuple[bool, ...], _Sums]
"""Sums by whether an answer is paid for, and by the long-context steps that are crossed."""


class _Account:
    """The requests of one model: those whose count is sure, and the others as counted and with their margin."""

    def __init__(self, model: Model, terms: Terms) -> None:
        self.model = model
        self.terms = terms
        self.limit = terms.cards[0].max_input
        self.steps = [x.step for card in terms.cards for x in card.long_context]
        fee = terms.fees().get("request")
        self.fee = fee.usd if fee else Decimal(0)
        self.sure: _Ledger = {}
        self.counted: _Ledger = {}
        self.longest: _Ledger = {}
        self.unbounded = 0
        self.partial = 0
        self.margin: Decimal | None = Decimal(0)
        self.notes: dict[Note, None] = {}
        self._noted: tuple[Note, ...] = ()
        self._lacks = False

    def sums(self, ledger: _Ledger, tokens: int, *, answered: bool) -> _Sums:
        """The sums that a request of this length belongs to; an output rate is asked for where one is paid.

        A request that seems longer than the tier sells pays what the longest does: its count is not exact, see `fault`.
        """
        length = Decimal(tokens if self.limit is None else min(tokens, self.limit))
        key = (answered, *(step.crossed_by(length) for step in self.steps))
        if key not in ledger:
            ledger[key] = _Sums(
                self.terms.rate(Unit.INPUT, length),
                self.terms.rate(Unit.OUTPUT, length) if answered else Decimal(0),
            )
        return ledger[key]

    def longer(self, tokens: int, margin: Decimal) -> int:
        """The tokens in with a margin, rounded up; it ends where the tier sells no more."""
        most = ceil(tokens * (1 + margin))
        return most if self.limit is None else max(tokens, min(most, self.limit))

    def note(self, notes: tuple[Note, ...]) -> None:
        """Keep the notes of a request, most often those of the last one, and count it where something is left out."""
        if notes is not self._noted:
            self._noted = notes
            self._lacks = any(note.kind is NoteKind.LEFT_OUT for note in notes)
            self.notes.update(dict.fromkeys(notes))
        self.partial += self._lacks


class BatchLedger:
    """Adds up the requests of a batch file, one by one; keeps sums only, so that their number does not matter.

    `output` is the tokens that an answer is expected to have (None: nothing is expected), at most what the request
    allows.
    """

    def __init__(self, catalog: Catalog, *, output: Decimal | None = None) -> None:
        self.catalog = catalog
        self.output = output
        self._accounts: dict[str, _Account] = {}

    def fault(self, request: Request, *, exact: bool = True) -> str | None:
        """Why a request cannot be sent to its model, or None.

        Only an exact count tells that a request does not fit. Raises NotSoldError for a model without a batch tier.
        """
        account = self._account(request.model)
        model, most = account.model, account.limit
        if exact and model.context is not None and request.input_tokens > model.context:
            return f"{request.input_tokens:,} input tokens do not fit {model.id} (context window {model.context:,})"
        if exact and most is not None and request.input_tokens > most:
            return f"{model.id} does not sell {TIER} above {most:,} input tokens (this has {request.input_tokens:,})"
        if model.max_output is not None and (request.max_output or 0) > model.max_output:
            return f"{request.max_output:,} output tokens are more than {model.id} gives ({model.max_output:,})"
        return None

    def add(self, request: Request, margin: Decimal | None = Decimal(0)) -> None:
        """Add one request, that may have the share `margin` more tokens in than counted (None: that is not known).

        Raises NotSoldError for a model without a batch tier or without a rate that it needs; nothing is added then.
        """
        account = self._account(request.model)
        limit, expected = request.max_output, self.output
        if limit is not None and expected is not None:
            expected = min(expected, Decimal(limit))
        most = expected if limit is None else Decimal(limit)
        lengths = [(account.counted if margin else account.sure, request.input_tokens)]
        if margin:
            lengths.append((account.longest, account.longer(request.input_tokens, margin)))
        places = [(account.sums(ledger, tokens, answered=limit != 0), tokens) for ledger, tokens in lengths]
        with localcontext(EXACT):
            answers = (most or 0) * request.answers, (expected or 0) * request.answers
            for sums, tokens in places:
                sums.add(tokens, *map(Decimal, answers))
        account.unbounded += limit is None
        account.margin = None if margin is None or account.margin is None else max(margin, account.margin)
        if request.notes:
            account.note(request.notes)

    def bills(self) -> tuple[BatchBill, ...]:
        """The bill of each model, in the order in which the models were met."""
        with localcontext(EXACT):
            return tuple(self._bill(account) for account in self._accounts.values() if account.sure or account.counted)

    def _account(self, name: str) -> _Account:
        if name not in self._accounts:
            model = self.catalog.resolve(name)
            self._accounts[name] = _Account(model, Terms.of(model, tier=TIER, at=self.catalog.as_of))
        return self._accounts[name]

    def _bill(self, account: _Account) -> BatchBill:
        sure = list(account.sure.values())
        sums, longest = [*sure, *account.counted.values()], [*sure, *account.longest.values()]
        fees = sum(x.requests for x in sums) * account.fee
        read = fees + sum((x.input_usd for x in sums), Decimal(0))
        counted = fees + sum((x.most_usd for x in sums), Decimal(0))
        most = fees + sum((x.most_usd for x in longest), Decimal(0))
        expected = read + sum((x.output_tokens * x.output_rate / PER_RATE for x in sums), Decimal(0))
        bounded, assumed = not account.unbounded or self.output is not None, self.output is not None
        gone = (retired_note(account.model),) if account.model.retired(self.catalog.as_of) else ()
        return BatchBill(
            model=account.model,
            requests=sum(x.requests for x in sums),
            input_tokens=sum(x.input_tokens for x in sums),
            input_usd=read,
            unbounded=account.unbounded,
            partial=account.partial,
            most_output=sum((x.most_output for x in sums), Decimal(0)) if bounded else None,
            most_usd=most if bounded and not account.partial else None,
            counted_usd=counted,
            margin=account.margin,
            output_tokens=sum((x.output_tokens for x in sums), Decimal(0)) if assumed else None,
            usd=expected if assumed else None,
            notes=(*account.model.notes, *gone, *account.notes),
        )


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of amounts, or None where one of them is not known."""
    found = list(amounts)
    with localcontext(EXACT):
        known = [x for x in found if x is not None]
        return sum(known, Decimal(0)) if len(known) == len(found) else None
