"""The numbers by which rows point at the notes under a table."""

from __future__ import annotations

from collections.abc import Sequence

from ..depth import told, weightiest
from ..display import cell
from ..report import Column, Report, Row


class Marks:
    """Numbers the notes of a report, those of the shown rows first; with `most` only so many, the weightiest."""

    def __init__(self, report: Report, most: int | None = None) -> None:
        by = told(report.all_notes())
        found = list(dict.fromkeys(by.values()))
        kept = found if most is None else weightiest(found, most)
        self.numbered = {note: number for number, note in enumerate(kept, start=1)}
        self._numbers = {note: self.numbered[x] for note, x in by.items() if x in self.numbered}

    def cells(self, row: Row, columns: Sequence[Column]) -> list[str]:
        """The texts of a row's cells with their marks: ` [1][2]`, the row's own in the first cell."""
        texts = []
        for index, column in enumerate(columns):
            notes = (*(row.notes if index == 0 else ()), *row.cell_notes.get(column.key, ()))
            numbers = sorted({self._numbers[note] for note in notes if note in self._numbers})
            marks = " " + "".join(f"[{number}]" for number in numbers) if numbers else ""
            texts.append(cell(row.values[column.key], column.kind) + marks)
        return texts
