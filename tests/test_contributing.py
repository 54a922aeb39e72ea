"""What CONTRIBUTING tells works as told, on the day it is read: each path is walked in a copy of the project.

A rate unit is added in `pricing/test_usage.py`, a policy rule in `gate/test_rules.py`, a format in `shell/test_manners.py`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from .conftest import ROOT, updated

pytestmark = pytest.mark.long

LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", ".*_cache", ".hypothesis", ".coverage*", "*.egg-info")
"""What a copy does not need. Bytecode goes with its sources: without it, each process would compile them again."""

MODEL = """\
  openai/gpt-new:
    name: GPT New
    context: 128000
    max_output: 16384
    source: https://developers.openai.com/api/docs/pricing
    checked: {today}
    sources: 1
    prices:
      - {{input: 1, output: 4}}
"""
JOB = ("--rpd", "1000000", "--in", "1", "--out", "0", "--days", "1")

VIEW = """\
\"\"\"The report of `llmcost total`.\"\"\"

from __future__ import annotations

from ...report.report import Column, Kind, Report, Rows, RunForm, Table

FORM = RunForm("llmcost.total/1", ("models",))


def total_report(models: dict[str, int]) -> Report:
    \"\"\"The models of each provider.\"\"\"
    rows = Rows(({"provider": name, "models": number} for name, number in models.items()), ("provider", "models"))
    table = Table.of(rows, Column("provider", "Provider"), Column("models", "Models", Kind.COUNT))
    return Report(schema=FORM.name, headline=f"{sum(models.values())} models", data={"models": rows}, csv=rows, tables=(table,))
"""
COMMAND = """\
\"\"\"`llmcost total`.\"\"\"

from __future__ import annotations

from collections import Counter

from ...errors import ExitStatus
from ...shell.command import command
from ...shell.emit import emit
from ...shell.options import OutputOptions, PriceOptions


@command()
def total_command(*, prices: PriceOptions, out: OutputOptions) -> ExitStatus:
    \"\"\"Count the models of each provider.

    \\b
    llmcost total
    \"\"\"
    from .view import total_report

    return emit(total_report(Counter(x.partition("/")[0] for x in prices.catalog().ids())), out)
"""

Walk = Callable[..., str]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the project."""
    return shutil.copytree(ROOT, tmp_path / "copy", ignore=LEFT_OUT)


@pytest.fixture
def walk(copy: Path) -> Walk:
    """Return a function that runs `python -m ...` in the copy and returns what it printed; a failure is shown."""

    def run(*words: str, today: str = "") -> str:
        untraced = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
        env = {**untraced, "PYTHONPATH": str(copy), **({"LLMCOST_TODAY": today} if today else {})}
        ended = subprocess.run(
            [sys.executable, "-m", *words], cwd=copy, env=env, capture_output=True, text=True, check=False
        )
        if ended.returncode:
            pytest.fail(f"{' '.join(words)}\n{ended.stdout}{ended.stderr}", pytrace=False)
        return ended.stdout

    return run


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_model_is_added_as_told(copy: Path, walk: Walk) -> None:
    """Today as `checked`, the day of the table set to today: the tests named there pass, and the examples renew.

    One process runs them all; of the golden files, which one test writes, it writes one.
    """
    today = str(max(datetime.now(UTC).date(), updated("pricing.yaml"), updated("benchmarks.yaml")))
    edit(copy / "pricing.yaml", "  openai/gpt-4o:\n", MODEL.format(today=today) + "  openai/gpt-4o:\n")
    edit(copy / "pricing.yaml", f"updated: {updated('pricing.yaml')}", f"updated: {today}")

    walk("llmcost", "prices", "lint", "pricing.yaml", today=today)
    golden = "tests/shell/test_golden.py::test_a_command_prints_what_it_printed_before[models]"
    files = ("tests/test_readme.py", golden, "tests/test_shipped_pricing.py", "tests/test_shipped_reviewed.py")
    walk("pytest", "-q", "--update-golden", *files)
    for example in ("README.md", "tests/golden/models.txt"):
        assert f"on {today}" in (copy / example).read_text(encoding="utf-8")
    found = json.loads(walk("llmcost", "estimate", "-m", "gpt-new", *JOB, "-f", "json"))
    assert found["estimates"][0]["monthly_usd"] == 1


def test_a_kind_of_fee_is_added_as_told(copy: Path, walk: Walk) -> None:
    form = copy / "llmcost" / "pricing" / "form.py"
    edit(form, "FEES = (", 'FEES = (\n    "translation",')
    edit(copy / "pricing.yaml", "fees: {web_search: 0.01,", "fees: {translation: 3, web_search: 0.01,")
    walk("llmcost", "schema", "pricing", "-o", "llmcost/data/pricing.schema.json")

    assert "translation" in (copy / "llmcost" / "data" / "pricing.schema.json").read_text(encoding="utf-8")
    walk("llmcost", "prices", "lint", "pricing.yaml")
    walk("pytest", "-q", "tests/test_schemas.py", "-k", "shipped and not benchmarks")


def test_a_command_is_added_as_told(copy: Path, walk: Walk) -> None:
    folder = copy / "llmcost" / "commands" / "total"
    folder.mkdir()
    for name, text in (("__init__", '"""`llmcost total`."""\n'), ("view", VIEW), ("command", COMMAND)):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    edit(
        copy / "llmcost" / "shell" / "app.py",
        '        "schema": ',
        '        "total": "Models of each provider.",\n        "schema": ',
    )
    guide = copy / "llmcost" / "guide"
    (guide / "total.md").write_text("# Total\n\n```console\n$ llmcost total\n```\n", encoding="utf-8")
    edit(guide / "README.md", "- [reference]", "- [total](total.md): models of each provider\n- [reference]")
    edit(copy / "tests" / "shell" / "test_golden.py", "GOLDEN = {", 'GOLDEN = {\n    "total": "total",')

    files = ("shell/test_golden.py", "test_architecture.py", "test_readme.py", "commands/test_report.py")
    chosen = "total or architecture or every_page or every_command or declares"
    walk("pytest", "-q", "--update-golden", *(f"tests/{file}" for file in files), "-k", chosen)
    assert "llmcost total [OPTIONS]" in (copy / "tests" / "golden" / "total-help.txt").read_text(encoding="utf-8")
    saved = walk("llmcost", "total", "-f", "json")
    (copy / "run.json").write_text(saved, encoding="utf-8")
    assert walk("llmcost", "report", "run.json", "-f", "json") == saved
