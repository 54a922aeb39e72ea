"""OpenAI's `GET /organization/usage/completions` and `/organization/costs`: pages of buckets of time.

The input has what was cached and written; `batch` is a tier. A field that the request did not group by is null.
Source: openai-openapi `UsageCompletionsResult` and `CostsResult`.
"""

from __future__ import annotations

from typing import Any

from ...document import mapping
from ..forms import tier_named
from ..record import Drop, Grain, Outcome, UsageRecord, micros, reading, text
from . import LogReader, LogRow
from .exports import blank, bucket_rows, charge, charged_tokens, count, row_key

_TOKENS = {
    "input_tokens": ("input_tokens",),
    "output_tokens": ("output_tokens",),
    "cache_read_tokens": ("input_cached_tokens",),
    "cache_write_tokens": ("input_cache_write_tokens",),
    "audio_input_tokens": ("input_audio_tokens", "input_cached_audio_tokens"),
    "audio_cache_read_tokens": ("input_cached_audio_tokens",),
    "image_input_tokens": ("input_image_tokens", "input_cached_image_tokens"),
    "image_cache_read_tokens": ("input_cached_image_tokens",),
    "audio_output_tokens": ("output_audio_tokens",),
    "image_output_tokens": ("output_image_tokens",),
}
"""The counts of input by kind leave out what was cached of it."""


@reading
def read(row: LogRow) -> Outcome:
    """The record of a result: what was used of a model in a bucket of time, or a charge."""
    common: dict[str, Any] = {
        "source": "openai-usage-api",
        "provider": "openai",
        "at": micros(row.get("start_time")),
        "project": text(row.get("project_id")),
        "user": text(row.get("user_id")),
        "key": text(row.get("api_key_id")),
    }
    if "amount" in row:
        amount = mapping(row["amount"])
        model, _, kind = (text(row.get("line_item")) or "").partition(",")
        used = charged_tokens(kind, row.get("quantity"), row.get("quantity_unit"))
        return charge(row, amount.get("value"), amount.get("currency"), tokens=used, model=model, **common)
    if row.get("input_tokens") is None:
        return Drop.NO_USAGE
    tokens = {name: number for name, keys in _TOKENS.items() if (number := sum(count(row.get(x)) for x in keys))}
    requests = None if row.get("num_model_requests") is None else count(row["num_model_requests"])
    return UsageRecord(
        tokens=tokens,
        model=text(row.get("model")) or "",
        record_id=row_key(row),
        grain=Grain.BUCKET,
        requests=requests,
        tier="batch" if row.get("batch") else tier_named(row.get("service_tier")),
        unknown=blank({"output_tokens": 0, **row}, "output_tokens"),
        **common,
    )


READER = LogReader(read=read, rows=lambda page: bucket_rows(page, "start_time"))
