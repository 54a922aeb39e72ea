"""OpenAI's `GET /organization/usage/completions` and `/organization/costs`: pages of buckets of time.

The input has what was cached and written; `batch` is a tier. A field that the request did not group by is null.
Source: openai-openapi `UsageCompletionsResult` and `CostsResult`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..forms import tier_named
from ..record import Drop, Grain, Outcome, UsageRecord, mapping, micros, text, usd
from . import LogReader, LogRow

_SOURCE = "openai-usage-api"
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


def rows(page: LogRow) -> Iterator[Any]:
    """Yield the results of a page, or of a bucket, each with the start of its bucket, or None for what is no bucket."""
    listed = page.get("data")
    for bucket in listed if isinstance(listed, list) else [page]:
        results = mapping(bucket).get("results")
        if not isinstance(results, list):
            yield None
            continue
        for result in results:
            yield {"start_time": bucket.get("start_time"), **result} if isinstance(result, dict) else result


def read(row: LogRow) -> Outcome:
    """The record of a result: what was used of a model in a bucket of time, or a charge."""
    at = micros(row.get("start_time"))
    whose: dict[str, Any] = {
        "project": text(row.get("project_id")),
        "user": text(row.get("user_id")),
        "key": text(row.get("api_key_id")),
    }
    if "amount" in row:
        amount = usd(mapping(row["amount"]).get("value"))
        if amount is None:
            return Drop.EMPTY
        model = (text(row.get("line_item")) or "").partition(",")[0]
        charge = UsageRecord(_SOURCE, {}, model, at=at, grain=Grain.CHARGE, requests=None, logged_usd=amount, **whose)
        return charge._replace(provider="openai", record_id=_key(row))
    if not isinstance(row.get("input_tokens"), int):
        return Drop.NO_USAGE
    tokens = {name: number for name, keys in _TOKENS.items() if (number := sum(_count(row, key) for key in keys))}
    return UsageRecord(
        source=_SOURCE,
        tokens=tokens,
        model=text(row.get("model")) or "",
        record_id=_key(row),
        at=at,
        grain=Grain.BUCKET,
        requests=requests if isinstance(requests := row.get("num_model_requests"), int) else None,
        provider="openai",
        tier="batch" if row.get("batch") else tier_named(row.get("service_tier")),
        **whose,
    )


def _count(row: LogRow, key: str) -> int:
    found = row.get(key)
    return found if isinstance(found, int) else 0


def _key(row: LogRow) -> str:
    """What tells a result from others: all of it, so that a page that was fetched twice counts once."""
    return repr(sorted((key, str(value)) for key, value in row.items()))


READER = LogReader(read=read, rows=rows)
