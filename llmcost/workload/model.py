"""A workload: requests, tokens and pricing terms."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import InvalidUsageError
from ..lazy import dataclass
from ..pricing.caching import NOT_KNOWN, CachingRule
from ..pricing.cost import utc
from ..pricing.exact import EXACT, rounded, total
from ..pricing.frozen import freeze
from ..pricing.key import Threshold
from ..pricing.model import Model
from ..pricing.usage import Share, Tokens, Usage, checked_share, checked_tokens
from .caching import hit_rate
from .conversation import NOTHING, Conversation
from .lengths import Bound as Bound  # noqa: PLC0414 - other rooms know them from here
from .lengths import Length, LengthClass, Lengths, Quantity, Times, at_bound
from .lengths import Range as Range  # noqa: PLC0414

if TYPE_CHECKING:
    from .measured import Measured


_COUNTS = ("requests_per_day", "requests")
_TOKENS = ("input_tokens", "output_tokens", "reasoning_tokens", "prefix_tokens")
_SPREAD = ("prefix_tokens", "input_tokens", "output_tokens")
_CACHED = ("cached", "cache_write", "cache_write_1h")
MAX_TURNS = 10_000
MOST_CONVERSATIONS = 10_000
"""So many kinds of conversations, by their lengths of inputs and of answers, are priced."""
AUTO = "auto"
"""The caching that is computed by the vendor's rule."""
_ONE = Decimal(1)
_FEWER = "give one of --in, --out and --prefix as its mean"
_PLACES = 30
"""Decimals of tokens that are means, so that their sums are exact: a part is never more than its whole."""


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
                if name in _TOKENS and isinstance(bound, Lengths | Times):
                    continue
                if name in _TOKENS or bound is not None:
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
            if share is not None or name != "peak_share":
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

    def on(self, model: Model) -> Workload:
        """The workload as a model answers it: one that never reasons has no reasoning tokens."""
        return replace(self, reasoning_tokens=0) if self.reasons and model.never_reasons else self

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

    def longest(self, bound: Bound = Bound.EXPECTED, *, turn: int | None = None) -> tuple[Decimal, Decimal]:
        """The most tokens in and out, reasoning among them, that a request may have: the last turn, or another one."""
        number = self.turns if turn is None else turn
        most = Bound.HIGH if bound is Bound.EXPECTED else bound
        answer, reasoning = _longest(self.output_tokens, most), self.reasoning_tokens
        with localcontext(EXACT):
            hidden = answer * reasoning.factor if isinstance(reasoning, Times) else _longest(reasoning, most)
            before = at_bound(self.prefix_tokens, most) + (number - 1) * answer
            return before + number * _longest(self.input_tokens, most), answer + hidden

    def classes(self, model: Model, day: date, bound: Bound = Bound.EXPECTED) -> tuple[RequestClass, ...]:
        """The requests, divided where rates of a model change on a day; at an end all are as long as that.

        Money is made of these alone: each is priced at its own length, and the sum is that of every request.
        """
        steps = model.steps(day)
        if not self.talks:
            return tuple(self._class(part, bound) for part in self._parts(steps, bound))
        rule = model.caching_rule(day) if self.caching else NOT_KNOWN
        if rule.known or (steps and self._spreads(bound)):
            return tuple(self._cached_turns(steps, self._talk(rule, bound), bound))
        return tuple(self._turns(steps, self._talk(NOT_KNOWN, bound), bound))

    def at_edges(self, model: Model, day: date) -> list[Workload]:
        """The workload at the lengths within its ranges where more of it becomes cached, without these ranges."""
        if not self.caching or not any(isinstance(getattr(self, name), Range) for name in _SPREAD):
            return []
        found = []
        for place in self._talk(model.caching_rule(day), Bound.EXPECTED).edges():
            with localcontext(EXACT):
                fixed: dict[str, Any] = {
                    name: value.low + place * (value.high - value.low)
                    for name in _SPREAD
                    if isinstance(value := getattr(self, name), Range)
                }
            found.append(replace(self, **fixed))
        return found

    def _spreads(self, bound: Bound) -> bool:
        """Whether the turns of conversations are of several lengths for more than their own input."""
        answer = self.output_tokens if self.turns > 1 else None
        ranged = bound is Bound.EXPECTED and any(isinstance(x, Range) for x in (self.prefix_tokens, answer))
        return ranged or isinstance(answer, Lengths)

    def _talk(self, rule: CachingRule, bound: Bound) -> Conversation:
        """A conversation by a caching rule; of many lengths it has the mean."""
        with localcontext(EXACT):
            begun = self.daily_requests(bound) / self.turns
        prefix, own, answer = (_spread(getattr(self, name), bound) for name in _SPREAD)
        hits = hit_rate(rule, begun, turns=self.turns, gap=self.turn_gap)
        return Conversation(
            turns=self.turns, prefix=prefix, own=own, answer=answer, rule=rule, hits=hits, gap=self.turn_gap
        )

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

    def _turns(self, steps: Collection[Threshold], talk: Conversation, bound: Bound) -> Iterator[RequestClass]:
        """Each turn by the length of its input, where nothing is cached and what it sends beside its own is one number.

        Without steps that is a mean.
        """
        for number in range(1, self.turns + 1):
            beside = talk.beside(number, Bound.EXPECTED)
            for part in self._weighted(talk.own_steps(number, steps), bound):
                with localcontext(EXACT):
                    tokens, length = number * part.tokens + beside * part.number, number * part.length + beside
                yield self._class(part._replace(tokens=tokens, length=length), bound)

    def _cached_turns(self, steps: Collection[Threshold], talk: Conversation, bound: Bound) -> list[RequestClass]:
        """The turns of conversations of every length, together where their rates are the same.

        Answers that go with their inputs are in the history as long as they are on average.
        """
        found: dict[int, list[RequestClass]] = {}
        for one, weight in self._conversations(talk):
            for number in range(1, self.turns + 1):
                for made in self._turn(one, number, weight, steps, bound):
                    found.setdefault(sum(x.crossed_by(made.length) for x in steps), []).append(made)
        return [_together(same) for same in found.values()]

    def _conversations(self, talk: Conversation) -> Iterator[tuple[Conversation, Decimal]]:
        """Conversations of one answer, with how many there are; of one own input too, where something is a range."""
        answered = self.output_tokens
        answers: Sequence[tuple[Quantity, Decimal]] = [(talk.answer, _ONE)]
        if self.turns > 1 and isinstance(answered, Lengths) and answered.answers is None:
            answers = _each(answered)
        owns: Sequence[tuple[Quantity, Decimal]] = [(talk.own, _ONE)]
        if talk.ranged and isinstance(self.input_tokens, Lengths):
            owns = _each(self.input_tokens)
        if len(owns) * len(answers) > MOST_CONVERSATIONS:
            raise InvalidUsageError(
                f"conversations of more than {MOST_CONVERSATIONS:,} different lengths are not priced", _FEWER
            )
        with localcontext(EXACT):
            for answer, times in answers:
                yield from ((replace(talk, own=own, answer=answer), times * number) for own, number in owns)

    def _turn(
        self, talk: Conversation, number: int, weight: Decimal, steps: Collection[Threshold], bound: Bound
    ) -> Iterator[RequestClass]:
        """One turn, divided where rates change, of so many conversations for each length of input."""
        read, answered = self.input_tokens, self.output_tokens
        paired = isinstance(answered, Lengths) and answered.answers is not None

        def kept(found: Decimal, whole: Decimal) -> tuple[Decimal, Decimal] | None:
            return (found, whole) if talk.rule.known else None

        with localcontext(EXACT):
            if talk.ranged or not isinstance(read, Lengths):
                for turn in talk.parts(number, steps):
                    times = weight * turn.share
                    answers = turn.answer_tokens * times if self.turns > 1 else None
                    part = LengthClass(times, turn.input_tokens * times, turn.input_tokens, answers)
                    cached = min(turn.read_tokens + turn.written_tokens, turn.input_tokens)
                    yield self._class(part, bound, kept(turn.read_tokens * times, cached * times))
                return
            own, beside = talk.own_steps(number, steps), talk.beside(number)
            for part, (tokens, numbers) in zip(self._parts(own, bound), read.divided(own), strict=True):
                found, written = talk.cached(number, tokens, numbers)
                same = LengthClass(
                    number=part.number * weight,
                    tokens=(number * part.tokens + beside * part.number) * weight,
                    length=number * part.length + beside,
                    answers=part.answers if paired else at_bound(talk.answer, bound) * part.number * weight,
                )
                yield self._class(same, bound, kept(found * weight, (found + written) * weight))

    def _class(self, part: LengthClass, bound: Bound, kept: tuple[Decimal, Decimal] | None = None) -> RequestClass:
        """The requests of one part, as many as leave no quotient: what is a mean is divided once, at the end.

        `kept` are its tokens that are read from the cache, and these with those written (None: the shares given).
        """
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
            cached = None if kept is None else (kept[0] * each, kept[1] * each)
            return RequestClass(
                part.number * each, self._usage(part.tokens * each, visible, hidden, cached), part.length
            )

    def _reasoning(self, bound: Bound) -> Decimal:
        reasoning = self.reasoning_tokens
        if not isinstance(reasoning, Times):
            return at_bound(reasoning, bound)
        with localcontext(EXACT):
            return at_bound(self.output_tokens, bound) * reasoning.factor

    def _usage(
        self, read: Decimal, answer: Decimal, reasoning: Decimal, kept: tuple[Decimal, Decimal] | None = None
    ) -> Usage:
        """Tokens of requests; `kept` are those read from the cache, and these with those written (None: by the shares).

        All are rounded to the last digits that the input can have, so that its parts are not more than it by one.
        """
        with localcontext(EXACT):
            cached, short, long = (Decimal(getattr(self, name)) for name in _CACHED)
            kept = kept or (read * cached, read * (cached + short + long))
            read, found, whole = (_rounded(min(x, read), EXACT.prec - 2 - read.adjusted()) for x in (read, *kept))
            written = whole - found
            hour = min(read * long, written) if short else written * bool(long)
            return Usage(
                input_tokens=read,
                cache_read_tokens=found,
                cache_write_tokens=written,
                cache_write_1h_tokens=hour,
                output_tokens=answer + reasoning,
                reasoning_tokens=reasoning,
            )


