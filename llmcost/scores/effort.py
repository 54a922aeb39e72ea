"""Whether a score was measured with reasoning, whose hidden tokens are billed as output."""

from __future__ import annotations

from ..pricing.model import Model
from .model import Score

WITHOUT_EFFORT = frozenset({"none", "no-thinking", "non-thinking", "non-reasoning", "instant"})
"""Values of the setting `effort` that say that a model did not reason before it answered."""


def reasoned(score: Score, model: Model | None = None) -> bool:
    """Tell whether a score is known to be measured with reasoning: it says the effort, or the model always does."""
    effort = score.settings.get("effort")
    if effort is None:
        return model is not None and model.always_reasons
    return effort not in WITHOUT_EFFORT
