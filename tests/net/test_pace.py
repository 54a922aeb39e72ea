"""When which call is sent, told by a clock that a test moves: no second of these tests passes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest

from llmcost.evals.ledger import Answered, End, Failed, Stopped, Wanted
from llmcost.net.chat import Quota, Reply
from llmcost.net.pace import OpenCall, Pace

WEAK = {"weak": "https://one", "strong": "https://one"}
APART = {"weak": "https://one", "strong": "https://two"}
GOOD = Reply(Answered(200, {}, 1))


def bad(
    status: int | None = 500, *, asked: float | None = None, final: bool = False, quota: Quota | None = None
) -> Reply:
    return Reply(Failed(status, "oops", asked, 1, False, final), quota)


def items(count: int, *, canaries: int = 0, sides: Iterable[str] = ("weak", "strong")) -> Iterator[Wanted]:
    for number in range(count):
        for side in sides:
            yield Wanted(f"r{number}", side, {}, Decimal(1), canary=number < canaries)


Server = Callable[[float, OpenCall], Reply]


@dataclass
class World:
    """A clock, a server, and what was sent when: requests take `takes` seconds, and nothing else takes time."""

    pace: Pace
    server: Server
    takes: float = 1.0
    now: float = 0.0
    log: list[tuple[float, str, str]] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    most: int = 0
    flying: list[tuple[float, OpenCall, Reply]] = field(default_factory=list)

    def run(self, until: float = math.inf) -> Stopped | None:
        flying = self.flying
        while (over := self.pace.over) is None and self.now < until:
            while call := self.pace.due(self.now):
                self.pace.sent(call, self.now)
                self.log.append((self.now, call.wanted.item, call.wanted.side))
                flying.append((self.now + self.takes, call, self.server(self.now, call)))
                self.most = max(self.most, len(flying))
            wake = self.now + self.pace.wake(self.now)
            first = min(flying, key=lambda x: x[0], default=None)
            assert first or wake < math.inf, "nothing is on its way and nothing is due: it would wait for ever"
            assert wake > self.now, "something is due and was not given"
            if first is None or wake < first[0]:
                self.now = wake
                continue
            flying.remove(first)
            self.now, call, reply = first
            self.ends["answer" if isinstance(reply.end, Answered) else "failure"] += 1
            self.pace.ended(call, reply.end, reply.quota, self.now)
        return over

    def times(self, item: str, side: str = "weak") -> list[float]:
        return [at for at, *call in self.log if call == [item, side]]


def script(*replies: Reply, then: Reply = GOOD) -> Server:
    """Answer with these, one a request, then always with the same."""
    left = iter(replies)
    return lambda *_: next(left, then)


def world(
    wanted: Iterable[Wanted],
    server: Server | None = None,
    *,
    concurrency: int = 4,
    patience: float = 600,
    takes: float = 1.0,
    at: dict[str, str] | None = None,
) -> World:
    pace = Pace(wanted, at or WEAK, concurrency=concurrency, patience=patience, random=Random(1))
    return World(pace, server or script(), takes)


# --- order and places -------------------------------------------------------------------------------------------------


def test_calls_are_sent_in_their_order_so_many_at_once() -> None:
    w = world(items(10))
    assert w.run() == Stopped(End.COMPLETE)
    assert [(item, side) for _, item, side in w.log] == [(x.item, x.side) for x in items(10)]
    assert (w.most, w.now) == (4, 5.0)


def test_no_calls_are_complete_at_once() -> None:
    assert world([]).run() == Stopped(End.COMPLETE)


def test_canaries_are_sent_one_at_a_time_until_each_is_over() -> None:
    w = world(items(10, canaries=3), script(GOOD, bad(), GOOD))
    w.run()
    canaries, rest = w.log[:7], w.log[7:]
    assert {item for _, item, _ in canaries} == {"r0", "r1", "r2"}
    assert all(b[0] - a[0] >= 1 for a, b in pairwise(canaries))
    assert rest[0][0] == rest[3][0] == canaries[-1][0] + 1


def test_wanted_calls_are_pulled_only_as_they_are_sent() -> None:
    """So many need not be in memory, and a book may still decide that no more are."""
    source = items(1000)
    w = world(source)
    w.run(until=1)
    assert next(source).item in ("r2", "r4")


# --- failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 409, 500, 503, 529, None])
def test_a_failed_call_is_sent_five_times_each_after_a_longer_wait(status: int | None) -> None:
    w = world(items(1, sides=["weak"]), script(then=bad(status)))
    assert w.run() == Stopped(End.COMPLETE)
    times = w.times("r0")
    waits = [b - a - w.takes for a, b in pairwise(times)]
    assert len(times) == 5
    assert all(
        low <= wait <= high for wait, (low, high) in zip(waits, [(0.5, 1), (1.5, 3), (4.5, 9), (13.5, 27)], strict=True)
    )


def test_calls_that_failed_together_do_not_come_back_together() -> None:
    w = world(items(2), script(*[bad()] * 3))
    w.run()
    assert len({at for at, *_ in w.log[4:]}) == 3


@pytest.mark.parametrize("status", [400, 403, 413, 422])
def test_a_final_failure_ends_its_call_alone(status: int) -> None:
    w = world(items(10), script(GOOD, GOOD, bad(status, final=True)))
    assert w.run() == Stopped(End.COMPLETE)
    assert len(w.log) == 20


@pytest.mark.parametrize("status", [301, 401, 402, 404, 429, None])
def test_a_refusal_that_all_calls_would_meet_stops_at_once(status: int | None) -> None:
    w = world(items(100, canaries=3), script(then=bad(status, final=True)))
    assert w.run() == Stopped(End.REFUSED, f"the weak model's endpoint refuses: {status or ''} oops".replace("  ", " "))
    assert len(w.log) == 1


@pytest.mark.parametrize(("answered", "sent"), [(False, 3), (True, 21)])
def test_a_side_whose_calls_are_refused_in_a_row_stops(answered: bool, sent: int) -> None:
    first = [GOOD] if answered else []
    w = world(items(100, sides=["strong"]), script(*first, then=bad(400, final=True)), concurrency=1)
    assert w.run() == Stopped(End.REFUSED, "the strong model's endpoint refuses: 400 oops")
    assert len(w.log) == sent


def test_what_is_on_its_way_when_sending_stops_may_end() -> None:
    w = world(items(100), script(bad(401, final=True)))
    assert w.run() == Stopped(End.REFUSED, "the weak model's endpoint refuses: 401 oops")
    assert w.ends == {"answer": 3, "failure": 1}


def test_an_outage_meets_few_calls_and_few_requests_and_ends_with_the_patience() -> None:
    w = world(items(1000), script(then=bad(503)), patience=600, takes=0.1)
    stopped = w.run()
    assert stopped is not None
    assert stopped.end == End.REFUSED
    assert stopped.why.endswith(" model's endpoint gave no answer within the 600 s of --patience: 503 oops")
    assert 600 <= w.now < 660
    assert len(w.log) < 600


def test_a_model_that_never_answers_stops_even_if_its_neighbor_does() -> None:
    """Both are at one endpoint; the answers of one alone are not worth their money."""
    w = world(items(1000), lambda _, call: bad(503) if call.wanted.side == "strong" else GOOD)
    assert w.run() == Stopped(
        End.REFUSED, "the strong model's endpoint gave no answer within the 600 s of --patience: 503 oops"
    )
    assert w.ends["answer"] < 200


def test_after_an_outage_all_places_are_used_again() -> None:
    w = world(items(100), lambda now, _: bad(503) if now < 60 else GOOD)
    assert w.run() == Stopped(End.COMPLETE)
    assert len([at for at, *_ in w.log if 90 <= at < 100]) == 40


# --- being limited ----------------------------------------------------------------------------------------------------


def test_a_429_holds_all_calls_of_its_endpoint_for_as_long_as_it_asks() -> None:
    w = world(items(10), script(GOOD, bad(429, asked=7.0)), takes=0.5)
    w.run()
    later = [at for at, *_ in w.log if at > 0]
    assert later[0] == 0.5  # the place of the first answer, which came before the 429
    assert [at for at in later if 0.5 < at < 7.5] == []
    assert 7.5 in later


def test_one_call_probes_after_a_429_before_the_others_follow() -> None:
    w = world(items(10), script(*[bad(429, asked=7.0)] * 4))
    w.run()
    times = [at for at, *_ in w.log[:9]]
    assert times[:6] == [0.0] * 4 + [8.0, 9.0]
    assert all(0.01 < b - a < 1 for a, b in pairwise(times[5:]))


def test_another_endpoint_goes_on_while_one_is_limited() -> None:
    w = world(
        items(2), lambda now, call: bad(429, asked=50.0) if now == 0 and call.wanted.side == "weak" else GOOD, at=APART
    )
    w.run()
    assert (w.times("r1", "strong"), w.times("r0"), w.times("r1")) == ([0.0], [0.0, 51.0], [0.0, 52.0])


def test_a_429_is_no_attempt_and_the_prober_changes() -> None:
    """Ten 429s in a row do not end a call, and no call is sent ten times."""
    w = world(items(4), script(*[bad(429, asked=1.0)] * 13))
    assert w.run() == Stopped(End.COMPLETE)
    assert w.ends["answer"] == 8
    assert max(Counter((item, side) for _, item, side in w.log).values()) <= 5


@pytest.mark.parametrize("asked", [None, 0.0])
def test_a_429_that_asks_for_nothing_is_backed_off_from(asked: float | None) -> None:
    w = world(items(1, sides=["weak"]), script(*[bad(429, asked=asked)] * 6), takes=0.0)
    assert w.run() == Stopped(End.COMPLETE)
    gaps = [b - a for a, b in pairwise(w.times("r0"))]
    assert gaps[1] >= 1.5
    assert gaps[-1] >= 27


def test_a_wait_longer_than_the_patience_stops_at_once() -> None:
    w = world(items(10), script(bad(429, asked=1e9)))
    assert w.run() == Stopped(
        End.REFUSED, "the weak model's endpoint asks to wait 1,000,000,000 s, longer than --patience: 429 oops"
    )
    assert w.now == 1.0


def test_waits_that_add_up_to_more_than_the_patience_stop() -> None:
    w = world(items(10), script(then=bad(429, asked=100.0)), patience=600)
    stopped = w.run()
    assert stopped is not None
    assert stopped.end == End.REFUSED
    assert 400 < w.now <= 601


def test_an_answer_between_renews_the_patience() -> None:
    replies = [x for _ in range(8) for x in (bad(429, asked=100.0), GOOD)]
    w = world(items(8, sides=["weak"]), script(*replies), patience=150, concurrency=1)
    assert w.run() == Stopped(End.COMPLETE)


@pytest.mark.parametrize("asked", [3.0, 20.0])
def test_what_another_status_asks_to_wait_holds_its_call_alone(asked: float) -> None:
    w = world(items(10), script(bad(503, asked=asked)))
    w.run()
    assert w.times("r0") == [0.0, 1.0 + asked]
    assert w.times("r2") == [1.0]


def test_a_call_that_would_wait_longer_than_the_patience_is_given_up() -> None:
    w = world(items(10), script(bad(503, asked=1e9)))
    assert w.run() == Stopped(End.COMPLETE)
    assert w.times("r0") == [0.0]


# --- a quota ----------------------------------------------------------------------------------------------------------


@dataclass
class Bucket:
    """A quota as servers have it: a bucket that fills steadily, with 5% errors. It may tell of itself in headers."""

    limit: int
    rate: float
    random: Random
    tells: bool = True
    level: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.level = float(self.limit)

    def __call__(self, now: float, _: OpenCall) -> Reply:
        self.level, self.at = min(self.limit, self.level + (now - self.at) * self.rate), now
        if self.random.random() < 0.05:
            return bad(500)
        took = self.level >= 1
        self.level -= took
        quota = Quota(self.limit, int(self.level), (self.limit - self.level) / self.rate) if self.tells else None
        return Reply(GOOD.end, quota) if took else bad(429, asked=(1 - self.level) / self.rate, quota=quota)


@pytest.mark.parametrize("concurrency", [1, 4, 8, 32])
@pytest.mark.parametrize(("tells", "more", "longer"), [(True, 1.15, 1.15), (False, 1.6, 1.7)])
def test_a_quota_is_used_up_with_few_429s_and_no_call_is_sent_often(
    concurrency: int, tells: bool, more: float, longer: float
) -> None:
    for seed in range(5):
        w = world(items(160), Bucket(120, 2.0, Random(seed), tells), concurrency=concurrency, takes=0.05)
        assert w.run() == Stopped(End.COMPLETE)
        assert w.ends["answer"] == 320
        assert max(Counter((item, side) for _, item, side in w.log).values()) <= 6
        assert len(w.log) <= 320 * more + concurrency
        assert w.now <= longer * (320 - 120) / 2.0 + 5


def test_429s_at_random_slow_little() -> None:
    """Some are not of a rate at all: 31 of 300 with a second to wait for each are 31 s, and little more."""
    random = Random(1)
    w = world(items(150), lambda *_: bad(429, asked=1.0) if random.random() < 0.08 else GOOD, takes=0.05)
    assert w.run() == Stopped(End.COMPLETE)
    assert w.now < 60


def test_a_quota_that_fills_in_years_is_asked_again_in_seconds() -> None:
    w = world(items(10), script(then=Reply(GOOD.end, Quota(1, 0, 1e9))))
    assert w.run() == Stopped(End.COMPLETE)
    assert w.now < 20 * 31


def test_a_quota_that_is_hardly_used_slows_nothing() -> None:
    w = world(items(100), script(then=Reply(GOOD.end, Quota(10_000, 9_000, 6.0))))
    w.run()
    assert w.now == 50.0


# --- ending -----------------------------------------------------------------------------------------------------------


def test_the_first_reason_to_stop_stays() -> None:
    w = world(items(10))
    w.pace.stop(End.BUDGET)
    w.pace.stop(End.INTERRUPTED)
    assert w.run() == Stopped(End.BUDGET)
    assert w.pace.wake(0.0) == math.inf


def test_an_interruption_after_the_last_request_interrupts_nothing() -> None:
    w = world(items(2))
    w.run(until=0.5)
    w.pace.stop(End.INTERRUPTED)
    assert w.run() == Stopped(End.COMPLETE)
