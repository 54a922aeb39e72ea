"""What a model can do: known, known not to, or unknown; each of them is told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from llmcost.pricing.capabilities import Capabilities, Reasoning
from llmcost.pricing.catalog import Catalog

from ..tools.capabilities import gather, line_of, settled, written

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
        (("vision", "pdf", "video"), "pdf, video unknown"),
    ],
)
def test_why_needs_are_not_met(needs: tuple[str, ...], why: str) -> None:
    assert SEES.lacks(needs) == why
    assert SEES.denies(needs) is why.startswith("no ")


TABLE = """\
models:
  a/b:
    name: B
    capabilities: {can: [pdf]}
    # a comment
    source: x
    prices: {input: 1}
  a/c:
    capabilities: {can: [pdf]}  # reviewed
    prices: {input: 1}
"""


def test_the_refresh_writes_what_nobody_contradicts_and_keeps_what_was_reviewed(
    catalog: Callable[..., Catalog],
) -> None:
    said = {"one": {"a/b": {"vision": {True}, "tools": {True}, "reasons": {True}}}, "two": {"a/b": {"vision": {False}}}}
    counts: Counter[str] = Counter()
    differ: list[str] = []
    model = catalog("a/b: {prices: {input: 1}}").resolve("a/b")
    line = line_of(settled(model, gather(model, said), counts, differ))

    assert line == "    capabilities: {can: [tools], reasoning: possible}"
    assert (counts, differ) == ({"differ": 1, "one says it": 2}, ["  a/b: vision: one True, two False"])
    assert written(TABLE, {"a/b": line, "a/c": line}) == TABLE.replace(
        "    capabilities: {can: [pdf]}\n    # a comment\n", f"    # a comment\n{line}\n"
    )
