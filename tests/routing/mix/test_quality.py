"""Two published scores, and what routing between the models can give."""

from __future__ import annotations

import pytest

from llmcost.errors import UsageError
from llmcost.load import load_scores
from llmcost.routing.mix.cascade import Checker
from llmcost.routing.mix.quality import quality, scored
from llmcost.scores.model import ScoreBook
from tests.conftest import ROOT

MINI, BIG = "openai/gpt-4o-mini", "openai/gpt-4o"


@pytest.fixture(scope="module")
def book() -> ScoreBook:
    return load_scores(ROOT / "benchmarks.yaml")


def test_the_random_line_and_the_bounds_of_mmlu(book: ScoreBook) -> None:
    (found,) = scored(book, ["mmlu"], MINI, BIG)
    x = quality(found, 0.2)

    assert x.random == pytest.approx(0.82 + 0.2 * 0.067)
    assert x.oracle == pytest.approx((0.9249, 0.887, 1.0), abs=1e-4)
    assert x.gap_closed(x.random or 0) == pytest.approx(0.2)
    assert (x.phi, x.checked) == (0.45, None)


def test_no_share_has_no_mix(book: ScoreBook) -> None:
    (found,) = scored(book, ["mmlu"], MINI, BIG)
    x = quality(found, None, phi=0.0)

    assert (x.random, x.perfect) == (None, None)
    assert x.oracle.expected == pytest.approx(0.82 + 0.887 - 0.82 * 0.887)


def test_a_checker_sets_the_share(book: ScoreBook) -> None:
    (found,) = scored(book, ["mmlu"], MINI, BIG)
    x = quality(found, None, checker=Checker(catch=0.9, false_alarm=0.05))

    assert x.share == pytest.approx(0.05 * 0.82 + 0.9 * 0.18)
    assert x.checked is not None
    assert x.checked.low < x.checked.expected < x.checked.high


def test_a_strong_model_that_is_not_better_is_told_so(book: ScoreBook) -> None:
    (found,) = scored(book, ["mmlu"], BIG, MINI)

    assert quality(found, 0.5).gap_closed(0.85) is None
    assert "openai/gpt-4o-mini is not better than openai/gpt-4o on MMLU" in found.notes[-1].text


def test_scores_that_are_missing_or_no_shares_are_errors(book: ScoreBook) -> None:
    rating = next(x.id for x in book.benchmarks.values() if x.unit == "rating")

    with pytest.raises(UsageError, match="no MMLU score of a/b and c/d"):
        scored(book, ["mmlu"], "a/b", "c/d")
    for pair in (("a/b", BIG), (BIG, "a/b")):
        with pytest.raises(UsageError, match=r"no MMLU score of a/b$"):
            scored(book, ["mmlu"], *pair)
    with pytest.raises(UsageError, match="is not a share of right answers: its unit is the rating"):
        scored(book, [rating], MINI, BIG)
    lower = next((x.id for x in book.benchmarks.values() if x.unit == "percent" and not x.higher_is_better), None)
    if lower:
        with pytest.raises(UsageError, match="lower is better on it"):
            scored(book, [lower], MINI, BIG)


def test_different_ways_of_measuring_are_told(book: ScoreBook) -> None:
    (found,) = scored(book, ["mmlu"], "openai/gpt-3.5-turbo", BIG)

    assert "MMLU was measured with different harnesses" in found.notes[0].text
