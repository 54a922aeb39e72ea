"""The addresses that requests are for, and which a model takes none at, as far as the price table can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import UsageError

if TYPE_CHECKING:
    from ..pricing.model import Model

CHAT = "/v1/chat/completions"
RESPONSES = "/v1/responses"
EMBEDDINGS = "/v1/embeddings"
MESSAGES = "/v1/messages"

_NO_CHATS = {
    "embedding": "it returns embeddings",
    "completion": "it completes text",
    "rerank": "it ranks texts",
    "moderation": "it moderates texts",
}


def check_chats(model: Model) -> None:
    """Raise UsageError for a model that takes no chats."""
    if why := _no_chats(model):
        raise UsageError(why)


def refused_endpoints(model: Model) -> dict[str, str]:
    """Return why a model takes no requests of a batch for an endpoint, by endpoint.

    Anthropic alone takes Message Batches, of its own models, and these take no batch of OpenAI's form; others than
    OpenAI take its form, too.
    """
    found = dict.fromkeys((CHAT, RESPONSES, MESSAGES), why) if (why := _no_chats(model)) else {}
    if model.mode != "embedding":
        found[EMBEDDINGS] = f'{model.id} does not return embeddings: its mode is "{model.mode}"'
    if model.provider == "anthropic":
        other = f"{model.id} does not take batches in OpenAI's form (url, body), only in Anthropic's (params)"
        found |= dict.fromkeys((CHAT, RESPONSES, EMBEDDINGS), other)
    elif "claude" not in model.id:
        found[MESSAGES] = f"{model.id} does not take batches in Anthropic's form (params), only in OpenAI's (url, body)"
    return found


def _no_chats(model: Model) -> str | None:
    why = _NO_CHATS.get(model.mode)
    return why and f"{model.id} does not take chats: {why}"
