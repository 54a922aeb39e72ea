"""A Report for a job of GitHub Actions: annotations at the lines of findings, and outputs for the steps after it.

Source of the form and of its limits: GitHub's documentation of workflow commands
(https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions): ten annotations of a kind a step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from ...gate.finding import Level, PlacedFinding
from ...lazy import pattern
from ..display import plain
from ..report import Report
from ..safe import safe, said

MOST = 10
"""Annotations of a kind that GitHub shows for one step."""

_PLACED = pattern(r"(.+?):(\d+):(\d+): (.*)", re.DOTALL)
_KINDS = {"error": (Level.UNJUDGED, Level.FAIL), "warning": (Level.WARN,), "notice": (Level.OFF,)}


def render(report: Report) -> str:
    """The annotations, at most `MOST` of a kind, the worst first; how many more there are is said."""
    found = report.findings or ()
    lines: list[str] = []
    for kind, levels in _KINDS.items():
        told = [x for level in levels for x in found if x.level is level]
        lines += [_annotation(kind, x) for x in told[:MOST]]
        lines += _more(len(told), kind)
    return "".join(f"{line}\n" for line in lines)


def faults(lines: Sequence[str], root: Callable[[str], str]) -> str:
    """Annotations of faults, those with a place (`FILE:LINE:COLUMN: ...`) at it; `root` names their files."""
    told = [_fault(line, root) for line in lines[:MOST]]
    return "".join(f"{line}\n" for line in [*told, *_more(len(lines), "error")])


def _fault(line: str, root: Callable[[str], str]) -> str:
    place = _PLACED.fullmatch(line)
    if place is None:
        return f"::error title=llmcost::{_data(line)}"
    file, row, column, said = place.groups()
    return f"::error file={_property(root(file))},line={row},col={column},title=llmcost::{_data(said)}"


def _more(count: int, kind: str) -> list[str]:
    """A line that counts the findings without an annotation."""
    more = count - MOST
    return [f"{more:,} more ({kind}) without an annotation: GitHub shows {MOST} of each kind"] if more > 0 else []


def outputs(report: Report) -> str:
    """The lines of outputs: the verdict, USD a month, and its change; empty where it is not known."""
    total = report.data.get("total")
    values = {"verdict": report.data["verdict"]} if "verdict" in report.data else {}
    if isinstance(total, Mapping):
        monthly = total["monthly_usd"] if "monthly_usd" in total else total.get("after_usd")
        values |= {"monthly_usd": monthly, "delta_usd": total.get("delta_usd")}
    return "".join(f"{name}={_value(value)}\n" for name, value in values.items())


def _annotation(kind: str, found: PlacedFinding) -> str:
    place = f"file={_property(found.file)},line={found.line},title={_property(f'llmcost: {found.rule}')}"
    return f"::{kind} {place}::{_data(found.said)}"


def _value(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else safe(str(value))


def _data(text: str) -> str:
    return said(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
