"""The importer of litellm's table: rules on rows made by hand, and the whole table against a calculator of its own."""

from __future__ import annotations

import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.document import Tree
from llmcost.errors import NotSoldError
from llmcost.pricing.catalog import VENDORS, Catalog
from llmcost.pricing.cost import price_usage
from llmcost.pricing.model import Model
from llmcost.pricing.parse import check_pricing
from llmcost.pricing.sources.common import Imported, Skipped, loads
from llmcost.pricing.sources.litellm import read
from llmcost.pricing.usage import Usage

from . import laws

DAY = date(2026, 11, 22)
FILE = Path(__file__).parents[2] / "data" / "litellm-model-prices.json.xz"
NO_MODELS = {"sample_spec", "fallback_generalizations"}


def imported(rows: Mapping[str, Any], **options: Any) -> Imported:
    """Import rows by way of JSON; what comes out must be a valid table."""
    result = read(loads(json.dumps(rows), "test"), **options)
    assert not result.models or check_pricing(result.tree()) == []
    return result


def one(row: Mapping[str, Any], key: str = "m", provider: str = "openai") -> Tree:
    """Return the only model of a table with this row."""
    (tree,) = imported({key: {"litellm_provider": provider, "mode": "chat", **row}}).models.values()
    return tree


def prices(row: Mapping[str, Any], key: str = "m", provider: str = "openai") -> Tree:
    return one(row, key, provider)["prices"]


def lost(row: Mapping[str, Any], key: str = "m", provider: str = "openai") -> list[tuple[str, str]]:
    result = imported({key: {"litellm_provider": provider, "mode": "chat", "input_cost_per_token": 1e-6, **row}})
    assert {x.model for x in result.skipped} <= {key}
    return [(x.key, x.why) for x in result.skipped]


# One row by one rule.


def test_every_token_rate_of_litellm_has_its_unit_here_in_usd_per_million() -> None:
    row = {
        "output_cost_per_token": 2e-6,
        "input_cost_per_token": 1e-6,
        "cache_read_input_token_cost": 1.2e-7,
        "cache_creation_input_token_cost": 3e-6,
        "cache_creation_input_token_cost_above_1hr": 4e-6,
        "output_cost_per_reasoning_token": 5e-6,
        "input_cost_per_audio_token": 6e-6,
        "output_cost_per_audio_token": 7e-6,
        "cache_read_input_audio_token_cost": 8e-6,
        "input_cost_per_image_token": 9e-6,
        "output_cost_per_image_token": 0.00001,
        "cache_read_input_image_token_cost": 1.1e-5,
        "input_cost_per_video_token": 1.2e-5,
        "output_cost_per_video_token": 1.3e-5,
    }

    found = prices(row)

    assert found == {
        "input": "1",
        "output": "2",
        "cache_read": "0.12",
        "cache_write": "3",
        "cache_write_1h": "4",
        "reasoning": "5",
        "audio_input": "6",
        "audio_output": "7",
        "audio_cache_read": "8",
        "image_input": "9",
        "image_output": "10",
        "image_cache_read": "11",
        "video_input": "12",
        "video_output": "13",
    }
    assert list(found)[:4] == ["input", "output", "cache_read", "cache_write"]


def test_no_digit_of_a_rate_is_lost() -> None:
    assert prices({"input_cost_per_token": 1.6666666666666667e-8}) == {"input": "0.016666666666666667"}


def test_a_threshold_is_above_and_for_xai_from_it_on() -> None:
    row = {"input_cost_per_token": 1e-6, "input_cost_per_token_above_200k_tokens": 2e-6}

    assert prices(row)["long_context"] == [{"above": "200000", "input": "2"}]
    assert prices(row, "xai/m", "xai")["long_context"] == [{"from_tokens": "200000", "input": "2"}]


def test_several_thresholds_stand_in_order_and_the_hour_of_a_cache_write_is_none() -> None:
    row = {
        "input_cost_per_token": 1e-6,
        "input_cost_per_token_above_512k_tokens": 3e-6,
        "input_cost_per_token_above_200k_tokens": 2e-6,
        "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 4e-6,
    }

    assert prices(row)["long_context"] == [
        {"above": "200000", "input": "2", "cache_write_1h": "4"},
        {"above": "512000", "input": "3"},
    ]


def test_suffixes_are_tiers_with_long_context_and_fees_of_their_own() -> None:
    row = {
        "input_cost_per_token": 1e-6,
        "input_cost_per_token_batches": 5e-7,
        "input_cost_per_token_above_200k_tokens_batches": 8e-7,
        "cache_read_input_token_cost_flex": 1e-7,
        "output_cost_per_token_ultrafast": 9e-6,
        "input_cost_per_token_balanced": 3e-6,
        "input_cost_per_token_decisions": 4e-6,
        "ocr_cost_per_page_batches": 0.002,
    }

    assert prices(row) == {
        "input": "1",
        "tiers": {
            "batch": {
                "input": "0.5",
                "long_context": [{"above": "200000", "input": "0.8"}],
                "fees": {"page": "0.002"},
            },
            "balanced": {"input": "3"},
            "decisions": {"input": "4"},
            "ultrafast": {"output": "9"},
            "flex": {"cache_read": "0.1"},
        },
    }


@pytest.mark.parametrize("provider", ["openai", "azure", "azure_ai", "text-completion-openai"])
def test_fast_is_another_name_of_priority_at_openai_and_azure(provider: str) -> None:
    row = {"input_cost_per_token": 1e-6, "input_cost_per_token_priority": 2e-6}

    tiers = prices(row, "m", provider)["tiers"]

    assert tiers == {"priority": {"input": "2"}, "fast": {"input": "2"}}
    assert tiers["fast"] is not tiers["priority"]
    assert list(prices(row, "m", "bedrock")["tiers"]) == ["priority"]


