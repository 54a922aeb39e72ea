"""A request's tokens: totals, their parts, and what cannot be."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal, localcontext
from importlib import import_module
from typing import Any

import pytest

from llmcost.errors import InvalidUsageError
from llmcost.pricing.units import FALLBACK, OUTPUT_SIDE, Unit
from llmcost.pricing.usage import Usage

from ..conftest import Grown

FIELDS = [f"{unit}_tokens" for unit in Unit]


def parts(**tokens: int | Decimal) -> dict[str, Decimal]:
    return {str(unit): count for unit, count in Usage(**tokens).parts()}


def test_the_units_are_those_of_the_price_table() -> None:
    assert " ".join(Unit) == (
        "input output cache_read cache_write cache_write_1h cache_write_12h reasoning audio_input audio_output audio_cache_read"
        " image_input image_output image_cache_read video_input video_output"
    )


def test_every_unit_has_a_field_of_a_usage_in_the_same_order() -> None:
    assert [field.name for field in fields(Usage)] == FIELDS


def test_what_a_unit_is_part_of_stands_above_it() -> None:
    """So that, from the last unit to the first, parts come before their wholes."""
    order = [str(unit) for unit in Unit]

    assert [x for x in Unit for whole in x.part_of if order.index(whole) >= order.index(x)] == []


@pytest.mark.long
def test_a_new_unit_is_two_lines_of_one_file(grown: Grown) -> None:
    """Cached video, added to a copy: it is counted, checked, priced, read and in the schema."""
    row, field = '    VIDEO_OUTPUT = "video_output", "output"\n', "    video_output_tokens: Tokens = 0\n"
    grown(
        "pricing/units.py",
        {
            row: f'{row}    VIDEO_CACHE_READ = "video_cache_read", "cache_read", "video_input"\n',
            field: f"{field}    video_cache_read_tokens: Tokens = 0\n",
        },
    )
    usage, table, cost, key = (import_module(f"grown.pricing.{name}") for name in ("usage", "table", "cost", "key"))
    tokens = {"input_tokens": 10, "cache_read_tokens": 6, "video_input_tokens": 5, "video_cache_read_tokens": 4}
    prices = {"input": "7", "cache_read": "1", "video_input": "9", "output": "1"}
    tree = {"with": {**prices, "video_cache_read": "2"}, "without": prices}
    models = table.ModelTable({f"a/{name}": {"prices": x} for name, x in tree.items()}, "x")

    assert [(str(unit), int(count)) for unit, count in usage.Usage(**tokens).parts()] == [
        ("input", 3),
        ("cache_read", 2),
        ("video_input", 1),
        ("video_cache_read", 4),
    ]
    bills = [cost.price_usage(models[f"a/{name}"], usage.Usage(**tokens), at=date(2026, 11, 23)).usd for name in tree]
    assert bills == [Decimal("0.00004"), Decimal("0.000036")]
    with pytest.raises(Exception, match="video_cache_read_tokens cannot be more than video_input_tokens"):
        usage.Usage(**{**tokens, "video_input_tokens": 3})
    assert "video_cache_read" in str(import_module("grown.pricing.parse").pricing_schema())
    assert key.Key.parse("batch/video_cache_read").words() == "batch video_cache_read"
    assert len(import_module("grown.pricing.sources.litellm_keys").RANK) == len(Unit) + 1


def test_every_unit_but_input_and_output_has_one_that_stands_in() -> None:
    assert {Unit.INPUT, Unit.OUTPUT} == set(Unit) - set(FALLBACK)


def test_what_a_model_answers_is_output_and_what_falls_back_to_it() -> None:
    assert {Unit.OUTPUT, *(unit for unit in FALLBACK if FALLBACK[unit] is Unit.OUTPUT)} == OUTPUT_SIDE


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ({}, {}),
        ({"input_tokens": 5, "output_tokens": 3}, {"input": 5, "output": 3}),
        ({"input_tokens": 1000, "cache_read_tokens": 800}, {"input": 200, "cache_read": 800}),
        ({"input_tokens": 800, "cache_read_tokens": 800}, {"cache_read": 800}),
        (
            {"input_tokens": 100, "cache_write_tokens": 60, "cache_write_1h_tokens": 20},
            {"input": 40, "cache_write": 40, "cache_write_1h": 20},
        ),
        (
            {"input_tokens": 100, "cache_write_tokens": 60, "cache_write_1h_tokens": 60},
            {"input": 40, "cache_write_1h": 60},
        ),
        (
            {"input_tokens": 100, "cache_read_tokens": 30, "audio_input_tokens": 40},
            {"input": 30, "cache_read": 30, "audio_input": 40},
        ),
        # cached audio is part of the cached tokens and of the audio tokens: 100 = 40 text + 20 cached text + 30 audio + 10 cached audio
        (
            {"input_tokens": 100, "cache_read_tokens": 30, "audio_input_tokens": 40, "audio_cache_read_tokens": 10},
            {"input": 40, "cache_read": 20, "audio_input": 30, "audio_cache_read": 10},
        ),
        (
            {"input_tokens": 100, "cache_read_tokens": 30, "image_input_tokens": 40, "image_cache_read_tokens": 30},
            {"input": 60, "image_input": 10, "image_cache_read": 30},
        ),
        (
            {
                "input_tokens": 100,
                "cache_read_tokens": 30,
                "audio_input_tokens": 10,
                "audio_cache_read_tokens": 10,
                "image_input_tokens": 20,
                "image_cache_read_tokens": 15,
                "video_input_tokens": 7,
            },
            {
                "input": 58,
                "cache_read": 5,
                "audio_cache_read": 10,
                "image_input": 5,
                "image_cache_read": 15,
                "video_input": 7,
            },
        ),
        ({"output_tokens": 500, "reasoning_tokens": 300}, {"output": 200, "reasoning": 300}),
        (
            {
                "output_tokens": 100,
                "reasoning_tokens": 40,
                "audio_output_tokens": 30,
                "image_output_tokens": 20,
                "video_output_tokens": 10,
            },
            {"reasoning": 40, "audio_output": 30, "image_output": 20, "video_output": 10},
        ),
        ({"input_tokens": Decimal("0.5"), "cache_read_tokens": Decimal("0.2")}, {"input": "0.3", "cache_read": "0.2"}),
    ],
)
def test_parts_are_all_tokens_each_once(tokens: dict[str, Any], expected: dict[str, Any]) -> None:
    assert {unit: Decimal(count) for unit, count in expected.items()} == parts(**tokens)


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        (
            {"input_tokens": 3, "cache_read_tokens": 5},
            "cache_read_tokens cannot be more than input_tokens (by 2 tokens)",
        ),
        (
            {"input_tokens": 10, "cache_read_tokens": 6, "cache_write_tokens": 5},
            "cache_read_tokens and cache_write_tokens together cannot be more than input_tokens (by 1 tokens)",
        ),
        (
            {"input_tokens": 10, "audio_input_tokens": 4, "image_input_tokens": 4, "video_input_tokens": 4},
            (
                "audio_input_tokens, image_input_tokens and video_input_tokens together cannot be more than input_tokens"
                " (by 2 tokens)"
            ),
        ),
        (
            {"input_tokens": 10, "cache_write_tokens": 2, "cache_write_1h_tokens": 3},
            "cache_write_1h_tokens cannot be more than cache_write_tokens (by 1 tokens)",
        ),
        (
            {"input_tokens": 10, "cache_read_tokens": 5, "audio_input_tokens": 2, "audio_cache_read_tokens": 3},
            "audio_cache_read_tokens cannot be more than audio_input_tokens (by 1 tokens)",
        ),
        (
            {"input_tokens": 10, "cache_read_tokens": 5, "image_input_tokens": 2, "image_cache_read_tokens": 4},
            "image_cache_read_tokens cannot be more than image_input_tokens (by 2 tokens)",
        ),
        (
            {"input_tokens": 10, "cache_read_tokens": 2, "audio_input_tokens": 5, "audio_cache_read_tokens": 3},
            "audio_cache_read_tokens cannot be more than cache_read_tokens (by 1 tokens)",
        ),
        (
            {
                "input_tokens": 20,
                "cache_read_tokens": 5,
                "audio_input_tokens": 5,
                "audio_cache_read_tokens": 3,
                "image_input_tokens": 5,
                "image_cache_read_tokens": 3,
            },
            (
                "audio_cache_read_tokens and image_cache_read_tokens together cannot be more than cache_read_tokens"
                " (by 1 tokens)"
            ),
        ),
        (
            {"output_tokens": 3, "reasoning_tokens": 4},
            "reasoning_tokens cannot be more than output_tokens (by 1 tokens)",
        ),
        (
            {"output_tokens": 9, "audio_output_tokens": 4, "image_output_tokens": 4, "video_output_tokens": 4},
            (
                "audio_output_tokens, image_output_tokens and video_output_tokens together cannot be more than output_tokens"
                " (by 3 tokens)"
            ),
        ),
    ],
)
def test_a_part_larger_than_its_whole_is_refused(tokens: dict[str, int], message: str) -> None:
    with pytest.raises(InvalidUsageError) as caught:
        Usage(**tokens)

    assert message == caught.value.message


def refusal(field: str, value: Any) -> str | None:
    """Return what a usage with this value says; None where it takes it."""
    try:
        Usage(**{field: value})
    except InvalidUsageError as error:
        return error.message
    return None


@pytest.mark.parametrize(
    "value", [-1, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-Infinity")], ids=str
)
def test_every_count_is_finite_and_at_least_0(value: int | Decimal) -> None:
    said = {field: refusal(field, value) for field in FIELDS}

    assert said == {field: f"{field} must be a finite number of at least 0, not {value}" for field in FIELDS}


@pytest.mark.parametrize(("value", "kind"), [(1.0, "float"), (True, "bool"), ("1", "str"), (None, "NoneType")])
def test_every_count_is_an_int_or_a_decimal(value: Any, kind: str) -> None:
    said = {field: refusal(field, value) for field in FIELDS}

    assert said == {field: f"{field} must be an int or a Decimal, not {kind}" for field in FIELDS}


def test_whether_a_usage_can_be_does_not_depend_on_the_callers_decimal_precision() -> None:
    """1000.4 + 0.2 = 1000.6, the whole input; in four digits the parts would be 1001."""
    with localcontext(prec=4):
        usage = Usage(
            input_tokens=Decimal("1000.6"), cache_read_tokens=Decimal("1000.4"), cache_write_tokens=Decimal("0.2")
        )

    assert {Unit.CACHE_READ: Decimal("1000.4"), Unit.CACHE_WRITE: Decimal("0.2")} == dict(usage.parts())


def test_a_usage_that_cannot_be_is_refused_in_any_decimal_precision() -> None:
    """1000.4 + 0.3 is 0.2 more than 1000.5; in three digits both are 1000."""
    with localcontext(prec=3), pytest.raises(InvalidUsageError):
        Usage(input_tokens=Decimal("1000.5"), cache_read_tokens=Decimal("1000.4"), cache_write_tokens=Decimal("0.3"))


def test_counts_of_zero_are_not_kept_and_a_name_must_be_known() -> None:
    assert Usage(input_tokens=5, cache_read_tokens=0) == Usage(input_tokens=5)
    with pytest.raises(TypeError, match="Usage has no inputs"):
        Usage(inputs=5)  # type: ignore[call-arg]
