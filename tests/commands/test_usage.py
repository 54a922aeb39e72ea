"""`llmcost usage`: files, folders, patterns and saved runs; the same sums whatever the way to them."""

from __future__ import annotations

import gzip
import io
import json
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from llmcost.commands.usage.command import LogOptions
from llmcost.shell.values import day_or_days
from tests.conftest import Run

CHAT = {
    "object": "chat.completion",
    "created": 1_793_491_200,
    "model": "gpt-4o",
    "usage": {"prompt_tokens": 1_000_000, "completion_tokens": 0},
}
BUCKET = {"object": "bucket", "start_time": 1_793_491_200, "end_time": 1_793_577_600}


def lines(*rows: Any) -> str:
    return "".join(f"{json.dumps(x)}\n" for x in rows)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with a folder of logs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logs" / "old").mkdir(parents=True)
    one, two, three = ({**CHAT, "id": f"c{x}"} for x in range(3))
    odd = {**CHAT, "id": "x", "model": "my-model"}
    (tmp_path / "logs/a.jsonl").write_text(lines(one, two, odd, {"error": "x"}) + "broken\n", encoding="utf-8")
    (tmp_path / "logs/old/b.jsonl.gz").write_bytes(gzip.compress(lines(two, three).encode()))
    (tmp_path / "logs/settings.json").write_text('{"theme": "dark"}', encoding="utf-8")
    (tmp_path / "logs/notes.md").write_text("no log", encoding="utf-8")
    return tmp_path


def run_json(run: Run, *arguments: str) -> Any:
    """Return the JSON of a run."""
    return json.loads(run("usage", *arguments, "-f", "json").out, parse_float=Decimal)


@pytest.mark.usefixtures("here")
def test_a_folder_is_summed_and_what_is_left_out_is_told(run: Run) -> None:
    said = run("usage", "logs")

    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines()[0] == (
        "at least $7.50 for 4 requests on 2026-11-01; 1 of 2 models unpriced (25.0% of the records); "
        "1 row has no known cost (1 unreadable)"
    )
    for line in (
        "Read: 2 files (api-responses), 7 rows",
        "Left out: 1 repeated, 1 failed, 1 unreadable",
        "[1] not priced, unknown model my-model: 1 request, 1,000,000 tokens (to price it: --map my-model=MODEL)",
        "Note: the first row of unknown cost: logs/a.jsonl:5:1: not JSON: expecting value",
        "Note: not read, unknown format: logs/settings.json",
    ):
        assert line in said.out
    assert "Rows: 7 = 4 records + 1 repeated + 1 failed + 1 unreadable\n" in run("usage", "logs", "--details").out


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "paths",
    [
        ["logs"],
        ["logs/a.jsonl", "logs/old/b.jsonl.gz"],
        ["logs/old/b.jsonl.gz", "logs/a.jsonl"],
        ["logs/**/*.jsonl*"],
        ["logs", "logs/a.jsonl", "./logs/../logs/old"],
    ],
)
def test_the_same_files_are_the_same_sums(run: Run, paths: list[str]) -> None:
    totals = run_json(run, *paths)["totals"]

    assert (totals["requests"], totals["repriced_usd"]) == (4, Decimal("7.5"))
    assert totals["dropped"] == {"duplicates": 1, "errors": 1, "unreadable": 1}


@pytest.mark.parametrize("paths", [["logs"], ["logs/[adp]*"], ["logs", "logs/*.jsonl"]])
def test_a_pipe_that_is_found_is_told_and_one_that_is_named_is_read(run: Run, here: Path, paths: list[str]) -> None:
    os.mkfifo(here / "logs/pipe.jsonl")
    (here / "logs/device.json").symlink_to("/dev/zero")
    notes = [x["text"] for x in run_json(run, *paths)["notes"]]
    refused = run("usage", "logs/pipe*")

    assert "not read, not a regular file: logs/device.json and 1 more" in notes
    assert "no log of a known format in logs/pipe*\n  not a regular file: logs/pipe.jsonl\n" in refused.err
    with ThreadPoolExecutor() as writer:
        writer.submit((here / "logs/pipe.jsonl").write_text, lines({**CHAT, "id": "p"}), "utf-8")
        assert run("usage", "logs/pipe.jsonl").out.startswith("$2.50 for 1 request")


