"""The form of a chat is published for few models; a chat of any other is approximate."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.workload.chats import chat_notes
from llmcost.workload.counted import Tokenizer


@pytest.mark.parametrize(
    ("model", "encoding", "like"),
    [
        ("openai/gpt-4o", "o200k_base", None),
        ("openai/gpt-4o-mini", "o200k_base", None),
        ("openai/gpt-4o-2024-05-13", "o200k_base", None),
        ("azure/gpt-4o", "o200k_base", None),
        ("openai/gpt-3.5-turbo-1106", "cl100k_base", None),
        ("azure/gpt-35-turbo", "cl100k_base", None),
        ("azure/gpt-4-32k", "cl100k_base", None),
        ("openai/gpt-4o", "p50k_base", "gpt-4o"),
        ("openai/gpt-4-turbo", "cl100k_base", "gpt-4"),
        ("openai/gpt-4-1106-preview", "cl100k_base", "gpt-4"),
        ("openai/gpt-5", "o200k_base", "gpt-4o"),
        ("own/gpt-4o", "o200k_base", "gpt-4o"),
        ("groq/openai/gpt-oss-20b", "o200k_harmony", "gpt-4o"),
    ],
)
def test_chats_are_exact_where_their_form_is_published(
    catalog: Callable[..., Catalog], model: str, encoding: str, like: str | None
) -> None:
    found = catalog(f"{model}: {{prices: {{input: 1, output: 2}}}}").resolve(model)
    notes = chat_notes(Tokenizer(encoding=encoding, model=found))

    assert [f"{model} is counted like {like}" in note.text for note in notes] == ([] if like is None else [True])


def test_without_a_model_the_encoding_tells() -> None:
    assert chat_notes(Tokenizer(encoding="cl100k_base")) == ()
    assert "r50k_base is counted like gpt-4o" in chat_notes(Tokenizer(encoding="r50k_base"))[0].text
