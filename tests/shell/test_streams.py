"""Messages on a terminal are broken between words, and come as they are through a pipe."""

from __future__ import annotations

import io
import sys

import pytest

from llmcost.shell.streams import columns, say


class Terminal(io.StringIO):
    """Standard error that is a terminal without a size."""

    def isatty(self) -> bool:
        return True


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
