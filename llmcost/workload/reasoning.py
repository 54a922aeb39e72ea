"""How much models were measured to reason, for a note to offer; never taken for what a workload does not say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from ..lazy import dataclass
from ..pricing.exact import digits, rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredReasoning:
    """The output tokens of real requests: hidden ones, visible ones, and at which effort (None: not told)."""

    hidden: int
    visible: int
    requests: int
    effort: str | None
    day: date
    source: str

    @property
    def times(self) -> Decimal:
        """How many times the visible output was hidden, to one decimal."""
        return rounded(Decimal(self.hidden) / self.visible, 1)


MEASURED: Mapping[str, MeasuredReasoning] = {
    "openai/gpt-5": MeasuredReasoning(
        hidden=18_373_824,
        visible=19_786_241 - 18_373_824,
        requests=9_872,
        effort=None,
        day=date(2025, 9, 12),
        source="https://github.com/BerriAI/litellm/issues/14884",
    ),
}
"""By canonical id: one job of somebody's each, which says little of another job."""


def measured_words(model: str) -> str:
    """What was measured of a model, as the end of a sentence; empty where nothing was."""
    found = MEASURED.get(model)
    if found is None:
        return ""
    times, effort = digits(found.times), f"effort {found.effort}" if found.effort else "effort not stated"
    job = f"{found.requests:,} requests on {found.day}, {effort}"
    return f"; one job on {model} had {times}x its visible output, --reasoning {times}x ({job}, {found.source})"
