"""Which models a table has, in which order, and which of them cannot be told apart."""

from __future__ import annotations

from typing import Any

import pytest

from llmcost.scores.costs import Costs
from llmcost.scores.model import Score, ScoreBook, Source
from llmcost.scores.table import COST, MODEL, RowOrder, bench_table, best_first, candidates, widest

from .scores import book, rating, score

THREE = book(
    score("a/low", "exam", "50"),
    score("a/low", "errors", "9"),
    score("a/high", "exam", "90"),
    score("a/high", "errors", "5"),
    score("a/none", "errors", "1"),
    score("a/same", "exam", "90"),
    score("a/same", "errors", "3"),
)


def ranks(made: ScoreBook, models: list[str], key: str = "exam", **terms: Any) -> dict[str, int | None]:
    """Return the rank of each model on a benchmark."""
    table = bench_table(made, models, [key], **terms)
    return {model: entry.rank for (model, _), entry in table.entries.items()}


def test_candidates_have_at_least_so_many_scores() -> None:
    assert candidates(THREE, ["exam", "errors"], 2) == ["a/low", "a/high", "a/same"]
    assert candidates(THREE, ["exam", "errors"], 1) == ["a/low", "a/high", "a/none", "a/same"]
    assert candidates(THREE, ["index"], 1) == []


def test_the_widest_benchmark_has_most_scores_and_is_the_first_of_those() -> None:
    assert widest(THREE, THREE.models(), ["exam", "errors", "index"]) == "errors"
    assert widest(THREE, ["a/low", "a/high"], ["exam", "errors"]) == "exam"


def test_the_best_come_first_in_the_benchmarks_direction_then_the_next_decides_and_missing_is_last() -> None:
    assert best_first(THREE, THREE.models(), ["exam", "errors"]) == ["a/same", "a/high", "a/low", "a/none"]
    assert best_first(THREE, THREE.models(), ["errors"]) == ["a/none", "a/same", "a/high", "a/low"]
    assert best_first(THREE, ["b/none", "a/low"], ["errors"]) == ["a/low", "b/none"]


def test_a_table_has_its_scores_model_by_model_and_no_entry_for_a_missing_one() -> None:
    table = bench_table(THREE, ["a/none", "a/high"], ["exam", "errors", "index"])

    assert [(x.model, x.benchmark) for x in table.scores()] == [
        ("a/none", "errors"),
        ("a/high", "exam"),
        ("a/high", "errors"),
    ]
    assert set(table.harnesses) == {"exam", "errors"}


def test_models_that_cannot_be_told_apart_share_a_rank() -> None:
    made = book(
        score("a/one", "exam", "90"),
        score("a/two", "exam", "88"),
        score("a/three", "exam", "60"),
        score("a/four", "exam", "58"),
        score("a/five", "exam", "20"),
    )

    assert ranks(made, made.models()) == {"a/one": 1, "a/two": 1, "a/three": 3, "a/four": 3, "a/five": 5}


def test_where_lower_is_better_the_lowest_is_first() -> None:
    made = book(score("a/one", "errors", "90"), score("a/two", "errors", "10"))

    assert ranks(made, made.models(), "errors") == {"a/one": 2, "a/two": 1}


def test_a_rank_is_adjusted_for_all_pairs() -> None:
    pair = [score("a/one", "exam", "60"), score("a/two", "exam", "50")]
    crowd = [score(f"b/{i}", "exam", "55") for i in range(5)]

    assert ranks(book(*pair), ["a/one", "a/two"]) == {"a/one": 1, "a/two": 2}
    assert set(ranks(book(*pair, *crowd), ["a/one", "a/two", *(x.model for x in crowd)]).values()) == {1}


def test_a_score_without_an_interval_has_no_rank() -> None:
    made = book(score("a/one", "index", "90"), score("a/two", "index", "10"))

    assert ranks(made, made.models(), "index") == {"a/one": None, "a/two": None}


def test_ratings_are_ranked_by_their_published_intervals() -> None:
    made = book(rating("a/one", "1500", "5"), rating("a/two", "1496", "5"), rating("a/three", "1400", "5"))

    assert ranks(made, made.models(), "board") == {"a/one": 1, "a/two": 1, "a/three": 3}


OTHERS = (
    score("a/one", "exam", "90"),
    score("a/two", "exam", "50"),
    score("b/one", "exam", "99", source="t"),
    score("b/two", "exam", "70", settings={"effort": "high"}),
)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({}, {"a/one": 1, "a/two": 3, "b/one": None, "b/two": 2}),
        ({"base": "b/one"}, {"a/one": None, "a/two": None, "b/one": 1, "b/two": None}),
        ({"reference": "b/two"}, {"a/one": 1, "a/two": 3, "b/one": None, "b/two": 2}),
        ({"reference": "b/two", "base": "b/one"}, {"a/one": 1, "a/two": 3, "b/one": None, "b/two": 2}),
        ({"reference": "c/none"}, {"a/one": 1, "a/two": 3, "b/one": None, "b/two": 2}),
    ],
)
def test_only_scores_of_one_harness_are_ranked_at_whatever_effort(
    terms: dict[str, Any], expected: dict[str, int | None]
) -> None:
    models = [x.model for x in OTHERS]
    entries = bench_table(book(*OTHERS), models, ["exam"], **terms).entries

    assert ranks(book(*OTHERS), models, **terms) == expected
    assert {x: entries[x, "exam"].same for x in models} == {x: rank is not None for x, rank in expected.items()}