def test_gpt_5_priority_without_long_rates_is_not_sold_above_the_threshold() -> None:
    short = {
        "input_cost_per_token": 1e-6,
        "input_cost_per_token_above_272k_tokens": 2e-6,
        "input_cost_per_token_priority": 3e-6,
    }
    long = short | {"input_cost_per_token_above_272k_tokens_priority": 4e-6}

    expected = {"input": "3", "max_input": "272000"}
    assert prices(short, "gpt-5.5")["tiers"] == {"priority": expected, "fast": expected}
    assert "max_input" not in prices(long, "gpt-5.6")["tiers"]["priority"]
    assert "max_input" not in prices(short, "gpt-6")["tiers"]["priority"]


def test_fireworks_rows_without_a_cached_rate_read_the_cache_at_half_the_input_in_every_tier() -> None:
    row = {
        "input_cost_per_token": 9e-7,
        "input_cost_per_token_above_100k_tokens": 2e-6,
        "output_cost_per_token_above_200k_tokens": 2e-6,
        "input_cost_per_token_priority": 1.5e-6,
    }

    assert prices(row, "fireworks_ai/m", "fireworks_ai") == {
        "input": "0.9",
        "cache_read": "0.45",
        "long_context": [{"above": "100000", "input": "2", "cache_read": "1"}, {"above": "200000", "output": "2"}],
        "tiers": {"priority": {"input": "1.5", "cache_read": "0.75"}},
    }
    own = row | {"cache_read_input_token_cost": 1e-7}
    assert "cache_read" not in prices(own, "fireworks_ai/m", "fireworks_ai")["tiers"]["priority"]


def test_a_rate_of_reasoning_or_images_that_is_the_rate_of_text_is_none_of_its_own() -> None:
    """Else a batch that halves the output would bill reasoning in full."""
    row = {
        "input_cost_per_token": 1e-6,
        "input_cost_per_image_token": 1e-6,
        "input_cost_per_audio_token": 3e-6,
        "output_cost_per_token": 2e-6,
        "output_cost_per_reasoning_token": 2e-6,
        "output_cost_per_token_batches": 1e-6,
    }

    assert prices(row) == {"input": "1", "output": "2", "audio_input": "3", "tiers": {"batch": {"output": "1"}}}


def test_tiered_pricing_is_long_context() -> None:
    steps = [
        {"input_cost_per_token": 1e-6, "output_cost_per_reasoning_token": 3e-6, "range": [0, 32000.0]},
        {"input_cost_per_token": 2e-6, "note": 1, "input_cost_per_image": 1, "range": [32000.0, 128000.0]},
        {"input_cost_per_token_batches": 4e-6, "range": [128000.0, 256000.0]},
    ]
    row = {"tiered_pricing": steps}

    assert prices(row) == {
        "input": "1",
        "reasoning": "3",
        "long_context": [{"above": "32000", "input": "2"}],
    }
    assert lost({"input_cost_per_token": None, **row}) == [
        ("tiered_pricing.input_cost_per_image", "not a rate"),
        ("tiered_pricing.input_cost_per_token_batches", "not a rate"),
    ]


@pytest.mark.parametrize(
    "steps",
    [[], {}, "x", [1], [{"range": [5, 9]}], [{"range": [0]}], [{"range": [0, 1]}, {"range": ["x", 2]}], [{"query": 1}]],
)
def test_tiered_pricing_that_has_no_ranges_of_tokens_is_skipped(steps: Any) -> None:
    assert lost({"tiered_pricing": steps}) == [("tiered_pricing", "no ranges of input tokens")]


DEEPSEEK = {
    "input_cost_per_token": 3e-7,
    "cache_creation_input_token_cost": 0.0,
    "cache_read_input_token_cost": 6e-9,
    "input_cost_per_token_cache_hit": 6e-9,
    "output_cost_per_token": 1.2e-6,
}
OFF_PEAK = {
    "input_cost_per_token": 1.5e-7,
    "cache_read_input_token_cost": 3e-9,
    "output_cost_per_token": 6e-7,
    "windows": [
        {"hours_utc": ["00:00-01:00", "04:00-06:00", "10:00-00:00"], "weekdays": [1, 2, 3, 4, 5]},
        {"hours_utc": "00:00-00:00", "weekdays": [6, 7]},
    ],
}


@pytest.mark.parametrize("zone", [{}, {"weekday_timezone": "Asia/Shanghai"}, {"weekday_timezone": "UTC"}])
def test_off_peak_rates_are_the_base_and_the_main_rates_a_schedule(zone: dict[str, str]) -> None:
    assert prices(DEEPSEEK | {"off_peak_pricing": OFF_PEAK | zone}) == {
        "input": "0.15",
        "output": "0.6",
        "cache_read": "0.003",
        "cache_write": "0",
        "schedule": [
            {
                "days": ["1", "2", "3", "4", "5"],
                "utc": ["01:00-04:00", "06:00-10:00"],
                "input": "0.3",
                "output": "1.2",
                "cache_read": "0.006",
            }
        ],
    }


def test_off_peak_hours_may_wrap_and_days_may_be_those_of_another_zone() -> None:
    """Monday in Shanghai is from Sunday 16:00 to Monday 16:00 UTC."""
    rule = {
        "input_cost_per_token": 1e-7,
        "cache_read_input_token_cost": 2e-7,
        "weekday_timezone": "Asia/Shanghai",
        "windows": [{"hours_utc": "00:00-00:00", "weekdays": [1]}],
        "hours_utc": "22:30-01:00",
    }
    rates = {"input": "1", "cache_read": "1"}

    assert prices({"input_cost_per_token": 1e-6, "off_peak_pricing": rule}) == {
        "input": "0.1",
        "cache_read": "0.2",
        "schedule": [
            {"days": ["1"], "utc": ["16:00-22:30"], **rates},
            {"days": ["2", "3", "4", "5", "6"], "utc": ["01:00-22:30"], **rates},
            {"days": ["7"], "utc": ["01:00-16:00"], **rates},
        ],
    }


