"""A benchmark table is refused with every fault in its place, and read with every value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from llmcost.benchmarks.model import Benchmark, IntervalKind, Score, Status
from llmcost.errors import TableError
from llmcost.load import load_scores

Write = Callable[[str], Path]

HEAD = """schema: llmcost.benchmarks/1
benchmarks:
  exam: {name: Exam, measures: x, unit: percent, higher_is_better: true, items: 200, guess: 25, interval: binomial}
  board: {name: Board, measures: x, unit: rating, higher_is_better: true, interval: published}
scores:
"""
SCORE = "  - {model: a/b, benchmark: exam, score: 50, source: s, date: 2026-01-01, reported_by: vendor}\n"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes a table as `scores.yaml` into the working folder."""
    monkeypatch.chdir(tmp_path)

    def make(text: str) -> Path:
        path = Path("scores.yaml")
        path.write_text(text, encoding="utf-8")
        return path

    return make


def faults(path: Path) -> list[str]:
    """Return the faults with which a table is refused, without the file's name."""
    with pytest.raises(TableError) as caught:
        load_scores(path)
    assert all(fault.startswith("scores.yaml:") for fault in caught.value.faults)
    return [fault.removeprefix("scores.yaml:") for fault in caught.value.faults]


def test_every_value_is_read(write: Write) -> None:
    text = """schema: llmcost.benchmarks/1
updated: 2026-11-22
benchmarks:
  exam:
    name: Exam
    version: "1.10"
    measures: questions
    unit: percent
    higher_is_better: false
    items: 200
    guess: 12.5
    interval: none
    url: https://example.org
scores:
  - model: a/b
    benchmark: exam
    score: 50.10
    source: somewhere
    date: 2026-01-31
    reported_by: third-party
    n: 1_000
    settings: {shots: "5", cot: no}
    status: differs
    sourced_score: 49.5
    sourced_from: elsewhere
    remark: why
"""
    book = load_scores(write(text))
    assert list(book.benchmarks.values()) == [
        Benchmark(
            id="exam",
            name="Exam",
            version="1.10",
            measures="questions",
            unit="percent",
            higher_is_better=False,
            items=200,
            guess=Decimal("12.5"),
            interval=IntervalKind.NONE,
            url="https://example.org",
        )
    ]
    assert list(book) == [
        Score(
            model="a/b",
            benchmark="exam",
            score=Decimal("50.10"),
            source="somewhere",
            date=date(2026, 1, 31),
            reported_by="third-party",
            n=1000,
            settings={"shots": "5", "cot": "no"},
            status=Status.DIFFERS,
            sourced_score=Decimal("49.5"),
            sourced_from="elsewhere",
            remark="why",
        )
    ]


def test_what_may_be_missing_is_unknown(write: Write) -> None:
    book = load_scores(write(HEAD + SCORE))
    exam, board = book.benchmarks.values()
    assert (exam.items, exam.guess, exam.version, exam.url) == (200, Decimal(25), None, None)
    assert (board.items, board.guess, board.interval) == (None, None, IntervalKind.PUBLISHED)
    (found,) = book
    assert (found.n, found.settings, found.status) == (None, {}, None)
    assert (found.sourced_score, found.sourced_from, found.remark) == (None, None, None)


@pytest.mark.parametrize("interval", list(IntervalKind))
@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("reporter", ["vendor", "third-party", "article"])
def test_every_word_is_known(write: Write, interval: IntervalKind, status: Status, reporter: str) -> None:
    text = HEAD.replace("interval: binomial", f"interval: {interval}")
    text += SCORE.replace("vendor}", f"{reporter}, status: {status}}}")
    book = load_scores(write(text))
    (found,) = book
    assert (book.benchmarks["exam"].interval, found.status, found.reported_by) == (interval, status, reporter)


@pytest.mark.parametrize("end", ["0", "100", "0.0", "100.0"])
def test_the_ends_of_a_percentage_are_in_range(write: Write, end: str) -> None:
    text = HEAD + SCORE.replace("score: 50", f"score: {end}, sourced_score: {end}")
    (found,) = load_scores(write(text))
    assert found.score == found.sourced_score == Decimal(end)


