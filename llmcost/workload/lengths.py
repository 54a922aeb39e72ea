"""Request lengths: one number of tokens, a range, or many lengths with their frequencies.

What a token costs depends on the length of its request, so lengths are not averaged before they are priced: they are
divided where rates change. Within one part the cost is linear in the tokens, so that sums are all that is needed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal, localcontext
from enum import StrEnum
from itertools import accumulate, pairwise
from operator import ge, mul
from typing import NamedTuple, TypeAlias, TypeVar, overload

from ..errors import InvalidUsageError
from ..lazy import dataclass
from ..pricing.exact import EXACT, digits
from ..pricing.key import Threshold
from ..pricing.usage import Tokens, checked_tokens, exact_number

NumberOfTokens = TypeVar("NumberOfTokens", bound=Tokens)


class Bound(StrEnum):
    """A bound of a workload's ranges, or the value expected between them."""

    LOW = "low"
    EXPECTED = "expected"
    HIGH = "high"


class LengthClass(NamedTuple):
    """Requests that lie between two lengths at which rates change.

    Their `number` may be a share, `tokens` are those of all of them, `length` is that of one. `answers` are the tokens
    out of all of them, where these go with the tokens in.
    """

    number: Decimal
    tokens: Decimal
    length: Decimal
    answers: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """A quantity between two bounds, evenly spread; the expected value is the middle."""

    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            object.__setattr__(self, name, exact_number(f"the {name} end of a range", getattr(self, name)))
        if self.low > self.high:
            raise InvalidUsageError(f"a range goes from low to high, not {self.low}..{self.high}")

    def at(self, bound: Bound) -> Decimal:
        """One end, or the middle."""
        with localcontext(EXACT):
            return {Bound.LOW: self.low, Bound.EXPECTED: (self.low + self.high) / 2, Bound.HIGH: self.high}[bound]

    def parts(self, steps: Collection[Threshold]) -> list[LengthClass]:
        """The lengths of the range, divided at these steps: of each, its width and its width times its middle."""
        inner = {Decimal(x.tokens) for x in steps if self.low < x.tokens < self.high}
        if not inner:
            middle = self.at(Bound.EXPECTED)
            return [LengthClass(Decimal(1), middle, middle)]
        with localcontext(EXACT):
            return [
                LengthClass(last - first, (last - first) * (first + last) / 2, (first + last) / 2)
                for first, last in pairwise([self.low, *sorted(inner), self.high])
            ]


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths in tokens, ascending, and how often each occurs: `numbers` of requests, or shares of them.

    `answers` of the lengths of an output are the tokens out of all requests of each length of the *input*, in its
    order; without them an output is the same whatever the input.
    """

    tokens: tuple[Tokens, ...]
    numbers: tuple[Tokens, ...]
    answers: tuple[Tokens, ...] | None = None
    _divided: dict[tuple[tuple[int, ...], int], tuple[object, list[LengthClass]]] = field(
        default_factory=dict, init=False, repr=False, compare=False, hash=False
    )

    def __post_init__(self) -> None:
        for name in ("tokens", "numbers"):
            for kind in set(map(type, values := getattr(self, name))) - {int, Decimal}:
                raise InvalidUsageError(f"{name} of lengths must be ints or Decimals, not {kind.__name__}")
            for value in (value for value in values if type(value) is Decimal and not value.is_finite()):
                checked_tokens(f"{name} of lengths", value)
        if not self.tokens or len(self.tokens) != len(self.numbers):
            raise InvalidUsageError("at least one length is needed, each with its frequency")
        if self.tokens[0] < 0 or any(map(ge, self.tokens, self.tokens[1:])) or min(self.numbers) <= 0:
            raise InvalidUsageError("lengths must ascend from 0, each with a frequency above 0")

    @classmethod
    def of(cls, numbers: Mapping[NumberOfTokens, Tokens]) -> Lengths:
        """Lengths from a mapping of length to frequency; lengths with frequency 0 are left out."""
        found = sorted(length for length, number in numbers.items() if number)
        return cls(tuple(found), tuple(numbers[length] for length in found))

    @property
    def number(self) -> Decimal:
        """The number of requests, or the sum of their shares."""
        return self.parts(())[0].number

    @property
    def shares(self) -> bool:
        """Whether how often each occurs is a share of all requests, not a number of them."""
        return self.number == 1 and len(self.tokens) > 1

    @property
    def total(self) -> Decimal:
        """The total tokens of all requests."""
        return self.parts(())[0].tokens

    @property
    def mean(self) -> Decimal:
        """The mean tokens of a request."""
        with localcontext(EXACT):
            return self.total / self.number

    def percentile(self, percent: int) -> Decimal:
        """The smallest length that this percentage of requests does not exceed (nearest rank)."""
        with localcontext(EXACT):
            met = list(accumulate(self.numbers))
            return Decimal(self.tokens[bisect_left(met, self.number * percent / 100)])

    def parts(self, steps: Collection[Threshold], output: Lengths | None = None) -> list[LengthClass]:
        """The lengths divided at these steps, with the answers of an `output` that goes with them."""
        borders = self._borders(steps)
        answers = None if output is None else output.answers
        key = borders, id(answers)
        if key not in self._divided:
            with localcontext(EXACT):
                parts = [self._part(slice(*ends), answers) for ends in pairwise(borders)]
            self._divided[key] = answers, parts  # while the answers are kept, no others have their id
        return self._divided[key][1]

    def divided(self, steps: Collection[Threshold]) -> list[tuple[tuple[Tokens, ...], tuple[Tokens, ...]]]:
        """The lengths of each part, and how often each occurs."""
        return [(self.tokens[a:b], self.numbers[a:b]) for a, b in pairwise(self._borders(steps))]

    def _borders(self, steps: Collection[Threshold]) -> tuple[int, ...]:
        cuts = {
            bisect_left(self.tokens, x.tokens) if x.inclusive else bisect_right(self.tokens, x.tokens) for x in steps
        }
        return (*sorted({0, *cuts} - {len(self.tokens)}), len(self.tokens))

    def _part(self, part: slice, answers: tuple[Tokens, ...] | None) -> LengthClass:
        tokens, numbers = self.tokens[part], self.numbers[part]
        number, tokens_in_all = Decimal(sum(numbers)), Decimal(sum(map(mul, tokens, numbers)))
        answered = None if answers is None else Decimal(sum(answers[part]))
        return LengthClass(number, tokens_in_all, Decimal(tokens[-1]), answered)


def paired(read: Sequence[Tokens], written: Sequence[Tokens]) -> tuple[Lengths, Lengths]:
    """The lengths of the input and of the output of requests, of which the latter go with the former."""
    answers: defaultdict[Tokens, Tokens] = defaultdict(int)
    with localcontext(EXACT):
        for length, answer in zip(read, written, strict=True):
            answers[length] += answer
    found = Lengths.of(Counter(read))
    return found, replace(Lengths.of(Counter(written)), answers=tuple(answers[length] for length in found.tokens))


@dataclass(frozen=True, slots=True)
class Times:
    """A multiple of another quantity: `3x` of reasoning is three times the visible output."""

    factor: Decimal

    def __post_init__(self) -> None:
        object.__setattr__(self, "factor", checked_tokens("a factor", self.factor))


Quantity: TypeAlias = Tokens | Range
"""A number, or a range of it."""
Length: TypeAlias = Quantity | Lengths
"""How long requests are."""


@overload
def multiplied(length: Quantity, factor: Decimal | int) -> Quantity: ...


@overload
def multiplied(length: Length, factor: Decimal | int) -> Length: ...


def multiplied(length: Length, factor: Decimal | int) -> Length:
    """A length so many times as large, above 0; of a range both ends are, of many lengths each is."""
    with localcontext(EXACT):
        if isinstance(length, Range):
            return Range(length.low * factor, length.high * factor)
        if isinstance(length, Lengths):
            answers = None if length.answers is None else tuple(x * factor for x in length.answers)
            return Lengths(tuple(x * factor for x in length.tokens), length.numbers, answers)
        return length * factor


def length_text(value: Range | Lengths | Times) -> str:
    """What is not one number as people write it: `400..600`, `20000:80%,400000:20%`, `3x`; many lengths in short."""
    with localcontext(EXACT):
        if isinstance(value, Range):
            return f"{digits(value.low)}..{digits(value.high)}"
        if isinstance(value, Times):
            return f"{digits(value.factor)}x"
        if value.shares:
            both = zip(value.tokens, value.numbers, strict=True)
            return ",".join(f"{digits(Decimal(x))}:{digits(Decimal(y) * 100)}%" for x, y in both)
        ends = f"{digits(Decimal(value.tokens[0]))}..{digits(Decimal(value.tokens[-1]))}"
        return f"{digits(value.number)} measured, {ends}, in all {digits(value.total)}"


def at_bound(quantity: Length, bound: Bound) -> Decimal:
    """A quantity at one end of its range; one that is no range is the same at every end, lengths are their mean."""
    if isinstance(quantity, Lengths):
        return quantity.mean
    return quantity.at(bound) if isinstance(quantity, Range) else Decimal(quantity)
