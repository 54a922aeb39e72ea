"""The mean, the ends and the 95th percentile of counted prompts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

import pytest

from llmcost.errors import UsageError
from llmcost.workload.measured import measured


@pytest.mark.parametrize(
    ("counts", "mean", "p95"),
    [
        ([7], "7", 7),
        ([1, 2], "1.5", 2),
        (range(1, 21), "10.5", 19),
        (range(1, 101), "50.5", 95),
        (range(1, 102), "51", 96),
    ],
)
def test_the_percentile_is_the_smallest_that_95_percent_do_not_exceed(
    counts: Iterable[int], mean: str, p95: int
) -> None:
    numbers = list(counts)
    found = measured(Counter(reversed(numbers)), source="x", what="files")

    assert [found.lengths.mean, found.lengths.percentile(95), found.low, found.high] == [
        Decimal(mean),
        *map(Decimal, (p95, *numbers[:1], numbers[-1])),
    ]
    assert (found.exact, found.empty) == (True, 0)
    assert sum(x <= found.lengths.percentile(95) for x in numbers) >= Decimal("0.95") * len(numbers)


def test_nothing_has_no_mean() -> None:
    with pytest.raises(UsageError, match="no files to count in x"):
        measured({}, source="x", what="files")


def test_empty_prompts_are_counted_and_nothing_but_them_is_an_error() -> None:
    assert measured({0: 2, 7: 1}, source="x", what="files").empty == 2
    with pytest.raises(UsageError, match="there is nothing in x: 0 tokens in 2 files"):
        measured({0: 2}, source="x", what="files")


def test_a_mean_without_an_end_keeps_its_digits() -> None:
    assert measured({1: 2, 2: 1}, source="x", what="files").lengths.mean.quantize(Decimal("1e-20")) == Decimal(
        "1.33333333333333333333"
    )
