"""Azure API Management's table `ApiManagementGatewayLlmLog`, exported as CSV or JSON: a request in one or more rows.

The first row has the counts, the others parts of long messages. What was cached is not told. Source:
learn.microsoft.com/azure/azure-monitor/reference/tables/apimanagementgatewayllmlog.
"""

from __future__ import annotations

from typing import Any

from ...lazy import pattern
from ..record import Drop, Outcome, UsageRecord, micros, reading, text
from . import LogReader, LogRow
from .exports import blank, count

_PORTAL = pattern(r"(\d+)/(\d+)/(\d{4}), (\d+):(\d\d):(\d\d(?:\.\d+)?) ([AP])M")


@reading
def read(row: LogRow) -> Outcome:
    """The record of a request."""
    given, answered = count(row.get("PromptTokens")), count(row.get("CompletionTokens"))
    further = count(row.get("SequenceNumber"))
    if not given and not answered:
        return Drop.DUPLICATE if further else Drop.NO_USAGE
    tokens = {"input_tokens": given, "output_tokens": answered}
    return UsageRecord(
        source="azure-apim-llm-log",
        tokens={name: number for name, number in tokens.items() if number},
        model=text(row.get("ModelName")) or text(row.get("DeploymentName")) or "",
        record_id=text(row.get("RequestId")) or text(row.get("CorrelationId")),
        at=_at(row.get("TimeGenerated") or row.get("TimeGenerated [UTC]")),
        provider="azure",
        tag=text(row.get("DeploymentName")),
        unknown=blank(row, "PromptTokens", "CompletionTokens"),
    )


def _at(value: Any) -> int | None:
    """A time, also as the portal writes it: `9/1/2026, 10:00:00.000 AM`."""
    found = _PORTAL.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return micros(value)
    month, day, year, hour, minute, second, half = found.groups()
    hours = int(hour) % 12 + 12 * (half == "P")
    return micros(f"{year}-{month:0>2}-{day:0>2}T{hours:02}:{minute}:{second}")


READER = LogReader(read=read)
