"""What a model can do: known, known not to, or not known; each of them is told apart."""

from __future__ import annotations

import pytest

from llmcost.pricing.capabilities import Capabilities, Reasoning

SEES = Capabilities(can=("vision", "tools"), cannot=("audio",), reasoning=Reasoning.ON_REQUEST)


@pytest.mark.parametrize(
    ("need", "met"),
    [("vision", True), ("audio", False), ("pdf", None), ("reasoning", True)],
)
def test_what_stands_in_neither_list_is_not_known(need: str, met: bool | None) -> None:
    assert SEES.meets(need) is met


@pytest.mark.parametrize(("reasoning", "met"), [(None, None), (Reasoning.NEVER, False), (Reasoning.POSSIBLE, True)])
def test_reasoning_is_a_need_like_the_others(reasoning: Reasoning | None, met: bool | None) -> None:
    assert Capabilities(reasoning=reasoning).meets("reasoning") is met


@pytest.mark.parametrize(
    ("needs", "why"),
    [
        (("vision", "tools"), ""),
        (("vision", "audio", "pdf"), "no audio"),  # what is known decides
        (("vision", "pdf", "video"), "pdf, video not known"),
    ],
)
def test_why_needs_are_not_met(needs: tuple[str, ...], why: str) -> None:
    assert SEES.lacks(needs) == why
