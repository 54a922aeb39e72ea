"""Marks behind scores: on the exception, with the rule said once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from llmcost.report import differences
from llmcost.report.differences import (
    counted,
    delta_table,
    difference_table,
    difference_values,
    in_words,
    named_first,
    of_all,
    probability,
    verdict_meanings,
    why_not,
)
from llmcost.report.render import render
from llmcost.report.report import Format, Report
from llmcost.report.scores import (
    ScoreMarks,
    defined,
    disputed_notes,
    effort_words,
    in_line,
    label,
    prompt_notes,
    prompt_words,
    score_values,
    shown,
    unit_words,
)
from llmcost.report.screen import Screen
from llmcost.scores.difference import ScoreDifference, difference, with_holm
from llmcost.scores.model import Score, ScoreBook, Status

from ..scores.scores import benchmark, book, rating, score


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


def test_a_score_has_its_interval_and_items_for_machines() -> None:
    counted, unknown = score("a/one", "exam", "50", settings={"measured_on": "x"}), score("a/one", "index", "50")
    exam, index = (score_values(book(x), x) for x in (counted, unknown))

    assert [exam[key] for key in ("low", "high", "n", "measured_on")] == [
        *(Decimal("43.136086"), Decimal("56.863914"), 200, "x"),
    ]
    assert [index[key] for key in ("low", "high", "n", "measured_on")] == [None, None, 200, None]


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


def found_differences() -> tuple[ScoreBook, list[ScoreDifference]]:
    """Differences of every verdict, and one of another effort."""
    pairs = [
        ("exam", "90", "50", {}),
        ("errors", "60", "5", {"effort": "thinking-high"}),
        ("board", "1200", "1200", {}),
        ("unsized", "50", "50", {}),
        ("index", "50", "60", {"harness": "other"}),
    ]
    found = []
    for key, base, other, settings in pairs:
        terms = {"low": Decimal(1190), "high": Decimal(1210)} if key == "board" else {}
        first = score("a/base", key, base, settings={"harness": "h"}, **terms)
        found.append((first, score("b/x", key, other, settings={"harness": "h", **settings}, **terms)))
    made = book(*(x for pair in found for x in pair))
    return made, list(with_holm([difference(made, *pair) for pair in found]))


def test_differences_stand_in_a_table_with_their_verdicts() -> None:
    made, found = found_differences()
    marks = ScoreMarks([score for x in found for score in (x.base, x.other)])
    table = difference_table(made, found, marks, title="T", short=3)
    across = [delta_table(found, across=x) for x in (True, False)]
    assert all(x.whole for made in across for x in made.columns[1:])
    assert [(x.key, x.optional) for x in table.columns if x.optional] == [("n", 3), ("interval", 1), ("p_value", 2)]
    assert [x.key for x in table.columns if x.detail] == ["p_value"]
    assert [x.optional for x in across[1].columns] == [0, 0, 1, 2, 3, 4]
    assert [(x.short, x.least) for x in (table, *across)] == [(3, 5), (None, 5), (None, 5)]
    assert [difference_values(x)["flags"] for x in found] == [None, "effort", None, None, "harness"]
    text = render(Report(schema="x/1", headline="", tables=(table, *across)), Format.TABLE, Screen())

    assert (
        text
        == """\


T
Benchmark  Items  base          x                 Delta    95% interval       p  Holm's p
─────────────────────────────────────────────────────────────────────────────────────────────────
EXAM         200    90.0 ±4.2     50.0 ±6.9       -40.0  -47.7 to -31.5  <0.001    <0.001  worse
ERRORS ↓     200    60.0 ±6.7      5.0 ±3.1 high  -55.0  -61.9 to -47.0  <0.001    <0.001  better
BOARD          -  1200.0 ±10.0  1200.0 ±10.0       +0.0  -14.1 to +14.1   1.000     1.000  ~
UNSIZED        -    50.0          50.0             +0.0               -       -         -  no ±
INDEX        200    50.0          60.0            +10.0               -       -         -  †

