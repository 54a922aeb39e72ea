"""Where a model is asked and with which key."""

from __future__ import annotations

import pytest

from llmcost.errors import LLMCostError
from llmcost.net.endpoint import PROVIDERS, Endpoint, endpoint
from llmcost.pricing.catalog import Catalog

KEYS = {"OPENAI_API_KEY": "sk-openai", "MY_KEY": "mine"}


@pytest.mark.parametrize(
    ("provider", "base_url", "key_env", "found"),
    [
        ("openai", None, None, Endpoint("https://api.openai.com/v1", "sk-openai")),
        ("openai", None, "MY_KEY", Endpoint("https://api.openai.com/v1", "mine")),
        ("openai", "https://api.openai.com/v2/", None, Endpoint("https://api.openai.com/v2", "sk-openai")),
        ("openai", "https://other.example/v1", "MY_KEY", Endpoint("https://other.example/v1", "mine")),
        ("nobody", "http://127.0.0.1:8000/v1", None, Endpoint("http://127.0.0.1:8000/v1")),
        ("openai", "http://localhost:8000/v1", None, Endpoint("http://localhost:8000/v1")),
        ("openai", "http://[::1]:8000/v1", "MY_KEY", Endpoint("http://[::1]:8000/v1", "mine")),
    ],
)
def test_an_address_and_the_key_that_goes_to_it(
    provider: str, base_url: str | None, key_env: str | None, found: Endpoint
) -> None:
    """The provider's key goes to the provider's host only."""
    assert endpoint(provider, base_url, key_env, environ=KEYS) == found


def test_without_an_address_or_a_key_nothing_can_be_asked() -> None:
    with pytest.raises(LLMCostError, match='no address is known for the provider "nobody"'):
        endpoint("nobody", environ=KEYS)
    with pytest.raises(LLMCostError, match=r"no key is known for https://other\.example/v1"):
        endpoint("openai", "https://other.example/v1", environ=KEYS)


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        (None, "the environment variable A_KEY has no key"),
        ("", "the environment variable A_KEY has no key"),
        ("secret key", "the key in the environment variable A_KEY has a space"),
        ("secret\n", "the key in the environment variable A_KEY has a line break"),
        ("secrét", "the key in the environment variable A_KEY has a character that is not ASCII"),
        ("secret\x07", "the key in the environment variable A_KEY has a control character"),
    ],
)
def test_a_key_that_cannot_be_sent_is_refused_and_not_told(key: str | None, fault: str) -> None:
    with pytest.raises(LLMCostError) as raised:
        endpoint("openai", None, "A_KEY", environ={} if key is None else {"A_KEY": key})
    assert raised.value.message == fault
    assert "secr" not in raised.value.sentence


def test_an_endpoint_does_not_show_its_key() -> None:
    assert repr(Endpoint("https://h", "secret")) == "Endpoint(url='https://h')"


def test_each_provider_that_has_an_address_has_prices(shipped: Catalog) -> None:
    """But for OpenRouter, whose prices are those of `--price`."""
    assert set(PROVIDERS) - set(shipped.providers()) == {"openrouter"}
