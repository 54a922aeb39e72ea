"""What differs between two tables: each number that came, went or changed, and the changes that look like slips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.pricing.catalog import Catalog
from llmcost.pricing.diff import Change, ChangeKind, TableDiff, diff_models, diff_tables
from llmcost.pricing.key import Key
from llmcost.pricing.model import Model, Period
from llmcost.pricing.units import Unit
from tests.conftest import updated

DAY = date(2026, 11, 23)

Make = Callable[..., Catalog]
Line = tuple[str, str, Decimal | None, Decimal | None]


@pytest.fixture
def diff(catalog: Make) -> Callable[[str, str], list[Line]]:
    """Return a function that compares two `prices` of one model, given as YAML."""

    def compare(before: str, after: str, day: date = DAY) -> list[Line]:
        old, new = (catalog(f"a/b: {{{text}}}").resolve("a/b") for text in (before, after))
        return [(x.what, x.kind, x.before, x.after) for x in diff_models(old, new, day)]

    return compare


def changed(what: str, before: str, after: str) -> Line:
    return (what, ChangeKind.CHANGED, Decimal(before), Decimal(after))


def added(what: str, after: str) -> Line:
    return (what, ChangeKind.ADDED, None, Decimal(after))


def removed(what: str, before: str) -> Line:
    return (what, ChangeKind.REMOVED, Decimal(before), None)


FULL = """prices: {input: 2, output: 8, long_context: [{above: 200000, input: 4}, {from_tokens: 500000, input: 5}],
  schedule: [{days: [7, 1], utc: ["22:00-02:00", "00:00-24:00"], input: 3}],
  fees: {request: 0.01, web_search: {price: 0.035, per: prompt, free: 10/day}},
  tiers: {batch: {output: 4, long_context: [{above: 200000, output: 6}], fees: {request: 0.005}, max_input: 300000}}},
  regions: {eu: 1.1}"""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("prices: {input: 2}", "prices: {input: 2}", []),
        ("prices: {input: 2}", "prices: {input: 2.00}", []),
        ("prices: {input: 2}", "prices: {input: 3}", [changed("input", "2", "3")]),
        ("prices: {input: 2}", "prices: {input: 2, cache_read: 1}", [added("cache_read", "1")]),
        ("prices: {input: 2, output: 8}", "prices: {input: 2}", [removed("output", "8")]),
        (FULL, FULL, []),
        (FULL, FULL.replace("input: 2,", "input: 1,"), [changed("input", "2", "1")]),
        (FULL, FULL.replace("input: 4}", "input: 3}"), [changed("input above 200000", "4", "3")]),
        (FULL, FULL.replace("input: 5}", "input: 6}"), [changed("input from 500000", "5", "6")]),
        (
            FULL,
            FULL.replace("{above: 200000, input", "{above: 128000, input"),
            [removed("input above 200000", "4"), added("input above 128000", "4")],
        ),
        (
            FULL,
            FULL.replace("{above: 200000, input", "{from_tokens: 200000, input"),
            [removed("input above 200000", "4"), added("input from 200000", "4")],
        ),
        (FULL, FULL.replace("request: 0.01", "request: 0.02"), [changed("fee request", "0.01", "0.02")]),
        (
            FULL,
            FULL.replace("price: 0.035", "price: 0.03"),
            [changed("fee web_search per prompt (10/day free)", "0.035", "0.03")],
        ),
        (FULL, FULL.replace("request: 0.01,", ""), [removed("fee request", "0.01")]),
        (FULL, FULL.replace("request: 0.01", "request: 0.01, page: 1"), [added("fee page", "1")]),
        (FULL, FULL.replace("request: 0.005", "request: 0.006"), [changed("batch fee request", "0.005", "0.006")]),
        (FULL, FULL.replace("output: 4", "output: 5"), [changed("batch output", "4", "5")]),
        (FULL, FULL.replace("output: 6}", "output: 7}"), [changed("batch output above 200000", "6", "7")]),
        (FULL, FULL.replace("max_input: 300000", "max_input: 5"), [changed("batch max input", "300000", "5")]),
        (
            FULL,
            FULL.replace("{eu: 1.1}", "{eu: 1.2, us: 1}"),
            [changed("region eu", "1.1", "1.2"), added("region us", "1")],
        ),
        (FULL, FULL.replace("{eu: 1.1}", "{}"), [removed("region eu", "1.1")]),
        (
            FULL,
            FULL.replace("tiers: {batch:", "tiers: {flex:"),
            [
                *(removed("batch output", "4"), removed("batch output above 200000", "6")),
                *(removed("batch fee request", "0.005"), removed("batch max input", "300000")),
                *(added("flex output", "4"), added("flex output above 200000", "6")),
                *(added("flex fee request", "0.005"), added("flex max input", "300000")),
            ],
        ),
        ("prices: {}", "prices: {input: 1}", [added("input", "1")]),
    ],
)
def test_each_number_that_differs_is_said(
    diff: Callable[[str, str], list[Line]], before: str, after: str, expected: list[Line]
) -> None:
    assert diff(before, after) == expected


def test_peak_hours_are_told_apart_by_their_days_and_hours(diff: Callable[[str, str], list[Line]]) -> None:
    dearer = diff(FULL, FULL.replace("input: 3}", "input: 3.5}"))
    moved = diff(FULL, FULL.replace("days: [7, 1]", "days: [1, 2]"))
    same = diff(FULL, FULL.replace("days: [7, 1]", "days: [1, 7]"))

    assert [x[1:] for x in dearer] == [(ChangeKind.CHANGED, Decimal(3), Decimal("3.5"))]
    assert [x[1:] for x in moved] == [(ChangeKind.REMOVED, Decimal(3), None), (ChangeKind.ADDED, None, Decimal(3))]
    assert len({x[0] for x in moved}) == 2
    assert all(x[0].startswith("input ") for x in (*dearer, *moved))
    assert same == []


def test_a_fee_that_is_charged_for_another_thing_is_a_change(diff: Callable[[str, str], list[Line]]) -> None:
    """$0.035 for a prompt is not $0.035 for each of its queries, nor is 10 free a day 10 free a month."""
    assert diff(FULL, FULL.replace("per: prompt", "per: query")) != []
    assert diff(FULL, FULL.replace("free: 10/day", "free: 10/month")) != []


DATED = "prices: [{from: 2026-01-01, input: 2}, {from: 2026-11-23, input: 3}]"


def test_the_prices_of_the_day_are_compared(catalog: Make) -> None:
    old = catalog("a/b: {prices: {input: 2}}").resolve("a/b")
    new = catalog(f"a/b: {{{DATED}}}").resolve("a/b")

    def on(day: date) -> list[Line]:
        return [(x.what, x.kind, x.before, x.after) for x in diff_models(old, new, day)]

    assert on(date(2026, 11, 22)) == []
    assert on(date(2026, 11, 23)) == [changed("input", "2", "3")]
    assert on(date(2025, 12, 31)) == [removed("input", "2")]
    assert list(new.rates(date(2025, 12, 31))) == []


def test_before_the_first_price_of_both_nothing_differs(catalog: Make) -> None:
    old = catalog(f"a/b: {{{DATED}, regions: {{eu: 1.1}}}}").resolve("a/b")
    new = catalog(f"a/b: {{{DATED.replace('input: 2', 'input: 9')}}}").resolve("a/b")

    assert diff_models(old, new, date(2025, 1, 1)) == []


def test_models_of_one_table_only_are_named_and_not_compared(catalog: Make) -> None:
    before = "a/gone: {prices: {input: 1}}\na/kept: {prices: {input: 2}}\na/late: {prices: {input: 2}}"
    after = "a/new: {prices: {input: 1}}\na/late: {prices: {input: 4}}\na/kept: {prices: {input: 3}}"

    found = diff_tables(catalog(before).models(), catalog(after).models(), DAY)

    assert found == TableDiff(
        changes=(
            Change(model="a/kept", key=Key(Unit.INPUT), kind=ChangeKind.CHANGED, before=Decimal(2), after=Decimal(3)),
            Change(model="a/late", key=Key(Unit.INPUT), kind=ChangeKind.CHANGED, before=Decimal(2), after=Decimal(4)),
        ),
        added=("a/new",),
        removed=("a/gone",),
    )


def test_a_table_does_not_differ_from_itself(shipped: Catalog) -> None:
    day = updated("pricing.yaml")

    assert diff_tables(shipped.models(), shipped.models(), day) == TableDiff(changes=(), added=(), removed=())


def test_every_rate_of_the_shipped_table_is_a_number_of_its_own(shipped: Catalog) -> None:
    """No two numbers of a model share their words: a change of each is seen."""

    def expected(model: Model, period: Period) -> int:
        return len(model.regions) + sum(
            len(x.rates)
            + sum(len(step.rates) for step in x.long_context)
            + sum(len(window.card.rates) for window in x.schedule)
            + len(x.fees)
            + (x.max_input is not None)
            for x in (period.standard, *period.tiers.values())
        )

    def distinct(model: Model, period: Period) -> bool:
        keys = [key for key, _ in model.rates(period.start or date(2000, 1, 1))]
        words, texts = {key.words() for key in keys}, {key.text() for key in keys}
        return len(words) == len(texts) == len(keys) == expected(model, period)

    assert [
        (model.id, period.start)
        for model in shipped.models()
        for period in model.periods
        if not distinct(model, period)
    ] == []


def change(before: str | None, after: str | None) -> Change:
    kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED if after is None else ChangeKind.CHANGED
    found = [None if x is None else Decimal(x) for x in (before, after)]
    return Change(model="a/b", key=Key(Unit.INPUT), kind=kind, before=found[0], after=found[1])


@pytest.mark.parametrize(
    ("before", "after", "implausible"),
    [
        ("1", "10", False),
        ("1", "10.000000001", True),
        ("1", "9.999999999", False),
        ("10", "1", False),
        ("10", "0.999999999", True),
        ("10", "1.000000001", False),
        ("0.3", "3", False),
        ("3", "0.3", False),
        ("0.07", "0.7", False),
        ("7", "0.7", False),
        ("0.7", "0.07", False),
        ("0.0028", "0.028", False),
        ("2.5", "2500", True),
        ("2.5", "0.0025", True),
        ("1", "0", True),
        ("0", "1", False),
        ("0", "1000000", False),
        (None, "5", False),
        ("5", None, False),
        ("2", "3", False),
    ],
)
def test_more_than_10_times_either_way_or_to_zero_is_implausible(
    before: str | None, after: str | None, *, implausible: bool
) -> None:
    assert change(before, after).implausible is implausible


@given(st.decimals(min_value="0.000000001", max_value=100_000, places=9))
def test_exactly_10_times_is_plausible_whatever_the_price(price: Decimal) -> None:
    assert not change(str(price), str(price * 10)).implausible
    assert not change(str(price * 10), str(price)).implausible
    assert change(str(price), str(price * 10 + Decimal("1e-9"))).implausible
    assert change(str(price * 10 + Decimal("1e-9")), str(price)).implausible


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [
        ("2", "3", "50"),
        ("2", "1", "-50"),
        ("2", "0", "-100"),
        ("0.15", "0.1275", "-15"),
        ("0", "1", None),
        (None, "1", None),
        ("1", None, None),
    ],
)
def test_a_change_in_percent_is_exact_and_left_unsaid_without_two_ends(
    before: str | None, after: str | None, percent: str | None
) -> None:
    assert change(before, after).percent == (None if percent is None else Decimal(percent))


def test_the_id_of_a_change_is_that_of_the_model(catalog: Make) -> None:
    model = catalog("a/b: {prices: {input: 2}}").resolve("a/b")
    other = replace(model, regions={"eu": Decimal(2)})

    assert [x.model for x in diff_models(model, other, DAY)] == ["a/b"]
