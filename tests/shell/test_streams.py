"""What goes to terminals and pipes: messages between words, data in the bytes of a file."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from llmcost.shell.main import main
from llmcost.shell.streams import columns, say

from ..conftest import Run, Terminal
from .test_ci_formats import CONFIG


def told(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, *lines: str, color: bool = False) -> str:
    """What these lines are on a standard error of 40 columns."""
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("COLUMNS", "40")
    say(*lines, color=color)
    return stream.getvalue()


LINE = "FAIL: openai/gpt-4o costs $9,750.00 a month, above the limit of $500.00"


def test_no_amount_is_broken_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(Terminal(), monkeypatch, LINE, "  see: llmcost models " + "x" * 40).splitlines() == [
        "FAIL: openai/gpt-4o costs $9,750.00 a",
        "  month, above the limit of $500.00",
        "  see: llmcost models",
        "    " + "x" * 40,
    ]


def test_a_color_spans_the_lines_of_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    said = told(Terminal(), monkeypatch, LINE, color=True)

    assert (said.count("\x1b["), said.endswith("$500.00\x1b[0m\n")) == (2, True)


def test_a_pipe_gets_whole_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(io.StringIO(), monkeypatch, LINE) == f"{LINE}\n"


def test_a_terminal_that_does_not_tell_its_size_has_no_width() -> None:
    assert columns(Terminal(), {"COLUMNS": "0"}) is None


class Pipe(io.TextIOWrapper):
    """Standard output into a pipe as it is on Windows: one byte a character, and "\\r\\n" for each "\\n"."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="cp1252", newline="\r\n")


@pytest.mark.untraced
@pytest.mark.parametrize("format_", ["json", "csv", "md", "svg", "html", "junit", "sarif"])
def test_a_pipe_gets_the_bytes_of_the_file_on_windows_too(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, format_: str
) -> None:
    config = CONFIG.replace("bot", '"bötß→"')
    (tmp_path / "c.yaml").write_text(config, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(f"check --config c.yaml -f {format_} -o file").status == 1
    monkeypatch.setattr(sys, "stdout", pipe := Pipe())

    assert main(["check", "--config", "c.yaml", "-f", format_]) == 1
    assert pipe.buffer.getvalue() == (tmp_path / "file").read_bytes()  # type: ignore[attr-defined]


@pytest.mark.untraced
@pytest.mark.parametrize(
    "command", ["bench", "frontier", "guide estimate", "guide", "recommend --task reasoning --plot"]
)
def test_a_code_page_shows_signs_that_it_has(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setattr(sys, "stdout", pipe := Pipe())

    assert main(command.split()) in (0, 2)
    assert "\\u" not in pipe.buffer.getvalue().decode("cp1252")  # type: ignore[attr-defined]
