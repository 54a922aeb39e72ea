"""What the cost of a frontier is of: a workload, an item of the scored runs, or the default volume."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from llmcost.pricing.catalog import Catalog
from llmcost.scores.costing import PricedFor, costing_of
from llmcost.workload.compare import default_workload
from llmcost.workload.estimate import Listing, estimate
from llmcost.workload.model import Workload

from .scores import book, score
from .test_costs import ITEM, MODELS

JOB = Workload(requests=1, input_tokens=1_000_000, output_tokens=0)
FEW = "costs of the runs are known for only 1 of 2 scores and are not used"


@pytest.mark.parametrize(
    ("workload", "known", "basis", "usd", "said"),
    [
        (JOB, ("a/one", "a/two"), PricedFor.WORKLOAD, (1, 2), []),
        (default_workload(), ("a/one", "a/two"), PricedFor.RUN_ITEM, ("0.5", "0.5"), []),
        (default_workload(), ("a/one",), PricedFor.VOLUME, (1000, 2000), [FEW]),
        (default_workload(), (), PricedFor.VOLUME, (1000, 2000), []),
    ],
)
def test_an_item_of_the_runs_is_the_cost_where_all_are_known_and_no_workload_is_given(
    catalog: Callable[[str], Catalog],
    workload: Workload,
    known: tuple[str, ...],
    basis: PricedFor,
    usd: tuple[int | str, ...],
    said: list[str],
) -> None:
    scores = {x: score(x, "exam", "50", **(ITEM if x in known else {})) for x in ("a/one", "a/two")}
    listing = Listing(estimates=tuple(estimate(catalog(MODELS), x, workload) for x in scores))

    found = costing_of(book(*scores.values()), scores, listing)
    assert (found.basis, list(found.usd.values())) == (basis, [Decimal(x) for x in usd])
    assert [x.text for x in found.notes] == said


@pytest.mark.parametrize(
    ("without", "said"),
    [
        (["b/x"], "1 score is of a model without a price, left out"),
        (["b/x", "b/y"], "2 scores are of models without a price, left out"),
    ],
)
def test_a_model_without_a_score_and_a_score_without_a_price_are_told(
    catalog: Callable[[str], Catalog], without: list[str], said: str
) -> None:
    scores = {x: score(x, "exam", "50") for x in ("a/one", *without)}
    listing = Listing(estimates=(estimate(catalog(MODELS), "a/one", JOB),))

    found = costing_of(book(*scores.values()), scores, listing, ["a/one", "a/two", "a/three"])
    assert [x.text for x in found.notes] == ["no score: a/two, a/three", said]
