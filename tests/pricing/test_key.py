"""The key of a number of a model's prices: data, a text that files keep, and words that may change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.pricing.catalog import Catalog
from llmcost.pricing.hours import MINUTES_PER_DAY, Hours, read_span, span_text
from llmcost.pricing.key import Key, KeyKind, Threshold
from llmcost.pricing.model import Model
from llmcost.pricing.table import ModelTable
from llmcost.pricing.units import Unit
from llmcost.pricing.update import plan_update

from .test_update import DAY, model

NIGHT = Hours(frozenset({1, 2}), ((60, 240), (1320, 1440)))
EXAMPLES = {
    "standard/input": (Key(Unit.INPUT), "input"),
    "batch/cache_write_1h": (Key(Unit.CACHE_WRITE_1H, "batch"), "batch cache_write_1h"),
    "standard/input/above=200000": (Key(Unit.INPUT, step=Threshold(200_000, inclusive=False)), "input above 200000"),
    "flex/output/from=7": (Key(Unit.OUTPUT, "flex", step=Threshold(7, inclusive=True)), "flex output from 7"),
    "standard/input/days=12/utc=01:00-04:00,22:00-24:00": (
        Key(Unit.INPUT, hours=NIGHT),
        "input on Mon Tue 01:00-04:00, 22:00-24:00 UTC",
    ),
    "standard/input/days=1234567/utc=22:00-02:00": (
        Key(Unit.INPUT, hours=Hours(frozenset(range(1, 8)), ((1320, 120),))),
        "input on every day 22:00-02:00 UTC",
    ),
    "standard/input/days=1/utc=": (Key(Unit.INPUT, hours=Hours(frozenset({1}), ())), "input on Mon  UTC"),
    "standard/fee=page": (Key("page", kind=KeyKind.FEE), "fee page"),
    "batch/fee=web_search/per=prompt/free=1500/day": (
        Key("web_search", "batch", KeyKind.FEE, per="prompt", free="1500/day"),
        "batch fee web_search per prompt (1500/day free)",
    ),
    "batch/max_input": (Key(tier="batch", kind=KeyKind.MAX_INPUT), "batch max input"),
    "region=eu": (Key("eu", kind=KeyKind.REGION), "region eu"),
}


@pytest.mark.parametrize("text", EXAMPLES)
def test_a_key_has_a_text_for_files_and_words_for_people(text: str) -> None:
    key, words = EXAMPLES[text]

    assert (key.text(), Key.parse(text), key.words()) == (text, key, words)


minutes = st.integers(0, MINUTES_PER_DAY - 1)
spans = st.tuples(minutes, minutes | st.just(MINUTES_PER_DAY))
hours = st.builds(Hours, st.frozensets(st.integers(1, 7)), st.lists(spans, max_size=3).map(tuple))
tiers = st.text(min_size=1, max_size=9) | st.sampled_from(
    ["a/b", "standard/input", "x/above=5", "fee=page", "max_input"]
)
steps = st.builds(Threshold, st.integers(1, 10**15), st.booleans())
units = st.sampled_from(Unit)
keys = st.one_of(
    st.tuples(units, tiers).map(lambda x: Key(*x)),
    st.tuples(units, tiers, steps).map(lambda x: Key(x[0], x[1], step=x[2])),
    st.tuples(units, tiers, hours).map(lambda x: Key(x[0], x[1], hours=x[2])),
    st.tuples(st.sampled_from(["page", "web_search"]), tiers, st.sampled_from([None, "prompt", "query"])).map(
        lambda x: Key(x[0], x[1], KeyKind.FEE, per=x[2])
    ),
    st.tuples(tiers, st.sampled_from(["10/day", "5000/month"])).map(
        lambda x: Key("page", x[0], KeyKind.FEE, free=x[1])
    ),
    tiers.map(lambda tier: Key(tier=tier, kind=KeyKind.MAX_INPUT)),
    st.text(min_size=1, max_size=9).map(lambda name: Key(name, kind=KeyKind.REGION)),
)


@given(keys)
def test_every_key_is_read_back_from_its_text_whatever_the_name_of_its_tier(key: Key) -> None:
    assert Key.parse(key.text()) == key


@given(spans)
def test_a_span_is_read_back_from_its_text(span: tuple[int, int]) -> None:
    assert read_span(span_text(span)) == span


def test_a_span_has_hours_and_minutes() -> None:
    assert read_span("01:30-04:15") == (90, 255)


FULL = (
    "{input: 2, output: 8, long_context: [{above: 9, input: 3}, {from_tokens: 99, output: 9}],"
    ' schedule: [{days: [1], utc: ["01:00-02:00"], input: 5}], fees: {page: 1},'
    " tiers: {batch: {output: 4, max_input: 50, fees: {page: 0.5}}}}"
)


def numbers(found: Model, day: date | None = None) -> list[tuple[str, str]]:
    return [(key.text(), str(number)) for key, number in found.rates(day)]


def test_the_rates_of_a_model_are_every_number_of_its_prices() -> None:
    assert numbers(model(FULL, regions="{eu: 1.1}")) == [
        ("standard/input", "2"),
        ("standard/output", "8"),
        ("standard/input/above=9", "3"),
        ("standard/output/from=99", "9"),
        ("standard/input/days=1/utc=01:00-02:00", "5"),
        ("standard/fee=page", "1"),
        ("batch/output", "4"),
        ("batch/fee=page", "0.5"),
        ("batch/max_input", "50"),
        ("region=eu", "1.1"),
    ]


def test_the_rates_of_a_day_are_those_in_force_and_before_the_first_price_none() -> None:
    dated = model("[{from: 2026-01-01, input: 1}, {from: 2026-02-01, input: 2}]", regions="{eu: 1.1}")

    assert numbers(dated) == [("standard/input", "1"), ("standard/input", "2"), ("region=eu", "1.1")]
    assert numbers(dated, date(2026, 1, 31)) == [("standard/input", "1"), ("region=eu", "1.1")]
    assert numbers(dated, date(2025, 12, 31)) == []


def test_each_number_of_a_model_is_mapped_by_its_key() -> None:
    found = model(FULL, regions="{eu: 1.1}")
    twice = found.mapped(lambda _, number: number * 2)

    assert dict(twice.rates()) == {key: number * 2 for key, number in found.rates()}
    assert found.mapped(lambda _, number: number) == found


def without(*texts: str) -> Model:
    return model(FULL, regions="{eu: 1.1}").mapped(lambda key, number: None if key.text() in texts else number)


def test_what_is_mapped_to_nothing_is_gone_with_the_hours_and_the_tier_that_have_no_other() -> None:
    found = without("standard/input/days=1/utc=01:00-02:00", "standard/fee=page", "region=eu", "standard/output")
    assert ([*found.periods[0].standard.schedule], found.regions) == ([], {})
    assert (dict(found.periods[0].standard.fees), list(found.periods[0].standard.rates)) == ({}, [Unit.INPUT])

    assert list(without("batch/output", "batch/fee=page").periods[0].tiers) == ["batch"]
    assert list(without("batch/output", "batch/fee=page", "batch/max_input").periods[0].tiers) == []


def test_a_length_stays_and_a_tier_or_hours_that_never_had_a_number_stay() -> None:
    assert [x.step.tokens for x in without("standard/input/above=9").periods[0].standard.long_context] == [9, 99]

    bare = model('{input: 2, schedule: [{utc: ["01:00-02:00"]}], tiers: {batch: {}}}')
    assert bare.mapped(lambda _, number: number) == bare


@pytest.fixture
def other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Call every number by other words than today's."""
    monkeypatch.setattr(Key, "words", lambda key: f"the {key.name} number")
    monkeypatch.setattr(Hours, "words", lambda _: "some hours")


@pytest.mark.usefixtures("other_words")
def test_a_change_of_wording_makes_nothing_of_a_review_news() -> None:
    """A review of before, as its file has it, holds whatever a number is called today."""
    texts = {text: number for text, number in numbers(model(FULL, regions="{eu: 1.1}")) if text != "standard/output"}
    reviewed = {"a/b": {key: Decimal(number) for text, number in texts.items() if (key := Key.parse(text))}}
    ours = model("{input: 4, output: 8}")
    catalog = Catalog([ModelTable({"a/b": ours}, "table")], as_of=DAY)

    found = plan_update(catalog, [model(FULL, regions="{eu: 1.1}")], DAY, reviewed=reviewed)

    assert (found.behind, found.declined) == (False, len(texts))
    assert {x.what for x in plan_update(catalog, [model(FULL)], DAY, accept=True).changes} >= {"the input number"}
