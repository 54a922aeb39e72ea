"""Whether two scores differ: against scipy and statsmodels, and when neither may be said."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from llmcost.scores.difference import (
    Flag,
    ScoreDifference,
    ScoreVerdict,
    difference,
    differences,
    flags,
    with_holm,
)
from llmcost.scores.model import Score, Source

from .scores import book, rating, score


def differ(base: Score, other: Score) -> ScoreDifference:
    """Return other - base in a book of the two."""
    return difference(book(base, other), base, other)


def test_shares_differ_by_newcombes_interval_and_the_z_test() -> None:
    found = differ(score("a/one", "exam", "80"), score("a/two", "exam", "70", n=500))
    low, high = confint_proportions_2indep(350, 500, 160, 200, method="newcomb", compare="diff")
    z = -0.1 / (0.8 * 0.2 / 200 + 0.7 * 0.3 / 500) ** 0.5

    assert found.delta == -10
    assert (found.low, found.high) == (round(Decimal(low * 100), 6), round(Decimal(high * 100), 6))
    assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(z)), abs=1e-12)


def test_ratings_differ_by_their_published_intervals() -> None:
    found = differ(rating("a/one", "1300", "6"), rating("a/two", "1310.5", "8"))

    assert found.delta == Decimal("10.5")
    assert (found.low, found.high) == (Decimal("0.5"), Decimal("20.5"))
    assert found.p_value == pytest.approx(2 * stats.norm.sf(10.5 / (10 / stats.norm.ppf(0.975))), abs=1e-12)


def test_a_published_interval_on_counted_items_is_taken_as_it_is() -> None:
    base = score("a/one", "exam", "80", low=Decimal(74), high=Decimal(86))
    found = differ(base, score("a/two", "exam", "72", low=Decimal(64), high=Decimal(80)))
    mixed = differ(base, score("a/two", "exam", "72"))

    assert (found.low, found.high) == (Decimal(-18), Decimal(2))
    assert mixed.low is not None
    assert mixed.high is not None
    assert mixed.low < -8 < mixed.high


@pytest.mark.parametrize("end", [{"low": Decimal(79)}, {"high": Decimal(81)}])
def test_one_end_is_not_an_interval(end: dict[str, Decimal]) -> None:
    other, found = score("a/two", "exam", "70"), score("a/one", "exam", "80")

    assert differ(score("a/one", "exam", "80", **end), other).p_value == differ(found, other).p_value


@pytest.mark.parametrize(
    ("base", "other"),
    [
        (score("a/one", "index", "50"), score("a/two", "index", "70")),
        (score("a/one", "unsized", "50"), score("a/two", "unsized", "90", n=1000)),
        (score("a/one", "unsized", "50", n=1000), score("a/two", "unsized", "90")),
    ],
)
def test_without_an_interval_nothing_is_said(base: Score, other: Score) -> None:
    found = differ(base, other)

    assert (found.low, found.high, found.p_value) == (None, None, None)
    assert found.verdict is ScoreVerdict.UNKNOWN


@pytest.mark.parametrize(
    ("key", "base", "other", "verdict"),
    [
        ("exam", "50", "80", ScoreVerdict.BETTER),
        ("exam", "80", "50", ScoreVerdict.WORSE),
        ("errors", "80", "50", ScoreVerdict.BETTER),
        ("errors", "50", "80", ScoreVerdict.WORSE),
        ("exam", "50", "51", ScoreVerdict.NO_DETECTABLE_DIFFERENCE),
        ("exam", "50", "50", ScoreVerdict.NO_DETECTABLE_DIFFERENCE),
        ("exam", "0", "0", ScoreVerdict.NO_DETECTABLE_DIFFERENCE),
        ("exam", "0", "100", ScoreVerdict.BETTER),
    ],
)
def test_the_direction_is_the_benchmarks(key: str, base: str, other: str, verdict: ScoreVerdict) -> None:
    assert differ(score("a/one", key, base), score("a/two", key, other)).verdict is verdict


def test_a_small_difference_on_many_items_has_a_direction() -> None:
    assert (
        differ(score("a/one", "exam", "50", n=10**6), score("a/two", "exam", "50.5", n=10**6)).verdict
        is ScoreVerdict.BETTER
    )


HIGH, LOW = {"effort": "high"}, {"effort": "low"}


@pytest.mark.parametrize(
    ("base", "other", "expected"),
    [
        ({}, {}, ()),
        ({"source": "s"}, {"source": "t"}, (Flag.HARNESS,)),
        ({"source": "s", "settings": {"harness": "h"}}, {"source": "t", "settings": {"harness": "h"}}, ()),
        ({"settings": HIGH}, {"settings": LOW}, (Flag.EFFORT,)),
        ({"settings": HIGH}, {}, (Flag.EFFORT,)),
        ({"settings": HIGH}, {"settings": HIGH}, ()),
        ({"settings": {"prompt": "p"}}, {"settings": {"prompt": "q"}}, (Flag.PROMPT,)),
        ({"settings": {"prompt": "p"}}, {}, ()),
        ({"settings": HIGH}, {"source": "t"}, (Flag.HARNESS, Flag.EFFORT)),
    ],
)
def test_what_was_not_the_same_is_flagged(
    base: dict[str, Any], other: dict[str, Any], expected: tuple[Flag, ...]
) -> None:
    one, two = score("a/one", "exam", "50", **base), score("a/two", "exam", "90", **other)

    assert flags(book(one, two), one, two) == expected


def test_another_harness_is_never_called_significant() -> None:
    found = differ(score("a/one", "exam", "10"), score("a/two", "exam", "90", source="t"))

    assert found.p_value is not None
    assert found.p_value < 1e-9
    assert found.verdict is ScoreVerdict.NOT_COMPARABLE
    assert with_holm([found])[0].verdict is ScoreVerdict.NOT_COMPARABLE


def test_vendors_in_one_collection_measured_each_in_their_own_way() -> None:
    made = book(
        score("a/one", "exam", "10", source="c"),
        score("b/two", "exam", "90", source="c"),
        score("a/two", "exam", "90", source="c"),
        sources=(Source(id="c", title="Collection", collection=True),),
    )

    found = differences(made, "a/one", ["b/two", "a/two"], ["exam"])
    assert [x.verdict for x in found] == [ScoreVerdict.NOT_COMPARABLE, ScoreVerdict.BETTER]


@pytest.mark.parametrize(("base", "other"), [({"prompt": "p"}, {"prompt": "q"}), (HIGH, LOW), ({}, HIGH)])
def test_another_prompt_or_effort_on_one_harness_is_tested(base: dict[str, str], other: dict[str, str]) -> None:
    one = score("a/one", "exam", "50", settings=base)
    two = score("a/two", "exam", "90", settings=other)

    assert differ(one, two).verdict is ScoreVerdict.BETTER


def test_differences_are_of_what_both_have_in_the_order_of_models_and_benchmarks() -> None:
    made = book(
        score("a/one", "exam", "50"),
        score("a/one", "errors", "50"),
        score("a/two", "errors", "40"),
        score("a/two", "exam", "40"),
        score("a/two", "index", "40"),
        score("a/three", "exam", "40"),
    )

    found = differences(made, "a/one", ["a/three", "a/one", "a/two"], ["exam", "index", "errors"])
    assert [(x.other.model, x.benchmark.id) for x in found] == [
        ("a/three", "exam"),
        ("a/two", "exam"),
        ("a/two", "errors"),
    ]
    assert {x.base.model for x in found} == {"a/one"}


def test_holm_adjusts_the_tests_and_leaves_out_what_is_none() -> None:
    made = book(
        score("a/one", "exam", "50"),
        score("a/one", "errors", "50"),
        score("a/one", "index", "50"),
        score("a/two", "exam", "60"),
        score("a/two", "errors", "50"),
        score("a/two", "index", "90"),
        score("a/three", "exam", "90", source="t"),
    )
    found = with_holm(differences(made, "a/one", ["a/two", "a/three"], ["exam", "errors", "index"]))

    exam, errors, index, otherwise = found
    assert exam.p_value == pytest.approx(0.0434, abs=1e-4)
    assert exam.p_holm == pytest.approx(2 * 0.0434, abs=2e-4)
    assert errors.p_holm == 1
    assert (index.p_holm, otherwise.p_holm) == (None, None)


def test_a_difference_is_detectable_up_to_a_p_value_of_five_percent() -> None:
    found = differ(score("a/one", "exam", "50"), score("a/two", "exam", "60"))

    assert replace(found, p_value=0.05).verdict is ScoreVerdict.BETTER
    assert replace(found, p_value=0.0501).verdict is ScoreVerdict.NO_DETECTABLE_DIFFERENCE


def test_the_verdict_is_by_the_adjusted_p_value() -> None:
    one, two = score("a/one", "exam", "50"), score("a/two", "exam", "60")
    alone = differ(one, two)
    other = differ(score("a/one", "errors", "50"), score("a/two", "errors", "51"))

    assert alone.verdict is ScoreVerdict.BETTER
    assert with_holm([alone])[0].verdict is ScoreVerdict.BETTER
    assert with_holm([alone, other])[0].verdict is ScoreVerdict.NO_DETECTABLE_DIFFERENCE
