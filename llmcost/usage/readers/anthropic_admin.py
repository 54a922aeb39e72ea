"""Anthropic's Admin API: `GET /v1/organizations/usage_report/messages` and `/cost_report`, pages of buckets of time.

The input leaves out what was cached and written; requests are not counted. A cost is in cents, as text: "123.45" is
$1.2345. Source: platform.claude.com/docs/en/api/admin.
"""

from __future__ import annotations

from typing import Any

from ...document import mapping
from ..forms import region_named, tier_named
from ..record import NOTHING, Drop, Grain, Outcome, UsageRecord, micros, reading, text
from . import LogReader, LogRow
from .exports import anthropic_tokens, bucket_rows, charge, count, row_key, shortest


@reading
def read(row: LogRow) -> Outcome:
    """The record of a result: what was used of a model in a bucket of time, or a charge."""
    common: dict[str, Any] = {
        "source": "anthropic-admin-api",
        "provider": "anthropic",
        "at": micros(row.get("starting_at")),
        "project": text(row.get("workspace_id")),
        "user": text(row.get("account_id")) or text(row.get("service_account_id")),
        "key": text(row.get("api_key_id")),
    }
    if "amount" in row:
        name = text(row.get("model")) or text(row.get("description")) or ""
        return charge(row, row["amount"], row.get("currency"), tokens=NOTHING, model=name, in_cents=True, **common)
    if row.get("uncached_input_tokens") is None or row.get("output_tokens") is None:
        return Drop.NO_USAGE
    written = mapping(row.get("cache_creation"))
    tokens = anthropic_tokens(
        uncached=row["uncached_input_tokens"],
        read=row.get("cache_read_input_tokens"),
        write_5m=written.get("ephemeral_5m_input_tokens"),
        write_1h=written.get("ephemeral_1h_input_tokens"),
        output=row["output_tokens"],
    )
    searches = count(mapping(row.get("server_tool_use")).get("web_search_requests"))
    return UsageRecord(
        tokens=tokens,
        model=text(row.get("model")) or "",
        record_id=row_key(row),
        grain=Grain.BUCKET,
        requests=None,
        tier="fast" if row.get("speed") == "fast" else tier_named(row.get("service_tier")),
        region=region_named(row.get("inference_geo")),
        length=shortest(row.get("context_window")),
        fees={"web_search": searches} if searches else NOTHING,
        **common,
    )


READER = LogReader(read=read, rows=lambda page: bucket_rows(page, "starting_at"))
