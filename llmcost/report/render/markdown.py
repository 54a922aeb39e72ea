"""A Report as GitHub-flavoured Markdown: for a page, and, of a check or a diff, for a comment on a pull request.

A comment starts with a hidden marker by which it is found again, and is below the 65,536 characters that GitHub takes:
what does not fit is left out from the end, and what that was stands in its last line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...lazy import dataclass, pattern
from ..depth import MOST_NOTES, at_depth, more_words
from ..report import Depth, Report, Row, Table, naming
from ..safe import safe, shortened
from ..words import some
from .marks import Marks

COMMENT = 65_536
"""Characters that the body of a comment on GitHub must stay below."""

_ROOM_TO_SAY = 400
_LINKED = pattern(
    r"(?<=(?<!\w)@)(?=\w)|(?<=@)(?=[\w\\-]+\.)|(?<=#)(?=\d)|(?<=\bGH-)(?=\d)|(?<=:)(?=//)|(?<=\bwww)(?=\.)",
    re.IGNORECASE,
)
_APART = "&#8203;"
"""A space of no width, where GitHub would make a link: it looks for them after escapes are read."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that stand together, `between` them; the first `head` only make sense with others; `ends` closes them."""

    what: str
    lines: list[str]
    head: int = 0
    ends: str = ""
    between: str = "\n"

    @property
    def text(self) -> str:
        return self.between.join(self.lines) + self.ends

    def cut(self, room: int) -> _Block | None:
        """The block with the lines that fit; None if none do."""
        size, kept = len(self.ends), 0
        for line in self.lines:
            size += len(line) + len(self.between)
            if size > room:
                break
            kept += 1
        return replace(self, lines=self.lines[:kept]) if kept > self.head else None


def render(report: Report, limit: int | None = None, *, depth: Depth = Depth.WHOLE) -> str:
    """The headline and the human tables, what was assumed and the notes as the depth asks, below `limit` characters.

    By itself a comment has the limit of one, any other page none. A comment has everything: findings stand before the
    tables, and what explains the figures is folded.
    """
    whole = report
    if not report.marker:
        report = at_depth(report, depth)
    else:
        depth = Depth.WHOLE
    marks = Marks(report, {Depth.ANSWER: 0, Depth.SHORT: MOST_NOTES}.get(depth))
    headline = f"**{_escaped(report.headline)}**"
    blocks = _tables(report, marks)
    if report.sentences:
        said = _Block("line", list(map(_sentence, report.sentences)), between="  \n")
        blocks.insert(0 if report.marker else len(blocks), said)
    explained = _explained(report, marks)
    if report.marker:
        headline = f"{report.marker}\n{headline}"
        blocks += _folded(explained)
        limit = limit or COMMENT
    else:
        blocks += explained
        if depth is Depth.SHORT and (more := more_words(whole, report, len(marks.kept))):
            blocks.append(_Block("line", [_sentence(more)]))
    return _joined([_Block("", [headline]), *blocks], limit)


def unjudged(faults: Sequence[str], hints: Sequence[str]) -> str:
    """The page of a check that could not run."""
    lines = [f"- {_sentence(line)}" for line in (*faults, *hints)]
    return _joined([_Block("", ["**UNJUDGED: nothing was checked**"]), _Block("line", lines)], COMMENT)


def _tables(report: Report, marks: Marks) -> list[_Block]:
    blocks = [_table(table, marks) for table in report.tables if table.rows]
    if report.plot is not None:
        from ..charts import plotted
        from .chart import draw, legend

        chart = plotted(report)
        drawn = [line.replace("`", "'") for line in draw(chart, None)] if chart else []
        lines = ["```text", *drawn, "```", "", _escaped(legend(chart))] if chart else []
        blocks.append(_Block("chart line", lines, head=len(lines) - 1))
    return blocks


def _explained(report: Report, marks: Marks) -> list[_Block]:
    notes = [f"- {mark} {_sentence(text)}" for mark, text in marks]
    meanings = (column.means for table in report.tables for column in table.columns if column.means)
    lines = (
        ("assumption", [f"- {_sentence(line)}" for line in (*meanings, *report.assumptions, *report.details)]),
        ("note", notes),
    )
    return [_Block(what, found) for what, found in lines if found]


def _folded(blocks: list[_Block]) -> list[_Block]:
    """Blocks folded until a reader opens them."""
    return [
        _Block(x.what, [f"<details><summary>{x.what.capitalize()}s</summary>", "", *x.lines], 2, "\n\n</details>")
        for x in blocks
    ]


def _joined(blocks: list[_Block], limit: int | None) -> str:
    """Blocks as one text; lines beyond the limit are dropped from the end and counted."""
    text = "\n\n".join(block.text for block in blocks) + "\n"
    if limit is None or len(text) < limit:
        return text
    headline = blocks[0].text
    kept = [_Block("", [headline if len(headline) <= limit // 2 else f"{headline[: limit // 2]}…"])]
    left_out: list[str] = []
    room = limit - _ROOM_TO_SAY - len(kept[0].text)
    for block in blocks[1:]:
        fitting = None if left_out else block.cut(room)
        if fitting is not None:
            kept.append(fitting)
            room -= len(fitting.text) + 2
        missing = len(block.lines) - (len(fitting.lines) if fitting else block.head)
        if missing:
            left_out.append(some(missing, block.what))
    said = f"*Left out to stay below {limit:,} characters: {', '.join(left_out)}. `-f json` has everything.*"
    return "\n\n".join([*(block.text for block in kept), said]) + "\n"


def _table(table: Table, marks: Marks) -> _Block:
    head = "| " + " | ".join(_escaped(column.label) for column in table.columns) + " |"
    rule = "|" + "|".join(" ---: " if column.kind.numeric else " --- " for column in table.columns) + "|"
    above = [*([f"### {_escaped(table.heading)}", ""] if table.title else []), head, rule]
    return _Block("row", [*above, *(_row(row, table, marks) for row in table.rows)], head=len(above))


def _row(row: Row, table: Table, marks: Marks) -> str:
    name = naming(table.columns)
    cells = [_escaped(marks.cell(row, x, named=x is name)) for x in table.columns]
    if row.total:
        cells = [f"**{text}**" if text else "" for text in cells]
    return "| " + " | ".join(cells) + " |"


def _sentence(text: str) -> str:
    return _escaped(shortened(text))


def _escaped(text: str) -> str:
    """A text in which GitHub finds no mark-up, no mention of a person or an issue, and no address."""
    return _LINKED.sub(_APART, re.sub(r"([\\`*_<>|~\[\]#&])", r"\\\1", safe(text)))
