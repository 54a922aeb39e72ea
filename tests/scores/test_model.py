"""A ScoreBook finds scores, and says of each its interval, its source, its harness and its cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from llmcost.scores.model import (
    CostBasis,
    IntervalKind,
    ScoreBook,
    Source,
    as_percent,
    as_share,
)

from .scores import benchmark, score

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
    assert hash(found) == hash(score("a/two", "exam", "50", n=50))
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


@pytest.mark.parametrize("key", ["exam", "board", "index"])
def test_a_published_interval_is_as_given(key: str) -> None:
    ends = Decimal("40.5"), Decimal("59.25")
    given = score("a/b", key, "50", low=ends[0], high=ends[1])
    assert BOOK.interval(given) == ends


def test_a_bar_is_the_least_score_or_the_most_where_lower_is_better() -> None:
    more = benchmark("exam")
    less = benchmark("rate", higher_is_better=False)
    assert [more.reaches(Decimal(x), Decimal(10)) for x in ("9.9", "10", "10.1")] == [False, True, True]
    assert [less.reaches(Decimal(x), Decimal(10)) for x in ("9.9", "10", "10.1")] == [True, True, False]


LAB = Source(id="lab", title="The Lab", url="https://lab.example")
RIG = Source(id="rig", title="The Rig's board", harness="rig")
HEAP = Source(id="heap", title="The Heap", collection=True)
SOURCED = ScoreBook([benchmark("exam")], [], sources=[LAB, RIG, HEAP])


@pytest.mark.parametrize(
    ("model", "terms", "harness"),
    [
        ("a/b", {"source": "lab"}, "The Lab"),
        ("a/b", {"source": "rig"}, "rig"),
        ("a/b", {"source": "heap"}, "The Heap: a"),
        ("c/d/e", {"source": "heap"}, "The Heap: c"),
        ("a/b", {"source": "heap", "settings": {"harness": "rig"}}, "rig"),
        ("a/b", {"source": "lab", "settings": {"effort": "high"}}, "The Lab"),
        ("a/b", {"source": "my own runs"}, "my own runs"),
    ],
)
def test_a_harness_is_the_rows_own_or_that_of_its_source(model: str, terms: dict[str, Any], harness: str) -> None:
    assert SOURCED.harness(score(model, "exam", "50", **terms)) == harness


@pytest.mark.parametrize(
    ("terms", "source", "link"),
    [
        ({"source": "lab"}, LAB, "https://lab.example"),
        ({"source": "lab", "url": "https://lab.example/row"}, LAB, "https://lab.example/row"),
        ({"source": "rig"}, RIG, None),
        ({"source": "my own runs"}, Source(id="my own runs", title="my own runs"), None),
        (
            {"source": "https://example.org/x"},
            Source(id="https://example.org/x", title="https://example.org/x", url="https://example.org/x"),
            "https://example.org/x",
        ),
    ],
)
def test_a_source_that_is_not_defined_is_its_own_title(terms: dict[str, Any], source: Source, link: str | None) -> None:
    found = score("a/b", "exam", "50", **terms)
    assert SOURCED.source(found) == source
    assert SOURCED.link(found) == link


@pytest.mark.parametrize(
    ("key", "terms", "usd"),
    [
        ("exam", {}, None),
        ("exam", {"cost_usd": Decimal("0.25"), "cost_basis": CostBasis.ITEM}, "0.25"),
        ("exam", {"cost_usd": Decimal(50), "cost_basis": CostBasis.RUN}, "0.25"),
        ("exam", {"cost_usd": Decimal(50), "cost_basis": CostBasis.RUN, "n": 100}, "0.5"),
        ("exam", {"cost_usd": Decimal(50), "cost_basis": CostBasis.RUN, "trials": 1000}, "0.05"),
        ("unsized", {"cost_usd": Decimal(50), "cost_basis": CostBasis.RUN}, None),
        ("exam", {"cost_usd": Decimal(0), "cost_basis": CostBasis.RUN}, "0"),
    ],
)
def test_the_cost_of_an_item_is_the_runs_over_its_answers(key: str, terms: dict[str, Any], usd: str | None) -> None:
    found = BOOK.usd_per_item(score("a/b", key, "50", **terms))
    assert found == (None if usd is None else Decimal(usd))


def test_a_percentage_is_a_hundred_times_a_share() -> None:
    assert as_share(Decimal("88.7")) == 0.887
    assert as_percent(0.887) == Decimal("88.7")
    assert as_percent(1 / 3) == Decimal("33.333333")
