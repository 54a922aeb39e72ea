"""What OpenRouter says of a call afterwards: the activity export (CSV), and the object of `GET /generation`.

The input has what was cached, the output the reasoning. What a call cost is exact, and has the searches; with a key of
the user's own the provider bills it, and OpenRouter at most a fee. A call has one id in both and in its answer, so each
call counts once among all of them. Source: openrouter.ai/docs `getgeneration`.
"""

from __future__ import annotations

from ..forms import tier_named
from ..record import Drop, Outcome, UsageRecord, micros, reading, text, usd
from . import RESPONSES, LogReader, LogRow
from .exports import blank, count

_CSV = {
    "input_tokens": ("tokens_prompt",),
    "cache_read_tokens": ("tokens_cached",),
    "output_tokens": ("tokens_completion",),
    "reasoning_tokens": ("tokens_reasoning",),
}
_OBJECT = {
    "input_tokens": ("native_tokens_prompt", "tokens_prompt"),
    "cache_read_tokens": ("native_tokens_cached",),
    "output_tokens": ("native_tokens_completion", "tokens_completion"),
    "reasoning_tokens": ("native_tokens_reasoning",),
    "image_output_tokens": ("native_tokens_completion_images",),
}


@reading
def read(row: LogRow) -> Outcome:
    """The record of a call."""
    export = "generation_id" in row
    given = {
        name: next((x for key in keys if (x := row.get(key)) not in (None, "")), None)
        for name, keys in (_CSV if export else _OBJECT).items()
    }
    tokens = {name: number for name, x in given.items() if (number := count(x))}
    cost = usd(row.get("cost_total" if export else "total_cost")) or None
    if export or row.get("is_byok"):
        cost = usd(row.get("byok_usage_inference" if export else "upstream_inference_cost")) or cost
    if not tokens and cost is None:
        return Drop.NO_USAGE
    model = text(row.get("model_permaslug" if export else "model")) or ""
    return UsageRecord(
        source=RESPONSES,
        tokens=tokens,
        model=f"{model}:free" if row.get("variant") == "free" else model,
        record_id=text(row.get("generation_id" if export else "id")),
        at=micros(row.get("created_at")),
        tier=tier_named(row.get("service_tier")),
        logged_usd=cost,
        session=text(row.get("session_id")),
        user=text(row.get("user" if export else "external_user")),
        project=text(row.get("app_name")),
        key=text(row.get("api_key_name")),
        unknown=blank(given, "input_tokens", "output_tokens"),
    )


READER = LogReader(read=read)
