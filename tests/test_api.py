"""The public Python interface: every name is there, typed, and found without loading the rest."""

from __future__ import annotations

import subprocess
import sys

import pytest

import llmcost


@pytest.mark.parametrize("name", llmcost.__all__)
def test_every_public_name_resolves(name: str) -> None:
    assert getattr(llmcost, name).__name__ == name
    assert name in dir(llmcost)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'llmcost' has no attribute 'estimat'"):
        _ = llmcost.estimat  # type: ignore[attr-defined]


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import llmcost, sys; print([name for name in sys.modules if name.startswith('llmcost.')])"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_tokens_of_a_text_are_a_number_that_knows_whether_it_is_exact() -> None:
    exact, about = llmcost.count_tokens("hello world", "gpt-4o"), llmcost.count_tokens("hello world", "claude-opus-5")

    assert (exact, exact.exact, exact.encoding, exact.notes) == (2, True, "o200k_base", ())
    assert (about, about.exact) == (2, False)
    assert f"{exact + 1} {exact}" == "3 2"
    with pytest.raises(llmcost.LLMCostError, match="unknown model"):
        llmcost.count_tokens("x", "gpt4o")


def test_tokens_of_a_chat_are_a_number_too() -> None:
    messages = [{"role": "system", "content": "You are helpful."}, {"role": "user", "content": "Hi"}]
    odd = [{"role": "user", "content": "Hi", "audio": {}}]

    assert (llmcost.count_chat(messages, "gpt-4o"), llmcost.count_chat(messages, "gpt-4o").exact) == (16, True)
    assert not llmcost.count_chat(odd, "gpt-4o").exact
    assert [note.kind for note in llmcost.count_chat(odd, "claude-opus-5").notes] == ["tokenizer"] * 3
    assert not llmcost.count_chat(messages, "gpt-5").exact
    with pytest.raises(llmcost.LLMCostError, match="openai/text-embedding-3-small takes no chats: it gives embeddings"):
        llmcost.count_chat(messages, "text-embedding-3-small")
