"""The prices of one tier while a source's table is read, in the texts of our form."""

from __future__ import annotations

from dataclasses import field

from ...document import Tree
from ...lazy import dataclass
from ..units import Unit, in_turn


@dataclass(slots=True)
class SourceCard:
    """Rates by unit, long-context rates by the tokens above which they hold, peak hours, fees by name, and a limit."""

    rates: dict[str, str] = field(default_factory=dict)
    long: dict[int, dict[str, str]] = field(default_factory=dict)
    schedule: list[dict[str, Tree]] = field(default_factory=list)
    fees: dict[str, Tree] = field(default_factory=dict)
    max_input: int | None = None

    def rate(self, unit: str) -> str | None:
        """The rate of a unit, or of the one that stands in for it."""
        return next((self.rates[x] for x in in_turn(Unit(unit)) if x in self.rates), None)

    def tree(self, bound: str | None = None) -> dict[str, Tree]:
        """The card as a table has it.

        `bound` says how a length starts: `above` it or `from_tokens`; None for a source whose lengths are above, and
        that writes 199,999 for from 200,000.
        """
        tree: dict[str, Tree] = dict(self.rates)
        if self.max_input:
            tree["max_input"] = str(self.max_input)
        if steps := [
            {**_start(length, bound), **self.long[length]} for length in sorted(self.long) if self.long[length]
        ]:
            tree["long_context"] = steps
        if self.schedule:
            tree["schedule"] = self.schedule
        if self.fees:
            tree["fees"] = self.fees
        return tree


def _start(length: int, bound: str | None) -> dict[str, str]:
    if bound is None and (length == 0 or length % 1000 == 999):
        return {"from_tokens": str(length + 1)}
    return {bound or "above": str(length)}
