"""A workload: how many requests, of how many tokens, under which terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from ..errors import InvalidUsageError
from ..pricing.cost import utc
from ..pricing.exact import EXACT, total
from ..pricing.frozen import freeze
from ..pricing.usage import Share, Tokens, Usage, checked_share, checked_tokens, exact_number

if TYPE_CHECKING:
    from .measured import Measured


class Bound(StrEnum):
    """A bound of a workload's ranges, or the value expected between them."""

    LOW = "low"
    EXPECTED = "expected"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Range:
    """A quantity known between two bounds; what is expected is the middle."""

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


Quantity: TypeAlias = Tokens | Range

_QUANTITIES = ("requests_per_day", "requests", "input_tokens", "output_tokens", "reasoning_tokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Requests of a kind, over `days` days.

    Either `requests_per_day` or `requests` (in all of `days`) is given. Tokens are averages of one request;
    `reasoning_tokens` come on top of `output_tokens` and are billed as output. `cached` and `cache_write` are the
    shares (0 to 1) of the input that are read from and written to the cache, `batch_share` the share of the requests
    at the batch tier, `peak_share` the share of the traffic in a model's peak hours (None: spread evenly over the
    week). `fees` counts what is not a token, by name, for one request. `at` is the UTC day whose prices are meant
    (None: today); an aware datetime means its day. `input_from` says where the input tokens come from, where they are
    the mean of real prompts. `default_job` marks the workload of commands that were given none.

    Raises InvalidUsageError when a number is not finite, negative or out of its range.
    """

    requests_per_day: Quantity | None = None
    requests: Quantity | None = None
    input_tokens: Quantity
    output_tokens: Quantity
    reasoning_tokens: Quantity = 0
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
    default_job: bool = False

    def __post_init__(self) -> None:
        if (self.requests_per_day is None) == (self.requests is None):
            raise InvalidUsageError("a workload has either requests_per_day or requests")
        for name in _QUANTITIES:
            value = getattr(self, name)
            for bound in (value.low, value.high) if isinstance(value, Range) else (value,):
                if bound is not None:
                    checked_tokens(name, bound)
        if checked_tokens("days", self.days) == 0:
            raise InvalidUsageError("days must be more than 0")
        self._take_shares()
        freeze(self, "fees")
        if self.batch_share and self.tier == "batch":
            raise InvalidUsageError("a batch share divides the requests between batch and another tier")
        if isinstance(self.at, datetime):
            object.__setattr__(self, "at", utc(self.at).date())

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
        return any(isinstance(getattr(self, name), Range) for name in _QUANTITIES)

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
        total_input = at_bound(self.input_tokens, bound)
        reasoning = at_bound(self.reasoning_tokens, bound)
        with localcontext(EXACT):
            return Usage(
                input_tokens=total_input,
                cache_read_tokens=total_input * Decimal(self.cached),
                cache_write_tokens=total_input * Decimal(self.cache_write),
                output_tokens=at_bound(self.output_tokens, bound) + reasoning,
                reasoning_tokens=reasoning,
            )


def at_bound(quantity: Quantity, bound: Bound) -> Decimal:
    """A quantity at one end of its range; one that is no range is the same at every end."""
    return quantity.at(bound) if isinstance(quantity, Range) else Decimal(quantity)
