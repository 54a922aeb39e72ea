"""What is said of a name that no model has."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from llmcost.errors import UnknownModelError
from llmcost.pricing.catalog import Catalog

MakeCatalog = Callable[..., Catalog]

MODELS = """
openai/gpt-4o: {featured: true, prices: {input: 2.5}}
openai/gpt-4o-mini: {prices: {input: 0.15}}
openai/gpt-4.1: {prices: {input: 2}}
openai/gpt-5.6-sol: {prices: {input: 4}}
openai/gpt-6.1-sol: {featured: true, prices: {input: 2}}
openai/gpt-6-luna: {prices: {input: 1}}
openai/gpt-3.5-turbo: {aliases: [gpt-3.5-turbo-0125], shutdown: 2026-10-23, prices: {input: 1}}
openai/o3: {aliases: [o3-2025-04-16], prices: {input: 2}}
openai/o1: {shutdown: 2026-10-23, prices: {input: 15}}
openai/o3-mini: {shutdown: 2026-10-23, prices: {input: 1}}
azure/gpt-4o: {prices: {input: 2}}
azure/gpt-6.1-sol: {prices: {input: 2}}
anthropic/claude-opus-4-6: {prices: {input: 5}}
anthropic/claude-opus-5: {prices: {input: 5}}
anthropic/claude-opus-5-5: {prices: {input: 4}}
anthropic/claude-sonnet-5-5: {featured: true, prices: {input: 2}}
anthropic/claude-sonnet-4-5: {prices: {input: 3}}
anthropic/claude-3-7-sonnet-20250219: {shutdown: 2026-02-19, prices: {input: 3}}
google/gemini-2.5-flash: {prices: {input: 0.3}}
google/gemini-3.8-flash: {featured: true, prices: {input: 0.75}}
google/gemini-2.5-pro: {prices: {input: 1.25}}
google/gemini-embedding-flash-3: {mode: embedding, prices: {input: 1}}
deepseek/deepseek-v4-flash: {prices: {input: 0.15}}
xai/grok-4.20: {prices: {input: 1}}
xai/grok-4.3: {prices: {input: 1}}
xai/grok-4.7: {prices: {input: 1}}
mistral/mistral-large-2512: {prices: {input: 1}}
mistral/mistral-large-4: {prices: {input: 1}}
groq/llama-3.3-70b: {prices: {input: 1}}
groq/gpt-oss-120b: {prices: {input: 1}}
"""

NEWER = "it may be newer than the tables; update them: llmcost prices update"


@pytest.mark.parametrize(
    ("name", "matches", "search"),
    [
        # every word of it, newest first
        (
            "sonnet",
            "anthropic/claude-sonnet-5-5 anthropic/claude-sonnet-4-5 anthropic/claude-3-7-sonnet-20250219",
            "sonnet",
        ),
        ("Opus", "anthropic/claude-opus-5-5 anthropic/claude-opus-5 anthropic/claude-opus-4-6", "opus"),
        ("gpt4", "openai/gpt-4.1 openai/gpt-4o openai/gpt-4o-mini", "gpt-4"),
        ("gemini flash", "google/gemini-3.8-flash google/gemini-2.5-flash google/gemini-embedding-flash-3", "gemini"),
        ("o3mini", "openai/o3-mini", "o3-mini"),
        ("grok", "xai/grok-4.7 xai/grok-4.3 xai/grok-4.20", "grok"),
        ("sonnet 4.5", "anthropic/claude-sonnet-4-5", "sonnet"),
        ("claude 3-7", "anthropic/claude-3-7-sonnet-20250219", "claude-3-7"),
        ("gpt-6", "openai/gpt-6.1-sol openai/gpt-6-luna azure/gpt-6.1-sol", "gpt-6"),
        # of several vendors the featured ones first
        ("flash", "google/gemini-3.8-flash deepseek/deepseek-v4-flash google/gemini-2.5-flash", "flash"),
        # one letter finds too much
        ("4o", "openai/gpt-4o openai/gpt-4o-mini azure/gpt-4o", "4o"),
        # a provider's own, where it has any
        ("azure:gpt-6", "azure/gpt-6.1-sol", "gpt-6"),
        (
            "azure/sonnet",
            "anthropic/claude-sonnet-5-5 anthropic/claude-sonnet-4-5 anthropic/claude-3-7-sonnet-20250219",
            "sonnet",
        ),
        # a moving name without its end
        ("mistral-large-latest", "mistral/mistral-large-4 mistral/mistral-large-2512", "mistral-large"),
        # spelled like it
        ("claude-sonet-5-5", "anthropic/claude-sonnet-5-5 anthropic/claude-sonnet-4-5", "claude"),
        ("gemini-1.5-pro", "google/gemini-2.5-pro", "gemini"),
        # three letters that names begin with, the shortest of these first
        ("gem", "google/gemini-2.5-pro google/gemini-2.5-flash google/gemini-3.8-flash", "gem"),
        ("gpto", "openai/gpt-4o groq/gpt-oss-120b azure/gpt-4o", "gpt"),
        ("ge", "", ""),
        # but for the punctuation, and an effort behind it
        ("openai/gpt6luna", "openai/gpt-6-luna", "gpt-6-luna"),
        ("claude-opus-5-high", "anthropic/claude-opus-5", "claude-opus-5"),
        # most words of it, whatever the numbers; of those that are gone only what is near the name
        ("o1-preview", "openai/o3 openai/o1", ""),
        ("mistral-nemo-12b", "mistral/mistral-large-4 mistral/mistral-large-2512", "mistral"),
        ("gpt-35-turbo-instruct", "openai/gpt-3.5-turbo", "gpt-3.5-turbo"),
        # nothing
        ("flush-mini-9", "", ""),
        ("turbo-pro", "", ""),
        ("9", "", ""),
        ("?", "", ""),
    ],
)
def test_an_unknown_name_gets_the_models_that_it_may_mean(
    catalog: MakeCatalog, name: str, matches: str, search: str
) -> None:
    prices = catalog(MODELS)
    with pytest.raises(UnknownModelError) as caught:
        prices.resolve(name)

    assert matches.split() == list(caught.value.matches)
    assert NEWER not in caught.value.hints
    assert f"see: llmcost models {search}".rstrip() == caught.value.hints[-1]
    assert not matches or matches.split(maxsplit=1)[0] in [x.id for x in prices.search([search])]


@pytest.mark.parametrize(
    ("name", "provider", "matches"),
    [
        ("openai", "openai", "openai/gpt-6.1-sol openai/gpt-4o openai/gpt-6-luna"),
        ("OpenAI/", "openai", "openai/gpt-6.1-sol openai/gpt-4o openai/gpt-6-luna"),
        ("mistral", "mistral", "mistral/mistral-large-4 mistral/mistral-large-2512"),
    ],
)
def test_a_provider_alone_gets_its_featured_models_or_those_of_its_name(
    catalog: MakeCatalog, name: str, provider: str, matches: str
) -> None:
    with pytest.raises(UnknownModelError) as caught:
        catalog(MODELS).resolve(name)

    assert list(caught.value.matches) == matches.split()
    assert caught.value.hints[-1] == f"see: llmcost models --provider {provider}"


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("claude-opus-6", "anthropic/claude-opus-5-5"),
        ("opus 6", "anthropic/claude-opus-5-5"),
        ("gpt-7", "openai/gpt-6.1-sol"),
        ("GPT-7 Sol", "openai/gpt-6.1-sol"),
        ("openai:gpt-6.2-sol", "openai/gpt-6.1-sol"),
        ("o5", "openai/o3"),
        ("gemini-5-flash", "google/gemini-3.8-flash"),
        ("grok-5", "xai/grok-4.7"),
        ("deepseek-v5", "deepseek/deepseek-v4-flash"),
        ("llama-4", "groq/llama-3.3-70b"),
    ],
)
def test_a_version_above_every_known_one_may_be_newer_than_the_tables(
    catalog: MakeCatalog, name: str, first: str
) -> None:
    with pytest.raises(UnknownModelError) as caught:
        catalog(MODELS).resolve(name)

    assert caught.value.matches[0] == first
    assert NEWER in caught.value.hints


@pytest.mark.parametrize(
    "name", ["gpt-5.5", "claude-opus-4-9", "gpt-35-turbo", "o2", "gpt-oss-240b", "7", "foo-7", "gpt-4o-2099-01-01"]
)
def test_any_other_unknown_name_is_not_said_to_be_newer(catalog: MakeCatalog, name: str) -> None:
    with pytest.raises(UnknownModelError) as caught:
        catalog(MODELS).resolve(name)

    assert NEWER not in caught.value.hints
