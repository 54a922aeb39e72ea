"""`llmcost schema`."""

from __future__ import annotations

import json

from ..conftest import Run


def test_the_schema_of_the_file_is_printed(run: Run) -> None:
    titles = [json.loads(run(f"schema {x}").out)["title"] for x in ("config", "routes", "trial", "benchmarks")]
    assert titles == ["llmcost.yaml", "llmcost rules file", "llmcost trial task", "llmcost benchmark table"]
