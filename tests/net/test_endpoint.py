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


@pytest.mark.parametrize(
    ("base_url", "message"),
    [
        ("http://api.openai.com/v1", "base_url http://api.openai.com/v1 would send the key unencrypted"),
        ("http://127.0.0.1.example/v1", "base_url http://127.0.0.1.example/v1 would send the key unencrypted"),
        ("https://user:secret@h/v1", "base_url https://h/v1 has a user, a password, a ? or a #"),
        ("https://h/v1?key=secret", "base_url https://h/v1 has a user, a password, a ? or a #"),
        ("https://h/v1#secret", "base_url https://h/v1 has a user, a password, a ? or a #"),
        ("ftp://h/v1", "base_url ftp://h/v1 is not an address"),
        ("api.openai.com/v1", "base_url api.openai.com/v1 is not an address"),
        ("https://", "base_url https: is not an address"),
        ("https://h:port/v1", "base_url https://h:port/v1 is not an address"),
        ("https://[/v1", "base_url https://[/v1 is not an address"),
        ("https://a b/v1", "base_url https://a b/v1 is not an address"),
        ("https://other.example/v1", "no key is known for https://other.example/v1"),
        (None, 'no address is known for the provider "nobody"'),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_secrets(base_url: str | None, message: str) -> None:
    with pytest.raises(LLMCostError) as raised:
        endpoint("nobody", base_url, environ=KEYS)
    assert raised.value.message == message
    assert "secret" not in raised.value.sentence
    assert raised.value.hints


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


@pytest.mark.parametrize("name", ["sk-secret", "gsk_secret", "", "A KEY"])
def test_a_key_in_place_of_a_variable_s_name_is_not_told(name: str) -> None:
    with pytest.raises(LLMCostError) as raised:
        endpoint("openai", None, name, environ={})
    assert raised.value.message == "key_env is not the name of an environment variable"
    assert "secret" not in raised.value.sentence


def test_an_endpoint_does_not_show_its_key() -> None:
    assert repr(Endpoint("https://h", "secret")) == "Endpoint(url='https://h')"


def test_each_provider_that_has_an_address_has_prices(shipped: Catalog) -> None:
    """But for OpenRouter, whose prices are those of `--price`."""
    assert set(PROVIDERS) - set(shipped.providers()) == {"openrouter"}
