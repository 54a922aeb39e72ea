"""Requests leave after they are written, their ends are written before anything else, and only one thread writes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from random import Random

import pytest

from llmcost.evals.ledger import Answered, Attempt, End, Failed, Stopped, Wanted
from llmcost.net import pace as pace_module
from llmcost.net import send as module
from llmcost.net.chat import Reply
from llmcost.net.pace import Pace
from llmcost.net.send import run_calls

GOOD = Reply(Answered(200, {}, 1))
BAD = Reply(Failed(500, "oops", None, 1, False, False))


class Ledger:
    """A book in memory: its lines, how many requests may be open at once, and after how many ends it says stop."""

    def __init__(self, *, room: int = 99, last: int = 10**6, full_at: int = 10**6) -> None:
        self.lines: list[tuple[str, int]] = []
        self.ends: list[Answered | Failed] = []
        self.open_now = 0
        self.thread = threading.get_ident()
        self._room, self._last, self._full_at = room, last, full_at

    def open(self, wanted: Wanted, attempt: int) -> Attempt | None:
        assert threading.get_ident() == self.thread
        if self.open_now >= self._room:
            return None
        self.open_now += 1
        number = sum(kind == "sent" for kind, _ in self.lines) + 1
        self._write("sent", number)
        return Attempt(number, wanted, attempt)

    def close(self, attempt: Attempt, end: Answered | Failed) -> None:
        assert threading.get_ident() == self.thread
        self.open_now -= 1
        self._write("end", attempt.number)
        self.ends.append(end)

    def stopped(self) -> Stopped | None:
        return Stopped(End.EARLY) if len(self.ends) >= self._last else None

    def _write(self, kind: str, number: int) -> None:
        if len(self.lines) >= self._full_at:
            raise OSError(28, "No space left on device")
        self.lines.append((kind, number))


def items(count: int) -> Iterable[Wanted]:
    return (Wanted(f"r{number}", "weak", {}, Decimal(1)) for number in range(count))


def run(
    book: Ledger,
    post: Callable[[Attempt], Reply] = lambda _: GOOD,
    *,
    count: int = 20,
    stop: threading.Event | None = None,
    timeout: float = 5.0,
) -> Stopped:
    pace = Pace(items(count), {"weak": "https://one"}, random=Random(1))
    return run_calls(pace, post, book, stop=stop or threading.Event(), timeout=timeout)


def slowly(_: Attempt) -> Reply:
    time.sleep(0.001)
    return GOOD


def test_each_request_is_written_before_it_leaves_and_once_after() -> None:
    book = Ledger()

    def post(attempt: Attempt) -> Reply:
        assert ("sent", attempt.number) in book.lines
        assert ("end", attempt.number) not in book.lines
        return GOOD

    assert run(book, post) == Stopped(End.COMPLETE)
    assert sorted(book.lines) == [(kind, number) for kind in ("end", "sent") for number in range(1, 21)]


def test_requests_are_on_their_way_together() -> None:
    together = threading.Barrier(4, timeout=5)

    def post(_: Attempt) -> Reply:
        together.wait()
        return GOOD

    assert run(Ledger(), post) == Stopped(End.COMPLETE)


def test_a_failed_request_is_sent_again_as_the_next_one_of_its_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_module, "FIRST_DELAY", 0.001)
    seen: list[tuple[int, int]] = []

    def post(attempt: Attempt) -> Reply:
        seen.append((attempt.number, attempt.attempt))
        return BAD if attempt.attempt < 3 else GOOD

    assert run(Ledger(), post, count=1) == Stopped(End.COMPLETE)
    assert seen == [(1, 1), (2, 2), (3, 3)]


def test_a_request_that_does_not_fit_the_budget_waits_for_those_on_their_way() -> None:
    book = Ledger(room=2)
    assert run(book, slowly) == Stopped(End.COMPLETE)
    assert len(book.ends) == 20


def test_a_request_that_never_fits_stops_with_the_budget() -> None:
    assert run(Ledger(room=0)) == Stopped(End.BUDGET)


def test_a_book_that_has_seen_enough_stops_and_gets_what_is_on_its_way() -> None:
    book = Ledger(last=5)
    assert run(book, slowly) == Stopped(End.EARLY)
    assert 5 <= len(book.ends) <= 8
    assert book.open_now == 0


def test_an_interruption_sends_nothing_more_and_waits_for_what_is_on_its_way() -> None:
    book, stop = Ledger(), threading.Event()

    def post(_: Attempt) -> Reply:
        stop.set()
        time.sleep(0.01)
        return GOOD

    assert run(book, post, stop=stop) == Stopped(End.INTERRUPTED)
    assert len(book.ends) == len(book.lines) / 2 <= 5


def test_an_interruption_while_a_retry_waits_ends_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", 0.01)
    stop = threading.Event()
    threading.Timer(0.03, stop.set).start()
    start = time.monotonic()
    limited = Reply(Failed(429, "slow", 60.0, 1, False, False))
    assert run(Ledger(), lambda _: limited, stop=stop) == Stopped(End.INTERRUPTED)
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("full_at", [0, 1, 7])
def test_a_full_disk_is_told_and_nothing_more_is_sent(full_at: int) -> None:
    book = Ledger(full_at=full_at)
    sent: list[int] = []

    def post(attempt: Attempt) -> Reply:
        sent.append(attempt.number)
        return GOOD

    with pytest.raises(OSError, match="No space left"):
        run(book, post)
    assert len(book.lines) == full_at
    assert set(sent) <= {number for kind, number in book.lines if kind == "sent"}


def test_a_second_interruption_waits_for_nothing() -> None:
    never = threading.Event()

    class Impatient(Ledger):
        def open(self, wanted: Wanted, attempt: int) -> Attempt | None:
            if self.lines:
                raise KeyboardInterrupt
            return super().open(wanted, attempt)

    before, start = threading.enumerate(), time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(Impatient(), lambda _: GOOD if never.wait(5) else BAD)
    assert time.monotonic() - start < 1
    assert all(x.daemon for x in threading.enumerate() if x not in before)
    never.set()


def test_a_request_that_outlives_its_deadline_ends_without_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its line says that nobody knows whether it was billed; what comes later is not written."""
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.02)
    monkeypatch.setattr(module, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(pace_module, "FIRST_DELAY", 0.001)
    late = threading.Event()

    def post(attempt: Attempt) -> Reply:
        if attempt.call.item == "r0":
            if attempt.attempt == 1:
                late.wait(5)
            else:
                late.set()
                time.sleep(0.02)
        return GOOD

    book = Ledger()
    assert run(book, post, timeout=0.05) == Stopped(End.COMPLETE)
    (overdue,) = [x for x in book.ends if isinstance(x, Failed)]
    assert (overdue.why, overdue.billed, overdue.final) == ("no answer in time", None, False)
    assert book.lines.count(("end", 1)) == 1


def test_a_bug_of_the_sender_is_not_hidden() -> None:
    def post(_: Attempt) -> Reply:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(Ledger(), post)
