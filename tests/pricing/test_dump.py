"""What is read from a price table, dumped and written, is read again as the same models."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.document import Faults, Tree
from llmcost.pricing.caching import CachingKind, CachingRule
from llmcost.pricing.capabilities import Capabilities, Reasoning
from llmcost.pricing.catalog import Catalog
from llmcost.pricing.dump import model_tree
from llmcost.pricing.exact import digits
from llmcost.pricing.form import FEES, FEES_PER, MODES
from llmcost.pricing.hours import Hours
from llmcost.pricing.key import Threshold
from llmcost.pricing.model import Card, Fee, LongStep, Model, Period, Rates, Window
from llmcost.pricing.parse import SCHEMA, check_pricing, parse_model, pricing_schema
from llmcost.pricing.units import MAX_RATE, Unit
from llmcost.tables.yaml_reader import YamlFile
from llmcost.tables.yaml_writer import write_yaml

ROOT = Path(__file__).parent.parent.parent

QUICK = settings(deadline=None, max_examples=60)

LOOKALIKES = [
    "1", "-0", "007", "1_000", "3.10", "1e3", ".5", "0x1F", "0b1", "0o7", "12:30", "12:30:45", ".inf", "-.INF", ".nan",
    "2026-11-22", "2026-11-22 10:00:00", "true", "no", "On", "Y", "null", "Null", "~", "=", "-", "?", ":", "--- x",
    "a: b", "a:", "a #b", "#a", "'", '"', "it's", "a, b", "[a]", "{a: b}", "&a", "*a", "!a", "!!str a", "|", ">-",
    "%a", "@a", "`a", " a", "a ", "\ta", "a\nb", "a\r\nb", "\na", "a\n", "a\n\nb ", "a\x00b", "\x7f", "\x85", "\u2028",
    "\ufeffa", "...", "--- ", "é", "名前", "😀", "\ufffd", "a\\b", "a  b", "word " * 60, "x" * 200, "a\\nb",
]  # fmt: skip
"""Texts that YAML, read by what it looks like, takes for something else."""


@st.composite
def lookalikes(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(LOOKALIKES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30))


names = lookalikes().filter(lambda x: bool(x.strip()))
keys = lookalikes().filter(lambda x: x not in ("standard", "<<"))
rates = st.decimals(min_value=0, max_value=MAX_RATE, places=9) | st.sampled_from(
    [Decimal(0), Decimal("0.0"), Decimal("1e6"), Decimal("1E+2"), Decimal("1e-12"), Decimal("2.50"), Decimal("0.1275")]
)
factors = st.decimals(min_value="0.000001", max_value=100, places=6)
counts = st.integers(min_value=1, max_value=10**15)
days = st.dates()
ids = st.from_regex(re.compile(r"[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._:/@+-]*", re.ASCII), fullmatch=True)
rate_maps: st.SearchStrategy[Rates] = st.dictionaries(st.sampled_from(Unit), rates, max_size=5)
fees = st.builds(
    Fee,
    usd=rates,
    per=st.none() | st.sampled_from(FEES_PER),
    free=st.none() | st.from_regex(re.compile(r"\d+/(day|month)", re.ASCII), fullmatch=True),
)
rules = st.builds(
    CachingRule,
    kind=st.none() | st.sampled_from(CachingKind),
    min_prefix=st.none() | counts,
    step=st.none() | counts,
    lifetime=st.none() | st.integers(1, 999_999),
    renewed=st.none() | st.booleans(),
    writes_billed=st.none() | st.booleans(),
    source=st.none() | names,
    checked=st.none() | days,
)
steps = st.builds(LongStep, step=st.builds(Threshold, counts, st.booleans()), rates=rate_maps)
spans = st.tuples(st.integers(0, 1439), st.integers(0, 1440))
hours = st.builds(Hours, st.frozensets(st.integers(1, 7)), st.lists(spans, max_size=3).map(tuple))
windows = st.builds(Window, hours=hours, card=st.builds(Card, rates=rate_maps))


def cards(max_input: st.SearchStrategy[int | None]) -> st.SearchStrategy[Card]:
    return st.builds(
        Card,
        rates=rate_maps,
        long_context=st.lists(steps, max_size=3).map(tuple),
        schedule=st.lists(windows, max_size=2).map(tuple),
        fees=st.dictionaries(st.sampled_from(FEES), fees, max_size=3),
        max_input=max_input,
    )


@st.composite
def periods(draw: st.DrawFn, start: date | None) -> Period:
    """Draw one period; a tier without peak hours of its own sets nothing that the standard peak hours set."""
    standard = draw(cards(st.none()))
    peak = {unit for window in standard.schedule for unit in window.card.rates}
    tiers = draw(st.dictionaries(keys, cards(st.none() | counts), max_size=3))

    def off_peak(found: Rates) -> Rates:
        return {unit: rate for unit, rate in found.items() if unit not in peak}

    for name, card in tiers.items():
        if not card.schedule:
            found = tuple(replace(step, rates=off_peak(step.rates)) for step in card.long_context)
            tiers[name] = replace(card, rates=off_peak(card.rates), long_context=found)
    return Period(start=start, standard=standard, tiers=tiers)


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Draw a model with any of the keys that the form knows."""
    starts: list[date | None] = [*sorted(draw(st.lists(days, min_size=1, max_size=3, unique=True)))]
    if draw(st.booleans()):
        starts[0] = None
    model_id = draw(ids)
    model = Model(
        id=model_id,
        name=draw(st.just(model_id.partition("/")[2]) | names),
        periods=tuple(draw(periods(start)) for start in starts),
        aliases=tuple(draw(st.lists(names, max_size=3))),
        mode=draw(st.sampled_from(MODES)),
        featured=draw(st.booleans()),
        context=draw(st.none() | counts),
        max_output=draw(st.none() | counts),
        encoding=draw(st.none() | names),
        caching=draw(rules),
        shutdown=draw(st.none() | days),
        replacement=draw(st.none() | names),
        regions=draw(st.dictionaries(keys, factors, max_size=3)),
        source=draw(st.none() | names),
        checked=draw(st.none() | days),
    )
    return replace(model, free=not costs_something(model))


