"""How long `llmcost usage` takes on large logs, how much memory, and whether its totals are exact.

`python -m tests.perf.usage [N] [FORM...]`. Logs of N requests (100,000) are made in three forms, with what they have
and cost counted in integers on the way: OpenAI's answers with repeated lines, OpenTelemetry spans under agents' spans
that repeat them, sessions of Claude Code with stream steps, forks, side chains and progress. Each is read by a process
of its own, once, and its lines by `json.loads` alone; seconds are those of the processor.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from llmcost.usage.readers import names

START = 1_788_220_800  # 2026-09-01, and 30 days from then on
LOADS = """
import json, pathlib, sys
for path in pathlib.Path(sys.argv[1]).rglob("*.jsonl"):
    for line in path.open("rb"):
        json.loads(line)
"""
FIELDS = (
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
)
RATES: dict[str, tuple[int, int, int, int, int]] = {
    # pico-USD a token: input, cache read, write, write for an hour, output
    "gpt-4o-2024-08-06": (2_500_000, 1_250_000, 2_500_000, 2_500_000, 10_000_000),
    "gpt-4o-mini-2024-07-18": (150_000, 75_000, 150_000, 150_000, 600_000),
    "gpt-4.1-2025-04-14": (2_000_000, 500_000, 2_000_000, 2_000_000, 8_000_000),
    "gpt-5.6": (4_000_000, 400_000, 5_000_000, 5_000_000, 20_000_000),
    "claude-sonnet-4-5-20250929": (3_000_000, 300_000, 3_750_000, 6_000_000, 15_000_000),
    "claude-opus-4-8": (5_000_000, 500_000, 6_250_000, 10_000_000, 25_000_000),
    "claude-haiku-4-5-20251001": (1_000_000, 100_000, 1_250_000, 2_000_000, 5_000_000),
}
LONG = 272_000
LONG_RATES = (8_000_000, 800_000, 10_000_000, 10_000_000, 30_000_000)
HALF = ("gpt-4o-2024-08-06", "gpt-4o-mini-2024-07-18")
"""Sold at half the price in batches, but for what is cached."""


class Tally(Counter[str]):
    """What a log has and costs, in integers."""

    def add(self, model: str, counts: tuple[int, ...], *, batch: bool = False) -> None:
        """Count a request; `counts` are those of FIELDS."""
        total, read, write, longer, output, _ = counts
        rates = LONG_RATES if model == "gpt-5.6" and total > LONG else RATES[model]
        if batch:
            rates = (rates[0] // 2, rates[1], rates[2] // 2, rates[3] // 2, rates[4] // 2)
        used = (total - read - write - longer, read, write, longer, output)
        self["requests"] += 1
        self["pico_usd"] += sum(number * rate for number, rate in zip(used, rates, strict=True))
        for name, number in zip(FIELDS, counts, strict=True):
            self[name] += number


def main() -> None:
    """Make each log, read it and print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("n", type=int, nargs="?", default=100_000, metavar="N", help="requests of each log [100,000]")
    parser.add_argument("forms", nargs="*", choices=[*FORMS, []], metavar="FORM", help=f"of {', '.join(FORMS)} [all]")
    given = parser.parse_args()
    print(f"{'form':<8} {'requests':>10} {'MB':>6} {'loads s':>8} {'usage s':>8} {'ratio':>6} {'peak MB':>8}  totals")
    for form in given.forms or FORMS:
        if form == "otel" and "otel-genai" not in names():
            continue
        with tempfile.TemporaryDirectory(prefix="llmcost-usage-") as folder:
            measured(form, given.n, Path(folder))


def measured(form: str, number: int, folder: Path) -> None:
    """Make a log, read it and print how that went."""
    tally = Tally()
    FORMS[form](number, folder, tally)
    size = sum(x.stat().st_size for x in folder.rglob("*.jsonl")) / 1e6
    loads, _, _ = process([sys.executable, "-c", LOADS, str(folder)])
    taken, peak, out = process([sys.executable, "-m", "llmcost", "usage", str(folder), "-f", "json"])
    totals = json.loads(out, parse_float=Decimal)["totals"]
    wrong = [x for x in ("requests", *FIELDS) if totals[x] != tally[x]]
    if Decimal(totals["repriced_usd"]) * 10**12 != tally["pico_usd"]:
        wrong.append(f"USD {totals['repriced_usd']}, not {Decimal(tally['pico_usd']).scaleb(-12)}")
    verdict = f"WRONG: {', '.join(wrong)}" if wrong else f"exact, ${totals['repriced_usd']}"
    print(
        f"{form:<8} {number:>10,} {size:>6.0f} {loads:>8.1f} {taken:>8.1f} {taken / loads:>6.2f} {peak:>8.0f}  {verdict}",
        flush=True,
    )


