"""Routing rules as data, and the built-in rule of the article.

The first rule whose every condition holds decides; where none does, the default tier takes the request.
"""

from __future__ import annotations

from enum import StrEnum

from ...errors import UsageError
from ...lazy import dataclass

STRONG = "gpt-4o"
WEAK = "gpt-4o-mini"
DEMANDING = ("implement", "debug", "analyze", "prove", "architect")
THRESHOLD = 500
"""Characters above which the article calls a prompt long."""


def route_request(prompt: str, complexity_threshold: int = THRESHOLD) -> str:
    """The model for a prompt: `gpt-4o` or `gpt-4o-mini`.

    The strong model gets a prompt of more characters than `complexity_threshold`, or whose lower-cased text contains
    any of the words in DEMANDING, also inside other words. Raises UsageError for what is no text or no number.
    """
    for name, value, kind in (("prompt", prompt, str), ("complexity_threshold", complexity_threshold, int)):
        if not isinstance(value, kind):
            raise UsageError(f"{name} must be {kind.__name__}, not {type(value).__name__}")
    lowered = prompt.lower()
    demanding = any(word in lowered for word in DEMANDING)
    return STRONG if len(prompt) > complexity_threshold or demanding else WEAK


class Tier(StrEnum):
    """The two tiers: the weak and the strong model."""

    WEAK = "weak"
    STRONG = "strong"


class Match(StrEnum):
    """Keyword matching: whole words, or also inside other words."""

    WORDS = "words"
    SUBSTRINGS = "substrings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: where every condition that is not None holds, the request goes to `to`.

    `chars_` and `tokens_` compare the length of the prompt, both strictly: `above` N is more than N, `below` N less.
    Keywords ignore case, any of them is enough. `regex` is a pattern of the `regex` package, found anywhere in the
    prompt. `field` names a column of the request's record that must have one of the texts `values`.
    """

    name: str
    to: Tier
    chars_above: int | None = None
    chars_below: int | None = None
    tokens_above: int | None = None
    tokens_below: int | None = None
    keywords: tuple[str, ...] | None = None
    match: Match = Match.WORDS
    regex: str | None = None
    ignore_case: bool = False
    field: str | None = None
    values: tuple[str, ...] = ()

    @property
    def needs_tokens(self) -> bool:
        """Tell whether the rule asks for the prompt's tokens."""
        return self.tokens_above is not None or self.tokens_below is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Rules in order, the default tier for prompts that none matches, and their `origin`."""

    rules: tuple[Rule, ...]
    default: Tier
    origin: str = ""

    @property
    def needs_tokens(self) -> bool:
        """Tell whether any rule asks for the prompt's tokens."""
        return any(rule.needs_tokens for rule in self.rules)

    @property
    def needs_fields(self) -> bool:
        """Tell whether any rule asks for a column besides the prompt."""
        return any(rule.field is not None for rule in self.rules)


ARTICLE = Rules(
    rules=(
        Rule(name="long", to=Tier.STRONG, chars_above=THRESHOLD),
        Rule(name="demanding", to=Tier.STRONG, keywords=DEMANDING, match=Match.SUBSTRINGS),
    ),
    default=Tier.WEAK,
    origin="the article's rule",
)
"""The rule of `route_request`, as data: the same prompts go to the strong model."""