def test_hours_that_are_all_off_peak_leave_no_schedule() -> None:
    rule = {"input_cost_per_token": 1e-7, "hours_utc": "00:00-00:00"}

    assert prices({"input_cost_per_token": 1e-6, "off_peak_pricing": rule}) == {"input": "0.1"}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"off_peak_pricing": 1}, "hours that cannot be read"),
        ({"off_peak_pricing": {"hours_utc": "1-2"}}, "hours that cannot be read"),
        ({"off_peak_pricing": {"windows": [{}]}}, "hours that cannot be read"),
        ({"off_peak_pricing": {"hours_utc": "01:00-02:00", "weekday_timezone": "Mars"}}, "hours that cannot be read"),
        (
            {"off_peak_pricing": {"windows": [{"hours_utc": "01:00-02:00", "weekdays": [8]}]}},
            "hours that cannot be read",
        ),
        (
            {"off_peak_pricing": OFF_PEAK, "input_cost_per_token_batches": 1e-7},
            "hours beside tiers or long context",
        ),
        (
            {"off_peak_pricing": OFF_PEAK, "input_cost_per_token_above_9k_tokens": 1e-7},
            "hours beside tiers or long context",
        ),
    ],
)
def test_off_peak_hours_that_cannot_be_said_are_skipped_and_the_main_rates_stay(row: Any, why: str) -> None:
    assert lost(row) == [("off_peak_pricing", why)]
    assert prices({"input_cost_per_token": 1e-6} | row)["input"] == "1"


def test_off_peak_prices_that_are_no_rates_are_skipped() -> None:
    rule = {
        "hours_utc": "01:00-02:00",
        "output_cost_per_token": 1e-7,
        "input_cost_per_token_batches": 1e-7,
        "input_cost_per_image": 1,
        "citation_cost_per_token": 1,
        "cache_read_input_token_cost": "x",
    }
    why = "not a rate that has a peak"

    assert lost({"off_peak_pricing": rule}) == [
        ("off_peak_pricing.output_cost_per_token", why),
        ("off_peak_pricing.input_cost_per_token_batches", why),
        ("off_peak_pricing.input_cost_per_image", why),
        ("off_peak_pricing.citation_cost_per_token", "no rate for tokens of citations"),
        ("off_peak_pricing.cache_read_input_token_cost", why),
    ]
    assert prices({"input_cost_per_token": 1e-6, "off_peak_pricing": rule}) == {"input": "1"}


def test_multipliers_are_regions_and_fast_a_tier_with_all_rates() -> None:
    row = {
        "input_cost_per_token": 1.5e-6,
        "cache_read_input_token_cost": 1e-7,
        "input_cost_per_token_above_200k_tokens": 3e-6,
        "provider_specific_entry": {"us": 1.1, "fast": 2, "schema": "v2"},
        "regional_endpoint_uplift_multiplier": 1.2,
    }

    tree = one(row, provider="anthropic")

    assert tree["regions"] == {"us": "1.1", "regional": "1.2"}
    assert tree["prices"]["tiers"] == {
        "fast": {"input": "3", "cache_read": "0.2", "long_context": [{"above": "200000", "input": "6"}]}
    }
    uplift = {"regional_processing_uplift_multiplier_eu": 1.1, "regional_processing_uplift_multiplier_us": 1.05}
    assert one({"input_cost_per_token": 1e-6, **uplift})["regions"] == {"eu": "1.1", "us": "1.05"}


def test_multipliers_that_are_none_and_other_numbers_beside_them_are_skipped() -> None:
    row = {
        "provider_specific_entry": {"us": 0, "free_images": 5, "fast": 0, "names": {"a": 1}},
        "regional_endpoint_uplift_multiplier": 1000,
    }

    assert lost(row) == [
        ("provider_specific_entry.us", "not a multiplier"),
        ("regional_endpoint_uplift_multiplier", "not a multiplier"),
        ("provider_specific_entry.free_images", "a number that our form has no word for"),
        ("provider_specific_entry.fast", "a number that our form has no word for"),
    ]
    assert lost({"provider_specific_entry": 3}) == []


def sizes(low: float, medium: float, high: float) -> dict[str, float]:
    return {
        "search_context_size_low": low,
        "search_context_size_medium": medium,
        "search_context_size_high": high,
    }


@pytest.mark.parametrize(
    ("row", "fee"),
    [
        ({}, "0.01"),
        ({"web_search_billing_unit": "per_query"}, {"price": "0.01", "per": "query"}),
        ({"search_free_requests": {"count": 5000, "period": "month"}}, {"price": "0.01", "free": "5000/month"}),
        (
            {"web_search_billing_unit": "per_prompt", "search_free_requests": {"count": 9, "period": "day"}},
            {"price": "0.01", "per": "prompt", "free": "9/day"},
        ),
    ],
)
def test_a_web_search_of_one_price_is_a_fee(row: Any, fee: Tree) -> None:
    row = {"input_cost_per_token": 1e-6, "search_context_cost_per_query": sizes(0.01, 0.01, 0.01)} | row

    assert prices(row)["fees"] == {"web_search": fee}


@pytest.mark.parametrize(
    ("row", "key", "why"),
    [
        ({"search_context_cost_per_query": sizes(1, 2, 2)}, None, "a price by the size of the search context"),
        ({"search_context_cost_per_query": {}}, None, "not a price"),
        ({"search_context_cost_per_query": 3}, None, "not a price"),
        ({"search_context_cost_per_query": sizes(-1, -1, -1)}, None, "not a price"),
        (
            {"search_context_cost_per_query": sizes(1, 1, 1), "web_search_billing_unit": "per_moon"},
            "web_search_billing_unit",
            "unknown unit",
        ),
        (
            {"search_context_cost_per_query": sizes(1, 1, 1), "search_free_requests": {"count": 1, "period": "year"}},
            "search_free_requests",
            "no number a day or a month",
        ),
        (
            {
                "search_context_cost_per_query": sizes(1, 1, 1),
                "search_free_requests": {"count": 1, "period": "day", "shared_group": "g"},
            },
            "search_free_requests.shared_group",
            "an allowance that several models share",
        ),
    ],
)
def test_what_a_web_search_fee_cannot_say_is_skipped(row: Any, key: str | None, why: str) -> None:
    assert lost(row) == [(key or "search_context_cost_per_query", why)]


