"""The findings of a check, read back from its rows: what every format of CI systems is made of."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..errors import UsageError
from ..gate.finding import Level
from ..gate.snapshot import CHECK_SCHEMA
from .report import Report, Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedFinding:
    """The result of one rule on one workload (None: on all), its place, and the action to pass (None: it passes)."""

    rule: str
    level: Level
    workload: str | None
    message: str
    action: str | None
    file: str
    line: int
    rule_line: int

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> PlacedFinding:
        """The finding of a row; raises KeyError, TypeError or ValueError for any other row."""
        texts = {key: row[key] for key in ("rule", "message", "file")}
        asides = {key: row[key] for key in ("workload", "action")}
        lines = {key: row[key] for key in ("line", "rule_line")}
        if not all(isinstance(text, str) for text in texts.values()):
            raise TypeError
        if not all(text is None or isinstance(text, str) for text in asides.values()):
            raise TypeError
        if not all(type(line) is int and line > 0 for line in lines.values()):
            raise TypeError
        return cls(level=Level(row["level"]), **texts, **asides, **lines)

    @property
    def said(self) -> str:
        """The finding in one sentence, with the action to pass."""
        who = "" if self.workload is None else f"{self.workload}: "
        elsewhere = "" if self.rule_line == self.line else f" (line {self.rule_line})"
        action = f"; to pass: {self.action}" if self.action else ""
        return f"{who}{self.message}{elsewhere}{action}"

    def __str__(self) -> str:
        return f"{self.level} {self.file}:{self.line} {self.said}"


def found_in(report: Report) -> list[PlacedFinding]:
    """The findings of a check's report; raises UsageError for any other report."""
    if not has_findings(report):
        raise UsageError("only a check has findings to show in this format", "llmcost check")
    return [PlacedFinding.of(row) for row in report.data["findings"]]


def has_findings(report: Report) -> bool:
    """Tell whether a report is of a check."""
    return report.schema == CHECK_SCHEMA


def numbered(found: Sequence[PlacedFinding]) -> list[tuple[PlacedFinding, int]]:
    """Return each finding with its number, from 1, among those of its rule on its workload."""
    seen: Counter[tuple[str | None, str]] = Counter()
    pairs = []
    for x in found:
        seen[x.workload, x.rule] += 1
        pairs.append((x, seen[x.workload, x.rule]))
    return pairs


def sentences(findings: Iterable[PlacedFinding]) -> list[str]:
    """The findings as lines, worst first; passes are counted by rule in the last line."""
    found = list(findings)
    told = (Level.UNJUDGED, Level.FAIL, Level.WARN, Level.OFF)
    lines = [str(x) for level in told for x in found if x.level is level]
    rules = [x.rule for x in found if x.level is Level.PASS]
    named = [f"{rule} ({rules.count(rule)})" if rules.count(rule) > 1 else rule for rule in dict.fromkeys(rules)]
    return [*lines, f"{Level.PASS} {', '.join(named)}"] if named else lines


def located(report: Report, root: Callable[[str], str]) -> Report:
    """Return a report whose findings name their files as `root` does: from the top of the repository."""

    def moved(row: Mapping[str, Any]) -> dict[str, Any]:
        return {**row, "file": posixpath.normpath(root(str(row["file"])))}

    if not has_findings(report):
        return report
    return replace(report, data={**report.data, "findings": Rows(map(moved, report.data["findings"]))})
