"""The next days as the last whole ones: by weekday, at the prices of each day to come, worked out by hand.

2026-11-23 is a Monday, and today. A request has 1M tokens, which cost the rate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import UsageError
from llmcost.pricing.catalog import Catalog
from llmcost.usage.forecast import SpendForecast, forecast_spend
from llmcost.usage.record import UsageRecord
from tests.usage.conftest import spend_on, used

Catalogs = Callable[..., Catalog]
TODAY = date(2026, 11, 23)
ACME = """
acme/one: {prices: {input: 1}}
acme/dearer: {prices: [{input: 1}, {from: 2026-11-30, input: 3}]}
acme/moved: {shutdown: 2026-11-25, redirects_to: acme/target, prices: {input: 1}}
acme/target: {prices: {input: 5}}
acme/ends: {shutdown: 2026-11-25, replacement: acme/one, prices: {input: 1}}
acme/tiers: {prices: [{input: 2, tiers: {batch: {input: 1}}}, {from: 2026-11-24, input: 2}]}
acme/free: {free: true, prices: {input: 0}}
"""


def day(number: int) -> date:
    """Return the day so many days after today."""
    return TODAY + timedelta(days=number)


def logs(days: Iterable[int], model: str = "acme/one", **more: Any) -> list[UsageRecord]:
    """Return a request on each of these days, counted from today."""
    return [used("in=1000000", model, day(x), **more) for x in days]


def ahead(made: Catalog, records: list[UsageRecord], days: int = 7, **bounds: Any) -> SpendForecast:
    """Return the forecast of so many days."""
    return forecast_spend(spend_on(made, *records), days, today=TODAY, **bounds)


def test_each_weekday_is_as_it_was_on_average(catalog: Catalogs) -> None:
    mondays = logs([-14] * 3) + logs([-7] * 5)  # 3 and 5 requests on Mondays, 1 on the Sundays -15, -8 and -1

    found = ahead(catalog(ACME), logs([-16, -15, -8, -1, 0]) + mondays, days=8)

    assert (found.first, found.last, found.by_weekday) == (day(-15), day(-1), True)
    assert (found.parts[0].start, found.parts[0].end, found.parts[0].days) == (day(1), day(8), 8)
    assert (found.usd, found.parts[0].requests) == (Decimal(5), Decimal(5))  # a Monday and a Sunday are ahead
    assert (found.low_usd, found.high_usd) == (Decimal(4), Decimal(6))


def test_a_weekday_that_is_in_the_days_twice_counts_as_two(catalog: Catalogs) -> None:
    found = ahead(catalog(ACME), logs(range(-10, 0)), since=day(-10), until=day(-1))

    assert (found.by_weekday, found.usd) == (True, Decimal(7))


def test_less_than_a_week_is_a_run_rate(catalog: Catalogs) -> None:
    found = ahead(catalog(ACME), logs([-5, -4, -4, -2, -1]), days=30)

    assert (found.first, found.last, found.by_weekday) == (day(-4), day(-2), False)  # the first and last may be parts
    assert (found.usd, found.low_usd, found.high_usd) == (Decimal(30), None, None)
    assert found.parts[0].start == TODAY


def test_days_that_were_asked_for_are_whole(catalog: Catalogs) -> None:
    records = logs([-4, -3])

    assert ahead(catalog(ACME), records, since=day(-4), until=day(-3)).usd == 7
    with pytest.raises(UsageError, match="needs a whole day"):
        ahead(catalog(ACME), records)
    with pytest.raises(UsageError, match="needs a whole day"):
        ahead(catalog(ACME), logs([0]), since=TODAY, until=TODAY)  # today goes on


def test_the_last_four_weeks_count(catalog: Catalogs) -> None:
    found = ahead(catalog(ACME), logs([-60] * 100) + logs(range(-30, 0)), days=28)

    assert (found.first, found.last, found.usd) == (day(-29), day(-2), Decimal(28))


def test_a_price_that_changes_divides_the_days(catalog: Catalogs) -> None:
    found = ahead(catalog(ACME), logs(range(-16, 0), "acme/dearer"), days=14)

    assert [(x.start, x.end, int(x.usd)) for x in found.parts] == [(day(0), day(6), 7), (day(7), day(13), 21)]
    assert found.changes == {day(7): ("the price of acme/dearer changes on 2026-11-30",)}
    assert (found.low_usd, found.high_usd) == (Decimal(28), Decimal(28))


@pytest.mark.parametrize(
    ("model", "usd", "said"),
    [
        ("acme/moved", [2, 25], "requests for acme/moved go to acme/target from 2026-11-25 on, at its rates"),
        (
            "acme/ends",
            [2, 5],
            "acme/ends no longer answers from 2026-11-25 on: later days are priced at the last rates; acme/one replaces it",
        ),
    ],
)
def test_a_model_that_ends_divides_the_days(model: str, usd: list[int], said: str, catalog: Catalogs) -> None:
    found = ahead(catalog(ACME), logs(range(-9, 0), model))

    assert [x.usd for x in found.parts] == usd
    assert found.changes == {day(2): (said,)}


def test_what_is_no_longer_sold_is_counted(catalog: Catalogs) -> None:
    found = ahead(catalog(ACME), logs(range(-9, 0), "acme/tiers", tier="batch", requests=None))

    assert ([int(x.usd) for x in found.parts], found.not_sold) == ([1, 0], Decimal(6))


def test_what_is_free_has_no_band(catalog: Catalogs) -> None:
    found = ahead(catalog(ACME), logs(range(-16, 0), "acme/free"))

    assert (found.usd, found.low_usd) == (Decimal(0), None)


def test_a_forecast_needs_days_and_prices(catalog: Catalogs) -> None:
    made = catalog(ACME)

    with pytest.raises(UsageError, match="the logs have none"):
        ahead(made, logs([-3], "nobody"))
    assert ahead(made, logs(range(-10, 0)), days=1).parts[0].days == 1
    for days in (0, 4000):
        with pytest.raises(UsageError, match="of 1 to 3,660 days"):
            ahead(made, logs([-3]), days=days)


def test_what_is_dated_after_today_is_left_out_and_counted(catalog: Catalogs) -> None:
    records = logs(range(-10, 0))
    found = ahead(catalog(ACME), [*records, *logs([400] * 2)])

    assert (found.usd, found.last, found.after_today) == (Decimal(7), day(-2), 2)
    assert found.parts == ahead(catalog(ACME), records).parts
    assert ahead(catalog(ACME), [*records, *logs([0])]).after_today == 0
    with pytest.raises(UsageError, match="the logs have none up to today"):
        ahead(catalog(ACME), logs([1]))


def test_days_without_requests_are_unknown_not_free(catalog: Catalogs) -> None:
    with pytest.raises(UsageError, match="from 2026-10-26 to 2026-11-22 the logs have none"):
        ahead(catalog(ACME), logs([-200, 0]))
