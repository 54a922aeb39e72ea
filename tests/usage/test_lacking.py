"""What a sum lacks, and what to do about it."""

from __future__ import annotations

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.usage.lacking import UNCOUNTED, Lacking, lacking
from llmcost.usage.record import Doubt, Drop, UsageRecord

from .conftest import spend_on, used

UNDATED = UsageRecord(source="x", tokens={"input_tokens": 1}, model="gpt-4o")


def test_what_is_priced_lacks_nothing_and_a_row_that_costs_nothing_is_none(shipped: Catalog) -> None:
    free = dict.fromkeys({*map(str, (*Drop, *Doubt))} - UNCOUNTED.keys(), 9)

    assert lacking(spend_on(shipped, used("in=1", "gpt-4o")).counted, free) == Lacking("", "")


@pytest.mark.parametrize(
    ("records", "counts", "words", "way"),
    [
        ([used("in=1", "a")], {}, "1 record has no price (unknown model a)", "name the models under usage: map, or"),
        ([UNDATED], {}, "1 record has no price (no date)", "date them with llmcost usage LOG --on DATE -o usage.json"),
        (
            [used("in=1", x) for x in "abc"],
            {},
            "3 records have no price (unknown model a, unknown model b, 1 more reason)",
            "name the models",
        ),
        (
            [],
            {"no_usage": 2},
            "2 rows have no known cost (2 without usage)",
            "log the usage of every call (of a stream",
        ),
        ([], {"unreadable": 1}, "1 row has no known cost (1 unreadable)", "repair the unreadable rows"),
        (
            [],
            {"other_currencies": 1},
            "1 row has no known cost (1 not known to be in USD)",
            "convert the amounts to USD",
        ),
        ([], {"empty_counts": 1}, "1 row has no known cost (1 with an empty count)", "fill in the empty counts"),
        (
            [UNDATED],
            {"impossible": 1},
            "1 record has no price (no date) and 1 row has no known cost (1 with impossible counts)",
            "date them with",
        ),
    ],
)
def test_what_a_sum_lacks(
    records: list[UsageRecord], counts: dict[str, int], words: str, way: str, shipped: Catalog
) -> None:
    found = lacking(spend_on(shipped, *records).counted, counts)

    assert (found.words, found.way.startswith(way)) == (words, True)
