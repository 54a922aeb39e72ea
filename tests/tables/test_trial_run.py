"""The run file: a line before each request and after it, the budget over all resumes, torn ends, other trials."""

from __future__ import annotations

import errno
import json
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.evals.ledger import SIDES, Answered, Attempt, End, Failed, Stopped
from llmcost.evals.plan import TrialPlan, sold_sides
from llmcost.evals.trial_results import TrialResults
from llmcost.pricing.catalog import Catalog
from llmcost.tables.trial_run import TrialRun, open_run, read_run, whole_lines
from llmcost.usage.trial import answer_pricer
from tests.conftest import Run
from tests.evals.trial_data import PRICES, TASK, answer, plan, task

MakeCatalog = Callable[..., Catalog]
DROPPED = Failed(None, "connection cut", None, 30, None, False)
REFUSED = Failed(401, "no", None, 1, False, True)
LIMITED = Failed(429, "rate_limit_exceeded", 1.0, 3, False, False)


@pytest.fixture
def prices(catalog: MakeCatalog) -> Catalog:
    return catalog(PRICES)


@pytest.fixture
def opened(prices: Catalog, tmp_path: Path) -> Callable[..., Any]:
    price = answer_pricer(prices, sold_sides(task(), prices)[0])

    @contextmanager
    def go(given: TrialPlan | None = None, budget: str = "1", **terms: Any) -> Iterator[TrialRun]:
        found = plan(prices) if given is None else given
        with open_run(tmp_path / "RUN", found, budget_usd=Decimal(budget), price=price, **terms) as run:
            yield run

    return go


def sent(run: TrialRun) -> Attempt:
    """Open the first call that has no answer yet."""
    found = run.open(run.plan.left(run.results)[0], 1)
    assert found is not None
    return found


def answered(run: TrialRun, **terms: Any) -> None:
    run.close(sent(run), Answered(200, answer(**terms), 412, "req_1"))


def values(results: TrialResults, item: str) -> list[float]:
    return [found.value for side in SIDES if (found := results.graded(item, side))]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line, parse_float=Decimal) for line in path.read_text().splitlines()]


def test_a_run_is_a_line_before_each_request_and_one_after_it(opened: Callable[..., Any], tmp_path: Path) -> None:
    with opened() as run:
        first = run.plan.items[0].id
        answered(run, given=12, service_tier="default", model="small-2026")
        run.close(sent(run), LIMITED)
        run.close(sent(run), DROPPED)
        answered(run, usage=None)
        sent(run)

    head, *rest = lines(tmp_path / "RUN")
    second = run.plan.items[1].id
    assert (head["kind"], head["schema"], head["n"], head["looks"]) == ("trial", "llmcost.trial-run/1", 4, [])
    assert head["weak"]["prices"] == {"input": 1, "cache_read": Decimal("0.5"), "cache_write": 1, "output": 4}
    assert [{k: v for k, v in line.items() if k != "at"} for line in rest] == [
        {"kind": "sent", "call": 1, "item": first, "side": "weak", "attempt": 1, "at_most_usd": Decimal("0.000061"), "expected": ["positive"]},
        {"kind": "answer", "call": 1, "answer": "Positive", "finish": "stop", "model": "small-2026", "tier": "default", "input_tokens": 12, "cache_read_tokens": 0, "output_tokens": 1, "reasoning_tokens": 0, "usd": Decimal("0.000016"), "ms": 412, "request_id": "req_1", "usage": {"prompt_tokens": 12, "completion_tokens": 1, "total_tokens": 13}},
        {"kind": "sent", "call": 2, "item": first, "side": "strong", "attempt": 1, "at_most_usd": Decimal("0.00101")},
        {"kind": "failed", "call": 2, "status": 429, "why": "rate_limit_exceeded", "ms": 3, "retry_after_s": Decimal("1.0"), "usd": 0},
        {"kind": "sent", "call": 3, "item": first, "side": "strong", "attempt": 1, "at_most_usd": Decimal("0.00101")},
        {"kind": "failed", "call": 3, "status": None, "why": "connection cut", "ms": 30, "usd": Decimal("0.00101"), "at_most": True},
        {"kind": "sent", "call": 4, "item": first, "side": "strong", "attempt": 1, "at_most_usd": Decimal("0.00101")},
        {"kind": "answer", "call": 4, "answer": "Positive", "finish": "stop", "model": "small", "tier": None, "usd": Decimal("0.00101"), "at_most": True, "ms": 412, "request_id": "req_1", "usage": None, "note": "the answer has no usage: a stream has it in its last part, if requested"},
        {"kind": "sent", "call": 5, "item": second, "side": "weak", "attempt": 1, "at_most_usd": Decimal("0.000061"), "expected": ["positive"]},
    ]  # fmt: skip
    assert (tmp_path / "RUN").stat().st_mode & 0o777 == 0o600
    assert run.ledger.committed_usd == Decimal("0.000016") + 2 * Decimal("0.00101") + Decimal("0.000061")
    assert run.ledger.at_risk_usd == 2 * Decimal("0.00101") + Decimal("0.000061")
    assert run.ledger.retries == 2


