"""A workload: requests, tokens and pricing terms."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, NamedTuple

from ..errors import InvalidUsageError
from ..pricing.caching import NOT_KNOWN
from ..pricing.cost import utc
from ..pricing.exact import EXACT, total
from ..pricing.frozen import freeze
from ..pricing.key import Threshold
from ..pricing.model import Model
from ..pricing.usage import Share, Tokens, Usage, checked_share, checked_tokens
from .caching import hit_rate
from .conversation import Conversation, Turn
from .lengths import Bound as Bound  # noqa: PLC0414 - other rooms know them from here
from .lengths import Length, LengthClass, Lengths, Quantity, Times, at_bound
from .lengths import Range as Range  # noqa: PLC0414

if TYPE_CHECKING:
    from .measured import Measured


_COUNTS = ("requests_per_day", "requests")
_TOKENS = ("input_tokens", "output_tokens", "reasoning_tokens", "prefix_tokens")
_CACHED = ("cached", "cache_write", "cache_write_1h")
MAX_TURNS = 10_000
AUTO = "auto"
"""The caching that is computed by the vendor's rule."""
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
    """Requests of one kind, over `days` days.

    Either `requests_per_day` or `requests` (in all of `days`) is given. Tokens are those of one request: an average, a
    range, or Lengths. `reasoning_tokens` come on top of `output_tokens`, or are Times them, and are billed as output. A
    request is one of `turns` of a conversation, which each send `prefix_tokens` (the same in all conversations), the
    input and the visible output of the turns before, and the input tokens; `turn_gap` is the seconds between two of
    them (None: they follow within the lifetime of a cache). With `caching` "auto" what is read from and written to the
    cache is what the vendor's rule says; else `cached`, `cache_write` and `cache_write_1h` are the shares (0 to 1) of
    the input that are read from it, written to it, and written to it for an hour. `batch_share` is the share of the
    requests at the batch tier, `peak_share` the share of the traffic in a model's peak hours (None: spread evenly over
    the week). `fees` counts what is not a token, by name, for one request. `at` is the UTC day whose prices are meant
    (None: today); an aware datetime means its day. `input_from` and `output_from` say where the tokens come from, where
    they were measured. `default_job` marks the workload of commands that were given none.

    Raises InvalidUsageError when a number is not finite, negative or out of its range.
    """

    requests_per_day: Quantity | None = None
    requests: Quantity | None = None
    input_tokens: Length
    output_tokens: Length
    reasoning_tokens: Length | Times = 0
    days: Tokens = 30
    turns: int = 1
    prefix_tokens: Quantity = 0
    turn_gap: int | None = None
    caching: str | None = None
    cached: Share = 0
    cache_write: Share = 0
    cache_write_1h: Share = 0
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
        self._check_turns()
        freeze(self, "fees")
        if self.batch_share and self.tier == "batch":
            raise InvalidUsageError("a batch share needs another tier than batch for the other requests")
        if isinstance(self.at, datetime):
            object.__setattr__(self, "at", utc(self.at).date())

    def _check_pairs(self) -> None:
        """Refuse answers of other inputs than these."""
        answers = self.output_tokens.answers if isinstance(self.output_tokens, Lengths) else None
        if answers is not None:
            of = len(self.input_tokens.tokens) if isinstance(self.input_tokens, Lengths) else 0
            if of != len(answers):
                raise InvalidUsageError(
                    f"there are answers for {len(answers):,} input lengths, but the input has {of:,}"
                )

    def _take_shares(self) -> None:
        for name in (*_CACHED, "batch_share", "peak_share"):
            share = getattr(self, name)
            if share is not None:
                object.__setattr__(self, name, checked_share(name, share))
        whole = total(Decimal(getattr(self, name)) for name in _CACHED)
        if whole > 1:
            percent = f"{(whole * 100).normalize(EXACT):f}%"
            raise InvalidUsageError(f"{percent} of the input is read from or written to the cache, more than 100%")

    def _check_turns(self) -> None:
        if isinstance(self.turns, bool) or not isinstance(self.turns, int) or not 1 <= self.turns <= MAX_TURNS:
            raise InvalidUsageError(f"a conversation has 1 to {MAX_TURNS:,} turns, not {self.turns}")
        if self.turn_gap is not None and self.turns == 1:
            raise InvalidUsageError("a gap between turns needs at least two turns")
        if self.caching not in (None, "off", AUTO):
            raise InvalidUsageError(f'caching is "auto" or "off", not "{self.caching}"')
        object.__setattr__(self, "caching", None if self.caching == "off" else self.caching)
        if self.caching and any(getattr(self, name) for name in _CACHED):
            raise InvalidUsageError("cache shares are either given or computed by the vendor's rule")

    @property
    def talks(self) -> bool:
        """Whether requests are turns that send a prefix or earlier turns, or are cached by the vendor's rule."""
        return self.turns > 1 or self.prefix_tokens != 0 or self.caching is not None

    @property
    def ranged(self) -> bool:
        """Tell whether any quantity is a range."""
        return any(isinstance(getattr(self, name), Range) for name in (*_COUNTS, *_TOKENS))

    @property
    def reasons(self) -> bool:
        """Tell whether there are reasoning tokens, or may be at the high end of their range."""
        reasoning = self.reasoning_tokens
        return bool(reasoning.factor if isinstance(reasoning, Times) else at_bound(reasoning, Bound.HIGH))

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
        """The average tokens of one request, those read from and written to the cache as shares that were given."""
        answer, reasoning = at_bound(self.output_tokens, bound), self._reasoning(bound)
        with localcontext(EXACT):
            before = at_bound(self.prefix_tokens, bound) + answer * (self.turns - 1) / 2
            read = before + at_bound(self.input_tokens, bound) * (self.turns + 1) / 2
        return self._usage(read, answer, reasoning)

    def longest(self, bound: Bound = Bound.EXPECTED) -> tuple[Decimal, Decimal]:
        """The most tokens in and out, reasoning among them, that a request may have."""
        most = Bound.HIGH if bound is Bound.EXPECTED else bound
        answer, reasoning = _longest(self.output_tokens, most), self.reasoning_tokens
        with localcontext(EXACT):
            hidden = answer * reasoning.factor if isinstance(reasoning, Times) else _longest(reasoning, most)
            before = at_bound(self.prefix_tokens, most) + (self.turns - 1) * answer
            return before + self.turns * _longest(self.input_tokens, most), answer + hidden

    def classes(self, model: Model, day: date, bound: Bound = Bound.EXPECTED) -> tuple[RequestClass, ...]:
        """The requests, divided where rates of a model change on a day; at an end all are as long as that.

        Money is made of these alone: each is priced at its own length, and the sum is that of every request.
        """
        if not self.talks:
            return tuple(self._class(part, bound) for part in self._parts(model.steps(day), bound))
        return tuple(self._turns(model, day, bound))

    def _parts(self, steps: Collection[Threshold], bound: Bound) -> list[LengthClass]:
        """The requests by their own input, divided at these lengths of it."""
        read, answered = self.input_tokens, self.output_tokens
        if isinstance(read, Lengths):
            return read.parts(steps, answered if isinstance(answered, Lengths) else None)
        if isinstance(read, Range) and bound is Bound.EXPECTED:
            return read.parts(steps)
        tokens = at_bound(read, bound)
        return [LengthClass(_ONE, tokens, tokens)]

    def _weighted(self, steps: Collection[Threshold], bound: Bound) -> list[LengthClass]:
        """The same, as many requests wherever they are divided: a range that is not is as many as its width."""
        parts, read = self._parts(steps, bound), self.input_tokens
        if len(parts) == 1 and isinstance(read, Range) and bound is Bound.EXPECTED and read.low < read.high:
            with localcontext(EXACT):
                width = read.high - read.low
                return [parts[0]._replace(number=width, tokens=parts[0].tokens * width)]
        return parts

    def _turns(self, model: Model, day: date, bound: Bound) -> Iterator[RequestClass]:
        """Each turn by the length of its input; of one conversation all turns have as much input of their own."""
        rule = model.caching_rule(day) if self.caching else NOT_KNOWN
        with localcontext(EXACT):
            begun = self.daily_requests(bound) / self.turns
        talk = Conversation(
            turns=self.turns,
            prefix=at_bound(self.prefix_tokens, bound),
            own=_ONE,
            answer=at_bound(self.output_tokens, bound),
            rule=rule,
            hits=hit_rate(rule, begun, turns=self.turns, gap=self.turn_gap),
            gap=self.turn_gap,
        )
        for number in range(1, self.turns + 1):
            for part in self._weighted(talk.steps(number, model.steps(day)), bound):
                with localcontext(EXACT):
                    beside = talk.beside(number)
                    turn = replace(talk, own=part.tokens / part.number).turn(number)
                    tokens, length = number * part.tokens + beside * part.number, number * part.length + beside
                whole = part._replace(tokens=tokens, length=length)
                yield self._class(whole, bound, turn if self.caching else None)

    def _class(self, part: LengthClass, bound: Bound, turn: Turn | None = None) -> RequestClass:
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
            number = part.number * each
            kept = None if turn is None else (turn.read_tokens * number, turn.written_tokens * number)
            return RequestClass(number, self._usage(part.tokens * each, visible, hidden, kept), part.length)

    def _reasoning(self, bound: Bound) -> Decimal:
        reasoning = self.reasoning_tokens
        if not isinstance(reasoning, Times):
            return at_bound(reasoning, bound)
        with localcontext(EXACT):
            return at_bound(self.output_tokens, bound) * reasoning.factor

    def _usage(
        self, read: Decimal, answer: Decimal, reasoning: Decimal, kept: tuple[Decimal, Decimal] | None = None
    ) -> Usage:
        """Tokens of requests; `kept` are those read from and written to the cache (None: the shares given)."""
        with localcontext(EXACT):
            hour = read * Decimal(self.cache_write_1h)
            found, written = kept or (read * Decimal(self.cached), read * Decimal(self.cache_write) + hour)
            return Usage(
                input_tokens=read,
                cache_read_tokens=found,
                cache_write_tokens=written,
                cache_write_1h_tokens=hour,
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