@pytest.mark.parametrize(
    ("mode", "row", "fees"),
    [
        ("chat", {"input_cost_per_image": 0.1}, {"image_in": "0.1"}),
        ("image_generation", {"input_cost_per_image": 0.1}, {"image_out": "0.1"}),
        (
            "image_edit",
            {"input_cost_per_image": 0.1, "output_cost_per_image": 0.2},
            {"image_in": "0.1", "image_out": "0.2"},
        ),
        ("audio_transcription", {"input_cost_per_second": 0.1, "output_cost_per_second": 0.0}, {"second": "0.1"}),
        ("audio_transcription", {"input_cost_per_second": 0.0, "output_cost_per_second": 0.1}, {"second": "0.1"}),
        ("chat", {"cost_per_second": 0.1, "input_cost_per_second": 0.1}, {"second": "0.1"}),
        ("video_generation", {"output_cost_per_video_per_second": 0.1}, {"second": "0.1"}),
        ("ocr", {"ocr_cost_per_page": 0.1}, {"page": "0.1"}),
        ("rerank", {"input_cost_per_query": 0.1}, {"query": "0.1"}),
        ("audio_speech", {"input_cost_per_character": 0.1}, {"char_in": "0.1"}),
        ("chat", {"input_cost_per_request": 0.1}, {"request": "0.1"}),
    ],
)
def test_prices_for_one_of_something_are_fees(mode: str, row: Any, fees: Tree) -> None:
    assert prices({"mode": mode} | row) == {"fees": fees}


def test_a_session_is_a_price_of_its_own_and_a_web_search_is_none() -> None:
    row = {"code_interpreter_cost_per_session": 0.03}

    assert prices({"input_cost_per_token": 1e-6, **row})["fees"] == {"session": "0.03"}
    assert prices(row) == {"fees": {"session": "0.03"}}
    assert prices({"search_context_cost_per_query": sizes(0.01, 0.01, 0.01)}) == {}


def test_rates_of_zero_beside_a_fee_are_dropped_where_the_answer_is_text() -> None:
    row = {"input_cost_per_token": 0, "output_cost_per_image": 0.04}
    why = "every rate is 0: unpriced, as litellm writes 0 for unknown too"

    assert prices(row) == {"fees": {"image_out": "0.04"}}
    assert lost(row) == [("prices", why)]
    assert prices(row | {"mode": "image_generation"}) == {"input": "0", "fees": {"image_out": "0.04"}}
    assert lost({"input_cost_per_token": None, "output_cost_per_image": 0.04}) == []


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("cache_creation_input_audio_token_cost", "no rate for audio that is written to the cache"),
        ("explicit_cache_read_input_token_cost", "a second rate for cached input"),
        ("google_maps_grounding_cost_per_query", "no fee for searches of maps"),
        ("output_cost_per_second_1080p", "no fee by resolution"),
        ("output_cost_per_image_4K", "no fee by size of the image"),
        ("input_cost_per_video_per_second", "no fee for seconds of one kind of input"),
        ("input_cost_per_pixel", "no fee for pixels"),
        ("output_cost_per_character", "no fee for characters of the answer"),
        ("annotation_cost_per_page_batches", "no fee for annotated pages"),
        ("ocr_cost_per_credit", "no fee of this kind"),
        ("input_cost_per_image_above_128k_tokens", "a fee has no price above a number of tokens"),
        ("output_dbu_cost_per_token", "a rate in DBU, not in USD"),
        ("input_cost_per_token_warp", "unknown price key"),
        ("price_of_tea", "unknown price key"),
    ],
)
def test_a_price_that_our_form_cannot_say_is_listed(key: str, why: str) -> None:
    assert lost({key: 0.5}) == [(key, why)]


def test_what_is_no_price_is_no_loss() -> None:
    row = {"supports_vision": True, "max_tokens": 5, "metadata": {"a": 1}, "input_dbu_cost_per_token": 1e-6, "rpm": 3}

    assert lost(row) == []


def test_two_keys_of_one_price_agree_or_the_second_is_listed() -> None:
    row = {"cache_read_input_token_cost": 1e-7, "input_cost_per_token_cache_hit": 2e-7}

    assert lost(row) == [("input_cost_per_token_cache_hit", "another key says another price of cache_read")]
    assert prices({"input_cost_per_token": 1e-6, **row})["cache_read"] == "0.1"


@pytest.mark.parametrize("value", [-1, "x", "NaN", "1e400", "1e-60", 2, True, [1], {"a": 1}])
def test_what_is_no_rate_is_listed(value: Any) -> None:
    """Two USD for one token is above the most that a table may say."""
    assert lost({"output_cost_per_token": value}) == [("output_cost_per_token", "not a price")]


def test_a_price_of_null_is_no_price() -> None:
    assert lost({"output_cost_per_token": None}) == []


def test_a_row_without_a_rate_is_unpriced_and_so_is_one_of_zeros() -> None:
    zeros = {"input_cost_per_token": 0, "output_cost_per_token": 0.0, "input_cost_per_token_batches": 0}
    search = {"search_context_cost_per_query": sizes(0.1, 0.1, 0.1)}
    why = "every rate is 0: unpriced, as litellm writes 0 for unknown too"

    assert one({}) == {"aliases": ["m"], "prices": {}}
    assert lost({"input_cost_per_token": None}) == []
    assert prices(zeros | search) == {}
    assert lost(zeros | search) == [("prices", why)]
    assert prices(zeros | {"output_cost_per_token_flex": 1e-6})["tiers"]["flex"] == {"output": "1"}