def test_a_link_in_a_folder_is_read_where_it_leads_to_a_log_and_told_where_it_leads_nowhere(
    run: Run, here: Path
) -> None:
    (here / "elsewhere").mkdir()
    (here / "elsewhere/c.jsonl").write_text(lines({**CHAT, "id": "c"}), encoding="utf-8")
    for name, to in (("c.jsonl", "../elsewhere/c.jsonl"), ("again.jsonl", "a.jsonl"), ("old2", "../elsewhere")):
        (here / "logs" / name).symlink_to(to)
    (here / "logs/gone.jsonl").symlink_to("nowhere")
    found = run_json(run, "logs")

    assert (found["totals"]["requests"], found["totals"]["repriced_usd"]) == (5, Decimal(10))
    assert "not read, not a regular file: logs/gone.jsonl and 1 more" in [x["text"] for x in found["notes"]]
    assert found["read"]["not_read"] == ["logs/settings.json", "logs/gone.jsonl", "logs/old2"]


def test_logs_that_were_rotated_or_have_other_names_are_read_or_told(run: Run, here: Path) -> None:
    for name in ("c.jsonl.1", "D.JSON", "e.log.2.gz", "f.jsonl.zst"):
        text = lines({**CHAT, "id": name}).encode()
        (here / "logs" / name).write_bytes(
            gzip.compress(text) if name.endswith("gz") else text[: 40 if "zst" in name else None]
        )
    found = run_json(run, "logs")

    assert (found["totals"]["requests"], found["read"]["files"]) == (7, 5)
    assert found["read"]["not_read"] == ["logs/f.jsonl.zst", "logs/settings.json"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            lines(CHAT) + "\n" + lines({**CHAT, "id": "y", "usage": {"prompt_tokens": "?"}}),
            "log.json:3: with impossible counts",
        ),
        (
            lines(CHAT, {**CHAT, "id": "y", "usage": {"prompt_tokens": 5, "completion_tokens": None}}),
            "log.json:2: with an empty count",
        ),
        (
            json.dumps({**BUCKET, "results": [{"amount": {"value": x, "currency": "usd"}} for x in (1, "?")]}),
            "log.json, row 2: unreadable",
        ),
    ],
)
def test_the_first_row_of_unknown_cost_has_a_place(run: Run, here: Path, text: str, place: str) -> None:
    (here / "log.json").write_text(text)

    assert f"the first row of unknown cost: {place}" in [x["text"] for x in run_json(run, "log.json")["notes"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"model": "gpt-4o",\n "usage": }', "error: log.json:2:11: not JSON: expecting value\n  llmcost usage --help"),
        (" \n", "error: log.json has no rows\n"),
        ('{"object": "list", "data": []}', "error: log.json has no row of a known format\n"),
    ],
)
def test_a_log_that_is_none(run: Run, here: Path, text: str, said: str) -> None:
    (here / "log.json").write_text(text)
    refused = run("usage", "log.json")

    assert (refused.status, refused.out) == (2, "")
    assert refused.err.startswith(said)


@pytest.mark.usefixtures("here")
def test_a_saved_run_is_a_source(run: Run) -> None:
    whole = run_json(run, "logs")
    assert run("usage", "logs", "-o", "usage.json").err == "wrote usage.json\n"

    again = {**run_json(run, "usage.json"), "read": whole["read"]}
    mapped = run_json(run, "usage.json", "--map", "my-model=gpt-4o", "--by", "month")

    read, *_ = whole["shown"]["assumptions"]
    assert read == "Read: 2 files (api-responses), 7 rows"
    again["shown"]["assumptions"][0] = read
    again["shown"]["of_whole"] = whole["shown"]["of_whole"]  # places in the notes
    assert {**again, "notes": 0} == {**whole, "notes": 0}
    assert [(x["month"], x["repriced_usd"]) for x in mapped["groups"]] == [("2026-11", 10)]
    assert run("report", "usage.json").status == 0


@pytest.mark.usefixtures("here")
def test_what_an_earlier_run_wrote_there_is_not_read_again(run: Run) -> None:
    for _ in range(2):
        assert run("usage", "logs", "-o", "logs/usage.json").status == 0
    assert run_json(run, "logs/usage.json")["totals"]["requests"] == 4


