"""Cost against score: who is on the frontier, who within noise of it, who is dominated, and what mixtures beat."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.scores.difference import differs_significantly
from llmcost.scores.frontier import FrontierPoint, Mixture, Placed, Standing, frontier, mixtures
from llmcost.scores.model import Score

from .scores import book, rating, score


def point(model: str, cost: str, value: str) -> FrontierPoint:
    return FrontierPoint(model=model, cost=Decimal(cost), score=score(model, "exam", value))


def always(_a: Score, _b: Score) -> bool:
    return True


def by_five(a: Score, b: Score) -> bool:
    return abs(a.score - b.score) >= 5


def told(placed: tuple[Placed, ...]) -> dict[str, tuple[str, str | None]]:
    return {x.point.model: (x.standing.value, x.beside.model if x.beside else None) for x in placed}


POINTS = [
    point("a/dear", "10", "90"),
    point("a/cheap", "1", "50"),
    point("a/worse", "2", "40"),
    point("a/near", "3", "48"),
    point("a/middle", "5", "60"),
    point("a/beaten", "20", "70"),
]


def test_each_model_is_set_against_the_best_that_costs_no_more() -> None:
    assert told(frontier(POINTS, by_five, higher_is_better=True)) == {
        "a/cheap": ("frontier", None),
        "a/worse": ("dominated", "a/cheap"),
        "a/near": ("within_noise", "a/cheap"),
        "a/middle": ("frontier", None),
        "a/dear": ("frontier", None),
        "a/beaten": ("dominated", "a/dear"),
    }


def test_where_lower_is_better_the_frontier_goes_down() -> None:
    points = [point("a/x", "1", "30"), point("a/y", "2", "10"), point("a/z", "3", "20")]

    assert told(frontier(points, always, higher_is_better=False)) == {
        "a/x": ("frontier", None),
        "a/y": ("frontier", None),
        "a/z": ("dominated", "a/y"),
    }


def test_the_same_cost_and_score_do_not_dominate_each_other_and_one_of_the_two_alone_does() -> None:
    points = [
        point("b/same", "1", "50"),
        point("a/same", "1", "50"),
        point("a/cost", "2", "50"),
        point("a/score", "1", "49"),
    ]

    assert told(frontier(points, always, higher_is_better=True)) == {
        "a/same": ("frontier", None),
        "b/same": ("frontier", None),
        "a/score": ("dominated", "a/same"),
        "a/cost": ("dominated", "a/same"),
    }


def test_no_points_have_no_frontier() -> None:
    assert frontier([], always, higher_is_better=True) == ()
    assert mixtures([], higher_is_better=True) == {}


NUMBERS = st.decimals(min_value=1, max_value=20, places=0)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=12), st.booleans(), st.randoms())
def test_the_frontier_is_what_nothing_dominates_whatever_the_order(
    pairs: list[tuple[Decimal, Decimal]], higher: bool, random: Any
) -> None:
    points = [point(f"a/{i:02}", str(cost), str(value)) for i, (cost, value) in enumerate(pairs)]
    shuffled = random.sample(points, len(points))
    sign = 1 if higher else -1

    def dominates(a: FrontierPoint, b: FrontierPoint) -> bool:
        worse = a.cost > b.cost or sign * a.score.score < sign * b.score.score
        return not worse and (a.cost, a.score.score) != (b.cost, b.score.score)

    placed = frontier(points, always, higher_is_better=higher)

    assert placed == frontier(shuffled, always, higher_is_better=higher)
    for x in placed:
        beaten = any(dominates(other, x.point) for other in points)
        assert (x.standing is Standing.DOMINATED) == beaten
        assert x.beside is None or dominates(x.beside, x.point)


def mixed(points: list[FrontierPoint], *, higher: bool = True) -> dict[str, Mixture]:
    return dict(mixtures(frontier(points, always, higher_is_better=higher), higher_is_better=higher))


def test_a_mixture_beats_what_lies_under_the_straight_line_between_its_parts() -> None:
    points = [point("a/low", "1", "50"), point("a/mid", "5", "69"), point("a/top", "9", "90")]

    (found,) = mixed(points).items()

    model, x = found
    assert (model, x.first.model, x.second.model) == ("a/mid", "a/low", "a/top")
    assert (x.share, x.score) == (Decimal("0.5"), Decimal(70))


def test_a_model_on_or_above_the_line_is_not_beaten() -> None:
    assert mixed([point("a/low", "1", "50"), point("a/mid", "5", "70"), point("a/top", "9", "90")]) == {}
    assert mixed([point("a/low", "1", "50"), point("a/mid", "5", "80"), point("a/top", "9", "90")]) == {}
    assert mixed([point("a/low", "1", "50"), point("a/top", "9", "90")]) == {}


def test_a_mixture_may_skip_several_models_and_twins_are_beaten_together() -> None:
    points = [
        point("a/1", "1", "10"),
        point("a/2", "2", "11"),
        point("b/2", "2", "11"),
        point("a/3", "3", "12"),
        point("a/4", "4", "90"),
        point("b/4", "4", "90"),
        point("a/5", "5", "91"),
    ]

    assert {model: (x.first.model, x.second.model) for model, x in mixed(points).items()} == {
        "a/2": ("a/1", "a/4"),
        "b/2": ("a/1", "a/4"),
        "a/3": ("a/1", "a/4"),
    }


def test_mixtures_where_lower_is_better() -> None:
    points = [point("a/1", "1", "50"), point("a/2", "2", "48"), point("a/3", "3", "10")]

    assert [(model, x.score) for model, x in mixed(points, higher=False).items()] == [("a/2", Decimal(30))]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (score("a", "exam", "90"), score("b", "exam", "88"), False),
        (score("a", "exam", "90"), score("b", "exam", "70"), True),
        (score("a", "exam", "70"), score("b", "exam", "90"), True),
        (score("a", "unsized", "90"), score("b", "unsized", "70"), True),
        (score("a", "unsized", "90", n=5), score("b", "unsized", "70", n=5), False),
        (score("a", "unsized", "90", n=5), score("b", "unsized", "70"), True),
        (score("a", "exam", "90", low=Decimal(60), high=Decimal(99)), score("b", "exam", "70"), False),
        (score("a", "exam", "90"), score("b", "exam", "70", low=Decimal(40), high=Decimal(99)), False),
        (score("a", "exam", "90", low=Decimal(89), high=Decimal(91)), score("b", "exam", "70"), True),
        (rating("a", "1300", "5"), rating("b", "1304", "5"), False),
        (rating("a", "1300", "5"), rating("b", "1320", "5"), True),
        (score("a", "board", "1300"), score("b", "board", "1300"), False),
        (score("a", "index", "60"), score("b", "index", "60.1"), True),
    ],
)
def test_scores_differ_where_a_test_at_five_percent_says_so(a: Score, b: Score, expected: bool) -> None:
    assert differs_significantly(book(a, b), a, b) is expected
