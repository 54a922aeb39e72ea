"""`--turns`, `--prefix`, `--conversations` and `--caching`: what the command makes of them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Run

TALK = "--turns 8 --prefix 2000 --in 60 --out 250"


def test_conversations_are_the_requests_of_their_turns(run: Run) -> None:
    found = json.loads(run(f"estimate -m gpt-6-luna --conversations 1k {TALK} --caching auto -f json").out)
    assert found == json.loads(run(f"estimate -m gpt-6-luna --rpd 8k {TALK} --caching auto -f json").out)
    (row,) = found["conversations"]
    assert row["uncached_usd"] == 105.48
    assert [found["workload"][name] for name in ("turns", "prefix_tokens", "turn_gap_seconds", "caching")] == [
        8, 2000, None, "auto"
    ]  # fmt: skip
    low = json.loads(run(f"estimate -m gpt-6-luna --conversations 1k..2k {TALK} -f json").out)["estimates"][0]
    assert (low["monthly_low_usd"], low["monthly_high_usd"]) == (105.48, 210.96)


def test_prompts_that_are_counted_are_no_conversation(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("hello", encoding="utf-8")
    models = "--weak gpt-4o-mini --strong gpt-4o"
    result = run(f"route prompts {tmp_path / 'p.txt'} {models} --conversations 5 --out 5 --turns 2")
    assert result.status == 2
    assert "requires --in" in result.err
