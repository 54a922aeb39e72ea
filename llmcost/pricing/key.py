"""What a number of a model's prices is: as data, as the text that files have, and in words."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from ..lazy import pattern
from .hours import Hours, read_span, span_text
from .units import Tokens, Unit

STANDARD = "standard"
"""The name of the tier that needs no asking."""

_KEY = pattern(
    r"region=(?P<region>.+)"
    r"|(?P<tier>.+)/(?:"
    r"(?P<limit>max_input)"
    r"|fee=(?P<fee>[a-z_]+)(?:/per=(?P<per>[a-z]+))?(?:/free=(?P<free>\d+/[a-z]+))?"
    rf"|(?P<unit>{'|'.join(Unit)})(?:/(?P<bound>above|from)=(?P<tokens>\d{{1,16}})"
    r"|/days=(?P<days>[1-7]*)/utc=(?P<spans>[0-9:,-]*))?)",
    re.ASCII | re.DOTALL,
)


class KeyKind(StrEnum):
    """What a number is of."""

    RATE = "rate"
    FEE = "fee"
    MAX_INPUT = "max_input"
    REGION = "region"


class Threshold(NamedTuple):
    """From how many input tokens on a long-context rate holds: above `tokens`, or from `tokens` where `inclusive`."""

    tokens: int
    inclusive: bool

    def crossed_by(self, input_tokens: Tokens) -> bool:
        """Tell whether a request with this total input is that long."""
        return input_tokens >= self.tokens if self.inclusive else input_tokens > self.tokens


class Key(NamedTuple):
    """Which number of a model's prices it is.

    A rate (USD per 1M tokens) is of a tier and a unit, which is its `name`, and may hold from a length (`step`) or at
    some `hours` only. A fee (USD for one) is of a tier and has terms. `MAX_INPUT` is the largest input, in tokens, of a
    tier; `REGION` is the multiplier of the region `name`.
    """

    name: str = ""
    tier: str = STANDARD
    kind: KeyKind = KeyKind.RATE
    step: Threshold | None = None
    hours: Hours | None = None
    per: str | None = None
    free: str | None = None

    @property
    def is_price(self) -> bool:
        """Whether the number is in USD: a rate or a fee."""
        return self.kind in (KeyKind.RATE, KeyKind.FEE)

    @property
    def part(self) -> tuple[str, Threshold | None, Hours | None]:
        """What the number is sold with: its tier, length and hours."""
        return self.tier, self.step, self.hours

    def text(self) -> str:
        """The form that files have, which no change of wording touches: `batch/input/above=200000`."""
        if self.kind is KeyKind.REGION:
            return f"region={self.name}"
        if self.kind is KeyKind.MAX_INPUT:
            return f"{self.tier}/max_input"
        if self.kind is KeyKind.FEE:
            per, free = f"/per={self.per}" if self.per else "", f"/free={self.free}" if self.free else ""
            return f"{self.tier}/fee={self.name}{per}{free}"
        text = f"{self.tier}/{self.name}"
        if self.step is not None:
            text += f"/{'from' if self.step.inclusive else 'above'}={self.step.tokens}"
        if self.hours is not None:
            days = "".join(str(day) for day in sorted(self.hours.days))
            text += f"/days={days}/utc={','.join(map(span_text, self.hours.spans))}"
        return text

    @classmethod
    def parse(cls, text: str) -> Key | None:
        """The key that `text()` writes so, or None for another text."""
        found = _KEY.fullmatch(text)
        if found is None:
            return None
        if found["region"]:
            return cls(found["region"], kind=KeyKind.REGION)
        if found["limit"]:
            return cls(tier=found["tier"], kind=KeyKind.MAX_INPUT)
        if found["fee"]:
            return cls(found["fee"], found["tier"], KeyKind.FEE, per=found["per"], free=found["free"])
        step = Threshold(int(found["tokens"]), found["bound"] == "from") if found["bound"] else None
        hours = None
        if found["days"] is not None:
            said = found["spans"].split(",") if found["spans"] else []
            spans = tuple(span for text in said if (span := read_span(text)))
            if len(spans) < len(said):
                return None
            hours = Hours(frozenset(map(int, found["days"])), spans)
        return cls(Unit(found["unit"]), found["tier"], step=step, hours=hours)

    def words(self) -> str:
        """What people read: `batch input above 200000`."""
        if self.kind is KeyKind.REGION:
            return f"region {self.name}"
        tier = "" if self.tier == STANDARD else f"{self.tier} "
        if self.kind is KeyKind.MAX_INPUT:
            return f"{tier}max input"
        if self.kind is KeyKind.FEE:
            per, free = f" per {self.per}" if self.per else "", f" ({self.free} free)" if self.free else ""
            return f"{tier}fee {self.name}{per}{free}"
        step = f" {'from' if self.step.inclusive else 'above'} {self.step.tokens}" if self.step else ""
        return f"{tier}{self.name}{step}{f' on {self.hours.words()}' if self.hours else ''}"
