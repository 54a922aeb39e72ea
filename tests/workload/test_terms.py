"""The pricing terms are listed once, and said in one way."""

from __future__ import annotations

from decimal import Decimal

from llmcost.workload.model import Workload
from llmcost.workload.terms import FLAT_TERMS, term_words, unusual


def test_terms_are_in_words() -> None:
    terms = {
        "region": "eu",
        "tier": "flex",
        "peak_share": Decimal("0.125"),
        "batch_share": Decimal("0.4"),
        "cache_write": Decimal(1),
        "cached": Decimal("0.0004"),
        "fees": {"web_search": Decimal(2)},
    }

    assert term_words(terms) == [
        "0.04% of the input read from cache",
        "100% of the input written to cache",
        "40% of the requests at the batch tier",
        "12.5% of the traffic in peak hours",
        "tier flex",
        "region eu",
        "2 web_search a request",
    ]


def test_a_computed_share_has_one_decimal() -> None:
    for share, said in ((Decimal(10) / 63, "15.9"), (Decimal("0.1234567"), "12.3"), (Decimal("0.123456"), "12.3456")):
        assert term_words({"cached": share}) == [f"{said}% of the input read from cache"]


def test_the_terms_of_a_workload_that_says_none_are_usual() -> None:
    plain = Workload(requests=1, input_tokens=1, output_tokens=1)

    assert unusual({name: getattr(plain, name) for name in FLAT_TERMS}) == {}
    assert term_words({}) == []
    assert unusual({"peak_share": Decimal(0), "cached": Decimal(0)}) == {"peak_share": 0}
