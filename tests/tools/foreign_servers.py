"""What the sender of `llmcost trial` does to servers that others wrote, which count and judge what they get.

python -m tests.tools.foreign_servers llmock             quotas, errors, outages: its strict verdict must pass
python -m tests.tools.foreign_servers aimock FOLDER      chaos, a wrong key, kills: its journal must agree with our lines

FOLDER is one where `npm install @copilotkit/aimock` ran. Prints a line a case; exits with 1 if a case fails. Takes two
minutes each, for quotas are real.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

from llmcost.evals.ledger import Answered, Attempt, End, Failed, Stopped, Wanted
from llmcost.net.chat import Sender
from llmcost.net.endpoint import Endpoint
from llmcost.net.pace import Pace
from llmcost.net.send import run_calls

KEY = "sk-right-key-123"
FINAL = (400, 401, 403, 404, 422)
HEARD = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Seen:
    """A book in memory, and how sending ended."""

    def __init__(self) -> None:
        self.sent: list[Attempt] = []
        self.ends: list[tuple[Attempt, Answered | Failed]] = []
        self.over = Stopped(End.COMPLETE)
        self.seconds = 0.0

    def open(self, wanted: Wanted, attempt: int) -> Attempt | None:
        self.sent.append(Attempt(len(self.sent) + 1, wanted, attempt))
        return self.sent[-1]

    def close(self, attempt: Attempt, end: Answered | Failed) -> None:
        self.ends.append((attempt, end))

    def stopped(self) -> None:
        return None

    @property
    def answers(self) -> int:
        return sum(isinstance(end, Answered) for _, end in self.ends)

    @property
    def faults(self) -> dict[str, int]:
        return dict(Counter(end.why for _, end in self.ends if isinstance(end, Failed)))

    @property
    def statuses(self) -> dict[int | None, int]:
        return dict(Counter(end.status for _, end in self.ends))

    def __str__(self) -> str:
        most = max(Counter(x.call[:2] for x in self.sent).values(), default=0)
        counts = f"{self.answers} answers, {len(self.sent)} sent, at most {most} a call, {self.seconds:.1f} s"
        return f"{counts}, {self.statuses} {self.faults} {self.over.end} {self.over.why}"


def ask(url: str, items: int, *, concurrency: int = 8, patience: float = 600.0, key: str = KEY) -> Seen:
    """Send both calls of so many items."""

    def wanted() -> Iterator[Wanted]:
        for number in range(items):
            for side, model in (("weak", "gpt-4o-mini"), ("strong", "gpt-4o")):
                messages = [{"role": "system", "content": "Classify."}, {"role": "user", "content": f"text {number}"}]
                body = {"model": model, "messages": messages, "max_tokens": 10, "temperature": 0}
                yield Wanted(f"r{number}", side, body, Decimal("0.00001"), canary=number < 3)

    seen, sides = Seen(), ("weak", "strong")
    pace = Pace(wanted(), dict.fromkeys(sides, url), concurrency=concurrency, patience=patience)
    sender = Sender(dict.fromkeys(sides, Endpoint(f"{url}/v1", key)), timeout=20)
    start = time.monotonic()
    seen.over = run_calls(pace, sender.post, seen, stop=Event(), timeout=20)
    seen.seconds = time.monotonic() - start
    return seen


@contextmanager
def running(*command: str, **environment: str) -> Iterator[str]:
    """Run a server, to whose command `PORT` is a free port, until the block ends; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [str(port) if x == "PORT" else x for x in command]
    process = subprocess.Popen(
        words, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def heard(url: str, body: dict[str, Any] | None = None) -> Any:
    """What a server's own address says."""
    data = None if body is None else json.dumps(body).encode()
    with HEARD.open(urllib.request.Request(url, data), timeout=20) as response:
        return json.load(response)


def llmock(*options: str) -> Any:
    """Run llmock with these options."""
    return running(sys.executable, "-m", "llmock.cli", "serve", "--port", "PORT", "--log-level", "error", *options)


def verdict(url: str) -> bool:
    """Whether `llmock report --strict` passes."""
    report = [sys.executable, "-m", "llmock.cli", "report", "--strict", "--url", url]
    ended = subprocess.run(report, capture_output=True, text=True, check=False)
    if ended.returncode:
        print(ended.stdout)
    return ended.returncode == 0


def quota(*options: str, concurrency: int = 8, most: int) -> Iterator[tuple[str, bool, Seen]]:
    """160 answers within a quota."""
    with llmock(*options) as url:
        seen = ask(url, 80, concurrency=concurrency)
        ok = seen.answers == 160 and len(seen.sent) <= most and verdict(url)
        yield f"llmock {' '.join(options)}, {concurrency} places", ok, seen


def scripted() -> Iterator[tuple[str, bool, Seen]]:
    """What is never sent again, a Retry-After, an outage."""
    with llmock() as url:
        for status in FINAL:
            heard(f"{url}/_llmock/reset", {})
            heard(f"{url}/_llmock/scenario", {"behaviors": [{"type": "fail", "status": status, "times": None}]})
            seen = ask(url, 1)
            once = all(x.attempt == 1 for x in seen.sent)
            yield f"llmock answers {status}", seen.answers == 0 and once and verdict(url), seen
        heard(f"{url}/_llmock/reset", {})
        late = {"type": "fail", "status": 429, "times": 1, "retry_after": 3}
        heard(f"{url}/_llmock/scenario", {"behaviors": [late]})
        seen = ask(url, 10)
        yield "llmock asks to wait 3 s", seen.answers == 20 and 3 <= seen.seconds < 6 and verdict(url), seen
        heard(f"{url}/_llmock/reset", {})
        heard(f"{url}/_llmock/scenario", {"behaviors": [{"type": "fail", "status": 503, "times": None}]})
        seen = ask(url, 80, patience=10)
        ended = seen.over.end == End.REFUSED and 10 <= seen.seconds < 40
        yield "llmock is down for longer than the patience", ended and verdict(url), seen


def of_llmock() -> Iterator[tuple[str, bool, object]]:
    """The cases of llmock."""
    yield from scripted()
    yield from quota("--rpm", "120", "--error-rate", "500=0.05", most=185)
    yield from quota("--rpm", "120", "--error-rate", "500=0.05", concurrency=32, most=185)
    yield from quota("--tpm", "4000", concurrency=32, most=240)


def aimock(folder: str, *options: str) -> Any:
    """Run aimock, which answers "Positive" to a holder of the key, with these options; its journal has no end."""
    script = str(Path(folder, "node_modules", "@copilotkit", "aimock", "dist", "cli.js"))
    usage = {"prompt_tokens": 31, "completion_tokens": 1, "total_tokens": 32}
    said = {"fixtures": [{"match": {"endpoint": "chat"}, "response": {"content": "Positive", "usage": usage}}]}
    fixtures = Path(tempfile.mkdtemp(), "fixtures.json")
    fixtures.write_text(json.dumps(said), encoding="utf-8")
    command = ["node", script, "-p", "PORT", "-f", str(fixtures), "--strict", "--journal-max", "0", *options]
    return running(*command, AIMOCK_API_KEYS=KEY)


def of_aimock(folder: str) -> Iterator[tuple[str, bool, object]]:
    """The cases of aimock."""
    chaos = ("--chaos-drop", ".04", "--chaos-malformed", ".02", "--chaos-disconnect", ".02")
    with aimock(folder, "--chaos-ratelimit", ".08", *chaos) as url:
        seen = ask(url, 150)
        served = len(heard_with_key(f"{url}/__aimock/journal"))
        yield "aimock with chaos", seen.answers == 300 and served == len(seen.sent), seen
        seen = ask(url, 150, key="sk-wrong-key-123")
        once = seen.over.end == End.REFUSED and seen.statuses == {401: 1} and "wrong-key" not in str(seen)
        yield "aimock with a wrong key", once, seen
    with aimock(folder, "--chaos-latency", "40", *chaos) as url, tempfile.TemporaryDirectory() as place:
        yield killed(url, Path(place))


TASK = """\
schema: llmcost.trial/1
items: items.jsonl
messages:
  - {{role: system, content: "Classify the sentiment as positive, negative or neutral. One word."}}
  - {{role: user, content: "{{{{text}}}}"}}
params: {{max_tokens: 10, temperature: 0}}
grade: {{type: label, labels: [positive, negative, neutral]}}
models:
  weak: {{model: gpt-4o-mini, base_url: {url}/v1, key_env: A_KEY}}
  strong: {{model: gpt-4o, base_url: {url}/v1, key_env: A_KEY}}
margin: 5
"""


def killed(url: str, place: Path, *, items: int = 300, kills: int = 20, cap: str = "0.05") -> tuple[str, bool, object]:
    """Ask about so many items with a command that is killed so many times, then let it end."""
    rows = ({"text": f"text {number}", "label": "positive"} for number in range(items))
    (place / "items.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (place / "task.yaml").write_text(TASK.format(url=url), encoding="utf-8")
    command = [sys.executable, "-m", "llmcost", "trial", "task.yaml", "--max-usd", cap, "-f", "json"]
    environment = os.environ | {"A_KEY": KEY, "LLMCOST_DEBUG": "1", "PYTHONPATH": str(Path.cwd())}
    random, said, files = Random(1), "", 0
    for _ in range(kills):
        process = subprocess.Popen(
            command, cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        before, until = files, time.monotonic() + 20
        while files == before and process.poll() is None and time.monotonic() < until:  # it sends again
            time.sleep(0.02)
            files = sum(x.stat().st_size for x in place.glob("*.trial.jsonl"))
        time.sleep(random.uniform(0.05, 0.4))
        process.kill()
        said += process.communicate()[0]
        files = sum(x.stat().st_size for x in place.glob("*.trial.jsonl"))
    ended = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    said += ended.stdout + ended.stderr
    (file,) = place.glob("*.trial.jsonl")
    lines = [json.loads(x) for x in file.read_text("utf-8").splitlines()]
    sent = {x["call"]: (x["item"], x["side"]) for x in lines if x["kind"] == "sent"}
    answers = Counter(sent[x["call"]] for x in lines if x["kind"] == "answer")
    served = len(heard_with_key(f"{url}/__aimock/journal"))
    facts = json.loads(ended.stdout)
    spent, at_risk = Decimal(str(facts["spent_usd"])), Decimal(str(facts["at_risk_usd"]))
    leaked = KEY in said or any(KEY in x.read_text("utf-8") for x in place.iterdir())
    ok = len(answers) == 2 * items and set(answers.values()) == {1} and served <= len(sent) and not leaked
    ok = ok and spent + at_risk <= Decimal(cap) and ended.returncode in (0, 1)
    told = f"{len(answers)} answers, {len(sent)} sent, {served} in its journal, ${spent} spent, ${at_risk} at risk"
    return f"aimock while the command is killed {kills} times", ok, f"{told}, key {'TOLD' if leaked else 'not told'}"


def heard_with_key(url: str) -> Any:
    """What an address that asks for the key says."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {KEY}"})
    with HEARD.open(request, timeout=20) as response:
        return json.load(response)


CASES: dict[str, Callable[..., Iterator[tuple[str, bool, object]]]] = {"llmock": of_llmock, "aimock": of_aimock}


def main(name: str, *arguments: str) -> int:
    """Run the cases of a server; return 1 if one fails."""
    failed = 0
    for case, ok, seen in CASES[name](*arguments):
        print("pass" if ok else "FAIL", f"{case}:", seen, flush=True)
        failed += not ok
    print(f"{failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
