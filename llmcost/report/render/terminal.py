"""A table that is laid out already, drawn by Rich in the colors of a terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD, Box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..report import Column, Row
from ..tones import COLORS, of_cell

_ASCII_HEAD: Box = Box("    \n    \n -- \n    \n    \n -- \n    \n    \n")


def drawn(
    heads: Sequence[tuple[Column, str]], rows: Sequence[tuple[Row, Sequence[str]]], width: int, *, unicode: bool
) -> Iterator[str]:
    """Yield the lines of a table of this width: the labels of the columns, a rule, and the rows with their texts.

    The console is our own: what Rich guesses about pipes, CI and widths does not count.
    """
    table = Table(box=SIMPLE_HEAD if unicode else _ASCII_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for column, label in heads:
        table.add_column(Text(label), justify="right" if column.kind.numeric else "left", no_wrap=True)
    for row, texts in rows:
        tones = [of_cell(row, column) for column, _ in heads]
        styles = ["" if tone is None else f"color({COLORS[tone]})" for tone in tones]
        table.add_row(*map(Text, texts, styles), style="bold" if row.total else None)
    file = io.StringIO()
    console = Console(
        file=file,
        width=width + len(heads),
        height=1,
        force_terminal=True,
        color_system="256",
        legacy_windows=False,
        _environ={},
    )
    console.print(table, soft_wrap=False)
    yield from (line.rstrip() for line in file.getvalue().strip("\n").splitlines())
