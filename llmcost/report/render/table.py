"""A Report for a terminal, drawn with Rich.

No number is ever cut: where the terminal is too narrow, long names are broken, then optional columns go, then the
columns go on in a table below, and where that is not enough each row is stacked, one line a column. Without a width
(a pipe) a table has its natural width.
"""

from __future__ import annotations

import io
import re
import textwrap
from dataclasses import dataclass
from typing import Literal

from rich.box import SIMPLE_HEAD, Box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from ..depth import MOST_CHANGES, MOST_LINES, MOST_NOTES, at_depth, more_words
from ..report import Column, Depth, Report, Table, naming
from ..safe import shortened
from ..screen import Screen
from ..tones import COLORS, Tone, of_cell, of_line, painted
from .marks import Marks

_LEAST_NAME = 24
"""Names are not broken into pieces shorter than this."""
_MARKS = re.compile(r"( (?:\[\d+\])+)$")
_ASCII_HEAD: Box = Box("    \n    \n -- \n    \n    \n -- \n    \n    \n", ascii=True)


def render(report: Report, screen: Screen, depth: Depth = Depth.WHOLE) -> str:
    """The headline and the human tables for a screen; below them, as the depth asks, what was assumed and the notes.

    Where a short answer has too many lines, its notes give way, then rows, then changes.
    """
    if depth is not Depth.SHORT:
        return _text(report, screen, depth, 0 if depth is Depth.ANSWER else None)
    pressing = sum(x.pressing for x in Marks(at_depth(report, depth), MOST_NOTES).kept)
    most_changes = min(len(report.changes), MOST_CHANGES)
    most_rows = max((x.short or 0 for x in report.tables), default=0)
    smaller = [
        *((notes, most_changes, 0) for notes in range(MOST_NOTES, pressing, -1)),
        *((pressing, most_changes, fewer) for fewer in range(most_rows)),
        *((pressing, changes, most_rows) for changes in range(most_changes, -1, -1)),
    ]
    for most, changes, fewer in smaller:
        text = _text(report, screen, depth, most, fewer, changes)
        if text.count("\n") <= MOST_LINES:
            break
    return text


