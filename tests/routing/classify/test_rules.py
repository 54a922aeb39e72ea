"""The article's rule, to the letter."""

from __future__ import annotations

import pytest

from llmcost.routing.classify.rules import route_request

STRONG, WEAK = "gpt-4o", "gpt-4o-mini"


@pytest.mark.parametrize(
    ("prompt", "model"),
    [
        ("", WEAK),
        ("Is this spam?", WEAK),
        ("Please implement a queue", STRONG),
        ("Please debug this", STRONG),
        ("analyze the data", STRONG),
        ("prove it", STRONG),
        ("You are an architect", STRONG),
        # inside other words
        ("reimplementing", STRONG),
        ("the debugger", STRONG),
        ("overanalyzed", STRONG),
        ("improve my text", STRONG),
        ("proven", STRONG),
        ("the architecture", STRONG),
        # near, but not in it
        ("analyse the data", WEAK),
        ("analysis", WEAK),
        ("proof", WEAK),
        ("de bug", WEAK),
        ("de-bug", WEAK),
        ("arch itect", WEAK),
        ("implemen", WEAK),
        # whatever the case
        ("IMPLEMENT", STRONG),
        ("DeBuG", STRONG),
        ("ANALYZE", STRONG),
        ("Prove", STRONG),
        ("ArchiTect", STRONG),
        # beyond ASCII: lower() is what counts
        ("DEBUĞ", WEAK),
        ("ïmplement", WEAK),
        ("приветdebug", STRONG),  # noqa: RUF001
        ("ＤＥＢＵＧ", WEAK),  # noqa: RUF001
        ("ANALY\u200bZE", WEAK),
        ("🙂" * 500, WEAK),
    ],
)
def test_demanding_words_count_wherever_they_stand(prompt: str, model: str) -> None:
    assert route_request(prompt) == model


@pytest.mark.parametrize(
    ("length", "threshold", "model"),
    [(499, 500, WEAK), (500, 500, WEAK), (501, 500, STRONG), (0, 0, WEAK), (1, 0, STRONG), (501, 1000, WEAK)],
)
def test_a_prompt_is_long_above_the_threshold(length: int, threshold: int, model: str) -> None:
    assert route_request("x" * length, complexity_threshold=threshold) == model
    assert route_request("ä" * length, threshold) == model, "characters count, not bytes"
    assert route_request("🙂" * length, threshold) == model, "characters count, not UTF-16 units"
    assert route_request(" " * length, threshold) == model, "blanks count"


def test_the_threshold_is_500_unless_given() -> None:
    assert route_request("x" * 500) == WEAK
    assert route_request("x" * 501) == STRONG


def test_length_is_that_of_the_prompt_and_not_of_its_lower_case() -> None:
    """`"İ".lower()` is two characters."""
    assert len("İ".lower()) == 2
    assert route_request("İ" * 500) == WEAK


def test_a_short_demanding_prompt_is_for_the_strong_model_at_any_threshold() -> None:
    assert route_request("debug", complexity_threshold=10**9) == STRONG