def test_standard_input_and_what_a_log_does_not_say(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "in").write_text(lines({**CHAT, "created": None, "id": "c"}), encoding="utf-8")
    with (here / "in").open() as file:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.FileIO(file.fileno(), closefd=False)))
        said = run("usage", "-")
    assert "1 request: cost unknown; 1 of 1 model unpriced" in said.out
    assert "not priced, no date: 1 request, 1,000,000 tokens (to price it: --on DATE)" in said.out
    assert run_json(run, "in", "--on", "2024-07-01", "--provider", "openai")["totals"]["repriced_usd"] == 5
    assert run_json(run, "in", "--on", "2026-11-01", "--log-format", "azure-openai")["cells"][0]["provider"] == "azure"


def test_rows_by_what_is_asked_for_and_only_some(run: Run, here: Path) -> None:
    rows = [
        {"response": {**CHAT, "id": str(n)}, "user_id": user, "timestamp": f"2026-11-0{n}"}
        for n, user in enumerate(["a", "b", "a", None], 1)
    ]
    (here / "wrapped.jsonl").write_text(lines(*rows), encoding="utf-8")

    by_user = run_json(run, "wrapped.jsonl", "--by", "user")["groups"]
    some = run_json(run, "wrapped.jsonl", "--where", "user=a", "--since", "2026-11-02", "--by", "day")["groups"]

    assert [(x["user"], x["requests"], x["share_pct"]) for x in by_user] == [("a", 2, 50), (None, 1, 25), ("b", 1, 25)]
    assert [x["day"] for x in some] == ["2026-11-03"]
    assert "user" not in run_json(run, "wrapped.jsonl")["cells"][0]
    assert "Note: the logs do not say the key of a request" in run("usage", "wrapped.jsonl", "--by", "key").out
    assert "standard" in run("usage", "wrapped.jsonl", "--by", "tier").out


def test_buckets_charges_and_counts_that_are_not_known_are_told(run: Run, here: Path) -> None:
    buckets = {
        "object": "bucket",
        "start_time": 1_793_491_200,
        "results": [{"model": "gpt-4o", "input_tokens": 1000}, 5],
    }
    charges = {
        "object": "bucket",
        "start_time": 1_793_491_200,
        "results": [{"amount": {"value": 2, "currency": "usd"}, "line_item": "x"}],
    }
    strange = {**CHAT, "usage": {**CHAT["usage"], "odd_tokens": 5}}  # type: ignore[dict-item]
    for name, row in (("b", buckets), ("c", charges), ("s", strange)):
        (here / f"{name}.json").write_text(lines(row), encoding="utf-8")

    said = run("usage", "b.json", "c.json", "s.json", "--details").out

    assert "Left out: 1 unreadable" in said
    assert said.startswith("at least $2.50 for 2 records on 2026-11-01; 1 row has no known cost (1 unreadable)\n")
    assert "sums of many requests are priced as short requests" in said
    assert "the cost report among the files adds up to $2.00" in said
    assert "unknown counts, not included in the cost: odd_tokens" in said
    assert run("usage", "c.json").out.startswith("1 record on 2026-11-01: $2.00 as logged")


def test_what_cannot_be_meant(run: Run, here: Path) -> None:
    (here / "three.yaml").write_text("version: 1\n", encoding="utf-8")
    (here / "nothing.jsonl").touch()
    for arguments, words in (
        (["nowhere.jsonl"], "cannot read nowhere.jsonl: no such file"),
        (["*.csv"], "no file matches *.csv"),
        (
            ["logs/settings.json"],
            "logs/settings.json has no row of a known format\n  llmcost usage --help --details lists",
        ),
        (["logs/a.jsonl", "--log-format", "codex"], "logs/a.jsonl has no row of the format codex"),
        (["nothing.jsonl"], "error: nothing.jsonl has no rows\n"),
        (
            ["three.yaml"],
            "three.yaml has no row of a known format\n  to check a llmcost.yaml: llmcost check three.yaml",
        ),
        (["logs", "--where", "color=red"], "unknown column color"),
        (["logs", "--where", "model=x"], "no record matches model=x\n  model is gpt-4o, my-model"),
        (["logs", "--since", "2026-12-01"], "no record matches --since\n  days are 2026-11-01 to 2026-11-01"),
        (["logs", "--since", "2026-12-01", "--until", "2026-11-01"], "--since 2026-12-01 is after --until 2026-11-01"),
        (["logs", "--where", "user"], '--where "user" is not COLUMN=VALUE\n  write it as project=web'),
        (["logs", "--map", "x"], "is not NAME=MODEL"),
        (["logs", "--map", "my-model=gpt-5o"], 'unknown model "gpt-5o"'),
        (["logs", "--provider", "opnai"], "did you mean: openai?"),
        (["logs", "--log-format", "openai"], "did you mean"),
        ([], "no log given, and no sessions of a coding agent found"),
    ):
        said = run("usage", *arguments)
        assert (said.status, said.out) == (2, ""), arguments
        assert words in said.err
    (here / "logs/more.json").write_text("{}", encoding="utf-8")
    assert "not read, unknown format: logs/more.json and 1 more" in run("usage", "logs").out
    (here / "long.jsonl").write_text(lines({"a": 1}) * 300, encoding="utf-8")
    assert "long.jsonl has no row of a known format" in run("usage", "long.jsonl").err
    (here / "empty").mkdir()
    assert "no log of a known format in empty" in run("usage", "empty").err
    run("usage", "logs", "-o", "usage.json")
    assert "usage.json: the saved run has no column user" in run("usage", "usage.json", "--by", "user").err


