"""What vendors' exports share: counts and amounts as text, charges, buckets of time, the key of a row without an id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import localcontext
from typing import Any

from ...document import mapping
from ...lazy import pattern
from ...pricing.exact import EXACT
from ..record import Doubt, Drop, Grain, Outcome, UsageRecord, text, tokens_of, usd
from . import LogRow

_UNIT = pattern(r"(\d*)\s*([km]?)[\s_]*tokens?", re.IGNORECASE)
_SCALES = {"": 1, "k": 1_000, "m": 1_000_000}
_KINDS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile("cach.*(writ|creat)|(writ|creat).*cach"), ("input_tokens", "cache_write_tokens")),
    (re.compile("cach"), ("input_tokens", "cache_read_tokens")),
    (re.compile("output|completion"), ("output_tokens",)),
    (re.compile("input|prompt"), ("input_tokens",)),
)
"""What a line of a bill is for, by the words in its name, and the counts that it adds to."""


def bucket_rows(page: LogRow, start: str) -> Iterator[Any]:
    """Yield the results of a page of an API, or of one bucket, each with the `start` of its bucket.

    A bucket that is none gives None.
    """
    buckets = page.get("data")
    for bucket in map(mapping, buckets if isinstance(buckets, list) else [page]):
        results = bucket.get("results")
        for result in results if isinstance(results, list) else [None]:
            yield {start: bucket.get(start), **result} if isinstance(result, dict) else result


def row_key(row: LogRow) -> str:
    """The key of a row that has no id: all of it but addresses, so that what was exported twice counts once."""
    return repr(sorted((key, str(value)) for key, value in row.items() if "email" not in key))


def count(value: Any) -> int:
    """A count, or the text of one; 0 for none. Raises InvalidUsageError for what is no whole number from 0 to 10^15."""
    if value is None or value == "":
        return 0
    return tokens_of(value, "a count")


def blank(row: LogRow, *keys: str) -> tuple[Doubt, ...]:
    """The doubt of a row that has one of these counts empty, or does not have it."""
    return (Doubt.BLANK,) if any(row.get(key) in (None, "") for key in keys) else ()


def charge(
    row: LogRow,
    amount: Any,
    currency: Any,
    *,
    tokens: Mapping[str, int],
    model: str,
    in_cents: bool = False,
    **record: Any,
) -> Outcome:
    """The record of an amount of a bill, with the `tokens` that it says it is for; none that is not known to be in USD.

    A row that is of nothing and has no amount is empty; any other amount that is no number may be money.
    """
    charged = usd(amount)
    if charged is None:
        return Drop.EMPTY if amount in (None, "") and not model else Drop.UNREADABLE
    if (text(currency) or "").lower() != "usd":
        return Drop.CURRENCY
    return UsageRecord(
        grain=Grain.CHARGE,
        requests=None,
        record_id=row_key(row),
        logged_usd=charged.scaleb(-2, EXACT) if in_cents else charged,
        tokens=tokens,
        model=model,
        unknown=(Doubt.CREDIT,) if charged < 0 else (),
        **record,
    )


def charged_tokens(name: str, quantity: Any, unit: Any) -> dict[str, int]:
    """The tokens of a line of a bill, whose `name` says of which kind; none where the unit is another."""
    number, of = usd(quantity), _UNIT.fullmatch((text(unit) or "").strip())
    if number is None or number <= 0 or of is None:
        return {}
    with localcontext(EXACT):
        number *= int(of[1] or 1) * _SCALES[of[2].lower()]
    fields = next((fields for words, fields in _KINDS if words.search(name.lower())), ())
    return dict.fromkeys(fields, int(number)) if number == number.to_integral_value() else {}


def shortest(window: Any) -> int | None:
    """The least total input of a window of context: `> 200k` and `200k-1M`; None for one that begins at 0."""
    found = re.match(r"(?:>\s*)?(\d+)k", text(window) or "", re.IGNORECASE)
    return int(found[1]) * 1000 + 1 if found else None


def anthropic_tokens(*, uncached: Any, read: Any, write_5m: Any, write_1h: Any, output: Any) -> dict[str, int]:
    """The tokens of Anthropic's reports, whose input leaves out the cache. Raises InvalidUsageError; see `count`."""
    longer = count(write_1h)
    written, found = count(write_5m) + longer, count(read)
    tokens = {
        "input_tokens": count(uncached) + found + written,
        "cache_read_tokens": found,
        "cache_write_tokens": written,
        "cache_write_1h_tokens": longer,
        "output_tokens": count(output),
    }
    return {name: number for name, number in tokens.items() if number}