def costs_something(model: Model) -> bool:
    cards = [card for period in model.periods for card in (period.standard, *period.tiers.values())]
    found = [rate for x in cards for rate in x.rates.values()]
    found += [rate for x in cards for step in x.long_context for rate in step.rates.values()]
    found += [rate for x in cards for window in x.schedule for rate in window.card.rates.values()]
    return any(found) or any(fee.usd for x in cards for fee in x.fees.values())


def table(*found: Model) -> Tree:
    return {"schema": SCHEMA, "models": {model.id: model_tree(model) for model in found}}


def parsed(tree: Tree) -> list[Model]:
    """Return the models of a tree that has no fault."""
    faults = Faults()
    found = [parse_model(model_id, entry, (), faults) for model_id, entry in tree["models"].items()]
    assert check_pricing(tree) == []
    assert faults.found == []
    return [model for model in found if model is not None]


def as_json(value: Any) -> Any:
    """Return what YAML typed as a date as the text it was, as JSON has it."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(pricing_schema(), format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)


def complaints(text: str) -> list[str]:
    """Return what the JSON Schema says against a YAML text."""
    tree = as_json(yaml.load(text, yaml.CSafeLoader))
    return [f"{error.json_path}: {error.message}" for error in validator().iter_errors(tree)]


@pytest.mark.untraced
def test_the_shipped_table_comes_back_whole(shipped: Catalog) -> None:
    """Writing is a fixed point too: what was written and read is written with the same letters."""
    before = list(shipped.models())

    text = write_yaml(table(*before))
    after = YamlFile(text, "again").tree
    again = parsed(after)

    assert again == before
    assert list(after["models"]) == list(shipped.ids())
    assert complaints(text) == []
    assert write_yaml(table(*again)) == text


def test_every_value_of_the_shipped_table_is_in_what_is_written(shipped: Catalog) -> None:
    """No key of the file is lost, whatever two models compare; but for a name that is the id's, which says nothing."""
    tree = YamlFile((ROOT / "pricing.yaml").read_text(encoding="utf-8"), "shipped").tree["models"]
    for model_id, entry in tree.items():
        if entry.get("name") == model_id.partition("/")[2]:
            del entry["name"]

    assert leaves(table(*shipped.models())["models"]) == leaves(tree)


def leaves(tree: Tree, path: tuple[str | int, ...] = ()) -> Mapping[tuple[str | int, ...], str]:
    """Return every scalar of a tree by its path, numbers without idle zeros; `{price: 1}` is the fee 1."""
    if isinstance(tree, dict) and list(tree) == ["price"]:
        return leaves(tree["price"], path)
    if isinstance(tree, dict):
        items: list[tuple[str | int, Tree]] = list(tree.items())
    elif isinstance(tree, list):
        items = list(enumerate(tree))
    else:
        return {path: digits(Decimal(tree)) if re.fullmatch(r"\d+(\.\d+)?", tree) else tree}
    return {at: value for key, below in items for at, value in leaves(below, (*path, key)).items()}


@pytest.mark.untraced
@QUICK
@given(models())
def test_a_written_model_is_read_as_the_same_tree_and_model_and_is_valid_by_the_json_schema(model: Model) -> None:
    tree = table(model)

    text = write_yaml(tree)
    after = YamlFile(text, "again").tree

    assert after == tree
    assert parsed(after) == [model]
    assert complaints(text) == []


@pytest.mark.parametrize("region", ["name", "per", "source"])
def test_a_region_may_have_the_name_of_a_key_whose_values_are_texts(region: str) -> None:
    """The multiplier is a number also where the region is called `source`: what is written is valid."""
    model = Model(id="a/b", name="b", periods=ONE, regions={region: Decimal("1.1")})

    assert complaints(write_yaml(table(model))) == []


def named(name: str) -> Model:
    """Return a model with this text wherever a text may stand: its name, an alias, a tier and a region."""
    tiers = {name: Card(rates={Unit.INPUT: Decimal(2)})}
    return Model(
        id="a/1e3",
        name=name if name.strip() else "b",
        aliases=(name,) if name.strip() else (),
        periods=(Period(start=None, standard=ONE[0].standard, tiers=tiers),),
        regions={name: Decimal("1.5")},
    )


