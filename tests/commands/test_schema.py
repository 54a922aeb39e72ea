"""`llmcost schema`."""

from __future__ import annotations

import json

from ..conftest import Run


def test_the_schema_of_the_file_is_printed(run: Run) -> None:
    assert json.loads(run("schema config").out)["title"] == "llmcost.yaml"
    assert json.loads(run("schema routes").out)["title"] == "llmcost rules file"
    assert json.loads(run("schema trial").out)["title"] == "llmcost trial task"
    assert json.loads(run("schema benchmarks").out)["title"] == "llmcost benchmark table"
