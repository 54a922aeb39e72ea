"""The CSV that Anthropic's Console exports: usage by day, model, key and window of context, or its cost.

The input leaves out what was cached and written; requests are not counted. A cost has the name of a model as people say
it, is rounded to cents, and has no tokens.
"""

from __future__ import annotations

from typing import Any

from ..forms import region_named, tier_named
from ..record import NOTHING, Grain, Outcome, UsageRecord, micros, reading, text
from . import LogReader, LogRow
from .exports import anthropic_tokens, blank, charge, count, row_key, shortest

_INPUT = "usage_input_tokens"


@reading
def read(row: LogRow) -> Outcome:
    """The record of a row of either export."""
    common: dict[str, Any] = {
        "provider": "anthropic",
        "at": micros(row.get("usage_date_utc")),
        "tier": _tier(row),
        "region": region_named(row.get("inference_geo")),
        "project": text(row.get("workspace")),
        "key": text(row.get("api_key")),
    }
    if "cost_usd" in row:
        name, tag = text(row.get("model")) or "", text(row.get("token_type"))
        source = "anthropic-console-cost-csv"
        return charge(row, row["cost_usd"], "usd", tokens=NOTHING, source=source, model=name, tag=tag, **common)
    tokens = anthropic_tokens(
        uncached=row.get(f"{_INPUT}_no_cache"),
        read=row.get(f"{_INPUT}_cache_read"),
        write_5m=row.get(f"{_INPUT}_cache_write_5m") or row.get(f"{_INPUT}_cache_write"),
        write_1h=row.get(f"{_INPUT}_cache_write_1h"),
        output=row.get("usage_output_tokens"),
    )
    searches = count(row.get("web_search_count"))
    return UsageRecord(
        source="anthropic-console-usage-csv",
        tokens=tokens,
        model=text(row.get("model_version")) or "",
        record_id=row_key(row),
        grain=Grain.BUCKET,
        requests=None,
        length=shortest(row.get("context_window")),
        fees={"web_search": searches} if searches else NOTHING,
        unknown=blank(row, f"{_INPUT}_no_cache", "usage_output_tokens", *(x for x in row if x.startswith(_INPUT))),
        **common,
    )


def _tier(row: LogRow) -> str | None:
    """The tier; a type of usage such as `message` is none."""
    if row.get("speed") == "fast":
        return "fast"
    kind = text(row.get("usage_type")) or ""
    return "batch" if "batch" in kind else None if kind == "message" else tier_named(kind)


READER = LogReader(read=read)
