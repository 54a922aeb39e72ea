"""Marks behind scores: on the exception, with the rule said once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.report.differences import named_first, of_all
from llmcost.report.scores import ScoreMarks, disputed_notes, effort_words, in_line, prompt_notes, prompt_words, shown
from llmcost.scores.difference import difference, with_holm
from llmcost.scores.model import Score, ScoreBook, Status

from ..scores.scores import benchmark, book, score


def scores(vendor: int, others: int) -> list[Score]:
    """So many scores that vendors reported, then so many others."""
    given = ["vendor"] * vendor + ["third-party"] * others
    return [score(f"a/{n}", "exam", "50", reported_by=by) for n, by in enumerate(given)]


def marked(found: list[Score], unlike: list[Score] | None = None) -> tuple[str, str]:
    """The marks of the scores, and what they mean."""
    marks = ScoreMarks(found, unlike or [])
    return " ".join(marks.of(x) or "-" for x in found), "; ".join(marks.words(found, "h"))


def test_a_mark_stands_on_the_exception() -> None:
    assert marked(scores(1, 2)) == ("* - -", "* reported by the vendor")
    assert marked(scores(1, 1)) == ("* -", "* reported by the vendor")
    assert marked(scores(2, 1)) == ("- - *", "* not reported by the vendor; without *: reported by the vendor")
    assert marked(scores(2, 0)) == ("- -", "scores are reported by the vendor")
    assert marked(scores(0, 2)) == ("- -", "")


def test_marks_on_exceptions_come_first_each_in_a_line_of_its_own() -> None:
    found = scores(2, 1)
    doubted = score("a/doubted", "exam", "50", reported_by="vendor", unverified=True)

    marks, meanings = marked([*found, doubted], found)
    assert marks == "- - * †?"
    assert meanings == (
        "* not reported by the vendor; without *: reported by the vendor; "
        "† run on h: comparable; without †: other harness, not comparable; ? secondhand or copied by hand"
    )


def test_only_the_marks_that_are_seen_are_explained() -> None:
    found = scores(2, 1)
    marks = ScoreMarks(found)

    assert marks.words(found[:1]) == ["scores are reported by the vendor"]
    assert ScoreMarks(scores(1, 2)).words(scores(1, 2)[1:]) == []


def test_a_disputed_score_has_one_mark_a_short_note_and_a_detail() -> None:
    wrong = score(
        "a/wrong",
        "exam",
        "57",
        reported_by="article",
        status=Status.DIFFERS,
        sourced_score=Decimal(43),
        sourced_from="s",
        remark="another test",
    )
    unknown = score("a/wrong", "errors", "9", reported_by="article", status=Status.CONTRADICTED)
    found = [wrong, unknown, *scores(3, 0)]
    short, *details = disputed_notes(book(*found), found, found)

    assert marked(found)[0] == "‡ ‡ - - -"
    assert short.text == "disputed: a/wrong, whose sources have EXAM 43, ERRORS another score"
    assert [(x.text, x.detail) for x in details] == [
        ("a/wrong on EXAM: the article's 57 is different from its source (43 in s): another test", True),
        ("a/wrong on ERRORS: the article's 9 is contradicted by its source", True),
    ]
    assert [x.detail for x in disputed_notes(book(*found), found, [])] == [True, True]


def test_a_disputed_score_need_not_name_its_source() -> None:
    found = [score("a/close", "exam", "50", status=Status.CLOSE, sourced_score=Decimal(51))]

    assert disputed_notes(book(*found), found, [])[0].text.endswith("the article's 50 is close to its source (51)")


def test_marks_stand_behind_the_score_and_an_effort_behind_the_interval() -> None:
    found = score("a/one", "exam", "50", settings={"effort": "thinking-64k-high"})

    assert shown(book(found), found, "*", effort=effort_words(found.effort)) == "50.0* ±6.9 64k-high"
    assert shown(book(found), found, "*", signs=2) == "50.0*  ±6.9"
    assert shown(book(found), found, digits=6) == "  50.0 ±6.9"
    assert effort_words(None) is None


def test_phrases_are_one_line_that_begins_large() -> None:
    assert in_line(["a", "b"]) == ["A; b"]
    assert in_line([]) == []


@pytest.mark.parametrize(
    ("harness", "rest", "said"),
    [
        ("h", True, "worse on 2 of 2 comparable benchmarks, including EXAM"),
        ("h", False, "worse on EXAM"),
        ("other", True, "not comparable on 2"),
        ("h other", True, "worse on 1 of 1 comparable benchmarks, including EXAM"),
    ],
)
def test_the_verdicts_on_all_benchmarks_are_counted_and_those_that_speak_named(
    harness: str, rest: bool, said: str
) -> None:
    found = []
    harnesses = (harness.split() * 2)[:2]
    for (key, base, other), name in zip((("exam", "90", "50"), ("errors", "5", "60")), harnesses, strict=True):
        first = score("a/base", key, base, settings={"harness": "h"})
        second = score("a/x", key, other, settings={"harness": name})
        found.append(difference(book(first, second), first, second))
    speaking, further = with_holm(found)
    assert of_all([speaking], [further] if rest else []) == said


def test_what_a_sentence_names_comes_first() -> None:
    """Of five that are worse it names three, of one that is not both; untested ones only where all are."""
    pairs = [("worse", 5), ("same", 1), ("other", 1)]
    benchmarks = [benchmark(f"{kind}{n}") for kind, number in pairs for n in range(number)]
    found = []
    for x in benchmarks:
        harness = {"harness": "other" if x.id == "other0" else "h"}
        first = score("a/base", x.id, "90", settings={"harness": "h"})
        second = score("a/x", x.id, "50" if x.id.startswith("worse") else "90", settings=harness)
        found.append(difference(ScoreBook(benchmarks, (first, second)), first, second))
    ordered, told = named_first(found)

    assert [x.benchmark.id for x in ordered] == ["worse0", "worse1", "worse2", "same0", "worse3", "worse4", "other0"]
    assert told == 4
    assert named_first(found[-1:]) == (found[-1:], 1)


def test_a_legend_tells_that_prompts_differ() -> None:
    one, two = (score(f"a/{x}", "exam", "50", settings={"prompt": f"{x} prompt"}) for x in ("x", "y"))

    assert (prompt_words([one, two]), prompt_words([one, one]), prompt_notes([one])) == (["prompts differ"], [], ())
