"""Which new models of a source are news."""

from __future__ import annotations

from datetime import date

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.pricing.news import is_news
from llmcost.pricing.table import ModelTable

from .test_update import models

DAY = date(2026, 11, 26)
KNOWN = "openai/gpt-9: {prices: {input: 1}}\nzai/glm-9: {prices: {input: 1}}\ngroq/llama-9: {prices: {input: 1}}"


def news(name: str, prices: str = "{input: 1, output: 2}", **facts: str) -> bool:
    said = "".join(f", {key}: {value}" for key, value in facts.items())
    found = models(f'"{name}": {{prices: {prices}{said}}}')[0]
    known = {x.id: x for x in models(KNOWN)}
    return is_news(found, Catalog([ModelTable(known, "table")], as_of=DAY), DAY)


@pytest.mark.parametrize("name", ["openai/gpt-9.1-terra", "openai/gpt-9-mini", "zai/glm-9v-turbo", "openai/o9-pro"])
def test_a_chat_model_of_a_vendor_is_news(name: str) -> None:
    assert news(name)
    assert news(name, mode="responses")


@pytest.mark.parametrize(
    "name",
    [
        "openai/gpt-9-2026-11-01",
        "openai/gpt-9-20261101",
        "openai/gpt-9-1106",
        "openai/gpt-9-001",
        "openai/gpt-9-05-20",
        "openai/gpt-9-preview",
        "openai/gpt-9-latest",
        "openai/gpt-9-audio",
        "openai/ft:gpt-9",
        "openai/gpt-9:free",
        "openai/zai/glm-9.1",
        "openai/glm-9",  # another vendor's
        "groq/llama-10",  # a host's
        "mistral/mistral-9",  # a vendor of which the tables have nothing
    ],
)
def test_what_is_dated_or_a_preview_or_anothers_is_none(name: str) -> None:
    assert not news(name)


@pytest.mark.parametrize(
    ("prices", "facts"),
    [
        ("{input: 0, output: 0}", {"free": "true"}),
        ("{}", {}),
        ("{input: 1}", {}),
        ("[{from: 2027-01-01, input: 1, output: 2}]", {}),
        ("{input: 1, output: 2}", {"mode": "image"}),
        ("{input: 1, output: 2}", {"shutdown": "2026-11-26"}),
    ],
)
def test_what_nobody_can_choose_is_none(prices: str, facts: dict[str, str]) -> None:
    assert not news("openai/gpt-9.1", prices, **facts)
