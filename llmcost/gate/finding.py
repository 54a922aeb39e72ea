"""What a rule found: a level, a sentence, where it stands in the file, and what would make it pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from decimal import Decimal
from enum import StrEnum

from ..document import Path
from ..lazy import dataclass


class Level(StrEnum):
    """How a rule came out; the worst of them is the verdict of a check."""

    PASS = "PASS"  # noqa: S105 - a verdict
    OFF = "OFF"
    WARN = "WARN"
    FAIL = "FAIL"
    UNJUDGED = "UNJUDGED"

    @classmethod
    def of(cls, expected: Decimal, high: Decimal, limit: Decimal) -> Level:
        """How a cost stands to its limit: above it, what is expected fails and the high end warns; at it, both pass."""
        if expected > limit:
            return cls.FAIL
        return cls.WARN if high > limit else cls.PASS

    @property
    def passes(self) -> bool:
        """Whether a gate passes with this as its verdict."""
        return self not in (Level.FAIL, Level.UNJUDGED)


_WORST_FIRST = (Level.UNJUDGED, Level.FAIL, Level.WARN)


def worst(levels: Iterable[Level]) -> Level:
    """The worst of some levels: what cannot be judged before what fails; PASS where there is nothing worse."""
    found = set(levels)
    return next((level for level in _WORST_FIRST if level in found), Level.PASS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judgment:
    """One rule on one workload (None: on all together), and on one `model` of it where the rule is on models.

    `action` would make it pass, None where it does.
    """

    rule: str
    level: Level
    workload: str | None
    message: str
    action: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(_Judgment):
    """A judgment; `path` is the place in the file that it is about, `rule_path` that of the rule."""

    path: Path
    rule_path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedFinding(_Judgment):
    """A judgment with its file, and the lines that it is about and that the rule stands on."""

    file: str
    line: int
    rule_line: int

    @classmethod
    def of(cls, found: Finding, file: str, line: Callable[[Path], int]) -> PlacedFinding:
        """A finding in this file; `line` finds the line of a place."""
        same = {x.name: getattr(found, x.name) for x in fields(_Judgment)}
        return cls(**same, file=file, line=line(found.path), rule_line=line(found.rule_path))

    @property
    def said(self) -> str:
        """What was found, and what would make it pass."""
        who = "" if self.workload is None else f"{self.workload}: "
        elsewhere = "" if self.rule_line == self.line else f" (line {self.rule_line})"
        action = f"; to pass: {self.action}" if self.action else ""
        return f"{who}{self.message}{elsewhere}{action}"

    def __str__(self) -> str:
        return f"{self.level} {self.file}:{self.line} {self.said}"


def verdict(findings: Sequence[Finding]) -> Level:
    """The worst level that was found.

    No finding at all is no pass. Where all rules are off it is WARN: nothing was judged.
    """
    levels = {finding.level for finding in findings}
    if not levels:
        return Level.UNJUDGED
    if levels == {Level.OFF}:
        return Level.WARN
    return worst(levels)
