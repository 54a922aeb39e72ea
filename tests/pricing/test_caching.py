"""How vendors cache prompts: the rule of a model, and how much of a prompt it lets be cached."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.load import load_catalog
from llmcost.pricing.caching import CachingKind, CachingRule, duration_text, read_duration
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.model import Model
from llmcost.pricing.table import ModelTable

from .test_lint import DAY

PRICES = {"prices": {"input": "1"}}


def rule(model_id: str, *tables: ModelTable) -> CachingRule:
    catalog = Catalog(tables, as_of=DAY)
    return catalog.resolve(model_id).caching_rule(DAY)


def test_the_rule_of_a_model_is_its_own_then_that_of_the_last_table_with_its_provider() -> None:
    first = {"a": {"kind": "implicit", "min_prefix": "1024", "lifetime": "5m", "renewed": "true"}}
    table = ModelTable(
        {"a/b": {**PRICES, "caching": {"min_prefix": "512", "writes_billed": "false"}}}, "1", caching=first
    )
    found = rule("a/b", table, ModelTable({"c/d": PRICES}, "2", caching={"c": {"kind": "explicit"}}))
    assert found == CachingRule(
        kind=CachingKind.IMPLICIT, min_prefix=512, lifetime=300, renewed=True, writes_billed=False
    )
    own = ModelTable({}, "3", caching={"a": {"kind": "explicit", "renewed": "false"}})
    assert rule("a/b", table, own) == CachingRule(
        kind=CachingKind.EXPLICIT, min_prefix=512, renewed=False, writes_billed=False
    )
    assert rule("x/y", ModelTable({"x/y": PRICES}, "4")) == CachingRule()
    assert isinstance(table["a/b"], Model)


@pytest.mark.parametrize(
    ("tokens", "step", "cached"),
    [
        (1023, 128, 0),
        (1024, 128, 1024),
        (1151, 128, 1024),
        (1152, 128, 1152),
        (2000, 128, 1920),
        (2000, None, 2000),
        (1025, 2, 1024),
    ],
)
def test_a_prefix_is_cached_from_the_least_one_on_in_whole_steps(tokens: int, step: int | None, cached: int) -> None:
    assert CachingRule(min_prefix=1024, step=step).cacheable(Decimal(tokens)) == cached


@pytest.mark.parametrize(
    ("step", "first", "last", "cached"),
    [
        (None, 120, 120, 120),
        (None, 100, 200, 150),
        (1, 100, 200, 150),
        (None, 0, 200, 75),  # nothing of the first 100, then 150 on average
        (None, 0, 100, 0),
        (64, 120, 120, 100),
        (64, 110, 164, 100),
        (64, 100, 292, 164),  # 100, 164 and 228
        (64, 0, 300, "112.746666666666666666666666666666666667"),  # these 64 times each, and 292 8 times
        (64, 228, 300, "235.111111111111111111111111111111111111"),
    ],
)
def test_what_is_cached_of_lengths_that_are_evenly_spread_is_the_mean(
    step: int | None, first: int, last: int, cached: object
) -> None:
    found = CachingRule(min_prefix=100, step=step).cacheable_between(Decimal(first), Decimal(last))
    assert round(found, 20) == round(Decimal(str(cached)), 20)
    assert CachingRule(step=step).cacheable_between(Decimal(first), Decimal(last)) == 0


@pytest.mark.parametrize(("rates", "billed"), [({"cache_write": "2"}, True), ({}, False)])
def test_writes_are_billed_where_they_have_a_rate(rates: dict[str, str], billed: bool) -> None:
    rule_tree = {"a": {"kind": "explicit", "writes_billed": "true"}}
    table = ModelTable({"a/b": {"prices": {"input": "1", **rates}}}, "1", caching=rule_tree)
    assert rule("a/b", table).writes_billed is billed


def test_a_rule_is_said_as_far_as_it_is_known() -> None:
    assert CachingRule().words() == ""
    rule = CachingRule(kind=CachingKind.IMPLICIT, min_prefix=1024, step=128, lifetime=300, renewed=True)
    assert rule.words() == "implicit, from 1,024 tokens on, in steps of 128, lives for 5m after a hit"
    asked = CachingRule(kind=CachingKind.EXPLICIT, step=1, lifetime=3600, renewed=False, writes_billed=True)
    assert asked.words() == "explicit, lives for 1h, writes billed"
    assert CachingRule(min_prefix=1, step=2).words() == "from 1 tokens on, in steps of 2"


def test_what_no_source_says_is_not_cached() -> None:
    assert CachingRule(kind=CachingKind.IMPLICIT).cacheable(Decimal(10**6)) == 0
    assert CachingRule(min_prefix=100, step=64).cacheable(200) == 164
    assert not CachingRule(kind=CachingKind.IMPLICIT).known
    assert not CachingRule(min_prefix=1).known
    assert CachingRule(kind=CachingKind.EXPLICIT, min_prefix=1).known


@pytest.mark.parametrize("kind", CachingKind)
@pytest.mark.parametrize("billed", [True, False, None])
def test_writes_are_billed_unasked_where_the_cache_is_implicit(kind: CachingKind, billed: bool | None) -> None:
    found = CachingRule(kind=kind, writes_billed=billed).writes_itself
    assert found is (kind is CachingKind.IMPLICIT and billed is True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("5m", 300), ("1h", 3600), ("2d", 172800), ("0m", None), ("5", None), ("m", None)],
)
def test_a_time_is_written_with_its_unit(text: str, seconds: int | None) -> None:
    assert read_duration(text) == seconds
    assert seconds is None or duration_text(seconds) == text


LEAST = {
    "gpt-4o": 1024,
    "gpt-6-luna": 1024,
    "claude-sonnet-5-5": 512,
    "claude-opus-4-8": 1024,
    "claude-opus-4-7": 2048,
    "claude-haiku-4-5": 4096,
    "gemini-2.5-pro": 2048,
}
"""As the page has it that the rule names as its source."""


def test_the_shipped_table_has_the_rules_of_the_large_vendors() -> None:
    catalog = load_catalog(as_of=DAY)
    assert {name: catalog.resolve(name).caching_rule(DAY).min_prefix for name in LEAST} == LEAST
    for provider in ("openai", "azure"):
        for x in catalog.models(provider=provider):
            assert x.caching_rule(DAY).writes_itself == ("cache_write" in {key.name for key, _ in x.rates(DAY)}), x.id
    assert all(rule.source for x in catalog.models() if (rule := x.caching_rule(DAY)).kind)
