"""Langfuse's observations: the export `observations_v2` (JSON lines, CSV) and the API's, with keys in camel case.

Each key of `usage_details` is a bucket that shares no token with another, so that the input is the sum of all of input;
`total` is the sum of all. A writer who leaves what was cached in the input, or the reasoning in the output, is known by
a total that is short of that sum. Only generations and embeddings are calls. Sources: langfuse-docs
`blob-storage-export-fields.mdx`, langfuse `OtelIngestionProcessor.ts`, langfuse issues 10592, 5568 and 13807.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..record import Drop, Outcome, UsageRecord, json_mapping, micros, reading, text, usd
from . import LogReader, LogRow
from .exports import blank, count

_CALLS = ("GENERATION", "EMBEDDING")
_OTHERS = ("SPAN", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR", "GUARDRAIL")
"""The types of observations; the others have no usage, or repeat that of calls."""
_SIDES = {
    "output_tokens": ("output", "completion", "candidates", "reasoning", "thought"),
    "input_tokens": ("input", "prompt", "cache"),
}
"""What the name of a bucket has in it where it is of the output, or of the input."""
_PARTS = (
    ("cache_write_1h_tokens", ("ephemeral_1h",)),
    ("cache_write_tokens", ("creation", "write", "ephemeral")),
    ("cache_read_tokens", ("cache",)),
    ("audio_input_tokens", ("input_audio", "prompt_audio")),
    ("image_input_tokens", ("input_image", "prompt_image")),
    ("reasoning_tokens", ("reasoning", "thought")),
    ("audio_output_tokens", ("output_audio", "completion_audio")),
    ("image_output_tokens", ("output_image", "completion_image")),
)


@reading
def read(row: LogRow) -> Outcome:
    """The record of an observation."""
    details = json_mapping(_get(row, "usage_details", "usageDetails"))
    if row.get("type") not in _CALLS:
        return Drop.UNRECOGNIZED if details and row.get("type") not in _OTHERS else Drop.NOT_A_GENERATION
    counts = {key: number for key, value in details.items() if (number := count(value))}
    if not counts:
        return Drop.ERROR if row.get("level") == "ERROR" else Drop.NO_USAGE
    tokens, unknown = _tokens(counts)
    if not tokens:
        return Drop.NO_USAGE  # a total alone has no price
    return UsageRecord(
        source="langfuse-observations",
        tokens=tokens,
        model=text(_get(row, "provided_model_name", "model")) or "",
        record_id=text(row.get("id")),
        at=micros(_get(row, "start_time", "startTime")),
        logged_usd=usd(_get(row, "total_cost", "calculatedTotalCost")) or None,
        session=text(_get(row, "session_id", "sessionId")),
        user=text(_get(row, "user_id", "userId")),
        project=text(_get(row, "project_id", "projectId")),
        tag=text(row.get("environment")),
        unknown=(*unknown, *blank(details, *(x for x in details if details[x] == "" or x in ("input", "output")))),
    )


def _get(row: LogRow, *names: str) -> Any:
    return next((x for name in names if (x := row.get(name)) is not None), None)


def _tokens(counts: Mapping[str, int]) -> tuple[dict[str, int], tuple[str, ...]]:
    """The tokens by field, and the buckets that are of neither side."""
    tokens: dict[str, int] = {}
    unknown = []
    for key, number in counts.items():
        name = key.lower()
        side = next((x for x, marks in _SIDES.items() if any(mark in name for mark in marks)), None)
        if side is None:
            unknown += [] if key == "total" else [key]
            continue
        part = next((x for x, marks in _PARTS if any(mark in name for mark in marks)), None)
        names = [side, "cache_write_tokens"] if part == "cache_write_1h_tokens" else [side]
        for field in names if part is None else [*names, part]:
            tokens[field] = tokens.get(field, 0) + number
    total = counts.get("total")
    sides = [(tokens.get(x, 0), counts.get(x.partition("_")[0], 0)) for x in ("input_tokens", "output_tokens")]
    pairs = [(given, answered) for given in sides[0] for answered in sides[1]]
    given, answered = next((x for x in pairs if sum(x) == total), pairs[0])
    tokens |= {"input_tokens": given, "output_tokens": answered}
    return {name: number for name, number in tokens.items() if number}, tuple(unknown)


READER = LogReader(read=read)
