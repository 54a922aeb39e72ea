"""What a command must not load: stable where a clock is not."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

HEAVY = ["rich", "tiktoken", "requests", "pydantic", "importlib.metadata", "importlib.resources", "yaml"]
PROBE = """
import json, sys
from llmcost.cli.main import main
status = main({arguments!r})
sys.stderr.write(json.dumps([status, [name for name in {heavy!r} if name in sys.modules]]))
"""


def loaded(arguments: list[str]) -> list[str]:
    """Return which heavy modules a warm run loads."""
    code = PROBE.format(arguments=arguments, heavy=HEAVY)
    for _ in range(2):  # the first run fills the table cache
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    status, names = json.loads(ended.stderr)
    assert status == 0
    return list(names)


def test_estimate_as_json_loads_nothing_heavy() -> None:
    assert loaded(["estimate", "--rpd", "100000", "--in", "500", "--out", "200", "-f", "json"]) == []


def test_compare_as_csv_loads_nothing_heavy() -> None:
    assert loaded(["compare", "gpt-4o", "gpt-4o-mini", "-f", "csv", "-q"]) == []


def test_a_table_loads_rich_and_nothing_else_that_is_heavy() -> None:
    assert loaded(["compare", "gpt-4o", "gpt-4o-mini"]) == ["rich"]