def test_records_of_pages_that_were_not_read_are_missing(run: Run, here: Path) -> None:
    """An export of several pages is whole with its last page; costs are another export than usage."""
    result, cost = (
        {"model": "gpt-4o", "input_tokens": 1000},
        {"amount": {"value": 2, "currency": "usd"}, "line_item": "x"},
    )
    for name, row, more in (("p1", result, True), ("p2", {**result, "input_tokens": 7}, False), ("c", cost, False)):
        bucket = {"object": "bucket", "start_time": 1_793_491_200, "results": [row]}
        (here / f"{name}.json").write_text(lines({"object": "page", "has_more": more, "data": [bucket]}))
    told = "Note: records are missing: another page follows p1.json, and was not read"

    assert told in run("usage", "p1.json", "c.json", "-o", "usage.json").err + run("usage", "p1.json", "c.json").out
    assert run_json(run, "usage.json")["read"]["files_unfinished"] == 1
    assert told.replace("p1", "usage") in run("usage", "usage.json").out
    assert "records are missing" not in run("usage", "p1.json", "p2.json").out
    assert (
        "both in a saved run and in another file counts twice" in run("usage", "usage.json", "p1.json", "--details").out
    )


def test_further_parts_of_a_row_are_told(run: Run, here: Path) -> None:
    usage = {"input_tokens": 1_000_000, "cache_read_input_tokens": 0, "output_tokens": 0}
    usage["iterations"] = [{"type": "compaction", "input_tokens": 0, "output_tokens": 0, "cache_read_input_tokens": 1}]  # type: ignore[assignment]
    message = {"id": "m", "model": "claude-opus-5", "usage": usage}
    row = {"type": "assistant", "sessionId": "s", "timestamp": "2026-11-01", "message": message}
    (here / "s.jsonl").write_text(lines(row), encoding="utf-8")

    said = run("usage", "s.jsonl", "--details")

    assert "Rows: 1 and 1 further part of them = 2 records\n" in said.out
    assert said.out.startswith("$5.00 for 1 request on 2026-11-01")