def process(words: list[str]) -> tuple[float, float, bytes]:
    """Run a process: its seconds, its peak of memory in MB, what it prints."""
    with subprocess.Popen(words, stdout=subprocess.PIPE) as child:
        out = child.stdout.read() if child.stdout else b""
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = status
    if status:
        raise SystemExit(f"{' '.join(words[:5])} failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, out


def openai(number: int, folder: Path, tally: Tally) -> None:
    """Write answers of chat and responses, of which every 200th line is there twice."""
    draw = random.Random(20261126)
    models = ("gpt-4o-2024-08-06", "gpt-4o-mini-2024-07-18", "gpt-4.1-2025-04-14", "gpt-5.6")
    with (folder / "log.jsonl").open("w", encoding="utf-8") as file:
        for place in range(number):
            model = draw.choices(models, (30, 45, 15, 10))[0]
            given, answered = lengths(draw, often=0.02)
            given = given if model == "gpt-5.6" or given <= 128_000 else given % 120_000 + 500
            read = int(given * draw.random()) // 128 * 128 if draw.random() < 0.45 else 0
            write = min(given - read, draw.randrange(2000)) if model == "gpt-5.6" and draw.random() < 0.2 else 0
            thought = int(answered * draw.random()) if model == "gpt-5.6" else 0
            batch = model in HALF and draw.random() < 0.1
            tally.add(model, (given, read, write, 0, answered, thought), batch=batch)
            common = {"model": model, "service_tier": "batch" if batch else "default", "user": f"u{place % 997}"}
            at = START + place * 30 * 86_400 // number
            row: dict[str, Any]
            if model == "gpt-5.6":
                row = {"id": f"resp_{place:012x}", "object": "response", "created_at": at, **common}
                row["usage"] = {
                    "input_tokens": given,
                    "input_tokens_details": {"cached_tokens": read, "cache_write_tokens": write},
                    "output_tokens": answered,
                    "output_tokens_details": {"reasoning_tokens": thought},
                    "total_tokens": given + answered,
                }
            else:
                row = {"id": f"chatcmpl-{place:012x}", "object": "chat.completion", "created": at, **common}
                message = {"role": "assistant", "content": "lorem ipsum dolor sit amet " * (place % 5)}
                row["choices"] = [{"index": 0, "finish_reason": "stop", "message": message}]
                row["usage"] = {
                    "prompt_tokens": given,
                    "completion_tokens": answered,
                    "total_tokens": given + answered,
                    "prompt_tokens_details": {"cached_tokens": read, "audio_tokens": 0},
                    "completion_tokens_details": {"reasoning_tokens": thought, "audio_tokens": 0},
                }
            file.write(line(row) * (2 if place % 200 == 199 else 1))


def otel(number: int, folder: Path, tally: Tally) -> None:
    """Write spans, eight under an agent's that has their sum, in today's names and in those of before."""
    draw = random.Random(20261127)
    with (folder / "spans.jsonl").open("w", encoding="utf-8") as file:
        for first in range(0, number, 8):
            at = START + first * 30 * 86_400 // number
            of = {"traceId": f"{first:032x}", "startTimeUnixNano": f"{at}000000000", "status": {}}
            agent = f"{2**60 + first:016x}"
            spans = [
                {**of, "spanId": f"{place + 1:016x}", "parentSpanId": agent, "name": "chat", "attributes": attributes}
                for place in range(first, min(first + 8, number))
                for attributes in [span(place, draw, tally)]
            ]
            whole = {"gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": sum(map(given_in, spans))}
            spans.insert(0, {**of, "spanId": agent, "parentSpanId": "", "name": "agent", "attributes": named(whole)})
            scope = {"scope": {"name": "opentelemetry.instrumentation.x"}, "spans": spans}
            file.write(line({"resourceSpans": [{"resource": {"attributes": []}, "scopeSpans": [scope]}]}))


def span(place: int, draw: random.Random, tally: Tally) -> list[dict[str, Any]]:
    """Return the attributes of a call."""
    models = ("claude-sonnet-4-5-20250929", "claude-haiku-4-5-20251001", "gpt-4o-2024-08-06", "gpt-4.1-2025-04-14")
    model = draw.choice(models)
    given, answered = lengths(draw, often=0)
    given = min(given, 150_000)
    read = int(given * draw.random()) if draw.random() < 0.4 else 0
    claude = model.startswith("claude")
    write = min(given - read, draw.randrange(1, 3000)) if claude and draw.random() < 0.2 else 0
    thought = int(answered * draw.random()) if draw.random() < 0.1 and place % 10 else 0
    tally.add(model, (given, read, write, 0, answered, thought))
    found = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic" if claude else "openai",
        "gen_ai.response.model": model,
        "gen_ai.response.id": f"r{place:x}",
    }
    if place % 10 == 0:
        counts = ("prompt_tokens", "completion_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    else:
        counts = ("input_tokens", "output_tokens", "cache_read.input_tokens", "cache_creation.input_tokens")
    numbers = zip(counts, (given, answered, read, write), strict=True)
    return named(
        {
            **found,
            **{f"gen_ai.usage.{name}": number for name, number in numbers},
            **({"gen_ai.usage.reasoning.output_tokens": thought} if thought else {}),
        }
    )


def named(attributes: dict[str, Any]) -> list[dict[str, Any]]:
    """Return attributes as OTLP writes them: whole numbers as text."""
    return [
        {"key": key, "value": {"intValue": str(x)} if isinstance(x, int) else {"stringValue": x}}
        for key, x in attributes.items()
    ]


def given_in(span: dict[str, Any]) -> int:
    """Return the input of a span."""
    names = ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
    return next(int(x["value"]["intValue"]) for x in span["attributes"] if x["key"] in names)


def claude(number: int, folder: Path, tally: Tally) -> None:
    """Write sessions: answers in one to three rows, and rows that copy others."""
    draw = random.Random(20261128)
    left, before = number, list[dict[str, Any]]()
    for session in range(number):
        if not left:
            break
        name = f"{session:08x}-0000-4000-8000-000000000000"
        project = folder / "projects" / f"p{session % 20}"
        project.mkdir(parents=True, exist_ok=True)
        asked = draw.random() < 0.9
        main_rows = [{**x, "sessionId": name} for x in before] if session % 10 == 3 else []  # a session that resumes
        side_rows: list[dict[str, Any]] = []
        mine: list[dict[str, Any]] = []
        at = START + (number - left) * 29 * 86_400 // number
        for place in range(min(draw.randrange(20, 80), left)):
            at += draw.randrange(1, 90)
            aside = draw.random() < 0.25
            rows = list(answer(f"{session:x}-{place:x}", at, draw, tally, aside=aside, asked=asked, session=name))
            (side_rows if aside else main_rows).extend(rows)
            mine += [] if aside else rows
            last = rows[-1]
            if not aside and draw.random() < 0.02:
                side_rows.append({**last, "isSidechain": True, "requestId": f"aside_{place}", "uuid": f"b{place}"})
            if aside and draw.random() < 0.2:
                told = {"type": "agent_progress", "message": last}
                main_rows.append({"type": "progress", "sessionId": name, "timestamp": iso(at), "data": told})
            if draw.random() < 0.01:
                zero = {"model": "<synthetic>", "usage": {"input_tokens": 0, "output_tokens": 0}}
                main_rows.append({**last, "uuid": f"s{place}", "isApiErrorMessage": True, "message": zero})
            message = {"role": "user", "content": "y" * draw.randrange(200)}
            main_rows.append({"type": "user", "sessionId": name, "timestamp": iso(at), "message": message})
            left -= 1
        before = mine
        (project / f"{name}.jsonl").write_text("".join(map(line, main_rows)), encoding="utf-8")
        if side_rows:
            (project / name / "subagents").mkdir(parents=True)
            agents = project / name / "subagents" / f"agent-{session:x}.jsonl"
            agents.write_text("".join(map(line, side_rows)), encoding="utf-8")


def answer(
    key: str, at: int, draw: random.Random, tally: Tally, *, aside: bool, asked: bool, session: str
) -> Iterator[dict[str, Any]]:
    """Yield the rows of an answer; the counts of all but the last are of a part of it."""
    model = draw.choices(("claude-opus-4-8", "claude-sonnet-4-5-20250929", "claude-haiku-4-5-20251001"), (3, 5, 2))[0]
    read, written = draw.randrange(120_000), draw.randrange(9000) if draw.random() < 0.6 else 0
    longer = written if draw.random() < 0.5 else 0
    fresh, answered = draw.randrange(1, 40), draw.randrange(1, 1500)
    tally.add(model, (fresh + read + written, read, written - longer, longer, answered, 0))
    steps = draw.choice((1, 1, 2, 3))
    for step in range(steps):
        usage = {
            "input_tokens": fresh,
            "cache_creation_input_tokens": written,
            "cache_read_input_tokens": read,
            "cache_creation": {"ephemeral_5m_input_tokens": written - longer, "ephemeral_1h_input_tokens": longer},
            "output_tokens": answered if step == steps - 1 else min(answered, draw.randrange(1, 9)),
            "service_tier": "standard",
        }
        content = [{"type": "text", "text": "x" * draw.randrange(400)}]
        yield {
            "isSidechain": aside,
            "cwd": "/p",
            "sessionId": session,
            "version": "2.1.63",
            "type": "assistant",
            "uuid": f"{key}-{step}",
            "timestamp": iso(at),
            "message": {"id": f"msg_{key}", "role": "assistant", "model": model, "content": content, "usage": usage},
            **({"requestId": f"req_{key}"} if asked else {}),
        }


def lengths(draw: random.Random, *, often: float) -> tuple[int, int]:
    """Return the tokens that a request has and gets; so `often` it is a long one."""
    given = int(draw.lognormvariate(6.6, 1.1)) + 8
    return draw.randrange(150_000, 600_000) if draw.random() < often else given, int(draw.lognormvariate(5.2, 0.9)) + 1


def iso(at: int) -> str:
    """Return a time as text."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def line(row: dict[str, Any]) -> str:
    """Return a row as a line of JSON."""
    return json.dumps(row, separators=(",", ":")) + "\n"


FORMS: dict[str, Callable[[int, Path, Tally], None]] = {"openai": openai, "otel": otel, "claude": claude}


if __name__ == "__main__":
    main()
