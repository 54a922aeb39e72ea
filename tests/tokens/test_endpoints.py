"""Models take the requests of their mode and vendor, and no others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from llmcost.errors import UsageError
from llmcost.pricing.catalog import Catalog
from llmcost.tokens.endpoints import check_chats, refused_endpoints


def test_a_model_of_another_mode_takes_no_chats(catalog: Callable[..., Catalog]) -> None:
    found = catalog("a/b: {mode: rerank, prices: {input: 1}}\na/c: {mode: search, prices: {input: 1}}")

    check_chats(found.resolve("a/c"))
    with pytest.raises(UsageError, match="a/b does not take chats: it ranks texts"):
        check_chats(found.resolve("a/b"))


CHAT, RESPONSES, EMBEDDINGS, MESSAGES = "/v1/chat/completions", "/v1/responses", "/v1/embeddings", "/v1/messages"


@pytest.mark.parametrize(
    ("model", "mode", "refused"),
    [
        ("openai/a", "chat", {EMBEDDINGS, MESSAGES}),
        ("openai/a", "embedding", {CHAT, RESPONSES, MESSAGES}),
        ("groq/guard", "classifier", {EMBEDDINGS, MESSAGES}),  # it judges the last message of a chat
        ("own/a", "completion", {CHAT, RESPONSES, EMBEDDINGS, MESSAGES}),
        ("anthropic/claude-a", "chat", {CHAT, RESPONSES, EMBEDDINGS}),
        ("bedrock/anthropic.claude-a", "chat", {EMBEDDINGS}),
    ],
)
def test_a_model_takes_the_endpoints_of_its_mode_and_vendor(
    catalog: Callable[..., Catalog], model: str, mode: str, refused: set[str]
) -> None:
    found = refused_endpoints(catalog(f"{model}: {{mode: {mode}, prices: {{input: 1}}}}").resolve(model))

    assert set(found) == refused
    assert all(why.startswith(f"{model} ") for why in found.values())
