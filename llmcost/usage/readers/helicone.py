"""Helicone's requests, as `/v1/request/query` and its export have them.

What was read from a cache, written to one, or is audio stands beside `prompt_tokens`, which leave it out, for OpenAI's
models as for Anthropic's. An answer from Helicone's own cache is not billed. Source: helicone
`lib/shared/bodyProcessors/openaiBodyProcessor.ts` and `anthropicBodyProcessor.ts`.
"""

from __future__ import annotations

from ...document import mapping
from ..record import Drop, Outcome, UsageRecord, micros, provider_named, reading, text, usd, whole
from . import LogReader, LogRow
from .exports import blank, count

_TOKENS = {
    "input_tokens": ("prompt_tokens", "prompt_cache_read_tokens", "prompt_cache_write_tokens", "prompt_audio_tokens"),
    "cache_read_tokens": ("prompt_cache_read_tokens",),
    "cache_write_tokens": ("prompt_cache_write_tokens",),
    "audio_input_tokens": ("prompt_audio_tokens",),
    "output_tokens": ("completion_tokens", "completion_audio_tokens"),
    "audio_output_tokens": ("completion_audio_tokens",),
}
_NOT_CACHED = (None, "", "00000000-0000-0000-0000-000000000000")


@reading
def read(row: LogRow) -> Outcome:
    """The record of a request."""
    status = whole(row.get("response_status"))
    if status is not None and not 200 <= status < 300:
        return Drop.ERROR
    if row.get("cache_reference_id") not in _NOT_CACHED:
        return Drop.CACHE_HIT
    sums = {name: sum(count(row.get(key)) for key in keys) for name, keys in _TOKENS.items()}
    tokens = {name: number for name, number in sums.items() if number}
    if not tokens:
        return Drop.NO_USAGE
    provider = provider_named(row.get("provider"))
    return UsageRecord(
        source="helicone-requests",
        tokens=tokens,
        model=next((x for key in ("model", "response_model", "request_model") if (x := text(row.get(key)))), ""),
        record_id=text(row.get("request_id")),
        at=micros(row.get("request_created_at")),
        provider=None if provider == "custom" else provider,
        logged_usd=usd(row.get("costUSD")) or usd(row.get("cost")) or None,
        session=text(mapping(row.get("request_properties")).get("Helicone-Session-Id")),
        user=text(row.get("request_user_id")),
        unknown=blank(row, "prompt_tokens", "completion_tokens"),
    )


READER = LogReader(read=read)
