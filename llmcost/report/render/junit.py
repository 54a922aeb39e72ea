"""The findings of a check as JUnit XML: a test case for each rule on each workload.

A failed rule is a failure, one that could not be judged an error, one that is off is skipped; a warning passes and is
told in the case's output. There is no time and no host in it: the same findings are the same bytes.
"""

from __future__ import annotations

from collections import Counter
from xml.sax.saxutils import escape, quoteattr

from ...gate.finding import Level, PlacedFinding
from ..findings import found_in, numbered
from ..report import Report
from ..safe import said


def render(report: Report) -> str:
    """The document; raises UsageError for a report without findings."""
    found = found_in(report)
    levels = Counter(x.level for x in found)
    counts = {"tests": len(found), "failures": levels[Level.FAIL], "errors": levels[Level.UNJUDGED]}
    config = str(report.data.get("config"))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites{_attributes(name='llmcost check', **counts)}>",
        f"  <testsuite{_attributes(name=config, **counts, skipped=levels[Level.OFF], time=0)}>",
        *(line for x, number in numbered(found) for line in _case(x, number)),
        f"    <system-out>{_text(report.headline)}</system-out>",
        "  </testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _case(found: PlacedFinding, number: int) -> list[str]:
    """A test case; its name, the rule, is numbered if the workload has several of it."""
    name = found.rule if number == 1 else f"{found.rule} {number}"
    head = f"    <testcase{_attributes(name=name, classname=found.workload or 'total', time=0)}"
    inside = _inside(found)
    return [f"{head}>", f"      {inside}", "    </testcase>"] if inside else [f"{head}/>"]


def _inside(found: PlacedFinding) -> str:
    message = _attributes(message=found.message)
    match found.level:
        case Level.FAIL:
            return f"<failure{message}{_attributes(type=found.rule)}>{_text(str(found))}</failure>"
        case Level.UNJUDGED:
            return f"<error{message}{_attributes(type=found.rule)}>{_text(str(found))}</error>"
        case Level.OFF:
            return f"<skipped{message}/>"
        case Level.WARN:
            return f"<system-out>{_text(str(found))}</system-out>"
        case _:
            return ""


def _attributes(**values: str | int) -> str:
    return "".join(f" {name}={quoteattr(said(str(value)))}" for name, value in values.items())


def _text(text: str) -> str:
    return escape(said(text))
