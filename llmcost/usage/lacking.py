"""What a sum lacks: records without a price, and rows that are calls of an unknown cost. It is a least one then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .price import NO_DATE, PricedCell
from .record import Doubt, Drop
from .saved import grouped

_MOST = 2
"""Reasons for no price that are told; the others are counted."""

UNCOUNTED: Mapping[str, tuple[str, str]] = {
    Drop.NO_USAGE: (
        "without usage",
        'log the usage of every call (of a stream: stream_options: {"include_usage": true})',
    ),
    Drop.PART: ("of a stream without its message", "log the message_start events of streams too"),
    Drop.UNREADABLE: ("unreadable", "repair the unreadable rows"),
    Drop.IMPOSSIBLE: ("with impossible counts", "correct the impossible counts"),
    Doubt.BLANK: ("with an empty count", "fill in the empty counts"),
    Drop.CURRENCY: ("not known to be in USD", "convert the amounts to USD, and name the currency"),
    Drop.UNRECOGNIZED: ("with usage in an unknown place", "log each answer as it came, alone or under response"),
}
"""Rows that may have cost something, or more: what they are, and what to do about them."""
_PRICE_THEM = "name the models under usage: map, or price them in the table under pricing (llmcost usage tells more)"
_DATE_THEM = "date them with llmcost usage LOG --on DATE -o usage.json, and check --usage usage.json"


class Lacking(NamedTuple):
    """What a sum lacks, in words, and what to do about it; both empty where it is whole."""

    words: str = ""
    way: str = ""


def lacking(cells: Iterable[PricedCell], counts: Mapping[str, int], undated: int = 0) -> Lacking:
    """What the sum of some cells lacks, and what may belong to any sum: rows of unknown cost, `undated` records."""
    reasons = _reasons(cells)
    if undated:
        reasons[NO_DATE] = reasons.get(NO_DATE, 0) + undated
    ways = [
        *([_PRICE_THEM] if reasons.keys() - {NO_DATE} else []),
        *([_DATE_THEM] if NO_DATE in reasons else []),
        *row_ways(counts),
    ]
    found = (_unpriced_words(reasons), uncounted_words(counts))
    return Lacking(" and ".join(filter(None, found)), "; ".join(ways))


def uncounted_words(counts: Mapping[str, int]) -> str:
    """The rows of an unknown cost: `3 rows have no known cost (2 without usage, 1 unreadable)`; nothing without any."""
    found = {words: number for drop, (words, _) in UNCOUNTED.items() if (number := counts.get(drop))}
    number = sum(found.values())
    each = ", ".join(f"{x:,} {words}" for words, x in found.items())
    return f"{number:,} row{' has' if number == 1 else 's have'} no known cost ({each})" if found else ""


def row_ways(counts: Mapping[str, int]) -> list[str]:
    """What to do about the rows of an unknown cost."""
    return [way for drop, (_, way) in UNCOUNTED.items() if counts.get(drop)]


def _unpriced_words(reasons: Mapping[str, int]) -> str:
    """What has no price, and why: `12 records have no price (unknown model x)`; nothing where all is priced."""
    by_number = sorted(reasons, key=lambda why: (-reasons[why], why))
    said, more = by_number[:_MOST], by_number[_MOST:]
    if more:
        said.append(f"{len(more)} more reason{'s' if more[1:] else ''}")
    number = sum(reasons.values())
    return f"{number:,} record{' has' if number == 1 else 's have'} no price ({', '.join(said)})" if said else ""


def _reasons(cells: Iterable[PricedCell]) -> dict[str, int]:
    """Why cells have no price, or not all of it, and how many records that are."""
    return {why: sum(x.cell.records for x in of) for why, of in grouped(cells, _lacks).items() if why is not None}


def _lacks(x: PricedCell) -> str | None:
    return x.reason or (f"fee {', '.join(x.fees_lost)}" if x.fees_lost else None)