def test_a_rating_may_be_of_any_size(write: Write) -> None:
    text = HEAD + SCORE.replace("exam, score: 50", "board, score: 1432.5, sourced_score: -1")
    (found,) = load_scores(write(text))
    assert (found.score, found.sourced_score) == (Decimal("1432.5"), Decimal(-1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1: expected a mapping, found nothing"]),
        ("[]\n", ["1:1: expected a mapping, found a list"]),
        ("just words\n", ['1:1: expected a mapping, found "just words"']),
        (
            "{}\n",
            ['1:1: "schema" is missing', '1:1: "benchmarks" is missing', '1:1: "scores" is missing'],
        ),
        (
            "schema: llmcost.benchmarks/2\nbenchmarks: {}\nscores: []\n",
            ['1:9: schema: expected one of llmcost.benchmarks/1; found "llmcost.benchmarks/2"'],
        ),
        (
            "schema: llmcost.benchmarks/1\nbenchmarks: {}\nscore: []\n",
            ['1:1: "scores" is missing', '3:1: score: unknown key (did you mean "scores"?)'],
        ),
        (
            "schema: llmcost.benchmarks/1\nupdated: soon\nbenchmarks: []\nscores: {}\n",
            [
                '2:10: updated: expected a date like 2026-11-22, found "soon"',
                "3:13: benchmarks: expected a mapping, found a list",
                "4:9: scores: expected a list, found a mapping",
            ],
        ),
    ],
)
def test_a_table_of_another_form_is_refused(write: Write, text: str, expected: list[str]) -> None:
    assert faults(write(text)) == expected


