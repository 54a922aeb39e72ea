"""A benchmark table is refused with every fault in its place, and read with every value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from llmcost.errors import TableError
from llmcost.load import load_scores
from llmcost.scores.model import (
    Benchmark,
    CostBasis,
    IntervalKind,
    Need,
    Score,
    Source,
    Status,
    Suite,
    Task,
)
from llmcost.scores.parse import check_models
from llmcost.tables.yaml_reader import YamlFile

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
    saturated: true
    url: https://example.org
suites:
  all: {name: All of it, benchmarks: [exam]}
sources:
  lab: {title: The Lab, url: https://lab.example, licence: MIT, credit: Lab, harness: rig, collection: true}
tasks:
  sorting: {name: Sorting, article: cheap, needs: [{any: {exam: 12.50}}], reason: because}
scores:
  - model: a/b
    benchmark: exam
    score: 50.10
    low: 49.9
    high: 50.30
    source: somewhere
    url: https://example.org/row
    date: 2026-01-31
    reported_by: third-party
    n: 1_000
    trials: 3000
    cost_usd: 1.20
    cost_basis: run
    unpriced: true
    unverified: true
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
            saturated=True,
            url="https://example.org",
        )
    ]
    assert book.suites == {"all": Suite(id="all", name="All of it", benchmarks=("exam",))}
    assert list(book.sources.values()) == [
        Source(
            id="lab",
            title="The Lab",
            url="https://lab.example",
            licence="MIT",
            credit="Lab",
            harness="rig",
            collection=True,
        )
    ]
    need = Need(bars={"exam": Decimal("12.50")})
    assert list(book.tasks.values()) == [
        Task(id="sorting", name="Sorting", article="cheap", needs=(need,), reason="because")
    ]
    assert list(book) == [
        Score(
            model="a/b",
            benchmark="exam",
            score=Decimal("50.10"),
            source="somewhere",
            date=date(2026, 1, 31),
            reported_by="third-party",
            low=Decimal("49.9"),
            high=Decimal("50.30"),
            n=1000,
            trials=3000,
            url="https://example.org/row",
            cost_usd=Decimal("1.20"),
            cost_basis=CostBasis.RUN,
            unpriced=True,
            unverified=True,
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
    assert (found.low, found.high, found.cost_usd, found.cost_basis) == (None, None, None, None)
    assert (found.trials, found.url, found.unpriced, found.unverified) == (None, None, False, False)
    assert (exam.saturated, book.suites, book.sources, book.tasks) == (False, {}, {}, {})


def test_every_word_is_known(tmp_path: Path) -> None:
    words = list(product(IntervalKind, Status, ("vendor", "third-party", "article")))
    found = []
    for number, (interval, status, reporter) in enumerate(words):
        path = tmp_path / f"{number}.yaml"
        text = HEAD.replace("interval: binomial", f"interval: {interval}")
        text += SCORE.replace("vendor}", f"{reporter}, status: {status}}}")
        path.write_text(text, encoding="utf-8")
        book = load_scores(path)
        (score,) = book
        found.append((book.benchmarks["exam"].interval, score.status, score.reported_by))

    assert found == words


@pytest.mark.parametrize("end", ["0", "100", "0.0", "100.0"])
def test_the_ends_of_a_percentage_are_in_range(write: Write, end: str) -> None:
    text = HEAD + SCORE.replace("score: 50", f"score: {end}, low: {end}, high: {end}, sourced_score: {end}")
    (found,) = load_scores(write(text))
    assert found.score == found.low == found.high == found.sourced_score == Decimal(end)


@pytest.mark.parametrize("value", ["1432.5", "-1", "1000000000", "-1e9"])
def test_a_rating_is_not_bounded_by_100(write: Write, value: str) -> None:
    text = HEAD + SCORE.replace("exam, score: 50", f"board, score: {value}, sourced_score: {value}")
    (found,) = load_scores(write(text))
    assert found.score == found.sourced_score == Decimal(value)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("1E+25", "expected a number from -10^15 to 10^15, found 1E+25"),
        ("-1E+25", "expected a number from -10^15 to 10^15, found -1E+25"),
        ("1000000000.1", "1000000000.1 is not from -1,000,000,000 to 1,000,000,000"),
    ],
)
def test_a_score_that_no_scale_has_is_a_fault(write: Write, value: str, why: str) -> None:
    """Its difference to another cannot be rounded: `compare` called that a bug of its own."""
    with pytest.raises(TableError) as raised:
        load_scores(write(HEAD + SCORE.replace("exam, score: 50", f"board, score: {value}")))
    (fault,) = raised.value.faults
    assert fault.endswith(f"scores[0].score: {why}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1: the file is empty"]),
        (
            "{}\n",
            ['1:1: "schema" is missing', '1:1: "benchmarks" is missing', '1:1: "scores" is missing'],
        ),
        (
            "schema: llmcost.benchmarks/2\nbenchmarks: {}\nscores: []\n",
            [
                '1:9: schema: expected one of llmcost.benchmarks/1; found "llmcost.benchmarks/2"',
                "2:13: benchmarks: expected a mapping of at least one benchmark, found none",
            ],
        ),
        (
            "schema: llmcost.benchmarks/1\nbenchmarks: x\nscore: []\n",
            [
                '1:1: "scores" is missing',
                '2:13: benchmarks: expected a mapping of at least one benchmark, found "x"',
                '3:1: score: unknown key (did you mean "scores"?)',
            ],
        ),
        (
            "schema: llmcost.benchmarks/1\nupdated: soon\nbenchmarks: []\nscores: {}\n",
            [
                '2:10: updated: expected a date like 2026-11-22, found "soon"',
                "3:13: benchmarks: expected a mapping of at least one benchmark, found none",
                "4:9: scores: expected a list, found a mapping",
            ],
        ),
    ],
)
def test_a_table_of_another_form_is_refused(write: Write, text: str, expected: list[str]) -> None:
    assert faults(write(text)) == expected


BENCHMARK = "  new: {name: New, measures: x, unit: percent, higher_is_better: true, interval: none}\n"


@pytest.mark.parametrize("key", ["name", "measures", "unit", "higher_is_better", "interval"])
def test_a_key_that_every_benchmark_has_may_not_be_missing(write: Write, key: str) -> None:
    row = re.sub(rf"(, )?{key}: [^,}}]+", "", BENCHMARK).replace("{, ", "{")
    text = f"schema: llmcost.benchmarks/1\nbenchmarks:\n{row}scores: []\n"
    assert faults(write(text)) == [f'3:3: benchmarks.new: "{key}" is missing']


def test_a_value_of_another_kind_is_refused_under_every_key(write: Write) -> None:
    text = """schema: llmcost.benchmarks/1
