"""The findings of a check: what every format of CI systems is made of."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..errors import UsageError
from ..gate.finding import Level, PlacedFinding
from .report import Report
from .words import named, some

_TOLD = (Level.UNJUDGED, Level.FAIL, Level.WARN, Level.OFF)
_FAILURES = (Level.UNJUDGED, Level.FAIL)
_MOST_ACTIONS = 2
"""Failures up to which a short answer tells how each would pass."""
_MOST = 6
"""Findings of a level that a short answer tells before it counts the others."""


def finding_of(row: Mapping[str, Any]) -> PlacedFinding:
    """The finding of a row of a saved run; raises KeyError, TypeError or ValueError where the row is of none."""
    texts = {key: row[key] for key in ("rule", "message", "file")}
    asides = {"workload": row["workload"], "action": row["action"], "model": row.get("model")}
    lines = {key: row[key] for key in ("line", "rule_line")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise TypeError
    if not all(text is None or isinstance(text, str) for text in asides.values()):
        raise TypeError
    if not all(type(line) is int and line > 0 for line in lines.values()):
        raise TypeError
    return PlacedFinding(level=Level(row["level"]), **texts, **asides, **lines)


def found_in(report: Report) -> tuple[PlacedFinding, ...]:
    """The findings of a report; raises UsageError for a report of what has none."""
    if report.findings is None:
        raise UsageError("this format needs findings, which only a check has", "llmcost check")
    return report.findings


def numbered(found: Sequence[PlacedFinding]) -> list[tuple[PlacedFinding, int]]:
    """Each finding with its number, from 1, among those of its rule on its workload."""
    seen: Counter[tuple[str | None, str]] = Counter()
    pairs = []
    for x in found:
        seen[x.workload, x.rule] += 1
        pairs.append((x, seen[x.workload, x.rule]))
    return pairs


def sentences(found: Sequence[PlacedFinding]) -> list[str]:
    """The findings as lines, worst first; passes are counted by rule in the last line."""
    lines = [str(x) for level in _TOLD for x in found if x.level is level]
    rules = [x.rule for x in found if x.level is Level.PASS]
    named = [f"{rule} ({rules.count(rule)})" if rules.count(rule) > 1 else rule for rule in dict.fromkeys(rules)]
    return [*lines, f"{Level.PASS} {', '.join(named)}"] if named else lines


def brief(found: Sequence[PlacedFinding]) -> list[str]:
    """The findings as a short answer has them, worst first: those that say the same of several workloads are one.

    So are those on one thing that differ in their rules alone. What passes is not told, nor the line of the rule, nor
    what would make a warning pass; of one or two failures the first way is told. Of many of a level the rest is
    counted.
    """
    lines = []
    alike_of = {level: _joined(alike(found, level)) for level in _TOLD}
    failures = [x for level in _FAILURES for x in alike_of[level]]
    acting = _FAILURES if len(failures) <= _MOST_ACTIONS else ()
    for level in _TOLD:
        told = [_merged(x, acting=level in acting) for x in alike_of[level]]
        more = told[_MOST:]
        lines += [*told[:_MOST], *([f"{level} {len(more)} more"] if more else [])]
    return lines


def alike(found: Sequence[PlacedFinding], level: Level) -> list[list[PlacedFinding]]:
    """The findings of a level by what they say: those that say the same of several workloads or models are together."""
    same: dict[tuple[str | int | None, ...], list[PlacedFinding]] = {}
    for x in found:
        if x.level is level:
            rule = () if level is Level.OFF else (x.rule, x.rule_line)
            of_any = x.message.replace(x.model or x.rule, "").replace(x.rule, "")
            same.setdefault((x.file, *rule, x.action, of_any), []).append(x)
    return list(same.values())


def _joined(groups: Sequence[Sequence[PlacedFinding]]) -> list[list[PlacedFinding]]:
    """Findings that are alike, and beside them those that say the same of the same things by other rules."""
    same: dict[tuple[object, ...], list[PlacedFinding]] = {}
    for found in groups:
        first = found[0]
        of = tuple((x.workload, x.model, None if x.line == x.rule_line else x.line) for x in found)
        said = first.message.replace(_asked(first), "")
        same.setdefault((first.file, of, _way(first), said), []).extend(found)
    return list(same.values())


def _asked(found: PlacedFinding) -> str:
    """The rule as the message names it, with its limit: `max_increase_pct, 10.0%`."""
    match = re.search(rf"{re.escape(found.rule)}(, \$?[\d,.]*[\d%])?", found.message)
    return match[0] if match else found.rule


def _way(found: PlacedFinding) -> str:
    """The first way to pass."""
    return (found.action or "").partition(", or ")[0]


def counted(found: Sequence[PlacedFinding], level: Level, thing: str, ending: str = "") -> str:
    """How many lines a level has in a short answer: `2 warnings`; nothing without any."""
    lines = len(alike(found, level))
    return f"{some(lines, thing)}{ending}" if lines else ""


def _merged(found: Sequence[PlacedFinding], *, acting: bool) -> str:
    """Findings that differ in their workloads, models and rules as one line, at the place of the first.

    `acting` adds the first way to pass.
    """
    first = replace(found[0], rule_line=found[0].line, action=_way(found[0]) if acting else None)
    if not found[1:]:
        return str(first)
    rules = named(map(_asked, found))
    message = first.message.replace(_asked(first), rules)
    if rules != _asked(first):
        message = message.replace(f"{rules} was ", f"{rules} were ")
    if first.model is not None:
        message = message.replace(first.model, named(x.model for x in found if x.model))
    workloads = dict.fromkeys(x.workload for x in found if x.workload is not None)
    return str(replace(first, workload=named(workloads) if workloads else None, message=message))


def located(report: Report, root: Callable[[str], str]) -> Report:
    """A report whose findings name their files as `root` does: from the top of the repository."""
    if report.findings is None:
        return report
    return replace(report, findings=tuple(replace(x, file=posixpath.normpath(root(x.file))) for x in report.findings))
