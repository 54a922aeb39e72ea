"""What an answer costs, by `llmcost.price`: the right figure of each thread in which another program had a wrong one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

import llmcost
from llmcost.errors import NotSoldError, UnknownModelError, UsageError

ON = date(2026, 11, 20)
HOUR = {"cache_creation_input_tokens": 344_139, "cache_creation": {"ephemeral_1h_input_tokens": 344_139}}
NONE = {"input_tokens": 0, "output_tokens": 0}


def chat(given: int, answered: int, cached: int = 0, **more: Any) -> dict[str, Any]:
    usage = {"prompt_tokens": given, "completion_tokens": answered, "prompt_tokens_details": {"cached_tokens": cached}}
    return {"object": "chat.completion", "usage": usage, **more}


GEMINI = {"promptTokenCount": 262_960, "cachedContentTokenCount": 257_955, "candidatesTokenCount": 1_744}
FIVE_MINUTES = {"cache_creation_input_tokens": 60_120}


@pytest.mark.parametrize(
    ("thread", "model", "response", "usd"),
    [
        ("litellm#6215: cached tokens are no second time full", "gpt-4o", chat(1_000_000, 0, cached=900_000), "1.375"),
        ("pi#5603: an hour's writes at their own rate", "claude-opus-5", {"usage": {**NONE, **HOUR}}, "3.44139"),
        ("codeburn: writes of no known lifetime", "claude-opus-4-7", {"usage": {**NONE, **FIVE_MINUTES}}, "0.37575"),
        ("litellm#13810: the tier that was served", "gpt-5.6-sol", chat(1000, 10, service_tier="priority"), "0.0084"),
        ("its standard tier", "gpt-5.6-sol", chat(1000, 10, service_tier="default"), "0.0042"),
        ("tokscale#862: the whole request is long", "gpt-5.4", chat(278_476, 0, cached=7_936), "1.356668"),
        ("litellm#14849: cached tokens count once", "gemini-2.5-pro", {"usageMetadata": GEMINI}, "0.10316125"),
        ("ccusage#886: fast", "claude-opus-4-8", {"usage": {**NONE, "output_tokens": 100, "speed": "fast"}}, "0.005"),
        (
            "two searches",
            "claude-opus-4-8",
            {"usage": {**NONE, "server_tool_use": {"web_search_requests": 2}}},
            "0.02",
        ),
    ],
)
def test_an_answer_costs_what_its_vendor_bills(thread: str, model: str, response: dict[str, Any], usd: str) -> None:
    assert llmcost.price(response, model, at=ON).usd == Decimal(usd), thread


def test_what_the_answer_says_is_not_asked_for() -> None:
    """Its model, its tier, and when it was made: gpt-4o cost twice as much before October 2024."""
    made = int(datetime(2024, 9, 1, tzinfo=UTC).timestamp())

    assert llmcost.price(chat(1_000_000, 0, model="gpt-4o", created=made)).usd == 5
    assert llmcost.price(chat(1_000_000, 0, model="gpt-4o", created=made), at=ON).usd == Decimal("2.5")
    assert llmcost.price(chat(1_000_000, 0, model="gpt-4o")).usd == Decimal("2.5")
    assert llmcost.price(chat(1_000_000, 0, model="gpt-4o"), tier="batch").usd == Decimal("1.25")


def test_the_model_says_whose_usage_it_is() -> None:
    usage = {"input_tokens": 1_000_000, "output_tokens": 0}

    assert llmcost.price(usage, "claude-opus-5", at=ON).usd == 5
    assert llmcost.price(usage, "gpt-5.4", provider="openai", at=ON).usd == 5
    with pytest.raises(UsageError, match="does not name its model"):
        llmcost.price(usage)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ({"error": {"message": "x"}}, "unknown usage object: its keys are error"),
        ({}, "unknown usage object: its keys are none"),
        ({"model": "gpt-4o", "usage": None}, "the answer has no usage"),
        ({"id": "c", "model": "gpt-4o", "choices": []}, "the response has no usage"),
        ({"total_tokens": 15}, "the usage has only a total, 15"),
        ({"totalTokenCount": 15, "promptTokenCount": 0}, "the usage has only a total, 15"),
    ],
)
def test_what_has_no_counts_is_never_free(raw: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        llmcost.price(raw, "gpt-4o")


def test_a_moment_may_be_text() -> None:
    """The input of gpt-4o cost $5 before 2024-10-02, then $2.50."""
    prices = [
        llmcost.price({"prompt_tokens": 1_000_000, "completion_tokens": 0}, "gpt-4o", at=at).usd
        for at in ("2024-06-01", "2024-06-01T23:00:00Z", "2026-06-01", "2026-06-01T10:00:00")
    ]

    assert prices == [5, 5, Decimal("2.5"), Decimal("2.5")]


@pytest.mark.parametrize(
    ("more", "why", "hint"),
    [
        ({"at": "yesterday"}, "at must be a date.*, not 'yesterday'", 'write it as at="2026-10-01"'),
        ({"at": 1700000000}, "at must be a date.*, not 1700000000", 'write it as at="2026-10-01"'),
        ({"at": "1700000000"}, "at must be a date.*, not '1700000000'", 'write it as at="2026-10-01"'),
        ({"provider": "opnai"}, 'unknown provider "opnai"', "did you mean: openai?"),
        ({"provider": "foo"}, 'unknown provider "foo"', "known: "),
    ],
)
def test_arguments_that_are_slips(more: dict[str, Any], why: str, hint: str) -> None:
    with pytest.raises(UsageError, match=why) as error:
        llmcost.price(chat(5, 5), "gpt-4o", **more)
    assert error.value.hints[0].startswith(hint)
    with pytest.raises(UnknownModelError, match="azure/gpt-9q"):
        llmcost.price(chat(5, 5), "gpt-9q", "azure")


def test_a_usage_of_ours_and_a_sum_of_answers() -> None:
    answers = [llmcost.price(llmcost.Usage(input_tokens=1000, cache_read_tokens=1000), "gpt-4o", at=ON)] * 2

    assert sum(answers).usd == Decimal("0.0025")  # type: ignore[union-attr]


def test_what_is_not_sold_is_an_error() -> None:
    with pytest.raises(NotSoldError, match='has no tier "flex"'):
        llmcost.price(chat(5, 5), "gpt-4o", tier="flex")


def test_calls_beside_the_totals_cost_at_their_own_models_and_each_step_by_its_length() -> None:
    """Two steps of 150,000 tokens are no request of 300,000."""
    steps = [{"type": "message", "input_tokens": 150_000, "output_tokens": 0}] * 2
    advice = {"type": "advisor_message", "model": "claude-opus-4-8", "input_tokens": 1_000_000, "output_tokens": 0}
    again = {"type": "compaction", "input_tokens": 100_000, "output_tokens": 0}
    usage = {
        "input_tokens": 300_000,
        "cache_read_input_tokens": 0,
        "output_tokens": 0,
        "server_tool_use": {"web_search_requests": 1},
    }

    long = llmcost.price({**usage, "iterations": []}, "claude-sonnet-4-6", at=date(2026, 3, 1)).usd
    short = llmcost.price({**usage, "iterations": steps}, "claude-sonnet-4-6", at=date(2026, 3, 1)).usd
    whole = llmcost.price(
        {**usage, "iterations": [*steps, advice, again]}, "claude-sonnet-4-6", at=date(2026, 3, 1)
    ).usd

    assert (long, short) == (Decimal("1.8"), Decimal("0.9"))
    assert whole - short == 5 + Decimal("0.3")


def test_what_is_not_understood_or_has_no_price_is_a_note() -> None:
    odd = {"prompt_tokens": 5, "completion_tokens": 5, "citation_tokens": 9}
    searched = {**NONE, "server_tool_use": {"web_search_requests": 2}}

    assert [x.text for x in llmcost.price(odd, "gpt-4o").notes] == [
        "the usage has unknown counts, not included in the cost: citation_tokens"
    ]
    unsure = {"prompt_tokens": 5, "completion_tokens": 5, "cached_tokens": 9, "total_tokens": 50}
    assert [x.text for x in llmcost.price(unsure, "gpt-4o").notes] == [
        "the total is above input and output: the rest is counted as output",
        "the cached tokens are beside the input: both are counted as input",
    ]
    assert [x.text for x in llmcost.price(searched, "bedrock/anthropic.claude-opus-4-8", provider="bedrock").notes] == [
        "bedrock/anthropic.claude-opus-4-8 has no known price for web_search: 2 are not in the cost"
    ]