def test_no_key_prompt_or_address_is_in_it(prices: Catalog, opened: Callable[..., Any], tmp_path: Path) -> None:
    text = TASK.replace("model: small", "model: small, base_url: https://secret.example.com/v1, key_env: MY_KEY")
    with opened(plan(prices, text=text)) as run:
        answered(run)

    found = (tmp_path / "RUN").read_text()
    assert not any(word in found for word in ("secret", "MY_KEY", "text 1"))


def test_the_budget_holds_whatever_happens_and_however_often_the_run_goes_on(
    prices: Catalog, opened: Callable[..., Any], tmp_path: Path
) -> None:
    """Spent, of unknown fate and in flight together never go above it, when each request costs its highest price."""
    chance = random.Random(20)
    ours, budget = plan(prices, 12), Decimal("0.009")
    truth = Decimal(0)  # what a server bills that bills the most it may
    ends = ["answer", "answer", "no usage", "dropped", "limited"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        for _ in range(40):
            with opened(ours, str(budget)) as run:
                flying: list[Attempt] = []
                for wanted in run.plan.left(run.results)[: chance.randint(1, 6)]:
                    attempt = run.open(wanted, 1)
                    assert run.ledger.committed_usd <= budget
                    if attempt is None:
                        continue
                    truth += attempt.call.at_most_usd
                    flying.append(attempt)
                for attempt in flying[: chance.randint(0, len(flying))]:  # the rest is lost in a kill
                    end = chance.choice(ends)
                    if end == "limited":
                        truth -= attempt.call.at_most_usd
                        run.close(attempt, LIMITED)
                    elif end == "dropped":
                        run.close(attempt, DROPPED)
                    else:
                        limit = 12 if attempt.call.side == "weak" else 22
                        usage = {"usage": None} if end == "no usage" else {}
                        run.close(attempt, Answered(200, answer(given=13, answered=limit, **usage), 1))
                assert truth <= run.ledger.committed_usd <= budget

    assert run.open(run.plan.calls[1], 1) is None
    again = read_run(tmp_path / "RUN", ours)
    assert again.ledger.committed_usd == run.ledger.committed_usd > budget * Decimal("0.8")


def test_a_bill_above_the_highest_price_counts_as_it_is(opened: Callable[..., Any]) -> None:
    with opened(budget="0.002") as run:
        answered(run, given=1_000_000)
        assert run.ledger.committed_usd == Decimal("1.000004")
        assert run.open(run.plan.left(run.results)[0], 1) is None


def test_a_torn_last_line_is_cut_wherever_it_is_torn(
    prices: Catalog, opened: Callable[..., Any], tmp_path: Path
) -> None:
    """At every byte of the file: what is whole stays, and what is not is cut."""
    path, ours = tmp_path / "RUN", plan(prices, 2)
    with opened(ours) as run:
        answered(run)
        run.close(sent(run), DROPPED)
        sent(run)
    whole = path.read_bytes()
    ends = [at for at, byte in enumerate(whole, 1) if byte == ord("\n")]
    for at in range(len(whole) + 1):
        kept = max((end for end in ends if end <= at), default=0)
        ledger, size = whole_lines(whole[:at] + b"\0" * (at % 3), "RUN")
        assert (size, len(ledger.calls)) == (kept, whole[:kept].count(b'"sent"'))
    for at in (0, *(end + off for end in ends for off in (-1, 0, 1) if end + off <= len(whole))):
        path.write_bytes(whole[:at])
        with opened(ours):
            assert path.read_bytes() == whole[: max((end for end in ends if end <= at), default=ends[0])]


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda x: x.replace('"kind":"answer"', '"kind":"anwser"'), 'RUN:3: not a line of a trial: "anwser" is missing or unknown'),
        (lambda x: x.replace('"call":1,"answer"', '"call":7,"answer"'), "RUN:3: call 7 ended, but was not sent"),
        (lambda x: x.replace('"usd":0.000014', '"usd":-1'), 'RUN:3: "-1" is not an amount'),
        (lambda x: x.replace('"usd":0.000014', '"usd":"x"'), "RUN:3: not a line of a trial: a value is of another type"),
        (lambda x: x.replace("\n", "\n\n", 1), "RUN:2: the line is empty"),
        (lambda x: x[:-5] + "\n", "RUN:3:285: not JSON: "),
        (lambda x: x.replace("Positive", "\udc80"), "RUN:3: it is not UTF-8 text"),
        (lambda x: x + x.split("\n")[2] + "\n", "RUN:4: call 1 ended before"),
        (lambda x: x + x.split("\n")[1] + "\n", "RUN:4: call 1 was sent before, or is of neither side"),
        (lambda x: x.split("\n", 1)[1], "RUN is not the run of a trial"),
        (lambda _: "item,weak,strong", "RUN is not the run of a trial"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_left_as_it_is(
    edit: Callable[[str], str], why: str, opened: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "RUN"
    with opened() as run:
        answered(run)
    path.write_bytes(edit(path.read_text()).encode(errors="surrogateescape"))
    before = path.read_bytes()

    with pytest.raises(FileError) as caught, opened():
        pass
    assert caught.value.message.removeprefix(f"{tmp_path}/").startswith(why)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"number": 5}, "number of items"),
        ({"seed": 1}, "seed"),
        ({"tier": "flex"}, "weak model: tier; weak model: prices; strong model: tier; strong model: prices"),
        ({"text": TASK.replace("max_tokens: 10", "max_tokens: 9")}, "weak model: params"),
        ({"text": TASK.replace("model: large,", "model: small, send: big,")}, "strong model: model; strong model: send; strong model: prices"),
        ({"text": TASK.replace("model: small", "model: small, base_url: https://a.b")}, "weak model: address"),
        ({"text": TASK.replace("{{text}}", "Say: {{text}}")}, "messages"),
        ({"number": 10, "early_stop": True}, "number of items; --early-stop"),
    ],
)  # fmt: skip
def test_the_run_of_another_trial_is_not_gone_on_with(
    changed: dict[str, Any], what: str, prices: Catalog, opened: Callable[..., Any]
) -> None:
    with opened():
        pass

    with pytest.raises(FileError) as caught, opened(plan(prices, **changed)):
        pass

    assert caught.value.message.endswith(f"is the run of another trial, with different {what}")


