"""What a command must not load: stable where a clock is not."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from .conftest import ROOT

pytestmark = pytest.mark.slow

HEAVY = ["rich", "tiktoken", "requests", "pydantic", "importlib.metadata", "importlib.resources", "yaml"]
HEAVY += ["llmcost.report.chart", "llmcost.report.charts", "xml.etree.ElementTree"]
HEAVY += ["llmcost.report.render.html", "html", "hashlib"]
PROBE = """
import json, sys
from llmcost.shell.main import main
status = main({arguments!r})
print(json.dumps([status, [name for name in {heavy!r} if name in sys.modules]]), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("command", "heavy"),
    [
        ("estimate --rpd 100000 --in 500 --out 200 -f json", []),
        ("compare gpt-4o gpt-4o-mini -f csv -q", []),
        ("compare gpt-4o gpt-4o-mini", []),
        ("--help", []),
        ("check --config tests/data/gate/before.yaml -f json", ["yaml"]),
    ],
)
def test_a_warm_run_loads_nothing_heavy_but_what_it_shows_or_reads(command: str, heavy: list[str]) -> None:
    code = PROBE.format(arguments=command.split(), heavy=HEAVY)

    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert json.loads(ended.stderr.splitlines()[-1]) == [0, heavy]
