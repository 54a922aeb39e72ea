"""The same requests otherwise: exact per request, and what would not fit or is not sold stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from llmcost.errors import UsageError
from llmcost.pricing.catalog import Catalog
from llmcost.usage.record import Grain, UsageRecord
from llmcost.usage.whatif import Otherwise, WhatIf, requests_in, what_if
from tests.usage.conftest import spend_on, used

ACME = """
acme/one: {prices: {input: 10, output: 40, cache_read: 1, cache_write: 12, cache_write_1h: 20, audio_input: 50, tiers: {batch: {input: 5, output: 20}}}}
acme/old-one: {prices: {input: 20, output: 80, fees: {web_search: {price: 0.5}}}}
acme/small: {context: 1000, max_output: 100, prices: {input: 1, output: 4, cache_read: 0.5}}
acme/long: {context: 5000, prices: {input: 2, output: 4, long_context: [{above: 500, input: 4}]}}
"""
Catalogs = Callable[..., Catalog]


def otherwise(made: Catalog, *records: UsageRecord, models: str = "", edges: Any = None, **more: Any) -> WhatIf:
    """Return what records would have cost: `models` are `name=model`, divided by spaces."""
    pairs = [x.split("=") for x in models.split()]
    asked = Otherwise(models=tuple((name, made.resolve(to)) for name, to in pairs), **more)
    return what_if(spend_on(made, *records, edges=asked.edges() if edges is None else edges), asked)


def kept(found: WhatIf) -> dict[str, int]:
    """Return the requests that stay as they were, by why."""
    return {why: requests_in(cells) for why, cells in found.kept().items()}


@pytest.mark.parametrize("asked", ["acme/one", "one", "acme/*", "*"])
def test_another_model_by_any_name_of_it(asked: str, catalog: Catalogs) -> None:
    found = otherwise(catalog(ACME), used("in=1000 out=100"), models=f"{asked}=acme/small")

    assert (found.base_usd, found.usd) == (Decimal("0.014"), Decimal("0.0014"))
    assert (kept(found), found.cells[0].unsure) == ({}, False)


def test_only_the_models_that_are_asked_for_are_changed(catalog: Catalogs) -> None:
    records = used("in=1000"), used("in=1000", model="acme/old-one")

    found = otherwise(catalog(ACME), *records, models="one=small old-one=one")

    assert [(x.was.model.id, x.model.id, x.usd) for x in found.cells] == [
        ("acme/old-one", "acme/one", Decimal("0.01")),
        ("acme/one", "acme/small", Decimal("0.001")),
    ]


def test_requests_that_do_not_fit_stay_as_they_were(catalog: Catalogs) -> None:
    records = used("in=1000"), used("in=1001"), used("in=900 out=101")

    found = otherwise(catalog(ACME), *records, models="one=small")

    assert kept(found) == {"acme/small takes at most 1,000 tokens": 1}  # 101 of 2 requests are 51 each on average
    assert found.usd == Decimal("0.0019") + Decimal("0.000404") + Decimal("0.01001")


def test_answers_that_are_too_long_on_average_stay(catalog: Catalogs) -> None:
    found = otherwise(catalog(ACME), used("in=900 out=101"), models="one=small")

    assert kept(found) == {"acme/small answers at most 100 tokens": 1}


def test_a_cube_that_is_not_divided_where_the_model_ends_says_so(catalog: Catalogs) -> None:
    made = catalog(ACME)
    found = otherwise(made, used("in=600"), models="one=small", edges=())
    longer = otherwise(made, used("in=1001"), models="one=small", edges=())
    bucket = used("in=900", grain=Grain.BUCKET, requests=None)

    assert [x.unsure for x in found.cells] == [True]
    assert kept(longer) == {"acme/small takes at most 1,000 tokens": 1}
    assert [x.unsure for x in otherwise(made, bucket, models="one=small").cells] == [True]


def test_each_request_pays_the_rates_of_its_own_length(catalog: Catalogs) -> None:
    found = otherwise(catalog(ACME), used("in=500"), used("in=501"), models="*=long")

    assert found.usd == Decimal("0.001") + Decimal("0.002004")


def test_batch(catalog: Catalogs) -> None:
    records = used("in=1000"), used("in=1000", tier="batch"), used("in=1000", model="acme/small")

    found = otherwise(catalog(ACME), *records, batch=True)

    assert found.usd == Decimal("0.005") * 2 + Decimal("0.001")
    assert kept(found) == {"acme/small: no batch tier": 1}
    assert [x.unsure for x in found.cells] == [False] * 3


@pytest.mark.parametrize(
    ("share", "usd"),
    [
        ("0", "0.01"),  # all of it at the full rate
        ("0.9", "0.0029"),  # 900 read at 1, the 100 left written for an hour at 20
        ("0.5", "0.0067"),  # 500 read at 1, 100 written at 12 and 100 at 20, 300 plain at 10
    ],
)
def test_another_share_of_the_input_is_cached(share: str, usd: str, catalog: Catalogs) -> None:
    record = used("in=1000 read=600 write=200 write_1h=100")

    assert otherwise(catalog(ACME), record, cached=Decimal(share)).usd == Decimal(usd)


def test_of_no_input_nothing_is_cached(catalog: Catalogs) -> None:
    found = otherwise(catalog(ACME), used("out=100"), cached=Decimal("0.9"))

    assert (kept(found), found.usd) == ({}, found.base_usd)


def test_which_part_of_audio_would_be_cached_is_not_known(catalog: Catalogs) -> None:
    found = otherwise(catalog(ACME), used("in=1000 audio=500"), cached=Decimal("0.5"))

    assert kept(found) == {"which part of audio and images is cached is not known": 1}
    assert found.usd == found.base_usd


def test_a_fee_without_a_price_keeps_the_request(catalog: Catalogs) -> None:
    record = used("in=1000", model="acme/old-one", fees={"web_search": 1})

    found = otherwise(catalog(ACME), record, models="old-one=one")

    assert kept(found) == {"acme/one: no price for web_search": 1}


def test_what_has_no_price_is_counted_apart(catalog: Catalogs) -> None:
    found = otherwise(catalog(ACME), used("in=1000"), used("in=5", model="nobody"), models="one=small")

    assert (found.unpriced, found.base_usd) == (1, Decimal("0.01"))


def test_a_model_that_no_request_went_to_is_a_slip(catalog: Catalogs) -> None:
    with pytest.raises(UsageError, match="no request went to gpt-9") as error:
        otherwise(catalog(ACME), used("in=1000"), models="gpt-9=small")

    assert error.value.hints == ("the logs have acme/one",)
    with pytest.raises(UsageError, match="no request has a known price"):
        otherwise(catalog(ACME), used("in=1000", model="acme/none"), models="*=small")
