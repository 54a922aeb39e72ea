"""What is known of the forms of requests: for which models that of a chat is published, and which take none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..notes import Note, NoteKind

if TYPE_CHECKING:
    from ..pricing.model import Model
    from .counted import Tokenizer

_PUBLISHED = frozenset({"gpt-3.5-turbo", "gpt-35-turbo", "gpt-4", "gpt-4-32k", "gpt-4o", "gpt-4o-mini"})
"""Models whose form of a chat is published, Azure's spelling of one among them.

Source: OpenAI Cookbook, "How to count tokens with tiktoken", sections 6 and 7
(https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken).
"""
_SELLERS = frozenset({"openai", "azure"})
_SNAPSHOT = re.compile(r"-\d{4}(-\d{2}-\d{2})?$")
_EXAMPLE = {"o200k_base": "gpt-4o", "cl100k_base": "gpt-4"}
"""The model by whose form the chats of an encoding are counted."""

_CHAT, _RESPONSES = "/v1/chat/completions", "/v1/responses"
_EMBEDDINGS, _MESSAGES = "/v1/embeddings", "/v1/messages"
_NO_CHATS = {
    "embedding": "it gives embeddings",
    "completion": "it completes a text",
    "rerank": "it ranks texts",
    "moderation": "it judges texts",
}


def chat_notes(tokenizer: Tokenizer) -> tuple[Note, ...]:
    """Return why the chats of a tokenizer's model are approximate however well its texts are counted, if they are.

    Without a model they are exact for the encodings of which a form is published.
    """
    model, example = tokenizer.model, _EXAMPLE.get(tokenizer.encoding)
    if example is not None and (model is None or _published(model.id)):
        return ()
    name = tokenizer.encoding if model is None else model.id
    known = "the form of a chat is published for gpt-3.5-turbo, gpt-4, gpt-4o and gpt-4o-mini only"
    return (Note(NoteKind.TOKENIZER, f"{known}: for {name} it is counted as for {example or 'gpt-4o'}"),)


def check_chats(model: Model) -> None:
    """Raise UsageError for a model that takes no chats, as far as the price table can tell."""
    if model.mode in _NO_CHATS:
        raise UsageError(f"{model.id} takes no chats: {_NO_CHATS[model.mode]}")


def refused_endpoints(model: Model) -> dict[str, str]:
    """Return why a model takes no requests of a batch for an endpoint, by endpoint, as far as the price table can tell.

    Anthropic alone takes Message Batches, of its own models, and these take no batch of OpenAI's form; others than
    OpenAI take its form, too.
    """
    found = {}
    if model.mode in _NO_CHATS:
        chats = f"{model.id} takes no chats: {_NO_CHATS[model.mode]}"
        found = {_CHAT: chats, _RESPONSES: chats, _MESSAGES: chats}
    if model.mode != "embedding":
        found[_EMBEDDINGS] = f'{model.id} gives no embeddings: its mode is "{model.mode}"'
    if model.provider == "anthropic":
        other = f"{model.id} takes no batch of OpenAI's form, with url and body: Anthropic's has params"
        found |= {_CHAT: other, _RESPONSES: other, _EMBEDDINGS: other}
    elif "claude" not in model.id:
        found[_MESSAGES] = f"{model.id} takes no batch of Anthropic's form, with params: OpenAI's has url and body"
    return found


def _published(model: str) -> bool:
    provider, _, name = model.rpartition("/")
    return provider in _SELLERS and _SNAPSHOT.sub("", name) in _PUBLISHED
