"""A Report for a terminal, whose tables Rich colors, and in the same look for a pipe or a file.

No number is ever cut: where the terminal is too narrow, long names are broken, then optional columns go, then the
columns go on in a table below, and where that is not enough each row is stacked, one line a column. Without a width
(a pipe) a table has its natural width.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from ...lazy import pattern
from ..depth import MOST_CHANGES, MOST_LINES, MOST_NOTES, at_depth, more_words
from ..report import Column, Depth, Report, Table, naming
from ..safe import shortened
from ..screen import Screen
from ..tones import Tone, of_line, painted
from .marks import Marks

_LEAST_NAME = 24
"""Names are not broken into pieces shorter than this."""
_MARKS = pattern(r"( (?:\[\d+\])+)$")
_SINGLE = pattern("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027]*")
"""Characters of one cell each: to load the table of Rich takes 1.3 ms."""
_GAP = "  "


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


class _Strip(NamedTuple):
    """A column as it is drawn: its label and cells, their width, and that with the label broken at every word."""

    column: Column
    label: str
    texts: Sequence[str]
    width: int
    least: int

    def with_lines(self, label: str, texts: Sequence[str]) -> _Strip:
        """The column with a label and cells of several lines."""
        width = max(_cells(line) for text in (label, *texts) for line in text.split("\n"))
        return self._replace(label=label, texts=texts, width=width)

    def padded(self, text: str) -> str:
        """A text as wide as the column."""
        room = " " * (self.width - _cells(text))
        return room + text if self.column.kind.numeric else text + room


class _Drawing:
    """A table on its way onto a screen."""

    def __init__(self, table: Table, marks: Marks, screen: Screen, depth: Depth) -> None:
        self.table, self.marks, self.screen, self.depth = table, marks, screen, depth
        self.strips: dict[tuple[Column, bool], _Strip] = {}

    def text(self, columns: tuple[Column, ...]) -> str:
        """The table with these columns, or in the widest form that fits."""
        strips = self.fitted(columns) if columns else None
        if strips is None:
            return self.parts() or self.stacked()
        left_out_columns = [x for x in self.table.columns if x not in columns and self.depth is Depth.WHOLE]
        missing = ", ".join(column.label for column in left_out_columns)
        left_out = [_wrapped(f"(too narrow for: {missing})", self.screen, "")] if missing else []
        return "\n".join([*self.lines(strips), *left_out])

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
            if self.fitted(more, whole_names=not all(x.whole for x in more if x not in chosen)):
                chosen = more
        return chosen

    def fitted(self, columns: tuple[Column, ...], *, whole_names: bool = False) -> list[_Strip] | None:
        """The columns if they fit the screen, labels and, unless they stay whole, names on several lines; else None.

        Where names on several lines are not enough, the longest text is.
        """
        strips = self.columns(columns)
        if self.screen.width is None or _breadth(x.width for x in strips) <= self.screen.width:
            return strips
        free = self.screen.width - _breadth(x.least for x in strips)
        texts = [x for x in strips if not x.column.kind.numeric]
        name = texts[0] if texts else strips[0]
        longest = max(texts or [name], key=lambda x: x.least)
        for broken in (name,) if whole_names else (name, longest):
            room = free + broken.least
            if room >= (min(broken.least, _LEAST_NAME) if texts and not whole_names else broken.least):
                labels = _lowered([x.label for x in strips], [x.least for x in strips])
                return [
                    x.with_lines(label, [_broken(text, room) for text in x.texts] if x is broken else x.texts)
                    for x, label in zip(strips, labels, strict=True)
                ]
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
            if parts and self.fitted((*parts[-1], column)):
                parts[-1] = (*parts[-1], column)
            elif self.fitted((name, column)):
                parts.append((name, column))
            else:
                return None
        return "\n\n".join("\n".join(self.lines(x)) for part in parts if (x := self.fitted(part)))

    def stacked(self) -> str:
        """Each row as a block of lines, `label  value`, texts on several lines where the screen needs it."""
        strips = self.columns(self.table.columns)
        width = max(_cells(x.label) for x in strips) + len(_GAP)
        room = max((self.screen.width or 0) - width, _LEAST_NAME)

        def line(strip: _Strip, text: str) -> str:
            lines = text if strip.column.kind.numeric or _cells(text) <= room else _broken(text, room)
            return strip.label.ljust(width) + lines.replace("\n", "\n" + " " * width)

        blocks = zip(*(x.texts for x in strips), strict=True)
        return "\n\n".join("\n".join(line(*x) for x in zip(strips, texts, strict=True) if x[1]) for texts in blocks)

    def columns(self, columns: tuple[Column, ...]) -> list[_Strip]:
        """The columns with every text on one line; the first of text has the marks of the rows."""
        name = naming(columns)
        return [self.strip(x, x is name) for x in columns]

    def strip(self, column: Column, named: bool) -> _Strip:
        """A column with its texts on one line each, which are made once."""
        if (column, named) not in self.strips:
            spelled = self.screen.spelled
            label = spelled(column.label)
            texts = [spelled(self.marks.cell(row, column, named=named)) for row in self.table.rows]
            widest = max(map(_cells, texts))
            least = max([widest, *map(_cells, _pieces(label))])
            self.strips[column, named] = _Strip(column, label, texts, max(widest, _cells(label)), least)
        return self.strips[column, named]

    def lines(self, strips: Sequence[_Strip]) -> Iterator[str]:
        """Yield the lines of a table: labels, a rule, and the rows. Rich colors them for a terminal.

        A pipe and a file get the same look without it, in a tenth of the time.
        """
        texts = zip(*(x.texts for x in strips), strict=True)
        breadth = _breadth(x.width for x in strips)
        if self.screen.color:
            from .terminal import drawn

            heads = [(x.column, x.label) for x in strips]
            yield from drawn(heads, [*zip(self.table.rows, texts, strict=True)], breadth, unicode=self.screen.unicode)
            return
        yield from _row(strips, [x.label for x in strips])
        yield ("─" if self.screen.unicode else "-") * breadth
        for row in texts:
            yield from _row(strips, row)


def _row(strips: Sequence[_Strip], texts: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a row."""
    for lines in zip_longest(*(text.split("\n") for text in texts), fillvalue=""):
        yield _GAP.join(map(_Strip.padded, strips, lines)).rstrip()


def _breadth(widths: Iterable[int]) -> int:
    """The width of a row of columns of these widths."""
    return sum(width + len(_GAP) for width in widths) - len(_GAP)


def _cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    if text.isascii() or _SINGLE.fullmatch(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


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
        if lines[-1] and _cells((lines[-1] + piece).rstrip()) > width:
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
        if lines[-1] and _cells((lines[-1] + part).rstrip()) > room:
            lines.append("  ")
        lines[-1] += part
    lines[0] = f"{lines[0].rstrip()}{marks}"
    return "\n".join(line.rstrip() for line in lines)


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
