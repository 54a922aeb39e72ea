"""The pricing terms of a workload, each listed once: its key, and how its value is said."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext
from typing import Any

from ..pricing.exact import EXACT, digits

SHARES = {
    "cached": "of the input read from cache",
    "cache_write": "of the input written to cache",
    "cache_write_1h": "of the input written to cache for 1 hour",
    "batch_share": "of the requests at the batch tier",
    "peak_share": "of the traffic in peak hours",
}
"""Terms that are a share from 0 to 1, by the name that Workload gives them, and what it is a share of."""
NAMES = ("tier", "region", "caching")
"""Terms that are a name."""
FLAT_TERMS = (*SHARES, *NAMES)
"""The terms that are one value each; `fees` are by name, a number for a request."""

_TYPED = 4
"""Decimals of a percentage that somebody may have typed; one with more was computed."""


def unusual(terms: Mapping[str, Any]) -> dict[str, Any]:
    """The terms that are not the usual ones: a share of nothing is left out, unless it is that of the peak hours."""
    return {name: value for name, value in terms.items() if value or (name == "peak_share" and value is not None)}


def term_words(terms: Mapping[str, Any]) -> list[str]:
    """The terms that are not the usual ones in words: `60% of the input read from cache`, `tier batch`."""
    given = unusual(terms)
    with localcontext(EXACT):
        said = [f"{_percent(Decimal(given[name]) * 100)}% {what}" for name, what in SHARES.items() if name in given]
    said += [f"{name} {given[name]}" for name in NAMES if name in given]
    return [*said, *(f"{digits(Decimal(number))} {fee} a request" for fee, number in given.get("fees", {}).items())]


def _percent(share: Decimal) -> str:
    """A percentage with the digits that it was given, or with one where it is a quotient."""
    given = share == round(share, _TYPED)
    return digits(share if given else round(share, 1))
