"""The calls of a trial: what is sent, how it ends, and what both may cost.

The run file has one line for each of these steps. A `Ledger` is the sum of the lines, whether they were read or are
being written: so a run that goes on knows what one that never stopped would know.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

SIDES = ("weak", "strong")


class Wanted(NamedTuple):
    """A call that has no answer yet; `body` is its JSON body, whole. A `canary` is sent alone, before all others."""

    item: str
    side: str
    body: Mapping[str, Any]
    at_most_usd: Decimal
    canary: bool = False


class Attempt(NamedTuple):
    """One request that is about to be sent; `call` numbers the requests of a run from 1, `attempt` those of a call."""

    call: int
    item: str
    side: str
    attempt: int
    body: Mapping[str, Any]
    at_most_usd: Decimal


class Answered(NamedTuple):
    """A 2xx with a readable body: the body as JSON, and the milliseconds it took."""

    status: int
    raw: Mapping[str, Any]
    ms: int
    request_id: str | None = None


class Failed(NamedTuple):
    """A request without an answer. `why` is at most 300 characters, without keys.

    `billed` is None where nobody knows (a time-out, a cut connection): it then counts at its upper price. A `final` one
    is never sent again.
    """

    status: int | None
    why: str
    retry_after_s: float | None
    ms: int
    billed: bool | None
    final: bool


class PricedAnswer(NamedTuple):
    """What an answer's usage says: USD, None where it is unknown; tokens by the names of `Usage`; the service tier."""

    usd: Decimal | None
    tokens: Mapping[str, int]
    tier: str | None = None
    note: str = ""


class Book(Protocol):
    """Where calls are written down before and after they are sent; only one thread asks it."""

    def open(self, wanted: Wanted, attempt: int) -> Attempt | None:
        """Write that a request is about to be sent; None where it does not fit the budget beside those in flight."""

    def close(self, attempt: Attempt, end: Answered | Failed) -> None:
        """Write how a request ended. Raises OSError where the disk takes no more: nothing may be sent after it."""

    def go_on(self) -> bool:
        """Whether to send more, asked after each end: canaries may tell that all would fail, a look may decide."""