def _text(report: Report, screen: Screen, depth: Depth, most: int | None, fewer: int = 0, changes: int = 0) -> str:
    shown = at_depth(report, depth, fewer, changes)
    marks = Marks(shown, most)
    parts = [_bold(_wrapped(report.headline, screen, ""), screen)]
    left_out, meanings = 0, []
    for table in shown.tables:
        if table.rows:
            title = [_bold(_wrapped(table.heading, screen, ""), screen)] if table.title else []
            drawing = _Drawing(table, marks, screen, depth)
            columns = drawing.fitting()
            left_out += sum(x.whole for x in table.columns if x not in columns)
            meanings += [x.means for x in columns if x.means]
            parts.append("\n".join([*title, drawing.text(columns)]))
    notes = [f"{mark} {text}" for mark, text in marks]
    more = more_words(report, shown, len(notes), left_out) if depth is Depth.SHORT else ""
    below: tuple[list[str], ...] = (
        [_wrapped(line, screen, "  ", of_line(line)) for line in shown.sentences],
        [_wrapped(line, screen, "  ", Tone.ASIDE) for line in (*meanings, *shown.assumptions, *shown.details)],
        [_wrapped(line, screen, "    " if line[0] == "[" else "  ", Tone.ASIDE) for line in notes],
        [_wrapped(line, screen, "  ", Tone.ASIDE) for line in (more,) if line],
    )
    if depth is Depth.SHORT:
        below = ([line for lines in below for line in lines],)
    texts = ["\n".join(lines) for lines in below if lines]
    if report.plot is not None:
        room = MOST_LINES - "\n\n".join([*parts, "", *texts]).count("\n") if depth is Depth.SHORT else None
        parts.append("\n".join(_chart(report, screen, room)))
    return "\n\n".join([*parts, *texts]) + "\n"


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A table on its way onto a screen."""

    table: Table
    marks: Marks
    screen: Screen
    depth: Depth

    def text(self, columns: tuple[Column, ...]) -> str:
        """The table with these columns, or in the widest form that fits."""
        drawn = self.drawn(columns) if columns else None
        if drawn is None:
            return self.parts() or self.stacked()
        left_out_columns = [x for x in self.table.columns if x not in columns and self.depth is Depth.WHOLE]
        missing = ", ".join(column.label for column in left_out_columns)
        left_out = [_wrapped(f"(too narrow for: {missing})", self.screen, "")] if missing else []
        return "\n".join([*_lines(drawn, color=self.screen.color), *left_out])

    def fitting(self) -> tuple[Column, ...]:
        """The required columns, and as many optional ones as fit the screen beside whole names.

        Optional columns of one number come together, the lowest first. A whole report requires its `whole` ones; else
        names are broken for them as for required ones.
        """
        columns = self.table.columns
        required = [x for x in columns if not x.optional or (x.whole and self.depth is Depth.WHOLE)]
        chosen = tuple(required)
        for rank in sorted({column.optional for column in columns if column not in required}):
            more = tuple(column for column in columns if column in chosen or column.optional == rank)
            if self.drawn(more, whole_names=not all(x.whole for x in more if x not in chosen)):
                chosen = more
        return chosen

    def drawn(self, columns: tuple[Column, ...], *, whole_names: bool = False) -> RichTable | None:
        """The columns if they fit the screen, labels and, unless they stay whole, names on several lines; else None.

        Where names on several lines are not enough, the longest text is.
        """
        drawn = self.draw(columns)
        if self.screen.width is None or max(map(cell_len, _lines(drawn, color=False))) <= self.screen.width:
            return drawn
        widths = self.widths(columns)
        free = self.screen.width - sum(widths) - 2 * (len(widths) - 1)
        texts = [place for place, column in enumerate(columns) if not column.kind.numeric]
        name = columns.index(naming(columns))
        longest = max(texts, key=widths.__getitem__, default=0)
        for place in (name,) if whole_names else (name, longest):
            room = free + widths[place]
            least = min(widths[place], _LEAST_NAME) if texts and not whole_names else widths[place]
            if room >= least:
                return self.draw(columns, fold=(place, room))
        return None

    def parts(self) -> str | None:
        """Tables that fit the screen, each with the names and some of the columns.

        None where one is too wide, or where names do not tell the rows apart.
        """
        name = naming(self.table.columns)
        if len({row.values[name.key] for row in self.table.rows}) < len(self.table.rows):
            return None
        parts: list[tuple[Column, ...]] = []
        for column in self.table.columns:
            if column is name:
                continue
            if parts and self.drawn((*parts[-1], column)):
                parts[-1] = (*parts[-1], column)
            elif self.drawn((name, column)):
                parts.append((name, column))
            else:
                return None
        drawn = [x for part in parts if (x := self.drawn(part))]
        return "\n\n".join("\n".join(_lines(part, color=self.screen.color)) for part in drawn)

    def stacked(self) -> str:
        """Each row as a block of lines, `label  value`."""
        labels = [self.screen.spelled(column.label) for column in self.table.columns]
        width = max(map(cell_len, labels))
        blocks = (
            "\n".join(f"{label.ljust(width)}  {text}" for label, text in zip(labels, texts, strict=True) if text)
            for texts in self.cells(self.table.columns)
        )
        return "\n\n".join(blocks)

    def cells(self, columns: tuple[Column, ...]) -> list[list[str]]:
        """The texts of each row."""
        return [[*map(self.screen.spelled, self.marks.cells(row, columns))] for row in self.table.rows]

    def widths(self, columns: tuple[Column, ...]) -> list[int]:
        """The width of each column with its label broken at every word."""
        rows = [map(cell_len, texts) for texts in self.cells(columns)]
        labels = [max(map(cell_len, _pieces(self.screen.spelled(column.label)) or [""])) for column in columns]
        return [max(column) for column in zip(labels, *rows, strict=True)]

    def draw(self, columns: tuple[Column, ...], *, fold: tuple[int, int] | None = None) -> RichTable:
        """The columns as Rich draws them; with `fold`, one is at most so wide and labels are as wide as the cells."""
        box = SIMPLE_HEAD if self.screen.unicode else _ASCII_HEAD
        drawn = RichTable(box=box, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
        labels = [self.screen.spelled(column.label) for column in columns]
        if fold is not None:
            labels = _lowered(labels, self.widths(columns))
        for column, label in zip(columns, labels, strict=True):
            justify: Literal["left", "right"] = "right" if column.kind.numeric else "left"
            drawn.add_column(Text(label), justify=justify, no_wrap=True)
        for row, texts in zip(self.table.rows, self.cells(columns), strict=True):
            if fold is not None:
                texts[fold[0]] = _broken(texts[fold[0]], fold[1])
            tones = (of_cell(row, column) for column in columns)
            cells = [
                Text(text, "" if tone is None else f"color({COLORS[tone]})")
                for text, tone in zip(texts, tones, strict=True)
            ]
            drawn.add_row(*cells, style="bold" if row.total else None)
        return drawn


def _chart(report: Report, screen: Screen, room: int | None) -> list[str]:
    """The chart and its legend; `room` is the number of lines that there is room for."""
    from ..charts import plotted
    from .chart import LEAST_WIDTH, draw, legend

    chart = plotted(report)
    if chart is None:
        return []
    if screen.width is not None and screen.width < LEAST_WIDTH:
        return [_wrapped(f"(too narrow for the chart: it needs {LEAST_WIDTH} columns)", screen, "")]
    words = _wrapped(legend(chart), screen, "  ")
    lines = draw(chart, screen.width, None if room is None else room - words.count("\n") - 1)
    return [*map(screen.spelled, lines), words]


def _lowered(labels: list[str], widths: list[int]) -> list[str]:
    """Labels broken between their pieces to these widths, all of the same number of lines, the blank ones first."""
    broken = [_filled(_pieces(label), width) for label, width in zip(labels, widths, strict=True)]
    height = max(map(len, broken))
    return ["\n".join([""] * (height - len(lines)) + lines) for lines in broken]


def _pieces(label: str) -> list[str]:
    """The parts between which a label may be broken: its words, and names also behind their hyphens."""
    return re.findall(r"\S+?(?:-(?=\w)|(?!\S)\s?)", label)


def _filled(pieces: list[str], width: int) -> list[str]:
    """Pieces on as few lines of this width as they fill in order."""
    lines = [""]
    for piece in pieces:
        if lines[-1] and cell_len((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _broken(name: str, width: int) -> str:
    """A name on lines of at most this width, broken after punctuation if possible; further lines are indented.

    The marks at its end are put on its first line, so that their numbers are read in order.
    """
    name, *rest = _MARKS.split(name)
    marks = "".join(rest)
    lines, longest = [""], max(1, width - 3 - len(marks))
    for part in re.findall(rf"(?:[^/\-_ .]|\.(?=\d)){{0,{longest}}}(?:[/\-_ ]|\.(?!\d))?", name):
        room = width if lines[1:] else width - len(marks)
        if lines[-1] and cell_len((lines[-1] + part).rstrip()) > room:
            lines.append("  ")
        lines[-1] += part
    lines[0] = f"{lines[0].rstrip()}{marks}"
    return "\n".join(line.rstrip() for line in lines)


def _lines(drawn: RichTable, *, color: bool) -> list[str]:
    """What Rich draws, on a console of our own: what Rich guesses about pipes, CI and widths does not count."""
    file = io.StringIO()
    texts = ((column.header, *column.cells) for column in drawn.columns)
    widths = (max(cell_len(line) for text in column for line in str(text).split("\n")) for column in texts)
    console = Console(
        file=file,
        width=sum(widths) + 3 * len(drawn.columns),
        height=1,
        force_terminal=color,
        color_system="256" if color else None,
        no_color=not color,
        legacy_windows=False,
        _environ={},
    )
    console.print(drawn, soft_wrap=False)
    return [line.rstrip() for line in file.getvalue().strip("\n").splitlines()]


def _bold(text: str, screen: Screen) -> str:
    return f"\x1b[1m{painted(text, of_line(text))}\x1b[0m" if screen.color else text


def _wrapped(text: str, screen: Screen, indent: str, tone: Tone | None = None) -> str:
    """A sentence on as many lines as the screen needs; a pipe gets it on one."""
    text = screen.spelled(shortened(text))
    lines = [text]
    if screen.width is not None:
        lines = textwrap.wrap(
            text, max(screen.width, 20), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
    joined = "\n".join(lines)
    return painted(joined, tone) if screen.color else joined
