"""LiteLLM's spend logs against what vendors billed for the same requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from llmcost.usage.price import Spend
from llmcost.usage.readers import reader_of


def row(usage: dict[str, Any], **more: Any) -> dict[str, Any]:
    counts = {key: usage[key] for key in ("prompt_tokens", "completion_tokens")}
    metadata = json.dumps({"usage_object": usage})
    return {"request_id": "r", "call_type": "acompletion", "startTime": "2025-04-08 10:00:00", **counts, **more} | {
        "metadata": metadata
    }


WRITTEN = {"prompt_tokens": 12_307, "completion_tokens": 550, "cache_creation_input_tokens": 12_304}
IMAGE = {
    "prompt_tokens": 2461,
    "completion_tokens": 606,
    "prompt_tokens_details": {"cached_tokens": 2432, "image_tokens": 1142, "text_tokens": 1319},
}


@pytest.mark.parametrize(
    ("usage", "names", "spend", "billed"),
    [
        pytest.param(
            WRITTEN,
            {"model": "claude-3-7-sonnet-20250219", "custom_llm_provider": "anthropic"},
            "0.091311",
            "0.054399",
            id="litellm#9812: what is written to a cache is no second time input",
        ),
        pytest.param(
            IMAGE,
            {"model": "grok-4.6", "custom_llm_provider": "xai", "startTime": "2026-11-20 10:00:00"},
            "0.005318",
            "0.00491",
            id="litellm#37407: cached images are no second time images",
        ),
    ],
)
def test_what_it_logged_and_what_was_billed(
    usage: dict[str, Any], names: dict[str, str], spend: str, billed: str, spent: Callable[..., Spend]
) -> None:
    found = spent(row(usage, spend=Decimal(spend), **names))

    assert found.usd == Decimal(billed)
    assert found.cells[0].cell.logged_usd == Decimal(spend)


@pytest.mark.parametrize(
    ("tags", "tag"),
    [("[]", None), ([], None), ('["web", "v2"]', "web, v2"), (["web"], "web"), ("web", "web"), (None, None)],
)
def test_tags_are_a_list_or_its_text(tags: object, tag: str | None) -> None:
    row = {"request_id": "r", "call_type": "x", "spend": 1, "prompt_tokens": 5, "request_tags": tags}

    assert reader_of("litellm-spendlogs").read(row).tag == tag  # type: ignore[union-attr]
