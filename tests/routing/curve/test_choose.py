"""Rules that take a number of strong calls from a curve."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.errors import UsageError
from llmcost.routing.curve.choose import half_the_gap, reaching, within_budget
from llmcost.routing.curve.curve import CurveCosts, curve

RISES = curve([0.0] * 4, [1.0] * 4, range(4), CurveCosts.of([Decimal(1)] * 4, [Decimal(3)] * 4))
"""One more right answer and $2 more for each strong call, from none for $4 to four for $12."""
FALLS = curve([1.0] * 4, [0.0] * 4, range(4))


def test_half_of_the_gap_else_of_the_items() -> None:
    assert (half_the_gap(curve([0.0] * 6, [1.0] * 6, range(6))), half_the_gap(FALLS)) == (3, 2)


def test_a_share_of_the_score_of_the_strong_model() -> None:
    assert [reaching(x)(RISES) for x in (0.0, 0.5, 0.51, 1.0, 1.5)] == [0, 2, 3, 4, 4]


@pytest.mark.parametrize(
    ("budget", "calls"),
    [("100", 0), ("149.99", 0), ("150", 1), ("299.99", 3), ("300", 4), ("1000", 4)],
)
def test_the_most_calls_that_a_budget_pays_for(budget: str, calls: int) -> None:
    """100 requests cost $100 at the weak model, and $50 more for each quarter of them at the strong one."""
    choose = within_budget(Decimal(budget), Decimal(100))
    assert choose(RISES) == calls
    assert choose(curve([0.0] * 8, [1.0] * 8, range(8))) == 2 * calls  # the same share of other items


def test_a_budget_below_the_weak_model_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"a budget of \$99\.99 does not pay for the weak model alone"):
        within_budget(Decimal("99.99"), Decimal(100))(RISES)
