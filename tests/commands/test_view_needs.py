"""Scores against bars, in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from llmcost.commands.recommend.view_needs import brief_words, reading_words
from llmcost.scores.model import Benchmark, IntervalKind, Need, ScoreBook, Task
from llmcost.scores.recommend import BarResult, BarStatus, Needs, TaskNeed

EXAM = Benchmark(
    id="exam",
    name="Exam",
    measures="x",
    unit="percent",
    higher_is_better=True,
    items=200,
    guess=None,
    interval=IntervalKind.BINOMIAL,
)


def test_a_score_that_is_missing_is_not_known() -> None:
    book = ScoreBook([EXAM], [])
    reading = BarResult(benchmark="exam", bar=Decimal(80), found=BarStatus.NO_SCORE)

    assert reading_words(book, reading, confident=False) == "exam unknown"


def test_a_short_answer_names_the_bars_of_a_task_that_fit_a_line() -> None:
    many = {f"exam-{n}": Decimal(80) for n in range(6)}
    book = ScoreBook([replace(EXAM, id=key) for key in many], [])
    task = Task(id="t", name="T", needs=(Need(bars=many),), reason="r")
    needs = Needs(asked=(TaskNeed(need=task.needs[0], task=task),))

    assert brief_words(book, needs, ()) == ("T: exam-0 >= 80 and 5 more, where known",)
