"""The article's routing rule: long or demanding prompts to the strong model, the rest to the cheap one."""

from __future__ import annotations

STRONG = "gpt-4o"
WEAK = "gpt-4o-mini"
DEMANDING = ("implement", "debug", "analyze", "prove", "architect")


def route_request(prompt: str, complexity_threshold: int = 500) -> str:
    """Return the model for a prompt: `gpt-4o` or `gpt-4o-mini`.

    The strong model gets a prompt of more characters than `complexity_threshold`, or whose lower-cased text contains
    any of the words in DEMANDING, also inside other words.
    """
    lowered = prompt.lower()
    demanding = any(word in lowered for word in DEMANDING)
    return STRONG if len(prompt) > complexity_threshold or demanding else WEAK