BENCHMARK = "  new: {name: New, measures: x, unit: percent, higher_is_better: true, interval: none}\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("name: New, ", "", ['3:3: benchmarks.new: "name" is missing']),
        ("measures: x, ", "", ['3:3: benchmarks.new: "measures" is missing']),
        ("unit: percent, ", "", ['3:3: benchmarks.new: "unit" is missing']),
        ("higher_is_better: true, ", "", ['3:3: benchmarks.new: "higher_is_better" is missing']),
        (", interval: none", "", ['3:3: benchmarks.new: "interval" is missing']),
        ("New", '" "', ['3:15: benchmarks.new.name: expected a text, found " "']),
        ("New", "[a]", ["3:15: benchmarks.new.name: expected a text, found a list"]),
        (
            "percent",
            "euro",
            ['3:39: benchmarks.new.unit: expected one of percent, rating, points; found "euro"'],
        ),
        ("true", "yes", ['3:66: benchmarks.new.higher_is_better: expected true or false, found "yes"']),
        (
            "interval: none",
            "interval: wide",
            ['3:82: benchmarks.new.interval: expected one of binomial, published, none; found "wide"'],
        ),
        (
            "interval: none",
            "interval: none, items: 0",
            ['3:95: benchmarks.new.items: expected a whole number of at least 1, found "0"'],
        ),
        (
            "interval: none",
            "interval: none, items: 1.5",
            ['3:95: benchmarks.new.items: expected a whole number of at least 1, found "1.5"'],
        ),
        (
            "interval: none",
            "interval: none, guess: low",
            ['3:95: benchmarks.new.guess: expected a number, found "low"'],
        ),
        (
            "interval: none",
            "interval: none, urll: x",
            ['3:88: benchmarks.new.urll: unknown key (did you mean "url"?)'],
        ),
        ("{name", "[name", None),
    ],
)
def test_a_faulty_benchmark_is_refused(write: Write, old: str, new: str, expected: list[str] | None) -> None:
    text = "schema: llmcost.benchmarks/1\nbenchmarks:\n" + BENCHMARK.replace(old, new) + "scores: []\n"
    if expected is None:
        text = text.replace("interval: none}", "interval: none]")
        expected = ["3:8: benchmarks.new: expected a mapping, found a list"]
    assert faults(write(text)) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("model: a/b, ", "", ['6:5: scores[0]: "model" is missing']),
        ("benchmark: exam, ", "", ['6:5: scores[0]: "benchmark" is missing']),
        ("score: 50, ", "", ['6:5: scores[0]: "score" is missing']),
        ("source: s, ", "", ['6:5: scores[0]: "source" is missing']),
        ("date: 2026-01-01, ", "", ['6:5: scores[0]: "date" is missing']),
        (", reported_by: vendor", "", ['6:5: scores[0]: "reported_by" is missing']),
        ("exam", "exams", ['6:29: scores[0].benchmark: "exams" is not defined under benchmarks']),
        ("50", "100.01", ["6:42: scores[0].score: 100.01 is not from 0 to 100 percent"]),
        ("50", "-0.1", ["6:42: scores[0].score: -0.1 is not from 0 to 100 percent"]),
        ("50", "high", ['6:42: scores[0].score: expected a number, found "high"']),
        ("50", ".nan", ['6:42: scores[0].score: expected a number, found ".nan"']),
        ("50", "", ["6:42: scores[0].score: expected a number, found nothing"]),
        ("2026-01-01", "2026-02-30", ['6:63: scores[0].date: expected a date like 2026-11-22, found "2026-02-30"']),
        (
            "vendor",
            "friend",
            ['6:88: scores[0].reported_by: expected one of vendor, third-party, article; found "friend"'],
        ),
        ("vendor", "vendor, n: 0", ['6:99: scores[0].n: expected a whole number of at least 1, found "0"']),
        (
            "vendor",
            "vendor, status: good",
            ['6:104: scores[0].status: expected one of confirmed, close, differs, contradicted; found "good"'],
        ),
        (
            "vendor",
            "vendor, sourced_score: 101",
            ["6:111: scores[0].sourced_score: 101 is not from 0 to 100 percent"],
        ),
        (
            "vendor",
            "vendor, settings: {shots: [5]}",
            ["6:114: scores[0].settings.shots: expected a text, found a list"],
        ),
        ("vendor", "vendor, remarks: x", ['6:96: scores[0].remarks: unknown key (did you mean "remark"?)']),
        ("vendor}", "vendor}\n  - words", ['7:5: scores[1]: expected a mapping, found "words"']),
        ("vendor}", "vendor}\n" + SCORE.strip("\n"), ["7:5: scores[1]: a/b has a score on exam already"]),
    ],
)
def test_a_faulty_score_is_refused(write: Write, old: str, new: str, expected: list[str]) -> None:
    assert faults(write(HEAD + SCORE.replace(old, new))) == expected


def test_every_fault_is_told_at_once_in_the_order_of_the_lines(write: Write) -> None:
    text = HEAD + SCORE.replace("50", "150") + SCORE.replace("exam", "other")
    assert faults(write(text + SCORE.replace("vendor", "me"))) == [
        "6:42: scores[0].score: 150 is not from 0 to 100 percent",
        '7:29: scores[1].benchmark: "other" is not defined under benchmarks',
        '8:88: scores[2].reported_by: expected one of vendor, third-party, article; found "me"',
    ]


def test_a_score_on_a_faulty_benchmark_is_no_second_fault(write: Write) -> None:
    text = HEAD.replace("unit: percent", "unit: euro") + SCORE.replace("50", "150")
    assert faults(write(text)) == ['3:41: benchmarks.exam.unit: expected one of percent, rating, points; found "euro"']


def test_a_duplicate_key_is_refused(write: Write) -> None:
    (fault,) = faults(write(HEAD + SCORE.replace("score: 50", "score: 50, score: 60")))
    assert fault == "6:46: scores[0].score: duplicate key: it stands in line 6 already"


def test_a_binomial_interval_needs_percentages(write: Write) -> None:
    """A rating of 1,300 is no share of right answers: the table is refused, rather than `interval` failing on it."""
    text = HEAD.replace("interval: published", "items: 100, interval: binomial")
    text += SCORE.replace("exam, score: 50", "board, score: 1300")
    assert faults(write(text))
