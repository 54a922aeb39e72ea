"""AWS Bedrock's log of model invocations, a request a line, as it is in S3 or as `aws logs` prints it from CloudWatch.

The input leaves out what was cached and written; how long it was written for stands in the answer alone. Sources:
docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html, docs.panther.com bedrock-model-invocation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ...document import listing, mapping
from ..forms import read_object, tier_named
from ..record import Drop, Outcome, UsageRecord, micros, reading, text
from . import LogReader, LogRow

_READ = ("cacheReadInputTokenCount", "cacheReadInputTokens", "cache_read_input_tokens")
_WRITE = ("cacheWriteInputTokenCount", "cacheWriteInputTokens", "cache_creation_input_tokens")


def rows(row: LogRow) -> Iterator[Any]:
    """Yield a request, or those of CloudWatch's events, in which they are text; None for a text that is none."""
    if "events" not in row:
        yield row
        return
    for event in listing(row["events"]):
        try:
            yield json.loads(text(mapping(event).get("message")) or "")
        except (ValueError, RecursionError):
            yield None


@reading
def read(row: LogRow) -> Outcome:
    """The record of a request."""
    if row.get("schemaType") != "ModelInvocationLog":
        return Drop.OTHER
    if row.get("errorCode"):
        return Drop.ERROR
    asked, answer = mapping(row.get("input")), mapping(row.get("output"))
    body = answer.get("outputBodyJson")
    told = [asked, *_usages(body)]
    usage = {
        "inputTokens": asked.get("inputTokenCount"),
        "outputTokens": answer.get("outputTokenCount", 0 if answer else None),
        "cacheReadInputTokens": _first(told, _READ),
        "cacheWriteInputTokens": _first(told, _WRITE),
        "cacheDetails": _first(told, ("cacheDetails",)) or [{"ttl": "1h", "inputTokens": _written_1h(told)}],
    }
    if usage["inputTokens"] is None and not usage["outputTokens"]:
        return Drop.NO_USAGE
    found = read_object(usage, "bedrock")
    return UsageRecord(
        source="bedrock-invocation-log",
        tokens=found.tokens,
        model=_model(text(row.get("modelId")) or ""),
        record_id=text(row.get("requestId")),
        at=micros(row.get("timestamp")),
        provider="bedrock",
        tier=_tier(row, mapping(body)),
        unknown=found.unknown,
        user=_user(text(mapping(row.get("identity")).get("arn")) or ""),
        project=text(row.get("accountId")),
        tag=", ".join(f"{key}={value}" for key, value in sorted(mapping(row.get("requestMetadata")).items())) or None,
    )


def _usages(body: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the usage objects of an answer, or of the parts of a stream."""
    for part in map(mapping, listing(body) or [body]):
        yield mapping(part.get("usage"))
        for key in ("metadata", "message"):
            yield mapping(mapping(part.get(key)).get("usage"))


def _first(told: list[Mapping[str, Any]], keys: tuple[str, ...]) -> Any:
    return next((x[key] for x in told for key in keys if x.get(key) is not None), None)


def _written_1h(told: list[Mapping[str, Any]]) -> Any:
    """What Anthropic's own answer says was written for an hour."""
    return mapping(_first(told, ("cache_creation",))).get("ephemeral_1h_input_tokens")


def _model(name: str) -> str:
    """The id of a model, without the account that an ARN has; a profile of one's own keeps that it is one."""
    if not name.startswith("arn:"):
        return name
    whole = name.split(":", 5)[-1]
    return whole if whole.startswith("application") else whole.partition("/")[2]


def _tier(row: LogRow, body: Mapping[str, Any]) -> str | None:
    """The tier that the answer was served in, or that of the latency that was asked for."""
    served = tier_named(mapping(body.get("serviceTier")).get("type"))
    return served or tier_named(mapping(row.get("performanceConfig")).get("latency"))


def _user(arn: str) -> str | None:
    """The user or the role of a caller; a session of a role, and any address, is left out."""
    name = arn.partition("/")[2].partition("/")[0]
    return None if "@" in name else name or None


READER = LogReader(read=read, rows=rows)
