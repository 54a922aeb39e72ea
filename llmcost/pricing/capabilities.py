"""What a model can take, give and do beside text in and text out: facts with sources, not scores."""

from __future__ import annotations

from enum import StrEnum

from ..lazy import dataclass

CAN = ("vision", "pdf", "audio", "video", "image_out", "audio_out", "tools", "json_schema")
"""The words of `can` and `cannot`; `json_schema` is output that keeps to a schema."""

NEEDS = (*CAN, "reasoning")
"""What may be needed of a model."""


class Reasoning(StrEnum):
    """Whether a model reasons before it answers.

    `always`: it cannot be turned off. `on_request`: it is off unless a request asks for it. `possible`: it can, and the
    sources do not say when it does. `never`: it cannot.
    """

    ALWAYS = "always"
    ON_REQUEST = "on_request"
    POSSIBLE = "possible"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What is known of a model; a word that is neither in `can` nor in `cannot` is not known.

    `efforts` are the reasoning efforts that a request may ask for, as the vendor calls them.
    """

    can: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    reasoning: Reasoning | None = None
    efforts: tuple[str, ...] = ()

    def meets(self, need: str) -> bool | None:
        """Tell whether the model can do a word of `NEEDS`; None where that is not known."""
        if need == "reasoning":
            return None if self.reasoning is None else self.reasoning is not Reasoning.NEVER
        return True if need in self.can else False if need in self.cannot else None

    def denies(self, needs: tuple[str, ...]) -> bool:
        """Tell whether the model is known not to do one of the needs."""
        return any(self.meets(need) is False for need in needs)

    def lacks(self, needs: tuple[str, ...]) -> str:
        """Why the needs are not met: `no vision`, else `vision not known`; nothing where they are."""
        found = {need: self.meets(need) for need in needs}
        known = [need for need, met in found.items() if met is False]
        if known:
            return f"no {', '.join(known)}"
        unknown = [need for need, met in found.items() if met is None]
        return f"{', '.join(unknown)} unknown" if unknown else ""


NOTHING_KNOWN = Capabilities()
"""The capabilities of a model of which no source says any."""
