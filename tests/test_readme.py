"""The README tells the truth: its commands run, its outputs are what they print, its Python holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .conftest import ROOT, Run

pytestmark = pytest.mark.untraced

README = ROOT / "README.md"
CONSOLE = re.compile(r"```console\n\$ llmcost (.*)\n([^`]*)```")
TEST_COMMAND = 'python3 -m venv .venv && .venv/bin/pip install -q -e ".[dev]" && .venv/bin/python tests/check.py'


@pytest.mark.usefixtures("example")
def test_every_console_block_shows_what_the_command_prints(run: Run, request: pytest.FixtureRequest) -> None:
    text = README.read_text(encoding="utf-8")

    def block(match: re.Match[str]) -> str:
        result = run(match[1])
        return f"```console\n$ llmcost {match[1]}\n{result.out}{result.err}```".replace("\r\n", "\n")

    printed = CONSOLE.sub(block, text)
    if request.config.getoption("--update-golden"):
        README.write_text(printed, encoding="utf-8", newline="")

    assert len(CONSOLE.findall(text)) >= 10
    assert README.read_text(encoding="utf-8") == printed


def test_the_python_block_runs() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)

    assert block.count("assert") == 14
    exec(compile(block, "README.md", "exec"), {})


def test_the_rules_file_is_one(tmp_path: Path) -> None:
    from llmcost.load import load_routes
    from llmcost.routing.classify.parse import SAMPLE

    blocks = re.findall(r"```yaml\n(schema: llmcost.routes/1\n.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks == [SAMPLE]
    (tmp_path / "routes.yaml").write_text(blocks[0], encoding="utf-8")
    assert [rule.name for rule in load_routes(tmp_path / "routes.yaml").rules] == ["long", "code", "sql", "smalltalk"]


def test_the_articles_rule_in_words_has_its_words() -> None:
    from llmcost.routing.classify.rules import DEMANDING, THRESHOLD

    text = README.read_text(encoding="utf-8")
    assert f"more than {THRESHOLD} characters" in text
    assert f"{', '.join(f'`{word}`' for word in DEMANDING[:-1])} and `{DEMANDING[-1]}`" in text


@pytest.mark.parametrize("path", ["README.md", ".ci/run", ".github/workflows/ci.yml"])
def test_the_test_command_is_the_same_everywhere(path: str) -> None:
    assert TEST_COMMAND in (ROOT / path).read_text(encoding="utf-8")


def test_every_command_has_an_example_in_the_readme() -> None:
    from llmcost.shell.app import COMMANDS

    text = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"llmcost {name}" not in text] == []


def test_every_room_is_on_the_map() -> None:
    found = {x.name: x.is_dir() for x in (ROOT / "llmcost").iterdir() if not x.name.startswith(("_", "data", "py."))}
    rooms = {f"{name}/" if folder else name for name, folder in found.items()}
    house = README.read_text(encoding="utf-8").partition("## The house")[2].partition("```\n\n")[0]

    assert rooms - set(house.split()) == set()
