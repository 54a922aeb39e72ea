"""What models lose or gain against a base, in two families of benchmarks."""

from __future__ import annotations

from llmcost.scores.difference import ScoreVerdict
from llmcost.scores.model import Suite
from llmcost.scores.quality import Loss, quality

from .scores import book, rating, score

ARTICLE = Suite(id="article", name="the article's", benchmarks=("errors", "exam"))
SCORES = (
    score("a/base", "exam", "60"),
    score("a/base", "errors", "20"),
    score("a/base", "unsized", "60", n=200),
    rating("a/base", "1500", "5"),
    score("a/two", "exam", "50"),
    score("a/two", "unsized", "50", n=200),
    rating("a/two", "1500", "5"),
    score("a/three", "exam", "50", source="t"),
    rating("a/three", "1400", "5"),
)


def test_each_family_is_adjusted_within_itself() -> None:
    found = quality(book(*SCORES, suites=(ARTICLE,)), "a/base", ["a/two"])

    assert [(x.benchmark.id, x.verdict) for x in found.first] == [("exam", ScoreVerdict.WORSE)]
    assert [(x.benchmark.id, x.verdict) for x in found.others] == [
        ("unsized", ScoreVerdict.NO_DETECTABLE_DIFFERENCE),
        ("board", ScoreVerdict.NO_DETECTABLE_DIFFERENCE),
    ]
    assert found.first[0].p_value == found.others[0].p_value
    assert found.found == (*found.first, *found.others)


def test_without_the_articles_suite_there_is_one_family() -> None:
    found = quality(book(*SCORES), "a/base", ["a/two"])

    assert found.first == ()
    assert [x.benchmark.id for x in found.others] == ["exam", "unsized", "board"]


def test_the_articles_benchmarks_speak_where_one_of_them_is_tested_else_all_the_tested_first() -> None:
    found = quality(book(*SCORES, suites=(ARTICLE,)), "a/base", ["a/two", "a/three", "a/none"])

    speaking, rest = found.of("a/two")
    assert ([x.benchmark.id for x in speaking], [x.benchmark.id for x in rest]) == (["exam"], ["unsized", "board"])
    speaking, rest = found.of("a/three")
    assert ([x.benchmark.id for x in speaking], [x.benchmark.id for x in rest]) == (["board", "exam"], [])
    assert found.of("a/none") == ([], [])


def test_scores_are_each_once_benchmark_by_benchmark_the_base_first() -> None:
    found = quality(book(*SCORES, suites=(ARTICLE,)), "a/base", ["a/two", "a/three", "a/two", "a/base"])

    assert found.models == ("a/two", "a/three", "a/base")
    assert [(x.benchmark, x.model) for x in found.scores()] == [
        ("exam", "a/base"),
        ("exam", "a/two"),
        ("exam", "a/three"),
        ("unsized", "a/base"),
        ("unsized", "a/two"),
        ("board", "a/base"),
        ("board", "a/two"),
        ("board", "a/three"),
    ]


def test_a_model_is_worse_if_it_is_on_any_benchmark_and_not_worse_only_where_one_can_tell() -> None:
    found = quality(book(*SCORES, suites=(ARTICLE,)), "a/base", ["a/two", "a/three", "a/none"])
    same = quality(book(score("a/base", "exam", "60"), score("a/two", "exam", "61")), "a/base", ["a/two"])

    assert [found.loss(x) for x in ("a/two", "a/three", "a/none")] == [Loss.WORSE, Loss.WORSE, Loss.UNKNOWN]
    assert same.loss("a/two") is Loss.NOT_WORSE
    assert list(found.told("a/two").values()) == [0, 1, 2]