def test_without_a_path_the_sessions_of_this_machine(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = {"input_tokens": 1_000_000, "cache_read_input_tokens": 0, "output_tokens": 0}
    at, message = "2026-11-01T00:00:00Z", {"id": "m", "model": "claude-opus-5", "usage": usage}
    told = {"type": "token_count", "info": {"last_token_usage": {"input_tokens": 1_000_000}}}
    said = {"type": "gemini", "id": "g", "timestamp": at, "model": "gemini-2.5-pro", "tokens": {"input": 100_000}}
    wrote = {
        "id": "o",
        "sessionID": "s",
        "role": "assistant",
        "modelID": "gpt-4o",
        "tokens": {"input": 1000, "output": 0},
    }
    sessions = {
        "claude/projects/p/s.jsonl": [{"type": "assistant", "sessionId": "s", "timestamp": at, "message": message}],
        "codex/archived_sessions/r.jsonl": [
            {"type": "turn_context", "payload": {"model": "gpt-5.3-codex"}},
            {"type": "event_msg", "timestamp": at, "payload": told},
        ],
        ".gemini/tmp/one/chats/session-1.jsonl": [said],
        ".gemini/tmp/two/chats/session-2.jsonl": [said],
        "share/opencode/storage/message/s/msg_o.json": [{**wrote, "time": {"created": 1_793_491_200_000}}],
    }
    for name, rows in sessions.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text(lines(*rows), encoding="utf-8")
    with closing(sqlite3.connect(here / "share/opencode/opencode.db")) as empty:
        empty.execute("CREATE TABLE message (id TEXT)")
    for name, folder in (("CLAUDE_CONFIG_DIR", "none, claude"), ("CODEX_HOME", "codex"), ("XDG_DATA_HOME", "share")):
        monkeypatch.setenv(name, folder)
    os.mkfifo(here / "share/opencode/opencode-2.db")
    monkeypatch.setattr(Path, "home", lambda: here)

    found = run("usage")

    assert found.out.startswith("$6.88 for 4 requests on 2026-11-01")
    assert "Read: 5 files (claude-code, codex, gemini-cli, opencode), 6 rows" in found.out
    assert found.err.splitlines() == [
        f"reading Claude Code: {Path('claude/projects')}",
        f"reading Codex: {Path('codex/archived_sessions')}",
        f"reading Gemini CLI: {here / '.gemini/tmp/*/chats'} (2)",
        f"reading OpenCode: {Path('share/opencode/storage/message')}",
        f"reading OpenCode: {Path('share/opencode/opencode*.db')}",
    ]


def test_what_cannot_be_known_of_a_session_is_a_detail(run: Run, here: Path) -> None:
    """Compaction makes sums shrink (Claude-Code-Usage-Monitor#226); nobody says how long a write lasts (models.dev#2814)."""
    usage = {"input_tokens": 1, "cache_creation_input_tokens": 9, "output_tokens": 1}
    message = {"id": "m", "model": "claude-opus-5", "usage": usage}
    row = {"type": "assistant", "sessionId": "s", "timestamp": "2026-11-01", "message": message}
    (here / "s.jsonl").write_text(lines(row), encoding="utf-8")

    said = " ".join(run("usage", "s.jsonl", "--details").out.split())

    assert "old sessions, so totals can shrink: keep them with -o usage.json" in said
    assert "cache writes whose lifetime is not logged are priced at the 5-minute rate" in said
    assert "totals can shrink" not in run("usage", "s.jsonl").out


def test_a_bill_has_no_column_of_costs_beside_what_was_billed(run: Run, here: Path) -> None:
    """A bill in CSV with a byte order mark, as vendors write it."""
    text = "usage_date_utc,model,token_type,cost_usd\n2026-08-04,Claude Haiku 4.5,output,0.05\n"
    (here / "cost.csv").write_text(text, encoding="utf-8-sig")

    said = run("usage", "cost.csv")

    assert said.out.startswith("1 record on 2026-08-04: $0.05 as logged\n\nModel             Logged\n")
    assert "Cost" not in said.out


def test_a_model_of_several_providers_asks_for_one(run: Run, here: Path) -> None:
    (here / "log.jsonl").write_text(lines({**CHAT, "model": "gpt-oss-120b"}), encoding="utf-8")

    assert (
        "gpt-oss-120b is sold by several providers: 1 request, 1,000,000 tokens (to price it: --provider PROVIDER)"
        in (run("usage", "log.jsonl").out.replace("\n    ", " "))
    )
    assert run("usage", "log.jsonl", "--provider", "groq").out.startswith("$0.15 for 1 request")


@pytest.mark.usefixtures("here")
def test_a_small_file_loads_no_engine() -> None:
    code = (
        "import sys; from llmcost.shell.main import main; main(['usage', 'logs/a.jsonl', '-q']);"
        "print([x for x in ('duckdb', 'narwhals', 'pyspark', 'orjson', 'sqlite3', 'tiktoken', 'pathspec', 'yaml', 'statistics')"
        " if x in sys.modules])"
    )

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.endswith(
        "[]\n"
    )


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("7d", None, ("2026-11-16", "2026-11-22")),
        ("7d", "2026-11-20", ("2026-11-16", "2026-11-20")),
        ("2026-11-01", "7d", ("2026-11-01", "2026-11-16")),
        ("2026-11-01", None, ("2026-11-01", "None")),
        (None, None, ("None", "None")),
    ],
)
def test_the_last_days_are_whole_ones(since: str | None, until: str | None, days: tuple[str, str]) -> None:
    given = [None if x is None else day_or_days(x, "--since") for x in (since, until)]

    assert tuple(map(str, LogOptions(since=given[0], until=given[1]).between(date(2026, 11, 23)))) == days