def test_another_process_cannot_write_in_it_at_once(opened: Callable[..., Any]) -> None:
    with opened(), pytest.raises(FileError, match="RUN is in use by another llmcost trial"), opened():
        pass


def test_a_full_disk_leaves_whole_lines_and_stops(
    opened: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, write, room = tmp_path / "RUN", os.write, 2

    def full(handle: int, data: bytes) -> int:
        nonlocal room
        room -= 1
        if room <= 0:
            raise OSError(errno.ENOSPC, "no space left on device")
        return write(handle, data[:40])

    with opened() as run:
        attempt = sent(run)
        before = path.read_bytes()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "write", full)
            with pytest.raises(OSError, match="no space left"):
                run.close(attempt, Answered(200, answer(), 1))
        assert path.read_bytes() == before
        run.close(attempt, REFUSED)

    assert lines(path)[2] == {"kind": "failed", "call": 1, "status": 401, "why": "no", "ms": 1, "final": True, "usd": 0}
    path.unlink()
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(FileError, match=r"cannot write .*RUN: no space left on device"), opened():
        pass


def test_another_grader_is_written_down_when_it_is_asked_for(
    prices: Catalog, opened: Callable[..., Any], tmp_path: Path
) -> None:
    other = plan(prices)
    other = replace(other, header={**other.header, "grade": {"type": "exact"}})
    with opened() as run:
        answered(run)
        answered(run, text="positive")
        item = run.plan.items[0].id
    with pytest.raises(FileError, match="RUN was graded otherwise"), opened(other):
        pass
    with opened(other, regrade=True) as run:
        assert values(run.results, item) == [0, 1]

    first = other.items[0]._replace(expected=("Positive",))
    relabeled = replace(other, items=(first, *other.items[1:]))
    with pytest.raises(FileError, match="RUN was graded otherwise"), opened(relabeled):
        pass
    with opened(relabeled, regrade=True):
        pass
    assert values(read_run(tmp_path / "RUN", relabeled), item) == [1, 0]
    assert len(lines(tmp_path / "RUN")) == 7


