"""Claude Code's sessions: one message is one record, whatever copies it has."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from llmcost.usage.cube import Cube
from llmcost.usage.readers import detect
from llmcost.usage.readers.claude_code import READER, read
from llmcost.usage.record import Drop, UsageRecord
from tests.usage.conftest import cube_of


def row(message: str = "msg_1", output: int = 5, **given: Any) -> dict[str, Any]:
    usage = {"input_tokens": 3, "cache_read_input_tokens": 100, "output_tokens": output, **given.pop("usage", {})}
    return {
        "type": "assistant",
        "sessionId": "s1",
        "uuid": f"u-{message}-{output}",
        "timestamp": "2026-03-21T10:00:00.000Z",
        "message": {"id": message, "model": "claude-sonnet-4-5-20250929", "usage": usage},
        **given,
    }


def sums(cube: Cube) -> tuple[int, int, int, Decimal | None]:
    cells = cube.cells
    records, output = sum(x.records for x in cells), sum(x.tokens.get("output_tokens", 0) for x in cells)
    return records, output, cube.counts.get("duplicates", 0), cells[0].logged_usd


COPIES = [
    row(output=9),  # ccusage#901: the first step of the stream is no answer
    row(output=159, requestId="r1"),  # tokscale#563: with or without the id of a request
    row(output=159, requestId="r2", isSidechain=True, costUSD=0.5),  # ccusage#313: an aside replays its parent
    row(output=159, sessionId="s2", timestamp="2026-03-22T10:00:00.000Z"),  # CodexBar#1002: a fork copies it
    {"type": "progress", "sessionId": "s1", "data": {"message": row(output=159)}},  # told by an agent too
]


@pytest.mark.parametrize("rows", list(permutations(COPIES))[::7])
def test_copies_of_a_message_are_one_in_whatever_order(rows: list[dict[str, Any]]) -> None:
    """At the earliest time, which keeps a message across midnight on its day (codeburn#201)."""
    cube = cube_of(rows)

    assert sums(cube) == (1, 159, 4, Decimal("0.5"))
    assert str(cube.cells[0].key.date) == "2026-03-21"


def test_of_copies_the_one_that_is_not_aside_counts() -> None:
    rows = [row(output=9), row(output=159, isSidechain=True)]

    assert sums(cube_of(rows))[1] == sums(cube_of(rows[::-1]))[1] == 9


def test_what_an_aside_answers_counts_too() -> None:
    """ccstats#85: side chains are nearly half of the cost."""
    assert sums(cube_of([row(), row("msg_2", isSidechain=True)]))[:2] == (2, 10)


def test_a_message_without_id_is_its_row() -> None:
    rows = [row(), row(output=6)]
    for found in rows:
        del found["message"]["id"]

    assert sums(cube_of(rows))[0] == 2


def test_an_advisor_is_a_record_at_its_own_model() -> None:
    """codeburn: its tokens are not among those of the message."""
    advice = {"type": "advisor_message", "model": "claude-opus-4-8", "input_tokens": 7, "output_tokens": 2}
    cube = cube_of([row(usage={"iterations": [advice]})] * 2)

    assert [(x.key.model, x.requests, x.tokens["input_tokens"]) for x in cube.cells] == [
        ("claude-opus-4-8", 0, 7),
        ("claude-sonnet-4-5-20250929", 1, 103),
    ]
    assert (cube.counts["parts"], cube.counts["duplicates"]) == (2, 2)


@pytest.mark.parametrize(
    ("given", "drop"),
    [
        ({"type": "user", "sessionId": "s", "message": {"role": "user", "content": "x"}}, Drop.OTHER),
        ({"type": "assistant", "sessionId": "s", "message": {"id": "m"}}, Drop.NO_USAGE),
        ({"type": "progress", "sessionId": "s", "data": None}, Drop.OTHER),
        (row(isApiErrorMessage=True), Drop.SYNTHETIC),
        ({**row(), "message": {"model": "<synthetic>", "usage": {"input_tokens": 0}}}, Drop.SYNTHETIC),
        (row(usage={"output_tokens": -1}), Drop.IMPOSSIBLE),
        ({**row(), "message": {"id": "m", "usage": {"speed": "fast"}}}, Drop.NO_USAGE),
    ],
)
def test_rows_that_are_no_answer(given: Mapping[str, Any], drop: Drop) -> None:
    assert read(given) is drop
    assert detect(given) == "claude-code"


def test_whose_it_is_is_told_without_a_path() -> None:
    found = read(row(cwd="/home/jane/work/shop/", costUSD=0))

    assert isinstance(found, UsageRecord)
    assert (found.project, found.session, found.logged_usd) == ("shop", "s1", None)


def test_only_lines_that_may_be_answers_are_parsed() -> None:
    assert READER.needle == b'"assistant"'
