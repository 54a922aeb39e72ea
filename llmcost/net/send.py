"""The calls of a trial, sent by threads; the main thread alone decides and writes.

The threads are daemons: whoever interrupts twice waits for none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic

from ..evals.ledger import Answered, Attempt, Book, End, Failed, Stopped
from .chat import Reply
from .pace import OpenCall, Pace

POLL_SECONDS = 0.2
"""How often `stop` is looked at: a signal's handler may only set it, not wake who waits."""
GRACE_SECONDS = 5.0
"""What a request may take beyond its deadline. It keeps that itself, but not while it waits for a name server."""


def run_calls(
    pace: Pace,
    post: Callable[[Attempt], Reply],
    book: Book,
    *,
    stop: Event,
    timeout: float,
    told: Callable[[Answered | Failed], None] = lambda _: None,
) -> Stopped:
    """Send all calls, writing each request into the book before it leaves and its end before anything else is sent.

    A set `stop` sends nothing more and waits for what is on its way; so does every other reason to end early. Each end
    is `told` once it is written.
    Raises OSError where the book cannot be written, and KeyboardInterrupt, without waiting.
    """
    flights = _Flights(post, timeout + GRACE_SECONDS)
    while True:
        blocked = False
        while not blocked and (call := _due(pace, stop)) is not None:
            attempt = book.open(call.wanted, call.sent + 1)
            if attempt is None:
                blocked = True
            else:
                pace.sent(call, monotonic())
                flights.start(call, attempt)
        if (over := pace.over) is not None:
            return over
        if blocked and not pace.flying:
            return Stopped(End.BUDGET)
        wait = POLL_SECONDS if blocked else min(POLL_SECONDS, pace.wake(monotonic()))
        for call, attempt, reply in flights.ended(wait):
            book.close(attempt, reply.end)
            pace.ended(call, reply.end, reply.quota, monotonic())
            pace.stopped = book.stopped() or pace.stopped
            told(reply.end)


def _due(pace: Pace, stop: Event) -> OpenCall | None:
    if stop.is_set():
        pace.stop(End.INTERRUPTED)
    return pace.due(monotonic())


class _Flights:
    """The requests that are on their way, each with a thread."""

    def __init__(self, post: Callable[[Attempt], Reply], longest: float) -> None:
        self._post = post
        self._longest = longest
        self._flying: dict[int, tuple[OpenCall, Attempt]] = {}
        self._ends: SimpleQueue[tuple[int, Reply | BaseException]] = SimpleQueue()

    def start(self, call: OpenCall, attempt: Attempt) -> None:
        self._flying[attempt.number] = (call, attempt)
        Thread(target=self._work, args=(attempt,), daemon=True).start()

    def _work(self, attempt: Attempt) -> None:
        try:
            self._ends.put((attempt.number, self._post(attempt)))
        except BaseException as error:  # noqa: BLE001  the main thread raises it
            self._ends.put((attempt.number, error))

    def ended(self, wait: float) -> Iterator[tuple[OpenCall, Attempt, Reply]]:
        """Yield what ended, after at most `wait` seconds: what is overdue, whose later end is lost, and one more."""
        now = monotonic()
        for number, (call, _) in list(self._flying.items()):
            if now - call.at >= self._longest:
                late = Failed(None, "no answer in time", None, round((now - call.at) * 1000), None, False)
                yield *self._flying.pop(number), Reply(late)
        try:
            number, reply = self._ends.get(timeout=wait)
        except Empty:
            return
        if isinstance(reply, BaseException):
            raise reply
        if number in self._flying:
            yield *self._flying.pop(number), reply
