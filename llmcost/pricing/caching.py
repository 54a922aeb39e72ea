"""How a vendor caches the beginnings of prompts: from which length on, for how long, and whether writes are billed."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from ..lazy import dataclass

WholeOrExact = TypeVar("WholeOrExact", int, Decimal)

DURATION = r"([1-9][0-9]{0,5})([smhd])"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def read_duration(text: str) -> int | None:
    """The seconds that a text like `90s`, `5m`, `1h` or `2d` means; None for another text."""
    match = re.fullmatch(DURATION, text, re.ASCII)
    return int(match[1]) * _SECONDS[match[2]] if match else None


def duration_text(seconds: int) -> str:
    """Seconds in the largest unit that has them whole: `5m`."""
    unit = max((unit for unit, size in _SECONDS.items() if seconds % size == 0), key=_SECONDS.__getitem__)
    return f"{seconds // _SECONDS[unit]}{unit}"


class CachingKind(StrEnum):
    """Whether prompts are cached by themselves, or where a request marks what to cache."""

    IMPLICIT = "implicit"
    EXPLICIT = "explicit"


@dataclass(frozen=True, slots=True, kw_only=True)
class CachingRule:
    """One vendor's rule; None where no source says it.

    A prefix of fewer than `min_prefix` tokens is not cached, and beyond them whole steps of `step` tokens are. What was
    written lives for `lifetime` seconds, from the last hit on if hits `renew` it. With `writes_billed` written tokens
    are billed at the cache_write rate of a model that has one, unasked where the kind is implicit.
    """

    kind: CachingKind | None = None
    min_prefix: int | None = None
    step: int | None = None
    lifetime: int | None = None
    renewed: bool | None = None
    writes_billed: bool | None = None
    source: str | None = None
    checked: date | None = None

    def over(self, other: CachingRule) -> CachingRule:
        """This rule, with what it leaves open as another has it."""
        own = {name: value for name in _NAMES if (value := getattr(self, name)) is not None}
        return CachingRule(**{**{name: getattr(other, name) for name in _NAMES}, **own})

    def words(self) -> str:
        """What is known, in words: `implicit, from 1,024 tokens on, lives for 5m after a hit`; or nothing."""
        found = [
            str(self.kind or ""),
            f"from {self.min_prefix:,} tokens on" if self.min_prefix else "",
            f"in steps of {self.step:,}" if self.step and self.step > 1 else "",
            f"lives for {duration_text(self.lifetime)}{' after a hit' if self.renewed else ''}"
            if self.lifetime
            else "",
            "writes billed" if self.writes_billed else "",
        ]
        return ", ".join(filter(None, found))

    @property
    def known(self) -> bool:
        """Whether enough is known to tell what of a prompt is cached."""
        return self.kind is not None and self.min_prefix is not None

    @property
    def writes_itself(self) -> bool:
        """Whether prompts are written to the cache, and that is billed, though no request asks for it."""
        return self.kind is CachingKind.IMPLICIT and self.writes_billed is True

    @property
    def exact(self) -> bool:
        """Whether all of a prefix that is long enough is cached, not whole steps of it."""
        return self.step in (None, 1)

    def cacheable(self, tokens: WholeOrExact) -> WholeOrExact:
        """How many of the first tokens of a prompt can be cached that are the same in another; 0 where not known."""
        if self.min_prefix is None or tokens < self.min_prefix:
            return tokens * 0
        return tokens if self.exact else tokens - (tokens - self.min_prefix) % (self.step or 1)

    def cacheable_between(self, first: Decimal, last: Decimal) -> Decimal:
        """The same on average, for prompts that are evenly spread between two lengths."""
        if first == last:
            return self.cacheable(first)
        return (self._summed(last) - self._summed(first)) / (last - first)

    def _summed(self, tokens: Decimal) -> Decimal:
        """The area below `cacheable`, up to a length."""
        if self.min_prefix is None or tokens <= self.min_prefix:
            return Decimal(0)
        beyond = tokens - self.min_prefix
        if self.exact or self.step is None:
            return self.min_prefix * beyond + beyond * beyond / 2
        steps, part = divmod(beyond, self.step)
        return self.min_prefix * beyond + self.step * (self.step * steps * (steps - 1) / 2 + steps * part)


_NAMES = [field.name for field in fields(CachingRule)]

NOT_KNOWN = CachingRule()
"""The rule of a vendor of which no source says any."""


def given(rule: CachingRule) -> dict[str, Any]:
    """What a rule says, by its names; None where it says nothing."""
    return {name: getattr(rule, name) for name in _NAMES}
