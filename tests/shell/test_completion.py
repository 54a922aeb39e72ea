"""What the shells complete: the answers, and the scripts in bash, zsh and fish themselves."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer import _completion_shared as shells

from llmcost.shell.app import COMMANDS

from ..conftest import Run


def complete(run: Run, line: str) -> list[str]:
    """Return the words that complete a line, without what they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("_LLMCOST_COMPLETE", line)
        ended = run("")
    assert (ended.status, ended.err) == (0, "")
    return [x.partition("\t")[0] for x in ended.out.splitlines()]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("est", ["estimate"]),
        ("estimate --batch", ["--batch-share"]),
        ("estimate -m gpt-4o-mini-2024", ["gpt-4o-mini-2024-07-18"]),
        ("estimate --rpd none --model=gpt-4o-mini-2024", ["gpt-4o-mini-2024-07-18"]),
        ("estimate -m 'gpt-4o-mini-2024", ["gpt-4o-mini-2024-07-18"]),
        ("compare gpt-4o openai/gpt-3.5-turbo-0", ["openai/gpt-3.5-turbo-0125"]),
        ("models show mistral-large-4", ["mistral-large-4", "mistral-large-4-0"]),
        ("models show anthropic.claude-sonnet-4-5-20250929-v1:", ["anthropic.claude-sonnet-4-5-20250929-v1:0"]),
        ("models --sort in", ["input"]),
        ("estimate --provider an", ["anthropic"]),
        ("estimate --tier fl", ["flex"]),
        ("bench -b gp", ["gpqa"]),
        ("bench --suite ar", ["article", "arena"]),
        ("bench --suite=ar", ["article", "arena"]),
        ("bench -b=gp", []),  # is refused: -b gpqa
        ("bench --sweet=gp", []),
        ("estimate --all=gpt", []),
        ("recommend --task ", ["classification", "extraction", "summarization", "reasoning", "hard-code", "knowledge", "vision", "agents"]),
        ("recommend -f ", ["table", "json", "csv", "md", "svg", "html", "github"]),
        ("check -f ", ["table", "json", "csv", "md", "svg", "html", "github", "junit", "sarif"]),
        ("route ", ["prompts", "results"]),
        ("route prompts --strong-", ["--strong-price"]),
        ("route results --weak gpt-4o-mini-2024", ["gpt-4o-mini-2024-07-18"]),
        ("prices ", ["update", "import", "diff", "history", "lint"]),
        ("guide get", ["getting-started"]),
        ("schema ", ["pricing", "benchmarks", "config", "routes", "trial"]),
        ("tokens ", []),  # the shell offers files
    ],
)  # fmt: skip
def test_names_commands_and_options_are_completed(run: Run, line: str, words: list[str]) -> None:
    assert complete(run, f"llmcost {line}") == words


