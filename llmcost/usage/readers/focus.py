"""Bills in the form of FOCUS, as clouds export them: the rows of "AI and Machine Learning", by what was billed.

A credit is a row below zero. Source: FOCUS_Spec 1.2 `specification/columns`.
"""

from __future__ import annotations

from ..record import Drop, Outcome, micros, text
from . import LogReader, LogRow
from .exports import charge, charged_tokens

_PROVIDERS = {
    "microsoft": "azure",
    "aws": "bedrock",
    "amazon web services": "bedrock",
    "google cloud": "vertex",
    "google": "google",
    "openai": "openai",
    "anthropic": "anthropic",
}


def read(row: LogRow) -> Outcome:
    """The record of a charge."""
    category = text(row.get("ServiceCategory"))
    if category != "AI and Machine Learning":
        return Drop.UNREADABLE if category is None else Drop.OTHER
    return charge(
        row,
        row.get("BilledCost"),
        row.get("BillingCurrency"),
        tokens=charged_tokens(text(row.get("SkuMeter")) or "", row.get("ConsumedQuantity"), row.get("ConsumedUnit")),
        source="focus",
        provider=_PROVIDERS.get((text(row.get("ProviderName")) or "").lower()),
        model=text(row.get("SkuId")) or "",
        at=micros(row.get("ChargePeriodStart")),
        project=text(row.get("SubAccountId")),
        tag=text(row.get("Tags")),
    )


READER = LogReader(read=read)
