"""Names as people type them: each is taken with a note of what was taken, or refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from llmcost.errors import AmbiguousModelError, LLMCostError, UnknownModelError
from llmcost.load import load_catalog
from llmcost.notes import Note, NoteKind
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.providers import OTHER_NAMES, VENDORS
from llmcost.pricing.usage import Usage

MakeCatalog = Callable[..., Catalog]

MODELS = """
openai/gpt-4o: {aliases: [gpt-4o-2024-08-06], prices: {input: 2.5, output: 10}}
openai/gpt-4o-2024-05-13: {prices: {input: 5, output: 15}}
openai/gpt-4.1: {checked: 2026-11-01, prices: {input: 2, output: 8}}
openai/o3: {prices: {input: 2, output: 8}}
azure/gpt-4o: {aliases: [gpt-4o-2024-11-20], prices: {input: 2.75, output: 11}}
anthropic/claude-sonnet-4-5: {aliases: [claude-sonnet-4-5-20250929], prices: {input: 3, output: 15}}
anthropic/claude-sonnet-4-0: {aliases: [claude-sonnet-4-20250514], prices: {input: 3, output: 15}}
anthropic/claude-3-5-sonnet-20240620: {shutdown: 2025-10-28, prices: {input: 3, output: 15}}
anthropic/claude-3-5-sonnet-20241022: {shutdown: 2025-10-28, prices: {input: 3, output: 15}}
anthropic/claude-3-5-haiku-20241022: {prices: {input: 0.8, output: 4}}
bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0: {prices: {input: 3.3, output: 16.5}}
bedrock/global.anthropic.claude-sonnet-4-5-20250929-v1:0: {prices: {input: 3, output: 15}}
bedrock/amazon.nova-lite-v1:0: {prices: {input: 0.06, output: 0.24}}
google/gemini-2.5-pro: {prices: {input: 1.25, output: 10}}
google/gemini-1.5-flash-001: {prices: {input: 0.075, output: 0.3}}
google/gemini-1.5-flash-002: {prices: {input: 0.15, output: 0.6}}
mistral/mistral-large-2411: {prices: {input: 2, output: 6}}
mistral/mistral-large-2512: {prices: {input: 0.5, output: 1.5}}
mistral/mistral-small-2503: {prices: {input: 0.1, output: 0.3}}
mistral/mistral-small-4: {prices: {input: 0.1, output: 0.3}}
mistral/codestral-2508: {prices: {input: 0.3, output: 0.9}}
mistral/deepseek-v4-1-flash-1017: {prices: {input: 0.3, output: 1.2}}
cohere/command-r-plus-04-2024: {prices: [{input: 3, output: 15}, {from: 2026-01-01, input: 2.5, output: 10}]}
cohere/command-r-plus-08-2024: {prices: {input: 2.5, output: 10}}
cohere/command-r-04-2024: {prices: [{input: 0.15, output: 0.6}, {from: 2027-01-01, input: 1, output: 1}]}
cohere/command-r-08-2024: {prices: {input: 0.15, output: 0.6}}
qwen/qwen-plus-2025-01-25: {prices: [{from: 2027-01-01, input: 1}]}
qwen/qwen-plus-2025-07-14: {prices: [{from: 2027-01-01, input: 1}]}
qwen/qwen-max-2025-01-25: {prices: [{input: 2}, {from: 2026-11-23, input: 1}]}
qwen/qwen-max-2025-07-14: {prices: {input: 1}}
xai/grok-4.7: {prices: {input: 2, output: 6}}
deepseek/deepseek-chat: {prices: {input: 0.28, output: 0.42}}
zai/glm-5.3: {prices: {input: 1.4, output: 4.4}}
groq/openai/gpt-oss-120b: {prices: {input: 0.15, output: 0.6}}
cerebras/gpt-oss-120b: {prices: {input: 0.35, output: 0.75}}
fireworks/gpt-oss-120b: {shutdown: 2026-11-07, prices: {input: 0.15, output: 0.6}}
fireworks/glm-5p3: {aliases: [accounts/fireworks/models/glm-5p3], prices: {input: 1.4, output: 4.4}}
fireworks/deepseek-v4p1-flash: {prices: {input: 0.3, output: 1.2}}
together/deepseek-ai/deepseek-v4.1-flash: {aliases: [deepseek-ai/deepseek-v4.1-flash-1017], prices: {input: 0.3, output: 1.2}}
together/zai-org/glm-5.3: {prices: {input: 1.4, output: 4.4}}
together/meta-models/muse-30b: {prices: {input: 0.3, output: 1.5}}
groq/llama-4: {prices: {input: 0.1, output: 0.2}}
fireworks/deepseek-r1-0528: {prices: {input: 3, output: 8}}
acme/own: {prices: {input: 7}}
"""


@pytest.mark.parametrize(
    ("typed", "model", "why"),
    [
        # one sign between the words, whatever the vendor writes
        ("claude-sonnet-4.5", "anthropic/claude-sonnet-4-5", ""),
        ("Claude Sonnet 4.5", "anthropic/claude-sonnet-4-5", ""),
        ("claude_sonnet_4_5", "anthropic/claude-sonnet-4-5", ""),
        ("claude\u2011sonnet\u20134.5", "anthropic/claude-sonnet-4-5", ""),
        ("\u201cgpt-4o\u201d", "openai/gpt-4o", ""),
        ("GPT 4o", "openai/gpt-4o", ""),
        ("gpt-4-1", "openai/gpt-4.1", ""),
        ("fireworks/glm-5.3", "fireworks/glm-5p3", ""),
        # a Claude's version before its family
        ("claude-4.5-sonnet", "anthropic/claude-sonnet-4-5", ""),
        ("claude-4-5-sonnet-20250929", "anthropic/claude-sonnet-4-5", ""),
        # providers by their other names, and endpoints
        ("openai:gpt-4o", "openai/gpt-4o", ""),
        ("OpenAI: GPT-4o", "openai/gpt-4o", ""),
        ("anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4-5", ""),
        ("azure:gpt-4o", "azure/gpt-4o", ""),
        ("google-gla:gemini-2.5-pro", "google/gemini-2.5-pro", ""),
        ("gemini/gemini-2.5-pro", "google/gemini-2.5-pro", ""),
        ("models/gemini-2.5-pro", "google/gemini-2.5-pro", ""),
        ("x-ai/grok-4.7", "xai/grok-4.7", ""),
        ("z-ai/glm-5.3", "zai/glm-5.3", ""),
        ("fireworks_ai/accounts/fireworks/models/glm-5p3", "fireworks/glm-5p3", ""),
        ("openai:chat:gpt-4o", "openai/gpt-4o", ""),
        ("openai/responses/o3", "openai/o3", ""),
        ("anthropic:messages:claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5", ""),
        # Bedrock and Vertex
        ("bedrock:amazon.nova-lite-v1:0", "bedrock/amazon.nova-lite-v1:0", ""),
        (
            "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0",
            "",
        ),
        (
            "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
            "bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0",
            "",
        ),
        (
            "us.anthropic.claude-sonnet-4-5",
            "bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0",
            ", the only snapshot in the tables",
        ),
        ("claude-sonnet-4-5@20250929", "anthropic/claude-sonnet-4-5", ", as its vendor sells it"),
        # snapshots that have one price
        ("claude-sonnet-4", "anthropic/claude-sonnet-4-0", ", the only snapshot in the tables"),
        ("codestral", "mistral/codestral-2508", ", the only snapshot in the tables"),
        ("claude-3.5-sonnet", "anthropic/claude-3-5-sonnet-20241022", ", whose snapshots have one price"),
        ("command-r-plus", "cohere/command-r-plus-08-2024", ", whose snapshots have one price"),
        ("qwen-plus", "qwen/qwen-plus-2025-07-14", ", whose snapshots have one price"),
        ("qwen-max", "qwen/qwen-max-2025-07-14", ", whose snapshots have one price"),
        ("fireworks/deepseek-r1", "fireworks/deepseek-r1-0528", ", the only snapshot in the tables"),
        *(
            (f"gpt-4.1-{x}", "openai/gpt-4.1", f", whose snapshots have one price; that of {x} is not in the tables")
            for x in ("2025-04-14", "2026-11-01")
        ),
        (
            "claude-sonnet-4-5-20251010",
            "anthropic/claude-sonnet-4-5",
            ", whose snapshots have one price; that of 2025-10-10 is not in the tables",
        ),
        # moving names
        (
            "claude-3-5-haiku-latest",
            "anthropic/claude-3-5-haiku-20241022",
            ", the newest in the tables; its vendor can move the name",
        ),
        # open weights
        ("muse-30b", "together/meta-models/muse-30b", ", the only provider of it in the tables"),
        ("llama-4", "groq/llama-4", ", the only provider of it in the tables"),
        ("groq/gpt-oss-120b", "groq/openai/gpt-oss-120b", ""),
        ("deepseek-v4-1-flash-1017", "mistral/deepseek-v4-1-flash-1017", ""),
        ("gpt-4o-2024-11-20", "azure/gpt-4o", ", the only provider of it in the tables"),
    ],
)
def test_a_name_is_taken_with_a_note_of_what_was_taken(catalog: MakeCatalog, typed: str, model: str, why: str) -> None:
    found = catalog(MODELS).resolve(typed)

    assert model == found.id
    assert found.notes == (Note(NoteKind.NAME, f'"{typed}" is read as {model}{why}'),)


@pytest.mark.parametrize(
    "name",
    [
        "gpt-4o",
        "OpenAI/gpt-4o",
        "gpt-4o-2024-08-06",
        "azure/gpt-4o",
        "glm-5.3",
        "accounts/fireworks/models/glm-5p3",
        "groq/llama-4",
        "own",
        "amazon.nova-lite-v1:0",
    ],
)
def test_a_name_of_the_tables_that_says_its_provider_has_no_note(catalog: MakeCatalog, name: str) -> None:
    assert catalog(MODELS).resolve(name).notes == ()


@pytest.mark.parametrize(
    "name",
    [
        "gpt-4o-2024-09-01",  # the family has two prices
        "grok-4.7-latest",  # a vendor can sell a newer one under it
        "gpt-4o-latest",  # the family has two prices
        "gemini-1.5-flash",  # the snapshots have two prices
        "mistral-large",  # the snapshots have two prices
        "mistral-large-latest",  # the snapshots have two prices
        "mistral-small",  # another version has the name too
        "mistral-small-latest",  # another version has the name too
        "claude-3-5-sonnet-latest",  # all that it can mean are shut down
        "mistral-small-2025-03-01",  # another version has the name too
        "command-r",  # the snapshots will have two prices
        "gpt-4.1-2026-11-02",  # a snapshot since the price was checked
        "gpt-4.1-2026-13-45",  # no day
        "gpt-4.2-2026-01-01",  # a snapshot of no model
        "vertex_ai/gemini-2.5-pro",  # the tables do not have that provider's
        "openai/claude-sonnet-4.5",  # another provider's
        "azure/gpt-4.1",  # the tables do not have that provider's
        "us.amazon.nova-lite-v1:0",  # its price differs from region to region
        "openai/gpt-4o:free",  # another price
        "ft:gpt-4o-2024-08-06:acme::abc",  # a model of the user's own
        "deepseek-r1",  # a host's, and which is not said
        "gpt4o",  # a part of the name is not told apart
        "4o",  # a part of a name
        "gpt-4o-",  # a part of a name
        "latest",  # no name
        "-latest",  # no name
        "openai:",  # no name
        ":",  # no name
    ],
)
def test_a_name_that_may_mean_another_price_is_refused(catalog: MakeCatalog, name: str) -> None:
    with pytest.raises(UnknownModelError):
        catalog(MODELS).resolve(name)


@pytest.mark.parametrize(
    ("name", "hosts", "gone"),
    [
        ("gpt-oss-120b", "cerebras/gpt-oss-120b, groq/openai/gpt-oss-120b", "fireworks/gpt-oss-120b"),
        ("openai/gpt-oss-120b", "cerebras/gpt-oss-120b, groq/openai/gpt-oss-120b", "fireworks/gpt-oss-120b"),
        ("GPT OSS 120b", "cerebras/gpt-oss-120b, groq/openai/gpt-oss-120b", "fireworks/gpt-oss-120b"),
        (
            "deepseek-v4.1-flash",
            "fireworks/deepseek-v4p1-flash, together/deepseek-ai/deepseek-v4.1-flash",
            "",
        ),
        ("glm-5p3", "fireworks/glm-5p3, together/zai-org/glm-5.3, zai/glm-5.3", ""),
        (
            "DeepSeek V4.1 Flash 1017",
            "mistral/deepseek-v4-1-flash-1017, together/deepseek-ai/deepseek-v4.1-flash",
            "",
        ),
        ("zai-org/GLM-5.3", "fireworks/glm-5p3, together/zai-org/glm-5.3, zai/glm-5.3", ""),
    ],
)
def test_open_weights_that_several_hosts_sell_are_ambiguous_and_live_hosts_come_first(
    catalog: MakeCatalog, name: str, hosts: str, gone: str
) -> None:
    with pytest.raises(AmbiguousModelError) as caught:
        catalog(MODELS).resolve(name)

    past = [f"shut down: {gone}"] if gone else []
    assert caught.value.hints == (f"choose one: {hosts}", *past)
    assert ", ".join(caught.value.matches) == ", ".join([hosts, *([gone] if gone else [])])


def test_open_weights_that_every_host_has_shut_down_are_ambiguous_too(catalog: MakeCatalog) -> None:
    prices = catalog(
        "groq/qwen/qwen3-32b: {shutdown: 2026-07-17, prices: {input: 1}}\n"
        "cerebras/qwen-3-32b: {shutdown: 2026-02-16, prices: {input: 2}}"
    )
    with pytest.raises(AmbiguousModelError) as caught:
        prices.resolve("qwen3-32b")

    assert caught.value.hints == ("shut down: cerebras/qwen-3-32b, groq/qwen/qwen3-32b",)


def test_a_later_layer_takes_no_open_weights_from_an_earlier_one(table: Callable[..., Path]) -> None:
    below = load_catalog(table("groq/llama-4: {prices: {input: 1}}", "below.yaml"))
    above = load_catalog(table("together/meta/llama-4: {prices: {input: 2}}", "above.yaml"))
    prices = Catalog([*below.layers, *above.layers], as_of=below.as_of)

    assert prices.resolve("llama-4").id == "groq/llama-4"
    assert prices.resolve("Llama 4").id == "groq/llama-4"


def test_a_note_on_the_name_goes_on_to_the_cost(catalog: MakeCatalog) -> None:
    prices, usage = catalog(MODELS), Usage(input_tokens=1)
    note = Note(NoteKind.NAME, '"Claude 3.5 Sonnet" is read as anthropic/claude-3-5-sonnet-20241022, ')

    found = prices.price("Claude 3.5 Sonnet", usage).notes

    assert [x.kind for x in found] == [NoteKind.NAME, NoteKind.SHUTDOWN]
    assert found[0].text.startswith(note.text)
    assert prices.price("gpt-4o", usage).notes == ()


def test_a_name_that_the_tables_have_is_never_read_in_another_way(catalog: MakeCatalog) -> None:
    prices = catalog(MODELS)

    for name in prices.names():
        found = prices.resolve(name)
        assert name in (found.id, found.bare_name, *found.aliases, *(f"{found.provider}/{x}" for x in found.aliases))


def test_the_other_names_of_providers_are_no_names_of_vendors() -> None:
    assert sorted(OTHER_NAMES.keys() & VENDORS) == []


@pytest.mark.parametrize(
    "text", ["", " ", "/", ":", "-", ".", "a/b/c", "\n", "a\nb/c", "\0", "é", "٣", "claude", "1", "2025-01-01"]
)
def test_whatever_is_typed_is_a_model_or_an_error_that_a_user_can_cause(catalog: MakeCatalog, text: str) -> None:
    prices = catalog(MODELS)
    for name in (f"openai/{text}?", f"{text}?", f"{text}?-latest", f"gpt-4o{text}?", f"?{text}"):
        with pytest.raises(LLMCostError):
            prices.resolve(name)


def test_a_name_of_a_host_that_begins_with_another_name_of_the_vendor_is_the_vendors(
    table: Callable[..., Path],
) -> None:
    host = "together/moonshotai/kimi-k3: {prices: {input: 4}}"
    vendor = "moonshot/kimi-k3: {prices: {input: 3}}"
    both = load_catalog(table(f"{host}\n{vendor}"))
    alone = load_catalog(table(host, "host.yaml"))
    layered = Catalog([*alone.layers, *load_catalog(table(vendor, "vendor.yaml")).layers], as_of=both.as_of)

    found = both.resolve("MoonshotAI/Kimi-K3")
    assert found.id == "moonshot/kimi-k3"
    assert [x.text for x in found.notes] == ['"MoonshotAI/Kimi-K3" is read as moonshot/kimi-k3']
    assert alone.resolve("moonshotai/kimi-k3").id == "together/moonshotai/kimi-k3"
    assert layered.resolve("moonshotai/kimi-k3").id == "together/moonshotai/kimi-k3"
    assert "moonshotai/kimi-k3" in both.names()
