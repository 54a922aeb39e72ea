"""The shipped benchmark table: the article's twelve numbers, checked, each with its source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from llmcost.benchmarks.model import ScoreBook, Status
from llmcost.load import load_scores
from llmcost.pricing.catalog import Catalog

FILE = Path(__file__).parent.parent / "benchmarks.yaml"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def book() -> ScoreBook:
    return load_scores(FILE)


ARTICLE = [
    ("openai/gpt-4o", "mmlu", "88.7", "confirmed", None),
    ("openai/gpt-4o", "math", "76.6", "confirmed", None),
    ("openai/gpt-4o", "humaneval", "90.2", "confirmed", None),
    ("openai/gpt-4o", "gpqa", "53.6", "confirmed", None),
    ("openai/gpt-4o-mini", "mmlu", "82.0", "confirmed", None),
    ("openai/gpt-4o-mini", "math", "70.2", "confirmed", None),
    ("openai/gpt-4o-mini", "humaneval", "87.2", "confirmed", None),
    ("openai/gpt-4o-mini", "gpqa", "40.2", "confirmed", None),
    ("openai/gpt-3.5-turbo", "mmlu", "69.9", "close", "69.8"),
    ("openai/gpt-3.5-turbo", "math", "57.1", "contradicted", "43.1"),
    ("openai/gpt-3.5-turbo", "humaneval", "73.0", "differs", "68.0"),
    ("openai/gpt-3.5-turbo", "gpqa", "28.3", "differs", "30.8"),
]


@pytest.mark.parametrize(("model", "benchmark", "value", "status", "sourced"), ARTICLE)
def test_the_articles_numbers_stand_as_printed_beside_the_sourced_ones(
    book: ScoreBook, model: str, benchmark: str, value: str, status: str, sourced: str | None
) -> None:
    found = book.score(model, benchmark)
    assert found is not None
    assert found.score == Decimal(value)
    assert found.status == status
    assert found.sourced_score == (None if sourced is None else Decimal(sourced))


@pytest.mark.parametrize(
    ("benchmark", "name", "items", "guess"),
    [
        ("mmlu", "MMLU", 14042, 25),
        ("math", "MATH", 5000, 0),
        ("humaneval", "HumanEval", 164, 0),
        ("gpqa", "GPQA", 198, 25),
    ],
)
def test_the_articles_benchmarks_are_binomial(
    book: ScoreBook, benchmark: str, name: str, items: int, guess: int
) -> None:
    found = book.benchmarks[benchmark]
    assert (found.name, found.items, found.guess) == (name, items, Decimal(guess))
    assert (found.unit, found.interval, found.higher_is_better) == ("percent", "binomial", True)


def test_what_is_not_confirmed_says_what_a_source_has_and_why(book: ScoreBook) -> None:
    doubtful = [x for x in book if x.status not in (None, Status.CONFIRMED)]
    assert len(doubtful) == 4
    for x in doubtful:
        assert x.sourced_score is not None
        assert x.sourced_from
        assert x.remark


def test_the_contradicted_score_is_that_of_another_benchmark(book: ScoreBook) -> None:
    found = book.score("openai/gpt-3.5-turbo", "math")
    assert found is not None
    assert found.remark is not None
    assert "GSM8K" in found.remark


def test_a_score_of_the_article_alone_says_so(book: ScoreBook) -> None:
    of_article = {(x.model, x.benchmark) for x in book if x.reported_by == "article"}
    assert of_article == {("openai/gpt-3.5-turbo", x) for x in ("mmlu", "math", "humaneval", "gpqa")}


def test_every_vendor_score_links_to_its_source(book: ScoreBook) -> None:
    for x in book:
        if x.reported_by != "article":
            assert x.source.startswith("https://"), (x.model, x.benchmark)
        assert date(2020, 1, 1) <= x.date <= TODAY


def test_prompts_that_differ_are_told(book: ScoreBook) -> None:
    """GPT-4o was run with the ChatGPT prompt, GPT-4o mini with the assistant's."""
    prompts = {x.model: x.settings.get("prompt") for x in book if x.status is Status.CONFIRMED}
    assert prompts == {
        "openai/gpt-4o": "ChatGPT system prompt",
        "openai/gpt-4o-mini": "API assistant prompt",
    }


def test_every_model_is_a_canonical_id_of_the_price_table(book: ScoreBook, shipped: Catalog) -> None:
    assert book.models()
    for model in book.models():
        assert shipped.resolve(model).id == model


def test_every_benchmark_has_scores(book: ScoreBook) -> None:
    assert {x.benchmark for x in book} == set(book.benchmarks)


@pytest.mark.parametrize(
    ("model", "benchmark", "low", "high"),
    [
        ("openai/gpt-4o", "mmlu", "88.2", "89.2"),
        ("openai/gpt-4o", "math", "75.4", "77.8"),
        ("openai/gpt-4o", "humaneval", "84.7", "93.9"),
        ("openai/gpt-4o", "gpqa", "46.6", "60.4"),
        ("openai/gpt-4o-mini", "mmlu", "81.4", "82.6"),
        ("openai/gpt-4o-mini", "math", "68.9", "71.5"),
        ("openai/gpt-4o-mini", "humaneval", "81.2", "91.5"),
    ],
)
def test_intervals_are_those_of_the_research(book: ScoreBook, model: str, benchmark: str, low: str, high: str) -> None:
    """BENCHMARKS.md section 2, of counts; a published score is rounded, hence the tenth."""
    found = book.score(model, benchmark)
    assert found is not None
    interval = book.interval(found)
    assert interval is not None
    assert interval[0] < found.score < interval[1]
    assert abs(interval[0] - Decimal(low)) <= Decimal("0.15")
    assert abs(interval[1] - Decimal(high)) <= Decimal("0.15")
