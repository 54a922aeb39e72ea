"""How far a trial is, in one line on a terminal; nowhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ...report.safe import safe
from ...shell.streams import say

if TYPE_CHECKING:
    from rich.progress import Progress

_EVERY = 0.25
"""Seconds between two computations of the line."""
_BAR = 6
"""Width of the bar in characters."""


class Shown:
    """The line, drawn by Rich: what was done of all, and words beside it."""

    def __init__(self, total: int, words: Callable[[], Sequence[str]], drawn: Progress | None) -> None:
        self._words = words
        self._drawn = drawn
        self._next = 0.0
        self._stopping = False
        if drawn is not None:
            drawn.add_task("", total=total)
            self._draw(0)

    def told(self, done: int, trouble: str = "") -> None:
        """Draw the line anew, if it is time to; `trouble` is what just went wrong."""
        now = time.monotonic()
        if self._drawn is not None and (trouble or now >= self._next):
            self._draw(done, trouble)
            self._next = now + _EVERY

    def stopping(self) -> None:
        """Say that no new request is sent."""
        if self._drawn is None:
            say("stopping: requests on their way end first; Ctrl-C again stops at once")
        else:
            self._stopping = True
            self._draw()

    def ended(self, words: str) -> None:
        """Say that nothing is waited for, in a line that stays."""
        if self._drawn is not None:
            self._drawn.stop()
        say(words)

    def _draw(self, done: int | None = None, trouble: str = "") -> None:
        if self._drawn is None:
            return
        first = "stopping (Ctrl-C again: at once)" if self._stopping else trouble
        text = in_lines([first, *self._words()], self._drawn.console.width - _BAR - 1)
        self._drawn.update(self._drawn.task_ids[0], completed=done, description=text)


def in_lines(parts: Sequence[str], width: int) -> str:
    """Parts with commas between them; each is whole on a line, where the width has room for it."""
    lines: list[str] = []
    for part in filter(None, map(safe, parts)):
        if lines and len(lines[-1]) + len(part) + 2 <= width:
            lines[-1] += f", {part}"
        else:
            lines.append(part)
    return "\n".join(lines)


@contextmanager
def shown(total: int, words: Callable[[], Sequence[str]], *, quiet: bool = False) -> Iterator[Shown]:
    """Give the line to be told how many of `total` calls are done; `words` stand beside the bar."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield Shown(total, words, None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (BarColumn(bar_width=_BAR), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as drawn:
        yield Shown(total, words, drawn)
