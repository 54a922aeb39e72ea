"""What the two models of a comparison are called, and when their roles look swapped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import UnknownModelError
from llmcost.evals.contenders import Contender, contender, identified, misnamed, swapped
from llmcost.evals.outcomes import Outcomes, Side
from llmcost.pricing.catalog import Catalog

CHEAP, DEAR = Decimal(1), Decimal(2)


@pytest.fixture
def models(catalog: Callable[..., Catalog]) -> Catalog:
    return catalog(
        "a/gpt-4o: {prices: {input: 2, output: 2}}\na/gpt-4o-mini: {prices: {input: 1, output: 1}}\n"
        "a/later: {prices: [{from: 2999-01-01, input: 1, output: 1}]}"
    )


def side(model: str | None = None, file: str = "f", **terms: Any) -> Side:
    return Side(values=[1.0], model=model, file=file, **terms)


def both(models: Catalog, *names: str | None) -> Sequence[Contender]:
    return [contender(models, role, name) for role, name in zip(("weak", "strong"), names, strict=True)]


def texts(models: Catalog, weak: Side, strong: Side, *names: str | None) -> list[str]:
    outcomes = Outcomes(items=["a"], weak=weak, strong=strong)
    return [note.text for note in misnamed(models, both(models, *names), outcomes)]


def doubts(models: Catalog, weak: Side, strong: Side, difference: float, *usd: Decimal | None) -> list[str]:
    outcomes = Outcomes(items=["a"], weak=weak, strong=strong)
    sides = both(models, "gpt-4o-mini", "gpt-4o")
    return [note.text for note in swapped(models, sides, outcomes, difference, (usd[0], usd[1]))]


def test_the_name_of_the_results_counts_where_none_is_given(models: Catalog) -> None:
    assert identified(models, contender(models, "weak", None), side("openai:gpt-4o")).name == "openai:gpt-4o"
    assert identified(models, contender(models, "weak", None), side("gpt-4o")).name == "a/gpt-4o"
    assert identified(models, contender(models, "weak", None), side()).name == "the weak model"
    assert identified(models, contender(models, "weak", "gpt-4o"), side("x")).name == "a/gpt-4o"


def test_a_slip_in_a_name_is_refused_and_a_name_of_ones_own_is_not(models: Catalog) -> None:
    for slip in ("gpt4o", "gpt-4o-min", "gpt-4o-mini-it"):
        with pytest.raises(UnknownModelError, match=slip):
            identified(models, contender(models, "weak", slip), side())
        assert identified(models, contender(models, "weak", slip), side(f"local/{slip}")).name == slip
    for own in ("short", "gpt-2", "Mixtral-8x7B"):
        assert identified(models, contender(models, "weak", own), side("other")).name == own


def test_two_prompts_of_a_model_are_told_apart(models: Catalog) -> None:
    found = identified(models, contender(models, "weak", "gpt-4o"), side("gpt-4o", variant="prompt 1: short"))

    assert (found.name, found.model and found.model.id) == ("a/gpt-4o (prompt 1: short)", "a/gpt-4o")


def test_results_of_another_model_than_said_are_told(models: Catalog) -> None:
    said = "the results of the weak model are from gpt-4o-mini, but --weak names a/gpt-4o"
    assert texts(models, side("gpt-4o-mini"), side("A/GPT-4o-mini"), "gpt-4o", "gpt-4o-mini") == [said]
    assert texts(models, side("gpt-4o"), side("x"), "gpt-4o", "gpt-4o") == [
        "the results of the strong model are from x, but --strong names a/gpt-4o"
    ]
    assert texts(models, side(), side("x:gpt-4o"), "gpt-4o", "gpt-4o") == []
    assert texts(models, side("short"), side("long"), "short", "long") == []


def test_a_weak_model_that_costs_more_or_scores_higher_is_told(models: Catalog) -> None:
    costs = "a/gpt-4o-mini, the weak model, costs more than a/gpt-4o: are weak and strong swapped?"
    scores = "a/gpt-4o-mini, the weak model, scores higher than a/gpt-4o: are weak and strong swapped?"
    assert doubts(models, side(), side(), 0.0, DEAR, CHEAP) == [costs]
    assert doubts(models, side(), side(), 0.0, DEAR, DEAR) == []
    assert doubts(models, side(), side(), 0.1, DEAR, CHEAP) == [costs, scores]
    assert doubts(models, side(), side(), 0.1, CHEAP, DEAR) == [scores]
    assert doubts(models, side(), side(), -0.1, None, DEAR) == []
    outcomes = Outcomes(items=["a"], weak=side(), strong=side())
    (dear,) = swapped(models, both(models, "gpt-4o", "gpt-4o-mini"), outcomes, 0.0, (None, None))
    assert dear.text == "a/gpt-4o, the weak model, costs more than a/gpt-4o-mini: are weak and strong swapped?"
    assert swapped(models, both(models, "later", None), outcomes, 0.0, (None, None)) == []
    (unnamed,) = swapped(models, both(models, None, None), outcomes, 0.1, (None, None))
    assert unnamed.text == "the weak model scores higher than the strong model: are weak and strong swapped?"
    named = side("gpt-4o-mini"), side("gpt-4o")
    assert doubts(models, *named, 0.01, CHEAP, DEAR) == []
    assert doubts(models, *named, 0.011, CHEAP, DEAR) == [scores]
    assert doubts(models, *named, 0.01, DEAR, CHEAP) == [costs, scores]
    assert doubts(models, side("gpt-4o-mini"), side(), 0.01, CHEAP, DEAR) == [scores]
    (said,) = doubts(models, side(file="w.csv"), side(file="s.csv"), 0.1, None, None)
    assert "(its results are read from w.csv)" in said


def test_prices_of_a_token_in_and_one_out_stand_for_costs_that_are_not_known(catalog: Callable[..., Catalog]) -> None:
    models = catalog("a/one: {prices: {input: 1, output: 2}}\na/two: {prices: {input: 2, output: 1}}")
    outcomes = Outcomes(items=["a"], weak=side(), strong=side())

    for names in (("one", "two"), ("two", "one")):
        assert swapped(models, both(models, *names), outcomes, 0.0, (None, None)) == []