@pytest.mark.parametrize(
    ("scores", "harness"),
    [
        (["c", "c", "s"], "s"),
        (["c", "c"], "Collection: a"),
    ],
)
def test_what_vendors_said_of_themselves_is_no_reference_where_there_is_another(
    scores: list[str], harness: str
) -> None:
    given: list[Score] = [score(f"a/{i}", "exam", "50", source=source) for i, source in enumerate(scores)]
    made = book(*given, sources=(Source(id="c", title="Collection", collection=True),))

    assert bench_table(made, made.models(), ["exam"]).harnesses["exam"] == harness


def test_a_named_harness_is_a_reference_whoever_reported_it() -> None:
    made = book(
        score("a/one", "exam", "50", source="c"),
        score("a/two", "exam", "50", source="c"),
        score("b/one", "exam", "50", source="c", settings={"harness": "h"}),
        sources=(Source(id="c", title="Collection", collection=True),),
    )

    assert bench_table(made, made.models(), ["exam"]).harnesses["exam"] == "h"


def test_the_reference_is_what_most_models_have_whatever_is_shown() -> None:
    made = book(
        score("a/one", "exam", "99", source="t"),
        score("a/two", "exam", "50"),
        score("a/three", "exam", "40"),
    )

    assert bench_table(made, made.models(), ["exam"]).harnesses["exam"] == "s"
    assert bench_table(made, made.models(), ["exam"], top=1).harnesses["exam"] == "s"


def test_where_no_row_shown_has_a_score_those_that_are_cut_tell_the_reference() -> None:
    table = bench_table(THREE, ["a/none", "a/high"], ["exam"], top=1)

    assert table.scores() == []
    assert table.harnesses["exam"] == "s"


@pytest.mark.parametrize(
    ("sort", "article", "given", "said"),
    [
        (None, True, False, "the article's first, then by EXAM"),
        (None, False, False, "by EXAM"),
        ("exam", True, False, "by EXAM"),
        ("exam", False, True, "by EXAM"),
        (None, True, True, ""),
        (MODEL, True, True, "by model"),
        (COST, False, False, "by cost"),
    ],
)
def test_the_order_of_the_rows_is_said(sort: str | None, said: str, *, article: bool, given: bool) -> None:
    assert RowOrder(sort=sort, article=article, given=given).words(THREE, "exam") == said


@pytest.mark.parametrize(
    ("article", "benchmarks", "listed"),
    [
        (True, ["exam", "errors"], ["a/low", "a/high", "a/same"]),
        (False, ["exam", "errors", "index"], ["a/low", "a/high", "a/none", "a/same"]),
        (True, ["exam", "errors", "index", "rating"], ["a/low", "a/high", "a/same"]),
    ],
)
def test_models_that_are_not_given_have_all_scores_of_the_article_or_a_third(
    benchmarks: list[str], listed: list[str], *, article: bool
) -> None:
    assert RowOrder(sort=None, article=article, given=False).listed(THREE, benchmarks) == listed


def test_the_articles_models_stand_first_whatever_scores_more() -> None:
    names = ("openai/gpt-4o-mini", "openai/gpt-4o", "a/best")
    made = book(*(score(name, "exam", str(place)) for place, name in enumerate(names, 80)))
    order = RowOrder(sort=None, article=True, given=False)

    assert order.of(made, names, ["exam"], Costs()) == ["openai/gpt-4o", "openai/gpt-4o-mini", "a/best"]


def test_top_cuts_rows_and_not_ranks() -> None:
    models = ["a/high", "a/same", "a/low"]
    table = bench_table(THREE, [*reversed(models)], ["exam"], top=1)

    assert table.models == ("a/low",)
    assert table.hidden == ("a/same", "a/high")
    assert table.entries["a/low", "exam"].rank == 3
    assert bench_table(THREE, models, ["exam"], top=9).hidden == ()


@pytest.mark.parametrize(
    ("models", "top", "shown", "hidden"),
    [
        (["a/low", "a/high"], None, ("a/low", "a/high"), ()),
        (["a/low", "a/same"], None, ("a/high", "a/low", "a/same"), ()),
        (["a/low", "a/same", "a/high"], 1, ("a/high", "a/low"), ("a/same",)),
        (["a/low", "a/same", "a/high"], 3, ("a/low", "a/same", "a/high"), ()),
    ],
)
def test_the_base_is_always_in_the_table(
    models: list[str], top: int | None, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    table = bench_table(THREE, models, ["exam"], top=top, base="a/high")

    assert (table.models, table.hidden) == (shown, hidden)
