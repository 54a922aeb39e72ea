"""How much of a report people are shown: the answer alone, the answer and what it rests on, or everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from ..notes import Note, NoteKind
from .report import Cell, Depth, Report, Table, naming
from .words import named, some

MOST_NOTES = 3
MOST_CHANGES = 4
MOST_LINES = 23
"""A short answer has so many notes and changes, and fewer where it would have more lines: a terminal has 24."""

_ORDER = {kind: place for place, kind in enumerate(NoteKind)}


def at_depth(report: Report, depth: Depth, fewer: int = 0, changes: int = MOST_CHANGES) -> Report:
    """The report without what this depth leaves out, but for its notes.

    A short one has so many of the `changes`, and its tables are cut by so many `fewer` rows.
    """
    if depth is Depth.WHOLE:
        return report
    cut = replace(report, tables=tuple(_cut(x, fewer) for x in report.tables if x.short != 0), details=())
    if depth is Depth.ANSWER:
        return replace(cut, sentences=(), assumptions=())
    if report.brief is None:
        return cut
    told_changes = report.changes[:changes]
    return replace(cut, sentences=(*report.brief, *told_changes), changes=told_changes)


def _cut(table: Table, fewer: int) -> Table:
    columns = tuple(x for x in table.columns if not x.detail)
    rows = tuple(x for x in table.rows if not x.detail)
    if table.short is not None:
        most = max(table.short - fewer, min(table.short, table.least))
        plain = [x for x in rows if not x.total]
        kept = set(map(id, plain[-most:] if table.newest and most else plain[:most]))
        rows = tuple(x for x in rows if x.total or id(x) in kept)
    return replace(table, columns=columns, rows=rows)


def more_words(report: Report, shown: Report, notes: int, columns: int = 0) -> str:
    """What a report has beyond the short one that is shown with so many notes, without so many `columns`.

    `--details shows more: the other 22 models, 3 notes`, or nothing. A hidden table that tells more of what another
    one shows is `1 table`.
    """
    of = _things(report)
    seen = {of[id(row)] for table in shown.tables for row in table.rows if not row.total}
    seen_things = {things for things, _ in seen}
    hidden: set[tuple[str, Cell]] = set()
    again = 0
    for table in report.tables:
        rows = {of[id(row)] for row in table.rows if not row.total}
        if table.short == 0 and rows & seen:
            again += 1
        else:
            hidden |= rows - seen
    numbers = Counter(things for things, _ in hidden)
    beyond = {x.things for x in report.tables if x.heading != x.title}
    said = []
    for things in dict.fromkeys(table.things for table in report.tables if numbers[table.things]):
        number, thing = numbers[things], things.removesuffix("s")
        others = some(number, thing) if number > 1 else thing
        others_of = things in seen_things and things not in beyond
        said.append(f"the other {others}" if others_of else some(number, thing))
    said += [some(again, "table")] if again else []
    columns += sum(x.detail for table in report.tables if table.short != 0 for x in table.columns)
    said += [some(columns, "column")] if columns else []
    unsaid = len(report.changes) - len(shown.changes)
    said += [some(unsaid, report.change)] if unsaid else []
    left = len(set(told(report.all_notes()).values())) - notes
    said += [some(left, "note")] if left else []
    said += ["explanations"] if report.details else []
    return f"--details shows more: {', '.join(said)}" if said else ""


def _things(report: Report) -> dict[int, tuple[str, Cell]]:
    """What each row is, by its id: what its table counts, and its name.

    A name that stands in several tables is one thing; where names do not tell the rows of a table apart, each is one.
    """
    found: dict[int, tuple[str, Cell]] = {}
    for table in report.tables:
        key = naming(table.columns).key
        names = {id(row): row.values[key] for row in table.rows if not row.total}
        apart = len(set(names.values())) == len(names)
        found.update({row: (table.things, name if apart else row) for row, name in names.items()})
    return found


def told(notes: Iterable[Note]) -> dict[Note, Note]:
    """Each note and the one that it is told by: those that say the same of several models are one."""
    found: dict[Note, Note] = {}
    for note in notes:
        if found.setdefault(note, note).detail:
            found[note] = note
    same: dict[tuple[NoteKind, str], list[Note]] = {}
    for note in found.values():
        same.setdefault((note.kind, note.several or note.text), []).append(note)
    return {note: _merged(same[note.kind, note.several or note.text]) for note in found.values()}


def _merged(notes: list[Note]) -> Note:
    if len(notes) == 1:
        return notes[0]
    text = f"{named(x.about for x in notes)}{notes[0].several}"
    return replace(notes[0], text=text, detail=all(x.detail for x in notes))


def weightiest(notes: Iterable[Note], most: int) -> list[Note]:
    """The notes that a short answer tells, in their order: so many that are no details, by what they are about."""
    found = list(notes)
    kept = sorted((x for x in found if not x.detail), key=lambda x: (not x.pressing, _ORDER[x.kind]))[:most]
    return [x for x in found if x in kept]