def test_the_first_word_is_a_command_and_each_says_what_it_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line each, however narrow the terminal."""
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("_LLMCOST_COMPLETE", "llmcost ")

    lines = [x.split("\t") for x in run("").out.splitlines()]

    assert [name for name, _ in lines] == list(COMMANDS)
    assert all(means for _, means in lines)


@pytest.mark.parametrize("words", ["estimate -m gpt", "estimate --provider o", "estimate --tier f", "bench -b m"])
def test_completion_is_silent_where_the_tables_are_broken(
    run: Run, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LLMCOST_PRICING", "LLMCOST_SCORES"):
        monkeypatch.setenv(name, "/nowhere.yaml")

    assert complete(run, f"llmcost {words}") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell", "pwsh"])
def test_the_scripts_are_for_both_names(run: Run, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    monkeypatch.setattr(shells, "_get_shell_name", lambda: shell)

    shown = run("--show-completion").out

    assert {"llmcost", "llmcost-cli"} <= set(re.findall(r"[\w-]+", shown))


@pytest.mark.parametrize(
    ("name", "said"), [("tcsh", 'error: unknown shell "tcsh"; '), (None, "error: the current shell is unknown; ")]
)
def test_another_shell_is_an_error(run: Run, monkeypatch: pytest.MonkeyPatch, name: str | None, said: str) -> None:
    monkeypatch.setattr(shells, "_get_shell_name", lambda: name)

    for option in ("--install-completion", "--show-completion"):
        ended = run(option)
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.startswith(f"{said}completion needs one of bash, zsh, fish, powershell, pwsh\n")


@pytest.mark.parametrize(
    ("shell", "last"),
    [
        ("bash", "~/.bashrc loads them in a new shell"),
        ("zsh", "~/.zshrc loads them in a new shell"),
        ("fish", ""),
        ("pwsh", ""),
    ],
)
def test_what_is_installed_is_told_and_installed_once(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shell: str, last: str
) -> None:
    monkeypatch.setattr(shells, "_get_shell_name", lambda: shell)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    (tmp_path / "pwsh").write_text("#!/bin/sh\necho ~/profile.ps1\n", encoding="utf-8")
    (tmp_path / "pwsh").chmod(0o755)
    for start in (".bashrc", ".zshrc", "profile.ps1"):
        (tmp_path / start).write_text("# mine\n", encoding="utf-8")

    wrote, again, *changed = run("--install-completion").out.splitlines()
    files = {x: x.read_text(encoding="utf-8") for x in tmp_path.rglob("*") if x.is_file()}
    run("--install-completion")

    assert [Path(x.removeprefix("wrote ")).is_relative_to(tmp_path) for x in (wrote, again)] == [True, True]
    assert changed == ([last] if last else [])
    assert files == {x: x.read_text(encoding="utf-8") for x in tmp_path.rglob("*") if x.is_file()}
    assert "# mine\n" in files[tmp_path / ".bashrc"]
    assert files[tmp_path / "profile.ps1"].count("-CommandName llmcost ") == (shell == "pwsh")


class Terminal:
    """An interactive shell in a terminal."""

    def __init__(self, shell: str) -> None:
        self.process, self.end = pty.fork()
        if not self.process:
            os.execvp(shell, [shell, "-i"])
        self.type("echo read''y\n", "ready")

    def type(self, keys: str, awaited: str) -> str:
        """Type, and read until it shows what is awaited; return what it showed, without colors, after 20 seconds too."""
        os.write(self.end, keys.encode())
        shown, patience = "", time.monotonic() + 20
        while awaited not in shown and time.monotonic() < patience:
            if select.select([self.end], [], [], 0.1)[0]:
                read = os.read(self.end, 65536).decode(errors="replace")
                shown += re.sub(r"\x1b(\[[\d;?]*[a-zA-Z]|\(B)", "", read)
        return shown

    def close(self) -> None:
        os.close(self.end)
        os.waitpid(self.process, 0)


@pytest.fixture(params=["bash", "zsh", "fish"])
def terminal(
    request: pytest.FixtureRequest, own_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    """Give a shell in which both commands are installed, with their completion, at its first prompt."""
    shell = request.param
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    programs = own_environment / "bin"
    programs.mkdir()
    for name in ("llmcost", "llmcost-cli"):
        (programs / name).write_text(f'#!/bin/sh\nexec {sys.executable} -m llmcost "$@"\n', encoding="utf-8")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("XDG_CONFIG_HOME")  # Typer writes into ~/.config
    monkeypatch.chdir(own_environment)
    (own_environment / "requests.jsonl").touch()
    subprocess.run([shell, "-c", "llmcost --install-completion; true"], check=True, capture_output=True, timeout=60)
    found = Terminal(shell)
    yield found
    found.close()


@pytest.mark.long
def test_a_shell_completes_from_the_first_tab_on(terminal: Terminal) -> None:
    wanted = {
        "llmcost recommend --task cl": "--task classification",
        "llmcost-cli recommend -f j": "-f json",
        "llmcost models show anthropic.claude-sonnet-4-5-20250929-v1:": "v1:0",
        "llmcost estimate --model=gpt-4o-mini-2024": "--model=gpt-4o-mini-2024-07-18",
        "llmcost bench -b gp": "-b gpqa",
        "llmcost bench --suite fr": "--suite frontier",
        "llmcost guide get": "guide getting-started",
        "llmcost route p": "route prompts",
        "llmcost estimate --batch": "--batch-share",
        "llmcost tokens req": "tokens requests.jsonl",
    }
    for typed, completed in wanted.items():
        assert completed in terminal.type(f"{typed}\t", completed)
        terminal.type("\x15echo do''ne\n", "done")
