"""What is known of the form of a chat: for which models it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lazy import pattern
from ..notes import Note, NoteKind

if TYPE_CHECKING:
    from .counted import Tokenizer

_PUBLISHED = frozenset({"gpt-3.5-turbo", "gpt-35-turbo", "gpt-4", "gpt-4-32k", "gpt-4o", "gpt-4o-mini"})
"""Models whose form of a chat is published, Azure's spelling of one among them.

Source: OpenAI Cookbook, "How to count tokens with tiktoken", sections 6 and 7
(https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken).
"""
_SELLERS = frozenset({"openai", "azure"})
_SNAPSHOT = pattern(r"-\d{4}(-\d{2}-\d{2})?$")
_EXAMPLE = {"o200k_base": "gpt-4o", "cl100k_base": "gpt-4"}
"""The model by whose form the chats of an encoding are counted."""


def chat_notes(tokenizer: Tokenizer) -> tuple[Note, ...]:
    """Why the chats of a tokenizer's model are approximate however well its texts are counted, if they are.

    Without a model they are exact for the encodings of which a form is published.
    """
    model, example = tokenizer.model, _EXAMPLE.get(tokenizer.encoding)
    if example is not None and (model is None or _published(model.id)):
        return ()
    name = tokenizer.encoding if model is None else model.id
    known = "chat token rules are published only for gpt-3.5-turbo, gpt-4, gpt-4o and gpt-4o-mini"
    return (Note(NoteKind.TOKENIZER, f"{known}: {name} is counted like {example or 'gpt-4o'}"),)


def _published(model: str) -> bool:
    provider, _, name = model.rpartition("/")
    return provider in _SELLERS and _SNAPSHOT.sub("", name) in _PUBLISHED
