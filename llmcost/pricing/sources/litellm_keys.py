"""The names of litellm's table in ours: what each of its price keys says, its providers, its modes, its ids."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ...lazy import pattern
from ..model import STANDARD
from ..units import Unit
from .common import cleaned_name, cleaned_provider


class Slot(NamedTuple):
    """What a price key says: the rate of a unit, or a fee, of a tier, above a number of tokens (0: from the first on).

    `lost` is why our form cannot say it. `twin` is another key that says the same: nothing is lost where a row has it.
    """

    name: str
    tier: str = STANDARD
    above: int = 0
    fee: bool = False
    lost: str = ""
    twin: str = ""


RANK = {unit.value: rank for rank, unit in enumerate(Unit)}
"""The place of each unit in a card."""

_RATES = {
    "input_cost_per_token": Unit.INPUT,
    "output_cost_per_token": Unit.OUTPUT,
    "cache_read_input_token_cost": Unit.CACHE_READ,
    "input_cost_per_token_cache_hit": Unit.CACHE_READ,
    "cache_creation_input_token_cost": Unit.CACHE_WRITE,
    "cache_creation_input_token_cost_above_1hr": Unit.CACHE_WRITE_1H,
    "cache_creation_input_token_cost_above_12hr": Unit.CACHE_WRITE_12H,
    "output_cost_per_reasoning_token": Unit.REASONING,
    "input_cost_per_audio_token": Unit.AUDIO_INPUT,
    "output_cost_per_audio_token": Unit.AUDIO_OUTPUT,
    "cache_read_input_audio_token_cost": Unit.AUDIO_CACHE_READ,
    "input_cost_per_image_token": Unit.IMAGE_INPUT,
    "output_cost_per_image_token": Unit.IMAGE_OUTPUT,
    "cache_read_input_image_token_cost": Unit.IMAGE_CACHE_READ,
    "input_cost_per_video_token": Unit.VIDEO_INPUT,
    "output_cost_per_video_token": Unit.VIDEO_OUTPUT,
}
_FEES = {
    "input_cost_per_image": "image_in",
    "output_cost_per_image": "image_out",
    "cost_per_second": "second",
    "input_cost_per_second": "second",
    "output_cost_per_second": "second",
    "output_cost_per_video_per_second": "second",
    "ocr_cost_per_page": "page",
    "input_cost_per_query": "query",
    "input_cost_per_character": "char_in",
    "input_cost_per_request": "request",
    "code_interpreter_cost_per_session": "session",
}
_TIERS = {"batches": "batch"} | {x: x for x in ("flex", "priority", "fast", "ultrafast", "balanced", "decisions")}
_KEY = pattern(rf"({'|'.join(_RATES | _FEES)})(?:_above_(\d{{1,9}})k_tokens)?(?:_({'|'.join(_TIERS)}))?", re.ASCII)

ROW_KEYS = frozenset(
    {
        "tiered_pricing",
        "off_peak_pricing",
        "search_context_cost_per_query",
        "provider_specific_entry",
        "regional_processing_uplift_multiplier_eu",
        "regional_processing_uplift_multiplier_us",
        "regional_endpoint_uplift_multiplier",
    }
)
"""Keys that few rows have and that are read with the whole row."""

_PRICE = pattern("cost|pric|uplift|multiplier")
_LOST = (
    (re.compile("cache_creation_input_audio_token_cost"), "no rate for audio that is written to the cache"),
    (re.compile("explicit_cache_read_.*"), "a second rate for cached input"),
    (re.compile("citation_cost_per_token"), "no rate for tokens of citations"),
    (re.compile("google_maps_.*"), "no fee for searches of maps"),
    (re.compile("output_cost_per_second_.*"), "no fee by resolution"),
    (re.compile("output_cost_per_image_.*"), "no fee by size of the image"),
    (re.compile(".*_per_(audio|video)_per_second.*"), "no fee for seconds of one kind of input"),
    (re.compile(".*_per_pixel"), "no fee for pixels"),
    (re.compile("output_cost_per_character"), "no fee for characters of the answer"),
    (re.compile("annotation_cost_per_page.*"), "no fee for annotated pages"),
    (re.compile("input_cost_per_text_message|ocr_cost_per_credit|guardrail_cost_per_unit"), "no fee of this kind"),
    (re.compile(".*_above_.*"), "a fee has no price above a number of tokens"),
    (re.compile("(input|output)_dbu_cost_per_token"), "a rate in DBU, not in USD"),
)


@cache  # a table in 0.85 of the time
def slot_of(key: str) -> Slot | None:
    """What a key of a row says about a price, or None for a key that is no price or is read with the row."""
    found = _KEY.fullmatch(key)
    if found:
        base, thousands, word = found.groups()
        tier = _TIERS[word] if word else STANDARD
        if base in _RATES:
            return Slot(_RATES[base].value, tier, int(thousands or 0) * 1000)
        if not thousands:
            return Slot(_FEES[base], tier, fee=True)
    if key in ROW_KEYS or not _PRICE.search(key):
        return None
    why = next((why for pattern, why in _LOST if pattern.fullmatch(key)), "unknown price key")
    return Slot("", lost=why, twin=key.replace("_dbu", "") if "_dbu" in key else "")


MODES = {
    "chat": "chat",
    "completion": "completion",
    "responses": "responses",
    "embedding": "embedding",
    "rerank": "rerank",
    "moderation": "moderation",
    "image_generation": "image",
    "image_edit": "image",
    "audio_transcription": "audio",
    "audio_speech": "audio",
    "realtime": "audio",
    "video_generation": "video",
    "ocr": "ocr",
    "search": "search",
    "vector_store": "search",
}
NEAREST_MODES = {"evaluation": "moderation", "guardrail": "moderation", "extraction": "ocr"}
"""Modes that ours have no word for, and the word that is nearest."""
TEXT_MODES = frozenset({"chat", "completion", "responses"})

_PROVIDERS = {
    "gemini": "google",
    "dashscope": "qwen",
    "together_ai": "together",
    "fireworks_ai": "fireworks",
    "fireworks_ai-embedding-models": "fireworks",
    "bedrock_converse": "bedrock",
    "text-completion-openai": "openai",
    "azure_text": "azure",
    "cohere_chat": "cohere",
    "amazon-nova": "amazon_nova",
    "lambda_ai": "lambda",
    "vercel_ai_gateway": "vercel",
    "jina_ai": "jina",
}


def provider_of(name: str) -> str:
    """Our name of a litellm provider."""
    if name.startswith("vertex_ai"):
        return "vertex"
    return cleaned_provider(_PROVIDERS.get(name, name))


def id_of(key: str, provider: str) -> tuple[str, bool]:
    """The id of a key of one of our providers, and whether the key names its provider itself."""
    first, slash, rest = key.partition("/")
    prefixed = bool(slash) and provider_of(first) == provider
    return f"{provider}/{cleaned_name(rest if prefixed else key)}", prefixed
