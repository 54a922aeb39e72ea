"""OpenCode's messages: what was cached stands beside the input, and reasoning is billed once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from llmcost.shell.logs import read_logs
from llmcost.usage.cube import CubeBuilder
from llmcost.usage.readers import detect
from llmcost.usage.readers.opencode import read
from llmcost.usage.record import Drop, UsageRecord

MODEL = {"role": "assistant", "modelID": "gpt-5.2-codex", "providerID": "openai", "time": {"created": 1780000000000}}
CACHED = {"read": 500, "write": 100}


def message(**more: Any) -> dict[str, Any]:
    """Return an answer."""
    return {"id": "m", "sessionID": "s", **MODEL, **more}


def found(**more: Any) -> UsageRecord:
    """Return the record of an answer."""
    record = read(message(**more))
    assert isinstance(record, UsageRecord)
    return record


@pytest.mark.parametrize(
    ("model", "total", "output"),
    [
        ("gpt-5.2-codex", 100 + 600 + 80 + 30, 110),  # as it is now
        ("gpt-5.2-codex", 100 + 600 + 80, 80),  # when the output had the reasoning and both were billed
        ("gpt-5.2-codex", None, 80),
        ("gemini-3-pro-preview", None, 110),
    ],
)
def test_reasoning_is_billed_once_where_the_total_or_the_version_says(
    model: str, total: int | None, output: int
) -> None:
    tokens = {"input": 100, "output": 80, "reasoning": 30, "cache": CACHED, "total": total}

    assert found(modelID=model, tokens=tokens).tokens == {
        "input_tokens": 700,
        "cache_read_tokens": 500,
        "cache_write_tokens": 100,
        "output_tokens": output,
        "reasoning_tokens": 30,
    }


def test_reasoning_above_the_output_is_beside_it() -> None:
    assert found(tokens={"input": 80, "output": 80, "reasoning": 80}).tokens["output_tokens"] == 80
    assert found(tokens={"input": 5, "output": 5}).tokens == {"input_tokens": 5, "output_tokens": 5}
    assert found(tokens={"input": 1, "output": 80, "reasoning": 90}).tokens["output_tokens"] == 170


def test_a_cost_of_0_for_tokens_is_not_known() -> None:
    assert found(tokens={"input": 1}, cost=0).logged_usd is None
    assert found(tokens={"input": 1}, cost=Decimal("0.25")).logged_usd == Decimal("0.25")


def test_a_gateway_has_the_vendor_in_the_name_of_the_model() -> None:
    assert found(tokens={"input": 1}, providerID="openrouter").provider is None
    assert found(tokens={"input": 1}, providerID="google-vertex-anthropic").provider == "vertex"


@pytest.mark.parametrize(
    ("row", "drop"),
    [
        (message(role="user"), Drop.OTHER),
        (message(tokens={"input": 0, "output": 0}), Drop.NO_USAGE),
        (message(), Drop.NO_USAGE),
        (message(error={"name": "APIError"}), Drop.ERROR),
        (message(tokens={"input": -1}), Drop.IMPOSSIBLE),
        (message(tokens={"input": "1"}), Drop.UNREADABLE),
        (message(tokens={"input": 1, "output": []}), Drop.UNREADABLE),
        (message(tokens={"input": 1, "output": 2, "cache": None, "total": 4}), Drop.IMPOSSIBLE),
        ({"table": "message", "id": "m", "session_id": "s", "data": "{"}, Drop.UNREADABLE),
    ],
)
def test_what_is_no_record(row: Mapping[str, Any], drop: Drop) -> None:
    assert read(row) is drop


def test_a_message_counts_once_in_files_a_database_and_its_backup(tmp_path: Path) -> None:
    tokens, path = {"input": 100, "output": 8}, {"root": "/home/me/shop"}
    (tmp_path / "msg_m.json").write_text(json.dumps(message(tokens=tokens), indent=1))
    data = json.dumps({**MODEL, "tokens": tokens, "path": path})
    for name in ("opencode.db", "opencode-backup.db"):
        link = sqlite3.connect(tmp_path / name)
        link.execute("CREATE TABLE event (id TEXT)")
        link.executemany("INSERT INTO event VALUES (?)", [("x",)] * 300)
        link.execute("CREATE TABLE message (id TEXT, session_id TEXT, time_created INTEGER, data TEXT)")
        link.executemany("INSERT INTO message VALUES (?, 's', 0, ?)", [("m", data), ("n", data)])
        link.commit()
        link.close()

    cube, told = read_logs([str(tmp_path)], CubeBuilder(columns=["project"]))

    assert (cube.counts, told.formats) == ({"duplicates": 3, "records": 2, "rows": 5}, ("opencode",))
    assert sum(x.tokens["input_tokens"] for x in cube.cells) == 200
    assert cube.cells[-1].key.columns == ("shop",)


def test_a_message_is_known_by_its_keys() -> None:
    assert detect(message(tokens={})) == detect(message(role="user")) == "opencode"
