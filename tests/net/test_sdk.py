"""The openai SDK and our sender ask the same server for the same thing."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from llmcost.evals.ledger import Answered, Attempt, Wanted
from llmcost.net.chat import Sender
from llmcost.net.endpoint import Endpoint
from tests.server import answer, serve

pytestmark = pytest.mark.slow

SAID = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1790000000,
    "model": "gpt-4o-mini-2024-07-18",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Positive"}}],
    "usage": {"prompt_tokens": 31, "completion_tokens": 1, "total_tokens": 32},
}


@pytest.mark.usefixtures("loopback")
def test_the_article_s_call_is_the_same_through_the_sdk() -> None:
    """The call is the one that the article shows for sentiment classification."""
    from openai import OpenAI

    messages: list[Any] = [
        {"role": "system", "content": "Classify the sentiment as positive, negative, or neutral. Reply with one word."},
        {"role": "user", "content": "Größte Kamera — 5★"},
    ]
    with serve(
        {"/v1/chat/completions": answer(json.dumps(SAID), Content_Type="application/json")}, scheme="http"
    ) as at:
        with OpenAI(base_url=at.url("/v1"), api_key="sk-the-key") as client:
            theirs = client.chat.completions.create(
                model="gpt-4o-mini", messages=messages, max_tokens=10, temperature=0
            )
        body = {"model": "gpt-4o-mini", "messages": messages, "max_tokens": 10, "temperature": 0}
        ours = (
            Sender({"weak": Endpoint(at.url("/v1"), "sk-the-key")})
            .post(Attempt(1, Wanted("r1", "weak", body, Decimal(1)), 1))
            .end
        )

    of_sdk, of_llmcost = at.requests
    assert json.loads(of_llmcost.body) == json.loads(of_sdk.body)
    assert sorted(of_llmcost.body) == sorted(of_sdk.body)  # but for the order of keys, byte for byte
    assert of_llmcost.line == of_sdk.line
    for name in ("authorization", "content-type", "accept"):
        assert of_llmcost.headers[name] == of_sdk.headers[name]
    assert isinstance(ours, Answered)
    assert ours.raw == theirs.to_dict()
