"""A progress bar on standard error, for work that takes long on a terminal; nowhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..report.safe import safe

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0
"""Seconds before a bar is shown: most work has ended by then."""


@contextmanager
def progress(
    label: str, total: Callable[[], int | None], *, quiet: bool = False
) -> Iterator[Callable[[int], None] | None]:
    """Give a function to be told how many bytes were read; None where there is no terminal.

    `total` is asked for all of them (None: not known) when the bar is first drawn.
    """
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    bar = _Bar(label, total)
    try:
        yield bar.advance
    finally:
        bar.stop()


class _Bar:
    """Counts what was done; draws with Rich once that has taken a while."""

    def __init__(self, label: str, total: Callable[[], int | None]) -> None:
        self.label = label
        self.total = total
        self.done = 0
        self.start = time.monotonic()
        self.drawn: Progress | None = None

    def advance(self, size: int) -> None:
        self.done += size
        if self.drawn is None and time.monotonic() - self.start > PATIENCE:
            self._draw()
        if self.drawn is not None:
            self.drawn.update(self.drawn.task_ids[0], completed=self.done)

    def stop(self) -> None:
        if self.drawn is None:
            return
        try:
            self.drawn.stop()
        except IndexError:  # interrupted while Rich was setting up: it has nothing to take down but the hidden cursor
            self.drawn.console.show_cursor()

    def _draw(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self.drawn = Progress(*columns, console=Console(file=sys.stderr), transient=True)
        self.drawn.add_task(safe(self.label), total=self.total())
        self.drawn.start()