Benchmark  x
───────────────────────
EXAM       -40.0 worse
ERRORS ↓   -55.0 better
BOARD      +0.0 ~
UNSIZED    +0.0 no ±
INDEX      +10.0 †

Model  EXAM         ERRORS ↓      BOARD   UNSIZED    INDEX
────────────────────────────────────────────────────────────
b/x    -40.0 worse  -55.0 better  +0.0 ~  +0.0 no ±  +10.0 †
"""
    )


def test_what_verdicts_mean_is_said_of_those_that_are_there() -> None:
    made, found = found_differences()
    worse, better, same, unknown, otherwise = found

    assert counted(found) == (
        "better on 1, worse on 1, no detectable difference on 1, not comparable on 1, no interval on 1"
    )
    assert in_words(found) == "better on ERRORS; worse on EXAM; no detectable difference on BOARD; 2 not tested"
    assert in_words([unknown, otherwise]) == "not comparable on INDEX; no interval on UNSIZED"
    assert differences.tests(found) == 3
    assert verdict_meanings(found, several=False) == [
        "~ no detectable difference (Holm's p > 0.05)",
        "no ±: interval unknown, not tested",
        "after a score: its reasoning effort",
    ]
    assert verdict_meanings([worse, better, otherwise], several=True) == [
        "† run on a different harness: not tested",
        "some reasoning efforts differ",
    ]
    assert verdict_meanings([same, otherwise], several=False) == ["~ no detectable difference (Holm's p > 0.05)"]
    assert why_not(found, made) == ["† measured with other, the base with h (INDEX)"]
    assert why_not(found, made, named=True) == ["† b/x: measured with other, the base with h (INDEX)"]
    assert [probability(x) for x in (None, 0.0009, 0.001, 0.0456)] == [None, "<0.001", "0.001", "0.046"]


def test_of_many_benchmarks_three_are_named() -> None:
    first = [score("a/base", "exam", "90"), score("a/x", "exam", "50")]
    books = [ScoreBook([replace(benchmark("exam"), name=f"E{n}")], first) for n in range(5)]
    found = list(with_holm([difference(x, *first) for x in books]))

    assert in_words(found) == "worse on E0, E1, E2 and 2 more"
    assert in_words(found[:4]) == "worse on E0, E1, E2, E3"


def test_the_unit_of_scores_and_what_is_behind_their_intervals() -> None:
    exam, errors, rated, index = (
        score("a/x", "exam", "50"),
        score("a/x", "errors", "5"),
        rating("a/x", "1200", "10"),
        score("a/x", "index", "50"),
    )
    made = book(exam, errors, rated, index)

    assert unit_words(made, [exam]) == [
        "Scores are percent of answers that are right, ± half the width of the 95% Wilson interval for the number of items"
    ]
    assert unit_words(made, [rated]) == ["Scores are ratings, ± half the width of the published 95% interval"]
    assert unit_words(made, [exam, errors, rated, index]) == [
        (
            "Scores are percentages and ratings, ± half the width of the 95% Wilson interval for the number of items or of"
            " the published 95% interval"
        ),
        "Without ±: interval unknown",
        "↓ lower is better",
    ]
    assert unit_words(made, [index]) == ["Scores are percentages", "Without ±: interval unknown"]
    assert [label(made.benchmarks[x]) for x in ("exam", "errors")] == ["EXAM", "ERRORS ↓"]


def test_a_benchmark_is_defined_in_a_line() -> None:
    named = [
        replace(benchmark("exam", items=1200), version="2"),
        replace(benchmark("exam-2", items=None), version="2"),
    ]

    assert defined(ScoreBook(named, ()), ["exam", "exam-2"]) == ("EXAM 2: x; 1,200 items", "EXAM-2: x")
