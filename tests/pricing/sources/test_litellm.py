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

from llmcost.errors import NotSoldError
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.cost import price_usage
from llmcost.pricing.model import Model
from llmcost.pricing.parse import check_pricing
from llmcost.pricing.providers import VENDORS
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


def test_rates_stand_in_the_order_of_the_units() -> None:
    rates = {"output_cost_per_token": 2e-6, "cache_read_input_token_cost": 1e-7, "input_cost_per_token": 1e-6}
    tree = imported({"m": {"litellm_provider": "openai", **rates}}).models["openai/m"]

    assert list(tree["prices"]) == ["input", "output", "cache_read"]


def test_two_names_of_a_tier_share_no_rates() -> None:
    tree = imported({"m": {"litellm_provider": "openai", "input_cost_per_token_priority": 2e-6}}).models["openai/m"]

    assert tree["prices"]["tiers"]["fast"] is not tree["prices"]["tiers"]["priority"]


def test_an_unpriced_model_is_an_error_when_it_is_used() -> None:
    catalog = Catalog([imported({"m": {"litellm_provider": "openai"}}).table("x")], as_of=DAY)

    with pytest.raises(NotSoldError, match="openai/m has no known price"):
        catalog.price("m", Usage(input_tokens=1))


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
    assert imported({key: row}).skipped == (
        Skipped(model=key, key="litellm_provider", why="a row that is not a model"),
    )


def test_the_specification_of_a_row_is_no_model_and_no_loss() -> None:
    assert imported({"sample_spec": {"litellm_provider": "one of"}}) == Imported(models={})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["1e-6", "0.0", "NaN", "1e9999"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
KEYS = [
    "input_cost_per_token",
    "cache_creation_input_token_cost",
    "cache_read_input_token_cost",
    "input_cost_per_token_cache_hit",
    "output_cost_per_token",
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


@given(st.dictionaries(st.text(max_size=6), st.dictionaries(st.sampled_from(KEYS), JSON), max_size=4))
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

INPUTS = [unit for unit in BASE if unit not in laws.OUTPUTS]


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
    yield dict(zip(INPUTS, shares, strict=True)) | {unit: chance.randint(0, 9999) for unit in laws.OUTPUTS}


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
                    found = price_usage(model, laws.usage_of(parts), tier=ours, at=PEAK).usd
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


@pytest.mark.long
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
    "every rate is 0: unpriced, as litellm writes 0 for unknown too": 127,
    "no fee for pixels": 68,
    "no fee for searches of maps": 47,
    "an allowance that several models share": 47,
    "no fee for seconds of one kind of input": 42,
    "evaluation is called moderation here": 31,
    "no rate for audio that is written to the cache": 24,
    "no fee for annotated pages": 15,
    "no fee by size of the image": 10,
    "chat is called audio here, as the name says": 8,
    "no fee of this kind": 6,
    "a fee has no price above a number of tokens": 6,
    "chat is called image here, as the name says": 5,
    "no fee for characters of the answer": 4,
    "a price by the size of the search context": 4,
    "a second rate for cached input": 3,
    "extraction is called ocr here": 2,
    "no ranges of input tokens": 2,
    "a number without a place in our form": 2,
    "guardrail is called moderation here": 1,
    "no rate for tokens of citations": 1,
    "a row that is not a model": 1,
}


@cache
def sold() -> list[Model]:
    return laws.sold(whole_table())


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_bill_is_never_negative_and_is_the_sum_of_its_lines(data: st.DataObject) -> None:
    model = data.draw(st.sampled_from(sold()))
    usage = laws.usage_of({unit: data.draw(st.integers(0, 10**6)) for unit in BASE})
    tier = data.draw(st.sampled_from(laws.tiers(model)))
    limit = model.periods[0].tiers[tier].max_input if tier else None

    if limit is None or usage.input_tokens < limit:
        laws.hold(model, usage, tier, DAY)


def test_every_vendor_whose_bare_names_come_first_is_a_provider_of_a_table(shipped: Catalog) -> None:
    assert sorted(VENDORS - set(catalog().providers()) - set(shipped.providers())) == []
