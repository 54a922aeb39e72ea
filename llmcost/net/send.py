"""The calls of a trial, sent by threads; the main thread alone decides and writes.

The threads are daemons: whoever interrupts twice waits for none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic

from ..evals.ledger import Attempt, Book, Failed
from .chat import Reply
from .pace import Call, End, Pace, Stopped

POLL_SECONDS = 0.2
"""How often `stop` is looked at: a signal's handler may only set it, not wake who waits."""
GRACE_SECONDS = 5.0
"""What a request may take beyond its deadline. It keeps that itself, but not while it waits for a name server."""


def run_calls(pace: Pace, post: Callable[[Attempt], Reply], book: Book, *, stop: Event, timeout: float) -> Stopped:
    """Send all calls, writing each request into the book before it leaves and its end before anything else is sent.

    A set `stop` sends nothing more and waits for what is on its way; so does every other reason to end early.
    Raises OSError where the book cannot be written, and KeyboardInterrupt, without waiting.
    """
    ends: SimpleQueue[tuple[int, Reply | BaseException]] = SimpleQueue()
    flying: dict[int, tuple[Call, Attempt, float]] = {}

    def work(attempt: Attempt) -> None:
        try:
            ends.put((attempt.call, post(attempt)))
        except BaseException as error:  # noqa: BLE001  the main thread raises it
            ends.put((attempt.call, error))

    def due() -> Call | None:
        if stop.is_set():
            pace.stop(End.INTERRUPTED)
        return pace.due(monotonic())

    while True:
        while (call := due()) is not None:
            attempt = book.open(call.wanted, call.sent + 1)
            if attempt is None:
                break
            pace.sent(call, monotonic())
            flying[attempt.call] = (call, attempt, monotonic() + timeout + GRACE_SECONDS)
            Thread(target=work, args=(attempt,), daemon=True).start()
        if (over := pace.over) is not None:
            return over
        if call is not None and not flying:
            return Stopped(End.BUDGET)
        wait = POLL_SECONDS if call is not None else min(POLL_SECONDS, pace.wake(monotonic()))
        for number, reply in _ended(ends, flying, wait).items():
            call, attempt, _ = flying.pop(number)
            book.close(attempt, reply.end)
            pace.ended(call, reply.end, reply.quota, monotonic())
            if not book.go_on():
                pace.stop(End.EARLY)


def _ended(
    ends: SimpleQueue[tuple[int, Reply | BaseException]], flying: dict[int, tuple[Call, Attempt, float]], wait: float
) -> dict[int, Reply]:
    """The requests that have ended, after at most so many seconds; one that is overdue ends without an answer."""
    now = monotonic()
    found = {
        number: Reply(Failed(None, "no answer in time", None, round((now - call.at) * 1000), None, False))
        for number, (call, _, end) in flying.items()
        if now >= end
    }
    try:
        number, reply = ends.get(timeout=wait)
    except Empty:
        return found
    if isinstance(reply, BaseException):
        raise reply
    if number in flying:  # else it was overdue, and is written as such
        found[number] = reply
    return found
