"""A ScoreBook finds scores, and gives those that have one their interval."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from llmcost.benchmarks.model import Benchmark, IntervalKind, Score, ScoreBook


def benchmark(key: str, **terms: Any) -> Benchmark:
    """Return a benchmark of 200 items with these terms."""
    given = {"unit": "percent", "items": 200, "interval": IntervalKind.BINOMIAL, **terms}
    return Benchmark(id=key, name=key.upper(), measures="x", higher_is_better=True, guess=None, **given)


def score(model: str, key: str, value: str, **terms: Any) -> Score:
    """Return a score with these terms."""
    day = date(2026, 1, 1)
    return Score(model=model, benchmark=key, score=Decimal(value), source="s", date=day, reported_by="vendor", **terms)


BOOK = ScoreBook(
    [
        benchmark("exam"),
        benchmark("unsized", items=None),
        benchmark("board", interval=IntervalKind.PUBLISHED, unit="rating"),
        benchmark("index", interval=IntervalKind.NONE, unit="points"),
    ],
    [
        score("b/one", "exam", "50"),
        score("a/two", "exam", "50", n=50),
        score("b/one", "unsized", "50"),
        score("a/two", "unsized", "50", n=50),
        score("b/one", "board", "1300"),
        score("a/two", "index", "120"),
    ],
)


def test_a_score_is_found_by_model_and_benchmark() -> None:
    found = BOOK.score("a/two", "exam")
    assert found is not None
    assert (found.model, found.benchmark, found.n) == ("a/two", "exam", 50)
    assert BOOK.score("a/two", "board") is None
    assert BOOK.score("a/two", "nothing") is None
    assert BOOK.score("two", "exam") is None


def test_models_and_scores_stand_in_the_order_of_the_table() -> None:
    assert BOOK.models() == ["b/one", "a/two"]
    assert [(x.model, x.benchmark) for x in BOOK] == [
        ("b/one", "exam"),
        ("a/two", "exam"),
        ("b/one", "unsized"),
        ("a/two", "unsized"),
        ("b/one", "board"),
        ("a/two", "index"),
    ]
    assert list(BOOK.benchmarks) == ["exam", "unsized", "board", "index"]


@pytest.mark.parametrize(
    ("model", "key", "items", "interval"),
    [
        # worked out with SciPy, from 100 of 200 and 25 of 50
        ("b/one", "exam", 200, ("43.136086", "56.863914")),
        ("a/two", "exam", 50, ("36.644514", "63.355486")),
        ("b/one", "unsized", None, None),
        ("a/two", "unsized", 50, ("36.644514", "63.355486")),
        ("b/one", "board", 200, None),
        ("a/two", "index", 200, None),
    ],
)
def test_a_binomial_score_with_a_number_of_items_has_an_interval(
    model: str, key: str, items: int | None, interval: tuple[str, str] | None
) -> None:
    found = BOOK.score(model, key)
    assert found is not None
    assert BOOK.items(found) == items
    expected = None if interval is None else tuple(Decimal(x) for x in interval)
    assert BOOK.interval(found) == expected


@pytest.mark.parametrize(("value", "end"), [("0", 0), ("100", 1)])
def test_the_ends_of_the_scale_stay_on_it(value: str, end: int) -> None:
    book = ScoreBook([benchmark("exam")], [score("a/b", "exam", value)])
    interval = book.interval(next(iter(book)))
    assert interval is not None
    assert interval[end] == Decimal(value)
    assert 0 <= interval[0] < interval[1] <= 100