def test_an_unpriced_model_is_an_error_when_it_is_used() -> None:
    catalog = Catalog([imported({"m": {"litellm_provider": "openai"}}).table("x")], as_of=DAY)

    with pytest.raises(NotSoldError, match="openai/m is listed without a price"):
        catalog.price("m", Usage(input_tokens=1))


def test_a_row_says_mode_limits_shutdown_and_source() -> None:
    row = {
        "litellm_provider": "openai",
        "mode": "responses",
        "max_input_tokens": 1000,
        "max_output_tokens": "200.0",
        "deprecation_date": "2027-01-14",
        "source": "https://example.org",
        "input_cost_per_token": 1e-6,
    }

    assert imported({"M": row}, checked=DAY).models == {
        "openai/m": {
            "aliases": ["m"],
            "mode": "responses",
            "context": "1000",
            "max_output": "200",
            "shutdown": "2027-01-14",
            "source": "https://example.org",
            "checked": "2026-11-22",
            "prices": {"input": "1"},
        }
    }


@pytest.mark.parametrize(
    ("mode", "ours"),
    [
        ("image_generation", "image"),
        ("image_edit", "image"),
        ("audio_transcription", "audio"),
        ("audio_speech", "audio"),
        ("realtime", "audio"),
        ("video_generation", "video"),
        ("vector_store", "search"),
        ("embedding", "embedding"),
        ("rerank", "rerank"),
        ("moderation", "moderation"),
        ("ocr", "ocr"),
        ("search", "search"),
        ("completion", "completion"),
    ],
)
def test_a_mode_has_our_name_and_only_text_has_a_longest_answer(mode: str, ours: str) -> None:
    row = {"mode": mode, "max_output_tokens": 9, "max_input_tokens": 0, "source": " "}

    expected = {"aliases": ["m"], "mode": ours, "prices": {}}
    assert one(row) == (expected | {"max_output": "9"} if ours == "completion" else expected)


def test_a_mode_without_a_word_of_ours_gets_the_nearest_and_is_listed() -> None:
    assert one({"mode": "evaluation"})["mode"] == "moderation"
    assert lost({"mode": "evaluation"}) == [("mode", "evaluation is called moderation here")]
    assert lost({"mode": "dream"}) == [("mode", "dream is called chat here")]
    assert one({"mode": None}, "fireworks-ai-embedding-up-to-150m", "fireworks_ai")["mode"] == "embedding"
    assert "mode" not in one({"mode": None})


@pytest.mark.parametrize("value", ["soon", 5, "2027-02-31"])
def test_a_shutdown_that_is_no_day_is_listed(value: Any) -> None:
    assert lost({"deprecation_date": value}) == [("deprecation_date", "not a day")]


@pytest.mark.parametrize("value", [-1, 10**16, "many", "1.5", None, [], 0])
def test_a_limit_that_is_no_count_is_left_out(value: Any) -> None:
    assert "context" not in one({"max_input_tokens": value})


@pytest.mark.parametrize(
    ("key", "provider", "model_id"),
    [
        ("gpt-4o", "openai", "openai/gpt-4o"),
        ("azure/gpt-4o", "azure", "azure/gpt-4o"),
        ("gemini/gemini-2.5-pro", "gemini", "google/gemini-2.5-pro"),
        ("gemini-2.5-pro", "vertex_ai-language-models", "vertex/gemini-2.5-pro"),
        ("vertex_ai/claude-x@2", "vertex_ai-anthropic_models", "vertex/claude-x@2"),
        ("anthropic.claude-x-v1:0", "bedrock_converse", "bedrock/anthropic.claude-x-v1:0"),
        ("bedrock/us-gov-west-1/m", "bedrock", "bedrock/us-gov-west-1/m"),
        ("bedrock/*/1-month-commitment/m", "bedrock", "bedrock/1-month-commitment/m"),
        ("dashscope/qwen-max", "dashscope", "qwen/qwen-max"),
        ("together_ai/Qwen/Qwen3", "together_ai", "together/qwen/qwen3"),
        ("fireworks_ai/m", "fireworks_ai-embedding-models", "fireworks/m"),
        ("command-r", "cohere_chat", "cohere/command-r"),
        ("amazon-nova/m", "amazon_nova", "amazon_nova/m"),
        ("low/1024-x-1024/gpt-image-1", "openai", "openai/low/1024-x-1024/gpt-image-1"),
        ("cloudflare/@cf/meta/llama", "cloudflare", "cloudflare/cf/meta/llama"),
        ("Grand Model", "My Host", "my-host/grand-model"),
    ],
)
def test_an_id_is_provider_and_name_and_the_key_stays_a_name(key: str, provider: str, model_id: str) -> None:
    result = imported({key: {"litellm_provider": provider, "input_cost_per_token": 1e-6}})

    assert list(result.models) == [model_id]
    assert Catalog([result.table("x")], as_of=DAY).resolve(key).id == model_id


def test_two_keys_of_one_id_and_price_are_one_model() -> None:
    row = {"litellm_provider": "deepseek", "input_cost_per_token": 1e-6}

    models = imported({"deepseek-chat": row, "deepseek/deepseek-chat": row}).models

    assert list(models) == ["deepseek/deepseek-chat"]
    assert models["deepseek/deepseek-chat"]["aliases"] == ["deepseek-chat"]


def test_of_two_keys_of_one_id_at_two_prices_the_prefixed_one_keeps_it() -> None:
    row = {"litellm_provider": "deepseek", "input_cost_per_token": 1e-6}

    result = imported({"deepseek-chat": row | {"cache_read_input_token_cost": 1e-7}, "deepseek/deepseek-chat": row})

    assert result.models["deepseek/deepseek-chat"]["prices"] == {"input": "1"}
    assert result.models["litellm/deepseek-chat"] == {
        "aliases": ["deepseek-chat"],
        "prices": {"input": "1", "cache_read": "0.1"},
    }


