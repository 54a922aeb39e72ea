"""A saved run that is not of the form that it says."""

from __future__ import annotations

from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.report.report import RunForm
from llmcost.report.saved import saved_report


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"headline": 1}, 'does not match x/1: "headline" or "notes" is missing'),
        ({"notes": {}}, 'does not match x/1: "headline" or "notes" is missing'),
        ({"notes": [1]}, "has a note without a kind and a text"),
        ({"notes": [{"kind": "zzz", "text": ""}]}, 'has a note of unknown kind: "zzz"'),
    ],
)
def test_a_run_has_a_headline_and_notes(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(FileError) as raised:
        saved_report({"schema": "x/1", "headline": "x", "notes": [], **changes}, "run.json", [RunForm("x/1")])

    assert raised.value.message == f"run.json {why}"
