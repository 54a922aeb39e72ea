"""Bedrock's invocation log: each count once, names without accounts, and no address."""

from __future__ import annotations

import json
from typing import Any

import pytest

from llmcost.usage.readers.bedrock_log import read, rows
from llmcost.usage.record import Drop, UsageRecord
from tests.usage.conftest import cube_of


def row(body: Any = None, asked: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "schemaType": "ModelInvocationLog",
        "modelId": "us.anthropic.claude-sonnet-4-6",
        "input": {"inputTokenCount": 2, **(asked or {})},
        "output": {"outputTokenCount": 5, "outputBodyJson": body},
        **more,
    }


def record(*args: Any, **more: Any) -> UsageRecord:
    found = read(row(*args, **more))
    assert isinstance(found, UsageRecord)
    return found


TWINS = {"inputTokens": 2, "outputTokens": 5, "cacheReadInputTokens": 95_500, "cacheReadInputTokenCount": 95_500}
ANTHROPIC = {
    "input_tokens": 2,
    "cache_creation_input_tokens": 300,
    "cache_read_input_tokens": 95_500,
    "cache_creation": {"ephemeral_1h_input_tokens": 100, "ephemeral_5m_input_tokens": 200},
}
WRITTEN = {
    "input_tokens": 95_802,
    "cache_read_tokens": 95_500,
    "cache_write_tokens": 300,
    "cache_write_1h_tokens": 100,
    "output_tokens": 5,
}


@pytest.mark.parametrize(
    "body",
    [
        {"usage": TWINS},
        [{"contentBlockDelta": {}}, {"metadata": {"usage": TWINS}}],
        None,
    ],
    ids=["twins", "stream", "counts of the log alone"],
)
def test_what_was_cached_counts_once(body: Any) -> None:
    found = record(body, {} if body else {"cacheReadInputTokenCount": 95_500})

    assert found.tokens == {"input_tokens": 95_502, "cache_read_tokens": 95_500, "output_tokens": 5}


@pytest.mark.parametrize(
    "body",
    [
        {"usage": ANTHROPIC},
        [{"type": "message_start", "message": {"usage": ANTHROPIC}}, {"type": "message_delta", "usage": {}}],
        {"usage": {**TWINS, "cacheWriteInputTokens": 300, "cacheDetails": [{"ttl": "1h", "inputTokens": 100}]}},
    ],
    ids=["invoke", "invoke stream", "converse"],
)
def test_an_hour_of_cache_is_told_by_the_answer(body: Any) -> None:
    assert record(body).tokens == WRITTEN


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("anthropic.claude-sonnet-4-6", "anthropic.claude-sonnet-4-6"),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0"),
        ("arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0", "eu.amazon.nova-pro-v1:0"),
        (
            "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ab12",
            "application-inference-profile/ab12",
        ),
    ],
)
def test_a_model_is_named_without_the_account(name: str, model: str) -> None:
    assert record(modelId=name).model == model


@pytest.mark.parametrize(
    ("arn", "user"),
    [
        ("arn:aws:iam::123456789012:user/ci", "ci"),
        ("arn:aws:sts::123456789012:assumed-role/Reports/a@b.example", "Reports"),
        ("arn:aws:iam::123456789012:user/a@b.example", None),
        (None, None),
    ],
)
def test_a_caller_is_a_user_or_a_role(arn: str | None, user: str | None) -> None:
    assert record(identity={"arn": arn}).user == user


@pytest.mark.parametrize(
    ("body", "latency", "tier"),
    [
        ({"serviceTier": {"type": "priority"}}, "standard", "priority"),
        ({"serviceTier": {"type": "default"}}, None, None),
        (None, "optimized", "optimized"),
    ],
)
def test_the_tier_is_the_one_that_served(body: Any, latency: str | None, tier: str | None) -> None:
    assert record(body, performanceConfig={"latency": latency}).tier == tier


def test_tags_are_those_of_the_request() -> None:
    assert record(requestMetadata={"team": "web", "cost": "7"}).tag == "cost=7, team=web"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (row(errorCode="ThrottlingException"), Drop.ERROR),
        ({"schemaType": "ModelInvocationLog", "input": {}, "output": None}, Drop.NO_USAGE),
        ({"schemaType": "AnotherLog"}, Drop.OTHER),
        (row(asked={"inputTokenCount": -1}), Drop.IMPOSSIBLE),
    ],
)
def test_what_is_no_record(given: dict[str, Any], reason: Drop) -> None:
    assert read(given) is reason


def test_cloudwatch_has_requests_as_text() -> None:
    messages = [json.dumps(row(requestId="r1")), json.dumps(row(requestId="r1")), json.dumps(row(requestId="r2"))]
    page = {"events": [{"message": x, "ingestionTime": 1} for x in messages]}

    assert cube_of([page]).counts == {"duplicates": 1, "records": 2, "rows": 3}
    assert list(rows({"events": [{"message": "START RequestId"}, 5]})) == [None, None]
