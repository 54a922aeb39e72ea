"""The notes under a table, and the numbers by which its cells point at them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from ..depth import told, weightiest
from ..display import cell
from ..report import Column, Report, Row


class Marks:
    """Numbers the notes of a report that cells point at; with `most` it has only so many notes, the weightiest."""

    def __init__(self, report: Report, most: int | None = None) -> None:
        by = told(report.all_notes())
        found = list(dict.fromkeys(by.values()))
        kept = found if most is None else weightiest(found, most)
        pointed = {by[x] for table in report.tables for row in table.rows for x in row.shown_notes(table.columns)}
        numbers = count(1)
        self.kept = {
            note: next(numbers) if note in pointed else None for note in sorted(kept, key=lambda x: x not in pointed)
        }
        self._numbers = {note: number for note, x in by.items() if (number := self.kept.get(x))}

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield each note with what stands before it: `[1]`, or `Note:` where no cell points at it."""
        for note, number in self.kept.items():
            yield f"[{number}]" if number else "Note:", note.text

    def cell(self, row: Row, column: Column, *, named: bool) -> str:
        """The text of a cell with its marks: ` [1][2]`; where the row is `named` by it, the row's own too."""
        text = cell(row.values[column.key], column.kind)
        numbers = self.numbers(row, column, named=named)
        return f"{text} {''.join(f'[{number}]' for number in numbers)}" if numbers else text

    def numbers(self, row: Row, column: Column, *, named: bool) -> list[int]:
        """The numbers of the notes that a cell points at; where the row is `named` by it, those of the row too."""
        notes = (*(row.notes if named else ()), *row.cell_notes.get(column.key, ()))
        return sorted({self._numbers[note] for note in notes if note in self._numbers})
