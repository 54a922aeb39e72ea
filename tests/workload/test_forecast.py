"""Month by month: growth, price changes and shutdowns, worked out by hand.

One request a day of 1M input tokens costs the input rate a day. From 2026-11-23 the months of 30 days start on
2026-11-23, 2026-12-23, 2027-01-22 and 2027-02-21.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import NotSoldError, UsageError
from llmcost.notes import Note, NoteKind
from llmcost.pricing.catalog import Catalog
from llmcost.workload.estimate import estimate
from llmcost.workload.forecast import MAX_MONTHS, Forecast, forecast
from llmcost.workload.model import Range, Workload

Catalogs = Callable[..., Catalog]


def run(made: Catalog, *, growth: str = "0", months: int = 3, **terms: Any) -> Forecast:
    """Return the forecast of a request a day on acme/one."""
    job = Workload(**{"requests_per_day": 1, "input_tokens": 10**6, "output_tokens": 0, **terms})
    return forecast(estimate(made, "acme/one", job), growth=Decimal(growth), months=months)


def parts(found: Forecast) -> list[tuple[int, str, str, Decimal, bool]]:
    """Return the segments as tuples: month, first day, last day, USD, after the shutdown."""
    return [(x.month, str(x.start), str(x.end), x.usd, x.after_shutdown) for x in found.segments]


PLAIN = "acme/one: {prices: {input: 10}}"


def test_growth_compounds_from_the_second_month_on(catalog: Catalogs) -> None:
    found = run(catalog(PLAIN), growth="0.1")
    assert parts(found) == [
        (1, "2026-11-23", "2026-12-22", Decimal(300), False),
        (2, "2026-12-23", "2027-01-21", Decimal(330), False),
        (3, "2027-01-22", "2027-02-20", Decimal(363), False),
    ]
    assert [x.requests for x in found.segments] == [30, 33, Decimal("36.3")]
    assert (found.total_usd, found.before_shutdown_usd, found.after_shutdown_usd) == (
        Decimal(993),
        Decimal(993),
        Decimal(0),
    )
    assert (found.growth, found.months, found.notes) == (Decimal("0.1"), 3, ())


def test_a_month_is_the_sum_of_its_parts(catalog: Catalogs) -> None:
    assert run(catalog(SHUTDOWN), growth="1").usd_by_month == {1: 300, 2: 600, 3: 1200}


@pytest.mark.parametrize(
    ("growth", "months"),
    [("0", [300, 300, 300]), ("1", [300, 600, 1200]), ("-0.5", [300, 150, 75]), ("-0.999", [300, "0.3", "0.0003"])],
)
def test_growth_may_be_of_any_size_above_minus_100_percent(
    catalog: Catalogs, growth: str, months: list[int | str]
) -> None:
    assert [x.usd for x in run(catalog(PLAIN), growth=growth).segments] == [Decimal(x) for x in months]


@pytest.mark.parametrize(("growth", "second"), [(0, 300), (1, 600), (0.1, 330), (Decimal("0.1"), 330)])
def test_growth_may_be_any_number_and_a_float_counts_as_it_is_written(
    catalog: Catalogs, growth: Any, second: int
) -> None:
    found = forecast(run(catalog(PLAIN)).estimate, growth=growth, months=2)
    assert found.usd_by_month == {1: 300, 2: second}


def test_a_month_is_as_long_as_the_workload(catalog: Catalogs) -> None:
    assert parts(run(catalog(PLAIN), months=2, days=7)) == [
        (1, "2026-11-23", "2026-11-29", Decimal(70), False),
        (2, "2026-11-30", "2026-12-06", Decimal(70), False),
    ]


def test_requests_in_all_are_those_of_every_month(catalog: Catalogs) -> None:
    found = run(catalog(PLAIN), months=2, requests_per_day=None, requests=60)
    assert [x.usd for x in found.segments] == [600, 600]


def test_a_range_is_taken_at_its_middle(catalog: Catalogs) -> None:
    found = run(catalog(PLAIN), months=1, requests_per_day=Range(Decimal(1), Decimal(3)))
    assert [x.usd for x in found.segments] == [600]


def test_terms_of_the_workload_hold_in_every_month(catalog: Catalogs) -> None:
    made = catalog("acme/one: {regions: {eu: 1.1}, prices: {input: 10, tiers: {batch: {input: 5}}}}")
    found = run(made, months=2, region="eu", batch_share=Decimal("0.5"))
    assert [x.usd for x in found.segments] == [Decimal("247.5")] * 2


def test_a_forecast_starts_on_the_day_asked(catalog: Catalogs) -> None:
    assert parts(run(catalog(PLAIN), months=1, at=date(2028, 2, 1)))[0][1:3] == ("2028-02-01", "2028-03-01")


COSTS = "30 days of today's requests cost $300.00 before and $600.00 after"
CHANGE = "acme/one: {prices: [{input: 10}, {from: 2027-01-01, input: 20}]}"


def test_a_month_is_split_where_the_price_changes(catalog: Catalogs) -> None:
    found = run(catalog(CHANGE), growth="0.1")
    assert parts(found) == [
        (1, "2026-11-23", "2026-12-22", Decimal(300), False),
        (2, "2026-12-23", "2026-12-31", Decimal(99), False),  # 9 days x 1.1 x $10
        (2, "2027-01-01", "2027-01-21", Decimal(462), False),  # 21 days x 1.1 x $20
        (3, "2027-01-22", "2027-02-20", Decimal(726), False),
    ]
    assert found.total_usd == 1587
    assert found.notes == (Note(NoteKind.PRICE_CHANGE, f"the price of acme/one changes on 2027-01-01: {COSTS}"),)


def test_two_changes_in_one_month_make_three_parts(catalog: Catalogs) -> None:
    made = catalog("acme/one: {prices: [{input: 10}, {from: 2026-12-01, input: 20}, {from: 2026-12-11, input: 30}]}")
    found = run(made, months=1)
    assert [x.usd for x in found.segments] == [80, 200, 360]
    assert [note.kind for note in found.notes] == [NoteKind.PRICE_CHANGE] * 2


@pytest.mark.parametrize("change", ["2026-11-24", "2026-12-22"])
def test_a_change_on_the_second_or_the_last_day_splits_the_month(catalog: Catalogs, change: str) -> None:
    made = catalog(f"acme/one: {{prices: [{{input: 10}}, {{from: {change}, input: 20}}]}}")
    first, second = run(made, months=1).segments
    assert (str(second.start), second.usd, first.usd) == (change, 600 - 2 * first.usd, 10 * first.requests)


def test_a_change_on_a_month_border_splits_no_month(catalog: Catalogs) -> None:
    made = catalog("acme/one: {prices: [{input: 10}, {from: 2026-12-23, input: 20}]}")
    found = run(made, months=2)
    assert parts(found) == [
        (1, "2026-11-23", "2026-12-22", Decimal(300), False),
        (2, "2026-12-23", "2027-01-21", Decimal(600), False),
    ]
    assert found.notes == (Note(NoteKind.PRICE_CHANGE, f"the price of acme/one changes on 2026-12-23: {COSTS}"),)


def test_before_a_change_is_the_day_before_it(catalog: Catalogs) -> None:
    made = catalog("acme/one: {prices: [{input: 5}, {from: 2026-12-01, input: 10}, {from: 2026-12-02, input: 20}]}")
    assert [x.text.partition(": ")[2] for x in run(made, months=1).notes][1:] == [COSTS]


@pytest.mark.parametrize("day", ["2026-12-23", "2026-12-24"])
def test_a_change_after_the_forecast_is_not_crossed(catalog: Catalogs, day: str) -> None:
    made = catalog(f"acme/one: {{prices: [{{input: 10}}, {{from: {day}, input: 20}}]}}")
    found = run(made, months=1)
    assert [x.usd for x in found.segments] == [300]
    assert found.notes == ()


def test_a_change_on_the_first_day_is_in_force(catalog: Catalogs) -> None:
    made = catalog("acme/one: {prices: [{input: 10}, {from: 2026-11-23, input: 20}]}")
    found = run(made, months=1)
    assert [x.usd for x in found.segments] == [600]
    assert found.notes == ()


SHUTDOWN = "acme/one: {shutdown: 2027-01-14, replacement: acme/two, prices: {input: 10}}"
CROSSED = Note(
    NoteKind.SHUTDOWN,
    "acme/one shuts down on 2027-01-14: later days are priced at its last rates; acme/two replaces it",
)


def test_a_month_is_split_where_the_model_is_shut_down(catalog: Catalogs) -> None:
    found = run(catalog(SHUTDOWN))
    assert parts(found) == [
        (1, "2026-11-23", "2026-12-22", Decimal(300), False),
        (2, "2026-12-23", "2027-01-13", Decimal(220), False),
        (2, "2027-01-14", "2027-01-21", Decimal(80), True),
        (3, "2027-01-22", "2027-02-20", Decimal(300), True),
    ]
    assert (found.total_usd, found.before_shutdown_usd, found.after_shutdown_usd) == (
        Decimal(900),
        Decimal(520),
        Decimal(380),
    )
    assert found.notes == (CROSSED,)


def test_a_shutdown_without_a_replacement_names_none(catalog: Catalogs) -> None:
    found = run(catalog("acme/one: {shutdown: 2027-01-14, prices: {input: 10}}"))
    assert found.notes == (Note(NoteKind.SHUTDOWN, CROSSED.text.partition(";")[0]),)


def test_a_shutdown_on_a_month_border_splits_no_month(catalog: Catalogs) -> None:
    found = run(catalog("acme/one: {shutdown: 2026-12-23, prices: {input: 10}}"), months=2)
    assert [(x.month, x.usd, x.after_shutdown) for x in found.segments] == [
        (1, Decimal(300), False),
        (2, Decimal(300), True),
    ]


def test_a_shutdown_on_the_last_day_leaves_that_day_over(catalog: Catalogs) -> None:
    found = run(catalog("acme/one: {shutdown: 2026-12-22, prices: {input: 10}}"), months=1)
    assert (found.before_shutdown_usd, found.after_shutdown_usd) == (Decimal(290), Decimal(10))


def test_a_shutdown_on_the_day_after_the_forecast_is_only_announced(catalog: Catalogs) -> None:
    found = run(catalog("acme/one: {shutdown: 2026-12-23, prices: {input: 10}}"), months=1)
    assert found.after_shutdown_usd == 0
    assert found.notes == (Note(NoteKind.SHUTDOWN, "acme/one shuts down on 2026-12-23"),)


def test_a_model_that_is_retired_already_is_priced_whole_with_its_note(catalog: Catalogs) -> None:
    found = run(catalog("acme/one: {shutdown: 2026-11-23, prices: {input: 10}}"), months=2)
    assert (found.before_shutdown_usd, found.after_shutdown_usd) == (Decimal(0), Decimal(600))
    text = "acme/one was shut down on 2026-11-23: priced at the last rates"
    assert found.notes == (Note(NoteKind.SHUTDOWN, text),)


def test_a_change_and_a_shutdown_of_one_day_are_one_border(catalog: Catalogs) -> None:
    made = catalog("acme/one: {shutdown: 2026-12-01, prices: [{input: 10}, {from: 2026-12-01, input: 20}]}")
    found = run(made, months=1)
    assert parts(found) == [
        (1, "2026-11-23", "2026-11-30", Decimal(80), False),
        (1, "2026-12-01", "2026-12-22", Decimal(440), True),
    ]
    assert [note.kind for note in found.notes] == [NoteKind.PRICE_CHANGE, NoteKind.SHUTDOWN]


def test_other_notes_of_the_estimate_stay(catalog: Catalogs) -> None:
    made = catalog("acme/one: {checked: 2026-01-01, shutdown: 2026-12-01, prices: {input: 10}}")
    assert [note.kind for note in run(made).notes] == [NoteKind.STALE, NoteKind.SHUTDOWN]


def test_a_tier_that_a_later_price_does_not_sell_is_an_error(catalog: Catalogs) -> None:
    made = catalog("acme/one: {prices: [{input: 10, tiers: {batch: {input: 5}}}, {from: 2027-01-01, input: 10}]}")
    assert run(made, months=1, tier="batch").total_usd == 150
    with pytest.raises(NotSoldError, match='acme/one has no tier "batch"'):
        run(made, months=2, tier="batch")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"growth": "-1"}, "growth must be above -100%, not -100%"),
        ({"growth": "-2"}, "growth must be above -100%, not -200%"),
        ({"growth": "Infinity"}, "growth must be a finite number, not Infinity"),
        ({"months": 0}, "months must be from 1 to 120, not 0"),
        ({"months": -1}, "months must be from 1 to 120, not -1"),
        ({"months": 121}, "months must be from 1 to 120, not 121"),
        ({"months": True}, "months must be an int, not bool"),
        ({"months": "3"}, "months must be an int, not str"),
        ({"months": 1.5}, "months must be an int, not float"),
        ({"days": Decimal("30.5")}, "a forecast needs whole days, not 30.5"),
        ({"days": Decimal("0.5")}, "a forecast needs whole days, not 0.5"),
    ],
)
def test_what_cannot_be_forecast_is_refused(catalog: Catalogs, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(catalog(PLAIN), **arguments)
    assert caught.value.message == message


def test_whole_days_may_be_written_as_a_decimal(catalog: Catalogs) -> None:
    assert run(catalog(PLAIN), days=Decimal("30.0"), months=1).total_usd == 300


def test_the_longest_forecast_is_ten_years(catalog: Catalogs) -> None:
    found = run(catalog(PLAIN), months=MAX_MONTHS)
    assert (MAX_MONTHS, len(found.segments), found.total_usd) == (120, 120, Decimal(36_000))


def test_the_calendar_ends_with_the_year_9999(catalog: Catalogs) -> None:
    made = catalog(PLAIN)
    assert str(run(made, months=12, at=date(9999, 1, 1)).segments[-1].end) == "9999-12-26"
    with pytest.raises(UsageError) as caught:
        run(made, months=13, at=date(9999, 1, 1))
    assert caught.value.message == "the forecast runs past the year 9999"
    assert caught.value.hints == ("use fewer --months or --days",)


def test_days_longer_than_the_calendar_are_refused_as_such(catalog: Catalogs) -> None:
    with pytest.raises(UsageError, match="the forecast runs past the year 9999"):
        run(catalog(PLAIN), months=1, days=10**12)


def test_a_redirect_goes_on_at_the_other_models_rates(shipped: Catalog) -> None:
    """From 2026-12-01 gemini-2.5-pro is gemini-3.8-flash, whose price doubles on 2027-01-01; 1,000 requests a day.

    1,000 in and 500 out cost $0.00625, then $0.002625, then $0.00525: 8 days at $6.25, 22 and 9 at $2.625, 21 at $5.25.
    """
    job = Workload(requests_per_day=1000, input_tokens=1000, output_tokens=500)
    found = forecast(estimate(shipped, "gemini-2.5-pro", job), growth=Decimal(0), months=2)
    assert parts(found) == [
        (1, "2026-11-23", "2026-11-30", Decimal(50), False),
        (1, "2026-12-01", "2026-12-22", Decimal("57.75"), False),
        (2, "2026-12-23", "2026-12-31", Decimal("23.625"), False),
        (2, "2027-01-01", "2027-01-21", Decimal("110.25"), False),
    ]
    assert found.total_usd == found.before_shutdown_usd == Decimal("241.625")
    other = "google/gemini-3.8-flash"
    assert [x.billed_as for x in found.segments] == ["google/gemini-2.5-pro", other, other, other]
    assert found.usd_by_biller == {"google/gemini-2.5-pro": Decimal(50), other: Decimal("191.625")}
    assert found.notes == (
        Note(
            NoteKind.SHUTDOWN,
            f"google/gemini-2.5-pro: from 2026-12-01 requests go to {other} and are billed at its rates, "
            "$78.75 instead of $187.50 for 30 days",
        ),
        Note(
            NoteKind.PRICE_CHANGE,
            "the price of google/gemini-3.8-flash changes on 2027-01-01: "
            "30 days of today's requests cost $78.75 before and $157.50 after",
        ),
    )
