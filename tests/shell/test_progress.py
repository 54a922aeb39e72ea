"""Progress is shown on a terminal, for work that takes long, and nowhere else."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from llmcost.shell import progress as module
from llmcost.shell.progress import progress
from tests.conftest import Run, Terminal

BODY = {"model": "gpt-4o", "messages": [{"role": "user", "content": "x"}]}


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    found = Terminal()
    monkeypatch.setattr(module, "sys", SimpleNamespace(stderr=found))
    monkeypatch.setenv("TERM", "xterm")
    return found


def test_long_work_has_a_bar_that_is_gone_when_it_ends(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", -1)
    with progress("[/reading] \x1b[2J", lambda: 100) as tell:
        assert tell is not None
        tell(10)
        tell(90)

    assert r"[/reading] \x1b[2J" in terminal.getvalue()


def test_short_work_has_none(terminal: Terminal) -> None:
    with progress("reading", lambda: 100) as tell:
        assert tell is not None
        tell(100)

    assert terminal.getvalue() == ""


@pytest.mark.usefixtures("terminal")
def test_quiet_has_none() -> None:
    with progress("reading", lambda: 100, quiet=True) as tell:
        assert tell is None


def test_a_pipe_has_none() -> None:
    with progress("reading", lambda: 100) as tell:
        assert tell is None


@pytest.mark.parametrize("words", ["{}/a.txt {}", "--batch {}/b.jsonl"])
def test_files_and_batches_show_it(
    run: Run, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: str
) -> None:
    (tmp_path / "a.txt").write_text("hello", encoding="utf-8")
    line = {"custom_id": "1", "url": "/v1/chat/completions", "body": BODY}
    (tmp_path / "b.jsonl").write_text(json.dumps(line), encoding="utf-8")
    monkeypatch.setattr(module, "PATIENCE", -1)
    result = run("tokens " + words.format(tmp_path, tmp_path))

    assert result.status == 0
    assert "\x1b" in terminal.getvalue()


@pytest.mark.parametrize("words", ["{}/docs", "{}/docs/u.txt", "--batch {}/b.jsonl", "--batch {}/b.jsonl.gz"])
def test_a_bar_ends_at_100_percent(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: str) -> None:
    """Binary files are passed over after their first bytes; packed ones and UTF-16 have another size than their text."""
    bars: list[tuple[list[int], int | None]] = []

    @contextmanager
    def counting(_label: str, total: Callable[[], int | None], *, quiet: bool) -> Iterator[Callable[[int], None]]:
        assert not quiet
        told: list[int] = []
        yield told.append
        bars.append((told, total()))

    for user in ("files", "batch"):
        folder = "llmcost.shell" if user == "files" else "llmcost.commands.tokens"
        monkeypatch.setattr(f"{folder}.{user}.progress", counting)
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_bytes(b"a word and " * 9)
    (docs / "b.bin").write_bytes(b"\0" * (3 << 20))
    (docs / "c.txt.gz").write_bytes(gzip.compress(b"a word and " * 9))
    (docs / "u.txt").write_bytes("a word and".encode("utf-16"))
    batch = json.dumps({"custom_id": "1", "url": "/v1/chat/completions", "body": BODY}).encode()
    (tmp_path / "b.jsonl").write_bytes(batch)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(batch))

    assert run(f"tokens {words.format(tmp_path)}").status == 0
    ((told, total),) = bars
    assert sum(told) == total


def test_a_bar_that_was_interrupted_while_it_was_set_up_gives_the_cursor_back(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", -1)

    def interrupted(_console: object, _hook: object) -> None:
        raise KeyboardInterrupt

    def work() -> None:
        with progress("reading", lambda: 100) as tell:
            assert tell is not None
            tell(10)

    monkeypatch.setattr("rich.console.Console.push_render_hook", interrupted)
    with pytest.raises(KeyboardInterrupt):
        work()

    shown = terminal.getvalue()
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")
