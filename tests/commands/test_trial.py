"""`llmcost trial` against a server on loopback: what is sent, kept and told, and what is refused before a byte is sent."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from llmcost.commands.trial.prepare import counter
from llmcost.errors import UsageError
from llmcost.evals.plan import SoldSide
from llmcost.evals.task import TrialSide
from llmcost.pricing.catalog import Catalog
from tests.conftest import Result, Run
from tests.server import Request, Script, Server, answer, serve

CHAT = "/v1/chat/completions"
KEY = "sk-test-0123456789abcdefghij"
TASK = """\
schema: llmcost.trial/1
items: reviews.jsonl
messages: [{role: user, content: "{{text}}"}]
params: {max_tokens: 10, temperature: 0}
grade: {type: label, labels: [positive, negative]}
models:
  weak: {model: gpt-4o-mini, base_url: "URL", key_env: TRIAL_KEY}
  strong: {model: gpt-4o, base_url: "URL", key_env: TRIAL_KEY}
margin: 5
workload: {rpd: 10k, in: 40, out: 2}
"""


def asked(request: Request) -> dict[str, Any]:
    """The body of a request, and the item that it is about."""
    body: dict[str, Any] = json.loads(request.body)
    return {**body, "item": int(body["messages"][-1]["content"].split()[-1])}


def chat(text: str | None, **more: Any) -> Script:
    body = {
        "model": "gpt-4o-mini",
        "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 31, "completion_tokens": 1, "total_tokens": 32},
        **more,
    }
    return answer(json.dumps(body))


def right(request: Request) -> Iterable[bytes | float]:
    return chat("Positive.")(request)


def one_wrong(request: Request) -> Iterable[bytes | float]:
    """The cheap model is wrong on one item in ten."""
    body = asked(request)
    wrong = body["model"] == "gpt-4o-mini" and body["item"] % 10 == 1
    return chat("Negative" if wrong else "positive", model=body["model"])(request)


@dataclass
class Bench:
    """A folder with a task whose models are asked at a server; `llmcost` runs `llmcost trial` there."""

    server: Server
    folder: Path
    run: Run

    def write(self, *changes: tuple[str, str], items: int = 12) -> None:
        text = TASK
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (self.folder / "t.yaml").write_text(text.replace("URL", self.server.url("/v1")), encoding="utf-8")
        rows = ({"id": f"r{x}", "text": f"good thing {x}", "label": "positive"} for x in range(items))
        (self.folder / "reviews.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))

    def trial(self, options: str = "") -> Result:
        return self.run(f"trial t.yaml {options}")

    def data(self, options: str = "") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.trial(f"{options} -f json").out, parse_float=Decimal)
        return found

    def lines(self, kind: str) -> list[dict[str, Any]]:
        text = (self.folder / "t.trial.jsonl").read_text(encoding="utf-8")
        return [x for x in map(json.loads, text.splitlines()) if x["kind"] == kind]


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with serve(scheme="http") as server:
        yield server


@pytest.fixture
def bench(running: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Bench:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIAL_KEY", KEY)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    running.answers[CHAT] = right
    running.requests.clear()
    found = Bench(running, tmp_path, run)
    found.write()
    return found


# --- the whole path -----------------------------------------------------------------------------------------------


def test_from_the_price_to_the_verdict(bench: Bench, run: Run) -> None:
    """Priced without a byte, sent within the budget, graded again for nothing, and read by the other commands."""
    bench.server.answers[CHAT] = one_wrong
    dry = bench.trial("--concurrency 2 --timeout 60 --patience 600")
    assert (dry.status, dry.err) == (0, "")
    assert dry.out.startswith("24 calls on 12 items cost about $0.0006, at most $0.00188; nothing was sent (--max-usd")
    assert "Too few: about 248 items decide a margin of 5 points if the models differ on 10% of them" in dry.out
    assert "saves $33.84 a month (94.0%) against openai/gpt-4o" in dry.out
    assert bench.server.requests == []
    assert not (bench.folder / "t.trial.jsonl").exists()

    sent = bench.trial("--max-usd 0.01")
    assert sent.status == 1
    assert sent.err == "FAIL: not enough data at a margin of 5 points\n"
    assert "Of 12 items both are right on 10, only openai/gpt-4o on 2, only openai/gpt-4o-mini on 0" in sent.out
    assert "Spent $0.001113 of $0.01 on 24 requests" in sent.out
    assert len(bench.server.requests) == 24
    assert {x.headers["authorization"] for x in bench.server.requests} == {f"Bearer {KEY}"}

    data = bench.data("--max-usd 0.01")
    facts = {key: data[key] for key in ("verdict", "stopped", "n", "answered", "unanswered", "calls", "retries")}
    assert facts == {
        "verdict": "not_enough_data",
        "stopped": "complete",
        "n": 12,
        "answered": 24,
        "unanswered": 0,
        "calls": 24,
        "retries": 0,
    }
    assert [(x["item"], x["weak_answer"], x["strong_answer"]) for x in data["disagreements"]] == [
        (item, "Negative", "positive") for item in ("r1", "r11")
    ] or [x["item"] for x in data["disagreements"]] == ["r11", "r1"]
    assert [(x["side"], x["answers"], x["usd"]) for x in data["models"]] == [
        ("weak", 12, Decimal("0.000063")),
        ("strong", 12, Decimal("0.00105")),
    ]
    assert data["spent_usd"] == sum(x["usd"] for x in data["models"])
    assert data["validation"]["saving_usd"] == Decimal("33.84")
    assert len(bench.server.requests) == 24

    bench.write(("{type: label, labels: [positive, negative]}", "{type: exact}"))
    assert "t.trial.jsonl was graded otherwise" in bench.trial().err
    again = bench.data("--regrade")
    assert [(round(x["score"], 4), round(x["low"], 4)) for x in again["models"]] == [
        (Decimal("0.8333"), Decimal("0.5520")),
        (1, Decimal("0.7575")),
    ]
    validated = run("validate t.trial.jsonl --margin 5 -f json")
    assert json.loads(validated.out)["n"] == 12
    assert run("route results t.trial.jsonl --share 50%").status == 0
    assert len(bench.server.requests) == 24


@pytest.mark.parametrize("weak", ["gpt-4o-mini", "gpt-4-turbo"])
@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("early", ["", "--early-stop"])
def test_the_whole_answer_fits_a_screen(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, weak: str, lost: bool, early: str
) -> None:
    """With swapped models, empty answers, and a stop at a look too."""
    monkeypatch.setenv("COLUMNS", "80")

    def script(request: Request) -> Iterable[bytes | float]:
        body = asked(request)
        odd, strong = body["item"] % 2, body["model"] == "gpt-4o"
        text = None if odd and strong and lost else "negative" if odd and not strong else "positive"
        return chat(text, model=body["model"])(request)

    bench.server.answers[CHAT] = script
    bench.write(items=60)
    found = bench.trial(f"--max-usd 1 --weak {weak} {early}")

    assert len(found.out.splitlines()) <= 23, found.out
    assert found.out.count("stopped early at ") == (bool(early) and "of 60 items" in found.out)


def test_a_model_that_was_cut_off_is_not_judged(bench: Bench, run: Run) -> None:
    """Six of twelve answers of the strong model are empty, so the weak one is not better than it."""

    def script(request: Request) -> Iterable[bytes | float]:
        body = asked(request)
        lost = body["model"] == "gpt-4o" and body["item"] % 2
        choices = [{"message": {"content": ""}, "finish_reason": "length"}]
        return (chat(None, choices=choices) if lost else chat("positive"))(request)

    bench.server.answers[CHAT] = script
    found = bench.trial("--max-usd 0.01")
    why = "the verdict hangs on answers that are empty or cut off: 6 of 12 answers of openai/gpt-4o"

    assert (found.status, found.err) == (2, f"UNJUDGED: {why}\n")
    assert "6 of 12 answers of openai/gpt-4o are empty: its output limit cut them; raise max_tokens" in " ".join(
        found.out.split()
    )
    assert (bench.data()["verdict"], bench.data()["headline"]) == (None, f"not judged: {why}")
    assert run("validate t.trial.jsonl").err == f"UNJUDGED: {why}\n"
    mixed = run("route results t.trial.jsonl --cascade --escalate-tokens 2 --margin 5")
    assert (mixed.status, mixed.err) == (2, f"UNJUDGED: {why}\n")
    assert f"Not judged: {why}" in " ".join(mixed.out.split())


def test_without_a_margin_both_scores_are_the_answer(bench: Bench, run: Run) -> None:
    bench.write(("margin: 5\n", ""))
    found = bench.trial("--max-usd 0.01")

    assert (found.status, found.err) == (0, "")
    assert found.out.startswith("openai/gpt-4o-mini 100.0% and openai/gpt-4o 100.0% right on 12 items")
    assert "missing option '--margin'" in run("validate t.trial.jsonl").err
    data = bench.data()
    assert (data["verdict"], data["validation"]["margin"], data["validation"]["both"]) == (None, None, 12)


def test_a_trial_that_is_complete_needs_no_key_to_go_on(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """It sends nothing; one that is not asks for the key."""
    bench.trial("--max-usd 0.0003")
    monkeypatch.delenv("TRIAL_KEY")
    unsent = bench.trial("--max-usd 0.01")
    assert (unsent.status, unsent.out) == (2, "")
    assert "the environment variable TRIAL_KEY has no key" in unsent.err
    monkeypatch.setenv("TRIAL_KEY", KEY)
    sent = bench.trial("--max-usd 0.01")
    monkeypatch.delenv("TRIAL_KEY")

    assert bench.trial("--max-usd 0.01") == sent
    assert bench.data("--max-usd 0.01 --regrade")["stopped"] == "complete"


def test_a_look_that_decides_ends_it(bench: Bench) -> None:
    bench.write(items=200)
    found = bench.data("--max-usd 1 --early-stop --margin 30 --concurrency 1")

    assert (found["verdict"], found["stopped"], found["unanswered"]) == ("safe", "early", 0)
    assert found["validation"]["n"] == found["answered"] / 2 == 80
    assert bench.data("--early-stop --margin 30")["stopped"] == "early"


def test_a_weak_model_that_costs_more_is_told_before_it_is_paid(bench: Bench) -> None:
    said = "openai/gpt-4-turbo, the weak model, costs more than openai/gpt-4o: are weak and strong swapped?"

    assert said in bench.trial("--weak gpt-4-turbo").out
    assert said in bench.trial("--weak gpt-4-turbo --max-usd 1").out


def test_without_a_workload_no_month_is_at_stake(bench: Bench) -> None:
    bench.write(("workload: {rpd: 10k, in: 40, out: 2}\n", ""))
    found = bench.trial()

    assert "At stake" not in found.out
    assert "Prices in USD on 2026-11-23" in found.out


@pytest.mark.parametrize(
    ("model", "text", "spare"),
    [
        ("openai/gpt-4o", "the year 2026", (0, 0)),
        ("openai/gpt-4.1", "the year 2026", (0.3, 0)),
        ("google/gemini-2.5-flash", "the year 2026", (0.3, 4)),
        ("anthropic/claude-opus-4.8", "the year 2026", (1.0, 0)),
    ],
)
def test_what_is_counted_approximately_is_counted_high(
    shipped: Catalog, model: str, text: str, spare: tuple[float, int]
) -> None:
    """By 30%, or more where the tokenizer is known to be further off; a digit may be a token."""
    side = SoldSide(asked=TrialSide(model=model), model=shipped.resolve(model), tier=None)
    about, at_most = counter({"weak": side})("weak", {"messages": [{"role": "user", "content": text}]})

    assert at_most == ceil(about * (1 + spare[0])) + spare[1]


def test_what_is_not_counted_is_not_sent(shipped: Catalog) -> None:
    side = SoldSide(asked=TrialSide(model="gpt-4o"), model=shipped.resolve("gpt-4o"), tier=None)
    parts = [{"type": "input_audio", "input_audio": {"data": "x", "format": "wav"}}]

    with pytest.raises(UsageError, match=r'a request has no highest price: parts of type "input_audio" are not'):
        counter({"weak": side})("weak", {"messages": [{"role": "user", "content": parts}]})


def test_one_model_with_two_sets_of_params_is_told_apart(bench: Bench) -> None:
    bench.write(('model: gpt-4o, base_url: "URL"', 'model: gpt-4o-mini, params: {temperature: 1}, base_url: "URL"'))
    found = bench.trial("--max-usd 1 --details")

    assert "only openai/gpt-4o-mini (strong) on 0, only openai/gpt-4o-mini (weak) on 0" in found.out
    assert {x["model"] for x in bench.data()["models"]} == {"openai/gpt-4o-mini"}


# --- budget, failures, interruptions --------------------------------------------------------------------------------


def test_the_budget_ends_it_and_a_higher_one_goes_on_to_the_same(bench: Bench) -> None:
    """The rest is sent in the same order, and the report is that of a trial that was never ended."""
    bench.server.answers[CHAT] = one_wrong
    found = bench.trial("--max-usd 0.0003 --concurrency 1")

    assert found.status == 2
    assert found.out.startswith("no verdict yet, 5 of 24 answers: the next call may cost more than is left of $0.0003")
    assert found.err == "UNJUDGED: 19 answers missing; a higher --max-usd goes on\n"
    resumed = bench.data("--max-usd 0.01")
    assert resumed["answered"] == len(bench.server.requests) == 24
    whole = bench.data("--max-usd 0.01 --run whole.jsonl --concurrency 1")
    assert [resumed[key] for key in ("headline", "models", "disagreements")] == [
        whole[key] for key in ("headline", "models", "disagreements")
    ]
    assert bench.trial().out == bench.trial("--run whole.jsonl").out


def test_a_refusal_ends_it_before_the_other_calls(bench: Bench) -> None:
    error = {"error": {"code": "invalid_api_key", "message": f"Incorrect API key provided: {KEY}"}}
    bench.server.answers[CHAT] = answer(json.dumps(error), status="401 Unauthorized")
    found = bench.trial("--max-usd 0.01")

    assert found.status == 2
    assert "401 invalid_api_key: Incorrect API key provided: [key]" in " ".join(found.out.split())
    assert len(bench.server.requests) == 1


def test_first_answers_that_are_all_of_no_use_end_it(bench: Bench) -> None:
    bench.server.answers[CHAT] = chat("I cannot say.")
    found = bench.trial("--max-usd 0.01")

    assert found.status == 2
    assert 'answers of the weak model cannot be graded (no_label): "I cannot say."' in " ".join(found.out.split())
    way = "change the grader, then --regrade, or change the prompt and start another run: --run FILE"
    assert found.err == f"UNJUDGED: 19 answers missing; {way}\n"
    assert way in " ".join(bench.trial().out.split())
    before = len(bench.server.requests)
    assert before == 5
    bench.write((", negative]}", ', negative, "I cannot say"]}'))
    assert bench.data("--max-usd 0.01 --regrade")["answered"] == 24
    assert len(bench.server.requests) == 24


def test_an_item_without_an_answer_is_not_a_wrong_one(bench: Bench) -> None:
    def script(request: Request) -> Iterable[bytes | float]:
        refused = asked(request)["item"] == 7
        return (answer("{}", status="400 Bad Request") if refused else chat("positive"))(request)

    bench.server.answers[CHAT] = script
    found = bench.data("--max-usd 0.01")

    assert (found["stopped"], found["answered"], found["unanswered"], found["verdict"]) == ("complete", 22, 2, None)
    assert [(x["kind"], x["reason"], x["number"]) for x in found["reasons"]] == [("request", "400 Bad Request", 1)] * 2
    assert bench.trial("--max-usd 0.01").err == "UNJUDGED: 2 answers missing; the same command goes on\n"


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_once_waits_for_what_is_on_its_way_and_twice_for_nothing(bench: Bench, times: int) -> None:
    """Whatever was answered is in the file, and the same command goes on."""

    def script(request: Request) -> Iterable[bytes | float]:
        if len(bench.server.requests) == 4:
            os.kill(os.getpid(), signal.SIGINT)
            if times == 2:
                yield 0.1
                os.kill(os.getpid(), signal.SIGINT)
                yield 5.0
        yield from chat("positive")(request)

    bench.server.answers[CHAT] = script
    found = bench.trial("--max-usd 0.01")

    assert found.status == 130
    first, _, then = found.err.partition("\n")
    assert first == "stopping: requests on their way end first; Ctrl-C again stops at once"
    told = "stopped: 3 of 24 answers; 1 request without an end counts at its highest price; the same command goes on"
    assert (told in then.splitlines()) == (times == 2)
    assert (len(bench.lines("sent")), len(bench.lines("answer"))) == (4, 4 if times == 1 else 3)
    assert ("no verdict yet, 4 of 24 answers: interrupted" in found.out) == (times == 1)
    bench.server.answers[CHAT] = right
    assert bench.data("--max-usd 0.01")["answered"] == 24


def test_a_full_disk_stops_it_with_the_answers_until_then(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write

    def full(handle: int, data: bytes) -> int:
        if len(bench.server.requests) >= 3:
            raise OSError(28, "No space left on device")
        return write(handle, data)

    monkeypatch.setattr(os, "write", full)
    found = bench.trial("--max-usd 0.01")
    assert found.status == 2
    assert found.err.startswith("error: cannot write t.trial.jsonl: no space left on device\n")
    assert "the same command goes on, and asks again for those on their way" in " ".join(found.err.split())
    monkeypatch.setattr(os, "write", write)

    assert bench.data("--max-usd 0.01")["answered"] == 24
    assert len(bench.lines("answer")) == 24


# --- what is never told ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("debug", ["", "1"])
def test_no_file_and_no_stream_has_the_key(bench: Bench, monkeypatch: pytest.MonkeyPatch, debug: str) -> None:
    """Not even where the server repeats it: in an answer, in an error, in a header, in the name of a model."""
    monkeypatch.setenv("LLMCOST_DEBUG", debug)

    def script(request: Request) -> Iterable[bytes | float]:
        said = f"positive {request.headers['authorization']}"
        number = len(bench.server.requests)
        if number % 5 == 3:
            return answer(json.dumps({"error": {"message": said}}), status="400 Bad Request", X_Request_Id=KEY)(request)
        if number % 5 == 4:
            return answer(said, status="422 " + said)(request)
        return chat(said, model=said, service_tier=said, usage={"said": said})(request)

    bench.server.answers[CHAT] = script
    bench.write(("type: label, labels: [positive, negative]", "type: contains"))
    said = [
        getattr(bench.trial(options), stream)
        for options in ("", "--max-usd 0.01", "--max-usd 0.01 -f json", "--details", "-f md", "-o out.json")
        for stream in ("out", "err")
    ]
    files = [path.read_bytes().decode() for path in bench.folder.rglob("*") if path.is_file()]

    assert len(bench.server.requests) > 4
    assert len(files) == 4
    assert [text for text in (*said, *files) if KEY in text] == []
    assert any("[key]" in text for text in files)


def test_answers_stay_in_the_run_file_where_that_is_asked_for(bench: Bench) -> None:
    bench.server.answers[CHAT] = one_wrong
    bench.trial("--max-usd 0.01")

    found = bench.data("--no-answers")["disagreements"]
    assert [(x["weak_answer"], x["strong_answer"], x["weak"], x["strong"]) for x in found] == [(None, None, 0, 1)] * 2
    assert "Negative" not in bench.trial("--no-answers --details").out


# --- what is refused before a byte is sent --------------------------------------------------------------------------


def refused(bench: Bench, said: str, options: str = "--max-usd 1") -> None:
    found = bench.trial(options)

    assert said in found.err, found.err
    assert (found.status, found.out) == (2, "")
    assert 1 <= sum(line.startswith("error: ") for line in found.err.splitlines()) <= 2, found.err
    assert bench.server.requests == []
    assert not (bench.folder / "t.trial.jsonl").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("temperature: 0", f"user: {KEY}", "t.yaml:4:32: params.user: this looks like an API key"),
        ("label, labels: [positive, negative]", "label, labels: [good, bad]", "reviews.jsonl: lines 1, 2, 3"),
        ("model: gpt-4o-mini", "model: gpt-4o-mimi", 't.yaml:7:17: models.weak.model: unknown model "gpt-4o-mimi"'),
        ("items: reviews", "items: none", "cannot read none.jsonl: no such file or directory"),
        ("TRIAL_KEY}\n  strong", "OTHER_KEY}\n  strong", "the environment variable OTHER_KEY has no key"),
    ],
)
def test_a_fault_of_task_items_prices_or_keys_sends_nothing(bench: Bench, old: str, new: str, said: str) -> None:
    bench.write((old, new))
    refused(bench, said)


def test_a_prompt_beyond_the_context_window_sends_nothing(bench: Bench) -> None:
    rows = ({"id": f"r{x}", "text": "good " * x * 130_000, "label": "positive"} for x in (1, 2))
    (bench.folder / "reviews.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    refused(bench, "4 prompts do not fit")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--max-usd 0", '--max-usd "0" is not a limit'),
        ("--max-usd 0.000001", "--max-usd 0.00000885 is the least that sends one"),
        ("--max-usd 1 --weak gpt-4o-mimi", 'unknown model "gpt-4o-mimi"'),
        ("--max-usd 1 --tier flex", 'has no tier "flex"'),
        ("--max-usd 1 --tier batch", "--tier batch answers within a day"),
        ("--max-usd 1 -n 13", "--items 13 is not from 2 to 12"),
        ("--max-usd 1 -n 0", '-n "0" is not a whole number of at least 2'),
        ("--max-usd 1 --concurrency 33", "--concurrency 33 is above 32"),
        ("--regrade", "there is nothing to grade again"),
        ("--max-usd 1 --run reviews.jsonl", "reviews.jsonl is not the run of a trial"),
    ],
)
def test_a_fault_of_an_option_sends_nothing(bench: Bench, options: str, said: str) -> None:
    refused(bench, said, options)


def test_a_key_that_cannot_be_a_header_sends_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL_KEY", "sk-a b")
    refused(bench, "the weak model cannot be asked: the key in the environment variable TRIAL_KEY has a space")
    assert "not ready to send: the key in the environment variable TRIAL_KEY has a space" in " ".join(bench.trial().out.split())  # fmt: skip


def test_the_run_of_another_trial_is_not_gone_on_with(bench: Bench) -> None:
    bench.trial("--max-usd 0.0003")
    before = len(bench.server.requests)
    bench.write(("max_tokens: 10", "max_tokens: 11"))
    said = "t.trial.jsonl is the run of another trial, with different weak model: params; strong model: params"
    for options in ("", "--max-usd 1"):
        assert said in " ".join(bench.trial(options).err.split())
    assert len(bench.server.requests) == before


def test_a_run_in_use_or_damaged_is_left_alone(bench: Bench) -> None:
    from llmcost.tables.lock import take

    bench.trial("--max-usd 0.0003")
    before = len(bench.server.requests)
    path = bench.folder / "t.trial.jsonl"
    with path.open("rb+") as file:
        take(file.fileno())
        assert "t.trial.jsonl is in use by another llmcost trial" in bench.trial("--max-usd 1").err
        assert bench.trial().status == 0
    text = path.read_text()
    path.write_text(text.replace('{"kind":"answer"', "{", 1))
    assert "error: t.trial.jsonl:3:2: not JSON: " in bench.trial("--max-usd 1").err
    assert len(bench.server.requests) == before
