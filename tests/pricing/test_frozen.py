"""Prices stay as they were read: no mapping in them can be changed, and a copy is as good as the first."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from llmcost.pricing.frozen import FrozenDict
from llmcost.pricing.key import Threshold
from llmcost.pricing.model import Card, Fee, LongStep, Model, Period
from llmcost.pricing.units import Unit

RATES = {Unit.INPUT: Decimal(1)}
STEP = LongStep(step=Threshold(10, inclusive=True), rates=RATES)
CARD = Card(rates=RATES, long_context=(STEP,), fees={"search": Fee(usd=Decimal(1))})
PERIOD = Period(start=None, standard=CARD, tiers={"batch": CARD})
MODEL = Model(id="a/b", name="b", periods=(PERIOD,), regions={"eu": Decimal(2)})


@pytest.mark.parametrize("value", [STEP.rates, CARD.rates, CARD.fees, PERIOD.tiers, MODEL.regions], ids=range(5))
def test_no_mapping_of_prices_can_be_changed(value: Any) -> None:
    with pytest.raises(TypeError, match="this value is frozen"):
        value["input"] = Decimal(0)


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.update(a=2),
        lambda x: x.pop("a"),
        lambda x: x.popitem(),
        lambda x: x.clear(),
        lambda x: x.setdefault("b", 1),
        lambda x: x.__delitem__("a"),
        lambda x: x.__ior__({"a": 2}),
    ],
    ids=range(7),
)
def test_no_way_to_change_a_dict_is_open(change: Callable[[Any], object]) -> None:
    value = FrozenDict({"a": 1})
    with pytest.raises(TypeError, match="this value is frozen"):
        change(value)
    assert value == {"a": 1}


def test_what_the_rates_were_made_of_may_change() -> None:
    rates = dict(RATES)
    card = Card(rates=rates)
    rates[Unit.INPUT] = Decimal(0)
    assert card.rates == RATES


def test_a_copy_is_frozen_too() -> None:
    for copied in (copy.deepcopy(MODEL), pickle.loads(pickle.dumps(MODEL)), copy.copy(MODEL)):
        assert (copied, hash(copied)) == (MODEL, hash(MODEL))
        assert isinstance(copied.periods[0].standard.rates, FrozenDict)
    assert isinstance(copy.copy(FrozenDict(RATES)), FrozenDict)
