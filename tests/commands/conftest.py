"""What tests of commands share: a project in a git repository of its own, what a run says, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ..conftest import Result, Run

CHEAP = """\
version: 1
workloads:
  support-bot:
    model: gpt-4o-mini
    rpd: 100000
    in: 500
    out: 200
policy:
  max_monthly_usd: 10000
  max_increase_usd: 500
  max_increase_pct: 10
"""
DEAR = CHEAP.replace("gpt-4o-mini", "gpt-4o")


def refused(found: Result, said: str, hint: str = "") -> None:
    """Hold a run to a refusal: status 2, nothing on standard output, and this error with what to do."""
    assert (found.status, found.out) == (2, "")
    assert found.err.startswith("error: ")
    assert said in found.err
    assert hint in found.err
    assert "Traceback" not in found.err


def report(run: Run, command: str) -> dict[str, Any]:
    """Return the JSON of a command that has nothing else to say, numbers with a point as exact decimals."""
    found = run(f"{command} -f json")
    assert (found.status, found.err) == (0, "")
    return dict(json.loads(found.out, parse_float=Decimal))


@dataclass(frozen=True)
class Repository:
    """A git repository of a test's own, which the command runs in."""

    folder: Path

    def git(self, *arguments: str) -> str:
        ended = subprocess.run(["git", *arguments], cwd=self.folder, capture_output=True, text=True, check=True)
        return ended.stdout.strip()

    def commit(self, text: str, name: str = "llmcost.yaml") -> None:
        """Write a file and commit it."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a change")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, outside of any repository, that the command runs in."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "someone")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "someone@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    return folder


def repository_of(*texts: str) -> Callable[[Path], None]:
    """Return a function that makes a repository with a commit for each of these llmcost.yaml."""

    def make(folder: Path) -> None:
        made = Repository(folder)
        made.git("init", "-q", "-b", "main")
        for text in texts:
            made.commit(text)

    return make


@pytest.fixture
def repository(here: Path) -> Repository:
    repository_of(CHEAP)(here)
    return Repository(here)
