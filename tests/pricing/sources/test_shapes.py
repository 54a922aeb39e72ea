"""A table of another shape in any one place is read, or refused as such: it is never a bug of the importer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest

from llmcost.pricing.parse import check_pricing
from llmcost.pricing.sources import genai_prices, litellm, models_dev, openrouter
from llmcost.pricing.sources.common import Imported, SourceError, loads

from . import test_models_dev, test_openrouter

TIERED = {"base": 1, "tiers": [{"start": 9, "price": 2}]}
GENAI_PRICES = {
    "providers": [
        {
            "id": "openai",
            "pricing_urls": ["https://openai.com"],
            "models": [
                {
                    "id": "m",
                    "name": "M",
                    "match": {"or": [{"equals": "m-1"}]},
                    "context_window": 9,
                    "deprecated": False,
                    "prices": [
                        {"prices": {"input_mtok": TIERED, "output_mtok": "2", "requests_kcount": 1}},
                        {"constraint": {"start_date": "2026-01-01"}, "prices": {"input_mtok": "3"}},
                        {"constraint": {"start_time": "01:00Z", "end_time": "02:00Z"}, "prices": {"input_mtok": 4}},
                    ],
                    "price_variants": [
                        {"when": {"processing": "batch"}, "prices": {"input_mtok": 1}},
                        {"when": {"route": "a/eu"}, "prices": {"input_mtok": "3.3", "output_mtok": 3}},
                    ],
                }
            ],
        }
    ]
}
LITELLM = {
    "gpt-5": {
        "litellm_provider": "openai",
        "mode": "chat",
        "source": "https://openai.com",
        "max_input_tokens": 9,
        "max_output_tokens": "9.0",
        "deprecation_date": "2027-01-14",
        "input_cost_per_token": "1e-6",
        "output_cost_per_token": "2e-6",
        "input_cost_per_token_priority": "3e-6",
        "input_cost_per_token_above_9k_tokens": "2e-6",
        "provider_specific_entry": {"us": "1.1", "fast": 2},
        "regional_endpoint_uplift_multiplier": "1.1",
        "search_context_cost_per_query": {"low": "0.01"},
        "web_search_billing_unit": "per_query",
        "search_free_requests": {"count": 9, "period": "day", "shared_group": ""},
    },
    "fireworks_ai/m": {
        "litellm_provider": "fireworks_ai",
        "tiered_pricing": [{"input_cost_per_token": "1e-6", "range": [0, "9.0"]}],
    },
    "deepseek/m": {
        "litellm_provider": "deepseek",
        "input_cost_per_token": "1e-6",
        "off_peak_pricing": {
            "input_cost_per_token": "5e-7",
            "weekday_timezone": "UTC",
            "hours_utc": "01:00-02:00",
            "windows": [{"hours_utc": ["03:00-04:00"], "weekdays": [1, 2]}],
        },
    },
}
SOURCES: dict[str, tuple[Callable[[Any], Imported], Any]] = {
    "genai-prices": (genai_prices.read, GENAI_PRICES),
    "litellm": (litellm.read, LITELLM),
    "models-dev": (models_dev.read, loads(test_models_dev.SAMPLE, "sample")),
    "openrouter": (openrouter.read, loads(test_openrouter.SAMPLE, "sample")),
}
ODD: tuple[Any, ...] = (None, True, 0, -1, 10**18, "", "x", "NaN", "1e999", "1e-39", [], [None], ["x"], {}, {"x": None})


def slots(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every mapping or list of a tree with each of its keys or indexes."""
    for key in tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ():
        yield tree, key
        yield from slots(tree[key])


@pytest.mark.untraced
@pytest.mark.parametrize("source", SOURCES)
def test_an_odd_value_in_any_place_is_left_out_or_refused(source: str) -> None:
    read, sample = SOURCES[source]
    tree = deepcopy(sample)
    assert check_pricing(read(tree).tree()) == []

    for holder, key in list(slots(tree)):
        before = holder[key]
        for value in ODD:
            holder[key] = value
            try:
                found = read(tree)
            except SourceError:
                continue
            assert not found.models or check_pricing(found.tree()) == [], (key, value)
        holder[key] = before


@pytest.mark.parametrize("source", SOURCES)
def test_what_should_be_a_price_and_is_none_is_told_as_broken(source: str) -> None:
    read, sample = SOURCES[source]
    tree = deepcopy(sample)
    skipped = set(read(tree).skipped)
    for holder, key in list(slots(tree)):
        before, holder[key] = holder[key], "x"
        with suppress(SourceError):
            skipped |= set(read(tree).skipped)
        holder[key] = before

    assert {x for x in skipped if x.broken} == {x for x in skipped if "not a price" in x.why}
    assert any(x.broken for x in skipped)


NOT_THE_TABLE: dict[str, tuple[tuple[tuple[Any, ...], str], ...]] = {
    "genai-prices": (
        ((4, {"models": []}), 'expected a list of providers, or a mapping with "providers"'),
        (
            ([4], [{"id": "openai", "models": {}}], [{"models": []}]),
            'expected every provider to have an "id" and a list of "models"',
        ),
    ),
    "litellm": ((([], None, "x", 1), "expected a mapping of models"),),
    "models-dev": (
        (([], None), "expected a mapping of providers"),
        (({"openai": {"models": []}}, {"openai": []}), 'expected openai to have a mapping of "models"'),
    ),
    "openrouter": ((([], {"error": 1}, {"data": {}}), 'expected a mapping with a list of models under "data"'),),
}


@pytest.mark.parametrize("source", SOURCES)
def test_what_is_no_table_of_the_source_is_refused_with_what_was_expected(source: str) -> None:
    read, _ = SOURCES[source]
    for tables, sentence in NOT_THE_TABLE[source]:
        for table in tables:
            with pytest.raises(SourceError) as raised:
                read(table)
            assert raised.value.message == sentence


@pytest.mark.parametrize("key", ["currency", "price_currency", "cost_unit"])
def test_prices_in_another_currency_are_refused_not_taken_for_dollars(key: str) -> None:
    text = '{"data": [{"id": "a/b", "cost": {"input": 1, "%s": %s}}]}'
    with pytest.raises(SourceError, match=f'table: {key} "EUR", and prices are taken in USD'):
        loads(text % (key, '"EUR"'), "table")
    with pytest.raises(SourceError, match='"CNY" of a/b, and'):
        loads(f'[{{"id": "a/b", "{key}": "CNY"}}]', "table")
    for fine in ('"USD"', '"usd"', "null", '""'):
        assert loads(text % (key, fine), "table")["data"]


def test_a_model_is_at_zero_where_the_source_says_0_for_all_it_has() -> None:
    row = {"litellm_provider": "openai", "mode": "chat"}
    rows = {"zero": {**row, "input_cost_per_token": 0}, "none": row, "some": {**row, "input_cost_per_token": 1e-6}}

    assert litellm.read(rows).zeroed() == {"openai/zero"}