def test_a_file_that_cannot_be_a_run_is_refused(prices: Catalog, opened: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "RUN").mkdir()
    with pytest.raises(FileError, match=r"cannot write .*RUN: is a directory"), opened():
        pass
    with pytest.raises(FileError, match=r"cannot read .*RUN: is a directory"):
        read_run(tmp_path / "RUN", plan(prices))
    (tmp_path / "RUN").rmdir()
    os.mkfifo(tmp_path / "RUN")
    with pytest.raises(FileError, match="RUN: it is not a regular file"), opened():
        pass
    assert read_run(tmp_path / "none", plan(prices)).ledger.models == {"weak": "openai/small", "strong": "openai/large"}


def answer_all(run: TrialRun, weak: str, until: int = 100) -> Stopped | None:
    """Answer calls in their order until the run is stopped, and say why it was; the strong model is right."""
    for wanted in run.plan.left(run.results)[:until]:
        attempt = run.open(wanted, 1)
        assert attempt
        run.close(attempt, Answered(200, answer(weak if wanted.side == "weak" else "positive"), 1))
        if stopped := run.stopped():
            return stopped
    return None


def test_a_run_that_a_look_has_ended_does_not_go_on_and_is_read_so(
    prices: Catalog, opened: Callable[..., Any], tmp_path: Path, run: Run
) -> None:
    ours = plan(prices, 50, early_stop=True)
    with opened(ours) as book:
        assert answer_all(book, "negative") == Stopped(End.EARLY)
        assert len(book.ledger.answers) == 2 * 10
    with opened(ours) as book:
        assert book.stopped() == Stopped(End.EARLY)

    found = run("validate", str(tmp_path / "RUN"), "--margin", "2", "-f", "json")
    assert found.status == 1
    told = json.loads(found.out)
    assert (told["verdict"], told["n"], told["bound_confidence"]) == ("unsafe", 10, 0.99999)
    assert "(one-sided 99.999% bound)" in told["headline"]
    assert (told["weak_file_model"], told["scored_by"]) == ("openai/small", "the grader label")
    assert run("route", "results", str(tmp_path / "RUN")).status == 0


def test_a_run_at_its_last_look_is_complete(prices: Catalog, opened: Callable[..., Any]) -> None:
    with opened(plan(prices, 10, early_stop=True)) as book:
        assert answer_all(book, "positive") is None
        assert len(book.ledger.looks) == 5


def test_canaries_that_cannot_be_graded_stop_the_run_and_it_does_not_go_on(opened: Callable[..., Any]) -> None:
    with opened() as book:
        stopped = answer_all(book, "it is positive")
    with opened() as book:
        assert stopped == book.stopped()
    assert stopped
    assert stopped.end is End.REFUSED
    assert stopped.why.startswith("the first 3 answers of the weak model cannot be graded (no_label)")


def test_a_run_that_is_not_at_its_end_is_not_validated(
    prices: Catalog, opened: Callable[..., Any], tmp_path: Path, run: Run
) -> None:
    path = str(tmp_path / "RUN")
    with opened(plan(prices, 6)) as book:
        answer_all(book, "positive", until=8)
    with (tmp_path / "RUN").open("a") as file:
        file.write('{"kind":"sent","call":9,"it')

    assert run("validate", path, "--margin", "2").err.startswith(f"error: {path} has 4 of 6 items\n")
    assert run("validate", path, "--margin", "2", "--skip-bad").status == 1
    assert "which has both models" in run("validate", path, path + "2", "--margin", "2").err
    with (tmp_path / "RUN").open("a") as file:
        file.write('\n{"kind":"look"}\n')
    assert run("validate", path, "--margin", "2").err.startswith(f"error: {path}:18:25: not JSON: ")