def test_a_third_price_of_one_id_is_listed() -> None:
    rows = {
        key: {"litellm_provider": "cloudflare", "input_cost_per_token": rate}
        for key, rate in (("cloudflare/cf/m", 1e-6), ("@m", 1e-6), ("cf/m", 2e-6), ("@cf/m", 3e-6))
    }

    result = imported(rows)

    assert result.models["litellm/cf/m"]["prices"] == {"input": "2"}
    assert result.skipped == (Skipped(model="@cf/m", key="litellm_provider", why="another model has its id"),)


@pytest.mark.parametrize(
    ("key", "row"), [("m", 1), ("m", {}), ("m", {"litellm_provider": 3}), ("@", {"litellm_provider": "openai"})]
)
def test_a_row_that_is_no_model_is_listed(key: str, row: Any) -> None:
    assert imported({key: row}).skipped == (Skipped(model=key, key="litellm_provider", why="a row that is no model"),)


def test_the_specification_of_a_row_is_no_model_and_no_loss() -> None:
    assert imported({"sample_spec": {"litellm_provider": "one of"}}) == Imported(models={})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["1e-6", "0.0", "NaN", "1e9999"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
OTHER_KEYS = [
    "input_cost_per_token_batches",
    "input_cost_per_token_above_9k_tokens",
    "output_cost_per_image",
    "new_cost",
    "tiered_pricing",
    "off_peak_pricing",
    "provider_specific_entry",
    "regional_endpoint_uplift_multiplier",
    "search_context_cost_per_query",
    "search_free_requests",
    "mode",
    "source",
    "deprecation_date",
    "max_input_tokens",
    "litellm_provider",
]
KEYS = st.sampled_from([*DEEPSEEK, *OTHER_KEYS])


@given(st.dictionaries(st.text(max_size=6), st.dictionaries(KEYS, JSON), max_size=4))
def test_whatever_the_rows_are_the_table_is_valid(rows: dict[str, Any]) -> None:
    for row in rows.values():
        row.setdefault("litellm_provider", "openai")

    result = read(rows)

    assert not result.models or check_pricing(result.tree()) == []


# The whole table.


@cache
def text() -> str:
    return lzma.open(FILE, "rt", encoding="utf-8").read()


@cache
def whole_table() -> Imported:
    return read(loads(text(), "litellm"), checked=DAY)


@cache
def raw() -> dict[str, dict[str, Any]]:
    """Return the rows as the calculator below reads them: every number a Decimal."""
    rows: dict[str, dict[str, Any]] = json.loads(text(), parse_float=Decimal, parse_int=Decimal)
    return {key: row for key, row in rows.items() if key not in NO_MODELS}


@cache
def catalog() -> Catalog:
    return Catalog([whole_table().table("litellm")], as_of=DAY)


@cache
def owners() -> dict[str, str]:
    """Return whose own name each id and alias is."""
    return {name: i for i, tree in whole_table().models.items() for name in (i, *tree.get("aliases", ()))}


@cache
def model_of(key: str) -> Model:
    return catalog().resolve(owners()[key.lower()])


def test_the_whole_table_is_valid_and_every_row_is_in_it() -> None:
    assert check_pricing(whole_table().tree()) == []
    assert [key for key in raw() if key.lower() not in owners()] == []
    assert len(raw()) == 4240


def test_every_key_resolves_to_its_own_row() -> None:
    """A bare key of a host too: where the vendor's own model has that name, litellm's own naming is kept."""
    assert [key for key in raw() if catalog().resolve(key).id != owners()[key.lower()]] == []


def test_bare_keys_at_another_price_than_their_prefixed_twins_are_kept_under_litellm() -> None:
    twins = [i for i in whole_table().models if i.startswith("litellm/")]

    assert "litellm/deepseek-chat" in twins
    assert len(twins) <= 22
    assert not any(tree.get("free") for tree in whole_table().models.values())


# A calculator of its own: the rule of PRICING.md section 2, straight from a row of litellm. Nothing of the importer.

FALL = {
    "cache_read": "input",
    "cache_write": "input",
    "cache_write_1h": "cache_write",
    "audio_input": "input",
    "image_input": "input",
    "video_input": "input",
    "audio_cache_read": "cache_read",
    "image_cache_read": "cache_read",
    "reasoning": "output",
    "audio_output": "output",
    "image_output": "output",
    "video_output": "output",
}
BASE = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
    "cache_write_1h": "cache_creation_input_token_cost_above_1hr",
    "audio_cache_read": "cache_read_input_audio_token_cost",
    "image_cache_read": "cache_read_input_image_token_cost",
} | {kind: f"{side}_cost_per_{kind.removesuffix('_' + side)}_token" for kind, side in FALL.items() if "put" in kind}
BASE |= {"reasoning": "output_cost_per_reasoning_token"}
BASE |= {
    f"{x}_{side}": f"{side}_cost_per_{x}_token" for x in ("audio", "image", "video") for side in ("input", "output")
}
TIERS = ("batches", "flex", "priority", "ultrafast", "balanced", "decisions")
Parts = dict[str, int]


def set_rate(row: Mapping[str, Any], unit: str, suffix: str, total: int) -> Decimal | None:
    """Return what the row itself sets for a unit in a tier: the rate of the highest threshold that is crossed."""
    base = BASE[unit]
    at_least = row["litellm_provider"] == "xai"
    for n in sorted(thresholds(row), reverse=True):
        long = row.get(f"{base}_above_{n // 1000}k_tokens{suffix}")
        if long is not None and (total >= n if at_least else total > n):
            return Decimal(long)
    if unit not in ("cache_read", "cache_write", "cache_write_1h") and unit in FALL and not suffix:
        text_rate = BASE[FALL[unit]]
        if row.get(base) == row.get(text_rate):  # litellm's way to say: billed as text
            return None
    rate = row.get(base + suffix)
    if rate is None and unit == "cache_read" and row["litellm_provider"].startswith("fireworks_ai"):
        fresh = row.get(BASE["input"] + suffix)
        rate = fresh / 2 if fresh is not None and BASE["cache_read"] not in row else None
    return rate