benchmarks:
  new: {name: " ", measures: [a], unit: euro, higher_is_better: yes, interval: wide, items: 1.5, guess: low, urll: x}
suites: [exam]
scores:
  - {model: a/b, benchmark: new, score: .nan, source: "", date: 2026-02-30, reported_by: friend, n: 0, trials: 0,
     status: good, settings: {shots: [5]}, unpriced: yes}
  - words
"""
    assert faults(write(text)) == [
        '3:15: benchmarks.new.name: expected a text, found " "',
        "3:30: benchmarks.new.measures: expected a text, found a list",
        '3:41: benchmarks.new.unit: expected one of percent, rating, points; found "euro"',
        '3:65: benchmarks.new.higher_is_better: expected true or false, found "yes"',
        '3:80: benchmarks.new.interval: expected one of binomial, published, none; found "wide"',
        '3:93: benchmarks.new.items: expected a whole number of at least 1, found "1.5"',
        '3:105: benchmarks.new.guess: expected a number, found "low"',
        '3:110: benchmarks.new.urll: unknown key (did you mean "url"?)',
        "4:9: suites: expected a mapping, found a list",
        '6:41: scores[0].score: expected a number, found ".nan"',
        '6:55: scores[0].source: expected a text, found ""',
        '6:65: scores[0].date: expected a date like 2026-11-22, found "2026-02-30"',
        '6:90: scores[0].reported_by: expected one of vendor, third-party, article; found "friend"',
        '6:101: scores[0].n: expected a whole number of at least 1, found "0"',
        '6:112: scores[0].trials: expected a whole number of at least 1, found "0"',
        '7:14: scores[0].status: expected one of confirmed, close, differs, contradicted; found "good"',
        "7:38: scores[0].settings.shots: expected a text, found a list",
        '7:54: scores[0].unpriced: expected true or false, found "yes"',
        '8:5: scores[1]: expected a mapping, found "words"',
    ]


@pytest.mark.parametrize("key", ["model", "benchmark", "score", "source", "date", "reported_by"])
def test_a_key_that_every_score_has_may_not_be_missing(write: Write, key: str) -> None:
    assert faults(write(HEAD + re.sub(rf"(, )?{key}: [^,}}]+", "", SCORE).replace("{, ", "{"))) == [
        f'6:5: scores[0]: "{key}" is missing'
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("exam", "exams", '6:29: scores[0].benchmark: "exams" is not defined under benchmarks (did you mean "exam"?)'),
        ("50", "100.01", "6:42: scores[0].score: 100.01 is not from 0 to 100 percent"),
        ("50", "-0.1", "6:42: scores[0].score: -0.1 is not from 0 to 100 percent"),
        ("vendor}", "vendor}\n" + SCORE.strip("\n"), "7:5: scores[1]: a/b already has a score on exam"),
    ],
)
def test_a_faulty_score_is_refused(write: Write, old: str, new: str, expected: str) -> None:
    assert faults(write(HEAD + SCORE.replace(old, new))) == [expected]


def test_a_share_on_a_benchmark_of_percent_is_refused_with_what_is_meant(write: Write) -> None:
    few = "(no score on this benchmark is above 1 percent; a score this low needs low and high)"
    said = f"6:42: scores[0].score: 0.820 looks like a share: did you mean 82? {few}"
    share = SCORE.replace("50", "0.820")
    assert faults(write(HEAD + share)) == [said]
    real = SCORE.replace("a/b", "c/d").replace("50", "2")
    assert load_scores(write(HEAD + share + real)).models()
    assert load_scores(write(HEAD + share.replace("0.820,", "0.820, low: 0.1, high: 3,"))).models()
    assert load_scores(write(HEAD + share.replace("exam", "board"))).models()
    assert load_scores(write(HEAD + SCORE.replace("50", "0"))).models()
    assert faults(write(HEAD + SCORE.replace("50", "1.0")))[0].endswith(
        f"1.0 looks like a share: did you mean 100? {few}"
    )


def test_a_share_among_percentages_is_refused_with_what_is_meant(write: Write) -> None:
    few = "(the others on this benchmark are above 20 percent; a score this low needs low and high)"
    others = "".join(SCORE.replace("a/b", f"c/{n}").replace("50", str(n)) for n in (70, 21))
    share = SCORE.replace("50", "0.82")
    assert faults(write(HEAD + others + share)) == [
        f"8:42: scores[2].score: 0.82 looks like a share: did you mean 82? {few}"
    ]
    assert load_scores(write(HEAD + others.replace("score: 21", "score: 20") + share)).models()
    assert load_scores(write(HEAD + others + share.replace("0.82,", "0.82, low: 0.1, high: 3,"))).models()


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("sourced_score: 101", "6:111: scores[0].sourced_score: 101 is not from 0 to 100 percent"),
        ("low: 51, high: 50.5", "6:101: scores[0].low: 51 is above the score, 50"),
        ("low: 49, high: 49.5", "6:111: scores[0].high: 49.5 is below the score, 50"),
        (
            "low: -1, high: 101",
            [
                "6:101: scores[0].low: -1 is not from 0 to 100 percent",
                "6:111: scores[0].high: 101 is not from 0 to 100 percent",
            ],
        ),
        ("low: 49", '6:96: scores[0].low: "low" needs "high" too'),
        ("high: 51", '6:96: scores[0].high: "high" needs "low" too'),
        ("cost_usd: 1", '6:96: scores[0].cost_usd: "cost_usd" needs "cost_basis" too'),
        ("cost_basis: run", '6:96: scores[0].cost_basis: "cost_basis" needs "cost_usd" too'),
        (
            "cost_usd: -1, cost_basis: day",
            [
                "6:106: scores[0].cost_usd: dollars cannot be negative, found -1",
                '6:122: scores[0].cost_basis: expected one of item, run; found "day"',
            ],
        ),
        ("remarks: x", '6:96: scores[0].remarks: unknown key (did you mean "remark"?)'),
    ],
)
def test_a_faulty_key_beside_those_of_every_score_is_refused(
    write: Write, added: str, expected: str | list[str]
) -> None:
    found = faults(write(HEAD + SCORE.replace("vendor", f"vendor, {added}")))
    assert found == ([expected] if isinstance(expected, str) else expected)


def test_a_score_on_a_faulty_benchmark_is_no_second_fault(write: Write) -> None:
    text = HEAD.replace("unit: percent", "unit: euro") + SCORE.replace("50", "150")
    assert faults(write(text)) == ['3:41: benchmarks.exam.unit: expected one of percent, rating, points; found "euro"']


def test_a_binomial_interval_needs_percentages(write: Write) -> None:
    """A rating of 1,300 is not a share of right answers: the table is refused, rather than `interval` failing on it."""
    text = HEAD.replace("interval: published", "items: 100, interval: binomial")
    text += SCORE.replace("exam, score: 50", "board, score: 1300")
    assert faults(write(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("suites: {all: {name: A}}", ['5:10: suites.all: "benchmarks" is missing']),
        (
            "suites: {all: {name: A, benchmarks: [exam, exams, [x]]}}",
            [
                '5:44: suites.all.benchmarks[1]: "exams" is not defined under benchmarks (did you mean "exam"?)',
                "5:51: suites.all.benchmarks[2]: expected a text, found a list",
            ],
        ),
        ("sources: {lab: {url: x}}", ['5:11: sources.lab: "title" is missing']),
        (
            "sources: {lab: {title: x, license: y}}",
            ['5:27: sources.lab.license: unknown key (did you mean "licence"?)'],
        ),
        (
            "suites: {s: {name: S, benchmarks: []}}",
            ["5:35: suites.s.benchmarks: expected a list of at least one benchmark, found none"],
        ),
        ("tasks: {t: {name: T, needs: []}}", ['5:9: tasks.t: "reason" is missing']),
        (
            "tasks: {t: {name: T, reason: r, article: maybe, needs: [{all: {}}]}}",
            [
                '5:42: tasks.t.article: expected one of cheap, strong; found "maybe"',
                '5:57: tasks.t.needs[0]: "any" is missing',
                "5:58: tasks.t.needs[0].all: unknown key (known: any)",
            ],
        ),
        (
            "tasks: {t: {name: T, reason: r, needs: [{any: {exam: 5, other: .nan}}, {any: {}}]}}",
            [
                '5:57: tasks.t.needs[0].any.other: "other" is not defined under benchmarks',
                '5:64: tasks.t.needs[0].any.other: expected a number, found ".nan"',
                "5:78: tasks.t.needs[1].any: expected a benchmark and its bar, found none",
            ],
        ),
    ],
)
def test_faulty_suites_sources_and_tasks_are_refused(write: Write, text: str, expected: list[str]) -> None:
    assert faults(write(HEAD.replace("scores:", f"{text}\nscores:") + SCORE)) == expected


def test_suites_and_tasks_may_name_a_faulty_benchmark(write: Write) -> None:
    text = HEAD.replace("unit: percent", "unit: euro")
    text = text.replace("scores:", "suites: {all: {name: A, benchmarks: [exam]}}\nscores:")
    assert len(faults(write(text + SCORE))) == 1


def test_a_model_is_priced_or_says_that_it_is_not() -> None:
    text = HEAD + SCORE + SCORE.replace("a/b", "a/c").replace("vendor", "vendor, unpriced: true")
    text += SCORE.replace("a/b", "a/d").replace("vendor", "vendor, unpriced: false")
    file = YamlFile(text, "scores.yaml")
    assert check_models(file.tree, {"a/b", "a/d"}.__contains__) == []
    assert [file.locate(x) for x in check_models(file.tree, {"a/c"}.__contains__)] == [
        (
            "scores.yaml:6:13: scores[0].model: no model in the price table has the id a/b (see: llmcost models): price it,"
            ' or add "unpriced: true"'
        ),
        "scores.yaml:7:96: scores[1].unpriced: a/c is in the price table",
        (
            "scores.yaml:8:13: scores[2].model: no model in the price table has the id a/d (see: llmcost models): price it,"
            ' or add "unpriced: true"'
        ),
    ]


def test_a_score_is_made_once_when_it_is_first_asked_for(write: Write) -> None:
    book = load_scores(write(HEAD + SCORE + SCORE.replace("a/b", "a/c")))
    assert book.models() == ["a/b", "a/c"]
    assert len(book) == 2
    assert book.score("a/b", "exam") is book.score("a/b", "exam")
    assert book.score("a/b", "board") is None
