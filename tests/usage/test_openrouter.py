"""What OpenRouter says of a call afterwards: its exact cost, once however often the call is told."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from llmcost.shell.logs import read_logs
from llmcost.usage.cube import CubeBuilder
from llmcost.usage.readers.openrouter import read
from llmcost.usage.record import Drop, UsageRecord

GENERATION = {
    "id": "gen-1",
    "model": "anthropic/claude-sonnet-4.6",
    "created_at": "2026-07-15T23:33:19.433273+00:00",
    "tokens_prompt": 17000,
    "tokens_completion": 110,
    "native_tokens_prompt": 18054,
    "native_tokens_completion": 120,
    "native_tokens_cached": 18041,
    "native_tokens_reasoning": 20,
    "total_cost": Decimal("0.0055"),
    "upstream_inference_cost": None,
    "is_byok": False,
    "external_user": "u",
}
LINE = {"generation_id": "gen-1", "cost_total": "0", "model_permaslug": "openai/gpt-oss-20b", "tokens_prompt": "10"}


def found(**row: Any) -> UsageRecord:
    """Return the record of a row."""
    record = read(row)
    assert isinstance(record, UsageRecord)
    return record


def test_a_generation_has_the_tokens_that_were_billed_and_what_they_cost() -> None:
    record = found(**GENERATION)

    assert record.tokens == {
        "input_tokens": 18054,
        "cache_read_tokens": 18041,
        "output_tokens": 120,
        "reasoning_tokens": 20,
    }
    assert (record.logged_usd, record.user, record.tier) == (Decimal("0.0055"), "u", None)
    assert found(**{**GENERATION, "native_tokens_prompt": None}).tokens["input_tokens"] == 17000


def test_with_a_key_of_ones_own_the_cost_is_what_the_provider_bills() -> None:
    row = {**GENERATION, "is_byok": True, "total_cost": 0, "upstream_inference_cost": Decimal("0.11")}

    assert found(**row).logged_usd == Decimal("0.11")
    assert found(**{**row, "is_byok": False}).logged_usd is None
    assert found(**LINE, byok_usage_inference="0.0015").logged_usd == Decimal("0.0015")


def test_a_free_variant_is_not_the_model_that_is_paid_for() -> None:
    assert found(**LINE, variant="free").model == "openai/gpt-oss-20b:free"
    assert found(**LINE, variant="standard").model == "openai/gpt-oss-20b"


def test_a_call_counts_once_in_its_answer_the_generation_and_the_export(tmp_path: Path) -> None:
    usage = {"prompt_tokens": 18054, "completion_tokens": 120}
    answer = {"id": "gen-1", "object": "chat.completion", "model": "anthropic/claude-sonnet-4.6", "usage": usage}
    (tmp_path / "a.json").write_text(json.dumps(answer))
    (tmp_path / "b.json").write_text(json.dumps({"data": GENERATION}, indent=1, default=float))
    (tmp_path / "c.csv").write_text("\n".join(",".join(x) for x in (LINE.keys(), LINE.values())))

    cube, told = read_logs([str(tmp_path)], CubeBuilder())

    assert cube.counts == {"duplicates": 2, "records": 1, "rows": 3}
    assert told.formats == ("api-responses", "openrouter-activity-csv", "openrouter-generation")


@pytest.mark.parametrize(
    ("row", "drop"),
    [({**LINE, "tokens_prompt": ""}, Drop.NO_USAGE), ({**GENERATION, "native_tokens_prompt": -1}, Drop.IMPOSSIBLE)],
)
def test_what_is_no_record(row: dict[str, Any], drop: Drop) -> None:
    assert read(row) is drop
