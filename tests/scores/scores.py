"""Small benchmarks and scores for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from llmcost.scores.model import Benchmark, IntervalKind, Score, ScoreBook, Source, Suite


def benchmark(key: str, **terms: Any) -> Benchmark:
    """Return a benchmark of 200 items with these terms."""
    given = {
        "unit": "percent",
        "items": 200,
        "interval": IntervalKind.BINOMIAL,
        "higher_is_better": True,
        "guess": None,
        **terms,
    }
    return Benchmark(id=key, name=key.upper(), measures="x", **given)


def score(model: str, key: str, value: str, **terms: Any) -> Score:
    """Return a score with these terms."""
    given = {"source": "s", "date": date(2026, 1, 1), "reported_by": "third-party", **terms}
    return Score(model=model, benchmark=key, score=Decimal(value), **given)


def rating(model: str, value: str, half: str, **terms: Any) -> Score:
    """Return a rating on `board` with a published interval."""
    middle, width = Decimal(value), Decimal(half)
    return score(model, "board", value, low=middle - width, high=middle + width, **terms)


BENCHMARKS = (
    benchmark("exam"),
    benchmark("unsized", items=None),
    benchmark("errors", higher_is_better=False),
    benchmark("board", interval=IntervalKind.PUBLISHED, unit="rating", items=None),
    benchmark("index", interval=IntervalKind.NONE),
)


def book(*scores: Score, sources: tuple[Source, ...] = (), suites: tuple[Suite, ...] = ()) -> ScoreBook:
    """Return a book of these scores."""
    return ScoreBook(BENCHMARKS, scores, sources=sources, suites=suites)
