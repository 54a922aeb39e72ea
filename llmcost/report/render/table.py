"""A Report for a terminal, drawn with Rich.

No number is ever cut: where the terminal is too narrow, the optional columns go, and where that is not enough each row
is stacked, one line a column. Without a width (a pipe) a table has its natural width.
"""

from __future__ import annotations

import io
import textwrap

from rich.box import SIMPLE_HEAD, Box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from ..report import Chart, Column, Report, Table
from ..screen import Screen
from .marks import Marks

_ASCII_HEAD: Box = Box("    \n    \n -- \n    \n    \n -- \n    \n    \n", ascii=True)


def render(report: Report, screen: Screen) -> str:
    """Return the headline, the human tables, the assumptions and the notes, for a screen."""
    marks = Marks(report)
    parts = [_wrapped(report.headline, screen, "", bold=True)]
    for table in report.tables:
        if table.human and table.rows:
            title = [_wrapped(table.title, screen, "", bold=True)] if table.title else []
            parts.append("\n".join([*title, _table(table, marks, screen)]))
    if report.chart is not None:
        parts.append("\n".join(_chart(report.chart, screen)))
    if report.sentences:
        parts.append("\n".join(_wrapped(line, screen, "  ") for line in report.sentences))
    if report.assumptions:
        parts.append("\n".join(_wrapped(line, screen, "  ") for line in report.assumptions))
    if marks.numbered:
        notes = [_wrapped(f"[{number}] {note.text}", screen, "    ") for note, number in marks.numbered.items()]
        parts.append("\n".join(notes))
    return "\n\n".join(parts) + "\n"


def _table(table: Table, marks: Marks, screen: Screen) -> str:
    columns, drawn = table.columns, _draw(table, table.columns, marks, screen)
    lines = _lines(drawn, color=False)
    while screen.width is not None and max(map(cell_len, lines)) > screen.width:
        least = max(column.optional for column in columns)
        if not least:
            return _stacked(table, marks, screen)
        columns = tuple(column for column in columns if column.optional != least)
        drawn = _draw(table, columns, marks, screen)
        lines = _lines(drawn, color=False)
    if screen.color:
        lines = _lines(drawn, color=True)
    missing = ", ".join(column.label for column in table.columns if column not in columns)
    left_out = [_wrapped(f"(too narrow here for: {missing})", screen, "")] if missing else []
    return "\n".join([*lines, *left_out])


def _chart(chart: Chart, screen: Screen) -> list[str]:
    from .chart import LEAST_WIDTH, draw

    if screen.width is not None and screen.width < LEAST_WIDTH:
        return [_wrapped(f"(too narrow here for the chart: it takes {LEAST_WIDTH} columns)", screen, "")]
    return [*map(screen.spelled, draw(chart, screen.width)), _wrapped(chart.legend, screen, "  ")]


def _stacked(table: Table, marks: Marks, screen: Screen) -> str:
    """Return each row as a block of lines, `label  value`."""
    width = max(cell_len(column.label) for column in table.columns)
    blocks = []
    for row in table.rows:
        texts = map(screen.spelled, marks.cells(row, table.columns))
        lines = [
            f"{screen.spelled(c.label).ljust(width)}  {text}"
            for c, text in zip(table.columns, texts, strict=True)
            if text
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _draw(table: Table, columns: tuple[Column, ...], marks: Marks, screen: Screen) -> RichTable:
    drawn = RichTable(
        box=SIMPLE_HEAD if screen.unicode else _ASCII_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0)
    )
    for column in columns:
        label = Text(screen.spelled(column.label))
        drawn.add_column(label, justify="right" if column.kind.numeric else "left", no_wrap=True)
    for row in table.rows:
        texts = [Text(screen.spelled(text)) for text in marks.cells(row, columns)]
        drawn.add_row(*texts, style="bold" if row.total else None)
    return drawn


def _lines(drawn: RichTable, *, color: bool) -> list[str]:
    """Return what Rich draws, on a console of our own: what Rich guesses about pipes, CI and widths does not count."""
    file = io.StringIO()
    widths = (max(cell_len(str(cell)) for cell in (column.header, *column.cells)) for column in drawn.columns)
    console = Console(
        file=file,
        width=sum(widths) + 3 * len(drawn.columns),
        height=1,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        _environ={},
    )
    console.print(drawn, soft_wrap=False)
    return [line.rstrip() for line in file.getvalue().strip("\n").splitlines()]


def _wrapped(text: str, screen: Screen, indent: str, *, bold: bool = False) -> str:
    """Return a sentence on as many lines as the screen needs; a pipe gets it on one."""
    text = screen.spelled(text)
    lines = [text]
    if screen.width is not None:
        lines = textwrap.wrap(
            text, max(screen.width, 20), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
    joined = "\n".join(lines)
    return f"\x1b[1m{joined}\x1b[0m" if bold and screen.color else joined
