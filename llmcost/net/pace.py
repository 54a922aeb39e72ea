"""When to send which call: a state machine over a clock that is handed in, which sends nothing itself.

A call keeps one of a few places from its first request to its end, also while it waits: so an outage meets a few
calls and not all. One endpoint has one gate, whichever side asks it: a 429 closes it for all, then one call probes at a
time until an answer comes, a different one each time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from random import Random

from ..evals.ledger import Answered, End, Failed, Stopped, Wanted
from ..lazy import dataclass
from .chat import Quota

ATTEMPTS = 5
"""Requests of a call that may fail; a 429 says nothing of the call and is not counted."""
FIRST_DELAY, GROWTH, LONGEST_DELAY = 0.5, 3.0, 30.0
LONGER = 1.5
"""A call waits at least so many times as long as it did before, the time until it was its turn included."""
FIRST_INTERVAL, SLOWER, FASTER, SHORTEST_INTERVAL = 0.1, 1.5, 0.9, 0.01
"""How an endpoint's rate is learned where no header tells it: seconds after the first 429, factors after the next and
after each answer, and seconds below which no rate is kept. A steady quota then costs a 429 every four answers at most;
429s at random slow little, which they would not with a larger growth."""
AT_ONCE = frozenset({401, 402, 404})
"""Refusals that the next call would meet too: a wrong key, no money, no such model."""
REFUSALS = 3
"""Refused calls in a row after which a side is given up before its first answer,"""
REFUSALS_LATER = 20
"""and after it: a server may refuse single items for what they say."""


@dataclass(slots=True, eq=False)
class OpenCall:
    """A call that is not at its end: when it may be sent, what it waited for, its requests and failures so far.

    `since` is the end of its last request, `at` the start; `waited` is the time between the last two.
    """

    wanted: Wanted
    due: float
    since: float
    at: float = -math.inf
    waited: float = 0.0
    sent: int = 0
    failures: int = 0


@dataclass(slots=True, eq=False)
class _Gate:
    """What an endpoint lets through: nothing before `opens`, one request at a time while `narrow`.

    Requests are at least `interval` seconds apart, which a nearly used up quota tells, and `learned` seconds, which
    429s raise and answers lower. `limited` counts the 429s in a row, those of requests that were on their way together
    once.
    """

    opens: float = -math.inf
    spaced: float = -math.inf
    narrow: bool = False
    flying: int = 0
    limited: int = 0
    failures: int = 0
    interval: float = 0.0
    learned: float = 0.0

    def lets(self, now: float) -> bool:
        return now >= max(self.opens, self.spaced) and not (self.narrow and self.flying)


@dataclass(slots=True, eq=False)
class _Side:
    """What a side's calls have met: whether one was answered, refusals in a row, the first failure since an answer."""

    answered: bool = False
    refused: int = 0
    troubled: float | None = None


