"""The last 30 days of logs and the 30 before: which days they are, what was spent, what has no price."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from llmcost.gate.spend import RecentSpend
from llmcost.pricing.catalog import Catalog
from llmcost.usage.cube import CubeBuilder
from llmcost.usage.lacking import lacking
from llmcost.usage.price import LoggedModels, price_cube
from llmcost.usage.recent import recent_spend
from llmcost.usage.record import Grain, UsageRecord

from .conftest import spend_on, used

TODAY = date(2026, 11, 26)


def day(ago: int) -> date:
    """Return the day so long ago."""
    return TODAY - timedelta(days=ago)


def recent(shipped: Catalog, *ago: int, model: str = "gpt-4o") -> RecentSpend:
    """Return the recent spend of a request of $2.50 on each of these days."""
    return recent_spend(spend_on(shipped, *(used("in=1000000", model, day(x)) for x in ago)), TODAY)


def test_the_days_that_are_over_are_in_one_of_two_periods(shipped: Catalog) -> None:
    found = recent(shipped, 0, 1, 1, 30, 31, 60, 61)

    assert (found.first, found.last) == (day(61), day(1))
    assert (found.now.first, found.now.last, found.now.usd, found.now.days) == (day(30), day(1), Decimal("7.5"), 2)
    assert (found.before.first, found.before.last, found.before.usd) == (day(60), day(31), Decimal(5))
    assert (found.now.unpriced, found.gaps) == ("", [])


def test_the_last_period_ends_where_the_logs_do_unless_they_are_older(shipped: Catalog) -> None:
    late, old, none = recent(shipped, 30, 40), recent(shipped, 31), recent(shipped, 0)
    paged = recent_spend(spend_on(shipped, used("in=1", day=day(40)), used("in=1", day=day(1))), TODAY, ["a page"])

    assert (late.now.last, late.now.days) == (day(30), 2)
    assert (old.now.last, old.now.days, old.last) == (day(1), 0, day(31))
    assert (none.now.last, none.now.days, none.first) == (day(1), 0, None)
    assert paged.gaps == ["a page"]


def test_records_of_days_to_come_are_told(shipped: Catalog) -> None:
    assert recent(shipped, 40, 1, 0, -1).gaps == ["1 record is dated after today"]
    assert recent(shipped, 40, 1, -1, -300).gaps == ["2 records are dated after today"]


def test_what_has_no_price_is_told_with_its_reasons(shipped: Catalog) -> None:
    records = [used("in=1", name, day(1)) for name in ("a", "b", "b", "c")]
    records += [used("in=1", "gpt-4o", day(1), fees={"page": 2}), used("in=1", "gpt-4o", day(40))]
    undated = UsageRecord(source="x", tokens={"input_tokens": 1}, model="gpt-4o")
    found = recent_spend(spend_on(shipped, *records, undated), TODAY)

    assert found.now.unpriced == "6 records have no price (unknown model b, fee page, 3 more reasons)"
    assert found.before.unpriced == "1 record has no price (no date)"


@pytest.mark.parametrize(
    ("bills", "spent"),
    [
        ({"openai": 1}, "2.5"),  # of the same requests, or of some of them
        ({"openai": 9}, "9"),
        ({"anthropic": 9}, "11.5"),
        ({"anthropic": 9, "openai": 3}, "12"),
        ({None: 9}, "11.5"),
    ],
)
def test_of_each_provider_the_requests_or_the_bill_are_spent(
    shipped: Catalog, bills: dict[str | None, int], spent: str
) -> None:
    charged = [
        used("in=0", "", day(1), grain=Grain.CHARGE, logged_usd=Decimal(x), provider=p) for p, x in bills.items()
    ]
    spend = spend_on(shipped, *charged, used("in=1000000", "gpt-4o", day(1)))

    assert (spend.spent_usd, recent_spend(spend, TODAY).now.usd) == (Decimal(spent), Decimal(spent))


def test_charges_are_spend_where_there_is_nothing_else(shipped: Catalog) -> None:
    bill = [used("in=0", "", day(1), grain=Grain.CHARGE, logged_usd=Decimal(9))]
    undated = UsageRecord(source="x", tokens={}, grain=Grain.CHARGE, logged_usd=Decimal(1))

    assert recent_spend(spend_on(shipped, *bill), TODAY).now.usd == 9
    assert recent_spend(spend_on(shipped, *bill, undated), TODAY).now.unpriced == "1 record has no price (no date)"
    nothing = price_cube(CubeBuilder().cube(), LoggedModels(shipped))
    assert nothing.spent_usd is None
    assert lacking(nothing.counted, {}).words == ""
