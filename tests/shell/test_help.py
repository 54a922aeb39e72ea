"""The helps: short, whole with `--details`, and every example in them, the README and the guide is a command line."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest
from typer.exceptions import TyperException

from llmcost.errors import LLMCostError
from llmcost.shell.app import COMMANDS
from llmcost.shell.command import Group

from ..conftest import ROOT, Run


def helps() -> Iterator[str]:
    """Yield every command that can be run: those of a group, and a command with its modes."""
    for name, command in COMMANDS.items():
        if isinstance(command, Group):
            yield from (f"{name} {x}" for x in command.commands)
        else:
            yield from (name, *(f"{name} {x}" for x in command.modes))


HELPS = list(helps())


def flags(text: str) -> set[str]:
    """Return the long options of a help, each at the start of its line."""
    return set(re.findall(r"^  (?:-\w, )?(--[\w-]+)", text, re.MULTILINE))


@pytest.mark.parametrize("command", HELPS)
def test_a_help_is_short_and_with_details_whole(run: Run, command: str) -> None:
    short, whole = run(f"{command} --help").out, run(f"{command} --details --help").out
    more = re.search(r"--help --details shows (\d+) more", short)

    assert len(flags(short)) <= 30
    assert len(short.splitlines()) <= 60
    assert len(flags(whole)) - len(flags(short)) == (int(more[1]) if more else 0)
    assert flags(short) <= flags(whole)


def test_the_list_of_commands_takes_help_with_details(run: Run) -> None:
    assert run("--help --details") == run("--help")


@pytest.mark.parametrize("command", HELPS)
def test_every_help_has_an_example_and_its_options_are_known(run: Run, command: str) -> None:
    found = examples(run(f"{command} --help").out)

    assert any(x.startswith(f"llmcost {command} ") or x == f"llmcost {command}" for x in found)
    assert [x for x in found if not parses(x)] == []


def test_every_command_line_of_the_readme_and_the_guide_has_known_options() -> None:
    pages = (ROOT / "README.md", *(ROOT / "llmcost" / "guide").glob("*.md"))
    text = "".join(page.read_text(encoding="utf-8").replace("\\\n", "") for page in pages)
    lines = re.findall(r"(?:^\$ |`)(llmcost [a-z][^`\n]*)", text, re.MULTILINE)

    assert len(lines) > 30
    assert [x for x in lines if not parses(x)] == []


def examples(text: str) -> list[str]:
    """The command lines of a help, each whole."""
    return re.findall(r"^  (llmcost .*)$", text.replace("\\\n", ""), re.MULTILINE)


def parses(line: str) -> bool:
    """Whether the command of a line takes its options and arguments; nothing is run."""
    name, *words = shlex.split(line.partition(" > ")[0])[1:]
    command = COMMANDS[name]
    if isinstance(command, Group):
        if not words:
            return True
        first, *words = words
        command = command.commands[first]
    try:
        command.make_context(f"llmcost {name}", words)
    except (TyperException, LLMCostError):
        return False
    return True


def test_what_parses_an_example_knows_an_option_that_is_not_there() -> None:
    lines = ("llmcost route --rules r.yaml", "llmcost prices lint --max-age soon", "llmcost bench")

    assert [parses(x) for x in lines] == [False, False, True]


def test_a_command_lists_its_modes_with_a_line_each(run: Run) -> None:
    listed = run("route --help").out.partition("\nModes:\n")[2].partition("\n\n")[0]

    assert re.findall(r"^  (\w+)  +\S.*$", listed, re.MULTILINE) == ["prompts", "results"]
    assert len(listed.splitlines()) == 2


def test_formats_of_findings_are_told_by_the_commands_that_have_some(run: Run) -> None:
    helps = {x: run(f"{x} --help").out.partition("--format FORMAT")[2].partition("\n  -")[0] for x in HELPS}
    listed = {x: " ".join(text.split()).removeprefix("As ") for x, text in helps.items()}

    assert {x for x, formats in listed.items() if "junit, sarif." in formats} == {"check", "report"}
    assert {formats for x, formats in listed.items() if x not in {"check", "report"} and formats} == {
        "table, json, csv, md, svg, html, github.",
        "table, json, csv, md, html, github.",
    }
    without = {x for x, formats in listed.items() if formats and "svg" not in formats}
    assert without == {x for x in HELPS if x.split()[0] in ("tokens", "models", "prices")}


def test_options_stand_under_the_headings_of_their_groups(run: Run) -> None:
    headings = re.findall(r"^(\w+):$", run("estimate --help").out, re.MULTILINE)

    assert headings == ["Arguments", "Workload", "Models", "Options", "Prices", "Output"]