def rate_of(row: Mapping[str, Any], unit: str, tier: str, total: int) -> Decimal | None:
    current: str | None = unit
    while current:
        for suffix in (f"_{tier}", "") if tier in TIERS else ("",):
            rate = set_rate(row, current, suffix, total)
            if rate is not None:
                return rate * row["provider_specific_entry"]["fast"] if tier == "fast" else rate
        current = FALL.get(current)
    return None


def thresholds(row: Mapping[str, Any]) -> list[int]:
    return sorted({int(key.split("_above_")[-1].split("k_")[0]) * 1000 for key in row if "k_tokens" in key})


def expected(row: Mapping[str, Any], parts: Parts, tier: str, total: int) -> Decimal | None:
    """Return the USD of a request, or None where it has tokens that have no rate."""
    usd = Decimal(row.get("input_cost_per_request") or 0)
    for step in row.get("tiered_pricing") or ():
        if step["range"][0] < total or step["range"][0] == 0:
            row = {**row, **step}
    for unit, tokens in parts.items():
        rate = rate_of(row, unit, tier, total) if tokens else Decimal(0)
        if rate is None:
            return None
        usd += tokens * rate
    return usd


# Requests for it.


def usage_of(parts: Parts) -> Usage:
    def summed(*units: str) -> int:
        return sum(parts.get(unit, 0) for unit in units)

    return Usage(
        input_tokens=sum(n for unit, n in parts.items() if unit not in OUTPUTS),
        output_tokens=summed(*OUTPUTS),
        cache_read_tokens=summed("cache_read", "audio_cache_read", "image_cache_read"),
        cache_write_tokens=summed("cache_write", "cache_write_1h"),
        cache_write_1h_tokens=summed("cache_write_1h"),
        audio_input_tokens=summed("audio_input", "audio_cache_read"),
        image_input_tokens=summed("image_input", "image_cache_read"),
        audio_cache_read_tokens=summed("audio_cache_read"),
        image_cache_read_tokens=summed("image_cache_read"),
        video_input_tokens=summed("video_input"),
        reasoning_tokens=summed("reasoning"),
        audio_output_tokens=summed("audio_output"),
        image_output_tokens=summed("image_output"),
        video_output_tokens=summed("video_output"),
    )


OUTPUTS = ("output", "reasoning", "audio_output", "image_output", "video_output")
INPUTS = [unit for unit in BASE if unit not in OUTPUTS]


