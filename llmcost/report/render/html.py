"""A Report as one HTML page that needs nothing else: no network, no script to read it, no other file.

The answer comes first, then the charts, the tables, and what they rest on; at the end the page holds the run itself,
from which `llmcost report PAGE.html` makes every other format. All text goes through `_text`, and a content policy
allows only the style and the script of the page by their hashes. There are no `style` or `on...` attributes, because
that policy and those of CI servers refuse them.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from html import escape
from pkgutil import get_data

from ... import __version__
from ...document import RUN_IN_PAGE
from ...lazy import pattern
from ..charts import charts_of
from ..display import cell, plain, raw
from ..report import Cell, Column, Report, Row, Table, naming
from ..safe import safe, shortened
from ..tones import Tone, of_cell, of_line, tone_of
from . import json, svg
from .marks import Marks

_TITLE = 70
_MOST_ROWS = 5_000
"""Characters of a page's title, and rows of a table."""

_LINK = pattern(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(/[^\s\"'<>\\^`{|}]*)?", re.IGNORECASE)
_LEADS = pattern(r"[<>~≥≤+]?(-?)\$?(\d[\d,]*(?:\.\d+)?)(?=$|[ %±*?]|\.\.)")
"""The number that a text begins with, as in `87.6 ±3.9 high`."""
_KEPT = pattern(r"[^\s<>&;]+-[^\s<>&;]+")
"""A name or a day, which is not broken at its hyphens where it is short."""
_IN_TABLES, _IN_LINES, _IN_HEADLINES = 40, 30, 26
"""Characters of a name that is short there."""


def render(report: Report) -> str:
    """The report as a page, under its headline."""
    return page([report])


def page(reports: Sequence[Report], title: str = "") -> str:
    """Reports as one page under a title; a single one without a title is the page. Several have a list of contents."""
    several = len(reports) > 1
    title = title or (f"{len(reports)} reports" if several else reports[0].headline)
    alone = not several and title == reports[0].headline
    body = "" if alone else f"<header><h1>{_text(title)}</h1>{_contents(reports) if several else ''}</header>\n"
    body += "".join(_Section(x, number, 1 if alone else 2).html() for number, x in enumerate(reports, 1))
    runs = [json.render(x).strip() for x in reports]
    run = (f"[{','.join(runs)}]" if several else runs[0]).replace("<", r"\u003c")
    style, script = svg.CSS + _part("page.css"), _part("page.js")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    name = safe(title)
    name = name if len(name) <= _TITLE else f"{name[: _TITLE - 1]}…"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="llmcost {__version__}">
<title>{_text(name)}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}</main>
<footer><p>Made by llmcost {__version__}. The page holds its run with every digit:
<code>llmcost report PAGE.html -f csv</code> writes its rows for a spreadsheet, <code>-f json</code> all of it.</p>
</footer>
{RUN_IN_PAGE}{run}</script>
<script>{script}</script>
</body>
</html>
"""


def _part(name: str) -> str:
    """A file of the package, which is text of ours."""
    return (get_data("llmcost", f"data/{name}") or b"").decode()


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _contents(reports: Sequence[Report]) -> str:
    items = (f'<li><a href="#r{n}">{_text(x.headline)}</a></li>' for n, x in enumerate(reports, 1))
    return f'\n<nav aria-label="Contents"><ol>{"".join(items)}</ol></nav>\n'


class _Section:
    """One report on a page: its ids begin with `r` and its number; its headline is a heading of this level."""

    def __init__(self, report: Report, number: int, level: int) -> None:
        self.report, self.name, self.level = report, f"r{number}", level
        self.marks = Marks(report)
        self.tables = [x for x in report.tables if x.rows]

    def html(self) -> str:
        """The section, the short answer first."""
        report, level = self.report, self.level
        verdict, headline = _verdict(report)
        parts = [f"<h{level}>{verdict}{_words(headline, _IN_HEADLINES)}</h{level}>"]
        parts += [_list("judged", report.judged), _list("said", report.sentences)]
        parts += self._figures()
        parts += [self._table(x, n) for n, x in enumerate(sorted(self.tables, key=lambda x: x.short == 0), 1)]
        parts += ["<p>No rows.</p>"] if report.tables and not self.tables else []
        means = (column.means for table in self.tables for column in table.columns if column.means)
        parts += self._listed("What this assumes", report.assumptions)
        parts += self._listed("How to read it", (*means, *report.details))
        parts += self._notes()
        inner = "\n".join(x for x in parts if x)
        return f'<section id="{self.name}">\n{inner}\n</section>\n'

    def _heading(self, text: str) -> str:
        return f"<h{self.level + 1}>{_text(text)}</h{self.level + 1}>"

    def _figures(self) -> Iterator[str]:
        for n, chart in enumerate(charts_of(self.report), 1):
            drawn = svg.svg(chart, f"{self.name}c{n}").replace("##", "#&#35;")
            words = "".join(f"<p>{_text(line)}</p>" for line in chart.words)
            caption = f"<figcaption>{words}</figcaption>" if words else ""
            label = _text(
                f"Chart {n} of {self.name[1:]}: {chart.title}" if self.level > 1 else f"Chart {n}: {chart.title}"
            )
            yield (
                f"<figure>\n{self._heading(chart.title)}\n"
                f'<div class="chart" role="group" aria-label="{label}" tabindex="0">{drawn}</div>\n{caption}</figure>'
            )

    def _table(self, table: Table, number: int) -> str:
        """A table that can be sorted, its totals below."""
        shown = [x for x in table.rows if not x.total]
        cut = len(shown) - _MOST_ROWS
        numbers = frozenset(x.key for x in table.columns if x.kind.numeric or _led(shown, x))
        body = "".join(self._row(x, table.columns, numbers) for x in shown[:_MOST_ROWS])
        totals = "".join(self._row(x, table.columns, numbers) for x in table.rows if x.total)
        foot = f"<tfoot>{totals}</tfoot>\n" if totals else ""
        head = "".join(_head(x, by_number=x.key in numbers) for x in table.columns)
        caption = _text(table.heading or ("Figures" if table.things == "rows" else table.things.capitalize()))
        more = f"<p>The first {_MOST_ROWS:,} rows; {cut:,} more are in the data.</p>" if cut > 0 else ""
        return (
            f'<div class="scroll" role="group" aria-labelledby="{self.name}t{number}" tabindex="0">\n'
            f'<table class="sort">\n<caption id="{self.name}t{number}">{caption}</caption>\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody>\n{foot}</table>\n</div>{more}"
        )

    def _row(self, row: Row, columns: Sequence[Column], numbers: frozenset[str]) -> str:
        name = naming(columns)
        cells = "".join(self._cell(row, x, is_name=x is name, is_number=x.key in numbers) for x in columns)
        return f"<tr{_class('best' if row.best else None)}>{cells}</tr>\n"

    def _cell(self, row: Row, column: Column, *, is_name: bool, is_number: bool) -> str:
        value = row.values[column.key]
        shown = _linked(value) or _words(cell(value, column.kind).strip(), _IN_TABLES)
        numbers = self.marks.numbers(row, column, named=is_name)
        marks = "".join(f'<a href="#{self.name}n{x}" aria-label="note {x}">{x}</a> ' for x in numbers).strip()
        tone = None if is_name and not row.best else of_cell(row, column)
        named = _class(" ".join(x for x in ("n" if column.kind.numeric else "k" if is_number else "", tone) if x))
        exact = _exact(value, is_number=is_number, marked=bool(numbers))
        data = "" if exact is None else f' data-v="{_text(exact)}"'
        tag, scope = ("th", ' scope="row"') if is_name and not row.total else ("td", "")
        raised = f"<sup>{marks}</sup>" if marks else ""
        return f"<{tag}{scope}{named}{data}>{shown}{raised}</{tag}>"

    def _listed(self, heading: str, lines: Iterable[str]) -> list[str]:
        found = _list("", tuple(lines))
        return [self._heading(heading), found] if found else []

    def _notes(self) -> list[str]:
        """The notes that cells point at by their numbers, then the others."""
        numbered, others = [], []
        for note, number in self.marks.kept.items():
            text = _words(note.text, _IN_LINES)
            if number:
                numbered.append(f'<li id="{self.name}n{number}">{text}</li>')
            else:
                others.append(f"<li>{text}</li>")
        lists = [f"<ol>{''.join(numbered)}</ol>"] if numbered else []
        lists += [f"<ul>{''.join(others)}</ul>"] if others else []
        return [self._heading("Notes"), *lists] if lists else []


def _verdict(report: Report) -> tuple[str, str]:
    """The verdict of a report as a badge, and the headline without it."""
    headline, badges = report.headline, ""
    for judged in (report.data, report.data.get("validation"), report.data.get("gate")):
        word = judged.get("verdict") if isinstance(judged, Mapping) else None
        if isinstance(word, str):
            word = word.replace("_", " ")
            headline = headline.removeprefix(f"{word}: ")
            badges += f'<span class="badge {tone_of(word) or Tone.WARNING}">{_text(word)}</span> '
    return badges, headline


def _list(name: str, lines: Sequence[str]) -> str:
    """Lines as a list, the verdict that one begins with in its color."""
    items = "".join(f"<li>{_line(x)}</li>" for x in lines)
    return f"<ul{_class(name)}>{items}</ul>" if items else ""


def _line(text: str) -> str:
    tone = of_line(text)
    word = text.partition(" ")[0].rstrip(":") if tone else ""
    said = _words(text[len(word) :], _IN_LINES)
    return f'<strong class="{tone}">{_text(word)}</strong>{said}' if word else said


def _class(name: str | None) -> str:
    return f' class="{name}"' if name else ""


def _head(column: Column, *, by_number: bool) -> str:
    label = column.label or column.key.replace("_", " ").capitalize()
    named = " ".join(x for x in ("n" if column.kind.numeric else "", "by-number" if by_number else "") if x)
    return f'<th scope="col"{_class(named)}>{_text(label)}</th>'


def _led(rows: Sequence[Row], column: Column) -> bool:
    """Whether every text of a column begins with a number, by which it is sorted."""
    texts = [x for row in rows if (x := row.values[column.key]) not in (None, "")]
    return bool(texts) and all(isinstance(x, str) and _LEADS.match(x.strip()) for x in texts)


def _exact(value: Cell, *, is_number: bool, marked: bool) -> str | None:
    """What a cell is sorted by, where that is not its text: every digit, or nothing where it is unknown."""
    if value is None or value == "":
        return ""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return plain(value)
    text = safe(raw(value)).strip()
    if is_number:
        led = _LEADS.match(text)
        return led[1] + led[2].replace(",", "") if led else ""
    return text if marked else None


def _linked(value: Cell) -> str:
    """A link, of a text that is the address of a page and nothing else."""
    if not isinstance(value, str) or not _LINK.fullmatch(value):
        return ""
    return f'<a href="{_text(value)}" rel="noreferrer noopener">{_text(value)}</a>'


def _words(text: str, short: int) -> str:
    """A text whose short names stay on one line."""
    return _KEPT.sub(lambda x: f'<span class="k">{x[0]}</span>' if len(x[0]) <= short else x[0], _text(shortened(text)))


def _text(text: str) -> str:
    """A text in which nothing is mark-up, nothing is hidden, and no line is a command to a CI runner."""
    return escape(safe(text)).replace("##", "#&#35;")
