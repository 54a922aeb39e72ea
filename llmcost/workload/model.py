"""A workload: how many requests, of how many tokens, under which terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, NamedTuple

from ..errors import InvalidUsageError
from ..pricing.cost import utc
from ..pricing.exact import EXACT, total
from ..pricing.frozen import freeze
from ..pricing.model import Model
from ..pricing.usage import Share, Tokens, Usage, checked_share, checked_tokens
from .lengths import Bound as Bound  # noqa: PLC0414 - other rooms know them from here
from .lengths import Length, LengthClass, Lengths, Times
from .lengths import Quantity as Quantity  # noqa: PLC0414
from .lengths import Range as Range  # noqa: PLC0414

if TYPE_CHECKING:
    from .measured import Measured


_COUNTS = ("requests_per_day", "requests")
_TOKENS = ("input_tokens", "output_tokens", "reasoning_tokens")
_ONE = Decimal(1)


class RequestClass(NamedTuple):
    """Requests of a workload that pay the same rates: their number, which may be a share, and all of their tokens.

    `length` is the total input of one of them, which chooses the rates.
    """

    number: Decimal
    usage: Usage
    length: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Requests of a kind, over `days` days.

    Either `requests_per_day` or `requests` (in all of `days`) is given. Tokens are those of one request: an average, a
    range, or Lengths. `reasoning_tokens` come on top of `output_tokens`, or are Times them, and are billed as output.
    `cached` and `cache_write` are the shares (0 to 1) of the input that are read from and written to the cache,
    `batch_share` the share of the requests at the batch tier, `peak_share` the share of the traffic in a model's peak
    hours (None: spread evenly over the week). `fees` counts what is not a token, by name, for one request. `at` is the
    UTC day whose prices are meant (None: today); an aware datetime means its day. `input_from` and `output_from` say
    where the tokens come from, where they were measured. `default_job` marks the workload of commands that were given
    none.

    Raises InvalidUsageError when a number is not finite, negative or out of its range.
    """

    requests_per_day: Quantity | None = None
    requests: Quantity | None = None
    input_tokens: Length
    output_tokens: Length
    reasoning_tokens: Length | Times = 0
    days: Tokens = 30
    cached: Share = 0
    cache_write: Share = 0
    batch_share: Share = 0
    peak_share: Share | None = None
    tier: str | None = None
    region: str | None = None
    fees: Mapping[str, Tokens] = field(default_factory=dict, hash=False)
    at: date | None = None
    input_from: Measured | None = None
    output_from: Measured | None = None
    default_job: bool = False

    def __post_init__(self) -> None:
        if (self.requests_per_day is None) == (self.requests is None):
            raise InvalidUsageError("a workload has either requests_per_day or requests")
        for name in (*_COUNTS, *_TOKENS):
            value = getattr(self, name)
            for bound in (value.low, value.high) if isinstance(value, Range) else (value,):
                if bound is not None and (name in _COUNTS or not isinstance(bound, Lengths | Times)):
                    checked_tokens(name, bound)
        self._check_pairs()
        if checked_tokens("days", self.days) == 0:
            raise InvalidUsageError("days must be more than 0")
        self._take_shares()
        freeze(self, "fees")
        if self.batch_share and self.tier == "batch":
            raise InvalidUsageError("a batch share divides the requests between batch and another tier")
        if isinstance(self.at, datetime):
            object.__setattr__(self, "at", utc(self.at).date())

    def _check_pairs(self) -> None:
        """Refuse answers of other inputs than these."""
        answers = self.output_tokens.answers if isinstance(self.output_tokens, Lengths) else None
        if answers is not None:
            of = len(self.input_tokens.tokens) if isinstance(self.input_tokens, Lengths) else 0
            if of != len(answers):
                raise InvalidUsageError(f"there are answers of {len(answers):,} lengths of the input, which has {of:,}")

    def _take_shares(self) -> None:
        for name in ("cached", "cache_write", "batch_share", "peak_share"):
            share = getattr(self, name)
            if share is not None:
                object.__setattr__(self, name, checked_share(name, share))
        both = total((Decimal(self.cached), Decimal(self.cache_write)))
        if both > 1:
            percent = f"{(both * 100).normalize(EXACT):f}%"
            raise InvalidUsageError(f"{percent} of the input is read from or written to the cache, more than all of it")

    @property
    def ranged(self) -> bool:
        """Tell whether any quantity is a range."""
        return any(isinstance(getattr(self, name), Range) for name in (*_COUNTS, *_TOKENS))

    def total_requests(self, bound: Bound = Bound.EXPECTED) -> Decimal:
        """The requests in all of `days`."""
        with localcontext(EXACT):
            if self.requests is not None:
                return at_bound(self.requests, bound)
            return at_bound(self.requests_per_day or 0, bound) * self.days

    def daily_requests(self, bound: Bound = Bound.EXPECTED) -> Decimal:
        """The requests of one day."""
        with localcontext(EXACT):
            return self.total_requests(bound) / self.days

    def usage(self, bound: Bound = Bound.EXPECTED) -> Usage:
        """The average tokens of one request."""
        answer, reasoning = at_bound(self.output_tokens, bound), self._reasoning(bound)
        return self._usage(at_bound(self.input_tokens, bound), answer, reasoning)

    def longest(self, bound: Bound = Bound.EXPECTED) -> tuple[Decimal, Decimal]:
        """The most tokens in and out, reasoning among them, that a request may have."""
        most = Bound.HIGH if bound is Bound.EXPECTED else bound
        answer, reasoning = _longest(self.output_tokens, most), self.reasoning_tokens
        with localcontext(EXACT):
            hidden = answer * reasoning.factor if isinstance(reasoning, Times) else _longest(reasoning, most)
            return _longest(self.input_tokens, most), answer + hidden

    def classes(self, model: Model, day: date, bound: Bound = Bound.EXPECTED) -> tuple[RequestClass, ...]:
        """The requests, divided where rates of a model change on a day; at an end all are as long as that.

        Money is made of these alone: each is priced at its own length, and the sum is that of every request.
        """
        read, answered = self.input_tokens, self.output_tokens
        if isinstance(read, Lengths):
            parts = read.parts(model.steps(day), answered if isinstance(answered, Lengths) else None)
        elif isinstance(read, Range) and bound is Bound.EXPECTED:
            parts = read.parts(model.steps(day))
        else:
            tokens = at_bound(read, bound)
            parts = [LengthClass(_ONE, tokens, tokens)]
        return tuple(self._class(part, bound) for part in parts)

    def _class(self, part: LengthClass, bound: Bound) -> RequestClass:
        """The requests of one part, as many as leave no quotient: what is a mean is divided once, at the end."""
        reasoning = self.reasoning_tokens
        with localcontext(EXACT):
            if part.answers is not None:
                visible, each = part.answers, _ONE
            else:
                answers, each = _sum(self.output_tokens, bound)
                visible = answers * part.number
            if isinstance(reasoning, Times):
                hidden = visible * reasoning.factor
            else:
                thoughts, thinkers = _sum(reasoning, bound)
                hidden, visible = thoughts * part.number * each, visible * thinkers
                each *= thinkers
            return RequestClass(part.number * each, self._usage(part.tokens * each, visible, hidden), part.length)

    def _reasoning(self, bound: Bound) -> Decimal:
        reasoning = self.reasoning_tokens
        if not isinstance(reasoning, Times):
            return at_bound(reasoning, bound)
        with localcontext(EXACT):
            return at_bound(self.output_tokens, bound) * reasoning.factor

    def _usage(self, read: Decimal, answer: Decimal, reasoning: Decimal) -> Usage:
        with localcontext(EXACT):
            return Usage(
                input_tokens=read,
                cache_read_tokens=read * Decimal(self.cached),
                cache_write_tokens=read * Decimal(self.cache_write),
                output_tokens=answer + reasoning,
                reasoning_tokens=reasoning,
            )


def _sum(quantity: Length, bound: Bound) -> tuple[Decimal, Decimal]:
    """Tokens in all, and how many requests have them."""
    if isinstance(quantity, Lengths):
        return quantity.total, quantity.number
    return at_bound(quantity, bound), _ONE


def _longest(quantity: Length, bound: Bound) -> Decimal:
    return Decimal(quantity.tokens[-1]) if isinstance(quantity, Lengths) else at_bound(quantity, bound)


def at_bound(quantity: Length, bound: Bound) -> Decimal:
    """A quantity at one end of its range; one that is no range is the same at every end, lengths are their mean."""
    if isinstance(quantity, Lengths):
        return quantity.mean
    return quantity.at(bound) if isinstance(quantity, Range) else Decimal(quantity)
