"""A saved run that is not of the form that it says."""

from __future__ import annotations

from typing import Any

import pytest

from llmcost.errors import FileError
from llmcost.report.report import Rows, RunForm
from llmcost.report.saved import saved_report

FORMS = [RunForm("x/1", rows=("rows", "lines")), RunForm("llmcost.check/1")]
RUN = {"schema": "x/1", "headline": "x", "notes": [], "shown": {}}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"headline": 1}, 'does not match x/1: "headline" or "notes" is missing'),
        ({"notes": {}}, 'does not match x/1: "headline" or "notes" is missing'),
        ({"notes": [1]}, "has a note without a kind and a text"),
        ({"notes": [{"kind": "price", "text": 1}]}, "has a note without a kind and a text"),
        ({"notes": [{"kind": "zzz", "text": ""}]}, 'has a note of unknown kind: "zzz"'),
        ({"rows": [{"a": 1}, {"b": 1}]}, 'does not match x/1: "rows" is not a table'),
        ({"rows": [{"a": 1}, [1]]}, 'does not match x/1: "rows" is not a table'),
        ({"rows": [{"a": 1}], "lines": 1}, 'does not match x/1: "lines" is not a table'),
        ({"rows": [{"a": [1]}]}, 'does not match x/1: "rows" has a "a" that is not a value'),
        ({"rows": [{"model": 1}]}, 'does not match x/1: "rows" has a "model" that is not a text'),
        ({"rows": [{"input_usd": True}]}, 'does not match x/1: "rows" has a "input_usd" that is not a number'),
        (
            {"rows": [{"tokens": "9k"}, {"tokens": "9k"}], "shown": 5},
            'does not match x/1: "shown" is missing or of another form',
        ),
        (
            {"schema": "llmcost.check/1", "shown": 5},
            'does not match llmcost.check/1: "shown" is missing or of another form',
        ),
        (
            {"schema": "llmcost.check/1", "rows": [{"a": 1}]},
            "does not match llmcost.check/1: its workloads or findings are not those of a check",
        ),
        (
            {"schema": "llmcost.check/1", "findings": [{"a": 1}]},
            "does not match llmcost.check/1: its workloads or findings are not those of a check",
        ),
    ],
)
def test_a_run_is_of_the_form_that_it_says(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(FileError) as raised:
        saved_report({**RUN, **changes}, "run.json", FORMS)

    assert raised.value.message == f"run.json {why}"


def test_the_rows_of_a_run_are_those_of_its_csv_the_first_that_are_not_empty() -> None:
    lines: list[dict[str, Any]] = [{"model": "a", "usd": 1}, {"model": "b", "usd": None}]
    found = saved_report({**RUN, "rows": [], "lines": lines}, "run.json", FORMS)

    assert found.csv == Rows(lines)
    assert found.data == {"rows": Rows(()), "lines": Rows(lines)}


def test_a_check_need_not_have_what_was_shown() -> None:
    run = {"schema": "llmcost.check/1", "headline": "x", "notes": []}
    with pytest.raises(FileError, match="its workloads or findings are not those of a check"):
        saved_report({**run, "findings": [{"a": 1}]}, "run.json", FORMS)
