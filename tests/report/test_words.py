"""Sentences that several reports share."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.errors import Gap
from llmcost.report.words import by_reason, less_words, saving_words, some, usd_beside
from llmcost.workload.estimate import LeftOut


def test_models_are_named_by_reason_and_many_are_counted() -> None:
    few = [LeftOut(model=f"a/{n}", reason="free") for n in range(5)]
    many = [LeftOut(model=f"b/{n}", reason="no flex tier") for n in range(6)]

    assert by_reason([*few, *many]) == "free (a/0, a/1, a/2, a/3, a/4); no flex tier (6)"


def test_reasons_that_differ_in_a_date_or_a_number_are_one() -> None:
    dates = {"a/b": "shut down 2026-01-01", "a/c": "shut down 2026-02-01"}
    gone = [LeftOut(model=model, reason=reason, gap=Gap.SHUT_DOWN) for model, reason in dates.items()]

    assert by_reason(gone) == "shut down (a/b, a/c)"
    assert by_reason(gone[:1]) == "shut down 2026-01-01 (a/b)"


@pytest.mark.parametrize(
    ("cost", "limit", "shown"),
    [
        ("2", "1", ("$2.00", "$1.00")),
        ("1", "1", ("$1.00", "$1.00")),
        ("9750.001", "9750", ("$9750.001", "$9750")),
        ("9749.999", "9750", ("$9749.999", "$9750")),
    ],
)
def test_a_cost_and_a_limit_that_differ_never_look_the_same(cost: str, limit: str, shown: tuple[str, str]) -> None:
    assert usd_beside(Decimal(cost), Decimal(limit)) == shown


def test_a_negative_saving_costs_more() -> None:
    assert [saving_words(Decimal(x)) for x in (9, 0, -9)] == ["saves $9.00", "saves $0.00", "costs $9.00 more"]
    assert [less_words(Decimal(x)) for x in (9, -9)] == ["9.0% less", "9.0% more"]


def test_one_thing_is_in_the_singular() -> None:
    assert [some(x, "model") for x in (0, 1, 1000)] == ["0 models", "1 model", "1,000 models"]
