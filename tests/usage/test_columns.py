"""Rows of tables whose columns the user names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import UsageError
from llmcost.usage.readers.columns import check_columns, column_reader, has_columns
from llmcost.usage.record import Doubt, Drop, UsageRecord

COLUMNS = {"in": "toks.in", "out": "o", "cached": "c", "model": "m", "time": "t", "id": "i", "usd": "$", "tier": "s"}
ROW: dict[str, Any] = {
    "toks": {"in": "10"},
    "o": 5.0,
    "c": 4,
    "m": "gpt-4o",
    "t": 1,
    "i": 7,
    "$": "0.5",
    "s": "default",
}


def test_a_row_is_a_record_of_its_columns() -> None:
    assert column_reader(COLUMNS).read(ROW) == UsageRecord(
        source="columns",
        tokens={"input_tokens": 10, "cache_read_tokens": 4, "output_tokens": 5},
        model="gpt-4o",
        record_id="7",
        at=1_000_000,
        logged_usd=Decimal("0.5"),
    )


@pytest.mark.parametrize("more", [{"o": None}, {"o": ""}, {"toks": {"in": None}}])
def test_an_empty_input_or_output_may_be_any_number(more: dict[str, Any]) -> None:
    found = column_reader(COLUMNS).read({**ROW, **more})

    assert isinstance(found, UsageRecord)
    assert found.unknown == (Doubt.BLANK,)
    embedding = column_reader(COLUMNS).read({**ROW, **more, "m": "text-embedding-3-small"})
    assert isinstance(embedding, UsageRecord)
    assert embedding.unknown == ()


@pytest.mark.parametrize(
    ("more", "drop"),
    [
        ({"o": 1.5}, Drop.IMPOSSIBLE),
        ({"o": -1}, Drop.IMPOSSIBLE),
        ({"toks": 3, "o": "", "c": None, "$": 0}, Drop.NO_USAGE),
        *(({"toks": {"in": 0}, "o": 0, "c": 0, "$": x}, Drop.EMPTY) for x in (0, "", "0.00")),
        ({"toks": {"in": 0}, "o": 0, "c": 0, "$": "abc"}, Drop.NO_USAGE),
    ],
)
def test_a_row_without_counts_is_none(more: dict[str, Any], drop: Drop) -> None:
    assert column_reader(COLUMNS).read({**ROW, **more}) is drop


def test_a_charge_that_is_no_number_may_be_one() -> None:
    assert column_reader({"model": "m", "usd": "$"}).read({"m": "gpt-4o", "$": "abc"}) is Drop.NO_USAGE


def test_a_table_is_known_by_its_counts_and_its_model() -> None:
    assert has_columns({"toks": {"in": 1}, "o": 0, "m": "x"}, COLUMNS)
    assert has_columns({"toks.in": 1, "o": 0, "m": "x"}, COLUMNS)
    assert not has_columns({"toks": {"in": 1}, "o": 0}, COLUMNS)


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("cachd", "did you mean: cached?"),
        ("usage.cachd_toks", "did you mean: usage.cached_toks?"),
        ("nope", "columns: cached, usage, usage.cached_toks, n"),
    ],
)
def test_a_column_that_no_row_has_is_a_slip(asked: str, hint: str) -> None:
    rows: list[dict[str, Any]] = [{"cached": None}, {"usage": {"cached_toks": 5}, "n": 1}]
    check_columns(rows, {"cached": "cached", "out": "usage.cached_toks"}, "a.parquet")
    check_columns([], {"in": "n"}, "not a table")

    with pytest.raises(UsageError, match=f"no column {asked} in a.parquet") as error:
        check_columns(rows, {"in": "n", "out": asked}, "a.parquet")
    assert error.value.hints == (hint,)
