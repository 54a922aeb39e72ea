"""What becomes of one entry of a source: the cases of cases.yaml."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from llmcost.pricing.parse import check_pricing
from llmcost.pricing.sources import genai_prices, litellm, models_dev, openrouter
from llmcost.pricing.sources.common import Imported, loads

TEXT = (Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8")
GIVEN: dict[str, Any] = yaml.load(TEXT, yaml.CSafeLoader)
EXPECTED: dict[str, Any] = yaml.load(TEXT, yaml.CBaseLoader)
FACTS = [(source, fact) for source in GIVEN for fact in GIVEN[source]]


def litellm_table(entry: Any, key: str = "m", _: str = "") -> Any:
    return {key: {"litellm_provider": "openai", "mode": "chat", **entry}}


def genai_table(entry: Any, key: str = "m", provider: str = "openai") -> Any:
    return [{"id": provider, "models": [{"id": key, **entry}]}]


def openrouter_table(entry: Any, key: str = "vendor/m", _: str = "") -> Any:
    return {"data": [{"id": key, **entry}]}


def models_dev_table(entry: Any, key: str = "m", provider: str = "openai") -> Any:
    return {provider: {"id": provider, "models": {key: entry}}}


SOURCES: dict[str, tuple[Callable[..., Any], Callable[..., Imported], str, dict[str, Any]]] = {
    "litellm": (litellm_table, litellm.read, "openai/m", {"aliases": ["m"]}),
    "genai_prices": (genai_table, genai_prices.read, "openai/m", {}),
    "openrouter": (
        openrouter_table,
        openrouter.read,
        "openrouter/vendor/m",
        {"source": "https://openrouter.ai/vendor/m"},
    ),
    "models_dev": (models_dev_table, models_dev.read, "openai/m", {}),
}
"""The table of one entry, its importer, and the id and the facts of a model of which the entry says nothing."""


@pytest.mark.parametrize(("source", "fact"), FACTS, ids=[f"{source}: {fact}" for source, fact in FACTS])
def test_an_entry_becomes_the_model_and_the_losses_of_its_case(source: str, fact: str) -> None:
    table, read, usual_id, usual = SOURCES[source]
    for given, expected in zip(GIVEN[source][fact], EXPECTED[source][fact], strict=True):
        model = expected.get("model") or {**usual, "prices": expected.get("prices", {"input": "1"})}
        under = {name: given[name] for name in ("key", "provider") if name in given}
        checked = date.fromisoformat(given["checked"]) if "checked" in given else None
        for entry in given.get("entries") or [given["entry"]]:
            found = read(loads(json.dumps(table(entry, **under)), "test"), checked=checked)

            assert found.models == {expected.get("id", usual_id): model}, entry
            assert [f"{x.key}: {x.why}" for x in found.skipped] == expected.get("lost", []), entry
            assert check_pricing(found.tree()) == [], entry
