"""The findings of a check as SARIF 2.1.0, for code scanning: what fails, cannot be judged, or is a warning.

A rule that is off is a notification of the run's configuration; what passes is counted in the run's properties, since
readers take every result for an alert.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from ... import __version__
from ...gate.finding import Level, PlacedFinding
from ...gate.rules import RULES, rule_words
from ..findings import found_in, numbered
from ..report import Report
from ..safe import safe_json, said

HOME = "https://github.com/OWNER/llmcost-cli"
"""Where those who read an alert find llmcost; OWNER is the blank that README and the guide have too."""
_LEVELS = {Level.UNJUDGED: "error", Level.FAIL: "error", Level.WARN: "warning"}


def render(report: Report) -> str:
    """The log; raises UsageError for a report without findings."""
    found = found_in(report)
    rules = {rule: index for index, rule in enumerate(dict.fromkeys(x.rule for x in found))}
    judged = not any(x.level is Level.UNJUDGED for x in found)
    notes = [_notification(x) for x in found if x.level is Level.OFF]
    run = {
        "tool": {
            "driver": {
                "name": "llmcost",
                "semanticVersion": __version__,
                "informationUri": HOME,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "invocations": [{"executionSuccessful": judged, "toolConfigurationNotifications": notes}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(x, rules[x.rule], number) for x, number in numbered(found) if x.level in _LEVELS],
        "properties": {
            "headline": report.headline,
            "verdict": report.data.get("verdict"),
            "passed": sum(x.level is Level.PASS for x in found),
        },
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return safe_json(json.dumps(log, indent=2, ensure_ascii=False)) + "\n"


def _rule(name: str) -> dict[str, Any]:
    """What a rule asks for, with the texts that GitHub requires; its help stands beside each alert."""
    if name not in RULES:
        short = whole = text = markdown = "A rule of another version of llmcost."
    else:
        rule, short = RULES[name], rule_words()[name]
        whole = f"{short} Applies to {rule.scope.value}."
        sample = f"policy:\n  {rule.sample.removeprefix('# ')}"
        text, markdown = (
            f"{whole}\n\nIn llmcost.yaml:\n\n{x}\n\nMore: llmcost guide ci" for x in (sample, f"```yaml\n{sample}\n```")
        )
    return {
        "id": name,
        "shortDescription": {"text": short},
        "fullDescription": {"text": whole},
        "help": {"text": text, "markdown": markdown},
        "helpUri": HOME,
    }


def _result(found: PlacedFinding, index: int, number: int) -> dict[str, Any]:
    """A result; its fingerprint stays the same when lines move or figures change."""
    key = json.dumps([found.rule, found.workload, found.file, number])
    result: dict[str, Any] = {
        "ruleId": found.rule,
        "ruleIndex": index,
        "level": _LEVELS[found.level],
        "message": {"text": said(found.said)},
        "locations": [_location(found.file, found.line)],
        "partialFingerprints": {"llmcost/v1": sha256(key.encode()).hexdigest()},
    }
    if found.rule_line != found.line:
        result["relatedLocations"] = [
            {"id": 1, "message": {"text": "the rule"}} | _location(found.file, found.rule_line)
        ]
    return result


def _notification(found: PlacedFinding) -> dict[str, Any]:
    return {
        "level": "note",
        "message": {"text": said(found.said)},
        "associatedRule": {"id": found.rule},
        "locations": [_location(found.file, found.line)],
    }


def _location(file: str, line: int) -> dict[str, Any]:
    uri = quote(file, errors="backslashreplace")
    if file[1:3] == ":/":  # a drive of Windows
        place = {"uri": f"file:///{file[:2]}{uri[4:]}"}
    elif file.startswith(("/", "..")):
        place = {"uri": uri}
    else:
        place = {"uri": uri, "uriBaseId": "%SRCROOT%"}
    return {"physicalLocation": {"artifactLocation": place, "region": {"startLine": line}}}
