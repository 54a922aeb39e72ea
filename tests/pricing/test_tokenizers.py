"""Which tokenizer a model has that does not come with llmcost, by its id."""

from __future__ import annotations

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.pricing.tokenizers import FAMILIES, tokenizer_family


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("anthropic/claude-2.1", "Claude before Opus 4.7"),
        ("anthropic/claude-3-7-sonnet-20250219", "Claude before Opus 4.7"),
        ("anthropic/claude-haiku-4-5", "Claude before Opus 4.7"),
        ("anthropic/claude-opus-4-0", "Claude before Opus 4.7"),
        ("anthropic/claude-opus-4-6", "Claude before Opus 4.7"),
        ("bedrock/global.anthropic.claude-sonnet-4-20250514-v1:0", "Claude before Opus 4.7"),
        ("bedrock/anthropic.claude-opus-4-6-v1", "Claude before Opus 4.7"),
        ("vertex/claude-sonnet-4@20250514", "Claude before Opus 4.7"),
        ("anthropic/claude-opus-4-7", "Claude since Opus 4.7"),
        ("anthropic/claude-opus-4-8", "Claude since Opus 4.7"),
        ("anthropic/claude-opus-5-5", "Claude since Opus 4.7"),
        ("anthropic/claude-sonnet-5", "Claude since Opus 4.7"),
        ("anthropic/claude-haiku-5-5", "Claude since Opus 4.7"),
        ("anthropic/claude-mythos-preview", "Claude since Opus 4.7"),
        ("bedrock/global.anthropic.claude-opus-4-7", "Claude since Opus 4.7"),
        ("vertex/claude-opus-4-7@default", "Claude since Opus 4.7"),
        ("google/gemini-2.0-flash", "Gemini 2.0 to 3"),
        ("google/gemini-3-pro-preview", "Gemini 2.0 to 3"),
        ("google/gemini-3.1-pro-preview", "Gemini 3.1 to 3.5"),
        ("google/gemini-3.8-flash", None),
        ("google/gemini-1.5-flash-002", None),
        ("groq/llama-3.3-70b-versatile", "Llama 3"),
        ("cerebras/llama3.1-8b", "Llama 3"),
        ("groq/meta-llama/llama-4-scout-17b-16e-instruct", "Llama"),
        ("qwen/qwen3-max", "Qwen 2 and 3"),
        ("fireworks/qwen2p5-vl-72b-instruct", "Qwen 2 and 3"),
        ("qwen/qwen3.8-max", "Qwen"),
        ("fireworks/qwen3p7-plus", "Qwen"),
        ("qwen/qwen-max", None),
        ("deepseek/deepseek-chat", "DeepSeek"),
        ("mistral/zai-glm-5-3", "GLM"),
        ("moonshot/kimi-k3", "Kimi"),
        ("minimax/minimax-m3", "MiniMax"),
        ("mistral/mistral-large-4", "Mistral with Tekken"),
        ("mistral/mistral-large-2411", "Mistral with SentencePiece"),
        ("together/nvidia/nvidia-nemotron-3.5-super-vl", None),
        ("xai/grok-4.7", None),
    ],
)
def test_a_model_belongs_to_the_family_of_its_tokenizer(model: str, family: str | None) -> None:
    found = tokenizer_family(model)

    assert (found and found.name) == family


def test_every_family_has_models_and_a_measured_one_its_source(shipped: Catalog) -> None:
    found = {tokenizer_family(model.id) for model in shipped.models()}

    for family in FAMILIES:
        assert family in found
        assert (family.margin is None) == (family.ascii_margin is None) == (family.measured_with is None)
        assert family.margin is None or family.margin >= (family.ascii_margin or 0)


@pytest.mark.parametrize(
    ("model", "ratio"),
    [
        ("anthropic/claude-sonnet-4-5", 506 / 429),  # github.com/sammcj/ingest/pull/65, of one text
        ("anthropic/claude-opus-5", 656 / 429),
        ("anthropic/claude-opus-5", 506 / 429 * 1.47),  # the most from one Claude tokenizer to the other, as reported
        ("google/gemini-2.5-flash", 1 / 0.81),
    ],
)
def test_the_ratios_that_users_report_lie_within_the_margin(model: str, ratio: float) -> None:
    family = tokenizer_family(model)

    assert family is not None
    assert family.ascii_margin is not None
    assert 1 + family.ascii_margin >= ratio


def test_margins_are_shares_as_they_were_measured() -> None:
    """Beyond ASCII they are larger; vocabularies with a token for each digit are named."""
    measured = {x.name: (x.ascii_margin, x.margin) for x in FAMILIES if x.ascii_margin and x.margin}

    assert {name: [int(100 * x) for x in both] for name, both in measured.items()} == {
        "Claude before Opus 4.7": [45, 130],
        "Claude since Opus 4.7": [100, 145],
        "Gemini 2.0 to 3": [25, 35],
        "Llama 3": [10, 195],
        "Qwen 2 and 3": [10, 125],
        "DeepSeek": [15, 65],
        "Mistral with Tekken": [10, 145],
        "Mistral with SentencePiece": [45, 250],
    }
    digits = [x.name for x in FAMILIES if x.digit_by_digit]
    assert digits == ["Gemini 2.0 to 3", "Qwen 2 and 3", "Mistral with Tekken", "Mistral with SentencePiece"]
