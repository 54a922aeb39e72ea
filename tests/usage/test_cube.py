"""Records become cells: what is repeated counts once, every row is counted, and no order changes a sum."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise, permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.errors import UsageError
from llmcost.report.logs import log_notes
from llmcost.usage.cube import Cube, CubeBuilder
from llmcost.usage.readers import reader_of
from llmcost.usage.record import DAY, Doubt, Drop, Grain, UsageRecord
from llmcost.usage.sources import Sources

EDGES = (99, 200)


def record(**given: Any) -> UsageRecord:
    return UsageRecord(**{"source": "x", "tokens": {"input_tokens": 100, "output_tokens": 5}, "model": "m", **given})


def built(*records: UsageRecord, **how: Any) -> Cube:
    builder = CubeBuilder(EDGES, **how)
    for found in records:
        builder.take(found)
    return builder.cube()


def test_requests_of_one_price_are_one_cell() -> None:
    at = 20_000 * DAY
    (cell,) = built(
        record(at=at, logged_usd=Decimal("0.1"), fees={"web_search": 2}),
        record(at=at + 5, tokens={"input_tokens": 150, "cache_read_tokens": 50}, logged_usd=Decimal("0.2")),
    ).cells

    assert (cell.key.date, cell.key.above, cell.records, cell.requests) == (date(2024, 10, 4), 99, 2, 2)
    assert cell.tokens == {"input_tokens": 250, "output_tokens": 5, "cache_read_tokens": 50}
    assert (cell.fees, cell.logged_usd, cell.logged) == ({"web_search": 2}, Decimal("0.3"), 2)


@pytest.mark.parametrize(
    ("length", "grain", "given", "above"),
    [
        (99, Grain.REQUEST, None, 0),
        (100, Grain.REQUEST, None, 99),
        (200, Grain.REQUEST, None, 99),
        (201, Grain.REQUEST, None, 200),
        (999, Grain.BUCKET, None, 0),  # openusage#885: the sum of a bucket says nothing of a request
        (999, Grain.BUCKET, 201, 200),  # the export names the context window
    ],
)
def test_the_length_class_is_that_of_a_request(length: int, grain: Grain, given: int | None, above: int) -> None:
    (cell,) = built(record(tokens={"input_tokens": length}, grain=grain, length=given)).cells

    assert cell.key.above == above


def test_the_hour_divides_only_what_has_peak_hours() -> None:
    at = 20_000 * DAY + DAY // 2
    cells = built(
        record(at=at), record(at=at, model="peak"), record(model="peak"), hourly=lambda _, x: x == "peak"
    ).cells

    assert [(x.key.model, x.key.hour) for x in cells] == [("peak", None), ("m", None), ("peak", 12)]


def test_a_count_that_one_log_lacks_is_not_known() -> None:
    (cell,) = built(record(), record(requests=None), record()).cells

    assert (cell.records, cell.requests) == (3, None)


def test_every_row_is_counted() -> None:
    builder = CubeBuilder()
    for outcome in (
        record(record_id="a"),
        record(record_id="a"),
        (record(record_id="b"), record(record_id="b/1", requests=0)),
        record(unknown=("x", "y")),
        record(tokens={"input_tokens": 1, "cache_read_tokens": 2}),
        Drop.ERROR,
    ):
        builder.take(outcome)
    builder.drop(Drop.UNREADABLE, 3)
    cube = builder.cube()

    assert cube.counts == {
        "duplicates": 1,
        "errors": 1,
        "impossible": 1,
        "parts": 1,
        "records": 4,
        "rows": 9,
        "unreadable": 3,
    }
    assert cube.unknown == {"x": 1, "y": 1}


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_of_records_with_one_id_that_differ_in_output_alone_the_largest_counts(order: tuple[int, ...]) -> None:
    parts = [
        record(record_id="a", tokens={"input_tokens": 100, "output_tokens": answered, "reasoning_tokens": thought})
        for answered, thought in ((1, 1), (30, 10), (7, 3))
    ]
    cube = built(*(parts[x] for x in order), record(record_id="b"))

    assert [x.tokens for x in cube.cells] == [{"input_tokens": 200, "output_tokens": 35, "reasoning_tokens": 10}]
    assert [(x.records, x.requests) for x in cube.cells] == [(2, 2)]
    assert (cube.counts, cube.unknown) == ({"duplicates": 2, "records": 2, "rows": 4}, {})


def test_what_a_part_does_not_say_is_nothing() -> None:
    parts = [
        record(record_id="a", tokens={"input_tokens": 100, **x})
        for x in ({}, {"output_tokens": 1, "reasoning_tokens": 1})
    ]

    assert built(*parts).cells[0].tokens == {"input_tokens": 100, "output_tokens": 1, "reasoning_tokens": 1}


def test_of_records_with_one_id_that_differ_in_more_the_first_counts_and_their_number_is_told() -> None:
    other = {"input_tokens": 90, "output_tokens": 500}
    found = [record(record_id=name, tokens=tokens) for name in "ab" for tokens in ({"input_tokens": 100}, other, other)]
    cube = built(*found, record(record_id="c"), record(record_id="c", model="n"))

    assert [x.tokens for x in cube.cells] == [{"input_tokens": 300, "output_tokens": 5}]
    assert cube.unknown == {Doubt.DIFFER: 3}
    assert [x.text for x in log_notes(cube, Sources())] == [
        "3 requests that several rows tell differently: the first row is counted"
    ]


@pytest.mark.parametrize(
    ("tokens", "possible"),
    [
        ({"input_tokens": 5, "cache_read_tokens": 3, "cache_write_tokens": 2, "cache_write_1h_tokens": 2}, True),
        ({"input_tokens": 5, "cache_write_tokens": 1, "cache_write_1h_tokens": 2}, False),
        ({"output_tokens": 5, "reasoning_tokens": 6}, False),
        ({"input_tokens": 5, "cache_read_tokens": 4, "audio_input_tokens": 3, "audio_cache_read_tokens": 2}, True),
        ({"input_tokens": 5, "cache_read_tokens": 4, "audio_input_tokens": 3}, False),
        ({"input_tokens": 5, "image_input_tokens": 1, "image_cache_read_tokens": 2, "cache_read_tokens": 2}, False),
    ],
)
def test_a_part_larger_than_its_whole_is_refused_and_never_clamped(tokens: Mapping[str, int], possible: bool) -> None:
    cube = built(record(tokens=tokens))

    assert (len(cube.cells), cube.counts.get("impossible", 0)) == ((1, 0) if possible else (0, 1))


def test_columns_are_carried_only_where_they_are_asked_for() -> None:
    records = [record(user="u", project="p"), record(user="v", project="p"), record()]

    assert len(built(*records).cells) == 1
    cube = built(*records, columns=["user"])
    assert [cube.value(x, "user") for x in cube.cells] == [None, "u", "v"]
    assert [x.records for x in cube.where([("user", "u")]).cells] == [1]


def test_cells_by_what_they_are_and_when() -> None:
    at = 20_000 * DAY  # a Friday
    cube = built(record(at=at, tier="batch", provider="openai"), record(at=at + 3 * DAY), record())
    none, friday, monday = cube.cells

    assert [cube.value(friday, x) for x in ("day", "week", "month", "tier", "provider", "region", "model")] == [
        *("2024-10-04", "2024-09-30", "2024-10", "batch", "openai", None, "m")
    ]
    assert cube.value(none, "day") is None
    assert cube.where(since=date(2024, 10, 5)).cells == (monday,)
    assert cube.where(until=date(2024, 10, 4)).cells == (friday,)
    assert cube.where(since=date(2024, 10, 4), until=date(2024, 10, 7)).cells == (friday, monday)
    assert cube.where([("tier", "batch")]).cells == (friday,)


def test_what_a_log_does_not_say_is_assumed() -> None:
    cube = built(record(at=20_000 * DAY, provider="azure"), record()).assuming("openai", date(2024, 1, 1))

    assert [(x.key.provider, x.key.date) for x in cube.cells] == [
        ("openai", date(2024, 1, 1)),
        ("azure", date(2024, 10, 4)),
    ]
    assert cube.assuming(None, None) == cube


def test_a_saved_cube_is_added_to_others() -> None:
    saved = built(record(user="u", logged_usd=Decimal(1)), record(user="v"), columns=["user"])
    builder = CubeBuilder((99, 200, 300))
    builder.take(record())
    builder.merge(saved)
    cube = builder.cube()

    found = [(x.records, x.tokens["input_tokens"], x.logged_usd) for x in cube.cells]
    assert found == [(2, 200, None), (1, 100, Decimal(1))]  # those with a logged cost are apart
    assert (cube.counts["rows"], cube.edges) == (3, EDGES)  # nothing is known of lengths above 300
    with pytest.raises(UsageError, match="has no column project"):
        CubeBuilder(columns=["project"]).merge(saved)


MODELS = st.sampled_from(["gpt-4o", "gpt-5.4"])


@st.composite
def logs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw answers of a log, some of them several times."""
    rows = [
        {
            "id": f"chatcmpl-{place}",
            "model": draw(MODELS),
            "created": 1_784_092_247 + draw(st.integers(0, 200_000)),
            "usage": {"prompt_tokens": draw(st.integers(0, 400)), "completion_tokens": draw(st.integers(0, 99))},
        }
        for place in range(draw(st.integers(1, 12)))
    ]
    return rows + draw(st.lists(st.sampled_from(rows), max_size=5))


@given(logs(), st.randoms(use_true_random=False))
def test_no_order_and_no_division_changes_a_sum(rows: list[dict[str, Any]], random: Random) -> None:
    """Shuffled lines, split files, a file read twice."""
    reader = reader_of("openai-chat")

    def cube(found: list[dict[str, Any]]) -> Cube:
        builder = CubeBuilder(EDGES)
        for row in found:
            builder.take(reader.read(row))
        return builder.cube()

    whole = cube(rows)
    shuffled = random.sample(rows, len(rows))

    assert cube(shuffled).cells == whole.cells
    assert cube(shuffled).counts == whole.counts
    assert cube(rows + rows).cells == whole.cells
    unique = list({x["id"]: x for x in rows}.values())
    builder = CubeBuilder(EDGES)
    for start, end in pairwise(sorted({0, random.randint(0, len(unique)), len(unique)})):
        builder.merge(cube(unique[start:end]))
    assert builder.cube().cells == whole.cells