def _rounded(tokens: Decimal, places: int) -> Decimal:
    found = rounded(tokens, places)
    return tokens if tokens == found else found


def _sum(quantity: Length, bound: Bound) -> tuple[Decimal, Decimal]:
    """Tokens in all, and how many requests have them."""
    if isinstance(quantity, Lengths):
        return quantity.total, quantity.number
    return at_bound(quantity, bound), _ONE


def _longest(quantity: Length, bound: Bound) -> Decimal:
    return Decimal(quantity.tokens[-1]) if isinstance(quantity, Lengths) else at_bound(quantity, bound)


def _spread(quantity: Length, bound: Bound) -> Quantity:
    """What a conversation has of a quantity: a range where what is expected is asked, of many lengths the mean."""
    return quantity if isinstance(quantity, Range) and bound is Bound.EXPECTED else at_bound(quantity, bound)


def _each(lengths: Lengths) -> list[tuple[Decimal, Decimal]]:
    """Each length, with how often it occurs."""
    return list(zip(map(Decimal, lengths.tokens), map(Decimal, lengths.numbers), strict=True))


def _together(classes: Sequence[RequestClass]) -> RequestClass:
    """Requests that pay the same rates, as those of one length: the longest."""

    def summed(*names: str) -> Decimal:
        parts = (sum((Decimal(getattr(x.usage, name)) for name in names), NOTHING) for x in classes)
        return sum((rounded(part, _PLACES) for part in parts), NOTHING)

    with localcontext(EXACT):
        read = summed("cache_read_tokens")
        written = summed("cache_read_tokens", "cache_write_tokens") - read
        usage = Usage(
            input_tokens=summed("input_tokens"),
            cache_read_tokens=read,
            cache_write_tokens=written,
            cache_write_1h_tokens=min(written, summed("cache_write_1h_tokens")),
            output_tokens=summed("output_tokens"),
            reasoning_tokens=summed("reasoning_tokens"),
        )
        return RequestClass(sum((x.number for x in classes), NOTHING), usage, max(x.length for x in classes))