def requests(total: int, chance: random.Random) -> Iterator[Parts]:
    """Yield plain, cached, cache-writing requests of a total input, and one of every kind of token at random."""
    half = total // 2
    yield {"input": total} if total else {"output": 777}
    yield {"input": total, "output": 777}
    yield {"input": total - half, "cache_read": half, "output": 777, "reasoning": 333}
    yield {"input": total - half, "cache_write": half, "output": 5}
    yield {"input": total - half, "cache_write": half // 2, "cache_write_1h": half - half // 2, "output": 5}
    cuts = sorted(chance.randint(0, total) for _ in INPUTS[1:])
    shares = [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]
    yield dict(zip(INPUTS, shares, strict=True)) | {unit: chance.randint(0, 9999) for unit in OUTPUTS}


def tiers_of(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return litellm's name and ours of each tier that the row has."""
    found = [("", "standard")]
    found += [(x, "batch" if x == "batches" else x) for x in TIERS if any(key.endswith(f"_{x}") for key in row)]
    if "fast" in (row.get("provider_specific_entry") or {}):
        found.append(("fast", "fast"))
    if row["litellm_provider"] in ("openai", "azure", "azure_ai") and ("priority", "priority") in found:
        found.append(("priority", "fast"))
    return found


def carries_a_price(value: Any) -> bool:
    if isinstance(value, dict):
        return any(carries_a_price(x) for key, x in value.items() if "cost" in key or key == "tiered_pricing")
    return any(map(carries_a_price, value)) if isinstance(value, list) else isinstance(value, Decimal) and value > 0


PRICED = [key for key, row in raw().items() if row.get("mode") in ("chat", "completion", "responses", "embedding")]
PRICED = [key for key in PRICED if carries_a_price(raw()[key])]


def mismatches(key: str, chance: random.Random) -> tuple[int, list[Any]]:
    """Return how many requests on a row have a price, and those whose price is another than the calculator's."""
    row, model = raw()[key], model_of(key)
    starts = [int(step["range"][0]) for step in row.get("tiered_pricing") or ()]
    borders = sorted({n for n in (*thresholds(row), *starts) if n})
    totals = [0, 1000, *(n + more for n in borders for more in (-1, 0, 1))]
    priced, wrong = 0, []
    for theirs, ours in tiers_of(row):
        for total in totals:
            for parts in requests(total, chance):
                usd = expected(row, parts, theirs, total)
                if theirs == "priority" and refused(key, row, total):
                    usd = None
                try:
                    found = price_usage(model, usage_of(parts), tier=ours, at=PEAK).usd
                except NotSoldError:
                    found = None
                priced += bool(found)
                if usd is None or found is None or abs(found - usd) > usd * Decimal("1e-9"):
                    wrong += [(ours, parts, usd, found)] if usd is not found else []
    return priced, wrong


PEAK = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""A Monday in the peak hours: where litellm's main rates hold."""


def refused(key: str, row: Mapping[str, Any], total: int) -> bool:
    """Tell whether GPT-5.x is asked for a priority that it does not sell: above a threshold that has no rate of it."""
    own = any("k_tokens_priority" in name for name in row)
    return "gpt-5" in key and not own and any(total > n for n in thresholds(row))


EXCEPTIONS = {
    r"bedrock/.*/[16]-month-commitment/.*": "28 rows of provisioned throughput: a price of a second",
    r"(\w+\.)?twelvelabs.marengo-embed-.*": "6 rows: a price of a query and an image, none of input tokens",
    r"medlm-(large|medium)": "2 rows: prices of characters",
    r"gemini/lyria-.*": "6 rows of music: a price of a piece, 0 for tokens",
    r"(azure|openai)/container": "2 rows of code interpreters: a price of a session",
    r"meta/sam-3.1": "1 row: a price of an image",
}
"""Rows of these modes that carry a price but price no tokens: their price is a fee."""


@pytest.mark.slow
def test_rows_of_text_and_embeddings_price_as_litellm_says() -> None:
    """3,160 of 3,205 rows price tokens, in every tier and on both sides of every threshold; 45 have but a fee.

    All 3,205 are in the table with a price; 100% of the rows with a rate for tokens price them within 1e-9.
    """
    chance = random.Random(20261122)
    feeless, wrong, by_fee = [], {}, Counter[str]()
    for key in PRICED:
        exception = next((pattern for pattern in EXCEPTIONS if re.fullmatch(pattern, key)), None)
        priced, differ = mismatches(key, chance)
        if exception:
            by_fee[exception] += not priced
            feeless += [key] if not model_of(key).periods[0].standard.fees else []
        elif differ or not priced:
            wrong[key] = differ[:1]

    assert wrong == {}
    assert feeless == []
    assert by_fee == {pattern: int(why.split()[0]) for pattern, why in EXCEPTIONS.items()}
    assert (len(PRICED), by_fee.total()) == (3205, 45)


def test_a_region_multiplies_what_a_request_costs() -> None:
    for key, row in raw().items():
        own = {region: row.get(f"regional_processing_uplift_multiplier_{region}") for region in ("eu", "us")}
        own |= {"regional": row.get("regional_endpoint_uplift_multiplier")}
        own["us"] = (row.get("provider_specific_entry") or {}).get("us", own["us"])
        said = {region: value for region, value in own.items() if value is not None}
        assert model_of(key).regions == said


def litellm_off_peak(rule: Mapping[str, Any], at: datetime) -> bool:
    """Tell whether litellm calls this minute off-peak."""
    shift = timedelta(hours=8) if rule.get("weekday_timezone") == "Asia/Shanghai" else timedelta()
    for window in rule["windows"]:
        hours = window["hours_utc"]
        for start, end in (x.split("-") for x in ([hours] if isinstance(hours, str) else hours)):
            now = f"{at:%H:%M}"
            inside = start <= now < end if start < end else now >= start or now < end
            if inside and (at + shift).isoweekday() in window["weekdays"]:
                return True
    return False


def test_every_minute_of_the_week_costs_what_litellm_says() -> None:
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    usage = Usage(input_tokens=1000, cache_read_tokens=400, output_tokens=100)
    rows = {key: row for key, row in raw().items() if "off_peak_pricing" in row}
    keys = ("input_cost_per_token", "cache_read_input_token_cost", "output_cost_per_token")

    assert len(rows) == 10
    assert len({str(row["off_peak_pricing"]["windows"]) for row in rows.values()}) == 1
    zones = set()
    for key, row in rows.items():
        usd = {
            off: sum(
                n * (row["off_peak_pricing"] if off else row)[k] for n, k in zip((600, 400, 100), keys, strict=True)
            )
            for off in (False, True)
        }
        (window,) = model_of(key).periods[0].standard.schedule
        zone = row["off_peak_pricing"].get("weekday_timezone")
        for minute in range(7 * 24 * 60) if zone not in zones else ():
            at = monday + timedelta(minutes=minute)
            peak = window.hours.contains(at.isoweekday(), at.hour * 60 + at.minute)
            assert peak != litellm_off_peak(row["off_peak_pricing"], at), (key, at)
        zones.add(zone)
        for at in (monday, monday + timedelta(hours=2)):
            off = litellm_off_peak(row["off_peak_pricing"], at)
            assert price_usage(model_of(key), usage, at=at).usd == usd[off]


def test_deepseek_has_the_schedule_of_its_price_page() -> None:
    tree = whole_table().models["deepseek/deepseek-v4-flash"]["prices"]

    assert tree["schedule"] == [
        {
            "days": ["1", "2", "3", "4", "5"],
            "utc": ["01:00-04:00", "06:00-10:00"],
            "input": "0.3",
            "output": "1.2",
            "cache_read": "0.006",
        }
    ]


def test_what_is_left_out_of_the_whole_table_is_counted_by_reason() -> None:
    reasons = Counter(x.why for x in whole_table().skipped)

    assert reasons == SKIPPED


SKIPPED = {
    "no fee by resolution": 156,
    "every rate is 0: unpriced, as litellm writes 0 for unknown too": 133,
    "no fee for pixels": 68,
    "no fee for searches of maps": 47,
    "an allowance that several models share": 47,
    "no fee for seconds of one kind of input": 42,
    "evaluation is called moderation here": 31,
    "no rate for audio that is written to the cache": 24,
    "no fee for annotated pages": 15,
    "no fee by size of the image": 10,
    "no fee of this kind": 6,
    "a fee has no price above a number of tokens": 6,
    "no fee for characters of the answer": 4,
    "a price by the size of the search context": 4,
    "a second rate for cached input": 3,
    "extraction is called ocr here": 2,
    "no ranges of input tokens": 2,
    "a number that our form has no word for": 2,
    "guardrail is called moderation here": 1,
    "no rate for tokens of citations": 1,
    "a row that is no model": 1,
}


@cache
def sold() -> list[Model]:
    return laws.sold(whole_table())


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_bill_is_never_negative_and_is_the_sum_of_its_lines(data: st.DataObject) -> None:
    model = data.draw(st.sampled_from(sold()))
    usage = usage_of({unit: data.draw(st.integers(0, 10**6)) for unit in BASE})
    tier = data.draw(st.sampled_from(laws.tiers(model)))
    limit = model.periods[0].tiers[tier].max_input if tier else None

    if limit is None or usage.input_tokens < limit:
        laws.hold(model, usage, tier, DAY)


def test_every_vendor_whose_bare_names_come_first_is_a_provider_of_a_table(shipped: Catalog) -> None:
    assert sorted(VENDORS - set(catalog().providers()) - set(shipped.providers())) == []