def test_a_text_stays_a_text_whatever_it_looks_like() -> None:
    wrong = []
    for text in LOOKALIKES:
        model = named(text)
        written = write_yaml(table(model))
        if parsed(YamlFile(written, "again").tree) != [model] or complaints(written):
            wrong.append((text, written))

    assert wrong == []


ONE = (Period(start=None, standard=Card(rates={Unit.INPUT: Decimal(1)})),)


DATED = replace(ONE[0], start=date(2026, 1, 2))


@pytest.mark.parametrize(
    ("periods", "free", "prices"),
    [
        (ONE, False, {"input": "1"}),
        ((Period(start=None, standard=Card(rates={Unit.INPUT: Decimal(0)})),), True, {"input": "0"}),
        ((Period(start=None, standard=Card(rates={})),), False, {}),
        ((replace(ONE[0], tiers={"flex": Card(rates={})}),), False, {"input": "1", "tiers": {"flex": {}}}),
        ((DATED,), False, [{"from": "2026-01-02", "input": "1"}]),
        ((*ONE, DATED), False, [{"input": "1"}, {"from": "2026-01-02", "input": "1"}]),
    ],
    ids=["defaults are left out", "free", "unpriced", "an empty tier is sold", "one price with a date", "two prices"],
)
def test_prices_have_their_shortest_form(periods: tuple[Period, ...], free: bool, prices: Tree) -> None:
    model = Model(id="a/b", name="b", periods=periods, free=free)

    assert model_tree(model) == {**({"free": "true"} if free else {}), "prices": prices}
    assert parsed(table(model)) == [model]


def test_every_key_is_dumped_in_the_form_that_a_person_writes() -> None:
    card = Card(
        rates={Unit.INPUT: Decimal("2.50"), Unit.OUTPUT: Decimal("1E+1")},
        long_context=(
            LongStep(step=Threshold(200_000, inclusive=False), rates={Unit.INPUT: Decimal(5)}),
            LongStep(step=Threshold(10**6, inclusive=True), rates={Unit.INPUT: Decimal(6)}),
        ),
        schedule=(
            Window(hours=Hours(frozenset({7, 1}), ((1320, 120), (0, 1440))), card=Card(rates={Unit.INPUT: Decimal(3)})),
        ),
        fees={
            "request": Fee(usd=Decimal("0.0050")),
            "web_search": Fee(usd=Decimal("0.035"), per="prompt", free="1500/day"),
            "page": Fee(usd=Decimal(0), free="5/month"),
        },
    )
    batch = Card(rates={Unit.INPUT: Decimal("1.25")}, max_input=272_000, schedule=card.schedule)
    model = Model(
        id="a/b",
        name="B",
        periods=(Period(start=None, standard=card, tiers={"batch": batch}),),
        aliases=("c", "1"),
        mode="embedding",
        featured=True,
        context=128_000,
        max_output=5,
        encoding="o200k_base",
        capabilities=Capabilities(can=("vision",), reasoning=Reasoning.ALWAYS, efforts=("low", "high")),
        shutdown=date(2027, 1, 14),
        replacement="a/c",
        regions={"eu": Decimal("1.10")},
        source="https://x",
        checked=date(2026, 11, 22),
    )
    schedule = [{"days": ["1", "7"], "utc": ["22:00-02:00", "00:00-24:00"], "input": "3"}]

    assert model_tree(model) == {
        "name": "B",
        "aliases": ["c", "1"],
        "mode": "embedding",
        "featured": "true",
        "context": "128000",
        "max_output": "5",
        "encoding": "o200k_base",
        "capabilities": {"can": ["vision"], "reasoning": "always", "efforts": ["low", "high"]},
        "shutdown": "2027-01-14",
        "replacement": "a/c",
        "regions": {"eu": "1.1"},
        "source": "https://x",
        "checked": "2026-11-22",
        "prices": {
            "input": "2.5",
            "output": "10",
            "long_context": [{"above": "200000", "input": "5"}, {"from_tokens": "1000000", "input": "6"}],
            "schedule": schedule,
            "fees": {
                "request": "0.005",
                "web_search": {"price": "0.035", "per": "prompt", "free": "1500/day"},
                "page": {"price": "0", "free": "5/month"},
            },
            "tiers": {"batch": {"input": "1.25", "schedule": schedule, "max_input": "272000"}},
        },
    }
    assert parsed(table(model)) == [model]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2.50", "2.5"),
        ("0.0", "0"),
        ("0E-12", "0"),
        ("100", "100"),
        ("1E+6", "1000000"),
        ("1E-7", "0.0000001"),
        ("0.127500", "0.1275"),
        ("123456.123456789012345678901234567890", "123456.12345678901234567890123456789"),
    ],
)
def test_a_number_has_all_its_digits_no_exponent_and_no_idle_zeros(value: str, text: str) -> None:
    assert digits(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_is_the_same_number_as_text(value: Decimal) -> None:
    assert Decimal(digits(value)) == value
    assert "E" not in digits(value)
