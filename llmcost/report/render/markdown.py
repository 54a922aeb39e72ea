"""A Report as GitHub-flavoured Markdown."""

from __future__ import annotations

import re

from ..report import Report, Row, Table
from ..screen import CONTROL
from .marks import Marks


def render(report: Report) -> str:
    """Return the headline, the human tables, the assumptions and the notes."""
    marks = Marks(report)
    parts = [f"**{_escaped(report.headline)}**"]
    for table in report.tables:
        if table.human and table.rows:
            title = f"### {_escaped(table.title)}\n\n" if table.title else ""
            parts.append(title + _table(table, marks))
    if report.chart is not None:
        from .chart import draw

        drawn = "\n".join(draw(report.chart, None))
        parts.append(f"```text\n{drawn}\n```\n\n{_escaped(report.chart.legend)}")
    if report.sentences:
        parts.append("  \n".join(map(_escaped, report.sentences)))
    if report.assumptions:
        parts.append("\n".join(f"- {_escaped(line)}" for line in report.assumptions))
    if marks.numbered:
        parts.append("\n".join(f"- [{number}] {_escaped(note.text)}" for note, number in marks.numbered.items()))
    return "\n\n".join(parts) + "\n"


def _table(table: Table, marks: Marks) -> str:
    head = "| " + " | ".join(_escaped(column.label) for column in table.columns) + " |"
    rule = "|" + "|".join(" ---: " if column.kind.numeric else " --- " for column in table.columns) + "|"
    return "\n".join([head, rule, *(_row(row, table, marks) for row in table.rows)])


def _row(row: Row, table: Table, marks: Marks) -> str:
    cells = [_escaped(text) for text in marks.cells(row, table.columns)]
    if row.total:
        cells = [f"**{text}**" if text else "" for text in cells]
    return "| " + " | ".join(cells) + " |"


def _escaped(text: str) -> str:
    """Return a text that no Markdown reader takes for a mark-up of its own."""
    return re.sub(r"([\\`*_<>|~\[\]#&])", r"\\\1", CONTROL.sub(" ", text))
