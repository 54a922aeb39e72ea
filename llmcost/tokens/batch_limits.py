"""What vendors take in one batch at most."""

from __future__ import annotations

from collections.abc import Iterable

from ..lazy import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLimit:
    """The most that a vendor takes in one batch: requests, MB of its file, texts to embed (None: no limit)."""

    vendor: str
    requests: int
    size_mb: int
    inputs: int | None = None


BATCH_LIMITS = {
    "openai": BatchLimit(vendor="OpenAI", requests=50_000, size_mb=200, inputs=50_000),
    "azure": BatchLimit(vendor="Azure", requests=50_000, size_mb=200, inputs=50_000),
    "anthropic": BatchLimit(vendor="Anthropic", requests=100_000, size_mb=256),
}
"""By provider.

Sources: https://developers.openai.com/api/docs/guides/batch, "Rate limits", and the reference of `POST /v1/batches`;
https://learn.microsoft.com/en-us/azure/foundry/reference/rest/batches-create-batch;
https://platform.claude.com/docs/en/build-with-claude/batch-processing, "Batch limitations".
"""


@dataclass(slots=True)
class BatchSize:
    """The requests for a model of a provider, and the texts to embed in them."""

    provider: str
    requests: int = 0
    inputs: int = 0


def exceeded(sizes: Iterable[BatchSize], size: int) -> tuple[str, ...]:
    """Which limits of the vendors a batch is above, in words; `size` is that of its file in bytes."""
    found = []
    known = list(sizes)
    for provider, limit in BATCH_LIMITS.items():
        requests = sum(x.requests for x in known if x.provider == provider)
        inputs = sum(x.inputs for x in known if x.provider == provider)
        if not requests:
            continue
        takes = f"more than {limit.vendor} accepts in a batch"
        if requests > limit.requests:
            found.append(f"{requests:,} requests are {takes} ({limit.requests:,})")
        if size > limit.size_mb * MB:
            found.append(f"{size / MB:,.1f} MB are {takes} ({limit.size_mb:,} MB)")
        if limit.inputs is not None and inputs > limit.inputs:
            found.append(f"{inputs:,} texts to embed are {takes} ({limit.inputs:,})")
    return tuple(found)