@dataclass(slots=True)
class Pace:
    """Which call is sent next, and when; `endpoints` names the address of each side, times are seconds.

    Calls are pulled from `wanted` as places become free; a canary is sent while no other call is open.
    """

    wanted: Iterable[Wanted]
    endpoints: Mapping[str, str]
    concurrency: int = 4
    patience: float = 600.0
    random: Random = field(default_factory=Random)
    stopped: Stopped | None = None
    flying: int = 0
    _waiting: list[OpenCall] = field(default_factory=list)
    _gates: dict[str, _Gate] = field(default_factory=dict)
    _sides: dict[str, _Side] = field(default_factory=dict)
    _source: Iterator[Wanted] = field(init=False)
    _next: Wanted | None = None
    _canary: bool = False

    def __post_init__(self) -> None:
        self._source = iter(self.wanted)
        self._next = next(self._source, None)
        self._sides = {side: _Side() for side in self.endpoints}
        self._gates = {url: _Gate() for url in self.endpoints.values()}

    # --- what to do now -----------------------------------------------------------------------------------------

    def due(self, now: float) -> OpenCall | None:
        """The call to send now; the same until `sent` is told."""
        if self.stopped is not None:
            return None
        while (found := self._first(now)) is None and self._pull(now):
            pass
        return found

    def wake(self, now: float) -> float:
        """Seconds until a call may become due without an end of another."""
        if self.stopped is not None:
            return math.inf
        gates = ((x, self._gate(x)) for x in self._waiting)
        times = (max(x.due, gate.opens, gate.spaced) for x, gate in gates if not (gate.narrow and gate.flying))
        return max(0.0, min(times, default=math.inf) - now)

    @property
    def over(self) -> Stopped | None:
        """Why sending has ended, once nothing is on its way."""
        if self.flying:
            return None
        left = self._waiting or self._next is not None
        if not left and (self.stopped is None or self.stopped.end == End.INTERRUPTED):
            return Stopped(End.COMPLETE)
        return self.stopped

    def stop(self, end: End, why: str = "") -> None:
        """Send nothing more; what is on its way may end. The first reason stays."""
        self.stopped = self.stopped or Stopped(end, why)

    # --- what has happened --------------------------------------------------------------------------------------

    def sent(self, call: OpenCall, now: float) -> None:
        """Note that a request of a call is on its way."""
        self._waiting.remove(call)
        call.waited = now - call.since if call.sent else 0.0
        call.at = now
        call.sent += 1
        gate = self._gate(call)
        gate.flying += 1
        gate.spaced = now + max(gate.interval, gate.learned)
        self.flying += 1

    def ended(self, call: OpenCall, end: Answered | Failed, quota: Quota | None, now: float) -> None:
        """Note how a request ended: its call is over, or it waits for its next request."""
        gate, side = self._gate(call), self._sides[call.wanted.side]
        gate.flying -= 1
        self.flying -= 1
        call.since = now
        if quota is not None:
            gate.interval = self._interval(quota)
        if isinstance(end, Answered):
            gate.failures = 0
            gate.learned = gate.learned * FASTER if gate.learned > SHORTEST_INTERVAL else 0.0
            if call.at >= gate.opens:  # else it was on its way before the 429
                gate.narrow, gate.limited = False, 0
            side.answered, side.refused, side.troubled = True, 0, None
        elif end.final:
            self._refused(side, call, end)
        else:
            self._failed(gate, side, call, end, now)

    # --- inside -------------------------------------------------------------------------------------------------

    def _gate(self, call: OpenCall) -> _Gate:
        return self._gates[self.endpoints[call.wanted.side]]

    def _first(self, now: float) -> OpenCall | None:
        """The call that has waited longest of those that may be sent; those that were sent before come first."""
        ready = [x for x in self._waiting if x.due <= now and self._gate(x).lets(now)]
        return min(ready, key=lambda x: x.sent == 0, default=None)

    def _pull(self, now: float) -> bool:
        """Open the next call, if there is one and a place for it."""
        places = 1 if self._canary or (self._next and self._next.canary) else self.concurrency
        if self._next is None or self.flying + len(self._waiting) >= places:
            return False
        self._waiting.append(OpenCall(self._next, now, now))
        self._canary = self._next.canary
        self._next = next(self._source, None)
        return True

    def _interval(self, quota: Quota) -> float:
        """Seconds between requests at the rate at which a quota fills again; 0 while plenty is left.

        Such a quota fills steadily, so what is missing of it and the time until it is full again tell the rate.
        """
        missing = quota.limit - quota.left
        if missing <= 0 or quota.left > self.concurrency:
            return 0.0
        return min(LONGEST_DELAY, quota.full_in / missing)

    def _refused(self, side: _Side, call: OpenCall, end: Failed) -> None:
        side.refused += 1
        status = end.status
        hopeless = status is None or status in AT_ONCE or status < 400 or status == 429
        if hopeless or side.refused >= (REFUSALS_LATER if side.answered else REFUSALS):
            self.stop(End.REFUSED, f"{_whose(call)} refuses: {_told(end)}")

    def _failed(self, gate: _Gate, side: _Side, call: OpenCall, end: Failed, now: float) -> None:
        side.troubled = now if side.troubled is None else side.troubled
        asked = end.retry_after_s or 0.0
        if end.status == 429:
            self._limited(gate, call, end.retry_after_s, now)
            lost = call.due - side.troubled > self.patience
        else:
            call.failures += 1
            gate.failures += 1
            gate.narrow = gate.narrow or gate.failures >= self.concurrency
            call.due = now + max(asked, self._delay(call.failures), min(LONGEST_DELAY, call.waited * LONGER))
            if call.failures < ATTEMPTS and asked <= self.patience:
                self._waiting.append(call)
            lost = now - side.troubled >= self.patience
        if lost:
            long = f"asks to wait {asked:,.0f} s, longer than --patience"
            silent = f"gave no answer within the {self.patience:,.0f} s of --patience"
            self.stop(End.REFUSED, f"{_whose(call)} {long if asked > self.patience else silent}: {_told(end)}")

    def _limited(self, gate: _Gate, call: OpenCall, asked: float | None, now: float) -> None:
        if call.at >= gate.opens:  # else it was on its way when another met the limit
            gate.limited += 1
            gate.learned = min(LONGEST_DELAY, gate.learned * SLOWER) or FIRST_INTERVAL
        exact = asked is not None and gate.limited <= 1
        call.due = now + max(asked or 0.0, 0.0 if exact else self._delay(gate.limited))
        gate.opens = max(gate.opens, call.due)
        gate.narrow = True
        self._waiting.append(call)

    def _delay(self, times: int) -> float:
        """Seconds to wait after so many failures: longer each time, and by chance, so that calls part that met."""
        return min(LONGEST_DELAY, FIRST_DELAY * GROWTH ** max(0, times - 1) * self.random.uniform(1, 2))


def _whose(call: OpenCall) -> str:
    return f"the {call.wanted.side} model's endpoint"


def _told(end: Failed) -> str:
    return (end.why if end.status is None else f"{end.status} {end.why}").rstrip(".")
